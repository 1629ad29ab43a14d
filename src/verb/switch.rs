//! The verb `switch`.
