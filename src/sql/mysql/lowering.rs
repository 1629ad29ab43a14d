//! Operations into the statements of MySQL and MariaDB: which file says what an operation becomes.

use super::flavour::Flavour;
use super::routine::Kind;
use super::writer::{ONLY_POSTGRES, Writer};
use super::{
    alter_column, column, comment, constraint, grant, index, live, routine, rows, schema, sequence,
    table, trigger, view,
};
use crate::model::operation::{CommentObject, ConstraintKind, TableDefinition};
use crate::model::{Entry, Operation, Schema};
use crate::sql::lowering::{Group, Lowered, Lowering};
use crate::sql::tasks;
use crate::sql::types::Types;
use crate::sql::unsupported::Unsupported;

impl Lowering for Flavour {
    fn types(&self) -> &'static dyn Types {
        self.types
    }

    fn needs_schema(&self, operation: &Operation) -> bool {
        match operation {
            Operation::AlterColumn(alter) => !self.alters_by_itself(alter),
            Operation::Comment(comment) => comment.on == CommentObject::Column,
            // The server makes an index for a foreign key that nobody asked for, and leaves it behind.
            Operation::DropConstraint(drop) => drop.kind == ConstraintKind::ForeignKey,
            Operation::RenameConstraint(rename) => {
                matches!(rename.kind, ConstraintKind::ForeignKey | ConstraintKind::Check)
            }
            _ => false,
        }
    }

    fn altered<'o>(&self, operation: &'o Operation) -> Option<(Option<&'o str>, &'o str)> {
        live::altered(operation)
    }

    fn refuse_live(
        &self,
        operation: &Operation,
        before: Option<&TableDefinition>,
        after: Option<&TableDefinition>,
        mode: &str,
    ) -> Option<Unsupported> {
        live::refusal(self, operation, before, after, mode.contains("NO_ZERO_DATE"))
    }

    fn lower(&self, entries: &[Entry], schema: &Schema) -> Result<Group, Unsupported> {
        let writer = Writer::new(self, schema);
        let statements = statements(&writer, &entries[0].operation)?;
        Ok(Group::one(writer.in_session(statements)))
    }
}

/// The statements of an operation.
fn statements(writer: &Writer<'_>, operation: &Operation) -> Result<Vec<Lowered>, Unsupported> {
    match operation {
        Operation::CreateTable(create) => table::create(writer, create),
        Operation::DropTable(drop) => table::drop(writer, drop),
        Operation::RenameTable(rename) => table::rename(writer, rename),
        Operation::AlterTableOptions(alter) => table::alter_options(writer, alter),
        Operation::AddColumn(add) => column::add(writer, add),
        Operation::DropColumn(drop) => column::drop(writer, drop),
        Operation::AlterColumn(alter) => alter_column::alter(writer, alter),
        Operation::CreateIndex(create) => index::create(writer, create),
        Operation::DropIndex(drop) => index::drop(writer, drop),
        Operation::RenameIndex(rename) => index::rename(writer, rename),
        Operation::CreatePrimaryKey(create) => constraint::create_primary_key(writer, create),
        Operation::CreateUnique(create) => constraint::create_unique(writer, create),
        Operation::CreateForeignKey(create) => constraint::create_foreign_key(writer, create),
        Operation::CreateCheck(create) => constraint::create_check(writer, create),
        Operation::DropConstraint(drop) => constraint::drop(writer, drop),
        Operation::RenameConstraint(rename) => constraint::rename(writer, rename),
        Operation::Comment(comment) => comment::set(writer, comment),
        Operation::CreateSequence(create) => sequence::create(writer, create),
        Operation::AlterSequence(alter) => sequence::alter(writer, alter),
        Operation::DropSequence(drop) => sequence::drop(writer, drop),
        Operation::CreateView(create) => view::create(writer, create),
        Operation::DropView(drop) => view::drop(writer, drop),
        Operation::CreateFunction(create) => routine::create(writer, create, Kind::Function),
        Operation::DropFunction(drop) => routine::drop(writer, drop, Kind::Function),
        Operation::CreateProcedure(create) => routine::create(writer, create, Kind::Procedure),
        Operation::DropProcedure(drop) => routine::drop(writer, drop, Kind::Procedure),
        Operation::CreateTrigger(create) => trigger::create(writer, create),
        Operation::DropTrigger(drop) => trigger::drop(writer, drop),
        Operation::CreateSchema(create) => schema::create(writer, create),
        Operation::DropSchema(drop) => schema::drop(writer, drop),
        Operation::Grant(grant) => grant::grant(writer, grant),
        Operation::Revoke(grant) => grant::revoke(writer, grant),
        Operation::BulkInsert(insert) => rows::insert(writer, insert),
        Operation::BulkDelete(delete) => rows::delete(writer, delete),
        Operation::Assert(assert) => Ok(vec![tasks::assert(assert, writer.flavour.dialect)?]),
        Operation::Program(program) => Ok(vec![tasks::program(program)]),
        Operation::Backfill(backfill) => rows::backfill(writer, backfill),
        operation => Err(writer.no(operation.kind(), ONLY_POSTGRES)),
    }
}
