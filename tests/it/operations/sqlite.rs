//! What operations become on SQLite, on real files, which the engine's own client reads before and
//! after.

mod look;
mod random;
mod refused;
mod tables;
mod traps;

use revdag::internals::db::{ConnectOptions, connect};
use revdag::internals::sql::{dialect, lower};
use revdag::internals::text::Dialect;
use revdag::model::{Entry, Operation};
use serde_json::Value;

use crate::support::{Engine, TestDb};
use look::Look;

/// A file with these statements run by `sqlite3`.
pub(super) fn made(sql: &str) -> TestDb {
    let db = TestDb::new(Engine::Sqlite);
    db.execute(sql);
    db
}

/// Operations as a file says them.
#[track_caller]
pub(super) fn operations(said: &Value) -> Vec<Operation> {
    serde_json::from_value(said.clone()).unwrap_or_else(|error| panic!("{error}\n{said:#}"))
}

/// Runs operations as a step does: the statements by what the file holds, in one transaction, with
/// what has to stand around it. Gives the statements, or what went wrong.
pub(super) fn try_run(db: &TestDb, operations: &[Operation]) -> Result<Vec<String>, String> {
    let entries: Vec<Entry> =
        operations.iter().enumerate().map(|(at, one)| Entry::new(one.clone(), at + 1)).collect();
    let options = ConnectOptions {
        url: db.url().to_owned(),
        base: std::env::temp_dir(),
        create: false,
        role: None,
        on_connect: vec!["PRAGMA foreign_keys = ON".to_owned()],
        table_prefix: "rev".to_owned(),
        table_schema: None,
        statement_lock_timeout: std::time::Duration::from_secs(60),
        store: None,
        lock: revdag::store::LockMode::Auto,
        silent_after: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut engine = connect(&options).await.map_err(|error| error.to_string())?;
        let around = dialect(Dialect::Sqlite).session_guard().unwrap();
        let before = engine.query(&format!("{}; {}", around.before, around.proof)).await.unwrap();
        assert_eq!(before, [[Some("0".to_owned())]]);
        engine.execute("BEGIN IMMEDIATE").await.unwrap();
        let stray = engine.query(around.check).await.unwrap();
        let mut schema = engine.read_schema(&[]).await.unwrap();
        let statements = lower(&entries, Dialect::Sqlite, "r.yaml", &mut schema)
            .map_err(|error| format!("{error}; {}", error.hint.clone().unwrap_or_default()))?;
        for statement in &statements {
            assert!(statement.transactional, "{statement:?}");
            if let Err(error) = engine.execute(&statement.sql).await {
                return Err(format!("{error}: {}", statement.sql));
            }
        }
        let after = engine.query(around.check).await.map_err(|error| error.to_string())?;
        if let Some(row) = after.iter().find(|row| !stray.contains(row)) {
            return Err(format!("stray: {row:?}"));
        }
        engine.execute("COMMIT").await.map_err(|error| error.to_string())?;
        // What the schema was worked out to be is what the file now holds.
        let real = engine.read_schema(&[]).await.unwrap();
        look::assert_alike(&schema, &real);
        engine.close().await;
        Ok(statements.into_iter().map(|statement| statement.sql).collect())
    })
}

/// Runs operations that must go well.
#[track_caller]
pub(super) fn run(db: &TestDb, said: Value) -> Vec<String> {
    match try_run(db, &operations(&said)) {
        Ok(statements) => statements,
        Err(error) => panic!("{error}\n{said:#}"),
    }
}

/// Runs operations that must be refused or fail, and leave everything as it was.
#[track_caller]
pub(super) fn fails(db: &TestDb, said: Value) -> String {
    let before = Look::at(db);
    match try_run(db, &operations(&said)) {
        Ok(statements) => panic!("{statements:#?}\n{said:#}"),
        Err(error) => {
            assert_eq!(before, Look::at(db));
            error
        }
    }
}
