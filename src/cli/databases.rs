//! Commands on one database or on all of them (`--all`).

use serde_json::{Value, json};

use revdag::store::Store;
use revdag::verb;
use revdag::{Cancel, Database};

use super::context::Context;
use super::error::{Error, Exit};
use super::output;
use super::walk::is_stopped;

/// What came of each database, by its name.
pub type Outcomes<T> = Vec<(String, Result<T, Error>)>;

/// Connects to a database in order to change it, unless somebody asks to stop meanwhile. `create`
/// makes a SQLite file that is not there.
pub async fn open(
    context: &Context,
    store: &Store,
    name: &str,
    create: bool,
    cancel: &Cancel,
) -> Result<Database, Error> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(verb::Error::Stopped.into()),
        opened = context.connect_to(store, name, create) => opened,
    }
}

/// Closes a connection, unless what was asked of it was given up in the middle.
pub async fn close<T>(database: Database, outcome: &Result<T, verb::Error>) {
    if !outcome.as_ref().is_err_and(is_stopped) {
        database.close().await;
    }
}

/// The databases to work on: all, or the one that `-d` names.
pub fn names(all: bool, context: &Context, store: &Store) -> Result<Vec<String>, Error> {
    let wanted = context.global.database.as_deref();
    match (all, wanted) {
        (false, wanted) => Ok(vec![store.database_name(wanted)?.to_owned()]),
        (true, None) => Ok(store.database_names().into_iter().map(str::to_owned).collect()),
        (true, Some(_)) => Err(Error::usage(
            "`--all` and `--database` cannot be used together",
            "omit one of them",
        )),
    }
}

/// Works on one database after the other and goes on after a failure, which is shown at once. Those
/// whose turn does not come because somebody asks to stop are not begun.
pub async fn each<T>(
    names: Vec<String>,
    json: bool,
    cancel: &Cancel,
    work: impl AsyncFn(&str) -> Result<T, Error>,
) -> Outcomes<T> {
    let mut outcomes = Vec::new();
    for name in names {
        if cancel.is_cancelled() {
            outcomes.push((name, Err(Error::NotBegun)));
            continue;
        }
        let outcome = work(&name).await;
        if let (Err(error), false) = (&outcome, json) {
            output::show_error(&error.report(), false);
        }
        outcomes.push((name, outcome));
    }
    outcomes
}

/// How what was read of a database is shown.
pub struct Show<'a, T> {
    /// In words, lines with their line ends.
    pub words: &'a dyn Fn(&T) -> String,
    /// As JSON.
    pub value: &'a dyn Fn(&T) -> Value,
    /// Whether a check found something.
    pub found: &'a dyn Fn(&T) -> bool,
}

/// Reads a database, or all of them, and prints what was read. With `--all` JSON is an array, and
/// one that cannot be read does not keep the others from being shown.
pub fn read<T>(
    all: bool,
    context: &mut Context,
    store: &Store,
    work: impl AsyncFn(&mut Database) -> Result<T, verb::Error>,
    show: &Show<'_, T>,
) -> Result<Exit, Error> {
    let names = names(all, context, store)?;
    let json = context.global.json;
    let outcomes = context.reading(async {
        let read = async |name: &str| {
            let mut database = context.connect_to(store, name, false).await?;
            let outcome = work(&mut database).await;
            database.close().await;
            Ok(outcome?)
        };
        Ok(each(names, json || !all, &Cancel::default(), read).await)
    })?;
    if !all {
        return outcomes.into_iter().next().map_or(Ok(Exit::Done), |(_, outcome)| {
            let read = outcome?;
            match json {
                true => context.out.json(&(show.value)(&read))?,
                false => context.out.text(&(show.words)(&read))?,
            }
            Ok(if (show.found)(&read) { Exit::Found } else { Exit::Done })
        });
    }
    if json {
        context.out.json(&values(&outcomes, show.value))?;
        return ended(&outcomes, show.found);
    }
    for (place, (name, outcome)) in outcomes.iter().enumerate() {
        if place > 0 {
            context.out.line("")?;
        }
        context.out.line(format!("{name}:"))?;
        let words = match outcome {
            Ok(outcome) => (show.words)(outcome),
            Err(error) => format!("failed: {}", error.report().message),
        };
        for line in words.lines() {
            context.out.line(format!("  {line}").trim_end())?;
        }
    }
    ended(&outcomes, show.found)
}

fn values<T>(outcomes: &Outcomes<T>, value: impl Fn(&T) -> Value) -> Value {
    let values = outcomes.iter().map(|(name, outcome)| match outcome {
        Ok(outcome) => value(outcome),
        Err(error) => json!({ "database": name, "error": error.report().json()["error"] }),
    });
    values.collect()
}

fn ended<T>(outcomes: &Outcomes<T>, found: impl Fn(&T) -> bool) -> Result<Exit, Error> {
    if outcomes.iter().any(|(_, outcome)| outcome.is_err()) {
        return Ok(Exit::Failed);
    }
    let found = outcomes.iter().any(|(_, outcome)| outcome.as_ref().is_ok_and(&found));
    Ok(if found { Exit::Found } else { Exit::Done })
}

/// Prints a row for each database, or a JSON array. Exits 1 if one failed.
pub fn rows<T>(
    outcomes: &Outcomes<T>,
    context: &mut Context,
    words: impl Fn(&T) -> String,
    value: impl Fn(&T) -> Value,
) -> Result<Exit, Error> {
    if context.global.json {
        context.out.json(&values(outcomes, value))?;
    } else {
        let width = outcomes.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, outcome) in outcomes {
            let words = match outcome {
                Ok(outcome) => words(outcome),
                Err(error @ Error::NotBegun) => error.to_string(),
                Err(error) => format!("failed: {}", error.report().message),
            };
            context.out.line(format!("{name:width$}  {words}"))?;
        }
    }
    ended(outcomes, |_| false)
}
