//! `rev templates`.

use super::context::Context;
use super::error::{Error, Exit};

/// List the templates of `rev init`
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
