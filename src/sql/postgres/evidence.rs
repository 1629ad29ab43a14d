//! What PostgreSQL's catalogue shows of a statement's effect.

use crate::sql::evidence::Counts;
use crate::text::{Dialect, ObjectKind, ObjectName, quote_ident, quote_literal};

pub(super) struct Catalogue;

/// The name as `to_regclass` takes it: a literal that holds quoted identifiers.
fn regclass(name: &ObjectName) -> String {
    let mut text = String::new();
    if let Some(schema) = &name.schema {
        text = format!("{}.", quote_ident(Dialect::Postgres, schema));
    }
    text.push_str(&quote_ident(Dialect::Postgres, &name.name));
    format!("pg_catalog.to_regclass({})", quote_literal(Dialect::Postgres, &text))
}

impl Counts for Catalogue {
    fn objects(
        &self,
        kind: ObjectKind,
        name: &ObjectName,
        table: Option<&ObjectName>,
        whole: bool,
    ) -> Option<String> {
        let class = "(SELECT count(*) FROM pg_catalog.pg_class c";
        Some(match kind {
            ObjectKind::Table => {
                format!(
                    "{class} WHERE c.oid = {} AND c.relkind IN ('r', 'p', 'f'))",
                    regclass(name)
                )
            }
            ObjectKind::View => {
                format!("{class} WHERE c.oid = {} AND c.relkind IN ('v', 'm'))", regclass(name))
            }
            ObjectKind::Index => {
                // An index stands in its table's schema, whatever the search path says.
                let found = match table {
                    Some(table) if name.schema.is_none() => format!(
                        "i.indrelid = {} AND c.relname = {}",
                        regclass(table),
                        quote_literal(Dialect::Postgres, &name.name)
                    ),
                    _ => format!("c.oid = {}", regclass(name)),
                };
                let valid = if whole { " AND i.indisvalid" } else { "" };
                format!(
                    "{class} JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid WHERE {found}{valid})"
                )
            }
        })
    }

    fn columns(&self, table: &ObjectName, column: &str) -> Option<String> {
        Some(format!(
            "(SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = {} AND attname = {} \
             AND attnum > 0 AND NOT attisdropped)",
            regclass(table),
            quote_literal(Dialect::Postgres, column)
        ))
    }
}
