//! Indexes made, dropped and renamed. They may stand on a materialized view, of whose indexes nothing is
//! known.

use super::{Change, SchemaMismatch};
use crate::model::Name;
use crate::model::operation::{Constraint, CreateIndex, DropIndex, Index, RenameIndex};
use crate::text;

impl Change<'_> {
    pub(super) fn create_index(&mut self, create: &CreateIndex) -> Result<(), SchemaMismatch> {
        let own = create.schema.as_ref();
        let Some(known) = self.find_indexed(own, &create.table)? else { return Ok(()) };
        let definition = &self.schema.tables[&known].definition;
        let name = create.index.name.as_ref();
        let there = |name: &&String| {
            self.holder(&known, name).is_some() || self.unique(&known, name).is_some()
        };
        if let Some(name) = name.filter(there) {
            if create.if_not_exists {
                return Ok(());
            }
            let message = format!("there is an index {name} already");
            return Err(self.mismatch("name", message, "choose another name"));
        }
        let mut columns = create.index.column_names();
        let missing = columns.find(|column| definition.column_at(self.dialect, column).is_none());
        if let (Some(column), true) = (missing, definition.names_all_columns()) {
            return Err(self.no_column("columns", &known.to_string(), column, definition));
        }
        if let Some(table) = self.schema.tables.get_mut(&known) {
            table.definition.indexes.push(create.index.clone());
        }
        Ok(())
    }

    pub(super) fn drop_index(&mut self, drop: &DropIndex) -> Result<(), SchemaMismatch> {
        let Some(known) = self.find_indexed(drop.schema.as_ref(), &drop.table)? else {
            return Ok(());
        };
        let at = self.index(&known, &drop.name);
        let unique = self.unique(&known, &drop.name);
        let Some(table) = self.schema.tables.get_mut(&known) else { return Ok(()) };
        match (at, unique) {
            (Some(at), _) => {
                table.definition.indexes.remove(at);
            }
            (None, Some(at)) => {
                table.definition.constraints.remove(at);
            }
            (None, None) if drop.if_exists => {}
            (None, None) => return self.no_index(&known, &drop.name),
        }
        Ok(())
    }

    pub(super) fn rename_index(&mut self, rename: &RenameIndex) -> Result<(), SchemaMismatch> {
        let Some(known) = self.find_indexed(rename.schema.as_ref(), &rename.table)? else {
            return Ok(());
        };
        if !self.same(&rename.name, &rename.to) && self.holder(&known, &rename.to).is_some() {
            let message = format!("there is an index {} already", rename.to);
            return Err(self.mismatch("to", message, "choose another name"));
        }
        let at = self.index(&known, &rename.name);
        let unique = self.unique(&known, &rename.name);
        let Some(table) = self.schema.tables.get_mut(&known) else { return Ok(()) };
        match (at, unique) {
            (Some(at), _) => table.definition.indexes[at].name = Some(rename.to.clone()),
            (None, Some(at)) => table.definition.constraints[at].set_name(rename.to.clone()),
            (None, None) => return self.no_index(&known, &rename.name),
        }
        Ok(())
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
