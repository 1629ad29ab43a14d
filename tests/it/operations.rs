//! Typed operations: what they become on each dialect, run on real databases and read back by the
//! engines' own tools.

mod identifiers;
mod matrix;
mod mysql;
mod postgres;
mod random;
mod rules;
mod sqlite;
mod types;
mod values;

use revdag::internals::sql::{self, LowerError, Statement};
use revdag::internals::text::Dialect;
use revdag::model::{Entry, Operation, Schema};
use serde_json::Value;

use crate::support::{Engine, TestDb};

/// Operations from the form that a file has, in JSON.
#[track_caller]
fn entries(operations: Value) -> Vec<Entry> {
    let Value::Array(operations) = operations else { panic!("a list of operations") };
    let read = |operation: Value| match serde_json::from_value::<Operation>(operation.clone()) {
        Ok(operation) => operation,
        Err(error) => panic!("{error}\n{operation:#}"),
    };
    (1..).zip(operations).map(|(line, own)| Entry::new(read(own), line)).collect()
}

/// What the operations become, as far as it takes no schema.
#[track_caller]
fn statements(dialect: Dialect, operations: Value) -> Vec<Statement> {
    let entries = entries(operations);
    sql::lower(&entries, dialect, "up", &mut Schema::default()).unwrap()
}

/// Why the operations become nothing.
#[track_caller]
fn refusal(dialect: Dialect, operations: Value) -> LowerError {
    let entries = entries(operations);
    sql::check(&entries, dialect, "up")
        .and_then(|()| sql::lower(&entries, dialect, "up", &mut Schema::default()).map(|_| ()))
        .expect_err("it is refused")
}

/// The statements as a script for the engine's own client.
fn script(statements: &[Statement]) -> String {
    statements.iter().map(|statement| format!("{};\n", statement.sql)).collect()
}

/// What the database holds, by the engine's own tool, without rows.
fn dump(db: &TestDb) -> String {
    let (host, port, user, password) = match db.engine() {
        Engine::Sqlite => ("", 0, "", ""),
        _ => db.server(),
    };
    let port = port.to_string();
    let mut command = match db.engine() {
        Engine::Sqlite => {
            let mut command = std::process::Command::new("sqlite3");
            command.args([db.name(), ".schema --nosys"]);
            command
        }
        Engine::Postgres => {
            let mut command = std::process::Command::new("pg_dump");
            command.args(["--schema-only", "-h", host, "-p", &port, "-U", user, db.name()]);
            command.env("PGPASSWORD", password);
            command
        }
        Engine::Mariadb | Engine::Mysql => {
            let mut command = db.mysqldump();
            command.args(["--no-data", "--routines", "--triggers", "--skip-dump-date", db.name()]);
            command
        }
    };
    let output = command.output().expect("the tool is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    // pg_dump draws a random word for each run.
    let kept = text
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    kept.map(|line| format!("{line}\n")).collect()
}
