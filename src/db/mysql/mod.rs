//! MySQL and MariaDB.

mod canonical;
mod cluster;
mod connect;
mod engines;
mod error;
mod lock;
mod outside;
mod privileges;
mod read;
mod scratch;
mod show_create;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sqlx::mysql::{MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Row as _, TypeInfo as _};

use super::error::{joined, refuse_nul};
use super::lease::{self, Lease, Leased};
use super::link::Link;
use super::wait::{Sent, Waiter};
use super::{
    Cancel, Canceller, Connection, DbError, Journal, Lock, Row, ServerError, Wanted, journal,
};
use crate::model::{LogRow, RawCatalog};
use crate::sql::JournalTables;
use crate::text::{Dialect, quote_literal};

pub(super) use canonical::canonical;
#[cfg(feature = "sqlx-0_9")]
pub(super) use connect::lend;
pub(super) use connect::{connect, passed_over};
use outside::ServerSession;
pub(super) use scratch::make_scratch;

/// One connection to MySQL or MariaDB.
struct Mysql {
    connection: Link<sqlx::MySql>,
    waiter: Waiter,
    /// For a second connection: to cancel, and to look at this one.
    outside: ServerSession,
    display: String,
    /// What it is if it follows another server.
    replica: Option<String>,
    dialect: Dialect,
    /// How many bytes a statement may have.
    max_packet: usize,
    schema: String,
    tables: JournalTables,
    catalogue: journal::Catalogue,
    /// The name of the migrators' lock.
    lock: String,
    /// The lock's lease, where the server's own lock does not hold for all.
    lease: Option<Lease>,
    /// Makes the session what it was before it was ours, if it is lent.
    session: Vec<String>,
    reset: Vec<String>,
    on_connect: Vec<String>,
}

impl Mysql {
    async fn run(&mut self, sql: &str) -> Result<(), DbError> {
        self.send(Sent::Ours, sql).await
    }

    async fn send(&mut self, sent: Sent, sql: &str) -> Result<(), DbError> {
        refuse_nul(sql)?;
        self.refuse_big(sql)?;
        let run = async {
            let ran = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut *self.connection);
            ran.await.map(drop).map_err(|error| error::of_statement(error, sql))
        };
        self.waiter.on(sent, run).await
    }

    async fn rows(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        refuse_nul(sql)?;
        self.refuse_big(sql)?;
        self.waiter.on(Sent::Ours, rows(&mut self.connection, sql)).await
    }

    async fn rows_of_any(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        refuse_nul(sql)?;
        self.refuse_big(sql)?;
        self.waiter.on(Sent::Ours, rows_of_any(&mut self.connection, sql)).await
    }

    /// Makes the session of a lent connection what it was.
    async fn put_back(&mut self) -> Result<(), DbError> {
        let mut statements = vec!["ROLLBACK".to_owned()];
        statements.extend(self.session.iter().cloned());
        statements.push(format!("DO RELEASE_LOCK('{}')", self.lock));
        self.run(&joined(&statements)).await?;
        // What was prepared may be about tables that have changed.
        self.connection.clear_cached_statements().await.map_err(error::of)
    }

    /// The server would close the connection on a statement that is too big, and not say why.
    fn refuse_big(&self, sql: &str) -> Result<(), DbError> {
        if sql.len() < self.max_packet {
            return Ok(());
        }
        Err(DbError::Statement(ServerError {
            message: format!(
                "the statement has {} bytes and the server takes fewer than {} (max_allowed_packet)",
                sql.len(),
                self.max_packet
            ),
            code: Some("1153".to_owned()),
            hint: Some(error::PACKET_HINT.to_owned()),
            ..ServerError::default()
        }))
    }
}

/// The rows of a query, as text.
async fn rows(connection: &mut MySqlConnection, sql: &str) -> Result<Vec<Row>, DbError> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .fetch_all(connection)
        .await
        .map_err(error::of)?;
    rows.iter().map(texts).collect()
}

/// The same; what is no text in a value is a replacement character.
async fn rows_of_any(connection: &mut MySqlConnection, sql: &str) -> Result<Vec<Row>, DbError> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .fetch_all(connection)
        .await
        .map_err(error::of)?;
    let value = |row: &MySqlRow, at| -> Result<Option<String>, DbError> {
        let bytes = row.try_get_unchecked::<Option<Vec<u8>>, _>(at).map_err(error::of)?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    };
    rows.iter().map(|row| (0..row.len()).map(|at| value(row, at)).collect()).collect()
}

fn texts(row: &MySqlRow) -> Result<Row, DbError> {
    (0..row.len())
        .map(|at| row.try_get_unchecked::<Option<String>, _>(at).map_err(error::of))
        .collect()
}

/// A value as a literal that is compared as its column is: a number with a text would be compared with
/// as many digits as a double has.
fn literal(row: &MySqlRow, at: usize, dialect: Dialect) -> Result<String, DbError> {
    let kind = row.column(at).type_info().name().to_owned();
    let bytes: Option<Vec<u8>> = row.try_get_unchecked(at).map_err(error::of)?;
    let bytes = bytes.ok_or_else(super::null_value)?;
    const NUMBERS: [&str; 9] = [
        "TINYINT",
        "SMALLINT",
        "MEDIUMINT",
        "INT",
        "BIGINT",
        "DECIMAL",
        "FLOAT",
        "DOUBLE",
        "BOOLEAN",
    ];
    let is_number = NUMBERS.contains(&kind.split(' ').next().unwrap_or_default());
    Ok(match String::from_utf8(bytes) {
        Ok(text) if is_number => text,
        Ok(text) if text.is_ascii() || !kind.ends_with("BLOB") && !kind.ends_with("BINARY") => {
            quote_literal(dialect, &text)
        }
        Ok(text) => hex(text.as_bytes()),
        Err(error) => hex(error.as_bytes()),
    })
}

fn hex(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("x'{digits}'")
}

#[async_trait::async_trait]
impl Leased for Mysql {
    fn lease(&self) -> Option<&Lease> {
        self.lease.as_ref()
    }

    fn lease_mut(&mut self) -> Option<&mut Lease> {
        self.lease.as_mut()
    }

    fn holds_own(&self) -> String {
        self.held()
    }

    async fn own_lock(&mut self, wait: Duration) -> Result<Lock, DbError> {
        self.ask_for_lock(wait).await
    }
}

#[async_trait::async_trait]
impl Connection for Mysql {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn display(&self) -> &str {
        &self.display
    }

    fn tables(&self) -> &JournalTables {
        &self.tables
    }

    async fn rolls_back(&mut self, names: &BTreeSet<String>) -> Result<bool, DbError> {
        engines::rolls_back(self, names).await
    }

    fn heed(&mut self, stop: &Cancel) {
        self.waiter.heed(stop);
    }

    fn cut_short(&mut self) -> Option<String> {
        self.waiter.cut_short()
    }

    async fn execute(&mut self, sql: &str) -> Result<(), DbError> {
        self.send(Sent::Statement, sql).await
    }

    async fn copy_in(&mut self, _sql: &str, _data: &str) -> Result<(), DbError> {
        Err(DbError::Statement(ServerError {
            message: format!("{} does not support COPY … FROM stdin", self.dialect),
            ..ServerError::default()
        }))
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), DbError> {
        // As many at once as the server takes.
        let mut rest = statements;
        while !rest.is_empty() {
            let mut size = 0;
            let fit = rest
                .iter()
                .take_while(|statement| {
                    size += statement.len() + 2;
                    size < self.max_packet
                })
                .count()
                .max(1);
            self.run(&joined(&rest[..fit])).await.map_err(|error| match error {
                // A position in the text of all of them tells nobody anything.
                DbError::Statement(error) => {
                    DbError::Statement(ServerError { position: None, ..error })
                }
                other => other,
            })?;
            rest = &rest[fit..];
        }
        Ok(())
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        self.rows(sql).await
    }

    async fn literals(&mut self, sql: &str) -> Result<Vec<Vec<String>>, DbError> {
        self.refuse_big(sql)?;
        let dialect = self.dialect;
        let asked = async {
            let asked = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
            asked.fetch_all(&mut *self.connection).await.map_err(error::of)
        };
        let rows = self.waiter.on(Sent::Ours, asked).await?;
        let all =
            rows.iter().map(|row| (0..row.len()).map(|at| literal(row, at, dialect)).collect());
        all.collect()
    }

    async fn try_lock(&mut self, wait: Duration) -> Result<Lock, DbError> {
        lease::try_lock(self, wait).await
    }

    async fn lock_is_held(&mut self) -> Result<bool, DbError> {
        let held = lease::held(self);
        Ok(self.rows(&format!("SELECT {held}")).await? == [[Some("1".to_owned())]])
    }

    fn lock_test(&self) -> Option<String> {
        Some(lease::held(self))
    }

    fn fence(&self) -> Option<String> {
        self.lease.as_ref()?.fence()
    }

    fn group_test(&self) -> Option<String> {
        self.lease.as_ref()?.whole().map(str::to_owned)
    }

    async fn lock_holder(&mut self) -> Result<Option<String>, DbError> {
        lease::lock_holder(self).await
    }

    async fn unlock(&mut self) -> Result<(), DbError> {
        lease::release(self).await;
        self.rows(&format!("SELECT RELEASE_LOCK('{}')", self.lock)).await.map(drop)
    }

    fn reset(&self) -> Vec<String> {
        self.reset.clone()
    }

    fn on_connect(&self) -> &[String] {
        &self.on_connect
    }

    fn canceller(&self) -> Arc<dyn Canceller> {
        Arc::new(self.outside.clone())
    }

    async fn read_journal(&mut self) -> Result<Option<Journal>, DbError> {
        let catalogue = self.catalogue.clone();
        journal::read(self, &catalogue).await
    }

    fn replica(&self) -> Option<&str> {
        self.replica.as_deref()
    }

    fn accept_any_store(&mut self) {
        self.catalogue.store = None;
    }

    async fn ensure_journal(&mut self, first: &LogRow) -> Result<(), DbError> {
        let catalogue = self.catalogue.clone();
        journal::ensure(self, &catalogue, first).await
    }

    async fn read_raw(&mut self, wanted: Wanted<'_>) -> Result<RawCatalog, DbError> {
        self.read(wanted).await
    }

    async fn read_alembic(&mut self) -> Result<Option<Vec<String>>, DbError> {
        // Alembic's table stands beside the journal or in the database that it connects to.
        let sql = format!(
            "SELECT CONCAT('`', REPLACE(table_schema, '`', '``'), '`.', table_name) \
             FROM information_schema.tables \
             WHERE table_schema IN ({here}, DATABASE()) AND table_name = 'alembic_version' \
             ORDER BY table_schema <> {here} LIMIT 1",
            here = quote_literal(self.dialect, &self.schema)
        );
        journal::read_alembic(self, &sql).await
    }

    async fn close(mut self: Box<Self>) {
        lease::release(&mut *self).await;
        let is_as_before = self.connection.is_lent() && super::in_time(self.put_back()).await;
        if !self.waiter.is_lost() {
            self.connection.end(is_as_before).await;
        }
    }
}
