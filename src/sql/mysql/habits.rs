//! What the difference of two schemas must know of MySQL and MariaDB. Rights are given to names there, and
//! a column without a collation has its table's.

use crate::sql::habits::Habits;

/// Theirs.
pub(super) struct Own;

impl Habits for Own {
    fn usual_cache(&self) -> i64 {
        1000
    }
}
