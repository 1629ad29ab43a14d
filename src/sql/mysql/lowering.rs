//! Operations into the statements of MySQL and MariaDB.

use super::types;
use crate::model::{Entry, Operation, Schema};
use crate::sql::lowering::{Lowered, Lowering, Refusal};
use crate::sql::types::Types;
use crate::text::Dialect;

/// The statements of one of the two.
pub(super) struct Flavour {
    dialect: Dialect,
    types: &'static types::Own,
}

/// MySQL's.
pub(super) static MYSQL: Flavour = Flavour { dialect: Dialect::Mysql, types: &types::MYSQL };
/// MariaDB's.
pub(super) static MARIADB: Flavour = Flavour { dialect: Dialect::Mariadb, types: &types::MARIADB };

impl Lowering for Flavour {
    fn types(&self) -> &'static dyn Types {
        self.types
    }

    fn refuse(&self, _operation: &Operation) -> Option<Refusal> {
        todo!("{}", self.dialect)
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
