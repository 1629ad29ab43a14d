//! What a dialect cannot honour, by tables of options: nothing that an operation says is dropped in silence.

use serde_json::Value;

use super::lowering::Unsupported;
use crate::model::Operation;
use crate::model::operation::BulkInsert;
use crate::text::Dialect;

/// Options and why a dialect has no words for them. An option is a path in the file's form, in which `*`
/// stands for one part (a place in a list, a name in a map). It counts when something is set there;
/// `path=value` counts when just that is set, which may be `false` or `null`. A way back (`was`) is not
/// looked at: what it becomes is.
pub(super) type Refused = (&'static [&'static str], &'static str);

/// What PostgreSQL alone has, whole operations and kinds of constraints.
pub(super) const POSTGRES_ONLY: &[&str] = &[
    "create_exclude",
    "validate_constraint",
    "create_enum",
    "drop_enum",
    "add_enum_value",
    "rename_enum_value",
    "drop_enum_value",
    "rename_type",
    "create_domain",
    "alter_domain",
    "drop_domain",
    "create_materialized_view",
    "drop_materialized_view",
    "refresh_materialized_view",
    "create_extension",
    "drop_extension",
    "create_policy",
    "alter_policy",
    "drop_policy",
    "row_security",
    "create_table.constraints.*.exclude",
    "drop_constraint.kind=exclude",
    "rename_constraint.kind=exclude",
];

/// The first of an operation's options that stands in the table.
pub(super) fn refused(
    operation: &Operation,
    dialect: Dialect,
    table: &[Refused],
) -> Option<Unsupported> {
    let mut found = None;
    walk(operation, &mut |path, value| {
        let reason = table
            .iter()
            .find(|(options, _)| options.iter().any(|option| stands_for(option, path, value)));
        match reason {
            Some((_, reason)) if found.is_none() => {
                found = Some(refusal(dialect, &path.join("."), reason));
            }
            _ => {}
        }
    });
    found
}

/// The refusal of an option.
pub(super) fn refusal(dialect: Dialect, path: &str, reason: &str) -> Unsupported {
    Unsupported {
        path: path.to_owned(),
        message: format!("`{path}` is not supported on {dialect}: {reason}"),
        hint: None,
        unknown: None,
    }
}

/// What is wrong with a part of an operation that the dialect does have words for.
pub(super) fn mismatch(dialect: Dialect, path: &str, reason: &str) -> Unsupported {
    let message = format!("`{path}` on {dialect}: {reason}");
    Unsupported { path: path.to_owned(), message, hint: None, unknown: None }
}

/// Calls with each part of an operation and its path, from the outside in. Nulls, `false` and what is empty
/// come, too; a way back (`was`) and rows, which are no options, do not.
pub(super) fn walk(operation: &Operation, visit: &mut dyn FnMut(&[&str], &Value)) {
    fn below<'a>(
        value: &'a Value,
        path: &mut Vec<&'a str>,
        places: &'a [String],
        visit: &mut dyn FnMut(&[&str], &Value),
    ) {
        if !path.is_empty() {
            visit(path, value);
        }
        let whole = path.len() == 1;
        let mut inner = |part: &'a str, value: &'a Value| {
            path.push(part);
            below(value, path, places, visit);
            path.pop();
        };
        match value {
            Value::Object(map) => map
                .iter()
                .filter(|(part, _)| !(whole && *part == "was"))
                .for_each(|(part, value)| inner(part, value)),
            Value::Array(list) => {
                list.iter().zip(places).for_each(|(value, place)| inner(place, value));
            }
            _ => {}
        }
    }
    let rowless = |rows: &BulkInsert| BulkInsert {
        schema: rows.schema.clone(),
        table: rows.table.clone(),
        columns: rows.columns.clone(),
        rows: Vec::new(),
        batch: rows.batch,
        key: rows.key.clone(),
    };
    let value = match operation {
        Operation::BulkInsert(rows) => serde_json::to_value(Operation::BulkInsert(rowless(rows))),
        Operation::BulkDelete(rows) => serde_json::to_value(Operation::BulkDelete(rowless(rows))),
        operation => serde_json::to_value(operation),
    };
    // An operation has no keys but texts: there is nothing in it that JSON cannot hold.
    let value = value.unwrap_or_default();
    let places: Vec<String> = (0..longest_list(&value)).map(|place| place.to_string()).collect();
    below(&value, &mut Vec::new(), &places, visit);
}

fn longest_list(value: &Value) -> usize {
    match value {
        Value::Array(list) => list.iter().map(longest_list).max().unwrap_or(0).max(list.len()),
        Value::Object(map) => map.values().map(longest_list).max().unwrap_or(0),
        _ => 0,
    }
}

/// Whether an option of a table stands for this part.
fn stands_for(option: &str, path: &[&str], value: &Value) -> bool {
    let (option, wanted) = match option.split_once('=') {
        Some((option, wanted)) => (option, Some(wanted)),
        None => (option, None),
    };
    // Most options are of other operations: their first part tells.
    let mut parts = option.split('.');
    let mut is_part = |part: &&str| parts.next().is_some_and(|own| own == "*" || own == *part);
    let fits = path.iter().all(&mut is_part) && parts.next().is_none();
    fits && match (wanted, value) {
        (Some(wanted), Value::String(text)) => text == wanted,
        (Some(wanted), Value::Bool(value)) => wanted == if *value { "true" } else { "false" },
        (Some(wanted), Value::Null) => wanted == "null",
        (Some(_), _) => false,
        (None, Value::Null | Value::Bool(false)) => false,
        (None, Value::Array(list)) => !list.is_empty(),
        (None, Value::Object(map)) => !map.is_empty(),
        (None, _) => true,
    }
}

/// The first text of an operation that names dialects and not this one.
pub(super) fn unsaid(operation: &Operation, dialect: Dialect) -> Option<Unsupported> {
    let mut found = None;
    walk(operation, &mut |path, value| {
        let Value::Object(map) = value else { return };
        let names = |key: &String| key.parse::<Dialect>().is_ok();
        let says = |dialect: Dialect| map.contains_key(dialect.name());
        let by_dialect = !map.is_empty() && map.keys().all(names) && !is_by_name(path);
        if by_dialect && !says(dialect) && !dialect.fallback().is_some_and(says) && found.is_none()
        {
            found = Some(super::clauses::unsaid(dialect, &path.join(".")));
        }
    });
    found
}

/// Whether the keys of a map are names of columns, variables or parameters.
fn is_by_name(path: &[&str]) -> bool {
    let (Some(kind), Some(last)) = (path.first(), path.last()) else { return false };
    match *kind {
        "bulk_insert" | "bulk_delete" => *last == "columns",
        "backfill" => matches!(path, [_, "set" | "down"]),
        "program" => *last == "environment",
        _ => *last == "with",
    }
}
