//! Compares what is applied with what the files say.

use crate::db::Journal;
use crate::graph::{Graph, Plan, State};
use crate::model::{Direction, Id, down_digest, named_few, up_digest};
use crate::store::{Store, StoreError};
use crate::text::Dialect;

use super::Error;

/// By how much the database stays ahead of the files: what the plan takes back does not count.
pub(super) fn ahead_of_the_files(state: &State, graph: &Graph, plan: &Plan) -> Vec<String> {
    let goes = |id: &Id| {
        plan.steps.iter().any(|step| step.direction == Direction::Down && step.revision == *id)
    };
    let mut unknown = state.unknown(graph);
    unknown.retain(|id| !goes(id));
    if unknown.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "the database is ahead of the files by {}: {}",
        count(unknown.len(), "revision"),
        named_few(&unknown),
    )]
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Applied revisions that have changed in the files since.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edited {
    /// Those whose `up` is another now.
    pub up: Vec<Id>,
    /// Those of which only the `down` is another now.
    pub down: Vec<Id>,
}

/// Compares what was applied with what the files say now; reads the body of every applied revision.
///
/// # Errors
/// A revision's body that is not right.
pub fn edited(store: &Store, dialect: Dialect, journal: &Journal) -> Result<Edited, StoreError> {
    let mut edited = Edited::default();
    for row in &journal.applied {
        // One that has no file is unknown, or a squash stands for it.
        if store.file(&row.id).is_none() {
            continue;
        }
        let revision = store.revision(&row.id)?;
        if up_digest(&revision, dialect) != row.up_digest {
            edited.up.push(row.id.clone());
        } else if down_digest(&revision, dialect) != row.down_digest {
            edited.down.push(row.id.clone());
        }
    }
    Ok(edited)
}

/// Refuses to upgrade over applied revisions whose `up` has changed in the files.
pub(super) fn refuse_edited(
    store: &Store,
    dialect: Dialect,
    journal: &Journal,
    notices: &mut Vec<String>,
) -> Result<(), Error> {
    let edited = edited(store, dialect, journal)?;
    if !edited.up.is_empty() {
        return Err(Error::Edited(edited.up));
    }
    if !edited.down.is_empty() {
        notices.push(format!("only the `down` was edited of: {}", named_few(&edited.down)));
    }
    Ok(())
}
