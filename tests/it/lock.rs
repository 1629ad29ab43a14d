//! One migrator at a time.

use super::support::{Engine, Env, TestDb, for_each_engine};

fn write_revisions(env: &Env, count: usize) {
    for index in 0..count {
        let parents = index.checked_sub(1).map(|below| format!("r{below:02}")).unwrap_or_default();
        env.write(
            format!("revisions/r{index:02}.sql"),
            format!(
                "-- revision: r{index:02}\n-- parents: [{parents}]\n-- message: step {index}\n\n\
                 -- rev: up\nCREATE TABLE t{index} (id integer PRIMARY KEY, v integer);\n\
                 INSERT INTO t{index} VALUES (1, 1);\nUPDATE t0 SET v = v + 1;\n\n\
                 -- rev: down\nDROP TABLE t{index};\n"
            ),
        );
    }
}

#[test]
fn sixteen_at_once_run_each_revision_once() {
    const COUNT: usize = 20;
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        write_revisions(&env, COUNT);
        let running: Vec<_> = (0..16).map(|_| env.spawn(["upgrade", "heads"])).collect();
        for run in running {
            run.wait().success();
        }
        let expected: Vec<Vec<String>> =
            (0..COUNT).map(|index| vec![format!("r{index:02}")]).collect();
        assert_eq!(db.query("SELECT id FROM rev_applied ORDER BY seq"), expected);
        let done = "SELECT revision FROM rev_log \
                    WHERE event = 'done' AND statement IS NULL ORDER BY seq";
        assert_eq!(db.query(done), expected);
        assert_eq!(db.value("SELECT v FROM t0"), (COUNT + 1).to_string());
        let numbers = db.query("SELECT count(*), max(seq), count(DISTINCT seq) FROM rev_log");
        assert!(numbers[0].iter().all(|number| *number == numbers[0][0]), "{numbers:?}");
    });
}

#[test]
fn who_holds_the_lock_is_told_and_waiting_ends() {
    for (engine, sleep) in
        [(Engine::Postgres, "SELECT pg_sleep(60)"), (Engine::Mariadb, "SELECT SLEEP(60)")]
    {
        let db = TestDb::new(engine);
        let env = Env::new();
        env.write(
            "store.yaml",
            format!("databases:\n  default:\n    url: {}\n    lock_timeout: 1s\n", db.url()),
        );
        env.write(
            "revisions/a.sql",
            format!(
                "-- revision: a1\n-- message: slow\n\n-- rev: up\n{sleep};\n\n-- rev: irreversible\n"
            ),
        );
        let mut slow = env.spawn(["upgrade", "heads"]);
        let seen = match engine {
            Engine::Postgres => {
                "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' \
                                 AND query LIKE 'SELECT pg_sleep%' AND datname = current_database()"
            }
            _ => {
                "SELECT count(*) FROM information_schema.processlist \
                  WHERE info LIKE 'SELECT SLEEP(60)%' AND db = DATABASE()"
            }
        };
        while db.value(seen) == "0" {
            assert!(!slow.has_ended());
            std::thread::yield_now();
        }
        let output = env.rev(["upgrade", "heads"]).exits(1);
        assert!(output.stderr.contains("another migrator holds the lock"), "{}", output.stderr);
        assert!(output.stderr.contains("held by"), "{}", output.stderr);
        slow.kill();
    }
}

#[test]
fn a_run_with_nothing_to_do_takes_no_lock() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    write_revisions(&env, 2);
    env.rev(["upgrade", "heads"]).success();
    let lock = format!("{}-rev.lock", db.name());
    std::fs::remove_file(&lock).unwrap();
    env.rev(["upgrade", "heads"]).success();
    assert!(!std::path::Path::new(&lock).exists());
}
