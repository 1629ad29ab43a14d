//! Columns: what they hold, how they come and go.

mod alter;
mod definition;
mod value;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Part, Touch};
use super::reverse::{dropped, is_new};
use super::schema_change::{SchemaChange, has, has_primary_key};
use super::summary::of;
use super::texts::texts;
use super::validate::Validation;
use super::{Constraint, Index, Irreversible, Operation, Rules, SchemaMismatch, TableDefinition};
use crate::model::Schema;
use crate::text::{self, Dialect, Effect};

pub use alter::{AlterColumn, ColumnChange};
pub use definition::{Column, Reference};
pub(super) use definition::{differs, rename_all, rename_in, rename_one};
pub use value::{DefaultValue, Generated, Identity, IdentityKind, Row};

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

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
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

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
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
    // Where a check is left, the server refuses to drop the column.
    let is_checked = |one: &&Constraint| match one {
        Constraint::Check(check) if text::table_owns_indexes(dialect) => check
            .sql
            .get(dialect)
            .is_some_and(|sql| text::names_in(dialect, sql).iter().any(|name| is_it(name))),
        _ => false,
    };
    let constraints = table.constraints.iter().filter(|one| lost(one) || is_checked(one));
    let constraint = constraints.map(|one| ("constraint", one.name())).next();
    let index = || {
        // The server makes one for a foreign key by itself, and gives it the key's name.
        let own = was.references.as_ref().and_then(|to| to.name.as_deref());
        let is_own = |index: &&Index| own.is_some() && index.name.as_deref() == own;
        let mut indexes = table.indexes.iter().filter(|index| !is_own(index));
        let index = indexes.find(|index| index.column_names().any(is_it));
        index.map(|index| ("index", index.name.as_deref()))
    };
    let (what, name) = constraint.or_else(index)?;
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    Some(format!(
        "the {what}{name} is dropped with {} and not restored with it: drop it first",
        was.name
    ))
}
