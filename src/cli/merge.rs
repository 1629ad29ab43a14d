//! `rev merge`.

use revdag::verb::merge::{MergeOptions, merge};

use super::context::Context;
use super::error::{Error, Exit};
use super::revision::show_made;

/// Write a revision that joins several
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names of the revisions to join, in any form
    #[arg(value_name = "REVISION", default_value = "heads", allow_negative_numbers = true)]
    names: Vec<String>,
    /// What it is for
    #[arg(short, long)]
    message: Option<String>,
    /// Let it join revisions that are no heads
    #[arg(long)]
    splice: bool,
    /// A label for the line that begins with it
    #[arg(long = "label", alias = "branch-label", value_name = "LABEL")]
    labels: Vec<String>,
    /// Its id, instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let options = MergeOptions {
        names: args.names,
        message: args.message,
        splice: args.splice,
        labels: args.labels,
        rev_id: args.rev_id,
    };
    let made = context.named(&store, |place| merge(&store, &options, place))?;
    show_made(&made, context)?;
    context
        .out
        .notice("this merge is not proven: nobody has checked that the lines it joins commute");
    Ok(Exit::Done)
}
