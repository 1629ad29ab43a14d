//! `rev merge`.

use super::context::Context;
use super::error::{Error, Exit};

/// Write a revision that joins several
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
