//! Scripts for `mariadb` and `mysql`.

use crate::sql::client::closed;
use crate::sql::{Client, JournalTables, Session};
use crate::text::{Dialect, quote_ident};

/// The client of either dialect: both take the same scripts.
pub(super) struct MysqlClient {
    pub name: &'static str,
}

/// The session's variables that a revision is likely to set.
const VARIABLES: [&str; 8] = [
    "sql_mode",
    "foreign_key_checks",
    "unique_checks",
    "time_zone",
    "sql_safe_updates",
    "sql_notes",
    "collation_connection",
    "autocommit",
];

impl Client for MysqlClient {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lines(&self) -> &'static [&'static str] {
        &[]
    }

    fn remember(&self) -> Vec<String> {
        let kept = VARIABLES.map(|name| format!("@rev_{name} = @@SESSION.{name}"));
        vec!["SET NAMES utf8mb4".to_owned(), format!("SET {}", kept.join(", "))]
    }

    fn reset(&self, session: &Session) -> Vec<String> {
        let put_back = VARIABLES.map(|name| format!("{name} = @rev_{name}"));
        let mut sql =
            vec!["SET NAMES utf8mb4".to_owned(), format!("SET SESSION {}", put_back.join(", "))];
        if let Some(role) = &session.role {
            sql.push(format!("SET ROLE {}", quote_ident(Dialect::Mysql, role)));
        }
        if let Some(database) = &session.database {
            sql.push(format!("USE {}", quote_ident(Dialect::Mysql, database)));
        }
        sql
    }

    fn guard(&self, tables: &JournalTables, condition: &str) -> Vec<String> {
        // Without the strict mode a NULL would be taken as an empty text.
        vec![
            "SET SESSION sql_mode = 'STRICT_ALL_TABLES'".to_owned(),
            format!(
                "INSERT INTO {} (seq, run, at, who, event) \
                 SELECT 0, NULL, '', '', 'guard' FROM DUAL WHERE {condition}",
                tables.log
            ),
            "SET SESSION sql_mode = @rev_sql_mode".to_owned(),
        ]
    }

    fn terminated(&self, sql: &str, _copy_data: Option<&str>) -> String {
        // The client cuts at each semicolon outside of quotes, so a body needs another terminator.
        if !sql.contains(';') {
            return closed(sql, ";");
        }
        let free = |mark: &&str| !sql.contains(mark);
        let mark = ["//", "$$", "@@", "~~", ";;"].into_iter().find(free).unwrap_or("//;;//");
        format!("DELIMITER {mark}\n{}DELIMITER ;\n", closed(sql, mark))
    }
}
