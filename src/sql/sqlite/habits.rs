//! What the difference of two schemas must know of SQLite.

use crate::sql::habits::Habits;

/// SQLite's.
pub(super) struct Own;

impl Habits for Own {
    fn usual_collation(&self) -> Option<&'static str> {
        Some("BINARY")
    }
}
