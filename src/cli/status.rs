//! `rev status`.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use revdag::Interruption;
use revdag::model::{Id, named_few};
use revdag::store::Store;
use revdag::verb::status::{Status, Waiting, status, wait};

use super::context::Context;
use super::databases::{self, Show};
use super::error::{Error, Exit};
use super::output::style;
use super::progress::say;
use super::{json, walk, words};

/// Show the applied, missing and pending revisions of a database
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Wait until no revision is pending or partially applied; exit with 3 after SECONDS, or if an
    /// applied revision was edited
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true)]
    wait: Option<Option<u64>>,
    /// Show every database of store.yaml
    #[arg(long)]
    all: bool,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    if let Some(limit) = args.wait {
        let limit = limit.map(Duration::from_secs);
        if let Some((name, waiting)) = wait_for_all(args.all, limit, &store, context)? {
            let waiting = of_waiting(&waiting);
            if context.global.json {
                context.out.json(&json!({ "database": name, "waiting": waiting }))?;
            } else {
                say(&format!("{name}: not ready: {waiting}"));
            }
            return Ok(Exit::Found);
        }
    }
    let show = Show { words: &|status| in_words(status, &store), value: &value, found: &|_| false };
    databases::read(
        args.all,
        context,
        &store,
        async |database| status(&store, database).await,
        &show,
    )
}

/// Waits for each database in turn; gives the one that was not ready in time.
fn wait_for_all(
    all: bool,
    limit: Option<Duration>,
    store: &Store,
    context: &Context,
) -> Result<Option<(String, Waiting)>, Error> {
    let silent = context.global.quiet || context.global.json;
    let names = databases::names(all, context, store)?;
    context.reading(async {
        let begun = tokio::time::Instant::now();
        for name in names {
            let left = limit.map(|limit| limit.saturating_sub(begun.elapsed()));
            let mut tell = |waiting: &Waiting| {
                if !silent {
                    say(&format!("{name}: waiting: {}", of_waiting(waiting)));
                }
            };
            if let Some(waiting) = wait(store, &name, left, &mut tell).await? {
                return Ok(Some((name, waiting)));
            }
        }
        Ok(None)
    })
}

fn of_waiting(waiting: &Waiting) -> String {
    match waiting {
        Waiting::NotUp(why) => why.clone(),
        Waiting::Interrupted(id) => format!("{id} is partially applied"),
        Waiting::Pending(pending) => format!("{} pending", words::count(*pending, "revision")),
        Waiting::Edited(ids) => format!(
            "edited since applied: {} (restore the files, or `rev stamp --accept` them)",
            named_few(ids)
        ),
    }
}

fn in_words(status: &Status, store: &Store) -> String {
    let (dim, warning) = (style::DIM, style::WARNING);
    let mut text = format!("{dim}{}: {}{dim:#}\n", status.position.database, status.address);
    let applied = words::count(status.applied, "revision");
    let _ = writeln!(text, "at {}, {applied} applied", state(status, store));
    if let Some(interrupted) = &status.position.interrupted {
        let step = of_interruption(interrupted);
        let _ = match &status.running {
            Some(holder) => writeln!(text, "\n{warning}running:{warning:#} {step}\n  by {holder}"),
            None => writeln!(
                text,
                "\n{warning}interrupted:{warning:#} {step}\n  `rev resume` continues it, `rev resume --abort` reverts it"
            ),
        };
    }
    let differences = &status.position.differences;
    // Gaps are pending too, but an upgrade alone does not apply them.
    let mut pending = status.position.pending.clone();
    pending.retain(|id| !differences.gaps.contains(id));
    let parts: [(&str, &[Id], &str); 6] = [
        ("pending", &pending, "`rev upgrade heads` applies them"),
        (
            "missing below what is applied",
            &differences.gaps,
            "`rev upgrade heads --out-of-order` applies them now; `rev switch` downgrades first and applies all in order",
        ),
        ("moved to other parents", &differences.moved, "`rev switch` moves the database to them"),
        (
            "edited since applied",
            &differences.edited,
            "restore the files, or accept them: `rev stamp --accept ID`",
        ),
        (
            "only `down` edited since applied",
            &differences.down_differs,
            "a `down` written in the file replaces the stored one",
        ),
        (
            "not in the files, the database is ahead",
            &differences.unknown,
            "check out their files; `rev switch` downgrades them with the stored `down`",
        ),
    ];
    for (title, ids, hint) in parts {
        if ids.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{warning}{title}:{warning:#} {} {dim}({hint}){dim:#}", ids.len());
        for id in ids.iter().take(SHOWN) {
            let effect = status.effects.get(id).copied().map(words::effect).unwrap_or_default();
            let _ = writeln!(text, "  {}{effect}", named(id, store));
        }
        if ids.len() > SHOWN {
            let _ = writeln!(text, "  … {} more", ids.len() - SHOWN);
        }
    }
    if status.position.pending.is_empty()
        && differences.is_empty()
        && status.position.interrupted.is_none()
    {
        text.push_str("nothing is pending\n");
    }
    text
}

/// `C ^B`: at `C`, without `B`.
fn state(status: &Status, store: &Store) -> String {
    let id = style::ID;
    let mut text = walk::heads(&status.heads, store);
    let gaps = &status.position.differences.gaps;
    for gap in gaps.iter().take(SHOWN_IN_A_LINE) {
        let _ = write!(text, " {id}^{gap}{id:#}");
    }
    if gaps.len() > SHOWN_IN_A_LINE {
        text.push_str(" …");
    }
    text
}

/// As many gaps are shown in one line.
const SHOWN_IN_A_LINE: usize = 3;

/// As many revisions of a kind are shown; `--json` has them all.
const SHOWN: usize = 20;

/// `c0ffee9c1d0b add accounts`
pub fn named(id: &Id, store: &Store) -> String {
    let style = style::ID;
    let title = store.header(id).and_then(|header| header.message.lines().next());
    format!("{style}{id}{style:#} {}", title.unwrap_or_default()).trim_end().to_owned()
}

/// `up c0ffee9c1d0b: 1 of 2 statements done`, and what is known of the next one.
pub fn of_interruption(step: &Interruption) -> String {
    let Interruption { revision, direction, done, total, open, batches, failed, is_abort } = step;
    let what = if *is_abort { "abort".to_owned() } else { direction.to_string() };
    let mut text = format!("{what} {revision}: {done} of {total} statements done");
    if let Some((rows, key)) = batches {
        let _ = write!(text, "; the next one has updated {rows} rows, up to key {key}");
    }
    if *open {
        text.push_str("; the next one may have run");
    }
    if let Some(failed) = failed {
        let _ = write!(text, "; database error: {failed}");
    }
    text
}

fn value(status: &Status) -> Value {
    let ids = json::ids;
    let differences = &status.position.differences;
    json!({
        "database": status.position.database,
        "heads": ids(&status.heads),
        "missing": ids(&differences.gaps),
        "applied": status.applied,
        "pending": ids(&status.position.pending),
        "effects": status.effects.iter().map(|(id, effect)| {
            (id.to_string(), Value::from(effect.name()))
        }).collect::<serde_json::Map<_, _>>(),
        "moved": ids(&differences.moved),
        "edited": ids(&differences.edited),
        "down_differs": ids(&differences.down_differs),
        "unknown": ids(&differences.unknown),
        "interrupted": status.position.interrupted.as_ref().map(json::interruption),
        "running": status.running,
    })
}
