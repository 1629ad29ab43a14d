//! What makes an object and what drops it, each with what its reverse needs.

use crate::model::operation::{
    CreateDomain, CreateEnum, CreateExtension, CreateFunction, CreateMaterializedView,
    CreatePolicy, CreateProcedure, CreateRoutine, CreateSchema, CreateSequence, CreateTable,
    CreateTrigger, CreateView, DropDomain, DropEnum, DropExtension, DropFunction,
    DropMaterializedView, DropPolicy, DropProcedure, DropRoutine, DropSchema, DropSequence,
    DropTable, DropTrigger, DropView, RowSecurity, SetComment, TableDefinition,
};
use crate::model::{ByDialect, Definition, ObjectKey, Operation, Sql};
use crate::text::{self, Dialect};

/// An operation, and what takes it back.
pub(super) type Pair = (Operation, Vec<Operation>);

/// The operation that makes an object.
pub(super) fn make(dialect: Dialect, key: &ObjectKey, definition: &Definition) -> Pair {
    let (schema, name) = (key.name.schema.clone(), key.name.name.clone());
    let table = key.of.clone().unwrap_or_default();
    let operation = match definition.clone() {
        Definition::Schema(definition) => {
            let if_not_exists = false;
            Operation::CreateSchema(CreateSchema { name, if_not_exists, definition })
        }
        Definition::Extension(definition) => Operation::CreateExtension(CreateExtension {
            name,
            definition,
            cascade: false,
            if_not_exists: false,
        }),
        Definition::Enum(values) => Operation::CreateEnum(CreateEnum { schema, name, values }),
        Definition::Domain(definition) => {
            Operation::CreateDomain(CreateDomain { schema, name, definition })
        }
        Definition::Sequence(definition) => {
            let if_not_exists = false;
            Operation::CreateSequence(CreateSequence { schema, name, if_not_exists, definition })
        }
        Definition::Table(TableDefinition { beyond: Some(beyond), .. }) => {
            return (sql(dialect, &beyond.create), vec![drop_table(dialect, key)]);
        }
        Definition::Table(definition) => {
            let if_not_exists = false;
            Operation::CreateTable(CreateTable { schema, name, if_not_exists, definition })
        }
        Definition::View(definition) => Operation::CreateView(CreateView {
            schema,
            name,
            or_replace: false,
            if_not_exists: false,
            definition,
            was: None,
        }),
        Definition::MaterializedView(definition) => {
            Operation::CreateMaterializedView(CreateMaterializedView {
                schema,
                name,
                if_not_exists: false,
                definition,
            })
        }
        Definition::Function(definition) => {
            Operation::CreateFunction(CreateFunction(CreateRoutine::new(schema, name, definition)))
        }
        Definition::Procedure(definition) => Operation::CreateProcedure(CreateProcedure(
            CreateRoutine::new(schema, name, definition),
        )),
        Definition::Trigger(definition) => Operation::CreateTrigger(CreateTrigger {
            schema,
            table,
            name,
            or_replace: false,
            if_not_exists: false,
            definition,
            was: None,
        }),
        Definition::Policy(definition) => {
            Operation::CreatePolicy(CreatePolicy { schema, table, name, definition })
        }
        Definition::RowSecurity { enabled, forced } => Operation::RowSecurity(RowSecurity {
            schema,
            table: name,
            enabled: enabled.then_some(true),
            forced: forced.then_some(true),
        }),
        Definition::Comment(comment) => {
            Operation::Comment(SetComment { was: Some(None), ..comment })
        }
        Definition::Sql { create, drop } => {
            return (sql(dialect, &create), vec![sql(dialect, &drop)]);
        }
    };
    reversible(operation)
}

/// The operation that drops an object.
pub(super) fn drop(dialect: Dialect, key: &ObjectKey, definition: &Definition) -> Pair {
    let (schema, name) = (key.name.schema.clone(), key.name.name.clone());
    let table = key.of.clone().unwrap_or_default();
    let (if_exists, cascade) = (false, false);
    let operation = match definition.clone() {
        Definition::Schema(was) => {
            Operation::DropSchema(DropSchema { name, if_exists, cascade, was: Some(was) })
        }
        Definition::Extension(was) => {
            Operation::DropExtension(DropExtension { name, if_exists, cascade, was: Some(was) })
        }
        Definition::Enum(was) => {
            Operation::DropEnum(DropEnum { schema, name, if_exists, cascade, was: Some(was) })
        }
        Definition::Domain(was) => {
            Operation::DropDomain(DropDomain { schema, name, if_exists, cascade, was: Some(was) })
        }
        Definition::Sequence(was) => Operation::DropSequence(DropSequence {
            schema,
            name,
            if_exists,
            cascade,
            was: Some(was),
        }),
        Definition::Table(TableDefinition { beyond: Some(beyond), .. }) => {
            return (drop_table(dialect, key), vec![sql(dialect, &beyond.create)]);
        }
        Definition::Table(was) => {
            Operation::DropTable(DropTable { schema, name, if_exists, cascade, was: Some(was) })
        }
        Definition::View(was) => {
            Operation::DropView(DropView { schema, name, if_exists, cascade, was: Some(was) })
        }
        Definition::MaterializedView(was) => {
            Operation::DropMaterializedView(DropMaterializedView {
                schema,
                name,
                if_exists,
                cascade,
                was: Some(was),
            })
        }
        // What was there tells a routine from others of its name.
        Definition::Function(was) => {
            Operation::DropFunction(DropFunction(DropRoutine::new(schema, name, was)))
        }
        Definition::Procedure(was) => {
            Operation::DropProcedure(DropProcedure(DropRoutine::new(schema, name, was)))
        }
        Definition::Trigger(was) => Operation::DropTrigger(DropTrigger {
            schema,
            table,
            name,
            if_exists,
            cascade,
            was: Some(was),
        }),
        Definition::Policy(was) => {
            Operation::DropPolicy(DropPolicy { schema, table, name, if_exists, was: Some(was) })
        }
        Definition::RowSecurity { enabled, forced } => Operation::RowSecurity(RowSecurity {
            schema,
            table: name,
            enabled: enabled.then_some(false),
            forced: forced.then_some(false),
        }),
        Definition::Comment(comment) => Operation::Comment(SetComment {
            was: Some(comment.comment.clone()),
            comment: None,
            ..comment
        }),
        Definition::Sql { create, drop } => {
            return (sql(dialect, &drop), vec![sql(dialect, &create)]);
        }
    };
    reversible(operation)
}

/// Drops a table that only its own statement makes.
fn drop_table(dialect: Dialect, key: &ObjectKey) -> Operation {
    let name = text::qualified(dialect, key.name.schema.as_deref(), &key.name.name);
    sql(dialect, &format!("DROP TABLE {name}"))
}

/// SQL for one dialect.
pub(super) fn sql(dialect: Dialect, text: &str) -> Operation {
    let text = format!("{};\n", text.trim().trim_end_matches(';').trim_end());
    Operation::Sql(Sql::from(ByDialect::Each(vec![(dialect, text)])))
}

/// An operation that says itself what takes it back.
pub(super) fn reversible(operation: Operation) -> Pair {
    let reverse = operation.reverse().unwrap_or_default();
    (operation, reverse)
}

/// The same, with what is said for the one dialect said as a person would.
pub(super) fn collapse_dialects((operation, reverse): Pair, dialect: Dialect) -> Pair {
    let mut plain = crate::sql::collapse_dialects(std::slice::from_ref(&operation), dialect);
    let reverse = crate::sql::collapse_dialects(&reverse, dialect);
    (plain.pop().unwrap_or(operation), reverse)
}
