//! `rev current`.

use revdag::verb::current::{Current, current};

use super::context::Context;
use super::databases::{self, Show};
use super::error::{Error, Exit};
use super::output::style;
use super::{json, words};

/// Show where a database is: the heads of its applied set
///
/// A line for each head, and one with `^` for each revision that is missing below them. With
/// `--check-heads` also one for each applied revision that was edited since.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Exit with 3 unless the database is at the heads of the files and no applied revision was edited
    #[arg(short, long, alias = "check_heads")]
    check_heads: bool,
    /// Show every database of store.yaml
    #[arg(long)]
    all: bool,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let verbose = context.global.is_verbose();
    let show = Show {
        words: &|current| in_words(current, verbose),
        value: &|at: &Current| {
            let Current { database, heads, missing, applied, pending, .. } = at;
            let mut value = json::current(database, heads, missing, *applied, pending.len());
            if let Some(edited) = &at.edited {
                value["edited"] = json::ids(edited).into();
            }
            value
        },
        found: &|current| args.check_heads && !current.at_heads(),
    };
    databases::read(
        args.all,
        context,
        &store,
        async |database| current(&store, database, args.check_heads).await,
        &show,
    )
}

fn in_words(current: &Current, verbose: bool) -> String {
    let (id, dim) = (style::ID, style::DIM);
    let mut text = String::new();
    if verbose {
        text.push_str(&format!("{dim}database {}: {}{dim:#}\n", current.database, current.address));
    }
    if current.heads.is_empty() {
        text.push_str("base\n");
    }
    for head in &current.heads {
        match current.views.iter().find(|view| view.header.id == *head) {
            Some(view) if verbose => text.push_str(&words::entry(view, &[])),
            Some(view) => text.push_str(&format!("{}\n", words::line(view))),
            None => text.push_str(&format!("{id}{head}{id:#} (not in the files)\n")),
        }
    }
    for missing in &current.missing {
        text.push_str(&format!("{id}^{missing}{id:#} (missing)\n"));
    }
    for edited in current.edited.iter().flatten() {
        text.push_str(&format!("{id}{edited}{id:#} (edited since applied)\n"));
    }
    text
}
