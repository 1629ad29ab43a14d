//! PostgreSQL.

mod canonical;
mod connect;
mod error;
mod lock;
mod outside;
mod read;
mod scratch;

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::error::{joined, refuse_nul};
use super::lease::{self, Lease, Leased};
use super::link::Link;
use super::wait::{Sent, Waiter};
use super::{Cancel, Canceller, Connection, DbError, Journal, Lock, Row, Wanted, journal};
use crate::model::{LogRow, RawCatalog};
use crate::sql::JournalTables;
use crate::text::{Dialect, ObjectName, quote_ident, quote_literal};

pub(super) use canonical::canonical;
#[cfg(feature = "sqlx-0_9")]
pub(super) use connect::lend;
pub(super) use connect::{connect, passed_over};
use outside::ServerSession;
pub(super) use scratch::make_scratch;

/// One connection to PostgreSQL.
struct Postgres {
    connection: Link<sqlx::Postgres>,
    waiter: Waiter,
    /// For a second connection: to cancel, to look at this one, and to look for a proxy.
    outside: ServerSession,
    display: String,
    /// What it is if it follows another server.
    replica: Option<String>,
    /// The server process of this connection.
    pid: String,
    /// The number of the database: every step asks for its lock, and finding it would double the cost.
    database: String,
    schema: String,
    tables: JournalTables,
    catalogue: journal::Catalogue,
    /// The migrators' lock.
    key: i64,
    /// The lock's lease, where the server's own lock does not hold for all.
    lease: Option<Lease>,
    /// Whether a second connection has been looked at.
    is_direct: bool,
    /// Makes the session what it was before it was ours.
    session: Vec<String>,
    /// Makes the session what it was on connecting.
    reset: Vec<String>,
    /// Sets the timeouts; left for the lock, since behind a pooling proxy it would stay with a
    /// server connection that others use.
    timeouts: String,
    on_connect: Vec<String>,
}

impl Postgres {
    async fn run(&mut self, sql: &str) -> Result<(), DbError> {
        self.send(Sent::Ours, sql).await
    }

    async fn send(&mut self, sent: Sent, sql: &str) -> Result<(), DbError> {
        refuse_nul(sql)?;
        let sql = AssertSqlSafe(sql.to_owned());
        let run = async {
            sqlx::raw_sql(sql).execute(&mut *self.connection).await.map(drop).map_err(error::of)
        };
        self.waiter.on(sent, run).await
    }

    async fn rows(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        refuse_nul(sql)?;
        self.waiter.on(Sent::Ours, rows(&mut self.connection, sql)).await
    }

    /// Makes the session of a lent connection what it was.
    async fn put_back(&mut self) -> Result<(), DbError> {
        let mut statements = vec!["ROLLBACK".to_owned()];
        statements.extend(self.session.iter().cloned());
        let unlock = format!("SELECT pg_catalog.pg_advisory_unlock({})", self.key);
        statements.push(format!("{unlock} WHERE {} = 1", self.held()));
        self.run(&joined(&statements)).await?;
        // What was prepared may be about tables that have changed.
        self.connection.clear_cached_statements().await.map_err(error::of)
    }
}

/// The rows of a query, as text.
async fn rows(connection: &mut PgConnection, sql: &str) -> Result<Vec<Row>, DbError> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .fetch_all(connection)
        .await
        .map_err(error::of)?;
    rows.iter().map(texts).collect()
}

async fn copy_in(connection: &mut PgConnection, sql: &str, data: &str) -> Result<(), sqlx::Error> {
    let mut copy = connection.copy_in_raw(sql).await?;
    copy.send(data.as_bytes()).await?;
    copy.finish().await.map(drop)
}

fn texts(row: &PgRow) -> Result<Row, DbError> {
    (0..row.len())
        .map(|at| row.try_get_unchecked::<Option<String>, _>(at).map_err(error::of))
        .collect()
}

#[async_trait::async_trait]
impl Leased for Postgres {
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
impl Connection for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn display(&self) -> &str {
        &self.display
    }

    fn tables(&self) -> &JournalTables {
        &self.tables
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

    async fn execute_one(&mut self, sql: &str) -> Result<(), DbError> {
        refuse_nul(sql)?;
        // Only what is prepared must be one statement.
        let one = sqlx::query(AssertSqlSafe(sql.to_owned())).persistent(false);
        let run = async { one.execute(&mut *self.connection).await.map(drop).map_err(error::of) };
        self.waiter.on(Sent::Statement, run).await
    }

    async fn has_own_event_triggers(&mut self) -> Result<bool, DbError> {
        const SQL: &str = "SELECT 1 FROM pg_catalog.pg_event_trigger t \
            JOIN pg_catalog.pg_roles r ON r.oid = t.evtowner AND r.rolname = current_user LIMIT 1";
        Ok(!self.rows(SQL).await?.is_empty())
    }

    async fn copy_in(&mut self, sql: &str, data: &str) -> Result<(), DbError> {
        refuse_nul(sql)?;
        let copied = async { copy_in(&mut self.connection, sql, data).await.map_err(error::of) };
        self.waiter.on(Sent::Statement, copied).await
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), DbError> {
        if statements.is_empty() {
            return Ok(());
        }
        self.run(&joined(statements)).await
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DbError> {
        self.rows(sql).await
    }

    async fn try_lock(&mut self, wait: Duration) -> Result<Lock, DbError> {
        lease::try_lock(self, wait).await
    }

    async fn lock_is_held(&mut self) -> Result<bool, DbError> {
        let rows = self.rows(&format!("SELECT {}", lease::held(self))).await?;
        Ok(rows == [[Some("1".to_owned())]])
    }

    fn lock_test(&self) -> Option<String> {
        Some(lease::held(self))
    }

    fn fence(&self) -> Option<String> {
        self.lease.as_ref()?.fence()
    }

    async fn lock_holder(&mut self) -> Result<Option<String>, DbError> {
        lease::lock_holder(self).await
    }

    async fn unlock(&mut self) -> Result<(), DbError> {
        lease::release(self).await;
        self.rows(&format!("SELECT pg_catalog.pg_advisory_unlock({})", self.key)).await.map(drop)
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

    async fn drop_invalid_index(&mut self, name: &ObjectName) -> Result<bool, DbError> {
        let mut wanted = String::new();
        if let Some(schema) = &name.schema {
            wanted = format!("{}.", quote_ident(Dialect::Postgres, schema));
        }
        wanted.push_str(&quote_ident(Dialect::Postgres, &name.name));
        // An index without a schema in front stands in its table's, which may be in no search path.
        let found = if name.schema.is_some() {
            format!("c.oid = pg_catalog.to_regclass({})", quote_literal(Dialect::Postgres, &wanted))
        } else {
            format!("c.relname = {}", quote_literal(Dialect::Postgres, &name.name))
        };
        let rows = self
            .rows(&format!(
                "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid \
                 WHERE c.relkind = 'i' AND NOT i.indisvalid AND {found}"
            ))
            .await?;
        // Several of one name: which of them is ours cannot be told.
        let [row] = &rows[..] else { return Ok(false) };
        let Some(Some(index)) = row.first() else { return Ok(false) };
        self.run(&format!("DROP INDEX CONCURRENTLY IF EXISTS {index}")).await?;
        Ok(true)
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
        // Alembic's table stands in the schema of the journal or where its search path leads.
        let literal = |text: &str| quote_literal(Dialect::Postgres, text);
        let here = format!("{}.alembic_version", quote_ident(Dialect::Postgres, &self.schema));
        let sql = format!(
            "SELECT COALESCE(pg_catalog.to_regclass({}), pg_catalog.to_regclass({}))",
            literal(&here),
            literal("alembic_version")
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
