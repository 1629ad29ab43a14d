//! What a script for an engine's own client (`sqlite3`, `psql`, `mariadb`) is made of.

use super::JournalTables;

/// What a script knows of the session that it runs in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// The role to take.
    pub role: Option<String>,
    /// The database to be in, where its name is known.
    pub database: Option<String>,
}

/// What a script for an engine's own client is made of. Statements come without the closing
/// semicolon; [`Client::terminated`] adds it.
pub trait Client: Send + Sync {
    /// The client's name.
    fn name(&self) -> &'static str;

    /// Lines for the client itself: it is to stop at the first error.
    fn lines(&self) -> &'static [&'static str];

    /// Statements that remember what the session is like, so that [`Client::reset`] can put it back.
    fn remember(&self) -> Vec<String> {
        Vec::new()
    }

    /// Statements that put the session back, then take the role.
    fn reset(&self, session: &Session) -> Vec<String>;

    /// Statements that fail if the condition holds, and otherwise do nothing.
    fn guard(&self, tables: &JournalTables, condition: &str) -> Vec<String> {
        // A column that cannot be NULL: the one way to fail that every engine has in plain SQL.
        vec![format!(
            "INSERT INTO {} (seq, run, at, who, event) \
             SELECT 0, NULL, '', '', 'guard' WHERE {condition}",
            tables.log
        )]
    }

    /// A statement as the client takes it from a pipe, with its rows if it has any.
    fn terminated(&self, sql: &str, copy_data: Option<&str>) -> String {
        let mut text = closed(sql, ";");
        if let Some(rows) = copy_data {
            text.push_str(rows);
            if !rows.is_empty() && !rows.ends_with('\n') {
                text.push('\n');
            }
            text.push_str("\\.\n");
        }
        text
    }
}

/// A statement with its terminator, on a line of its own where the last line may hold a comment.
pub(super) fn closed(sql: &str, terminator: &str) -> String {
    let sql = sql.trim_end();
    let last = sql.lines().next_back().unwrap_or_default();
    let comment = last.contains("--") || last.contains('#');
    format!("{sql}{}{terminator}\n", if comment { "\n" } else { "" })
}
