//! `rev upgrade`.

use revdag::Request;

use super::context::Context;
use super::error::{Error, Exit};
use super::walk::{self, Options, ScriptOptions};

/// Upgrade a database to a target revision
///
/// Applies the pending revisions that the targets need, ancestors first; never downgrades.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The target: heads, LABEL@head, a label, an id, +1, …
    #[arg(value_name = "TARGET", allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Also apply missing revisions below applied ones, after their dependents
    #[arg(long)]
    out_of_order: bool,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    script: ScriptOptions,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    if args.targets.is_empty() {
        return Err(Error::usage(
            "what to upgrade to is missing",
            "`rev upgrade heads` applies everything, `rev upgrade LABEL@head` a branch, `rev upgrade +1` one revision",
        ));
    }
    let out_of_order = args.out_of_order;
    let request = |targets| Request::Upgrade { targets, out_of_order };
    if args.script.sql {
        return walk::print_script(&args.targets, request, &args.script, context);
    }
    walk::no_range(&args.targets)?;
    walk::run(&request(args.targets), &args.options, false, context)
}
