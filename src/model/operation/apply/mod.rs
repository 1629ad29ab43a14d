//! What an operation makes of a schema. What the schema does not know stays unknown: only what it
//! certainly contradicts is a [`SchemaMismatch`].

mod column;
mod constraint;
mod definition;
mod index;
mod rows;
mod table;
#[cfg(test)]
mod tests;
mod types;
mod view;

use super::Operation;
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
        let mut change = Change { schema, dialect, kind: self.kind() };
        match self {
            Operation::CreateTable(create) => change.create_table(create),
            Operation::DropTable(drop) => change.drop_table(drop),
            Operation::RenameTable(rename) => change.rename_table(rename),
            Operation::AddColumn(add) => change.add_column(add),
            Operation::DropColumn(drop) => change.drop_column(drop),
            Operation::AlterColumn(alter) => change.alter_column(alter),
            Operation::CreateIndex(create) => change.create_index(create),
            Operation::DropIndex(drop) => change.drop_index(drop),
            Operation::RenameIndex(rename) => change.rename_index(rename),
            Operation::CreatePrimaryKey(create) => change.create_primary_key(create),
            Operation::CreateUnique(create) => change.create_unique(create),
            Operation::CreateForeignKey(create) => change.create_foreign_key(create),
            Operation::CreateCheck(create) => change.create_check(create),
            Operation::CreateExclude(create) => change.create_exclude(create),
            Operation::DropConstraint(drop) => change.drop_constraint(drop),
            Operation::RenameConstraint(rename) => change.rename_constraint(rename),
            Operation::ValidateConstraint(validate) => change.validate_constraint(validate),
            Operation::Comment(comment) => change.comment(comment),
            Operation::CreateEnum(create) => change.create_enum(create),
            Operation::DropEnum(drop) => change.drop_enum(drop),
            Operation::AddEnumValue(add) => change.add_enum_value(add),
            Operation::RenameEnumValue(rename) => change.rename_enum_value(rename),
            Operation::DropEnumValue(drop) => change.drop_enum_value(drop),
            Operation::RenameType(rename) => change.rename_type(rename),
            Operation::CreateView(create) => {
                let unless = create.if_not_exists;
                change.create_view(create.schema.as_ref(), &create.name, create.or_replace, unless)
            }
            Operation::DropView(drop) => {
                change.drop_view(drop.schema.as_ref(), &drop.name, drop.if_exists, drop.cascade)
            }
            Operation::CreateMaterializedView(create) => {
                let unless = create.if_not_exists;
                change.create_view(create.schema.as_ref(), &create.name, false, unless)
            }
            Operation::DropMaterializedView(drop) => {
                change.drop_view(drop.schema.as_ref(), &drop.name, drop.if_exists, drop.cascade)
            }
            Operation::CreateTrigger(create) => change.create_trigger(create),
            Operation::DropTrigger(drop) => change.drop_trigger(drop),
            Operation::DropSchema(drop) => {
                change.drop_schema(&drop.name);
                Ok(())
            }
            Operation::CreatePolicy(create) => {
                change.is_there("table", create.schema.as_ref(), &create.table)
            }
            Operation::RowSecurity(security) => {
                change.is_there("table", security.schema.as_ref(), &security.table)
            }
            Operation::BulkInsert(rows) | Operation::BulkDelete(rows) => change.rows(rows),
            Operation::Backfill(backfill) => change.backfill(backfill),
            Operation::Program(program) => change.program(program),
            Operation::Sql(sql) => {
                let text = sql.section(dialect).map_or("", |section| &section.text);
                match text::split(dialect, text) {
                    Ok(pieces) => pieces
                        .iter()
                        .for_each(|piece| change.schema.invalidate_referenced(dialect, &piece.sql)),
                    Err(_) => change.schema.forget(),
                }
                Ok(())
            }
            Operation::ByDialect(operations) => operations
                .get(dialect)
                .into_iter()
                .flatten()
                .try_for_each(|operation| operation.apply(change.schema, dialect)),
            // What a schema says nothing of.
            Operation::CreateDomain(_)
            | Operation::AlterDomain(_)
            | Operation::DropDomain(_)
            | Operation::CreateSequence(_)
            | Operation::AlterSequence(_)
            | Operation::DropSequence(_)
            | Operation::RefreshMaterializedView(_)
            | Operation::CreateFunction(_)
            | Operation::DropFunction(_)
            | Operation::CreateProcedure(_)
            | Operation::DropProcedure(_)
            | Operation::CreateSchema(_)
            | Operation::CreateExtension(_)
            | Operation::DropExtension(_)
            | Operation::AlterPolicy(_)
            | Operation::DropPolicy(_)
            | Operation::Grant(_)
            | Operation::Revoke(_) => Ok(()),
        }
    }
}

/// One operation on its way into a schema.
struct Change<'a> {
    schema: &'a mut Schema,
    dialect: Dialect,
    kind: &'static str,
}

impl Change<'_> {
    /// A misfit at a part of the operation.
    fn mismatch(&self, part: &str, message: impl Into<String>, hint: &str) -> SchemaMismatch {
        let path = format!("{}.{part}", self.kind);
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        SchemaMismatch { message: message.into(), hint, path }
    }

    fn same(&self, one: &str, other: &str) -> bool {
        text::same_part(self.dialect, one, other)
    }

    /// What became of a relation that is known to be gone.
    fn gone(&self, name: &Name) -> Option<&str> {
        let mut gone = self.schema.gone.iter();
        gone.find(|(gone, _)| gone.is(self.dialect, name)).map(|(_, how)| how.as_str())
    }

    /// The name by which the schema knows the table; `None`: it does not know it.
    ///
    /// # Errors
    /// The table is known not to be there.
    fn find(
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
    fn table(
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
    fn is_there(&self, part: &str, own: Option<&String>, name: &str) -> Result<(), SchemaMismatch> {
        let own_name = own.map(String::as_str);
        match self.schema.view(self.dialect, own_name, name) {
            Some(_) => Ok(()),
            None => self.find(part, own, name).map(drop),
        }
    }

    /// Refuses a name that a table or view has.
    fn is_free(&self, part: &str, name: &Name) -> Result<(), SchemaMismatch> {
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
    fn comes(&mut self, name: &Name) {
        let dialect = self.dialect;
        self.schema.gone.retain(|gone, _| !gone.is(dialect, name));
    }

    /// What the database kept of the words of views and triggers is no longer right where they name this.
    fn reword(&mut self, word: &str) {
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
}
