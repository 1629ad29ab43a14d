//! `rev resume --abort`: what ran of a revision that stopped half-way is taken back.

use super::support::{Engine, Env, TestDb, for_each_engine_and_mysql};

fn store(db: &TestDb) -> Env {
    let env = Env::with_database(db);
    let store = env.read("store.yaml");
    env.write("store.yaml", format!("{store}    transaction: none\n"));
    env.revision("a1", &[], "a1", "CREATE TABLE t (id integer);", "DROP TABLE t;");
    env.rev(["upgrade", "heads"]).success();
    env
}

fn operations(env: &Env, up: &str, down: &str) {
    let header = "revision: b2\nparents: [a1]\nmessage: b2\n";
    env.write("revisions/b2.yaml", format!("{header}up:\n{up}{down}"));
}

/// What the database holds beside the journal.
fn schema(env: &Env) -> String {
    env.rev(["schema"]).success().stdout
}

const TABLE: &str = "  - create_table: {name: x, columns: [{name: id, type: integer, nullable: false}], \
                     constraints: [{primary_key: {columns: [id]}}]}\n";
const COLUMN: &str = "  - add_column: {table: t, column: {name: v, type: integer}}\n";
const FAILS: &str = "  - sql: 'INSERT INTO nowhere VALUES (1)'\n";

/// A store whose second revision stopped behind its typed operations, and what the database held before it.
fn stopped_half_way(db: &TestDb) -> (Env, String) {
    let env = store(db);
    let before = schema(&env);
    operations(&env, &format!("{TABLE}{COLUMN}{FAILS}"), "");
    env.rev(["upgrade", "heads"]).exits(1);
    (env, before)
}

#[test]
fn typed_operations_are_reverted_newest_first() {
    for_each_engine_and_mysql(|engine| {
        let db = TestDb::new(engine);
        let (env, before) = stopped_half_way(&db);
        assert_ne!(schema(&env), before);
        let status = env.rev(["status"]).success();
        assert!(status.stdout.contains("`rev resume --abort`"), "{status:?}");
        let done = env.rev(["resume", "--abort", "--yes"]).success();
        assert!(done.stdout.contains("now at a1"), "{done:?}");
        assert_eq!(schema(&env), before);
        env.rev(["verify"]).success();
        let log = db.query("SELECT event FROM rev_log WHERE event = 'aborting'");
        assert_eq!(log.len(), 1);
        // And the corrected file runs.
        operations(&env, &format!("{TABLE}{COLUMN}"), "");
        env.rev(["upgrade", "heads"]).success();
        env.rev(["verify"]).success();
    });
}

#[test]
fn what_the_file_became_since_does_not_matter() {
    for_each_engine_and_mysql(|engine| {
        let db = TestDb::new(engine);
        let (env, before) = stopped_half_way(&db);
        std::fs::remove_file(env.path("revisions/b2.yaml")).unwrap();
        let refused = env.rev(["resume", "--abort"]).exits(1);
        assert!(refused.stderr.contains("no file here contains"), "it is shown: {refused:?}");
        env.rev(["resume", "--abort", "--yes"]).success();
        assert_eq!(schema(&env), before);
    });
}

#[test]
fn sql_that_ran_is_listed_and_nothing_is_reverted() {
    for_each_engine_and_mysql(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        operations(
            &env,
            &format!("{TABLE}  - sql: 'INSERT INTO t VALUES (1)'\n{FAILS}"),
            "down: []\n",
        );
        env.rev(["upgrade", "heads"]).exits(1);
        let between = schema(&env);
        let refused = env.rev(["resume", "--abort", "--yes"]).exits(1);
        assert!(refused.stderr.contains("b2 cannot be aborted"), "{refused:?}");
        assert!(refused.stderr.contains("INSERT INTO t VALUES (1)"), "{refused:?}");
        assert_eq!(schema(&env), between);
        assert_eq!(db.value("SELECT count(*) FROM t"), "1");
        // Going on is still possible.
        operations(&env, &format!("{TABLE}  - sql: 'INSERT INTO t VALUES (1)'\n"), "");
        env.rev(["resume", "--yes"]).success();
        assert_eq!(db.value("SELECT count(*) FROM t"), "1");
    });
}

#[test]
fn a_written_down_runs_where_all_of_it_ran() {
    for_each_engine_and_mysql(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        let before = schema(&env);
        env.revision("b2", &["a1"], "b2", "CREATE TABLE y (v integer);", "DROP TABLE y;");
        env.rev(["upgrade", "heads"]).success();
        // As a crash leaves it that comes before the last rows.
        db.execute("DELETE FROM rev_applied WHERE id = 'b2'");
        let last = db.value("SELECT max(seq) FROM rev_log");
        db.execute(&format!("DELETE FROM rev_log WHERE seq = {last}"));
        env.rev(["resume", "--abort", "--yes"]).success();
        assert_eq!(schema(&env), before);
        env.rev(["verify"]).success();
    });
}

#[test]
fn an_abort_that_failed_goes_on() {
    for_each_engine_and_mysql(|engine| {
        // Elsewhere a table goes whoever refers to it.
        if engine == Engine::Sqlite {
            return;
        }
        let db = TestDb::new(engine);
        let (env, before) = stopped_half_way(&db);
        db.execute("CREATE TABLE z (id integer, FOREIGN KEY (id) REFERENCES x (id))");
        env.rev(["resume", "--abort", "--yes"]).exits(1);
        let status = env.rev(["status"]).success();
        assert!(status.stdout.contains("abort b2: 1 of 2 statements done"), "{status:?}");
        env.rev(["upgrade", "heads"]).exits(1);
        db.execute("DROP TABLE z");
        env.rev(["resume", "--yes"]).success();
        assert_eq!(schema(&env), before);
        env.rev(["verify"]).success();
    });
}

#[test]
fn an_object_that_came_in_part_goes_as_a_whole() {
    for_each_engine_and_mysql(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        let before = schema(&env);
        // MariaDB has no index of an expression: there the plan is refused.
        let index = "{name: x_i, columns: [{sql: 'nothing_of_that_name(v)'}]}";
        let table = format!(
            "  - create_table: {{name: x, columns: [{{name: v, type: text}}], indexes: [{index}]}}\n"
        );
        operations(&env, &table, "down: []\n");
        env.rev(["upgrade", "heads"]).exits(1);
        // Where the operation is one statement, or its statements one transaction, nothing is left.
        let left = schema(&env) != before;
        env.rev(["resume", "--abort", "--yes"]).exits(i32::from(!left));
        assert_eq!(schema(&env), before);
        env.rev(["verify"]).success();
    });
}

#[test]
fn a_downgrade_is_not_aborted_and_a_protected_database_asks() {
    for_each_engine_and_mysql(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        let protected = env.read("store.yaml");
        env.rev(["resume", "--abort"]).exits(1);
        operations(&env, &format!("{TABLE}{FAILS}"), "");
        env.rev(["upgrade", "heads"]).exits(1);
        env.write("store.yaml", format!("{protected}    kind: protected\n"));
        let refused = env.rev(["resume", "--abort"]).exits(1);
        assert!(refused.stderr.contains("protected"), "{refused:?}");
        env.rev(["resume", "--abort", "--yes"]).success();

        env.write("store.yaml", &protected);
        let down = "DROP TABLE y; INSERT INTO nowhere VALUES (1);";
        std::fs::remove_file(env.path("revisions/b2.yaml")).unwrap();
        env.revision("c3", &["a1"], "c3", "CREATE TABLE y (v integer);", down);
        env.rev(["upgrade", "heads"]).success();
        env.rev(["downgrade", "a1", "--yes"]).exits(1);
        let refused = env.rev(["resume", "--abort", "--yes"]).exits(1);
        assert!(refused.stderr.contains("only an upgrade can be aborted"), "{refused:?}");
    });
}
