//! The rows of the three journal tables, as plain values.

use super::{Direction, Id, Operation, Task};
use crate::text::Digest;

/// How a revision came into the applied set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Its `up` ran.
    Ran,
    /// `rev stamp` put it there.
    Stamped,
}

impl How {
    /// The word stored.
    pub fn name(self) -> &'static str {
        match self {
            How::Ran => "ran",
            How::Stamped => "stamped",
        }
    }
}

/// A row of `rev_applied`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedRow {
    /// The revision.
    pub id: Id,
    /// The order in which it was applied: the `seq` of the log row that applied it.
    pub seq: i64,
    /// The digest of the `up` that ran.
    pub up_digest: Digest,
    /// The digest of the `down` it had then.
    pub down_digest: Digest,
    /// Its parents then.
    pub parents: Vec<Id>,
    /// Its dependencies then.
    pub depends_on: Vec<Id>,
    /// How it came.
    pub how: How,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Who: the system user and host.
    pub who: String,
}

/// One statement of a revision as it was resolved, stored as JSON in `rev_text`.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct StoredStatement {
    /// The SQL.
    pub sql: String,
    /// The line of the file it stands on.
    pub line: usize,
    /// It may run in a transaction.
    pub transactional: bool,
    /// The rows of a `COPY … FROM stdin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_data: Option<String>,
    /// What it is where it is more than a statement; the SQL is then a word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Task>,
    /// The operation, where it becomes statements only when it runs, by what the table then is; the SQL
    /// is then a word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
}

/// A row of `rev_text`: the text of a revision, with the statements it resolved to.
#[derive(Debug, Clone, PartialEq)]
pub struct TextRow {
    /// The revision.
    pub id: Id,
    /// The digest of its `up`.
    pub up_digest: Digest,
    /// The digest of its `down`.
    pub down_digest: Digest,
    /// The file's name, relative to the store.
    pub file: String,
    /// The file's text.
    pub text: String,
    /// The statements of `up`.
    pub up: Vec<StoredStatement>,
    /// The statements of `down`; `None`: irreversible.
    pub down: Option<Vec<StoredStatement>>,
}

/// What a row of `rev_log` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogEvent {
    /// The first row of all; its detail is the format of the tables.
    Format,
    /// A step without a transaction has begun.
    Began,
    /// A DDL statement outside a transaction is about to run.
    Intent,
    /// A statement (with `statement`) or a whole step (without) is done.
    Done,
    /// A batch of a backfill is done; its detail says how far.
    Batch,
    /// A statement failed.
    Failed,
    /// The applied set was changed by `rev stamp`; the direction says whether the revision came in or went.
    Stamped,
    /// A row took its file's parents after a rebase.
    Moved,
}

impl LogEvent {
    /// The word stored.
    pub fn name(self) -> &'static str {
        match self {
            LogEvent::Format => "format",
            LogEvent::Began => "began",
            LogEvent::Intent => "intent",
            LogEvent::Done => "done",
            LogEvent::Batch => "batch",
            LogEvent::Failed => "failed",
            LogEvent::Stamped => "stamped",
            LogEvent::Moved => "moved",
        }
    }

    /// The event of a stored word.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            LogEvent::Format,
            LogEvent::Began,
            LogEvent::Intent,
            LogEvent::Done,
            LogEvent::Batch,
            LogEvent::Failed,
            LogEvent::Stamped,
            LogEvent::Moved,
        ]
        .into_iter()
        .find(|event| event.name() == name)
    }
}

/// A row of `rev_log`, append-only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// The run of `rev` that wrote it, a random word.
    pub run: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Who: the system user and host.
    pub who: String,
    /// What happened.
    pub event: LogEvent,
    /// To which revision.
    pub revision: Option<Id>,
    /// Which way.
    pub direction: Option<Direction>,
    /// Which statement of the step, from 0.
    pub statement: Option<i64>,
    /// The digest of the statement, or of the step's `up`.
    pub digest: Option<Digest>,
    /// What else there is to say: JSON, or a message.
    pub detail: Option<String>,
}
