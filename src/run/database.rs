//! A database: its settings and its one connection.

use std::collections::BTreeMap;

use crate::db::{self, ConnectOptions, Connection, DbError};
use crate::store::DatabaseSettings;

use super::scratch::Throwaway;

/// A database: its settings and its one connection.
pub struct Database {
    /// Its settings.
    pub settings: DatabaseSettings,
    /// Its connection.
    #[doc(hidden)]
    pub connection: Box<dyn Connection>,
    /// What is known of it if it is thrown away in the end: what reaches beyond it is refused then, and no
    /// command of the application's runs.
    pub(super) scratch: Option<Throwaway>,
    /// The routines there that reach beyond it when they are called, each with what it does.
    pub(super) reaching: BTreeMap<String, String>,
}

impl Database {
    /// Connects. With `create` a SQLite file that is not there is made as soon as something is about to
    /// be written; only verbs that write say so, and until then all find an empty database.
    ///
    /// # Errors
    /// A bad address, no connection, settings of the store that the server does not take.
    pub async fn connect(settings: DatabaseSettings, create: bool) -> Result<Database, DbError> {
        let connection = db::connect(&options(&settings, create)).await?;
        Ok(Database { settings, connection, scratch: None, reaching: BTreeMap::new() })
    }

    /// What its server is if it only follows another: `a standby of db1:5432`. Whatever would change it is
    /// refused.
    pub fn replica(&self) -> Option<&str> {
        self.connection.replica()
    }

    /// Takes a connection of the application's own pool, for as long as this value is used.
    ///
    /// The revisions run in the session as it is lent, with `role` and `on_connect` of the settings on top.
    /// [`Database::close`] puts back every setting that it had and gives it back to the pool; where
    /// that cannot be done, or this value is dropped without it, the connection is closed. A setting of
    /// the application's own on PostgreSQL (`app.tenant`) is lost. A second connection, to cancel a
    /// statement, is made with the pool's own options. The url of the settings is used for nothing but
    /// the programs and scratch databases of revisions; without those it may be empty.
    ///
    /// ```no_run
    /// # use revdag::store::{Secret, Store, Variables};
    /// # use revdag::verb::upgrade::{UpgradeOptions, upgrade};
    /// # use revdag::{Cancel, Database};
    /// # async fn migrate(store: &Store, pool: &sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
    /// let settings = store.database_at("default", Secret::new(""))?;
    /// let mut database = Database::from_pool(settings, pool).await?;
    /// let options = UpgradeOptions::default().targets(["heads".to_owned()]);
    /// let done = upgrade(store, &mut database, options, &Cancel::default(), &mut |_| ()).await;
    /// database.close().await; // back to the pool, also after a failure
    /// done?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The pool has no connection; what the server refuses of the settings.
    #[cfg(feature = "sqlx-0_9")]
    pub async fn from_pool(
        settings: DatabaseSettings,
        pool: &impl db::lent::Pool,
    ) -> Result<Database, DbError> {
        let connection = pool.lend(&options(&settings, false)).await?;
        Ok(Database { settings, connection, scratch: None, reaching: BTreeMap::new() })
    }

    /// Closes the connection, or gives it back to the pool that lent it.
    pub async fn close(self) {
        self.connection.close().await;
    }
}

/// How to connect by a database's settings.
pub(super) fn options(settings: &DatabaseSettings, create: bool) -> ConnectOptions {
    ConnectOptions {
        url: settings.url.reveal().to_owned(),
        base: settings.base.clone(),
        create,
        role: settings.role.clone(),
        on_connect: settings.on_connect.clone(),
        table_prefix: settings.table_prefix.clone(),
        table_schema: settings.table_schema.clone(),
        lock: settings.lock,
        statement_lock_timeout: settings.statement_lock_timeout,
        store: settings.store.clone(),
        silent_after: settings.silent_after,
    }
}
