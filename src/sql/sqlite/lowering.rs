//! Operations into SQLite's statements: which file says what an operation becomes.

use super::clauses::{NO_COMMENTS, NO_EQUIVALENT, NO_SCHEMAS, refusal};
use super::rebuild::change::Change;
use super::types::SqliteTypes;
use super::{column, constraint, index, rows, table, trigger, view};
use crate::model::{Entry, Operation, Schema};
use crate::sql::lowering::{Group, Lowering};
use crate::sql::tasks;
use crate::sql::types::Types;
use crate::sql::unsupported::Unsupported;
use crate::text::Dialect;
use crate::text::sqlite_table::same;

/// SQLite's statements.
pub(super) struct Sqlite;

impl Lowering for Sqlite {
    fn types(&self) -> &'static dyn Types {
        &SqliteTypes
    }

    fn needs_schema(&self, operation: &Operation) -> bool {
        match operation {
            Operation::AddColumn(add) => !column::is_simple(add),
            Operation::AlterColumn(alter) => column::needs_schema(alter),
            // Dropping a table would take the rows that refer to it along, were foreign keys enforced.
            Operation::DropTable(_)
            | Operation::DropColumn(_)
            | Operation::RenameIndex(_)
            | Operation::CreatePrimaryKey(_)
            | Operation::CreateUnique(_)
            | Operation::CreateForeignKey(_)
            | Operation::CreateCheck(_)
            | Operation::DropConstraint(_)
            | Operation::RenameConstraint(_) => true,
            Operation::CreateView(create) => create.or_replace,
            _ => false,
        }
    }

    fn lower(&self, entries: &[Entry], schema: &Schema) -> Result<Group, Unsupported> {
        let Some(first) = table_change(&entries[0].operation) else {
            return statements(&entries[0].operation, &entries[1..], schema);
        };
        let changes = entries.iter().map_while(|entry| table_change(&entry.operation));
        let changes: Vec<_> =
            changes.take_while(|change| same(change.table, first.table)).collect();
        let mut table = Change::new(first.table, &entries[changes.len()..], schema);
        for change in &changes {
            (change.apply)(&mut table)?;
        }
        let (statements, kept) = table.done()?;
        Ok(Group { statements, taken: changes.len(), kept: Some(kept) })
    }
}

/// What an operation does to a table under change.
type Apply<'a> = dyn Fn(&mut Change<'_>) -> Result<(), Unsupported> + 'a;

/// An operation that goes together with the others on its table, which may take a rebuild.
struct TableChange<'a> {
    table: &'a str,
    apply: Box<Apply<'a>>,
}

impl<'a> TableChange<'a> {
    fn new<T>(
        table: &'a str,
        operation: &'a T,
        apply: fn(&mut Change<'_>, &T) -> Result<(), Unsupported>,
    ) -> Self {
        TableChange { table, apply: Box::new(move |change| apply(change, operation)) }
    }
}

/// The change of a table, if the operation is one.
fn table_change(operation: &Operation) -> Option<TableChange<'_>> {
    Some(match operation {
        Operation::AddColumn(add) => TableChange::new(&add.table, add, column::add),
        Operation::DropColumn(drop) => TableChange::new(&drop.table, drop, column::drop),
        Operation::AlterColumn(alter) => TableChange::new(&alter.table, alter, column::alter),
        Operation::CreateIndex(create) => TableChange::new(&create.table, create, index::create),
        Operation::DropIndex(drop) => TableChange::new(&drop.table, drop, index::drop),
        Operation::RenameIndex(rename) => TableChange::new(&rename.table, rename, index::rename),
        Operation::CreatePrimaryKey(create) => {
            TableChange::new(&create.table, create, constraint::create_primary_key)
        }
        Operation::CreateUnique(create) => {
            TableChange::new(&create.table, create, constraint::create_unique)
        }
        Operation::CreateForeignKey(create) => {
            TableChange::new(&create.table, create, constraint::create_foreign_key)
        }
        Operation::CreateCheck(create) => {
            TableChange::new(&create.table, create, constraint::create_check)
        }
        Operation::DropConstraint(drop) => TableChange::new(&drop.table, drop, constraint::drop),
        Operation::RenameConstraint(rename) => {
            TableChange::new(&rename.table, rename, constraint::rename)
        }
        _ => return None,
    })
}

/// The statements of an operation that goes with no other; `later` is what follows it.
fn statements(
    operation: &Operation,
    later: &[Entry],
    schema: &Schema,
) -> Result<Group, Unsupported> {
    match operation {
        Operation::CreateTable(create) => table::create(create, schema),
        Operation::DropTable(drop) => table::drop(drop, later, schema),
        Operation::RenameTable(rename) => table::rename(rename, schema),
        Operation::CreateView(create) => view::create(create, schema),
        Operation::DropView(drop) => view::drop(drop, schema),
        Operation::CreateTrigger(create) => trigger::create(create, schema),
        Operation::DropTrigger(drop) => trigger::drop(drop, schema),
        Operation::BulkInsert(insert) => rows::insert(insert),
        Operation::BulkDelete(delete) => rows::delete(delete),
        Operation::Backfill(backfill) => rows::backfill(backfill),
        Operation::Assert(assert) => Ok(Group::one(vec![tasks::assert(assert, Dialect::Sqlite)?])),
        Operation::Program(program) => Ok(Group::one(vec![tasks::program(program)])),
        Operation::CreateSchema(_) | Operation::DropSchema(_) => {
            Err(refusal(operation.kind(), NO_SCHEMAS))
        }
        Operation::Comment(_) => Err(refusal(operation.kind(), NO_COMMENTS)),
        operation => Err(refusal(operation.kind(), NO_EQUIVALENT)),
    }
}
