//! Scripts (`--sql`): what upgrade, downgrade and stamp would run, for the engine's own client.

use crate::graph::Request;
use crate::run::{self, Database};
use crate::store::{DatabaseSettings, Store, TransactionMode};
use crate::text::Dialect;

use super::Error;

/// The script that does what the request asks for, from where the database is now.
///
/// # Errors
/// As the verb itself, before anything runs.
pub async fn script(
    store: &Store,
    database: &mut Database,
    request: &Request,
) -> Result<String, Error> {
    let journal = database.connection.read_journal().await?;
    let known = journal.clone().unwrap_or_default();
    let prepared = run::prepare_script(store, database, &known, request).await?;
    let dialect = database.connection.dialect();
    Ok(run::script(dialect, Some(&database.settings), journal.as_ref(), &prepared))
}

/// The script that does what the request asks for, for a database that has applied `from` and all
/// below it; nothing connects. Without settings the journal's tables have their usual names.
///
/// # Errors
/// As the verb itself, before anything runs.
pub fn script_offline(
    store: &Store,
    settings: Option<&DatabaseSettings>,
    dialect: Dialect,
    from: &[String],
    request: &Request,
) -> Result<String, Error> {
    let transaction = settings.map_or(TransactionMode::default(), |settings| settings.transaction);
    let lines = settings.map_or(&[][..], |settings| &settings.lines);
    let prepared = run::prepare_offline(store, dialect, transaction, lines, from, request)?;
    Ok(run::script(dialect, settings, None, &prepared))
}
