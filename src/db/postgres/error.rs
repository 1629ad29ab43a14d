//! What PostgreSQL's errors mean.

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use crate::db::{DbError, ServerError};

/// An error of a statement.
pub(super) fn of(error: sqlx::Error) -> DbError {
    if let sqlx::Error::Protocol(words) = &error
        && words.contains("CopyInResponse")
    {
        return DbError::Lost("COPY … FROM stdin is not followed by rows".to_owned());
    }
    crate::db::error::of_statement(error, classify)
}

fn classify(error: &dyn DatabaseError) -> DbError {
    let Some(error) = error.try_downcast_ref::<PgDatabaseError>() else {
        return DbError::Statement(ServerError {
            message: error.message().to_owned(),
            ..ServerError::default()
        });
    };
    let position = match error.position() {
        Some(PgErrorPosition::Original(position)) => Some(position.saturating_sub(1)),
        _ => None,
    };
    // The context tells which line of which function it was.
    let detail: Vec<&str> = [error.detail(), error.r#where()].into_iter().flatten().collect();
    let server = ServerError {
        message: error.message().to_owned(),
        code: Some(error.code().to_owned()),
        position,
        detail: (!detail.is_empty()).then(|| detail.join("\n")),
        hint: error.hint().or(hint(error.code())).map(str::to_owned),
    };
    match error.code() {
        // A lock wait that ran out; a deadlock, or a transaction that does not fit to others, which is tried
        // again just the same.
        "55P03" | "40P01" | "40001" => DbError::LockTimeout(server),
        "57014" => DbError::Cancelled(server),
        // Read-only, disk full, and a write that the system refused.
        "25006" | "53100" | "58030" => DbError::ReadOnly(server),
        // The server ends the connection: shut down, crashed, starting, idle for too long.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => DbError::Lost(server.message),
        code if code.starts_with("08") => DbError::Lost(server.message),
        _ => DbError::Statement(server),
    }
}

/// What to do about an error that no file can be corrected for, where the server does not say it.
fn hint(code: &str) -> Option<&'static str> {
    match code {
        "25006" => Some(
            "the server is a standby, or `default_transaction_read_only` is on for it, the database or \
             the role: use the url of the server that is written to",
        ),
        "53100" => Some("the server's disk is full: make room there, and run the command again"),
        "53200" => {
            Some("the server has no memory left: run the command again when it is less busy")
        }
        "53400" => {
            Some("a limit in the server's configuration was reached, such as temp_file_limit")
        }
        "58030" => Some("the server's storage refuses: its log says more"),
        _ => None,
    }
}
