//! The room `db` on real servers: connecting, statements, the journal, the lock, the session.

mod catalog_postgres;
mod connect;
mod journal;
mod lock;
mod schema_postgres;
mod scratch_postgres;
mod session;
mod statements;

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use revdag::internals::db::{self, ConnectOptions, DbError};
use revdag::internals::text::{Dialect, Digest};
use revdag::model::{AppliedRow, How, Id, LogEvent, LogRow, StoredStatement, TextRow};

use crate::support::{Engine, TestDb};

/// Runs a future to its end.
fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn options(url: &str) -> ConnectOptions {
    ConnectOptions {
        url: url.to_owned(),
        base: PathBuf::from("/"),
        create: true,
        role: None,
        on_connect: Vec::new(),
        table_prefix: "rev".to_owned(),
        table_schema: None,
        statement_lock_timeout: Duration::from_secs(1),
        store: None,
        lock: revdag::store::LockMode::Auto,
        silent_after: None,
    }
}

async fn open(db: &TestDb) -> Box<dyn db::Connection> {
    db::connect(&options(db.url())).await.unwrap()
}

/// The error of connecting.
fn refused(options: &ConnectOptions) -> DbError {
    block(db::connect(options)).err().expect("no connection")
}

/// The one value of a query.
async fn value(engine: &mut dyn db::Connection, sql: &str) -> String {
    let rows = engine.query(sql).await.unwrap();
    assert!(rows.len() == 1 && rows[0].len() == 1, "{sql}: {rows:?}");
    rows[0][0].clone().expect("no null")
}

fn dialect(engine: Engine) -> Dialect {
    match engine {
        Engine::Sqlite => Dialect::Sqlite,
        Engine::Postgres => Dialect::Postgres,
        Engine::Mariadb => Dialect::Mariadb,
        Engine::Mysql => Dialect::Mysql,
    }
}

fn log_row(seq: i64, event: LogEvent) -> LogRow {
    LogRow {
        seq,
        run: "0123abcd".to_owned(),
        at: "2026-11-22T19:06:22Z".to_owned(),
        who: "ann@host".to_owned(),
        event,
        revision: None,
        direction: None,
        statement: None,
        digest: None,
        detail: None,
    }
}

fn first_row() -> LogRow {
    LogRow { detail: Some("rev2".to_owned()), ..log_row(1, LogEvent::Format) }
}

fn applied_row(id: &str, seq: i64) -> AppliedRow {
    AppliedRow {
        id: Id::from(id),
        seq,
        up_digest: Digest::stored("u".repeat(64)),
        down_digest: Digest::derived(),
        parents: Vec::new(),
        depends_on: Vec::new(),
        how: How::Ran,
        at: "2026-11-22T19:06:22Z".to_owned(),
        who: "ann@host".to_owned(),
    }
}

fn text_row(id: &str, text: &str) -> TextRow {
    let statement = StoredStatement {
        sql: text.to_owned(),
        line: 3,
        transactional: true,
        copy_data: Some(text.to_owned()),
        task: None,
        operation: None,
    };
    TextRow {
        id: Id::from(id),
        up_digest: Digest::stored("u".repeat(64)),
        down_digest: Digest::derived(),
        file: format!("revisions/{text}.sql").chars().take(300).collect(),
        text: text.to_owned(),
        up: vec![statement.clone(), statement],
        down: None,
    }
}
