//! Which statements have done nothing when they fail, and which share a transaction with their marks.

use std::collections::BTreeSet;

use crate::db::{DbError, ServerError};
use crate::model::Task;
use crate::sql::{self, Statement};
use crate::text::{
    Dialect, Kind, all_or_nothing, kind, name_of, takes_last_result, tokens, writes_rows,
};

use super::session::Run;

/// The statements from one on that are marked together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// The first statement.
    pub at: usize,
    /// The statement behind the last.
    pub end: usize,
    /// Whether they commit together with their marks; else it is one statement, between its intent and
    /// its mark.
    pub together: bool,
}

impl Part {
    /// The part of a step that begins at a statement. Statements that can be rolled back stand together
    /// in one transaction; each of the others is alone.
    pub(super) fn of(dialect: Dialect, statements: &[Statement], at: usize) -> Part {
        let ddl = sql::dialect(dialect).transactional_ddl();
        let rest = statements.get(at..).unwrap_or_default();
        let grouped = rest.iter().take_while(|statement| ddl && statement.transactional).count();
        if grouped > 0 {
            return Part { at, end: at + grouped, together: true };
        }
        let is_dml = |statement: &Statement| kind(dialect, &statement.sql) == Kind::Dml;
        let together = rest.first().is_some_and(|statement| match &statement.task {
            // It changes nothing.
            Some(Task::Assert(_)) => true,
            Some(Task::Program(_) | Task::Backfill(_)) => false,
            None => statement.copy_data.is_some() || is_dml(statement),
        });
        // A mark between the two would take the result away.
        let takes = |statement: &&Statement| {
            statement.task.is_none() && takes_last_result(dialect, &statement.sql)
        };
        let behind = rest.iter().skip(1).take_while(takes).count();
        Part { at, end: at + 1 + if together { behind } else { 0 }, together }
    }
}

impl Run<'_> {
    /// The part of a step that begins at a statement, by the engines of the tables that it writes.
    pub(super) async fn part_at(
        &mut self,
        statements: &[Statement],
        at: usize,
    ) -> Result<Part, DbError> {
        let dialect = self.database.connection.dialect();
        let part = Part::of(dialect, statements, at);
        let statement = &statements[at];
        let is_plain = part.together && statement.task.is_none();
        if !is_plain || self.is_rolled_back(&statement.sql).await? {
            return Ok(part);
        }
        if part.end > at + 1 {
            let message = "the next statement takes the result of this one, which no transaction holds \
                           and the journal must mark by itself";
            let hint = "write both as one statement, or use a table of a transactional engine";
            return Err(DbError::Statement(ServerError::new(message, Some(hint))));
        }
        Ok(Part { together: false, ..part })
    }

    /// Whether a statement that failed has done nothing.
    pub(super) async fn has_done_nothing(&mut self, statement: &Statement) -> bool {
        let dialect = self.database.connection.dialect();
        match &statement.task {
            // Each of these has marks of its own.
            Some(_) => true,
            None if !all_or_nothing(dialect, &statement.sql) => false,
            None if !writes_rows(dialect, &statement.sql) => true,
            None => self.is_rolled_back(&statement.sql).await.unwrap_or(false),
        }
    }

    /// Whether a rollback undoes all that a statement writes.
    pub(super) async fn is_rolled_back(&mut self, statement: &str) -> Result<bool, DbError> {
        let dialect = self.database.connection.dialect();
        // Where DDL is rolled back, so is all else: long statements are not taken apart for that.
        if sql::dialect(dialect).transactional_ddl() {
            return Ok(true);
        }
        let names: BTreeSet<String> =
            tokens(dialect, statement).iter().filter_map(|token| name_of(dialect, token)).collect();
        if let Some((known, rolls_back)) = &self.rolls_back
            && *known == names
        {
            return Ok(*rolls_back);
        }
        let rolls_back = self.database.connection.rolls_back(&names).await?;
        self.rolls_back = Some((names, rolls_back));
        Ok(rolls_back)
    }
}
