//! Rows updated in batches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Part, Touch};
use super::schema_change::SchemaChange;
use super::summary::{list, of, text as shown, value};
use super::texts::texts;
use super::validate::Validation;
use super::{DefaultValue, Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Entries, Schema, SqlText};
use crate::text::{self, Dialect, Effect};

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
    pub set: Entries<DefaultValue>,
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
    pub down: Entries<DefaultValue>,
}

impl Rules for Backfill {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        if self.set.is_empty() {
            return Err(Irreversible::new(Self::KIND, "it sets nothing"));
        }
        if self.down.is_empty() {
            return Err(Irreversible::new(
                Self::KIND,
                "it needs `down:` with what the columns are set to",
            ));
        }
        let Backfill { set, down, .. } = self.clone();
        // The rows that needed it are told by their old values: they are not to be found any more.
        Ok(vec![Operation::Backfill(Backfill {
            set: down,
            down: set,
            where_: None,
            ..self.clone()
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.filled("key", self.key.is_empty());
        check.distinct_texts("key", &self.key);
        check.filled("set", self.set.is_empty());
        check.counts("batch", self.batch);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        if self.set.is_empty() {
            return Err(change.mismatch(
                "set",
                "it sets nothing",
                "give the new values of the columns",
            ));
        }
        if self.key.is_empty() {
            let hint = "name the columns of a unique key, which orders the rows";
            return Err(change.mismatch("key", "it has no key", hint));
        }
        if let Some(column) = self.moved_key(change) {
            let message = format!(
                "it changes {column}, which is in its key: the rows that it has changed would come up again"
            );
            let hint = "order the rows by a key that stays as it is";
            return Err(change.mismatch("key", message, hint));
        }
        let (own, table) = (self.schema.as_ref(), &self.table);
        let key: Vec<&str> = self.key.iter().map(String::as_str).collect();
        change.has_columns("key", own, table, &key, false)?;
        let set: Vec<&str> = self.set.iter().map(|(name, _)| name).collect();
        change.has_columns("set", own, table, &set, true)?;
        let down: Vec<&str> = self.down.iter().map(|(name, _)| name).collect();
        change.has_columns("down", own, table, &down, true)
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Data
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.on(own, &self.table);
        for column in &self.key {
            touch.read_column(own, &self.table, column);
            touch.read_values(own, &self.table, column);
        }
        for (column, _) in self.set.iter() {
            touch.read_column(own, &self.table, column);
            touch.write(ObjectClass::Rows, own, &self.table, Part::Column(column.to_owned()));
        }
        touch.queried(self);
    }

    fn summary(&self) -> String {
        let table = of(self.schema.as_ref(), &self.table);
        let set: Vec<String> =
            self.set.iter().map(|(column, to)| format!("{column} = {}", value(to))).collect();
        let rows = self.where_.as_ref().map(|sql| format!(" where {}", shown(sql)));
        format!("{table}: {}{}", list(&set), rows.unwrap_or_default())
    }
    texts!(set, where_ as "where", down);
}

impl Backfill {
    /// A column of the key that changes with the rows: it is set, is worked out from one that is, or tells when its
    /// row was changed.
    fn moved_key(&self, change: &SchemaChange<'_>) -> Option<String> {
        let is_set = |name: &str| self.set.iter().any(|(set, _)| change.same(set, name));
        if let Some(column) = self.key.iter().find(|column| is_set(column)) {
            return Some(column.clone());
        }
        let dialect = change.dialect;
        let (_, table) = change.schema.table(dialect, self.schema.as_deref(), &self.table)?;
        let moves = |column: &&String| {
            let Some(at) = table.definition.column_at(dialect, column) else { return false };
            let column = &table.definition.columns[at];
            let sql = column.generated.as_ref().and_then(|generated| generated.sql.get(dialect));
            column.on_update.is_some()
                || sql.is_some_and(|sql| text::names_in(dialect, sql).iter().any(|own| is_set(own)))
        };
        self.key.iter().find(moves).cloned()
    }
}
