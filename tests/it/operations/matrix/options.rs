//! The options that there are, by the JSON Schema of revisions, and those that an operation uses.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

/// The schema of revisions, as the library gives it.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let (_, text) = revdag::store::schemas()
        .into_iter()
        .find(|(name, _)| *name == "revision.schema.json")
        .expect("the schema of revisions");
    serde_json::from_str(&text).expect("JSON")
});

/// Every option, such as `create_index.columns.*.order`, and every word of one, such as
/// `create_index.columns.*.order=desc`.
pub fn all() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    walk(definition("Operation"), "", None, &mut all);
    all
}

/// Those that an operation uses.
pub fn used(operation: &Value) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    walk(definition("Operation"), "", Some(operation), &mut used);
    used
}

fn definition(name: &str) -> &'static Value {
    SCHEMA.pointer(&format!("/$defs/{name}")).unwrap_or_else(|| panic!("$defs has no {name}"))
}

/// Collects what the schema allows at a path: all of it, or that which a value uses.
fn walk(schema: &Value, path: &str, value: Option<&Value>, found: &mut BTreeSet<String>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        walk(definition(name.trim_start_matches("#/$defs/")), path, value, found);
        return;
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        for one in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
            walk(one, path, value, found);
        }
    }
    let words = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    for word in words.chain(schema.get("const")).filter_map(Value::as_str) {
        if value.is_none_or(|value| value.as_str() == Some(word)) {
            found.insert(format!("{path}={word}"));
        }
    }
    if let Some(items) = schema.get("items") {
        let path = format!("{path}.*");
        match value {
            None => walk(items, &path, None, found),
            Some(value) => {
                for value in value.as_array().into_iter().flatten() {
                    walk(items, &path, Some(value), found);
                }
            }
        }
    }
    for (key, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        // A map by dialect says the same thing again.
        if key.parse::<revdag::internals::text::Dialect>().is_ok() {
            continue;
        }
        match value {
            None => {
                found.insert(path.clone());
                walk(inner, &path, None, found);
            }
            Some(value) => {
                if let Some(value) = value.get(key) {
                    found.insert(path.clone());
                    walk(inner, &path, Some(value), found);
                }
            }
        }
    }
}

#[test]
fn options_and_words_are_found() {
    let all = all();
    for option in [
        "create_table",
        "create_table.columns.*.identity=always",
        "create_table.columns.*.identity.start",
        "create_table.constraints.*.foreign_key.on_delete=set_null",
        "create_index.columns.*.opclass",
        "create_index.columns.*.order=desc",
        "alter_column.was.comment",
        "by_dialect",
    ] {
        assert!(all.contains(option), "{option} is not among {all:#?}");
    }
    let operation = serde_json::json!({"create_index": {
        "table": "t", "name": "i", "columns": ["a", {"column": "b", "order": "desc"}],
    }});
    let used = used(&operation);
    let used: Vec<&str> = used.iter().map(String::as_str).collect();
    assert_eq!(
        used,
        [
            "create_index",
            "create_index.columns",
            "create_index.columns.*.column",
            "create_index.columns.*.order",
            "create_index.columns.*.order=desc",
            "create_index.name",
            "create_index.table",
        ]
    );
}
