//! Statements and their errors.

use std::time::Duration;

use revdag::internals::db::{ConnectOptions, DbError, ServerError, connect};

use super::{block, open, options, value};
use crate::support::{Engine, TestDb, for_each_engine};

#[track_caller]
fn server(error: DbError) -> ServerError {
    match error {
        DbError::Statement(error) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_come_as_text_and_nothing_is_left_behind() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            e.execute("CREATE TABLE t (a integer, b varchar(20))").await.unwrap();
            e.execute("INSERT INTO t VALUES (1, '\u{fc}'), (2, NULL), (3, '')").await.unwrap();
            let rows = e.query("SELECT a, b FROM t ORDER BY a").await.unwrap();
            let text = |text: &str| Some(text.to_owned());
            assert_eq!(
                rows,
                [[text("1"), text("\u{fc}")], [text("2"), None], [text("3"), text("")]]
            );
            // Rows that nobody reads do not disturb the next statement.
            e.execute("SELECT a FROM t").await.unwrap();
            assert_eq!(value(&mut *e, "SELECT count(*) FROM t").await, "3");
            // Statements of our own in front give no rows.
            let begin = revdag::internals::sql::dialect(e.dialect()).begin();
            let rows = e.query(&format!("{begin}; SELECT max(a) FROM t")).await.unwrap();
            assert_eq!(rows, [[text("3")]]);
            e.batch(&["DELETE FROM t".to_owned(), "ROLLBACK".to_owned()]).await.unwrap();
            assert_eq!(value(&mut *e, "SELECT count(*) FROM t").await, "3");
            e.close().await;
        });
    });
}

#[test]
fn a_call_with_several_results_is_read_to_its_end() {
    let db = TestDb::new(Engine::Mariadb);
    block(async {
        let mut e = open(&db).await;
        e.execute("CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END").await.unwrap();
        e.execute("CALL p()").await.unwrap();
        assert_eq!(value(&mut *e, "SELECT 3").await, "3");
        e.close().await;
    });
}

#[test]
fn a_batch_ends_at_its_first_failure() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            e.execute("CREATE TABLE t (a integer PRIMARY KEY)").await.unwrap();
            let insert = |value: i32| format!("INSERT INTO t VALUES ({value})");
            let begin = revdag::internals::sql::dialect(e.dialect()).begin().to_owned();
            let batch = [begin, insert(1), insert(1), insert(2), "COMMIT".to_owned()];
            server(e.batch(&batch).await.unwrap_err());
            e.batch(&["ROLLBACK".to_owned()]).await.unwrap();
            assert_eq!(value(&mut *e, "SELECT count(*) FROM t").await, "0");
            e.batch(&[]).await.unwrap();
            e.close().await;
        });
    });
}

#[test]
fn a_failed_statement_brings_the_servers_words_and_the_place() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            let error = server(e.execute("/* \u{fc} */ SELECT 1 FORM t").await.unwrap_err());
            match engine {
                Engine::Postgres => {
                    assert_eq!(error.code.as_deref(), Some("42601"));
                    assert_eq!(error.message, "syntax error at or near \"t\"");
                    assert_eq!(error.position, Some(22));
                }
                Engine::Mariadb | Engine::Mysql => {
                    assert_eq!(error.code.as_deref(), Some("1064"));
                    assert_eq!(error.position, Some(22));
                }
                Engine::Sqlite => {
                    assert_eq!(error.code.as_deref(), Some("1"));
                    assert_eq!(error.message, "near \"t\": syntax error");
                }
            }
            e.close().await;
        });
    });
    let db = TestDb::new(Engine::Postgres);
    block(async {
        let mut e = open(&db).await;
        e.execute("CREATE TABLE t (a integer PRIMARY KEY)").await.unwrap();
        e.execute("INSERT INTO t VALUES (1)").await.unwrap();
        let error = server(e.execute("INSERT INTO t VALUES (1)").await.unwrap_err());
        assert_eq!(error.detail.as_deref(), Some("Key (a)=(1) already exists."));
        let error = server(e.execute("SELECT no_such_function(1)").await.unwrap_err());
        assert!(error.hint.unwrap().contains("No function matches"));
        let error = server(e.execute("DO $$BEGIN PERFORM 1/0; END$$").await.unwrap_err());
        assert!(error.detail.unwrap().contains("PL/pgSQL function inline_code_block line 1"));
        e.close().await;
    });
}

#[test]
fn a_nul_is_refused_before_it_cuts_the_statement() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            let sql = "SELECT '\u{fc}\0'";
            for error in [e.execute(sql).await.unwrap_err(), e.query(sql).await.unwrap_err()] {
                let error = server(error);
                assert!(error.message.contains("NUL"), "{error}");
                assert_eq!(error.position, Some(9));
            }
            let error = server(e.batch(&[sql.to_owned()]).await.unwrap_err());
            assert!(error.message.contains("NUL"), "{error}");
            assert_eq!(value(&mut *e, "SELECT 1").await, "1");
            e.close().await;
        });
    });
}

#[test]
fn a_statement_may_be_large() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        // MariaDB takes 16 MiB as it is installed.
        let length = if engine == Engine::Mariadb { 15_000_000 } else { 50_000_000 };
        let text = "\u{fc}".repeat(length / 2);
        let kind = if engine == Engine::Mariadb { "longtext" } else { "text" };
        block(async {
            let mut e = open(&db).await;
            e.execute(&format!("CREATE TABLE t (a {kind})")).await.unwrap();
            e.execute(&format!("INSERT INTO t VALUES ('{text}')")).await.unwrap();
            assert_eq!(value(&mut *e, "SELECT a FROM t").await.len(), length);
            if engine == Engine::Mariadb {
                let big = format!("INSERT INTO t VALUES ('{text}{text}')");
                let error = server(e.execute(&big).await.unwrap_err());
                assert!(error.message.contains("max_allowed_packet"), "{error}");
                assert!(error.hint.unwrap().contains("raise `max_allowed_packet`"));
                // Each is small enough, all of them are not.
                let part = format!("INSERT INTO t VALUES ('{}')", &text[..6_000_000]);
                e.batch(&[part.clone(), part.clone(), part]).await.unwrap();
                assert_eq!(value(&mut *e, "SELECT count(*) FROM t").await, "4");
            }
            e.close().await;
        });
    });
}

#[test]
fn rows_are_copied_in() {
    let db = TestDb::new(Engine::Postgres);
    block(async {
        let mut e = open(&db).await;
        e.execute("CREATE TABLE t (a integer, b text)").await.unwrap();
        let copy = "COPY t (a, b) FROM stdin";
        e.copy_in(copy, "1\t\u{fc}\n2\t\\N\n").await.unwrap();
        assert_eq!(value(&mut *e, "SELECT count(*) FROM t WHERE b IS NULL").await, "1");
        let error = server(e.copy_in(copy, "x\ty\n").await.unwrap_err());
        assert!(error.message.contains("invalid input syntax for type integer"), "{error}");
        server(e.copy_in("COPY no_such_table FROM stdin", "1\n").await.unwrap_err());
        assert_eq!(value(&mut *e, "SELECT count(*) FROM t").await, "2");
        let many: String = (0..500_000).map(|at| format!("{at}\ttext\n")).collect();
        e.copy_in(copy, &many).await.unwrap();
        e.copy_in(copy, "").await.unwrap();
        assert_eq!(value(&mut *e, "SELECT count(*) FROM t").await, "500002");
        e.close().await;
    });
    // Sent without its rows it would wait for them for ever.
    block(async {
        let mut e = open(&db).await;
        for sql in ["COPY t FROM stdin", "SELECT 1"] {
            let error = e.execute(sql).await.unwrap_err();
            assert_eq!(
                error,
                DbError::Lost("COPY … FROM stdin is not followed by rows".to_owned())
            );
        }
        e.close().await;
    });
    for engine in [Engine::Sqlite, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let error = block(async { open(&db).await.copy_in("COPY t FROM stdin", "").await });
        assert!(server(error.unwrap_err()).message.contains("does not support COPY"));
    }
}

#[test]
fn a_wait_for_a_table_ends_and_is_told_from_a_failure() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute("CREATE TABLE t (a integer); INSERT INTO t VALUES (1)");
        block(async {
            let (mut one, mut other) = (open(&db).await, open(&db).await);
            // On PostgreSQL the timeouts come with the lock.
            one.try_lock(Duration::ZERO).await.unwrap();
            let begin = revdag::internals::sql::dialect(one.dialect()).begin().to_owned();
            other.batch(&[begin, "UPDATE t SET a = 2".to_owned()]).await.unwrap();
            for sql in ["ALTER TABLE t ADD COLUMN b integer", "UPDATE t SET a = 3"] {
                let error = one.execute(sql).await.unwrap_err();
                assert!(matches!(error, DbError::LockTimeout(_)), "{sql}: {error:?}");
            }
            other.batch(&["COMMIT".to_owned()]).await.unwrap();
            one.execute("ALTER TABLE t ADD COLUMN b integer").await.unwrap();
            one.close().await;
            other.close().await;
        });
    });
}

#[test]
fn a_database_that_cannot_be_written_to_says_so() {
    for (engine, read_only) in [
        (Engine::Postgres, "START TRANSACTION READ ONLY"),
        (Engine::Mariadb, "START TRANSACTION READ ONLY"),
        (Engine::Sqlite, "PRAGMA query_only = 1"),
    ] {
        let db = TestDb::new(engine);
        db.execute("CREATE TABLE t (a integer)");
        block(async {
            let mut e = open(&db).await;
            e.execute(read_only).await.unwrap();
            let error = e.execute("INSERT INTO t VALUES (1)").await.unwrap_err();
            assert!(matches!(error, DbError::ReadOnly(_)), "{error:?}");
            e.close().await;
        });
    }
    let db = TestDb::new(Engine::Sqlite);
    db.execute("CREATE TABLE t (a text)");
    block(async {
        let mut e = connect(&options(&format!("{}?mode=ro", db.url()))).await.unwrap();
        let error = e.execute("INSERT INTO t VALUES (1)").await.unwrap_err();
        assert!(matches!(error, DbError::ReadOnly(_)), "{error:?}");
        e.close().await;

        let full = ConnectOptions {
            on_connect: vec!["PRAGMA max_page_count = 4".to_owned()],
            ..options(db.url())
        };
        let mut e = connect(&full).await.unwrap();
        let fill = format!("INSERT INTO t VALUES ('{}')", "x".repeat(100_000));
        let error = e.execute(&fill).await.unwrap_err();
        assert!(matches!(error, DbError::ReadOnly(_)), "{error:?}");
        assert!(error.to_string().contains("full"), "{error}");
        e.close().await;
    });
}

#[test]
fn a_running_statement_is_cancelled_on_the_server() {
    for (engine, long, running) in [
        (
            Engine::Postgres,
            "SELECT pg_sleep(600)",
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%sleep(600)' \
             AND datname = current_database()",
        ),
        (
            Engine::Mariadb,
            "SELECT SLEEP(600)",
            "SELECT count(*) FROM information_schema.processlist \
             WHERE db = DATABASE() AND info LIKE 'SELECT SLEEP%'",
        ),
        (
            Engine::Sqlite,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
            "",
        ),
    ] {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            let canceller = e.canceller();
            // With nothing running there is nothing to cancel.
            canceller.cancel().await.unwrap();
            assert_eq!(value(&mut *e, "SELECT 1").await, "1");

            let mut statement = e.execute(long);
            let stop = async {
                while !running.is_empty() && db.value(running) == "0" {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                canceller.cancel().await.unwrap();
            };
            let outcome = tokio::select! {
                biased;
                outcome = &mut statement => outcome,
                () = stop => (&mut statement).await,
            };
            drop(statement);
            let error = outcome.unwrap_err();
            assert!(matches!(error, DbError::Cancelled(_)), "{error:?}");
            if !running.is_empty() {
                assert_eq!(db.value(running), "0");
            }
            // The connection is as good as before.
            e.execute("CREATE TABLE t (a integer)").await.unwrap();
            e.close().await;
        });
    }
}

#[test]
fn a_connection_that_broke_is_told_from_a_statement_that_failed() {
    for (engine, own, kill) in [
        (Engine::Postgres, "SELECT pg_backend_pid()", "SELECT pg_terminate_backend("),
        (Engine::Mariadb, "SELECT CONNECTION_ID()", "KILL ("),
    ] {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            let id = value(&mut *e, own).await;
            db.execute(&format!("{kill}{id})"));
            let error = e.execute("SELECT 1").await.unwrap_err();
            assert!(matches!(error, DbError::Lost(_)), "{error:?}");
            // It is not opened again in silence.
            let error = e.execute("SELECT 1").await.unwrap_err();
            assert!(matches!(error, DbError::Lost(_)), "{error:?}");
            e.close().await;
        });
    }
}
