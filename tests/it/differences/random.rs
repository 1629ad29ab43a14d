//! Two random schemas: generated from the one to the other, applied and checked; and back.

mod dependents;

use std::fmt::Write as _;

use fastrand::Rng;

use super::{env_with_models, there_and_back};
use crate::support::{Engine, TestDb};

const TABLES: [&str; 4] = ["users", "orders", "Order Items", "tags"];
const COLUMNS: [&str; 6] = ["name", "total", "note", "Group", "state", "at"];

/// The SQL of a random schema. Tables refer to those before them, or to themselves.
fn any_schema(rng: &mut Rng, engine: Engine) -> String {
    let mut sql = String::new();
    let quoted = |name: &str| match engine {
        Engine::Mariadb | Engine::Mysql => format!("`{name}`"),
        _ => format!("\"{name}\""),
    };
    let enums = engine == Engine::Postgres && rng.bool();
    if enums {
        // The order of those that stay has to stay.
        let values = ["'new'", "'open'", "'late'", "'done'"];
        let some: Vec<&str> = values.into_iter().filter(|_| rng.u8(..4) > 0).collect();
        let _ = writeln!(sql, "CREATE TYPE state AS ENUM ({});", some.join(", "));
    }
    let mut made: Vec<(&str, bool)> = Vec::new();
    let mut views = String::new();
    for table in TABLES {
        if rng.u8(..4) == 0 {
            continue;
        }
        let big = rng.bool();
        let id = if big { "bigint" } else { "integer" };
        let mut parts = vec![format!("id {id} NOT NULL")];
        let mut columns = Vec::new();
        for column in COLUMNS {
            if rng.bool() {
                columns.push(column);
                parts.push(format!("{} {}", quoted(column), any_column(rng, engine, enums)));
            }
        }
        let name = table.to_lowercase().replace(' ', "_");
        let key = if rng.u8(..4) == 0 { format!("pk_{name}") } else { format!("{name}_pkey") };
        parts.push(format!("CONSTRAINT {key} PRIMARY KEY (id)"));
        if let Some(column) = columns.first().filter(|_| rng.bool()) {
            parts.push(format!("CONSTRAINT uq_{name} UNIQUE (id, {})", quoted(column)));
        }
        if columns.contains(&"total") && rng.bool() {
            let least = rng.u8(..3);
            parts.push(format!(
                "CONSTRAINT ck_{name} CHECK (id > {least} OR id IN (1, 2, {least}))"
            ));
        }
        if let Some((other, other_big)) = made.get(rng.usize(..made.len().max(1))).copied()
            && rng.bool()
        {
            let of = if other_big { "bigint" } else { "integer" };
            let action = ["", " ON DELETE CASCADE", " ON UPDATE CASCADE ON DELETE SET NULL"];
            parts.push(format!("parent {of}"));
            // Constraints stand behind columns.
            let last = parts.pop().unwrap_or_default();
            let at =
                parts.iter().position(|part| part.starts_with("CONSTRAINT")).unwrap_or(parts.len());
            parts.insert(at, last);
            parts.push(format!(
                "CONSTRAINT fk_{name} FOREIGN KEY (parent) REFERENCES {} (id){}",
                quoted(other),
                action[rng.usize(..3)]
            ));
        }
        let _ = writeln!(sql, "CREATE TABLE {} (\n  {}\n);", quoted(table), parts.join(",\n  "));
        for column in columns.iter().filter(|column| **column != "note") {
            if rng.u8(..3) == 0 {
                let unique = if rng.bool() { "UNIQUE " } else { "" };
                let down = if rng.bool() { " DESC" } else { "" };
                let index = format!("ix_{name}_{}", column.to_lowercase());
                let over = format!("{}{down}, id", quoted(column));
                let _ =
                    writeln!(sql, "CREATE {unique}INDEX {index} ON {} ({over});", quoted(table));
            }
        }
        if rng.u8(..3) == 0 {
            let shown: Vec<String> =
                columns.iter().filter(|_| rng.bool()).map(|column| quoted(column)).collect();
            let shown = [vec!["id".to_owned()], shown].concat().join(", ");
            let _ = writeln!(
                views,
                "CREATE VIEW v_{name} AS SELECT {shown} FROM {} WHERE id > {};",
                quoted(table),
                rng.u8(..3)
            );
        }
        made.push((table, big));
    }
    sql + &views
}

fn any_column(rng: &mut Rng, engine: Engine, enums: bool) -> String {
    let number = rng.u8(..10);
    let mut all = vec![
        ("integer".to_owned(), number.to_string()),
        ("bigint".to_owned(), format!("-{number}")),
        (format!("varchar({})", 20 + rng.u8(..3)), format!("'it''s {number}'")),
        (format!("decimal({},2)", 8 + rng.u8(..3)), format!("{number}.50")),
        ("double precision".to_owned(), format!("{number}.5")),
        ("date".to_owned(), format!("'2026-01-0{}'", 1 + number % 9)),
    ];
    if engine == Engine::Postgres {
        all.push(("boolean".to_owned(), if number > 4 { "true" } else { "false" }.to_owned()));
        all.push(("text[]".to_owned(), "'{a}'".to_owned()));
        all.push(("timestamp with time zone".to_owned(), "now()".to_owned()));
    }
    // What one type becomes must be one of the other's.
    let at = if rng.u8(..4) == 0 || enums { rng.usize(..3) } else { rng.usize(..all.len()) };
    let (of, default) = &all[at];
    let null = if rng.bool() { " NOT NULL" } else { "" };
    let default = if rng.bool() { format!(" DEFAULT {default}") } else { String::new() };
    format!("{of}{null}{default}")
}

/// How many pairs are tried.
fn count() -> u64 {
    std::env::var("REV_PAIRS").ok().and_then(|count| count.parse().ok()).unwrap_or(5)
}

/// The seed of the first.
fn first() -> u64 {
    std::env::var("REV_PAIR").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0)
}

fn pairs(engine: Engine) {
    let mut failures = Vec::new();
    for seed in first()..first() + count() {
        let mut rng = Rng::with_seed(seed);
        let (before, after) = (any_schema(&mut rng, engine), any_schema(&mut rng, engine));
        let (db, models) = (TestDb::new(engine), TestDb::new(engine));
        db.execute(&before);
        models.execute(&after);
        if let Err(failure) = there_and_back(&db, &env_with_models(&db, &after), &models) {
            failures.push(format!("=== seed {seed}\n{before}--- to\n{after}---\n{failure}"));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn on_postgres() {
    pairs(Engine::Postgres);
}

#[test]
fn on_mariadb() {
    pairs(Engine::Mariadb);
}

#[test]
fn on_mysql() {
    pairs(Engine::Mysql);
}

#[test]
fn on_sqlite() {
    pairs(Engine::Sqlite);
}
