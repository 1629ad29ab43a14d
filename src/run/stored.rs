//! Statements as the journal stores them beside a revision's text.

use crate::model::{Revision, StoredStatement, TextRow, down_digest, up_digest};
use crate::sql::{Source, Statement};
use crate::text::Dialect;

pub(super) fn text_row(
    revision: &Revision,
    dialect: Dialect,
    up: &[Statement],
    down: Option<Vec<Statement>>,
) -> TextRow {
    TextRow {
        id: revision.header.id.clone(),
        up_digest: up_digest(revision, dialect),
        down_digest: down_digest(revision, dialect),
        file: revision.file.clone(),
        text: revision.text.clone(),
        up: to_stored(up),
        down: down.as_deref().map(to_stored),
    }
}

fn to_stored(statements: &[Statement]) -> Vec<StoredStatement> {
    let stored = statements.iter().map(|statement| StoredStatement {
        sql: statement.sql.clone(),
        line: statement.source.line,
        transactional: statement.transactional,
        copy_data: statement.copy_data.clone(),
        task: statement.task.clone(),
        operation: None,
    });
    stored.collect()
}

pub(super) fn from_stored(file: &str, statements: &[StoredStatement]) -> Vec<Statement> {
    let statements = statements.iter().map(|statement| Statement {
        sql: statement.sql.clone(),
        source: Source { file: file.to_owned(), line: statement.line },
        transactional: statement.transactional,
        copy_data: statement.copy_data.clone(),
        task: statement.task.clone(),
    });
    statements.collect()
}
