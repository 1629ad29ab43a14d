//! Opens a SQLite file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::error::Error;
use sqlx::sqlite::SqliteConnectOptions;

use super::{RUNNING_CANCELLED, Sqlite, error, lock::LockFile};
use crate::db::link::Link;
use crate::db::url::{decoded, has_driver, sqlite_of_driver, unknown};
use crate::db::{Cancel, ConnectOptions, Connection, DbError, journal};
use crate::sql::JournalTables;
use crate::store::LockMode;
use crate::text::{Dialect, quote_ident, quote_literal};

/// How many of SQLite's own instructions run between two looks at the wish to cancel: about a
/// millisecond.
const OPS_BETWEEN_LOOKS: i32 = 10_000;

/// What a revision may change for the connection, and may change back inside a transaction.
/// `foreign_keys` is silently left alone there.
const PRAGMAS: &[&str] = &[
    "foreign_keys",
    "defer_foreign_keys",
    "ignore_check_constraints",
    "legacy_alter_table",
    "recursive_triggers",
    "reverse_unordered_selects",
    "automatic_index",
    "cell_size_check",
    "query_only",
    "read_uncommitted",
    "secure_delete",
    "trusted_schema",
    "writable_schema",
];

/// As above, but an error inside a transaction.
const PRAGMAS_OUTSIDE: &[&str] = &["foreign_keys", "synchronous", "temp_store"];

/// What the address says.
struct Address {
    /// `None`: in memory.
    path: Option<PathBuf>,
    read_only: bool,
    create: bool,
    immutable: bool,
    /// Whether the path is one of SQLite's own `file:` addresses.
    is_uri: bool,
    /// The names of the options that are passed over.
    passed_over: Vec<String>,
}

/// What Python's drivers are told, and no schema depends on.
const PASSED_OVER: &[&str] = &[
    "autocommit",
    "cached_statements",
    "check_same_thread",
    "detect_types",
    "isolation_level",
    "iter_chunk_size",
    "timeout",
];

fn parse(url: &str) -> Result<Address, DbError> {
    let mut address = Address {
        path: None,
        read_only: false,
        create: false,
        immutable: false,
        is_uri: false,
        passed_over: Vec::new(),
    };
    let of_driver = has_driver(url);
    let (path, query) = if of_driver {
        sqlite_of_driver(url)?
    } else {
        let rest = url.split_once(':').map_or("", |(_, rest)| rest);
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        rest.split_once('?').unwrap_or((rest, ""))
    };
    // Where other urls have a user and a password, somebody has put one.
    let place = path.split('/').next().unwrap_or_default();
    if place.split_once(':').is_some_and(|(first, rest)| first != "file" && rest.contains('@')) {
        return Err(DbError::Url("SQLite has no users and no passwords: sqlite://PATH".to_owned()));
    }
    let (mut in_memory, mut is_uri) = (false, false);
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match (&*key, &*value) {
            ("mode", "ro") => address.read_only = true,
            ("mode", "rw") | ("cache", "private" | "shared") => {}
            ("mode", "rwc") => address.create = true,
            ("mode", "memory") => in_memory = true,
            ("immutable", "1" | "true") => address.immutable = true,
            ("immutable", "0" | "false") => {}
            ("mode", _) => {
                return Err(DbError::Url("mode is one of ro, rw, rwc, memory".to_owned()));
            }
            ("cache", _) => {
                return Err(DbError::Url("cache is one of private, shared".to_owned()));
            }
            ("immutable", _) => return Err(DbError::Url("immutable is 0 or 1".to_owned())),
            ("uri", _) if of_driver => is_uri = matches!(&*value, "true" | "1"),
            (key, _) if PASSED_OVER.contains(&key) => address.passed_over.push(key.to_owned()),
            (key, _) => return Err(unknown(url, key)),
        }
    }
    // In SQLAlchemy only a `file:` is percent-encoded.
    let file = path.strip_prefix("file:").filter(|_| is_uri);
    address.is_uri = file.is_some();
    let path = match file {
        None if of_driver => path.to_owned(),
        file => decoded(file.unwrap_or(path))?,
    };
    if !in_memory && path != ":memory:" && !(of_driver && path.is_empty()) {
        if path.is_empty() {
            return Err(DbError::Url("it names no file: sqlite://PATH".to_owned()));
        }
        address.path = Some(PathBuf::from(path));
    }
    Ok(address)
}

/// The names of the options of an address that are passed over.
pub(in crate::db) fn passed_over(url: &str) -> Result<Vec<String>, DbError> {
    Ok(parse(url)?.passed_over)
}

/// The address with an absolute path, for the same readers as before.
pub(in crate::db) fn absolute(url: &str, base: &Path) -> Result<String, DbError> {
    let parsed = parse(url)?;
    let Some(path) = parsed.path else { return Ok(url.to_owned()) };
    let path = std::path::absolute(base.join(path))
        .map_err(|error| DbError::Url(format!("its path is none: {error}")))?;
    let path = path.to_string_lossy();
    let scheme = url.split(':').next().unwrap_or_default();
    let mut address = match (has_driver(url), parsed.is_uri) {
        (true, true) => format!("{scheme}:///file:{}", encoded(&path)),
        (true, false) => format!("{scheme}:///{path}"),
        (false, _) => format!("sqlite://{}", encoded(&path)),
    };
    if let Some((_, options)) = url.split_once('?') {
        address = format!("{address}?{options}");
    }
    Ok(address)
}

/// A path, percent-encoded.
fn encoded(path: &str) -> String {
    let mut encoded = String::new();
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Opens the file, or finds that it is still to be made.
pub(in crate::db) async fn connect(
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DbError> {
    Ok(Box::new(open(options, Arc::default(), false).await?))
}

/// Makes the file if it is still not there, and opens it.
pub(super) async fn make(
    options: &ConnectOptions,
    state: Arc<AtomicU8>,
) -> Result<Sqlite, DbError> {
    open(options, state, true).await
}

/// Opens the file and finds out what the session is like. One that is not there is an empty database
/// in memory until somebody `makes` it.
async fn open(
    options: &ConnectOptions,
    state: Arc<AtomicU8>,
    makes: bool,
) -> Result<Sqlite, DbError> {
    let address = parse(&options.url)?;
    let mut display = address
        .path
        .as_ref()
        .map_or_else(|| ":memory:".to_owned(), |path| path.display().to_string());
    let mut path = address.path.as_ref().map(|path| options.base.join(path));
    fit(options, &display)?;
    let may_create = options.create || address.create;
    let mut to_make = None;
    if let Some(file) = &path {
        let is_there = look_at(file).map_err(|(message, hint)| failed(&display, message, hint))?;
        if !(is_there || may_create && makes) {
            path = None;
            match may_create {
                true => to_make = Some(options.clone()),
                false => display.push_str(" (does not exist yet)"),
            }
        }
    }

    // Foreign keys are off unless asked for, as in SQLite itself and its own client.
    let mut file = SqliteConnectOptions::new()
        .foreign_keys(false)
        .busy_timeout(options.statement_lock_timeout.min(Duration::from_secs(24 * 3600)))
        .create_if_missing(may_create && !address.read_only)
        .read_only(address.read_only)
        .immutable(address.immutable)
        .disable_statement_logging();
    file = match &path {
        Some(path) => file.filename(path),
        None => file.in_memory(true).filename(":memory:"),
    };
    let connection = file.connect().await.map_err(|error| cannot_open(&display, &error))?;
    let is_there = path.is_some() || address.path.is_none();
    let place = Place { display, path, is_there, to_make };
    set_up(Link::Own(connection), place, state, options).await
}

/// Takes a connection of a pool.
#[cfg(feature = "sqlx-0_9")]
pub(in crate::db) async fn lend(
    pool: &sqlx::SqlitePool,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DbError> {
    // What sqlx calls a database in memory is a name of its own, or starts as SQLite's `file:` does.
    let name = pool.connect_options().get_filename().to_owned();
    let path = fs_err::metadata(&name).is_ok_and(|file| file.is_file()).then(|| name.clone());
    let display = match &path {
        Some(path) => path.display().to_string(),
        None => ":memory:".to_owned(),
    };
    fit(options, &display)?;
    let lent = pool.acquire().await.map_err(|error| crate::db::lent::refused(&display, &error))?;
    let place = Place { display, path, is_there: true, to_make: None };
    Ok(Box::new(set_up(Link::lent(lent), place, Arc::default(), options).await?))
}

/// Refuses what SQLite does not have.
fn fit(options: &ConnectOptions, display: &str) -> Result<(), DbError> {
    if options.role.is_some() {
        let hint = "remove `role` of this database from store.yaml";
        return Err(failed(display, "SQLite has no roles".to_owned(), hint));
    }
    if options.lock == LockMode::Lease {
        let hint = "remove `lock` of this database from store.yaml";
        let message =
            "the lock of a SQLite database is its file's and has no lease (`lock: lease`)";
        return Err(failed(display, message.to_owned(), hint));
    }
    if options.table_schema.as_ref().is_some_and(|schema| schema != "main") {
        let hint = "remove `table_schema` of this database from store.yaml";
        return Err(failed(display, "SQLite has no schemas".to_owned(), hint));
    }
    Ok(())
}

fn failed(display: &str, message: String, hint: &str) -> DbError {
    DbError::Connect { database: display.to_owned(), message, hint: Some(hint.to_owned()) }
}

fn cannot_open(display: &str, error: &Error) -> DbError {
    let primary = match error {
        Error::Database(error) => error::primary(&**error),
        _ => 0,
    };
    let message = crate::db::error::words(error);
    let hint = match primary {
        26 => {
            let message = "the file is not a SQLite database".to_owned();
            let hint =
                "it may be encrypted, damaged or another kind of file; correct the path in the url";
            return failed(display, message, hint);
        }
        5 | 6 => "another program is using the file: try again in a moment",
        8 | 13 => "let this user write to the file and its folder",
        _ => "check that this user may read and write the file and its folder",
    };
    failed(display, message, hint)
}

/// Where a database is.
struct Place {
    display: String,
    /// `None`: in memory, or still to be made.
    path: Option<PathBuf>,
    is_there: bool,
    to_make: Option<ConnectOptions>,
}

/// Finds out what the session is like.
async fn set_up(
    mut connection: Link<sqlx::Sqlite>,
    place: Place,
    state: Arc<AtomicU8>,
    options: &ConnectOptions,
) -> Result<Sqlite, DbError> {
    let Place { display, path, is_there, to_make } = place;
    let cannot_open = |error: Error| cannot_open(&display, &error);
    let looked_at = Arc::clone(&state);
    connection
        .lock_handle()
        .await
        .map_err(cannot_open)?
        .set_progress_handler(OPS_BETWEEN_LOOKS, move || {
            looked_at.load(std::sync::atomic::Ordering::Relaxed) != RUNNING_CANCELLED
        });

    // Reading the version reads the file's header, and so finds a file that is no database.
    let mut names: Vec<&str> = PRAGMAS.iter().chain(PRAGMAS_OUTSIDE).copied().collect();
    names.insert(0, "schema_version");
    names.push("busy_timeout");
    let sql: String = names.iter().map(|name| format!("PRAGMA main.{name};")).collect();
    let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
        .fetch_all(&mut *connection)
        .await
        .map_err(cannot_open)?;
    let mut values = rows.iter().map(super::texts);
    let mut back = Vec::new();
    for name in names {
        let value = values.next().transpose()?.and_then(|row| row.into_iter().next().flatten());
        back.push((name, value.unwrap_or_default()));
    }
    let set = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .filter_map(|name| back.iter().find(|(known, _)| known == name))
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("PRAGMA {name} = {value}"))
            .collect()
    };
    let mut reset = set(PRAGMAS);
    reset.push(format!("PRAGMA busy_timeout = {}", options.statement_lock_timeout.as_millis()));
    let reset_outside = set(PRAGMAS_OUTSIDE);
    let session = [set(PRAGMAS), set(PRAGMAS_OUTSIDE), set(&["busy_timeout"])].concat();
    let on_lent = if connection.is_lent() { reset.last() } else { None };
    for sql in on_lent.into_iter().chain(&options.on_connect) {
        let ran = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.clone())).execute(&mut *connection).await;
        if let Err(error) = ran {
            return Err(crate::db::setup_failed(&display, "on_connect", error::of(error)));
        }
    }

    let names = journal::names(&options.table_prefix);
    let qualified = |name: &String| format!("main.{}", quote_ident(Dialect::Sqlite, name));
    let tables = JournalTables::of(names.each_ref().map(qualified));
    Ok(Sqlite {
        connection,
        state,
        stop: Cancel::default(),
        is_there,
        lock: path.as_deref().map(LockFile::beside),
        display,
        tables,
        catalogue: journal::Catalogue {
            query: catalogue(&names),
            names,
            text_type: "text",
            store: options.store.clone(),
        },
        session,
        reset,
        reset_outside,
        on_connect: options.on_connect.clone(),
        is_touched: false,
        to_make,
    })
}

/// Finds out beforehand what SQLite would call "unable to open database file". Says whether the file
/// is there.
fn look_at(path: &Path) -> Result<bool, (String, &'static str)> {
    match fs_err::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            Err(("it is a folder".to_owned(), "correct the path in the url"))
        }
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            if folder.is_some_and(|folder| !folder.is_dir()) {
                return Err((
                    "the folder of the file does not exist".to_owned(),
                    "create the folder, or correct the path in the url",
                ));
            }
            Ok(false)
        }
        Err(error) => {
            Err((error.to_string(), "check that this user may enter the folder of the file"))
        }
    }
}

/// The columns of whatever has the names of the journal's tables.
fn catalogue(names: &[String; 5]) -> String {
    let literals: Vec<String> =
        names.iter().map(|name| quote_literal(Dialect::Sqlite, name)).collect();
    // The names are given back as they were asked for, whatever the case they are stored in.
    let wanted: Vec<String> =
        literals.iter().map(|name| format!("SELECT {name} AS name")).collect();
    format!(
        "SELECT w.name, m.type = 'table', p.name FROM ({}) w \
         JOIN main.sqlite_master m ON m.name = w.name COLLATE NOCASE \
         LEFT JOIN pragma_table_info(m.name, 'main') p",
        wanted.join(" UNION ALL ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file_or_memory() {
        for (url, path) in [
            ("sqlite://store.db", Some("store.db")),
            ("sqlite:store.db", Some("store.db")),
            ("sqlite:///var/x.db", Some("/var/x.db")),
            ("sqlite:/var/x.db?mode=ro", Some("/var/x.db")),
            ("sqlite://a%3Fb%20%C3%BC.db", Some("a?b ü.db")),
            ("sqlite::memory:", None),
            ("sqlite://:memory:", None),
            ("sqlite://?mode=memory", None),
            ("sqlite+aiosqlite:///store.db", Some("store.db")),
            ("sqlite+aiosqlite:////var/x.db?timeout=5", Some("/var/x.db")),
            ("sqlite+pysqlite:///a%20b#c.db", Some("a%20b#c.db")),
            ("sqlite+pysqlite:///file:a%20b.db?uri=true&mode=ro", Some("a b.db")),
            ("sqlite+pysqlite:///file:a.db", Some("file:a.db")),
            ("sqlite+pysqlite:///:memory:", None),
            ("sqlite+pysqlite://", None),
            ("sqlite+pysqlite:///", None),
        ] {
            let address = parse(url).unwrap();
            assert_eq!(address.path.as_deref(), path.map(Path::new), "{url}");
        }
        assert!(parse("sqlite://a.db?mode=ro").unwrap().read_only);
        for url in [
            "sqlite:",
            "sqlite://",
            "sqlite://a.db?mode=xx",
            "sqlite://a.db?key=1",
            "sqlite+aiosqlite://a.db",
            "sqlite+aiosqlite:a.db",
        ] {
            assert!(parse(url).is_err(), "{url}");
        }
    }
}
