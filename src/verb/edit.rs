//! The verb `edit`.

use std::path::PathBuf;

use crate::store::Store;

use super::show::{no_file, nothing};
use super::{Error, Place};

/// The files of the revisions that the names stand for, to be opened in an editor.
///
/// # Errors
/// A name that stands for nothing.
pub fn edit(store: &Store, names: &[String], place: &Place) -> Result<Vec<PathBuf>, Error> {
    let ids = place.with_names(|context| store.graph().resolve(names, context))?;
    if ids.is_empty() {
        return Err(nothing(names));
    }
    ids.iter()
        .map(|id| store.file(id).map(|file| store.root().join(file)).ok_or_else(|| no_file(id)))
        .collect()
}
