//! What SQLite's errors mean.

use sqlx::error::DatabaseError;

use crate::db::{DbError, ServerError};

/// An error of a statement.
pub(super) fn of(error: sqlx::Error) -> DbError {
    crate::db::error::of_statement(error, classify)
}

/// SQLite's result code without its extension: the low byte.
pub(super) fn primary(error: &dyn DatabaseError) -> i32 {
    error.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default() & 0xff
}

fn classify(error: &dyn DatabaseError) -> DbError {
    let server = ServerError {
        message: error.message().to_owned(),
        code: error.code().map(|code| code.into_owned()),
        ..ServerError::default()
    };
    match primary(error) {
        // BUSY and LOCKED.
        5 | 6 => DbError::LockTimeout(server),
        // INTERRUPT.
        9 => DbError::Cancelled(server),
        // READONLY, IOERR, FULL.
        8 | 10 | 13 => DbError::ReadOnly(server),
        // CANTOPEN of the journal beside the file; of an ATTACH it names the file.
        14 if server.message == "unable to open database file" => DbError::ReadOnly(server),
        _ => DbError::Statement(server),
    }
}
