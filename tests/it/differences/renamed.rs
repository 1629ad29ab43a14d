//! Renames on MySQL and MariaDB, under what names the old name: views and triggers do not follow it there, and MySQL
//! renames no column that an expression names. And what only the tables tell of a plan.

use super::env_with_models;
use crate::support::{Engine, Env, TestDb, seen};

/// What is there before, what the models are, and the rename between them.
const RENAMES: &[(&str, &str, &str)] = &[
    (
        "CREATE TABLE t (id int, a int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v",
        "CREATE TABLE t (id int, c int); CREATE VIEW v AS SELECT c AS a FROM t; CREATE VIEW w AS SELECT a FROM v",
        "column:t.a:c",
    ),
    (
        "CREATE TABLE t (id int, a int); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE u (id int, a int); CREATE VIEW v AS SELECT a FROM u",
        "table:t:u",
    ),
    (
        "CREATE TABLE t (id int, a int); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "CREATE TABLE t (id int, c int); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.c = 1",
        "column:t.a:c",
    ),
    (
        "CREATE TABLE t (id int, a int); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
        "CREATE TABLE u (id int, a int); CREATE TRIGGER tr BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 2",
        "table:t:u",
    ),
    (
        "CREATE TABLE t (id int, a int, b int AS (a + 1), CONSTRAINT ck CHECK (a > id), KEY k (b))",
        "CREATE TABLE t (id int, c int, b int AS (c + 1), CONSTRAINT ck CHECK (c > id), KEY k (b))",
        "column:t.a:c",
    ),
];

fn renames_go_up_and_down(engine: Engine) {
    for (before, after, rename) in RENAMES {
        let db = TestDb::new(engine);
        db.execute(before);
        let there = seen::whole(&db);
        let env = env_with_models(&db, after);
        let made = env.rev(["revision", "--autogenerate", "-m", "m", "--rename", rename]);
        let verified = "verified: upgrade reaches the models, downgrade restores the schema";
        assert!(made.stdout.contains(verified), "{after}\n{}{}", made.stdout, made.stderr);
        env.rev(["upgrade", "heads"]).success();
        env.rev(["check"]).success();
        env.rev(["downgrade", "base", "--yes"]).success();
        assert_eq!(there.schema_difference(&seen::whole(&db)), None, "{before}");
    }
}

#[test]
fn on_mariadb() {
    renames_go_up_and_down(Engine::Mariadb);
}

#[test]
fn on_mysql() {
    renames_go_up_and_down(Engine::Mysql);
}

fn env_with(db: &TestDb, operations: &str) -> Env {
    let env = Env::with_database(db);
    env.write("revisions/r1.yaml", format!("revision: r1\nparents: []\nup:\n{operations}"));
    env
}

#[test]
fn a_default_that_is_no_date_is_told_or_taken_on_mysql() {
    let db = TestDb::new(Engine::Mysql);
    db.execute("SET sql_mode = ''; CREATE TABLE t (a int, at datetime NOT NULL DEFAULT '0000-00-00 00:00:00')");
    // A column that is said again is said in a mode that takes it.
    for change in ["rename: c", "type: bigint, was: {type: integer}"] {
        let env = env_with(&db, &format!("- alter_column: {{table: t, column: a, {change}}}\n"));
        env.rev(["upgrade", "heads"]).success();
        env.rev(["downgrade", "base", "--yes"]).success();
    }
    let env = env_with(&db, "- create_index: {table: t, name: i, columns: [a]}\n");
    insta::assert_snapshot!(env.session("rev upgrade heads"), @"
    $ rev upgrade heads
    ! error: `create_index` on mysql: t.at has a default that is no date, such as 0000-00-00, and with NO_ZERO_DATE in sql_mode the server alters no table that has one (error 1067)
    !  --> revisions/r1.yaml:4
    !   |
    ! 4 | - create_index: {table: t, name: i, columns: [a]}
    !   |
    ! hint: give that column another default first, or take NO_ZERO_DATE and NO_ZERO_IN_DATE out of sql_mode for this connection: `on_connect` in store.yaml
    [exit 1]
    ");
    let text = env.read("store.yaml");
    let mode = "    on_connect: [\"SET SESSION sql_mode = 'STRICT_TRANS_TABLES'\"]\n";
    env.write("store.yaml", format!("{text}{mode}"));
    env.rev(["upgrade", "heads"]).success();
    env.rev(["downgrade", "base", "--yes"]).success();
    // It comes and goes itself.
    let column = "{name: z, type: date, nullable: false, default: {sql: \"'0000-00-00'\"}}";
    db.execute("ALTER TABLE t ALTER at DROP DEFAULT");
    let env = env_with(&db, &format!("- add_column: {{table: t, column: {column}}}\n"));
    env.rev(["upgrade", "heads"]).success();
    env.rev(["downgrade", "base", "--yes"]).success();
}

/// An earlier `rev` stored a rename as the statement that it was at once.
#[test]
fn a_rename_that_was_stored_as_a_statement_goes_down_on_mysql() {
    let db = TestDb::new(Engine::Mysql);
    db.execute("CREATE TABLE t (a int)");
    let env = env_with(&db, "- alter_column: {table: t, column: a, rename: c}\n");
    env.rev(["upgrade", "heads"]).success();
    let stored = r#"[{"sql":"ALTER TABLE t RENAME COLUMN c TO a","line":4,"transactional":true}]"#;
    db.execute(&format!("UPDATE rev_text SET down = '{stored}', digests = NULL"));
    let output = env.rev(["downgrade", "base", "--yes"]).success();
    assert!(!output.stderr.contains("stored"), "{}", output.stderr);
    assert_eq!(db.query("SHOW COLUMNS FROM t")[0][0], "a");
}
