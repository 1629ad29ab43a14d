//! Triggers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Own, Part, Touch};
use super::reverse::{recreates, replaced};
use super::schema_change::SchemaChange;
use super::summary::{on, word};
use super::texts::texts;
use super::validate::Validation;
use super::was::unreplaced;
use super::{Initially, Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Schema, SqlText, StoredDdl};
use crate::text::{Dialect, Effect};

/// When a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// BEFORE.
    Before,
    /// AFTER.
    After,
    /// INSTEAD OF, on a view.
    InsteadOf,
}

/// The events of a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerEvent {
    /// INSERT.
    Insert,
    /// UPDATE.
    Update,
    /// DELETE.
    Delete,
    /// TRUNCATE (PostgreSQL).
    Truncate,
}

/// How often a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForEach {
    /// For each row.
    Row,
    /// Once for a statement (PostgreSQL).
    Statement,
}

/// A trigger without its name and table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct TriggerDefinition {
    /// When it fires.
    pub timing: Timing,
    /// Its events; MySQL, MariaDB and SQLite take one event.
    pub events: Vec<TriggerEvent>,
    /// UPDATE OF: the columns whose update fires it (PostgreSQL, SQLite).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub update_of: Vec<String>,
    /// FOR EACH ROW or FOR EACH STATEMENT; default: row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_each: Option<ForEach>,
    /// WHEN: the rows for which it fires (PostgreSQL, SQLite).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<SqlText>,
    /// EXECUTE FUNCTION: the function that it calls, such as `touch()` (PostgreSQL).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execute: Option<String>,
    /// Its body (MySQL, MariaDB, SQLite): one statement, or BEGIN … END.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<SqlText>,
    /// CONSTRAINT: it is a constraint trigger (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub constraint: bool,
    /// DEFERRABLE: a constraint trigger may be deferred to the end of the transaction (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// REFERENCING OLD TABLE: the name of the old rows (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_table: Option<String>,
    /// REFERENCING NEW TABLE: the name of the new rows (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_table: Option<String>,
    /// FOLLOWS: the trigger that fires before it (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// PRECEDES: the trigger that fires after it (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precedes: Option<String>,
    /// The owner (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definer: Option<String>,
    /// The comment (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

texts!(TriggerDefinition { when, execute, body });

/// Creates a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateTrigger {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table or view.
    pub table: String,
    /// Its name.
    pub name: String,
    /// OR REPLACE: replaces an existing one (PostgreSQL, MariaDB); `was` is then needed for the
    /// downgrade.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_replace: bool,
    /// IF NOT EXISTS: does nothing when it already exists (MySQL, MariaDB, SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: TriggerDefinition,
    /// The trigger that is replaced, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<TriggerDefinition>,
}

impl TriggerDefinition {
    fn validate(&self, check: &mut Validation<'_>) {
        check.filled("events", self.events.is_empty());
        let events: Vec<String> = self.events.iter().map(word).collect();
        check.distinct_texts("events", &events);
        if !self.update_of.is_empty() && !self.events.contains(&TriggerEvent::Update) {
            let message = "update_of without the event update".to_owned();
            check.wrong("update_of", message, Some("write it in events"));
        }
        if self.body.is_none() && self.execute.is_none() {
            let message = format!("{} has neither body nor execute", check.what());
            let hint = "body is what it does; execute is the function that PostgreSQL calls";
            check.wrong("", message, Some(hint));
        }
    }
}

impl Rules for CreateTrigger {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let CreateTrigger { schema, table, name, definition, .. } = self.clone();
        let before =
            replaced(Self::KIND, "trigger", self.or_replace, self.if_not_exists, &self.was)?;
        let was = Some(definition);
        Ok(vec![match before {
            Some(definition) => Operation::CreateTrigger(CreateTrigger {
                schema,
                table,
                name,
                or_replace: true,
                if_not_exists: false,
                definition,
                was,
            }),
            None => Operation::DropTrigger(DropTrigger {
                schema,
                table,
                name,
                if_exists: false,
                cascade: false,
                was,
            }),
        }])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        self.definition.validate(check);
        if let Some(was) = &self.was {
            check.part("was", "was", |check| was.validate(check));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        change.is_there("table", own, &self.table)?;
        let table = change.schema.name(own.map(String::as_str), &self.table);
        let at = change.trigger(own, &self.table, &self.name);
        match at {
            Some(at) if self.or_replace => change.schema.triggers[at].sql = None,
            Some(_) if self.if_not_exists => {}
            Some(_) => {
                let message = format!("{table} has a trigger {} already", self.name);
                return Err(change.mismatch(
                    "name",
                    message,
                    "drop it first, or choose another name",
                ));
            }
            None => {
                let name = change.schema.name(own.map(String::as_str), &self.name);
                change.schema.triggers.push(StoredDdl { name, table: Some(table), sql: None });
            }
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.trigger(own, &self.table, &self.name);
        for column in &self.definition.update_of {
            touch.read_column(own, &self.table, column);
        }
    }

    fn summary(&self) -> String {
        let events = self.definition.events.iter().map(|event| match event {
            TriggerEvent::Insert => "insert",
            TriggerEvent::Update => "update",
            TriggerEvent::Delete => "delete",
            TriggerEvent::Truncate => "truncate",
        });
        let events: Vec<&str> = events.collect();
        let on = on(&self.name, self.schema.as_ref(), &self.table);
        format!("{on}, {} {}", word(&self.definition.timing), events.join(" or "))
    }
    texts!(definition as "", was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, _schema: &Schema, _dialect: Dialect) -> Option<String> {
        unreplaced(self.or_replace, self.was.is_some())
    }
}

/// Drops a trigger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropTrigger {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table or view.
    pub table: String,
    /// Its name.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The trigger as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<TriggerDefinition>,
}

impl Rules for DropTrigger {
    recreates!("trigger", CreateTrigger { schema, table, name }
        or_replace: false, if_not_exists: false, was: None);

    fn validate(&self, check: &mut Validation<'_>) {
        if let Some(was) = &self.was {
            check.part("was", "was", |check| was.validate(check));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        if !self.if_exists {
            change.is_there("table", own, &self.table)?;
        }
        if let Some(at) = change.trigger(own, &self.table, &self.name) {
            change.schema.triggers.remove(at);
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.trigger(self.schema.as_ref(), &self.table, &self.name);
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        on(&self.name, self.schema.as_ref(), &self.table)
    }
    texts!(was);
}

impl SchemaChange<'_> {
    fn trigger(&self, own: Option<&String>, table: &str, name: &str) -> Option<usize> {
        let table = self.schema.name(own.map(String::as_str), table);
        self.schema.triggers.iter().position(|trigger| {
            self.same(&trigger.name.name, name)
                && trigger.table.as_ref().is_some_and(|of| of.is(self.dialect, &table))
        })
    }
}

impl Touch {
    fn trigger(&mut self, own: Own<'_>, table: &str, name: &str) {
        self.on(own, table);
        self.write(ObjectClass::Relation, own, table, Part::Triggers);
        self.write(ObjectClass::Relation, own, name, None);
        // Rows that come before it and behind it fare differently.
        self.read(ObjectClass::Rows, own, table, None);
    }
}
