//! Where a schema is read from to be compared or printed.

use std::convert::Infallible;
use std::str::FromStr;

use crate::db::DbError;
use crate::model::Catalog;
use crate::run::{self, Cancel, Database, Event};
use crate::store::{DatabaseSettings, Store};
use crate::text::Dialect;

use super::Error;

/// A schema that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompareTarget {
    /// A database as it is; `None`: the one that the command works on.
    Live(Option<String>),
    /// What a database is where these revisions have run.
    Revisions(Vec<String>),
    /// What the models say.
    Models,
}

impl FromStr for CompareTarget {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix("db:") {
            Some("") => CompareTarget::Live(None),
            Some(name) => CompareTarget::Live(Some(name.to_owned())),
            None if text == "models" => CompareTarget::Models,
            None => CompareTarget::Revisions(vec![text.to_owned()]),
        })
    }
}

/// Reads a schema. `settings` are those of the database that the command works on.
///
/// # Errors
/// No such database or revision, no throw-away database, revisions or models that do not run.
pub(super) async fn read(
    store: &Store,
    settings: &DatabaseSettings,
    side: &CompareTarget,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Catalog, Error> {
    match side {
        CompareTarget::Live(name) => {
            let settings = live_settings(store, settings, name.as_deref())?;
            let mut database = Database::connect(settings, false).await?;
            let catalog = database.connection.read_catalog(&[]).await;
            database.connection.close().await;
            Ok(catalog?)
        }
        CompareTarget::Revisions(targets) => {
            let mut template_database = template_database(store, settings).await?;
            let catalog =
                run::replayed(store, settings, targets, template_database.as_mut(), cancel, events)
                    .await;
            close(template_database).await;
            Ok(catalog?)
        }
        CompareTarget::Models => {
            let mut template_database = template_database(store, settings).await?;
            let catalog =
                run::desired(store, settings, template_database.as_mut(), cancel, events).await;
            close(template_database).await;
            Ok(catalog?)
        }
    }
}

/// The settings of a live side; `None`: the database that the command works on.
pub(super) fn live_settings(
    store: &Store,
    settings: &DatabaseSettings,
    name: Option<&str>,
) -> Result<DatabaseSettings, Error> {
    match name {
        Some(name) => Ok(store.database(name)?),
        None => Ok(settings.clone()),
    }
}

/// The database whose encoding, collation and extensions a throw-away one takes; `None`: it cannot be
/// reached, and the throw-away one stands on a server of its own.
pub(super) async fn template_database(
    store: &Store,
    settings: &DatabaseSettings,
) -> Result<Option<Database>, Error> {
    match Database::connect(settings.clone(), false).await {
        Ok(database) => Ok(Some(database)),
        Err(DbError::Connect { .. }) if store.scratch_url(settings)?.is_some() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn close(database: Option<Database>) {
    if let Some(database) = database {
        database.connection.close().await;
    }
}

/// The dialect of two catalogs: MySQL's address may lead to MariaDB.
pub(super) fn dialect_of(
    settings: &DatabaseSettings,
    one: &Catalog,
    other: &Catalog,
) -> Result<Dialect, Error> {
    match one.dialect.or(other.dialect) {
        Some(dialect) => Ok(dialect),
        None => Ok(crate::db::dialect_of(settings.url.reveal())?),
    }
}
