//! Columns added, dropped and changed.

use serde_json::Value;

use super::definition::has;
use super::{Change, SchemaMismatch};
use crate::model::operation::{
    AddColumn, AlterColumn, Column, Constraint, DefaultValue, DropColumn, TableDefinition,
};
use crate::text::{self, Dialect};

impl Change<'_> {
    pub(super) fn add_column(&mut self, add: &AddColumn) -> Result<(), SchemaMismatch> {
        let own = add.schema.as_ref();
        let Some(name) = self.find("table", own, &add.table)? else { return Ok(()) };
        let mut table = self.schema.tables[&name].definition.clone();
        if table.column_at(self.dialect, &add.column.name).is_some() {
            if add.if_not_exists {
                return Ok(());
            }
            let message = format!("{name} has a column {} already", add.column.name);
            return Err(self.mismatch("column.name", message, "choose another name"));
        }
        if add.column.primary_key && has_primary_key(&table) {
            let message = format!("{name} has a primary key already");
            return Err(self.mismatch("column.primary_key", message, ""));
        }
        let to = self.place(&table, add.first, add.after.as_ref())?;
        table.columns.insert(to.unwrap_or(table.columns.len()), add.column.clone());
        if let Some(to) = &add.column.references {
            let columns = std::slice::from_ref(&to.column);
            let holder = (&table, own, add.table.as_str());
            self.check_referred(
                "column.references",
                to.schema.as_ref(),
                &to.table,
                columns,
                holder,
            )?;
        }
        self.put(own, &add.table, table)
    }

    pub(super) fn drop_column(&mut self, drop: &DropColumn) -> Result<(), SchemaMismatch> {
        let own = drop.schema.as_ref();
        let Some(name) = self.find("table", own, &drop.table)? else { return Ok(()) };
        let mut table = self.schema.tables[&name].definition.clone();
        let Some(at) = table.column_at(self.dialect, &drop.column) else {
            if drop.if_exists || !table.names_all_columns() {
                return Ok(());
            }
            return Err(self.no_column("column", &name.to_string(), &drop.column, &table));
        };
        table.columns.remove(at);
        drop_from_parts(&mut table, self.dialect, &drop.column);
        self.reword(&drop.column);
        self.put(own, &drop.table, table)
    }

    pub(super) fn alter_column(&mut self, alter: &AlterColumn) -> Result<(), SchemaMismatch> {
        if alter.using.is_some() && alter.type_.is_none() {
            let hint = "give the type, too, even if it stays the same";
            return Err(self.mismatch("using", "`using` requires a new `type`", hint));
        }
        let own = alter.schema.as_ref();
        let Some(name) = self.find("table", own, &alter.table)? else { return Ok(()) };
        let mut table = self.schema.tables[&name].definition.clone();
        let Some(at) = table.column_at(self.dialect, &alter.column) else {
            if !table.names_all_columns() {
                return Ok(());
            }
            return Err(self.no_column("column", &name.to_string(), &alter.column, &table));
        };
        alter_attributes(&mut table.columns[at], alter);
        let column = table.columns.remove(at);
        let to = self.place(&table, alter.first, alter.after.as_ref())?;
        table.columns.insert(to.unwrap_or(at), column);
        if let Some(to) = &alter.rename {
            let taken = table.column_at(self.dialect, to).is_some();
            if taken && !self.same(to, &alter.column) {
                let message = format!("{name} has a column {to} already");
                return Err(self.mismatch("rename", message, "choose another name"));
            }
            table.rename_column(self.dialect, &alter.column, to);
            let (dialect, session) = (self.dialect, self.schema.own.clone());
            let mut rename =
                |schema: &mut Option<String>, referred: &mut String, columns: &mut [String]| {
                    let schema = schema.clone().filter(|schema| Some(schema) != session.as_ref());
                    let referred = crate::model::Name { schema, name: referred.clone() };
                    let mut renamed = false;
                    for column in columns.iter_mut().filter(|_| referred.is(dialect, &name)) {
                        if text::same_part(dialect, column, &alter.column) {
                            column.clone_from(to);
                            renamed = true;
                        }
                    }
                    renamed
                };
            table.change_referred(&mut rename);
            for other in self.schema.tables.values_mut() {
                if other.definition.change_referred(&mut rename) {
                    other.sql = None;
                }
            }
            self.reword(&alter.column);
        }
        self.put(own, &alter.table, table)
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

    pub(super) fn no_column(
        &self,
        part: &str,
        table: &str,
        column: &str,
        definition: &TableDefinition,
    ) -> SchemaMismatch {
        self.mismatch(part, format!("{table} has no column {column}"), &has(definition))
    }
}

/// Whether the table has a primary key, in a column or by itself.
pub(super) fn has_primary_key(table: &TableDefinition) -> bool {
    let by_itself = |constraint: &Constraint| matches!(constraint, Constraint::PrimaryKey(_));
    table.columns.iter().any(|column| column.primary_key) || table.constraints.iter().any(by_itself)
}

fn alter_attributes(column: &mut Column, alter: &AlterColumn) {
    fn set<T: Clone>(own: &mut Option<T>, to: Option<&T>) {
        if to.is_some() {
            *own = to.cloned();
        }
    }
    if let Some(type_) = &alter.type_ {
        column.type_.clone_from(type_);
    }
    set(&mut column.nullable, alter.nullable.as_ref());
    match &alter.default {
        Some(DefaultValue::Literal(Value::Null)) => column.default = None,
        default => set(&mut column.default, default.as_ref()),
    }
    if let Some(identity) = &alter.identity {
        column.identity.clone_from(identity);
    }
    if let Some(generated) = &alter.generated {
        column.generated.clone_from(generated);
    }
    // Each of the two says what the other may be.
    if alter.collation.is_some() || alter.charset.is_some() {
        column.collation.clone_from(&alter.collation);
        column.charset.clone_from(&alter.charset);
    }
    column.autoincrement = alter.autoincrement.unwrap_or(column.autoincrement);
    if let Some(on_update) = &alter.on_update {
        column.on_update.clone_from(on_update);
    }
    if let Some(comment) = &alter.comment {
        column.comment.clone_from(comment);
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
