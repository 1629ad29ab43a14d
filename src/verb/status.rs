//! The verb `status`, and waiting for a database to be ready.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::db::DbError;
use crate::model::Id;
use crate::run::{self, Database};
use crate::store::Store;
use crate::text::Effect;

use super::{Error, Position};

/// What a database has applied, and where it is against the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The database itself, for people; no password in it.
    pub address: String,
    /// It has a journal: `rev` has written to it before.
    pub journal: bool,
    /// The heads of the applied set.
    pub heads: Vec<Id>,
    /// The number of applied revisions.
    pub applied: usize,
    /// What is pending, missing, edited, moved, unknown or partially applied.
    pub position: Position,
    /// What each pending revision would do to what the database holds.
    pub effects: BTreeMap<Id, Effect>,
    /// Who is in the middle of the interrupted step just now; `None`: it is partially applied.
    pub running: Option<String>,
}

/// Says what the database has applied, misses and waits for. Writes nothing; only where a step has begun
/// and not ended it touches the migrators' lock, to find out whether somebody is at it.
///
/// # Errors
/// As the server answers; a journal that is not ours; a revision's body that is not right.
pub async fn status(store: &Store, database: &mut Database) -> Result<Status, Error> {
    let mut journal = database.connection.read_journal().await?;
    let has_journal = journal.is_some();
    let mut running = None;
    if journal.as_ref().and_then(run::interruption).is_some() {
        running = run::lock_holder(database).await?;
        if running.is_none() {
            // It may have ended between the two questions.
            journal = database.connection.read_journal().await?;
        }
    }
    let journal = journal.unwrap_or_default();
    let dialect = database.connection.dialect();
    let position = Position::of(store, &database.settings, dialect, &journal)?;
    Ok(Status {
        address: database.connection.display().to_owned(),
        journal: has_journal,
        heads: run::state(store.graph(), &journal).heads(),
        applied: journal.applied.len(),
        effects: run::effects(store, dialect, &position.pending)?,
        position,
        running,
    })
}

/// What a wait is waiting for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// The database cannot be reached: why.
    NotUp(String),
    /// A step stopped half-way, or is running just now.
    Interrupted(Id),
    /// So many revisions are not applied yet.
    Pending(usize),
    /// Nothing is pending, but these were applied with another `up` than the files have. Waiting
    /// mends that no more than it mends a wrong address.
    Edited(Vec<Id>),
}

/// Polls a database each second until nothing is pending and nothing is interrupted; a server that
/// is not up yet is waited for too. Gives what it still waited for when `limit` was over, or at once
/// where waiting is of no use, or `None` when the database is ready. `tell` hears each change.
///
/// # Errors
/// What waiting cannot mend: a bad address, a journal that is not ours, a value that cannot be
/// resolved.
pub async fn wait(
    store: &Store,
    name: &str,
    limit: Option<Duration>,
    tell: &mut (dyn FnMut(&Waiting) + Send),
) -> Result<Option<Waiting>, Error> {
    // A limit too far away to be an instant is none.
    let end = limit.and_then(|limit| Instant::now().checked_add(limit));
    let mut told = None;
    loop {
        let looked = match end {
            // A server that takes the connection and never answers must not outlast the limit by
            // much; one that answers is looked at once, whatever the limit.
            Some(end) => {
                let enough = Instant::now() + Duration::from_secs(5);
                timeout_at(end.max(enough), look(store, name)).await.ok()
            }
            None => Some(look(store, name).await),
        };
        let waiting = match looked {
            Some(waiting) => waiting?,
            None => Some(Waiting::NotUp("the database does not answer".to_owned())),
        };
        let Some(waiting) = waiting else { return Ok(None) };
        if matches!(waiting, Waiting::Edited(_)) {
            return Ok(Some(waiting));
        }
        if told.as_ref() != Some(&waiting) {
            tell(&waiting);
            told = Some(waiting.clone());
        }
        let next = Instant::now() + Duration::from_secs(1);
        if end.is_some_and(|end| next > end) {
            return Ok(Some(waiting));
        }
        sleep_until(next).await;
    }
}

/// One look: what there is to wait for.
async fn look(store: &Store, name: &str) -> Result<Option<Waiting>, Error> {
    let settings = store.database(name).await?;
    let found = match Database::connect(settings, false).await {
        Ok(mut database) => {
            let found = journal_says(store, &mut database).await;
            database.close().await;
            found
        }
        Err(error) => Err(error.into()),
    };
    match found {
        Err(Error::Db(DbError::Connect { message, .. } | DbError::Lost(message))) => {
            Ok(Some(Waiting::NotUp(message)))
        }
        found => found,
    }
}

async fn journal_says(store: &Store, database: &mut Database) -> Result<Option<Waiting>, Error> {
    let journal = database.connection.read_journal().await?.unwrap_or_default();
    if let Some(interrupted) = run::interruption(&journal) {
        return Ok(Some(Waiting::Interrupted(interrupted.revision)));
    }
    let graph = store.graph();
    let pending = run::state(graph, &journal).pending(graph, &database.settings.lines).len();
    if pending > 0 {
        return Ok(Some(Waiting::Pending(pending)));
    }
    let edited = run::edited(store, database.connection.dialect(), &journal)?.up;
    Ok((!edited.is_empty()).then_some(Waiting::Edited(edited)))
}
