//! The verb `ensure-version`.

use crate::run::{Cancel, Database, Event};

use super::Error;

/// Makes the journal's tables where they are not there yet.
///
/// # Errors
/// The right to create is missing, or tables of that name are not ours.
pub async fn ensure_version(
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<(), Error> {
    let _ = (database, cancel, events);
    todo!()
}
