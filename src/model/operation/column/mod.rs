//! Columns: what they hold, how they come and go.

mod alter;
mod value;

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Own, Part, Touch};
use super::reverse::{dropped, is_new};
use super::schema_change::{SchemaChange, has, has_primary_key};
use super::summary::{of, text, value};
use super::texts::texts;
use super::validate::Validation;
use super::was::{other_default, other_type};
use super::{
    Constraint, Initially, Irreversible, Operation, ReferenceAction, Rules, SchemaMismatch,
    TableDefinition, given,
};
use crate::model::{ByDialect, Schema, SqlText};
use crate::text::{self, Dialect};

pub use alter::{AlterColumn, ColumnChange};
pub use value::{DefaultValue, Generated, Identity, IdentityKind, Row};

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
    pub(super) fn rename(&mut self, dialect: Dialect, from: &str, to: &str) {
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
    pub(super) fn validate(&self, check: &mut Validation<'_>) {
        let null = DefaultValue::Literal(serde_json::Value::Null);
        check.at_most_one(&[
            ("default", self.default.as_ref().is_some_and(|default| *default != null)),
            ("identity", self.identity.is_some()),
            ("generated", self.generated.is_some()),
        ]);
    }

    fn summary(&self) -> String {
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

impl Rules for AddColumn {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        is_new(Self::KIND, self.if_not_exists)?;
        Ok(vec![Operation::DropColumn(DropColumn {
            schema: self.schema.clone(),
            table: self.table.clone(),
            column: self.column.name.clone(),
            if_exists: false,
            cascade: false,
            was: Some(self.column.clone()),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.part("column", "column", |check| self.column.validate(check));
        check.at_most_one(&[("after", self.after.is_some()), ("first", self.first)]);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        let Some(name) = change.find("table", own, &self.table)? else { return Ok(()) };
        let mut table = change.schema.tables[&name].definition.clone();
        if table.column_at(change.dialect, &self.column.name).is_some() {
            if self.if_not_exists {
                return Ok(());
            }
            let message = format!("{name} has a column {} already", self.column.name);
            return Err(change.mismatch("column.name", message, "choose another name"));
        }
        if self.column.primary_key && has_primary_key(&table) {
            let message = format!("{name} has a primary key already");
            return Err(change.mismatch("column.primary_key", message, ""));
        }
        let to = change.place(&table, self.first, self.after.as_ref())?;
        table.columns.insert(to.unwrap_or(table.columns.len()), self.column.clone());
        if let Some(to) = &self.column.references {
            let columns = std::slice::from_ref(&to.column);
            let holder = (&table, own, self.table.as_str());
            change.check_referred(
                "column.references",
                to.schema.as_ref(),
                &to.table,
                columns,
                holder,
            )?;
        }
        change.put(own, &self.table, table)
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.on(own, &self.table);
        touch.write_column(own, &self.table, &self.column.name);
        touch.column_parts(own, &self.table, &self.column);
        if let Some(after) = &self.after {
            touch.read_column(own, &self.table, after);
        }
    }

    fn summary(&self) -> String {
        let table = of(self.schema.as_ref(), &self.table);
        format!("{table}.{}", self.column.summary())
    }
    texts!(column);
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

impl Rules for DropColumn {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let column = dropped(Self::KIND, "column", &self.was, self.cascade)?;
        if column.name != self.column {
            let reason = format!("its `was` is of {}, not of {}", column.name, self.column);
            return Err(Irreversible::new(Self::KIND, &reason));
        }
        Ok(vec![Operation::AddColumn(AddColumn {
            column,
            schema: self.schema.clone(),
            table: self.table.clone(),
            if_not_exists: false,
            after: None,
            first: false,
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        if let Some(was) = &self.was {
            check.part("was", "was", |check| was.validate(check));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        let Some(name) = change.find("table", own, &self.table)? else { return Ok(()) };
        let mut table = change.schema.tables[&name].definition.clone();
        let Some(at) = table.column_at(change.dialect, &self.column) else {
            if self.if_exists || !table.names_all_columns() {
                return Ok(());
            }
            return Err(change.no_column("column", &name.to_string(), &self.column, &table));
        };
        table.columns.remove(at);
        drop_from_parts(&mut table, change.dialect, &self.column);
        change.reword(&self.column);
        change.put(own, &self.table, table)
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.on(own, &self.table);
        touch.write_column(own, &self.table, &self.column);
        // A key may go with it.
        touch.write(ObjectClass::Relation, own, &self.table, Part::Keys);
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        format!("{}.{}", of(self.schema.as_ref(), &self.table), self.column)
    }
    texts!(was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, schema: &Schema, dialect: Dialect) -> Option<String> {
        let was = self.was.as_ref()?;
        if was.name != self.column {
            return Some(format!("`was` is of {}, not of {}", was.name, self.column));
        }
        let (_, table) = schema.table(dialect, self.schema.as_deref(), &self.table)?;
        let table = &table.definition;
        let known = &table.columns[table.column_at(dialect, &self.column)?];
        differs(known, was, dialect).or_else(|| taken_along(table, was, dialect))
    }
}

impl SchemaChange<'_> {
    /// Where a column goes; `None`: nothing was said.
    fn place(
        &self,
        table: &TableDefinition,
        first: bool,
        after: Option<&String>,
    ) -> Result<Option<usize>, SchemaMismatch> {
        match (first, after) {
            (true, Some(_)) => {
                Err(self.mismatch("after", "a column cannot be both first and after another", ""))
            }
            (true, None) => Ok(Some(0)),
            (false, None) => Ok(None),
            (false, Some(after)) => match table.column_at(self.dialect, after) {
                Some(at) => Ok(Some(at + 1)),
                None if !table.names_all_columns() => Ok(None),
                None => {
                    let message = format!("there is no other column {after}");
                    Err(self.mismatch("after", message, &has(table)))
                }
            },
        }
    }
}

/// What a column takes along from the constraints and indexes that name it.
fn drop_from_parts(table: &mut TableDefinition, dialect: Dialect, column: &str) {
    let is_it = |name: &str| text::same_part(dialect, name, column);
    if !text::table_owns_indexes(dialect) {
        table.constraints.retain(|constraint| !constraint.columns().into_iter().any(is_it));
        table.indexes.retain(|index| !index.column_names().any(is_it));
        return;
    }
    for constraint in &mut table.constraints {
        match constraint {
            Constraint::PrimaryKey(key) => key.columns.retain(|name| !is_it(name)),
            Constraint::Unique(unique) => unique.columns.retain(|name| !is_it(name)),
            _ => {}
        }
    }
    table.constraints.retain(|constraint| match constraint {
        Constraint::PrimaryKey(key) => !key.columns.is_empty(),
        Constraint::Unique(unique) => !unique.columns.is_empty(),
        other => !other.columns().into_iter().any(is_it),
    });
    for index in &mut table.indexes {
        index.columns.retain(|part| !part.column().is_some_and(is_it));
    }
    table.indexes.retain(|index| !index.columns.is_empty());
}

impl Touch {
    /// What a column rests on beside its table.
    pub(super) fn column_parts(&mut self, own: Own<'_>, table: &str, column: &Column) {
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
pub(super) fn differs(known: &Column, was: &Column, dialect: Dialect) -> Option<String> {
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

/// What goes with a column and does not come back with it.
fn taken_along(table: &TableDefinition, was: &Column, dialect: Dialect) -> Option<String> {
    let is_it = |name: &str| text::same_part(dialect, name, &was.name);
    let lost = |one: &&Constraint| {
        let back = match one {
            Constraint::PrimaryKey(_) => was.primary_key,
            Constraint::ForeignKey(_) => was.references.is_some(),
            _ => false,
        };
        let columns = one.columns();
        columns.iter().any(|name| is_it(name)) && !(back && columns.len() == 1)
    };
    let constraint = table.constraints.iter().find(lost).map(|one| ("constraint", one.name()));
    let index = || {
        let index = table.indexes.iter().find(|index| index.column_names().any(is_it));
        index.map(|index| ("index", index.name.as_deref()))
    };
    let (what, name) = constraint.or_else(index)?;
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    Some(format!(
        "the {what}{name} is dropped with {} and not restored with it: drop it first",
        was.name
    ))
}

/// Gives a name another if it is this one.
pub(super) fn rename_one(dialect: Dialect, name: &mut String, from: &str, to: &str) {
    if text::same_part(dialect, name, from) {
        to.clone_into(name);
    }
}

pub(super) fn rename_all<'a>(
    dialect: Dialect,
    names: impl IntoIterator<Item = &'a mut String>,
    from: &str,
    to: &str,
) {
    names.into_iter().for_each(|name| rename_one(dialect, name, from, to));
}

/// Replaces a name in what the dialect is told.
pub(super) fn rename_in(dialect: Dialect, sql: &mut SqlText, from: &str, to: &str) {
    match sql {
        ByDialect::All(sql) => *sql = text::rename_in(dialect, sql, from, to),
        ByDialect::Each(texts) => {
            for (own, sql) in texts {
                *sql = text::rename_in(*own, sql, from, to);
            }
        }
    }
}
