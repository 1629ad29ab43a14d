//! Scratch databases on PostgreSQL.

use revdag::internals::db::{self, ConnectOptions, DbError, ServerError};

use super::{block, open, options, value};
use crate::support::{Engine, TestDb};

fn is_there(db: &TestDb, name: &str) -> bool {
    db.value(&format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'")) == "1"
}

/// The name of the database that an address leads to.
fn name(options: &ConnectOptions) -> String {
    let url: url::Url = options.url.parse().unwrap();
    url.path().trim_start_matches('/').to_owned()
}

/// Why none is made.
fn refused(server: &ConnectOptions, like: Option<&TestDb>) -> ServerError {
    let made = block(async {
        match like {
            Some(like) => db::make_scratch(server, Some(&mut *open(like).await)).await,
            None => db::make_scratch(server, None).await,
        }
    });
    match made.err() {
        Some(DbError::Statement(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_is_like_the_other_and_goes_without_a_trace() {
    let db = TestDb::new(Engine::Postgres);
    let like = format!("{}_like", db.name());
    db.execute(&format!(
        "CREATE DATABASE {like} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    ));
    db.execute(&format!("ALTER DATABASE {like} SET search_path = \"Own\", public"));
    let url = |name: &str, more: &str| {
        let mut url: url::Url = db.url().parse().unwrap();
        url.set_path(name);
        format!("{url}{more}")
    };
    block(async {
        let mut engine = db::connect(&options(&url(&like, ""))).await.unwrap();
        for sql in [
            "CREATE SCHEMA \"Own\"",
            "CREATE SCHEMA ext",
            "CREATE EXTENSION citext SCHEMA ext",
            "CREATE TABLE t (a integer)",
        ] {
            engine.execute(sql).await.unwrap();
        }
        let server = ConnectOptions {
            table_prefix: "mine".to_owned(),
            on_connect: vec!["SET work_mem = '5MB'".to_owned()],
            ..options(&url("nowhere", &format!("?dbname={}&application_name=me", db.name())))
        };
        let scratch = db::make_scratch(&server, Some(&mut *engine)).await.unwrap();
        let name = name(&scratch.options);
        assert!(name.starts_with("rev_scratch_") && name.len() == 24, "{name}");
        assert!(scratch.options.url.ends_with("?application_name=me"), "{}", scratch.options.url);
        assert_eq!(scratch.options.table_prefix, "mine");
        let [maker, own] = &scratch.options.on_connect[..] else {
            panic!("{:?}", scratch.options.on_connect)
        };
        assert!(
            maker.starts_with("SET rev.maker TO ") && own.contains("work_mem"),
            "{maker} {own}"
        );

        let mut inside = db::connect(&scratch.options).await.unwrap();
        let catalog = inside.read_catalog().await.unwrap();
        let objects: Vec<String> = catalog.objects.keys().map(ToString::to_string).collect();
        assert_eq!(objects, ["schema ext", "schema public", "extension citext"]);
        assert_eq!(catalog.own.as_deref(), Some("Own"));
        let encoding = "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate \
                        FROM pg_database WHERE datname = current_database()";
        assert_eq!(value(&mut *inside, encoding).await, "LATIN1 C");

        // While it is wanted, another one that is made leaves it alone; and it goes with those in it.
        let second = db::make_scratch(&server, None).await.unwrap();
        assert!(is_there(&db, &name));
        let second_name = self::name(&second.options);
        scratch.remove().await.unwrap();
        second.remove().await.unwrap();
        assert!(!is_there(&db, &name) && !is_there(&db, &second_name));
        engine.close().await;
    });
    db.execute(&format!("DROP DATABASE {like} WITH (FORCE)"));
}

#[test]
fn what_a_dead_process_has_left_is_cleared() {
    let db = TestDb::new(Engine::Postgres);
    // Other tests clear what belongs to their role, and at any time.
    let role = format!("role_{}", db.name());
    db.execute(&format!("CREATE ROLE {role} CREATEDB"));
    let options = ConnectOptions { role: Some(role.clone()), ..options(db.url()) };
    let left = format!("rev_scratch_{:012x}", fastrand::u64(..1 << 48));
    let kept = format!("rev_scratch_of_{}", db.name());
    db.execute(&format!("CREATE DATABASE {left} OWNER {role}"));
    db.execute(&format!("CREATE DATABASE {kept} OWNER {role}"));
    block(async {
        let scratch = db::make_scratch(&options, None).await.unwrap();
        assert!(!is_there(&db, &left));
        assert!(is_there(&db, &kept));
        // When a process dies, the server ends the connection that holds the lock.
        let dead = name(&scratch.options);
        db.query(&format!(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity \
             WHERE datname = '{}' AND pid <> pg_backend_pid()",
            db.name()
        ));
        assert!(is_there(&db, &dead));
        let next = db::make_scratch(&options, None).await.unwrap();
        assert!(!is_there(&db, &dead));
        next.remove().await.unwrap();
    });
    db.execute(&format!("DROP DATABASE {kept}"));
    db.execute(&format!("DROP ROLE {role}"));
}

#[test]
fn a_missing_right_says_what_to_do() {
    let db = TestDb::new(Engine::Postgres);
    let role = format!("Role_{}", db.name());
    db.execute(&format!("CREATE ROLE \"{role}\" LOGIN; GRANT \"{role}\" TO postgres"));
    let error = refused(&ConnectOptions { role: Some(role.clone()), ..options(db.url()) }, None);
    db.execute(&format!("DROP ROLE \"{role}\""));
    assert!(
        error.message.contains(&format!("the role \"{role}\" lacks the privilege")),
        "{error:?}"
    );
    let hint = error.hint.unwrap();
    assert!(hint.contains(&format!("`ALTER ROLE \"{role}\" CREATEDB`")), "{hint}");
    assert!(hint.contains("`scratch_url`"), "{hint}");
}

#[test]
fn a_missing_extension_is_named() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE EXTENSION citext; UPDATE pg_extension SET extname = 'nowhere' WHERE extname = 'citext'");
    let error = refused(&options(db.url()), Some(&db));
    assert!(error.message.contains("lacks the extension nowhere, which postgres://"), "{error:?}");
    assert!(error.hint.unwrap().contains("`scratch_url`"));
}
