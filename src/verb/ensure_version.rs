//! The verb `ensure-version`.

use crate::run::{self, Cancel, Database, Event};
use crate::store::Store;

use super::Error;

/// Makes the journal's tables where they are not there yet. Says whether it did.
///
/// # Errors
/// The right to create is missing, or tables of that name are not ours.
pub async fn ensure_version(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<bool, Error> {
    Ok(run::ensure_journal(store, database, cancel, events).await?)
}
