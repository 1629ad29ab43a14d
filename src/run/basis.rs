//! What tells cheaply whether a journal is still the one that was read.

use crate::db::{DbError, Journal, Row};
use crate::sql::JournalTables;

/// What tells cheaply whether a journal is still the one that was read. Whoever changes the applied
/// set adds to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Basis {
    /// The number of the last log row.
    pub last_seq: i64,
    /// The number of revisions applied.
    pub applied: i64,
    /// The highest number in `rev_applied`.
    pub last_applied: i64,
}

impl Basis {
    pub(super) fn of(journal: &Journal) -> Self {
        Basis {
            last_seq: journal.last_seq,
            applied: i64::try_from(journal.applied.len()).unwrap_or(i64::MAX),
            last_applied: journal.applied.last().map_or(0, |row| row.seq),
        }
    }

    /// The query that asks for it, and whether the lock is held where the server can tell.
    pub(super) fn query(tables: &JournalTables, lock_test: Option<&str>) -> String {
        let JournalTables { applied, log, .. } = tables;
        let held = lock_test.unwrap_or("1");
        format!(
            "SELECT (SELECT COALESCE(MAX(seq), 0) FROM {log}), (SELECT COUNT(*) FROM {applied}), \
             (SELECT COALESCE(MAX(seq), 0) FROM {applied}), {held}"
        )
    }

    /// The answer to [`Basis::query`]: the basis, and whether the lock is held.
    pub(super) fn answer(rows: &[Row]) -> Result<(Self, bool), DbError> {
        let number = |index: usize| -> Option<i64> {
            rows.first()?.get(index)?.as_deref()?.trim().parse().ok()
        };
        match (number(0), number(1), number(2)) {
            (Some(last_seq), Some(applied), Some(last_applied)) => {
                Ok((Basis { last_seq, applied, last_applied }, number(3) == Some(1)))
            }
            _ => Err(DbError::Journal {
                message: "the journal's tables give no numbers".to_owned(),
                hint: "something else has written to them: look at them before you go on"
                    .to_owned(),
            }),
        }
    }
}
