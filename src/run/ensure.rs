//! Making the journal's tables without running anything.

use crate::store::Store;

use super::session::Run;
use super::{Cancel, Database, Error, Event};

/// Makes the journal's tables where they are not there (`rev ensure-version`). Says whether it did.
///
/// # Errors
/// The right to create is missing, tables of that name are not ours, or as [`execute`](super::execute).
pub async fn ensure_journal(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<bool, Error> {
    if database.connection.read_journal().await?.is_some() {
        return Ok(false);
    }
    let mut run = Run::locked(store, database, cancel, events).await?;
    let result = run.ensure_journal().await;
    run.unlock(result).await.map(|()| true)
}
