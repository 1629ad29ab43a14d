//! Operations that are more than statements.

use super::clauses::{bracketed, closed, query, text_for};
use super::literal;
use super::lowering::Lowered;
use super::refused::mismatch;
use super::types::{Type, Types};
use super::unsupported::Unsupported;
use crate::model::operation::{Assert, Backfill, Expected, Program};
use crate::model::{AssertTask, BackfillTask, ProgramTask, Task};
use crate::text::{self, Dialect, ident, qualified};

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

/// A condition that stops the step, in its transaction.
///
/// # Errors
/// Nothing said for the dialect; more than one statement, or one that is no query.
pub(super) fn assert(operation: &Assert, dialect: Dialect) -> Result<Lowered, Unsupported> {
    let Assert { query: said, expect, message } = operation;
    let said = query(text_for(said, dialect, "assert.query")?).trim();
    let pieces = text::split(dialect, said).map_or(0, |pieces| pieces.len());
    let first = text::tokens(dialect, said).first().map(|token| token.text.to_ascii_uppercase());
    let reads = ["SELECT", "WITH", "VALUES", "TABLE", "("];
    if pieces != 1 || !first.is_some_and(|word| reads.contains(&word.as_str())) {
        return Err(mismatch(dialect, "assert.query", "it takes one SELECT"));
    }
    let (violated, reason) = match expect {
        Expected::Rows => {
            (format!("NOT EXISTS {}", bracketed(said)), "the query returns no rows, and should")
        }
        Expected::NoRows => {
            (format!("EXISTS {}", bracketed(said)), "the query returns rows, and should not")
        }
        Expected::True => (
            super::dialect(dialect).is_not_true(&bracketed(said)),
            "the query does not return true",
        ),
    };
    let message = message.clone().unwrap_or_else(|| reason.to_owned());
    let task =
        Task::Assert(AssertTask { violated, message: format!("assertion failed: {message}") });
    Ok(Lowered { transactional: true, ..lowered(said.to_owned(), task, "assert") })
}

fn lowered(sql: String, task: Task, path: &str) -> Lowered {
    let path = path.to_owned();
    Lowered { sql, path, transactional: false, task: Some(task), no_worse: false }
}
