//! What a run tells `tracing`: spans of the run, of its steps and of their statements, with neither
//! passwords nor literals in them.

use tracing::{Level, Span, debug_span, info_span};

use crate::sql::Statement;
use crate::text::{self, Dialect};

use super::Database;
use super::step::PreparedStep;

/// The span of a run.
pub(super) fn run(database: &Database) -> Span {
    info_span!("run", database = database.settings.name, dialect = %database.connection.dialect())
}

/// The span of a step.
pub(super) fn step(step: &PreparedStep) -> Span {
    info_span!("step", direction = step.direction.name(), revision = %step.revision)
}

/// The span of a statement. Its text is only looked at where somebody listens.
pub(super) fn statement(dialect: Dialect, statement: &Statement) -> Span {
    if !tracing::enabled!(Level::DEBUG) {
        return Span::none();
    }
    let sql = text::without_literals(dialect, &statement.sql);
    debug_span!("statement", file = statement.source.file, line = statement.source.line, sql)
}
