//! A session as a second connection finds it: to cancel what it runs, and to see whether it still does.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use super::{connect, rows};
use crate::db::lease::Aside;
use crate::db::wait::{Outside, Sign, greeting, second};
use crate::db::{Canceller, DbError};

/// Asks a server whether it speaks TLS: it answers before it reads anything of its own.
const SSL_REQUEST: &[u8] = &[0, 0, 0, 8, 4, 210, 22, 47];

/// The moment in which a server started, exactly as the server knows it.
pub(super) const STARTED: &str =
    "(EXTRACT(EPOCH FROM pg_catalog.pg_postmaster_start_time()) * 1000000)::bigint";

/// Where a session is.
#[derive(Clone)]
pub(super) struct ServerSession {
    pub options: PgConnectOptions,
    pub display: String,
    /// Its server process; `None`: not known yet.
    pub pid: Option<String>,
    /// When its server started.
    pub started: String,
    /// Whether the process is this connection's alone: a pool of transactions lends others.
    pub is_direct: bool,
    /// Whether a second connection has found the same server.
    pub is_one_server: bool,
}

#[async_trait::async_trait]
impl Canceller for ServerSession {
    async fn cancel(&self) -> Result<Option<String>, DbError> {
        let Some(pid) = &self.pid else { return Ok(None) };
        let mut second = connect::open(&self.options, &self.display, &str::to_owned).await?;
        let sql = format!(
            "SELECT pg_catalog.pg_cancel_backend(pid), wait_event_type || ' ' || wait_event \
             FROM pg_catalog.pg_stat_activity WHERE pid = {pid}"
        );
        let cancelled = rows(&mut second, &sql).await;
        crate::db::close(second.close()).await;
        Ok(cancelled?.into_iter().next().and_then(|row| row.into_iter().nth(1)).flatten())
    }
}

#[async_trait::async_trait]
impl Outside for ServerSession {
    async fn look(&self, within: Duration) -> Sign {
        let socket = self.options.get_socket().cloned();
        let host = self.options.get_host();
        let socket = socket.or_else(|| host.starts_with('/').then(|| PathBuf::from(host)));
        let port = self.options.get_port();
        let socket = socket.map(|folder| folder.join(format!(".s.PGSQL.{port}")));
        let greeting = greeting(host, port, socket.as_deref(), SSL_REQUEST);
        match second(&self.options, within, greeting).await {
            Ok(mut second) => {
                let sign = tokio::time::timeout(crate::db::CONNECT_TIMEOUT, self.ask(&mut second));
                let sign = sign.await;
                crate::db::close(second.close()).await;
                // It has let us in.
                sign.unwrap_or(Sign::Alive)
            }
            Err(sign) => sign,
        }
    }
}

#[async_trait::async_trait]
impl Aside for ServerSession {
    async fn run(&self, sql: &str) -> Result<(), DbError> {
        let mut second = connect::open(&self.options, &self.display, &str::to_owned).await?;
        let ran = rows(&mut second, sql).await;
        crate::db::close(second.close()).await;
        ran.map(drop)
    }
}

impl ServerSession {
    async fn ask(&self, second: &mut PgConnection) -> Sign {
        let (Some(pid), true) = (&self.pid, self.is_direct) else { return Sign::Alive };
        let sql = format!(
            "SELECT {STARTED}, pg_catalog.pg_is_in_recovery(), \
             (SELECT COALESCE(state, 'active') FROM pg_catalog.pg_stat_activity WHERE pid = {pid})"
        );
        let Ok(told) = rows(second, &sql).await else { return Sign::Alive };
        let Some([Some(started), Some(is_standby), state]) = told.first().map(Vec::as_slice) else {
            return Sign::Alive;
        };
        let is_same = *started == self.started;
        match state.as_deref() {
            // A standby of it, or one of several servers behind one address, knows nothing of the session.
            _ if !is_same && (is_standby == "t" || !self.is_one_server) => Sign::Alive,
            _ if !is_same => Sign::Silent(
                "another server has taken its place, or it has started again".to_owned(),
            ),
            None => Sign::Silent("the server has ended this session".to_owned()),
            Some(state) if state.starts_with("idle") => Sign::Silent(
                "the server is done with what it was sent, and its answer did not arrive"
                    .to_owned(),
            ),
            Some(_) => Sign::Alive,
        }
    }
}
