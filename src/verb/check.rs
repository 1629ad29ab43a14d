//! The verb `check`: do the models and the revisions, or a database, agree?

use crate::db::DbError;
use crate::model::Filter;
use crate::run::{Cancel, Event};
use crate::schema::{DiffOptions, Difference};
use crate::store::{DatabaseSettings, Store};

use super::catalogs::{dialect_of, read};
use super::diff::compare;
use super::{Error, Side};

/// What the models were compared with, and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The database's name in the store.
    pub database: String,
    /// What the models were compared with.
    pub against: Against,
    /// What leads from there to the models.
    pub difference: Difference,
}

/// What the models are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The database as it is.
    Live,
    /// The revisions, replayed in a throw-away database.
    Revisions,
}

/// Compares the models with a database, or with the revisions.
///
/// # Errors
/// As either side cannot be read.
pub async fn check(
    store: &Store,
    settings: &DatabaseSettings,
    from_revisions: bool,
    only: &Filter,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Checked, Error> {
    let against = against(store, settings, from_revisions).await?;
    let side = against.side(settings);
    let from = read(store, settings, &side, cancel, events).await?;
    let to = read(store, settings, &Side::Models, cancel, events).await?;
    let options = DiffOptions { dialect: dialect_of(settings, &from, &to)?, safe: false };
    let difference = compare(settings, only, &from, &to, options);
    Ok(Checked { database: settings.name.clone(), against, difference })
}

impl Against {
    pub(super) fn side(self, settings: &DatabaseSettings) -> Side {
        match self {
            Against::Live => Side::Live(None),
            Against::Revisions => Side::Revisions(heads_of(&settings.lines)),
        }
    }
}

/// The names of the heads that a database shall be at.
pub(super) fn heads_of(lines: &[String]) -> Vec<String> {
    match lines {
        [] => vec!["heads".to_owned()],
        lines => lines.iter().map(|line| format!("{line}@heads")).collect(),
    }
}

/// What to compare with: the database, if there is one.
pub(super) async fn against(
    store: &Store,
    settings: &DatabaseSettings,
    from_revisions: bool,
) -> Result<Against, Error> {
    if from_revisions {
        return Ok(Against::Revisions);
    }
    match crate::run::Database::connect(settings.clone(), false).await {
        Ok(mut database) => {
            let journal = database.engine.read_journal().await;
            let is_there = database.engine.is_there();
            database.engine.close().await;
            journal?;
            Ok(if is_there { Against::Live } else { Against::Revisions })
        }
        Err(DbError::Connect { .. }) if store.scratch_url(settings)?.is_some() => {
            Ok(Against::Revisions)
        }
        Err(error) => Err(error.into()),
    }
}
