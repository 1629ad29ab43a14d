//! Operations that become statements only when their step begins, by what the tables then are.

use super::support::{Engine, Env, TestDb, for_each_engine};

/// Writes a revision of YAML; `up` is a list of operations, one a line.
fn write(env: &Env, id: &str, parents: &str, up: &[&str], more: &str) {
    let up: String = up.iter().map(|operation| format!("  - {operation}\n")).collect();
    let text = format!("revision: {id}\nparents: [{parents}]\nmessage: {id}\nup:\n{up}{more}");
    env.write(format!("revisions/{id}.yaml"), text);
}

/// A store with a SQLite database that enforces foreign keys.
fn enforcing(more: &str) -> Env {
    let env = Env::new();
    env.write(
        "store.yaml",
        format!(
            "databases:\n  default:\n    url: sqlite://db.sqlite\n    \
             on_connect: [\"PRAGMA foreign_keys = ON\"]\n{more}"
        ),
    );
    write(
        &env,
        "r1",
        "",
        &[
            "create_table: {name: parent, columns: [{name: id, type: integer, primary_key: true}, {name: v, type: text}]}",
            "create_table: {name: child, columns: [{name: id, type: integer, primary_key: true}, \
             {name: p, type: integer, references: {table: parent, column: id, on_delete: cascade}}]}",
            "sql: \"INSERT INTO parent VALUES (1, 'a'), (2, 'b')\"",
            "sql: \"INSERT INTO child VALUES (10, 1), (20, 2), (21, 2)\"",
        ],
        "down: irreversible\n",
    );
    env
}

/// Makes a table anew that others refer to.
const REBUILD: &str =
    "alter_column: {table: parent, column: v, nullable: false, was: {nullable: true}}";
/// Fails where foreign keys are enforced.
const ORPHAN: &str = "sql: \"INSERT INTO child VALUES (99, 99)\"";

fn sqlite(env: &Env, sql: &str) -> String {
    env.shell(&format!("sqlite3 db.sqlite {sql:?}")).success().stdout
}

#[test]
fn making_a_table_anew_keeps_the_rows_that_refer_to_it() {
    for mode in ["per-revision", "all", "none"] {
        let env = enforcing(&format!("    transaction: {mode}\n"));
        write(&env, "r2", "r1", &[REBUILD], "");
        write(
            &env,
            "r3",
            "r2",
            &["drop_column: {table: parent, column: v, was: {name: v, type: text}}"],
            "",
        );
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(
            sqlite(&env, "SELECT count(*) FROM child; SELECT count(*) FROM parent"),
            "3\n2\n"
        );
        // Whatever a step did to the session, the next one finds foreign keys enforced.
        write(&env, "r4", "r3", &["rename_table: {name: parent, to: parents}"], "");
        write(&env, "r5", "r4", &[ORPHAN], "");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        assert!(
            output.stderr.contains("FOREIGN KEY constraint failed"),
            "{mode}: {}",
            output.stderr
        );
    }
}

#[test]
fn foreign_keys_are_enforced_again_behind_a_step_that_failed() {
    let env = enforcing("");
    env.rev(["upgrade", "heads"]).success();
    write(&env, "r2", "r1", &[REBUILD, "sql: \"NOTHING AT ALL\""], "");
    let output = env.rev(["upgrade", "heads"]).exits(1);
    assert!(output.stderr.contains("r2 was rolled back"), "{}", output.stderr);
    assert_eq!(
        sqlite(&env, "SELECT sql LIKE '%NOT NULL%' FROM sqlite_schema WHERE name = 'parent'"),
        "0\n"
    );
    assert_eq!(sqlite(&env, "SELECT count(*) FROM child"), "3\n");
}

#[test]
fn rows_that_would_refer_to_nothing_are_refused_by_name() {
    for mode in ["per-revision", "none"] {
        let env = Env::new();
        env.write(
            "store.yaml",
            format!(
                "databases:\n  default:\n    url: sqlite://db.sqlite\n    transaction: {mode}\n"
            ),
        );
        write(
            &env,
            "r1",
            "",
            &[
                "create_table: {name: a, columns: [{name: id, type: integer, primary_key: true}]}",
                "create_table: {name: b, columns: [{name: id, type: integer, primary_key: true}, {name: a, type: integer}]}",
                "sql: \"INSERT INTO b VALUES (1, NULL), (2, 7)\"",
            ],
            "down: irreversible\n",
        );
        let key = "create_foreign_key: {table: b, name: fk_b_a, columns: [a], references: {table: a, columns: [id]}}";
        write(&env, "r2", "r1", &[key], "");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        insta::allow_duplicates! {
            insta::assert_snapshot!(output.snapshot(), @"
            ! [1/2] up r1 r1
            ! [2/2] up r2 r2
            ! error: up r2: foreign key violations: row 2 of b (to a)
            !  --> revisions/r2.yaml:5
            !   executed:
            !   |
            ! 1 | DROP TABLE rev_old_b
            !   |
            ! state: r2 was rolled back; 1 revision before it is done and recorded; the database is at r1
            ! hint: correct or delete these rows first, or let the revision do so
            [exit 1]
            ");
        }
        assert_eq!(sqlite(&env, "SELECT count(*) FROM b"), "2\n");
        sqlite(&env, "DELETE FROM b WHERE a = 7");
        env.rev(["upgrade", "heads"]).success();
        // What referred to nothing before is not this step's fault.
        sqlite(&env, "INSERT INTO b VALUES (3, 9)");
        write(
            &env,
            "r3",
            "r2",
            &["alter_column: {table: b, column: a, type: bigint, was: {type: integer}}"],
            "",
        );
        env.rev(["upgrade", "heads"]).success();
    }
}

/// A table, and an operation on it that hangs on what it is.
fn late(engine: Engine) -> (&'static str, &'static str) {
    match engine {
        Engine::Sqlite | Engine::Mariadb | Engine::Mysql => (
            "create_table: {name: t, columns: [{name: id, type: bigint, primary_key: true}, {name: v, type: string(20)}]}",
            "alter_column: {table: t, column: v, type: string(40), was: {type: string(20)}}",
        ),
        Engine::Postgres => (
            "create_enum: {name: mood, values: [sad, ok, happy]}",
            "drop_enum_value: {name: mood, value: ok, was: {after: sad}}",
        ),
    }
}

/// What the late operation changes, in words of the database.
fn shape(db: &TestDb) -> String {
    db.query(match db.engine() {
        Engine::Sqlite => {
            "SELECT group_concat(name || ' ' || lower(type), ', ') FROM pragma_table_info('t')"
        }
        Engine::Mariadb | Engine::Mysql => {
            "SELECT GROUP_CONCAT(column_name, ' ', column_type ORDER BY ordinal_position) \
             FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't'"
        }
        Engine::Postgres => "SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum",
    })
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn a_late_operation_goes_down_by_the_database_alone() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let (make, change) = late(engine);
        write(&env, "r1", "", &[make], "");
        env.rev(["upgrade", "heads"]).success();
        let before = shape(&db);
        write(&env, "r2", "r1", &[change], "");
        env.rev(["upgrade", "heads"]).success();
        assert_ne!(shape(&db), before, "{engine:?}");
        // What PostgreSQL takes to add the value again hangs on no table.
        let kept =
            if engine == Engine::Postgres { "ALTER TYPE mood ADD VALUE" } else { "\"operation\"" };
        let stored = db.value("SELECT down FROM rev_text WHERE id = 'r2'");
        assert!(stored.contains(kept), "{engine:?}: {stored}");
        // Another line has changed the table meanwhile.
        let (grown, other) = match engine {
            Engine::Postgres => ("ALTER TYPE mood ADD VALUE 'glad'", " glad"),
            Engine::Sqlite => ("ALTER TABLE t ADD COLUMN w integer", ", w integer"),
            Engine::Mariadb | Engine::Mysql => ("ALTER TABLE t ADD COLUMN w integer", ",w int(11)"),
        };
        db.execute(grown);
        std::fs::remove_file(env.path("revisions/r2.yaml")).unwrap();
        let output = env.rev(["downgrade", "r1", "--yes"]).success();
        let word = if engine == Engine::Postgres { kept } else { "alter_column" };
        assert!(output.stderr.contains(word), "it is shown before it runs: {}", output.stderr);
        assert_eq!(shape(&db), format!("{before}{other}"), "{engine:?}");
        env.rev(["downgrade", "base", "--yes"]).success();
        assert_eq!(shape(&db).replace("NULL", ""), "", "{engine:?}");
    });
}

#[test]
fn what_sql_of_the_same_revision_made_unknown_is_refused_before_anything_runs() {
    for engine in [Engine::Sqlite, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let (make, change) = late(engine);
        write(&env, "r1", "", &[make], "");
        env.rev(["upgrade", "heads"]).success();
        let sql = "sql: \"ALTER TABLE t ADD COLUMN w integer\"";
        write(&env, "r2", "r1", &[sql, change], "down: irreversible\n");
        let before = shape(&db);
        let output = env.rev(["upgrade", "heads"]).exits(1);
        assert!(output.stderr.contains("revisions/r2.yaml:6"), "{}", output.stderr);
        assert_eq!(shape(&db), before, "{engine:?}: {}", output.stderr);
        assert!(env.rev(["status"]).success().stdout.contains("at r1"));
        // Parted, it runs.
        write(&env, "r2", "r1", &[sql], "down: irreversible\n");
        write(&env, "r3", "r2", &[change], "");
        env.rev(["upgrade", "heads"]).success();
    }
}

#[test]
fn operations_of_a_plan_that_contradict_each_other_are_refused_before_anything_runs() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let table =
            "create_table: {name: t, columns: [{name: id, type: bigint, primary_key: true}]}";
        write(&env, "r1", "", &[table], "");
        write(&env, "r2", "r1", &["drop_table: {name: t}"], "");
        write(&env, "r3", "r2", &["add_column: {table: t, column: {name: v, type: text}}"], "");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        assert!(output.stderr.contains("revisions/r3.yaml:5"), "{}", output.stderr);
        assert!(output.stderr.contains("dropped"), "{}", output.stderr);
        assert!(env.rev(["status"]).success().stdout.contains("at base"));
        insta::allow_duplicates! {
            insta::assert_snapshot!(output.snapshot(), @"
            ! error: t no longer exists: it was dropped
            !  --> revisions/r3.yaml:5
            !   |
            ! 5 |   - add_column: {table: t, column: {name: v, type: text}}
            !   |
            ! hint: check the operations before it
            [exit 1]
            ");
        }
    });
}

#[test]
fn what_drops_is_dangerous_however_it_is_written() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let store = env.read("store.yaml");
        env.write("store.yaml", format!("{store}    kind: protected\n"));
        let (make, change) = late(engine);
        let table = "create_table: {name: u, columns: [{name: id, type: bigint, primary_key: true}, \
                     {name: a, type: bigint, nullable: false}]}";
        write(&env, "r1", "", &[make, table], "");
        // A column that may be NULL from now on loses nothing, whatever words it takes.
        let loose = "alter_column: {table: u, column: a, nullable: true, was: {nullable: false}}";
        write(&env, "r2", "r1", &[loose], "");
        env.rev(["upgrade", "heads"]).success();
        let drops = match engine {
            Engine::Postgres => change,
            _ => "drop_column: {table: u, column: a}",
        };
        write(&env, "r3", "r2", &[drops], "");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        assert!(output.stderr.contains("--yes"), "{engine:?}: {}", output.stderr);
        env.rev(["upgrade", "heads", "--yes"]).success();
        let irreversible = env.rev(["downgrade", "r2", "--yes"]);
        if engine != Engine::Postgres {
            assert_eq!(irreversible.code, 1);
            insta::allow_duplicates! {
                insta::assert_snapshot!(irreversible.snapshot(), @"
                ! error: r3 is irreversible: its `down` is omitted, and drop_column has no reverse: it needs `was:` with the column as it was
                !  --> revisions/r3.yaml
                ! state: nothing was changed
                ! hint: write a `down` for r3, or write a new revision instead
                [exit 1]
                ");
            }
        }
    });
}

#[test]
fn a_mended_file_goes_on_behind_what_ran() {
    let db = TestDb::new(Engine::Mariadb);
    let env = Env::with_database(&db);
    let (make, change) = late(Engine::Mariadb);
    write(&env, "r1", "", &[make], "");
    env.rev(["upgrade", "heads"]).success();
    let wrong = "alter_column: {table: t, column: v, default: {sql: \"no_such_function()\"}}";
    write(&env, "r2", "r1", &[change, wrong], "down: irreversible\n");
    let output = env.rev(["upgrade", "heads"]).exits(1);
    assert!(output.stderr.contains("r2 is partially applied"), "{}", output.stderr);
    // Mended once, it fails in another place, and is mended there, too.
    let right = "alter_column: {table: t, column: v, nullable: false}";
    let later = "alter_column: {table: t, column: id, type: no_such_type}";
    write(&env, "r2", "r1", &[change, right, later], "down: irreversible\n");
    let output = env.rev(["resume"]).exits(1);
    assert!(output.stderr.contains("no_such_type"), "{}", output.stderr);
    let last = "alter_column: {table: t, column: v, comment: mended}";
    write(&env, "r2", "r1", &[change, right, last], "down: irreversible\n");
    env.rev(["resume"]).success();
    let told = db.query(
        "SELECT column_type, is_nullable, column_comment FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND column_name = 'v'",
    );
    assert_eq!(told, [["varchar(40)", "NO", "mended"]]);
    env.rev(["verify"]).success();
}
