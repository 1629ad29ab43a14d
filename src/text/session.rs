//! Statements that only set up their session.

use super::token::{Family, Lexer, TokenKind};

/// What behind SET reaches further than the session.
const FARTHER: [&str; 5] = ["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "DEFAULT"];

pub(super) fn sets_up_session(family: &'static dyn Family, sql: &str) -> bool {
    // What begins with `/*! … */` is nothing but a word on some servers only.
    let mut tokens = Lexer::new(family, sql).filter(|token| {
        !matches!(token.sort, TokenKind::Space | TokenKind::Comment | TokenKind::Hint)
    });
    let Some(first) = tokens.next() else { return false };
    if !first.is("SET") {
        return first.is_any(&["USE", "PRAGMA"]);
    }
    // Each part of a list may have its own scope, `GLOBAL x` or `@@GLOBAL.x`.
    let mut begins = true;
    for token in tokens {
        if begins && token.is_any(&FARTHER) {
            return false;
        }
        begins = token.is_symbol(",") || (begins && token.is_symbol("@@"));
    }
    true
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, sets_up_session};

    #[test]
    fn only_what_sets_up_a_session_is_of_the_session() {
        let many_comments = "-- x\n".repeat(100_000) + "USE a";
        for sql in [
            "USE a",
            "set names utf8mb4",
            "# x\n-- x\n/* y */ SET @a = 1",
            "SET @@session.a = 1, b = 2",
            "SET @global = 1",
            &many_comments,
        ] {
            assert!(sets_up_session(Dialect::Mariadb, sql), "{}", &sql[..sql.len().min(40)]);
        }
        assert!(sets_up_session(Dialect::Sqlite, "/* off */ PRAGMA foreign_keys=off"));
        assert!(sets_up_session(Dialect::Postgres, "/* a /* b */ c */ SET search_path = a, b"));
        for sql in [
            "-- use this\nDROP TABLE t",
            "/* set */ DELETE FROM t",
            "/*! SET x = 1 */",
            "SET GLOBAL a = 1",
            "SET @@global.a = 1",
            "SET a = 1, GLOBAL b = 2",
            "SET a = 1, @@PERSIST.b = 2",
            "SET PASSWORD = 'x'",
            "user",
            "",
        ] {
            assert!(!sets_up_session(Dialect::Mariadb, sql), "{sql}");
        }
    }
}
