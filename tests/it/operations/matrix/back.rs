//! The way back as operations of its own: a `create` seen as the `drop` with `was` that undoes it.

use revdag::model::Operation;
use serde_json::Value;

use super::case::operation;

/// The operations that undo these, as a file would hold them; `None` where there is no way back that is
/// made of operations.
pub fn of(operations: &[Value]) -> Option<Vec<Value>> {
    let mut back = Vec::new();
    for value in operations.iter().rev() {
        let operation = operation(value).ok()?;
        if matches!(operation, Operation::Program(_) | Operation::Backfill(_)) {
            return None;
        }
        for undone in operation.reverse().ok()? {
            back.push(serde_json::to_value(undone).expect("JSON"));
        }
    }
    Some(back)
}

/// Operations without the words by which they say that nobody knows what they find there: a way back from
/// such needs these gone.
pub fn certain(operations: &[Value]) -> Vec<Value> {
    let certain = |value: &Value| {
        let mut value = value.clone();
        let inner = value.as_object_mut().and_then(|map| map.values_mut().next());
        if let Some(map) = inner.and_then(Value::as_object_mut) {
            map.retain(|key, _| !matches!(key.as_str(), "cascade" | "if_not_exists"));
        }
        value
    };
    operations.iter().map(certain).collect()
}

/// A value without its nulls, falses and empty lists as far as they say nothing.
pub fn without_nothing(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .map(|(key, value)| (key, without_nothing(value)))
                .filter(|(key, value)| says(key, value))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_nothing).collect()),
        value => value,
    }
}

fn says(key: &str, value: &Value) -> bool {
    match value {
        // Of a column that changes, `null` and `false` say what it becomes.
        Value::Null => matches!(key, "default" | "identity" | "generated" | "on_update"),
        Value::Bool(false) => {
            matches!(key, "nullable" | "nulls_distinct" | "enabled" | "forced" | "with_data")
        }
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty() || key == "was",
        _ => true,
    }
}
