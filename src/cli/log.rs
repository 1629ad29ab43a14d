//! `rev log`.

use revdag::render;
use revdag::verb::RevisionView;
use revdag::verb::log::{LogOptions, log};

use super::context::Context;
use super::error::{Error, Exit};
use super::{json, words};

/// Show the revisions, newest first
///
/// A range is `A:B`, `A:`, `:B`, or one name: the revision and its ancestors. Both ends take every
/// form of names: ids and their prefixes, labels, tags, `head`, `base`, `LABEL@head`, `-3`, `current`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The revisions to show [default: all]
    #[arg(value_name = "RANGE", allow_negative_numbers = true)]
    names: Option<String>,
    /// The same, as Alembic writes it
    #[arg(
        short,
        long,
        alias = "rev-range",
        value_name = "RANGE",
        allow_hyphen_values = true,
        conflicts_with = "names"
    )]
    range: Option<String>,
    /// Draw the graph beside the revisions
    #[arg(long)]
    graph: bool,
    /// Show at most N revisions
    #[arg(short, long, value_name = "N")]
    number: Option<usize>,
    /// Mark where the database is, and in the graph what it has applied
    #[arg(short, long)]
    indicate_current: bool,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let options = LogOptions::default().range(args.range.or(args.names)).limit(args.number);
    let views = if args.indicate_current {
        log(&store, &options, &context.place(&store)?)?
    } else {
        context.named(&store, |place| log(&store, &options, place))?
    };
    if context.global.json {
        context.out.json(&json::revisions(&views))?;
        return Ok(Exit::Done);
    }
    let verbose = context.global.is_verbose();
    let described = |view: &RevisionView| match verbose {
        true => words::entry(view, &store.graph().children(&view.header.id)),
        false => words::line(view),
    };
    if args.graph {
        let rows: Vec<render::Row> = views
            .iter()
            .map(|view| render::Row {
                id: view.header.id.clone(),
                parents: view.header.parents.clone(),
                depends_on: view.dependencies.clone(),
                glyph: glyph(view).to_owned(),
                text: described(view),
            })
            .collect();
        context.out.text(&render::graph(&rows))?;
        return Ok(Exit::Done);
    }
    for (place, view) in views.iter().enumerate() {
        if verbose && place > 0 {
            context.out.line("")?;
        }
        context.out.line(described(view).trim_end())?;
    }
    Ok(Exit::Done)
}

/// `@` where the database is, `●` what it has applied, `○` all else.
fn glyph(view: &RevisionView) -> &'static str {
    match (view.current, view.applied) {
        (true, _) => "@",
        (false, Some(true)) => "●",
        _ => "○",
    }
}
