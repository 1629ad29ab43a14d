//! The texts of revisions that a journal holds.

use std::collections::BTreeMap;

use super::rows::{must, number};
use super::unreadable;
use crate::db::{Connection, DbError, Row};
use crate::model::{Id, TextPart, TextRow, changed_part, read_statements};
use crate::sql::{OLD_TEXT_COLUMNS, TEXT_COLUMNS};
use crate::text::{Digest, quote_literal};

/// What is wrong with the stored text of an applied revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// There is none.
    Missing,
    /// This part is not what was stored.
    Changed(TextPart),
}

/// What names a text: a revision, and the digests of its `up` and `down`.
type Key = [String; 3];

/// The columns of the texts that a journal has; `rev1` had fewer.
fn columns(is_old: bool) -> &'static [&'static str] {
    if is_old { OLD_TEXT_COLUMNS } else { &TEXT_COLUMNS }
}

/// A text as its rows say it.
struct Stored {
    key: Key,
    file: String,
    parts: [Option<String>; 3],
    digests: Option<String>,
    pieces: i64,
}

impl Stored {
    fn of(row: Row) -> Result<Self, DbError> {
        let mut row = row;
        row.resize(TEXT_COLUMNS.len(), None);
        let mut value = |at: usize| row.get_mut(at).and_then(Option::take);
        let key =
            [must(value(0), "id")?, must(value(1), "up_digest")?, must(value(2), "down_digest")?];
        let file = must(value(3), "file")?;
        let parts = [value(4), value(5), value(6)];
        Ok(Stored { key, file, parts, digests: value(7), pieces: number(&value(8)).unwrap_or(0) })
    }

    /// Puts the pieces behind the parts that they go on with; they come in their order.
    fn join(&mut self, pieces: &[(String, String)]) {
        for (part, content) in pieces {
            let at = TextPart::ALL.iter().position(|known| known.column() == part);
            if let Some(Some(text)) = at.map(|at| &mut self.parts[at]) {
                text.push_str(content);
            }
        }
    }

    /// The part that is not what was stored; a text of `rev1`'s cannot tell.
    fn changed(&self) -> Option<TextPart> {
        let parts = self.parts.each_ref().map(Option::as_deref);
        changed_part(parts, self.digests.as_deref()?)
    }

    fn text_row(self) -> Result<TextRow, DbError> {
        let [id, up_digest, down_digest] = self.key;
        let [body, up, down] = self.parts;
        let body = must(body, "body")?;
        let statements = |written: String| {
            read_statements(&written, &body)
                .ok_or_else(|| unreadable("a text whose statements cannot be read"))
        };
        let up = statements(must(up, "up")?)?;
        let down = down.map(statements).transpose()?;
        Ok(TextRow {
            id: Id::from(id),
            up_digest: Digest::stored(up_digest),
            down_digest: Digest::stored(down_digest),
            file: self.file,
            text: body,
            up,
            down,
        })
    }
}

/// Reads the stored text of a revision, and makes sure that it is what was stored.
pub(crate) async fn read_text<E: Connection + ?Sized>(
    connection: &mut E,
    is_old: bool,
    id: &Id,
    up_digest: &Digest,
    down_digest: &Digest,
) -> Result<Option<TextRow>, DbError> {
    let dialect = connection.dialect();
    let literal = |text: &str| quote_literal(dialect, text);
    let condition = format!(
        "id = {} AND up_digest = {} AND down_digest = {}",
        literal(id.as_str()),
        literal(up_digest.as_str()),
        literal(down_digest.as_str())
    );
    let (text, piece) = (connection.tables().text.clone(), connection.tables().piece.clone());
    let columns = columns(is_old).join(", ");
    let rows = connection.query(&format!("SELECT {columns} FROM {text} WHERE {condition}")).await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let mut stored = Stored::of(row)?;
    if stored.pieces > 0 {
        let sql =
            format!("SELECT part, content FROM {piece} WHERE {condition} ORDER BY part, number");
        stored
            .join(&connection.query(&sql).await?.into_iter().filter_map(part).collect::<Vec<_>>());
    }
    if let Some(part) = stored.changed() {
        return Err(DbError::Journal {
            message: format!(
                "the stored text of {id} is not what was stored: its `{}` was changed since",
                part.column()
            ),
            hint: "`rev journal repair` stores it again from its file, if that is there and has the `up` \
                   and `down` that ran; else restore the row of rev_text from a backup"
                .to_owned(),
        });
    }
    stored.text_row().map(Some)
}

fn part(row: Row) -> Option<(String, String)> {
    let mut row = row.into_iter();
    Some((row.next()??, row.next()??))
}

/// Looks at the stored texts of all applied revisions: which are missing, and which are not what was
/// stored.
pub(crate) async fn check_texts<E: Connection + ?Sized>(
    connection: &mut E,
    is_old: bool,
) -> Result<Vec<(Id, Damage)>, DbError> {
    let tables = connection.tables().clone();
    let same = |table: &str| {
        format!(
            "{table}.id = a.id AND {table}.up_digest = a.up_digest AND {table}.down_digest = a.down_digest"
        )
    };
    let mut pieces: BTreeMap<Key, Vec<(String, String)>> = BTreeMap::new();
    if !is_old {
        let sql = format!(
            "SELECT p.id, p.up_digest, p.down_digest, p.part, p.content FROM {} p JOIN {} a ON {} \
             ORDER BY p.part, p.number",
            tables.piece,
            tables.applied,
            same("p")
        );
        for row in connection.query(&sql).await? {
            let mut values = row.into_iter().map(Option::unwrap_or_default);
            let key: Key = std::array::from_fn(|_| values.next().unwrap_or_default());
            pieces.entry(key).or_default().extend(values.next().zip(values.next()));
        }
    }
    let columns: Vec<String> = columns(is_old).iter().map(|name| format!("t.{name}")).collect();
    let sql = format!(
        "SELECT a.id, {} FROM {} a LEFT JOIN {} t ON {} ORDER BY a.seq",
        columns.join(", "),
        tables.applied,
        tables.text,
        same("t")
    );
    let mut damages = Vec::new();
    for mut row in connection.query(&sql).await? {
        let id = Id::from(must(row.remove(0), "id")?);
        if row.first().is_none_or(Option::is_none) {
            damages.push((id, Damage::Missing));
            continue;
        }
        let mut stored = Stored::of(row)?;
        stored.join(pieces.get(&stored.key).map_or(&[][..], Vec::as_slice));
        damages.extend(stored.changed().map(|part| (id, Damage::Changed(part))));
    }
    Ok(damages)
}
