//! SQL as a log may show it.

use super::token::{Family, TokenKind, significant};

/// As many characters are shown.
const SHOWN: usize = 200;

/// The statement on one line, cut where it is long, with `?` for each literal: none of them may end up
/// in a log, where a password or a user's data might stand.
pub(super) fn redact(family: &'static dyn Family, sql: &str) -> String {
    let mut shown = String::new();
    let mut end = None;
    for token in significant(family, sql) {
        if end.is_some_and(|end| end < token.start) {
            shown.push(' ');
        }
        if shown.len() > SHOWN {
            shown.push('…');
            break;
        }
        end = Some(token.end());
        match token.sort {
            TokenKind::Text | TokenKind::Number | TokenKind::Unclosed(_) => shown.push('?'),
            _ => shown.push_str(token.text),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, without_literals};

    #[test]
    fn no_literal_is_shown() {
        for dialect in Dialect::ALL {
            let shown = without_literals(
                dialect,
                "ALTER TABLE t -- 'secret' here\n  ADD c integer DEFAULT 42,\n ADD d text DEFAULT 'secret'",
            );
            assert_eq!(shown, "ALTER TABLE t ADD c integer DEFAULT ?, ADD d text DEFAULT ?");
        }
        let role = without_literals(Dialect::Postgres, "CREATE ROLE r PASSWORD $a$secret$a$");
        assert_eq!(role, "CREATE ROLE r PASSWORD ?");
        let user = without_literals(Dialect::Mysql, "CREATE USER u IDENTIFIED BY \"secret\"");
        assert_eq!(user, "CREATE USER u IDENTIFIED BY ?");
        assert_eq!(without_literals(Dialect::Sqlite, "SELECT 'secret"), "SELECT ?");
    }

    #[test]
    fn a_long_statement_is_cut() {
        let shown = without_literals(Dialect::Sqlite, &"SELECT a, ".repeat(100));
        assert!(shown.ends_with('…') && shown.len() < 220, "{shown}");
    }
}
