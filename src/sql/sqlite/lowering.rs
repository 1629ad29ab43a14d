//! Operations into SQLite's statements.

use crate::model::{Entry, Operation, Schema};
use crate::sql::lowering::{Lowered, Lowering, Refusal};
use crate::sql::types::Types;

/// SQLite's statements.
pub(super) struct Sqlite;

impl Lowering for Sqlite {
    fn types(&self) -> &'static dyn Types {
        &super::types::Own
    }

    fn refuse(&self, _operation: &Operation) -> Option<Refusal> {
        todo!()
    }

    fn needs_schema(&self, _operation: &Operation) -> bool {
        todo!()
    }

    fn lower(
        &self,
        _entries: &[Entry],
        _schema: &Schema,
    ) -> Result<(Vec<Lowered>, usize), Refusal> {
        todo!()
    }
}
