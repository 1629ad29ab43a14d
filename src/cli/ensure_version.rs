//! `rev ensure-version`.

use revdag::Cancel;
use revdag::verb::ensure_version::{Ensured, ensure_version};

use super::context::Context;
use super::databases;
use super::error::{Error, Exit};
use super::progress::Progress;

/// Create the journal's tables, or convert those of an older rev
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?.to_owned();
    let ensured = context.changing(async |cancel: Cancel| {
        let mut database = databases::open(context, &store, &name, true, &cancel).await?;
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let outcome = ensure_version(&store, &mut database, &cancel, &mut events).await;
        databases::close(database, &outcome).await;
        Ok(outcome?)
    })?;
    if context.global.json {
        context.out.json(&serde_json::json!({
            "database": name,
            "made": ensured == Ensured::Created,
            "converted": ensured == Ensured::Converted,
        }))?;
    } else {
        context.out.line(match ensured {
            Ensured::Created => "created the journal",
            Ensured::Converted => "converted the journal to this version's format",
            Ensured::Nothing => "nothing to do: the journal exists",
        })?;
    }
    Ok(Exit::Done)
}
