//! The verb `journal`: what was done to a database, run by run.

use std::collections::HashMap;

use crate::model::LogRow;
use crate::run::{self, Cancel, Database, Event};
use crate::store::Store;

pub use crate::run::{Repair, RepairPlan};

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
    if database.connection.read_journal().await?.is_none() {
        return Ok(Vec::new());
    }
    let log = database.connection.read_log().await?;
    let counted: HashMap<&str, usize> =
        run::changing_runs(&log).into_iter().rev().zip(0..).collect();
    let mut runs = by_run(&log, &counted);
    runs.reverse();
    runs.truncate(limit.unwrap_or(usize::MAX));
    Ok(runs)
}

fn by_run(log: &[LogRow], counted: &HashMap<&str, usize>) -> Vec<Run> {
    log.chunk_by(|a, b| a.run == b.run)
        .map(|rows| Run {
            run: rows[0].run.clone(),
            at: rows[0].at.clone(),
            who: rows[0].who.clone(),
            state: counted.get(rows[0].run.as_str()).copied(),
            rows: rows.to_vec(),
        })
        .collect()
}

/// What would correct the journal where its tables contradict each other: `rev_applied` by `rev_log`, and
/// stored texts by the files. Makes nothing.
///
/// # Errors
/// A log with rows missing; an interrupted revision; as the server answers.
pub async fn plan_repair(store: &Store, database: &mut Database) -> Result<RepairPlan, Error> {
    let journal = database.connection.read_journal().await?.unwrap_or_default();
    Ok(run::plan_repair(store, database, &journal).await?)
}

/// Does what [`plan_repair`] said, if it still says the same under the lock.
///
/// # Errors
/// As [`plan_repair`]; the journal changed since.
pub async fn repair(
    store: &Store,
    database: &mut Database,
    plan: &RepairPlan,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<(), Error> {
    Ok(run::repair(store, database, plan, cancel, events).await?)
}
