//! Any operation that the file's form allows, made from its JSON Schema: what is added to the form is
//! made here without another word.

use std::sync::LazyLock;

use fastrand::Rng;
use revdag::model::Operation;
use serde_json::{Map, Value, json};

static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Operation).to_value());

/// An operation and the tree that it was read from.
pub fn any_operation(seed: u64) -> (Operation, Value) {
    let mut rng = Rng::with_seed(seed);
    loop {
        let tree = value(&SCHEMA, &mut rng, 0);
        // Some choices exclude each other, such as `column` and `sql` of an index.
        if let Ok(operation) = serde_json::from_value(tree.clone()) {
            return (operation, tree);
        }
    }
}

/// The paths of everything that is set in a tree.
pub fn leaves(tree: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match tree {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let mut found = Vec::new();
    for (key, value) in inner {
        let below = leaves(value);
        if below.is_empty() {
            found.push(format!("/{}", escaped(&key)));
        }
        found.extend(below.into_iter().map(|path| format!("/{}{path}", escaped(&key))));
    }
    found
}

fn value(schema: &Value, rng: &mut Rng, depth: usize) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let schema = match name.strip_prefix("#/$defs/") {
            Some(name) => &SCHEMA["$defs"][name],
            None => &*SCHEMA,
        };
        return value(schema, rng, depth);
    }
    if let Some(forms) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        let form = &forms[rng.usize(..forms.len())];
        return value(form, rng, depth);
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[rng.usize(..words.len())].clone();
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => vec!["string", "boolean", "integer", "null"],
    };
    match types[rng.usize(..types.len())] {
        "object" => object(schema, rng, depth),
        "array" => {
            let length = if depth > 8 { 0 } else { rng.usize(..3) };
            (0..length).map(|_| value(&schema["items"], rng, depth + 1)).collect()
        }
        "string" => json!(text(rng)),
        "boolean" => json!(rng.bool()),
        "integer" => json!(rng.i32(1..1000)),
        "number" => json!(f64::from(rng.i32(1..1000)) / 4.0),
        _ => Value::Null,
    }
}

fn object(schema: &Value, rng: &mut Rng, depth: usize) -> Value {
    let mut map = Map::new();
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let optional = depth < 8 && rng.u8(..).is_multiple_of(3);
        if required.contains(&key.as_str()) || optional {
            map.insert(key.clone(), value(inner, rng, depth + 1));
        }
    }
    if schema["properties"].is_null() {
        for _ in 0..rng.usize(..3) {
            map.insert(text(rng), value(&schema["additionalProperties"], rng, depth + 1));
        }
    }
    Value::Object(map)
}

/// A text that is a name as well as two tokens of SQL; no two are alike.
fn text(rng: &mut Rng) -> String {
    format!("{} {}", rng.lowercase(), rng.u32(..))
}
