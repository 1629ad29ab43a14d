//! Connections that an application lends from its own pool.

use revdag::store::{DatabaseSettings, Secret, Store, Variables};
use revdag::verb::downgrade::{DowngradeOptions, downgrade};
use revdag::verb::upgrade::{UpgradeOptions, upgrade};
use revdag::{Cancel, Database};
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;

use crate::support::{Engine, Env, TestDb};

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// As sqlx takes it: it makes no file of SQLite's unasked.
fn address(db: &TestDb) -> String {
    match db.engine() {
        Engine::Sqlite => format!("{}?mode=rwc", db.url()),
        Engine::Postgres | Engine::Mariadb | Engine::Mysql => db.url().to_owned(),
    }
}

/// A store, and its database without an address.
fn store(env: &Env) -> (Store, DatabaseSettings) {
    let store = Store::open(&env.dir(), Variables::default()).unwrap();
    let settings = store.database_at("default", Secret::new("")).unwrap();
    (store, settings)
}

/// A store whose first revision changes the session, and whose second fails half-way.
fn env(db: &TestDb, change: &str) -> Env {
    let env = Env::with_database(db);
    env.revision("a1", &[], "first", &format!("{change};\nCREATE TABLE t (v int)"), "DROP TABLE t");
    // On MariaDB each statement of such a revision is committed by itself, and would have to be resumed.
    let first = match db.engine() {
        Engine::Mariadb | Engine::Mysql => "",
        Engine::Postgres | Engine::Sqlite => "INSERT INTO t VALUES (1);\n",
    };
    let broken = format!("{first}INSERT INTO nowhere VALUES (1)");
    env.revision("b2", &["a1"], "second", &broken, "DELETE FROM t");
    env
}

/// What a pool with one connection says of its session: a setting that the application has made, one that
/// the first revision changes, one that `rev` sets, and which connection it is.
macro_rules! asked {
    ($pool:expr, $ask:expr) => {
        sqlx::query_scalar::<_, String>($ask).fetch_one(&$pool).await.unwrap()
    };
}

macro_rules! lends {
    ($name:ident, $engine:expr, $options:ty, $set:literal, $change:literal, $ask:literal) => {
        #[test]
        fn $name() {
            let db = TestDb::new($engine);
            let env = env(&db, $change);
            block(async {
                let (store, settings) = store(&env);
                let pool = <$options>::new()
                    .max_connections(1)
                    .after_connect(|connection, _| {
                        Box::pin(async move {
                            sqlx::raw_sql($set).execute(&mut *connection).await.map(drop)
                        })
                    })
                    .connect(&address(&db))
                    .await
                    .unwrap();
                let before = asked!(pool, $ask);

                let mut database = Database::from_pool(settings.clone(), &pool).await.unwrap();
                let to = |target: &str| UpgradeOptions::default().targets([target.to_owned()]);
                let cancel = Cancel::default();
                upgrade(&store, &mut database, to("a1"), &cancel, &mut |_| ()).await.unwrap();
                database.close().await;
                assert_eq!(asked!(pool, $ask), before, "after a run");

                let mut database = Database::from_pool(settings.clone(), &pool).await.unwrap();
                let failed =
                    upgrade(&store, &mut database, to("heads"), &cancel, &mut |_| ()).await;
                assert!(failed.unwrap_err().to_string().contains("nowhere"));
                database.close().await;
                assert_eq!(asked!(pool, $ask), before, "after a run that failed");
                let rows = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM t");
                assert_eq!(rows.fetch_one(&pool).await.unwrap(), 0, "nothing is left open");

                // Nobody gives it back: it is closed, and with it goes the lock.
                let mut database = Database::from_pool(settings.clone(), &pool).await.unwrap();
                let wait = std::time::Duration::ZERO;
                database.connection.try_lock(wait).await.unwrap();
                drop(database);
                let mut database = Database::from_pool(settings.clone(), &pool).await.unwrap();
                let options = DowngradeOptions::default().targets(["base".to_owned()]);
                downgrade(&store, &mut database, options, &cancel, &mut |_| ()).await.unwrap();
                database.close().await;
                assert_ne!(asked!(pool, $ask), before, "another connection");
                pool.close().await;
            });
            assert_eq!(env.rev(["current"]).success().stdout, "base\n");
        }
    };
}

lends!(
    postgres_lends_a_connection_and_gets_it_back_as_it_was,
    Engine::Postgres,
    PgPoolOptions,
    "SET statement_timeout = '99s'; SET DateStyle = 'German'",
    "SET statement_timeout = '77s'",
    "SELECT concat_ws(' ', current_setting('statement_timeout'), current_setting('DateStyle'), \
     current_setting('lock_timeout'), current_user, pg_backend_pid())"
);

lends!(
    mariadb_lends_a_connection_and_gets_it_back_as_it_was,
    Engine::Mariadb,
    MySqlPoolOptions,
    "SET SESSION sql_mode = 'ANSI_QUOTES', group_concat_max_len = 7777",
    "SET SESSION group_concat_max_len = 8888",
    "SELECT CONCAT_WS(' ', @@sql_mode, @@group_concat_max_len, @@lock_wait_timeout, @@time_zone, \
     @@collation_connection, DATABASE(), CONNECTION_ID())"
);

lends!(
    sqlite_lends_a_connection_and_gets_it_back_as_it_was,
    Engine::Sqlite,
    SqlitePoolOptions,
    "PRAGMA recursive_triggers = ON; CREATE TEMP TABLE mine AS SELECT random() AS me",
    "PRAGMA recursive_triggers = OFF",
    "SELECT (SELECT recursive_triggers FROM pragma_recursive_triggers) || ' ' || \
     (SELECT foreign_keys FROM pragma_foreign_keys) || ' ' || \
     (SELECT timeout FROM pragma_busy_timeout) || ' ' || (SELECT me FROM temp.mine)"
);

#[test]
fn a_database_in_memory_is_migrated_where_it_is() {
    let env = Env::new();
    env.write("store.yaml", "databases: {default: {url: 'sqlite:unused.db'}}");
    env.revision("a1", &[], "first", "CREATE TABLE t (v int)", "DROP TABLE t");
    block(async {
        let (store, settings) = store(&env);
        let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:");
        let pool = pool.await.unwrap();
        let mut database = Database::from_pool(settings, &pool).await.unwrap();
        let options = UpgradeOptions::default().targets(["heads".to_owned()]);
        upgrade(&store, &mut database, options, &Cancel::default(), &mut |_| ()).await.unwrap();
        database.close().await;
        assert_eq!(asked!(pool, "SELECT name FROM sqlite_master WHERE name = 't'"), "t");
    });
    assert_eq!(
        env.files("."),
        ["revisions/a1.sql", "store.yaml"],
        "no file of a database or a lock"
    );
}
