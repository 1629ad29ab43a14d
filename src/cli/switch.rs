//! `rev switch`.

use revdag::graph::Request;

use super::context::Context;
use super::error::{Error, Exit};
use super::walk::{self, Options, StoredOptions};

/// Bring a database to exactly a set of revisions, down and up by the least steps
///
/// Takes back what the targets do not hold, applies what they lack, and leads over revisions that
/// were given other parents.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the database is to have, with what is below it
    #[arg(value_name = "TARGET", default_value = "heads", allow_negative_numbers = true)]
    targets: Vec<String>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    stored: StoredOptions,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    walk::no_range(&args.targets)?;
    let request = Request::Switch { targets: args.targets };
    walk::run(&request, &args.options, args.stored.run_stored_programs, context)
}
