//! Indexes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::{Entries, SqlText};

/// An index without its table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Index {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns or expressions, in order.
    pub columns: Vec<IndexColumn>,
    /// UNIQUE.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    /// The method: `gin`, `hash`, `btree`, … (PostgreSQL, MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// WHERE: the rows that it covers (PostgreSQL, SQLite).
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "sql"))]
    pub where_: Option<SqlText>,
    /// INCLUDE: additional columns (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// NULLS DISTINCT (the default) or NULLS NOT DISTINCT (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nulls_distinct: Option<bool>,
    /// Storage parameters, such as fillfactor (PostgreSQL).
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// The tablespace (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    /// FULLTEXT or SPATIAL (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<IndexKind>,
    /// The parser of a full-text index (MySQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parser: Option<String>,
    /// INVISIBLE: the optimizer does not use it (MySQL; MariaDB calls it ignored).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invisible: bool,
    /// The comment (PostgreSQL, MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// FULLTEXT and SPATIAL indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndexKind {
    /// FULLTEXT.
    Fulltext,
    /// SPATIAL.
    Spatial,
}

/// An element of an index: the name of a column, or a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// The column or expression.
    pub key: IndexKey,
    /// The collation.
    pub collation: Option<String>,
    /// The operator class (PostgreSQL).
    pub opclass: Option<String>,
    /// ASC or DESC.
    pub order: Option<Order>,
    /// NULLS FIRST or NULLS LAST (PostgreSQL).
    pub nulls: Option<Nulls>,
    /// The prefix length in characters or bytes (MySQL, MariaDB).
    pub length: Option<u32>,
}

/// A column or an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKey {
    /// A column.
    Column(String),
    /// An expression.
    Sql(SqlText),
}

/// The long form of [`IndexColumn`] in a file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "IndexColumn")]
struct IndexColumnMap {
    /// The column; or else `sql`.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// The expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "sql"))]
    sql: Option<SqlText>,
    /// The collation.
    #[serde(skip_serializing_if = "Option::is_none")]
    collation: Option<String>,
    /// The operator class (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    opclass: Option<String>,
    /// ASC or DESC.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<Order>,
    /// NULLS FIRST or NULLS LAST (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    nulls: Option<Nulls>,
    /// The prefix length in characters or bytes (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<u32>,
}

impl IndexColumn {
    /// A column and nothing more.
    pub fn plain(name: impl Into<String>) -> Self {
        let key = IndexKey::Column(name.into());
        IndexColumn { key, collation: None, opclass: None, order: None, nulls: None, length: None }
    }
}

impl Serialize for IndexColumn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (column, sql) = match &self.key {
            IndexKey::Column(name) if *self == IndexColumn::plain(name) => {
                return serializer.serialize_str(name);
            }
            IndexKey::Column(name) => (Some(name.clone()), None),
            IndexKey::Sql(sql) => (None, Some(sql.clone())),
        };
        let IndexColumn { collation, opclass, order, nulls, length, .. } = self.clone();
        IndexColumnMap { column, sql, collation, opclass, order, nulls, length }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for IndexColumn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = match Value::deserialize(deserializer)? {
            Value::String(name) => return Ok(IndexColumn::plain(name)),
            value => value,
        };
        let map = IndexColumnMap::deserialize(value).map_err(D::Error::custom)?;
        let IndexColumnMap { column, sql, collation, opclass, order, nulls, length } = map;
        let key = match (column, sql) {
            (Some(column), None) => IndexKey::Column(column),
            (None, Some(sql)) => IndexKey::Sql(sql),
            _ => return Err(D::Error::custom("it needs either column or sql")),
        };
        Ok(IndexColumn { key, collation, opclass, order, nulls, length })
    }
}

impl JsonSchema for IndexColumn {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "IndexColumnOrName".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let map = generator.subschema_for::<IndexColumnMap>();
        schemars::json_schema!({ "oneOf": [{ "type": "string" }, map] })
    }
}

/// The sort order of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// ASC.
    Asc,
    /// DESC.
    Desc,
}

/// The position of NULLs in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// NULLS FIRST.
    First,
    /// NULLS LAST.
    Last,
}

/// Creates an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateIndex {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// CONCURRENTLY: without blocking writes, and outside a transaction (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub concurrently: bool,
    /// ONLY: not on the partitions of the table (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only: bool,
    /// ALGORITHM: `inplace`, `copy`, … (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// LOCK: `none`, `shared`, … (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<String>,
    /// The index.
    #[serde(flatten)]
    pub index: Index,
}

/// Drops an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropIndex {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The index.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CONCURRENTLY: without blocking writes, and outside a transaction (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub concurrently: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// ALGORITHM: `inplace`, `copy`, … (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// LOCK: `none`, `shared`, … (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<String>,
    /// The index as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Index>,
}

/// Renames an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameIndex {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The index.
    pub name: String,
    /// Its new name.
    pub to: String,
}
