//! `rev upgrade`.

use revdag::graph::Request;

use super::context::Context;
use super::error::{Error, Exit};
use super::walk::{self, Options, ScriptOptions};

/// Apply revisions up to a target
///
/// Applies what the targets need and the database lacks, ancestors first; never takes anything back.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to upgrade to: heads, LABEL@head, a label, an id, +1, …
    #[arg(value_name = "TARGET", allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Run revisions that are missing below what is applied after what stands on them
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
            "`rev upgrade heads` applies everything, `rev upgrade LABEL@head` a line, `rev upgrade +1` one revision",
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
