//! `rev verify`.

use super::context::Context;
use super::error::{Error, Exit};

/// Check that the files agree with what a database has applied
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
