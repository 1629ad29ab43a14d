//! What operations become on MySQL and MariaDB. MariaDB's statements run on a server; MySQL's are only
//! held against what is written here.

mod alter_column;
mod introspection;
mod refusals;
mod statements;
mod ways;

use revdag::internals::db::{self, ConnectOptions};
use revdag::internals::sql;
use revdag::internals::text::Dialect;
use revdag::model::{Entry, Operation, Schema};

use crate::support::{Engine, TestDb};

/// A database of MariaDB's, and a connection of ours to it.
struct Ground {
    db: TestDb,
    engine: Box<dyn db::Connection>,
    runtime: tokio::runtime::Runtime,
}

impl Ground {
    fn new() -> Ground {
        let db = TestDb::new(Engine::Mariadb);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options = ConnectOptions {
            url: db.url().to_owned(),
            base: std::path::PathBuf::from("/"),
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
        let engine = runtime.block_on(db::connect(&options)).unwrap();
        Ground { db, engine, runtime }
    }

    fn schema(&mut self) -> Schema {
        self.runtime.block_on(self.engine.read_schema(&[])).unwrap()
    }

    fn execute(&mut self, sql: &str) {
        let done = self.runtime.block_on(self.engine.execute(sql));
        done.unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }

    /// Runs operations by what the database holds; what they became.
    #[track_caller]
    fn run(&mut self, json: &str) -> String {
        self.run_all(&[operation(json)])
    }

    #[track_caller]
    fn run_all(&mut self, operations: &[Operation]) -> String {
        let mut schema = self.schema();
        let sql = lower(operations, Dialect::Mariadb, &mut schema).unwrap();
        for statement in &sql {
            self.execute(statement);
        }
        sql.join(";\n")
    }

    /// What the server says that makes a table.
    fn table(&self, name: &str) -> String {
        self.db.query(&format!("SHOW CREATE TABLE `{name}`")).remove(0).remove(1)
    }

    /// What the server says that makes all tables and triggers.
    fn all(&self) -> String {
        let mut all = String::new();
        for row in self.db.query("SHOW TABLES") {
            all.push_str(&self.table(&row[0]));
            all.push('\n');
        }
        for row in self.db.query("SHOW TRIGGERS") {
            all.push_str(&row[..5].join(" "));
            all.push('\n');
        }
        all
    }
}

#[track_caller]
fn operation(json: &str) -> Operation {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

fn entries(operations: &[Operation]) -> Vec<Entry> {
    operations.iter().map(|operation| Entry::new(operation.clone(), 7)).collect()
}

fn lower(
    operations: &[Operation],
    dialect: Dialect,
    schema: &mut Schema,
) -> Result<Vec<String>, String> {
    let lowered = sql::lower(&entries(operations), dialect, "a.yaml", schema);
    let lowered = lowered.map_err(|error| match error.hint {
        Some(hint) => format!("{}\n{hint}", error.message),
        None => error.message,
    })?;
    Ok(lowered.into_iter().map(|statement| statement.sql).collect())
}

/// What an operation becomes where nothing is known of the tables.
#[track_caller]
fn sql_of(dialect: Dialect, json: &str) -> String {
    lower(&[operation(json)], dialect, &mut Schema::default()).unwrap().join(";\n")
}
