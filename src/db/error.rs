//! From sqlx's errors to ours.

use sqlx::error::DatabaseError;

use super::{DbError, ServerError};

/// An error of a statement. `classify` tells what the server's own error is.
pub(super) fn of_statement(
    error: sqlx::Error,
    classify: impl FnOnce(&dyn DatabaseError) -> DbError,
) -> DbError {
    match error {
        sqlx::Error::Database(error) => classify(&*error),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => DbError::Lost(words(&error)),
        other => {
            DbError::Statement(ServerError { message: words(&other), ..ServerError::default() })
        }
    }
}

/// What sqlx says, without its own introduction.
pub(super) fn words(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::Tls(error) | sqlx::Error::Configuration(error) => error.to_string(),
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Protocol(text) => text.clone(),
        sqlx::Error::ColumnDecode { source, .. } => source.to_string(),
        other => other.to_string(),
    }
}

/// Whether an error of connecting is about TLS: sqlx takes a certificate that is refused, or a file of
/// one that is not there, for a matter of the network, and a server tells in its own words that it
/// wants TLS. Of a socket it is the socket's file that is not there.
pub(super) fn is_of_tls(error: &sqlx::Error, by_socket: bool) -> bool {
    let words = words(error);
    let has = |part: &str| words.contains(part);
    matches!(error, sqlx::Error::Tls(_))
        || ["certificate", "SSL", "TLS"].into_iter().any(has)
        || !by_socket && has("No such file")
}

/// A NUL ends the text on its way to the server, so what follows it would be lost in silence.
pub(super) fn refuse_nul(sql: &str) -> Result<(), DbError> {
    if !sql.as_bytes().contains(&0) {
        return Ok(());
    }
    Err(DbError::Statement(ServerError {
        message: "the statement contains a NUL character, which no database accepts".to_owned(),
        position: sql.chars().position(|c| c == '\0'),
        ..ServerError::default()
    }))
}

/// Statements of our own as one text.
pub(super) fn joined(statements: &[String]) -> String {
    statements.join(";\n")
}
