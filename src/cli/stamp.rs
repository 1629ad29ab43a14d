//! `rev stamp`.

use revdag::model::Id;
use revdag::verb::stamp::{accept, accept_store, stamp_from_alembic};
use revdag::{Cancel, Request};

use super::context::Context;
use super::databases;
use super::error::{Error, Exit};
use super::output::style;
use super::progress::Progress;
use super::walk::{self, Options, ScriptOptions};

/// Record revisions as applied, or as not applied, without running them
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The target: heads, base, an id, LABEL@head, …; its ancestors are recorded, too
    #[arg(value_name = "TARGET", allow_negative_numbers = true)]
    targets: Vec<String>,
    /// Remove all recorded revisions first
    #[arg(long, conflicts_with = "only")]
    purge: bool,
    /// Record only the targets, without their ancestors
    #[arg(long)]
    only: bool,
    /// Accept the current files of applied revisions that were edited
    #[arg(
        long,
        value_name = "REVISION",
        num_args = 1..,
        conflicts_with_all = ["targets", "purge", "only", "from_alembic", "sql", "all", "dry_run"]
    )]
    accept: Vec<String>,
    /// Record this store's id in a database whose journal belongs to another store
    #[arg(
        long,
        conflicts_with_all = [
            "targets", "purge", "only", "accept", "from_alembic", "sql", "all", "dry_run", "yes",
        ]
    )]
    accept_store: bool,
    /// Record what Alembic's table alembic_version says
    #[arg(long, conflicts_with_all = ["targets", "purge", "only", "sql", "all"])]
    from_alembic: bool,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    script: ScriptOptions,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    if !args.accept.is_empty() {
        return accept_edited(&args.accept, context);
    }
    if args.accept_store {
        return take_store(context);
    }
    if args.from_alembic {
        return from_alembic(args.options.dry_run, context);
    }
    if args.targets.is_empty() {
        return Err(Error::usage(
            "the target is missing",
            "`rev stamp heads` records everything, `rev stamp base` nothing, `rev stamp --from-alembic` what Alembic applied",
        ));
    }
    let (purge, only) = (args.purge, args.only);
    let request = |targets| Request::Stamp { targets, purge, only };
    if args.script.sql {
        return walk::print_script(&args.targets, request, &args.script, context);
    }
    walk::no_range(&args.targets)?;
    walk::run(&request(args.targets), &args.options, false, context)
}

fn from_alembic(dry_run: bool, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?.to_owned();
    let outcome = context.changing(async |cancel: Cancel| {
        let mut database = databases::open(context, &store, &name, !dry_run, &cancel).await?;
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let outcome =
            stamp_from_alembic(&store, &mut database, dry_run, &cancel, &mut events).await;
        databases::close(database, &outcome).await;
        Ok(outcome?)
    })?;
    walk::show(&outcome, dry_run, &store, context)?;
    Ok(Exit::Done)
}

fn take_store(context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?.to_owned();
    let before = context.changing(async |cancel: Cancel| {
        let mut database = databases::open(context, &store, &name, false, &cancel).await?;
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let before = accept_store(&store, &mut database, &cancel, &mut events).await;
        databases::close(database, &before).await;
        Ok(before?)
    })?;
    let id = store.id().unwrap_or_default();
    if context.global.json {
        context.out.json(&serde_json::json!({ "store": id, "before": before }))?;
        return Ok(Exit::Done);
    }
    context.out.line(match before {
        Some(before) => format!("the journal belongs to the store {id} now; before: {before}"),
        None => format!("nothing to do: the journal belongs to the store {id}"),
    })?;
    Ok(Exit::Done)
}

fn accept_edited(targets: &[String], context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?.to_owned();
    let accepted = context.changing(async |cancel: Cancel| {
        let mut database = databases::open(context, &store, &name, false, &cancel).await?;
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let accepted = accept(&store, &mut database, targets, &cancel, &mut events).await;
        databases::close(database, &accepted).await;
        Ok(accepted?)
    })?;
    if context.global.json {
        let ids: Vec<&str> = accepted.iter().map(Id::as_str).collect();
        context.out.json(&serde_json::json!({ "accepted": ids }))?;
        return Ok(Exit::Done);
    }
    let id = style::ID;
    for accepted in &accepted {
        context.out.line(format!("{id}{accepted}{id:#} is recorded with its current file"))?;
    }
    if accepted.is_empty() {
        context.out.line("nothing to do: the files match what was applied")?;
    }
    Ok(Exit::Done)
}
