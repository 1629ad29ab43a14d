//! The verb `downgrade`.

use crate::graph::Request;
use crate::run::{Cancel, Database, Event};
use crate::store::Store;

use super::Error;
use super::consent::Consent;
use super::options::options;
use super::walk::{Outcome, walk};

options! {
    /// What to downgrade to, and how.
    #[derive(Default)]
    pub struct DowngradeOptions<'a> {
        /// The targets: what stands on them is taken back. `base` takes back everything.
        pub targets: Vec<String>,
        /// Plan only; nothing is touched.
        pub dry_run: bool,
        /// Who agrees to a plan that destroys; every step down does.
        pub consent: Consent<'a>,
    }
}

/// Takes back what stands on the targets, in the reverse of the order in which it was applied.
/// Runs the `down` that the database stored where a file is gone or was edited.
///
/// # Errors
/// A name that stands for nothing or for nothing applied, an irreversible revision, a protected
/// database, a statement that fails; what ran before stays recorded.
pub async fn downgrade(
    store: &Store,
    database: &mut Database,
    options: DowngradeOptions<'_>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let request = Request::Downgrade { targets: options.targets };
    walk(store, database, &request, options.dry_run, options.consent, cancel, events).await
}
