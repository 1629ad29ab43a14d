//! `rev heads`.

use revdag::verb::heads::{HeadsOptions, heads};

use super::context::Context;
use super::error::{Error, Exit};
use super::{json, words};

/// Show the heads: revisions without a child
///
/// With `-d`, only the heads of that database's branches.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Omit heads that another revision depends on
    #[arg(long)]
    resolve_dependencies: bool,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let lines = context.lines(&store)?.to_vec();
    let options =
        HeadsOptions::default().resolve_dependencies(args.resolve_dependencies).lines(lines);
    let views = heads(&store, &options);
    if context.global.json {
        context.out.json(&json::revisions(&views))?;
        return Ok(Exit::Done);
    }
    for (place, view) in views.iter().enumerate() {
        if context.global.is_verbose() {
            if place > 0 {
                context.out.line("")?;
            }
            context.out.text(&words::entry(view, &[]))?;
        } else {
            context.out.line(words::line(view))?;
        }
    }
    Ok(Exit::Done)
}
