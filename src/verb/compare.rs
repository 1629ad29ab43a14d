//! What is compared: schemas of databases, of revisions and of the models, each database connected once.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::str::FromStr;

use crate::db::DbError;
use crate::diff::{DiffOptions, Difference, diff, unsupported};
use crate::model::{Catalog, Filter};
use crate::run::{self, Cancel, Database, Event};
use crate::store::{DatabaseSettings, Store};
use crate::text::Dialect;

use super::{Error, Position, unless_stopped};

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

/// What a command that compares schemas works with: each database that it looks at is connected once, by
/// its name in the store, and the user's own serves as the template of scratch databases as well.
pub(super) struct CompareSession<'a> {
    /// The store.
    pub store: &'a Store,
    /// The settings of the database that the command works on.
    pub settings: &'a DatabaseSettings,
    /// The wish to stop: heard while it connects and while it reads.
    pub cancel: &'a Cancel,
    databases: BTreeMap<String, Database>,
}

impl<'a> CompareSession<'a> {
    /// Connects to nothing yet.
    pub fn new(store: &'a Store, settings: &'a DatabaseSettings, cancel: &'a Cancel) -> Self {
        CompareSession { store, settings, cancel, databases: BTreeMap::new() }
    }

    /// Closes what was connected.
    pub async fn close(self) {
        for database in self.databases.into_values() {
            database.close().await;
        }
    }

    /// A database by its name in the store; `None`: the one that the command works on.
    ///
    /// # Errors
    /// No such database; as [`Database::connect`].
    pub async fn database(&mut self, name: Option<&str>) -> Result<&mut Database, Error> {
        let name = name.unwrap_or(&self.settings.name);
        let database = match self.databases.remove(name) {
            Some(database) => database,
            None => {
                let connect = async {
                    let settings = match name == self.settings.name {
                        true => self.settings.clone(),
                        false => self.store.database(name).await?,
                    };
                    Ok::<_, Error>(Database::connect(settings, false).await?)
                };
                unless_stopped(self.cancel, connect).await?
            }
        };
        Ok(self.databases.entry(name.to_owned()).or_insert(database))
    }

    /// The database whose encoding, collation and extensions a scratch database takes; `None`: it cannot
    /// be reached, and scratch databases are on a server of their own.
    ///
    /// # Errors
    /// As [`Database::connect`].
    pub async fn template(&mut self) -> Result<Option<&mut Database>, Error> {
        let (store, settings, cancel) = (self.store, self.settings, self.cancel);
        match self.database(None).await {
            Ok(database) => Ok(Some(database)),
            Err(error @ Error::Db(DbError::Connect { .. })) => {
                match unless_stopped(cancel, store.scratch_url(settings)).await? {
                    Some(_) => Ok(None),
                    None => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Where a database is, against the files.
    ///
    /// # Errors
    /// As [`CompareSession::database`]; a journal that is not ours.
    pub async fn position(&mut self, name: Option<&str>) -> Result<Position, Error> {
        let store = self.store;
        let database = self.database(name).await?;
        let journal = database.connection.read_journal().await?.unwrap_or_default();
        Position::of(store, &database.settings, database.connection.dialect(), &journal)
    }

    /// Reads a schema.
    ///
    /// # Errors
    /// No such database or revision, no scratch database, revisions or models that do not run.
    pub async fn read(
        &mut self,
        target: &CompareTarget,
        events: &mut (dyn FnMut(Event) + Send),
    ) -> Result<Catalog, Error> {
        let (store, settings, cancel) = (self.store, self.settings, self.cancel);
        let catalog = match target {
            CompareTarget::Live(name) => {
                let database = self.database(name.as_deref()).await?;
                return Ok(database.connection.read_catalog().await?);
            }
            CompareTarget::Revisions(targets) => {
                let template = self.template().await?;
                run::replayed(store, settings, targets, template, cancel, events).await
            }
            CompareTarget::Models => {
                let template = self.template().await?;
                run::desired(store, settings, template, cancel, events).await
            }
        };
        Ok(catalog?)
    }

    /// The difference of two catalogs under the database's filter.
    pub fn difference(
        &self,
        only: &Filter,
        from: &Catalog,
        to: &Catalog,
        safe: bool,
    ) -> Result<Difference, Error> {
        let options = DiffOptions { dialect: dialect_of(self.settings, from, to)?, safe };
        Ok(filtered_difference(self.settings, only, from, to, options))
    }
}

/// The difference of two catalogs under the database's filter.
pub(super) fn filtered_difference(
    settings: &DatabaseSettings,
    only: &Filter,
    from: &Catalog,
    to: &Catalog,
    options: DiffOptions,
) -> Difference {
    let own = to.own.as_deref().or(from.own.as_deref());
    let takes = |key: &_| settings.filter.takes(own, key) && only.takes(own, key);
    let mut found = diff(from, to, &takes, options);
    found.skipped.extend(unsupported(from, to, &takes));
    // What both have under the same words may still differ.
    let both = from.unsupported.iter().filter(|what| to.unsupported.contains(what));
    found.notices.extend(both.map(|what| format!("not compared: {what}")));
    found
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
