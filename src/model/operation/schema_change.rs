//! What operations make of a schema. What the schema does not know stays unknown: only what it
//! certainly contradicts is a [`SchemaMismatch`].

#[cfg(test)]
mod tests;

use super::{Constraint, Operation, TableDefinition};
use crate::model::{Name, Schema, StoredDdl, Table};
use crate::text::{self, Dialect};

/// Why an operation does not fit the schema that it meets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SchemaMismatch {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The part of the operation that does not fit, such as `drop_column.column`.
    pub path: String,
}

impl Operation {
    /// Changes a schema as the operation changes a database. What the schema does not know stays
    /// unknown.
    ///
    /// # Errors
    /// What it changes is known not to be there, or what it makes is known to be there; it contradicts
    /// itself, such as a key of a column that its table does not have.
    pub fn apply(&self, schema: &mut Schema, dialect: Dialect) -> Result<(), SchemaMismatch> {
        self.rules().apply(&mut SchemaChange { schema, dialect, kind: self.kind() })
    }
}

/// One operation on its way into a schema.
pub(super) struct SchemaChange<'a> {
    pub(super) schema: &'a mut Schema,
    pub(super) dialect: Dialect,
    pub(super) kind: &'static str,
}

impl SchemaChange<'_> {
    /// A misfit at a part of the operation.
    pub(super) fn mismatch(
        &self,
        part: &str,
        message: impl Into<String>,
        hint: &str,
    ) -> SchemaMismatch {
        let path = format!("{}.{part}", self.kind);
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        SchemaMismatch { message: message.into(), hint, path }
    }

    pub(super) fn same(&self, one: &str, other: &str) -> bool {
        text::same_part(self.dialect, one, other)
    }

    /// What became of a relation that is known to be gone.
    pub(super) fn gone(&self, name: &Name) -> Option<&str> {
        let mut gone = self.schema.gone.iter();
        gone.find(|(gone, _)| gone.is(self.dialect, name)).map(|(_, how)| how.as_str())
    }

    /// The name by which the schema knows the table; `None`: it does not know it.
    ///
    /// # Errors
    /// The table is known not to be there.
    pub(super) fn find(
        &self,
        part: &str,
        own: Option<&String>,
        table: &str,
    ) -> Result<Option<Name>, SchemaMismatch> {
        let own = own.map(String::as_str);
        if let Some((name, _)) = self.schema.table(self.dialect, own, table) {
            return Ok(Some(name.clone()));
        }
        let name = self.schema.name(own, table);
        if let Some(how) = self.gone(&name) {
            let message = format!("{name} no longer exists: it was {how}");
            return Err(self.mismatch(part, message, "check the operations before it"));
        }
        if let Some(view) = self.schema.view(self.dialect, own, table) {
            let message = format!("{} is a view, not a table", view.name);
            return Err(self.mismatch(part, message, ""));
        }
        // Of another schema only that is known of which tables are.
        let mut tables = self.schema.tables.keys();
        let is_read = name.schema.is_none() || tables.any(|known| known.schema == name.schema);
        if self.schema.complete && is_read {
            let message = format!("there is no table {name}");
            return Err(self.mismatch(part, message, "create it first, or correct the name"));
        }
        Ok(None)
    }

    /// The table, to be changed; `None`: the schema does not know it. What the database kept of its
    /// words is no longer right.
    pub(super) fn table(
        &mut self,
        own: Option<&String>,
        table: &str,
    ) -> Result<Option<&mut Table>, SchemaMismatch> {
        let Some(name) = self.find("table", own, table)? else { return Ok(None) };
        let mut table = self.schema.tables.get_mut(&name);
        if let Some(table) = &mut table {
            table.sql = None;
        }
        Ok(table)
    }

    /// Refuses a table or view that is known not to be there.
    pub(super) fn is_there(
        &self,
        part: &str,
        own: Option<&String>,
        name: &str,
    ) -> Result<(), SchemaMismatch> {
        let own_name = own.map(String::as_str);
        match self.schema.view(self.dialect, own_name, name) {
            Some(_) => Ok(()),
            None => self.find(part, own, name).map(drop),
        }
    }

    /// Refuses a name that a table or view has.
    pub(super) fn is_free(&self, part: &str, name: &Name) -> Result<(), SchemaMismatch> {
        let own = name.schema.as_deref();
        let there = if self.schema.table(self.dialect, own, &name.name).is_some() {
            "table"
        } else if self.schema.view(self.dialect, own, &name.name).is_some() {
            "view"
        } else {
            return Ok(());
        };
        let message = format!("there is a {there} {name} already");
        Err(self.mismatch(part, message, "drop it first, or choose another name"))
    }

    /// Notes that a table, view or type is there (again).
    pub(super) fn comes(&mut self, name: &Name) {
        let dialect = self.dialect;
        self.schema.gone.retain(|gone, _| !gone.is(dialect, name));
    }

    /// What the database kept of the words of views and triggers is no longer right where they name this.
    pub(super) fn reword(&mut self, word: &str) {
        let dialect = self.dialect;
        let names = |stored: &StoredDdl| {
            let names = stored.sql.as_ref().map(|sql| text::names_in(dialect, sql));
            names.is_some_and(|names| names.iter().any(|name| text::same_part(dialect, name, word)))
        };
        for stored in self.schema.views.iter_mut().chain(&mut self.schema.triggers) {
            if names(stored) {
                stored.sql = None;
            }
        }
    }

    /// Puts a changed definition in the place of the old one.
    pub(super) fn put(
        &mut self,
        own: Option<&String>,
        name: &str,
        definition: TableDefinition,
    ) -> Result<(), SchemaMismatch> {
        if let Some(table) = self.table(own, name)? {
            table.definition = definition;
        }
        Ok(())
    }

    pub(super) fn no_column(
        &self,
        part: &str,
        table: &str,
        column: &str,
        definition: &TableDefinition,
    ) -> SchemaMismatch {
        self.mismatch(part, format!("{table} has no column {column}"), &has(definition))
    }

    /// Refuses columns that the table does not have.
    pub(super) fn check_columns(
        &self,
        part: &str,
        table: &TableDefinition,
        columns: &[&str],
    ) -> Result<(), SchemaMismatch> {
        let missing = columns.iter().find(|column| table.column_at(self.dialect, column).is_none());
        match missing {
            Some(column) if table.names_all_columns() => {
                let message = format!("there is no column {column}");
                Err(self.mismatch(&format!("{part}.columns"), message, &has(table)))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_referred(
        &self,
        part: &str,
        own: Option<&String>,
        table: &str,
        columns: &[String],
        (holder, holder_schema, holder_name): (&TableDefinition, Option<&String>, &str),
    ) -> Result<(), SchemaMismatch> {
        let referred = self.schema.name(own.map(String::as_str), table);
        let itself = self.schema.name(holder_schema.map(String::as_str), holder_name);
        let definition = if referred.is(self.dialect, &itself) {
            holder
        } else {
            match self.find(&format!("{part}.table"), own, table) {
                Ok(Some(name)) => &self.schema.tables[&name].definition,
                Err(mismatch) if text::needs_referred_table(self.dialect) => {
                    return Err(mismatch);
                }
                _ => return Ok(()),
            }
        };
        let missing =
            columns.iter().find(|column| definition.column_at(self.dialect, column).is_none());
        match missing {
            Some(column) if definition.names_all_columns() => {
                let message = format!("{referred} has no column {column}");
                Err(self.mismatch(&format!("{part}.columns"), message, &has(definition)))
            }
            _ => Ok(()),
        }
    }

    /// Refuses columns that a known table does not have; `named`: each is a part by its name.
    pub(super) fn has_columns(
        &self,
        part: &str,
        own: Option<&String>,
        table: &str,
        columns: &[&str],
        named: bool,
    ) -> Result<(), SchemaMismatch> {
        self.is_there("table", own, table)?;
        let known = self.schema.table(self.dialect, own.map(String::as_str), table);
        let Some((name, known)) = known else { return Ok(()) };
        let definition = &known.definition;
        let missing = |column: &&str| definition.column_at(self.dialect, column).is_none();
        match columns.iter().position(missing) {
            Some(at) if definition.names_all_columns() => {
                let inner = if named { columns[at].to_owned() } else { at.to_string() };
                let part = format!("{part}.{inner}");
                Err(self.no_column(&part, &name.to_string(), columns[at], definition))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn drop_triggers_of(&mut self, table: &Name) {
        let dialect = self.dialect;
        let is_of = |of: &Name| of.is(dialect, table);
        self.schema.triggers.retain(|trigger| !trigger.table.as_ref().is_some_and(is_of));
    }

    /// The views that a CASCADE takes along: those that name it, and those of which nothing is known.
    pub(super) fn drop_views_on(&mut self, gone: &Name) {
        let dialect = self.dialect;
        self.schema.views.retain(|view| {
            view.sql.as_ref().is_some_and(|sql| {
                let names = text::names_in(dialect, sql);
                !names.iter().any(|name| text::same_object(dialect, name, &gone.name))
            })
        });
    }
}

/// A hint: which columns there are.
pub(super) fn has(table: &TableDefinition) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    format!("its columns are {}", names.join(", "))
}

/// Whether the table has a primary key, in a column or by itself.
pub(super) fn has_primary_key(table: &TableDefinition) -> bool {
    let by_itself = |constraint: &Constraint| matches!(constraint, Constraint::PrimaryKey(_));
    table.columns.iter().any(|column| column.primary_key) || table.constraints.iter().any(by_itself)
}
