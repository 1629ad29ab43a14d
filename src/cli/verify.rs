//! `rev verify`.

use serde_json::{Value, json};

use revdag::store::Store;
use revdag::verb::verify::{Finding, Verified, VerifiedLive, verify, verify_live};

use super::context::Context;
use super::databases::{self, Show};
use super::error::{Error, Exit};
use super::output::style;
use super::progress::Progress;
use super::status::{named, of_interruption};
use super::{differences, json, words};

/// Check that the files agree with what a database has applied
///
/// With `--live` also that the database itself is what these revisions make of an empty one. Exits
/// with 3 if they do not.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Check every database of store.yaml
    #[arg(long)]
    all: bool,
    /// Compare the database with what its applied revisions make, replayed in a throw-away one
    #[arg(long, conflicts_with = "all")]
    live: bool,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    if args.live {
        return live(&store, context);
    }
    let show = Show {
        words: &|verified| in_words(verified, &store),
        value: &|verified| value(verified, &store),
        found: &|verified: &Verified| !verified.is_empty(),
    };
    databases::read(
        args.all,
        context,
        &store,
        async |database| verify(&store, database).await,
        &show,
    )
}

fn live(store: &Store, context: &mut Context) -> Result<Exit, Error> {
    let name = store.database_name(context.global.database.as_deref())?.to_owned();
    let found = context.changing(async |cancel| {
        let mut database = databases::open(context, store, &name, false, &cancel).await?;
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let outcome = verify_live(store, &mut database, &cancel, &mut events).await;
        databases::close(database, &outcome).await;
        Ok(outcome?)
    })?;
    if context.global.json {
        let mut value = value(&found.journal, store);
        value["drift"] = json!(found.drift.as_ref().ok().map(differences::value));
        context.out.json(&value)?;
        return Ok(exit(&found));
    }
    context.out.text(&in_words(&found.journal, store))?;
    match &found.drift {
        Err(why) => context.out.line(format!(
            "the schema was not compared: {why}, so what the database should be is not known"
        ))?,
        Ok(drift) => {
            for notice in &drift.notices {
                context.out.notice(notice);
            }
            context.out.text(&differences::in_words(drift))?;
            context.out.line(match drift.is_empty() {
                true => "the database is what its revisions make",
                false => {
                    "the database is not what its revisions make: this was changed beside them"
                }
            })?;
        }
    }
    Ok(exit(&found))
}

fn exit(found: &VerifiedLive) -> Exit {
    if found.is_empty() { Exit::Done } else { Exit::Found }
}

fn in_words(verified: &Verified, store: &Store) -> String {
    let warning = style::WARNING;
    let compared = words::count(verified.applied, "applied revision");
    let mut text = String::new();
    if let Some(step) = &verified.interrupted {
        text.push_str(&format!(
            "{warning}begun and not ended:{warning:#} {}\n  `rev resume` completes it\n",
            of_interruption(step)
        ));
    }
    if verified.findings.is_empty() {
        text.push_str(&match verified.applied {
            0 => "nothing is applied\n".to_owned(),
            _ => format!("{compared}, all as in the files\n"),
        });
        return text;
    }
    for (finding, id) in &verified.findings {
        let (id, word) = (named(id, store), finding.name());
        text.push_str(&format!("{warning}{word}:{warning:#} {id}\n  {}\n", meaning(*finding)));
    }
    let findings = words::count(verified.findings.len(), "finding");
    text.push_str(&format!("{compared}, {findings}\n"));
    text
}

fn meaning(finding: Finding) -> &'static str {
    match finding {
        Finding::Edited => {
            "its `up` is not what ran: put the file back, or `rev stamp --accept` it"
        }
        Finding::DownDiffers => {
            "its `down` is not what was stored; one that the file spells out runs"
        }
        Finding::Unknown => "applied, and in no file here; the database holds its text",
        Finding::Lost => {
            "applied, in no file here, and the database holds no text of it: no way down"
        }
        Finding::Moved => "it has other parents in the files: `rev switch` leads the database over",
        Finding::Gap => {
            "not applied, and what stands on it is: `rev upgrade --out-of-order` or `rev switch`"
        }
    }
}

fn value(verified: &Verified, store: &Store) -> Value {
    let findings: Vec<Value> = verified
        .findings
        .iter()
        .map(|(finding, id)| {
            json!({
                "kind": finding.name().replace(' ', "_"),
                "revision": id.as_str(),
                "message": store.header(id).map(|header| header.message.as_str()),
                "path": store.file(id),
            })
        })
        .collect();
    json!({
        "database": verified.database,
        "applied": verified.applied,
        "findings": findings,
        "interrupted": verified.interrupted.as_ref().map(json::interruption),
    })
}
