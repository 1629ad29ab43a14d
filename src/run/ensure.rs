//! Making or converting the journal's tables without running anything.

use crate::store::Store;

use super::session::Run;
use super::{Cancel, Database, Error, Event};

/// What was done to have the journal's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ensured {
    /// They were created.
    Created,
    /// They were there, and took the present format or the id of the store.
    Converted,
    /// They were there.
    Nothing,
}

/// Makes the journal's tables where they are not there, and brings those of an older format to this one
/// (`rev ensure-version`). Says what it did.
///
/// # Errors
/// The right to create is missing, tables of that name are not ours, or as [`execute`](super::execute).
pub async fn ensure_journal(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Ensured, Error> {
    let journal = database.connection.read_journal().await?;
    let ensured = match &journal {
        None => Ensured::Created,
        Some(journal) if journal.conversion.is_empty() => return Ok(Ensured::Nothing),
        Some(_) => Ensured::Converted,
    };
    let mut run = Run::locked(store, database, cancel, events).await?;
    let result = run.ensure_journal().await;
    run.unlock(result).await.map(|()| ensured)
}
