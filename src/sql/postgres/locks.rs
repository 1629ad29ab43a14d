//! How many locks a statement takes for its transaction: one for each table, index, sequence and TOAST
//! table that it creates, changes or drops. All sessions share the room for them.

use crate::sql::locks::{Capacity, MANY};
use crate::text::{self, Dialect};

/// The room, and how many objects a table is on the average, its own row included.
pub(super) const CAPACITY: &str = "SELECT \
    (pg_catalog.current_setting('max_locks_per_transaction')::bigint \
    * (pg_catalog.current_setting('max_connections')::bigint \
    + pg_catalog.current_setting('max_prepared_transactions')::bigint))::text, \
    (SELECT pg_catalog.count(*) / GREATEST(pg_catalog.count(*) \
    FILTER (WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'), 1) + 1 \
    FROM pg_catalog.pg_class c WHERE c.oid >= 16384)::text, \
    pg_catalog.current_setting('max_locks_per_transaction')";

/// A table, what it stores aside, and the index of that.
const TABLE: usize = 3;

/// How many a statement takes, as far as its words tell.
pub(super) fn of(sql: &str, capacity: &Capacity) -> usize {
    let tokens = text::tokens(Dialect::Postgres, sql);
    let words = |at: usize| tokens.get(at);
    let is = |at: usize, word: &str| words(at).is_some_and(|token| token.is(word));
    if is(0, "DROP") && is(1, "TABLE") {
        return capacity.of_table.max(TABLE);
    }
    let is_table = is(0, "CREATE") && (is(1, "TABLE") || is(1, "UNLOGGED"));
    if !is_table {
        let creates =
            is(0, "CREATE") && (is(1, "INDEX") || is(1, "UNIQUE") || is(1, "MATERIALIZED"));
        return if creates { 2 } else { 1 };
    }
    // Each of these has an index, a sequence, or another table.
    let more = ["KEY", "UNIQUE", "EXCLUDE", "REFERENCES", "IDENTITY"];
    let serials = ["serial", "bigserial", "smallserial"];
    let also = tokens.iter().filter(|token| token.is_any(&more) || token.is_any(&serials)).count();
    let foreign = tokens.iter().filter(|token| token.is("FOREIGN")).count();
    TABLE + also - foreign.min(also)
}

/// What to do where the room is too small for so many.
pub(super) fn hint(locks: usize, capacity: &Capacity) -> String {
    let per = (capacity.room / capacity.per_transaction.max(1)).max(1);
    let wanted = (locks * MANY / per).max(capacity.per_transaction + 1);
    format!(
        "set max_locks_per_transaction to {wanted} or more and restart the server, split the revision, or \
         make it `transaction: none`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_table_brings_is_counted() {
        let capacity = Capacity { room: 6400, of_table: 5, per_transaction: 64 };
        for (sql, locks) in [
            ("CREATE TABLE t (a int)", 3),
            ("CREATE TABLE t (id bigserial PRIMARY KEY, a int UNIQUE)", 6),
            ("CREATE TABLE t (a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id))", 4),
            ("DROP TABLE t", 5),
            ("CREATE UNIQUE INDEX i ON t (a)", 2),
            ("ALTER TABLE t ADD COLUMN b int", 1),
        ] {
            assert_eq!(of(sql, &capacity), locks, "{sql}");
        }
        assert!(hint(13_000, &capacity).contains("to 260 or more"), "{}", hint(13_000, &capacity));
    }
}
