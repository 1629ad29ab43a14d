//! The verb `ensure-version`.

use crate::run::{self, Cancel, Database, Event};
use crate::store::Store;

pub use crate::run::Ensured;

use super::Error;

/// Makes the journal's tables where they are not there yet, and brings those of an older format to this one.
///
/// # Errors
/// The right to create or change them is missing, or tables of that name are not ours.
pub async fn ensure_version(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Ensured, Error> {
    Ok(run::ensure_journal(store, database, cancel, events).await?)
}
