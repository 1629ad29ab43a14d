//! The url of an application, with its driver and its options, at the command line.

use crate::support::{Engine, Env, TestDb, for_each_engine};

const REVISION: &str = "revision: a1\nparents: []\nmessage: first\nup:\n  - create_table: {name: t, columns: [{name: id, type: integer}]}\n  \
                        - program: {command: [sh, -c, 'echo $DATABASE_URL > url; echo it is $DATABASE_URL']}\ndown: irreversible\n";

fn store_at(url: &str) -> Env {
    let env = Env::new();
    env.write("store.yaml", "databases: {default: {url: '${DATABASE_URL}'}}\n");
    env.write("revisions/a1.yaml", REVISION);
    env.set("DATABASE_URL", url);
    env
}

/// The address of a database with a driver and options.
fn with_driver(db: &TestDb, driver: &str, options: &str) -> String {
    let (scheme, rest) = db.url().split_once("://").unwrap();
    let name = if scheme == "postgres" { "postgresql" } else { scheme };
    let slash = if db.engine() == Engine::Sqlite { "/" } else { "" };
    format!("{name}+{driver}://{slash}{rest}{options}")
}

fn drivers(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Postgres => {
            &["asyncpg", "psycopg", "psycopg2", "psycopg_async", "pg8000", "psycopg2cffi"]
        }
        Engine::Mariadb | Engine::Mysql => {
            &["pymysql", "aiomysql", "asyncmy", "mysqldb", "mysqlconnector"]
        }
        Engine::Sqlite => &["aiosqlite", "pysqlite"],
    }
}

/// Options that an application gives its driver and that are none of `rev`'s business.
fn idle(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => {
            "?async_fallback=true&prepared_statement_cache_size=0&prepared_statement_name_func=f&\
             statement_cache_size=0&command_timeout=5&connect_timeout=5&gssencmode=disable&\
             channel_binding=prefer&target_session_attrs=any&pool_size=5"
        }
        Engine::Mariadb | Engine::Mysql => {
            "?charset=utf8&connect_timeout=5&local_infile=0&use_unicode=1&pool_recycle=60"
        }
        Engine::Sqlite => "?check_same_thread=false&timeout=5",
    }
}

#[test]
fn the_url_of_an_application_is_taken_with_every_driver() {
    for_each_engine(|engine| {
        for driver in drivers(engine) {
            let db = TestDb::new(engine);
            let url = with_driver(&db, driver, idle(engine));
            let env = store_at(&url);
            let shown = env.rev(["upgrade", "heads"]).success();
            // A program of the application's gets the url that it knows, and no password is shown.
            assert_eq!(env.read("url").trim_end(), url);
            let user = format!("//{}:{}@", db.server().2, db.server().3);
            assert!(!shown.stderr.contains(&user), "{shown:?}");
            assert!(!shown.stderr.contains("are ignored"), "{shown:?}");
            // The plain address leads to the same database.
            env.set("DATABASE_URL", db.url());
            assert!(env.rev(["current"]).success().stdout.contains("a1"), "{url}");
            // `--dialect` is not needed: the address says it.
            env.set("DATABASE_URL", &url);
            env.rev(["show", "a1", "--sql"]).success();
        }
    });
    // MariaDB by its own name.
    let db = TestDb::new(Engine::Mariadb);
    let url = db.url().replacen("mysql://", "mariadb+mariadbconnector://", 1);
    store_at(&url).rev(["upgrade", "heads"]).success();
}

#[test]
fn what_is_passed_over_is_told_with_v() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store_at(&with_driver(&db, drivers(engine)[0], idle(engine)));
        for command in [&["status", "-v"][..], &["upgrade", "heads", "-v"], &["current", "-v"]] {
            let told = env.rev(command.iter().copied()).success().stderr;
            let names: Vec<&str> =
                idle(engine)[1..].split('&').map(|pair| pair.split('=').next().unwrap()).collect();
            let note = format!(
                "note: default: url options that do not concern the schema are ignored: {}\n",
                names.join(", ")
            );
            assert!(told.contains(&note), "{told}");
        }
        assert_eq!(env.rev(["status"]).success().stderr, "");
    });
}

#[test]
fn an_option_that_matters_is_honoured() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE SCHEMA app");
    let env = store_at(&with_driver(&db, "psycopg2", "?options=-c%20search_path%3Dapp"));
    env.rev(["upgrade", "heads"]).success();
    assert_eq!(
        db.value("SELECT count(*) FROM pg_tables WHERE schemaname = 'app' AND tablename = 't'"),
        "1"
    );

    // The host may be an option.
    let db = TestDb::new(Engine::Postgres);
    let (host, port, user, _) = db.server();
    let url = format!("postgresql+asyncpg://{user}@/{}?host={host}&port={port}", db.name());
    store_at(&url).rev(["upgrade", "heads"]).success();

    // What the socket of MariaDB's is called it says itself.
    let db = TestDb::new(Engine::Mariadb);
    let socket = db.value("SELECT @@socket");
    let (_, _, user, password) = db.server();
    let url = format!("mysql+pymysql://{user}:{password}@/{}?unix_socket={socket}", db.name());
    store_at(&url).rev(["upgrade", "heads"]).success();
    assert_eq!(db.value("SELECT count(*) FROM t"), "0");
}

#[test]
fn tls_that_is_asked_for_is_required() {
    // The servers of the tests speak no TLS.
    for (engine, driver, options) in [
        (
            Engine::Postgres,
            "asyncpg",
            &[
                "ssl=require",
                "ssl=true",
                "ssl=verify-full",
                "sslmode=require",
                "sslmode=require&ssl=disable",
            ][..],
        ),
        (Engine::Postgres, "psycopg", &["sslmode=verify-ca"]),
        (
            Engine::Mariadb,
            "pymysql",
            &[
                "ssl=true",
                "ssl=require",
                "ssl_verify_cert=true",
                "ssl_verify_identity=true",
                "ssl_mode=REQUIRED",
                "ssl_ca=/etc/ssl/certs/ca-certificates.crt",
            ],
        ),
    ] {
        let db = TestDb::new(engine);
        for option in options {
            let env = store_at(&with_driver(&db, driver, &format!("?{option}")));
            let told = env.rev(["upgrade", "heads"]).exits(1).stderr;
            assert!(told.contains("server does not support TLS"), "{option}: {told}");
        }
        for option in ["ssl=false", "ssl=prefer", "ssl=disable"] {
            let env = store_at(&with_driver(&db, driver, &format!("?{option}")));
            env.rev(["status"]).success();
        }
    }
}

#[test]
fn a_file_is_where_sqlalchemy_has_it() {
    let env = store_at("sqlite+aiosqlite:///data%20/a.db?timeout=5");
    env.write("data%20/.keep", "");
    env.write("below/.keep", "");
    insta::assert_snapshot!(env.session("
        cd below && rev upgrade heads
        rev status
        cat url
        ls data%20
    "), @"
    $ cd below && rev upgrade heads
    ↑ a1 first
    1 step, now at a1 (head)
    ! [1/1] up a1 first
    ! it is sqlite+aiosqlite:///[TMP]/work/data%20/a.db?timeout=5

    $ rev status
    default: data%20/a.db
    at a1 (head), 1 revision applied
    nothing is pending

    $ cat url
    sqlite+aiosqlite:///[TMP]/work/data%20/a.db?timeout=5

    $ ls data%20
    a.db
    a.db-rev.lock
    ");
    env.set("DATABASE_URL", "sqlite+pysqlite:///file:data%2520/a.db?mode=ro&uri=true");
    assert!(env.rev(["current"]).success().stdout.contains("a1"));
    env.set("DATABASE_URL", "sqlite+pysqlite://");
    assert!(env.rev(["status"]).success().stdout.contains(":memory:"));
    env.set("DATABASE_URL", format!("sqlite+pysqlite:///{}/data%20/a.db", env.dir().display()));
    assert!(env.rev(["current"]).success().stdout.contains("a1"));
}

#[test]
fn a_url_that_is_not_right_is_told_without_its_password() {
    let env = store_at("");
    let mut text = String::new();
    for url in [
        "postgresql+foo://u:s3cr3t@h/d",
        "mysql+asyncpg://u:s3cr3t@h/d",
        "sqlite+pysqlcipher://:s3cr3t@/x.db",
        "postgresql+://u:s3cr3t@h/d",
        "postgresql+asyncpg://u:s3cr3t@h/d?service=s3cr3t",
        "mysql+pymysql://u:s3cr3t@h/d?init_command=s3cr3t",
        "mysql://u:12?s3cr3t=x@h/d",
        "mysql://u:12?s3cr3t",
        "postgresql+asyncpg://u@h/d?sslmode=s3cr3t",
        "postgresql+psycopg2://u:s3cr3t@/d?host=a&host=b",
        "sqlite+aiosqlite://x.db",
        "sqlite://x.db?key=s3cr3t",
    ] {
        env.set("DATABASE_URL", url);
        let told = env.rev(["status"]).exits(1).stderr;
        assert!(!told.contains("s3cr3t"), "{told}");
        text += &format!("{url}\n{told}\n");
    }
    insta::assert_snapshot!(text, @"
    postgresql+foo://u:s3cr3t@h/d
    error: the database url is invalid: foo is not known as a driver of postgresql: there are aiopg, asyncpg, pg8000, psycopg, psycopg2, psycopg2cffi, psycopg_async
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    mysql+asyncpg://u:s3cr3t@h/d
    error: the database url is invalid: asyncpg is not known as a driver of mysql: there are aiomysql, asyncmy, cymysql, mariadbconnector, mysqlconnector, mysqldb, pymysql
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    sqlite+pysqlcipher://:s3cr3t@/x.db
    error: the database url is invalid: pysqlcipher is not known as a driver of sqlite: there are aiosqlite, pysqlite
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    postgresql+://u:s3cr3t@h/d
    error: the database url is invalid: what follows the + is not known as a driver of postgresql: there are aiopg, asyncpg, pg8000, psycopg, psycopg2, psycopg2cffi, psycopg_async
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    postgresql+asyncpg://u:s3cr3t@h/d?service=s3cr3t
    error: the database url is invalid: the option `service` after its ? is not known
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    mysql+pymysql://u:s3cr3t@h/d?init_command=s3cr3t
    error: the database url is invalid: the option `init_command` after its ? is not known
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    mysql://u:12?s3cr3t=x@h/d
    error: the database url is invalid: an option after its ? is not known; characters such as @ : / ? # % in a user or password are written percent-encoded (%40 for @)
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    mysql://u:12?s3cr3t
    error: the database url is invalid: an option after its ? is not known; characters such as @ : / ? # % in a user or password are written percent-encoded (%40 for @)
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    postgresql+asyncpg://u@h/d?sslmode=s3cr3t
    error: the database url is invalid: sslmode is one of disable, allow, prefer, require, verify-ca, verify-full
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    postgresql+psycopg2://u:s3cr3t@/d?host=a&host=b
    error: the database url is invalid: it names several hosts: one is needed
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    sqlite+aiosqlite://x.db
    error: the database url is invalid: a path follows three slashes: sqlite+aiosqlite:///RELATIVE or sqlite+aiosqlite:////ABSOLUTE
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml

    sqlite://x.db?key=s3cr3t
    error: the database url is invalid: the option `key` after its ? is not known
    hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml
    ");
}

#[test]
fn no_secret_of_the_command_line_or_of_a_sqlite_url_is_echoed() {
    let env = Env::new();
    env.write("store.yaml", "databases: {default: {url: 'sqlite://a.db?key=${x.pw}'}}\n");
    std::fs::create_dir(env.path("revisions")).unwrap();
    let hidden = |line: &str, code: i32| {
        let output = env.shell(line).exits(code);
        let text = format!("{}{}", output.stdout, output.stderr);
        assert!(!text.contains("s3cret"), "{line}: {text}");
        assert!(text.contains("error"), "{line}: {text}");
        text
    };
    for words in ["-x s3cret", "-x =s3cret", "-xs3cret", "--json -x s3cret"] {
        let text = hidden(&format!("rev {words} heads"), 2);
        assert!(text.contains("NAME=VALUE"), "{words}: {text}");
    }
    for url in [
        "sqlite://a.db?key=${x.pw}",
        "sqlite://a.db?${x.pw}",
        "sqlite://a.db?mode=${x.pw}",
        "sqlite://a.db?mode=ro&passphrase=a?${x.pw}=1",
        "sqlite://a.db?cache=${x.pw}&mode=ro",
        "sqlite://a.db?immutable=${x.pw}",
        "sqlite://no/a.db?timeout=${x.pw}",
        "sqlite://:${x.pw}@/a.db",
        "sqlite://me:${x.pw}@host/a.db",
        "sqlite+pysqlite:///file:no/a.db?uri=true&key=${x.pw}",
        "sqlite+pysqlite://:${x.pw}@/a.db",
        "${x.pw}",
    ] {
        env.write("store.yaml", format!("databases: {{default: {{url: '{url}'}}}}\n"));
        for line in ["current", "status --json", "upgrade heads -v"] {
            hidden(&format!("rev -x pw=s3cret {line}"), 1);
        }
    }
}
