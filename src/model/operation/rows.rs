//! Rows: inserted, and deleted by their key.

use std::borrow::Cow;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::footprint::{ObjectClass, Touch};
use super::schema_change::SchemaChange;
use super::summary::{count, of};
use super::texts::texts;
use super::validate::Validation;
use super::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Entries, SqlText};
use crate::text;
use crate::text::{Dialect, Effect};

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

impl Rules for BulkInsert {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        self.identified(Self::KIND)?;
        Ok(vec![Operation::BulkDelete(BulkDelete(self.clone()))])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        self.validate_rows(check);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        self.check(change)
    }

    fn effect(&self, _schema: &crate::model::Schema, _dialect: Dialect) -> Effect {
        Effect::Data
    }

    fn touch(&self, touch: &mut Touch) {
        self.touch_rows(touch);
        touch.queried(self);
    }

    fn summary(&self) -> String {
        self.summary_rows()
    }
    texts!(rows);
}

impl BulkInsert {
    /// Refuses rows that cannot be told from others by their key.
    fn identified(&self, kind: &str) -> Result<(), Irreversible> {
        if self.key.is_empty() {
            let reason = "it needs `key:` with the columns that identify the rows";
            return Err(Irreversible::new(kind, reason));
        }
        for key in &self.key {
            let is_known =
                |row: &Entries<Value>| row.get(key).is_some_and(|value| value.get("sql").is_none());
            if !self.rows.iter().all(is_known) {
                let reason = format!(
                    "the key's column {key} must have a value in each row, and no {{sql: …}}"
                );
                return Err(Irreversible::new(kind, &reason));
            }
        }
        Ok(())
    }

    fn validate_rows(&self, check: &mut Validation<'_>) {
        check.filled("columns", self.columns.is_empty());
        check.distinct_texts("key", &self.key);
        check.counts("batch", self.batch);
        let known: Vec<&str> = self.columns.iter().map(|(name, _)| name).collect();
        let rows = self.rows.iter().enumerate();
        let named = rows.flat_map(|(at, row)| {
            row.iter().map(move |(name, _)| (format!("rows.{at}.{name}"), name))
        });
        let keys = self.key.iter().enumerate();
        let keys = keys.map(|(at, name)| (format!("key.{at}"), name.as_str()));
        for (path, name) in named.chain(keys).filter(|(_, name)| self.columns.get(name).is_none()) {
            let hint = match text::nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("columns names {}", text::one_of(&known).replace(" or ", " and ")),
            };
            let message = format!("unknown column {name:?} in {}", check.what());
            check.wrong(&path, message, Some(&hint));
        }
    }

    /// Refuses columns that are not listed, or that the table does not have.
    fn check(&self, change: &SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let listed = |name: &str| self.columns.iter().any(|(column, _)| change.same(column, name));
        for (at, row) in self.rows.iter().enumerate() {
            if let Some((name, _)) = row.iter().find(|(name, _)| !listed(name)) {
                let message = format!("the column {name} is not among `columns`");
                let hint = "add it there with its type";
                return Err(change.mismatch(&format!("rows.{at}.{name}"), message, hint));
            }
        }
        if let Some(at) = self.key.iter().position(|name| !listed(name)) {
            let message = format!("the column {} is not among `columns`", self.key[at]);
            return Err(change.mismatch(
                &format!("key.{at}"),
                message,
                "add it there with its type",
            ));
        }
        let columns: Vec<&str> = self.columns.iter().map(|(name, _)| name).collect();
        change.has_columns("columns", self.schema.as_ref(), &self.table, &columns, true)
    }

    fn touch_rows(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.on(own, &self.table);
        for (column, _) in self.columns.iter() {
            touch.read_column(own, &self.table, column);
        }
        touch.write(ObjectClass::Rows, own, &self.table, None);
    }

    fn summary_rows(&self) -> String {
        let table = of(self.schema.as_ref(), &self.table);
        format!("{table} ({})", count(self.rows.len(), "row"))
    }
}

/// Deletes rows by their key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BulkDelete(pub BulkInsert);

impl Deref for BulkDelete {
    type Target = BulkInsert;

    fn deref(&self) -> &BulkInsert {
        &self.0
    }
}

impl Rules for BulkDelete {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        self.identified(Self::KIND)?;
        Ok(vec![Operation::BulkInsert(self.0.clone())])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        self.validate_rows(check);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        self.check(change)
    }

    fn effect(&self, _schema: &crate::model::Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        self.touch_rows(touch);
        touch.queried(self);
    }

    fn summary(&self) -> String {
        self.summary_rows()
    }
    texts!(0 as "");
}

texts!(BulkInsert { rows });

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
