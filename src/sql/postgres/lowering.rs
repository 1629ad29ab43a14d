//! Operations into PostgreSQL's statements: which file says what an operation becomes.

use super::clauses::refusal;
use super::flavour::Flavour;
use super::{
    aggregate, column, comment, constraint, domain, enum_type, extension, grant, index,
    materialized_view, policy, routine, rows, schema, sequence, table, trigger, view,
};
use crate::model::{Entry, Operation, Schema};
use crate::sql::lowering::{Group, Lowered, Lowering};
use crate::sql::tasks;
use crate::sql::types::Types;
use crate::sql::unsupported::Unsupported;
use crate::text::Dialect;

impl Lowering for Flavour {
    fn types(&self) -> &'static dyn Types {
        self.types
    }

    fn needs_schema(&self, operation: &Operation) -> bool {
        match operation {
            Operation::DropEnumValue(_) => true,
            Operation::AlterColumn(alter) => column::needs_schema(alter),
            _ => false,
        }
    }

    fn lower(&self, entries: &[Entry], schema: &Schema) -> Result<Group, Unsupported> {
        statements(self, &entries[0].operation, schema).map(Group::one)
    }
}

/// The statements of an operation.
fn statements(
    flavour: &Flavour,
    operation: &Operation,
    schema: &Schema,
) -> Result<Vec<Lowered>, Unsupported> {
    match operation {
        Operation::CreateTable(create) => table::create(flavour, create),
        Operation::DropTable(drop) => table::drop(drop),
        Operation::RenameTable(rename) => table::rename(rename),
        Operation::AlterTableOptions(alter) => table::alter_options(alter),
        Operation::AddColumn(add) => column::add(flavour, add),
        Operation::DropColumn(drop) => column::drop(drop),
        Operation::AlterColumn(alter) => column::alter(flavour, alter, schema),
        Operation::CreateIndex(create) => index::create(create),
        Operation::DropIndex(drop) => index::drop(drop),
        Operation::RenameIndex(rename) => index::rename(rename),
        Operation::CreatePrimaryKey(create) => constraint::create_primary_key(create),
        Operation::CreateUnique(create) => constraint::create_unique(create),
        Operation::CreateForeignKey(create) => constraint::create_foreign_key(create),
        Operation::CreateCheck(create) => constraint::create_check(create),
        Operation::CreateExclude(create) => constraint::create_exclude(create),
        Operation::DropConstraint(drop) => constraint::drop(drop),
        Operation::RenameConstraint(rename) => constraint::rename(rename),
        Operation::ValidateConstraint(validate) => constraint::validate(validate),
        Operation::Comment(comment) => comment::set(comment),
        Operation::CreateEnum(create) => enum_type::create(create),
        Operation::DropEnum(drop) => enum_type::drop(drop),
        Operation::AddEnumValue(add) => enum_type::add_value(add),
        Operation::RenameEnumValue(rename) => enum_type::rename_value(rename),
        Operation::DropEnumValue(drop) => enum_type::drop_value(drop, schema),
        Operation::RenameType(rename) => enum_type::rename(rename),
        Operation::CreateDomain(create) => domain::create(flavour, create),
        Operation::AlterDomain(alter) => domain::alter(flavour, alter),
        Operation::DropDomain(drop) => domain::drop(drop),
        Operation::CreateSequence(create) => sequence::create(flavour, create),
        Operation::AlterSequence(alter) => sequence::alter(flavour, alter),
        Operation::DropSequence(drop) => sequence::drop(drop),
        Operation::CreateView(create) => view::create(create),
        Operation::DropView(drop) => view::drop(drop),
        Operation::CreateMaterializedView(create) => materialized_view::create(create),
        Operation::DropMaterializedView(drop) => materialized_view::drop(drop),
        Operation::RefreshMaterializedView(refresh) => materialized_view::refresh(refresh),
        Operation::CreateFunction(create) => routine::create(create, routine::Kind::Function),
        Operation::DropFunction(drop) => routine::drop(drop, routine::Kind::Function),
        Operation::CreateProcedure(create) => routine::create(create, routine::Kind::Procedure),
        Operation::DropProcedure(drop) => routine::drop(drop, routine::Kind::Procedure),
        Operation::CreateAggregate(create) => aggregate::create(create),
        Operation::DropAggregate(drop) => aggregate::drop(drop),
        Operation::CreateTrigger(create) => trigger::create(create),
        Operation::DropTrigger(drop) => trigger::drop(drop),
        Operation::CreateSchema(create) => schema::create(create),
        Operation::DropSchema(drop) => schema::drop(drop),
        Operation::CreateExtension(create) => extension::create(create),
        Operation::DropExtension(drop) => extension::drop(drop),
        Operation::CreatePolicy(create) => policy::create(create),
        Operation::AlterPolicy(alter) => policy::alter(alter),
        Operation::DropPolicy(drop) => policy::drop(drop),
        Operation::RowSecurity(security) => policy::row_security(security),
        Operation::Grant(grant) => grant::grant(grant),
        Operation::Revoke(grant) => grant::revoke(grant),
        Operation::BulkInsert(insert) => rows::insert(flavour, insert),
        Operation::BulkDelete(delete) => rows::delete(flavour, delete),
        Operation::Assert(assert) => Ok(vec![tasks::assert(assert, Dialect::Postgres)?]),
        Operation::Program(program) => Ok(vec![tasks::program(program)]),
        Operation::Backfill(backfill) => rows::backfill(flavour, backfill),
        // Both are replaced by what they hold before a dialect is asked.
        Operation::Sql(_) | Operation::ByDialect(_) => {
            Err(refusal(operation.kind(), "it is no operation by itself"))
        }
    }
}
