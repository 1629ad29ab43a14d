//! The JSON Schemas of `store.yaml` and of revisions in YAML, for editors. They are generated from
//! types; what the types of a revision say is held equal to what is read by a test.

use schemars::{Schema, schema_for};

use super::config::Config;

/// The schemas by the name of their file.
pub fn schemas() -> [(&'static str, String); 2] {
    [
        ("store.schema.json", pretty(&schema_for!(Config))),
        ("revision.schema.json", pretty(&schema_for!(revision::RevisionFile))),
    ]
}

fn pretty(schema: &Schema) -> String {
    // A schema is plain JSON: it can always be written.
    format!("{:#}\n", schema.as_value())
}

/// Exactly one of the forms of a value is meant.
pub(super) fn one_of(schema: &mut Schema) {
    if let Some(forms) = schema.remove("anyOf") {
        schema.insert("oneOf".to_owned(), forms);
    }
}

/// Keys that may be left out, but have no value that says the same.
fn may_be_missing(schema: &mut Schema) {
    if let Some(serde_json::Value::Array(keys)) = schema.get_mut("required") {
        keys.retain(|key| key != "created" && key != "transaction" && key != "down");
    }
}

mod revision {
    #![expect(dead_code, reason = "these types describe the format; reading keeps lines as well")]

    use std::collections::BTreeMap;

    use schemars::JsonSchema;

    /// One change of a database's schema or data.
    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields, rename = "revision", transform = super::may_be_missing)]
    pub(super) struct RevisionFile {
        /// Its id: letters, digits and _. Quote one that looks like a number.
        #[schemars(regex(pattern = r"^[A-Za-z0-9_]+$"))]
        revision: String,
        /// The revisions it stands on; none: a base.
        #[schemars(default, inner(regex(pattern = r"^[A-Za-z0-9_]+$")))]
        parents: Vec<String>,
        /// What it is for.
        #[schemars(default)]
        message: String,
        /// When it was made, such as 2026-11-22T19:06:22Z.
        created: String,
        /// Names for the line that begins here.
        #[schemars(default, inner(regex(pattern = r"^[A-Za-z0-9_.]+$")))]
        labels: Vec<String>,
        /// Revisions, or labels that mean the revision that declares them, to be applied before.
        #[schemars(default, inner(regex(pattern = r"^[A-Za-z0-9_.]+$")))]
        depends_on: Vec<String>,
        /// The revisions that this one stands for: it is a squash.
        #[schemars(default)]
        replaces: Vec<ReplacedFile>,
        /// `none`: each statement runs by itself, outside a transaction.
        transaction: Transaction,
        /// What applies it, in order.
        up: Vec<OperationFile>,
        /// What takes it back. Left out: derived from `up`.
        down: DownFile,
    }

    /// A revision that a squash stands for.
    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields, rename = "Replaced")]
    pub(super) struct ReplacedFile {
        /// Its id.
        #[schemars(regex(pattern = r"^[A-Za-z0-9_]+$"))]
        revision: String,
        /// Its parents.
        #[schemars(default)]
        parents: Vec<String>,
        /// Its dependencies.
        #[schemars(default)]
        depends_on: Vec<String>,
        /// The digest of its `up`, by dialect.
        #[schemars(default)]
        up: BTreeMap<DialectName, String>,
        /// The digest of its `down`, by dialect.
        #[schemars(default)]
        down: BTreeMap<DialectName, String>,
    }

    /// A dialect of SQL.
    #[derive(JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
    #[schemars(rename_all = "lowercase", rename = "Dialect")]
    enum DialectName {
        Postgres,
        Mysql,
        Mariadb,
        Sqlite,
    }

    #[derive(JsonSchema)]
    #[schemars(rename_all = "lowercase")]
    enum Transaction {
        /// No transaction around the statements.
        None,
    }

    /// One change.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "snake_case", rename = "Operation")]
    enum OperationFile {
        /// SQL, as a `|` block or in quotes.
        Sql(SqlFile),
    }

    /// SQL for every dialect, or by dialect.
    #[derive(JsonSchema)]
    #[schemars(untagged, rename = "Sql", transform = super::one_of)]
    enum SqlFile {
        /// The statements.
        Text(String),
        /// The statements of each dialect; mariadb falls back to mysql.
        ByDialect(BTreeMap<DialectName, String>),
    }

    /// What takes a revision back.
    #[derive(JsonSchema)]
    #[schemars(untagged, rename = "Down", transform = super::one_of)]
    enum DownFile {
        /// There is no way back.
        Irreversible(Irreversible),
        /// The operations that take it back, in order.
        Operations(Vec<OperationFile>),
    }

    #[derive(JsonSchema)]
    #[schemars(rename_all = "lowercase")]
    enum Irreversible {
        /// There is no way back.
        Irreversible,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::super::problems::Problems;
    use super::super::{body, config, header, yaml};
    use super::*;

    fn schema(name: &str) -> Value {
        let (_, text) = schemas().into_iter().find(|(file, _)| *file == name).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn keys(schema: &Value) -> BTreeSet<&str> {
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    fn set<'a>(keys: &[&'a str]) -> BTreeSet<&'a str> {
        keys.iter().copied().collect()
    }

    /// The words of an enum.
    fn words(schema: &Value) -> Vec<&str> {
        let forms = schema["oneOf"].as_array().unwrap();
        forms.iter().map(|form| form["const"].as_str().unwrap()).collect()
    }

    #[test]
    fn the_settings_have_the_keys_that_are_read() {
        let schema = schema("store.schema.json");
        assert_eq!(keys(&schema), set(config::KEYS));
        assert_eq!(keys(&schema["$defs"]["Database"]), set(config::DATABASE_KEYS));
        assert_eq!(keys(&schema["$defs"]["UrlFile"]), set(&["file"]));
        assert_eq!(keys(&schema["$defs"]["UrlCommand"]), set(&["command"]));
        assert_eq!(schema["$defs"].as_object().unwrap().len(), 7);
    }

    #[test]
    fn revisions_have_the_keys_that_are_read() {
        let schema = schema("revision.schema.json");
        assert_eq!(keys(&schema), set(header::YAML_KEYS));
        assert_eq!([header::KEYS, &["up", "down"]].concat(), header::YAML_KEYS);
        assert_eq!(keys(&schema["$defs"]["Replaced"]), set(header::REPLACED_KEYS));
        let operations = schema["$defs"]["Operation"]["oneOf"].as_array().unwrap();
        let names: BTreeSet<&str> = operations.iter().flat_map(keys).collect();
        assert_eq!(names, set(body::OPERATIONS));
        let dialects = crate::text::Dialect::ALL.map(|dialect| dialect.name());
        assert_eq!(keys(&schema["$defs"]["Sql"]["oneOf"][1]), set(&dialects));
        assert_eq!(words(&schema["$defs"]["Transaction"]), ["none"]);
        assert_eq!(words(&schema["$defs"]["Irreversible"]), ["irreversible"]);
    }

    /// Reads settings in which a key has a value.
    fn is_read(key: &str, value: &str) -> bool {
        let database = config::DATABASE_KEYS.contains(&key);
        let text = match database {
            true => format!("databases: {{a: {{url: x, {key}: {value}}}}}"),
            false => format!("databases: {{a: {{url: x}}}}\n{key}: {value}"),
        };
        let mut problems = Problems::of("store.yaml");
        let node = yaml::parse(&text, 1).unwrap();
        config::read(node.as_ref(), &mut problems).is_some() && problems.list.is_empty()
    }

    #[test]
    fn every_word_and_default_of_the_settings_is_read() {
        let schema = schema("store.schema.json");
        for (key, name) in
            [("format", "Format"), ("kind", "Kind"), ("transaction", "TransactionMode")]
        {
            for word in words(&schema["$defs"][name]) {
                assert!(is_read(key, word), "{key}: {word}");
            }
        }
        for schema in [&schema, &schema["$defs"]["Database"]] {
            for (key, schema) in schema["properties"].as_object().unwrap() {
                if let Some(default) = schema.get("default") {
                    assert!(is_read(key, &default.to_string()), "{key}: {default}");
                }
            }
        }
    }
}
