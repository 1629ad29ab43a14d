//! SQLite.

mod canonical;
mod connect;
mod error;
mod lock;
mod read;
mod scratch;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection as _, Row as _, TypeInfo as _, ValueRef as _};

use super::error::{joined, refuse_nul};
use super::link::Link;
use super::{
    Cancel, Canceller, ConnectOptions, Connection, DbError, Journal, Lock, Row, ServerError,
    Wanted, journal,
};
use crate::model::{LogRow, RawCatalog};
use crate::sql::JournalTables;
use crate::text::{Dialect, quote_literal};
use lock::LockFile;

pub(super) use canonical::canonical;
#[cfg(feature = "sqlx-0_9")]
pub(super) use connect::lend;
pub(super) use connect::{absolute, connect, passed_over};
pub(super) use scratch::make_scratch;

/// What a connection is doing, as far as cancelling goes: nothing that may be cancelled.
const IDLE: u8 = 0;
/// It runs a statement of a revision.
const RUNNING: u8 = 1;
/// It runs a statement that somebody wants to stop.
const RUNNING_CANCELLED: u8 = 2;

/// One connection to SQLite.
struct Sqlite {
    connection: Link<sqlx::Sqlite>,
    /// One of [`IDLE`], [`RUNNING`], [`RUNNING_CANCELLED`].
    state: Arc<AtomicU8>,
    /// The wish to stop.
    stop: Cancel,
    display: String,
    /// Whether the file is there, or the address says that there is none.
    is_there: bool,
    /// `None`: in memory, where nobody else can be.
    lock: Option<LockFile>,
    tables: JournalTables,
    catalogue: journal::Catalogue,
    /// Makes the session what it was before it was ours.
    session: Vec<String>,
    reset: Vec<String>,
    /// The pragmas that cannot be set in a transaction.
    reset_outside: Vec<String>,
    on_connect: Vec<String>,
    /// Whether a statement has named a PRAGMA: nothing else changes the session, and setting them
    /// all costs as much as a small revision.
    is_touched: bool,
    /// How to make the file, which happens only when something is about to be written: a plan that is
    /// refused leaves nothing behind.
    to_make: Option<ConnectOptions>,
}

impl Sqlite {
    /// Makes the file if that is still to be done.
    async fn make(&mut self) -> Result<(), DbError> {
        if let Some(options) = &self.to_make {
            let (is_touched, stop) = (self.is_touched, self.stop.clone());
            *self = connect::make(options, Arc::clone(&self.state)).await?;
            (self.is_touched, self.stop) = (is_touched, stop);
        }
        Ok(())
    }

    /// Makes the session of a lent connection what it was.
    async fn put_back(&mut self) -> Result<(), DbError> {
        // Fails where no transaction is open, as it should be.
        let _ = self.run("ROLLBACK").await;
        let session = joined(&self.session);
        self.run(&session).await?;
        self.connection.lock_handle().await.map_err(error::of)?.remove_progress_handler();
        self.connection.clear_cached_statements().await.map_err(error::of)
    }

    async fn run(&mut self, sql: &str) -> Result<(), DbError> {
        refuse_nul(sql)?;
        let statement = AssertSqlSafe(sql.to_owned());
        let ran = soon(sqlx::raw_sql(statement).execute(&mut *self.connection)).await;
        ran.map(drop).map_err(|error| error::of_statement(error, sql))
    }

    async fn rows(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        refuse_nul(sql)?;
        self.all(sql).await?.iter().map(texts).collect()
    }

    async fn all(&mut self, sql: &str) -> Result<Vec<SqliteRow>, DbError> {
        let (stop, state) = (self.stop.clone(), Arc::clone(&self.state));
        let sql = AssertSqlSafe(sql.to_owned());
        let asked = soon(sqlx::raw_sql(sql).fetch_all(&mut *self.connection));
        heeding(&stop, PATIENCE, &state, asked).await.map_err(error::of)
    }
}

/// How long a query has after a wish to stop before it is cancelled.
const PATIENCE: Duration = Duration::from_secs(2);

/// Awaits something that is cancelled once somebody asks to stop, and a while has passed.
async fn heeding<T>(
    stop: &Cancel,
    patience: Duration,
    state: &AtomicU8,
    work: impl Future<Output = T>,
) -> T {
    state.store(RUNNING, Ordering::Relaxed);
    let mut work = std::pin::pin!(work);
    let stopping = async {
        stop.cancelled().await;
        tokio::time::sleep(patience).await;
    };
    let outcome = tokio::select! {
        biased;
        outcome = &mut work => outcome,
        () = stopping => {
            state.store(RUNNING_CANCELLED, Ordering::Relaxed);
            work.await
        }
    };
    state.store(IDLE, Ordering::Relaxed);
    outcome
}

/// For how long a statement is looked after before it is awaited as any other.
const LOOKING: Duration = Duration::from_micros(20);

/// Awaits what sqlx's own thread will mostly have done in a moment: going to sleep and being woken
/// for each result of it would take as long as the work itself. It looks for a short time, once for each
/// statement, so that one that takes longer holds up nobody and burns nothing.
async fn soon<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let begun = Instant::now();
    std::future::poll_fn(|context| {
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(output);
            }
            if begun.elapsed() > LOOKING {
                return Poll::Pending;
            }
            std::thread::yield_now();
        }
    })
    .await
}

fn texts(row: &SqliteRow) -> Result<Row, DbError> {
    (0..row.len())
        .map(|at| row.try_get_unchecked::<Option<String>, _>(at).map_err(error::of))
        .collect()
}

/// A value as a literal of its own storage class.
fn literal(row: &SqliteRow, at: usize) -> Result<String, DbError> {
    let class = row.try_get_raw(at).map_err(error::of)?.type_info().name().to_owned();
    Ok(match class.as_str() {
        "NULL" => return Err(super::null_value()),
        "BLOB" => {
            let bytes: Vec<u8> = row.try_get_unchecked(at).map_err(error::of)?;
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("x'{hex}'")
        }
        "TEXT" => {
            let text: String = row.try_get_unchecked(at).map_err(error::of)?;
            quote_literal(Dialect::Sqlite, &text)
        }
        "REAL" => {
            let number: f64 = row.try_get_unchecked(at).map_err(error::of)?;
            match number {
                f64::INFINITY => "9e999".to_owned(),
                f64::NEG_INFINITY => "-9e999".to_owned(),
                // Its shortest text that means exactly this number.
                number => format!("{number:?}"),
            }
        }
        _ => row.try_get_unchecked::<i64, _>(at).map_err(error::of)?.to_string(),
    })
}

fn names_a_pragma(sql: &str) -> bool {
    sql.as_bytes().windows(6).any(|word| word.eq_ignore_ascii_case(b"pragma"))
}

#[async_trait::async_trait]
impl Connection for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn display(&self) -> &str {
        &self.display
    }

    fn is_there(&self) -> bool {
        self.is_there
    }

    fn tables(&self) -> &JournalTables {
        &self.tables
    }

    fn heed(&mut self, stop: &Cancel) {
        self.stop = stop.clone();
    }

    async fn execute(&mut self, sql: &str) -> Result<(), DbError> {
        self.is_touched = self.is_touched || names_a_pragma(sql);
        let (stop, state) = (self.stop.clone(), Arc::clone(&self.state));
        let made_and_run = async {
            self.make().await?;
            self.run(sql).await
        };
        heeding(&stop, Duration::ZERO, &state, made_and_run).await
    }

    async fn copy_in(&mut self, _sql: &str, _data: &str) -> Result<(), DbError> {
        Err(DbError::Statement(ServerError {
            message: "SQLite does not support COPY … FROM stdin".to_owned(),
            ..ServerError::default()
        }))
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), DbError> {
        if statements.is_empty() {
            return Ok(());
        }
        self.make().await?;
        self.run(&joined(statements)).await
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        self.rows(sql).await
    }

    async fn literals(&mut self, sql: &str) -> Result<Vec<Vec<String>>, DbError> {
        let rows = self.all(sql).await?;
        let all = rows.iter().map(|row| (0..row.len()).map(|at| literal(row, at)).collect());
        all.collect()
    }

    async fn try_lock(&mut self, wait: Duration) -> Result<Lock, DbError> {
        self.make().await?;
        match &mut self.lock {
            Some(lock) => lock.ask(wait).await,
            None => Ok(Lock::Held),
        }
    }

    async fn lock_is_held(&mut self) -> Result<bool, DbError> {
        let is_held = self.lock.as_ref().is_none_or(LockFile::is_held);
        Ok(is_held && self.to_make.is_none())
    }

    async fn unlock(&mut self) -> Result<(), DbError> {
        if let Some(lock) = &mut self.lock {
            lock.free();
        }
        Ok(())
    }

    fn reset(&self) -> Vec<String> {
        if self.is_touched { self.reset.clone() } else { Vec::new() }
    }

    fn reset_outside(&self) -> &[String] {
        if self.is_touched { &self.reset_outside } else { &[] }
    }

    fn on_connect(&self) -> &[String] {
        &self.on_connect
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::new(Flag(Arc::clone(&self.state)))
    }

    async fn read_journal(&mut self) -> Result<Option<Journal>, DbError> {
        let catalogue = self.catalogue.clone();
        journal::read(self, &catalogue).await
    }

    fn accept_any_store(&mut self) {
        self.catalogue.store = None;
    }

    async fn ensure_journal(&mut self, first: &LogRow) -> Result<(), DbError> {
        self.make().await?;
        let catalogue = self.catalogue.clone();
        journal::ensure(self, &catalogue, first).await
    }

    async fn read_raw(&mut self, _wanted: Wanted<'_>) -> Result<RawCatalog, DbError> {
        self.read().await
    }

    async fn read_alembic(&mut self) -> Result<Option<Vec<String>>, DbError> {
        let sql = "SELECT 'main.alembic_version' FROM main.sqlite_master \
                   WHERE type = 'table' AND name = 'alembic_version' COLLATE NOCASE";
        journal::read_alembic(self, sql).await
    }

    async fn close(mut self: Box<Self>) {
        // What was committed is in the file already.
        let is_as_before = self.connection.is_lent() && super::in_time(self.put_back()).await;
        self.connection.end(is_as_before).await;
    }
}

/// Cancels by a flag that the running statement looks at.
struct Flag(Arc<AtomicU8>);

#[async_trait::async_trait]
impl Canceller for Flag {
    async fn cancel(&self) -> Result<Option<String>, DbError> {
        // A statement that is over must not stop the next one.
        let _ = self.0.compare_exchange(
            RUNNING,
            RUNNING_CANCELLED,
            Ordering::Relaxed,
            Ordering::Relaxed,
        );
        Ok(None)
    }
}
