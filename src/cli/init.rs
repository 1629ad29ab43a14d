//! `rev init`.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::db;
use crate::run::{Cancel, Database};
use crate::store::{Secret, Store, init};
use crate::verb;
use crate::verb::adopt::{baseline, stamp_baseline};

use super::context::Context;
use super::error::{Error, Exit};
use super::progress::Progress;
use super::{databases, json, words};

/// Make a store, here or in a folder
///
/// The folder may be a project that exists; nothing that is there is overwritten.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder; it is made if it is not there
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// What to begin with; `rev templates` lists them
    #[arg(short, long, value_name = "NAME", default_value = "generic")]
    template: String,
    /// A database that exists: its url goes into the store, all that it holds into a first revision,
    /// which is recorded as applied
    #[arg(long, value_name = "URL", conflicts_with = "template")]
    from: Option<String>,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let folder = args.folder.unwrap_or_default();
    let folder = match context.directory() {
        Some(directory) => directory.join(folder),
        None => folder,
    };
    if let Some(url) = &args.from {
        // A wrong address leaves no store behind.
        db::dialect_of(url).map_err(verb::Error::from)?;
    }
    let url = args.from.map(Secret::new);
    let made = init(&folder, &args.template, url.as_ref())?;
    if url.is_some() {
        return adopt(&folder, &made, context);
    }
    if context.global.json {
        let files: Vec<String> = made.iter().map(|path| context.shown(path)).collect();
        context.out.json(&json!({"store": context.shown(&folder), "made": files}))?;
        return Ok(Exit::Done);
    }
    for path in &made {
        let slash = if path.is_dir() { "/" } else { "" };
        context.out.line(format_args!("made {}{slash}", context.shown(path)))?;
    }
    if !context.global.quiet {
        context.out.line(
            "next: set the url of your database in store.yaml, then `rev revision -m MESSAGE`",
        )?;
    }
    Ok(Exit::Done)
}

/// Makes the first revision of a store from its database, and records it as applied.
fn adopt(folder: &Path, files: &[PathBuf], context: &mut Context) -> Result<Exit, Error> {
    let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let open = |context: &Context| Store::open(root, context.variables());
    let adopted = adopt_all(&open, context);
    let (made, difference) = match adopted {
        Ok(adopted) => adopted,
        Err(error) => {
            // A store that knows nothing of its database is in the way of the next try.
            for path in files.iter().rev() {
                let _ = match path.is_dir() {
                    true => std::fs::remove_dir(path),
                    false => std::fs::remove_file(path),
                };
            }
            return Err(error);
        }
    };
    for notice in &difference.notices {
        context.out.notice(notice);
    }
    if context.global.json {
        let files: Vec<String> = files.iter().map(|path| context.shown(path)).collect();
        context.out.json(&json!({
            "store": context.shown(folder),
            "made": files,
            "revision": json::revision(&made.view),
        }))?;
        return Ok(Exit::Done);
    }
    for path in files.iter().chain([&made.path]) {
        let slash = if path.is_dir() { "/" } else { "" };
        context.out.line(format_args!("made {}{slash}", context.shown(path)))?;
    }
    context.out.line(words::line(&made.view))?;
    if !context.global.quiet {
        let operations = words::count(difference.changes.len(), "operation");
        context.out.line(format!("{operations}, recorded as applied"))?;
    }
    Ok(Exit::Done)
}

fn adopt_all(
    open: &dyn Fn(&Context) -> Result<Store, crate::store::StoreError>,
    context: &Context,
) -> Result<(verb::Made, crate::schema::Difference), Error> {
    context.changing(async |cancel: Cancel| {
        let store = open(context)?;
        let name = store.database_name(None)?.to_owned();
        let mut database: Database = databases::open(&store, &name, false, &cancel).await?;
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let outcome = async {
            let made = baseline(&store, &mut database, "baseline").await?;
            let store = open(context).map_err(verb::Error::from)?;
            stamp_baseline(&store, &mut database, &cancel, &mut events).await?;
            Ok::<_, verb::Error>(made)
        };
        let outcome = outcome.await;
        databases::close(database, &outcome).await;
        Ok(outcome?)
    })
}
