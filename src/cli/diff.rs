//! `rev diff`.

use serde_json::json;

use revdag::verb::CompareTarget;
use revdag::verb::diff::{Compared, diff};

use super::context::Context;
use super::error::{Error, Exit};
use super::patterns::Only;
use super::progress::Progress;
use super::{differences, json};

/// Show the differences between two schemas
///
/// Each side is a revision (the schema after it), `db:NAME` for the current schema of a database of
/// store.yaml, `db:` for the database that `-d` names, or `models` for the desired schema.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The old schema
    #[arg(value_name = "FROM", default_value = "db:", allow_negative_numbers = true)]
    from: CompareTarget,
    /// The new schema
    #[arg(value_name = "TO", default_value = "models", allow_negative_numbers = true)]
    to: CompareTarget,
    #[command(flatten)]
    only: Only,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?;
    let settings = context.reading(context.settings(&store, name))?;
    let only = args.only.filter();
    let Compared { difference: found, positions } = context.changing(async |cancel| {
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let sides = (&args.from, &args.to);
        Ok(diff(&store, &settings, sides, &only, &cancel, &mut events).await?)
    })?;
    if context.global.json {
        let mut value = differences::value(&found);
        value["equal"] = json!(found.is_empty());
        value["positions"] = positions.iter().map(json::position).collect();
        context.out.json(&value)?;
        return Ok(Exit::Done);
    }
    for notice in &found.notices {
        context.out.notice(notice);
    }
    context.out.text(&differences::in_words(&found))?;
    if found.is_empty() {
        context.out.line("no difference")?;
    }
    for position in &positions {
        context.out.text(&differences::position_in_words(position))?;
    }
    Ok(Exit::Done)
}
