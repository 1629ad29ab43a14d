//! Rows and comments: the columns that they name must be there.

use super::{Change, SchemaMismatch};
use crate::model::operation::{
    Backfill, BulkInsert, CommentObject, Program, SetComment, TableDefinition,
};

impl Change<'_> {
    pub(super) fn rows(&mut self, rows: &BulkInsert) -> Result<(), SchemaMismatch> {
        let listed = |name: &str| rows.columns.iter().any(|(column, _)| self.same(column, name));
        for (at, row) in rows.rows.iter().enumerate() {
            if let Some((name, _)) = row.iter().find(|(name, _)| !listed(name)) {
                let message = format!("the column {name} is not among `columns`");
                let hint = "add it there with its type";
                return Err(self.mismatch(&format!("rows.{at}.{name}"), message, hint));
            }
        }
        if let Some(at) = rows.key.iter().position(|name| !listed(name)) {
            let message = format!("the column {} is not among `columns`", rows.key[at]);
            return Err(self.mismatch(&format!("key.{at}"), message, "add it there with its type"));
        }
        let columns: Vec<&str> = rows.columns.iter().map(|(name, _)| name).collect();
        self.has_columns("columns", rows.schema.as_ref(), &rows.table, &columns, true)
    }

    pub(super) fn backfill(&mut self, backfill: &Backfill) -> Result<(), SchemaMismatch> {
        if backfill.set.is_empty() {
            return Err(self.mismatch(
                "set",
                "it sets nothing",
                "give the new values of the columns",
            ));
        }
        if backfill.key.is_empty() {
            let hint = "name the columns of a unique key, which orders the rows";
            return Err(self.mismatch("key", "it has no key", hint));
        }
        let (own, table) = (backfill.schema.as_ref(), &backfill.table);
        let key: Vec<&str> = backfill.key.iter().map(String::as_str).collect();
        self.has_columns("key", own, table, &key, false)?;
        let set: Vec<&str> = backfill.set.iter().map(|(name, _)| name).collect();
        self.has_columns("set", own, table, &set, true)?;
        let down: Vec<&str> = backfill.down.iter().map(|(name, _)| name).collect();
        self.has_columns("down", own, table, &down, true)
    }

    pub(super) fn program(&self, program: &Program) -> Result<(), SchemaMismatch> {
        if program.command.is_empty() {
            return Err(self.mismatch("command", "it has no command", "name the program to run"));
        }
        Ok(())
    }

    /// Refuses columns that a known table does not have; `named`: each is a part by its name.
    fn has_columns(
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

    pub(super) fn comment(&mut self, set: &SetComment) -> Result<(), SchemaMismatch> {
        let own = set.schema.as_ref();
        let (dialect, to) = (self.dialect, set.comment.clone());
        match set.on {
            CommentObject::Table => {
                if let Some(name) = self.find("name", own, &set.name)? {
                    self.change(own, &name.name, |table| table.comment = to)?;
                }
            }
            CommentObject::Column => {
                let Some(table) = &set.table else {
                    let hint = "name its table in `table`";
                    return Err(self.mismatch("table", "a column belongs to a table", hint));
                };
                if self.schema.table(dialect, own.map(String::as_str), table).is_none() {
                    // Views have columns, too.
                    return self.is_there("table", own, table);
                }
                self.has_columns("name", own, table, &[&set.name], false).map_err(|mismatch| {
                    SchemaMismatch { path: format!("{}.name", self.kind), ..mismatch }
                })?;
                self.change(own, table, |table| {
                    if let Some(at) = table.column_at(dialect, &set.name) {
                        table.columns[at].comment = to;
                    }
                })?;
            }
            CommentObject::Index => {
                let dialect = self.dialect;
                for table in self.schema.tables.values_mut() {
                    for index in &mut table.definition.indexes {
                        let called =
                            |name: &String| crate::text::same_part(dialect, name, &set.name);
                        if index.name.as_ref().is_some_and(called) {
                            index.comment.clone_from(&to);
                        }
                    }
                }
            }
            CommentObject::View | CommentObject::MaterializedView => {
                self.is_there("name", own, &set.name)?;
            }
            _ => {
                if let Some(table) = &set.table {
                    self.is_there("table", own, table)?;
                }
            }
        }
        Ok(())
    }

    fn change(
        &mut self,
        own: Option<&String>,
        name: &str,
        change: impl FnOnce(&mut TableDefinition),
    ) -> Result<(), SchemaMismatch> {
        if let Some(table) = self.table(own, name)? {
            change(&mut table.definition);
        }
        Ok(())
    }
}
