//! What PostgreSQL cannot honour.

use serde_json::Value;

use super::words::{PG, refusal};
use crate::model::Operation;
use crate::sql::lowering::Unsupported;
use crate::sql::refused::{Refused, refused, walk};
use crate::sql::unnamed::unnamed;

const OPTIONS: &[Refused] = &[
    (
        &[
            "create_table.columns.*.charset",
            "add_column.column.charset",
            "alter_column.charset",
            "create_table.options.charset",
            "create_schema.charset",
        ],
        "the character set is a property of the database",
    ),
    (
        &["create_table.options.collation", "create_schema.collation"],
        "a collation is a property of a column",
    ),
    (
        &[
            "create_table.columns.*.on_update",
            "add_column.column.on_update",
            "alter_column.on_update",
        ],
        "use a trigger",
    ),
    (
        &[
            "create_table.columns.*.autoincrement",
            "add_column.column.autoincrement",
            "alter_column.autoincrement",
        ],
        "use `identity`",
    ),
    (
        &["create_table.columns.*.invisible", "add_column.column.invisible"],
        "PostgreSQL has no invisible columns",
    ),
    (
        &["create_table.columns.*.check", "add_column.column.check"],
        "use a named check of the table",
    ),
    (
        &["add_column.after", "add_column.first", "alter_column.after", "alter_column.first"],
        "columns cannot be reordered",
    ),
    (
        &[
            "create_table.indexes.*.columns.*.length",
            "create_index.columns.*.length",
            "create_materialized_view.indexes.*.columns.*.length",
        ],
        "PostgreSQL has no prefix indexes; use an expression such as left(name, 10)",
    ),
    (
        &[
            "create_table.indexes.*.kind",
            "create_index.kind",
            "create_materialized_view.indexes.*.kind",
        ],
        "use `method: gin` or `method: gist`",
    ),
    (
        &[
            "create_table.indexes.*.parser",
            "create_index.parser",
            "create_materialized_view.indexes.*.parser",
        ],
        "use an expression with to_tsvector",
    ),
    (
        &[
            "create_table.indexes.*.invisible",
            "create_index.invisible",
            "create_materialized_view.indexes.*.invisible",
        ],
        "PostgreSQL has no invisible indexes",
    ),
    (
        &["create_index.algorithm", "create_index.lock", "drop_index.algorithm", "drop_index.lock"],
        "use `concurrently`",
    ),
    (
        &[
            "create_table.constraints.*.foreign_key.match=partial",
            "create_foreign_key.match=partial",
        ],
        "PostgreSQL does not implement it",
    ),
    (
        &[
            "create_table.constraints.*.check.enforced=false",
            "create_check.enforced=false",
            "create_domain.checks.*.enforced=false",
            "alter_domain.add_check.enforced=false",
        ],
        "checks are always enforced; `not_valid` leaves existing rows unchecked",
    ),
    (
        &[
            "create_table.options.engine",
            "create_table.options.auto_increment",
            "create_table.options.row_format",
            "create_table.options.strict",
            "create_table.options.without_rowid",
        ],
        "PostgreSQL has no equivalent",
    ),
    (
        &[
            "create_view.if_not_exists",
            "create_function.if_not_exists",
            "create_procedure.if_not_exists",
            "create_trigger.if_not_exists",
        ],
        "PostgreSQL has no such syntax; use `or_replace` to replace an existing one",
    ),
    (
        &["create_view.algorithm", "create_trigger.follows", "create_trigger.precedes"],
        "PostgreSQL has no equivalent",
    ),
    (&["create_view.sql_security"], "use `with: {security_invoker: true}`"),
    (
        &[
            "create_view.definer",
            "create_function.definer",
            "create_procedure.definer",
            "create_trigger.definer",
        ],
        "its owner is the role that creates it",
    ),
    (&["create_trigger.body"], "a trigger calls a function: use `execute`"),
];

/// The longest name in bytes; the server cuts what is behind it without a word.
const LONGEST: usize = 63;

/// The first thing that the server could not honour, whatever it holds.
pub(super) fn refuse(operation: &Operation) -> Option<Unsupported> {
    refused(operation, PG, OPTIONS)
        .or_else(|| unnamed(operation, PG))
        .or_else(|| bad_name(operation))
}

/// A name that the server would cut, or that is none.
fn bad_name(operation: &Operation) -> Option<Unsupported> {
    let mut found = None;
    walk(operation, &mut |path, value| {
        let Value::String(name) = value else { return };
        if found.is_some() || !is_name(path) {
            return;
        }
        let reason = match name {
            // A value of an enum may be empty.
            name if name.is_empty() && !is_value(path) => {
                "a name has at least one character".to_owned()
            }
            name if name.contains('\0') => "a name cannot contain NUL".to_owned(),
            name if name.len() > LONGEST => {
                format!(
                    "it has {} bytes, and the server truncates names after {LONGEST}",
                    name.len()
                )
            }
            _ => return,
        };
        found = Some(refusal(&path.join("."), &reason));
    });
    found
}

/// Whether a text is a value of an enum.
fn is_value(path: &[&str]) -> bool {
    matches!(
        path,
        ["create_enum", "values", _]
            | ["add_enum_value", "value"]
            | ["rename_enum_value", "value" | "to"]
    )
}

/// Whether a text in an operation is one name and nothing else.
fn is_name(path: &[&str]) -> bool {
    let (Some(kind), Some(last)) = (path.first(), path.last()) else { return false };
    let parent = path.len().checked_sub(2).and_then(|at| path.get(at)).copied().unwrap_or("");
    match *kind {
        "bulk_insert" | "bulk_delete" | "backfill" => {
            path.len() == 2 && matches!(*last, "schema" | "table")
        }
        "program" | "sql" | "by_dialect" => false,
        // A routine comes with the types of its arguments.
        "grant" | "revoke" | "comment" if *last == "name" => false,
        "create_enum" if parent == "values" => true,
        "add_enum_value" | "rename_enum_value" => {
            matches!(*last, "schema" | "name" | "value" | "to")
        }
        _ => {
            matches!(*last, "name" | "schema" | "table" | "column" | "rename" | "to")
                || matches!(parent, "include" | "update_of" | "roles")
                || (parent == "columns" && last.bytes().all(|byte| byte.is_ascii_digit()))
        }
    }
}
