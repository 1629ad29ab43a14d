//! How constraints are found in a table, and what becomes of it with them.

use super::{Constraint, ConstraintKind, DropConstraint, ForeignKey};
use crate::model::operation::schema_change::{SchemaChange, has_primary_key};
use crate::model::operation::{SchemaMismatch, TableDefinition};
use crate::model::{ImplicitIndex, SqlText};
use crate::text;

/// Where a constraint of a table stands.
pub(super) enum Found {
    /// Among its constraints.
    Own(usize),
    /// The key inside a column.
    KeyOf(usize),
    /// The foreign key inside a column.
    ReferenceOf(usize),
    /// As a unique index, where that is all the same (MySQL, MariaDB).
    Index(usize),
}

impl SchemaChange<'_> {
    pub(super) fn add_constraint(
        &mut self,
        own: Option<&String>,
        table: &str,
        constraint: Constraint,
    ) -> Result<(), SchemaMismatch> {
        let known = self.find("table", own, table)?;
        let nothing = TableDefinition::default();
        let definition =
            known.as_ref().map_or(&nothing, |name| &self.schema.tables[name].definition);
        if let Some(name) = &known {
            let columns = constraint.columns();
            let missing =
                columns.iter().find(|column| definition.column_at(self.dialect, column).is_none());
            if let (Some(column), true) = (missing, definition.names_all_columns()) {
                return Err(self.no_column("columns", &name.to_string(), column, definition));
            }
            if constraint.kind() == ConstraintKind::PrimaryKey && has_primary_key(definition) {
                let message = format!("{name} has a primary key already");
                return Err(self.mismatch("columns", message, "drop it first"));
            }
            if let Some(own) = constraint.name() {
                self.is_free_name("name", definition, constraint.kind(), own, &name.to_string())?;
            }
        }
        if let (Constraint::ForeignKey(key), Some(_)) = (&constraint, &known) {
            self.check_foreign_key("references", key, (definition, own, table))?;
        }
        if let Some(table) = self.table(own, table)? {
            table.definition.constraints.push(constraint);
        }
        Ok(())
    }

    pub(super) fn drop_constraint(&mut self, drop: &DropConstraint) -> Result<(), SchemaMismatch> {
        let is_key = drop.kind == ConstraintKind::PrimaryKey;
        if drop.name.is_none() && drop.was.is_none() && !is_key {
            let hint = "give its name; without one only a primary key is found, or the constraint in `was`";
            return Err(self.mismatch("name", "the constraint is not named", hint));
        }
        let own = drop.schema.as_ref();
        let Some(known) = self.find("table", own, &drop.table)? else { return Ok(()) };
        let definition = &self.schema.tables[&known].definition;
        let unnamed = || self.unnamed(definition, drop).map(Found::Own);
        let named = self.constraint(definition, drop.kind, drop.name.as_deref());
        let Some(found) = named.or_else(unnamed) else {
            if drop.if_exists {
                return Ok(());
            }
            return Err(self.no_constraint(&known.to_string(), drop.kind, drop.name.as_deref()));
        };
        let foreign = drop.name.as_deref().filter(|_| drop.kind == ConstraintKind::ForeignKey);
        let implicit_index =
            foreign.map(|key| self.schema.implicit_index(self.dialect, &known, key));
        let index = drop.name.as_deref().and_then(|name| {
            let definition = &self.schema.tables[&known].definition;
            definition
                .indexes
                .iter()
                .position(|index| index.name.as_deref().is_some_and(|own| self.same(own, name)))
        });
        let Some(table) = self.table(own, &drop.table)? else { return Ok(()) };
        match (implicit_index, index) {
            (Some(ImplicitIndex::Free), Some(at)) => drop_at(&mut table.definition.indexes, at),
            (Some(ImplicitIndex::For(other)), Some(at)) => {
                table.definition.indexes[at].name = Some(other);
            }
            _ => {}
        }
        match found {
            Found::Own(at) => drop_at(&mut table.definition.constraints, at),
            Found::Index(at) => drop_at(&mut table.definition.indexes, at),
            Found::KeyOf(at) => table.definition.columns[at].primary_key = false,
            Found::ReferenceOf(at) => table.definition.columns[at].references = None,
        }
        Ok(())
    }

    /// Refuses the name that a constraint of the same kind has.
    pub(super) fn is_free_name(
        &self,
        part: &str,
        table: &TableDefinition,
        kind: ConstraintKind,
        name: &str,
        of: &str,
    ) -> Result<(), SchemaMismatch> {
        let has_it = |one: &Constraint| {
            one.kind() == kind && one.name().is_some_and(|known| self.same(known, name))
        };
        if table.constraints.iter().any(has_it) {
            let message = format!("{of} has a {} {name} already", kind.noun());
            return Err(self.mismatch(part, message, "choose another name"));
        }
        Ok(())
    }

    /// The constraint of this kind and name. A table has one primary key, whatever it is called.
    pub(super) fn constraint(
        &self,
        table: &TableDefinition,
        kind: ConstraintKind,
        name: Option<&str>,
    ) -> Option<Found> {
        let named = |own: Option<&str>| match (own, name) {
            (Some(own), Some(name)) => self.same(own, name),
            (None, _) | (_, None) => kind == ConstraintKind::PrimaryKey,
        };
        let is_it = |one: &Constraint| one.kind() == kind && named(one.name());
        if let Some(at) = table.constraints.iter().position(is_it) {
            return Some(Found::Own(at));
        }
        let mut columns = table.columns.iter();
        match kind {
            ConstraintKind::PrimaryKey => {
                columns.position(|column| column.primary_key).map(Found::KeyOf)
            }
            ConstraintKind::ForeignKey => columns
                .position(|column| {
                    column.references.as_ref().is_some_and(|to| named(to.name.as_deref()))
                })
                .map(Found::ReferenceOf),
            ConstraintKind::Unique if text::table_owns_indexes(self.dialect) => table
                .indexes
                .iter()
                .position(|index| index.unique && named(index.name.as_deref()))
                .map(Found::Index),
            _ => None,
        }
    }

    /// The constraint without a name that is what was there, on a dialect that gives it none.
    fn unnamed(&self, table: &TableDefinition, drop: &DropConstraint) -> Option<usize> {
        let was = drop.was.as_ref().filter(|was| drop.name.is_none() && was.kind() == drop.kind)?;
        let dialect = self.dialect;
        let same = |one: &[String], other: &[String]| {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| self.same(one, other))
        };
        let words = |sql: &SqlText| -> Option<Vec<String>> {
            let tokens = text::tokens(dialect, sql.get(dialect)?);
            Some(tokens.iter().map(|token| token.text.to_owned()).collect())
        };
        table.constraints.iter().position(|one| match (one, was) {
            _ if one.name().is_some() => false,
            (Constraint::Unique(one), Constraint::Unique(was)) => same(&one.columns, &was.columns),
            (Constraint::ForeignKey(one), Constraint::ForeignKey(was)) => {
                same(&one.columns, &was.columns)
                    && self.same(&one.references.table, &was.references.table)
            }
            (Constraint::Check(one), Constraint::Check(was)) => words(&one.sql) == words(&was.sql),
            _ => false,
        })
    }

    pub(super) fn no_constraint(
        &self,
        table: &str,
        kind: ConstraintKind,
        name: Option<&str>,
    ) -> SchemaMismatch {
        let name = name.map(|name| format!(" {name}")).unwrap_or_default();
        self.mismatch("name", format!("{table} has no {}{name}", kind.noun()), "")
    }

    /// Refuses a foreign key that cannot refer to what it says; `part` is where it says that, `holder`
    /// the table that has it.
    pub(in crate::model::operation) fn check_foreign_key(
        &self,
        part: &str,
        key: &ForeignKey,
        holder: (&TableDefinition, Option<&String>, &str),
    ) -> Result<(), SchemaMismatch> {
        let to = &key.references;
        // SQLite lets the columns be left out: it is then the primary key.
        if !to.columns.is_empty() && to.columns.len() != key.columns.len() {
            let (own, referred) = (key.columns.len(), to.columns.len());
            let message = format!("{own} columns cannot refer to {referred}");
            let hint = "name one column of the other table for each of the key's";
            return Err(self.mismatch(&format!("{part}.columns"), message, hint));
        }
        self.check_referred(part, to.schema.as_ref(), &to.table, &to.columns, holder)
    }
}

fn drop_at<T>(parts: &mut Vec<T>, at: usize) {
    parts.remove(at);
}
