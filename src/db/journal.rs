//! Reads and makes the journal's tables; the same on every engine but for the catalogue's query.

use std::collections::{BTreeMap, BTreeSet};

use super::{Connection, DbError, Journal, Row};
use crate::model::{AppliedRow, Direction, How, Id, LogEvent, LogRow, StoredStatement, TextRow};
use crate::model::{Definition, Name, ObjectKey, ObjectKind, RawCatalog, RawObject};
use crate::sql::{self, APPLIED_COLUMNS, FORMAT, LOG_COLUMNS, TEXT_COLUMNS};
use crate::text::{Digest, quote_literal};

/// How the tables are found on an engine.
#[derive(Clone)]
pub(super) struct Catalogue {
    /// The tables' names without schema or quotes: `rev_applied`, `rev_text`, `rev_log`.
    pub names: [String; 3],
    /// A query for (table, `1` if it is a table and nothing else, column).
    pub query: String,
    /// What a number is cast to so that it becomes a text.
    pub text_type: &'static str,
}

/// The tables' names for a prefix.
pub(super) fn names(prefix: &str) -> [String; 3] {
    ["applied", "text", "log"].map(|name| format!("{prefix}_{name}"))
}

/// The journals that a catalog holds: those of other stores, under another prefix, which are no part of
/// what an application has.
pub(super) fn others(catalog: &RawCatalog) -> Vec<ObjectKey> {
    let has = |key: &ObjectKey, columns: &[&str]| match catalog.objects.get(key) {
        Some(RawObject { definition: Definition::Table(table), .. }) => {
            table.columns.len() == columns.len()
                && columns.iter().all(|name| table.columns.iter().any(|own| own.name == **name))
        }
        _ => false,
    };
    let suffix = |key: &ObjectKey, suffix: &str| {
        key.name.name.to_lowercase().strip_suffix(suffix).map(str::to_owned)
    };
    let all = catalog.objects.keys().filter(|key| key.kind == ObjectKind::Table);
    let logs = all.filter(|key| suffix(key, "_log").is_some() && has(key, &LOG_COLUMNS));
    let whole = logs.filter_map(|log| {
        let prefix = log.name.name.get(..log.name.name.len() - "_log".len())?;
        let [applied, text, _] = names(prefix)
            .map(|name| ObjectKey { name: Name { name, ..log.name.clone() }, ..log.clone() });
        let is_whole = has(&applied, &APPLIED_COLUMNS) && has(&text, &TEXT_COLUMNS);
        is_whole.then(|| [applied, text, log.clone()])
    });
    whole.flatten().collect()
}

/// What is there of the three tables.
enum Found {
    Nothing,
    /// Some are missing, or the first log row is: whoever makes them has not finished.
    Unfinished,
    All,
}

const FOREIGN: &str =
    "give the journal other names with `table_prefix` or `table_schema` in store.yaml";

fn foreign(name: &str, why: &str) -> DbError {
    DbError::Journal {
        message: format!("there is a {name} which is not a journal of rev: {why}"),
        hint: FOREIGN.to_owned(),
    }
}

fn unreadable(what: &str) -> DbError {
    DbError::Journal {
        message: format!("the journal holds {what}"),
        hint: "a newer rev may have written it: use that one".to_owned(),
    }
}

fn check_format(format: &str, log: &str) -> Result<(), DbError> {
    if format == FORMAT {
        Ok(())
    } else if format.starts_with("rev") {
        Err(DbError::Journal {
            message: format!(
                "the journal of this database has the format {format}, and this rev supports {FORMAT}"
            ),
            hint: "use a newer rev".to_owned(),
        })
    } else {
        Err(foreign(log, "its first row does not name the format"))
    }
}

/// Looks for the tables. Somebody may be making them, and MariaDB's information_schema shows them as
/// they come, one without its columns or without the one before it: a fault counts only if it stays.
/// What a look has seen of a table is whole at the next, and there are three.
async fn find(connection: &mut dyn Connection, catalogue: &Catalogue) -> Result<Found, DbError> {
    for _ in &catalogue.names {
        match look(connection, catalogue).await {
            Err(DbError::Journal { .. }) => {}
            outcome => return outcome,
        }
    }
    look(connection, catalogue).await
}

async fn look(connection: &mut dyn Connection, catalogue: &Catalogue) -> Result<Found, DbError> {
    let rows = connection.query(&catalogue.query).await?;
    let mut tables: BTreeMap<String, (bool, BTreeSet<String>)> = BTreeMap::new();
    for row in rows {
        if let [Some(table), kind, column] = &row[..] {
            let entry = tables.entry(table.clone()).or_default();
            entry.0 = kind.as_deref() == Some("1");
            entry.1.extend(column.clone());
        }
    }
    let [applied, text, log] = &catalogue.names;
    let wanted: [(&String, &[&str]); 3] =
        [(applied, &APPLIED_COLUMNS), (text, &TEXT_COLUMNS), (log, &LOG_COLUMNS)];
    if tables.is_empty() {
        return Ok(Found::Nothing);
    }
    let mut missing = None;
    let mut wrong = None;
    for (name, columns) in wanted {
        match tables.get(name) {
            None => missing = Some(name.clone()),
            Some((false, _)) => wrong = Some(foreign(name, "it is not a table")),
            Some((true, there)) => {
                if let Some(column) = columns.iter().find(|column| !there.contains(**column)) {
                    wrong = Some(foreign(name, &format!("it has no column {column}")));
                }
            }
        }
    }
    if wrong.is_none() && missing.is_none() {
        return Ok(Found::All);
    }
    // A newer format may have other columns; it says so in the first row.
    let log_can_tell = tables.get(log).is_some_and(|(is_table, columns)| {
        *is_table && ["seq", "event", "detail"].iter().all(|column| columns.contains(*column))
    });
    let log_table = connection.tables().log.clone();
    let first = if log_can_tell {
        let sql = format!("SELECT detail FROM {log_table} WHERE seq = 1 AND event = 'format'");
        connection
            .query(&sql)
            .await?
            .into_iter()
            .next()
            .and_then(|row| row.into_iter().next().flatten())
    } else {
        None
    };
    if let Some(format) = &first {
        check_format(format, log)?;
    }
    match (wrong, missing, first) {
        (Some(error), _, _) => Err(error),
        (None, Some(name), Some(_)) => Err(DbError::Journal {
            message: format!("{name} is missing, though {log} is there"),
            hint: "restore it from a backup; `rev stamp` on a database without any of the three \
                   tables starts a new journal"
                .to_owned(),
        }),
        _ => Ok(Found::Unfinished),
    }
}

/// Reads the applied set and where the log ends.
pub(super) async fn read(
    connection: &mut dyn Connection,
    catalogue: &Catalogue,
) -> Result<Option<Journal>, DbError> {
    match find(connection, catalogue).await? {
        Found::Nothing | Found::Unfinished => return Ok(None),
        Found::All => {}
    }
    // One statement sees one state of the database, so that no transaction is needed. Of the log it
    // takes the first row, the last, and those of the last step that has begun and not ended.
    let (applied, log) = (&connection.tables().applied, &connection.tables().log);
    let cast = catalogue.text_type;
    let began = format!("(SELECT max(seq) FROM {log} WHERE event = 'began')");
    let sql = format!(
        "SELECT 'applied', seq, id, up_digest, down_digest, parents, depends_on, how, at, who, NULL \
         FROM {applied} \
         UNION ALL \
         SELECT 'log', seq, run, at, who, event, revision, direction, CAST(statement AS {cast}), \
         digest, detail FROM {log} \
         WHERE seq = 1 OR seq = (SELECT max(seq) FROM {log}) OR (seq >= {began} AND NOT EXISTS \
         (SELECT 1 FROM {log} WHERE seq > {began} AND event = 'done' AND statement IS NULL))"
    );
    let mut journal = Journal::default();
    let mut rows = Vec::new();
    for mut row in connection.query(&sql).await? {
        let kind = row.remove(0);
        if kind.as_deref() == Some("applied") {
            journal.applied.push(applied_row(row)?);
        } else {
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| number(row.first().unwrap_or(&None)).unwrap_or_default());
    let log = &catalogue.names[2];
    let Some(first) = rows.first() else {
        return if journal.applied.is_empty() {
            Ok(None)
        } else {
            Err(foreign(log, "it is empty, though revisions are applied"))
        };
    };
    // Before the rows are read: a newer format may have other words in them.
    let is_format = first.get(4).and_then(Option::as_deref) == Some(LogEvent::Format.name());
    let format = first.get(9).and_then(Option::as_deref).unwrap_or_default();
    check_format(if is_format { format } else { "" }, log)?;
    let rows = rows.into_iter().map(log_row).collect::<Result<Vec<_>, _>>()?;
    journal.applied.sort_by_key(|row| row.seq);
    journal.last_seq = rows.last().map_or(0, |row| row.seq);
    journal.interrupted = interrupted(rows);
    Ok(Some(journal))
}

/// The rows of the last step that began, if it has not ended and something of it ran or may have.
fn interrupted(rows: Vec<LogRow>) -> Vec<LogRow> {
    let Some(began) = rows.iter().rposition(|row| row.event == LogEvent::Began) else {
        return Vec::new();
    };
    let revision = rows[began].revision.clone();
    let rows: Vec<LogRow> =
        rows.into_iter().skip(began).filter(|row| row.revision == revision).collect();
    let ended = rows.iter().any(|row| row.event == LogEvent::Done && row.statement.is_none());
    let ran = |row: &LogRow| matches!(row.event, LogEvent::Done | LogEvent::Batch);
    // An intent that nothing answers may have run.
    let open = |at: usize, row: &LogRow| {
        row.event == LogEvent::Intent
            && !rows[at..]
                .iter()
                .any(|later| later.event == LogEvent::Failed && later.statement == row.statement)
    };
    if !ended && rows.iter().enumerate().any(|(at, row)| ran(row) || open(at, row)) {
        rows
    } else {
        Vec::new()
    }
}

/// Reads the whole log.
pub(super) async fn read_log<E: Connection + ?Sized>(
    connection: &mut E,
) -> Result<Vec<LogRow>, DbError> {
    let log = &connection.tables().log;
    let sql = format!("SELECT {} FROM {log} ORDER BY seq", LOG_COLUMNS.join(", "));
    connection.query(&sql).await?.into_iter().map(log_row).collect()
}

/// Reads the stored text of a revision.
pub(super) async fn read_text<E: Connection + ?Sized>(
    connection: &mut E,
    id: &Id,
    up_digest: &Digest,
    down_digest: &Digest,
) -> Result<Option<TextRow>, DbError> {
    let dialect = connection.dialect();
    let literal = |text: &str| quote_literal(dialect, text);
    let sql = format!(
        "SELECT {} FROM {} WHERE id = {} AND up_digest = {} AND down_digest = {}",
        TEXT_COLUMNS.join(", "),
        connection.tables().text,
        literal(id.as_str()),
        literal(up_digest.as_str()),
        literal(down_digest.as_str())
    );
    connection.query(&sql).await?.into_iter().next().map(text_row).transpose()
}

/// Makes the tables where they are not there; somebody else may be making them at the same time.
pub(super) async fn ensure(
    connection: &mut dyn Connection,
    catalogue: &Catalogue,
    first: &LogRow,
) -> Result<(), DbError> {
    let words = sql::dialect(connection.dialect());
    let mut statements = words.create_journal(connection.tables(), first);
    if words.transactional_ddl() {
        statements.insert(0, words.begin().to_owned());
        statements.push("COMMIT".to_owned());
    }
    let mut failure = None;
    for _ in 0..5 {
        if is_ready(connection, catalogue).await? {
            return Ok(());
        }
        if let Some(error) = failure.take_if(|error| !is_collision(error)) {
            return Err(with_hint(error));
        }
        if let Err(error) = connection.batch(&statements).await {
            if matches!(error, DbError::Lost(_)) {
                return Err(error);
            }
            if words.transactional_ddl() {
                // SQLite may have ended the transaction by itself, and then refuses.
                let _ = connection.batch(&["ROLLBACK".to_owned()]).await;
            }
            failure = Some(error);
        }
    }
    if is_ready(connection, catalogue).await? {
        return Ok(());
    }
    Err(failure.unwrap_or_else(|| foreign(&catalogue.names[2], "its first row cannot be written")))
}

/// Whether the tables are there with their first row.
async fn is_ready(connection: &mut dyn Connection, catalogue: &Catalogue) -> Result<bool, DbError> {
    if !matches!(find(connection, catalogue).await?, Found::All) {
        return Ok(false);
    }
    let log = &connection.tables().log;
    let sql = format!("SELECT event, detail FROM {log} WHERE seq = 1");
    let Some(row) = connection.query(&sql).await?.into_iter().next() else {
        return Ok(false);
    };
    let is_format = row.first().is_some_and(|event| event.as_deref() == Some("format"));
    let format = row.get(1).and_then(Option::as_deref).unwrap_or_default();
    check_format(if is_format { format } else { "" }, &catalogue.names[2])?;
    Ok(true)
}

/// What a server says when another connection made the same thing at the same time.
fn is_collision(error: &DbError) -> bool {
    let (DbError::Statement(error) | DbError::LockTimeout(error)) = error else { return false };
    // PostgreSQL's SQLSTATEs; MySQL's and SQLite's numbers. 40P01 and 1213 are deadlocks.
    const CODES: [&str; 10] =
        ["23505", "40P01", "42P07", "42710", "XX000", "1050", "1062", "1213", "1555", "1684"];
    error.code.as_deref().is_some_and(|code| CODES.contains(&code))
}

fn with_hint(error: DbError) -> DbError {
    match error {
        DbError::Statement(mut error) => {
            error.message = format!("the journal's tables cannot be created: {}", error.message);
            error.position = None;
            error.hint.get_or_insert_with(|| {
                "grant this user the right to create tables there, or name another schema with `table_schema` in \
                 store.yaml"
                    .to_owned()
            });
            DbError::Statement(error)
        }
        other => other,
    }
}

/// The revisions in Alembic's table, whose name `sql` asks for.
pub(super) async fn read_alembic(
    connection: &mut dyn Connection,
    sql: &str,
) -> Result<Option<Vec<String>>, DbError> {
    let rows = connection.query(sql).await?;
    let Some(table) = rows.into_iter().flatten().flatten().next() else { return Ok(None) };
    let sql = format!("SELECT version_num FROM {table} ORDER BY version_num");
    Ok(Some(connection.query(&sql).await?.into_iter().flatten().flatten().collect()))
}

fn number(value: &Option<String>) -> Option<i64> {
    value.as_deref()?.parse().ok()
}

fn ids(text: &str) -> Vec<Id> {
    text.split_whitespace().map(Id::from).collect()
}

/// A value that the table never leaves empty.
fn must(value: Option<String>, column: &str) -> Result<String, DbError> {
    value.ok_or_else(|| unreadable(&format!("a row without {column}")))
}

fn row_of<const N: usize>(row: Row) -> Result<[Option<String>; N], DbError> {
    let mut row = row;
    row.truncate(N);
    row.try_into().map_err(|_| unreadable("a row that is too short"))
}

fn applied_row(row: Row) -> Result<AppliedRow, DbError> {
    let [seq, id, up, down, parents, depends_on, how, at, who] = row_of(row)?;
    let how = must(how, "how")?;
    Ok(AppliedRow {
        id: Id::from(must(id, "id")?),
        seq: number(&seq).ok_or_else(|| unreadable("a row without seq"))?,
        up_digest: Digest::stored(must(up, "up_digest")?),
        down_digest: Digest::stored(must(down, "down_digest")?),
        parents: ids(&parents.unwrap_or_default()),
        depends_on: ids(&depends_on.unwrap_or_default()),
        how: [How::Ran, How::Stamped]
            .into_iter()
            .find(|known| known.name() == how)
            .ok_or_else(|| unreadable(&format!("a revision that came as {how:?}")))?,
        at: at.unwrap_or_default(),
        who: who.unwrap_or_default(),
    })
}

fn log_row(row: Row) -> Result<LogRow, DbError> {
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
        event: LogEvent::from_name(&event)
            .ok_or_else(|| unreadable(&format!("the event {event:?}")))?,
        revision: revision.map(Id::from),
        direction,
        statement: number(&statement),
        digest: digest.map(Digest::stored),
        detail,
    })
}

fn text_row(row: Row) -> Result<TextRow, DbError> {
    let [id, up_digest, down_digest, file, body, up, down] = row_of(row)?;
    let statements = |text: &str| -> Result<Vec<StoredStatement>, DbError> {
        serde_json::from_str(text).map_err(|_| unreadable("a text whose statements cannot be read"))
    };
    Ok(TextRow {
        id: Id::from(must(id, "id")?),
        up_digest: Digest::stored(must(up_digest, "up_digest")?),
        down_digest: Digest::stored(must(down_digest, "down_digest")?),
        file: must(file, "file")?,
        text: must(body, "body")?,
        up: statements(&must(up, "up")?)?,
        down: down.as_deref().map(statements).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(rows: &[(LogEvent, &str, Option<i64>)]) -> Vec<LogRow> {
        rows.iter()
            .enumerate()
            .map(|(at, (event, revision, statement))| LogRow {
                seq: at as i64 + 1,
                run: String::new(),
                at: String::new(),
                who: String::new(),
                event: *event,
                revision: (!revision.is_empty()).then(|| Id::from(revision)),
                direction: Some(Direction::Up),
                statement: *statement,
                digest: None,
                detail: None,
            })
            .collect()
    }

    #[test]
    fn a_step_is_interrupted_once_something_of_it_ran_or_may_have() {
        use LogEvent::{Batch, Began, Done, Failed, Format, Intent};
        let began = [(Format, "", None), (Done, "a", None), (Began, "b", None)];
        for (after, interrupted_rows) in [
            (vec![], 0),
            (vec![(Intent, "b", Some(0))], 2),
            (vec![(Intent, "b", Some(0)), (Failed, "b", Some(0))], 0),
            (vec![(Failed, "b", Some(0))], 0),
            (vec![(Intent, "b", Some(0)), (Done, "b", Some(0))], 3),
            (vec![(Done, "b", Some(0)), (Failed, "b", Some(1))], 3),
            (vec![(Intent, "b", Some(0)), (Failed, "b", Some(0)), (Intent, "b", Some(0))], 4),
            (vec![(Done, "b", Some(0)), (Done, "b", None)], 0),
            (vec![(Failed, "b", Some(0)), (Done, "c", None)], 0),
            (vec![(Batch, "b", Some(0)), (Failed, "b", Some(0))], 3),
            (vec![(Failed, "b", Some(0)), (Began, "b", None), (Done, "b", Some(0))], 2),
        ] {
            let rows: Vec<_> = began.iter().cloned().chain(after.clone()).collect();
            assert_eq!(interrupted(log(&rows)).len(), interrupted_rows, "{after:?}");
        }
    }
}
