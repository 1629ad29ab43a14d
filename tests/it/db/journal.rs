//! The journal's tables: written by words, read back, told from what is not ours.

use revdag::internals::db::{ConnectOptions, Connection, DbError, Journal, connect};
use revdag::internals::sql::dialect;
use revdag::internals::text::Digest;
use revdag::model::{Direction, Id, LogEvent, LogRow, TextRow};

use super::{applied_row, block, first_row, log_row, open, options, text_row, value};
use crate::support::{Engine, TestDb, for_each_engine};

/// Texts that a careless quoting would break, cut or change.
const HOSTILE: [&str; 9] = [
    "'; DROP TABLE rev_applied; --",
    "\\'; SELECT 1; \\",
    "C:\\new\\table\\0 \\x41 \\u0041 %_ \\",
    "\"`[]` $$ $1 ? :name {x} \\q \\g",
    "line\r\nline\n\ttab \u{8} \u{1a} \u{1b} \u{7f}",
    "\u{fc} \u{1f600} \u{202e} \u{0301} \u{ffff} \u{feff}",
    " leading and trailing ",
    "/* -- # */",
    "''''",
];

/// The stored text of the same revision and digests.
async fn read_text(
    connection: &mut dyn Connection,
    row: &TextRow,
) -> Result<Option<TextRow>, DbError> {
    let journal = Journal::default();
    connection.read_text(&journal, &row.id, &row.up_digest, &row.down_digest).await
}

#[test]
fn what_words_write_comes_back() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            assert_eq!(e.read_journal().await, Ok(None));
            e.ensure_journal(&first_row()).await.unwrap();
            let empty = e.read_journal().await.unwrap().unwrap();
            assert_eq!((empty.applied.len(), empty.last_seq), (0, 1));
            // Made twice it stays as it is.
            e.ensure_journal(&LogRow { run: "other".to_owned(), ..first_row() }).await.unwrap();
            assert_eq!(e.read_log().await, Ok(vec![first_row()]));

            let (words, tables) = (dialect(e.dialect()), e.tables().clone());
            let mut log = vec![first_row()];
            let mut applied = Vec::new();
            for (at, text) in HOSTILE.into_iter().enumerate() {
                let seq = i64::try_from(at).unwrap() + 2;
                let mut row = applied_row(&format!("r{at}"), seq);
                row.who = text.to_owned();
                row.parents = vec![Id::from("a"), Id::from("b")];
                row.depends_on = vec![Id::from("c")];
                let event = LogRow {
                    revision: Some(row.id.clone()),
                    direction: Some(Direction::Up),
                    statement: Some(3),
                    digest: Some(Digest::stored("d")),
                    detail: Some(text.to_owned()),
                    who: text.to_owned(),
                    ..log_row(seq, LogEvent::Done)
                };
                let text = text_row(&format!("r{at}"), text);
                let mut sql = vec![words.begin().to_owned()];
                sql.extend(words.insert_text(&tables, &text));
                sql.extend(words.insert_text(&tables, &text));
                sql.push(words.insert_log(&tables, &event));
                sql.push(words.insert_applied(&tables, &row));
                sql.push("COMMIT".to_owned());
                e.batch(&sql).await.unwrap();
                let stored = read_text(&mut *e, &text).await;
                assert_eq!(stored, Ok(Some(text)));
                log.push(event);
                applied.push(row);
            }
            let journal = e.read_journal().await.unwrap().unwrap();
            assert_eq!(journal.applied, applied);
            assert_eq!(journal.last_seq, 10);
            assert_eq!(journal.interrupted, []);
            assert_eq!(e.read_log().await, Ok(log));
            let other = TextRow { up_digest: Digest::stored("x"), ..text_row("r0", "") };
            let none = read_text(&mut *e, &other).await;
            assert_eq!(none, Ok(None));

            let moved = words.move_applied(&tables, &Id::from("r0"), &[Id::from("z")], &[]);
            let mut accepted = applied[1].clone();
            accepted.up_digest = Digest::stored("new");
            let accept = words.accept_applied(&tables, &accepted);
            e.batch(&[moved, accept, words.delete_applied(&tables, &Id::from("r2"))])
                .await
                .unwrap();
            let journal = e.read_journal().await.unwrap().unwrap();
            assert_eq!(journal.applied.len(), 8);
            assert_eq!(journal.applied[0].parents, [Id::from("z")]);
            assert_eq!(journal.applied[0].depends_on, []);
            assert_eq!(journal.applied[1], accepted);
            e.close().await;
        });
    });
}

#[test]
fn literals_are_right_in_whatever_session() {
    for (engine, setting) in [
        (Engine::Mariadb, "SET sql_mode = 'NO_BACKSLASH_ESCAPES'"),
        (Engine::Mariadb, "SET sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'"),
        (Engine::Postgres, "SET standard_conforming_strings = off"),
        (Engine::Postgres, "SET backslash_quote = off"),
    ] {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            e.ensure_journal(&first_row()).await.unwrap();
            e.execute(setting).await.unwrap();
            for (at, text) in HOSTILE.into_iter().enumerate() {
                let row = text_row(&format!("r{at}"), text);
                let sql = dialect(e.dialect()).insert_text(e.tables(), &row);
                e.batch(&sql).await.unwrap();
                let stored = read_text(&mut *e, &row).await;
                assert_eq!(stored, Ok(Some(row)), "{setting}");
            }
            e.close().await;
        });
    }
}

#[test]
fn a_text_may_be_large() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            e.ensure_journal(&first_row()).await.unwrap();
            let mut row = text_row("r1", "x");
            // 2.5 MB, and the smallest packet that servers are set up with is 1 MiB.
            row.text = "'\u{fc}\\x".repeat(500_000);
            row.up[0].sql = row.text.clone();
            row.up[0].line = 1;
            row.up[1].sql = row.text.replace('x', "y");
            let sql = dialect(e.dialect()).insert_text(e.tables(), &row);
            assert!(sql.iter().all(|sql| sql.len() < 1 << 20));
            e.batch(&sql).await.unwrap();
            assert!(read_text(&mut *e, &row).await == Ok(Some(row)));
            e.close().await;
        });
    });
}

#[test]
fn the_servers_clock_tells_the_time_of_a_script() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            let first = LogRow { at: String::new(), ..first_row() };
            e.ensure_journal(&first).await.unwrap();
            let log = e.read_log().await.unwrap();
            let at = &log[0].at;
            let shape: String =
                at.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            assert_eq!(shape, "0000-00-00T00:00:00Z", "{at}");
            e.close().await;
        });
    });
}

#[test]
fn a_step_that_stopped_half_way_is_told() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            e.ensure_journal(&first_row()).await.unwrap();
            let (words, tables) = (dialect(e.dialect()), e.tables().clone());
            let of = |seq, event, revision: &str, statement| LogRow {
                revision: Some(Id::from(revision)),
                direction: Some(Direction::Up),
                statement,
                ..log_row(seq, event)
            };
            let rows = [
                of(2, LogEvent::Began, "a", None),
                of(3, LogEvent::Done, "a", Some(0)),
                of(4, LogEvent::Done, "a", None),
                of(5, LogEvent::Began, "b", None),
                of(6, LogEvent::Intent, "b", Some(0)),
            ];
            let expected = [0, 2, 0, 0, 2];
            for (row, expected) in rows.iter().zip(expected) {
                e.execute(&words.insert_log(&tables, row)).await.unwrap();
                let journal = e.read_journal().await.unwrap().unwrap();
                assert_eq!(journal.interrupted.len(), expected, "{row:?}");
                assert_eq!(journal.last_seq, row.seq);
            }
            e.execute(&words.insert_log(&tables, &of(7, LogEvent::Done, "b", None))).await.unwrap();
            assert_eq!(e.read_journal().await.unwrap().unwrap().interrupted, []);
            e.close().await;
        });
    });
}

#[track_caller]
fn journal_error(error: DbError) -> (String, String) {
    match error {
        DbError::Journal { message, hint } => (message, hint),
        other => panic!("{other:?}"),
    }
}

#[test]
fn tables_that_are_not_ours_are_refused_and_left_alone() {
    for_each_engine(|engine| {
        for (setup, part) in [
            ("CREATE TABLE rev_applied (x integer)", "it has no column id"),
            ("CREATE VIEW rev_log AS SELECT 1 AS seq", "it is not a table"),
            (
                "CREATE TABLE rev_log (seq integer, event varchar(20), detail varchar(20)); \
                 INSERT INTO rev_log VALUES (1, 'format', 'rev7')",
                "has the format rev7",
            ),
        ] {
            let db = TestDb::new(engine);
            db.execute(setup);
            block(async {
                let mut e = open(&db).await;
                let read = journal_error(e.read_journal().await.unwrap_err());
                let made = journal_error(e.ensure_journal(&first_row()).await.unwrap_err());
                assert_eq!(read, made);
                assert!(read.0.contains(part), "{read:?}");
                let hint = if part.contains("rev7") { "newer rev" } else { "table_prefix" };
                assert!(read.1.contains(hint), "{read:?}");
                e.close().await;
            });
        }
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            e.ensure_journal(&first_row()).await.unwrap();
            let log = e.tables().log.clone();
            e.execute(&format!("UPDATE {log} SET detail = 'rev3', event = 'format'"))
                .await
                .unwrap();
            let (message, hint) = journal_error(e.read_journal().await.unwrap_err());
            assert!(message.contains("format rev3"), "{message}");
            assert_eq!(hint, "use a newer rev");
            e.execute(&format!("UPDATE {log} SET detail = 'x', event = 'y'")).await.unwrap();
            let (message, _) = journal_error(e.read_journal().await.unwrap_err());
            assert!(message.contains("does not name the format"), "{message}");
            e.execute(&format!("UPDATE {log} SET detail = 'rev2', event = 'format'"))
                .await
                .unwrap();
            let applied = e.tables().applied.clone();
            e.execute(&format!("DROP TABLE {applied}")).await.unwrap();
            let (message, _) = journal_error(e.read_journal().await.unwrap_err());
            assert!(message.contains("rev_applied is missing"), "{message}");
            e.close().await;
        });
    });
}

#[test]
fn what_a_crash_left_of_the_tables_is_completed() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            let statements = dialect(e.dialect()).create_journal(e.tables(), &first_row());
            for statement in &statements {
                assert_eq!(e.read_journal().await, Ok(None));
                e.execute(statement).await.unwrap();
            }
            assert_eq!(e.read_journal().await.unwrap().unwrap().last_seq, 1);
            for at in 0..statements.len() {
                let tables = e.tables().clone();
                for table in [tables.applied, tables.text, tables.log, tables.piece] {
                    e.execute(&format!("DROP TABLE {table}")).await.unwrap();
                }
                e.batch(&statements[..at]).await.unwrap();
                e.ensure_journal(&first_row()).await.unwrap();
                assert_eq!(e.read_log().await.unwrap().len(), 1);
            }
            e.close().await;
        });
    });
}

#[test]
fn several_may_make_the_tables_at_the_same_time() {
    for_each_engine(|engine| {
        for _ in 0..5 {
            let db = TestDb::new(engine);
            block(async {
                let mut engines = Vec::new();
                for _ in 0..6 {
                    engines.push(open(&db).await);
                }
                let first = first_row();
                let made = futures_util::future::join_all(
                    engines.iter_mut().map(|engine| engine.ensure_journal(&first)),
                )
                .await;
                for outcome in made {
                    outcome.unwrap();
                }
                assert_eq!(engines[0].read_log().await.unwrap().len(), 1);
                for engine in engines {
                    engine.close().await;
                }
            });
        }
    });
}

#[test]
fn the_tables_stand_where_the_store_says() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let schema = (engine == Engine::Postgres).then(|| "au\"dit".to_owned());
        if engine == Engine::Postgres {
            db.execute("CREATE SCHEMA \"au\"\"dit\"");
        }
        let options = ConnectOptions {
            table_prefix: "My 'odd' na\"me".to_owned(),
            table_schema: schema,
            ..options(db.url())
        };
        block(async {
            let mut e = connect(&options).await.unwrap();
            e.ensure_journal(&first_row()).await.unwrap();
            let leave = match engine {
                Engine::Sqlite => "CREATE TEMP TABLE \"My 'odd' na\"\"me_log\" (seq integer)",
                Engine::Postgres => "SET search_path = ''",
                Engine::Mariadb | Engine::Mysql => "USE information_schema",
            };
            e.execute(leave).await.unwrap();
            assert_eq!(e.read_journal().await.unwrap().unwrap().last_seq, 1);
            assert_eq!(e.read_log().await.unwrap().len(), 1);
            e.close().await;
        });
    });
}

#[test]
fn a_user_who_may_not_make_tables_is_told_what_is_missing() {
    let db = TestDb::new(Engine::Postgres);
    let role = format!("{}_reader", db.name());
    db.execute(&format!("CREATE ROLE {role}"));
    let options = ConnectOptions { role: Some(role.clone()), ..options(db.url()) };
    block(async {
        let mut e = connect(&options).await.unwrap();
        assert_eq!(e.read_journal().await, Ok(None));
        let DbError::Statement(error) = e.ensure_journal(&first_row()).await.unwrap_err() else {
            panic!()
        };
        assert!(error.message.contains("permission denied for schema public"), "{error}");
        assert!(error.hint.unwrap().contains("table_schema"));
        assert_eq!(value(&mut *e, "SELECT 1").await, "1");
        e.close().await;
    });
    db.execute(&format!("DROP ROLE {role}"));
}

#[test]
fn alembics_table_is_read() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut e = open(&db).await;
            assert_eq!(e.read_alembic().await, Ok(None));
            e.execute("CREATE TABLE alembic_version (version_num varchar(32))").await.unwrap();
            assert_eq!(e.read_alembic().await, Ok(Some(vec![])));
            e.execute("INSERT INTO alembic_version VALUES ('b2'), ('a1')").await.unwrap();
            let both = Ok(Some(vec!["a1".to_owned(), "b2".to_owned()]));
            assert_eq!(e.read_alembic().await, both);
            if engine == Engine::Postgres {
                e.execute("CREATE SCHEMA audit").await.unwrap();
                let schema = Some("audit".to_owned());
                let elsewhere = ConnectOptions { table_schema: schema, ..options(db.url()) };
                let mut other = connect(&elsewhere).await.unwrap();
                assert_eq!(other.read_alembic().await, both);
                other.close().await;
            }
            e.close().await;
        });
    });
}
