//! Makes the journal's tables, and brings those of an older format to this one.

use super::{Catalogue, Found, check_format, find, foreign};
use crate::db::{Connection, DbError};
use crate::model::LogRow;
use crate::sql;

/// Makes the tables where they are not there; somebody else may be making them at the same time.
pub(crate) async fn ensure(
    connection: &mut dyn Connection,
    catalogue: &Catalogue,
    first: &LogRow,
) -> Result<(), DbError> {
    let words = sql::dialect(connection.dialect());
    let mut statements = words.create_journal(connection.tables(), first);
    if words.transactional_ddl() {
        statements.insert(0, words.begin().to_owned());
        statements.push("COMMIT".to_owned());
    }
    let mut failure = None;
    for _ in 0..5 {
        if is_ready(connection, catalogue).await? {
            return Ok(());
        }
        if let Some(error) = failure.take_if(|error| !is_collision(error)) {
            return Err(with_hint("created", error));
        }
        if let Err(error) = connection.batch(&statements).await {
            if matches!(error, DbError::Lost(_)) {
                return Err(error);
            }
            if words.transactional_ddl() {
                // SQLite may have ended the transaction by itself, and then refuses.
                let _ = connection.batch(&["ROLLBACK".to_owned()]).await;
            }
            failure = Some(error);
        }
    }
    if is_ready(connection, catalogue).await? {
        return Ok(());
    }
    Err(failure.unwrap_or_else(|| foreign(catalogue.log(), "its first row cannot be written")))
}

/// Whether the tables are there with their first row.
async fn is_ready(connection: &mut dyn Connection, catalogue: &Catalogue) -> Result<bool, DbError> {
    if !matches!(find(connection, catalogue).await?, Found::All { .. }) {
        return Ok(false);
    }
    let log = &connection.tables().log;
    let sql = format!("SELECT event, detail FROM {log} WHERE seq = 1");
    let Some(row) = connection.query(&sql).await?.into_iter().next() else {
        return Ok(false);
    };
    let is_format = row.first().is_some_and(|event| event.as_deref() == Some("format"));
    let format = row.get(1).and_then(Option::as_deref).unwrap_or_default();
    check_format(if is_format { format } else { "" }, catalogue.log())?;
    Ok(true)
}

/// What a server says when another connection made the same thing at the same time.
pub(crate) fn is_collision(error: &DbError) -> bool {
    let (DbError::Statement(error) | DbError::LockTimeout(error)) = error else { return false };
    // PostgreSQL's SQLSTATEs; MySQL's and SQLite's numbers. 40P01 and 1213 are deadlocks, 40001, 1180 and 3101
    // what a cluster did not agree to.
    const CODES: [&str; 13] = [
        "23505", "40001", "40P01", "42P07", "42710", "XX000", "1050", "1062", "1180", "1213",
        "1555", "1684", "3101",
    ];
    error.code.as_deref().is_some_and(|code| CODES.contains(&code))
}

pub(crate) fn with_hint(what: &str, error: DbError) -> DbError {
    match error {
        DbError::Statement(mut error) => {
            error.message = format!("the journal's tables cannot be {what}: {}", error.message);
            error.position = None;
            error.hint.get_or_insert_with(|| {
                "grant this user the right to create tables there, or name another schema with `table_schema` in \
                 store.yaml"
                    .to_owned()
            });
            DbError::Statement(error)
        }
        other => other,
    }
}

/// Runs what turns the tables into the format that is written.
pub(crate) async fn convert<E: Connection + ?Sized>(
    connection: &mut E,
    statements: &[String],
) -> Result<(), DbError> {
    let words = sql::dialect(connection.dialect());
    let mut all = statements.to_vec();
    // Where DDL cannot be rolled back, the format's row comes last, and a next try does what is missing.
    if words.transactional_ddl() {
        all.insert(0, words.begin().to_owned());
        all.push("COMMIT".to_owned());
    }
    let Err(error) = connection.batch(&all).await else { return Ok(()) };
    if words.transactional_ddl() {
        let _ = connection.batch(&["ROLLBACK".to_owned()]).await;
    }
    Err(with_hint("converted", error))
}
