//! What a dialect refuses of an operation.

use crate::model::Name;

/// What a dialect cannot honour, or what does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// The part of the operation, such as `create_index.concurrently`.
    pub path: String,
    /// What is wrong, naming the operation and the dialect.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// The table whose definition it takes, and which the schema does not know.
    pub unknown: Option<Name>,
}
