//! `rev journal`.

use super::context::Context;
use super::error::{Error, Exit};

/// Show what was done to a database, by whom and when
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
