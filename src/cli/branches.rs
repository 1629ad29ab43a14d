//! `rev branches`.

use revdag::verb::branches::branches;

use super::context::Context;
use super::error::{Error, Exit};
use super::{json, words};

/// Show the branch points: revisions with several children
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the command.
pub fn run(_: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let points = branches(&store);
    if context.global.json {
        let revisions: serde_json::Value =
            points.iter().map(|point| json::revision(&point.revision)).collect();
        context.out.json(&revisions)?;
        return Ok(Exit::Done);
    }
    for point in &points {
        if context.global.is_verbose() {
            let children: Vec<_> =
                point.children.iter().map(|child| child.header.id.clone()).collect();
            context.out.text(&words::entry(&point.revision, &children))?;
        } else {
            context.out.line(words::line(&point.revision))?;
        }
        for child in &point.children {
            context.out.line(format_args!("  -> {}", words::line(child)))?;
        }
    }
    Ok(Exit::Done)
}
