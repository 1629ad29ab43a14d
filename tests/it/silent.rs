//! Servers that do not answer: one signal is enough to leave, what is given up says that its outcome is
//! unknown and why, and a server that is there and still at work is never given up.

use std::process::Command;

use super::support::{
    Engine, Env, Forwarder, Output, Running, Servers, TestDb, for_each_engine_and_mysql, until,
};

/// The engines with a server that speaks in plain words here.
const SERVERS: [Engine; 2] = [Engine::Postgres, Engine::Mariadb];

/// A store whose first revision is applied, and whose second is to come through a forwarder.
fn store(db: &TestDb, keys: &str) -> (Env, Forwarder) {
    let env = Env::with_database(db);
    env.table("a1", &[]);
    env.rev(["upgrade", "heads"]).success();
    env.table("b2", &["a1"]);
    let forwarder = Forwarder::to(db);
    let url = forwarder.url();
    env.write("store.yaml", format!("databases:\n  default:\n    url: {url}\n{keys}"));
    (env, forwarder)
}

/// How a statement begins on its way; its text is stored before.
fn sent(engine: Engine, sql: &str) -> Vec<u8> {
    let before = if engine == Engine::Postgres { "" } else { "\x03" };
    format!("{before}{sql}").into_bytes()
}

fn applied(db: &TestDb) -> Vec<String> {
    db.query("SELECT id FROM rev_applied ORDER BY seq").concat()
}

#[track_caller]
fn says(output: &Output, words: &[&str]) {
    for word in words {
        assert!(output.stderr.contains(word), "{word:?} is missing in:\n{}", output.stderr);
    }
}

/// Through to the end, on the server itself.
fn goes_on(env: &Env, db: &TestDb, forwarder: &Forwarder) {
    forwarder.hang_up();
    env.write("store.yaml", format!("databases:\n  default:\n    url: {}\n", db.url()));
    // The server sees only now that nobody waits.
    until(|| !env.rev(["status"]).success().stdout.contains("running:"));
    if env.rev(["status"]).stdout.contains("interrupted:") {
        env.rev(["resume"]).success();
    }
    env.rev(["upgrade", "heads"]).success();
    assert_eq!(applied(db), ["a1", "b2"]);
}

#[test]
fn one_signal_leaves_a_server_that_has_gone_silent() {
    for engine in SERVERS {
        for (word, signal, code) in
            [(sent(engine, "CREATE TABLE b2"), "TERM", 143), (b"COMMIT".to_vec(), "INT", 130)]
        {
            let db = TestDb::new(engine);
            let (env, forwarder) = store(&db, "");
            forwarder.be_silent_at(&word);
            let mut running = env.spawn(["upgrade", "heads"]);
            forwarder.wait_for_silence();
            running.signal(signal);
            until(|| running.has_ended());
            let output = running.wait().exits(code);
            let of_statement = engine == Engine::Postgres && word != b"COMMIT";
            let outcome =
                if of_statement { "b2 is not recorded" } else { "state: outcome unknown: " };
            says(&output, &["after the request to stop", "cannot be reached", outcome, "hint: "]);
            goes_on(&env, &db, &forwarder);
        }
    }
}

#[test]
fn a_server_that_shows_no_sign_of_life_is_given_up() {
    for engine in SERVERS {
        let db = TestDb::new(engine);
        let (env, forwarder) = store(&db, "    silent_after: 1s\n");
        forwarder.be_silent_at(b"COMMIT");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        says(&output, &["`silent_after`", "cannot be reached", "outcome unknown", "`rev status`"]);
        goes_on(&env, &db, &forwarder);
    }
}

#[test]
fn an_answer_that_does_not_arrive_is_not_waited_for() {
    for engine in SERVERS {
        let db = TestDb::new(engine);
        let (env, forwarder) = store(&db, "    silent_after: 1s\n");
        forwarder.keep_answers_at(&sent(engine, "CREATE TABLE b2"));
        let output = env.rev(["upgrade", "heads"]).exits(1);
        says(&output, &["`silent_after`", "its answer did not arrive"]);
        goes_on(&env, &db, &forwarder);
    }
}

#[test]
fn a_session_that_its_server_has_ended_is_not_waited_for() {
    for engine in SERVERS {
        let db = TestDb::new(engine);
        let (env, forwarder) = store(&db, "    silent_after: 1s\n");
        let (sleep, end) = match engine {
            Engine::Postgres => (
                "SELECT pg_sleep(600)",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \
                 current_database() AND query LIKE 'SELECT pg_sleep(600)%'",
            ),
            _ => (
                "SELECT SLEEP(600)",
                "SELECT CONCAT('KILL ', id) FROM information_schema.processlist WHERE db = \
                 DATABASE() AND info LIKE 'SELECT SLEEP(600)%'",
            ),
        };
        env.revision("b2", &["a1"], "long", &format!("{sleep};"), "SELECT 1;");
        forwarder.keep_answers_at(&sent(engine, sleep));
        let running = env.spawn(["upgrade", "heads"]);
        forwarder.wait_for_silence();
        until(|| {
            let told = db.query(end).concat();
            told.iter().filter(|sql| sql.starts_with("KILL")).for_each(|sql| db.execute(sql));
            !told.is_empty()
        });
        let output = running.wait().exits(1);
        says(&output, &["`silent_after`", "the server has ended this session"]);
    }
}

#[test]
fn a_server_that_is_there_and_still_at_work_is_never_given_up() {
    for_each_engine_and_mysql(|engine| {
        let sleep = match engine {
            Engine::Postgres => "SELECT pg_sleep(3);",
            Engine::Sqlite => return,
            _ => "SELECT SLEEP(3);",
        };
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let store = env.read("store.yaml");
        env.write("store.yaml", format!("{store}    silent_after: 500ms\n"));
        env.revision("a1", &[], "long", sleep, "SELECT 1;");
        env.rev(["upgrade", "heads"]).success();
        // Nor is anybody asked who waits for ever.
        env.write("store.yaml", format!("{store}    silent_after: 0s\n"));
        env.rev(["downgrade", "base", "--yes"]).success();
    });
}

/// The first value of a query, from another database than that of the tests.
fn value(url: &str, sql: &str) -> String {
    let server = url.strip_suffix("/postgres").expect("the database of that name");
    let url = format!("{server}/template1");
    let said = Command::new("psql").args(["-XAtq", &url, "-c", sql]).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

#[test]
fn one_signal_ends_a_commit_that_waits_for_a_standby_that_is_away() {
    let server = Servers::start(&["postgres"]);
    let url = server.url("REV_TEST_POSTGRES");
    let sql = |sql: &str| value(&url, sql);
    let env = Env::new();
    let config = format!("databases:\n  default:\n    url: {url}\n    silent_after: 500ms\n");
    env.write("store.yaml", config);
    env.table("a1", &[]);
    env.rev(["upgrade", "heads"]).success();
    env.table("b2", &["a1"]);
    sql("ALTER ROLE postgres SET synchronous_commit = on");
    sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    sql("SELECT pg_reload_conf()");
    until(|| sql("SHOW synchronous_standby_names") == "nobody");
    let mut running: Running = env.spawn(["upgrade", "heads"]);
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    until(|| sql(waits) == "1");
    // It is there, and still at work: nothing but a signal ends it, however often it is looked at.
    let looks = || -> i64 {
        let looks = "SELECT sessions FROM pg_stat_database WHERE datname = 'postgres'";
        sql(looks).parse().expect("a number")
    };
    let before = looks();
    until(|| looks() > before + 10);
    assert!(!running.has_ended());
    running.signal("TERM");
    until(|| running.has_ended());
    // The last COMMIT is done on this server, and so is the run.
    let output = running.wait().success();
    says(&output, &["may be missing on the standby"]);
    assert!(output.stdout.contains("b2"), "{}", output.stdout);
    assert!(env.rev(["current"]).success().stdout.contains("b2"));
}
