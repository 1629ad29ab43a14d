//! The verb `check`: do the models and the revisions, or a database, agree?

use crate::db::DbError;
use crate::diff::{DiffOptions, Difference};
use crate::model::Filter;
use crate::run::{Cancel, Database, Event};
use crate::store::{DatabaseSettings, Store};

use super::catalogs::{dialect_of, read};
use super::diff::compare;
use super::{CompareTarget, Error, Position};

/// What the models were compared with, and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The database's name in the store.
    pub database: String,
    /// What the models were compared with.
    pub against: Against,
    /// Where the database is, if it was compared as it is.
    pub position: Option<Position>,
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
    let (against, position) = against(store, settings, from_revisions).await?;
    let side = against.side(settings);
    let from = read(store, settings, &side, cancel, events).await?;
    let to = read(store, settings, &CompareTarget::Models, cancel, events).await?;
    let options = DiffOptions { dialect: dialect_of(settings, &from, &to)?, safe: false };
    let difference = compare(settings, only, &from, &to, options);
    Ok(Checked { database: settings.name.clone(), against, position, difference })
}

impl Checked {
    /// Whether nothing was found: no difference, and a database that is where the files are.
    pub fn is_empty(&self) -> bool {
        self.difference.is_empty() && self.position.as_ref().is_none_or(Position::is_at_heads)
    }
}

impl Against {
    pub(super) fn side(self, settings: &DatabaseSettings) -> CompareTarget {
        match self {
            Against::Live => CompareTarget::Live(None),
            Against::Revisions => CompareTarget::Revisions(heads_of(&settings.lines)),
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

/// What to compare with: the database, if there is one, and where it is.
pub(super) async fn against(
    store: &Store,
    settings: &DatabaseSettings,
    from_revisions: bool,
) -> Result<(Against, Option<Position>), Error> {
    if from_revisions {
        return Ok((Against::Revisions, None));
    }
    match Database::connect(settings.clone(), false).await {
        Ok(mut database) => {
            let is_there = database.connection.is_there();
            let position = position(store, &mut database).await;
            database.connection.close().await;
            let position = position?;
            Ok(match is_there {
                true => (Against::Live, Some(position)),
                false => (Against::Revisions, None),
            })
        }
        Err(DbError::Connect { .. }) if store.scratch_url(settings)?.is_some() => {
            Ok((Against::Revisions, None))
        }
        Err(error) => Err(error.into()),
    }
}

/// Where a database is.
pub(super) async fn position(store: &Store, database: &mut Database) -> Result<Position, Error> {
    let journal = database.connection.read_journal().await?.unwrap_or_default();
    Position::of(store, &database.settings, database.connection.dialect(), &journal)
}
