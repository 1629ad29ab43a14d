//! Tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Column, Constraint, Index};
use crate::model::Entries;

/// A table without its name: what it takes to make it again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct TableDefinition {
    /// Its columns, in order.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Its constraints.
    #[serde(default)]
    pub constraints: Vec<Constraint>,
    /// Its indexes.
    #[serde(default)]
    pub indexes: Vec<Index>,
    /// The comment.
    pub comment: Option<String>,
    /// What else the dialects know.
    #[serde(default)]
    pub options: TableOptions,
}

/// What the dialects know of a table beyond its columns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableOptions {
    /// Whether it goes when the session ends.
    #[serde(default)]
    pub temporary: bool,
    /// Whether it goes without the write-ahead log (PostgreSQL).
    #[serde(default)]
    pub unlogged: bool,
    /// The tables it inherits from (PostgreSQL).
    #[serde(default)]
    pub inherits: Vec<String>,
    /// How it is partitioned, as the dialect writes it behind PARTITION BY (PostgreSQL, MySQL, MariaDB).
    #[schemars(extend("format" = "sql"))]
    pub partition_by: Option<crate::model::SqlText>,
    /// The table of which it is a partition (PostgreSQL), with `partition_bounds`.
    pub partition_of: Option<String>,
    /// The partition's bounds, such as `FOR VALUES IN ('a')` or `DEFAULT` (PostgreSQL).
    #[schemars(extend("format" = "sql"))]
    pub partition_bounds: Option<String>,
    /// The tablespace (PostgreSQL, MySQL).
    pub tablespace: Option<String>,
    /// Storage parameters, such as fillfactor (PostgreSQL).
    #[serde(default)]
    pub with: Entries<Value>,
    /// The access method (PostgreSQL).
    pub using: Option<String>,
    /// The storage engine (MySQL, MariaDB).
    pub engine: Option<String>,
    /// The default character set (MySQL, MariaDB).
    pub charset: Option<String>,
    /// The default collation (MySQL, MariaDB).
    pub collation: Option<String>,
    /// The next number of the counted column (MySQL, MariaDB).
    pub auto_increment: Option<i64>,
    /// The row format (MySQL, MariaDB).
    pub row_format: Option<String>,
    /// Whether values must be of their column's type (SQLite).
    #[serde(default)]
    pub strict: bool,
    /// Whether rows stand in the primary key's own tree (SQLite).
    #[serde(default)]
    pub without_rowid: bool,
}

/// Creates a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateTable {
    /// The table's schema.
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// Nothing happens if it is there.
    #[serde(default)]
    pub if_not_exists: bool,
    /// What it is.
    #[serde(flatten)]
    pub definition: TableDefinition,
}

/// Drops a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropTable {
    /// The table's schema.
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// Nothing happens if it is not there.
    #[serde(default)]
    pub if_exists: bool,
    /// What stands on it is dropped, too (PostgreSQL).
    #[serde(default)]
    pub cascade: bool,
    /// The table as it was, so that it can be brought back, empty.
    pub was: Option<TableDefinition>,
}

/// Renames a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameTable {
    /// The table's schema.
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// Its new name.
    pub to: String,
}
