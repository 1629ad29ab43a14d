//! Constraints and indexes without a name, where the server would invent one.

use serde_json::Value;

use super::lowering::Unsupported;
use super::refused::walk;
use crate::model::Operation;
use crate::text::Dialect;

/// The first constraint (but a primary key) or index that the operation makes without a name.
pub(super) fn unnamed(operation: &Operation, dialect: Dialect) -> Option<Unsupported> {
    let mut found = None;
    let table = table(operation);
    walk(operation, &mut |path, value| {
        let Value::Object(map) = value else { return };
        let Some((word, prefix)) = kind(path) else { return };
        if found.is_some() || map.contains_key("name") {
            return;
        }
        let columns = match map.get("columns") {
            Some(Value::Array(columns)) => {
                columns.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("_")
            }
            _ => String::new(),
        };
        let parts = [prefix, table.as_str(), columns.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        found = Some(Unsupported {
            path: path.join("."),
            message: format!(
                "`{}` on {dialect}: {word} without a name, which the server would generate",
                path.join(".")
            ),
            hint: Some(format!("name it, for example `name: {}`", parts.join("_"))),
            unknown: None,
        });
    });
    found
}

/// What stands at a path that needs a name, and how such names begin.
fn kind(path: &[&str]) -> Option<(&'static str, &'static str)> {
    Some(match path {
        ["create_index"] | ["create_table" | "create_materialized_view", "indexes", _] => {
            ("an index", "ix")
        }
        ["create_unique"] | ["create_table", "constraints", _, "unique"] => {
            ("a unique constraint", "uq")
        }
        ["create_foreign_key"]
        | ["create_table", "constraints", _, "foreign_key"]
        | ["create_table", "columns", _, "references"]
        | ["add_column", "column", "references"] => ("a foreign key", "fk"),
        ["create_check"]
        | ["create_table", "constraints", _, "check"]
        | ["create_domain", "checks", _]
        | ["alter_domain", "add_check"] => ("a check", "ck"),
        ["create_exclude"] | ["create_table", "constraints", _, "exclude"] => {
            ("an exclusion", "ex")
        }
        _ => return None,
    })
}

/// The table (or view, or domain) that the operation is about.
fn table(operation: &Operation) -> String {
    let mut found = String::new();
    walk(operation, &mut |path, value| {
        if let ([kind, part], Value::String(name)) = (path, value)
            && (*part == "table"
                || (*part == "name"
                    && matches!(
                        *kind,
                        "create_table"
                            | "create_materialized_view"
                            | "create_domain"
                            | "alter_domain"
                    )))
        {
            found.clone_from(name);
        }
    });
    found
}
