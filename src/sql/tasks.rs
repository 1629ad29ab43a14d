//! Operations that are more than statements.

use super::clauses::{closed, text_for};
use super::literal;
use super::lowering::{Lowered, Unsupported};
use super::refused::mismatch;
use super::types::{Type, Types};
use crate::model::operation::{Backfill, Program};
use crate::model::{BackfillTask, ProgramTask, Task};
use crate::text::{ident, qualified};

/// How many rows one batch takes where nothing is said.
const BATCH: u32 = 1000;

/// A command.
pub(super) fn program(operation: &Program) -> Lowered {
    let Program { command, variable, environment, timeout, .. } = operation;
    let task = Task::Program(ProgramTask {
        command: command.clone(),
        variable: variable.clone().unwrap_or_else(|| "DATABASE_URL".to_owned()),
        environment: environment.clone(),
        timeout: *timeout,
    });
    lowered(format!("program: {}", command.join(" ")), task, "program")
}

/// Updates in batches.
///
/// # Errors
/// A value that cannot be written, nothing to set, no key.
pub(super) fn backfill(types: &dyn Types, operation: &Backfill) -> Result<Lowered, Unsupported> {
    let dialect = types.dialect();
    let refused = |part: &str, reason: &str| mismatch(dialect, &format!("backfill.{part}"), reason);
    if operation.key.is_empty() {
        return Err(refused("key", "the rows are taken in the order of a key"));
    }
    if operation.set.is_empty() {
        return Err(refused("set", "there is nothing to set"));
    }
    let set = operation.set.iter().map(|(name, value)| {
        let value = literal::default(types, Type::Own(""), value)
            .map_err(|reason| refused(&format!("set.{name}"), &reason))?;
        Ok(format!("{} = {value}", ident(dialect, name)))
    });
    let set = set.collect::<Result<Vec<_>, _>>()?.join(", ");
    let table = qualified(dialect, operation.schema.as_deref(), &operation.table);
    let condition = match &operation.where_ {
        Some(condition) => Some(closed(text_for(condition, dialect, "backfill.where")?)),
        None => None,
    };
    let sql = match &condition {
        Some(condition) => format!("backfill: UPDATE {table} SET {set} WHERE {condition}"),
        None => format!("backfill: UPDATE {table} SET {set}"),
    };
    let task = Task::Backfill(BackfillTask {
        table,
        key: operation.key.iter().map(|name| ident(dialect, name)).collect(),
        set,
        condition,
        batch: operation.batch.unwrap_or(BATCH).max(1),
        pause: operation.pause.unwrap_or(0),
    });
    Ok(lowered(sql, task, "backfill"))
}

fn lowered(sql: String, task: Task, path: &str) -> Lowered {
    Lowered { sql, path: path.to_owned(), transactional: false, task: Some(task) }
}
