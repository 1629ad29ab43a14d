//! `rev show`.

use std::fmt::Write as _;

use crate::model::{Down, Entry, Operation, Sql};
use crate::verb::show::{FullRevision, show};

use super::context::Context;
use super::error::{Error, Exit};
use super::output::style;
use super::{json, words};

/// Show revisions in full
///
/// Long SQL is cut short; `-v` shows all of it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names of revisions, in any form
    #[arg(value_name = "REVISION", required = true, allow_negative_numbers = true)]
    names: Vec<String>,
}

/// As many lines of a section are shown without `-v`.
const LINES_SHOWN: usize = 12;

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let revisions = context.named(&store, |place| show(&store, &args.names, place))?;
    if context.global.json {
        let values: serde_json::Value =
            revisions.iter().map(|full| json::revision(&full.view)).collect();
        context.out.json(&values)?;
        return Ok(Exit::Done);
    }
    let shown = if context.global.verbose { usize::MAX } else { LINES_SHOWN };
    for (place, full) in revisions.iter().enumerate() {
        if place > 0 {
            context.out.line("")?;
        }
        context.out.text(&words::entry(&full.view, &full.children))?;
        context.out.text(&body(full, shown))?;
    }
    Ok(Exit::Done)
}

fn body(full: &FullRevision, shown: usize) -> String {
    let mut text = String::from("\n");
    direction(&mut text, "up", &full.revision.up, shown);
    match &full.revision.down {
        Down::Operations(operations) => direction(&mut text, "down", operations, shown),
        Down::Irreversible => heading(&mut text, "down", "irreversible"),
        Down::Derived if full.revision.up.is_empty() => heading(&mut text, "down", "nothing"),
        Down::Derived => {
            let reverse: Result<Vec<_>, _> =
                full.revision.up.iter().map(|entry| entry.operation.reverse()).collect();
            let said = match reverse {
                Ok(_) => "derived from up".to_owned(),
                Err(reason) => format!("irreversible: {reason}"),
            };
            heading(&mut text, "down", &said);
        }
    }
    text
}

fn direction(text: &mut String, name: &str, entries: &[Entry], shown: usize) {
    if entries.is_empty() {
        return heading(text, name, "nothing");
    }
    for entry in entries {
        if let Operation::Sql(sql) = &entry.operation {
            sections(text, name, sql, shown);
        }
    }
}

fn sections(text: &mut String, name: &str, sql: &Sql, shown: usize) {
    for section in &sql.sections {
        let dialect = section.dialect.map(|dialect| format!(" {dialect}")).unwrap_or_default();
        let transaction = if section.transactional { "" } else { " no-transaction" };
        heading(text, &format!("{name}{dialect}{transaction}"), "");
        let lines: Vec<&str> = section.text.trim().lines().collect();
        for line in lines.iter().take(shown) {
            let _ = writeln!(text, "{}", format!("    {line}").trim_end());
        }
        if lines.len() > shown {
            let more = words::count(lines.len() - shown, "more line");
            let _ = writeln!(text, "    … {more} (`rev show -v` shows all)");
        }
    }
}

fn heading(text: &mut String, name: &str, said: &str) {
    let mark = style::MARK;
    let said = if said.is_empty() { String::new() } else { format!(" {said}") };
    let _ = writeln!(text, "{mark}{name}:{mark:#}{said}");
}
