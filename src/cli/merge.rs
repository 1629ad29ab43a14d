//! `rev merge`.

use revdag::verb::merge::{MergeOptions, merge};

use super::context::Context;
use super::error::{Error, Exit};
use super::revision::show_made;

/// Write a revision that merges several heads
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The revisions to merge
    #[arg(value_name = "REVISION", default_value = "heads", allow_negative_numbers = true)]
    names: Vec<String>,
    /// The message
    #[arg(short, long)]
    message: Option<String>,
    /// Allow revisions that are not heads
    #[arg(long)]
    splice: bool,
    /// A label for the branch that starts with it
    #[arg(long = "label", alias = "branch-label", value_name = "LABEL")]
    labels: Vec<String>,
    /// Its id, instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let options = MergeOptions::default()
        .names(args.names)
        .message(args.message)
        .splice(args.splice)
        .labels(args.labels)
        .rev_id(args.rev_id);
    let made = context.named(&store, |place| merge(&store, &options, place))?;
    show_made(&made, context)?;
    context.out.notice(
        "this merge is not verified: nothing has checked that the branches it joins commute",
    );
    Ok(Exit::Done)
}
