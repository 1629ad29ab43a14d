//! Every kind of object and change by dialect: seen and made, or refused in words. The table in the
//! documentation is made from the same cases.

use std::fmt::Write as _;

use serde_json::Value;

use super::{env_with_models, there_and_back};
use crate::support::{Engine, TestDb};

const FILES: [&str; 6] = ["tables", "columns", "constraints", "indexes", "types", "objects"];

/// A change.
struct Case {
    change: String,
    alembic: String,
    tree: Value,
}

/// What a change is on a dialect.
enum On<'a> {
    /// The dialect has nothing of the kind: why.
    Nothing(&'a str),
    /// The models before and after.
    Change { before: &'a str, after: &'a str, outcome: Outcome<'a> },
}

/// What becomes of a change.
#[derive(Clone, Copy, PartialEq)]
enum Outcome<'a> {
    Made,
    /// It is seen, and no operation makes it: a part of what is said.
    Refused(&'a str),
    /// It counts for nothing.
    Equal,
}

impl Case {
    fn on(&self, engine: Engine) -> On<'_> {
        // MySQL is what MariaDB is, unless a case says otherwise.
        let names: &[&str] = match engine {
            Engine::Postgres => &["postgres", "all"],
            Engine::Mariadb => &["mariadb", "all"],
            Engine::Mysql => &["mysql", "mariadb", "all"],
            Engine::Sqlite => &["sqlite", "all"],
        };
        let own = names.iter().find_map(|name| self.tree.get(name));
        let own = own.unwrap_or_else(|| panic!("{}: nothing for {engine:?}", self.change));
        let text = |key: &str| own.get(key).and_then(Value::as_str);
        if let Some(why) = text("none") {
            return On::Nothing(why);
        }
        let outcome = match (text("refused"), own.get("equal")) {
            (Some(words), _) => Outcome::Refused(words),
            (None, Some(_)) => Outcome::Equal,
            (None, None) => Outcome::Made,
        };
        On::Change { before: text("before").unwrap(), after: text("after").unwrap(), outcome }
    }
}

fn cases(file: &str) -> Vec<Case> {
    let path = format!("{}/tests/cases/differences/{file}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap();
    let tree: Vec<Value> =
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    tree.into_iter()
        .map(|tree| Case {
            change: tree["change"].as_str().unwrap().to_owned(),
            alembic: tree["alembic"].as_str().unwrap().to_owned(),
            tree,
        })
        .collect()
}

fn run(case: &Case, engine: Engine) -> Result<(), String> {
    let On::Change { before, after, outcome } = case.on(engine) else { return Ok(()) };
    let (db, models) = (TestDb::new(engine), TestDb::new(engine));
    db.try_execute(before).map_err(|error| format!("before: {error}"))?;
    models.try_execute(after).map_err(|error| format!("after: {error}"))?;
    let env = env_with_models(&db, after);
    match outcome {
        Outcome::Made => there_and_back(&db, &env, &models),
        Outcome::Refused(words) => {
            let output = env.rev(["check"]);
            let said = output.stdout.contains("skipped:") && output.stdout.contains(words);
            match said && output.code == 3 {
                true => Ok(()),
                false => Err(format!("not refused:\n{}{}", output.stdout, output.stderr)),
            }
        }
        Outcome::Equal => {
            let output = env.rev(["check"]);
            match output.code {
                0 => Ok(()),
                _ => Err(format!("not equal:\n{}{}", output.stdout, output.stderr)),
            }
        }
    }
}

fn file_on(file: &str, engine: Engine) {
    let only = std::env::var("REV_CASE").unwrap_or_default();
    let failures: Vec<String> = cases(file)
        .iter()
        .filter(|case| case.change.contains(&only))
        .filter_map(|case| Some(format!("=== {}\n{}", case.change, run(case, engine).err()?)))
        .collect();
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

macro_rules! files {
    ($($file:ident)*) => {
        mod postgres { $(#[test] fn $file() { super::file_on(stringify!($file), super::Engine::Postgres) })* }
        mod mariadb { $(#[test] fn $file() { super::file_on(stringify!($file), super::Engine::Mariadb) })* }
        mod mysql { $(#[test] fn $file() { super::file_on(stringify!($file), super::Engine::Mysql) })* }
        mod sqlite { $(#[test] fn $file() { super::file_on(stringify!($file), super::Engine::Sqlite) })* }
    };
}

files! { tables columns constraints indexes types objects }

/// The table in the documentation says what the cases say.
#[test]
fn the_table_is_current() {
    let mut text = String::from(HEAD);
    let (mut rows, mut lacking) = (0, 0);
    for file in FILES {
        let title = file[..1].to_uppercase() + &file[1..];
        let _ = write!(text, "\n## {title}\n\n");
        text.push_str("| what changes | PostgreSQL | MariaDB | MySQL | SQLite | Alembic |\n|---|---|---|---|---|---|\n");
        for case in cases(file) {
            let cells =
                [Engine::Postgres, Engine::Mariadb, Engine::Mysql, Engine::Sqlite].map(|engine| {
                    match case.on(engine) {
                        On::Nothing(why) => format!("– ({why})"),
                        On::Change { outcome: Outcome::Made, .. } => {
                            "detected and generated".to_owned()
                        }
                        On::Change { outcome: Outcome::Refused(_), .. } => {
                            "detected, not generated: write it in SQL".to_owned()
                        }
                        On::Change { outcome: Outcome::Equal, .. } => "ignored".to_owned(),
                    }
                });
            rows += 1;
            let whole = ["detected and generated", "ignored"].contains(&case.alembic.as_str());
            lacking += usize::from(!whole);
            let _ =
                writeln!(text, "| {} | {} | {} |", case.change, cells.join(" | "), case.alembic);
        }
    }
    let _ = write!(
        text,
        "\nOf these {rows} rows Alembic does not support {lacking}, or only in part.\n"
    );
    text.push_str(DEPENDENTS);
    for name in super::dependents::names() {
        let _ = writeln!(text, "- {name}");
    }
    let path = format!("{}/docs/autogenerate-support.md", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        text,
        "UPDATE_DOCS=1 writes it anew"
    );
}

const DEPENDENTS: &str = "
## What depends on a change (PostgreSQL)

By the server's own dependencies, what uses something that is recreated, or changes under it, is dropped before and
created again behind it: views, routines, triggers, policies, rules and statistics as a whole, of tables and domains
the defaults, checks, indexes and generated columns; columns hold text while their type or collation is recreated.
Privileges granted on what is recreated have to be granted again. These cases are tested in the same way, with rows:

";

const HEAD: &str = "\
# What autogenerate supports

Every kind of object and change, by database. This page is generated from the tests: for each row and database a
database has the old schema and the models describe the new one; `rev revision --autogenerate` writes a revision,
`rev upgrade` runs it, `rev check` finds no differences, the database's own dump equals that of the models, and
`rev downgrade` restores the old dump. What is detected, not generated is shown by `rev check` with a hint.
The last column says what Alembic 1.20.1 does with the same change by its default settings. It was measured: Alembic
compares the old database with models reflected from the new one, its migration is run, and `rev diff` shows the
remaining differences.
";
