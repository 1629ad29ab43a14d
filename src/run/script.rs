//! The plan as a script for the engine's own client.

use crate::db::Journal;
use crate::store::DatabaseSettings;
use crate::text::Dialect;

use super::Prepared;

/// The plan as a script for the engine's own client.
pub fn script(
    dialect: Dialect,
    settings: Option<&DatabaseSettings>,
    journal: Option<&Journal>,
    prepared: &Prepared,
) -> String {
    let _ = (dialect, settings, journal, prepared);
    todo!()
}
