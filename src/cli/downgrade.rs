//! `rev downgrade`.

use revdag::graph::Request;

use super::context::Context;
use super::error::{Error, Exit};
use super::walk::{self, Options, ScriptOptions, StoredOptions};

/// Undo revisions down to a target
///
/// Takes back what stands on the target, in the reverse of the order in which it was applied. A
/// revision whose file is gone is taken back by what the database stored of it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to go down to: base, -1, an id, LABEL@ID, LABEL@base, …
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
            "what to go down to is missing",
            "`rev downgrade -1` undoes one revision, `rev downgrade base` all of them",
        ));
    }
    let request = |targets| Request::Downgrade { targets };
    if args.script.sql {
        if args.script.dialect.is_some() && !args.targets.iter().any(|target| target.contains(':'))
        {
            return Err(Error::usage(
                "where the database is, is missing",
                "`rev downgrade --sql A:B` prints the script from A down to B",
            ));
        }
        return walk::print_script(&args.targets, request, &args.script, context);
    }
    walk::no_range(&args.targets)?;
    walk::run(&request(args.targets), &args.options, args.stored.run_stored_programs, context)
}
