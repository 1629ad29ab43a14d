//! What tells cheaply whether a journal is still the one that was read.

use crate::db::{DbError, Journal, Row};
use crate::sql::JournalTables;

/// What tells cheaply whether a journal is still the one that was read. Whoever changes the applied
/// set adds to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JournalVersion {
    /// The number of the last log row.
    pub last_seq: i64,
    /// The number of revisions applied.
    pub applied: i64,
    /// The highest number in `rev_applied`.
    pub last_applied: i64,
}

impl JournalVersion {
    pub(super) fn of(journal: &Journal) -> Self {
        JournalVersion {
            last_seq: journal.last_seq,
            applied: i64::try_from(journal.applied.len()).unwrap_or(i64::MAX),
            last_applied: journal.applied.last().map_or(0, |row| row.seq),
        }
    }

    /// The query that asks, under the lock, whether the journal is still this one: for its two numbers
    /// that an index gives at once, and whether the lock is held where the server can tell. Counting
    /// the rows at each step would make a long run quadratic.
    pub(super) fn query(tables: &JournalTables, lock_test: Option<&str>) -> String {
        let JournalTables { applied, log, .. } = tables;
        let held = lock_test.unwrap_or("1");
        format!(
            "SELECT (SELECT COALESCE(MAX(seq), 0) FROM {log}), \
             (SELECT COALESCE(MAX(seq), 0) FROM {applied}), {held}"
        )
    }

    /// Whether the answer to [`JournalVersion::query`] is this journal's, and the lock is held.
    pub(super) fn is_in(&self, rows: &[Row]) -> Result<bool, DbError> {
        let number = |index: usize| -> Option<i64> {
            rows.first()?.get(index)?.as_deref()?.trim().parse().ok()
        };
        match (number(0), number(1)) {
            (Some(last_seq), Some(last_applied)) => {
                let is_same = (last_seq, last_applied) == (self.last_seq, self.last_applied);
                Ok(is_same && number(2) == Some(1))
            }
            _ => Err(DbError::Journal {
                message: "the journal's tables give no numbers".to_owned(),
                hint: "something else has written to them: check them before you continue"
                    .to_owned(),
            }),
        }
    }
}
