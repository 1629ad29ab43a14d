//! Functions, procedures and triggers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::SqlText;

/// A function or procedure without its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct RoutineDefinition {
    /// Its arguments, as the dialect writes them between the brackets.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<SqlText>,
    /// What a function returns.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returns: Option<SqlText>,
    /// The language; default: sql (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Words such as `immutable`, `security definer`, `deterministic`, `reads sql data`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// The owner (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definer: Option<String>,
    /// Its body.
    #[schemars(extend("format" = "sql"))]
    pub body: SqlText,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Creates a function or procedure (PostgreSQL, MySQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateRoutine {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// OR REPLACE: replaces an existing one; `was` is then needed for the downgrade.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_replace: bool,
    /// IF NOT EXISTS: does nothing when it already exists (MySQL, MariaDB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: RoutineDefinition,
    /// The routine that is replaced, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<RoutineDefinition>,
}

/// Drops a function or procedure (PostgreSQL, MySQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropRoutine {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The types of its arguments, which identify an overloaded routine (PostgreSQL).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The routine as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<RoutineDefinition>,
}

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
    /// How often it fires; default: for each row.
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
    /// Whether it is a constraint trigger (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub constraint: bool,
    /// DEFERRABLE: a constraint trigger may be deferred to the end of the transaction (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<super::Initially>,
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
