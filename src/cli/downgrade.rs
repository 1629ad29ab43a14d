//! `rev downgrade`.

use revdag::Request;

use super::context::Context;
use super::error::{Error, Exit};
use super::walk::{self, Options, ScriptOptions, StoredOptions};

/// Downgrade a database to a target revision
///
/// Runs the `down` of all applied revisions that depend on the target, in the reverse of the order in
/// which they were applied. For a revision without a file, the `down` stored in the database is used.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The target: base, -1, an id, LABEL@ID, LABEL@base, …
    #[arg(value_name = "TARGET", allow_negative_numbers = true)]
    targets: Vec<String>,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    stored: StoredOptions,
    #[command(flatten)]
    script: ScriptOptions,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    if args.targets.is_empty() {
        return Err(Error::usage(
            "the target is missing",
            "`rev downgrade -1` undoes one revision, `rev downgrade base` all of them",
        ));
    }
    let request = |targets| Request::Downgrade { targets };
    if args.script.sql {
        if args.script.dialect.is_some() && !args.targets.iter().any(|target| target.contains(':'))
        {
            return Err(Error::usage(
                "the start of the range is missing",
                "`rev downgrade --sql A:B` prints the script from A down to B",
            ));
        }
        return walk::print_script(&args.targets, request, &args.script, context);
    }
    walk::no_range(&args.targets)?;
    walk::run(&request(args.targets), &args.options, args.stored.run_stored_programs, context)
}
