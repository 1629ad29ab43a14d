//! Columns: what they hold, and how they change.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;

use crate::model::{ByDialect, Entries, SqlText};

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type: a portable one such as `string(255)`, or the dialect's own. One that is given by
    /// dialect is always the dialect's own.
    #[serde(rename = "type")]
    pub type_: SqlText,
    /// NULL or NOT NULL; default: yes, unless it is in the primary key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// Its default value.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// Identity column: `always`, `by_default`, or a map with more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Generated column: computed from other columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generated: Option<Generated>,
    /// A check constraint of the column itself, without a name (MariaDB).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<SqlText>,
    /// PRIMARY KEY: it is the primary key by itself, without a name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub primary_key: bool,
    /// A foreign key of this column alone, written inside the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Reference>,
    /// The collation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<SqlText>,
    /// The character set (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// AUTO_INCREMENT (MySQL, MariaDB); AUTOINCREMENT (SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub autoincrement: bool,
    /// ON UPDATE: the value that an UPDATE of the row sets, such as CURRENT_TIMESTAMP (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<SqlText>,
    /// INVISIBLE: `SELECT *` omits it (MySQL, MariaDB).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invisible: bool,
    /// COMPRESSION (PostgreSQL): `pglz`, `lz4`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compression: Option<String>,
    /// STORAGE (PostgreSQL): `plain`, `external`, `extended`, `main`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage: Option<String>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What the server says of it beyond all this, in its own words, such as MariaDB's check of the
    /// column: read from a database and never from a file, so that a column is restated without loss.
    #[serde(skip)]
    pub beyond: Option<String>,
}

impl Column {
    /// A column of which nothing is said but its name and type.
    pub fn new(name: String, type_: SqlText) -> Self {
        Column {
            name,
            type_,
            nullable: None,
            default: None,
            identity: None,
            generated: None,
            check: None,
            primary_key: false,
            references: None,
            collation: None,
            charset: None,
            autoincrement: false,
            on_update: None,
            invisible: false,
            compression: None,
            storage: None,
            comment: None,
            beyond: None,
        }
    }
}

/// A foreign key inside a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The name of the constraint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The schema of the table that it references.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table that it references.
    pub table: String,
    /// The column that it references.
    pub column: String,
    /// ON DELETE: the action when the referenced row is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<super::ReferenceAction>,
    /// ON UPDATE: the action when the referenced key changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<super::ReferenceAction>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<super::Initially>,
}

/// A literal, or an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    /// A text, a number, true, false or null.
    Literal(Value),
    /// An expression, as `{sql: …}`.
    Sql(SqlText),
}

impl Serialize for DefaultValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            DefaultValue::Literal(value) => value.serialize(serializer),
            DefaultValue::Sql(sql) => serializer.collect_map([("sql", sql)]),
        }
    }
}

impl<'de> Deserialize<'de> for DefaultValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        match Value::deserialize(deserializer)? {
            Value::Object(mut map) => match map.remove("sql") {
                Some(sql) if map.is_empty() => {
                    ByDialect::deserialize(sql).map(DefaultValue::Sql).map_err(D::Error::custom)
                }
                _ => Err(D::Error::custom("an expression is written {sql: …}")),
            },
            Value::Array(_) => Err(D::Error::custom("a list is not a column value")),
            literal => Ok(DefaultValue::Literal(literal)),
        }
    }
}

impl JsonSchema for DefaultValue {
    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut sql = generator.subschema_for::<SqlText>();
        sql.insert("format".to_owned(), "sql".into());
        json_schema!({
            "description": "A literal, or an expression as {sql: …}.",
            "oneOf": [
                { "type": ["string", "number", "boolean", "null"], "format": "literal" },
                {
                    "type": "object",
                    "properties": { "sql": sql },
                    "required": ["sql"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

/// GENERATED ALWAYS or BY DEFAULT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// GENERATED ALWAYS.
    Always,
    /// GENERATED BY DEFAULT.
    ByDefault,
}

/// An identity column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// GENERATED ALWAYS or BY DEFAULT.
    pub kind: IdentityKind,
    /// The sequence behind it.
    pub sequence: SequenceOptions,
}

/// The long form of [`Identity`] in a file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Identity")]
struct IdentityMap {
    /// GENERATED ALWAYS or BY DEFAULT.
    kind: IdentityKind,
    /// The first number.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<i64>,
    /// The step.
    #[serde(skip_serializing_if = "Option::is_none")]
    increment: Option<i64>,
    /// The lowest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    /// The highest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
    /// CACHE: how many numbers a session allocates at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache: Option<i64>,
    /// CYCLE: starts again after the last number.
    #[serde(skip_serializing_if = "Option::is_none")]
    cycle: Option<bool>,
}

/// The options of a sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceOptions {
    /// The first number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<i64>,
    /// The lowest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The highest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// CACHE: how many numbers a session allocates at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<i64>,
    /// CYCLE: starts again after the last number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<bool>,
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.sequence == SequenceOptions::default() {
            return self.kind.serialize(serializer);
        }
        let SequenceOptions { start, increment, min, max, cache, cycle } = self.sequence.clone();
        IdentityMap { kind: self.kind, start, increment, min, max, cache, cycle }
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Identity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = Value::deserialize(deserializer)?;
        if value.is_string() {
            let kind = IdentityKind::deserialize(value).map_err(D::Error::custom)?;
            return Ok(Identity { kind, sequence: SequenceOptions::default() });
        }
        let IdentityMap { kind, start, increment, min, max, cache, cycle } =
            IdentityMap::deserialize(value).map_err(D::Error::custom)?;
        let sequence = SequenceOptions { start, increment, min, max, cache, cycle };
        Ok(Identity { kind, sequence })
    }
}

impl JsonSchema for Identity {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "IdentityOrKind".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let kind = generator.subschema_for::<IdentityKind>();
        let map = generator.subschema_for::<IdentityMap>();
        json_schema!({ "oneOf": [kind, map] })
    }
}

/// A generated column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    /// The expression.
    #[schemars(extend("format" = "sql"))]
    pub sql: SqlText,
    /// STORED; otherwise VIRTUAL, computed when read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stored: bool,
}

/// Adds a column to a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddColumn {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The column.
    pub column: Column,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// AFTER: the column that it follows (MySQL, MariaDB, and SQLite by a rebuild).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// FIRST: it is the first column (MySQL, MariaDB, and SQLite by a rebuild).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
}

/// Drops a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropColumn {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The column as it was, so that the downgrade can recreate it, empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Column>,
}

/// Changes a column. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlterColumn {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
    /// Its new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// Its new type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<SqlText>,
    /// USING: the expression that converts the values (PostgreSQL, and SQLite by a rebuild).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<SqlText>,
    /// NULL or NOT NULL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// Its new default; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// Its new identity; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub identity: Option<Option<Identity>>,
    /// Its new expression; `null`: it becomes an ordinary column and keeps its values.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub generated: Option<Option<Generated>>,
    /// Its new collation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<SqlText>,
    /// Its new character set (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// AUTO_INCREMENT (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autoincrement: Option<bool>,
    /// ON UPDATE: the value that an UPDATE of the row sets (MySQL, MariaDB); `null`: nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub on_update: Option<Option<SqlText>>,
    /// Its new comment; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub comment: Option<Option<String>>,
    /// AFTER: the column that it is moved after (MySQL, MariaDB, and SQLite by a rebuild).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// FIRST: it becomes the first column (MySQL, MariaDB, and SQLite by a rebuild).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
    /// The previous values of what changes, for the downgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ColumnBefore>,
}

/// What a column was before a change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnBefore {
    /// Its type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<SqlText>,
    /// USING: the expression that converts the values back.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<SqlText>,
    /// NULL or NOT NULL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// Its default; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// Its identity; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub identity: Option<Option<Identity>>,
    /// Its expression; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub generated: Option<Option<Generated>>,
    /// Its collation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<SqlText>,
    /// Its character set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// AUTO_INCREMENT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autoincrement: Option<bool>,
    /// ON UPDATE: the value that an UPDATE of the row set; `null`: nothing.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub on_update: Option<Option<SqlText>>,
    /// Its comment; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub comment: Option<Option<String>>,
    /// The column that it followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Whether it was the first column.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
}

/// A key whose value may be null, which is not the same as a key that is left out.
pub(super) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Values by column.
pub type Row = Entries<Value>;
