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
    /// The language; left out: sql (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Words such as `immutable`, `security definer`, `deterministic`, `reads sql data`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    /// Who it belongs to (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definer: Option<String>,
    /// What it does.
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
    /// Whether it takes the place of one that is there; `was` is then the way back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_replace: bool,
    /// Nothing happens if it is there (MySQL, MariaDB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// What it is.
    #[serde(flatten)]
    pub definition: RoutineDefinition,
    /// The routine that is replaced, so that it can be brought back.
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
    /// The types of its arguments, which tell routines of one name apart (PostgreSQL).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<String>,
    /// Nothing happens if it is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// What stands on it is dropped, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The routine as it was, so that it can be brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<RoutineDefinition>,
}

/// When a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// Before the change.
    Before,
    /// After the change.
    After,
    /// In its place, on a view.
    InsteadOf,
}

/// What fires a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerEvent {
    /// A new row.
    Insert,
    /// A changed row.
    Update,
    /// A row that goes.
    Delete,
    /// All rows going (PostgreSQL).
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
    /// What fires it; MySQL, MariaDB and SQLite take one event.
    pub events: Vec<TriggerEvent>,
    /// The columns whose update fires it (PostgreSQL, SQLite).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub update_of: Vec<String>,
    /// How often it fires; left out: for each row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub for_each: Option<ForEach>,
    /// The rows for which it fires (PostgreSQL, SQLite).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<SqlText>,
    /// The function that it calls, such as `touch()` (PostgreSQL).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execute: Option<String>,
    /// What it does (MySQL, MariaDB, SQLite): one statement, or BEGIN … END.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<SqlText>,
    /// Whether it is a constraint trigger (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub constraint: bool,
    /// Whether a constraint trigger may wait for the end of the transaction (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// When a constraint trigger fires at first (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<super::Initially>,
    /// The name of the old rows as a table (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_table: Option<String>,
    /// The name of the new rows as a table (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_table: Option<String>,
    /// The trigger behind which it fires (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follows: Option<String>,
    /// The trigger before which it fires (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precedes: Option<String>,
    /// Who it belongs to (MySQL, MariaDB).
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
    /// Whether it takes the place of one that is there (PostgreSQL, MariaDB); `was` is then the way
    /// back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_replace: bool,
    /// Nothing happens if it is there (MySQL, MariaDB, SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// What it is.
    #[serde(flatten)]
    pub definition: TriggerDefinition,
    /// The trigger that is replaced, so that it can be brought back.
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
    /// Nothing happens if it is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// What stands on it is dropped, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The trigger as it was, so that it can be brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<TriggerDefinition>,
}
