//! Every column of the catalogs that introspection reads is known: compared, implied by what is compared, or named as
//! not compared. What a new version of a server adds is told here before somebody misses it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use serde::Deserialize;

use crate::support::{Engine, TestDb};

/// Where new columns are noted and the test passes; only `tests/run` sets it.
const NEW_COLUMNS: &str = "REV_TEST_NEW_COLUMNS";

/// What becomes of the columns of a relation of the catalog.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Relation {
    /// It says nothing of the schema: why.
    #[serde(default)]
    beside: Option<String>,
    #[serde(default)]
    compared: Vec<String>,
    #[serde(default)]
    implied: Vec<String>,
    #[serde(default)]
    not_compared: Vec<String>,
}

fn known(file: &str) -> BTreeMap<String, Relation> {
    let path = format!("{}/tests/cases/catalog/{file}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let known: BTreeMap<String, Relation> = serde_yaml::from_str(&text).unwrap();
    for (name, relation) in &known {
        let marks = [&relation.compared, &relation.implied, &relation.not_compared];
        let all: Vec<&String> = marks.into_iter().flatten().collect();
        let once: BTreeSet<&&String> = all.iter().collect();
        assert_eq!(once.len(), all.len(), "{file}: {name} says a column twice");
        assert_eq!(all.is_empty(), relation.beside.is_some(), "{file}: {name} says nothing");
    }
    known
}

/// Holds the columns that a server has against those that are known; each row is a relation and a column.
fn are_known(file: &str, engine: Engine, query: impl Fn(&str) -> String) {
    let known = known(file);
    let db = TestDb::new(engine);
    let mut new = Vec::new();
    for (name, relation) in known.iter().filter(|(_, relation)| relation.beside.is_none()) {
        let columns = db.query(&query(name));
        assert!(!columns.is_empty(), "{engine:?} has no {name}");
        let marks = [&relation.compared, &relation.implied, &relation.not_compared];
        let is_known = |column: &str| {
            marks.iter().any(|all| all.iter().any(|own| own.eq_ignore_ascii_case(column)))
        };
        for column in columns.iter().map(|row| &row[0]).filter(|column| !is_known(column)) {
            new.push(format!("{engine:?}: {name}.{column}"));
        }
    }
    if let (Some(path), false) = (std::env::var_os(NEW_COLUMNS), new.is_empty()) {
        let mut file = std::fs::OpenOptions::new().append(true).open(path).expect("a list");
        writeln!(file, "{}", new.join("\n")).expect("lines written");
        return;
    }
    assert!(new.is_empty(), "not in tests/cases/catalog/{file}.yaml:\n{}", new.join("\n"));
}

#[test]
fn every_column_of_postgres_is_known() {
    are_known("postgres", Engine::Postgres, |name| {
        format!(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'pg_catalog.{name}'::regclass AND attnum > 0"
        )
    });
}

fn columns_of_mysql(name: &str) -> String {
    format!(
        "SELECT column_name FROM information_schema.columns WHERE upper(table_name) = '{name}' \
         AND table_schema = 'information_schema'"
    )
}

#[test]
fn every_column_of_mariadb_is_known() {
    are_known("mysql", Engine::Mariadb, columns_of_mysql);
}

#[test]
fn every_column_of_mysql_is_known() {
    are_known("mysql", Engine::Mysql, columns_of_mysql);
}

#[test]
fn every_column_of_sqlite_is_known() {
    are_known("sqlite", Engine::Sqlite, |name| match name {
        "sqlite_master" => "SELECT name FROM pragma_table_info('sqlite_master')".to_owned(),
        name => format!("SELECT name FROM pragma_table_info('pragma_{name}')"),
    });
}

/// The words of all files below a folder of `src/db`.
fn words(folder: &std::path::Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            words(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let all = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
        found.extend(all.map(str::to_owned));
    }
}

/// A relation that introspection begins to read gets its columns looked through.
#[test]
fn every_relation_that_is_read_is_named() {
    let folder = |name: &str| {
        let mut found = BTreeSet::new();
        let path = format!("{}/src/db/{name}", env!("CARGO_MANIFEST_DIR"));
        words(std::path::Path::new(&path), &mut found);
        found
    };
    let db = TestDb::new(Engine::Postgres);
    let there = db.query("SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v')");
    let there: BTreeSet<String> = there.into_iter().map(|mut row| row.remove(0)).collect();
    let read = folder("postgres");
    let read = read.iter().map(|word| word.strip_prefix("pg_catalog.").unwrap_or(word));
    let postgres = known("postgres");
    let missing: Vec<&str> =
        read.filter(|word| there.contains(*word) && !postgres.contains_key(*word)).collect();
    assert!(missing.is_empty(), "not in postgres.yaml: {missing:?}");
    let read = folder("mysql");
    let mysql = known("mysql");
    let read = read.iter().filter_map(|word| word.strip_prefix("information_schema."));
    let missing: Vec<&str> =
        read.filter(|name| !mysql.contains_key(&name.to_uppercase())).collect();
    assert!(missing.is_empty(), "not in mysql.yaml: {missing:?}");
}
