//! The verb `verify`.
