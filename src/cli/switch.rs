//! `rev switch`.

use super::context::Context;
use super::error::{Error, Exit};

/// Bring a database to exactly a set of revisions, down and up by the least steps
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
