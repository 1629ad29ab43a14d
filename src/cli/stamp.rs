//! `rev stamp`.

use super::context::Context;
use super::error::{Error, Exit};

/// Record revisions as applied, or as not applied, without running them
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
