//! The migrators' lock on PostgreSQL: an advisory lock of the session.

use std::time::{Duration, Instant};

use sqlx::Connection as _;

use std::sync::Arc;

use super::outside::STARTED;
use super::{Postgres, connect, rows};
use crate::db::{DbError, Lock, Row, lock_digest};

/// The lock's key: the same for all who keep one journal.
pub(super) fn key(database: &str, schema: &str, prefix: &str) -> i64 {
    let hex = lock_digest(database, schema, prefix);
    i64::from_str_radix(&hex[..15], 16).unwrap_or_default()
}

impl Postgres {
    /// The rows of `pg_locks` that are the lock, whoever holds it.
    fn in_pg_locks(&self) -> String {
        let (high, low) = (self.key >> 32, self.key & 0xffff_ffff);
        format!(
            "l.locktype = 'advisory' AND l.classid = {high} AND l.objid = {low} AND l.objsubid = 1 \
             AND l.granted AND l.database = {}",
            self.database
        )
    }

    /// A scalar expression: 1 while this connection holds the lock.
    pub(super) fn held(&self) -> String {
        format!(
            "(SELECT CASE WHEN count(*) > 0 THEN 1 ELSE 0 END FROM pg_catalog.pg_locks l WHERE {} \
             AND l.pid = pg_catalog.pg_backend_pid())",
            self.in_pg_locks()
        )
    }

    /// Asks for the lock again and again, with pauses, until the time is over. Waiting for it in the
    /// server would deadlock with a CREATE INDEX CONCURRENTLY of the one who holds it.
    pub(super) async fn ask_for_lock(&mut self, wait: Duration) -> Result<Lock, DbError> {
        if !self.is_direct {
            self.refuse_proxy().await?;
            self.is_direct = true;
            let timeouts = self.timeouts.clone();
            self.run(&timeouts).await?;
        }
        let deadline = Instant::now() + wait;
        let mut pause = Duration::from_millis(20);
        loop {
            let sql = format!(
                "SELECT CASE WHEN {} = 1 OR pg_catalog.pg_try_advisory_lock({}) THEN 1 ELSE 0 END",
                self.held(),
                self.key
            );
            if self.rows(&sql).await? == [[Some("1".to_owned())]] {
                // Asked in a transaction of its own: behind a pooling proxy another server process
                // would answer.
                let held = self.held();
                let now = self.rows(&format!("SELECT {held}, pg_catalog.pg_backend_pid()")).await?;
                if now == [[Some("1".to_owned()), Some(self.pid.clone())]] {
                    self.outside.is_direct = true;
                    self.waiter.look_by(Arc::new(self.outside.clone()));
                    return Ok(Lock::Held);
                }
                let sql = format!("SELECT pg_catalog.pg_advisory_unlock({})", self.key);
                let _ = self.rows(&sql).await;
                return Err(DbError::Proxy(format!(
                    "the lock is not held by this connection; {ADVICE}"
                )));
            }
            let now = Instant::now();
            if now >= deadline {
                return Ok(Lock::Busy(self.holder().await?));
            }
            // Several that wait must not all ask at the same moments.
            let jittered = pause.mul_f64(0.5 + fastrand::f64());
            tokio::time::sleep(jittered.min(deadline - now)).await;
            pause = (pause * 2).min(Duration::from_millis(500));
        }
    }

    async fn holder(&mut self) -> Result<Option<String>, DbError> {
        let sql = format!(
            "SELECT l.pid, a.usename, a.application_name, a.client_addr FROM pg_catalog.pg_locks l \
             LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE {}",
            self.in_pg_locks()
        );
        let rows = self.rows(&sql).await?;
        let Some([Some(pid), user, application, address]) = rows.first().map(Vec::as_slice) else {
            return Ok(None);
        };
        let mut text = String::new();
        for (before, value) in [("", application), ("user ", user), ("from ", address)] {
            if let Some(value) = value.as_deref().filter(|value| !value.is_empty()) {
                text.push_str(&format!("{before}{value}, "));
            }
        }
        Ok(Some(format!("{text}server process {pid}")))
    }

    /// A proxy that pools transactions gives one server process to several connections: with this
    /// connection idle, a second one may report the same.
    async fn refuse_proxy(&mut self) -> Result<(), DbError> {
        const PID: &str = "SELECT pg_catalog.pg_backend_pid()";
        let opened = connect::open(&self.outside.options, &self.display, &str::to_owned).await;
        // Without a second connection (there may be too many) the lock itself is the evidence.
        let Ok(mut second) = opened else { return Ok(()) };
        let server = format!("{PID}, {STARTED}");
        let asked = tokio::time::timeout(Duration::from_secs(5), rows(&mut second, &server)).await;
        let first = self.rows(PID).await?;
        let own = [vec![Some(self.pid.clone())]];
        let shared = match asked {
            Ok(Ok(other)) => {
                let pid =
                    |rows: &[Row]| rows.first().and_then(|row| row.first()).cloned().flatten();
                let shared = pid(&other) == pid(&first) || pid(&other) == pid(&own);
                let started = other.first().and_then(|row| row.get(1)).cloned().flatten();
                self.outside.is_one_server = started.as_ref() == Some(&self.outside.started);
                crate::db::close(second.close()).await;
                shared
            }
            // A proxy that pools sessions and has no server process left: it would wait for ours.
            Ok(Err(_)) | Err(_) => false,
        };
        if shared || first != own {
            return Err(DbError::Proxy(format!(
                "two connections share a server process; {ADVICE}"
            )));
        }
        Ok(())
    }
}

const ADVICE: &str = "use the url of the server itself, or of a pool in session mode";
