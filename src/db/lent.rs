//! Connections that an application lends from a pool of sqlx's.

use super::{ConnectOptions, Connection, DbError};

mod sealed {
    pub trait Sealed {}
}

/// A pool of sqlx's that can lend a connection for a run: `PgPool`, `MySqlPool` or `SqlitePool`.
#[async_trait::async_trait]
pub trait Pool: sealed::Sealed + Sync {
    /// Takes a connection and makes it ready.
    #[doc(hidden)]
    async fn lend(&self, options: &ConnectOptions) -> Result<Box<dyn Connection>, DbError>;
}

macro_rules! pool {
    ($feature:literal, $engine:ident, $pool:ty) => {
        #[cfg(feature = $feature)]
        impl sealed::Sealed for $pool {}

        #[cfg(feature = $feature)]
        #[async_trait::async_trait]
        impl Pool for $pool {
            async fn lend(&self, options: &ConnectOptions) -> Result<Box<dyn Connection>, DbError> {
                super::$engine::lend(self, options).await
            }
        }
    };
}

pool!("postgres", postgres, sqlx::PgPool);
pool!("mysql", mysql, sqlx::MySqlPool);
pool!("sqlite", sqlite, sqlx::SqlitePool);

/// A pool that lends nothing.
pub(super) fn refused(display: &str, error: &sqlx::Error) -> DbError {
    DbError::Connect {
        database: display.to_owned(),
        message: super::error::words(error),
        hint: Some("the application's pool has no connection to lend".to_owned()),
    }
}
