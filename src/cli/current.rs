//! `rev current`.

use super::context::Context;
use super::error::{Error, Exit};

/// Show where a database is: the heads of its applied set
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
