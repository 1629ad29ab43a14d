//! The verb `diff`: what leads from one schema to another.

use crate::diff::{DiffOptions, Difference, diff as difference};
use crate::model::{Catalog, Filter};
use crate::run::{Cancel, Database, Event};
use crate::store::{DatabaseSettings, Store};

use super::catalogs::{dialect_of, live_settings, read};
use super::check::position;
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
    let mut positions = Vec::new();
    for side in [sides.0, sides.1] {
        let CompareTarget::Live(name) = side else { continue };
        let settings = live_settings(store, settings, name.as_deref())?;
        let mut database = Database::connect(settings, false).await?;
        let position = position(store, &mut database).await;
        database.connection.close().await;
        positions.push(position?);
    }
    let from = read(store, settings, sides.0, cancel, events).await?;
    let to = read(store, settings, sides.1, cancel, events).await?;
    let options = DiffOptions { dialect: dialect_of(settings, &from, &to)?, safe: false };
    Ok(Compared { difference: compare(settings, only, &from, &to, options), positions })
}

/// The difference of two catalogs under the database's filter.
pub(super) fn compare(
    settings: &DatabaseSettings,
    only: &Filter,
    from: &Catalog,
    to: &Catalog,
    options: DiffOptions,
) -> Difference {
    let own = to.own.as_deref().or(from.own.as_deref());
    let takes = |key: &_| settings.filter.takes(own, key) && only.takes(own, key);
    let mut found = difference(from, to, &takes, options);
    let unsupported: std::collections::BTreeSet<&String> =
        from.unsupported.iter().chain(&to.unsupported).collect();
    found.notices.extend(unsupported.into_iter().map(|what| format!("not compared: {what}")));
    found
}
