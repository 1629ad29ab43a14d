//! Steps in a transaction: their statements and their rows are committed together or not at all.

use tracing::Instrument as _;

use crate::db::{DbError, ServerError};
use crate::model::{AssertTask, How, Task};
use crate::sql::Statement;

use super::session::{ATTEMPTS, Failure, Flow, Run, take};
use super::step::PreparedStep;
use super::{Error, Event, trace};

impl Run<'_> {
    /// Runs steps in one transaction, again if they wait too long for a table.
    pub(super) async fn transaction(
        &mut self,
        steps: &[PreparedStep],
        first: usize,
        total: usize,
    ) -> Result<Flow, Error> {
        let mut attempt = 1;
        loop {
            let tried = self.try_transaction(steps, first, total, attempt == 1).await;
            let failure = match tried {
                Ok(Ok(Flow::Done)) => return Ok(Flow::Done),
                Ok(Err(failure)) => {
                    self.roll_back().await;
                    self.take_around_back(steps).await;
                    failure
                }
                other => {
                    self.take_around_back(steps).await;
                    return other.map(|_| Flow::Changed);
                }
            };
            let (step, statement, error, unknown) = match failure {
                Failure::Stopped => return Err(self.stopped(None)),
                Failure::Statement { step, statement, error, unknown } => {
                    (&steps[step], statement, error, unknown)
                }
            };
            if unknown || !matches!(error, DbError::LockTimeout(_)) || attempt == ATTEMPTS {
                return Err(self.step_error(step, statement, error, !unknown, unknown));
            }
            self.reset().await?;
            Self::pause(self.cancel, attempt).await;
            if self.cancel.is_cancelled() {
                return Err(self.stopped(None));
            }
            attempt += 1;
            (self.events)(Event::Retry { revision: step.revision.clone(), attempt, of: ATTEMPTS });
        }
    }

    async fn try_transaction(
        &mut self,
        steps: &[PreparedStep],
        first: usize,
        total: usize,
        first_try: bool,
    ) -> Result<Result<Flow, Failure>, Error> {
        self.set_around(steps).await?;
        match self.begin().await {
            Ok(Flow::Done) => {}
            Ok(Flow::Changed) => return Ok(Ok(Flow::Changed)),
            Err(error @ DbError::LockTimeout(_)) => {
                let statement = steps[0].ours("BEGIN");
                return Ok(Err(Failure::Statement { step: 0, statement, error, unknown: false }));
            }
            Err(error) => return Err(error.into()),
        }
        let mut applied_rows = Vec::with_capacity(steps.len());
        let mut behind = Ok(());
        for (index, step) in steps.iter().enumerate() {
            if first_try {
                self.step_begun(step, first + index, total);
            }
            let span = trace::step(step);
            if let Err((statement, error)) = self.work(step).instrument(span).await {
                return Ok(Err(Failure::Statement {
                    step: index,
                    statement,
                    error,
                    unknown: false,
                }));
            }
            if self.cancel.is_cancelled() {
                return Ok(Err(Failure::Stopped));
            }
            let last = index + 1 == steps.len();
            let reset = self.database.connection.reset();
            let (rows, applied) = self.writer.step(step, How::Ran);
            let mut sql = reset.clone();
            sql.extend(rows);
            if last {
                sql.push("COMMIT".to_owned());
                sql.extend(reset);
            }
            if let Err(error) = self.database.connection.batch(&sql).await {
                let recorded = if last { self.is_recorded().await } else { Some(false) };
                // It was cancelled as was asked, and undone.
                let is_stopped =
                    self.cancel.is_cancelled() && matches!(error, DbError::Cancelled(_));
                if recorded == Some(false) && is_stopped {
                    return Ok(Err(Failure::Stopped));
                }
                if recorded != Some(true) {
                    let (statement, unknown) = (step.ours("COMMIT"), recorded.is_none());
                    return Ok(Err(Failure::Statement { step: index, statement, error, unknown }));
                }
                behind = Err(error);
            }
            applied_rows.push(applied);
            if !last && let Err(error) = self.on_connect_within().await {
                let statement = step.ours("COMMIT");
                return Ok(Err(Failure::Statement {
                    step: index,
                    statement,
                    error,
                    unknown: false,
                }));
            }
        }
        self.journal.last_seq = self.writer.last_seq();
        for (step, applied) in steps.iter().zip(applied_rows) {
            take(&mut self.journal, step, applied);
            self.step_done(step);
        }
        behind?;
        self.on_connect().await?;
        Ok(Ok(Flow::Done))
    }

    /// Runs a step's statements, of a late one by what the tables now are.
    async fn work(&mut self, step: &PreparedStep) -> Result<(), (Statement, DbError)> {
        let stray = self.stray(step).await.map_err(|error| (step.ours("BEGIN"), error))?;
        let ready = self.ready(step).await?;
        self.statements(&ready).await?;
        let last = || ready.statements.last().cloned().unwrap_or_else(|| ready.ours("COMMIT"));
        self.refuse_stray(&stray).await.map_err(|error| (last(), error))
    }

    /// Runs a step's statements one by one.
    async fn statements(&mut self, step: &PreparedStep) -> Result<(), (Statement, DbError)> {
        for (index, statement) in step.statements.iter().enumerate() {
            if self.cancel.is_cancelled() {
                return Ok(());
            }
            self.statement_begun(step, index);
            let result = self.send(statement).await;
            if let Err(error) = result {
                // A statement that we cancelled ourselves is a wish to stop, not a failure.
                let ours = self.cancel.is_cancelled() && !matches!(error, DbError::Lost(_));
                return if ours { Ok(()) } else { Err((statement.clone(), error)) };
            }
            self.statement_ran(step, index);
        }
        Ok(())
    }

    /// Sends one statement; the connection cancels it if somebody asks to stop.
    pub(super) async fn send(&mut self, statement: &Statement) -> Result<(), DbError> {
        if let Some(Task::Assert(assert)) = &statement.task {
            return self.assert(assert).await;
        }
        let span = trace::statement(self.database.connection.dialect(), statement);
        let sent = self.database.send(&statement.sql, statement.copy_data.as_deref());
        sent.instrument(span).await
    }

    /// Fails where the assertion does not hold. An empty scratch database is no proof that it does not:
    /// there it is a notice.
    async fn assert(&mut self, assert: &AssertTask) -> Result<(), DbError> {
        let AssertTask { violated, message } = assert;
        let query = format!("SELECT CASE WHEN {violated} THEN 1 ELSE 0 END");
        // A place in the query that is sent is none in the one that was written.
        let rows = self.database.connection.query(&query).await.map_err(|error| match error {
            DbError::Statement(server) => {
                DbError::Statement(ServerError { position: None, ..server })
            }
            error => error,
        })?;
        if rows == [[Some("0".to_owned())]] {
            return Ok(());
        }
        if self.database.scratch.is_some() {
            (self.events)(Event::Notice(format!("in a scratch database without rows: {message}")));
            return Ok(());
        }
        Err(DbError::Statement(ServerError::new(message.clone(), None)))
    }

    /// Puts the session back to what it was on connecting.
    pub(super) async fn reset(&mut self) -> Result<(), DbError> {
        let reset = self.database.connection.reset();
        self.database.connection.batch(&reset).await?;
        self.on_connect().await
    }

    pub(super) fn step_begun(&mut self, step: &PreparedStep, index: usize, total: usize) {
        (self.events)(Event::StepBegun {
            index,
            total,
            direction: step.direction,
            revision: step.revision.clone(),
            message: step.message.clone(),
        });
    }

    pub(super) fn step_done(&mut self, step: &PreparedStep) {
        self.done.push(step.named());
        (self.events)(Event::StepDone {
            direction: step.direction,
            revision: step.revision.clone(),
        });
    }

    pub(super) fn statement_begun(&mut self, step: &PreparedStep, index: usize) {
        (self.events)(Event::StatementBegun {
            revision: step.revision.clone(),
            index,
            source: step.statements[index].source.clone(),
        });
    }

    pub(super) fn statement_ran(&mut self, step: &PreparedStep, index: usize) {
        (self.events)(Event::StatementRan { revision: step.revision.clone(), index });
    }
}
