//! The verb `current`.

use crate::model::Id;
use crate::run::{self, Database};
use crate::store::Store;

use super::view::Viewer;
use super::{Error, RevisionView};

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// The database's name in the store.
    pub database: String,
    /// The database itself, for people; no password in it.
    pub address: String,
    /// The heads of the applied set.
    pub heads: Vec<Id>,
    /// The heads as the files have them; those without a file are left out.
    pub views: Vec<RevisionView>,
    /// Revisions below the heads that are not applied.
    pub missing: Vec<Id>,
    /// Applied revisions that the files have no word of.
    pub unknown: Vec<Id>,
    /// The number of applied revisions.
    pub applied: usize,
    /// Revisions up to the heads of the files, of the database's lines, that are not applied.
    pub pending: Vec<Id>,
    /// Applied revisions whose `up` in the files is another now; `None`: not looked for.
    pub edited: Option<Vec<Id>>,
}

impl Current {
    /// Whether the database has all that the files hold for it, as they hold it, and nothing that
    /// they do not.
    pub fn at_heads(&self) -> bool {
        self.pending.is_empty()
            && self.missing.is_empty()
            && self.unknown.is_empty()
            && self.edited.as_ref().is_none_or(Vec::is_empty)
    }
}

/// Says where the database is. Makes nothing, neither a table nor a lock. `check_files`: the body of
/// every applied revision is read, and compared with what ran.
///
/// # Errors
/// As the server answers; a journal that is not ours; with `check_files` a revision's body that is not
/// right.
pub async fn current(
    store: &Store,
    database: &mut Database,
    check_files: bool,
) -> Result<Current, Error> {
    let journal = database.connection.read_journal().await?.unwrap_or_default();
    let graph = store.graph();
    let state = run::state(graph, &journal);
    let edited = match check_files {
        true => Some(run::edited(store, database.connection.dialect(), &journal)?.up),
        false => None,
    };
    Ok(Current {
        database: database.settings.name.clone(),
        address: database.connection.display().to_owned(),
        views: Viewer::new(store).views(&state.heads()),
        heads: state.heads(),
        missing: state.missing(graph),
        unknown: state.unknown(graph),
        applied: journal.applied.len(),
        pending: state.pending(graph, &database.settings.lines),
        edited,
    })
}
