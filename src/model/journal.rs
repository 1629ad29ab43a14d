//! The rows of the journal's tables, as plain values.

use super::{Direction, Id, Operation, Task};
use crate::text::Digest;

/// How a revision came into the applied set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Its `up` ran.
    Ran,
    /// `rev stamp` put it there.
    Stamped,
    /// A revision that does the same ran, and this one was taken as done.
    Equivalent,
}

impl How {
    /// All there are.
    pub const ALL: [How; 3] = [How::Ran, How::Stamped, How::Equivalent];

    /// The word stored.
    pub fn name(self) -> &'static str {
        match self {
            How::Ran => "ran",
            How::Stamped => "stamped",
            How::Equivalent => "equivalent",
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

/// What the first row of a log says in its detail: `rev2 store:ID`. A newer `rev` may say more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalFormat {
    /// The format of the tables.
    pub name: String,
    /// The id of the store whose revisions are recorded, if it has one.
    pub store: Option<String>,
    /// What else a newer `rev` has to say.
    rest: Vec<String>,
}

impl JournalFormat {
    /// The format that is written.
    pub const CURRENT: &'static str = "rev2";
    /// The older format that is read, and converted by the first write.
    pub const OLD: &'static str = "rev1";

    /// The format that is written, for a store.
    pub fn current(store: Option<&str>) -> Self {
        let (name, store) = (JournalFormat::CURRENT.to_owned(), store.map(str::to_owned));
        JournalFormat { name, store, rest: Vec::new() }
    }

    /// Whether it is the older one.
    pub fn is_old(&self) -> bool {
        self.name == JournalFormat::OLD
    }

    /// What a first row says.
    pub fn parse(detail: &str) -> Self {
        let mut words = detail.split(' ');
        let name = words.next().unwrap_or_default().to_owned();
        let (stores, rest): (Vec<&str>, Vec<&str>) =
            words.partition(|word| word.starts_with(STORE_WORD));
        let store = stores.first().and_then(|word| word.strip_prefix(STORE_WORD));
        let rest = rest.into_iter().map(str::to_owned).collect();
        JournalFormat { name, store: store.map(str::to_owned), rest }
    }
}

/// What stands before a store's id.
const STORE_WORD: &str = "store:";

impl std::fmt::Display for JournalFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        if let Some(store) = &self.store {
            write!(f, " {STORE_WORD}{store}")?;
        }
        self.rest.iter().try_for_each(|word| write!(f, " {word}"))
    }
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
    /// A statement was cancelled on request, and did nothing.
    Cancelled,
    /// A partially applied step is taken back from here on.
    Aborting,
    /// The applied set was changed by `rev stamp`; the direction says whether the revision came in or went.
    Stamped,
    /// A row took its file's parents after a rebase.
    Moved,
    /// `rev journal repair` corrected rows of the other tables.
    Repaired,
    /// The journal was handed to another store, or converted.
    Adopted,
    /// An event that a newer `rev` wrote, in a format that this one may read.
    Unknown,
}

impl LogEvent {
    const ALL: [LogEvent; 12] = [
        LogEvent::Format,
        LogEvent::Began,
        LogEvent::Intent,
        LogEvent::Done,
        LogEvent::Batch,
        LogEvent::Failed,
        LogEvent::Cancelled,
        LogEvent::Aborting,
        LogEvent::Stamped,
        LogEvent::Moved,
        LogEvent::Repaired,
        LogEvent::Adopted,
    ];

    /// The word stored.
    pub fn name(self) -> &'static str {
        match self {
            LogEvent::Format => "format",
            LogEvent::Began => "began",
            LogEvent::Intent => "intent",
            LogEvent::Done => "done",
            LogEvent::Batch => "batch",
            LogEvent::Failed => "failed",
            LogEvent::Cancelled => "cancelled",
            LogEvent::Aborting => "aborting",
            LogEvent::Stamped => "stamped",
            LogEvent::Moved => "moved",
            LogEvent::Repaired => "repaired",
            LogEvent::Adopted => "adopted",
            LogEvent::Unknown => "unknown",
        }
    }

    /// The event of a stored word.
    pub fn from_name(name: &str) -> Self {
        LogEvent::ALL.into_iter().find(|event| event.name() == name).unwrap_or(LogEvent::Unknown)
    }

    /// Whether it says that a statement did nothing.
    pub fn did_nothing(self) -> bool {
        matches!(self, LogEvent::Failed | LogEvent::Cancelled)
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
