//! Revisions that stop in their middle: what failed may have done a part, and what a session held is gone
//! with it. After `resume` the database is as after an undisturbed run, or `rev` has refused.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Stdio};

use insta::assert_snapshot;

use super::crash::{AT, Random, STORE};
use super::support::{Engine, Env, Output, TestDb};

/// Tables on both kinds of engine, a procedure that commits in its middle, one that sets a variable.
const GROUND: &str = "\
CREATE TABLE a (id bigint AUTO_INCREMENT PRIMARY KEY, v bigint) ENGINE=InnoDB;
CREATE TABLE m (id bigint AUTO_INCREMENT PRIMARY KEY, v bigint) ENGINE=MyISAM;
INSERT INTO a (v) VALUES (10), (20);
INSERT INTO m (v) VALUES (10);
DELIMITER //
CREATE PROCEDURE two(n bigint) BEGIN INSERT INTO a (v) VALUES (n); INSERT INTO a (v) VALUES (n + 1); END//
CREATE PROCEDURE half(n bigint) BEGIN INSERT INTO a (v) VALUES (n); INSERT INTO gate VALUES (n); END//
CREATE PROCEDURE remember(n bigint) SET @x = n//
DELIMITER ;
";

fn with_ground() -> (TestDb, Env) {
    let db = TestDb::new(Engine::Mariadb);
    db.execute(GROUND);
    let env = Env::with_database(&db);
    (db, env)
}

fn revision(env: &Env, up: &str) {
    env.revision("a1", &[], "change", up, "");
}

/// The rows and the columns of the tables.
fn picture(db: &TestDb) -> Vec<Vec<Vec<String>>> {
    [
        "SELECT v FROM a ORDER BY v",
        "SELECT v FROM m ORDER BY v",
        "SELECT table_name, column_name FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND table_name NOT LIKE 'rev%' ORDER BY 1, 2",
    ]
    .map(|sql| db.query(sql))
    .to_vec()
}

fn rows(db: &TestDb, table: &str) -> String {
    db.query(&format!("SELECT v FROM {table} ORDER BY id")).concat().join(" ")
}

#[test]
fn a_procedure_that_failed_half_way_is_not_run_again() {
    let (db, env) = with_ground();
    revision(&env, "CALL half(1);\nINSERT INTO a (v) VALUES (5);");
    assert_snapshot!(env.session("rev upgrade heads\nrev status\nrev upgrade heads\nrev resume"), @"
    $ rev upgrade heads
    ! [1/1] up a1 change
    ! error: up a1: Table '[DB].gate' doesn't exist (1146)
    !  --> revisions/a1.sql:6
    !   |
    ! 6 | CALL half(1);
    !   |
    ! state: a1 is partially applied, this statement perhaps in part; nothing before it ran; the database is at base
    ! hint: look at what the statement has done; then `rev resume --ran` or, where all of it is undone, `rev resume --not-ran`
    [exit 1]

    $ rev status
    default: mysql://rev@127.0.0.1:[PORT]/[DB]
    at base, 0 revisions applied

    interrupted: up a1: 0 of 2 statements done; the next one may have run; database error: Table '[DB].gate' doesn't exist
      `rev resume` continues it, `rev resume --abort` reverts it

    pending: 1 (`rev upgrade heads` applies them)
      a1 change  ? unknown effect

    $ rev upgrade heads
    ! error: a1 is partially applied (up)
    !   0 of 2 statements are done; whether statement 1 ran, or a part of it, is not known yet; statement 1 failed: Table '[DB].gate' doesn't exist
    ! hint: `rev status` shows where it stopped; `rev resume` continues
    [exit 1]

    $ rev resume
    ! [1/1] up a1 change
    ! a1 was interrupted at this statement:
    !   | CALL half(1)
    ! error: the catalog cannot tell whether a statement ran of a1
    !   executed:
    !   |
    ! 1 | CALL half(1)
    !   |
    ! hint: check whether it ran, all of it or not at all, then run: `rev resume --ran` or `rev resume --not-ran`
    [exit 1]
    ");
    assert_eq!(rows(&db, "a"), "10 20 1");
    // Finished by hand.
    db.execute("CREATE TABLE gate (v bigint); INSERT INTO gate VALUES (1)");
    env.rev(["resume", "--ran"]).success();
    assert_eq!(rows(&db, "a"), "10 20 1 5");
}

#[test]
fn rows_of_an_engine_without_transactions_stay() {
    let (db, env) = with_ground();
    revision(&env, "INSERT INTO m (id, v) VALUES (7, 7), (1, 8);");
    let output = env.rev(["upgrade", "heads"]).exits(1);
    assert!(output.stderr.contains("perhaps in part"), "{}", output.stderr);
    assert_eq!(rows(&db, "m"), "10 7");
    env.rev(["upgrade", "heads"]).exits(1);
    env.rev(["resume"]).exits(1);
    assert_eq!(rows(&db, "m"), "10 7");
    db.execute("DELETE FROM m WHERE id IN (1, 7)");
    env.rev(["resume", "--not-ran"]).success();
    assert_eq!(rows(&db, "m"), "8 7");

    // A trigger carries the rows of a transactional table there.
    let (db, env) = with_ground();
    db.execute("CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW INSERT INTO m (id, v) VALUES (NEW.id, NEW.v)");
    revision(&env, "INSERT INTO a (id, v) VALUES (7, 7), (1, 8);");
    let output = env.rev(["upgrade", "heads"]).exits(1);
    assert!(output.stderr.contains("perhaps in part"), "{}", output.stderr);
    assert_eq!((rows(&db, "a").as_str(), rows(&db, "m").as_str()), ("10 20", "10 7"));

    // A batch could not be taken back.
    let (db, env) = with_ground();
    env.write(
        "revisions/a1.yaml",
        "revision: a1\nmessage: fill\nup:\n  - backfill: {table: m, key: [id], set: {v: {sql: \"v * 2\"}}}\n\
         down: irreversible\n",
    );
    let output = env.rev(["upgrade", "heads"]).exits(1);
    assert!(output.stderr.contains("the engine of"), "{}", output.stderr);
    assert_eq!(rows(&db, "m"), "10");
}

#[test]
fn what_the_session_held_is_not_guessed() {
    let (db, env) = with_ground();
    revision(
        &env,
        "SET @id = (SELECT MAX(v) FROM a);\nINSERT INTO a (v) VALUES (30);\nINSERT INTO gate VALUES (1);\n\
         INSERT INTO m (v) VALUES (@id);",
    );
    assert_snapshot!(
        env.session("rev upgrade heads --dry-run\nrev upgrade heads\nrev resume --not-ran"),
        @"
    $ rev upgrade heads --dry-run
    ↑ a1 change
    1 step would lead to a1 (head); nothing was changed
    ! note: a1 cannot be resumed between line 6 and line 9, which share the variable @id through the session

    $ rev upgrade heads
    ! note: a1 cannot be resumed between line 6 and line 9, which share the variable @id through the session
    ! [1/1] up a1 change
    ! error: up a1: Table '[DB].gate' doesn't exist (1146)
    !  --> revisions/a1.sql:8
    !   |
    ! 8 | INSERT INTO gate VALUES (1);
    !   |
    ! state: a1 is partially applied; nothing before it ran; the database is at base
    ! hint: `rev status` shows where it stopped; `rev resume` continues once the cause is fixed
    [exit 1]

    $ rev resume --not-ran
    ! [1/1] up a1 change
    ! error: a1 cannot continue: line 9 takes the variable @id from line 6, and the session that held it is gone
    ! hint: run the rest by hand, from line 8 on, then `rev resume --ran` records the revision; or restore the database from a backup
    [exit 1]
    "
    );
    assert_eq!((rows(&db, "a").as_str(), rows(&db, "m").as_str()), ("10 20 30", "10"));
    db.execute(
        "CREATE TABLE gate (v bigint); INSERT INTO gate VALUES (1); INSERT INTO m (v) VALUES (20)",
    );
    assert_snapshot!(env.session("rev resume --ran\nrev status"), @"
    $ rev resume --ran
    ↑ a1 change
    1 step, now at a1 (head)
    ! [1/1] up a1 change

    $ rev status
    default: mysql://rev@127.0.0.1:[PORT]/[DB]
    at a1 (head), 1 revision applied
    nothing is pending
    ");
    assert_eq!((rows(&db, "a").as_str(), rows(&db, "m").as_str()), ("10 20 30", "10 20"));
}

#[test]
fn nothing_stands_between_a_statement_and_what_takes_its_result() {
    let (db, env) = with_ground();
    revision(
        &env,
        "UPDATE a SET v = v + 1;\nSET @n = ROW_COUNT();\nINSERT INTO a (v) VALUES (@n);\n\
         INSERT INTO m (v) VALUES (LAST_INSERT_ID());",
    );
    env.rev(["upgrade", "heads"]).success();
    assert_eq!((rows(&db, "a").as_str(), rows(&db, "m").as_str()), ("11 21 2", "10 3"));

    let (_db, env) = with_ground();
    revision(&env, "CALL two(1);\nINSERT INTO a (v) VALUES (ROW_COUNT());");
    assert_snapshot!(env.session("rev upgrade heads"), @"
    $ rev upgrade heads
    ! error: this takes the result of the statement before it, and the journal marks that one in between
    !  --> revisions/a1.sql:7
    !   |
    ! 7 | INSERT INTO a (v) VALUES (ROW_COUNT());
    !   |
    ! hint: right behind an INSERT, UPDATE, DELETE or REPLACE it works; else put both into one statement or a procedure
    [exit 1]
    ");
    let (db, env) = with_ground();
    revision(&env, "UPDATE m SET v = v + 1;\nINSERT INTO a (v) VALUES (ROW_COUNT());");
    env.rev(["upgrade", "heads"]).exits(1);
    assert_eq!((rows(&db, "a").as_str(), rows(&db, "m").as_str()), ("10 20", "10"));
}

/// A session of the engine's own client that holds a row of `a`, until its input ends.
fn holding_a_row(db: &TestDb) -> Child {
    let mut command = db.client();
    command.args(["--unbuffered", "--skip-column-names"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let script = "BEGIN; UPDATE a SET v = v + 1 WHERE id = 2; SELECT 'held';\n";
    child.stdin.as_mut().unwrap().write_all(script.as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "held\n");
    child
}

#[test]
fn a_procedure_that_waits_too_long_is_not_tried_again() {
    let (db, env) = with_ground();
    db.pipe(
        "DELIMITER //\nCREATE PROCEDURE waits() BEGIN INSERT INTO a (v) VALUES (1); COMMIT; \
         UPDATE a SET v = v + 1 WHERE id = 2; END//\n",
    );
    let store = env.read("store.yaml");
    env.write("store.yaml", format!("{store}    statement_lock_timeout: 1s\n"));
    revision(&env, "CALL waits();");
    let mut holder = holding_a_row(&db);
    let output = env.rev(["upgrade", "heads"]).exits(1);
    assert!(output.stderr.contains("perhaps in part"), "{}", output.stderr);
    drop(holder.stdin.take());
    holder.wait().unwrap();
    assert_eq!(rows(&db, "a"), "10 20 1");
}

#[test]
fn a_block_that_commits_and_fails_on_postgres_is_not_run_again() {
    let db = TestDb::new(Engine::Postgres);
    let env = Env::with_database(&db);
    db.execute("CREATE TABLE a (v integer)");
    env.write(
        "revisions/a1.sql",
        "-- revision: a1\n-- message: change\n\n-- rev: up no-transaction\n\
         DO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; RAISE EXCEPTION 'no'; END $$;\n\n-- rev: irreversible\n",
    );
    let output = env.rev(["upgrade", "heads"]).exits(1);
    assert!(output.stderr.contains("perhaps in part"), "{}", output.stderr);
    env.rev(["upgrade", "heads"]).exits(1);
    env.rev(["resume"]).exits(1);
    assert_eq!(db.value("SELECT count(*) FROM a"), "1");
}

/// A statement of each kind that may stand in a revision; numbers make each one its own.
fn statement(random: &mut Random, number: usize) -> String {
    match random.below(16) {
        0 => format!("INSERT INTO a (v) VALUES ({number}00)"),
        1 => format!("INSERT INTO m (v) VALUES ({number}00)"),
        2 => format!("SET @x = {number}"),
        3 => "SET @x = (SELECT COALESCE(MAX(v), 0) FROM a)".to_owned(),
        4 => format!("INSERT INTO a (v) VALUES (@x + {number})"),
        5 => "CREATE TEMPORARY TABLE IF NOT EXISTS t AS SELECT v FROM a".to_owned(),
        6 => "INSERT INTO m (v) SELECT v + 1 FROM t".to_owned(),
        7 => format!("CALL two({number}000)"),
        8 => format!("CALL remember({number})"),
        9 => format!("ALTER TABLE a ADD COLUMN c{number} int"),
        10 => {
            "/*M! SET STATEMENT sort_buffer_size = 100000 FOR */ UPDATE a SET v = v * 2".to_owned()
        }
        11 => "UPDATE m SET v = v * 2".to_owned(),
        // A key is not the same after a rollback; its row is.
        12 => format!("UPDATE a SET v = v + {number} WHERE id = LAST_INSERT_ID()"),
        13 => format!("UPDATE a SET v = v + {number};\nINSERT INTO a (v) VALUES (ROW_COUNT())"),
        14 => "SELECT MAX(v) + 1 INTO @x FROM a".to_owned(),
        _ => "/*!40101 SET @x = @@sql_mode, @y = 3 */;\nINSERT INTO a (v) VALUES (@y)".to_owned(),
    }
}

/// What a revision made of them is: it begins with what the others need.
fn any_revision(random: &mut Random) -> String {
    let mut statements = vec!["CREATE TEMPORARY TABLE t AS SELECT v FROM m".to_owned()];
    statements.extend((1..=6).map(|number| statement(random, number)));
    statements.join(";\n") + ";\n"
}

/// Whether the statement that `resume` asks about ran, by the event at which the run was aborted.
fn verdict(aborted_at: &str) -> &'static str {
    if aborted_at.contains("aborted at StatementRan") { "--ran" } else { "--not-ran" }
}

/// Aborted at each event, then resumed: equal to an undisturbed run, or refused as the plan said.
fn aborted_anywhere(up: &str) -> usize {
    let (calm, env) = with_ground();
    revision(&env, up);
    env.rev(["upgrade", "heads"]).success();
    let undisturbed = picture(&calm);
    let mut refused = 0;
    for at in 0.. {
        let (db, env) = with_ground();
        revision(&env, up);
        let plan = env.rev(["upgrade", "heads", "--dry-run"]).success();
        let output = env
            .command_of(&std::env::current_exe().unwrap().to_string_lossy())
            .args(["--exact", "crash::the_process_that_aborts", "--nocapture"])
            .env(STORE, env.dir())
            .env(AT, at.to_string())
            .output()
            .unwrap();
        let ended = output.status.success();
        let words = Output::of(output);
        let mut resumed = env.rev(["resume"]);
        if resumed.stderr.contains("cannot tell") {
            resumed = env.rev(["resume", verdict(&words.stderr)]);
        }
        let nothing = resumed.stderr.contains("no step is partially applied");
        if resumed.stderr.contains("cannot continue") {
            assert!(plan.stderr.contains("cannot be resumed"), "{up}\n{}", plan.stderr);
            refused += 1;
        } else {
            assert!(nothing || resumed.code == 0, "{up}\nevent {at}\n{}", resumed.stderr);
            env.rev(["upgrade", "heads"]).success();
            assert_eq!(picture(&db), undisturbed, "{up}\naborted at event {at}\n{}", words.stderr);
        }
        if ended {
            break;
        }
    }
    refused
}

/// So many revisions, made of all kinds of statements; `REV_TEST_REVISIONS` says how many.
#[test]
fn resumed_as_undisturbed_or_refused_as_said() {
    let wanted = std::env::var("REV_TEST_REVISIONS").ok().and_then(|count| count.parse().ok());
    let seed = std::env::var("REV_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    let refused: usize =
        (0..wanted.unwrap_or(3)).map(|_| aborted_anywhere(&any_revision(&mut random))).sum();
    assert!(refused > 0, "nothing was refused");
}
