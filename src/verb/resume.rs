//! The verb `resume`.

use crate::run::{self, Cancel, Database, Event, Verdict};
use crate::store::Store;

use super::Error;
use super::consent::{Asking, Consent};
use super::options::options;
use super::walk::Outcome;

options! {
    /// How to go on.
    #[derive(Default)]
    pub struct ResumeOptions<'a> {
        /// What settles a statement of which the catalogue cannot tell whether it ran.
        pub verdict: Option<Verdict>,
        /// Take back what ran of the revision, instead of going on.
        pub abort: bool,
        /// Who agrees to run what only the database stored, and to an abort.
        pub consent: Consent<'a>,
    }
}

/// Goes on with a step that stopped half-way, or takes it back.
///
/// # Errors
/// Nothing to resume, a statement that only the user can settle, a stored text that nobody agrees to,
/// a statement that fails.
pub async fn resume(
    store: &Store,
    database: &mut Database,
    options: ResumeOptions<'_>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let ResumeOptions { verdict, abort, consent } = options;
    let mut asking = Asking::new(&database.settings, consent);
    loop {
        match run::resume(store, database, abort, verdict, &asking.agreed, cancel, events).await {
            Err(run::Error::Unagreed(prepared)) => asking.agree(&prepared, cancel).await?,
            done => return Ok(Outcome::done(database, done?, Vec::new(), Vec::new())),
        }
    }
}
