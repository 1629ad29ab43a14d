//! The verb `diff`: what leads from one schema to another.

use crate::diff::Difference;
use crate::model::Filter;
use crate::run::{Cancel, Event};
use crate::store::{DatabaseSettings, Store};

use super::compare::CompareSession;
use super::{CompareTarget, Error, Position};

/// What a comparison of two schemas found.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What leads from the one to the other.
    pub difference: Difference,
    /// Where the databases are that were compared as they are.
    pub positions: Vec<Position>,
}

/// Compares two schemas, as far as `include`, `exclude` and `only` take them.
///
/// # Errors
/// As either side cannot be read.
pub async fn diff(
    store: &Store,
    settings: &DatabaseSettings,
    sides: (&CompareTarget, &CompareTarget),
    only: &Filter,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Compared, Error> {
    let mut session = CompareSession::new(store, settings, cancel);
    let compared = compare(&mut session, sides, only, events).await;
    session.close().await;
    compared
}

async fn compare(
    session: &mut CompareSession<'_>,
    sides: (&CompareTarget, &CompareTarget),
    only: &Filter,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Compared, Error> {
    let mut positions = Vec::new();
    for side in [sides.0, sides.1] {
        if let CompareTarget::Live(name) = side {
            positions.push(session.position(name.as_deref()).await?);
        }
    }
    let from = session.read(sides.0, events).await?;
    let to = session.read(sides.1, events).await?;
    Ok(Compared { difference: session.difference(only, &from, &to, false)?, positions })
}
