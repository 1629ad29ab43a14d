//! The verb `resume`.

use crate::run::{self, Cancel, Database, Event, Verdict};
use crate::store::Store;

use super::Error;
use super::walk::Outcome;

/// Goes on with a step that stopped half-way. `verdict` settles a statement of which the catalogue
/// cannot tell whether it ran.
///
/// # Errors
/// Nothing to resume, a statement that only the user can settle, a statement that fails.
pub async fn resume(
    store: &Store,
    database: &mut Database,
    verdict: Option<Verdict>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let done = run::resume(store, database, verdict, cancel, events).await?;
    Ok(Outcome::done(database, done, Vec::new(), Vec::new()))
}
