//! What indexes are made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::operation::TextRole;
use crate::model::operation::column::{rename_all, rename_in, rename_one};
use crate::model::operation::footprint::{ObjectClass, Own, Part, Touch};
use crate::model::operation::summary::{list, text as short_text};
use crate::model::operation::texts::{HasTexts, Visit, VisitMut, texts};
use crate::model::operation::validate::Validation;
use crate::model::operation::was::same_lists;
use crate::model::{Entries, SqlText};
use crate::text::Dialect;

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

texts!(Index { columns, where_ as "where" });

impl HasTexts for IndexColumn {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        if let IndexKey::Sql(sql) = &self.key {
            visit.at("sql", |visit| sql.texts(role, visit));
        }
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        if let IndexKey::Sql(sql) = &mut self.key {
            visit.at("sql", |visit| sql.texts_mut(role, visit));
        }
    }
}

impl IndexColumn {
    /// A column and nothing more.
    pub fn plain(name: impl Into<String>) -> Self {
        let key = IndexKey::Column(name.into());
        IndexColumn { key, collation: None, opclass: None, order: None, nulls: None, length: None }
    }

    /// The column, if it is over one and no expression.
    pub fn column(&self) -> Option<&str> {
        match &self.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Sql(_) => None,
        }
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

impl Index {
    /// The columns that it names; those in expressions are not among them.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        let key = self.columns.iter().filter_map(IndexColumn::column);
        key.chain(self.include.iter().map(String::as_str))
    }

    pub(in crate::model::operation) fn rename_column(
        &mut self,
        dialect: Dialect,
        from: &str,
        to: &str,
    ) {
        for column in &mut self.columns {
            match &mut column.key {
                IndexKey::Column(name) => rename_one(dialect, name, from, to),
                IndexKey::Sql(sql) => rename_in(dialect, sql, from, to),
            }
        }
        rename_all(dialect, &mut self.include, from, to);
        if let Some(sql) = &mut self.where_ {
            rename_in(dialect, sql, from, to);
        }
    }

    /// What it is, for people.
    pub(super) fn summary(&self, table: &str) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| match &column.key {
                IndexKey::Column(name) => name.clone(),
                IndexKey::Sql(sql) => short_text(sql),
            })
            .collect();
        let name = self.name.as_deref().unwrap_or_default();
        let unique = if self.unique { ", unique" } else { "" };
        let partial = self
            .where_
            .as_ref()
            .map(|sql| format!(" where {}", short_text(sql)))
            .unwrap_or_default();
        let gap = if name.is_empty() { "" } else { " " };
        format!("{name}{gap}on {table} ({}){partial}{unique}", list(&columns))
    }
}

/// Notes what cannot be right about the indexes of a table or materialized view.
pub(in crate::model::operation) fn validate_all(indexes: &[Index], check: &mut Validation<'_>) {
    for (at, index) in indexes.iter().enumerate() {
        let what = index.name.as_ref().map(|name| format!("the index {name}"));
        let what = what.unwrap_or_else(|| "an index".to_owned());
        check.part(&format!("indexes.{at}"), what, |check| index.validate(check));
    }
}

impl Index {
    /// Notes what cannot be right about it. It may be over one column in several ways.
    pub(super) fn validate(&self, check: &mut Validation<'_>) {
        check.filled("columns", self.columns.is_empty());
    }
}

impl Touch {
    /// What an index of a table is, and rests on.
    pub(in crate::model::operation) fn index_parts(
        &mut self,
        own: Own<'_>,
        table: &str,
        index: &Index,
    ) {
        self.index_name(own, table, index.name.as_deref().unwrap_or_default());
        for column in index.column_names() {
            self.read_column(own, table, column);
            if index.unique {
                self.read_values(own, table, column);
            }
        }
        if index.unique {
            self.write(ObjectClass::Relation, own, table, Part::Keys);
            let is_sql = |key: &IndexKey| matches!(key, IndexKey::Sql(_));
            if index.columns.iter().any(|column| is_sql(&column.key)) {
                self.read(ObjectClass::Rows, own, table, None);
            }
        }
    }
}

/// What an index that is known has otherwise than a `was` says: what it is over, and whether it is unique.
pub(in crate::model::operation) fn differs(
    known: &Index,
    was: &Index,
    dialect: Dialect,
) -> Option<String> {
    let Index {
        name,
        columns: known_columns,
        unique,
        method: _,
        where_: _,
        include: _,
        nulls_distinct: _,
        with: _,
        tablespace: _,
        kind: _,
        parser: _,
        invisible: _,
        comment: _,
    } = known;
    fn names(columns: &[IndexColumn]) -> Option<Vec<&str>> {
        columns.iter().map(IndexColumn::column).collect()
    }
    let name = name.as_deref().unwrap_or("the index");
    // Expressions are told in many words.
    if let (Some(one), Some(other)) = (names(known_columns), names(&was.columns))
        && !same_lists(&one, &other, dialect)
    {
        return Some(format!("{name} is over {}", one.join(", ")));
    }
    (*unique != was.unique).then(|| format!("`was` differs in whether {name} is unique"))
}
