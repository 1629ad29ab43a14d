//! What an application that embeds the library relies on.

use revdag::model::Filter;
use revdag::store::{DatabaseSettings, Store, Variables};
use revdag::verb::autogenerate::{AutogenerateOptions, RenamePrompt};
use revdag::verb::{CompareTarget, Place};
use revdag::verb::{
    autogenerate, check, current, diff, downgrade, ensure_version, journal, resume, schema, script,
    stamp, status, switch, upgrade, verify,
};
use revdag::{Cancel, Database, Event};

use crate::support::{Engine, Env, TestDb, for_each_engine};

/// Compiles only where the future may be moved between threads, as `tokio::spawn` and axum need it.
fn is_send(future: impl Future + Send) {
    drop(future);
}

/// A future that is made and dropped has done nothing; this holds that each is `Send`.
#[expect(dead_code, reason = "it only has to compile")]
fn futures_of_verbs_are_send(
    store: &Store,
    database: &mut Database,
    settings: &DatabaseSettings,
    prompt: &mut dyn RenamePrompt,
    events: &mut (dyn FnMut(Event) + Send),
) {
    let cancel = &Cancel::default();
    let only = &Filter::default();
    let place = &Place::files(&[]);
    let side = &CompareTarget::Models;
    is_send(Database::connect(settings.clone(), true));
    is_send(upgrade::upgrade(store, database, Default::default(), cancel, events));
    is_send(downgrade::downgrade(store, database, Default::default(), cancel, events));
    is_send(switch::switch(store, database, Default::default(), cancel, events));
    is_send(stamp::stamp(store, database, Default::default(), cancel, events));
    is_send(stamp::accept(store, database, &[], cancel, events));
    is_send(resume::resume(store, database, Default::default(), cancel, events));
    is_send(ensure_version::ensure_version(store, database, cancel, events));
    is_send(current::current(store, database, true));
    is_send(status::status(store, database));
    is_send(status::wait(store, "default", None, &mut |_| ()));
    is_send(journal::journal(database, None));
    is_send(script::script(
        store,
        database,
        &revdag::internals::graph::Request::Switch { targets: Vec::new() },
    ));
    is_send(verify::verify(store, database));
    is_send(verify::verify_live(store, database, cancel, events));
    is_send(check::check(store, settings, false, only, cancel, events));
    is_send(diff::diff(store, settings, (side, side), only, cancel, events));
    is_send(schema::schema(store, settings, side, only, cancel, events));
    let options = &AutogenerateOptions::default();
    is_send(autogenerate::autogenerate(store, settings, options, place, prompt, cancel, events));
}

/// A dropped run leaves what was committed, and nothing that stops the next one.
#[test]
fn a_run_that_is_dropped_can_be_run_again() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        env.table("a1", &[]);
        // It waits for what the test holds, or takes a while.
        let (hold, slow) = match engine {
            Engine::Postgres => ("SELECT pg_advisory_lock(77)", "SELECT pg_advisory_lock(77)"),
            Engine::Mariadb | Engine::Mysql => {
                ("SELECT GET_LOCK('rev_t', 0)", "SELECT GET_LOCK('rev_t', 60)")
            }
            Engine::Sqlite => (
                "",
                "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 500000) \
                 INSERT INTO a1 SELECT count(*) FROM c",
            ),
        };
        env.revision("b2", &["a1"], "slow", &format!("{slow};\nCREATE TABLE b2 (v int)"), "");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(&env.dir(), Variables::default()).unwrap();
            let settings = store.database("default").await.unwrap();
            let mut other = Database::connect(settings.clone(), true).await.unwrap();
            if !hold.is_empty() {
                other.connection.query(hold).await.unwrap();
            }
            let mut database = Database::connect(settings, true).await.unwrap();
            let reached = tokio::sync::Notify::new();
            let mut events = |event: Event| {
                if let Event::StatementBegun { revision, .. } = event
                    && revision.as_str() == "b2"
                {
                    reached.notify_one();
                }
            };
            let options = upgrade::UpgradeOptions::default().targets(["heads".to_owned()]);
            let cancel = Cancel::default();
            tokio::select! {
                biased;
                done = upgrade::upgrade(&store, &mut database, options, &cancel, &mut events) => {
                    panic!("it came to its end: {done:?}")
                }
                () = reached.notified() => {}
            }
            drop(database);
            other.close().await;
        });
        // On MariaDB the step is half-way: nobody knows whether its first statement ran.
        match engine {
            Engine::Mariadb | Engine::Mysql => drop(env.rev(["resume", "--not-ran"]).success()),
            Engine::Postgres | Engine::Sqlite => drop(env.rev(["upgrade", "heads"]).success()),
        }
        assert!(env.rev(["current"]).success().stdout.starts_with("b2 (head)"));
    });
}
