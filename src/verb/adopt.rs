//! `init --from`: a store of a database that exists, with one revision of all that it holds.

use crate::diff::{DiffOptions, Difference, diff, unsupported};
use crate::run::{Cancel, Database, Event};
use crate::store::{Body, NewBody, Store};

use super::revision::{RevisionOptions, revision};
use super::stamp::{StampOptions, stamp};
use super::{Error, Made, Outcome, Place};

/// Writes a revision that makes all that a database holds.
///
/// # Errors
/// `rev` has written to the database already; as the server answers.
pub async fn baseline(
    store: &Store,
    database: &mut Database,
    message: &str,
) -> Result<(Made, Difference), Error> {
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
    let up = difference.up();
    let is_derived = up.iter().all(|operation| operation.reverse().is_ok());
    let down = (!is_derived).then(|| difference.down());
    let options = RevisionOptions {
        message: message.to_owned(),
        body: Some(NewBody::Made(Body { up, down, comments: Vec::new() })),
        ..RevisionOptions::default()
    };
    Ok((revision(store, &options, &Place::files(&[]))?, difference))
}

/// Records the one revision of a store as applied.
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
