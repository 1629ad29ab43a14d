//! A lock with a lease, on plain servers: migrators that the server's own lock does not keep from each other,
//! holders that are killed, asleep or robbed. What only a cluster shows is in `clusters.rs`.

use std::fs;

use super::support::{Engine, Env, TestDb, until};

/// Takes the lock from whoever has it, as a migrator on another server would.
const STEAL: &str = "UPDATE rev_lock SET holder = 'x', node = 'elsewhere', who = 'a test', fence = fence + 1, \
                     lease = 15 WHERE id = 1";
const IS_FREE: &str = "SELECT count(*) FROM rev_lock WHERE id = 1 AND holder = ''";
const GIVE_BACK: &str = "UPDATE rev_lock SET holder = '' WHERE id = 1";

/// A store whose address is given by `-x url=…`, and the journal's database.
fn store(env: &Env, schema: Option<&str>, more: &str) {
    let schema = schema.map(|name| format!("    table_schema: {name}\n")).unwrap_or_default();
    env.write(
        "store.yaml",
        format!("databases:\n  default:\n    url: ${{x.url}}\n    lock: lease\n{schema}{more}"),
    );
}

fn url(db: &TestDb) -> String {
    format!("url={}", db.url())
}

/// Revisions that fail if they run twice.
fn write_revisions(env: &Env, count: usize, place: &str) {
    for index in 0..count {
        let parents = index.checked_sub(1).map(|below| format!("r{below:02}")).unwrap_or_default();
        env.write(
            format!("revisions/r{index:02}.sql"),
            format!(
                "-- revision: r{index:02}\n-- parents: [{parents}]\n-- message: step {index}\n\n\
                 -- rev: up\nCREATE TABLE {place}t{index} (id integer PRIMARY KEY, v integer);\n\
                 INSERT INTO {place}t{index} VALUES (1, 1);\nUPDATE {place}t0 SET v = v + 1;\n\n\
                 -- rev: down\nDROP TABLE {place}t{index};\n"
            ),
        );
    }
}

/// A revision that says when it has begun, and goes on when it is told to.
fn write_waiting(env: &Env) {
    env.write(
        "revisions/w1.yaml",
        "revision: w1\nmessage: waits\nup:\n  - program:\n      command: [sh, -c, \"touch began; \
         while [ ! -e go ]; do sleep 0.05; done\"]\n  - sql: |\n      CREATE TABLE w1 (v integer)\n\
         down: irreversible\n",
    );
}

#[test]
fn migrators_whose_own_locks_do_not_meet_run_each_revision_once() {
    const COUNT: usize = 12;
    for engine in [Engine::Postgres, Engine::Mariadb, Engine::Mysql] {
        let (db, other) = (TestDb::new(engine), TestDb::new(engine));
        let env = Env::new();
        // GET_LOCK's name is made of the database of the address, too: so it is as on two nodes.
        let place = match engine.is_mysql_like() {
            true => format!("{}.", db.name()),
            false => String::new(),
        };
        store(&env, engine.is_mysql_like().then(|| db.name()), "");
        write_revisions(&env, COUNT, &place);
        let addresses = match engine.is_mysql_like() {
            true => [url(&db), url(&other)],
            false => [url(&db), url(&db)],
        };
        let running: Vec<_> =
            (0..12).map(|at| env.spawn(["upgrade", "heads", "-x", &addresses[at % 2]])).collect();
        for run in running {
            run.wait().success();
        }
        let expected: Vec<Vec<String>> =
            (0..COUNT).map(|index| vec![format!("r{index:02}")]).collect();
        assert_eq!(db.query("SELECT id FROM rev_applied ORDER BY seq"), expected);
        assert_eq!(db.value("SELECT v FROM t0"), (COUNT + 1).to_string());
        assert_eq!(db.value(IS_FREE), "1");
        // It is no part of what the application has.
        let schema = env.rev(["schema", "-x", &addresses[0]]).success();
        assert!(!schema.stdout.contains("rev_lock"), "{schema:?}");
    }
}

#[test]
fn a_holder_that_has_lost_its_lock_writes_nothing_more() {
    for engine in [Engine::Postgres, Engine::Mariadb, Engine::Mysql] {
        let db = TestDb::new(engine);
        let env = Env::new();
        store(&env, None, "    kind: development\n");
        write_waiting(&env);
        let run = env.spawn(["upgrade", "heads", "-x", &url(&db)]);
        until(|| env.path("began").exists());
        // While the command runs a second connection shows signs of life.
        until(|| db.value("SELECT beat FROM rev_lock WHERE id = 2") != "0");
        db.execute(STEAL);
        let before = db.value("SELECT max(seq) FROM rev_log");
        let status = env.rev(["status", "-x", &url(&db)]).success();
        assert!(status.stdout.contains("w1"), "{status:?}");
        env.write("go", "");
        let lost = run.wait().exits(1);
        assert!(lost.stderr.contains("the migrators' lock was lost"), "{lost:?}");
        assert!(lost.stderr.contains("rev resume"), "{lost:?}");
        assert_eq!(db.value("SELECT max(seq) FROM rev_log"), before);
        assert_eq!(db.value("SELECT holder FROM rev_lock WHERE id = 1"), "x");

        db.execute(GIVE_BACK);
        let refused = env.rev(["upgrade", "heads", "-x", &url(&db)]).exits(1);
        assert!(refused.stderr.contains("rev resume"), "{refused:?}");
        env.rev(["resume", "--ran", "-x", &url(&db)]).success();
        env.rev(["verify", "-x", &url(&db)]).success();
    }
}

#[test]
fn a_step_does_not_begin_once_the_lock_is_lost() {
    let db = TestDb::new(Engine::Postgres);
    let env = Env::new();
    store(&env, None, "");
    env.table("a1", &[]);
    env.rev(["upgrade", "heads", "-x", &url(&db)]).success();
    // b2 commits together with what it does to the lock, and c3 finds that it is lost.
    let steal = format!("CREATE TABLE b2 (v integer);\n{STEAL};");
    env.revision("b2", &["a1"], "b2", &steal, "DROP TABLE b2;");
    env.table("c3", &["b2"]);
    store(&env, None, "    lock_timeout: 1s\n");
    let lost = env.rev(["upgrade", "heads", "-x", &url(&db)]).exits(1);
    assert!(lost.stderr.contains("another migrator holds the lock"), "{lost:?}");
    assert!(lost.stderr.contains("held by a test"), "{lost:?}");
    assert_eq!(db.query("SELECT id FROM rev_applied ORDER BY seq"), [["a1"], ["b2"]]);
    db.execute(GIVE_BACK);
    env.rev(["upgrade", "heads", "-x", &url(&db)]).success();
    assert_eq!(db.query("SELECT id FROM rev_applied ORDER BY seq"), [["a1"], ["b2"], ["c3"]]);
}

#[test]
fn statements_that_commit_with_their_marks_do_not_once_the_lock_is_lost() {
    for engine in [Engine::Mariadb, Engine::Mysql] {
        let db = TestDb::new(engine);
        let env = Env::new();
        store(&env, None, "");
        env.table("a1", &[]);
        env.rev(["upgrade", "heads", "-x", &url(&db)]).success();
        // DDL makes the step one whose statements are marked.
        let up = format!("CREATE TABLE b2 (v integer);\nINSERT INTO b2 VALUES (1);\n{STEAL};");
        env.revision("b2", &["a1"], "b2", &up, "DROP TABLE b2;");
        let lost = env.rev(["upgrade", "heads", "-x", &url(&db)]).exits(1);
        assert!(lost.stderr.contains("the migrators' lock was lost"), "{lost:?}");
        assert!(lost.stderr.contains("b2 is partially applied"), "{lost:?}");
        // The theft itself was rolled back with the rest.
        assert_eq!(db.value("SELECT count(*) FROM rev_lock WHERE holder = 'x'"), "0");
        assert_eq!(db.query("SELECT id FROM rev_applied ORDER BY seq"), [["a1"]]);
    }
}

#[test]
fn a_killed_holder_of_the_same_server_is_not_waited_for() {
    for engine in [Engine::Postgres, Engine::Mariadb, Engine::Mysql] {
        let db = TestDb::new(engine);
        let env = Env::new();
        // Less than a lease.
        store(&env, None, "    kind: development\n    lock_timeout: 8s\n");
        write_waiting(&env);
        let mut run = env.spawn(["upgrade", "heads", "-x", &url(&db)]);
        until(|| env.path("began").exists());
        run.kill();
        run.wait();
        let refused = env.rev(["upgrade", "heads", "-x", &url(&db)]).exits(1);
        assert!(refused.stderr.contains("rev resume"), "{refused:?}");
        env.rev(["resume", "--ran", "-x", &url(&db)]).success();
        assert_eq!(db.query("SELECT id FROM rev_applied"), [["w1"]]);
    }
}

/// A holder elsewhere goes without a word, or sleeps for longer than its lease.
fn another_takes_over(engine: Engine, is_killed: bool) {
    let (db, other) = (TestDb::new(engine), TestDb::new(engine));
    let env = Env::new();
    store(&env, Some(db.name()), "    kind: development\n    lock_timeout: 1s\n");
    write_waiting(&env);
    let mut run = env.spawn(["upgrade", "heads", "-x", &url(&db)]);
    until(|| env.path("began").exists());
    match is_killed {
        true => run.kill(),
        false => run.signal("STOP"),
    }
    let busy = env.rev(["upgrade", "heads", "-x", &url(&other)]).exits(1);
    let held = format!("held by rev (pid {} on ", run.id());
    assert!(busy.stderr.contains(&held), "{busy:?}");

    store(&env, Some(db.name()), "    kind: development\n");
    let refused = env.rev(["upgrade", "heads", "-x", &url(&other)]).exits(1);
    assert!(refused.stderr.contains("w1 is partially applied"), "{refused:?}");
    assert!(refused.stderr.contains("rev resume"), "{refused:?}");
    let before = db.value("SELECT max(seq) FROM rev_log");
    if !is_killed {
        fs::write(env.path("go"), "").unwrap();
        run.signal("CONT");
        let lost = run.wait().exits(1);
        assert!(lost.stderr.contains("the migrators' lock was lost"), "{lost:?}");
        assert_eq!(db.value("SELECT max(seq) FROM rev_log"), before);
    }
    env.rev(["resume", "--ran", "-x", &url(&db)]).success();
    assert_eq!(db.query("SELECT id FROM rev_applied"), [["w1"]]);
}

#[test]
fn the_lock_of_a_holder_that_was_killed_elsewhere_is_taken_over() {
    another_takes_over(Engine::Mariadb, true);
    another_takes_over(Engine::Mysql, true);
}

#[test]
fn a_holder_that_slept_for_longer_than_its_lease_finds_it_taken() {
    another_takes_over(Engine::Mariadb, false);
    another_takes_over(Engine::Mysql, false);
}

#[test]
fn what_only_reads_does_not_make_the_locks_table() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let env = Env::new();
        store(&env, None, "");
        env.table("a1", &[]);
        env.rev(["status", "-x", &url(&db)]).success();
        env.rev(["upgrade", "heads", "--dry-run", "-x", &url(&db)]).success();
        let there = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'rev_lock'";
        let there = match engine.is_mysql_like() {
            true => format!("{there} AND table_schema = DATABASE()"),
            false => there.to_owned(),
        };
        assert_eq!(db.value(&there), "0");
        env.rev(["upgrade", "heads", "-x", &url(&db)]).success();
        assert_eq!(db.value(&there), "1");
    }
}

#[test]
fn a_table_of_that_name_which_is_not_ours_is_left_alone() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let env = Env::new();
        store(&env, None, "");
        env.table("a1", &[]);
        db.execute("CREATE TABLE rev_lock (id integer PRIMARY KEY)");
        let refused = env.rev(["upgrade", "heads", "-x", &url(&db)]).exits(1);
        assert!(refused.stderr.contains("which is not a journal of rev"), "{refused:?}");
        assert!(refused.stderr.contains("table_prefix"), "{refused:?}");
    }
}

#[test]
fn sqlite_has_no_lease() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::new();
    store(&env, None, "");
    env.table("a1", &[]);
    let refused = env.rev(["upgrade", "heads", "-x", &url(&db)]).exits(1);
    assert!(refused.stderr.contains("has no lease (`lock: lease`)"), "{refused:?}");
}
