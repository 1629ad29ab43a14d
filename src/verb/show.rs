//! The verb `show`.

use crate::model::{Id, Revision};
use crate::run;
use crate::store::Store;
use crate::text::Dialect;

use super::view::Viewer;
use super::{Error, Place, RevisionView};

/// A revision, in full.
#[derive(Debug, Clone, PartialEq)]
pub struct FullRevision {
    /// What the graph says of it.
    pub view: RevisionView,
    /// Its children.
    pub children: Vec<Id>,
    /// The revision, read whole.
    pub revision: Revision,
}

/// The revisions that the names stand for, read whole.
///
/// # Errors
/// A name that stands for nothing, a file that is not right.
pub fn show(store: &Store, names: &[String], place: &Place) -> Result<Vec<FullRevision>, Error> {
    let viewer = Viewer::new(store);
    let ids = place.with_names(|context| store.graph().resolve(names, context))?;
    let mut found = Vec::new();
    for id in &ids {
        let view = viewer.view(id).ok_or_else(|| no_file(id))?;
        let children = store.graph().children(id);
        found.push(FullRevision { view, children, revision: store.revision(id)? });
    }
    if found.is_empty() {
        return Err(nothing(names));
    }
    Ok(found)
}

/// The SQL that the revisions run on a dialect, up and down.
///
/// # Errors
/// As [`show`]; what the dialect cannot honour, or what cannot be worked out without a database.
pub fn show_sql(
    store: &Store,
    names: &[String],
    dialect: Dialect,
    place: &Place,
) -> Result<String, Error> {
    let ids = place.with_names(|context| store.graph().resolve(names, context))?;
    if let Some(id) = ids.iter().find(|id| store.header(id).is_none()) {
        return Err(no_file(id));
    }
    if ids.is_empty() {
        return Err(nothing(names));
    }
    Ok(run::preview(store, dialect, &ids)?)
}

/// A name that is right but means the empty database.
pub(super) fn nothing(names: &[String]) -> Error {
    Error::refused(
        format!("{} names no revision here", names.join(" ")),
        "`rev log` lists the revisions",
    )
}

/// A revision that is known, by a squash or a journal, but has no file.
pub(super) fn no_file(id: &Id) -> Error {
    Error::refused(
        format!("revision {id} has no file in this store"),
        "check out the files that hold it",
    )
}
