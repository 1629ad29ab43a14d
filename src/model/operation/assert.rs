//! Conditions that stop a revision.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::footprint::Touch;
use super::schema_change::SchemaChange;
use super::summary::text;
use super::texts::texts;
use super::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::SqlText;
use crate::text::{Dialect, Effect};

/// Stops the revision unless a query answers as expected. Nothing is changed; it does not run on the way
/// down, unless it stands in `down`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assert {
    /// The query: one SELECT.
    #[schemars(extend("format" = "sql"))]
    pub query: SqlText,
    /// What it must return.
    pub expect: Expected,
    /// What is wrong otherwise, for the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What a query must return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// One or more rows.
    Rows,
    /// No rows.
    NoRows,
    /// One row with one column, which is not 0, false or NULL.
    True,
}

impl Expected {
    /// As files write it.
    pub fn name(self) -> &'static str {
        match self {
            Expected::Rows => "rows",
            Expected::NoRows => "no_rows",
            Expected::True => "true",
        }
    }
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        // Without quotes, YAML takes the word for a truth value.
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Bool(true) => Ok(Expected::True),
            serde_json::Value::String(word) => [Expected::Rows, Expected::NoRows, Expected::True]
                .into_iter()
                .find(|expected| expected.name() == word)
                .ok_or_else(|| D::Error::unknown_variant(&word, &["rows", "no_rows", "true"])),
            _ => Err(D::Error::custom("it must be rows, no_rows or true")),
        }
    }
}

impl JsonSchema for Expected {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Expected".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "What a query must return.",
            "oneOf": [
                { "const": "rows", "type": "string", "description": "One or more rows." },
                { "const": "no_rows", "type": "string", "description": "No rows." },
                {
                    "const": "true",
                    "type": "string",
                    "description": "One row with one column, which is not 0, false or NULL."
                },
                { "const": true, "type": "boolean", "description": "As the word, without quotes." }
            ]
        })
    }
}

impl Rules for Assert {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(Vec::new())
    }

    fn apply(&self, _: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        Ok(())
    }

    fn effect(&self, _schema: &crate::model::Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.queried(self);
    }

    fn summary(&self) -> String {
        format!("{}: {}", self.expect.name(), text(&self.query))
    }

    texts!(query);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(expect: &str) -> Result<Operation, serde_json::Error> {
        let json = format!(r#"{{"assert":{{"query":"SELECT a FROM t","expect":{expect}}}}}"#);
        serde_json::from_str(&json)
    }

    #[test]
    fn it_is_undone_by_nothing_and_reads_its_tables() {
        let assert = read("\"no_rows\"").unwrap();
        assert_eq!(assert.reverse(), Ok(Vec::new()));
        assert_eq!(assert.summary(), "assert no_rows: SELECT a FROM t");
        let writes = |json: &str| serde_json::from_str::<Operation>(json).unwrap().footprint();
        let insert = writes(r#"{"bulk_insert":{"table":"t","columns":{"a":"text"},"rows":[]}}"#);
        let other = writes(r#"{"bulk_insert":{"table":"u","columns":{"b":"text"},"rows":[]}}"#);
        assert!(assert.footprint().conflict(&insert).is_some());
        assert!(assert.footprint().conflict(&other).is_none());
        assert!(assert.footprint().writes.is_empty());
    }

    #[test]
    fn true_needs_no_quotes() {
        assert_eq!(read("true").unwrap(), read("\"true\"").unwrap());
        for wrong in ["false", "1", "\"maybe\""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
