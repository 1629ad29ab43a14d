//! Addresses, and what is said when there is no connection.

use std::net::TcpListener;

use revdag::internals::db::{ConnectOptions, DbError, connect, dialect_of};
use revdag::internals::text::Dialect;

use super::{block, open, options, refused, value};
use crate::support::{Engine, TestDb, for_each_engine};

/// An address of the same server with something else in it.
fn with(db: &TestDb, change: impl FnOnce(&mut url::Url)) -> ConnectOptions {
    let mut url: url::Url = db.url().parse().unwrap();
    change(&mut url);
    options(url.as_str())
}

/// Message and hint of a connection that did not come about.
#[track_caller]
fn said(error: DbError) -> (String, String) {
    match error {
        DbError::Connect { message, hint, .. } => (message, hint.unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_engine_is_told_by_its_address_and_itself() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut connection = open(&db).await;
            assert_eq!(connection.dialect(), super::dialect(engine));
            assert_eq!(value(&mut *connection, "SELECT 1 + 1").await, "2");
            connection.close().await;
        });
    });
    // The two schemes of MySQL's protocol lead to the same server, which says what it is.
    let db = TestDb::new(Engine::Mariadb);
    let url = db.url().replacen("mysql://", "mariadb://", 1);
    assert_eq!(dialect_of(&url), Ok(Dialect::Mariadb));
    assert_eq!(block(connect(&options(&url))).unwrap().dialect(), Dialect::Mariadb);
}

#[test]
fn a_server_that_is_down_says_where_it_was_looked_for() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        // A port that nobody listens on any more.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let options = with(&db, |url| {
            url.set_port(Some(port)).unwrap();
            url.set_password(Some("s3cr3t%40x")).unwrap();
        });
        let error = refused(&options);
        let text = format!("{error} {error:?}");
        assert!(text.contains(&format!("127.0.0.1:{port}")), "{text}");
        assert!(!text.contains("s3cr3t"), "{text}");
        let (message, hint) = said(error);
        assert!(message.contains("refused"), "{message}");
        assert!(hint.contains("check that the server is running"), "{hint}");
    }
}

#[test]
fn a_server_that_does_not_answer_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let ask = |scheme: &str| options(&format!("{scheme}://u:s3cr3t@{address}/d"));
    let (postgres, mysql) = (ask("postgres"), ask("mysql"));
    let (one, other) = block(async { tokio::join!(connect(&postgres), connect(&mysql)) });
    for error in [one.err().unwrap(), other.err().unwrap()] {
        assert!(!format!("{error} {error:?}").contains("s3cr3t"));
        assert!(said(error).0.starts_with("no answer within"));
    }
}

#[test]
fn an_unknown_database_says_what_to_make() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let (message, hint) = said(refused(&with(&db, |url| url.set_path("/no_such_database"))));
        assert!(message.contains("no_such_database"), "{message}");
        assert!(hint.contains("create the database first"), "{hint}");
    }
}

#[test]
fn a_password_that_is_refused_is_not_shown() {
    let db = TestDb::new(Engine::Mariadb);
    let error = refused(&with(&db, |url| url.set_password(Some("s3cr3t%40x")).unwrap()));
    let text = format!("{error} {error:?}");
    assert!(!text.contains("s3cr3t") && !text.contains("@x"), "{text}");
    let (message, hint) = said(error);
    assert!(message.contains("Access denied"), "{message}");
    assert!(hint.contains("the user and the password"), "{hint}");
}

#[test]
fn a_server_without_tls_says_so_when_tls_is_asked_for() {
    for (engine, option) in
        [(Engine::Postgres, "sslmode=require"), (Engine::Mariadb, "ssl-mode=REQUIRED")]
    {
        let db = TestDb::new(engine);
        let (message, hint) = said(refused(&with(&db, |url| url.set_query(Some(option)))));
        assert_eq!(message, "server does not support TLS");
        assert!(hint.contains("mode=`"), "{hint}");
    }
}

#[test]
fn an_address_that_is_not_right_is_refused_before_connecting() {
    for (url, part) in [
        ("oracle://h/d", "begins with none of"),
        ("postgresql+foo://h/d", "foo is not known as a driver"),
        ("mysql://u:s3cr3t@127.0.0.1", "names no database"),
        ("postgres://u:s3cr3t@h:x/d", "invalid port number"),
        ("postgres://u:s3cr3t@h/d?sslmode=maybe", "sslmode is one of disable"),
        ("postgres://u:s3cr3t@h/d?port=s3cr3t", "of the wrong kind"),
        ("mysql://u:s3cr3t@h/d?pool=5", "the option `pool` after its ? is not known"),
        ("sqlite:", "names no file"),
        ("sqlite://x.db?mode=ro&cache=no", "cache is one of"),
    ] {
        let error = refused(&options(url));
        assert!(matches!(error, DbError::Url(_)), "{url}: {error:?}");
        assert!(error.to_string().contains(part), "{url}: {error}");
        assert!(!error.to_string().contains("s3cr3t"), "{url}: {error}");
    }
}

#[test]
fn a_password_may_hold_any_character() {
    let db = TestDb::new(Engine::Mariadb);
    let user = format!("u{}", &db.name()[9..]);
    let password = "p@ss:w/o?r#d% \u{fc}'\\";
    db.execute(&format!(
        "CREATE USER {user}@'%' IDENTIFIED BY 'p@ss:w/o?r#d% \u{fc}''\\\\'; \
         GRANT ALL ON {}.* TO {user}@'%'",
        db.name()
    ));
    let encoded: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let (host, port, ..) = db.server();
    let url = format!("mysql://{user}:{encoded}@{host}:{port}/{}", db.name());
    block(async {
        let mut engine = connect(&options(&url)).await.unwrap();
        assert_eq!(engine.display(), format!("mysql://{user}@{host}:{port}/{}", db.name()));
        assert!(value(&mut *engine, "SELECT CURRENT_USER()").await.starts_with(&user));
        engine.close().await;
    });
    let wrong = refused(&options(&url.replace("%70", "%71")));
    let text = format!("{wrong} {wrong:?}");
    assert!(!text.contains("q@ss") && !text.contains("%40"), "{text}");
    db.execute(&format!("DROP USER {user}@'%'"));
}

#[test]
fn a_sqlite_file_is_made_only_by_those_who_may() {
    let folder = tempfile::tempdir().unwrap();
    let options = ConnectOptions {
        create: false,
        base: folder.path().to_owned(),
        ..options("sqlite://store.db")
    };
    block(async {
        let mut engine = connect(&options).await.unwrap();
        assert_eq!(engine.display(), "store.db (does not exist yet)");
        assert_eq!(engine.read_journal().await, Ok(None));
        engine.close().await;
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let options = ConnectOptions { create: true, ..options };
    block(async {
        let mut engine = connect(&options).await.unwrap();
        engine.execute("CREATE TABLE t (a)").await.unwrap();
        assert_eq!(engine.display(), "store.db");
        engine.close().await;
    });
    assert!(folder.path().join("store.db").exists());
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let junk = vec![0xA5_u8; 8192];
    std::fs::write(folder.path().join("junk.db"), &junk).unwrap();
    let at = |url: &str| {
        said(refused(&ConnectOptions { base: folder.path().to_owned(), ..options(url) }))
    };
    let (message, hint) = at("sqlite://junk.db");
    assert_eq!(message, "the file is not a SQLite database");
    assert!(hint.contains("encrypted"), "{hint}");
    assert_eq!(std::fs::read(folder.path().join("junk.db")).unwrap(), junk);

    assert_eq!(at("sqlite://no/such/folder.db").0, "the folder of the file does not exist");
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    assert_eq!(at("sqlite://folder").0, "it is a folder");
}

#[test]
fn a_file_is_found_by_any_name() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a?b#c%.db", "\u{fc}ml\u{e4}ut und leer.db"] {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let path = folder.path().display();
        block(async {
            let url = format!("sqlite://{path}/{encoded}");
            let mut engine = connect(&options(&url)).await.unwrap();
            engine.execute("CREATE TABLE t (a)").await.unwrap();
            engine.close().await;
        });
        assert!(folder.path().join(name).exists(), "{name}");
    }
}

#[test]
fn what_a_store_wants_of_a_connection_and_cannot_have_names_its_key() {
    let db = TestDb::new(Engine::Postgres);
    let role = ConnectOptions { role: Some("no such role".to_owned()), ..options(db.url()) };
    assert!(said(refused(&role)).0.contains("`role`: role \"no such role\" does not exist"));
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let bad = ConnectOptions { on_connect: vec!["SELEC 1".to_owned()], ..options(db.url()) };
        let (message, hint) = said(refused(&bad));
        assert!(message.starts_with("`on_connect`: ") && hint.contains("store.yaml"), "{message}");
    });
    let sqlite = TestDb::new(Engine::Sqlite);
    let role = ConnectOptions { role: Some("r".to_owned()), ..options(sqlite.url()) };
    assert_eq!(said(refused(&role)).0, "SQLite has no roles");
}
