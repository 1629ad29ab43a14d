//! A database: its settings and its one connection.

use crate::db::{self, ConnectOptions, Connection, DbError};
use crate::store::DatabaseSettings;

/// A database: its settings and its one connection.
pub struct Database {
    /// Its settings.
    pub settings: DatabaseSettings,
    /// Its connection.
    pub connection: Box<dyn Connection>,
    /// Whether it is thrown away in the end: what reaches beyond it is refused then, and no command of
    /// the application's runs.
    pub(super) throw_away: bool,
}

impl Database {
    /// Connects. With `create` a SQLite file that is not there is made as soon as something is about to
    /// be written; only verbs that write say so, and until then all find an empty database.
    ///
    /// # Errors
    /// A bad address, no connection, settings of the store that the server does not take.
    pub async fn connect(settings: DatabaseSettings, create: bool) -> Result<Database, DbError> {
        let connection = db::connect(&options(&settings, create)).await?;
        Ok(Database { settings, connection, throw_away: false })
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
        statement_lock_timeout: settings.statement_lock_timeout,
    }
}
