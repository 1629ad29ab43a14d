//! Prepares a request for a database that nobody asks.

use crate::graph::{Names, Request, State};
use crate::model::{Direction, Schema};
use crate::store::{Store, TransactionMode};
use crate::text::Dialect;

use super::Error;
use super::prepare::{Prepared, Preparer, row_that_goes};

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
        dialect,
        mode: transaction,
        stamp: matches!(request, Request::Stamp { .. }),
        schema: Schema::default(),
        at_once: true,
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
    Ok(prepared)
}
