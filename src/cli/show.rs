//! `rev show`.

use std::fmt::Write as _;

use serde_json::json;

use revdag::model::{Down, Entry, Irreversible, Operation, Sql, SqlSection};
use revdag::store::Store;
use revdag::verb::show::{FullRevision, show, show_sql};
use revdag::{Dialect, dialect_of};

use super::context::Context;
use super::error::{Error, Exit};
use super::output::style;
use super::{json, words};

/// Show revisions in full
///
/// Long SQL is truncated; `-v` shows all of it. `--sql` shows the SQL of `up` and `down`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names of revisions, in any form
    #[arg(value_name = "REVISION", required = true, allow_negative_numbers = true)]
    names: Vec<String>,
    /// Show the SQL of `up` and `down`
    #[arg(long)]
    sql: bool,
    /// The dialect of the SQL (postgres, mysql, mariadb, sqlite) [default: that of the database]
    #[arg(long, requires = "sql", value_name = "DIALECT")]
    dialect: Option<Dialect>,
}

/// As many lines of a section are shown without `-v`.
const LINES_SHOWN: usize = 12;

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    if args.sql {
        let dialect = dialect(&store, args.dialect, context)?;
        let sql = context.named(&store, |place| show_sql(&store, &args.names, dialect, place))?;
        match context.global.json {
            true => context.out.json(&json!({ "script": sql }))?,
            false => context.out.exact(&sql)?,
        }
        return Ok(Exit::Done);
    }
    let revisions = context.named(&store, |place| show(&store, &args.names, place))?;
    if context.global.json {
        let values: serde_json::Value =
            revisions.iter().map(|full| json::revision(&full.view)).collect();
        context.out.json(&values)?;
        return Ok(Exit::Done);
    }
    let shown = if context.global.is_verbose() { usize::MAX } else { LINES_SHOWN };
    for (place, full) in revisions.iter().enumerate() {
        if place > 0 {
            context.out.line("")?;
        }
        context.out.text(&words::entry(&full.view, &full.children))?;
        context.out.text(&body(full, shown))?;
    }
    Ok(Exit::Done)
}

/// The dialect that was asked for, or that the database's address names.
fn dialect(store: &Store, dialect: Option<Dialect>, context: &Context) -> Result<Dialect, Error> {
    if let Some(dialect) = dialect {
        return Ok(dialect);
    }
    let wanted = context.global.database.as_deref();
    let unknown = |error: &dyn std::fmt::Display| {
        Error::usage(
            format!("the dialect is not known: {error}"),
            "give it: `--dialect postgres`, mysql, mariadb or sqlite",
        )
    };
    let settings = context.reading(async {
        let name = store.database_name(wanted).map_err(|error| unknown(&error))?;
        store.database(name).await.map_err(|error| unknown(&error))
    })?;
    dialect_of(settings.url.reveal()).map_err(|error| unknown(&error))
}

fn body(full: &FullRevision, shown: usize) -> String {
    let mut text = String::from("\n");
    direction(&mut text, "up", &full.revision.up, shown);
    match (&full.revision.down, full.revision.way_down()) {
        (Down::Operations(operations), _) => direction(&mut text, "down", operations, shown),
        (Down::Irreversible, _) => heading(&mut text, "down", "irreversible"),
        (Down::Derived, Ok(down)) if down.is_empty() => heading(&mut text, "down", "nothing"),
        (Down::Derived, Ok(down)) => {
            heading(&mut text, "down", "derived");
            list(&mut text, &down, shown);
        }
        (Down::Derived, Err(Irreversible(reason))) => {
            heading(&mut text, "down", &format!("irreversible: {reason}"));
        }
    }
    text
}

fn direction(text: &mut String, name: &str, entries: &[Entry], shown: usize) {
    if entries.is_empty() {
        return heading(text, name, "nothing");
    }
    // A revision that is SQL alone shows it right under its direction.
    let sql = |entry: &Entry| match &entry.operation {
        Operation::Sql(sql) => Some(sql.clone()),
        _ => None,
    };
    match entries.iter().map(sql).collect::<Option<Vec<Sql>>>() {
        Some(all) => {
            for section in all.iter().flat_map(|sql| &sql.sections) {
                heading(text, &format!("{name}{}", marks(section)), "");
                lines(text, section, "    ", shown);
            }
        }
        None => {
            heading(text, name, "");
            list(text, entries, shown);
        }
    }
}

/// One line for each operation, and the lines of SQL.
fn list(text: &mut String, entries: &[Entry], shown: usize) {
    for entry in entries {
        match &entry.operation {
            Operation::Sql(sql) => {
                for section in &sql.sections {
                    let _ = writeln!(text, "    sql{}:", marks(section));
                    lines(text, section, "        ", shown);
                }
            }
            Operation::ByDialect(by) => {
                for dialect in by.named() {
                    let inner = entry.for_dialect(dialect).unwrap_or_default();
                    let nothing = if inner.is_empty() { " nothing" } else { "" };
                    let _ = writeln!(text, "    on {dialect}:{nothing}");
                    let mut below = String::new();
                    list(&mut below, &inner, shown);
                    for line in below.lines() {
                        let _ = writeln!(text, "    {line}");
                    }
                }
            }
            operation => {
                let _ = writeln!(text, "    {}", operation.summary());
            }
        }
    }
}

fn marks(section: &SqlSection) -> String {
    let dialect = section.dialect.map(|dialect| format!(" {dialect}")).unwrap_or_default();
    let transaction = if section.transactional { "" } else { " no-transaction" };
    format!("{dialect}{transaction}")
}

fn lines(text: &mut String, section: &SqlSection, indent: &str, shown: usize) {
    let lines: Vec<&str> = section.text.trim().lines().collect();
    for line in lines.iter().take(shown) {
        let _ = writeln!(text, "{}", format!("{indent}{line}").trim_end());
    }
    if lines.len() > shown {
        let more = words::count(lines.len() - shown, "more line");
        let _ = writeln!(text, "{indent}… {more} (`rev show -v` shows all)");
    }
}

fn heading(text: &mut String, name: &str, said: &str) {
    let mark = style::MARK;
    let said = if said.is_empty() { String::new() } else { format!(" {said}") };
    let _ = writeln!(text, "{mark}{name}:{mark:#}{said}");
}
