//! Tables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Column, Constraint, Index};
use crate::model::Entries;

/// The definition of a table, without its name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct TableDefinition {
    /// Its columns, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// Its constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// Its indexes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Other options of the dialects.
    #[serde(default, skip_serializing_if = "TableOptions::is_default")]
    pub options: TableOptions,
}

/// Options of a table by dialect.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableOptions {
    /// TEMPORARY: dropped at the end of the session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
    /// UNLOGGED: not written to the write-ahead log (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlogged: bool,
    /// INHERITS: the parent tables (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<String>,
    /// PARTITION BY, as the dialect writes it (PostgreSQL, MySQL, MariaDB).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<crate::model::SqlText>,
    /// PARTITION OF: the partitioned table (PostgreSQL), with `partition_bounds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<String>,
    /// The partition's bounds, such as `FOR VALUES IN ('a')` or `DEFAULT` (PostgreSQL).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_bounds: Option<String>,
    /// The tablespace (PostgreSQL, MySQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    /// Storage parameters, such as fillfactor (PostgreSQL).
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// The access method (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The storage engine (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The default character set (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The default collation (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// AUTO_INCREMENT: the next number (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_increment: Option<i64>,
    /// The row format (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_format: Option<String>,
    /// STRICT: values must have the type of their column (SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// WITHOUT ROWID: rows are stored in the primary key (SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_rowid: bool,
}

impl TableOptions {
    /// Whether nothing was said.
    pub fn is_default(&self) -> bool {
        *self == TableOptions::default()
    }
}

/// Creates a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateTable {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: TableDefinition,
}

/// Drops a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropTable {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The table as it was, so that the downgrade can recreate it, empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<TableDefinition>,
}

/// Renames a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameTable {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// Its new name.
    pub to: String,
}
