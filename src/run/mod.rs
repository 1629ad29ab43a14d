//! Turns a request into a prepared plan, executes it, resumes it, or prints it as a script.
//! Emits events; prints nothing.

mod cancel;
mod event;

pub use cancel::Cancel;
pub use event::Event;

use crate::db::{DbError, Engine, Journal};
use crate::graph::{Graph, PlanError, Request, State};
use crate::model::{Direction, Id, TextRow};
use crate::sql::{JournalTables, LowerError, Statement};
use crate::store::{DatabaseSettings, Store, StoreError, TransactionMode};
use crate::text::{Dialect, Digest};

/// A database: its settings and its one connection.
pub struct Database {
    /// Its settings.
    pub settings: DatabaseSettings,
    /// Its connection.
    pub engine: Box<dyn Engine>,
}

impl Database {
    /// Connects. `create` makes a SQLite file that is not there; only verbs that write say so.
    ///
    /// # Errors
    /// As [`crate::db::connect`].
    pub async fn connect(settings: DatabaseSettings, create: bool) -> Result<Database, DbError> {
        let _ = (settings, create);
        todo!()
    }
}

/// The applied set of a journal, joined with the files' graph.
pub fn state(graph: &Graph, journal: &Journal) -> State {
    let _ = (graph, journal);
    todo!()
}

/// The applied set as it was N runs back, rebuilt from the log; `None` if there are not so many.
/// Runs that changed nothing do not count.
pub fn earlier_heads(log: &[crate::model::LogRow], runs_back: usize) -> Option<Vec<Id>> {
    let _ = (log, runs_back);
    todo!()
}

/// A step, with all that it takes to run it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedStep {
    /// Which way.
    pub direction: Direction,
    /// The revision.
    pub revision: Id,
    /// Its message.
    pub message: String,
    /// The statements to run.
    pub statements: Vec<Statement>,
    /// Whether they run in one transaction with the journal's rows.
    pub transactional: bool,
    /// The digest of its `up`.
    pub up_digest: Digest,
    /// The digest of its `down`.
    pub down_digest: Digest,
    /// Its parents.
    pub parents: Vec<Id>,
    /// Its dependencies, labels resolved.
    pub depends_on: Vec<Id>,
    /// What `rev_text` is to hold of it; `None` for a stamped row that goes.
    pub text: Option<TextRow>,
    /// Whether it destroys: a down step, or an `up` that drops, truncates or deletes.
    pub dangerous: bool,
    /// Whether its file is gone, so that the stored text runs.
    pub file_gone: bool,
}

/// A plan, ready to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Prepared {
    /// The steps, in order.
    pub steps: Vec<PreparedStep>,
    /// Rows that take their file's parents: the revision, its parents, its dependencies.
    pub moved: Vec<(Id, Vec<Id>, Vec<Id>)>,
    /// The heads before.
    pub heads_before: Vec<Id>,
    /// The heads after.
    pub heads_after: Vec<Id>,
    /// Whether it is a stamp: rows only.
    pub stamp: bool,
    /// What the user should know: a `down` that was edited, revisions ahead of the files.
    pub notices: Vec<String>,
    /// Whether all steps run in one transaction.
    pub one_transaction: bool,
    /// The journal that it was planned with.
    pub basis: Basis,
    /// The applied set that it was planned with, in the order in which it was applied.
    pub applied: Vec<Id>,
    /// The journal's tables; `None` where no database was at hand.
    pub tables: Option<JournalTables>,
}

/// What tells cheaply whether a journal is still the one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Basis {
    /// The number of the last log row.
    pub last_seq: i64,
    /// The number of revisions applied.
    pub applied: i64,
    /// The highest number in `rev_applied`.
    pub last_applied: i64,
}

/// A step without a transaction that has begun and not ended, and of which something ran or may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interruption {
    /// The revision.
    pub revision: Id,
    /// Which way the step went.
    pub direction: Direction,
    /// How many of its statements are done.
    pub done: usize,
    /// How many it has.
    pub total: usize,
    /// Whether the statement after those may have run: only the catalogue or the user can tell.
    pub open: bool,
    /// What the database said if that statement failed.
    pub failed: Option<String>,
}

/// Where a journal says that a step was interrupted.
pub fn interruption(journal: &Journal) -> Option<Interruption> {
    let _ = journal;
    todo!()
}

/// Why a run did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A revision's operations cannot become statements.
    #[error(transparent)]
    Lower(#[from] LowerError),
    /// The database, outside of any step.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Applied revisions whose `up` is not what the file says now.
    #[error("{} applied revision(s) were edited", .0.len())]
    Edited(Vec<Id>),
    /// A revision has no way down.
    #[error("{revision} is irreversible: {reason}")]
    Irreversible {
        /// The revision.
        revision: Id,
        /// Why.
        reason: String,
        /// The file.
        file: String,
    },
    /// A revision's file is gone and the database holds no text of it.
    #[error("the file of {0} is gone and this database holds no text of it")]
    NoText(Id),
    /// What the transaction mode promises cannot be kept.
    #[error("{0}")]
    TransactionMode(String),
    /// A step stopped half-way, here or in an earlier run.
    #[error("{revision} stopped half-way {direction}")]
    Interrupted {
        /// The revision.
        revision: Id,
        /// Which way.
        direction: Direction,
        /// What is known of where it stopped.
        detail: String,
    },
    /// A statement of a step failed.
    #[error("{}", .0.error)]
    Step(Box<StepError>),
    /// Another migrator had the lock for too long.
    #[error("another migrator holds the lock")]
    Locked {
        /// Who, as far as the server tells.
        holder: Option<String>,
        /// How long was waited, in seconds.
        waited: u64,
    },
    /// Ctrl-C or SIGTERM.
    #[error("stopped on request")]
    Stopped {
        /// The steps that were done before.
        done: Vec<(Direction, Id)>,
        /// The heads that the database is at.
        heads: Vec<Id>,
        /// The step that stopped half-way, for `rev resume` to go on with.
        interrupted: Option<(Direction, Id)>,
    },
    /// `resume` cannot tell whether a statement ran.
    #[error("the catalogue cannot tell whether a statement ran")]
    Undecided {
        /// The revision.
        revision: Id,
        /// The statement.
        statement: String,
    },
    /// What was asked for cannot be done.
    #[error("{message}")]
    Refused {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}

/// A statement that failed in the middle of a plan.
#[derive(Debug)]
pub struct StepError {
    /// Which way the step went.
    pub direction: Direction,
    /// Its revision.
    pub revision: Id,
    /// The statement.
    pub statement: Statement,
    /// What the database says.
    pub error: DbError,
    /// The steps that were done before, and stay recorded.
    pub done: Vec<(Direction, Id)>,
    /// The heads that the database is at now.
    pub heads: Vec<Id>,
    /// Whether the step was undone as a whole; else `rev resume` goes on with it.
    pub rolled_back: bool,
    /// Whether the connection broke while the step was being committed: only the journal can tell then
    /// whether it is recorded.
    pub unknown: bool,
}

/// Plans and prepares a request: resolves names, reads the bodies, lowers them, and refuses what
/// cannot be kept, before anything runs.
///
/// # Errors
/// No plan, edited revisions, no way down, a transaction mode that cannot be promised.
pub async fn prepare(
    store: &Store,
    database: &mut Database,
    journal: &Journal,
    request: &Request,
) -> Result<Prepared, Error> {
    let _ = (store, database, journal, request);
    todo!()
}

/// Prepares a request without a database: the walk from the closure of `from` as `A:B` gives it.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_offline(
    store: &Store,
    dialect: Dialect,
    transaction: TransactionMode,
    from: &[String],
    request: &Request,
) -> Result<Prepared, Error> {
    let _ = (store, dialect, transaction, from, request);
    todo!()
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// The steps, with their messages.
    pub steps: Vec<(Direction, Id, String)>,
    /// The heads before.
    pub heads_before: Vec<Id>,
    /// The heads after.
    pub heads_after: Vec<Id>,
}

/// Takes the lock and runs what the request asks for, planning anew whenever the applied set is no
/// longer the one planned for. A request with nothing to do takes no lock.
///
/// # Errors
/// See [`Error`]; what ran before stays recorded.
pub async fn execute(
    store: &Store,
    database: &mut Database,
    request: &Request,
    prepared: Prepared,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Done, Error> {
    let _ = (store, database, request, prepared, cancel, events);
    todo!()
}

/// How `resume` is to settle a statement of which the catalogue cannot tell whether it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It ran.
    Ran,
    /// It did not.
    NotRan,
}

/// Takes the files' digests and texts for applied revisions that were edited (`rev stamp --accept`).
/// Says which rows were changed.
///
/// # Errors
/// A name that does not resolve, a revision that is not applied or has no file, or as [`execute`].
pub async fn accept(
    store: &Store,
    database: &mut Database,
    targets: &[String],
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Vec<Id>, Error> {
    let _ = (store, database, targets, cancel, events);
    todo!()
}

/// Goes on with a step that stopped half-way.
///
/// # Errors
/// Nothing to resume, a statement that only the user can settle, or as [`execute`].
pub async fn resume(
    store: &Store,
    database: &mut Database,
    verdict: Option<Verdict>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Done, Error> {
    let _ = (store, database, verdict, cancel, events);
    todo!()
}

/// The plan as a script for the engine's own client.
pub fn script(
    dialect: Dialect,
    settings: Option<&DatabaseSettings>,
    journal: Option<&Journal>,
    prepared: &Prepared,
) -> String {
    let _ = (dialect, settings, journal, prepared);
    todo!()
}
