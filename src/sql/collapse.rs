//! What is said by dialect, said for all where it means the same.

use serde_json::{Map, Value};

use super::{Portable, type_name};
use crate::model::Operation;
use crate::text::Dialect;

/// The keys of texts that may be said by dialect.
const TEXTS: [&str; 12] = [
    "type",
    "sql",
    "query",
    "body",
    "where",
    "when",
    "arguments",
    "returns",
    "collation",
    "using",
    "partition_by",
    "on_update",
];

/// The operations with each text that is given for this dialect alone as the text itself, where that
/// means the very same on the dialect. A type stays as it is if its words name a portable type that
/// the dialect has other words for.
pub fn collapse_dialects(operations: &[Operation], dialect: Dialect) -> Vec<Operation> {
    let collapse = |operation: &Operation| {
        let mut value = serde_json::to_value(operation).ok()?;
        walk(&mut value, dialect);
        serde_json::from_value(value).ok()
    };
    // What cannot be said plainly is said as before.
    operations.iter().map(|own| collapse(own).unwrap_or_else(|| own.clone())).collect()
}

fn walk(value: &mut Value, dialect: Dialect) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, dialect)),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                // The columns of rows may be called anything.
                if key == "rows" {
                    continue;
                }
                match plain_text(key, value, dialect) {
                    Some(text) => *value = Value::String(text),
                    None => walk(value, dialect),
                }
            }
        }
        _ => {}
    }
}

fn plain_text(key: &str, value: &Value, dialect: Dialect) -> Option<String> {
    let text = only(value.as_object()?, dialect)?;
    let is_same =
        || Portable::parse(text).is_none_or(|portable| type_name(dialect, portable) == text);
    (TEXTS.contains(&key) && (key != "type" || is_same())).then(|| text.to_owned())
}

/// The text of a map that says it for this dialect and no other.
fn only(map: &Map<String, Value>, dialect: Dialect) -> Option<&str> {
    let (name, text) = map.iter().next()?;
    (map.len() == 1 && name == dialect.name()).then(|| text.as_str())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(operation: Value, dialect: Dialect) -> Value {
        let operation: Operation = serde_json::from_value(operation).unwrap();
        serde_json::to_value(collapse_dialects(&[operation], dialect)).unwrap()[0].clone()
    }

    #[test]
    fn only_what_means_the_same_is_said_for_all() {
        let column = |type_: &str| {
            let operation = serde_json::json!({"add_column": {"table": "t", "column":
                {"name": "c", "type": {"mysql": type_}, "default": {"sql": {"mysql": "now()"}}}}});
            let said = said(operation, Dialect::Mysql)["add_column"]["column"].clone();
            assert_eq!(said["default"], serde_json::json!({"sql": "now()"}));
            said["type"].to_string()
        };
        assert_eq!(column("bigint"), "\"bigint\"");
        assert_eq!(column("varchar(20)"), "\"varchar(20)\"");
        // `boolean` is MySQL's tinyint(1), and `timestamp` a datetime(6).
        assert_eq!(column("timestamp"), "{\"mysql\":\"timestamp\"}");
        let other = serde_json::json!({"sql": {"postgres": "SELECT 1"}});
        assert_eq!(said(other.clone(), Dialect::Mysql), other);
        assert_eq!(said(other, Dialect::Postgres), serde_json::json!({"sql": "SELECT 1"}));
        let rows = serde_json::json!({"bulk_insert": {"table": "t", "columns": {"type": "text"},
            "rows": [{"type": {"postgres": "x"}}]}});
        assert_eq!(said(rows.clone(), Dialect::Postgres), rows);
    }
}
