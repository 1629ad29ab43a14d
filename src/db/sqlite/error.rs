//! What SQLite's errors mean.

use sqlx::error::DatabaseError;

use crate::db::{DbError, ServerError};

/// An error of a statement of our own, or of a query.
pub(super) fn of(error: sqlx::Error) -> DbError {
    of_statement(error, "")
}

/// An error of the statement `sql`.
pub(super) fn of_statement(error: sqlx::Error, sql: &str) -> DbError {
    crate::db::error::of_statement(error, |error| classify(error, sql))
}

/// SQLite's result code without its extension: the low byte.
pub(super) fn primary(error: &dyn DatabaseError) -> i32 {
    error.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default() & 0xff
}

fn classify(error: &dyn DatabaseError, sql: &str) -> DbError {
    let server = ServerError {
        message: error.message().to_owned(),
        code: error.code().map(|code| code.into_owned()),
        position: position(error.message(), sql),
        hint: hint(primary(error), error.message()).map(str::to_owned),
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

/// What to do about an error that no file can be corrected for.
fn hint(primary: i32, message: &str) -> Option<&'static str> {
    match primary {
        8 => Some(
            "let this user write to the database's file and its folder; `mode=ro` and `immutable` in the url \
             forbid it",
        ),
        10 => Some("the system refuses to read or write the file: the disk may be full or faulty"),
        13 => Some("make room on the disk (or raise `max_page_count`), and run the command again"),
        14 if message == "unable to open database file" => {
            Some("let this user write to the folder of the database's file")
        }
        _ => None,
    }
}

/// Where SQLite says that it stopped understanding: it quotes the word, which stands there only once.
fn position(message: &str, sql: &str) -> Option<usize> {
    if message == "incomplete input" {
        return Some(sql.chars().count());
    }
    let word = message.strip_prefix("near \"")?.strip_suffix("\": syntax error")?;
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let starts = word.starts_with(is_word);
    let mut found = sql.match_indices(word).filter(|(at, _)| {
        !starts || !sql[..*at].ends_with(is_word) && !sql[at + word.len()..].starts_with(is_word)
    });
    let (at, _) = found.next()?;
    found.next().is_none().then(|| sql[..at].chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_where_the_quoted_word_stands() {
        let near = |word: &str| format!("near \"{word}\": syntax error");
        assert_eq!(position(&near("FRM"), "-- ü\nSELECT 1 FRM FRMS"), Some(14));
        assert_eq!(position(&near(")"), "CREATE TABLE t ()"), Some(16));
        assert_eq!(position(&near("x"), "x x"), None);
        assert_eq!(position("incomplete input", "SELECT"), Some(6));
        assert_eq!(position("no such table: a", "SELECT * FROM a"), None);
    }
}
