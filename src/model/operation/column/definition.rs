//! What columns are made of.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DefaultValue, Generated, Identity};
use crate::model::operation::footprint::{ObjectClass, Own, Part, Touch};
use crate::model::operation::summary::{of, text, value};
use crate::model::operation::texts::texts;
use crate::model::operation::validate::Validation;
use crate::model::operation::was::{other_default, other_type};
use crate::model::operation::{Initially, ReferenceAction, given};
use crate::model::{ByDialect, SqlText};
use crate::text::{self, Dialect};

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

texts!(Column {
    type_ as "type": Type,
    default,
    generated,
    check,
    collation: Word,
    on_update: Word,
});

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

    /// Gives a column of its table another name, wherever this one names it.
    pub(in crate::model::operation) fn rename(&mut self, dialect: Dialect, from: &str, to: &str) {
        rename_one(dialect, &mut self.name, from, to);
        if let Some(generated) = &mut self.generated {
            rename_in(dialect, &mut generated.sql, from, to);
        }
        if let Some(DefaultValue::Sql(sql)) = &mut self.default {
            rename_in(dialect, sql, from, to);
        }
        if let Some(sql) = &mut self.check {
            rename_in(dialect, sql, from, to);
        }
    }

    /// Notes what cannot be right about it.
    pub(in crate::model::operation) fn validate(&self, check: &mut Validation<'_>) {
        let null = DefaultValue::Literal(serde_json::Value::Null);
        check.at_most_one(&[
            ("default", self.default.as_ref().is_some_and(|default| *default != null)),
            ("identity", self.identity.is_some()),
            ("generated", self.generated.is_some()),
        ]);
    }

    pub(super) fn summary(&self) -> String {
        let mut said = format!("{} {}", self.name, text(&self.type_));
        if self.nullable == Some(false) {
            said.push_str(", not null");
        }
        if let Some(default) = &self.default {
            let _ = write!(said, ", default {}", value(default));
        }
        if let Some(references) = &self.references {
            let to = of(references.schema.as_ref(), &references.table);
            let _ = write!(said, ", references {to} ({})", references.column);
        }
        for (is, word) in [
            (self.primary_key, "primary key"),
            (self.identity.is_some(), "identity"),
            (self.generated.is_some(), "generated"),
            (self.autoincrement, "autoincrement"),
        ] {
            if is {
                let _ = write!(said, ", {word}");
            }
        }
        said
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
    pub on_delete: Option<ReferenceAction>,
    /// ON UPDATE: the action when the referenced key changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ReferenceAction>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
}

impl Touch {
    /// What a column rests on beside its table.
    pub(in crate::model::operation) fn column_parts(
        &mut self,
        own: Own<'_>,
        table: &str,
        column: &Column,
    ) {
        if column.primary_key {
            self.write(ObjectClass::Relation, own, table, Part::Keys);
        }
        if let Some(to) = &column.references {
            let name = to.name.as_deref();
            let columns = std::slice::from_ref(&to.column);
            self.refers(to.schema.as_ref(), &to.table, columns, name);
            name.into_iter().for_each(|name| self.constraint_name(own, table, name));
        }
    }
}

/// What a column that is known has otherwise than a `was` says. An identity, a check, a collation and
/// what only one dialect has are told in many words: they are not compared.
pub(in crate::model::operation) fn differs(
    known: &Column,
    was: &Column,
    dialect: Dialect,
) -> Option<String> {
    let Column {
        name,
        type_,
        nullable,
        default,
        generated,
        identity: _,
        check: _,
        primary_key: _,
        references: _,
        collation: _,
        charset: _,
        autoincrement: _,
        on_update: _,
        invisible: _,
        compression: _,
        storage: _,
        comment: _,
        beyond: _,
    } = known;
    if other_type(type_, &was.type_, dialect) {
        return Some(format!("the type of {name} is another"));
    }
    if matches!((nullable, was.nullable), (Some(known), Some(was)) if *known != was) {
        return Some(format!("`was` differs in whether {name} may be NULL"));
    }
    if other_default(default.as_ref(), was.default.as_ref()) {
        return Some(format!("the default of {name} is another"));
    }
    (generated.is_some() != was.generated.is_some())
        .then(|| format!("`was` differs in whether {name} is generated"))
}

/// Gives a name another if it is this one.
pub(in crate::model::operation) fn rename_one(
    dialect: Dialect,
    name: &mut String,
    from: &str,
    to: &str,
) {
    if text::same_part(dialect, name, from) {
        to.clone_into(name);
    }
}

pub(in crate::model::operation) fn rename_all<'a>(
    dialect: Dialect,
    names: impl IntoIterator<Item = &'a mut String>,
    from: &str,
    to: &str,
) {
    names.into_iter().for_each(|name| rename_one(dialect, name, from, to));
}

/// Replaces a name in what the dialect is told.
pub(in crate::model::operation) fn rename_in(
    dialect: Dialect,
    sql: &mut SqlText,
    from: &str,
    to: &str,
) {
    match sql {
        ByDialect::All(sql) => *sql = text::rename_in(dialect, sql, from, to),
        ByDialect::Each(texts) => {
            for (own, sql) in texts {
                *sql = text::rename_in(*own, sql, from, to);
            }
        }
    }
}
