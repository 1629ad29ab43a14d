//! `rev edit`.

use std::ffi::OsString;
use std::process::Command;

use revdag::verb;
use revdag::verb::edit::edit;

use super::context::Context;
use super::error::{Error, Exit};

/// Open the files of revisions in an editor
///
/// The editor is taken from VISUAL, or else from EDITOR.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names of revisions, in any form
    #[arg(value_name = "REVISION", default_value = "head", allow_negative_numbers = true)]
    names: Vec<String>,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let files = context.named(&store, |place| edit(&store, &args.names, place))?;
    let editor = editor()?;
    // The variable may hold options, and quotes: a shell takes it apart, as git does.
    let mut script = editor.clone();
    script.push(" \"$@\"");
    let status = Command::new("sh").arg("-c").arg(script).arg(&editor).args(&files).status();
    let shown = editor.display();
    match status {
        Ok(status) if status.success() => Ok(Exit::Done),
        Ok(status) => Err(refused(format!("the editor {shown} failed: {status}"))),
        Err(error) => Err(refused(format!("the editor {shown} cannot be started: {error}"))),
    }
}

fn editor() -> Result<OsString, Error> {
    ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(std::env::var_os)
        .find(|editor| !editor.is_empty())
        .ok_or_else(|| refused("no editor is set".to_owned()))
}

fn refused(message: String) -> Error {
    verb::Error::refused(message, "set VISUAL or EDITOR to the command of an editor").into()
}
