//! The verb `tag`.

use crate::model::Id;
use crate::store::Store;

use super::show::nothing;
use super::{Error, Place};

/// Makes a name for the set of revisions that the names stand for.
///
/// # Errors
/// A name that stands for nothing, a tag that is there already (unless `force`) or clashes, a
/// file that cannot be written.
pub fn set_tag(
    store: &Store,
    tag: &str,
    names: &[String],
    force: bool,
    place: &Place,
) -> Result<Vec<Id>, Error> {
    let ids = place.with_names(|context| store.graph().resolve(names, context))?;
    if ids.is_empty() {
        return Err(nothing(names));
    }
    if let Some(there) = store.tags().get(tag)
        && !force
        && *there != ids
    {
        return Err(Error::refused(
            format!("there is a tag {tag:?} already, for {}", listed(there)),
            "`--force` moves it",
        ));
    }
    store.set_tag(tag, &ids)?;
    Ok(ids)
}

/// Removes a tag; says what it stood for.
///
/// # Errors
/// There is none of that name, or the file cannot be written.
pub fn delete_tag(store: &Store, tag: &str) -> Result<Vec<Id>, Error> {
    let there = store.tags().get(tag).ok_or_else(|| {
        Error::refused(format!("there is no tag {tag:?}"), "`rev tag` lists them")
    })?;
    store.set_tag(tag, &[])?;
    Ok(there.clone())
}

fn listed(ids: &[Id]) -> String {
    ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ")
}
