//! What the commands upgrade, downgrade, switch and stamp share: their options, their run, their words.

use serde_json::{Value, json};

use revdag::model::{Direction, Id};
use revdag::store::{DatabaseSettings, Secret, Store};
use revdag::verb::downgrade::{DowngradeOptions, downgrade};
use revdag::verb::script::{script, script_offline};
use revdag::verb::stamp::{StampOptions, stamp};
use revdag::verb::switch::{SwitchOptions, switch};
use revdag::verb::upgrade::{UpgradeOptions, upgrade};
use revdag::verb::{self, Consent, Outcome};
use revdag::{Cancel, Dialect, Event, Request, RunError, dialect_of};

use super::ask::Terminal;
use super::context::Context;
use super::error::{Error, Exit};
use super::output::style;
use super::progress::Progress;
use super::{databases, json, words};

/// The options of commands that change a database.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Show the plan and change nothing
    #[arg(long, short = 'n')]
    pub dry_run: bool,
    /// Skip the confirmation of destructive plans, and of plans that run text stored in the database
    #[arg(long, short)]
    pub yes: bool,
    /// Use every database of store.yaml, one after the other
    #[arg(long)]
    pub all: bool,
}

/// The option of commands that may run what only the database stored.
#[derive(Debug, clap::Args)]
pub struct StoredOptions {
    /// Run programs that only the database names: the revision's file is missing or was edited
    ///
    /// Anyone who can write to the journal's tables decides what runs on this machine. `--yes` does not
    /// include it.
    #[arg(long)]
    pub run_stored_programs: bool,
}

/// The options of commands that can print a script.
#[derive(Debug, clap::Args)]
pub struct ScriptOptions {
    /// Print a SQL script instead of running it; with a target A:B, for a database that is at A
    #[arg(long, conflicts_with_all = ["dry_run", "all"])]
    pub sql: bool,
    /// The dialect of the script (postgres, mysql, mariadb, sqlite), without a database
    #[arg(long, requires = "sql", value_name = "DIALECT")]
    pub dialect: Option<Dialect>,
}

/// `↑` or `↓`.
pub fn arrow(direction: Direction) -> char {
    match direction {
        Direction::Up => '↑',
        Direction::Down => '↓',
    }
}

/// Runs a request on the database, or on all.
pub fn run(
    request: &Request,
    options: &Options,
    run_stored_programs: bool,
    context: &mut Context,
) -> Result<Exit, Error> {
    let what = What { request, options, run_stored_programs };
    let store = context.store()?;
    let names = databases::names(options.all, context, &store)?;
    if let ([name], false) = (names.as_slice(), options.all) {
        let outcome =
            context.changing(async |cancel| one(&what, context, &store, name, cancel).await)?;
        show(&outcome, options.dry_run, &store, context)?;
        return Ok(Exit::Done);
    }
    let (outcomes, stopped) = context.changing(async |cancel: Cancel| {
        let work = async |name: &str| one(&what, context, &store, name, cancel.clone()).await;
        let outcomes = databases::each(names, context.global.json, &cancel, work).await;
        Ok((outcomes, cancel.is_cancelled()))
    })?;
    for (name, outcome) in &outcomes {
        let unsaid = outcome.iter().filter(|outcome| options.dry_run || outcome.is_empty());
        for notice in unsaid.flat_map(|outcome| &outcome.notices) {
            context.out.notice(format!("{name}: {notice}"));
        }
    }
    let words = |outcome: &Outcome| words_of(outcome, options.dry_run, &store);
    let exit = databases::rows(&outcomes, context, words, plan)?;
    if stopped { Err(Error::Stopped) } else { Ok(exit) }
}

/// What to run, and how.
struct What<'a> {
    request: &'a Request,
    options: &'a Options,
    run_stored_programs: bool,
}

async fn one(
    what: &What<'_>,
    context: &Context,
    store: &Store,
    name: &str,
    cancel: Cancel,
) -> Result<Outcome, Error> {
    let What { request, options, run_stored_programs } = *what;
    let mut database = databases::open(context, store, name, !options.dry_run, &cancel).await?;
    let mut terminal = Terminal::new(&cancel, context);
    let consent = Consent::default()
        .yes(options.yes)
        .run_stored_programs(run_stored_programs)
        .reviewer(&mut terminal);
    let mut progress = Progress::new(context);
    let mut events = |event: Event| progress.event(event);
    let dry_run = options.dry_run;
    let outcome = match request.clone() {
        Request::Upgrade { targets, out_of_order } => {
            let options = UpgradeOptions::default().targets(targets).out_of_order(out_of_order);
            let options = options.dry_run(dry_run).consent(consent);
            upgrade(store, &mut database, options, &cancel, &mut events).await
        }
        Request::Downgrade { targets } => {
            let options =
                DowngradeOptions::default().targets(targets).dry_run(dry_run).consent(consent);
            downgrade(store, &mut database, options, &cancel, &mut events).await
        }
        Request::Switch { targets } => {
            let options =
                SwitchOptions::default().targets(targets).dry_run(dry_run).consent(consent);
            switch(store, &mut database, options, &cancel, &mut events).await
        }
        Request::Stamp { targets, purge, only } => {
            let options = StampOptions::default().targets(targets).purge(purge).only(only);
            let options = options.dry_run(dry_run).consent(consent);
            stamp(store, &mut database, options, &cancel, &mut events).await
        }
    };
    drop(progress);
    databases::close(database, &outcome).await;
    Ok(outcome?)
}

/// Prints an outcome: its steps, then where the database is. What there was to know of a plan that
/// ran was said before it did.
pub fn show(
    outcome: &Outcome,
    dry_run: bool,
    store: &Store,
    context: &mut Context,
) -> Result<(), Error> {
    if dry_run || outcome.is_empty() {
        for notice in &outcome.notices {
            context.out.notice(notice);
        }
    }
    if context.global.json {
        return Ok(context.out.json(&plan(outcome))?);
    }
    for step in &outcome.steps {
        context.out.line(step_line(step, dry_run))?;
    }
    for moved in &outcome.moved {
        let id = style::ID;
        context.out.line(format!("→ {id}{moved}{id:#} now has the parents named in its file"))?;
    }
    Ok(context.out.line(words_of(outcome, dry_run, store))?)
}

/// A step in a line; of one that is planned, what it does to what the database holds.
pub fn step_line(step: &verb::Step, is_planned: bool) -> String {
    let (id, title) = (style::ID, step.message.lines().next().unwrap_or_default());
    let line = format!("{} {id}{}{id:#} {title}", arrow(step.direction), step.revision);
    let effect = if is_planned { words::effect(step.effect) } else { String::new() };
    format!("{}{effect}", line.trim_end())
}

/// Where an outcome leaves the database, in a line.
fn words_of(outcome: &Outcome, dry_run: bool, store: &Store) -> String {
    let at = heads(&outcome.heads_after, store);
    let steps = match outcome.steps.len() {
        _ if outcome.is_empty() => return format!("nothing to do: at {at}"),
        0 => words::count(outcome.moved.len(), "revision") + " moved",
        steps => words::count(steps, "step"),
    };
    match dry_run {
        true => format!("{steps} would lead to {at}; nothing was changed"),
        false => format!("{steps}, now at {at}"),
    }
}

/// Heads of a database in words, each with what the files say of it.
pub fn heads(heads: &[Id], store: &Store) -> String {
    if heads.is_empty() {
        return "base".to_owned();
    }
    let of_files = store.graph().heads();
    let (id, mark) = (style::ID, style::MARK);
    let words: Vec<String> = heads
        .iter()
        .map(|head| match of_files.contains(head) {
            true => format!("{id}{head}{id:#} {mark}(head){mark:#}"),
            false => format!("{id}{head}{id:#}"),
        })
        .collect();
    words.join(", ")
}

fn plan(outcome: &Outcome) -> Value {
    let steps = &outcome.steps;
    json::plan(&outcome.database, &outcome.heads_before, &outcome.heads_after, steps)
}

/// Prints the script of a request instead of running it. The request's targets are not looked at:
/// `targets` are, for they may be a range `A:B`.
pub fn print_script(
    targets: &[String],
    request: impl FnOnce(Vec<String>) -> Request,
    options: &ScriptOptions,
    context: &mut Context,
) -> Result<Exit, Error> {
    let store = context.store()?;
    let range = range(targets)?;
    let script = match (range, options.dialect) {
        (None, None) => context.reading(async {
            let mut database = context.connect(&store, false).await?;
            let script = script(&store, &mut database, &request(targets.to_vec())).await;
            databases::close(database, &script).await;
            Ok(script?)
        })?,
        (range, dialect) => {
            let (from, targets) = range.unwrap_or_else(|| (Vec::new(), targets.to_vec()));
            let (settings, dialect) = offline(&store, dialect, context)?;
            script_offline(&store, settings.as_ref(), dialect, &from, &request(targets))?
        }
    };
    if context.global.json {
        context.out.json(&json!({ "script": script }))?;
    } else {
        context.out.exact(&script)?;
    }
    Ok(Exit::Done)
}

/// Takes `A:B` apart; `A` left out is the base, `B` left out the heads.
type Range = (Vec<String>, Vec<String>);
fn range(targets: &[String]) -> Result<Option<Range>, Error> {
    let Some(range) = targets.iter().find_map(|target| target.split_once(':')) else {
        return Ok(None);
    };
    if targets.len() > 1 {
        return Err(Error::usage(
            "a range must be the only target",
            "`--sql A:B` takes one range and no other target",
        ));
    }
    let (from, to) = range;
    let from = if from.is_empty() { Vec::new() } else { vec![from.to_owned()] };
    let to = if to.is_empty() { "heads" } else { to };
    Ok(Some((from, vec![to.to_owned()])))
}

/// The settings and the dialect of a script for which no database is asked. With a dialect the
/// address does not matter, nor which of several databases it is unless `-d` says so.
fn offline(
    store: &Store,
    dialect: Option<Dialect>,
    context: &Context,
) -> Result<(Option<DatabaseSettings>, Dialect), Error> {
    let wanted = context.global.database.as_deref();
    match (store.database_name(wanted), dialect) {
        (Ok(name), Some(dialect)) => Ok((Some(store.database_at(name, Secret::new(""))?), dialect)),
        (Err(_), Some(dialect)) if wanted.is_none() => Ok((None, dialect)),
        (Ok(name), None) => {
            let settings = context.reading(context.settings(store, name))?;
            let dialect = dialect_of(settings.url.reveal())?;
            Ok((Some(settings), dialect))
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// Refuses a range where no script is printed.
pub fn no_range(targets: &[String]) -> Result<(), Error> {
    match targets.iter().find(|target| target.contains(':')) {
        Some(target) => Err(Error::usage(
            format!("{target:?} is a range"),
            "a range A:B goes with `--sql`, which prints the script from A to B",
        )),
        None => Ok(()),
    }
}

/// Whether a verb was stopped on request.
pub fn is_stopped(error: &verb::Error) -> bool {
    matches!(error, verb::Error::Stopped | verb::Error::Run(RunError::Stopped { .. }))
}
