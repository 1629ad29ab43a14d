//! Prepares a request for a database that nobody asks.

use crate::db::Journal;
use crate::graph::{Names, Request, State};
use crate::model::{AppliedRow, Direction, How};
use crate::store::{Store, TransactionMode};
use crate::text::{Dialect, Digest};

use super::Error;
use super::history::state;
use super::prepare::{Labels, Prepared, Preparer, row_that_goes};

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
    let preparer = Preparer {
        store,
        dialect,
        mode: transaction,
        labels: Labels::new(graph),
        stamp: matches!(request, Request::Stamp { .. }),
    };
    let empty = State::new(graph, Vec::new());
    let names = Names { state: None, lines, journal: None };
    // The walk that a stamp takes from nothing gives the closure in the order of plans.
    let start = Request::Stamp { targets: from.to_vec(), purge: false, only: false };
    let start = graph.plan(&empty, &start, &names)?;
    let mut journal = Journal::default();
    for (index, step) in start.steps.iter().enumerate() {
        let header = store.header(&step.revision);
        let seq = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(2);
        journal.applied.push(AppliedRow {
            id: step.revision.clone(),
            seq,
            up_digest: Digest::stored(""),
            down_digest: Digest::stored(""),
            parents: header.map(|header| header.parents.clone()).unwrap_or_default(),
            depends_on: header
                .map(|header| preparer.labels.resolved(graph, &header.depends_on))
                .unwrap_or_default(),
            how: How::Ran,
            at: String::new(),
            who: String::new(),
        });
    }
    let state = state(graph, &journal);
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
    prepared.applied = journal.applied.into_iter().map(|row| row.id).collect();
    Ok(prepared)
}
