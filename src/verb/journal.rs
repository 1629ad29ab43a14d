//! The verb `journal`: what was done to a database, run by run.

use crate::model::{LogEvent, LogRow};
use crate::run::Database;

use super::Error;

/// One run of `rev` that wrote to the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its random word.
    pub run: String,
    /// When its first row was written, RFC 3339 in UTC.
    pub at: String,
    /// Who ran it: the system user and host.
    pub who: String,
    /// `N` of the name `@{N}` for the state that it left behind; `None` if it changed no row of
    /// the applied set.
    pub state: Option<usize>,
    /// What it wrote, oldest first.
    pub rows: Vec<LogRow>,
}

/// Reads the log, newest run first; `limit` runs at most.
///
/// # Errors
/// As the server answers; a journal that is not ours.
pub async fn journal(database: &mut Database, limit: Option<usize>) -> Result<Vec<Run>, Error> {
    if database.engine.read_journal().await?.is_none() {
        return Ok(Vec::new());
    }
    let mut runs = by_run(database.engine.read_log().await?);
    runs.reverse();
    let mut states = 0;
    for run in &mut runs {
        if run.rows.iter().any(changes_the_applied_set) {
            run.state = Some(states);
            states += 1;
        }
    }
    runs.truncate(limit.unwrap_or(usize::MAX));
    Ok(runs)
}

/// A whole step that is done, or a row that a stamp brought or took.
fn changes_the_applied_set(row: &LogRow) -> bool {
    match row.event {
        LogEvent::Done => row.statement.is_none(),
        LogEvent::Stamped => row.direction.is_some(),
        _ => false,
    }
}

fn by_run(rows: Vec<LogRow>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some(run) if run.run == row.run => run.rows.push(row),
            _ => runs.push(Run {
                run: row.run.clone(),
                at: row.at.clone(),
                who: row.who.clone(),
                state: None,
                rows: vec![row],
            }),
        }
    }
    runs
}
