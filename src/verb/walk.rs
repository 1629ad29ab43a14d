//! What upgrade, downgrade, switch and stamp share: plan, ask where asking is due, run.

use crate::graph::Request;
use crate::model::{Direction, Id};
use crate::run::{self, Cancel, Database, Done, Event, Prepared};
use crate::store::{Kind, Store};

use super::Error;

/// One step of an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which way. In a stamp, up means that the revision's row comes and down that it goes.
    pub direction: Direction,
    /// The revision.
    pub revision: Id,
    /// Its message.
    pub message: String,
}

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
            steps: prepared
                .steps
                .iter()
                .map(|step| Step {
                    direction: step.direction,
                    revision: step.revision.clone(),
                    message: step.message.clone(),
                })
                .collect(),
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
            steps: done
                .steps
                .into_iter()
                .map(|(direction, revision, message)| Step { direction, revision, message })
                .collect(),
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

/// What is about to happen to a database.
#[derive(Debug)]
pub struct Review<'a> {
    /// The plan.
    pub prepared: &'a Prepared,
    /// The database's name.
    pub database: &'a str,
    /// What it destroys, if the database's kind wants somebody to agree to that.
    pub ask: Option<String>,
}

/// Somebody who sees each plan just before it runs.
#[async_trait::async_trait]
pub trait Reviewer: Send {
    /// Whether to go on.
    async fn review(&mut self, review: Review<'_>) -> bool;
}

/// Who agrees to plans that destroy. The default agrees to nothing beforehand and has nobody to
/// ask: a protected database then refuses such a plan, the other kinds run it.
#[derive(Default)]
pub struct Consent<'a> {
    /// Whether everything is agreed to beforehand.
    pub yes: bool,
    /// Who sees the plan and is asked, if anybody.
    pub reviewer: Option<&'a mut dyn Reviewer>,
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
    let prepared = unless_stopped(cancel, plan(store, database, request)).await?;
    let outcome = Outcome::planned(database, &prepared).titled(store);
    if dry_run || (prepared.is_empty() && !prepared.half_way) {
        return Ok(outcome);
    }
    let agreed = consent.yes;
    agree(database, request, &prepared, consent, cancel).await?;
    let done = run::execute(store, database, request, prepared, agreed, cancel, events).await?;
    Ok(Outcome::done(database, done, outcome.moved, outcome.notices).titled(store))
}

async fn plan(
    store: &Store,
    database: &mut Database,
    request: &Request,
) -> Result<Prepared, Error> {
    let journal = database.engine.read_journal().await?.unwrap_or_default();
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

/// Whether a plan destroys: a step down, an `up` that drops, a purge.
fn destroys(request: &Request, prepared: &Prepared) -> bool {
    match request {
        Request::Stamp { purge, .. } => *purge,
        _ => prepared.steps.iter().any(|step| step.dangerous),
    }
}

async fn agree(
    database: &Database,
    request: &Request,
    prepared: &Prepared,
    consent: Consent<'_>,
    cancel: &Cancel,
) -> Result<(), Error> {
    let name = database.settings.name.as_str();
    let kind = database.settings.kind;
    let unasked = (destroys(request, prepared) && !consent.yes).then(|| why(request, prepared));
    if let (Kind::Protected, Some(why)) = (kind, &unasked) {
        return Err(Error::refused(
            format!("the database {name} is protected, and {why}"),
            "look at the plan with `--dry-run`; `--yes` runs it",
        ));
    }
    let Some(reviewer) = consent.reviewer else { return Ok(()) };
    let ask = unasked.filter(|_| kind == Kind::Shared);
    let agreed = reviewer.review(Review { prepared, database: name, ask }).await;
    if cancel.is_cancelled() {
        return Err(Error::Stopped);
    }
    if agreed {
        return Ok(());
    }
    Err(Error::Refused { message: "nothing was run: you said no".to_owned(), hint: None })
}

/// Says what of a plan destroys.
fn why(request: &Request, prepared: &Prepared) -> String {
    if let Request::Stamp { .. } = request {
        return "a purge forgets what is recorded".to_owned();
    }
    let count = |direction| {
        prepared.steps.iter().filter(|step| step.dangerous && step.direction == direction).count()
    };
    let part = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 step {one}")),
        count => Some(format!("{count} steps {many}")),
    };
    let down = part(count(Direction::Down), "down", "down");
    let up = part(count(Direction::Up), "up that drops or deletes", "up that drop or delete");
    let parts: Vec<String> = down.into_iter().chain(up).collect();
    format!("the plan destroys: {}", parts.join(", "))
}
