//! The verb `stamp`: what is recorded as applied, without running anything.

use crate::graph::Request;
use crate::model::Id;
use crate::run::{self, Cancel, Database, Event};
use crate::store::Store;

use super::Error;
use super::consent::Consent;
use super::options::options;
use super::walk::{Outcome, unless_stopped, walk};

options! {
    /// What to record, and how.
    #[derive(Default)]
    pub struct StampOptions<'a> {
        /// The targets: they and what is below them are recorded, what stands on them is not.
        pub targets: Vec<String>,
        /// Record exactly the targets and what is below them, and forget all else.
        pub purge: bool,
        /// Record the targets alone, whatever is below them.
        pub only: bool,
        /// Plan only; nothing is touched.
        pub dry_run: bool,
        /// Who agrees to a stamp that forgets.
        pub consent: Consent<'a>,
    }
}

/// Records revisions as applied, or as not applied, and runs nothing.
///
/// # Errors
/// A name that stands for nothing, a protected database and a stamp that forgets.
pub async fn stamp(
    store: &Store,
    database: &mut Database,
    options: StampOptions<'_>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let StampOptions { targets, purge, only, dry_run, consent } = options;
    let request = Request::Stamp { targets, purge, only };
    walk(store, database, &request, dry_run, consent, cancel, events).await
}

/// Records what Alembic says is applied: the revisions in `alembic_version`, and all below them.
///
/// # Errors
/// There is no such table, or nothing in it; a revision that the files do not have; a database in
/// which something is recorded already.
pub async fn stamp_from_alembic(
    store: &Store,
    database: &mut Database,
    dry_run: bool,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let targets = unless_stopped(cancel, alembic_rows(store, database)).await?;
    let options = StampOptions { targets, dry_run, ..StampOptions::default() };
    stamp(store, database, options, cancel, events).await
}

async fn alembic_rows(store: &Store, database: &mut Database) -> Result<Vec<String>, Error> {
    let Some(rows) = database.connection.read_alembic().await? else {
        return Err(Error::refused(
            format!("there is no table alembic_version in {}", database.connection.display()),
            "`rev stamp ID` records revisions that you name",
        ));
    };
    if rows.is_empty() {
        return Err(Error::refused(
            "alembic_version is empty: Alembic has applied nothing here",
            "`rev upgrade heads` applies the revisions",
        ));
    }
    // Exact ids only: a name's prefix must not pass for another revision.
    let lacking: Vec<&str> = rows
        .iter()
        .map(String::as_str)
        .filter(|row| store.header(&Id::from(row)).is_none())
        .collect();
    if !lacking.is_empty() {
        return Err(Error::refused(
            format!("alembic_version names {}, which no file here has", lacking.join(", ")),
            "bring Alembic's revisions into the store first, under their own ids",
        ));
    }
    let recorded = database.connection.read_journal().await?.unwrap_or_default().applied.len();
    if recorded > 0 {
        return Err(Error::refused(
            format!("{recorded} revisions are recorded here already"),
            "`rev current` shows where the database is, `rev stamp ID` records what you name",
        ));
    }
    Ok(rows)
}

/// Hands the journal of a database to the store, whatever store it belongs to. Gives the id of the one
/// before; `None`: it is this store's already.
///
/// # Errors
/// The store has no id; a journal that is not there; as [`stamp`].
pub async fn accept_store(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Option<String>, Error> {
    Ok(run::accept_store(store, database, cancel, events).await?)
}

/// Takes the files as they are now for applied revisions that were edited since. Gives those whose
/// rows were changed.
///
/// # Errors
/// A name that stands for nothing, a revision that is not applied or has no file.
pub async fn accept(
    store: &Store,
    database: &mut Database,
    targets: &[String],
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Vec<Id>, Error> {
    Ok(run::accept(store, database, targets, cancel, events).await?)
}
