//! Why a run did not do what it was asked to, and what it leaves behind.

use crate::db::DbError;
use crate::graph::PlanError;
use crate::model::{Direction, Id};
use crate::sql::{LowerError, Source, Statement};
use crate::store::StoreError;
use crate::text::Excerpt;

/// Why a run did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// An upgrade would run revisions behind what stands on them, and they are not known to commute.
    #[error("{} missing below what is applied", gaps.len())]
    OutOfOrder {
        /// The gaps.
        gaps: Vec<Id>,
        /// For each gap, an applied revision that stands on it.
        above: Vec<Id>,
        /// Why it is not known that they commute.
        reason: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A revision's operations cannot become statements.
    #[error(transparent)]
    Lower(Box<LowerError>),
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
    #[error("the file of {0} is missing and this database has no text of it")]
    NoText(Id),
    /// The `down` that the database stored is not the one that the file means.
    #[error("the stored `down` of {} differs from the one derived from its file", .0.revision)]
    StoredDownDiffers(Box<StoredDown>),
    /// A plan does what nobody has agreed to. Nothing of it ran, and the lock is free again.
    #[error("the plan was not confirmed: {}", .0.concerns().first().map(ToString::to_string).unwrap_or_default())]
    Unagreed(Box<super::Prepared>),
    /// What the transaction mode promises cannot be kept.
    #[error("{0}")]
    TransactionMode(String),
    /// A step stopped half-way, here or in an earlier run.
    #[error("{revision} is partially applied ({direction})")]
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
    /// An operation that was tried on a scratch database failed.
    #[error("{}", .0.error)]
    Operation(Box<super::OperationError>),
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
    /// Ctrl-C or SIGTERM, while nothing but a scratch database was being changed.
    #[error("stopped on request")]
    GivenUp,
    /// A statement of a revision failed on a scratch database.
    #[error("{}", .0.error)]
    Replay(Box<StepError>),
    /// A statement of a desired schema failed.
    #[error("{}", .0.error)]
    Unloadable(Box<Unloadable>),
    /// A statement of `seed` failed.
    #[error("{}", .0.error)]
    Seed(Box<Unloadable>),
    /// A program did not print a desired schema.
    #[error("{}", .0.message)]
    SchemaProgram(Box<SchemaProgram>),
    /// `resume` cannot tell whether a statement ran.
    #[error("the catalog cannot tell whether a statement ran")]
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

impl From<LowerError> for Error {
    fn from(error: LowerError) -> Self {
        Error::Lower(Box::new(error))
    }
}

/// A `down` that is derived from a file, and another that the database stored.
#[derive(Debug)]
pub struct StoredDown {
    /// The revision.
    pub revision: Id,
    /// The file.
    pub file: String,
    /// What is derived from the file: a text for each statement.
    pub derived: Vec<String>,
    /// What the database stored.
    pub stored: Vec<String>,
}

/// A statement of a desired schema that failed.
#[derive(Debug)]
pub struct Unloadable {
    /// Where it stands.
    pub source: Source,
    /// The statement.
    pub sql: String,
    /// What the database says.
    pub error: DbError,
}

/// A program that did not print a desired schema.
#[derive(Debug)]
pub struct SchemaProgram {
    /// What is wrong.
    pub message: String,
    /// The last lines that it wrote on its standard error.
    pub said: Vec<String>,
    /// The line of store.yaml that names it.
    pub line: usize,
    /// What to do.
    pub hint: String,
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
    /// Its lines in the revision's file, around the place that the database names; `None`: it does not
    /// stand there word for word.
    pub excerpt: Option<Excerpt>,
    /// What the database says.
    pub error: DbError,
    /// The steps that were done before, and stay recorded.
    pub done: Vec<(Direction, Id)>,
    /// The heads that the database is at now.
    pub heads: Vec<Id>,
    /// Whether the step was undone as a whole; else `rev resume` goes on with it.
    pub rolled_back: bool,
    /// Whether the statement may have done a part of its work before it failed.
    pub in_part: bool,
    /// The index that the statement builds outside of a transaction, and may have left invalid.
    pub left_invalid: Option<String>,
    /// Whether the connection broke while the step was being committed: only the journal can tell then
    /// whether it is recorded.
    pub unknown: bool,
}
