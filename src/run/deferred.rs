//! Steps whose operations become statements only when they begin, and what the making of tables anew
//! needs around them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::db::{DbError, Row, ServerError};
use crate::sql::{LowerError, SessionGuard, Statement};

use super::session::Run;
use super::step::{PreparedStep, session_guard};

/// The rows that referred to nothing when a transaction began.
pub(super) struct ForeignKeyViolations(Option<(SessionGuard, BTreeSet<Row>)>);

impl Run<'_> {
    /// The step with its statements: of a late one, by what the tables are now.
    pub(super) async fn ready<'s>(
        &mut self,
        step: &'s PreparedStep,
    ) -> Result<Cow<'s, PreparedStep>, (Statement, DbError)> {
        if !step.is_deferred() {
            return Ok(Cow::Borrowed(step));
        }
        let connection = &mut self.database.connection;
        let dialect = connection.dialect();
        let mut schema = match connection.read_schema(&step.schemas()).await {
            Ok(schema) => schema,
            Err(error) => return Err((step.ours("reading the schema"), error)),
        };
        let mut ready = step.clone();
        match ready.resolve(dialect, &mut schema) {
            Ok(()) => {
                for statement in &ready.statements {
                    if let Some(message) = self.agreed.refusal(step, statement) {
                        let hint = "look at what would be lost; `--yes` runs it";
                        let error = ServerError::new(message, Some(hint));
                        return Err((statement.clone(), DbError::Statement(error)));
                    }
                }
                Ok(Cow::Owned(ready))
            }
            Err(error) => Err((step.at(&error.at), in_words(error))),
        }
    }

    /// Sets up the session for steps that may make tables anew. It stands in front of BEGIN, and
    /// what resets a session takes it back.
    pub(super) async fn set_around(&mut self, steps: &[PreparedStep]) -> Result<(), DbError> {
        let Some(session_guard) = self.session_guard(steps) else { return Ok(()) };
        let connection = &mut self.database.connection;
        connection.execute(session_guard.before).await?;
        let answer = connection.query(session_guard.proof).await?;
        if answer == [[Some("0".to_owned())]] {
            return Ok(());
        }
        let message =
            format!("`{}` had no effect: a transaction is already open", session_guard.before);
        Err(DbError::Statement(ServerError::new(message, None)))
    }

    /// Takes back what [`Run::set_around`] did, behind a step that did not come to its end.
    pub(super) async fn take_around_back(&mut self, steps: &[PreparedStep]) {
        if self.session_guard(steps).is_some() {
            // A connection that cannot be used any more has nothing to be taken back.
            let _ = self.reset().await;
        }
    }

    fn session_guard(&self, steps: &[PreparedStep]) -> Option<SessionGuard> {
        session_guard(self.database.connection.dialect(), steps)
    }

    /// The rows that refer to nothing as a late step's transaction begins.
    pub(super) async fn stray(
        &mut self,
        step: &PreparedStep,
    ) -> Result<ForeignKeyViolations, DbError> {
        let Some(session_guard) = self.session_guard(std::slice::from_ref(step)) else {
            return Ok(ForeignKeyViolations(None));
        };
        let rows = self.database.connection.query(session_guard.check).await?;
        Ok(ForeignKeyViolations(Some((session_guard, rows.into_iter().collect()))))
    }

    /// Refuses to commit rows that refer to nothing, and did not before.
    pub(super) async fn refuse_stray(
        &mut self,
        before: &ForeignKeyViolations,
    ) -> Result<(), DbError> {
        let ForeignKeyViolations(Some((session_guard, before))) = before else { return Ok(()) };
        let now = self.database.connection.query(session_guard.check).await?;
        let new: Vec<Row> = now.into_iter().filter(|row| !before.contains(row)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let message = format!("foreign key violations: {}", strays(&new));
        let hint = "correct or delete these rows first, or let the revision do so";
        Err(DbError::Statement(ServerError::new(message, Some(hint))))
    }
}

/// The rows of a check of foreign keys, the first of them in words.
fn strays(rows: &[Row]) -> String {
    const SHOWN: usize = 5;
    let word = |row: &Row, at: usize| row.get(at).cloned().flatten();
    let told = rows.iter().take(SHOWN).map(|row| {
        let table = word(row, 0).unwrap_or_default();
        let parent = word(row, 2).unwrap_or_default();
        match word(row, 1) {
            Some(number) => format!("row {number} of {table} (to {parent})"),
            None => format!("a row of {table} (to {parent})"),
        }
    });
    let told = told.collect::<Vec<_>>().join(", ");
    match rows.len().saturating_sub(SHOWN) {
        0 => told,
        more => format!("{told}, and {more} more"),
    }
}

/// An operation that does not fit the database, said as a statement that failed.
fn in_words(error: LowerError) -> DbError {
    DbError::Statement(ServerError::new(error.message, error.hint.as_deref()))
}
