//! `rev revision`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use revdag::store::{Format, GivenOperations, NewBody, Store, StoreError};
use revdag::verb::autogenerate::{
    AutogenerateOptions, Generated, RenamePrompt, RoundTrip, autogenerate,
};
use revdag::verb::revision::{RevisionOptions, revision};
use revdag::verb::{Made, Place, Rename};
use revdag::{Difference, PossibleRename};

use super::ask::Terminal;
use super::check::compared_with;
use super::context::Context;
use super::error::{Error, Exit};
use super::output::style;
use super::patterns::Only;
use super::progress::Progress;
use super::{differences, json, words};

/// Write a new revision
///
/// Its parent is the head, or the revision that `--head` names; `--head base` starts a new branch. With
/// `--autogenerate` it migrates the database to the models: the changes are shown, destructive ones with
/// a `!`, and verified by an upgrade and a downgrade of a scratch database. Exits with 3 if differences
/// remain.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The message: what the revision does
    #[arg(short, long, default_value = "", hide_default_value = true)]
    message: String,
    /// Its parent
    #[arg(long, value_name = "REVISION", allow_negative_numbers = true)]
    head: Option<String>,
    /// Allow a parent that is not a head
    #[arg(long)]
    splice: bool,
    /// A label for the branch that starts with it
    #[arg(long = "label", alias = "branch-label", value_name = "LABEL")]
    labels: Vec<String>,
    /// Another revision that must be applied before it
    #[arg(long, value_name = "REVISION", allow_negative_numbers = true)]
    depends_on: Vec<String>,
    /// Its id, instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// The folder to write it to: one of the store's folders, or one below them
    #[arg(long, alias = "version-path", value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The format of the file [default: that of the store]
    #[arg(long, value_name = "FORM")]
    format: Option<Form>,
    /// The `up` of the revision: a YAML file with a list of operations, or - for standard input
    ///
    /// Constraints and indexes without a name get one by the `names` of store.yaml.
    #[arg(long, value_name = "FILE", conflicts_with = "autogenerate")]
    up: Option<PathBuf>,
    /// Generate the operations that migrate the database to the models: `schema` in store.yaml
    #[arg(long)]
    autogenerate: bool,
    #[command(flatten)]
    generate: Generate,
}

/// How a revision is generated.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "With --autogenerate")]
struct Generate {
    /// Compare the models with the schema that the revisions create, without a database
    #[arg(long, requires = "autogenerate")]
    from_revisions: bool,
    /// A rename: table:OLD:NEW, column:TABLE.OLD:NEW, value:ENUM.OLD:NEW
    #[arg(long = "rename", value_name = "RENAME", requires = "autogenerate")]
    renames: Vec<Rename>,
    /// Create indexes and constraints without blocking writes, where the database supports it
    #[arg(long, requires = "autogenerate")]
    safe: bool,
    #[command(flatten)]
    only: Only,
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
    let options = RevisionOptions::default()
        .message(args.message)
        .head(args.head)
        .splice(args.splice)
        .labels(args.labels)
        .depends_on(args.depends_on)
        .rev_id(args.rev_id)
        .folder(args.folder)
        .format(args.format.map(|form| match form {
            Form::Yaml => Format::Yaml,
            Form::Sql => Format::Sql,
        }))
        .body(args.up.as_deref().map(given).transpose()?.map(NewBody::Given));
    if args.autogenerate {
        return generate(options, args.generate, &store, context);
    }
    let made = context
        .named(&store, |place| revision(&store, &options, place))
        .map_err(|error| error.several_heads("which head it follows", "--head "))?;
    show_made(&made, context)?;
    Ok(Exit::Done)
}

fn generate(
    revision: RevisionOptions,
    args: Generate,
    store: &Store,
    context: &mut Context,
) -> Result<Exit, Error> {
    let name = store.database_name(context.global.database.as_deref())?;
    let settings = context.reading(context.settings(store, name))?;
    let place = Place::files(context.lines(store)?);
    let options = AutogenerateOptions::default()
        .revision(revision)
        .from_revisions(args.from_revisions)
        .only(args.only.filter())
        .safe(args.safe)
        .renames(args.renames);
    let generated = context.changing(async |cancel| {
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let mut terminal = Terminal::new(&cancel, context);
        let generated =
            autogenerate(store, &settings, &options, &place, &mut terminal, &cancel, &mut events);
        Ok(generated.await?)
    });
    let generated =
        generated.map_err(|error| error.several_heads("which head it follows", "--head "))?;
    let Generated { against, difference, round_trip, made, made_before } = &generated;
    let is_right = round_trip.as_ref().is_none_or(RoundTrip::is_right);
    if context.global.json {
        let mut value = differences::value(difference);
        value["revision"] = made.as_ref().map_or(Value::Null, |made| json::revision(&made.view));
        value["tried"] = round_trip.as_ref().map_or(Value::Null, |_| Value::Bool(is_right));
        context.out.json(&value)?;
    } else {
        for notice in &difference.notices {
            context.out.notice(notice);
        }
        context.out.text(&differences::in_words(difference))?;
        match made {
            None => {
                let sides = compared_with(*against, name);
                let agree = if difference.skipped.is_empty() {
                    format!("no differences: {sides}; nothing to write")
                } else {
                    format!("no differences that operations support: {sides}; nothing to write")
                };
                context.out.line(agree)?;
            }
            Some(made) => {
                if let Some(round_trip) = round_trip {
                    context.out.text(&tried(round_trip, difference))?;
                }
                for made in made_before.iter().chain([made]) {
                    show_made(made, context)?;
                }
            }
        }
    }
    Ok(if is_right && difference.skipped.is_empty() { Exit::Done } else { Exit::Found })
}

/// How the revision of a difference did on a scratch database.
fn tried(round_trip: &RoundTrip, difference: &Difference) -> String {
    let goal = match difference.skipped.as_slice() {
        [] => "reaches the models",
        _ => "reaches the models except for what was skipped",
    };
    if round_trip.is_right() {
        return format!("verified: upgrade {goal}, downgrade restores the schema\n");
    }
    let warning = style::WARNING;
    let mut text = String::new();
    if !round_trip.unlike.is_empty() {
        let lines = round_trip.unlike.iter().map(|line| format!("    {line}\n"));
        let lines = lines.collect::<String>();
        text.push_str(&format!(
            "{warning}not verified:{warning:#} the scratch database is not like the live one:\n{lines}"
        ));
    }
    let half = |way: &str, half: &Result<Difference, String>, goal: &str| match half {
        Ok(left) if left.changes.is_empty() => match round_trip.unlike.as_slice() {
            [] => format!("verified: {way} {goal}\n"),
            _ => format!("on the scratch database: {way} {goal}\n"),
        },
        Ok(left) => {
            let left = differences::in_words(left);
            let left = left.lines().map(|line| format!("    {line}\n")).collect::<String>();
            format!("{warning}not verified:{warning:#} {way} leaves differences:\n{left}")
        }
        Err(error) => format!("{warning}not verified:{warning:#} {way} fails: {error}\n"),
    };
    text.push_str(&half("upgrade", &round_trip.up, goal));
    if let Some(down) = &round_trip.down {
        text.push_str(&half("downgrade", down, "restores the schema"));
    }
    text
}

#[async_trait::async_trait]
impl RenamePrompt for Terminal {
    async fn is_rename(&mut self, rename: &PossibleRename) -> Option<bool> {
        let question = format!("Is {} a rename ({})? [y/n]", rename.argument, rename.evidence);
        self.choose(&question, &["y", "yes"], &["n", "no"]).await
    }
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
