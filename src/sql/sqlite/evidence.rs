//! What SQLite's catalogue shows of a statement's effect.

use crate::sql::evidence::Counts;
use crate::text::{Dialect, ObjectKind, ObjectName, quote_ident, quote_literal};

pub(super) struct Catalogue;

impl Counts for Catalogue {
    fn objects(
        &self,
        kind: ObjectKind,
        name: &ObjectName,
        _table: Option<&ObjectName>,
        _whole: bool,
    ) -> Option<String> {
        let kind = match kind {
            ObjectKind::Table => "table",
            ObjectKind::Index => "index",
            ObjectKind::View => "view",
        };
        Some(format!(
            "(SELECT count(*) FROM {}.sqlite_master WHERE type = '{kind}' AND name = {} COLLATE NOCASE)",
            quote_ident(Dialect::Sqlite, name.schema.as_deref().unwrap_or("main")),
            quote_literal(Dialect::Sqlite, &name.name)
        ))
    }

    fn columns(&self, table: &ObjectName, column: &str) -> Option<String> {
        Some(format!(
            "(SELECT count(*) FROM pragma_table_xinfo({}, {}) WHERE name = {} COLLATE NOCASE)",
            quote_literal(Dialect::Sqlite, &table.name),
            quote_literal(Dialect::Sqlite, table.schema.as_deref().unwrap_or("main")),
            quote_literal(Dialect::Sqlite, column)
        ))
    }
}
