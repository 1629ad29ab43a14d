//! Which statements of MySQL and MariaDB, where each commits by itself, have done nothing when they fail.

use super::kind::DML;
use super::nested::runs_what_it_explains;
use super::token::{Depth, Token};

/// What is about one object, or is the same when it is done again.
const ONE_OBJECT: [&str; 16] = [
    "EXPLAIN",
    "ALTER",
    "TRUNCATE",
    "USE",
    "SHOW",
    "DESC",
    "DESCRIBE",
    "ANALYZE",
    "OPTIMIZE",
    "CHECK",
    "CHECKSUM",
    "PREPARE",
    "DEALLOCATE",
    "LOCK",
    "UNLOCK",
    "FLUSH",
];

/// What may be done in part: several objects, CALL, bodies, SQL made of texts, LOAD DATA, and whatever is
/// not known. Of what writes rows the engine of the tables decides, too, which the words do not tell.
pub(super) fn all_or_nothing(statement: &[Token<'_>]) -> bool {
    let [first, rest @ ..] = statement else { return true };
    let second = |words: &[&str]| rest.first().is_some_and(|token| token.is_any(words));
    let has = |words: &[&str]| rest.iter().any(|token| token.is_any(words));
    // A function cannot commit.
    if first.is_any(&DML) || first.is_any(&["WITH", "SELECT", "VALUES", "TABLE", "SET"]) {
        return true;
    }
    if first.is("CREATE") {
        // One that replaces has dropped what was there; one that selects may have written rows.
        let is_table = rest.iter().take(4).any(|token| token.is("TABLE"));
        let rows = || rest.windows(2).any(|pair| pair[0].is("VALUES") && pair[1].is("ROW"));
        return !is_table || !(second(&["OR"]) || has(&["SELECT"]) || rows());
    }
    if first.is_any(&["DROP", "RENAME", "GRANT", "REVOKE"]) {
        // The privileges that are granted are one change, however many.
        let several = rest.iter().skip_while(|token| {
            first.is_any(&["GRANT", "REVOKE"]) && !token.is_any(&["TO", "FROM"])
        });
        return !has_list(several);
    }
    first.is_any(&ONE_OBJECT) && !runs_what_it_explains(statement)
}

/// Whether a comma stands outside of brackets.
fn has_list<'a, 'b: 'a>(mut tokens: impl Iterator<Item = &'a Token<'b>>) -> bool {
    let mut depth = Depth::default();
    tokens.any(|token| depth.behind(token) == 0 && token.is_symbol(","))
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, all_or_nothing};

    #[test]
    fn what_may_be_done_in_part_is_known_by_its_words() {
        for sql in [
            "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1))",
            "ALTER TABLE t ADD a int, ADD b int",
            "DROP TABLE t",
            "RENAME TABLE a TO b",
            "GRANT SELECT, INSERT ON t TO a",
            "INSERT INTO t (a) VALUES (1), (2)",
            "SET STATEMENT sort_buffer_size = 1 FOR UPDATE t SET a = f(a)",
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "ANALYZE TABLE t",
        ] {
            assert!(all_or_nothing(Dialect::Mariadb, sql), "{sql}");
        }
        for sql in [
            "CALL p()",
            "BEGIN NOT ATOMIC DELETE FROM t; END",
            "EXECUTE s",
            "EXECUTE IMMEDIATE 'DELETE FROM t'",
            "LOAD DATA INFILE 'x' INTO TABLE t",
            "DO f()",
            "DROP TABLE a, b",
            "RENAME TABLE a TO b, b TO c",
            "GRANT SELECT ON t TO a, b",
            "CREATE TABLE t AS SELECT 1",
            "CREATE OR REPLACE TABLE t (a int)",
            "ANALYZE FORMAT=JSON DELETE FROM t",
            "SET STATEMENT sort_buffer_size = 1 FOR CALL p()",
        ] {
            assert!(!all_or_nothing(Dialect::Mariadb, sql), "{sql}");
        }
        assert!(!all_or_nothing(Dialect::Postgres, "DO $$ BEGIN COMMIT; END $$"));
        assert!(!all_or_nothing(
            Dialect::Postgres,
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"
        ));
        assert!(all_or_nothing(Dialect::Postgres, "CREATE INDEX CONCURRENTLY i ON t (a)"));
    }
}
