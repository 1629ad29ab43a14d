//! `rev resume`.

use super::context::Context;
use super::error::{Error, Exit};

/// Go on with a revision that stopped half-way
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
