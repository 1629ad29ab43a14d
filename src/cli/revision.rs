//! `rev revision`.

use std::path::PathBuf;

use crate::store::Format;
use crate::verb::Made;
use crate::verb::revision::{RevisionOptions, revision};

use super::context::Context;
use super::error::{Error, Exit};
use super::{json, words};

/// Write a new revision
///
/// It follows the head, or what `--head` names; `--head base` begins a new line.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What it is for
    #[arg(short, long, default_value = "", hide_default_value = true)]
    message: String,
    /// The revision it follows
    #[arg(long, value_name = "REVISION", allow_negative_numbers = true)]
    head: Option<String>,
    /// Let it follow a revision that is no head
    #[arg(long)]
    splice: bool,
    /// A label for the line that begins with it
    #[arg(long = "label", alias = "branch-label", value_name = "LABEL")]
    labels: Vec<String>,
    /// What else must be applied before it
    #[arg(long, value_name = "REVISION", allow_negative_numbers = true)]
    depends_on: Vec<String>,
    /// Its id, instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// The folder to write it to: one of the store's, or below one
    #[arg(long, alias = "version-path", value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The form of the file; without it, the store's
    #[arg(long, value_name = "FORM")]
    format: Option<Form>,
}

/// The form of a revision file.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Form {
    Yaml,
    Sql,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let options = RevisionOptions {
        message: args.message,
        head: args.head,
        splice: args.splice,
        labels: args.labels,
        depends_on: args.depends_on,
        rev_id: args.rev_id,
        folder: args.folder,
        format: args.format.map(|form| match form {
            Form::Yaml => Format::Yaml,
            Form::Sql => Format::Sql,
        }),
    };
    let made = context
        .named(&store, |place| revision(&store, &options, place))
        .map_err(|error| error.several_heads("which head it follows", "--head "))?;
    show_made(&made, context)?;
    Ok(Exit::Done)
}

/// Tells what was written, for `revision` and `merge` alike.
pub fn show_made(made: &Made, context: &mut Context) -> Result<(), Error> {
    for failure in &made.hook_failures {
        context.out.notice(failure);
    }
    if context.global.json {
        context.out.json(&json::revision(&made.view))?;
    } else if context.global.quiet {
        context.out.line(context.shown(&made.path))?;
    } else {
        let path = context.shown(&made.path);
        context.out.line(format_args!("wrote {path}\n{}", words::line(&made.view)))?;
    }
    Ok(())
}
