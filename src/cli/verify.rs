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

/// Check that the files match the revisions that a database has applied
///
/// With `--live`, also check that the database has exactly the schema that these revisions create.
/// Exits with 3 if not.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Check every database of store.yaml
    #[arg(long)]
    all: bool,
    /// Compare the database with its applied revisions, replayed in a scratch database
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
            "the schema was not compared: {why}, so the expected schema is not known"
        ))?,
        Ok(drift) => {
            for notice in &drift.notices {
                context.out.notice(notice);
            }
            context.out.text(&differences::in_words(drift))?;
            context.out.line(match drift.is_empty() {
                true => "no differences: the database and its revisions",
                false => {
                    "the database differs from its revisions: these changes were made outside of them"
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
            "{warning}partially applied:{warning:#} {}\n  `rev resume` completes it\n",
            of_interruption(step)
        ));
    }
    for (first, last) in &verified.missing_log_rows {
        text.push_str(&format!(
            "{warning}log rows missing:{warning:#} {first} to {last}\n  restore them in rev_log from a backup\n"
        ));
    }
    let found = verified.findings.len() + verified.missing_log_rows.len();
    if found == 0 {
        text.push_str(&match verified.applied {
            0 => "nothing is applied\n".to_owned(),
            _ => format!("{compared}, all match the files\n"),
        });
        return text;
    }
    for (finding, id) in &verified.findings {
        let (id, word) = (named(id, store), finding.name());
        text.push_str(&format!("{warning}{word}:{warning:#} {id}\n  {}\n", meaning(*finding)));
    }
    let findings = words::count(found, "finding");
    text.push_str(&format!("{compared}, {findings}\n"));
    text
}

fn meaning(finding: Finding) -> &'static str {
    match finding {
        Finding::Edited => {
            "its `up` differs from what ran: restore the file, or `rev stamp --accept` it"
        }
        Finding::DownDiffers => {
            "its `down` differs from the stored one; a `down` written in the file is used"
        }
        Finding::Unknown => "applied, but not in the files; the database has its text",
        Finding::Lost => {
            "applied, but not in the files, and the database has no text of it: it cannot be downgraded"
        }
        Finding::Moved => {
            "it has other parents in the files: `rev switch` moves the database to them"
        }
        Finding::TextMissing => {
            "the database has no text of it: `rev journal repair` stores it again from its file"
        }
        Finding::TextChanged => {
            "the stored text is not what was stored: `rev journal repair` stores it again from its file"
        }
        Finding::ContradictsLog => {
            "rev_log tells otherwise than rev_applied: `rev journal repair` shows what it would correct"
        }
        Finding::ProofOutdated => {
            "its branches or their texts are no longer those that were proven: `rev merge --check` proves \
             them anew"
        }
        Finding::Gap => {
            "not applied, but its dependents are: `rev upgrade --out-of-order` or `rev switch`"
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
        "missing_log_rows": verified.missing_log_rows,
        "interrupted": verified.interrupted.as_ref().map(json::interruption),
    })
}
