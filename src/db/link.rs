//! A connection of our own, or one that an application lends.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::{Connection as _, Database};

/// A connection of our own, or one that an application lends.
pub(super) enum Link<DB: Database> {
    /// Ours, closed in the end.
    Own(DB::Connection),
    /// The pool's.
    #[cfg(feature = "sqlx-0_9")]
    Lent(Lent<DB>),
}

/// A connection of a pool. It goes back only when its session is again what it was; whatever else ends
/// its use (a future that is dropped, a panic) closes it, and the server frees what it holds.
#[cfg(feature = "sqlx-0_9")]
pub(super) struct Lent<DB: Database> {
    connection: sqlx::pool::PoolConnection<DB>,
    is_as_before: bool,
}

#[cfg(feature = "sqlx-0_9")]
impl<DB: Database> Drop for Lent<DB> {
    fn drop(&mut self) {
        if !self.is_as_before {
            self.connection.close_on_drop();
        }
    }
}

impl<DB: Database> Link<DB> {
    /// One that a pool lends.
    #[cfg(feature = "sqlx-0_9")]
    pub fn lent(connection: sqlx::pool::PoolConnection<DB>) -> Self {
        Link::Lent(Lent { connection, is_as_before: false })
    }

    /// Whether an application lends it.
    pub fn is_lent(&self) -> bool {
        match self {
            Link::Own(_) => false,
            #[cfg(feature = "sqlx-0_9")]
            Link::Lent(_) => true,
        }
    }

    /// Closes what is ours, and gives back what is lent if its session is as it was.
    pub async fn end(self, _is_as_before: bool) {
        match self {
            Link::Own(connection) => close(connection.close()).await,
            #[cfg(feature = "sqlx-0_9")]
            Link::Lent(mut lent) => lent.is_as_before = _is_as_before,
        }
    }
}

impl<DB: Database> Deref for Link<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        match self {
            Link::Own(connection) => connection,
            #[cfg(feature = "sqlx-0_9")]
            Link::Lent(lent) => &lent.connection,
        }
    }
}

impl<DB: Database> DerefMut for Link<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        match self {
            Link::Own(connection) => connection,
            #[cfg(feature = "sqlx-0_9")]
            Link::Lent(lent) => &mut lent.connection,
        }
    }
}

/// How long closing a connection may take: over TLS it waits for the server to say goodbye, too, and a
/// server that has gone, or a proxy before it, may never do so. The system closes the socket anyhow.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// Closes a connection to a server. Nothing is lost if the server does not hear of it.
pub(super) async fn close(closing: impl Future<Output = Result<(), sqlx::Error>>) {
    in_time(closing).await;
}

/// Whether it succeeds in the time that closing may take.
pub(super) async fn in_time<E>(work: impl Future<Output = Result<(), E>>) -> bool {
    matches!(tokio::time::timeout(CLOSE_TIMEOUT, work).await, Ok(Ok(())))
}
