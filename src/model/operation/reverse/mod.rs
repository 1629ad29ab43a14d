//! What undoes an operation, as far as it says itself what was there before.

mod alter;
mod drop;
#[cfg(test)]
mod tests;

use super::{
    AddColumn, AddEnumValue, Backfill, BulkInsert, CreateForeignKey, CreateIndex, CreatePrimaryKey,
    CreateTable, CreateUnique, DropColumn, DropConstraint, DropDomain, DropEnum, DropEnumValue,
    DropExtension, DropIndex, DropMaterializedView, DropPolicy, DropRoutine, DropSchema,
    DropSequence, DropTable, DropTrigger, DropView, EnumPlace, ExtensionBefore, Grant, Operation,
    Program, RenameConstraint, RenameEnumValue, RenameIndex, RenameTable, RenameType, RowSecurity,
    SchemaBefore, SetComment,
};
use super::{Constraint, CreateCheck, CreateExclude, CreateRoutine, CreateTrigger, CreateView};
use crate::model::ByDialect;

pub(super) use alter::{
    Attribute, column_attributes, domain_attributes, policy_attributes, sequence_attributes,
};

/// Why an operation has no reverse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Irreversible(pub String);

type Reverse = Result<Operation, Irreversible>;

impl Operation {
    /// The operations that undo this one, in the order in which they run.
    ///
    /// # Errors
    /// It does not say what was there before, or nothing can bring it back.
    pub fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let one = match self {
            Operation::CreateTable(create) => create_table(create),
            Operation::DropTable(drop) => drop::table(drop),
            Operation::RenameTable(rename) => Ok(Operation::RenameTable(RenameTable {
                schema: rename.schema.clone(),
                name: rename.to.clone(),
                to: rename.name.clone(),
            })),
            Operation::AddColumn(add) => add_column(add),
            Operation::DropColumn(drop) => drop::column(drop),
            Operation::AlterColumn(alter) => alter::column(alter),
            Operation::CreateIndex(create) => create_index(create),
            Operation::DropIndex(drop) => drop::index(drop),
            Operation::RenameIndex(rename) => Ok(Operation::RenameIndex(RenameIndex {
                schema: rename.schema.clone(),
                table: rename.table.clone(),
                name: rename.to.clone(),
                to: rename.name.clone(),
            })),
            Operation::CreatePrimaryKey(CreatePrimaryKey { schema, table, key }) => {
                constraint(schema, table, Constraint::PrimaryKey(key.clone()))
            }
            Operation::CreateUnique(CreateUnique { schema, table, unique }) => {
                constraint(schema, table, Constraint::Unique(unique.clone()))
            }
            Operation::CreateForeignKey(CreateForeignKey { schema, table, key }) => {
                constraint(schema, table, Constraint::ForeignKey(key.clone()))
            }
            Operation::CreateCheck(CreateCheck { schema, table, check }) => {
                constraint(schema, table, Constraint::Check(check.clone()))
            }
            Operation::CreateExclude(CreateExclude { schema, table, exclude }) => {
                constraint(schema, table, Constraint::Exclude(exclude.clone()))
            }
            Operation::DropConstraint(drop) => drop::constraint(drop),
            Operation::RenameConstraint(rename) => {
                Ok(Operation::RenameConstraint(RenameConstraint {
                    schema: rename.schema.clone(),
                    table: rename.table.clone(),
                    name: rename.to.clone(),
                    kind: rename.kind,
                    to: rename.name.clone(),
                }))
            }
            Operation::Comment(comment) => set_comment(comment),
            Operation::CreateEnum(create) => Ok(Operation::DropEnum(DropEnum {
                schema: create.schema.clone(),
                name: create.name.clone(),
                if_exists: false,
                cascade: false,
                was: Some(create.values.clone()),
            })),
            Operation::DropEnum(drop) => drop::enum_type(drop),
            Operation::AddEnumValue(add) => add_enum_value(add),
            Operation::RenameEnumValue(rename) => Ok(Operation::RenameEnumValue(RenameEnumValue {
                schema: rename.schema.clone(),
                name: rename.name.clone(),
                value: rename.to.clone(),
                to: rename.value.clone(),
            })),
            Operation::DropEnumValue(drop) => drop::enum_value(drop),
            Operation::RenameType(rename) => Ok(Operation::RenameType(RenameType {
                schema: rename.schema.clone(),
                name: rename.to.clone(),
                to: rename.name.clone(),
            })),
            Operation::CreateDomain(create) => Ok(Operation::DropDomain(DropDomain {
                schema: create.schema.clone(),
                name: create.name.clone(),
                if_exists: false,
                cascade: false,
                was: Some(create.definition.clone()),
            })),
            Operation::AlterDomain(alter) => alter::domain(alter),
            Operation::DropDomain(drop) => drop::domain(drop),
            Operation::CreateSequence(create) => self.made(create.if_not_exists).map(|()| {
                Operation::DropSequence(DropSequence {
                    schema: create.schema.clone(),
                    name: create.name.clone(),
                    if_exists: false,
                    cascade: false,
                    was: Some(create.definition.clone()),
                })
            }),
            Operation::AlterSequence(alter) => return alter::sequence(alter),
            Operation::DropSequence(drop) => drop::sequence(drop),
            Operation::CreateView(create) => self.create_view(create),
            Operation::DropView(drop) => drop::view(drop),
            Operation::CreateMaterializedView(create) => {
                self.made(create.if_not_exists).map(|()| {
                    Operation::DropMaterializedView(DropMaterializedView {
                        schema: create.schema.clone(),
                        name: create.name.clone(),
                        if_exists: false,
                        cascade: false,
                        was: Some(create.definition.clone()),
                    })
                })
            }
            Operation::DropMaterializedView(drop) => drop::materialized_view(drop),
            Operation::CreateFunction(create) => {
                self.create_routine(create, Operation::CreateFunction, Operation::DropFunction)
            }
            Operation::DropFunction(drop) => drop::routine(self, drop, Operation::CreateFunction),
            Operation::CreateProcedure(create) => {
                self.create_routine(create, Operation::CreateProcedure, Operation::DropProcedure)
            }
            Operation::DropProcedure(drop) => drop::routine(self, drop, Operation::CreateProcedure),
            Operation::CreateTrigger(create) => self.create_trigger(create),
            Operation::DropTrigger(drop) => drop::trigger(drop),
            Operation::CreateSchema(create) => self.made(create.if_not_exists).map(|()| {
                Operation::DropSchema(DropSchema {
                    name: create.name.clone(),
                    if_exists: false,
                    cascade: false,
                    was: Some(SchemaBefore {
                        owner: create.owner.clone(),
                        charset: create.charset.clone(),
                        collation: create.collation.clone(),
                        comment: create.comment.clone(),
                    }),
                })
            }),
            Operation::DropSchema(drop) => drop::schema(drop),
            Operation::CreateExtension(create) => {
                if create.cascade {
                    return Err(self.none("the extensions that `cascade` creates are not named"));
                }
                self.made(create.if_not_exists).map(|()| {
                    Operation::DropExtension(DropExtension {
                        name: create.name.clone(),
                        if_exists: false,
                        cascade: false,
                        was: Some(ExtensionBefore {
                            schema: create.schema.clone(),
                            version: create.version.clone(),
                        }),
                    })
                })
            }
            Operation::DropExtension(drop) => drop::extension(drop),
            Operation::CreatePolicy(create) => Ok(Operation::DropPolicy(DropPolicy {
                schema: create.schema.clone(),
                table: create.table.clone(),
                name: create.name.clone(),
                if_exists: false,
                was: Some(create.definition.clone()),
            })),
            Operation::AlterPolicy(alter) => alter::policy(alter),
            Operation::DropPolicy(drop) => drop::policy(drop),
            Operation::RowSecurity(security) => Ok(Operation::RowSecurity(RowSecurity {
                schema: security.schema.clone(),
                table: security.table.clone(),
                enabled: security.enabled.map(|enabled| !enabled),
                forced: security.forced.map(|forced| !forced),
            })),
            Operation::Grant(grant) => {
                Ok(Operation::Revoke(Grant { grant_option: false, ..grant.clone() }))
            }
            Operation::Revoke(revoke) if revoke.cascade => {
                Err(self.none("the privileges that `cascade` revokes are not named"))
            }
            Operation::Revoke(revoke) => Ok(Operation::Grant(revoke.clone())),
            Operation::BulkInsert(rows) => {
                self.found_again(rows).map(|()| Operation::BulkDelete(rows.clone()))
            }
            Operation::BulkDelete(rows) => {
                self.found_again(rows).map(|()| Operation::BulkInsert(rows.clone()))
            }
            Operation::Sql(_) => Err(Irreversible(
                "SQL cannot be reversed automatically: write the `down`".to_owned(),
            )),
            Operation::Program(program) => self.program(program),
            Operation::Backfill(backfill) => self.backfill(backfill),
            // What was checked stays checked, and what was filled stays filled.
            Operation::ValidateConstraint(_) | Operation::RefreshMaterializedView(_) => {
                return Ok(Vec::new());
            }
            Operation::ByDialect(ByDialect::All(operations)) => return reversed(operations),
            Operation::ByDialect(ByDialect::Each(each)) => {
                let reversed = each
                    .iter()
                    .map(|(dialect, operations)| Ok((*dialect, reversed(operations)?)))
                    .collect::<Result<_, _>>()?;
                Ok(Operation::ByDialect(ByDialect::Each(reversed)))
            }
        };
        Ok(vec![one?])
    }

    fn none(&self, reason: &str) -> Irreversible {
        none(self.kind(), reason)
    }

    /// Refuses what may have found its object there: to drop it might drop what it has not made.
    fn made(&self, if_not_exists: bool) -> Result<(), Irreversible> {
        if if_not_exists {
            return Err(self.none(
                "with `if_not_exists` the object may have existed before: omit it, or write the `down`",
            ));
        }
        Ok(())
    }

    fn create_view(&self, create: &CreateView) -> Reverse {
        let CreateView { schema, name, definition, .. } = create.clone();
        match (create.or_replace, &create.was) {
            (true, Some(was)) => Ok(Operation::CreateView(CreateView {
                schema,
                name,
                or_replace: true,
                if_not_exists: false,
                definition: was.clone(),
                was: Some(definition),
            })),
            (true, None) => {
                Err(self.none("with `or_replace` it needs `was:` with the view as it was"))
            }
            (false, _) => self.made(create.if_not_exists).map(|()| {
                let (if_exists, cascade) = (false, false);
                let was = Some(definition);
                Operation::DropView(DropView { schema, name, if_exists, cascade, was })
            }),
        }
    }

    fn create_routine(
        &self,
        create: &CreateRoutine,
        again: fn(CreateRoutine) -> Operation,
        drop: fn(DropRoutine) -> Operation,
    ) -> Reverse {
        let CreateRoutine { schema, name, definition, .. } = create.clone();
        match (create.or_replace, &create.was) {
            (true, Some(was)) => Ok(again(CreateRoutine {
                schema,
                name,
                or_replace: true,
                if_not_exists: false,
                definition: was.clone(),
                was: Some(definition),
            })),
            (true, None) => {
                Err(self.none("with `or_replace` it needs `was:` with the routine as it was"))
            }
            (false, _) => self.made(create.if_not_exists).map(|()| {
                drop(DropRoutine {
                    schema,
                    name,
                    arguments: None,
                    if_exists: false,
                    cascade: false,
                    was: Some(definition),
                })
            }),
        }
    }

    fn create_trigger(&self, create: &CreateTrigger) -> Reverse {
        let CreateTrigger { schema, table, name, definition, .. } = create.clone();
        match (create.or_replace, &create.was) {
            (true, Some(was)) => Ok(Operation::CreateTrigger(CreateTrigger {
                schema,
                table,
                name,
                or_replace: true,
                if_not_exists: false,
                definition: was.clone(),
                was: Some(definition),
            })),
            (true, None) => {
                Err(self.none("with `or_replace` it needs `was:` with the trigger as it was"))
            }
            (false, _) => self.made(create.if_not_exists).map(|()| {
                Operation::DropTrigger(DropTrigger {
                    schema,
                    table,
                    name,
                    if_exists: false,
                    cascade: false,
                    was: Some(definition),
                })
            }),
        }
    }

    /// Refuses rows that cannot be told from others by their key.
    fn found_again(&self, rows: &BulkInsert) -> Result<(), Irreversible> {
        if rows.key.is_empty() {
            return Err(self.none("it needs `key:` with the columns that identify the rows"));
        }
        for key in &rows.key {
            if rows
                .rows
                .iter()
                .any(|row| row.get(key).is_none_or(|value| value.get("sql").is_some()))
            {
                let reason = format!(
                    "the key's column {key} must have a value in each row, and no {{sql: …}}"
                );
                return Err(self.none(&reason));
            }
        }
        Ok(())
    }

    fn program(&self, program: &Program) -> Reverse {
        if program.command.is_empty() {
            return Err(self.none("it has no command"));
        }
        if program.down.is_empty() {
            return Err(self.none("it needs `down:` with the command that undoes it"));
        }
        let Program { command, down, .. } = program.clone();
        Ok(Operation::Program(Program { command: down, down: command, ..program.clone() }))
    }

    fn backfill(&self, backfill: &Backfill) -> Reverse {
        if backfill.set.is_empty() {
            return Err(self.none("it sets nothing"));
        }
        if backfill.down.is_empty() {
            return Err(self.none("it needs `down:` with what the columns are set to"));
        }
        let Backfill { set, down, .. } = backfill.clone();
        // The rows that needed it are told by their old values: they are not to be found any more.
        Ok(Operation::Backfill(Backfill { set: down, down: set, where_: None, ..backfill.clone() }))
    }
}

/// The reverse of operations, last first.
///
/// # Errors
/// As [`Operation::reverse`].
fn reversed(operations: &[Operation]) -> Result<Vec<Operation>, Irreversible> {
    let reversed: Vec<_> =
        operations.iter().rev().map(Operation::reverse).collect::<Result<_, _>>()?;
    Ok(reversed.into_iter().flatten().collect())
}

fn none(kind: &str, reason: &str) -> Irreversible {
    Irreversible(format!("{kind} has no reverse: {reason}"))
}

fn create_table(create: &CreateTable) -> Reverse {
    Operation::CreateTable(create.clone()).made(create.if_not_exists)?;
    Ok(Operation::DropTable(DropTable {
        schema: create.schema.clone(),
        name: create.name.clone(),
        if_exists: false,
        cascade: false,
        was: Some(create.definition.clone()),
    }))
}

/// One without a name, where the dialect leaves it so, is found again by what it was.
fn constraint(schema: &Option<String>, table: &str, constraint: Constraint) -> Reverse {
    Ok(Operation::DropConstraint(DropConstraint {
        schema: schema.clone(),
        table: table.to_owned(),
        name: constraint.name().map(str::to_owned),
        kind: constraint.kind(),
        if_exists: false,
        cascade: false,
        was: Some(constraint),
    }))
}

fn add_column(add: &AddColumn) -> Reverse {
    Operation::AddColumn(add.clone()).made(add.if_not_exists)?;
    Ok(Operation::DropColumn(DropColumn {
        schema: add.schema.clone(),
        table: add.table.clone(),
        column: add.column.name.clone(),
        if_exists: false,
        cascade: false,
        was: Some(add.column.clone()),
    }))
}

fn create_index(create: &CreateIndex) -> Reverse {
    let operation = Operation::CreateIndex(create.clone());
    operation.made(create.if_not_exists)?;
    let Some(name) = create.index.name.clone() else {
        return Err(operation.none("it has no name: give it one, or write the `down`"));
    };
    Ok(Operation::DropIndex(DropIndex {
        schema: create.schema.clone(),
        table: create.table.clone(),
        name,
        if_exists: false,
        concurrently: create.concurrently,
        cascade: false,
        algorithm: create.algorithm.clone(),
        lock: create.lock.clone(),
        was: Some(create.index.clone()),
    }))
}

fn set_comment(set: &SetComment) -> Reverse {
    let Some(was) = &set.was else {
        return Err(none("comment", "it needs `was:` with the comment as it was, `null` for none"));
    };
    Ok(Operation::Comment(SetComment {
        comment: was.clone(),
        was: Some(set.comment.clone()),
        ..set.clone()
    }))
}

fn add_enum_value(add: &AddEnumValue) -> Reverse {
    Operation::AddEnumValue(add.clone()).made(add.if_not_exists)?;
    Ok(Operation::DropEnumValue(DropEnumValue {
        schema: add.schema.clone(),
        name: add.name.clone(),
        value: add.value.clone(),
        replace_by: None,
        was: Some(EnumPlace { before: add.before.clone(), after: add.after.clone() }),
    }))
}
