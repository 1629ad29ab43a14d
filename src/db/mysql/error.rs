//! What MySQL's and MariaDB's errors mean.

use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;

use crate::db::{DbError, ServerError};

/// An error of a statement of our own, or of a query.
pub(super) fn of(error: sqlx::Error) -> DbError {
    of_statement(error, "")
}

/// An error of the statement `sql`.
pub(super) fn of_statement(error: sqlx::Error, sql: &str) -> DbError {
    crate::db::error::of_statement(error, |error| classify(error, sql))
}

/// The server's number of an error.
pub(super) fn number(error: &dyn DatabaseError) -> u16 {
    error.try_downcast_ref::<MySqlDatabaseError>().map_or(0, MySqlDatabaseError::number)
}

fn classify(error: &dyn DatabaseError, sql: &str) -> DbError {
    let number = number(error);
    let server = ServerError {
        message: error.message().to_owned(),
        code: Some(number.to_string()),
        position: position(error.message(), sql),
        detail: None,
        hint: unwritable(number, error.message()).or_else(|| hint(number)).map(str::to_owned),
    };
    match number {
        // A lock wait that ran out, a NOWAIT; a deadlock, whose victim tries again just the same, and so
        // does a transaction that a cluster did not agree to, or whose rows have changed since it began.
        1020 | 1205 | 1213 | 3101 | 3572 => DbError::LockTimeout(server),
        // So says a COMMIT of the same: "Got error 149 - 'Lock deadlock; Retry transaction' during COMMIT".
        1180 if server.message.contains("Got error 149") => DbError::LockTimeout(server),
        1317 => DbError::Cancelled(server),
        // A table that is read-only.
        1036 => DbError::ReadOnly(server),
        _ if unwritable(number, &server.message).is_some() => DbError::ReadOnly(server),
        // Shut down, killed, gone for too long.
        1053 | 1927 | 2006 | 2013 | 3169 | 4031 => DbError::Lost(server.message),
        _ => DbError::Statement(server),
    }
}

/// What to do where the server takes no changes: it is read-only, has no room, or is a part of a group that
/// does not take them.
fn unwritable(number: u16, message: &str) -> Option<&'static str> {
    const FULL: &str = "the server's disk is full: make room there, and run the command again";
    match number {
        1290 if message.contains("read-only") || message.contains("read_only") => Some(
            "the server is read-only, as a replica is: use the url of the server that is written to",
        ),
        1836 => Some("the server is read-only: use the url of the server that is written to"),
        1792 => Some(
            "the session is read-only: look at `transaction_read_only` of the server and `on_connect`",
        ),
        3 | 28 | 1021 | 3675 => Some(FULL),
        1030 if message.contains("No space left") => Some(FULL),
        1114 => Some(
            "the disk, or the size that the server gives to tables or temporary tables, is full",
        ),
        3100 => Some(
            "the server's group does not take it: it may have lost its majority; look at the group's members",
        ),
        1047 | 1180 if message.contains("WSREP") || message.contains("Primary Component") => Some(
            "the node has left its cluster, or the cluster its majority: use another node's url",
        ),
        _ => None,
    }
}

/// What to do about another error, where the server's own words do not say it or no longer hold.
fn hint(number: u16) -> Option<&'static str> {
    match number {
        1153 => Some(PACKET_HINT),
        // None of the privileges in which MySQL has cut up SUPER does.
        1419 => Some(
            "the server writes a binary log: grant the account SUPER, or \
             `SET GLOBAL log_bin_trust_function_creators = 1`",
        ),
        1418 => Some(
            "the server writes a binary log: say DETERMINISTIC, NO SQL or READS SQL DATA among the function's \
             `attributes`, or `SET GLOBAL log_bin_trust_function_creators = 1`",
        ),
        _ => None,
    }
}

/// What to do about a statement that the server does not take for its size.
pub(super) const PACKET_HINT: &str =
    "raise `max_allowed_packet` on the server, or split the statement";

/// Where the server says that it stopped understanding: it quotes the text from there on.
fn position(message: &str, sql: &str) -> Option<usize> {
    let (_, rest) = message.split_once("near '")?;
    let (near, _) = rest.rsplit_once("' at line ")?;
    if near.is_empty() {
        return Some(sql.chars().count());
    }
    let mut found = sql.match_indices(near);
    let (at, _) = found.next()?;
    // Found twice it could be either.
    found.next().is_none().then(|| sql[..at].chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_where_the_quoted_text_stands() {
        let message = "You have an error in your SQL syntax; check the manual that corresponds to \
                       your MariaDB server version for the right syntax to use near 'SELEC 'ü'' at line 2";
        assert_eq!(position(message, "-- ü\nSELEC 'ü'"), Some(5));
        assert_eq!(position("... near '' at line 1", "SELECT 1 +"), Some(10));
        assert_eq!(position("... near 'x' at line 1", "x x"), None);
        assert_eq!(position("Table 'a.b' doesn't exist", "SELECT"), None);
    }
}
