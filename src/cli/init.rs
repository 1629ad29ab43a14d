//! `rev init`.

use std::path::{Path, PathBuf};

use serde_json::json;

use revdag::store::{NewStore, Secret, Store, TEMPLATES, init};
use revdag::verb;
use revdag::verb::adopt::{baseline, stamp_baseline};
use revdag::{Cancel, Database, passed_over};

use super::context::Context;
use super::error::{Error, Exit};
use super::progress::Progress;
use super::{databases, json, words};

/// Create a store, here or in another folder
///
/// The folder may be an existing project; no existing file is overwritten.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder; created if it does not exist
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The template to start from; `rev templates` lists them
    #[arg(short, long, value_name = "NAME", default_value = "generic")]
    template: String,
    /// The url of the database, instead of ${DATABASE_URL}: written to store.yaml, or to .env if it has
    /// a password
    #[arg(long, value_name = "URL", conflicts_with = "template")]
    url: Option<String>,
    /// An existing database: as --url, and its schema becomes a first revision, which is recorded as
    /// applied
    #[arg(long, value_name = "URL", conflicts_with_all = ["template", "url"])]
    from: Option<String>,
    /// Give the store that is there a new id: for a copy of a store that goes its own way
    #[arg(long, conflicts_with_all = ["template", "url", "from"])]
    new_id: bool,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let folder = args.folder.unwrap_or_default();
    let folder = match context.directory() {
        Some(directory) => directory.join(folder),
        None => folder,
    };
    if args.new_id {
        let id = Store::renew_id(root_of(&folder))?;
        if context.global.json {
            context.out.json(&json!({"store": context.shown(&folder), "id": id}))?;
        } else {
            context.out.line(format_args!("the store has the id {id} now"))?;
        }
        return Ok(Exit::Done);
    }
    let adopts = args.from.is_some();
    let url = args.from.or(args.url);
    if let Some(url) = &url {
        // A wrong address leaves no store behind.
        passed_over(url).map_err(verb::Error::from)?;
    }
    let url = url.map(Secret::new);
    let new = init(&folder, &args.template, url.as_ref())?;
    if adopts {
        return adopt(&folder, &new, context);
    }
    if context.global.json {
        let made = shown(&new.made, context);
        context.out.json(&json!({"store": context.shown(&folder), "made": made}))?;
        return Ok(Exit::Done);
    }
    tell(&new, &[], context)?;
    if !context.global.quiet {
        let template = TEMPLATES.iter().find(|template| template.name == args.template);
        let variables = template.map_or(&[][..], |template| template.variables);
        context.out.line(match (url.is_some(), variables) {
            (true, _) => "next: `rev revision -m MESSAGE`".to_owned(),
            (false, [one]) => {
                format!("next: set {one} or the url in store.yaml, then `rev revision -m MESSAGE`")
            }
            (false, several) => format!(
                "next: set {} or the urls in store.yaml, then `rev revision -m MESSAGE`",
                several.join(" and ")
            ),
        })?;
    }
    Ok(Exit::Done)
}

/// The folder of a store by what was said of it; nothing is the current one.
fn root_of(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn shown(paths: &[PathBuf], context: &Context) -> Vec<String> {
    paths.iter().map(|path| context.shown(path)).collect()
}

/// Tells what was made, and the first revisions after it.
fn tell(new: &NewStore, revisions: &[&Path], context: &mut Context) -> Result<(), Error> {
    for path in new.made.iter().map(PathBuf::as_path).chain(revisions.iter().copied()) {
        let slash = if path.is_dir() { "/" } else { "" };
        context.out.line(format_args!("created {}{slash}", context.shown(path)))?;
    }
    if let Some(path) = &new.appended {
        context.out.line(format_args!("added .env to {}", context.shown(path)))?;
    }
    Ok(())
}

/// Makes the first revision of a store from its database, and records it as applied.
fn adopt(folder: &Path, new: &NewStore, context: &mut Context) -> Result<Exit, Error> {
    let root = root_of(folder);
    let open = |context: &Context| Store::open(root, context.variables());
    // A store that knows nothing of its database is in the way of the next try.
    let (made, difference) = adopt_all(&open, context).inspect_err(|_| new.undo())?;
    for notice in &difference.notices {
        context.out.notice(notice);
    }
    for left in &difference.skipped {
        context.out.notice(format!("skipped: {}: {}", left.about, left.why));
    }
    let exit = if difference.skipped.is_empty() { Exit::Done } else { Exit::Found };
    if context.global.json {
        let files = shown(&new.made, context);
        context.out.json(&json!({
            "store": context.shown(folder),
            "made": files,
            "revision": made.last().map(|made| json::revision(&made.view)),
        }))?;
        return Ok(exit);
    }
    let paths: Vec<&Path> = made.iter().map(|made| made.path.as_path()).collect();
    tell(new, &paths, context)?;
    for made in &made {
        context.out.line(words::line(&made.view))?;
    }
    if !context.global.quiet {
        let operations = words::count(difference.changes.len(), "operation");
        context.out.line(format!("{operations}, recorded as applied"))?;
    }
    Ok(exit)
}

fn adopt_all(
    open: &dyn Fn(&Context) -> Result<Store, revdag::store::StoreError>,
    context: &Context,
) -> Result<(Vec<verb::Made>, revdag::Difference), Error> {
    context.changing(async |cancel: Cancel| {
        let store = open(context)?;
        let name = store.database_name(None)?.to_owned();
        let mut database: Database =
            databases::open(context, &store, &name, false, &cancel).await?;
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let outcome = async {
            let made = baseline(&store, &mut database, "baseline").await?;
            let store = open(context).map_err(verb::Error::from)?;
            let stamped = stamp_baseline(&store, &mut database, &cancel, &mut events).await;
            // A revision that is not recorded goes with its store.
            stamped.inspect_err(|_| {
                made.0.iter().for_each(|made| drop(std::fs::remove_file(&made.path)));
            })?;
            Ok::<_, verb::Error>(made)
        };
        let outcome = outcome.await;
        databases::close(database, &outcome).await;
        Ok(outcome?)
    })
}
