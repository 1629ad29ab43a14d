//! `rev revision`.

use std::path::{Path, PathBuf};

use crate::store::{Format, GivenOperations, StoreError};
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
    /// What applies it: a file with a list of operations in YAML, or - for standard input
    ///
    /// Constraints and indexes without a name get one by the `names` of store.yaml.
    #[arg(long, value_name = "FILE")]
    up: Option<PathBuf>,
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
        up: args.up.as_deref().map(given).transpose()?,
    };
    let made = context
        .named(&store, |place| revision(&store, &options, place))
        .map_err(|error| error.several_heads("which head it follows", "--head "))?;
    show_made(&made, context)?;
    Ok(Exit::Done)
}

/// The text of a file, or of standard input.
fn given(file: &Path) -> Result<GivenOperations, Error> {
    let (text, from) = if file == Path::new("-") {
        (std::io::read_to_string(std::io::stdin()), "standard input".to_owned())
    } else {
        (fs_err::read_to_string(file), file.display().to_string())
    };
    let text = text.map_err(|error| StoreError::Refused {
        message: format!("cannot read the operations: {error}"),
        hint: None,
    })?;
    Ok(GivenOperations { text, from })
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
