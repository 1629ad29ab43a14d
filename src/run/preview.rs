//! The SQL of revisions, to be read: what each would run, up and down.

use std::fmt::Write as _;

use crate::model::{
    AssertTask, BackfillTask, Direction, Entry, Id, Irreversible, ProgramTask, Revision, Schema,
    Task,
};
use crate::sql::{self, Statement};
use crate::store::Store;
use crate::text::Dialect;

use super::Error;
use super::replay::{Replay, below};

/// What revisions run on a dialect, up and down. What takes the definition of a table is worked out
/// from the revisions below.
///
/// # Errors
/// What the dialect cannot honour; a table whose definition the revisions do not tell.
pub fn preview(store: &Store, dialect: Dialect, ids: &[Id]) -> Result<String, Error> {
    let mut out = String::new();
    for id in ids {
        one(&mut out, store, dialect, &store.revision(id)?)?;
    }
    Ok(out)
}

fn one(
    out: &mut String,
    store: &Store,
    dialect: Dialect,
    revision: &Revision,
) -> Result<(), Error> {
    let header = &revision.header;
    let down = revision.way_down_on(dialect);
    let deferred = sql::needs_schema(&revision.up, dialect)
        || down.as_ref().is_ok_and(|down| sql::needs_schema(down, dialect));
    let mut replay = match deferred {
        true => {
            let mut replay = Replay::from_nothing(store, dialect);
            replay.follow(below(store, &header.id)?)?;
            replay
        }
        // Nothing rests on what is below.
        false => Replay::from(store, dialect, Schema::default()),
    };
    let up = replay.lower(revision, &revision.up)?;
    heading(out, revision, Direction::Up);
    body(out, dialect, &revision.up, &up);
    match down {
        Ok(down) => {
            let statements = replay.lower(revision, &down)?;
            heading(out, revision, Direction::Down);
            body(out, dialect, &down, &statements);
        }
        Err(Irreversible(reason)) => {
            heading(out, revision, Direction::Down);
            comment(out, &format!("irreversible: {reason}"));
        }
    }
    Ok(())
}

/// What operations run, with what is around it.
fn body(out: &mut String, dialect: Dialect, entries: &[Entry], statements: &[Statement]) {
    if statements.is_empty() {
        comment(out, "nothing");
    }
    let words = sql::dialect(dialect);
    let alone = statements.iter().any(|statement| !statement.transactional);
    if words.transactional_ddl() && alone {
        comment(out, "outside a transaction");
    }
    if words.session_guard().is_some() && sql::needs_schema(entries, dialect) {
        comment(out, "foreign keys are off around the transaction, and checked before it commits");
    }
    for statement in statements {
        match &statement.task {
            Some(task) => comment(out, &task_in_words(task)),
            None => {
                let copy_data = statement.copy_data.as_deref();
                out.push_str(&words.client().terminated(&statement.sql, copy_data));
            }
        }
    }
}

fn heading(out: &mut String, revision: &Revision, direction: Direction) {
    if !out.is_empty() {
        out.push('\n');
    }
    let header = &revision.header;
    let title = header.message.lines().next().unwrap_or_default();
    comment(out, &format!("{direction} {}: {title}", header.id));
}

/// A line for people, whatever the text holds.
pub(super) fn comment(out: &mut String, text: &str) {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let _ = writeln!(out, "-- {}", text.trim_end());
}

/// What a task would do.
fn task_in_words(task: &Task) -> String {
    match task {
        Task::Program(ProgramTask { command, variable, .. }) => {
            format!("program, with the url in {variable}: {}", command.join(" "))
        }
        Task::Assert(AssertTask { violated, message }) => {
            format!("stops with {message:?} if: {violated}")
        }
        Task::Backfill(BackfillTask { table, key, set, condition, batch, .. }) => {
            let rows = condition.as_ref().map(|sql| format!(" WHERE {sql}")).unwrap_or_default();
            let key = key.join(", ");
            format!("backfill, {batch} rows at a time by {key}: UPDATE {table} SET {set}{rows}")
        }
    }
}
