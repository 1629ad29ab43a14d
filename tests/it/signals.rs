//! Ctrl-C and SIGTERM: what runs is cancelled on the server, its outcome is recorded, and the next
//! run goes on.

use std::io::Write;

use super::support::{Engine, Env, Output, Running, TestDb, for_each_engine, until};

/// A statement that runs for ten minutes.
fn long_statement(engine: Engine) -> &'static str {
    match engine {
        Engine::Postgres => "SELECT pg_sleep(600);",
        Engine::Mariadb | Engine::Mysql => "SELECT SLEEP(600);",
        Engine::Sqlite => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
             INSERT INTO a1 SELECT max(i) FROM n;"
        }
    }
}

/// A store whose second revision takes ten minutes.
fn store(db: &TestDb) -> Env {
    let env = Env::with_database(db);
    env.table("a1", &[]);
    env.revision("b2", &["a1"], "long", long_statement(db.engine()), "SELECT 1;");
    env.table("c3", &["b2"]);
    env
}

/// Starts an upgrade and waits until the long statement runs.
fn upgrade_until_it_is_long(env: &Env, db: &TestDb) -> Running {
    let running = env.spawn(["upgrade", "heads"]);
    running.wait_for_stderr("[2/3] up b2");
    until(|| match db.engine() {
        // Nobody can look into it from outside; that the file is locked says enough.
        Engine::Sqlite => db.try_execute("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE").is_err(),
        _ => sessions(db).iter().any(|query| query.contains("600")),
    });
    running
}

/// What other sessions of the database run, by the server's own list.
fn sessions(db: &TestDb) -> Vec<String> {
    let rows = match db.engine() {
        Engine::Sqlite => return Vec::new(),
        Engine::Postgres => db.query(
            "SELECT state || ' ' || query FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        ),
        Engine::Mariadb | Engine::Mysql => db.query(
            "SELECT coalesce(info, command) FROM information_schema.processlist \
             WHERE db = database() AND id <> connection_id()",
        ),
    };
    rows.into_iter().flatten().collect()
}

fn applied(db: &TestDb) -> String {
    let rows = db.query("SELECT id FROM rev_applied ORDER BY id");
    rows.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn stops(signal: &str, code: i32) {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        let mut running = upgrade_until_it_is_long(&env, &db);
        running.signal(signal);
        until(|| running.has_ended());
        let output = running.wait().exits(code);
        assert!(output.stderr.contains("state:"), "{engine:?}: {}", output.stderr);
        until(|| sessions(&db).is_empty());
        assert_eq!(applied(&db), "a1", "{engine:?}: {}", output.stderr);
        assert!(db.try_execute("SELECT * FROM c3").is_err(), "nothing ran after it");
        // The long statement is taken out, and the next run goes on from there.
        env.revision("b2", &["a1"], "short", "INSERT INTO a1 VALUES (1);", "DELETE FROM a1;");
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), "a1 b2 c3");
        assert_eq!(db.value("SELECT count(*) FROM a1"), "1");
    });
}

#[test]
fn ctrl_c_during_a_long_statement() {
    stops("INT", 130);
}

#[test]
fn sigterm_during_a_long_statement() {
    stops("TERM", 143);
}

#[test]
fn ctrl_c_while_waiting_for_another_migrator() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        let mut first = upgrade_until_it_is_long(&env, &db);
        // A second plan is needed that has something to do, or it would take no lock.
        let mut second = env.spawn(["upgrade", "heads"]);
        second.wait_for_stderr("waiting for another migrator");
        second.signal("INT");
        until(|| second.has_ended());
        second.wait().exits(130);
        assert!(!first.has_ended(), "only the one that waits is stopped");
        first.signal("INT");
        until(|| first.has_ended());
        first.wait().exits(130);
    });
}

#[test]
fn ctrl_c_while_waiting_for_a_database() {
    let db = TestDb::new(Engine::Sqlite);
    let env = store(&db);
    let mut running = env.spawn(["status", "--wait"]);
    running.wait_for_stderr("3 revisions pending");
    running.signal("TERM");
    until(|| running.has_ended());
    running.wait().exits(143);
}

#[test]
fn a_signal_ends_a_command_that_never_prints_its_url() {
    let env = Env::new();
    env.shell("mkfifo never").success();
    env.table("a1", &[]);
    // What it starts holds its stderr, and so ours, for as long as it lives.
    env.write("url.sh", "cat never &\necho asked >&2\ncat never\n");
    let asks = "{command: [sh, url.sh]}";
    let config = |keys: &str| {
        let sqlite = "sqlite://store.db";
        format!("databases: {{default: {keys}, plain: {{url: '{sqlite}'}}}}\n")
    };
    let default = config(&format!("{{url: {asks}}}"));
    let other = config(&format!("{{url: 'sqlite://store.db', schema: [{{url: {asks}}}]}}"));
    let scratch = config(&format!(
        "{{url: 'postgres://nobody@localhost:1/x', scratch_url: {asks}, schema: [{{file: a.sql}}]}}"
    ));
    let cases = [
        (&default, "upgrade heads"),
        (&default, "upgrade heads --all"),
        (&default, "upgrade --sql base:heads"),
        (&default, "current"),
        (&default, "status --wait"),
        (&default, "check"),
        (&default, "show a1 --sql"),
        (&default, "diff db:plain db:default -d plain"),
        (&other, "check"),
        (&scratch, "check"),
    ];
    for (config, words) in cases {
        env.write("store.yaml", config);
        for (signal, code) in [("INT", 130), ("TERM", 143)] {
            let mut running = env.spawn(words.split(' '));
            running.wait_for_stderr("asked");
            running.signal(signal);
            until(|| running.has_ended());
            let output = running.wait().exits(code);
            assert!(output.stderr.contains("stopped on request"), "{words}: {}", output.stderr);
        }
    }
}

#[test]
fn a_signal_ends_a_command_whose_url_comes_from_a_pipe_that_says_nothing() {
    let env = Env::new();
    env.shell("mkfifo never").success();
    env.table("a1", &[]);
    env.write("store.yaml", "databases: {default: {url: {file: never}}}\n");
    for words in ["upgrade heads", "current"] {
        let mut running = env.spawn(words.split(' '));
        // Opened as soon as somebody reads.
        let pipe = std::fs::OpenOptions::new().write(true).open(env.path("never")).unwrap();
        running.signal("TERM");
        until(|| running.has_ended());
        drop(pipe);
        running.wait().exits(143);
    }
}

/// Runs a line on a terminal of its own, on which `keys` have been typed already.
fn on_a_terminal(env: &Env, line: &str, keys: &str) -> Output {
    env.shell(&format!("printf '{keys}' | script -qec '{line}' /dev/null"))
}

#[test]
fn a_terminal_is_asked_before_a_shared_database_loses_something() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    env.table("a1", &[]);
    env.rev(["upgrade", "heads"]).success();
    let downgrade = "exec rev downgrade base";
    for keys in ["n\\n", "\\n", "what\\nno\\n", "\\004"] {
        let output = on_a_terminal(&env, downgrade, keys).exits(1);
        assert!(output.stdout.contains("Run it? [y/N]"), "{}", output.stdout);
        assert!(output.stdout.contains("nothing was run"), "{}", output.stdout);
        assert_eq!(applied(&db), "a1");
    }
    env.shell("mkfifo keys").success();
    let mut command = env.command_of("sh");
    command.args(["-c", &format!("exec script -qec '{downgrade}' /dev/null < keys")]);
    let running = Running::start(command);
    let mut keys = std::fs::OpenOptions::new().write(true).open(env.path("keys")).expect("a pipe");
    running.wait_for_stdout("Run it?");
    keys.write_all(b"\x03").expect("typed");
    let output = running.wait().exits(130);
    assert!(output.stdout.contains("nothing was changed"), "{}", output.stdout);
    assert_eq!(applied(&db), "a1");
    on_a_terminal(&env, downgrade, "y\\n").success();
    assert_eq!(applied(&db), "");
    // Nobody is asked for what destroys nothing, for `--yes`, nor in development.
    let output = on_a_terminal(&env, "rev upgrade heads && exec rev downgrade base --yes", "");
    assert!(!output.success().stdout.contains("Run it?"));
    env.write(
        "store.yaml",
        format!("databases:\n  default:\n    url: {}\n    kind: development\n", db.url()),
    );
    let output = on_a_terminal(&env, "rev upgrade heads && exec rev downgrade base", "");
    assert!(!output.success().stdout.contains("Run it?"));
}

#[test]
fn a_step_that_runs_is_told_from_one_that_was_interrupted() {
    let db = TestDb::new(Engine::Mariadb);
    let env = store(&db);
    let mut running = upgrade_until_it_is_long(&env, &db);
    let status = env.rev(["status"]).success().stdout;
    assert!(status.contains("running: up b2"), "{status}");
    let status = env.rev(["status", "--json"]).success().json();
    assert!(status["running"].is_string(), "{status}");
    running.kill();
    running.wait();
    // The server still runs the statement, and keeps the lock until that ends.
    let left = db.query(
        "SELECT id FROM information_schema.processlist WHERE db = database() AND info LIKE '%600%' \
         AND id <> connection_id()",
    );
    let status = env.rev(["status"]).success().stdout;
    assert!(status.contains("running: up b2"), "{status}");
    for id in left.into_iter().flatten() {
        db.execute(&format!("KILL {id}"));
    }
    until(|| sessions(&db).is_empty());
    let status = env.rev(["status"]).success();
    assert!(status.stdout.contains("interrupted: up b2"), "{}", status.stdout);
    assert!(status.stdout.contains("rev resume"), "{}", status.stdout);
    for words in ["upgrade heads", "downgrade base", "switch", "stamp heads", "stamp --accept a1"] {
        let refused = env.shell(&format!("rev {words}")).exits(1);
        assert!(refused.stderr.contains("rev resume"), "{words}: {}", refused.stderr);
    }
    env.rev(["status", "--wait=0"]).exits(3);
    let asked = env.rev(["resume"]).exits(1);
    assert!(asked.stderr.contains("rev resume --ran"), "{}", asked.stderr);
    let output = on_a_terminal(&env, "exec rev resume", "perhaps\\nran\\n").success();
    assert!(output.stdout.contains("Did it run?"), "{}", output.stdout);
    env.rev(["upgrade", "heads"]).success();
    assert_eq!(applied(&db), "a1 b2 c3");
    let nothing = env.rev(["resume"]).exits(1).stderr;
    assert!(nothing.contains("no step is partially applied"), "{nothing}");
}

#[test]
fn ctrl_c_stops_all_databases() {
    let (one, two) = (TestDb::new(Engine::Sqlite), TestDb::new(Engine::Sqlite));
    let env = store(&one);
    env.write(
        "store.yaml",
        format!("databases:\n  one:\n    url: {}\n  two:\n    url: {}\n", one.url(), two.url()),
    );
    let mut running = env.spawn(["upgrade", "heads", "--all"]);
    running.wait_for_stderr("[2/3] up b2");
    running.signal("INT");
    until(|| running.has_ended());
    let output = running.wait().exits(130);
    assert!(output.stdout.contains("one  failed: "), "{}", output.stdout);
    assert!(output.stdout.contains("two  not started\n"), "{}", output.stdout);
    assert_eq!(applied(&one), "a1");
    assert!(!std::path::Path::new(two.name()).exists(), "it was not started");
}

/// A user who may make scratch databases, of whose sessions nobody else's are.
fn user(db: &TestDb) -> String {
    let name = format!("u_{}", db.name());
    db.execute(&match db.engine() {
        Engine::Postgres => format!("CREATE ROLE {name} LOGIN CREATEDB"),
        _ => format!(
            "CREATE USER {name}; GRANT ALL ON {}.* TO {name}; \
             GRANT ALL ON `rev\\_scratch\\_%`.* TO {name}",
            db.name()
        ),
    });
    name
}

/// The databases in which a user's sessions are, and what they run.
fn sessions_of(db: &TestDb, user: &str) -> Vec<(String, String)> {
    let rows = db.query(&match db.engine() {
        Engine::Postgres => format!(
            "SELECT datname, state || ' ' || query FROM pg_stat_activity WHERE usename = '{user}'"
        ),
        _ => format!(
            "SELECT coalesce(db, ''), coalesce(info, '') FROM information_schema.processlist \
             WHERE user = '{user}'"
        ),
    });
    rows.into_iter()
        .filter_map(|row| row.try_into().ok().map(|[a, b]: [String; 2]| (a, b)))
        .collect()
}

fn no_throw_away_database_stays(engine: Engine) {
    let db = TestDb::new(engine);
    let user = user(&db);
    let mut url: url::Url = db.url().parse().unwrap();
    url.set_username(&user).unwrap();
    url.set_password(None).unwrap();
    let env = Env::new();
    let source = "{url: '', kind: development, schema: [{file: models.sql}]}";
    let source = source.replace("''", &format!("'{url}'"));
    env.write("store.yaml", format!("databases: {{default: {source}}}\n"));
    std::fs::create_dir(env.path("revisions")).unwrap();
    let is_there = |name: &str| {
        let names = match engine {
            Engine::Postgres => "SELECT datname FROM pg_database",
            _ => "SELECT schema_name FROM information_schema.schemata",
        };
        db.query(names).into_iter().flatten().any(|other| other == name)
    };
    for signal in ["INT", "TERM", "KILL"] {
        env.write("models.sql", long_statement(engine));
        let running = env.spawn(["check"]);
        let mut scratch = String::new();
        until(|| {
            let found = sessions_of(&db, &user).into_iter().find(|(_, runs)| runs.contains("600"));
            found.is_some_and(|(name, _)| {
                scratch = name;
                true
            })
        });
        assert!(scratch.starts_with("rev_scratch_"), "{scratch}");
        running.signal(signal);
        let code = match signal {
            "INT" => 130,
            "TERM" => 143,
            _ => 137,
        };
        running.wait().exits(code);
        if signal == "KILL" {
            // The session that waits for nothing is gone as soon as the server looks.
            until(|| sessions_of(&db, &user).iter().all(|(_, runs)| runs.contains("600")));
            assert!(is_there(&scratch));
            env.write("models.sql", "CREATE TABLE t (a integer);");
            env.rev(["check"]).exits(3);
        }
        assert!(!is_there(&scratch), "after {signal}");
    }
    db.execute(&format!(
        "DROP {} {user}",
        if engine == Engine::Postgres { "ROLE" } else { "USER" }
    ));
}

#[test]
fn no_throw_away_database_stays_on_postgres() {
    no_throw_away_database_stays(Engine::Postgres);
}

#[test]
fn no_throw_away_database_stays_on_mariadb() {
    no_throw_away_database_stays(Engine::Mariadb);
}
