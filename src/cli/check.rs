//! `rev check`.

use serde_json::{Value, json};

use revdag::Difference;
use revdag::verb::Position;
use revdag::verb::check::{Against, Checked, check};

use super::context::Context;
use super::error::{Error, Exit};
use super::patterns::Only;
use super::progress::Progress;
use super::{differences, json, words};

/// Check that the database, or the revisions, match the models
///
/// Compares the desired schema of store.yaml with the database; with `--from-revisions`, or where
/// there is no database, with the schema that the revisions create. Exits with 3 and shows the
/// differences if there are any, or if the database is not at the heads of the files. Writes nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Compare with the schema that the revisions create, without a database
    #[arg(long)]
    from_revisions: bool,
    #[command(flatten)]
    only: Only,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?;
    let settings = context.reading(context.settings(&store, name))?;
    let only = args.only.filter();
    let checked = context.changing(async |cancel| {
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let checked =
            check(&store, &settings, args.from_revisions, &only, &cancel, &mut events).await;
        Ok(checked?)
    })?;
    match context.global.json {
        true => context.out.json(&value(&checked))?,
        false => {
            for notice in &checked.difference.notices {
                context.out.notice(notice);
            }
            context.out.text(&in_words(&checked))?;
            if let Some(position) = &checked.position {
                context.out.text(&differences::position_in_words(position))?;
            }
        }
    }
    Ok(if checked.is_empty() { Exit::Done } else { Exit::Found })
}

/// What was compared.
pub fn compared_with(against: Against, database: &str) -> String {
    match against {
        Against::Live => format!("database {database:?} and the models"),
        Against::Revisions => "the revisions and the models".to_owned(),
    }
}

fn in_words(checked: &Checked) -> String {
    let sides = compared_with(checked.against, &checked.database);
    if checked.difference.is_empty() {
        return format!("no differences: {sides}\n");
    }
    let Difference { changes, skipped, .. } = &checked.difference;
    let is_at_heads = checked.position.as_ref().is_none_or(Position::is_at_heads);
    let next = match changes.as_slice() {
        [] => "",
        _ if !is_at_heads => "",
        _ => " (`rev revision --autogenerate` writes a revision)",
    };
    format!(
        "{}{}: {sides}{next}\n",
        differences::in_words(&checked.difference),
        words::count(changes.len() + skipped.len(), "difference"),
    )
}

fn value(checked: &Checked) -> Value {
    let mut value = differences::value(&checked.difference);
    value["database"] = json!(checked.database);
    value["against"] = json!(match checked.against {
        Against::Live => "database",
        Against::Revisions => "revisions",
    });
    value["equal"] = json!(checked.difference.is_empty());
    value["position"] = json!(checked.position.as_ref().map(json::position));
    value
}
