//! Updates in batches by key, each committed together with how far it went.

use std::time::{Duration, Instant};

use crate::db::{DbError, ServerError};
use crate::model::{BackfillTask, LogEvent};
use crate::sql::Statement;

use super::Event;
use super::detail::Batched;
use super::session::{ATTEMPTS, Run};
use super::step::PreparedStep;

/// Why a backfill did not come to its end.
pub(super) enum Halted {
    /// A batch failed.
    Failed(DbError),
    /// Somebody asked to stop.
    Stopped,
}

impl From<DbError> for Halted {
    fn from(error: DbError) -> Self {
        Halted::Failed(error)
    }
}

impl Run<'_> {
    /// Runs the batches of a backfill, behind those that are done. Says how far it came.
    pub(super) async fn backfill(
        &mut self,
        step: &PreparedStep,
        index: usize,
        backfill: &BackfillTask,
        from: Option<Batched>,
    ) -> Result<Batched, Halted> {
        if !self.is_rolled_back(&backfill.table).await? {
            let message = format!(
                "the engine of {} has no transactions, so that a batch that fails is done in part",
                backfill.table
            );
            let hint = Some("give the table a transactional engine, such as InnoDB");
            return Err(DbError::Statement(ServerError::new(message, hint)).into());
        }
        self.refuse_null_keys(backfill).await?;
        let mut at = from.unwrap_or_default();
        let (began, rows_before) = (Instant::now(), at.rows);
        loop {
            if self.cancel.is_cancelled() {
                return Err(Halted::Stopped);
            }
            let Some(next) = self.batch_of(step, index, backfill, &at).await? else {
                return Ok(at);
            };
            at = next;
            let seconds = began.elapsed().as_secs_f64();
            let rate = if seconds > 0.0 { (at.rows - rows_before) as f64 / seconds } else { 0.0 };
            (self.events)(Event::Batch {
                revision: step.revision.clone(),
                index,
                rows: at.rows,
                key: at.key.join(", "),
                rate,
            });
            if backfill.pause > 0 {
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_millis(backfill.pause)) => {}
                    () = self.cancel.cancelled() => {}
                }
            }
        }
    }

    /// A row without a key has no place in the order, and would be left out in silence.
    async fn refuse_null_keys(&mut self, backfill: &BackfillTask) -> Result<(), DbError> {
        let nulls: Vec<String> =
            backfill.key.iter().map(|column| format!("{column} IS NULL")).collect();
        let sql = format!(
            "SELECT 1 FROM {} WHERE ({}){} LIMIT 1",
            backfill.table,
            nulls.join(" OR "),
            backfill.and_condition()
        );
        if self.database.connection.query(&sql).await?.is_empty() {
            return Ok(());
        }
        let (table, key) = (&backfill.table, backfill.key.join(", "));
        let message = format!("a row of {table} has no value in its key ({key})");
        let hint = Some("name a key that every row has");
        Err(DbError::Statement(ServerError::new(message, hint)))
    }

    /// A number of single precision is not equal to what it reads as: its row may be behind itself, and be
    /// taken for ever.
    async fn refuse_inexact_key(
        &mut self,
        backfill: &BackfillTask,
        values: &[String],
    ) -> Result<(), DbError> {
        let (table, key) = (&backfill.table, backfill.key.join(", "));
        let message =
            format!("no row of {table} is found by the value that its key ({key}) reads as");
        let hint = "name a key of an exact type: whole numbers, decimals, text, dates";
        self.refuse_unless_found(backfill, values, ServerError::new(message, Some(hint))).await
    }

    /// A trigger, a generated column or ON UPDATE may give a changed row another key, behind which it is found again.
    async fn refuse_moved_key(
        &mut self,
        backfill: &BackfillTask,
        values: &[String],
    ) -> Result<(), DbError> {
        let (table, key) = (&backfill.table, backfill.key.join(", "));
        let message = format!(
            "the update gives a row of {table} another key ({key}): it would come up again"
        );
        let hint = "order the rows by a key that stays as it is";
        self.refuse_unless_found(backfill, values, ServerError::new(message, Some(hint))).await
    }

    /// Refuses unless a row has the values of a key.
    async fn refuse_unless_found(
        &mut self,
        backfill: &BackfillTask,
        values: &[String],
        refusal: ServerError,
    ) -> Result<(), DbError> {
        let equal = backfill.key.iter().zip(values).map(|(key, value)| format!("{key} = {value}"));
        let equal = equal.collect::<Vec<_>>().join(" AND ");
        let sql = format!("SELECT 1 FROM {} WHERE {equal} LIMIT 1", backfill.table);
        match self.database.connection.query(&sql).await?.is_empty() {
            true => Err(DbError::Statement(refusal)),
            false => Ok(()),
        }
    }

    /// One batch, again if it waits too long for a row or table; `None`: there is none left.
    async fn batch_of(
        &mut self,
        step: &PreparedStep,
        index: usize,
        backfill: &BackfillTask,
        at: &Batched,
    ) -> Result<Option<Batched>, Halted> {
        let mut attempt = 1;
        loop {
            let error = match self.try_batch(step, index, backfill, at).await {
                Ok(next) => return Ok(next),
                Err(error) => error,
            };
            if !matches!(error, DbError::Lost(_)) && self.cancel.is_cancelled() {
                self.roll_back().await;
                return Err(Halted::Stopped);
            }
            self.roll_back().await;
            if !matches!(error, DbError::LockTimeout(_)) || attempt == ATTEMPTS {
                return Err(error.into());
            }
            Self::pause(self.cancel, attempt).await;
            if self.cancel.is_cancelled() {
                return Err(Halted::Stopped);
            }
            attempt += 1;
            (self.events)(Event::Retry { revision: step.revision.clone(), attempt, of: ATTEMPTS });
        }
    }

    async fn try_batch(
        &mut self,
        step: &PreparedStep,
        index: usize,
        backfill: &BackfillTask,
        at: &Batched,
    ) -> Result<Option<Batched>, DbError> {
        let words = self.writer.sql();
        self.database.connection.batch(&[words.begin().to_owned()]).await?;
        let behind = match at.key.is_empty() {
            true => None,
            false => Some(words.behind(&backfill.key, &at.key)),
        };
        let sql = backfill.select(behind.as_deref());
        let keys = self.database.connection.literals(&sql).await?;
        let Some(last) = keys.last() else {
            self.roll_back().await;
            return Ok(None);
        };
        let next = Batched { key: last.clone(), rows: at.rows + keys.len() as u64 };
        let upto = words.up_to(&backfill.key, &next.key);
        if at.key.is_empty() {
            self.refuse_inexact_key(backfill, &next.key).await?;
        }
        let update = backfill.update(behind.as_deref(), &upto);
        let update = Statement { sql: update, task: None, ..step.statements[index].clone() };
        self.send(&update).await?;
        if at.key.is_empty() {
            self.refuse_moved_key(backfill, &next.key).await?;
        }
        let detail = serde_json::to_string(&next).ok();
        let ourselves = words.as_ourselves(self.database.settings.role.as_deref());
        let mut marks = self.fenced(ourselves).await?;
        marks.push(self.writer.statement(LogEvent::Batch, step, index, detail));
        marks.push("COMMIT".to_owned());
        self.database.connection.batch(&marks).await?;
        self.journal.last_seq = self.writer.last_seq();
        self.has_batches = true;
        Ok(Some(next))
    }
}

impl BackfillTask {
    fn and_condition(&self) -> String {
        self.condition.as_ref().map(|condition| format!(" AND ({condition}\n)")).unwrap_or_default()
    }

    /// The keys of the next batch, in order.
    fn select(&self, behind: Option<&str>) -> String {
        let BackfillTask { table, batch, .. } = self;
        let key = self.key.join(", ");
        let behind = behind.unwrap_or("1 = 1");
        let condition = self.and_condition();
        format!("SELECT {key} FROM {table} WHERE {behind}{condition} ORDER BY {key} LIMIT {batch}")
    }

    fn update(&self, behind: Option<&str>, up_to: &str) -> String {
        let BackfillTask { table, set, .. } = self;
        let behind = behind.map(|behind| format!("{behind} AND ")).unwrap_or_default();
        // A comment at the end of what is set must not swallow the condition.
        format!("UPDATE {table} SET {set}\nWHERE {behind}{up_to}{}", self.and_condition())
    }
}
