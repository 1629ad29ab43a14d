//! `rev check`.

use serde_json::{Value, json};

use revdag::diff::Difference;
use revdag::verb::Position;
use revdag::verb::check::{Against, Checked, check};

use super::context::Context;
use super::error::{Error, Exit};
use super::patterns::Only;
use super::progress::Progress;
use super::{differences, json, words};

/// Check that the models and the database, or the revisions, agree
///
/// Compares the desired schema of store.yaml with the database; with `--from-revisions`, or where
/// there is no database, with what the revisions make. Exits with 3 and shows the difference if they
/// do not agree, or if the database is not where the files are. Writes nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Compare with what the revisions make, and look at no database
    #[arg(long)]
    from_revisions: bool,
    #[command(flatten)]
    only: Only,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?;
    let settings = context.settings(&store, name)?;
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

/// What the models were compared with, as a subject with its verb in the plural.
pub fn compared_with(against: Against, database: &str) -> String {
    match against {
        Against::Live => format!("the models and the database {database}"),
        Against::Revisions => "the models and the revisions".to_owned(),
    }
}

fn in_words(checked: &Checked) -> String {
    let sides = compared_with(checked.against, &checked.database);
    if checked.difference.is_empty() {
        return format!("{sides} agree\n");
    }
    let Difference { changes, skipped, .. } = &checked.difference;
    let is_at_heads = checked.position.as_ref().is_none_or(Position::is_at_heads);
    let next = match changes.as_slice() {
        [] => "",
        _ if !is_at_heads => "",
        _ => " (`rev revision --autogenerate` writes a revision of them)",
    };
    format!(
        "{}{sides} differ: {}{next}\n",
        differences::in_words(&checked.difference),
        words::count(changes.len() + skipped.len(), "change"),
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
