//! What a journal tells: the applied set now, the applied set some runs back, and where a step
//! was interrupted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::db::Journal;
use crate::graph::{AppliedNode, Graph, State};
use crate::model::{Direction, Id, LogEvent, LogRow};
use crate::text::Digest;

/// What a log row of a step, a stamp or a move says of its revision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Edges {
    /// The parents that it has from then on.
    pub parents: Vec<String>,
    /// The dependencies.
    pub depends_on: Vec<String>,
}

impl Edges {
    pub(super) fn new(parents: &[Id], depends_on: &[Id]) -> Self {
        let texts = |ids: &[Id]| ids.iter().map(|id| id.as_str().to_owned()).collect();
        Edges { parents: texts(parents), depends_on: texts(depends_on) }
    }
}

/// What a `began` row says of its step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Began {
    /// The digest of the `down`: with the row's own digest it names the stored text.
    pub down_digest: String,
    /// The parents that the revision is to have.
    pub parents: Vec<String>,
    /// The dependencies.
    pub depends_on: Vec<String>,
    /// The digests of the step's statements.
    pub statements: Vec<String>,
}

/// The detail of a log row as a value; `None` if there is none or it is not ours.
pub(super) fn detail<T: for<'a> Deserialize<'a>>(row: &LogRow) -> Option<T> {
    serde_json::from_str(row.detail.as_deref()?).ok()
}

/// The applied set of a journal, joined with the files' graph.
pub fn state(graph: &Graph, journal: &Journal) -> State {
    let applied = journal.applied.iter().map(|row| AppliedNode {
        id: row.id.clone(),
        seq: row.seq,
        parents: row.parents.clone(),
        depends_on: row.depends_on.clone(),
    });
    State::new(graph, applied.collect())
}

/// The heads of the applied set as it was N runs back, rebuilt from the log; `None` if there are not
/// so many. Runs that changed nothing do not count.
pub fn earlier_heads(log: &[LogRow], runs_back: usize) -> Option<Vec<Id>> {
    // The applied set after each run that changed it, the empty database in front.
    let mut states: Vec<BTreeMap<Id, Vec<Id>>> = vec![BTreeMap::new()];
    let mut applied: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    for run in log.chunk_by(|a, b| a.run == b.run) {
        for row in run {
            replay(&mut applied, row);
        }
        let before = states.last().into_iter().flat_map(BTreeMap::keys);
        if !before.eq(applied.keys()) {
            states.push(applied.clone());
        }
    }
    let then = states.len().checked_sub(runs_back + 1).and_then(|index| states.get(index))?;
    let below: BTreeSet<&Id> = then.values().flatten().collect();
    Some(then.keys().filter(|id| !below.contains(id)).cloned().collect())
}

/// Does to an applied set what a log row tells.
fn replay(applied: &mut BTreeMap<Id, Vec<Id>>, row: &LogRow) {
    let Some(id) = &row.revision else { return };
    let parents = || {
        let edges: Edges = detail(row).unwrap_or_default();
        edges.parents.iter().map(Id::from).collect()
    };
    match (row.event, row.direction) {
        (LogEvent::Done, _) if row.statement.is_some() => {}
        (LogEvent::Done | LogEvent::Stamped, Some(Direction::Up)) => {
            applied.insert(id.clone(), parents());
        }
        (LogEvent::Done | LogEvent::Stamped, Some(Direction::Down)) => {
            applied.remove(id);
        }
        (LogEvent::Moved, _) => {
            if let Some(row) = applied.get_mut(id) {
                *row = parents();
            }
        }
        _ => {}
    }
}

/// A step without a transaction that has begun and not ended, and of which something ran or may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interruption {
    /// The revision.
    pub revision: Id,
    /// Which way the step went.
    pub direction: Direction,
    /// How many of its statements are done.
    pub done: usize,
    /// How many it has.
    pub total: usize,
    /// Whether the statement after those may have run: only the catalogue or the user can tell.
    pub open: bool,
    /// What the database said if that statement failed.
    pub failed: Option<String>,
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} statements are done", self.done, self.total)?;
        if self.open {
            write!(f, "; whether statement {} ran is not known yet", self.done + 1)?;
        }
        if let Some(failed) = &self.failed {
            write!(f, "; statement {} failed: {failed}", self.done + 1)?;
        }
        Ok(())
    }
}

/// Where a journal says that a step was interrupted.
pub fn interruption(journal: &Journal) -> Option<Interruption> {
    OpenStep::of(journal).map(|step| Interruption {
        revision: step.revision,
        direction: step.direction,
        done: step.done,
        total: step.began.statements.len(),
        open: step.intent.is_some(),
        failed: step.failed,
    })
}

/// An interrupted step, with what `resume` needs of it.
#[derive(Debug, Clone)]
pub(super) struct OpenStep {
    pub revision: Id,
    pub direction: Direction,
    pub up_digest: Digest,
    pub began: Began,
    /// How many of its statements are done: the first ones.
    pub done: usize,
    /// Of the statement that may have run: whether the catalogue showed its effect before it.
    pub intent: Option<Intent>,
    /// What the database said if the statement after the done ones failed.
    pub failed: Option<String>,
}

/// What an `intent` row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Intent {
    /// Whether the catalogue showed the statement's effect before it ran; `None`: it cannot tell.
    pub before: Option<bool>,
}

impl OpenStep {
    /// Reads the rows of the step that has not ended; `None` if nothing of it ran.
    pub(super) fn of(journal: &Journal) -> Option<OpenStep> {
        let first = journal.interrupted.first()?;
        let mut done = 0;
        let mut intent = None;
        let mut failed = None;
        for row in &journal.interrupted {
            match row.event {
                LogEvent::Intent => {
                    intent = Some(detail(row).unwrap_or_default());
                    failed = None;
                }
                LogEvent::Done => {
                    done = row.statement.map_or(done, |index| index as usize + 1);
                    (intent, failed) = (None, None);
                }
                LogEvent::Failed => (intent, failed) = (None, row.detail.clone()),
                _ => {}
            }
        }
        if done == 0 && intent.is_none() {
            return None;
        }
        Some(OpenStep {
            revision: first.revision.clone()?,
            direction: first.direction?,
            up_digest: first.digest.clone()?,
            began: detail(first)?,
            done,
            intent,
            failed,
        })
    }
}
