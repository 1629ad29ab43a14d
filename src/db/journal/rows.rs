//! Rows of the journal's tables as plain values.

use super::unreadable;
use crate::db::{DbError, Row};
use crate::model::{AppliedRow, Direction, How, Id, LogEvent, LogRow};
use crate::text::Digest;

pub(super) fn number(value: &Option<String>) -> Option<i64> {
    value.as_deref()?.parse().ok()
}

fn ids(text: &str) -> Vec<Id> {
    text.split_whitespace().map(Id::from).collect()
}

/// A value that the table never leaves empty.
pub(super) fn must(value: Option<String>, column: &str) -> Result<String, DbError> {
    value.ok_or_else(|| unreadable(&format!("a row without {column}")))
}

pub(super) fn row_of<const N: usize>(row: Row) -> Result<[Option<String>; N], DbError> {
    let mut row = row;
    row.truncate(N);
    row.try_into().map_err(|_| unreadable("a row that is too short"))
}

pub(super) fn applied_row(row: Row) -> Result<AppliedRow, DbError> {
    let [seq, id, up, down, parents, depends_on, how, at, who] = row_of(row)?;
    let how = must(how, "how")?;
    Ok(AppliedRow {
        id: Id::from(must(id, "id")?),
        seq: number(&seq).ok_or_else(|| unreadable("a row without seq"))?,
        up_digest: Digest::stored(must(up, "up_digest")?),
        down_digest: Digest::stored(must(down, "down_digest")?),
        parents: ids(&parents.unwrap_or_default()),
        depends_on: ids(&depends_on.unwrap_or_default()),
        how: How::ALL
            .into_iter()
            .find(|known| known.name() == how)
            .ok_or_else(|| unreadable(&format!("a revision that came as {how:?}")))?,
        at: at.unwrap_or_default(),
        who: who.unwrap_or_default(),
    })
}

pub(super) fn log_row(row: Row) -> Result<LogRow, DbError> {
    let [seq, run, at, who, event, revision, direction, statement, digest, detail] = row_of(row)?;
    let event = must(event, "event")?;
    let direction = match direction.as_deref() {
        None => None,
        Some("up") => Some(Direction::Up),
        Some("down") => Some(Direction::Down),
        Some(other) => return Err(unreadable(&format!("the direction {other:?}"))),
    };
    Ok(LogRow {
        seq: number(&seq).ok_or_else(|| unreadable("a row without seq"))?,
        run: run.unwrap_or_default(),
        at: at.unwrap_or_default(),
        who: who.unwrap_or_default(),
        event: LogEvent::from_name(&event),
        revision: revision.map(Id::from),
        direction,
        statement: number(&statement),
        digest: digest.map(Digest::stored),
        detail,
    })
}
