//! Whether the definition of a table agrees with itself, and its foreign keys with other tables.

use super::{Change, SchemaMismatch};
use crate::model::operation::{Constraint, ForeignKey, Index, TableDefinition};

impl Change<'_> {
    /// Refuses a new table that contradicts itself.
    pub(super) fn check_definition(
        &self,
        table: &TableDefinition,
        own: Option<&String>,
        name: &str,
    ) -> Result<(), SchemaMismatch> {
        let mut key = None;
        for (at, column) in table.columns.iter().enumerate() {
            if table.column_at(self.dialect, &column.name) != Some(at) {
                let message = format!("there are two columns {}", column.name);
                return Err(self.mismatch(
                    &format!("columns.{at}.name"),
                    message,
                    "give one another name",
                ));
            }
            if column.primary_key {
                let part = format!("columns.{at}.primary_key");
                if key.replace(part.clone()).is_some() {
                    let hint = "a key of several columns is one of the `constraints`";
                    return Err(self.mismatch(&part, "there are two primary keys", hint));
                }
            }
            if let Some(to) = &column.references {
                let part = format!("columns.{at}.references");
                let columns = std::slice::from_ref(&to.column);
                self.check_referred(
                    &part,
                    to.schema.as_ref(),
                    &to.table,
                    columns,
                    (table, own, name),
                )?;
            }
        }
        for (at, constraint) in table.constraints.iter().enumerate() {
            let part = format!("constraints.{at}.{}", constraint.kind().word());
            if matches!(constraint, Constraint::PrimaryKey(_))
                && key.replace(part.clone()).is_some()
            {
                return Err(self.mismatch(&part, "there are two primary keys", ""));
            }
            self.check_columns(&part, table, &constraint.columns())?;
            if let Constraint::ForeignKey(foreign) = constraint {
                let part = format!("{part}.references");
                self.check_foreign_key(&part, foreign, (table, own, name))?;
            }
        }
        for (at, index) in table.indexes.iter().enumerate() {
            self.check_index(&format!("indexes.{at}"), table, index)?;
        }
        // Each kind of constraint may have names of its own (MySQL); the server tells where it has not.
        let named = |one: &Constraint| one.name().map(|name| (Some(one.kind()), name.to_owned()));
        let indexes = table.indexes.iter().filter_map(|index| Some((None, index.name.clone()?)));
        let names: Vec<_> = table.constraints.iter().filter_map(named).chain(indexes).collect();
        let again = |at: usize| {
            let (kind, name) = &names[at];
            names[..at].iter().any(|(before, known)| before == kind && self.same(known, name))
        };
        match (1..names.len()).find(|&at| again(at)) {
            Some(at) => {
                let (kind, name) = &names[at];
                let part = kind.map_or("indexes", |_| "constraints");
                let message = format!("two of the {part} are called {name}");
                Err(self.mismatch(part, message, "give one another name"))
            }
            None => Ok(()),
        }
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

    pub(super) fn check_index(
        &self,
        part: &str,
        table: &TableDefinition,
        index: &Index,
    ) -> Result<(), SchemaMismatch> {
        let columns: Vec<&str> = index.column_names().collect();
        self.check_columns(part, table, &columns)
    }

    /// Refuses a foreign key that cannot refer to what it says; `part` is where it says that, `holder`
    /// the table that has it.
    pub(super) fn check_foreign_key(
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
                Err(mismatch) if crate::text::needs_referred_table(self.dialect) => {
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
}

/// A hint: which columns there are.
pub(super) fn has(table: &TableDefinition) -> String {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    format!("its columns are {}", names.join(", "))
}
