//! Revisions that come in below what has run.

use super::{env_with, write};
use crate::support::{Engine, TestDb, for_each_engine};

const TABLES: &str = "\
- create_table: {name: t, columns: [{name: id, type: integer, primary_key: true}, {name: v, type: integer}]}
- create_table: {name: u, columns: [{name: id, type: integer, primary_key: true}, {name: w, type: integer}]}";

const INSERT: &str =
    "- bulk_insert: {table: u, columns: {id: integer, w: integer}, rows: [{id: 1, w: 1}]}";

#[test]
fn what_touches_other_things_runs_late() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = env_with(&db, TABLES, None);
        let add = |column: &str| {
            format!("- add_column: {{table: t, column: {{name: {column}, type: integer}}}}")
        };
        write(&env, "c1", "base0", &add("c"));
        env.rev(["upgrade", "heads"]).success();
        write(&env, "c1", "b1", &add("c"));

        write(&env, "b1", "base0", "- create_index: {table: t, name: ix, columns: [c]}");
        let refused = env.rev(["upgrade", "heads"]).exits(1).stderr;
        assert!(refused.contains("b1 is missing below c1"), "{engine:?} {refused}");
        let reason = "b1 may not commute with c1: both concern column t.c";
        assert!(refused.contains(reason), "{engine:?} {refused}");

        std::fs::remove_file(env.path("revisions/b1.yaml")).unwrap();
        env.revision("b1", &["base0"], "b1", "UPDATE t SET v = 1;", "");
        let refused = env.rev(["upgrade", "heads"]).exits(1).stderr;
        assert!(refused.contains("not known to leave the other alone"), "{engine:?} {refused}");
        env.remove_revision("b1");

        write(&env, "b1", "base0", &add("b"));
        let dry = env.rev(["upgrade", "heads", "--dry-run"]).success();
        assert!(dry.stdout.contains("b1"), "{engine:?} {dry:?}");
        let ran = env.rev(["upgrade", "heads"]).success();
        let notice = "out of order, and disjoint from what ran before: b1";
        assert!(ran.stderr.contains(notice), "{engine:?} {ran:?}");
        db.execute("INSERT INTO t (id, v, b, c) VALUES (1, 2, 3, 4)");
        assert_eq!(
            db.query("SELECT id FROM rev_applied ORDER BY seq").concat(),
            ["base0", "c1", "b1"]
        );
        assert!(env.rev(["upgrade", "heads"]).success().stdout.contains("nothing to do"));
    });
}

/// What somebody has made by hand may carry rows where no revision says.
#[test]
fn a_trigger_that_no_revision_creates_stands_in_the_way() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = env_with(&db, TABLES, None);
        let column = "- add_column: {table: t, column: {name: c, type: integer}}";
        write(&env, "c1", "base0", column);
        env.rev(["upgrade", "heads"]).success();
        write(&env, "c1", "b1", column);
        write(&env, "b1", "base0", INSERT);
        db.execute(match engine {
            Engine::Postgres => {
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE t SET v = 1; RETURN NEW; END'; \
                 CREATE TRIGGER by_hand AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION f()"
            }
            Engine::Sqlite => {
                "CREATE TRIGGER by_hand AFTER INSERT ON u BEGIN UPDATE t SET v = 1; END"
            }
            Engine::Mariadb | Engine::Mysql => {
                "CREATE TRIGGER by_hand AFTER INSERT ON u FOR EACH ROW UPDATE t SET v = 1"
            }
        });
        let refused = env.rev(["upgrade", "heads"]).exits(1).stderr;
        let reason = "the database has trigger by_hand on u, which no revision creates";
        assert!(refused.contains(reason), "{engine:?} {refused}");
        db.execute(match engine {
            Engine::Postgres => "DROP TRIGGER by_hand ON u",
            _ => "DROP TRIGGER by_hand",
        });
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(db.value("SELECT count(*) FROM u"), "1", "{engine:?}");
    });
}
