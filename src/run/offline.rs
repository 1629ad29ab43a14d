//! Prepares a request for a script: for a database that nobody asks, or that nobody will be asked any
//! more when the script runs.

use crate::db::Journal;
use crate::graph::{Names, Request, State};
use crate::model::{Direction, Task};
use crate::sql::LowerError;
use crate::store::{Store, TransactionMode};
use crate::text::Dialect;

use super::body::Bodies;
use super::prepare::{Prepared, Preparer, prepare, row_that_goes};
use super::replay::Replay;
use super::{Database, Error, PreparedStep};

/// Prepares a request without a database: the walk from the closure of `from` as `A:B` gives it.
/// `lines` are the labels that the database takes; none: the whole graph.
///
/// # Errors
/// As [`prepare`](super::prepare).
pub fn prepare_offline(
    store: &Store,
    dialect: Dialect,
    transaction: TransactionMode,
    lines: &[String],
    from: &[String],
    request: &Request,
) -> Result<Prepared, Error> {
    let graph = store.graph();
    let mut preparer = Preparer {
        store,
        bodies: Bodies::new(dialect),
        mode: transaction,
        stamp: matches!(request, Request::Stamp { .. }),
    };
    let empty = State::new(graph, Vec::new());
    let names = Names { state: None, lines, journal: None };
    // A stamp from nothing: so `A` is read as any target is.
    let start = Request::Stamp { targets: from.to_vec(), purge: false, only: false };
    let start = graph.plan(&empty, &start, &names)?;
    let state = State::assumed(graph, &start.heads_after)?;
    let plan = graph.plan(&state, request, &Names { state: Some(&state), lines, journal: None })?;
    let mut steps = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        steps.push(match (step.direction, preparer.stamp) {
            (Direction::Up, _) => preparer.up(&step.revision)?,
            (Direction::Down, true) => row_that_goes(&step.revision, None),
            (Direction::Down, false) => preparer.down_of_the_file(&step.revision)?,
        });
    }
    let mut prepared = preparer.finish(plan, steps, Vec::new())?;
    prepared.applied = state.applied();
    if is_deferred(&prepared) {
        let mut replay = Replay::from_nothing(store, dialect);
        replay.follow(start.steps.into_iter().map(|step| step.revision))?;
        replay.resolve(&mut prepared.steps)?;
    }
    refuse_tasks(&prepared)?;
    Ok(prepared)
}

/// Prepares a request for a script: by what a database holds, but nobody will be there to look when a
/// step begins.
///
/// # Errors
/// As [`prepare`]; what takes the definition of a table that SQL in front of it changes, and what the
/// engine's client cannot run.
pub async fn prepare_script(
    store: &Store,
    database: &mut Database,
    journal: &Journal,
    request: &Request,
) -> Result<Prepared, Error> {
    let mut prepared = prepare(store, database, journal, request).await?;
    if is_deferred(&prepared) {
        let named: Vec<String> = prepared.steps.iter().flat_map(|step| step.schemas()).collect();
        let schema = database.connection.read_schema(&named).await?;
        let mut replay = Replay::from(store, database.connection.dialect(), schema);
        replay.resolve(&mut prepared.steps)?;
    }
    refuse_tasks(&prepared)?;
    Ok(prepared)
}

/// Whether a step that runs becomes statements only by what its tables are. A stamp runs nothing.
fn is_deferred(prepared: &Prepared) -> bool {
    !prepared.stamp && prepared.steps.iter().any(PreparedStep::is_deferred)
}

/// Refuses what the engine's client cannot run.
fn refuse_tasks(prepared: &Prepared) -> Result<(), Error> {
    let steps = prepared.steps.iter().filter(|_| !prepared.stamp);
    for step in steps {
        let task = step.statements.iter().find_map(|one| {
            let what = match one.task.as_ref()? {
                Task::Program(_) => "a program",
                Task::Backfill(_) => "a backfill",
                Task::Assert(_) => return None,
            };
            Some((what, &one.source))
        });
        if let Some((what, source)) = task {
            return Err(LowerError {
                message: format!(
                    "{} of {} is {what}, which a script cannot contain",
                    step.direction, step.revision
                ),
                at: source.clone(),
                hint: Some("let `rev` itself run this revision, without `--sql`".to_owned()),
                unknown: None,
            }
            .into());
        }
    }
    Ok(())
}
