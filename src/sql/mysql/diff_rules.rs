//! What the difference of two schemas must know of MySQL and MariaDB. Rights are given to names there, and
//! a column without a collation has its table's.

use crate::sql::diff_rules::DiffRules;

/// Theirs.
pub(super) struct MysqlRules;

impl DiffRules for MysqlRules {
    fn default_cache(&self) -> i64 {
        1000
    }
}
