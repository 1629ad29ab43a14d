//! A session as a second connection finds it: to cancel what it runs, and to see whether it still does.

use std::time::Duration;

use sqlx::Connection as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};

use super::{connect, rows};
use crate::db::lease::Aside;
use crate::db::wait::{Outside, Sign, greeting, second};
use crate::db::{Canceller, DbError};

/// What tells a server from others behind the same address.
pub(super) const SERVER: &str = "CONCAT_WS(' ', @@hostname, @@port, @@server_id)";

/// Where a session is.
#[derive(Clone)]
pub(super) struct ServerSession {
    pub options: MySqlConnectOptions,
    pub display: String,
    /// The server's number of it; `None`: not known yet.
    pub id: Option<String>,
    /// Its server.
    pub server: String,
    /// Whether the session is this connection's alone: a proxy may share it.
    pub is_direct: bool,
}

#[async_trait::async_trait]
impl Canceller for ServerSession {
    async fn cancel(&self) -> Result<Option<String>, DbError> {
        let Some(id) = &self.id else { return Ok(None) };
        let mut second = connect::open(&self.options, &self.display, &str::to_owned).await?;
        let sql = format!(
            "SELECT NULLIF(state, '') FROM information_schema.processlist WHERE id = {id}; \
             KILL QUERY {id}"
        );
        let cancelled = rows(&mut second, &sql).await;
        crate::db::close(second.close()).await;
        Ok(cancelled?.into_iter().flatten().next().flatten())
    }
}

#[async_trait::async_trait]
impl Outside for ServerSession {
    async fn look(&self, within: Duration) -> Sign {
        let socket = self.options.get_socket().cloned();
        let (host, port) = (self.options.get_host(), self.options.get_port());
        // The server speaks first.
        match second(&self.options, within, greeting(host, port, socket.as_deref(), &[])).await {
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
    async fn ask(&self, second: &mut MySqlConnection) -> Sign {
        let (Some(id), true) = (&self.id, self.is_direct) else { return Sign::Alive };
        let sql = format!(
            "SELECT {SERVER}, \
             (SELECT command FROM information_schema.processlist WHERE id = {id})"
        );
        let Ok(told) = rows(second, &sql).await else { return Sign::Alive };
        match told.first().map(Vec::as_slice) {
            // Another of several servers behind one address knows nothing of the session.
            Some([Some(server), _]) if *server != self.server => Sign::Alive,
            Some([Some(_), None]) => Sign::Silent("the server has ended this session".to_owned()),
            Some([Some(_), Some(command)]) if command == "Sleep" => Sign::Silent(
                "the server is done with what it was sent, and its answer did not arrive"
                    .to_owned(),
            ),
            _ => Sign::Alive,
        }
    }
}
