//! `rev tag`.

use super::context::Context;
use super::error::{Error, Exit};

/// Name a set of revisions, or list the names
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
