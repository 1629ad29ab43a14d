//! The verb `current`.
