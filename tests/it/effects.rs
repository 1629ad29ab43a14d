//! What a plan says that it does to what a database holds, and what is asked for it.

use insta::{allow_duplicates, assert_snapshot};

use super::support::{Engine, Env, TestDb, for_each_engine_and_mysql};

/// A store whose revisions have an effect of each kind, and its database.
fn store(db: &TestDb, kind: &str) -> Env {
    let env = Env::new();
    env.write(
        "store.yaml",
        format!("databases:\n  default:\n    url: {}\n    kind: {kind}\n", db.url()),
    );
    let revision = |id: &str, parent: &str, message: &str, operations: &str| {
        env.write(
            format!("revisions/{id}.yaml"),
            format!("revision: {id}\nparents: [{parent}]\nmessage: {message}\n{operations}"),
        );
    };
    let rows = "up:\n\
                - create_table: {name: t, columns: [{name: id, type: integer, primary_key: true}, \
                {name: a, type: integer, nullable: false}, {name: b, type: string(9)}]}\n\
                - bulk_insert: {table: t, key: [id], columns: {id: integer, a: integer}, rows: [{id: 1, a: 70000}]}\n";
    revision("a1", "", "a table with a row", rows);
    let wider = "up:\n- alter_column: {table: t, column: a, type: bigint, was: {type: integer}}\n";
    revision("b2", "a1", "a wider type", wider);
    let no_type =
        "up:\n- alter_column: {table: t, column: a, type: smallint}\ndown: irreversible\n";
    revision("c3", "b2", "nobody says from what", no_type);
    let drop = "up:\n- drop_column: {table: t, column: b, was: {name: b, type: string(9)}}\n";
    revision("d4", "b2", "a column goes", drop);
    env.write(
        "revisions/e5.sql",
        "-- revision: e5\n-- parents: [b2]\n-- message: who knows\n\n-- rev: up\nSELECT lower('A');\n\
         WITH x AS (SELECT 1) SELECT mystery() FROM x WHERE 1 = 0;\n\n-- rev: down\n",
    );
    env
}

#[test]
fn a_plan_and_the_status_say_what_each_step_does() {
    for_each_engine_and_mysql(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db, "shared");
        let text = env.session(
            "rev upgrade b2 d4 e5 --dry-run
             rev status | tail -n +3
             rev upgrade a1 --json | grep -A9 steps
             rev status --json | grep -A7 effects
             rev downgrade base --dry-run",
        );
        allow_duplicates!(assert_snapshot!(text, @r#"
        $ rev upgrade b2 d4 e5 --dry-run
        ↑ a1 a table with a row
        ↑ b2 a wider type
        ↑ d4 a column goes  ! destructive
        ↑ e5 who knows  ? unknown effect
        4 steps would lead to d4 (head), e5 (head); nothing was changed

        $ rev status | tail -n +3

        pending: 5 (`rev upgrade heads` applies them)
          a1 a table with a row
          b2 a wider type
          c3 nobody says from what  ! destructive
          d4 a column goes  ! destructive
          e5 who knows  ? unknown effect

        $ rev upgrade a1 --json | grep -A9 steps
          "steps": [
            {
              "direction": "up",
              "revision": "a1",
              "message": "a table with a row",
              "effect": "data"
            }
          ]
        }

        $ rev status --json | grep -A7 effects
          "effects": {
            "b2": "widening",
            "c3": "unknown",
            "d4": "destructive",
            "e5": "unknown"
          },
          "moved": [],
          "edited": [],

        $ rev downgrade base --dry-run
        ↓ a1 a table with a row  ! destructive
        1 step would lead to base; nothing was changed
        "#));
    });
}

#[test]
fn a_protected_database_runs_nothing_of_unknown_effect_unasked() {
    for_each_engine_and_mysql(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db, "protected");
        let text = env.session(
            "rev upgrade b2
             rev upgrade c3
             rev upgrade d4
             rev upgrade e5",
        );
        allow_duplicates!(assert_snapshot!(text, @"
        $ rev upgrade b2
        ↑ a1 a table with a row
        ↑ b2 a wider type
        2 steps, now at b2
        ! [1/2] up a1 a table with a row
        ! [2/2] up b2 a wider type

        $ rev upgrade c3
        ! error: the database default is protected, and the plan has 1 step up of unknown effect
        ! hint: look at the plan with `--dry-run`; `--yes` runs it
        [exit 1]

        $ rev upgrade d4
        ! error: the database default is protected, and the plan has 1 destructive step up
        ! hint: look at the plan with `--dry-run`; `--yes` runs it
        [exit 1]

        $ rev upgrade e5
        ! error: the database default is protected, and the plan has 1 step up of unknown effect
        ! hint: look at the plan with `--dry-run`; `--yes` runs it
        [exit 1]
        "));
        assert_eq!(db.value("SELECT count(*) FROM rev_applied"), "2");
    });
}

/// What only shows when the step begins is asked about then, where there is somebody; the rows are as
/// they were.
#[test]
fn a_step_that_turns_out_to_be_destructive_stops() {
    for engine in [Engine::Mariadb, Engine::Sqlite, Engine::Mysql] {
        let db = TestDb::new(engine);
        let env = store(&db, "shared");
        // The step before may have run long ago: the plan has no type then.
        env.rev(["upgrade", "b2"]).success();
        let line = "script -qec 'rev upgrade c3' /dev/null </dev/null";
        let stopped = env.shell(line).exits(1).stdout;
        let message =
            "the effect of this statement is destructive, and that of the planned step is unknown";
        assert!(stopped.contains(message), "{stopped}");
        assert!(stopped.contains("--yes"), "{stopped}");
        assert_eq!(db.value("SELECT a FROM t"), "70000");
        assert_eq!(db.value("SELECT count(*) FROM rev_applied"), "2");
        if engine == Engine::Sqlite {
            env.shell("script -qec 'rev upgrade c3 --yes' /dev/null </dev/null").success();
            assert_eq!(db.value("SELECT count(*) FROM rev_applied"), "3");
        }
    }
}
