//! The verb `switch`.

use crate::graph::Request;
use crate::run::{Cancel, Database, Event};
use crate::store::Store;

use super::Error;
use super::consent::Consent;
use super::options::options;
use super::walk::{Outcome, walk};

options! {
    /// What to switch to, and how.
    #[derive(Default)]
    pub struct SwitchOptions<'a> {
        /// The targets: the database is to have these and what is below them, and nothing else.
        pub targets: Vec<String>,
        /// Plan only; nothing is touched.
        pub dry_run: bool,
        /// Who agrees to a plan that destroys.
        pub consent: Consent<'a>,
    }
}

/// Brings the database to exactly the targets by the least set of steps, down and up.
///
/// # Errors
/// As [`upgrade`](super::upgrade::upgrade) and [`downgrade`](super::downgrade::downgrade).
pub async fn switch(
    store: &Store,
    database: &mut Database,
    options: SwitchOptions<'_>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let request = Request::Switch { targets: options.targets };
    walk(store, database, &request, options.dry_run, options.consent, cancel, events).await
}
