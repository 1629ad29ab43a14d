//! What the journal's statements have in common on every dialect.

use crate::model::{AppliedRow, Id, LogRow, StoredStatement, TextRow};
use crate::text::{Dialect, quote_literal};

use super::JournalTables;

/// The columns of `rev_applied`, in the order in which they are written and read.
pub const APPLIED_COLUMNS: [&str; 9] =
    ["id", "seq", "up_digest", "down_digest", "parents", "depends_on", "how", "at", "who"];

/// The columns of `rev_text`.
pub const TEXT_COLUMNS: [&str; 7] =
    ["id", "up_digest", "down_digest", "file", "body", "up", "down"];

/// The columns of `rev_log`.
pub const LOG_COLUMNS: [&str; 10] =
    ["seq", "run", "at", "who", "event", "revision", "direction", "statement", "digest", "detail"];

/// The detail of the first log row: the format of the tables.
pub const FORMAT: &str = "rev1";

/// Ids as one text.
pub(super) fn joined(ids: &[Id]) -> String {
    ids.iter().map(Id::as_str).collect::<Vec<_>>().join(" ")
}

/// A dialect's way to write values.
pub struct Literals {
    /// The dialect.
    pub dialect: Dialect,
    /// The server's clock as RFC 3339 text in UTC.
    pub clock: &'static str,
}

impl Literals {
    fn text(&self, value: &str) -> String {
        quote_literal(self.dialect, value)
    }

    fn nullable(&self, value: Option<&str>) -> String {
        value.map_or_else(|| "NULL".to_owned(), |value| self.text(value))
    }

    /// An instant; an empty one is the server's clock.
    fn instant(&self, at: &str) -> String {
        if at.is_empty() { self.clock.to_owned() } else { self.text(at) }
    }

    fn statements(&self, statements: &[StoredStatement]) -> String {
        // Strings, numbers and booleans alone: there is nothing in it that JSON cannot hold.
        self.text(&serde_json::to_string(statements).unwrap_or_default())
    }

    /// The values of a row of `rev_applied`.
    pub(super) fn applied(&self, row: &AppliedRow) -> String {
        [
            self.text(row.id.as_str()),
            row.seq.to_string(),
            self.text(row.up_digest.as_str()),
            self.text(row.down_digest.as_str()),
            self.text(&joined(&row.parents)),
            self.text(&joined(&row.depends_on)),
            self.text(row.how.name()),
            self.instant(&row.at),
            self.text(&row.who),
        ]
        .join(", ")
    }

    /// The values of a row of `rev_text`.
    pub(super) fn revision_text(&self, row: &TextRow) -> String {
        [
            self.text(row.id.as_str()),
            self.text(row.up_digest.as_str()),
            self.text(row.down_digest.as_str()),
            self.text(&row.file),
            self.text(&row.text),
            self.statements(&row.up),
            row.down.as_ref().map_or_else(|| "NULL".to_owned(), |down| self.statements(down)),
        ]
        .join(", ")
    }

    /// The values of a row of `rev_log`.
    pub(super) fn log(&self, row: &LogRow) -> String {
        [
            row.seq.to_string(),
            self.text(&row.run),
            self.instant(&row.at),
            self.text(&row.who),
            self.text(row.event.name()),
            self.nullable(row.revision.as_ref().map(Id::as_str)),
            self.nullable(row.direction.map(crate::model::Direction::name)),
            row.statement.map_or_else(|| "NULL".to_owned(), |statement| statement.to_string()),
            self.nullable(row.digest.as_ref().map(crate::text::Digest::as_str)),
            self.nullable(row.detail.as_deref()),
        ]
        .join(", ")
    }

    pub(super) fn insert_applied(&self, tables: &JournalTables, row: &AppliedRow) -> String {
        let (table, columns) = (&tables.applied, APPLIED_COLUMNS.join(", "));
        format!("INSERT INTO {table} ({columns}) VALUES ({})", self.applied(row))
    }

    pub(super) fn delete_applied(&self, tables: &JournalTables, id: &Id) -> String {
        format!("DELETE FROM {} WHERE id = {}", tables.applied, self.text(id.as_str()))
    }

    pub(super) fn move_applied(
        &self,
        tables: &JournalTables,
        id: &Id,
        parents: &[Id],
        depends_on: &[Id],
    ) -> String {
        format!(
            "UPDATE {} SET parents = {}, depends_on = {} WHERE id = {}",
            tables.applied,
            self.text(&joined(parents)),
            self.text(&joined(depends_on)),
            self.text(id.as_str())
        )
    }

    pub(super) fn accept_applied(&self, tables: &JournalTables, row: &AppliedRow) -> String {
        format!(
            "UPDATE {} SET up_digest = {}, down_digest = {} WHERE id = {}",
            tables.applied,
            self.text(row.up_digest.as_str()),
            self.text(row.down_digest.as_str()),
            self.text(row.id.as_str())
        )
    }

    /// Up to its end but for what happens when the row is there.
    pub(super) fn insert_text(&self, tables: &JournalTables, row: &TextRow) -> String {
        let (table, columns) = (&tables.text, TEXT_COLUMNS.join(", "));
        format!("INSERT INTO {table} ({columns}) VALUES ({})", self.revision_text(row))
    }

    pub(super) fn insert_log(&self, tables: &JournalTables, row: &LogRow) -> String {
        let (table, columns) = (&tables.log, LOG_COLUMNS.join(", "));
        format!("INSERT INTO {table} ({columns}) VALUES ({})", self.log(row))
    }

    /// Writes the first log row where it is not there yet; `from` is what a SELECT without a table
    /// needs before its WHERE.
    pub(super) fn insert_first(
        &self,
        tables: &JournalTables,
        first: &LogRow,
        from: &str,
    ) -> String {
        let (table, columns, values) = (&tables.log, LOG_COLUMNS.join(", "), self.log(first));
        format!(
            "INSERT INTO {table} ({columns}) SELECT {values}{from} WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE seq = {})",
            first.seq
        )
    }
}
