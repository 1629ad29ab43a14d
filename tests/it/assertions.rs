//! Revisions that stop where the data is not as they expect it.

use super::support::{Engine, Env, TestDb, for_each_engine};

fn revision(id: &str, parents: &str, up: &str) -> String {
    format!("revision: {id}\nparents: [{parents}]\nmessage: {id}\nup:\n{up}down: []\n")
}

/// A table with the rows 1 and 2, and a revision above it that inserts 3 and then asserts.
fn env_with(db: &TestDb, query: &str, expect: &str) -> Env {
    let env = Env::with_database(db);
    let table = "  - create_table: {name: t, columns: [{name: id, type: integer, primary_key: true}]}\n  \
                 - sql: \"INSERT INTO t VALUES (1), (2)\"\n";
    env.write("revisions/a1.yaml", revision("a1", "", table));
    let asserted = format!(
        "  - sql: \"INSERT INTO t VALUES (3)\"\n  \
         - assert: {{query: \"{query}\", expect: {expect}, message: the rows are wrong}}\n  \
         - sql: \"INSERT INTO t VALUES (4)\"\n"
    );
    env.write("revisions/b2.yaml", revision("b2", "a1", &asserted));
    env
}

#[test]
fn an_assertion_that_does_not_hold_stops_the_revision() {
    for_each_engine(|engine| {
        for (query, expect) in [
            ("SELECT id FROM t WHERE id > 9", "rows"),
            ("SELECT id FROM t", "no_rows"),
            ("SELECT 0", "true"),
            ("SELECT NULL", "true"),
            ("SELECT id FROM t WHERE id > 9", "true"),
            ("SELECT 1 = 2", "true"),
            ("SELECT 0.00", "true"),
        ] {
            let db = TestDb::new(engine);
            let env = env_with(&db, query, expect);
            let failed = env.rev(["upgrade", "heads"]).exits(1).stderr;
            assert!(failed.contains("up b2: assertion failed: the rows are wrong"), "{failed}");
            assert!(failed.contains("revisions/b2.yaml:6"), "{failed}");
            assert!(failed.contains(query), "{failed}");
            // The row before it goes with the transaction, where DDL and rows share one.
            let rows = if engine == Engine::Mariadb { "3" } else { "2" };
            assert_eq!(db.value("SELECT count(*) FROM t"), rows, "{engine:?} {query} {expect}");
            assert_eq!(db.query("SELECT id FROM rev_applied"), [["a1"]]);
        }
    });
}

#[test]
fn a_partially_applied_revision_goes_on_behind_its_assertion() {
    let db = TestDb::new(Engine::Mariadb);
    let env = env_with(&db, "SELECT id FROM t WHERE id = 9", "rows");
    env.rev(["upgrade", "heads"]).exits(1);
    db.execute("INSERT INTO t VALUES (9)");
    env.rev(["resume"]).success();
    assert_eq!(db.query("SELECT id FROM t ORDER BY id").concat(), ["1", "2", "3", "4", "9"]);
    assert_eq!(db.value("SELECT count(*) FROM rev_applied"), "2");
}

#[test]
fn a_script_stops_at_it_too() {
    for_each_engine(|engine| {
        for (expect, applied) in [("rows", "2"), ("no_rows", "1")] {
            let db = TestDb::new(engine);
            let env = env_with(&db, "SELECT id FROM t", expect);
            env.rev(["upgrade", "a1"]).success();
            let script = env.rev(["upgrade", "heads", "--sql"]).success().stdout;
            let ran = db.pipe(&script);
            assert_eq!(ran.code == 0, expect == "rows", "{engine:?}: {ran:?}");
            assert_eq!(db.value("SELECT count(*) FROM rev_applied"), applied);
        }
    });
}

#[test]
fn what_is_no_single_query_is_refused() {
    for (query, expect) in [("DELETE FROM t", "rows"), ("SELECT 1; SELECT 2", "rows")] {
        let db = TestDb::new(Engine::Sqlite);
        let env = env_with(&db, query, expect);
        let refused = env.rev(["upgrade", "heads"]).exits(1).stderr;
        assert!(refused.contains("`assert.query` on sqlite: it takes one SELECT"), "{refused}");
        assert_eq!(db.value("SELECT count(*) FROM sqlite_schema"), "0");
    }
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with(&db, "SELECT 1", "maybe");
    let refused = env.rev(["upgrade", "heads"]).exits(1).stderr;
    assert!(refused.contains("rows, no_rows or true"), "{refused}");
}

/// The scratch databases of the models and of a replay have no rows.
#[test]
fn a_scratch_database_tells_and_goes_on() {
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with(&db, "SELECT id FROM t WHERE id > 9", "rows");
    let schema = env.rev(["schema", "--at", "heads"]).success();
    assert!(schema.stderr.contains("assertion failed: the rows are wrong"), "{schema:?}");
    assert!(schema.stdout.contains("CREATE TABLE t"), "{schema:?}");
}
