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
        Engine::Mariadb => {
            "\nDELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; SELECT 'a;b'; END//\nDELIMITER ;\n"
        }
    };
    let gone = match engine {
        Engine::Sqlite => "\nDROP TRIGGER up;",
        Engine::Postgres => "\nDROP TABLE c;\nDROP FUNCTION f;",
        Engine::Mariadb => "\nDROP PROCEDURE p;",
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
