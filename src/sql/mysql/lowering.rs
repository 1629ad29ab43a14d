//! Operations into the statements of MySQL and MariaDB.

use super::types;
use super::writer::Writer;
use crate::model::operation::{CommentObject, ConstraintKind};
use crate::model::{Entry, Operation, Schema};
use crate::sql::lowering::{Group, Lowered, Lowering, Unsupported};
use crate::sql::types::Types;
use crate::sql::{rows, tasks};
use crate::text::Dialect;

/// The statements of one of the two.
pub(super) struct Flavour {
    pub(super) dialect: Dialect,
    pub(super) types: &'static types::MysqlTypes,
}

/// MySQL's.
pub(super) static MYSQL: Flavour = Flavour { dialect: Dialect::Mysql, types: &types::MYSQL };
/// MariaDB's.
pub(super) static MARIADB: Flavour = Flavour { dialect: Dialect::Mariadb, types: &types::MARIADB };

impl Flavour {
    pub(super) fn mariadb(&self) -> bool {
        self.dialect == Dialect::Mariadb
    }
}

impl Lowering for Flavour {
    fn types(&self) -> &'static dyn Types {
        self.types
    }

    fn refuse(&self, operation: &Operation) -> Option<Unsupported> {
        self.refusal(operation)
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

    fn lower(&self, entries: &[Entry], schema: &Schema) -> Result<Group, Unsupported> {
        let writer = Writer::new(self, schema);
        let statements = writer.operation(&entries[0].operation)?;
        Ok(Group::one(writer.in_session(statements)))
    }
}

impl Writer<'_> {
    fn operation(&self, operation: &Operation) -> Result<Vec<Lowered>, Unsupported> {
        let types = self.flavour.types;
        match operation {
            Operation::CreateTable(table) => self.create_table(table),
            Operation::DropTable(table) => Ok(self.drop_table(table)),
            Operation::RenameTable(table) => Ok(self.rename_table(table)),
            Operation::AddColumn(add) => self.add_column(add),
            Operation::DropColumn(drop) => Ok(self.drop_column(drop)),
            Operation::AlterColumn(alter) => self.alter_column(alter, "alter_column"),
            Operation::CreateIndex(create) => self.create_index(create),
            Operation::DropIndex(drop) => Ok(self.drop_index(drop)),
            Operation::RenameIndex(rename) => Ok(self.rename_index(rename)),
            Operation::CreatePrimaryKey(create) => Ok(self.create_primary_key(create)),
            Operation::CreateUnique(create) => Ok(self.create_unique(create)),
            Operation::CreateForeignKey(create) => Ok(self.create_foreign_key(create)),
            Operation::CreateCheck(create) => self.create_check(create),
            Operation::DropConstraint(drop) => self.drop_constraint(drop),
            Operation::RenameConstraint(rename) => self.rename_constraint(rename),
            Operation::Comment(comment) => self.comment_on(comment),
            Operation::CreateSequence(create) => Ok(self.create_sequence(create)),
            Operation::AlterSequence(alter) => Ok(self.alter_sequence(alter)),
            Operation::DropSequence(drop) => Ok(self.drop_sequence(drop)),
            Operation::CreateView(view) => self.create_view(view),
            Operation::DropView(view) => Ok(self.drop_view(view)),
            Operation::CreateFunction(routine) => self.create_routine(routine, "function"),
            Operation::CreateProcedure(routine) => self.create_routine(routine, "procedure"),
            Operation::DropFunction(routine) => Ok(self.drop_routine(routine, "function")),
            Operation::DropProcedure(routine) => Ok(self.drop_routine(routine, "procedure")),
            Operation::CreateTrigger(trigger) => self.create_trigger(trigger),
            Operation::DropTrigger(trigger) => Ok(self.drop_trigger(trigger)),
            Operation::CreateSchema(schema) => self.create_schema(schema),
            Operation::DropSchema(schema) => Ok(self.drop_schema(schema)),
            Operation::Grant(grant) => Ok(self.grant(grant)),
            Operation::Revoke(grant) => Ok(self.revoke(grant)),
            Operation::BulkInsert(insert) => {
                self.note_types(insert);
                rows::insert(types, insert)
            }
            Operation::BulkDelete(delete) => {
                self.note_types(delete);
                rows::delete(types, delete)
            }
            Operation::Program(program) => Ok(vec![tasks::program(program)]),
            Operation::Backfill(backfill) => Ok(vec![tasks::backfill(types, backfill)?]),
            // Refused before.
            Operation::CreateExclude(_)
            | Operation::ValidateConstraint(_)
            | Operation::CreateEnum(_)
            | Operation::DropEnum(_)
            | Operation::AddEnumValue(_)
            | Operation::RenameEnumValue(_)
            | Operation::DropEnumValue(_)
            | Operation::RenameType(_)
            | Operation::CreateDomain(_)
            | Operation::AlterDomain(_)
            | Operation::DropDomain(_)
            | Operation::CreateMaterializedView(_)
            | Operation::DropMaterializedView(_)
            | Operation::RefreshMaterializedView(_)
            | Operation::CreateExtension(_)
            | Operation::DropExtension(_)
            | Operation::CreatePolicy(_)
            | Operation::AlterPolicy(_)
            | Operation::DropPolicy(_)
            | Operation::RowSecurity(_)
            | Operation::Sql(_)
            | Operation::ByDialect(_) => Ok(Vec::new()),
        }
    }
}
