//! A run under way: the lock, the journal as it is after the last step, and the transactions that write it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::db::{DbError, FRESH, Journal, ServerError};
use crate::model::{Direction, Id};
use crate::sql::Statement;
use crate::store::Store;
use crate::text::{Excerpt, concurrent_index, quote_literal};

use super::agreed::Agreed;
use super::history::state;
use super::journal_version::JournalVersion;
use super::journal_writer::JournalWriter;
use super::step::Step;
use super::{Cancel, Database, Error, Event, PreparedStep, StepError, lock};

/// How often a step, or outside a transaction a statement, is tried that waits too long for a table.
pub(super) const ATTEMPTS: u32 = 5;

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// It is done.
    Done,
    /// The applied set is not the one planned for, or the lock is gone; nothing was done.
    Changed,
}

/// Why a step did not come to its end.
#[expect(clippy::large_enum_variant, reason = "a run makes one, and ends with it")]
pub(super) enum Failure {
    /// A statement, its own or one of ours, failed.
    Statement { step: usize, statement: Statement, error: DbError, unknown: bool },
    /// Somebody asked to stop.
    Stopped,
}

/// How long DDL waits for a group's members: an unreachable one is expelled long before.
const GROUP_PATIENCE: Duration = Duration::from_secs(60);

/// What an answer of the server's has shown of a lock with a lease.
pub(super) struct Proof {
    /// When it was asked.
    sent: Instant,
    /// All members of its group are in reach.
    is_whole: bool,
}

/// A run under way: it holds the lock.
pub(super) struct Run<'a> {
    pub store: &'a Store,
    pub database: &'a mut Database,
    pub cancel: &'a Cancel,
    pub events: &'a mut (dyn FnMut(Event) + Send),
    pub writer: JournalWriter,
    /// The journal as it is after the last step.
    pub journal: Journal,
    pub done: Vec<Step>,
    /// What was agreed to.
    pub agreed: Agreed,
    /// Whether a backfill of the step under way has rows.
    pub has_batches: bool,
    /// When the lock was last shown to be held, if that is for us to see to.
    pub proof: Option<Proof>,
    /// The names in the last statement whose tables were looked at, and whether a rollback undoes it.
    pub rolls_back: Option<(BTreeSet<String>, bool)>,
}

impl<'a> Run<'a> {
    /// Takes the lock and reads the journal.
    pub(super) async fn locked(
        store: &'a Store,
        database: &'a mut Database,
        cancel: &'a Cancel,
        events: &'a mut (dyn FnMut(Event) + Send),
    ) -> Result<Self, Error> {
        if let Some(replica) = database.replica() {
            return Err(Error::Refused {
                message: format!(
                    "{} is {replica}, and takes no changes",
                    database.connection.display()
                ),
                hint: Some(
                    "give the address of a server that takes changes, such as the one it follows: `url` in \
                     store.yaml"
                        .to_owned(),
                ),
            });
        }
        let writer = JournalWriter::new(
            database.connection.dialect(),
            database.connection.tables().clone(),
            0,
        );
        let mut run = Run {
            store,
            database,
            cancel,
            events,
            writer,
            journal: Journal::default(),
            done: Vec::new(),
            agreed: Agreed::default(),
            has_batches: false,
            proof: None,
            rolls_back: None,
        };
        run.database.connection.heed(cancel);
        run.lock().await?;
        match run.read_journal().await {
            Ok(()) => {
                run.writer = JournalWriter::new(
                    run.database.connection.dialect(),
                    run.database.connection.tables().clone(),
                    run.journal.last_seq,
                );
                Ok(run)
            }
            Err(error) => run.unlock(Err(error)).await,
        }
    }

    /// Takes the lock.
    pub(super) async fn lock(&mut self) -> Result<(), Error> {
        match lock::take(self.database, self.cancel, self.events).await? {
            true => Ok(()),
            false => Err(self.stopped(None)),
        }
    }

    /// Frees the lock, whatever the run came to.
    pub(super) async fn unlock<T>(self, result: Result<T, Error>) -> Result<T, Error> {
        // Closing the connection frees it as well, so a failure here takes nothing from the result.
        let _ = self.database.connection.unlock().await;
        if let Some(words) = self.database.connection.cut_short() {
            (self.events)(Event::Notice(words));
        }
        result
    }

    /// Reads the journal; one that is not there is empty.
    pub(super) async fn read_journal(&mut self) -> Result<(), Error> {
        self.journal = self.database.connection.read_journal().await?.unwrap_or_default();
        self.writer.go_on_from(self.journal.last_seq);
        Ok(())
    }

    /// Makes the journal's tables where they are not there, and brings those of an older format to this
    /// one. To be called before the first row is written.
    pub(super) async fn ensure_journal(&mut self) -> Result<(), Error> {
        if self.journal.last_seq == 0 {
            let first = self.writer.format_row(self.database.settings.store.as_deref());
            self.database.connection.ensure_journal(&first).await?;
        } else if self.journal.conversion.is_empty() {
            return Ok(());
        } else {
            self.database.connection.convert_journal(&self.journal).await?;
        }
        self.read_journal().await
    }

    /// Opens a transaction if the journal is still the one planned with and the lock is held, all in
    /// one round trip where the engine allows it.
    pub(super) async fn begin(&mut self) -> Result<Flow, DbError> {
        let begin = self.writer.sql().begin();
        match self.is_as_planned(Some(begin)).await {
            Ok(true) => Ok(Flow::Done),
            Ok(false) => {
                self.roll_back().await;
                Ok(Flow::Changed)
            }
            Err(error) => {
                self.roll_back().await;
                Err(error)
            }
        }
    }

    /// Whether the journal is still the one planned with and the lock is held.
    pub(super) async fn is_as_planned(&mut self, begin: Option<&str>) -> Result<bool, DbError> {
        let connection = &mut self.database.connection;
        let lock_test = connection.lock_test();
        let query = JournalVersion::query(self.writer.tables(), lock_test.as_deref());
        let fence = connection.fence();
        let all = [begin, fence.as_deref(), Some(&query)];
        let all = all.into_iter().flatten().collect::<Vec<_>>().join("; ");
        let rows = connection.query(&all).await?;
        let is_same = JournalVersion::of(&self.journal).is_in(&rows)?;
        Ok(is_same && (lock_test.is_some() || connection.lock_is_held().await?))
    }

    /// Sends statements that open a transaction, or go on in one, with the fence of the lock behind them. Gives
    /// back those that are still to be sent: all, where the server itself sees to the lock.
    pub(super) async fn fenced(&mut self, mut sql: Vec<String>) -> Result<Vec<String>, DbError> {
        let connection = &mut self.database.connection;
        let (Some(fence), Some(test)) = (connection.fence(), connection.lock_test()) else {
            // A lease that was lost is none that the server sees to.
            return match self.proof {
                Some(_) => Err(DbError::LockLost),
                None => Ok(sql),
            };
        };
        let group = connection.group_test().unwrap_or_else(|| "1".to_owned());
        sql.push(fence);
        sql.push(format!("SELECT {test}, {group}"));
        let sent = Instant::now();
        let rows = connection.query(&sql.join(";\n")).await?;
        let answer = |at: usize| {
            rows.last().and_then(|row| row.get(at)).and_then(Option::as_deref) == Some("1")
        };
        if !answer(0) {
            return Err(DbError::LockLost);
        }
        self.proof = Some(Proof { sent, is_whole: answer(1) });
        Ok(Vec::new())
    }

    /// Makes sure that the lock is held just now, before a statement that commits by itself: no server fences
    /// that one. It waits for a group of which a member is out of reach, since it may be the group that goes on.
    pub(super) async fn prove_lock(&mut self) -> Result<(), DbError> {
        let began = Instant::now();
        while let Some(proof) = &self.proof {
            if proof.is_whole && proof.sent.elapsed() < FRESH {
                return Ok(());
            }
            if !proof.is_whole {
                if began.elapsed() >= GROUP_PATIENCE || self.cancel.is_cancelled() {
                    return Err(DbError::ReadOnly(ServerError::new(
                        "a member of the replication group is unreachable, and DDL needs all of them",
                        Some("look at performance_schema.replication_group_members"),
                    )));
                }
                Self::pause(self.cancel, 2).await;
            }
            self.fenced(Vec::new()).await?;
        }
        Ok(())
    }

    /// Undoes an open transaction, and what it did to the session.
    pub(super) async fn roll_back(&mut self) {
        self.writer.go_on_from(self.journal.last_seq);
        // The server may have rolled back by itself, and a lost connection has.
        let _ = self.database.connection.batch(&["ROLLBACK".to_owned()]).await;
    }

    /// After a failure of a batch with a COMMIT in it: whether the rows made last are in the journal
    /// all the same, since what failed came behind. `None`: the server cannot be asked.
    pub(super) async fn is_recorded(&mut self) -> Option<bool> {
        let last_seq = self.writer.last_seq();
        self.roll_back().await;
        let sql = format!(
            "SELECT COUNT(*) FROM {} WHERE seq = {last_seq} AND run = {}",
            self.writer.tables().log,
            quote_literal(self.database.connection.dialect(), self.writer.run()),
        );
        let rows = self.database.connection.query(&sql).await.ok()?;
        let is_there = rows.first()?.first()?.as_deref() == Some("1");
        if is_there {
            self.writer.go_on_from(last_seq);
        }
        Some(is_there)
    }

    /// Writes rows of our own in the open transaction, and commits.
    pub(super) async fn commit_rows(&mut self, mut sql: Vec<String>) -> Result<(), Error> {
        sql.push("COMMIT".to_owned());
        let result = self.database.connection.batch(&sql).await;
        if result.is_err() {
            self.roll_back().await;
        }
        Ok(result?)
    }

    /// Runs what belongs to a reset outside a transaction, and the store's own `on_connect`.
    pub(super) async fn on_connect(&mut self) -> Result<(), DbError> {
        for sql in self.database.connection.reset_outside().to_vec() {
            self.database.connection.execute(&sql).await?;
        }
        self.on_connect_within().await
    }

    /// Runs the store's own `on_connect` between two steps of one transaction.
    pub(super) async fn on_connect_within(&mut self) -> Result<(), DbError> {
        for sql in self.database.connection.on_connect().to_vec() {
            self.database.connection.execute(&sql).await?;
        }
        Ok(())
    }

    /// The error of a run that was asked to stop.
    pub(super) fn stopped(&self, interrupted: Option<(Direction, Id)>) -> Error {
        Error::Stopped { done: self.done_steps(), heads: self.heads(), interrupted }
    }

    pub(super) fn step_error(
        &self,
        step: &PreparedStep,
        statement: Statement,
        error: DbError,
        rolled_back: bool,
        unknown: bool,
    ) -> Error {
        let position = error.of_server().and_then(|server| server.position);
        let lines = Excerpt::around(&statement.sql, position);
        let excerpt = self.store.excerpt(&statement.source.file, statement.source.line, &lines);
        let index = concurrent_index(self.database.connection.dialect(), &statement.sql);
        Error::Step(Box::new(StepError {
            in_part: false,
            left_invalid: index.map(|index| index.name),
            direction: step.direction,
            revision: step.revision.clone(),
            statement,
            excerpt,
            error,
            done: self.done_steps(),
            heads: self.heads(),
            rolled_back,
            unknown,
        }))
    }

    fn done_steps(&self) -> Vec<(Direction, Id)> {
        self.done.iter().map(|step| (step.direction, step.revision.clone())).collect()
    }

    /// The heads that the database is at now.
    pub(super) fn heads(&self) -> Vec<Id> {
        state(self.store.graph(), &self.journal).heads()
    }

    /// Waits before another try, unless somebody asks to stop.
    pub(super) async fn pause(cancel: &Cancel, attempt: u32) {
        let wait = lock::jittered(Duration::from_millis(250 << attempt.min(5)));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = cancel.cancelled() => {}
        }
    }
}

/// Does to a journal's applied set what a step does.
pub(super) fn take(
    journal: &mut Journal,
    step: &PreparedStep,
    applied: Option<crate::model::AppliedRow>,
) {
    match applied {
        Some(row) => journal.applied.push(row),
        None => journal.applied.retain(|row| row.id != step.revision),
    }
}
