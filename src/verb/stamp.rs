//! The verb `stamp`.
