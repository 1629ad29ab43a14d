//! `rev journal`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use revdag::model::{Direction, Id, LogEvent, LogRow};
use revdag::store::Store;
use revdag::task_in_words;
use revdag::verb::journal::{Run, journal};

use super::context::Context;
use super::databases::{self, Show};
use super::error::{Error, Exit};
use super::journal_repair;
use super::output::style;

/// Show what was done to a database, by whom and when, newest first
///
/// `@{N}` in front of a run names the state that it left behind. `-v` shows each statement.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Show so many runs
    #[arg(short = 'n', long, value_name = "NUMBER")]
    number: Option<usize>,
    /// Show every database of store.yaml
    #[arg(long)]
    all: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

/// What to do with the journal instead of showing it.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Correct rows that were changed or lost: what is applied by rev_log, stored texts by the files
    ///
    /// Shows what it would write, and asks.
    Repair {
        /// Show what it would write, and change nothing
        #[arg(long, short = 'n')]
        dry_run: bool,
        /// Skip the confirmation
        #[arg(long, short)]
        yes: bool,
    },
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    if let Some(Action::Repair { dry_run, yes }) = args.action {
        return journal_repair::run(dry_run, yes, &store, context);
    }
    let verbose = context.global.is_verbose();
    let show = Show {
        words: &|runs: &Vec<Run>| in_words(runs, &store, verbose),
        value: &|runs: &Vec<Run>| value(runs),
        found: &|_| false,
    };
    let read = async |database: &mut revdag::Database| journal(database, args.number).await;
    databases::read(args.all, context, &store, read, &show)
}

fn in_words(runs: &[Run], store: &Store, verbose: bool) -> String {
    let (mark, dim) = (style::MARK, style::DIM);
    let mut text = String::new();
    if runs.is_empty() {
        text.push_str("the journal is empty\n");
    }
    for (place, run) in runs.iter().enumerate() {
        if place > 0 {
            text.push('\n');
        }
        let state =
            run.state.map(|state| format!("{mark}@{{{state}}}{mark:#} ")).unwrap_or_default();
        let _ = writeln!(text, "{state}{} {} {dim}run {}{dim:#}", run.at, run.who, run.run);
        for row in run.rows.iter().filter(|row| verbose || is_told(row, run)) {
            let _ = writeln!(text, "  {}", line(row, store).trim_end());
        }
    }
    text
}

/// Whether a row is told without `-v`: whole steps, failures, and steps that never ended.
fn is_told(row: &LogRow, run: &Run) -> bool {
    match row.event {
        LogEvent::Format => run.rows.len() == 1,
        LogEvent::Intent | LogEvent::Batch => false,
        LogEvent::Done => row.statement.is_none(),
        LogEvent::Failed
        | LogEvent::Cancelled
        | LogEvent::Aborting
        | LogEvent::Stamped
        | LogEvent::Moved
        | LogEvent::Repaired
        | LogEvent::Adopted
        | LogEvent::Unknown => true,
        LogEvent::Began => !run.rows.iter().any(|later| {
            later.seq > row.seq
                && later.event == LogEvent::Done
                && later.statement.is_none()
                && later.revision == row.revision
        }),
    }
}

fn line(row: &LogRow, store: &Store) -> String {
    let (id, error) = (style::ID, style::ERROR);
    let revision = row.revision.as_ref().map(Id::as_str).unwrap_or_default();
    let title = row.revision.as_ref().and_then(|id| store.header(id));
    let title = title.and_then(|header| header.message.lines().next()).unwrap_or_default();
    let named = format!("{id}{revision}{id:#}");
    let way = row.direction.map(Direction::name).unwrap_or_default();
    let arrow = row.direction.map_or(' ', super::walk::arrow);
    let statement = row.statement.map(|place| format!(" statement {}", place + 1));
    let statement = statement.unwrap_or_default();
    let task = task_in_words(row);
    let said = task.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
    let detail = row.detail.as_deref().unwrap_or_default();
    match row.event {
        LogEvent::Format => format!("created the journal, format {detail}"),
        LogEvent::Done if row.statement.is_none() => format!("{arrow} {named} {title}"),
        LogEvent::Done => format!("  done {way} {named}{statement}{said}"),
        LogEvent::Intent => format!("  intent {way} {named}{statement}"),
        LogEvent::Batch => format!("  batch {way} {named}{statement}{said}"),
        LogEvent::Began => format!("{arrow} {named} {title} (began)"),
        LogEvent::Failed => {
            format!("{error}failed{error:#} {way} {named}{statement}: {detail}")
        }
        LogEvent::Stamped => match row.direction {
            Some(_) => format!("{arrow} {named} {title} (stamped)"),
            None => format!("{named} {title} (accepted with its current file)"),
        },
        LogEvent::Moved => format!("→ {named} {title} (moved to its new parents)"),
        LogEvent::Cancelled => format!("cancelled {way} {named}{statement}: {detail}"),
        LogEvent::Aborting => format!("{arrow} {named} {title} (aborted)"),
        LogEvent::Repaired => format!("repaired {named}: {detail}"),
        LogEvent::Adopted => format!("accepted by this store: {detail}"),
        LogEvent::Unknown => format!("something that this rev does not know {named}{statement}"),
    }
}

fn value(runs: &[Run]) -> Value {
    runs.iter()
        .map(|run| {
            let events: Vec<Value> = run.rows.iter().map(event).collect();
            json!({
                "run": run.run,
                "at": run.at,
                "who": run.who,
                "state": run.state,
                "events": events,
            })
        })
        .collect()
}

fn event(row: &LogRow) -> Value {
    json!({
        "seq": row.seq,
        "at": row.at,
        "event": row.event.name(),
        "revision": row.revision.as_ref().map(Id::as_str),
        "direction": row.direction.map(Direction::name),
        "statement": row.statement,
        "detail": row.detail,
    })
}
