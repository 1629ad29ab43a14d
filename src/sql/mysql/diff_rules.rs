//! What the difference of two schemas must know of MySQL and MariaDB. Rights are given to names there, and
//! a column without a collation has its table's.

use crate::sql::diff_rules::DiffRules;

/// Theirs.
pub(super) struct MysqlRules;

impl DiffRules for MysqlRules {
    fn circumstances(&self) -> Option<&'static str> {
        Some(
            "SELECT 'version', CONCAT(SUBSTRING_INDEX(VERSION(), '.', 2), \
             IF(VERSION() LIKE '%MariaDB%', ' MariaDB', '')) \
             UNION ALL SELECT 'sql_mode', @@SESSION.sql_mode \
             UNION ALL SELECT 'lower_case_table_names', @@lower_case_table_names \
             UNION ALL SELECT 'explicit_defaults_for_timestamp', @@explicit_defaults_for_timestamp \
             UNION ALL SELECT 'default_storage_engine', @@SESSION.default_storage_engine \
             UNION ALL SELECT 'time_zone', @@SESSION.time_zone \
             UNION ALL SELECT 'character_set_database', @@SESSION.character_set_database \
             UNION ALL SELECT 'collation_database', @@SESSION.collation_database",
        )
    }

    fn texts_keep_old_names(&self) -> bool {
        true
    }

    fn default_cache(&self) -> i64 {
        1000
    }
}
