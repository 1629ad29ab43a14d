//! What a revision does to its session does not reach the next.

use revdag::internals::db::{ConnectOptions, connect};
use revdag::internals::text::{CatalogEffect, ObjectKind, ObjectName};

use super::{block, options, value};
use crate::support::{Engine, TestDb};

/// Changes the session, resets it in and out of a transaction, and compares.
fn comes_back(db: &TestDb, options: &ConnectOptions, look: &str, change: &[&str]) {
    block(async {
        let mut e = connect(options).await.unwrap();
        let before = e.query(look).await.unwrap();
        let begin = revdag::internals::sql::dialect(e.dialect()).begin().to_owned();
        for in_transaction in [false, true] {
            if in_transaction {
                e.batch(std::slice::from_ref(&begin)).await.unwrap();
            }
            for sql in change {
                e.execute(sql).await.unwrap();
            }
            assert_ne!(e.query(look).await.unwrap(), before, "{change:?} does nothing");
            let reset = e.reset();
            e.batch(&reset).await.unwrap();
            if in_transaction {
                e.batch(&["COMMIT".to_owned()]).await.unwrap();
            }
            let outside = [e.reset_outside(), e.on_connect()].concat();
            for sql in outside {
                e.execute(&sql).await.unwrap();
            }
            assert_eq!(e.query(look).await.unwrap(), before, "{change:?} {in_transaction}");
        }
        e.close().await;
    });
    let _ = db;
}

#[test]
fn postgres_comes_back() {
    let db = TestDb::new(Engine::Postgres);
    let role = format!("{}_role", db.name());
    db.execute(&format!("CREATE ROLE {role} SUPERUSER; CREATE SCHEMA s"));
    let options = ConnectOptions {
        role: Some(role.clone()),
        on_connect: vec!["SET statement_timeout = '77min'".to_owned()],
        ..options(db.url())
    };
    block(async {
        let mut e = connect(&options).await.unwrap();
        assert_eq!(value(&mut *e, "SELECT current_user").await, role);
        assert_eq!(e.tables().applied, "\"public\".\"rev_applied\"");
        e.close().await;
    });
    // The lock timeout is set with the first reset at the latest; it is not what is compared here.
    let look = "SELECT current_user, session_user, current_setting('search_path'), \
                current_setting('statement_timeout'), current_setting('TimeZone'), \
                current_setting('standard_conforming_strings')";
    comes_back(
        &db,
        &options,
        look,
        &[
            "SET ROLE postgres",
            "SET search_path = ''",
            "SET statement_timeout = 0",
            "SET TIME ZONE 'Asia/Tokyo'",
            "SET standard_conforming_strings = off",
        ],
    );
    comes_back(&db, &options, look, &[&format!("SET SESSION AUTHORIZATION {role}")]);
    block(async {
        let mut e = connect(&options).await.unwrap();
        e.execute("SET lock_timeout = 0").await.unwrap();
        let reset = e.reset();
        e.batch(&reset).await.unwrap();
        assert_eq!(value(&mut *e, "SHOW lock_timeout").await, "1s");
        e.close().await;
    });
    db.execute(&format!("DROP ROLE {role}"));
}

#[test]
fn mariadb_comes_back() {
    let db = TestDb::new(Engine::Mariadb);
    let role = format!("{}_role", db.name());
    db.execute(&format!("CREATE ROLE {role}"));
    let on_connect = ConnectOptions {
        on_connect: vec!["SET max_statement_time = 77".to_owned()],
        ..options(db.url())
    };
    comes_back(
        &db,
        &on_connect,
        "SELECT DATABASE(), @@sql_mode, @@foreign_key_checks, @@unique_checks, @@time_zone, \
         @@character_set_client, @@character_set_connection, @@collation_connection, \
         @@character_set_results, @@tx_isolation, @@lock_wait_timeout, \
         @@innodb_lock_wait_timeout, @@group_concat_max_len, @@max_statement_time, @@sql_safe_updates, \
         CURRENT_ROLE()",
        &[
            "SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'",
            "SET foreign_key_checks = 0, unique_checks = 0, time_zone = '+05:00'",
            "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            "SET lock_wait_timeout = 86400, innodb_lock_wait_timeout = 50",
            "SET group_concat_max_len = 5000, max_statement_time = 0, sql_safe_updates = 1",
            "SET NAMES latin1",
            &format!("SET ROLE {role}"),
            "USE information_schema",
        ],
    );
    block(async {
        let mut e = connect(&options(db.url())).await.unwrap();
        // As the server's own client would find it.
        for variable in ["sql_mode", "time_zone", "foreign_key_checks"] {
            let (session, global) =
                (format!("SELECT @@session.{variable}"), format!("SELECT @@global.{variable}"));
            assert_eq!(value(&mut *e, &session).await, value(&mut *e, &global).await);
        }
        assert_eq!(value(&mut *e, "SELECT @@character_set_connection").await, "utf8mb4");
        e.execute("SET autocommit = 0").await.unwrap();
        let reset = e.reset();
        e.batch(&reset).await.unwrap();
        assert_eq!(value(&mut *e, "SELECT @@autocommit").await, "1");
        e.close().await;
    });
    let takes_it = ConnectOptions { role: Some(role.clone()), ..options(db.url()) };
    comes_back(&db, &takes_it, "SELECT CURRENT_ROLE()", &["SET ROLE NONE"]);
    db.execute(&format!("DROP ROLE {role}"));
}

#[test]
fn sqlite_comes_back() {
    let db = TestDb::new(Engine::Sqlite);
    db.execute("CREATE TABLE t (a)");
    let on_connect = ConnectOptions {
        on_connect: vec!["PRAGMA cache_size = -777".to_owned()],
        ..options(db.url())
    };
    comes_back(
        &db,
        &on_connect,
        "SELECT * FROM pragma_defer_foreign_keys, pragma_ignore_check_constraints, \
         pragma_legacy_alter_table, pragma_recursive_triggers, pragma_query_only, \
         pragma_busy_timeout, pragma_cache_size, pragma_trusted_schema, pragma_writable_schema",
        &[
            "PRAGMA ignore_check_constraints = 1",
            "PRAGMA legacy_alter_table = 1",
            "pragma recursive_triggers = 1",
            "PRAGMA busy_timeout = 7",
            "PRAGMA cache_size = -1",
            "PRAGMA trusted_schema = 0",
            "PRAGMA writable_schema = 1",
        ],
    );
    block(async {
        let mut e = connect(&on_connect).await.unwrap();
        // Nothing to put back, nothing sent.
        e.execute("CREATE TABLE u (a)").await.unwrap();
        assert_eq!(e.reset(), [""; 0]);
        assert_eq!(e.reset_outside(), [""; 0]);
        assert_eq!(e.on_connect(), ["PRAGMA cache_size = -777"]);
        // What only counts outside a transaction comes back there.
        assert_eq!(value(&mut *e, "PRAGMA foreign_keys").await, "0");
        let synchronous = value(&mut *e, "PRAGMA synchronous").await;
        e.execute("PRAGMA foreign_keys = 1").await.unwrap();
        e.execute("PRAGMA synchronous = 0").await.unwrap();
        let outside = [e.reset_outside(), e.on_connect()].concat();
        for sql in outside {
            e.execute(&sql).await.unwrap();
        }
        assert_eq!(value(&mut *e, "PRAGMA foreign_keys").await, "0");
        assert_eq!(value(&mut *e, "PRAGMA synchronous").await, synchronous);
        e.close().await;
    });
}

fn name(text: &str) -> ObjectName {
    let (schema, name) = match text.split_once('.') {
        Some((schema, name)) => (Some(schema.to_owned()), name),
        None => (None, text),
    };
    ObjectName { schema, name: name.to_owned() }
}

#[test]
fn the_catalogue_tells_what_happened() {
    use ObjectKind::{Index, Table, View};
    crate::support::for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute(
            "CREATE TABLE t (a integer, b integer); CREATE INDEX i ON t (a); \
             CREATE VIEW v AS SELECT a FROM t",
        );
        let table = || Some(name("t"));
        let creates =
            |kind, text: &str| CatalogEffect::Creates { kind, name: name(text), table: table() };
        let drops =
            |kind, text: &str| CatalogEffect::Drops { kind, name: name(text), table: table() };
        let renames = |kind, from: &str, to: &str| CatalogEffect::Renames {
            kind,
            from: name(from),
            to: name(to),
            table: table(),
        };
        let adds = |table: &str, column: &str| CatalogEffect::AddsColumn {
            table: name(table),
            column: column.to_owned(),
        };
        let removes = |table: &str, column: &str| CatalogEffect::DropsColumn {
            table: name(table),
            column: column.to_owned(),
        };
        let schema = match engine {
            Engine::Sqlite => "main",
            Engine::Postgres => "public",
            Engine::Mariadb | Engine::Mysql => db.name(),
        };
        block(async {
            let mut e = super::open(&db).await;
            for (effect, seen) in [
                (creates(Table, "t"), Some(true)),
                (creates(Table, &format!("{schema}.t")), Some(true)),
                (creates(Table, "nowhere.t"), None.or(Some(false))),
                (creates(Table, "u"), Some(false)),
                (creates(Table, "v"), Some(false)),
                (creates(View, "v"), Some(true)),
                (creates(Index, "i"), Some(true)),
                (creates(Index, "j"), Some(false)),
                (drops(Table, "t"), Some(false)),
                (drops(Table, "u"), Some(true)),
                (drops(Index, "j"), Some(true)),
                (drops(View, "v"), Some(false)),
                (renames(Table, "t", "u"), Some(false)),
                (renames(Table, "u", "t"), Some(true)),
                (renames(Table, "u", "w"), None),
                (renames(Table, "t", "t"), None),
                (renames(Index, "j", "i"), Some(true)),
                (adds("t", "b"), Some(true)),
                (adds("t", "c"), Some(false)),
                (adds("u", "c"), None),
                (removes("t", "b"), Some(false)),
                (removes("t", "c"), Some(true)),
                (removes("u", "c"), None),
            ] {
                if engine == Engine::Sqlite && format!("{effect:?}").contains("nowhere") {
                    continue;
                }
                assert_eq!(e.probe_effect(&effect).await, Ok(seen), "{effect:?}");
            }
            e.close().await;
        });
    });
}

#[test]
fn an_index_left_invalid_is_dropped_and_no_other() {
    let db = TestDb::new(Engine::Postgres);
    db.execute(
        "CREATE SCHEMA s; CREATE TABLE s.t (a integer); INSERT INTO s.t VALUES (1), (1); \
         CREATE INDEX good ON s.t (a)",
    );
    block(async {
        let mut e = super::open(&db).await;
        let build = "CREATE UNIQUE INDEX CONCURRENTLY bad ON s.t (a)";
        e.execute(build).await.unwrap_err();
        assert_eq!(
            e.probe_effect(&CatalogEffect::Creates {
                kind: ObjectKind::Index,
                name: name("bad"),
                table: Some(name("s.t")),
            })
            .await,
            Ok(Some(false))
        );
        assert_eq!(e.drop_invalid_index(&name("s.good")).await, Ok(false));
        assert_eq!(e.drop_invalid_index(&name("good")).await, Ok(false));
        assert_eq!(e.drop_invalid_index(&name("bad")).await, Ok(true));
        assert_eq!(e.drop_invalid_index(&name("bad")).await, Ok(false));
        e.execute("DELETE FROM s.t").await.unwrap();
        e.execute(build).await.unwrap();
        e.close().await;
    });
    assert_eq!(db.value("SELECT count(*) FROM pg_indexes WHERE schemaname = 's'"), "2");
}
