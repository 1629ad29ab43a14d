//! `rev ensure-version`.

use super::context::Context;
use super::error::{Error, Exit};

/// Make the journal's tables where they are not there yet
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
