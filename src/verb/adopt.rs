//! `init --from`: a store of a database that exists, with one revision of all that it holds.

use crate::diff::{DiffOptions, Difference, diff, unsupported};
use crate::run::{Cancel, Database, Event};
use crate::store::Store;

use super::autogenerate::{lock_capacity, write};
use super::revision::RevisionOptions;
use super::stamp::{StampOptions, stamp};
use super::{Error, Made, Outcome, Place};

/// Writes a revision that makes all that a database holds, or several, each following the one before, where
/// one transaction would take more locks than the server has room for.
///
/// # Errors
/// `rev` has written to the database already; as the server answers.
pub async fn baseline(
    store: &Store,
    database: &mut Database,
    message: &str,
) -> Result<(Vec<Made>, Difference), Error> {
    let journal = database.connection.read_journal().await?;
    if journal.is_some_and(|journal| journal.last_seq > 0) {
        return Err(Error::refused(
            format!("{} has a journal already", database.connection.display()),
            "its revisions are in another store: check that one out",
        ));
    }
    let catalog = database.connection.read_catalog().await?;
    let own = catalog.own.as_deref();
    let filter = &database.settings.filter;
    let nothing = crate::model::Catalog { own: catalog.own.clone(), ..Default::default() };
    let dialect = database.connection.dialect();
    let options = DiffOptions { dialect, safe: false };
    let mut difference = diff(&nothing, &catalog, &|key| filter.takes(own, key), options);
    difference.skipped.extend(unsupported(&nothing, &catalog, &|key| filter.takes(own, key)));
    let capacity = lock_capacity(database).await?;
    let options = RevisionOptions { message: message.to_owned(), ..RevisionOptions::default() };
    let written = Difference { changes: difference.changes.clone(), ..Difference::default() };
    let made = write(store, &written, &options, &Place::files(&[]), dialect, capacity)?;
    Ok((made, difference))
}

/// Records all revisions of a store as applied.
///
/// # Errors
/// As [`stamp`].
pub async fn stamp_baseline(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let options = StampOptions { targets: vec!["heads".to_owned()], ..StampOptions::default() };
    stamp(store, database, options, cancel, events).await
}
