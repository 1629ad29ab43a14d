//! Programs and backfills as parts of a revision.

use super::support::{Engine, Env, TestDb, for_each_engine};

/// Writes a revision of YAML.
fn write(env: &Env, id: &str, parents: &str, body: &str) {
    let text = format!("revision: {id}\nparents: [{parents}]\nmessage: {id}\n{body}\n");
    env.write(format!("revisions/{id}.yaml"), text);
}

/// The SQL of a table with as many rows, all with `n` 0.
fn table(engine: Engine, name: &str, rows: usize) -> String {
    let key = if engine == Engine::Sqlite { "integer" } else { "bigint" };
    let values: Vec<String> = (1..=rows).map(|id| format!("({id}, 0)")).collect();
    let insert = match rows {
        0 => String::new(),
        _ => format!("INSERT INTO {name} VALUES {};", values.join(", ")),
    };
    format!("CREATE TABLE {name} (id {key} PRIMARY KEY, n integer NOT NULL); {insert}")
}

/// A backfill that adds one to each row: whether a row is left out or taken twice, it shows.
fn counting(table: &str, more: &str) -> String {
    format!(
        "up:\n  - backfill:\n      table: {table}\n      key: [id]\n      set: {{n: {{sql: \"n + 1\"}}}}\n\
         \x20     down: {{n: 0}}\n{more}"
    )
}

#[test]
fn a_backfill_takes_every_row_once() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute(&table(engine, "t", 250));
        let env = Env::with_database(&db);
        write(&env, "r1", "", &counting("t", "      where: \"id > 10\"\n      batch: 40\n"));
        let output = env.rev(["upgrade", "heads"]).success();
        assert!(output.stderr.contains("rows, up to key"), "{}", output.stderr);
        let spread = "SELECT n, count(*) FROM t GROUP BY n ORDER BY n";
        assert_eq!(db.query(spread), [["0", "10"], ["1", "240"]], "{engine:?}");
        let batches = "SELECT count(*) FROM rev_log WHERE event = 'batch'";
        assert_eq!(db.value(batches), "6", "{engine:?}");
        insta::allow_duplicates! {
            let journal = env.rev(["journal", "-v"]).success().stdout;
            let told: Vec<&str> = journal.lines().filter(|line| line.contains("statement 1")).collect();
            // PostgreSQL's keys are literals of no type yet.
            let told = told.join("\n").replace('\'', "");
            insta::assert_snapshot!(told, @r#"
            batch up r1 statement 1: 40 rows, up to key 50
            batch up r1 statement 1: 80 rows, up to key 90
            batch up r1 statement 1: 120 rows, up to key 130
            batch up r1 statement 1: 160 rows, up to key 170
            batch up r1 statement 1: 200 rows, up to key 210
            batch up r1 statement 1: 240 rows, up to key 250
            done up r1 statement 1: 240 rows
            "#);
        }
        env.rev(["downgrade", "base", "--yes"]).success();
        assert_eq!(db.query(spread), [["0", "250"]], "{engine:?}");
        // The way back takes all rows, for what it sets may be what it would ask for.
        assert_eq!(db.value(batches), "13", "{engine:?}");
    });
}

/// Rows that get another key by the update would be found again behind the batches that are done, without end.
#[test]
fn a_backfill_that_moves_its_rows_is_refused() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute("CREATE TABLE t (id integer PRIMARY KEY, k integer NOT NULL, m integer); INSERT INTO t VALUES (1, 0, 1), (2, 0, 2), (3, 0, 3)");
        let sets = |key: &str, set: &str| {
            let env = Env::with_database(&db);
            let body = format!(
                "up:\n  - backfill: {{table: t, key: [{key}], set: {{{set}}}, batch: 1}}\ndown: []\n"
            );
            write(&env, "r1", "", &body);
            env.rev(["upgrade", "heads"]).exits(1).stderr
        };
        let said = sets("k, id", "k: {sql: \"k + 1\"}");
        assert!(said.contains("it changes k, which is in its key"), "{said}");
        // What only the database knows of is found by the first batch, and taken back.
        db.execute(match engine {
            Engine::Postgres => {
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.m = NEW.m + 10; RETURN NEW; END'; \
                 CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()"
            }
            Engine::Sqlite => {
                "CREATE TRIGGER tr AFTER UPDATE OF k ON t BEGIN UPDATE t SET m = m + 10 WHERE id = NEW.id; END"
            }
            Engine::Mariadb | Engine::Mysql => {
                "CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW SET NEW.m = NEW.m + 10"
            }
        });
        let said = sets("m", "k: 1");
        assert!(said.contains("the update gives a row of t another key (m)"), "{said}");
        assert_eq!(db.query("SELECT DISTINCT k FROM t"), [["0"]], "{engine:?}");
    });
}

/// The columns of a key with their types, and rows of literals, in no order.
type Key<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);

#[test]
fn keys_of_every_type_lead_through_all_rows() {
    let common: &[Key] = &[
        (
            "bigint",
            &["k bigint"],
            &[
                "9007199254740993",
                "9007199254740992",
                "9007199254740994",
                "9223372036854775807",
                "-9007199254740993",
                "-9223372036854775807",
                "0",
            ],
        ),
        (
            "text",
            &["k varchar(100)"],
            &["''", "'it''s'", "'a b'", "'ünï'", "'\n'", "'%_'", "'--'", "'Z'", "'1e3'", "'007'"],
        ),
        (
            "decimal",
            &["k decimal(30,4)"],
            &["1.0001", "12345678901234567890.1234", "12345678901234567890.1235", "-3", "0"],
        ),
        ("date", &["k date"], &["'2024-02-29'", "'2024-03-01'", "'1999-12-31'", "'2024-02-28'"]),
        (
            "composite",
            &["a bigint", "b varchar(20)", "c integer"],
            &[
                "1, 'x', 1",
                "1, 'x', 2",
                "1, 'y', 0",
                "2, 'a', 5",
                "2, 'b', 1",
                "2, 'b', 2",
                "0, 'z', 9",
            ],
        ),
    ];
    let own = |engine: Engine| -> Vec<Key<'static>> {
        match engine {
            Engine::Postgres => vec![
                (
                    "uuid",
                    &["k uuid"],
                    &[
                        "'00000000-0000-0000-0000-000000000001'",
                        "'f0000000-0000-0000-0000-000000000001'",
                        "'7fffffff-0000-0000-0000-00000000000a'",
                    ],
                ),
                (
                    "timestamptz",
                    &["k timestamptz"],
                    &[
                        "'2024-01-01 00:00:00.000001+00'",
                        "'2024-01-01 00:00:00.000002+00'",
                        "'2023-12-31 23:00:00-03'",
                        "'2024-06-01 12:00:00+02'",
                    ],
                ),
                ("bytes", &["k bytea"], &["'\\x00'", "'\\x00ff'", "'\\xff'", "'\\x27'"]),
                (
                    "double",
                    &["k double precision"],
                    &["0.1", "0.30000000000000004", "0.3", "1e300"],
                ),
            ],
            Engine::Mariadb | Engine::Mysql => vec![
                (
                    "uuid",
                    &["k uuid"],
                    &[
                        "'00000000-0000-0000-0000-000000000001'",
                        "'f0000000-0000-0000-0000-000000000001'",
                        "'7fffffff-0000-0000-0000-00000000000a'",
                    ],
                ),
                (
                    "datetime",
                    &["k datetime(6)"],
                    &[
                        "'2024-01-01 00:00:00.000001'",
                        "'2024-01-01 00:00:00.000002'",
                        "'2023-12-31 23:00:00'",
                        "'2024-06-01 12:00:00'",
                    ],
                ),
                (
                    "unsigned",
                    &["k bigint unsigned"],
                    &["18446744073709551615", "18446744073709551614", "9223372036854775808", "0"],
                ),
                ("bytes", &["k varbinary(16)"], &["x'00'", "x'00ff'", "x'ff'", "x'27'", "x'41'"]),
                ("double", &["k double"], &["0.1", "0.30000000000000004", "0.3", "1e300"]),
            ],
            Engine::Sqlite => vec![
                ("mixed", &["k"], &["1", "2.5", "'a'", "x'00ff'", "-7", "9007199254740993", "'1'"]),
                ("double", &["k real"], &["0.1", "0.30000000000000004", "0.3", "1e300", "9e999"]),
                ("bytes", &["k blob"], &["x'00'", "x'00ff'", "x'ff'", "x'27'"]),
            ],
        }
    };
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let mut parent = String::new();
        for (name, columns, rows) in common.iter().copied().chain(own(engine)) {
            // SQLite has no exact decimals.
            if name == "decimal" && engine == Engine::Sqlite {
                continue;
            }
            let keys: Vec<&str> =
                columns.iter().filter_map(|column| column.split(' ').next()).collect();
            let keys = keys.join(", ");
            let values: Vec<String> = rows.iter().map(|row| format!("({row}, 0)")).collect();
            db.execute(&format!(
                "CREATE TABLE t_{name} ({}, n integer NOT NULL, PRIMARY KEY ({keys})); \
                 INSERT INTO t_{name} ({keys}, n) VALUES {}",
                columns.iter().map(|c| format!("{c} NOT NULL")).collect::<Vec<_>>().join(", "),
                values.join(", ")
            ));
            for batch in [1, 2, 100] {
                let id = format!("r_{name}_{batch}");
                let body = format!(
                    "up:\n  - backfill: {{table: t_{name}, key: [{keys}], set: {{n: {{sql: \"n + 1\"}}}}, \
                     batch: {batch}}}\n"
                );
                write(&env, &id, &parent, &body);
                parent = id;
            }
            env.rev(["upgrade", "heads"]).success();
            let spread = db.query(&format!("SELECT n, count(*) FROM t_{name} GROUP BY n"));
            assert_eq!(spread, [["3".to_owned(), rows.len().to_string()]], "{engine:?} {name}");
        }
    });
}

#[test]
fn a_row_without_a_key_is_refused() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute("CREATE TABLE t (id integer, n integer NOT NULL)");
        db.execute("INSERT INTO t VALUES (1, 0), (NULL, 0)");
        let env = Env::with_database(&db);
        write(&env, "r1", "", &counting("t", ""));
        let output = env.rev(["upgrade", "heads"]).exits(1);
        assert!(
            output.stderr.contains("a row of t has no value in its key (id)"),
            "{}",
            output.stderr
        );
        assert_eq!(db.query("SELECT DISTINCT n FROM t"), [["0"]]);
    });
}

/// MariaDB reads single precision shorter than it is, and bits as a text: such a key leads nowhere, and is
/// refused before a row is changed. PostgreSQL's values say their type.
#[test]
fn a_key_that_is_not_exact_is_refused() {
    let update = |engine, type_: &str, values: &str| {
        let db = TestDb::new(engine);
        db.execute(&format!("CREATE TABLE t (id {type_} PRIMARY KEY, n int NOT NULL)"));
        db.execute(&format!("INSERT INTO t VALUES {values}"));
        let env = Env::with_database(&db);
        write(&env, "r1", "", &counting("t", ""));
        (env.rev(["upgrade", "heads"]), db)
    };
    let (bits, numbers) = ("(b'1', 0), (b'10', 0)", "(0.7, 0), (0.1, 0), (1.3, 0)");
    for (type_, values) in [("float", numbers), ("bit(8)", bits)] {
        let (output, db) = update(Engine::Mariadb, type_, values);
        let refused = output.exits(1).stderr;
        let message = "no row of t is found by the value that its key (id) reads as";
        assert!(refused.contains(message) && refused.contains("an exact type"), "{refused}");
        assert_eq!(db.query("SELECT DISTINCT n FROM t"), [["0"]]);
    }
    let bits = "(b'00000001', 0), (b'00000010', 0)";
    for (type_, values) in [("real", numbers), ("bit(8)", bits)] {
        let (output, db) = update(Engine::Postgres, type_, values);
        output.success();
        assert_eq!(db.query("SELECT DISTINCT n FROM t"), [["1"]], "{type_}");
    }
}

#[test]
fn a_comment_swallows_no_condition() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute(&table(engine, "t", 30));
        let env = Env::with_database(&db);
        let body = "up:\n  - backfill: {table: t, key: [id], set: {n: {sql: \"n + 1 -- one\"}}, \
                    where: \"id > 3 -- not the first\", batch: 4}\n";
        write(&env, "r1", "", body);
        env.rev(["upgrade", "heads"]).success();
        let spread = db.query("SELECT n, count(*) FROM t GROUP BY n ORDER BY n");
        assert_eq!(spread, [["0", "3"], ["1", "27"]], "{engine:?}");
    });
}

#[test]
fn a_batch_that_waits_too_long_for_a_row_is_tried_again() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        db.execute(&table(engine, "t", 30));
        let env = Env::with_database(&db);
        let store = env.read("store.yaml");
        env.write("store.yaml", format!("{store}    statement_lock_timeout: 1s\n"));
        write(&env, "r1", "", &counting("t", "      batch: 10\n"));
        let mut holder = db.client();
        holder.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null());
        let mut holder = holder.spawn().unwrap();
        let mut pipe = holder.stdin.take().unwrap();
        let (held, waits_for) = match engine {
            Engine::Postgres => (
                "BEGIN;\nSELECT id FROM t WHERE id = 25 FOR UPDATE;\n",
                "SELECT count(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND state = 'idle in transaction'",
            ),
            _ => (
                "BEGIN;\nSELECT id FROM t WHERE id = 25 FOR UPDATE;\n\
                 DO GET_LOCK(CONCAT(DATABASE(), '_held'), 0);\n",
                "SELECT count(IS_USED_LOCK(CONCAT(DATABASE(), '_held')))",
            ),
        };
        std::io::Write::write_all(&mut pipe, held.as_bytes()).unwrap();
        std::io::Write::flush(&mut pipe).unwrap();
        while db.value(waits_for) == "0" {
            std::thread::yield_now();
        }
        let running = env.spawn(["upgrade", "heads"]);
        running.wait_for_stderr("attempt 2");
        std::io::Write::write_all(&mut pipe, b"ROLLBACK;\n").unwrap();
        drop(pipe);
        holder.wait().unwrap();
        running.wait().success();
        assert_eq!(db.query("SELECT n, count(*) FROM t GROUP BY n"), [["1", "30"]], "{engine:?}");
        assert_eq!(db.value("SELECT count(*) FROM rev_log WHERE event = 'batch'"), "3");
    }
}

#[test]
fn a_backfill_that_is_stopped_goes_on_behind_its_last_batch() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute(&table(engine, "t", 100));
        let env = Env::with_database(&db);
        write(&env, "r1", "", &counting("t", "      batch: 10\n      pause: 100\n"));
        let running = env.spawn(["upgrade", "heads"]);
        running.wait_for_stderr("rows, up to key");
        running.signal("INT");
        let output = running.wait();
        assert_eq!(output.code, 130, "{}", output.stderr);
        assert!(output.stderr.contains("rev resume"), "{}", output.stderr);
        let filled: usize = db.value("SELECT count(*) FROM t WHERE n = 1").parse().unwrap();
        assert!((10..100).contains(&filled) && filled.is_multiple_of(10), "{filled}");
        let status = env.rev(["status"]).success().stdout;
        let told = format!("the next one has updated {filled} rows, up to key");
        assert!(status.contains(&told), "{status}");
        let refused = env.rev(["upgrade", "heads"]).exits(1);
        assert!(refused.stderr.contains("rev resume"), "{}", refused.stderr);
        env.rev(["resume"]).success();
        assert_eq!(db.query("SELECT n, count(*) FROM t GROUP BY n"), [["1", "100"]], "{engine:?}");
        assert_eq!(db.value("SELECT count(*) FROM rev_log WHERE event = 'batch'"), "10");
        env.rev(["status"]).success();
    });
}

#[test]
fn a_backfill_killed_anywhere_repeats_and_leaves_out_nothing() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute(&table(engine, "t", 600));
        let env = Env::with_database(&db);
        write(&env, "r1", "", &counting("t", "      batch: 3\n      pause: 1\n"));
        let batches = || -> usize {
            db.try_execute("SELECT count(*) FROM rev_log WHERE event = 'batch'")
                .ok()
                .and_then(|text| text.trim_matches(['\x1e', '\n']).parse().ok())
                .unwrap_or(0)
        };
        for kill in 1..=5 {
            let command = if batches() == 0 { "upgrade" } else { "resume" };
            let mut running =
                env.spawn([command, "heads"].into_iter().take(if command == "upgrade" {
                    2
                } else {
                    1
                }));
            while batches() < kill * 20 && !running.has_ended() {}
            running.kill();
            drop(running.wait());
        }
        env.rev(["resume"]).success();
        assert_eq!(db.query("SELECT n, count(*) FROM t GROUP BY n"), [["1", "600"]], "{engine:?}");
        assert_eq!(batches(), 200, "{engine:?}");
    });
}

#[test]
fn a_mended_backfill_begins_again_and_an_unchanged_one_goes_on() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute(&table(engine, "t", 30));
        let env = Env::with_database(&db);
        // The third batch fails.
        let set = "CASE WHEN id = 25 THEN NULL ELSE n + 1 END";
        let body = |set: &str, where_: &str| {
            format!(
                "up:\n  - backfill: {{table: t, key: [id], set: {{n: {{sql: \"{set}\"}}}}, batch: 10{where_}}}\n\
                 \x20 - sql: |\n      UPDATE t SET n = n + 100 WHERE id = 1\n"
            )
        };
        write(&env, "r1", "", &body(set, ""));
        let output = env.rev(["upgrade", "heads"]).exits(1);
        assert!(output.stderr.contains("r1 is partially applied"), "{}", output.stderr);
        assert_eq!(db.value("SELECT count(*) FROM t WHERE n = 1"), "20", "{engine:?}");
        // The database is mended: the backfill goes on where it was.
        db.execute("UPDATE t SET id = 125 WHERE id = 25");
        env.rev(["resume"]).success();
        let spread = "SELECT n, count(*) FROM t GROUP BY n ORDER BY n";
        assert_eq!(db.query(spread), [["1", "29"], ["101", "1"]], "{engine:?}");
        // The file is mended: what it says now is done to all rows.
        db.execute("UPDATE t SET id = 25 WHERE id = 125");
        db.execute("UPDATE t SET n = 0");
        write(&env, "r2", "r1", &body(set, ""));
        env.rev(["upgrade", "heads"]).exits(1);
        write(&env, "r2", "r1", &body("n + 10", ", where: \"n < 10\""));
        env.rev(["resume"]).success();
        assert_eq!(db.query(spread), [["10", "10"], ["11", "19"], ["111", "1"]], "{engine:?}");
        assert!(env.rev(["verify"]).success().stderr.is_empty());
    });
}

/// A revision that runs a command of the shell's.
fn program(script: &str, more: &str) -> String {
    format!("up:\n  - program:\n      command: [sh, -c, {script:?}]\n{more}")
}

#[test]
fn a_program_gets_the_address_and_says_what_it_does() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let script = "echo at $PWD; echo says $GREETING >&2; echo $DATABASE_URL > url; read x || echo no input";
        write(
            &env,
            "r1",
            "",
            &program(
                script,
                "      environment: {GREETING: hello}\n      down: [sh, -c, echo undone > undone]\n",
            ),
        );
        let output = env.rev(["upgrade", "heads"]).success();
        assert!(output.stderr.contains("says hello\n"), "{}", output.stderr);
        assert!(output.stderr.contains("no input\n"), "{}", output.stderr);
        assert!(output.stderr.contains("/work\n"), "{}", output.stderr);
        assert_eq!(env.read("url").trim(), db.url());
        let detail = db.value("SELECT detail FROM rev_log WHERE event = 'done' AND statement = 0");
        assert!(detail.starts_with("{\"exit\":0,\"seconds\":"), "{detail}");
        let journal = env.rev(["journal", "-v"]).success().stdout;
        assert!(journal.contains("statement 1: the program ended with 0 after"), "{journal}");
        env.rev(["downgrade", "base", "--yes"]).success();
        assert_eq!(env.read("undone"), "undone\n");
    });
}

#[test]
fn a_program_gets_an_absolute_path_and_can_write() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::new();
    env.write("store.yaml", "databases:\n  default:\n    url: sqlite://data/my file%20x.db\n");
    env.write("data/.keep", "");
    drop(db);
    let script = "sqlite3 'data/my file x.db' 'INSERT INTO t VALUES (42)' && cd / && echo $URL";
    write(
        &env,
        "r1",
        "",
        "up:\n  - sql: |\n      CREATE TABLE t (v integer)\n  - program:\n      variable: URL\n      command: [sh, -c, \"SCRIPT\"]\n  - sql: |\n      UPDATE t SET v = v + 1\n"
            .replace("SCRIPT", script)
            .as_str(),
    );
    let output = env.rev(["upgrade", "heads"]).success();
    let wanted = format!("sqlite://{}/data/my%20file%20x.db", env.dir().display());
    assert!(output.stderr.contains(&wanted), "{}", output.stderr);
    let rows = env.shell("sqlite3 'data/my file x.db' 'SELECT v FROM t'").success().stdout;
    assert_eq!(rows, "43\n");
}

#[test]
fn a_program_that_fails_is_told_with_its_last_words() {
    let db = TestDb::new(Engine::Postgres);
    let env = Env::with_database(&db);
    write(&env, "r1", "", &program("seq 1 20; exit 3", ""));
    let session = env.session("rev upgrade heads 2>&1 | grep -v '^[0-9]$'\nrev status");
    insta::assert_snapshot!(session, @"
    $ rev upgrade heads 2>&1 | grep -v '^[0-9]$'
    [1/1] up r1 r1
    10
    11
    12
    13
    14
    15
    16
    17
    18
    19
    20
    error: up r1: `sh` ended with exit status: 3
     --> revisions/r1.yaml:5
      executed:
      |
    1 | program: sh -c seq 1 20; exit 3
      |
      detail: output:
      11
      12
      13
      14
      15
      16
      17
      18
      19
      20
    state: r1 is not recorded; nothing before it ran; the database is at base
    hint: correct the file and run the command again

    $ rev status
    default: postgres://postgres@127.0.0.1:[PORT]/[DB]
    at base, 0 revisions applied

    pending: 1 (`rev upgrade heads` applies them)
      r1 r1  ? unknown effect
    ");
    // It runs again from its start.
    write(&env, "r1", "", &program("exit 0", ""));
    env.rev(["upgrade", "heads"]).success();
    write(&env, "r2", "r1", &program("exec no_such_program_at_all", ""));
    env.rev(["upgrade", "heads"]).exits(1);
    write(&env, "r2", "r1", "up:\n  - program: {command: [no_such_program_at_all]}\n");
    insta::assert_snapshot!(env.session("rev upgrade heads"), @"
    $ rev upgrade heads
    ! [1/1] up r2 r2
    ! error: up r2: `no_such_program_at_all` does not run: No such file or directory (os error 2)
    !  --> revisions/r2.yaml:5
    !   executed:
    !   |
    ! 1 | program: no_such_program_at_all
    !   |
    ! state: r2 is not recorded; nothing before it ran; the database is at r1
    ! hint: it runs in the store's folder, by its name in PATH or its path from there
    [exit 1]
    ");
}

#[test]
fn no_password_is_told_by_a_program() {
    let db = TestDb::new(Engine::Postgres);
    let env = Env::with_database(&db);
    let role = format!("rev_{}", db.name());
    db.execute(&format!("CREATE ROLE {role} SUPERUSER LOGIN PASSWORD 's3c%r3t'"));
    let mut url = url::Url::parse(db.url()).unwrap();
    url.set_username(&role).unwrap();
    url.set_password(Some("s3c%25r3t")).unwrap();
    env.write("store.yaml", format!("databases:\n  default:\n    url: {url}\n"));
    let script = "echo $DATABASE_URL; echo its s3c%r'3t' >&2; echo $DATABASE_URL > url; exit 1";
    write(&env, "r1", "", &program(script, ""));
    let output = env.rev(["upgrade", "heads"]);
    let given = env.read("url");
    db.execute(&format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}"));
    assert_eq!(output.code, 1);
    assert!(given.contains("s3c%25r3t"), "{given}");
    assert!(output.stderr.contains("its ***"), "{}", output.stderr);
    assert!(!output.stderr.contains("r3t"), "{}", output.stderr);
}

#[test]
fn a_program_that_runs_too_long_is_stopped_with_all_it_started() {
    let db = TestDb::new(Engine::Mariadb);
    let env = Env::with_database(&db);
    let script = "sleep 1000 & echo $! > child; trap '' TERM; echo started; wait; sleep 1000";
    write(&env, "r1", "", &program(script, "      timeout: 1\n"));
    let output = env.rev(["upgrade", "heads"]).exits(1);
    assert!(output.stderr.contains("ran for more than 1 s, and was stopped"), "{}", output.stderr);
    assert!(!is_alive(&env), "its child lives");
}

#[test]
fn ctrl_c_stops_a_program() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let script = "sleep 1000 & echo $! > child; echo started; wait";
        write(&env, "r1", "", &program(script, ""));
        let running = env.spawn(["upgrade", "heads"]);
        running.wait_for_stderr("started");
        running.signal("INT");
        let output = running.wait();
        assert_eq!(output.code, 130, "{}", output.stderr);
        assert!(!is_alive(&env), "its child lives");
        assert_eq!(
            db.value("SELECT detail FROM rev_log WHERE event = 'cancelled'"),
            "stopped on request"
        );
        write(&env, "r1", "", &program("exit 0", ""));
        env.rev(["upgrade", "heads"]).success();
    });
}

#[test]
fn a_program_ends_with_rev_even_if_that_is_killed() {
    for script in [
        "sleep 1000 & echo $! > child; echo started; wait",
        "trap '' TERM; sh -c 'echo $$ > child; echo started; sleep 1000; sleep 1000' & wait",
    ] {
        let db = TestDb::new(Engine::Sqlite);
        let env = Env::with_database(&db);
        write(&env, "r1", "", &program(script, ""));
        let mut running = env.spawn(["upgrade", "heads"]);
        running.wait_for_stderr("started");
        running.kill();
        drop(running.wait());
        while is_alive(&env) {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

#[test]
fn the_watchdog_of_programs_is_shown_to_nobody_and_runs_for_rev_only() {
    let env = Env::new();
    assert!(!env.rev(["--help"]).success().stdout.contains("watch-program"));
    let output = env.shell("rev watch-program true; exec rev watch-program").exits(1);
    assert!(output.stderr.contains("the first of its process group"), "{}", output.stderr);
    assert!(output.stderr.contains("there is no program to watch"), "{}", output.stderr);
}

/// Whether the process whose number stands in `child` runs.
fn is_alive(env: &Env) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", env.read("child").trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[test]
fn only_the_user_can_say_whether_a_program_ran() {
    for_each_engine(|engine| {
        for (verdict, runs) in [("--ran", 1), ("--not-ran", 2)] {
            let db = TestDb::new(engine);
            let env = Env::with_database(&db);
            let script = "echo ran >> runs; echo started; [ -e quick ] || sleep 5";
            write(
                &env,
                "r1",
                "",
                &program(script, "  - sql: |\n      CREATE TABLE behind (v integer)\n"),
            );
            let mut running = env.spawn(["upgrade", "heads"]);
            running.wait_for_stderr("started");
            running.kill();
            drop(running.wait());
            env.write("quick", "");
            let asked = env.rev(["resume"]).exits(1);
            assert!(asked.stderr.contains("program: sh -c"), "{}", asked.stderr);
            assert!(asked.stderr.contains("--not-ran"), "{}", asked.stderr);
            env.rev(["resume", verdict]).success();
            assert_eq!(env.read("runs").lines().count(), runs, "{engine:?}");
            assert_eq!(db.value("SELECT count(*) FROM behind"), "0");
        }
    });
}
