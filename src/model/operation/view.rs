//! Views and materialized views.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Entries, SqlText};

/// A view without its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct ViewDefinition {
    /// Its query.
    #[schemars(extend("format" = "sql"))]
    pub query: SqlText,
    /// Names for its columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// WITH CHECK OPTION: the rows that may be written through it (PostgreSQL, MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_option: Option<CheckOption>,
    /// Parameters, such as security_barrier (PostgreSQL).
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// `merge`, `temptable`, `undefined` (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// SQL SECURITY: `definer` or `invoker` (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql_security: Option<String>,
    /// The owner (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definer: Option<String>,
    /// TEMPORARY: dropped at the end of the session (PostgreSQL, SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
    /// The comment (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// The rows that may be written through a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckOption {
    /// LOCAL: the rows that this view shows.
    Local,
    /// CASCADED: the rows that this view and the views below it show.
    Cascaded,
}

/// Creates a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// OR REPLACE: replaces an existing one; `was` is then needed for the downgrade.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_replace: bool,
    /// IF NOT EXISTS: does nothing when it already exists (SQLite, MariaDB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: ViewDefinition,
    /// The view that is replaced, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ViewDefinition>,
}

/// Drops a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The view as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ViewDefinition>,
}

/// A materialized view without its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct MaterializedViewDefinition {
    /// Its query.
    #[schemars(extend("format" = "sql"))]
    pub query: String,
    /// Names for its columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// WITH DATA or WITH NO DATA; default: with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_data: Option<bool>,
    /// Storage parameters, such as fillfactor.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// The access method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The tablespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    /// Its indexes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<super::Index>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Creates a materialized view (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateMaterializedView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: MaterializedViewDefinition,
}

/// Drops a materialized view (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropMaterializedView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The view as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<MaterializedViewDefinition>,
}

/// Refreshes a materialized view (PostgreSQL). The downgrade does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshMaterializedView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// CONCURRENTLY: without blocking reads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub concurrently: bool,
    /// WITH DATA or WITH NO DATA; default: with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_data: Option<bool>,
}
