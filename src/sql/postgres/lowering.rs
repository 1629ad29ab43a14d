//! Operations into PostgreSQL's statements. One file a subject; this one says which is whose.

mod access;
mod alter;
mod comment;
mod constraint;
mod enums;
mod index;
mod refuse;
mod routine;
mod table;
mod types;
mod view;
mod words;

use crate::model::{Entry, Operation, Schema};
use crate::sql::lowering::{Group, Lowered, Lowering, Unsupported};
use crate::sql::types::Types;
use crate::sql::{rows, tasks};

/// PostgreSQL's statements.
pub(super) struct Postgres;

/// PostgreSQL's types.
const TYPES: &dyn Types = &super::types::PostgresTypes;

impl Lowering for Postgres {
    fn types(&self) -> &'static dyn Types {
        TYPES
    }

    fn refuse(&self, operation: &Operation) -> Option<Unsupported> {
        // What an operation needs a schema for is not looked at yet.
        let wrong = || statements(operation, &Schema::default()).err();
        refuse::refuse(operation).or_else(|| wrong().filter(|refusal| refusal.unknown.is_none()))
    }

    fn needs_schema(&self, operation: &Operation) -> bool {
        match operation {
            Operation::DropEnumValue(_) => true,
            Operation::AlterColumn(alter) => alter::needs_schema(alter),
            _ => false,
        }
    }

    fn lower(&self, entries: &[Entry], schema: &Schema) -> Result<Group, Unsupported> {
        statements(&entries[0].operation, schema).map(Group::one)
    }
}

/// The statements of an operation.
fn statements(operation: &Operation, schema: &Schema) -> Result<Vec<Lowered>, Unsupported> {
    match operation {
        Operation::CreateTable(create) => table::create(create),
        Operation::DropTable(drop) => Ok(table::drop(drop)),
        Operation::RenameTable(rename) => Ok(table::rename(rename)),
        Operation::AddColumn(add) => table::add_column(add),
        Operation::DropColumn(drop) => Ok(table::drop_column(drop)),
        Operation::AlterColumn(alter) => alter::alter(alter, schema),
        Operation::CreateIndex(create) => index::create(create),
        Operation::DropIndex(drop) => index::drop(drop),
        Operation::RenameIndex(rename) => Ok(index::rename(rename)),
        Operation::CreatePrimaryKey(create) => constraint::create_primary_key(create),
        Operation::CreateUnique(create) => constraint::create_unique(create),
        Operation::CreateForeignKey(create) => constraint::create_foreign_key(create),
        Operation::CreateCheck(create) => constraint::create_check(create),
        Operation::CreateExclude(create) => constraint::create_exclude(create),
        Operation::DropConstraint(drop) => constraint::drop(drop),
        Operation::RenameConstraint(rename) => Ok(constraint::rename(rename)),
        Operation::ValidateConstraint(validate) => Ok(constraint::validate(validate)),
        Operation::Comment(comment) => comment::set(comment),
        Operation::CreateEnum(create) => Ok(enums::create(create)),
        Operation::DropEnum(drop) => Ok(enums::drop(drop)),
        Operation::AddEnumValue(add) => enums::add_value(add),
        Operation::RenameEnumValue(rename) => Ok(enums::rename_value(rename)),
        Operation::DropEnumValue(drop) => enums::drop_value(drop, schema),
        Operation::RenameType(rename) => Ok(types::rename(rename)),
        Operation::CreateDomain(create) => types::create_domain(create),
        Operation::AlterDomain(alter) => types::alter_domain(alter),
        Operation::DropDomain(drop) => Ok(types::drop_domain(drop)),
        Operation::CreateSequence(create) => Ok(types::create_sequence(create)),
        Operation::AlterSequence(alter) => types::alter_sequence(alter),
        Operation::DropSequence(drop) => Ok(types::drop_sequence(drop)),
        Operation::CreateView(create) => view::create(create),
        Operation::DropView(drop) => Ok(view::drop(drop)),
        Operation::CreateMaterializedView(create) => view::create_materialized(create),
        Operation::DropMaterializedView(drop) => Ok(view::drop_materialized(drop)),
        Operation::RefreshMaterializedView(refresh) => view::refresh(refresh),
        Operation::CreateFunction(create) => routine::create(create, routine::Kind::Function),
        Operation::DropFunction(drop) => Ok(routine::drop(drop, routine::Kind::Function)),
        Operation::CreateProcedure(create) => routine::create(create, routine::Kind::Procedure),
        Operation::DropProcedure(drop) => Ok(routine::drop(drop, routine::Kind::Procedure)),
        Operation::CreateTrigger(create) => routine::create_trigger(create),
        Operation::DropTrigger(drop) => Ok(routine::drop_trigger(drop)),
        Operation::CreateSchema(create) => Ok(access::create_schema(create)),
        Operation::DropSchema(drop) => Ok(access::drop_schema(drop)),
        Operation::CreateExtension(create) => Ok(access::create_extension(create)),
        Operation::DropExtension(drop) => Ok(access::drop_extension(drop)),
        Operation::CreatePolicy(create) => Ok(access::create_policy(create)),
        Operation::AlterPolicy(alter) => access::alter_policy(alter),
        Operation::DropPolicy(drop) => Ok(access::drop_policy(drop)),
        Operation::RowSecurity(security) => access::row_security(security),
        Operation::Grant(grant) => access::grant(grant),
        Operation::Revoke(grant) => access::revoke(grant),
        Operation::BulkInsert(insert) => rows::insert(TYPES, insert),
        Operation::BulkDelete(delete) => rows::delete(TYPES, delete),
        Operation::Program(program) => Ok(vec![tasks::program(program)]),
        Operation::Backfill(backfill) => Ok(vec![tasks::backfill(TYPES, backfill)?]),
        // What lowers these stands above all dialects.
        Operation::Sql(_) | Operation::ByDialect(_) => Ok(Vec::new()),
    }
}
