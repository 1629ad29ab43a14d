//! Steps that one transaction cannot hold: each statement is marked, so that after a crash it is known
//! what ran and what did not.

use crate::db::DbError;
use crate::model::{BackfillTask, How, LogEvent, ProgramTask, Task};
use crate::text::{catalog_effect, concurrent_index};

use super::atomic::Part;
use super::backfill::Halted;
use super::detail::Batched;
use super::journal_writer::JournalWriter;
use super::session::{ATTEMPTS, Flow, Run, take};
use super::step::PreparedStep;
use super::{Error, Event};

/// Why a part of a step did not come to its end.
enum Broken {
    /// A statement failed, or was not even sent.
    Failed { index: usize, error: DbError, sent: bool },
    /// A statement ran, and its mark could not be written.
    Unmarked { index: usize, error: DbError },
    /// Somebody asked to stop. `in_part`: the statement may have done a part of its work.
    Stopped { in_part: bool },
}

/// What the journal says of a statement that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marked {
    /// That it did nothing.
    Failed,
    /// That it may have done a part.
    InPart,
    /// Nothing: it could not be written.
    Not,
}

impl Run<'_> {
    /// Runs a step whose statements are marked one by one.
    pub(super) async fn open_step(
        &mut self,
        step: &PreparedStep,
        index: usize,
        total: usize,
    ) -> Result<Flow, Error> {
        if !self.is_as_planned(None).await? {
            return Ok(Flow::Changed);
        }
        self.step_begun(step, index, total);
        let ready = match self.ready(step).await {
            Ok(ready) => ready,
            Err((statement, error)) => {
                return Err(self.step_error(step, statement, error, true, false));
            }
        };
        let began = self.writer.began(&ready);
        self.commit_marks(began).await?;
        self.go_on(&ready, 0, None).await?;
        Ok(Flow::Done)
    }

    /// Notes that a step goes on otherwise than it began: a later look at the journal finds what it is
    /// now, and how far it is.
    pub(super) async fn begun_anew(
        &mut self,
        step: &PreparedStep,
        done: usize,
        batched: Option<&Batched>,
    ) -> Result<(), DbError> {
        let mut rows = self.writer.began(step);
        if let Some(last) = done.checked_sub(1) {
            let detail = Some("the file was corrected".to_owned());
            rows.push(self.writer.statement(LogEvent::Done, step, last, detail));
        }
        if let Some(batched) = batched {
            let detail = serde_json::to_string(batched).ok();
            rows.push(self.writer.statement(LogEvent::Batch, step, done, detail));
        }
        self.commit_marks(rows).await
    }

    /// Runs the statements of a step from one on, and records the step. `batched`: how far that one is,
    /// if it is a backfill.
    pub(super) async fn go_on(
        &mut self,
        step: &PreparedStep,
        done: usize,
        batched: Option<Batched>,
    ) -> Result<(), Error> {
        self.set_around(std::slice::from_ref(step)).await?;
        let result = self.carry_out(step, done, batched).await;
        if result.is_err() {
            self.take_around_back(std::slice::from_ref(step)).await;
        }
        result
    }

    async fn carry_out(
        &mut self,
        step: &PreparedStep,
        done: usize,
        mut batched: Option<Batched>,
    ) -> Result<(), Error> {
        let mut at = done;
        self.has_batches = batched.is_some();
        while at < step.statements.len() {
            if self.cancel.is_cancelled() {
                return Err(self.half_way(step, at, false));
            }
            let part = match self.part_at(&step.statements, at).await {
                Ok(part) => part,
                Err(error) => {
                    let part = Part { at, end: at + 1, together: true };
                    return Err(self.failed(step, part, at, error, false).await);
                }
            };
            let ran = match &step.statements[at].task {
                Some(Task::Program(program)) => self.program_part(step, at, program).await,
                Some(Task::Backfill(backfill)) => {
                    self.backfill_part(step, at, backfill, batched.take()).await
                }
                Some(Task::Assert(_)) | None => self.part(step, part).await,
            };
            match ran {
                Ok(()) => at = part.end,
                Err(Broken::Stopped { in_part }) => {
                    return Err(self.half_way(step, at, in_part));
                }
                Err(Broken::Failed { index, error, sent }) => {
                    return Err(self.failed(step, part, index, error, sent).await);
                }
                Err(Broken::Unmarked { index, error }) => {
                    let statement = step.statements[index].clone();
                    return Err(self.step_error(step, statement, error, false, false));
                }
            }
        }
        let (rows, applied) = self.writer.step(step, How::Ran);
        let reset = self.database.connection.reset();
        // The reset stands outside the transaction: on MySQL some settings would end it.
        let mut sql = reset.clone();
        sql.push(self.writer.sql().begin().to_owned());
        let fenced = self.fenced(sql).await;
        let mut sql = match fenced {
            Ok(sql) => sql,
            Err(error) => {
                self.roll_back().await;
                let statement = step.ours("COMMIT");
                return Err(self.step_error(step, statement, error, false, false));
            }
        };
        sql.extend(rows);
        sql.push("COMMIT".to_owned());
        sql.extend(reset);
        let sent = self.database.connection.batch(&sql).await;
        if let Err(error) = &sent {
            let recorded = self.is_recorded().await;
            if recorded != Some(true) {
                let statement = step.ours("COMMIT");
                return Err(self.step_error(step, statement, error.clone(), false, false));
            }
        }
        self.journal.last_seq = self.writer.last_seq();
        take(&mut self.journal, step, applied);
        self.step_done(step);
        sent?;
        self.on_connect().await?;
        Ok(())
    }

    /// Runs a part, again if it waits too long for a table.
    async fn part(&mut self, step: &PreparedStep, part: Part) -> Result<(), Broken> {
        let index = part.at;
        if !part.together {
            self.intend(step, index).await.map_err(|error| Broken::Failed {
                index,
                error,
                sent: false,
            })?;
        }
        let mut attempt = 1;
        loop {
            let result = match part.together {
                true => self.together(step, part).await,
                false => self.alone(step, index).await,
            };
            match result {
                Err(Broken::Failed { error: DbError::LockTimeout(_), sent, .. })
                    if attempt < ATTEMPTS
                        && (part.together
                            || !sent
                            || self.has_done_nothing(&step.statements[index]).await) => {}
                result => return result,
            }
            Self::pause(self.cancel, attempt).await;
            if self.cancel.is_cancelled() {
                return Err(Broken::Stopped { in_part: false });
            }
            attempt += 1;
            (self.events)(Event::Retry { revision: step.revision.clone(), attempt, of: ATTEMPTS });
        }
    }

    /// Statements that commit together with their marks.
    async fn together(&mut self, step: &PreparedStep, part: Part) -> Result<(), Broken> {
        let Part { at, end, .. } = part;
        let begin = self.writer.sql().begin().to_owned();
        let begun = self.database.connection.batch(&[begin]).await;
        begun.map_err(|error| Broken::Failed { index: at, error, sent: false })?;
        let stray = self.stray(step).await;
        let stray = stray.map_err(|error| Broken::Failed { index: at, error, sent: false })?;
        let as_ourselves = self.as_ourselves();
        let mut marks = Vec::new();
        for index in at..end {
            self.statement_begun(step, index);
            if let Err(error) = self.send(&step.statements[index]).await {
                self.roll_back().await;
                return Err(self.stopped_or_failed(index, error));
            }
            self.statement_ran(step, index);
            marks.push(self.writer.statement(LogEvent::Done, step, index, None));
        }
        if let Err(error) = self.refuse_stray(&stray).await {
            self.roll_back().await;
            return Err(Broken::Failed { index: end - 1, error, sent: false });
        }
        let sent = match self.fenced(as_ourselves).await {
            Ok(mut sql) => {
                sql.extend(marks);
                sql.push("COMMIT".to_owned());
                self.database.connection.batch(&sql).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            self.roll_back().await;
            let index = end - 1;
            return Err(match error {
                DbError::Lost(_) => Broken::Unmarked { index, error },
                error => Broken::Failed { index, error, sent: false },
            });
        }
        self.journal.last_seq = self.writer.last_seq();
        Ok(())
    }

    /// Runs a command of the application, between its intent and its mark.
    async fn program_part(
        &mut self,
        step: &PreparedStep,
        index: usize,
        program: &ProgramTask,
    ) -> Result<(), Broken> {
        let failed = |error| Broken::Failed { index, error, sent: false };
        self.mark(LogEvent::Intent, step, index, None).await.map_err(failed)?;
        self.statement_begun(step, index);
        let detail = match self.program(&step.revision, program).await {
            Ok(Some(done)) => serde_json::to_string(&done).ok(),
            Ok(None) => {
                let words = Some("stopped on request".to_owned());
                // If it cannot be written, the intent without an end says enough.
                let _ = self.mark(LogEvent::Cancelled, step, index, words).await;
                return Err(Broken::Stopped { in_part: false });
            }
            Err(error) => return Err(failed(error)),
        };
        self.task_ran(step, index, detail).await
    }

    /// Updates in batches, each with a mark of its own.
    async fn backfill_part(
        &mut self,
        step: &PreparedStep,
        index: usize,
        backfill: &BackfillTask,
        batched: Option<Batched>,
    ) -> Result<(), Broken> {
        self.statement_begun(step, index);
        let detail = match self.backfill(step, index, backfill, batched).await {
            Ok(done) => serde_json::to_string(&done).ok(),
            Err(Halted::Stopped) => return Err(Broken::Stopped { in_part: false }),
            Err(Halted::Failed(error)) => return Err(Broken::Failed { index, error, sent: false }),
        };
        self.task_ran(step, index, detail).await
    }

    async fn task_ran(
        &mut self,
        step: &PreparedStep,
        index: usize,
        detail: Option<String>,
    ) -> Result<(), Broken> {
        self.statement_ran(step, index);
        let marked = self.mark(LogEvent::Done, step, index, detail).await;
        marked.map_err(|error| Broken::Unmarked { index, error })
    }

    /// Marks that a statement is about to run, with what the catalogue shows before it.
    async fn intend(&mut self, step: &PreparedStep, index: usize) -> Result<(), DbError> {
        let dialect = self.database.connection.dialect();
        let sql = &step.statements[index].sql;
        self.clear_invalid_index(sql).await?;
        let detail = match catalog_effect(dialect, sql) {
            None => None,
            Some(effect) => {
                let before = self.database.connection.probe_effect(&effect).await?;
                Some(JournalWriter::intent_detail(before))
            }
        };
        self.mark(LogEvent::Intent, step, index, detail).await
    }

    /// Drops what a failed CREATE INDEX CONCURRENTLY has left under the name of the index to build.
    /// Says whether there was anything.
    pub(super) async fn clear_invalid_index(&mut self, sql: &str) -> Result<bool, DbError> {
        let Some(name) = concurrent_index(self.database.connection.dialect(), sql) else {
            return Ok(false);
        };
        let dropped = self.database.connection.drop_invalid_index(&name).await?;
        if dropped {
            (self.events)(Event::Notice(format!(
                "the index {} was left invalid by an earlier failure; it is rebuilt",
                name.name
            )));
        }
        Ok(dropped)
    }

    /// One statement that commits by itself, and its mark.
    async fn alone(&mut self, step: &PreparedStep, index: usize) -> Result<(), Broken> {
        // It may make tables of another engine.
        self.rolls_back = None;
        let statement = &step.statements[index];
        let cleared = self.clear_invalid_index(&statement.sql).await;
        cleared.map_err(|error| Broken::Failed { index, error, sent: false })?;
        let proved = self.prove_lock().await;
        proved.map_err(|error| Broken::Failed { index, error, sent: false })?;
        self.statement_begun(step, index);
        if let Err(error) = self.send(statement).await {
            let broken = self.stopped_or_failed(index, error.clone());
            if matches!(broken, Broken::Stopped { .. }) {
                let in_part = self.mark_failed(step, index, &error).await == Marked::InPart;
                return Err(Broken::Stopped { in_part });
            }
            return Err(broken);
        }
        self.statement_ran(step, index);
        self.mark(LogEvent::Done, step, index, None)
            .await
            .map_err(|error| Broken::Unmarked { index, error })
    }

    /// Commits the mark of a statement; a mark that waits for a lock is written again, the statement
    /// never.
    pub(super) async fn mark(
        &mut self,
        event: LogEvent,
        step: &PreparedStep,
        index: usize,
        detail: Option<String>,
    ) -> Result<(), DbError> {
        let mut attempt = 1;
        loop {
            let row = self.writer.statement(event, step, index, detail.clone());
            match self.commit_marks(vec![row]).await {
                Err(DbError::LockTimeout(_)) if attempt < ATTEMPTS => attempt += 1,
                result => return result,
            }
        }
    }

    /// A statement that we cancelled ourselves is a wish to stop, not a failure.
    fn stopped_or_failed(&self, index: usize, error: DbError) -> Broken {
        match self.cancel.is_cancelled() && !matches!(error, DbError::Lost(_)) {
            true => Broken::Stopped { in_part: false },
            false => Broken::Failed { index, error, sent: true },
        }
    }

    fn as_ourselves(&self) -> Vec<String> {
        self.writer.sql().as_ourselves(self.database.settings.role.as_deref())
    }

    /// Commits rows of our own by themselves.
    pub(super) async fn commit_marks(&mut self, rows: Vec<String>) -> Result<(), DbError> {
        let mut sql = vec![self.writer.sql().begin().to_owned()];
        sql.extend(self.as_ourselves());
        let result = match self.fenced(sql).await {
            Ok(mut sql) => {
                sql.extend(rows);
                sql.push("COMMIT".to_owned());
                self.database.connection.batch(&sql).await
            }
            Err(error) => Err(error),
        };
        match &result {
            Ok(()) => self.journal.last_seq = self.writer.last_seq(),
            Err(_) => self.roll_back().await,
        }
        result
    }

    /// Marks a statement that stands alone, and of which the server said that it failed.
    async fn mark_failed(&mut self, step: &PreparedStep, index: usize, error: &DbError) -> Marked {
        let (event, detail, marked) = match self.has_done_nothing(&step.statements[index]).await {
            true if self.cancel.is_cancelled() => {
                (LogEvent::Cancelled, error.to_string(), Marked::Failed)
            }
            true => (LogEvent::Failed, error.to_string(), Marked::Failed),
            // It stays open, so that nothing runs it again by itself.
            false => {
                let detail = JournalWriter::failed_in_part(error.to_string());
                (LogEvent::Intent, detail, Marked::InPart)
            }
        };
        match self.mark(event, step, index, Some(detail)).await {
            Ok(()) => marked,
            // The intent without an end says enough.
            Err(_) if marked == Marked::InPart => marked,
            Err(_) => Marked::Not,
        }
    }

    /// The error of a part in which a statement failed; its mark is written where the server's word is
    /// known. `sent`: the statement itself failed, not what comes before it.
    async fn failed(
        &mut self,
        step: &PreparedStep,
        part: Part,
        index: usize,
        error: DbError,
        sent: bool,
    ) -> Error {
        let marked = match error {
            DbError::Lost(_) | DbError::LockLost => Marked::Not,
            _ if sent && !part.together => self.mark_failed(step, index, &error).await,
            _ => {
                let words = Some(error.to_string());
                let written = self.mark(LogEvent::Failed, step, index, words).await.is_ok();
                if written { Marked::Failed } else { Marked::Not }
            }
        };
        let undone = marked == Marked::Failed || part.together;
        let nothing_ran = part.at == 0 && !self.has_batches && undone;
        let statement = step.statements[index].clone();
        let mut error = self.step_error(step, statement, error, nothing_ran, false);
        if let Error::Step(error) = &mut error {
            error.in_part = marked == Marked::InPart;
        }
        error
    }

    /// The error of a step that stops on request before a statement, or in it.
    fn half_way(&self, step: &PreparedStep, at: usize, in_part: bool) -> Error {
        let half_way = (at > 0 || self.has_batches || in_part)
            .then(|| (step.direction, step.revision.clone()));
        self.stopped(half_way)
    }
}
