//! The room that a server has for locks: how much of it one transaction takes.

use std::ops::Range;

use super::SqlDialect;
use crate::model::{Entry, Operation, Schema};
use crate::text::Dialect;

/// What a transaction should leave of the room for others: it takes no more than a part of so many.
pub(super) const MANY: usize = 2;

/// Statements of which no server notices the locks.
const FEW: usize = 30;

/// The room that a server has for locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// How many locks all sessions together can hold.
    pub room: usize,
    /// How many objects a table of the database is, on the average.
    pub of_table: usize,
    /// The setting that the room follows.
    pub per_transaction: usize,
}

impl Capacity {
    /// What the answer to [`SqlDialect::lock_capacity`] says.
    pub fn of(rows: &[Vec<Option<String>>]) -> Option<Capacity> {
        let number = |at: usize| rows.first()?.get(at)?.as_deref()?.parse().ok();
        Some(Capacity { room: number(0)?, of_table: number(1)?, per_transaction: number(2)? })
    }
}

/// Whether so many statements may take notably many locks.
pub fn may_lock_many(statements: usize) -> bool {
    statements > FEW
}

/// What to say before statements run in one transaction: nothing, or that the room is too small.
pub fn warning<'a>(
    words: &dyn SqlDialect,
    statements: impl Iterator<Item = &'a str>,
    capacity: &Capacity,
) -> Option<String> {
    let locks: usize = statements.map(|sql| words.locks(sql, capacity)).sum();
    // The server has a little more than it says.
    let is_too_many = locks > capacity.room;
    is_too_many.then(|| {
        format!(
            "it locks about {locks} objects in one transaction, and the server has room for {}: {}",
            capacity.room,
            words.lock_hint(locks, capacity)
        )
    })
}

/// Parts of a list of operations, each with what takes it back, of which none takes more than its share of
/// the room on the way up or down.
pub fn parts<'a>(
    dialect: Dialect,
    operations: impl Iterator<Item = (&'a Operation, &'a [Operation])>,
    capacity: &Capacity,
) -> Vec<Range<usize>> {
    let words = super::dialect(dialect);
    let locks = |operation: &Operation| -> usize {
        let entries = [Entry::new(operation.clone(), 1)];
        // What takes the definition of a table is about one.
        let statements = super::lower(&entries, dialect, "", &mut Schema::default());
        let sum = |all: Vec<super::Statement>| {
            all.iter().map(|one| words.locks(&one.sql, capacity)).sum::<usize>()
        };
        statements.map_or(1, sum)
    };
    let share = (capacity.room / MANY).max(1);
    let (mut parts, mut start, mut up, mut down, mut count) = (Vec::new(), 0, 0, 0, 0);
    let mut sizes = Vec::new();
    for (operation, reverse) in operations {
        sizes.push((locks(operation), reverse.iter().map(&locks).sum::<usize>()));
    }
    let total = sizes.iter().fold((0, 0), |(one, other), (up, down)| (one + up, other + down));
    if total.0.max(total.1) <= capacity.room * 3 / 4 {
        return std::iter::once(0..sizes.len()).collect();
    }
    for (at, (own_up, own_down)) in sizes.iter().enumerate() {
        if count > 0 && (up + own_up).max(down + own_down) > share {
            parts.push(start..at);
            (start, up, down, count) = (at, 0, 0, 0);
        }
        (up, down, count) = (up + own_up, down + own_down, count + 1);
    }
    parts.push(start..sizes.len());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_into_one_transaction_is_parted() {
        let table = |at: usize| -> Operation {
            serde_json::from_str(&format!(
                r#"{{"create_table": {{"name": "t{at}", "columns":
                   [{{"name": "id", "type": "integer", "primary_key": true}}]}}}}"#
            ))
            .unwrap()
        };
        let operations: Vec<Operation> = (0..100).map(table).collect();
        let with_reverse = || operations.iter().map(|operation| (operation, &[][..]));
        let parts = |room| {
            let capacity = Capacity { room, of_table: 4, per_transaction: 64 };
            super::parts(Dialect::Postgres, with_reverse(), &capacity)
        };
        assert_eq!(parts(6400).len(), 1);
        assert_eq!(parts(320), [0..40, 40..80, 80..100]);
        let capacity = Capacity { room: 320, of_table: 4, per_transaction: 64 };
        let statements: Vec<String> =
            (0..100).map(|at| format!("CREATE TABLE t{at} (id int PRIMARY KEY)")).collect();
        let words = super::super::dialect(Dialect::Postgres);
        let all = || statements.iter().map(String::as_str);
        assert!(warning(words, all().take(80), &capacity).is_none());
        let told = warning(words, all(), &capacity).unwrap_or_default();
        assert!(told.contains("about 400 objects") && told.contains("room for 320"), "{told}");
    }
}
