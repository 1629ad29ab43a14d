//! Views and materialized views.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Entries, SqlText};

/// A view without its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct ViewDefinition {
    /// The SELECT behind it.
    #[schemars(extend("format" = "sql"))]
    pub query: SqlText,
    /// Names for its columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Which rows can be written through it (PostgreSQL, MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_option: Option<CheckOption>,
    /// Parameters, such as security_barrier (PostgreSQL).
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// `merge`, `temptable`, `undefined` (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// Whose rights count: `definer` or `invoker` (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql_security: Option<String>,
    /// Who it belongs to (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub definer: Option<String>,
    /// Whether it goes when the session ends (PostgreSQL, SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
    /// The comment (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Which rows can be written through a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckOption {
    /// Those that this view shows.
    Local,
    /// Those that this view and the views below show.
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
    /// Whether it takes the place of one that is there; `was` is then the way back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_replace: bool,
    /// Nothing happens if it is there (SQLite, MariaDB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// What it is.
    #[serde(flatten)]
    pub definition: ViewDefinition,
    /// The view that is replaced, so that it can be brought back.
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
    /// Nothing happens if it is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// What stands on it is dropped, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The view as it was, so that it can be brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ViewDefinition>,
}

/// A materialized view without its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct MaterializedViewDefinition {
    /// The SELECT behind it.
    #[schemars(extend("format" = "sql"))]
    pub query: String,
    /// Names for its columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Whether it is filled at once; left out: yes.
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
    /// Nothing happens if it is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// What it is.
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
    /// Nothing happens if it is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// What stands on it is dropped, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The view as it was, so that it can be brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<MaterializedViewDefinition>,
}

/// Fills a materialized view anew (PostgreSQL). Going down it does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshMaterializedView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Whether it can be read meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub concurrently: bool,
    /// Whether it is filled; left out: yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_data: Option<bool>,
}
