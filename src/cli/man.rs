//! `rev man`.

use super::context::Context;
use super::error::{Error, Exit};

/// Print the manual page
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let _ = (args, context);
    todo!()
}
