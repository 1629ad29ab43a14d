//! What MySQL's catalogue shows of a statement's effect.

use crate::sql::evidence::Counts;
use crate::text::{Dialect, ObjectKind, ObjectName, quote_literal};

pub(super) struct Catalogue;

fn in_schema(name: &ObjectName) -> String {
    let schema = name
        .schema
        .as_ref()
        .map_or_else(|| "DATABASE()".to_owned(), |schema| quote_literal(Dialect::Mysql, schema));
    format!(
        "table_schema = {schema} AND table_name = {}",
        quote_literal(Dialect::Mysql, &name.name)
    )
}

impl Counts for Catalogue {
    fn objects(
        &self,
        kind: ObjectKind,
        name: &ObjectName,
        table: Option<&ObjectName>,
        _whole: bool,
    ) -> Option<String> {
        let tables = "(SELECT count(*) FROM information_schema.tables WHERE";
        Some(match kind {
            ObjectKind::Table => format!("{tables} {} AND table_type <> 'VIEW')", in_schema(name)),
            ObjectKind::View => format!("{tables} {} AND table_type = 'VIEW')", in_schema(name)),
            ObjectKind::Index => format!(
                "(SELECT count(*) FROM information_schema.statistics WHERE {} AND index_name = {})",
                in_schema(table?),
                quote_literal(Dialect::Mysql, &name.name)
            ),
        })
    }

    fn columns(&self, table: &ObjectName, column: &str) -> Option<String> {
        Some(format!(
            "(SELECT count(*) FROM information_schema.columns WHERE {} AND column_name = {})",
            in_schema(table),
            quote_literal(Dialect::Mysql, column)
        ))
    }
}
