//! A connection to a database: connect, lock, journal, execute, cancel.
//! sqlx stays inside this room. One folder a dialect; only this file matches on the dialect.

// What only an engine that was left out would use is no dead code.
#![cfg_attr(
    not(all(feature = "postgres", feature = "mysql", feature = "sqlite")),
    allow(dead_code, unused_imports)
)]

mod cancel;
mod error;
mod journal;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod lease;
#[cfg(not(all(feature = "postgres", feature = "mysql", feature = "sqlite")))]
mod left_out;
#[cfg(feature = "sqlx-0_9")]
pub mod lent;
mod link;
mod lock;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod scratch;
#[cfg(feature = "sqlite")]
mod sqlite;
mod url;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod wait;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tracing::{Instrument as _, debug, debug_span};

use crate::model::{AppliedRow, Catalog, Id, JournalFormat, LogRow, RawCatalog, Schema, TextRow};
use crate::sql::{self, JournalTables};
use crate::store::LockMode;
use crate::text::{CatalogEffect, Dialect, Digest, ObjectName, quote_literal};

pub use cancel::Cancel;
pub use journal::Damage;
#[cfg(not(feature = "mysql"))]
use left_out::mysql;
#[cfg(not(feature = "postgres"))]
use left_out::postgres;
#[cfg(not(feature = "sqlite"))]
use left_out::sqlite;
use link::{close, in_time};
pub use lock::{FRESH, host_name};
use lock::{lock_digest, who};
pub use scratch::{Fence, Scratch};

/// How to connect.
#[derive(Clone)]
pub struct ConnectOptions {
    /// The address, with its password; never shown.
    pub url: String,
    /// The folder that a relative SQLite path starts from.
    pub base: PathBuf,
    /// Whether a SQLite file that is not there is made, on the first write or lock; until then it is
    /// read as an empty database.
    pub create: bool,
    /// The role to take.
    pub role: Option<String>,
    /// SQL to run.
    pub on_connect: Vec<String>,
    /// What the journal's tables begin with.
    pub table_prefix: String,
    /// The schema (or database) that the journal's tables stand in.
    pub table_schema: Option<String>,
    /// What keeps migrators from each other.
    pub lock: LockMode,
    /// How long a statement waits for a table.
    pub statement_lock_timeout: Duration,
    /// The id of the store: the journal of another store's is refused. `None`: any is read.
    pub store: Option<String>,
    /// How long a server that is waited for may show no sign of life; `None`: for ever.
    pub silent_after: Option<Duration>,
}

/// What the server says of a statement that failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerError {
    /// Its own words.
    pub message: String,
    /// SQLSTATE, or the engine's error number.
    pub code: Option<String>,
    /// Where in the statement, in characters from 0.
    pub position: Option<usize>,
    /// Its own detail.
    pub detail: Option<String>,
    /// Its own hint.
    pub hint: Option<String>,
}

impl ServerError {
    /// What is wrong in our own words, and what to do.
    pub fn new(message: impl Into<String>, hint: Option<&str>) -> Self {
        ServerError {
            message: message.into(),
            hint: hint.map(str::to_owned),
            ..ServerError::default()
        }
    }
}

impl std::fmt::Display for ServerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// What can go wrong with a connection. No text holds a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// The address is not one.
    #[error("the database url is invalid: {0}")]
    Url(String),
    /// No connection: the server is down, refuses, or the file is not there.
    #[error("cannot connect to {database}: {message}")]
    Connect {
        /// The database, without password.
        database: String,
        /// The server's or the system's own words.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A statement failed.
    #[error("{0}")]
    Statement(ServerError),
    /// A statement waited too long for a lock.
    #[error("{0}")]
    LockTimeout(ServerError),
    /// A statement was cancelled.
    #[error("{0}")]
    Cancelled(ServerError),
    /// The database cannot be written to: read-only, or no space left.
    #[error("{0}")]
    ReadOnly(ServerError),
    /// The connection broke; what was under way may or may not have happened.
    #[error("the connection was lost: {0}")]
    Lost(String),
    /// The journal's tables are there but are not ours, or of a newer format.
    #[error("{message}")]
    Journal {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// Another migrator has taken the lock while this one held it.
    #[error("the migrators' lock was lost: another migrator has taken it")]
    LockLost,
    /// The connection goes through a proxy that pools transactions.
    #[error("the connection goes through a proxy that pools transactions: {0}")]
    Proxy(String),
}

impl DbError {
    /// What the server says of a statement, if it is about one.
    pub fn of_server(&self) -> Option<&ServerError> {
        match self {
            DbError::Statement(server)
            | DbError::LockTimeout(server)
            | DbError::Cancelled(server)
            | DbError::ReadOnly(server) => Some(server),
            _ => None,
        }
    }
}

/// The outcome of asking for the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lock {
    /// It is ours.
    Held,
    /// Another migrator has it: who, as far as the server tells.
    Busy(Option<String>),
}

/// Stops the statement that a connection is running, from outside.
#[async_trait::async_trait]
pub trait Canceller: Send + Sync {
    /// Asks the server to cancel; the statement's own future then ends with its outcome. Says what the
    /// session waited for, as its server calls it.
    ///
    /// # Errors
    /// The second connection cannot be made.
    async fn cancel(&self) -> Result<Option<String>, DbError>;
}

/// A row of a query, every value as text.
pub type Row = Vec<Option<String>>;

/// One connection, never pooled nor silently reconnected.
#[async_trait::async_trait]
pub trait Connection: Send + Sync {
    /// The dialect; for MySQL's protocol told by `VERSION()`.
    fn dialect(&self) -> Dialect;

    /// The database for people: no password in it.
    fn display(&self) -> &str;

    /// Whether the database is there: a file of SQLite's may be still to be made.
    fn is_there(&self) -> bool {
        true
    }

    /// The journal's tables, resolved when connecting.
    fn tables(&self) -> &JournalTables;

    /// Ends what is waited for once somebody asks to stop: a statement of a revision is cancelled at
    /// once, anything else after a moment, and a server that does not answer even so is left some seconds
    /// later ([`DbError::Lost`]).
    fn heed(&mut self, stop: &Cancel);

    /// What was cut short on request and done all the same, such as a COMMIT without its standby; said once.
    fn cut_short(&mut self) -> Option<String> {
        None
    }

    /// Runs one statement of a revision.
    ///
    /// # Errors
    /// As the server answers.
    async fn execute(&mut self, sql: &str) -> Result<(), DbError>;

    /// Runs a text that the server takes only if it is one statement.
    ///
    /// # Errors
    /// As the server answers.
    async fn execute_one(&mut self, sql: &str) -> Result<(), DbError> {
        self.execute(sql).await
    }

    /// Whether DDL runs code there that the role of this connection has made.
    ///
    /// # Errors
    /// As the server answers.
    async fn has_own_event_triggers(&mut self) -> Result<bool, DbError> {
        Ok(false)
    }

    /// Runs `COPY … FROM stdin` with its rows.
    ///
    /// # Errors
    /// As the server answers.
    async fn copy_in(&mut self, sql: &str, data: &str) -> Result<(), DbError>;

    /// Runs statements of our own in as few round trips as the engine can.
    ///
    /// # Errors
    /// The first failure; what follows it does not run.
    async fn batch(&mut self, statements: &[String]) -> Result<(), DbError>;

    /// Asks for rows. The text may hold statements of our own in front (`BEGIN; SELECT …`), all sent
    /// in one round trip: the rows are those of all of them, in order.
    ///
    /// # Errors
    /// As the server answers.
    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DbError>;

    /// Asks for rows, every value as a literal that means exactly the same; NULL is an error, for it is
    /// like nothing.
    ///
    /// # Errors
    /// As the server answers.
    async fn literals(&mut self, sql: &str) -> Result<Vec<Vec<String>>, DbError> {
        let dialect = self.dialect();
        let literal = |value: Option<String>| {
            value.map(|value| quote_literal(dialect, &value)).ok_or_else(null_value)
        };
        let rows = self.query(sql).await?.into_iter();
        rows.map(|row| row.into_iter().map(literal).collect()).collect()
    }

    /// Asks for the migrators' lock, waiting no longer than `wait`. Where that was in vain a part of it may be
    /// held, so that nobody else waits for the rest: [`Connection::unlock`] gives it back. The first time it makes sure that no
    /// pooling proxy is in between, and only then sets PostgreSQL's lock timeout: it would stay behind
    /// with a server connection that others use.
    ///
    /// # Errors
    /// A proxy, or as the server answers.
    async fn try_lock(&mut self, wait: Duration) -> Result<Lock, DbError>;

    /// Whether the lock is still held by this connection.
    ///
    /// # Errors
    /// As the server answers.
    async fn lock_is_held(&mut self) -> Result<bool, DbError>;

    /// A scalar SQL expression that is 1 while this connection holds the lock and 0 when it does not,
    /// so that it can be asked together with other things; `None` where the server knows nothing of
    /// the lock and [`Connection::lock_is_held`] costs no round trip.
    fn lock_test(&self) -> Option<String> {
        None
    }

    /// A statement that has to run in each transaction under the lock, and succeed, for the transaction not
    /// to be committed once another migrator has the lock: [`Connection::lock_test`] then says whether it
    /// is still held. `None`: the server itself sees to that, or the lock is not held.
    fn fence(&self) -> Option<String> {
        None
    }

    /// A scalar SQL expression that is 0 while a part of the server's group is not in reach, which is no
    /// time for a statement that commits by itself; `None`: there is none to ask.
    fn group_test(&self) -> Option<String> {
        None
    }

    /// Who holds the lock right now, as far as the server tells; `None` if nobody does. Whoever asks must
    /// not hold it.
    ///
    /// # Errors
    /// As the server answers.
    async fn lock_holder(&mut self) -> Result<Option<String>, DbError> {
        match self.try_lock(Duration::ZERO).await? {
            Lock::Busy(holder) => Ok(Some(holder.unwrap_or_else(|| "another migrator".to_owned()))),
            Lock::Held => self.unlock().await.map(|()| None),
        }
    }

    /// Frees the lock.
    ///
    /// # Errors
    /// As the server answers.
    async fn unlock(&mut self) -> Result<(), DbError>;

    /// Statements that put the session back to what it was on connecting (then the role);
    /// they may stand in a transaction and never free the lock.
    fn reset(&self) -> Vec<String>;

    /// Statements that go with [`Connection::reset`], for what no transaction lets be put back.
    fn reset_outside(&self) -> &[String] {
        &[]
    }

    /// The store's own `on_connect` statements, to run after a reset.
    fn on_connect(&self) -> &[String];

    /// Stops a running statement of a revision; with none running it does nothing.
    fn canceller(&self) -> Arc<dyn Canceller>;

    /// Whether the catalogue shows an effect as having happened (`Some(true)`), as not having
    /// happened (`Some(false)`), or cannot tell.
    ///
    /// # Errors
    /// As the server answers.
    async fn probe_effect(&mut self, effect: &CatalogEffect) -> Result<Option<bool>, DbError> {
        let Some(sql) = sql::dialect(self.dialect()).probe_effect(effect) else {
            return Ok(None);
        };
        Ok(verdict(&self.query(&format!("SELECT {sql}")).await?))
    }

    /// Whether everything is undone by a rollback that a statement may write, by the names that stand in
    /// it: on MySQL the engine of a table decides, also of one that a trigger or a function writes.
    ///
    /// # Errors
    /// What the server says.
    async fn rolls_back(&mut self, _names: &BTreeSet<String>) -> Result<bool, DbError> {
        Ok(true)
    }

    /// Drops the index if a failed CONCURRENTLY has left it invalid; says whether it did. Only
    /// PostgreSQL leaves any.
    ///
    /// # Errors
    /// As the server answers.
    async fn drop_invalid_index(&mut self, _name: &ObjectName) -> Result<bool, DbError> {
        Ok(false)
    }

    /// Reads the journal; `None` where its tables are not there. Makes nothing.
    ///
    /// # Errors
    /// Tables that are not ours, or of a newer format.
    async fn read_journal(&mut self) -> Result<Option<Journal>, DbError>;

    /// Reads the whole log, oldest first.
    ///
    /// # Errors
    /// As the server answers.
    async fn read_log(&mut self) -> Result<Vec<LogRow>, DbError> {
        journal::read_log(self).await
    }

    /// Reads the stored text of a revision from the journal that was read.
    ///
    /// # Errors
    /// A text that is not what was stored, or as the server answers.
    async fn read_text(
        &mut self,
        journal: &Journal,
        id: &Id,
        up_digest: &Digest,
        down_digest: &Digest,
    ) -> Result<Option<TextRow>, DbError> {
        journal::read_text(self, journal.format.is_old(), id, up_digest, down_digest).await
    }

    /// Looks at the stored texts of all applied revisions: which are missing, and which are not what was
    /// stored.
    ///
    /// # Errors
    /// As the server answers.
    async fn check_texts(&mut self, journal: &Journal) -> Result<Vec<(Id, Damage)>, DbError> {
        journal::check_texts(self, journal.format.is_old()).await
    }

    /// Brings the tables of a journal that was read to the format that is written.
    ///
    /// # Errors
    /// The right to change them is missing, or as the server answers.
    async fn convert_journal(&mut self, journal: &Journal) -> Result<(), DbError> {
        journal::convert(self, &journal.conversion).await
    }

    /// What the server is if it only follows another, in words that name that one where it tells: it takes
    /// no changes, or would keep them to itself.
    fn replica(&self) -> Option<&str> {
        None
    }

    /// Reads the journal from now on whatever store it belongs to.
    fn accept_any_store(&mut self);

    /// Makes the journal's tables where they are not there.
    ///
    /// # Errors
    /// The right to create is missing, or tables of that name are not ours.
    async fn ensure_journal(&mut self, first: &LogRow) -> Result<(), DbError>;

    /// What this database holds, as its server says it.
    ///
    /// # Errors
    /// As the server answers.
    async fn read_raw(&mut self, wanted: Wanted<'_>) -> Result<RawCatalog, DbError>;

    /// What operations are lowered by: the tables, views, triggers and enums of this database, and of
    /// these schemas, too, where not all are read anyhow: a server of MySQL's or MariaDB's may hold any
    /// number of databases that are none of ours.
    ///
    /// # Errors
    /// As the server answers.
    async fn read_schema(&mut self, others: &[String]) -> Result<Schema, DbError> {
        self.read_raw(Wanted::Schema(others)).await.map(Schema::from)
    }

    /// All that this database holds, in the canonical form: what means the same is the same.
    ///
    /// # Errors
    /// As the server answers.
    async fn read_catalog(&mut self) -> Result<Catalog, DbError> {
        let mut raw = self.read_raw(Wanted::All).await?;
        for key in journal::others(&raw) {
            raw.objects.remove(&key);
        }
        Ok(canonical(raw))
    }

    /// The revisions in Alembic's `alembic_version`; `None` where there is no such table.
    ///
    /// # Errors
    /// As the server answers.
    async fn read_alembic(&mut self) -> Result<Option<Vec<String>>, DbError>;

    /// Closes the connection.
    async fn close(self: Box<Self>);
}

/// What is read of a database.
#[derive(Clone, Copy)]
pub enum Wanted<'a> {
    /// What operations are lowered by, and of these databases of the server (MySQL, MariaDB), too.
    Schema(&'a [String]),
    /// All that it holds.
    All,
}

/// What the journal says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    /// The applied set, in the order in which it was applied.
    pub applied: Vec<AppliedRow>,
    /// The last log row's number.
    pub last_seq: i64,
    /// The log rows of a step that has begun and not ended, its `began` row first; empty: none.
    pub interrupted: Vec<LogRow>,
    /// What its first row says.
    pub format: JournalFormat,
    /// What is to be done to the tables before the next row is written; empty: nothing.
    pub conversion: Vec<String>,
}

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Connects.
///
/// # Errors
/// A bad address, or no connection.
pub async fn connect(options: &ConnectOptions) -> Result<Box<dyn Connection>, DbError> {
    let connect = async {
        match url::scheme(&options.url)? {
            Dialect::Postgres => postgres::connect(options).await,
            Dialect::Mysql | Dialect::Mariadb => mysql::connect(options).await,
            Dialect::Sqlite => sqlite::connect(options).await,
        }
    };
    let connection = connect.instrument(debug_span!("connect")).await?;
    debug!(address = connection.display(), dialect = %connection.dialect(), "connected");
    Ok(connection)
}

/// The canonical form of what a server says: what it takes by itself is left out, and what means the
/// same is the same.
fn canonical(raw: RawCatalog) -> Catalog {
    match raw.dialect {
        Dialect::Postgres => postgres::canonical(raw),
        Dialect::Mysql | Dialect::Mariadb => mysql::canonical(raw),
        Dialect::Sqlite => sqlite::canonical(raw),
    }
}

/// Makes a scratch database on the server that `server` leads to (for SQLite in a temporary folder),
/// with the encoding, collation and extensions of the database `like`. Removes what dead processes have
/// left there.
///
/// # Errors
/// A bad address, no connection, the right to create a database is missing, an extension that the
/// server lacks.
pub async fn make_scratch(
    server: &ConnectOptions,
    like: Option<&mut dyn Connection>,
) -> Result<Scratch, DbError> {
    match url::scheme(&server.url)? {
        Dialect::Postgres => postgres::make_scratch(server, like).await,
        Dialect::Mysql | Dialect::Mariadb => mysql::make_scratch(server, like).await,
        Dialect::Sqlite => sqlite::make_scratch(server, like).await,
    }
}

/// Whether a scratch database beside the one of this address stands on a server, on which statements
/// may reach other databases.
///
/// # Errors
/// A bad address.
pub fn scratch_needs_server(url: &str) -> Result<bool, DbError> {
    Ok(match url::scheme(url)? {
        Dialect::Postgres | Dialect::Mysql | Dialect::Mariadb => true,
        Dialect::Sqlite => false,
    })
}

/// The dialect that an address names, without connecting; MySQL's scheme means MySQL.
///
/// # Errors
/// A bad address.
pub fn dialect_of(url: &str) -> Result<Dialect, DbError> {
    url::scheme(url)
}

/// The names of the options of an address that are passed over, as no schema depends on them.
///
/// # Errors
/// A bad address.
pub fn passed_over(url: &str) -> Result<Vec<String>, DbError> {
    match url::scheme(url)? {
        Dialect::Postgres => postgres::passed_over(url),
        Dialect::Mysql | Dialect::Mariadb => mysql::passed_over(url),
        Dialect::Sqlite => sqlite::passed_over(url),
    }
}

/// The address as a program gets it, which may run elsewhere: a path of SQLite's is absolute.
///
/// # Errors
/// A bad address.
pub fn address_for_programs(url: &str, base: &Path) -> Result<String, DbError> {
    match url::scheme(url)? {
        Dialect::Sqlite => sqlite::absolute(url, base),
        Dialect::Postgres | Dialect::Mysql | Dialect::Mariadb => Ok(url.to_owned()),
    }
}

/// A text of somebody else's, with any password of an address in it taken out.
pub fn without_passwords(url: &str, text: &str) -> String {
    url::scrub(url, text)
}

/// The error of a value that has no literal to be compared with.
fn null_value() -> DbError {
    DbError::Statement(ServerError::new("a value is unexpectedly NULL", None))
}

/// Tells that what store.yaml wants of a connection failed.
fn setup_failed(database: &str, key: &str, error: DbError) -> DbError {
    DbError::Connect {
        database: database.to_owned(),
        message: format!("`{key}`: {error}"),
        hint: Some(format!("correct `{key}` of this database in store.yaml")),
    }
}

/// The answer to an expression that is 1, 0 or null.
fn verdict(rows: &[Row]) -> Option<bool> {
    match rows.first()?.first()?.as_deref()? {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}
