//! Refusals, and the parts of an operation by their path.

use serde_json::Value;

use super::lowering::Unsupported;
use crate::model::Operation;
use crate::model::operation::{BulkDelete, BulkInsert};
use crate::text::Dialect;

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
        Operation::BulkDelete(rows) => {
            serde_json::to_value(Operation::BulkDelete(BulkDelete(rowless(rows))))
        }
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

/// The first text of an operation that names dialects and not this one.
pub(super) fn missing_text(operation: &Operation, dialect: Dialect) -> Option<Unsupported> {
    let mut found = None;
    walk(operation, &mut |path, value| {
        let Value::Object(map) = value else { return };
        let names = |key: &String| key.parse::<Dialect>().is_ok();
        let says = |dialect: Dialect| map.contains_key(dialect.name());
        let by_dialect = !map.is_empty() && map.keys().all(names) && !is_by_name(path);
        if by_dialect && !says(dialect) && !dialect.fallback().is_some_and(says) && found.is_none()
        {
            found = Some(super::clauses::missing_text(dialect, &path.join(".")));
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
