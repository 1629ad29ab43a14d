//! Constraints made, dropped and renamed.

use super::column::has_primary_key;
use super::{Change, SchemaMismatch};
use crate::model::ImplicitIndex;
use crate::model::operation::{
    Constraint, ConstraintKind, CreateCheck, CreateExclude, CreateForeignKey, CreatePrimaryKey,
    CreateUnique, DropConstraint, RenameConstraint, TableDefinition, ValidateConstraint,
};

/// Where a constraint of a table stands.
enum Found {
    /// Among its constraints.
    Own(usize),
    /// The key inside a column.
    KeyOf(usize),
    /// The foreign key inside a column.
    ReferenceOf(usize),
    /// As a unique index, where that is all the same (MySQL, MariaDB).
    Index(usize),
}

impl Change<'_> {
    pub(super) fn create_primary_key(
        &mut self,
        create: &CreatePrimaryKey,
    ) -> Result<(), SchemaMismatch> {
        let constraint = Constraint::PrimaryKey(create.key.clone());
        self.add_constraint(create.schema.as_ref(), &create.table, constraint)
    }

    pub(super) fn create_unique(&mut self, create: &CreateUnique) -> Result<(), SchemaMismatch> {
        let constraint = Constraint::Unique(create.unique.clone());
        self.add_constraint(create.schema.as_ref(), &create.table, constraint)
    }

    pub(super) fn create_foreign_key(
        &mut self,
        create: &CreateForeignKey,
    ) -> Result<(), SchemaMismatch> {
        let constraint = Constraint::ForeignKey(create.key.clone());
        self.add_constraint(create.schema.as_ref(), &create.table, constraint)
    }

    pub(super) fn create_check(&mut self, create: &CreateCheck) -> Result<(), SchemaMismatch> {
        let constraint = Constraint::Check(create.check.clone());
        self.add_constraint(create.schema.as_ref(), &create.table, constraint)
    }

    pub(super) fn create_exclude(&mut self, create: &CreateExclude) -> Result<(), SchemaMismatch> {
        let constraint = Constraint::Exclude(create.exclude.clone());
        self.add_constraint(create.schema.as_ref(), &create.table, constraint)
    }

    fn add_constraint(
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

    /// Refuses the name that a constraint of the same kind has.
    fn is_free_name(
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

    pub(super) fn rename_constraint(
        &mut self,
        rename: &RenameConstraint,
    ) -> Result<(), SchemaMismatch> {
        let own = rename.schema.as_ref();
        let Some(known) = self.find("table", own, &rename.table)? else { return Ok(()) };
        let definition = &self.schema.tables[&known].definition;
        let Some(found) = self.constraint(definition, rename.kind, Some(&rename.name)) else {
            return Err(self.no_constraint(&known.to_string(), rename.kind, Some(&rename.name)));
        };
        if !self.same(&rename.name, &rename.to) {
            self.is_free_name("to", definition, rename.kind, &rename.to, &known.to_string())?;
        }
        let Some(table) = self.table(own, &rename.table)? else { return Ok(()) };
        match found {
            Found::Own(at) => table.definition.constraints[at].set_name(rename.to.clone()),
            Found::Index(at) => table.definition.indexes[at].name = Some(rename.to.clone()),
            Found::ReferenceOf(at) => {
                if let Some(to) = &mut table.definition.columns[at].references {
                    to.name = Some(rename.to.clone());
                }
            }
            // It has no place for a name.
            Found::KeyOf(_) => {}
        }
        Ok(())
    }

    pub(super) fn validate_constraint(
        &mut self,
        validate: &ValidateConstraint,
    ) -> Result<(), SchemaMismatch> {
        let own = validate.schema.as_ref();
        let Some(known) = self.find("table", own, &validate.table)? else { return Ok(()) };
        let definition = &self.schema.tables[&known].definition;
        let named = |name: &str| self.same(name, &validate.name);
        let at = definition.constraints.iter().position(|one| one.name().is_some_and(named));
        let Some(at) = at else {
            if definition.part_names().any(named) {
                return Ok(());
            }
            let message = format!("{known} has no constraint {}", validate.name);
            return Err(self.mismatch("name", message, ""));
        };
        if let Some(table) = self.table(own, &validate.table)? {
            match &mut table.definition.constraints[at] {
                Constraint::ForeignKey(key) => key.not_valid = false,
                Constraint::Check(check) => check.not_valid = false,
                _ => {}
            }
        }
        Ok(())
    }

    /// The constraint of this kind and name. A table has one primary key, whatever it is called.
    fn constraint(
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
            ConstraintKind::Unique if crate::text::table_owns_indexes(self.dialect) => table
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
        let words = |sql: &crate::model::SqlText| -> Option<Vec<String>> {
            let tokens = crate::text::tokens(dialect, sql.get(dialect)?);
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

    fn no_constraint(
        &self,
        table: &str,
        kind: ConstraintKind,
        name: Option<&str>,
    ) -> SchemaMismatch {
        let name = name.map(|name| format!(" {name}")).unwrap_or_default();
        self.mismatch("name", format!("{table} has no {}{name}", kind.noun()), "")
    }
}

fn drop_at<T>(parts: &mut Vec<T>, at: usize) {
    parts.remove(at);
}
