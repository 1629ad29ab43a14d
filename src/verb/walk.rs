//! What upgrade, downgrade, switch and stamp share: plan, have it agreed to, run.

use crate::graph::Request;
use crate::model::Id;
use crate::run::{self, Cancel, Database, Done, Event, Prepared, PreparedStep, Step};
use crate::sql;
use crate::store::Store;

use super::Error;
use super::autogenerate::lock_capacity;
use super::consent::{Asking, Consent};

/// What a verb did to a database or, in a dry run, would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The database's name in the store.
    pub database: String,
    /// The heads before.
    pub heads_before: Vec<Id>,
    /// The heads after.
    pub heads_after: Vec<Id>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Rows that took their file's parents; nothing ran for them.
    pub moved: Vec<Id>,
    /// What the user should know.
    pub notices: Vec<String>,
}

impl Outcome {
    fn planned(database: &Database, prepared: &Prepared) -> Outcome {
        Outcome {
            database: database.settings.name.clone(),
            heads_before: prepared.heads_before.clone(),
            heads_after: prepared.heads_after.clone(),
            steps: prepared.steps.iter().map(PreparedStep::named).collect(),
            moved: prepared.moved.iter().map(|(id, _, _)| id.clone()).collect(),
            notices: prepared.notices.clone(),
        }
    }

    /// Whether there was nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.moved.is_empty()
    }

    /// What a run did, which is not always what was planned first: it plans anew when the
    /// database changed in between.
    pub(super) fn done(
        database: &Database,
        done: Done,
        moved: Vec<Id>,
        notices: Vec<String>,
    ) -> Outcome {
        Outcome {
            database: database.settings.name.clone(),
            heads_before: done.heads_before,
            heads_after: done.heads_after,
            steps: done.steps,
            moved,
            notices,
        }
    }

    /// A stamped row that goes runs nothing, so that its message is not read; the files may have it.
    fn titled(mut self, store: &Store) -> Outcome {
        for step in self.steps.iter_mut().filter(|step| step.message.is_empty()) {
            step.message = store
                .header(&step.revision)
                .map(|header| header.message.clone())
                .unwrap_or_default();
        }
        self
    }
}

/// Plans a request and, unless it is a dry run, runs it.
pub(super) async fn walk(
    store: &Store,
    database: &mut Database,
    request: &Request,
    dry_run: bool,
    consent: Consent<'_>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Outcome, Error> {
    let mut asking = Asking::new(&database.settings, consent);
    loop {
        let prepared = unless_stopped(cancel, plan(store, database, request)).await?;
        let mut outcome = Outcome::planned(database, &prepared).titled(store);
        let warnings = lock_warnings(database, &prepared).await?;
        if dry_run {
            outcome.notices.extend(warnings);
        } else {
            warnings.into_iter().for_each(|warning| events(Event::Notice(warning)));
        }
        if dry_run || (prepared.is_empty() && !prepared.half_way) {
            return Ok(outcome);
        }
        asking.agree(&prepared, cancel).await?;
        let run =
            run::execute(store, database, request, prepared, &asking.agreed, cancel, events).await;
        match run {
            // The applied set moved while it waited for the lock, and what is to be done now was not
            // agreed to. The lock is free again, so there is time to ask.
            Err(run::Error::Unagreed(_)) => {}
            done => {
                let done = done?;
                return Ok(
                    Outcome::done(database, done, outcome.moved, outcome.notices).titled(store)
                );
            }
        }
    }
}

/// Says which transactions of a plan take more locks than the server has room for.
async fn lock_warnings(database: &mut Database, prepared: &Prepared) -> Result<Vec<String>, Error> {
    let words = sql::dialect(database.connection.dialect());
    let groups: Vec<&[PreparedStep]> = match prepared.one_transaction {
        true => vec![&prepared.steps],
        false => prepared.steps.chunks(1).filter(|steps| steps[0].transactional).collect(),
    };
    let count =
        |steps: &[PreparedStep]| -> usize { steps.iter().map(|step| step.statements.len()).sum() };
    let large = groups.into_iter().filter(|steps| sql::locks::may_lock_many(count(steps)));
    let large: Vec<&[PreparedStep]> = large.collect();
    if large.is_empty() {
        return Ok(Vec::new());
    }
    let Some(capacity) = lock_capacity(database).await? else { return Ok(Vec::new()) };
    let warnings = large.into_iter().filter_map(|steps| {
        let statements = steps.iter().flat_map(|step| &step.statements);
        let warning =
            sql::locks::warning(words, statements.map(|one| one.sql.as_str()), &capacity)?;
        let (first, last) = (steps.first()?, steps.last()?);
        let which = match first.revision == last.revision {
            true => format!("{} {}", first.direction, first.revision),
            false => format!("{} to {}", first.revision, last.revision),
        };
        Some(format!("{which}: {warning}"))
    });
    Ok(warnings.collect())
}

async fn plan(
    store: &Store,
    database: &mut Database,
    request: &Request,
) -> Result<Prepared, Error> {
    let journal = database.connection.read_journal().await?.unwrap_or_default();
    Ok(run::prepare(store, database, &journal, request).await?)
}

/// Does something that changes nothing, unless somebody asks to stop: then the connection it is
/// done on is not to be used any more.
///
/// # Errors
/// As the work; [`Error::Stopped`].
pub async fn unless_stopped<T, E: Into<Error>>(
    cancel: &Cancel,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Error> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::Stopped),
        outcome = work => outcome.map_err(Into::into),
    }
}
