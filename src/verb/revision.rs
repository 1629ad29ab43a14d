//! The verb `revision`.

use std::path::PathBuf;

use crate::model::Id;
use crate::store::{Format, NewBody, Store};

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
    new::write(
        store,
        Draft {
            parents,
            depends_on,
            message: options.message.clone(),
            labels: options.labels.clone(),
            rev_id: options.rev_id.clone(),
            folder: options.folder.clone(),
            format: options.format,
            body: options.body.clone(),
            outside_transaction: options.outside_transaction,
        },
    )
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
