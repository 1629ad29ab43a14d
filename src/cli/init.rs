//! `rev init`.

use std::path::PathBuf;

use serde_json::json;

use crate::store::init;

use super::context::Context;
use super::error::{Error, Exit};

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
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let folder = args.folder.unwrap_or_default();
    let folder = match context.directory() {
        Some(directory) => directory.join(folder),
        None => folder,
    };
    let made = init(&folder, &args.template)?;
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
