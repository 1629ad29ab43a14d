//! The verb `upgrade`.

use crate::graph::Request;
use crate::run::{Cancel, Database, Event};
use crate::store::Store;

use super::Error;
use super::consent::Consent;
use super::options::options;
use super::walk::{Outcome, walk};

options! {
    /// What to upgrade to, and how.
    #[derive(Default)]
    pub struct UpgradeOptions<'a> {
        /// The targets, names in the grammar of revisions: `heads`, a label, an id, `+1`.
        pub targets: Vec<String>,
        /// Run revisions that are missing below what is applied after what stands on them.
        pub out_of_order: bool,
        /// Plan only; nothing is touched.
        pub dry_run: bool,
        /// Who agrees to a plan that destroys.
        pub consent: Consent<'a>,
    }
}

/// Applies what the targets need and the database lacks, ancestors first. Never takes anything back.
///
/// # Errors
/// A name that stands for nothing, revisions edited since they were applied, a gap, a protected
/// database and a plan that destroys, a statement that fails; what ran before stays recorded.
pub async fn upgrade(
    store: &Store,
    database: &mut Database,
    options: UpgradeOptions<'_>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let request = Request::Upgrade { targets: options.targets, out_of_order: options.out_of_order };
    walk(store, database, &request, options.dry_run, options.consent, cancel, events).await
}
