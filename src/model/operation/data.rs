//! Changes of rows, SQL, and commands of the application.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{ByDialect, Entries, SqlText};
use crate::text::Dialect;

/// SQL, for all dialects or by dialect.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(from = "SqlText", into = "SqlText")]
#[schemars(with = "SqlText", inline, extend("format" = "sql"))]
pub struct Sql {
    /// The sections as the file has them; at most one for each dialect and one for all.
    pub sections: Vec<SqlSection>,
}

/// One text of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlSection {
    /// The dialect it is for; `None`: every dialect that has no section of its own.
    pub dialect: Option<Dialect>,
    /// The statements.
    pub text: String,
    /// The line of the file on which the text begins, counted from 1.
    pub line: usize,
    /// `false` for `no-transaction`: each statement runs by itself.
    pub transactional: bool,
}

impl Sql {
    /// The section that a dialect runs: its own, else its fallback's, else the one for all.
    /// `None` says that nobody has said what this dialect should run.
    pub fn section(&self, dialect: Dialect) -> Option<&SqlSection> {
        let of = |wanted: Option<Dialect>| {
            self.sections.iter().find(|section| section.dialect == wanted)
        };
        of(Some(dialect))
            .or_else(|| dialect.fallback().and_then(|fallback| of(Some(fallback))))
            .or_else(|| of(None))
    }
}

impl From<SqlText> for Sql {
    fn from(text: SqlText) -> Self {
        let section = |dialect, text| SqlSection { dialect, text, line: 1, transactional: true };
        let sections = match text {
            ByDialect::All(text) => vec![section(None, text)],
            ByDialect::Each(texts) => {
                texts.into_iter().map(|(dialect, text)| section(Some(dialect), text)).collect()
            }
        };
        Sql { sections }
    }
}

impl From<Sql> for SqlText {
    fn from(sql: Sql) -> Self {
        let mut texts = Vec::new();
        for section in sql.sections {
            match section.dialect {
                None => return ByDialect::All(section.text),
                Some(dialect) => texts.push((dialect, section.text)),
            }
        }
        ByDialect::Each(texts)
    }
}

/// Inserts rows, or deletes the rows with these keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkInsert {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The columns and their types.
    pub columns: Entries<String>,
    /// The rows: a value for each column; a column that is left out takes its default.
    #[schemars(with = "Vec<Entries<Cell>>")]
    pub rows: Vec<Entries<Value>>,
    /// The number of rows in a statement; default: 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// The columns that identify the rows; required to delete them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
}

/// The schema of a value in a row.
struct Cell;

impl JsonSchema for Cell {
    fn schema_name() -> Cow<'static, str> {
        "Cell".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut sql = generator.subschema_for::<SqlText>();
        sql.insert("format".to_owned(), "sql".into());
        let only = |key: &str, value: Schema| {
            json_schema!({
                "type": "object",
                "properties": { key: value },
                "required": [key],
                "additionalProperties": false
            })
        };
        let text = |format: &str| json_schema!({ "type": "string", "format": format });
        json_schema!({
            "description": "A literal, an expression as {sql: …}, bytes as {base64: …} or {hex: …}; \
                            another map or a list is JSON, or an array of PostgreSQL.",
            "anyOf": [
                { "type": ["string", "number", "boolean", "null"], "format": "literal" },
                only("sql", sql),
                only("base64", text("base64")),
                only("hex", text("hex")),
                { "type": ["object", "array"] }
            ]
        })
    }
}

/// Runs a command of the application, with the URL of the database in its environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The command and its arguments; it runs in the store's folder.
    pub command: Vec<String>,
    /// The name of the variable that holds the URL; default: DATABASE_URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// More variables.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub environment: Entries<String>,
    /// The time limit in seconds; default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// The command that undoes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub down: Vec<String>,
}

/// Updates the rows of a table in batches by its key, each committed by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Backfill {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The columns of a unique key, which orders the rows.
    pub key: Vec<String>,
    /// The values to set: values, or `{sql: …}`.
    pub set: Entries<super::DefaultValue>,
    /// WHERE: the rows to update; default: all.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "sql"))]
    pub where_: Option<SqlText>,
    /// The number of rows in a batch; default: 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// Milliseconds to wait between batches; default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<u64>,
    /// The values to set on downgrade; default: none, which makes it irreversible.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub down: Entries<super::DefaultValue>,
}
