//! What brings back what was dropped: it says in `was` what that was.

use super::{Irreversible, Reverse, none};
use crate::model::operation::{
    AddColumn, AddEnumValue, Constraint, CreateCheck, CreateDomain, CreateEnum, CreateExclude,
    CreateExtension, CreateForeignKey, CreateIndex, CreateMaterializedView, CreatePolicy,
    CreatePrimaryKey, CreateRoutine, CreateSchema, CreateSequence, CreateTable, CreateTrigger,
    CreateUnique, CreateView, DropColumn, DropConstraint, DropDomain, DropEnum, DropEnumValue,
    DropExtension, DropIndex, DropMaterializedView, DropPolicy, DropRoutine, DropSchema,
    DropSequence, DropTable, DropTrigger, DropView, Operation,
};

/// What was there; what a CASCADE takes along is told by nothing.
fn was<T: Clone>(
    kind: &str,
    object: &str,
    was: Option<&T>,
    cascade: bool,
) -> Result<T, Irreversible> {
    let Some(was) = was else {
        return Err(none(kind, &format!("it needs `was:` with the {object} as it was")));
    };
    if cascade {
        let reason = "the objects that `cascade` drops are not named: drop them by their own \
                      operations, or write the `down`";
        return Err(none(kind, reason));
    }
    Ok(was.clone())
}

pub(super) fn table(drop: &DropTable) -> Reverse {
    Ok(Operation::CreateTable(CreateTable {
        definition: was("drop_table", "table", drop.was.as_ref(), drop.cascade)?,
        schema: drop.schema.clone(),
        name: drop.name.clone(),
        if_not_exists: false,
    }))
}

pub(super) fn column(drop: &DropColumn) -> Reverse {
    let column = was("drop_column", "column", drop.was.as_ref(), drop.cascade)?;
    if column.name != drop.column {
        let reason = format!("its `was` is of {}, not of {}", column.name, drop.column);
        return Err(none("drop_column", &reason));
    }
    Ok(Operation::AddColumn(AddColumn {
        column,
        schema: drop.schema.clone(),
        table: drop.table.clone(),
        if_not_exists: false,
        after: None,
        first: false,
    }))
}

pub(super) fn index(drop: &DropIndex) -> Reverse {
    let mut index = was("drop_index", "index", drop.was.as_ref(), drop.cascade)?;
    if index.name.as_ref().is_some_and(|name| *name != drop.name) {
        return Err(none("drop_index", "its `was` has another name"));
    }
    index.name = Some(drop.name.clone());
    Ok(Operation::CreateIndex(CreateIndex {
        index,
        schema: drop.schema.clone(),
        table: drop.table.clone(),
        if_not_exists: false,
        concurrently: drop.concurrently,
        only: false,
        algorithm: drop.algorithm.clone(),
        lock: drop.lock.clone(),
    }))
}

pub(super) fn constraint(drop: &DropConstraint) -> Reverse {
    let mut constraint = was("drop_constraint", "constraint", drop.was.as_ref(), drop.cascade)?;
    if constraint.kind() != drop.kind {
        return Err(none("drop_constraint", "its `was` is of another kind"));
    }
    if let Some(name) = &drop.name {
        if constraint.name().is_some_and(|own| own != name) {
            return Err(none("drop_constraint", "its `was` has another name"));
        }
        constraint.set_name(name.clone());
    }
    let (schema, table) = (drop.schema.clone(), drop.table.clone());
    Ok(match constraint {
        Constraint::PrimaryKey(key) => {
            Operation::CreatePrimaryKey(CreatePrimaryKey { schema, table, key })
        }
        Constraint::Unique(unique) => {
            Operation::CreateUnique(CreateUnique { schema, table, unique })
        }
        Constraint::ForeignKey(key) => {
            Operation::CreateForeignKey(CreateForeignKey { schema, table, key })
        }
        Constraint::Check(check) => Operation::CreateCheck(CreateCheck { schema, table, check }),
        Constraint::Exclude(exclude) => {
            Operation::CreateExclude(CreateExclude { schema, table, exclude })
        }
    })
}

pub(super) fn enum_type(drop: &DropEnum) -> Reverse {
    let Some(values) = &drop.was else {
        return Err(none("drop_enum", "it needs `was:` with its values, in order"));
    };
    Ok(Operation::CreateEnum(CreateEnum {
        values: was("drop_enum", "enum", Some(values), drop.cascade)?,
        schema: drop.schema.clone(),
        name: drop.name.clone(),
    }))
}

pub(super) fn enum_value(drop: &DropEnumValue) -> Reverse {
    let Some(place) = &drop.was else {
        let reason = "it needs `was:` with where the value stood: `before` or `after` another, \
                      `{}` for the last";
        return Err(none("drop_enum_value", reason));
    };
    Ok(Operation::AddEnumValue(AddEnumValue {
        schema: drop.schema.clone(),
        name: drop.name.clone(),
        value: drop.value.clone(),
        before: place.before.clone(),
        after: place.after.clone(),
        if_not_exists: false,
    }))
}

pub(super) fn domain(drop: &DropDomain) -> Reverse {
    Ok(Operation::CreateDomain(CreateDomain {
        definition: was("drop_domain", "domain", drop.was.as_ref(), drop.cascade)?,
        schema: drop.schema.clone(),
        name: drop.name.clone(),
    }))
}

pub(super) fn sequence(drop: &DropSequence) -> Reverse {
    Ok(Operation::CreateSequence(CreateSequence {
        definition: was("drop_sequence", "sequence", drop.was.as_ref(), drop.cascade)?,
        schema: drop.schema.clone(),
        name: drop.name.clone(),
        if_not_exists: false,
    }))
}

pub(super) fn view(drop: &DropView) -> Reverse {
    Ok(Operation::CreateView(CreateView {
        definition: was("drop_view", "view", drop.was.as_ref(), drop.cascade)?,
        schema: drop.schema.clone(),
        name: drop.name.clone(),
        or_replace: false,
        if_not_exists: false,
        was: None,
    }))
}

pub(super) fn materialized_view(drop: &DropMaterializedView) -> Reverse {
    Ok(Operation::CreateMaterializedView(CreateMaterializedView {
        definition: was("drop_materialized_view", "view", drop.was.as_ref(), drop.cascade)?,
        schema: drop.schema.clone(),
        name: drop.name.clone(),
        if_not_exists: false,
    }))
}

pub(super) fn routine(
    operation: &Operation,
    drop: &DropRoutine,
    create: fn(CreateRoutine) -> Operation,
) -> Reverse {
    Ok(create(CreateRoutine {
        definition: was(operation.kind(), "routine", drop.was.as_ref(), drop.cascade)?,
        schema: drop.schema.clone(),
        name: drop.name.clone(),
        or_replace: false,
        if_not_exists: false,
        was: None,
    }))
}

pub(super) fn trigger(drop: &DropTrigger) -> Reverse {
    Ok(Operation::CreateTrigger(CreateTrigger {
        definition: was("drop_trigger", "trigger", drop.was.as_ref(), drop.cascade)?,
        schema: drop.schema.clone(),
        table: drop.table.clone(),
        name: drop.name.clone(),
        or_replace: false,
        if_not_exists: false,
        was: None,
    }))
}

pub(super) fn schema(drop: &DropSchema) -> Reverse {
    let was = was("drop_schema", "schema", drop.was.as_ref(), drop.cascade)?;
    Ok(Operation::CreateSchema(CreateSchema {
        name: drop.name.clone(),
        if_not_exists: false,
        owner: was.owner,
        charset: was.charset,
        collation: was.collation,
        comment: was.comment,
    }))
}

pub(super) fn extension(drop: &DropExtension) -> Reverse {
    let was = was("drop_extension", "extension", drop.was.as_ref(), drop.cascade)?;
    Ok(Operation::CreateExtension(CreateExtension {
        name: drop.name.clone(),
        schema: was.schema,
        version: was.version,
        cascade: false,
        if_not_exists: false,
    }))
}

pub(super) fn policy(drop: &DropPolicy) -> Reverse {
    Ok(Operation::CreatePolicy(CreatePolicy {
        definition: was("drop_policy", "policy", drop.was.as_ref(), false)?,
        schema: drop.schema.clone(),
        table: drop.table.clone(),
        name: drop.name.clone(),
    }))
}
