//! What the journal says beside its rows, as plain values: the `detail` column.

use serde::{Deserialize, Serialize};

use crate::model::{Id, LogEvent, LogRow, StoredStatement};

/// What a log row of a step, a stamp or a move says of its revision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Edges {
    /// The parents that it has from then on.
    pub parents: Vec<String>,
    /// The dependencies.
    pub depends_on: Vec<String>,
    /// The digest of the `down` that it comes with; `rev1` did not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_digest: Option<String>,
}

impl Edges {
    pub(super) fn new(parents: &[Id], depends_on: &[Id]) -> Self {
        let texts = |ids: &[Id]| ids.iter().map(|id| id.as_str().to_owned()).collect();
        Edges { parents: texts(parents), depends_on: texts(depends_on), down_digest: None }
    }
}

/// What the row of a revision says that took its file's digests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Accepted {
    /// Always true.
    pub accepted: bool,
    /// The digest of the `down` that it has from then on.
    pub down_digest: String,
}

/// What a `began` row says of its step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Began {
    /// The digest of the `down`: with the row's own digest it names the stored text.
    pub down_digest: String,
    /// The parents that the revision is to have.
    pub parents: Vec<String>,
    /// The dependencies.
    pub depends_on: Vec<String>,
    /// The digests of the step's statements.
    pub statements: Vec<String>,
    /// Of a late step: what each of its parts became. By the tables as they are half-way, nobody can
    /// work it out again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<Vec<StoredStatement>>,
}

/// The detail of a log row as a value; `None` if there is none or it is not ours.
pub(super) fn detail<T: for<'a> Deserialize<'a>>(row: &LogRow) -> Option<T> {
    serde_json::from_str(row.detail.as_deref()?).ok()
}

/// What an `intent` row says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Intent {
    /// Whether the catalogue showed the statement's effect before it ran; `None`: it cannot tell.
    pub before: Option<bool>,
    /// What the database said of a statement that failed, and may have done a part of its work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// How far a backfill is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Batched {
    /// The key of the last row, as literals.
    pub key: Vec<String>,
    /// The rows so far.
    pub rows: u64,
}

/// What is journalled of a command that is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ProgramDone {
    /// Its exit status.
    pub exit: i32,
    /// How long it ran, in seconds.
    pub seconds: f64,
}

/// What a log row of a task says beyond its event, in words: how far a backfill is, how a program ended.
pub fn task_in_words(row: &LogRow) -> Option<String> {
    match (row.event, row.statement) {
        (LogEvent::Batch, _) => {
            let Batched { key, rows } = detail(row)?;
            Some(format!("{rows} rows, up to key {}", key.join(", ")))
        }
        (LogEvent::Done, Some(_)) => {
            if let Some(ProgramDone { exit, seconds }) = detail(row) {
                return Some(format!("the program ended with {exit} after {seconds} s"));
            }
            let Batched { rows, .. } = detail(row)?;
            Some(format!("{rows} rows"))
        }
        _ => None,
    }
}
