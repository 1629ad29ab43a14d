//! What undoes an operation.

use super::Operation;

/// Why an operation has no reverse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Irreversible(pub String);

impl Operation {
    /// The operations that undo this one.
    ///
    /// # Errors
    /// It does not say what was there before, or nothing can bring it back.
    pub fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        match self {
            Operation::Sql(_) => Err(Irreversible("SQL has no reverse of its own".to_owned())),
            _ => todo!("every operation"),
        }
    }
}
