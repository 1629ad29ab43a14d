//! `rev merge`.

use std::path::Path;

use serde_json::Value;

use revdag::MergeVerdict;
use revdag::store::{DatabaseSettings, Store};
use revdag::verb::merge::{MergeOptions, Merged, merge, parents};

use super::context::Context;
use super::error::{Error, Exit};
use super::{json, proof, words};

/// Write a revision that merges several heads, once they are shown to commute
///
/// Revisions of different branches that touch the same, and SQL that nobody can tell it of, are run in both
/// orders on a scratch database, and what comes of it is compared, rows included. Branches that do not commute are
/// not merged. With `--check` it writes nothing, and exits with 3 if they do not commute.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The revisions to merge
    #[arg(value_name = "REVISION", default_value = "heads", allow_negative_numbers = true)]
    names: Vec<String>,
    /// The message
    #[arg(short, long)]
    message: Option<String>,
    /// Allow revisions that are not heads
    #[arg(long)]
    splice: bool,
    /// A label for the branch that starts with it
    #[arg(long = "label", alias = "branch-label", value_name = "LABEL")]
    labels: Vec<String>,
    /// Its id, instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Only show whether the branches commute: write nothing, exit with 3 if they do not
    #[arg(long)]
    check: bool,
    /// Merge branches that do not commute
    #[arg(long, conflicts_with = "check")]
    force: bool,
    /// The format of what is shown
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, conflicts_with = "json")]
    format: Form,
}

/// The format of what is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For a terminal.
    #[default]
    Text,
    /// For a pull request.
    Markdown,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let ids = context.named(&store, |place| parents(&store, &args.names, args.splice, place))?;
    if ids.len() < 2 {
        if context.global.json {
            context.out.json(&Value::Null)?;
        } else {
            context.out.line(match ids.first() {
                Some(only) => format!("nothing to merge: {only} is the only head"),
                None => "nothing to merge: there are no revisions".to_owned(),
            })?;
        }
        return Ok(Exit::Done);
    }
    let options = MergeOptions::default()
        .message(args.message)
        .splice(args.splice)
        .labels(args.labels)
        .rev_id(args.rev_id)
        .force(args.force)
        .check(args.check);
    let settings = settings(&store, context)?;
    let settings = settings.as_ref().map_err(Clone::clone);
    let work = async |cancel| Ok(merge(&store, settings, &ids, &options, &cancel).await?);
    let merged = context.changing(work)?;
    show(&merged, args.format, context)?;
    Ok(match (merged.proof.verdict(), &merged.made) {
        (MergeVerdict::Conflict, None) if args.check => Exit::Found,
        (MergeVerdict::Conflict, None) => {
            return Err(Error::from(revdag::verb::Error::refused(
                "the branches do not commute: nothing was written",
                "let one of the revisions follow the other, or change one so that the order does not \
                 matter; `--force` merges them all the same",
            )));
        }
        _ => Exit::Done,
    })
}

/// The database for which branches are to commute; or why there is none, where nobody named one.
fn settings(store: &Store, context: &Context) -> Result<Result<DatabaseSettings, String>, Error> {
    let named = context.global.database.as_deref();
    let found = match store.database_name(named) {
        Ok(name) => context.reading(context.settings(store, name)),
        Err(error) => Err(Error::from(error)),
    };
    match (found, named) {
        (Ok(settings), _) => Ok(Ok(settings)),
        (Err(error), Some(_)) => Err(error),
        (Err(error), None) => Ok(Err(format!("there is no database to replay them for: {error}"))),
    }
}

fn show(merged: &Merged, format: Form, context: &mut Context) -> Result<(), Error> {
    let Merged { proof, made } = merged;
    for failure in made.iter().flat_map(|made| &made.hook_failures) {
        context.out.notice(failure);
    }
    if context.global.json {
        let mut value = match made {
            Some(made) => json::revision(&made.view),
            None => Value::Object(serde_json::Map::new()),
        };
        value["proof"] = proof::value(proof);
        return Ok(context.out.json(&value)?);
    }
    let shown = |path: &Path| context.shown(path);
    let path = made.as_ref().map(|made| shown(&made.path));
    if context.global.quiet {
        if let Some(path) = path {
            context.out.line(path)?;
        }
        return Ok(());
    }
    match format {
        Form::Text => context.out.text(&proof::in_words(proof))?,
        Form::Markdown => context.out.text(&proof::in_markdown(proof))?,
    }
    if let (Some(path), Some(made)) = (path, made) {
        context.out.line(format_args!("wrote {path}\n{}", words::line(&made.view)))?;
    }
    Ok(())
}
