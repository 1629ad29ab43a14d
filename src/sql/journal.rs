//! What the journal's statements have in common on every dialect.

use crate::model::{AppliedRow, Id, LogRow, TextPart, TextRow, text_digests, write_statements};
use crate::text::{Dialect, quote_literal};

use super::JournalTables;

/// The columns of `rev_applied`, in the order in which they are written and read.
pub const APPLIED_COLUMNS: [&str; 9] =
    ["id", "seq", "up_digest", "down_digest", "parents", "depends_on", "how", "at", "who"];

/// The columns of `rev_text`.
pub const TEXT_COLUMNS: [&str; 9] =
    ["id", "up_digest", "down_digest", "file", "body", "up", "down", "digests", "pieces"];

/// Those that `rev1` had.
pub const OLD_TEXT_COLUMNS: &[&str] = TEXT_COLUMNS.split_at(7).0;

/// The columns of `rev_piece`.
pub const PIECE_COLUMNS: [&str; 6] =
    ["id", "up_digest", "down_digest", "part", "number", "content"];

/// The columns of `rev_log`.
pub const LOG_COLUMNS: [&str; 10] =
    ["seq", "run", "at", "who", "event", "revision", "direction", "statement", "digest", "detail"];

/// The longest part of a text that one row holds, in bytes. The literals of all parts of a text, which may
/// be twice as long, have to fit into the smallest packet that servers are set up with, of 1 MiB.
const PIECE: usize = 128 * 1024;

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

    /// The rows of `rev_text` and `rev_piece` for a text, each followed by `unless_there`: what happens
    /// when the row is there.
    pub(super) fn insert_text(
        &self,
        tables: &JournalTables,
        row: &TextRow,
        unless_there: &str,
    ) -> Vec<String> {
        let TextRow { id, up_digest, down_digest, file, text, up, down } = row;
        let up = write_statements(up, text);
        let down = down.as_ref().map(|down| write_statements(down, text));
        let parts = [Some(text.as_str()), Some(&up), down.as_deref()];
        let cut = parts.map(|part| part.map(|part| cut_at(part, PIECE)));
        let key = [id.as_str(), up_digest.as_str(), down_digest.as_str()]
            .map(|value| self.text(value))
            .join(", ");
        let mut pieces = Vec::new();
        for (part, cut) in TextPart::ALL.into_iter().zip(&cut) {
            let later = cut.iter().flatten().enumerate().skip(1);
            pieces.extend(later.map(|(number, content)| {
                let (part, content) = (self.text(part.column()), self.text(content));
                format!(
                    "INSERT INTO {} ({}) VALUES ({key}, {part}, {number}, {content}){unless_there}",
                    tables.piece,
                    PIECE_COLUMNS.join(", "),
                )
            }));
        }
        let first =
            cut.iter().map(|cut| self.nullable(cut.as_ref().and_then(|cut| cut.first().copied())));
        let values = first.collect::<Vec<_>>().join(", ");
        let (file, digests) = (self.text(file), self.text(&text_digests(parts)));
        let insert = format!(
            "INSERT INTO {} ({}) VALUES ({key}, {file}, {values}, {digests}, {}){unless_there}",
            tables.text,
            TEXT_COLUMNS.join(", "),
            pieces.len(),
        );
        std::iter::once(insert).chain(pieces).collect()
    }

    /// Takes a text away.
    pub(super) fn delete_text(&self, tables: &JournalTables, row: &TextRow) -> Vec<String> {
        let (id, up) = (self.text(row.id.as_str()), self.text(row.up_digest.as_str()));
        let down = self.text(row.down_digest.as_str());
        let delete = |table: &String| {
            format!(
                "DELETE FROM {table} WHERE id = {id} AND up_digest = {up} AND down_digest = {down}"
            )
        };
        [&tables.text, &tables.piece].map(delete).into()
    }

    /// Gives the first log row another detail.
    pub(super) fn set_format(&self, tables: &JournalTables, format: &str) -> String {
        let (table, format) = (&tables.log, self.text(format));
        format!("UPDATE {table} SET detail = {format} WHERE seq = 1")
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

/// The statements that make the table and the two rows of a lock with a lease; `options` of the table, and
/// `from` is what a SELECT without a table needs before its WHERE. All versions make the same table.
pub(super) fn create_lock(tables: &JournalTables, options: &str, from: &str) -> Vec<String> {
    let table = &tables.lock;
    let create = format!(
        "CREATE TABLE IF NOT EXISTS {table} (id bigint NOT NULL PRIMARY KEY, \
         holder varchar(64) NOT NULL, node varchar(64) NOT NULL, who varchar(255) NOT NULL, \
         fence bigint NOT NULL, beat bigint NOT NULL, lease bigint NOT NULL){options}"
    );
    let row = |id| {
        format!(
            "INSERT INTO {table} (id, holder, node, who, fence, beat, lease) \
             SELECT {id}, '', '', '', 0, 0, 0{from} WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE id = {id})"
        )
    };
    vec![create, row(1), row(2)]
}

/// A text in pieces of at most so many bytes; at least one.
fn cut_at(text: &str, size: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > size {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(size));
        pieces.push(piece);
        rest = behind;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut_at("", 4), [""]);
        assert_eq!(cut_at("abcd", 4), ["abcd"]);
        assert_eq!(cut_at("abcäöf", 4), ["abc", "äö", "f"]);
    }
}
