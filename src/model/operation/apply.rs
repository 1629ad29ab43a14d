//! What an operation makes of a schema.

use super::Operation;
use crate::model::Schema;
use crate::text::Dialect;

/// Why an operation does not fit the schema that it meets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Misfit {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The part of the operation that does not fit, such as `drop_column.column`.
    pub path: String,
}

impl Operation {
    /// Changes a schema as the operation changes a database. What the schema does not know stays unknown.
    ///
    /// # Errors
    /// What it changes is known not to be there, or what it makes is known to be there.
    pub fn apply(&self, _schema: &mut Schema, _dialect: Dialect) -> Result<(), Misfit> {
        todo!("every operation")
    }
}
