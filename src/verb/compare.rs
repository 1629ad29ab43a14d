//! What a database has applied, against the files.

use crate::db::Journal;
use crate::model::{self, Id};
use crate::run;
use crate::store::Store;
use crate::text::Dialect;

use super::Error;

/// Where a database's applied set and the files do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// Applied revisions whose `up` in the files is another now.
    pub edited: Vec<Id>,
    /// Applied revisions of which only the `down` in the files is another now.
    pub down_differs: Vec<Id>,
    /// Applied revisions that the files have no word of.
    pub unknown: Vec<Id>,
    /// Applied revisions that have other parents in the files now.
    pub moved: Vec<Id>,
    /// Revisions below what is applied that are not applied themselves.
    pub gaps: Vec<Id>,
}

impl Differences {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Differences::default()
    }
}

/// Compares a journal with the files; reads the body of every applied revision.
pub(super) fn compare(
    store: &Store,
    dialect: Dialect,
    journal: &Journal,
) -> Result<Differences, Error> {
    let graph = store.graph();
    let state = run::state(graph, journal);
    let mut differences = Differences {
        unknown: state.unknown(graph),
        moved: state.moved(graph),
        gaps: state.missing(graph),
        ..Differences::default()
    };
    for row in &journal.applied {
        // One that has no file is unknown, or a squash stands for it.
        if store.file(&row.id).is_none() {
            continue;
        }
        let revision = store.revision(&row.id)?;
        if model::up_digest(&revision, dialect) != row.up_digest {
            differences.edited.push(row.id.clone());
        } else if model::down_digest(&revision, dialect) != row.down_digest {
            differences.down_differs.push(row.id.clone());
        }
    }
    Ok(differences)
}
