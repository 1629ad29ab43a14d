//! No false difference: schemas of all sorts, many of which nobody here wrote, are loaded, generated from
//! nothing, applied, and compared.

use std::path::PathBuf;

use super::{but_for, env_with_models};
use crate::support::{Engine, TestDb};

fn files(engine: Engine) -> Vec<PathBuf> {
    let folder = match engine {
        Engine::Postgres => "postgres",
        Engine::Mariadb => "mariadb",
        Engine::Mysql => "mysql",
        Engine::Sqlite => "sqlite",
    };
    let folder = format!("{}/tests/corpus/schemas/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 7, "the corpus is not where it was");
    files
}

/// What is known not to come back, by a part of the dump's line; `docs/autogenerate.md` names it all.
const KNOWN: &[(Engine, &str, &[&str])] = &[
    // The columns behind ON DELETE SET NULL, and storage parameters of a constraint's index.
    (
        Engine::Postgres,
        "constraints",
        &["child_some_null", "parent_fill", "ONLY public.child", "ONLY public.parent"],
    ),
    // A table without columns; options and statistics targets of columns.
    (
        Engine::Postgres,
        "column_types",
        &[
            "no_columns",
            "object: CREATE TABLE public.no_columns",
            "SET (n_distinct",
            "options n_distinct",
            "SET STATISTICS",
            "statistics target",
        ],
    ),
    // Which index a table is clustered on or told apart by, statistics targets, an index ON ONLY the
    // parent.
    (
        Engine::Postgres,
        "indexes",
        &[
            "CLUSTER ON",
            "SET STATISTICS",
            "statistics target",
            "REPLICA IDENTITY",
            "replica identity",
            "ATTACH PARTITION",
            "_id_v_idx",
            "parted_only",
        ],
    ),
    // The names of the sequences of identity columns.
    (Engine::Postgres, "defaults", &["sequence name"]),
    (Engine::Postgres, "graphile_worker", &["sequence name"]),
    // Defaults of bytes that are no text.
    (Engine::Mariadb, "defaults", &["object: CREATE TABLE `literals`"]),
    // The comment of a sequence.
    (Engine::Mariadb, "objects", &["down_seq"]),
    // What is said not to be compared: aggregates, casts, operators, text search, typed tables, triggers
    // that are off, inherited columns with a default of their own, how a table is told apart by its replicas,
    // parameters of its TOAST table.
    (
        Engine::Postgres,
        "objects",
        &[
            "object: CREATE AGGREGATE",
            "object: CREATE CAST",
            "object: COMMENT ON AGGREGATE",
            "object: CREATE OPERATOR",
            "object: TEXT SEARCH",
            "object: public.of_type",
            "object: TRIGGER later_from",
            "object: TRIGGER emptied",
            "object: TRIGGER per_statement",
            "object: TRIGGER with_tables",
            "REPLICA IDENTITY",
            "replica identity",
            "autovacuum_vacuum_scale_factor",
            "toast parameters",
            "type address",
            "trigger with_tables",
            "trigger emptied",
            "trigger per_statement",
            "trigger later_from",
            "aggregate ",
            "cast (",
            "operator ",
            "text search ",
            "of inherited column body",
            "body jsonb DEFAULT",
        ],
    ),
];

fn known(engine: Engine, name: &str) -> &'static [&'static str] {
    let known = KNOWN.iter().find(|(of, file, _)| *of == engine && *file == name);
    known.map_or(&[], |(_, _, known)| known)
}

fn on(engine: Engine) {
    let only = std::env::var("REV_CASE").unwrap_or_default();
    let mut failures = Vec::new();
    for file in files(engine) {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if !name.contains(&only) {
            continue;
        }
        let sql = std::fs::read_to_string(&file).unwrap();
        let (db, models) = (TestDb::new(engine), TestDb::new(engine));
        let outcome = models
            .try_execute(&sql)
            .map_err(|error| format!("it does not load: {error}"))
            .and_then(|_| but_for(known(engine, &name), &db, &env_with_models(&db, &sql), &models));
        if let Err(failure) = outcome {
            let failure: String = failure.chars().take(6000).collect();
            failures.push(format!("=== {name}\n{failure}"));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn on_postgres() {
    on(Engine::Postgres);
}

#[test]
fn on_mariadb() {
    on(Engine::Mariadb);
}

#[test]
fn on_sqlite() {
    on(Engine::Sqlite);
}
