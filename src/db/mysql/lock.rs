//! The migrators' lock on MySQL and MariaDB: a named lock of the session.

use std::time::{Duration, Instant};

use std::sync::Arc;

use super::Mysql;
use crate::db::{DbError, Lock, ServerError, lock_digest};

/// The lock's name, no longer than the 64 characters that a server takes.
pub(super) fn name(database: &str, schema: &str, prefix: &str) -> String {
    format!("rev_{}", &lock_digest(database, schema, prefix)[..40])
}

impl Mysql {
    /// A scalar expression: 1 while this connection holds the lock.
    pub(super) fn held(&self) -> String {
        format!("(SELECT COALESCE(IS_USED_LOCK('{}') = CONNECTION_ID(), 0))", self.lock)
    }

    /// Asks for the lock; the server waits in whole seconds, so what is left of one is slept.
    pub(super) async fn ask_for_lock(&mut self, wait: Duration) -> Result<Lock, DbError> {
        let deadline = Instant::now() + wait;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // GET_LOCK counts how often it was given, and one RELEASE_LOCK would not free it.
            let held = self.held();
            let sql = format!(
                "SELECT CASE WHEN {held} = 1 THEN 1 ELSE GET_LOCK('{}', {}) END",
                self.lock,
                left.as_secs()
            );
            let rows = self.rows(&sql).await?;
            match rows.first().and_then(|row| row.first()).and_then(Option::as_deref) {
                Some("1") => {
                    return if self.is_held().await? {
                        self.outside.is_direct = true;
                        self.waiter.look_by(Arc::new(self.outside.clone()));
                        Ok(Lock::Held)
                    } else {
                        Err(DbError::Proxy(
                            "the lock is not held by this connection; use the url of the server itself"
                                .to_owned(),
                        ))
                    };
                }
                Some("0") => {}
                _ => {
                    return Err(DbError::Statement(ServerError {
                        message: "the server cannot grant a lock (GET_LOCK returned NULL)"
                            .to_owned(),
                        ..ServerError::default()
                    }));
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Lock::Busy(self.holder().await?));
            }
            tokio::time::sleep(left.min(Duration::from_millis(100))).await;
        }
    }

    pub(super) async fn is_held(&mut self) -> Result<bool, DbError> {
        let held = self.held();
        Ok(self.rows(&format!("SELECT {held}")).await? == [[Some("1".to_owned())]])
    }

    async fn holder(&mut self) -> Result<Option<String>, DbError> {
        let sql = format!("SELECT IS_USED_LOCK('{}')", self.lock);
        let rows = self.rows(&sql).await?;
        let Some([Some(id)]) = rows.first().map(Vec::as_slice) else { return Ok(None) };
        let sql = format!("SELECT user, host FROM information_schema.processlist WHERE id = {id}");
        // Without the PROCESS privilege a user sees only its own connections.
        let rows = self.rows(&sql).await?;
        Ok(Some(match rows.first().map(Vec::as_slice) {
            Some([Some(user), Some(host)]) => format!("user {user}, from {host}, connection {id}"),
            _ => format!("connection {id}"),
        }))
    }
}
