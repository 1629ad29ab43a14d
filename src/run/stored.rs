//! What a step does as the journal stores it beside a revision's text.

use crate::model::{Entry, Revision, Schema, StoredStatement, TextRow, down_digest, up_digest};
use crate::sql::{self, Source, Statement};
use crate::text::Dialect;

use super::body::Body;
use super::step::Work;

impl Body {
    /// A body as it was stored.
    pub(super) fn from_stored(dialect: Dialect, file: &str, stored: &[StoredStatement]) -> Body {
        let transactional = stored.iter().all(|statement| statement.transactional);
        let work = stored.iter().map(|stored| match &stored.operation {
            Some(operation) => {
                Work::Operation(Box::new(Entry::new(operation.clone(), stored.line)))
            }
            None => Work::Statement(from_stored(dialect, file, stored)),
        });
        let work: Vec<Work> = work.collect();
        // What the tables are is not known before it runs.
        let effects = work.iter().map(|work| work.effect(&Schema::default(), dialect));
        let effect = effects.max().unwrap_or_default();
        Body { work, transactional, effect }
    }

    pub(super) fn to_stored(&self) -> Vec<StoredStatement> {
        let stored = self.work.iter().map(|work| match work {
            Work::Statement(statement) => to_stored(statement),
            Work::Operation(entry) => StoredStatement {
                sql: entry.operation.summary(),
                line: entry.lines.own(),
                transactional: self.transactional,
                copy_data: None,
                task: None,
                operation: Some(entry.operation.clone()),
            },
        });
        stored.collect()
    }
}

/// Whether two stored bodies do the same. Lines move with comments, and in how short a way an operation is
/// told may change.
pub(super) fn is_same(
    dialect: Dialect,
    one: &[StoredStatement],
    other: &[StoredStatement],
) -> bool {
    if is_alike(one, other) {
        return true;
    }
    // What became a statement at once may have become one that waits for its table since.
    let has_operation = |all: &[StoredStatement]| all.iter().any(|own| own.operation.is_some());
    if has_operation(one) == has_operation(other) {
        return false;
    }
    match (at_once(dialect, one), at_once(dialect, other)) {
        (Some(one), Some(other)) => is_alike(&one, &other),
        _ => false,
    }
}

/// A stored body whose operations have become what they become where nothing is known of the tables.
fn at_once(dialect: Dialect, stored: &[StoredStatement]) -> Option<Vec<StoredStatement>> {
    let mut all = Vec::new();
    for own in stored {
        let Some(operation) = &own.operation else {
            all.push(own.clone());
            continue;
        };
        let entry = Entry::new(operation.clone(), own.line);
        let lowered = sql::lower(&[entry], dialect, "", &mut Schema::default()).ok()?;
        all.extend(lowered.iter().map(to_stored));
    }
    Some(all)
}

fn is_alike(one: &[StoredStatement], other: &[StoredStatement]) -> bool {
    let same = |(one, other): (&StoredStatement, &StoredStatement)| {
        let StoredStatement { sql, line: _, transactional: _, copy_data, task, operation } = one;
        let is_text_same = operation.is_some() || *sql == other.sql;
        is_text_same
            && *copy_data == other.copy_data
            && *task == other.task
            && *operation == other.operation
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

pub(super) fn text_row(
    revision: &Revision,
    dialect: Dialect,
    up: &Body,
    down: Option<&Body>,
) -> TextRow {
    TextRow {
        id: revision.header.id.clone(),
        up_digest: up_digest(revision, dialect),
        down_digest: down_digest(revision, dialect),
        file: revision.file.clone(),
        text: revision.text.clone(),
        up: up.to_stored(),
        down: down.map(Body::to_stored),
    }
}

pub(super) fn to_stored(statement: &Statement) -> StoredStatement {
    StoredStatement {
        sql: statement.sql.clone(),
        line: statement.source.line,
        transactional: statement.transactional,
        copy_data: statement.copy_data.clone(),
        task: statement.task.clone(),
        operation: None,
    }
}

pub(super) fn from_stored(dialect: Dialect, file: &str, stored: &StoredStatement) -> Statement {
    Statement {
        sql: stored.sql.clone(),
        source: Source { file: file.to_owned(), line: stored.line },
        transactional: stored.transactional,
        copy_data: stored.copy_data.clone(),
        task: stored.task.clone(),
        effect: sql::effect(dialect, &stored.sql, stored.task.as_ref()),
    }
}
