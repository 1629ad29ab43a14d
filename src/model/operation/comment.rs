//! Comments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::given;

/// What a comment is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentObject {
    /// A table.
    Table,
    /// A column, of `table`.
    Column,
    /// An index (PostgreSQL).
    Index,
    /// A constraint, of `table` (PostgreSQL).
    Constraint,
    /// A trigger, of `table` (PostgreSQL).
    Trigger,
    /// A policy, of `table` (PostgreSQL).
    Policy,
    /// A view (PostgreSQL).
    View,
    /// A materialized view (PostgreSQL).
    MaterializedView,
    /// A sequence (PostgreSQL).
    Sequence,
    /// An enum (PostgreSQL).
    Type,
    /// A domain (PostgreSQL).
    Domain,
    /// A function, with the types of its arguments (PostgreSQL).
    Function,
    /// A procedure, with the types of its arguments (PostgreSQL).
    Procedure,
    /// A schema (PostgreSQL).
    Schema,
    /// An extension (PostgreSQL).
    Extension,
}

/// Sets the comment of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetComment {
    /// The kind of the object.
    pub on: CommentObject,
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table of a column, constraint, trigger or policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The object.
    pub name: String,
    /// The comment; `null`: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What it was; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub was: Option<Option<String>>,
}
