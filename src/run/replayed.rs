//! Runs the revisions of a store in a scratch database, and reads what that then holds.

use crate::graph::Request;
use crate::model::{Catalog, Id};
use crate::store::{DatabaseSettings, Store};

use super::{Agreed, Cancel, Database, Error, Event, execute, prepare, with_scratch};

/// What a new database holds once it is at these revisions; none named: at the heads that the database
/// takes. Names are those of the files: `current` and its like would mean the scratch database.
/// `template_database` as in [`with_scratch`].
///
/// # Errors
/// As [`replay_on`] and [`with_scratch`].
pub async fn replayed(
    store: &Store,
    settings: &DatabaseSettings,
    targets: &[String],
    template_database: Option<&mut Database>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Catalog, Error> {
    with_scratch(store, settings, template_database, cancel, async |database| {
        replay_on(store, database, targets, cancel, events).await
    })
    .await
}

/// The same on a scratch database that is there already, so that the caller can go on with it.
/// Commands of the application's are left out, with a notice. Of the events only notices are passed on:
/// the steps are none of a database's that anybody knows.
///
/// # Errors
/// A database that is none to throw away; no plan; a statement that fails, or reaches beyond the
/// database.
pub async fn replay_on(
    store: &Store,
    scratch: &mut Database,
    targets: &[String],
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Catalog, Error> {
    let targets = match targets {
        [] => vec!["heads".to_owned()],
        targets => targets.to_vec(),
    };
    run_to(store, scratch, targets, cancel, events).await?;
    Ok(scratch.connection.read_catalog().await?)
}

/// Runs what leads to these revisions on a scratch database, as [`replay_on`] does, and reads nothing.
///
/// # Errors
/// As [`replay_on`].
pub(super) async fn replay_to(
    store: &Store,
    scratch: &mut Database,
    revisions: &[Id],
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<(), Error> {
    let targets = revisions.iter().map(|id| id.as_str().to_owned()).collect();
    run_to(store, scratch, targets, cancel, events).await
}

async fn run_to(
    store: &Store,
    scratch: &mut Database,
    targets: Vec<String>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<(), Error> {
    if scratch.scratch.is_none() {
        return Err(Error::Refused {
            message: format!("{} is no scratch database", scratch.connection.display()),
            hint: None,
        });
    }
    let request = Request::Upgrade { targets, out_of_order: false };
    let journal = scratch.connection.read_journal().await?.unwrap_or_default();
    let prepared = prepare(store, scratch, &journal, &request).await?;
    let mut notices = |event: Event| {
        if matches!(event, Event::Notice(_)) {
            events(event);
        }
    };
    let agreed = Agreed { all: true, ..Agreed::default() };
    let done = execute(store, scratch, &request, prepared, &agreed, cancel, &mut notices).await;
    done.map(drop).map_err(|error| match error {
        Error::Step(step) => Error::Replay(step),
        Error::Stopped { .. } => Error::GivenUp,
        error => error,
    })?;
    scratch.not_isolated().into_iter().for_each(|not| events(Event::Notice(not)));
    Ok(())
}
