//! Reads and makes the journal's tables; the same on every engine but for the catalogue's query.

mod make;
mod rows;
mod texts;

use std::array;
use std::collections::{BTreeMap, BTreeSet};

use super::{Connection, DbError, Journal};
use crate::model::{
    Definition, JournalFormat, LogEvent, LogRow, Name, ObjectKey, ObjectKind, RawCatalog, RawObject,
};
use crate::sql::{
    self, APPLIED_COLUMNS, LOG_COLUMNS, OLD_TEXT_COLUMNS, PIECE_COLUMNS, TEXT_COLUMNS,
};
use rows::{applied_row, log_row, number};

pub(super) use make::{convert, ensure, is_collision, with_hint};
pub use texts::Damage;
pub(super) use texts::{check_texts, read_text};

/// The columns that the tables which every format has, the first three of [`names`], have in each.
pub(super) const COLUMNS: [&[&str]; 3] = [&APPLIED_COLUMNS, OLD_TEXT_COLUMNS, &LOG_COLUMNS];

/// How the tables are found on an engine.
#[derive(Clone)]
pub(super) struct Catalogue {
    /// The tables' names without schema or quotes: `rev_applied`, `rev_text`, `rev_log`, `rev_piece`, and
    /// `rev_lock`, which only a lock with a lease makes.
    pub names: [String; 5],
    /// A query for (table, `1` if it is a table and nothing else, column).
    pub query: String,
    /// What a number is cast to so that it becomes a text.
    pub text_type: &'static str,
    /// The id of the store that is at work; `None`: it has none, or any journal is to be read.
    pub store: Option<String>,
}

impl Catalogue {
    fn log(&self) -> &str {
        &self.names[2]
    }
}

/// The tables' names for a prefix.
pub(super) fn names(prefix: &str) -> [String; 5] {
    ["applied", "text", "log", "piece", "lock"].map(|name| format!("{prefix}_{name}"))
}

/// The journals that a catalog holds: those of other stores, under another prefix, which are no part of
/// what an application has.
pub(super) fn others(catalog: &RawCatalog) -> Vec<ObjectKey> {
    let has = |key: &ObjectKey, columns: &[&str]| match catalog.objects.get(key) {
        Some(RawObject { definition: Definition::Table(table), .. }) => {
            columns.iter().all(|name| table.columns.iter().any(|own| own.name == **name))
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
        let [applied, text, _, piece, lock] = names(prefix)
            .map(|name| ObjectKey { name: Name { name, ..log.name.clone() }, ..log.clone() });
        // Its own name may be in another case.
        let whole = [applied, text, log.clone()];
        let is_whole = whole.iter().zip(COLUMNS).all(|(key, columns)| has(key, columns));
        is_whole.then(|| whole.into_iter().chain([piece, lock]))
    });
    whole.flatten().collect()
}

/// What is there of the tables.
enum Found {
    Nothing,
    /// Some are missing, or the first log row is: whoever makes them has not finished.
    Unfinished,
    /// All of a format that is read. `add_columns`: the texts lack what `rev1` did not have.
    All {
        add_columns: bool,
    },
}

const FOREIGN: &str =
    "give the journal other names with `table_prefix` or `table_schema` in store.yaml";

pub(super) fn foreign(name: &str, why: &str) -> DbError {
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

/// The format that a first row says, if it is one that is read.
fn check_format(detail: &str, log: &str) -> Result<JournalFormat, DbError> {
    let format = JournalFormat::parse(detail);
    let (current, old) = (JournalFormat::CURRENT, JournalFormat::OLD);
    if format.name == current || format.name == old {
        Ok(format)
    } else if format.name.starts_with("rev") {
        Err(DbError::Journal {
            message: format!(
                "the journal of this database has the format {}, and this rev supports {current} and {old}",
                format.name
            ),
            hint: "use a newer rev".to_owned(),
        })
    } else {
        Err(foreign(log, "its first row does not name the format"))
    }
}

/// Refuses a journal of another store.
fn check_store(format: &JournalFormat, own: Option<&str>) -> Result<(), DbError> {
    match (format.store.as_deref(), own) {
        (Some(there), Some(own)) if there != own => Err(DbError::Journal {
            message: format!(
                "the journal of this database belongs to another store: its id is {there}, and this store's \
                 is {own}"
            ),
            hint: "give this store's journal tables of its own with `table_prefix` in store.yaml; if it is \
                   the same store, `rev stamp --accept-store` records the new id"
                .to_owned(),
        }),
        _ => Ok(()),
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
    let [applied, text, log, piece, lock] = &catalogue.names;
    // The lock is there before the journal is.
    tables.remove(lock);
    let wanted: [(&String, &[&str]); 4] = [
        (applied, &APPLIED_COLUMNS),
        (text, &TEXT_COLUMNS),
        (log, &LOG_COLUMNS),
        (piece, &PIECE_COLUMNS),
    ];
    if tables.is_empty() {
        return Ok(Found::Nothing);
    }
    let fault = |wanted: &[(&String, &[&str])]| -> Option<Fault> {
        let mut missing = None;
        for (name, columns) in wanted {
            match tables.get(*name) {
                None => missing = Some(Fault::Missing((*name).clone())),
                Some((false, _)) => {
                    return Some(Fault::Foreign(foreign(name, "it is not a table")));
                }
                Some((true, there)) => {
                    let lacking = columns.iter().find(|column| !there.contains(**column));
                    if let Some(column) = lacking {
                        let why = format!("it has no column {column}");
                        return Some(Fault::Foreign(foreign(name, &why)));
                    }
                }
            }
        }
        missing
    };
    let Some(found) = fault(&wanted) else { return Ok(Found::All { add_columns: false }) };
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
    let format = first.as_deref().map(|detail| check_format(detail, log)).transpose()?;
    let found = match &format {
        Some(format) if format.is_old() => {
            let old: [_; 3] = array::from_fn(|at| (&catalogue.names[at], COLUMNS[at]));
            match fault(&old) {
                None => {
                    let has = |column: &&str| {
                        tables.get(text).is_some_and(|(_, there)| there.contains(*column))
                    };
                    return Ok(Found::All { add_columns: !TEXT_COLUMNS.iter().all(has) });
                }
                Some(found) => found,
            }
        }
        _ => found,
    };
    match (found, format) {
        (Fault::Foreign(error), _) => Err(error),
        (Fault::Missing(name), Some(_)) => Err(DbError::Journal {
            message: format!("{name} is missing, though {log} is there"),
            hint:
                "restore it from a backup; `rev stamp` on a database without any of the journal's \
                   tables starts a new journal"
                    .to_owned(),
        }),
        (Fault::Missing(_), None) => Ok(Found::Unfinished),
    }
}

/// What is wrong with tables.
enum Fault {
    Missing(String),
    Foreign(DbError),
}

/// Reads the applied set and where the log ends.
pub(super) async fn read(
    connection: &mut dyn Connection,
    catalogue: &Catalogue,
) -> Result<Option<Journal>, DbError> {
    let add_columns = match find(connection, catalogue).await? {
        Found::Nothing | Found::Unfinished => return Ok(None),
        Found::All { add_columns } => add_columns,
    };
    // One statement sees one state of the database, so that no transaction is needed. Of the log it
    // takes the first row, the last, and those of the last step that has begun and not ended.
    let (applied, log) = (&connection.tables().applied, &connection.tables().log);
    let cast = catalogue.text_type;
    let began = format!("(SELECT max(seq) FROM {log} WHERE event IN ('began', 'aborting'))");
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
    let log = catalogue.log();
    let Some(first) = rows.first() else {
        return if journal.applied.is_empty() {
            Ok(None)
        } else {
            Err(foreign(log, "it is empty, though revisions are applied"))
        };
    };
    // Before the rows are read: a newer format may have other words in them.
    let is_format = first.get(4).and_then(Option::as_deref) == Some(LogEvent::Format.name());
    let detail = first.get(9).and_then(Option::as_deref).unwrap_or_default();
    let format = check_format(if is_format { detail } else { "" }, log)?;
    check_store(&format, catalogue.store.as_deref())?;
    journal.conversion = conversion(connection, &format, catalogue.store.as_deref(), add_columns);
    journal.format = format;
    let rows = rows.into_iter().map(log_row).collect::<Result<Vec<_>, _>>()?;
    journal.applied.sort_by_key(|row| row.seq);
    journal.last_seq = rows.last().map_or(0, |row| row.seq);
    journal.interrupted = interrupted(rows);
    Ok(Some(journal))
}

/// What is to be done to the tables before the next row is written: they take the present format, and the
/// id of a store that has one.
fn conversion<E: Connection + ?Sized>(
    connection: &E,
    format: &JournalFormat,
    store: Option<&str>,
    add_columns: bool,
) -> Vec<String> {
    let (words, tables) = (sql::dialect(connection.dialect()), connection.tables());
    let mut target = format.clone();
    target.store = target.store.or(store.map(str::to_owned));
    let mut statements = Vec::new();
    if format.is_old() {
        target.name = JournalFormat::CURRENT.to_owned();
        statements = words.convert_journal(tables, add_columns);
    }
    if target != *format {
        statements.push(words.set_format(tables, &target.to_string()));
    }
    statements
}

/// The rows of the last step that began, if it has not ended and something of it ran or may have.
fn interrupted(rows: Vec<LogRow>) -> Vec<LogRow> {
    let begins = |row: &LogRow| matches!(row.event, LogEvent::Began | LogEvent::Aborting);
    let Some(began) = rows.iter().rposition(begins) else {
        return Vec::new();
    };
    let revision = rows[began].revision.clone();
    let rows: Vec<LogRow> =
        rows.into_iter().skip(began).filter(|row| row.revision == revision).collect();
    let ended = rows.iter().any(|row| row.event == LogEvent::Done && row.statement.is_none());
    // What is to be taken back by an abort did run.
    let ran =
        |row: &LogRow| matches!(row.event, LogEvent::Done | LogEvent::Batch | LogEvent::Aborting);
    // An intent that nothing answers may have run.
    let open = |at: usize, row: &LogRow| {
        row.event == LogEvent::Intent
            && !rows[at..]
                .iter()
                .any(|later| later.event.did_nothing() && later.statement == row.statement)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Direction, Id};

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
        use LogEvent::{Aborting, Batch, Began, Done, Failed, Format, Intent};
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
            (vec![(Done, "b", Some(0)), (Aborting, "b", None)], 1),
            (vec![(Done, "b", Some(0)), (Aborting, "b", None), (Done, "b", None)], 0),
            (vec![(Failed, "b", Some(0)), (Began, "b", None), (Done, "b", Some(0))], 2),
        ] {
            let rows: Vec<_> = began.iter().cloned().chain(after.clone()).collect();
            assert_eq!(interrupted(log(&rows)).len(), interrupted_rows, "{after:?}");
        }
    }
}
