//! The JSON Schemas of `store.yaml` and of revisions in YAML: generated from the types that the
//! documents are read into, they also say what is checked before.

use std::sync::LazyLock;

use schemars::schema_for;
use serde_json::Value;

use super::config::Config;
use super::revision::RevisionFile;

/// The schema of `store.yaml`.
pub(super) static STORE: LazyLock<Value> = LazyLock::new(|| schema_for!(Config).to_value());

/// The schema of a revision.
pub(super) static REVISION: LazyLock<Value> =
    LazyLock::new(|| schema_for!(RevisionFile).to_value());

/// The schema of a header: that of a revision without its body.
pub(super) static HEADER: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = REVISION.clone();
    if let Some(properties) = schema["properties"].as_object_mut() {
        properties.retain(|key, _| !BODY.contains(&key.as_str()));
    }
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|key| !BODY.iter().any(|body| key == body));
    }
    schema
});

/// The schema of a list of operations.
pub(super) static OPERATIONS: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = REVISION["properties"]["up"].clone();
    schema["$defs"] = REVISION["$defs"].clone();
    schema
});

/// The keys of a revision that are none of its header.
const BODY: [&str; 2] = ["up", "down"];

/// The keys of a header.
pub(super) fn header_keys() -> impl Iterator<Item = &'static str> {
    keys(&HEADER)
}

fn keys(schema: &'static Value) -> impl Iterator<Item = &'static str> {
    schema["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str())
}

/// The schemas by the name of their file.
pub fn schemas() -> [(&'static str, String); 2] {
    // A schema is plain JSON: it can always be written.
    [
        ("store.schema.json", format!("{:#}\n", *STORE)),
        ("revision.schema.json", format!("{:#}\n", *REVISION)),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::problems::Problems;
    use super::super::{header, read_config};
    use super::*;

    /// Reads settings in which a key has a value.
    fn is_read(of_database: bool, key: &str, value: &str) -> bool {
        let text = match of_database {
            true => format!("databases: {{a: {{url: x, {key}: {value}}}}}"),
            false => format!("databases: {{a: {{url: x}}}}\n{key}: {value}"),
        };
        let mut problems = Problems::of("store.yaml");
        read_config::read(&text, &mut problems).is_some() && problems.list.is_empty()
    }

    #[test]
    fn every_word_and_default_of_the_settings_is_read() {
        for (of_database, schema) in [(false, &*STORE), (true, &STORE["$defs"]["Database"])] {
            let properties = schema["properties"].as_object().unwrap();
            assert!(properties.len() > 6);
            for (key, schema) in properties {
                if let Some(default) = schema.get("default") {
                    assert!(is_read(of_database, key, &default.to_string()), "{key}: {default}");
                }
                let name = schema["$ref"].as_str().map_or("", |path| &path["#/$defs/".len()..]);
                let forms = STORE["$defs"][name]["oneOf"].as_array().into_iter().flatten();
                for word in forms.filter_map(|form| form["const"].as_str()) {
                    assert!(is_read(of_database, key, word), "{key}: {word}");
                }
            }
        }
    }

    #[test]
    fn every_dialect_is_a_key() {
        let text = crate::text::Dialect::ALL.map(|dialect| format!("{}: 1e3", dialect.name()));
        let text = format!("revision: a\nreplaces: [{{revision: b, up: {{{}}}}}]", text.join(", "));
        let mut problems = Problems::of("x");
        let header = header::read(&text, &mut problems).unwrap();
        assert_eq!(problems.list, []);
        assert_eq!(header.replaces[0].up.len(), crate::text::Dialect::ALL.len());
    }
}
