//! `rev switch`.

use revdag::Request;

use super::context::Context;
use super::error::{Error, Exit};
use super::walk::{self, Options, StoredOptions};

/// Migrate a database to exactly a set of revisions, down and up, in the fewest steps
///
/// Downgrades the revisions that the targets do not include, applies those that are missing, and
/// records the new parents of revisions that were moved.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The target; its ancestors are included
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
