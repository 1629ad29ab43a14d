//! What the difference of two schemas must know of SQLite.

use crate::sql::diff_rules::DiffRules;

/// SQLite's.
pub(super) struct SqliteRules;

impl DiffRules for SqliteRules {
    fn default_collation(&self) -> Option<&'static str> {
        Some("BINARY")
    }
}
