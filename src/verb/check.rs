//! The verb `check`: do the models and the revisions, or a database, agree?

use crate::diff::Difference;
use crate::model::Filter;
use crate::run::{Cancel, Event};
use crate::store::{DatabaseSettings, Store};

use super::compare::CompareSession;
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
    /// The revisions, replayed in a scratch database.
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
    let mut session = CompareSession::new(store, settings, cancel);
    let checked = compare(&mut session, from_revisions, only, events).await;
    session.close().await;
    checked
}

async fn compare(
    session: &mut CompareSession<'_>,
    from_revisions: bool,
    only: &Filter,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Checked, Error> {
    let (against, position) = against(session, from_revisions).await?;
    let from = session.read(&against.target(session.settings), events).await?;
    let to = session.read(&CompareTarget::Models, events).await?;
    let difference = session.difference(only, &from, &to, false)?;
    Ok(Checked { database: session.settings.name.clone(), against, position, difference })
}

impl Checked {
    /// Whether nothing was found: no difference, and a database that is where the files are.
    pub fn is_empty(&self) -> bool {
        self.difference.is_empty() && self.position.as_ref().is_none_or(Position::is_at_heads)
    }
}

impl Against {
    fn target(self, settings: &DatabaseSettings) -> CompareTarget {
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
    session: &mut CompareSession<'_>,
    from_revisions: bool,
) -> Result<(Against, Option<Position>), Error> {
    if from_revisions {
        return Ok((Against::Revisions, None));
    }
    match session.template().await? {
        Some(database) if database.connection.is_there() => {
            Ok((Against::Live, Some(session.position(None).await?)))
        }
        _ => Ok((Against::Revisions, None)),
    }
}
