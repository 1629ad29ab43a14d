//! Scripts: piped into the engine's own client they leave what an online run leaves.

use super::support::{Engine, Env, TestDb, for_each_engine};

const FROM_BASE: &str = "base:heads";

/// Two lines and a merge, with quotes, bodies and backslashes in their texts, and a step that no
/// transaction holds.
fn write_revisions(env: &Env, engine: Engine) {
    let revision = |id: &str, parents: &str, up: &str, down: &str| {
        env.write(
            format!("revisions/{id}.sql"),
            format!(
                "-- revision: {id}\n-- parents: [{parents}]\n-- message: it's {id} \\ \"one\"\n\n\
                 -- rev: up{up}\n\n-- rev: down{down}\n"
            ),
        );
    };
    revision(
        "a1",
        "",
        "\nCREATE TABLE a (id integer PRIMARY KEY, v varchar(80)); -- it's a table\n\
         INSERT INTO a VALUES (1, 'it''s; one -- two'); -- done",
        "\nDROP TABLE a;",
    );
    let trigger = match engine {
        Engine::Sqlite => {
            "\nCREATE TRIGGER up AFTER INSERT ON a BEGIN UPDATE a SET v = 'x;y'; SELECT 1; END;"
        }
        Engine::Postgres => {
            "\nCREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT 1; SELECT 2; $$;\n\
             CREATE TABLE c (x integer, y text);\n\
             COPY c FROM stdin;\n1\tone\n2\ttwo\\\\2\n\\.\n"
        }
        Engine::Mariadb | Engine::Mysql => {
            "\nDELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 'a;b'; END//\nDELIMITER ;\n"
        }
    };
    let gone = match engine {
        Engine::Sqlite => "\nDROP TRIGGER up;",
        Engine::Postgres => "\nDROP TABLE c;\nDROP FUNCTION f;",
        Engine::Mariadb | Engine::Mysql => "\nDROP PROCEDURE p;",
    };
    revision("b1", "a1", trigger, gone);
    let of = if engine == Engine::Mariadb { " ON a" } else { "" };
    revision(
        "b2",
        "a1",
        &format!(
            " no-transaction\nCREATE INDEX ix ON a (v);\nUPDATE a SET v = 'no';\nDROP INDEX ix{of};"
        ),
        "\nUPDATE a SET v = 'back';",
    );
    revision("c1", "b1, b2", "\nCREATE TABLE z (id integer PRIMARY KEY);", "\nDROP TABLE z;");
}

/// The journal, times and runs aside.
fn journal(db: &TestDb) -> Vec<Vec<Vec<String>>> {
    [
        "SELECT id, seq, up_digest, down_digest, parents, depends_on, how, who FROM rev_applied ORDER BY seq",
        "SELECT id, up_digest, down_digest, file, body, up, down FROM rev_text ORDER BY 1, 2, 3",
        "SELECT seq, who, event, revision, direction, statement, digest, detail FROM rev_log ORDER BY seq",
    ]
    .iter()
    .map(|sql| db.query(sql))
    .collect()
}

fn has_journal(db: &TestDb) -> bool {
    db.try_execute("SELECT count(*) FROM rev_log").is_ok()
}

fn sql(env: &Env, engine: Engine, arguments: &[&str]) -> String {
    let dialect = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
        Engine::Mariadb => "mariadb",
        Engine::Mysql => "mysql",
    };
    let mut all = arguments.to_vec();
    all.push("--sql");
    if arguments.iter().any(|argument| argument.contains(':')) {
        // Without a database nobody can ask which of MySQL and MariaDB it is.
        all.extend(["--dialect", dialect]);
    }
    env.rev(all).success().stdout
}

#[test]
fn a_script_leaves_the_journal_of_an_online_run() {
    for_each_engine(|engine| {
        let (online, piped, offline) =
            (TestDb::new(engine), TestDb::new(engine), TestDb::new(engine));
        let (by_run, by_script) = (Env::with_database(&online), Env::with_database(&piped));
        write_revisions(&by_run, engine);
        write_revisions(&by_script, engine);
        for step in [
            &["upgrade", "b1"][..],
            &["upgrade", "heads"],
            &["downgrade", "b1"],
            &["stamp", "heads"],
            &["downgrade", "base"],
            &["stamp", "a1", "b2"],
        ] {
            if step != ["downgrade", "base"] {
                by_run.rev(step).success();
                let script = sql(&by_script, engine, step);
                piped.pipe(&script).success();
            } else {
                // A stamp came before it, so what it would drop is not all there.
                by_run.rev(["stamp", "--purge", "a1"]).success();
                let script = sql(&by_script, engine, &["stamp", "--purge", "a1"]);
                piped.pipe(&script).success();
            }
            assert_eq!(journal(&online), journal(&piped), "{engine:?} {step:?}");
        }
        let fresh = TestDb::new(engine);
        let env = Env::with_database(&fresh);
        write_revisions(&env, engine);
        env.rev(["upgrade", "heads"]).success();
        let script = sql(&by_script, engine, &["upgrade", FROM_BASE]);
        offline.pipe(&script).success();
        assert_eq!(journal(&fresh), journal(&offline), "{engine:?}");
        let instant = offline.value("SELECT min(at) FROM rev_applied");
        assert!(
            instant.starts_with("20") && instant.ends_with('Z') && instant.len() == 20,
            "{instant}"
        );
    });
}

#[test]
fn a_script_for_another_state_changes_nothing() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        write_revisions(&env, engine);
        let from_nothing = sql(&env, engine, &["upgrade", "heads"]);
        let from_a1 = sql(&env, engine, &["upgrade", "a1:heads"]);
        let output = db.pipe(&from_a1);
        assert_ne!(output.code, 0, "{engine:?}");
        assert!(!has_journal(&db), "{engine:?}");
        env.rev(["upgrade", "b1"]).success();
        let before = journal(&db);
        for script in [&from_nothing, &from_a1, &sql(&env, engine, &["stamp", "base:c1"])] {
            let output = db.pipe(script);
            assert_ne!(output.code, 0, "{engine:?}\n{script}");
            assert_eq!(journal(&db), before, "{engine:?}");
        }
        let right = sql(&env, engine, &["upgrade", "heads"]);
        db.pipe(&right).success();
        let after = journal(&db);
        assert_ne!(db.pipe(&right).code, 0, "{engine:?}: twice");
        assert_eq!(journal(&db), after, "{engine:?}");
    });
}

#[test]
fn a_failing_statement_stops_a_script() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        write_revisions(&env, engine);
        env.write(
            "revisions/bad.sql",
            "-- revision: bad\n-- parents: [c1]\n-- message: bad\n\n-- rev: up\n\
             CREATE TABLE q (id integer);\nINSERT INTO nowhere VALUES (1);\nCREATE TABLE r (id integer);\n\n\
             -- rev: irreversible\n",
        );
        env.write(
            "revisions/last.sql",
            "-- revision: last\n-- parents: [bad]\n-- message: last\n\n-- rev: up\n\
             CREATE TABLE s (id integer);\n\n-- rev: irreversible\n",
        );
        let script = sql(&env, engine, &["upgrade", "heads"]);
        let output = db.pipe(&script);
        assert_ne!(output.code, 0);
        assert!(output.stderr.contains("nowhere"), "{}", output.stderr);
        let applied: Vec<Vec<String>> = db.query("SELECT id FROM rev_applied ORDER BY seq");
        assert_eq!(applied.concat(), ["a1", "b1", "b2", "c1"]);
        let there = |table: &str| db.try_execute(&format!("SELECT * FROM {table}")).is_ok();
        // MariaDB cannot take the first table back, and the journal says that it is there.
        assert_eq!(there("q"), engine == Engine::Mariadb);
        assert!(!there("r") && !there("s"));
        if engine == Engine::Mariadb {
            let refused = env.rev(["upgrade", "heads"]).exits(1);
            assert!(refused.stderr.contains("rev resume"), "{}", refused.stderr);
            assert_ne!(db.pipe(&script).code, 0);
            assert_ne!(db.pipe(&sql(&env, engine, &["upgrade", "a1:heads"])).code, 0);
            db.execute("CREATE TABLE nowhere (id integer)");
            env.rev(["resume"]).success();
            env.rev(["upgrade", "heads"]).success();
            assert!(there("r") && there("s"));
        }
    });
}

#[test]
fn a_literal_means_the_same_in_a_script_and_online() {
    // What the dialects' defaults leave open: time zone, date order, SQLite's foreign keys.
    for (engine, up, look) in [
        (
            Engine::Postgres,
            "CREATE TABLE a (at timestamptz, d date); INSERT INTO a VALUES ('2026-11-22 12:00', '02/03/2026');",
            "SELECT extract(epoch FROM at), d::text FROM a",
        ),
        (
            Engine::Mariadb,
            "CREATE TABLE a (n bigint, m text); \
             INSERT INTO a VALUES (UNIX_TIMESTAMP('2026-11-22 12:00'), CONCAT(@@sql_mode, '1' || '0'));",
            "SELECT n, m FROM a",
        ),
        (
            Engine::Sqlite,
            "CREATE TABLE p (id integer PRIMARY KEY); \
             CREATE TABLE a (id integer REFERENCES p (id)); INSERT INTO a VALUES (7);",
            "SELECT id FROM a",
        ),
    ] {
        let mut seen = Vec::new();
        for by_script in [false, true] {
            let db = TestDb::new(engine);
            if engine == Engine::Postgres {
                db.execute(&format!(
                    "ALTER DATABASE {0} SET timezone = 'Asia/Tokyo'; \
                     ALTER DATABASE {0} SET datestyle = 'German, DMY'",
                    db.name()
                ));
            }
            let env = Env::with_database(&db);
            env.write(
                "revisions/a1.sql",
                format!("-- revision: a1\n-- parents: []\n-- message: one\n\n-- rev: up\n{up}\n\n-- rev: irreversible\n"),
            );
            if by_script {
                db.pipe(&sql(&env, engine, &["upgrade", FROM_BASE])).success();
            } else {
                env.rev(["upgrade", "heads"]).success();
            }
            seen.push(db.query(look));
        }
        assert_eq!(seen[0], seen[1], "{engine:?}");
    }
}

#[test]
fn what_the_journal_of_mysql_cannot_hold_is_refused_beforehand() {
    let env = Env::new();
    env.write("store.yaml", "databases: {}\n");
    env.table(&"a".repeat(191), &[]);
    let script = |dialect| env.rev(["upgrade", ":heads", "--sql", "--dialect", dialect]);
    let text = script("mysql").success().stdout;
    assert!(text.lines().next().unwrap().ends_with("for mysql"), "{text}");
    let id = "b".repeat(192);
    env.table(&id, &[]);
    for dialect in ["mysql", "mariadb"] {
        let error = script(dialect).exits(1).stderr;
        assert!(error.contains(&id) && error.contains("191"), "{error}");
    }
    script("sqlite").success();
}

/// Typed revisions on every engine: some are known when the plan is made, some hang on what their
/// tables are, and some stand behind others of the same script.
fn write_typed(env: &Env) {
    let revision = |id: &str, parents: &str, up: &str| {
        let up: String = up.lines().map(|line| format!("{line}\n")).collect();
        env.write(
            format!("revisions/{id}.yaml"),
            format!("revision: {id}\nparents: [{parents}]\nmessage: make {id}\nup:\n{up}"),
        );
    };
    revision(
        "t1",
        "",
        r#"  - create_table:
      name: owners
      columns:
        - {name: id, type: bigint, primary_key: true}
        - {name: name, type: string(80), nullable: false}
  - create_table:
      name: boxes
      columns:
        - {name: id, type: bigint, primary_key: true}
        - {name: owner_id, type: bigint}
        - {name: size, type: integer, default: 1}
        - {name: "Mixed Case", type: string(20)}
        - {name: price, type: "decimal(20,4)"}
        - {name: day, type: date}
        - {name: good, type: boolean}
        - {name: raw, type: bytes}
        - {name: data, type: json}
      constraints:
        - foreign_key:
            name: fk_boxes_owner
            columns: [owner_id]
            references: {table: owners, columns: [id]}
            on_delete: cascade
      indexes:
        - {name: ix_boxes_size, columns: [size]}
  - bulk_insert:
      table: owners
      columns: {id: bigint, name: string(80)}
      rows: [{id: 1, name: "it's; \\ \"she\" -- #"}, {id: 9007199254740993, name: "émile"}]
      key: [id]
  - bulk_insert:
      table: boxes
      columns:
        {id: bigint, owner_id: bigint, "Mixed Case": string(20), price: "decimal(20,4)", day: date, good: boolean, raw: bytes, data: json}
      rows:
        - {id: 1, owner_id: 1, "Mixed Case": "a;b", price: "1.5", day: "2026-01-31", good: true, raw: {hex: 00c0ffee}, data: {a: [1, "x'y"]}}
        - {id: 2, owner_id: null, good: false, raw: {base64: ""}, data: null}
      key: [id]
"#,
    );
    revision(
        "t2",
        "t1",
        r#"  - alter_column: {table: boxes, column: size, type: bigint, nullable: false, was: {type: integer}}
  - create_check: {table: boxes, name: ck_boxes_size, sql: "size > 0"}
  - add_column:
      table: owners
      column: {name: city, type: string(40), nullable: false, default: "l'Aquila"}
"#,
    );
    revision(
        "t3",
        "t1",
        r#"  - rename_table: {name: owners, to: people}
  - alter_column: {table: people, column: name, type: string(120), was: {type: string(80)}}
  - create_view: {name: names, query: "SELECT name FROM people"}
"#,
    );
    revision(
        "t4",
        "t2, t3",
        r#"  - drop_constraint:
      table: boxes
      name: ck_boxes_size
      kind: check
      was: {check: {sql: "size > 0"}}
  - drop_column: {table: boxes, column: day, was: {name: day, type: date}}
"#,
    );
}

/// Every row of the tables, and the tables as the engine's client shows them.
fn content(db: &TestDb) -> Vec<Vec<Vec<String>>> {
    let tables = match db.engine() {
        Engine::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'table'",
        Engine::Postgres => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        Engine::Mariadb | Engine::Mysql => {
            "SELECT table_name FROM information_schema.tables \
             WHERE table_schema = database() AND table_type = 'BASE TABLE'"
        }
    };
    let mut tables: Vec<String> = db.query(tables).concat();
    tables.retain(|table| !table.starts_with("rev_"));
    tables.sort();
    let mut seen: Vec<_> =
        tables.iter().map(|table| db.query(&format!("SELECT * FROM {table} ORDER BY 1"))).collect();
    match db.engine() {
        Engine::Sqlite => {
            // Where SQLite itself adds a column to a statement, its layout is its own.
            let sql = "SELECT type, name, replace(replace(sql, ' ', ''), char(10), '') FROM sqlite_schema \
                       WHERE name NOT LIKE '%rev_%' ORDER BY 1, 2";
            seen.push(db.query(sql));
        }
        Engine::Postgres => seen.push(db.query(
            "SELECT table_name, column_name, data_type, is_nullable, column_default \
             FROM information_schema.columns WHERE table_schema = 'public' \
             AND table_name NOT LIKE 'rev%' ORDER BY 1, 2",
        )),
        Engine::Mariadb | Engine::Mysql => {
            seen.extend(tables.iter().map(|table| db.query(&format!("SHOW CREATE TABLE {table}"))));
        }
    }
    seen
}

#[test]
fn a_script_of_operations_leaves_what_an_online_run_leaves() {
    for_each_engine(|engine| {
        let (online, piped) = (TestDb::new(engine), TestDb::new(engine));
        let (by_run, by_script) = (Env::with_database(&online), Env::with_database(&piped));
        write_typed(&by_run);
        write_typed(&by_script);
        for step in [
            &["upgrade", "t2"][..],
            &["upgrade", "heads"],
            &["downgrade", "t1"],
            &["upgrade", "heads"],
            &["downgrade", "base"],
        ] {
            by_run.rev(step).success();
            let script = sql(&by_script, engine, step);
            piped.pipe(&script).success();
            assert_eq!(content(&online), content(&piped), "{engine:?} {step:?}\n{script}");
            assert_eq!(journal(&online), journal(&piped), "{engine:?} {step:?}\n{script}");
        }
        // Nobody is asked: each range begins where the one before it ended.
        let offline = TestDb::new(engine);
        for (range, step) in [
            (&["upgrade", "base:t2"][..], &["upgrade", "t2"][..]),
            (&["upgrade", "t2:heads"], &["upgrade", "heads"]),
            (&["downgrade", "heads:t1"], &["downgrade", "t1"]),
        ] {
            by_run.rev(step).success();
            let script = sql(&by_script, engine, range);
            offline.pipe(&script).success();
            assert_eq!(content(&online), content(&offline), "{engine:?} {range:?}\n{script}");
        }
    });
}

#[test]
fn a_script_refuses_rows_that_would_refer_to_nothing() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    write_typed(&env);
    env.rev(["upgrade", "t1"]).success();
    env.write(
        "revisions/u1.yaml",
        "revision: u1\nparents: [t1]\nmessage: nobody\nup:\n  \
         - sql: \"DELETE FROM owners WHERE id = 1\"\n  \
         - alter_column: {table: owners, column: name, type: text}\ndown: irreversible\n",
    );
    let before = content(&db);
    // A row that was astray before is nobody's fault.
    db.execute("INSERT INTO boxes (id, owner_id) VALUES (7, 77)");
    let script = sql(&env, Engine::Sqlite, &["upgrade", "u1"]);
    let output = db.pipe(&script);
    assert_ne!(output.code, 0, "{script}");
    db.execute("DELETE FROM boxes WHERE id = 7");
    assert_eq!(content(&db), before);
    db.execute("INSERT INTO boxes (id, owner_id) VALUES (7, 77); UPDATE boxes SET owner_id = NULL WHERE owner_id = 1");
    db.pipe(&script).success();
    assert_eq!(db.query("SELECT count(*) FROM owners"), [["1"]]);
}

#[test]
fn what_a_script_cannot_work_out_is_refused_by_name() {
    let env = Env::new();
    env.write("store.yaml", "databases: {}\n");
    env.revision("a1", &[], "by hand", "CREATE TABLE t (a integer, b integer);", "DROP TABLE t;");
    env.write(
        "revisions/b1.yaml",
        "revision: b1\nparents: [a1]\nmessage: typed\nup:\n  \
         - alter_column: {table: t, column: a, type: bigint, was: {type: integer}}\n",
    );
    env.write(
        "revisions/c1.yaml",
        "revision: c1\nparents: [a1]\nmessage: a program\nup:\n  \
         - program: {command: [\"true\"], down: [\"true\"]}\n",
    );
    let session = env.session(
        "rev upgrade base:b1 --sql --dialect sqlite
        rev show b1 --sql --dialect mariadb
        rev show b1 --sql --dialect postgres
        rev show b1 --sql
        rev upgrade base:c1 --sql --dialect postgres
        rev show c1 --sql --dialect postgres",
    );
    insta::assert_snapshot!(session, @r#"
    $ rev upgrade base:b1 --sql --dialect sqlite
    ! error: on sqlite this needs the definition of t, which is not known here: the SQL of a1 (revisions/a1.sql:6) changes it
    !  --> revisions/b1.yaml:5
    !   |
    ! 5 |   - alter_column: {table: t, column: a, type: bigint, was: {type: integer}}
    !   |
    ! hint: print the script with a database connection (`--sql` without a range), or write the change in a1 as an operation
    [exit 1]

    $ rev show b1 --sql --dialect mariadb
    ! error: alter_column needs the definition of table t, which is not known here: the SQL of a1 (revisions/a1.sql:6) changes it
    !  --> revisions/b1.yaml:5
    !   |
    ! 5 |   - alter_column: {table: t, column: a, type: bigint, was: {type: integer}}
    !   |
    ! hint: print the script with a database connection (`--sql` without a range), or write the change in a1 as an operation
    [exit 1]

    $ rev show b1 --sql --dialect postgres
    -- up b1: typed
    ALTER TABLE t ALTER COLUMN a TYPE bigint;

    -- down b1: typed
    ALTER TABLE t ALTER COLUMN a TYPE integer;

    $ rev show b1 --sql
    ! error: the dialect is not known: store.yaml names no database
    ! hint: give it: `--dialect postgres`, mysql, mariadb or sqlite
    [exit 2]

    $ rev upgrade base:c1 --sql --dialect postgres
    ! error: up of c1 is a program, which a script cannot contain
    !  --> revisions/c1.yaml:5
    !   |
    ! 5 |   - program: {command: ["true"], down: ["true"]}
    !   |
    ! hint: let `rev` itself run this revision, without `--sql`
    [exit 1]

    $ rev show c1 --sql --dialect postgres
    -- up c1: a program
    -- outside a transaction
    -- program, with the url in DATABASE_URL: true

    -- down c1: a program
    -- outside a transaction
    -- program, with the url in DATABASE_URL: true
    "#);
}
