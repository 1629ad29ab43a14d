//! What operations become on PostgreSQL, run on a server and read back by pg_dump.

mod columns;
mod constraints;
mod objects;
mod refused;
mod rows;
mod tables;
mod types;

use revdag::internals::db::{self, ConnectOptions};
use revdag::internals::sql::{self, Statement};
use revdag::internals::text::Dialect;
use revdag::model::Schema;
use serde_json::Value;

use super::{dump, entries, script, statements};
use crate::support::{Engine, TestDb};

const PG: Dialect = Dialect::Postgres;

/// What the catalogue of the database says, as a run reads it.
fn schema(db: &TestDb) -> Schema {
    let options = ConnectOptions {
        url: db.url().to_owned(),
        base: "/".into(),
        create: true,
        role: None,
        on_connect: Vec::new(),
        table_prefix: "rev".to_owned(),
        table_schema: None,
        statement_lock_timeout: std::time::Duration::from_secs(5),
        store: None,
        lock: revdag::store::LockMode::Auto,
        silent_after: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { db::connect(&options).await.unwrap().read_schema(&[]).await.unwrap() })
}

/// The statements of operations, by what the database now is.
#[track_caller]
fn late(db: &TestDb, operations: Value) -> Vec<Statement> {
    sql::lower(&entries(operations), PG, "up", &mut schema(db)).unwrap()
}

/// The statements, and what they change of what pg_dump shows.
#[track_caller]
fn session(before: &str, operations: Value) -> String {
    let db = TestDb::new(Engine::Postgres);
    db.execute(before);
    let statements = statements(PG, operations);
    run(&db, &statements)
}

#[track_caller]
fn run(db: &TestDb, statements: &[Statement]) -> String {
    let before = dump(db);
    let script = script(statements);
    db.execute(&script);
    format!("{script}\n{}", changes(&before, &dump(db)))
}

/// The statements of two dumps that only one of them has.
fn changes(before: &str, after: &str) -> String {
    let parts = |dump: &str| -> Vec<String> {
        let is_kept =
            |line: &&str| !line.is_empty() && !line.starts_with("--") && !line.starts_with("SET ");
        let lines: Vec<&str> = dump.lines().filter(is_kept).collect();
        let text = lines.join("\n").replace(";\n", ";\u{0}");
        text.split('\u{0}').map(str::to_owned).collect()
    };
    let (before, after) = (parts(before), parts(after));
    let only = |mark: &str, own: &[String], other: &[String]| -> String {
        let own = own.iter().filter(|part| !other.contains(part) && !part.contains(" OWNER TO "));
        own.map(|part| format!("{mark} {}\n", part.replace('\n', &format!("\n{mark} ")))).collect()
    };
    only("-", &before, &after) + &only("+", &after, &before)
}
