//! Indexes. They may stand on a materialized view, of whose indexes nothing is known.

mod definition;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Part, Touch};
use super::reverse::{dropped, is_new};
use super::schema_change::SchemaChange;
use super::summary::{of, on};
use super::texts::texts;
use super::validate::Validation;
use super::was::other_name;
use super::{Constraint, Irreversible, Operation, Rules, SchemaMismatch, TableDefinition};
use crate::model::{Name, Schema};
use crate::text::{self, Dialect, Effect};

pub use definition::*;
pub(super) use definition::{differs, validate_all};

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

impl Rules for CreateIndex {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        is_new(Self::KIND, self.if_not_exists)?;
        let Some(name) = self.index.name.clone() else {
            let reason = "it has no name: give it one, or write the `down`";
            return Err(Irreversible::new(Self::KIND, reason));
        };
        Ok(vec![Operation::DropIndex(DropIndex {
            schema: self.schema.clone(),
            table: self.table.clone(),
            name,
            if_exists: false,
            concurrently: self.concurrently,
            cascade: false,
            algorithm: self.algorithm.clone(),
            lock: self.lock.clone(),
            was: Some(self.index.clone()),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        self.index.validate(check);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        let Some(known) = change.find_indexed(own, &self.table)? else { return Ok(()) };
        let definition = &change.schema.tables[&known].definition;
        let name = self.index.name.as_ref();
        let there = |name: &&String| {
            change.holder(&known, name).is_some() || change.unique(&known, name).is_some()
        };
        if let Some(name) = name.filter(there) {
            if self.if_not_exists {
                return Ok(());
            }
            let message = format!("there is an index {name} already");
            return Err(change.mismatch("name", message, "choose another name"));
        }
        let mut columns = self.index.column_names();
        let missing = columns.find(|column| definition.column_at(change.dialect, column).is_none());
        if let (Some(column), true) = (missing, definition.names_all_columns()) {
            return Err(change.no_column("columns", &known.to_string(), column, definition));
        }
        if let Some(table) = change.schema.tables.get_mut(&known) {
            table.definition.indexes.push(self.index.clone());
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.on(self.schema.as_ref(), &self.table);
        touch.index_parts(self.schema.as_ref(), &self.table, &self.index);
    }

    fn summary(&self) -> String {
        let concurrently = if self.concurrently { ", concurrently" } else { "" };
        let table = of(self.schema.as_ref(), &self.table);
        format!("{}{concurrently}", self.index.summary(&table))
    }
    texts!(index as "");
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

impl Rules for DropIndex {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let mut index = dropped(Self::KIND, "index", &self.was, self.cascade)?;
        if index.name.as_ref().is_some_and(|name| *name != self.name) {
            return Err(Irreversible::new(Self::KIND, "its `was` has another name"));
        }
        index.name = Some(self.name.clone());
        Ok(vec![Operation::CreateIndex(CreateIndex {
            index,
            schema: self.schema.clone(),
            table: self.table.clone(),
            if_not_exists: false,
            concurrently: self.concurrently,
            only: false,
            algorithm: self.algorithm.clone(),
            lock: self.lock.clone(),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        if let Some(was) = &self.was {
            check.part("was", "was", |check| was.validate(check));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let Some(known) = change.find_indexed(self.schema.as_ref(), &self.table)? else {
            return Ok(());
        };
        let at = change.index(&known, &self.name);
        let unique = change.unique(&known, &self.name);
        let Some(table) = change.schema.tables.get_mut(&known) else { return Ok(()) };
        match (at, unique) {
            (Some(at), _) => {
                table.definition.indexes.remove(at);
            }
            (None, Some(at)) => {
                table.definition.constraints.remove(at);
            }
            (None, None) if self.if_exists => {}
            (None, None) => return change.no_index(&known, &self.name),
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.on(self.schema.as_ref(), &self.table);
        touch.index_name(self.schema.as_ref(), &self.table, &self.name);
        // A unique index may be what foreign keys rest on.
        touch.write(ObjectClass::Relation, self.schema.as_ref(), &self.table, Part::Keys);
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        on(&self.name, self.schema.as_ref(), &self.table)
    }
    texts!(was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, schema: &Schema, dialect: Dialect) -> Option<String> {
        let was = self.was.as_ref()?;
        other_name(was.name.as_deref(), Some(&self.name)).or_else(|| {
            let (_, table) = schema.table(dialect, self.schema.as_deref(), &self.table)?;
            let called = |index: &&Index| {
                index.name.as_deref().is_some_and(|name| text::same_part(dialect, name, &self.name))
            };
            differs(table.definition.indexes.iter().find(called)?, was, dialect)
        })
    }
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

impl Rules for RenameIndex {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::RenameIndex(RenameIndex {
            schema: self.schema.clone(),
            table: self.table.clone(),
            name: self.to.clone(),
            to: self.name.clone(),
        })])
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let Some(known) = change.find_indexed(self.schema.as_ref(), &self.table)? else {
            return Ok(());
        };
        if !change.same(&self.name, &self.to) && change.holder(&known, &self.to).is_some() {
            let message = format!("there is an index {} already", self.to);
            return Err(change.mismatch("to", message, "choose another name"));
        }
        let at = change.index(&known, &self.name);
        let unique = change.unique(&known, &self.name);
        let Some(table) = change.schema.tables.get_mut(&known) else { return Ok(()) };
        match (at, unique) {
            (Some(at), _) => table.definition.indexes[at].name = Some(self.to.clone()),
            (None, Some(at)) => table.definition.constraints[at].set_name(self.to.clone()),
            (None, None) => return change.no_index(&known, &self.name),
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.on(self.schema.as_ref(), &self.table);
        touch.index_name(self.schema.as_ref(), &self.table, &self.name);
        touch.index_name(self.schema.as_ref(), &self.table, &self.to);
    }

    fn summary(&self) -> String {
        let table = of(self.schema.as_ref(), &self.table);
        format!("{} to {} on {table}", self.name, self.to)
    }
}

impl SchemaChange<'_> {
    pub(super) fn check_index(
        &self,
        part: &str,
        table: &TableDefinition,
        index: &Index,
    ) -> Result<(), SchemaMismatch> {
        let columns: Vec<&str> = index.column_names().collect();
        self.check_columns(part, table, &columns)
    }

    /// The table that is known; a view is as good as one that is not.
    fn find_indexed(
        &self,
        own: Option<&String>,
        table: &str,
    ) -> Result<Option<Name>, SchemaMismatch> {
        self.is_there("table", own, table)?;
        let known = self.schema.table(self.dialect, own.map(String::as_str), table);
        Ok(known.map(|(name, _)| name.clone()))
    }

    fn index(&self, table: &Name, name: &str) -> Option<usize> {
        self.schema
            .tables
            .get(table)?
            .definition
            .indexes
            .iter()
            .position(|index| self.called(index, name))
    }

    /// The unique constraint of that name, where it is an index like others.
    fn unique(&self, table: &Name, name: &str) -> Option<usize> {
        let table = self.schema.tables.get(table)?;
        let is_it = |one: &Constraint| {
            matches!(one, Constraint::Unique(_))
                && one.name().is_some_and(|own| self.same(own, name))
        };
        if !text::table_owns_indexes(self.dialect) {
            return None;
        }
        table.definition.constraints.iter().position(is_it)
    }

    /// The table that has an index of this name, in the space of names that it shares.
    fn holder(&self, table: &Name, name: &str) -> Option<&Name> {
        let has = |indexes: &[Index]| indexes.iter().any(|index| self.called(index, name));
        let owns = text::table_owns_indexes(self.dialect);
        let mut tables = self.schema.tables.iter();
        tables
            .find(|(other, other_table)| {
                has(&other_table.definition.indexes)
                    && if owns { *other == table } else { other.schema == table.schema }
            })
            .map(|(other, _)| other)
    }

    fn called(&self, index: &Index, name: &str) -> bool {
        index.name.as_ref().is_some_and(|own| self.same(own, name))
    }

    /// MySQL makes an index for a foreign key by itself, of which nothing is known.
    fn no_index(&self, table: &Name, name: &str) -> Result<(), SchemaMismatch> {
        if text::table_owns_indexes(self.dialect) {
            return Ok(());
        }
        Err(self.mismatch("name", format!("{table} has no index {name}"), ""))
    }
}
