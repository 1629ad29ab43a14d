//! The verb `revision`.

use std::path::PathBuf;

use crate::model::Id;
use crate::store::{Body, Format, NewBody, Store};

use super::new::{self, Draft, Made};
use super::options::options;
use super::{Error, Place};

options! {
    /// What the new revision shall be.
    #[derive(Debug, Clone, Default)]
    pub struct RevisionOptions {
        /// What it is for.
        pub message: String,
        /// The revision that it follows; `None`: the only head, or none in an empty store.
        pub head: Option<String>,
        /// Follows a revision that is no head, too.
        pub splice: bool,
        /// The labels that it declares.
        pub labels: Vec<String>,
        /// Names of what must be applied before it.
        pub depends_on: Vec<String>,
        /// Its id; `None`: a random one.
        pub rev_id: Option<String>,
        /// Its folder; `None`: beside its parent, else the first.
        pub folder: Option<PathBuf>,
        /// Its form; `None`: the store's.
        pub format: Option<Format>,
        /// What it does; `None`: to be written by hand.
        pub body: Option<NewBody>,
        /// Runs each statement by itself, outside a transaction.
        pub outside_transaction: bool,
    }
}

/// Writes a new revision.
///
/// # Errors
/// Several heads and none of them named, a parent that is no head without `splice`, a bad or
/// taken id or label, operations that are not right, a folder that is not the store's, a file that
/// cannot be written.
pub fn revision(store: &Store, options: &RevisionOptions, place: &Place) -> Result<Made, Error> {
    new::write(store, draft(store, options, place)?)
}

/// Writes revisions of which each follows the one before; labels and a name are those of the last, and
/// dependencies those of the first.
pub(super) fn revisions(
    store: &Store,
    options: &RevisionOptions,
    place: &Place,
    bodies: Vec<Body>,
) -> Result<Vec<Made>, Error> {
    let whole = draft(store, options, place)?;
    let count = bodies.len();
    let drafts = bodies.into_iter().enumerate().map(|(at, body)| {
        let (is_first, is_last) = (at == 0, at + 1 == count);
        Draft {
            message: match count {
                1 => whole.message.clone(),
                _ => format!("{} {} of {count}", whole.message, at + 1),
            },
            parents: whole.parents.clone(),
            depends_on: if is_first { whole.depends_on.clone() } else { Vec::new() },
            labels: if is_last { whole.labels.clone() } else { Vec::new() },
            rev_id: whole.rev_id.clone().filter(|_| is_last),
            folder: whole.folder.clone(),
            format: whole.format,
            body: Some(NewBody::Made(body)),
            outside_transaction: whole.outside_transaction,
        }
    });
    new::write_chain(store, drafts.collect())
}

fn draft(store: &Store, options: &RevisionOptions, place: &Place) -> Result<Draft, Error> {
    let parents = parents(store, options, place)?;
    if !options.splice {
        new::require_heads(store, &parents)?;
    }
    let depends_on = options
        .depends_on
        .iter()
        .map(|name| new::dependency(store, name, place))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    Ok(Draft {
        parents,
        depends_on,
        message: options.message.clone(),
        labels: options.labels.clone(),
        rev_id: options.rev_id.clone(),
        folder: options.folder.clone(),
        format: options.format,
        body: options.body.clone(),
        outside_transaction: options.outside_transaction,
    })
}

fn parents(store: &Store, options: &RevisionOptions, place: &Place) -> Result<Vec<Id>, Error> {
    let graph = store.graph();
    match &options.head {
        Some(name) => {
            Ok(place.with_names(|names| graph.resolve(std::slice::from_ref(name), names))?)
        }
        None if graph.is_empty() => Ok(Vec::new()),
        None => Ok(place.with_names(|names| graph.resolve(&["head".to_owned()], names))?),
    }
}
