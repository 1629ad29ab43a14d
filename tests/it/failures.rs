//! Steps that fail: what ran stays recorded, what did not is not, and the message says where the
//! database is and what to do.

use super::support::{Engine, Env, Output, TestDb, for_each_engine};

/// Writes a revision in SQL.
fn revision(env: &Env, id: &str, parents: &str, up: &str, down: &str) {
    let down = match down {
        "" => "-- rev: irreversible".to_owned(),
        down => format!("-- rev: down{down}"),
    };
    env.write(
        format!("revisions/{id}.sql"),
        format!(
            "-- revision: {id}\n-- parents: [{parents}]\n-- message: {id}\n\n-- rev: up{up}\n\n{down}\n"
        ),
    );
}

fn applied(db: &TestDb) -> Vec<String> {
    db.query("SELECT id FROM rev_applied ORDER BY seq").concat()
}

fn there(db: &TestDb, table: &str) -> bool {
    db.try_execute(&format!("SELECT * FROM {table}")).is_ok()
}

#[track_caller]
fn says(output: &Output, words: &[&str]) {
    for word in words {
        assert!(output.stderr.contains(word), "{word:?} is missing in:\n{}", output.stderr);
    }
}

/// Three revisions, the second of which fails at its second statement.
fn with_a_failure(engine: Engine, section: &str) -> (TestDb, Env) {
    let db = TestDb::new(engine);
    let env = Env::with_database(&db);
    revision(&env, "a1", "", "\nCREATE TABLE a (id integer PRIMARY KEY);", "\nDROP TABLE a;");
    let up = format!(
        "{section}\nCREATE TABLE b (id integer PRIMARY KEY);\n\
         INSERT INTO nowhere VALUES (1);\nCREATE TABLE bb (id integer);"
    );
    revision(&env, "b1", "a1", &up, "\nDROP TABLE b;");
    revision(&env, "c1", "b1", "\nCREATE TABLE c (id integer PRIMARY KEY);", "\nDROP TABLE c;");
    (db, env)
}

#[test]
fn a_failing_statement_undoes_its_step() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (db, env) = with_a_failure(engine, "");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        says(
            &output,
            &["revisions/b1.sql:7", "INSERT INTO nowhere", "nowhere", "rolled back", "a1"],
        );
        assert_eq!(applied(&db), ["a1"]);
        assert!(!there(&db, "b") && !there(&db, "c"));
        db.execute("CREATE TABLE nowhere (id integer)");
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), ["a1", "b1", "c1"]);
    }
}

#[test]
fn a_failing_statement_outside_a_transaction_leaves_the_step_half_way() {
    for_each_engine(|engine| {
        let (db, env) = with_a_failure(engine, " no-transaction");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        says(
            &output,
            &["revisions/b1.sql:7", "INSERT INTO nowhere", "partially applied", "rev resume"],
        );
        assert_eq!(applied(&db), ["a1"]);
        assert!(there(&db, "b") && !there(&db, "bb"));
        for verb in [&["upgrade", "heads"][..], &["downgrade", "base"], &["stamp", "heads"]] {
            says(&env.rev(verb).exits(1), &["b1", "partially applied", "rev resume"]);
        }
        // The cause is still there.
        says(&env.rev(["resume"]).exits(1), &["INSERT INTO nowhere", "rev resume"]);
        db.execute("CREATE TABLE nowhere (id integer)");
        env.rev(["resume"]).success();
        assert_eq!(applied(&db), ["a1", "b1"]);
        assert_eq!(db.value("SELECT count(*) FROM nowhere"), "1");
        says(&env.rev(["resume"]).exits(1), &["no step is partially applied"]);
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), ["a1", "b1", "c1"]);
    });
}

#[test]
fn the_rest_of_a_step_comes_from_the_corrected_file() {
    for_each_engine(|engine| {
        let (db, env) = with_a_failure(engine, " no-transaction");
        env.rev(["upgrade", "heads"]).exits(1);
        revision(
            &env,
            "b1",
            "a1",
            " no-transaction\nCREATE TABLE b (id integer PRIMARY KEY);\nCREATE TABLE mended (id integer);",
            "\nDROP TABLE b;",
        );
        env.rev(["resume"]).success();
        assert!(there(&db, "mended") && !there(&db, "bb"));
        // What is recorded is the file as it is now.
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), ["a1", "b1", "c1"]);
    });
}

#[test]
fn a_first_statement_that_fails_leaves_nothing_to_resume() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        revision(&env, "a1", "", " no-transaction\nDROP TABLE nowhere;", "");
        env.rev(["upgrade", "heads"]).exits(1);
        says(&env.rev(["resume"]).exits(1), &["no step is partially applied"]);
        db.execute("CREATE TABLE nowhere (id integer)");
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), ["a1"]);
    });
}

#[test]
fn one_transaction_around_all_is_all_or_nothing() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (db, env) = with_a_failure(engine, "");
        let store = env.read("store.yaml");
        env.write("store.yaml", format!("{store}    transaction: all\n"));
        env.rev(["upgrade", "heads"]).exits(1);
        assert!(applied(&db).is_empty() && !there(&db, "a"));
        db.execute("CREATE TABLE nowhere (id integer)");
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), ["a1", "b1", "c1"]);
    }
}

#[test]
fn what_a_transaction_mode_cannot_promise_is_refused() {
    for_each_engine(|engine| {
        let (_db, env) = with_a_failure(engine, " no-transaction");
        let store = env.read("store.yaml");
        env.write("store.yaml", format!("{store}    transaction: all\n"));
        let output = env.rev(["upgrade", "heads"]).exits(1);
        let why = if engine == Engine::Mariadb { "cannot roll back DDL" } else { "b1" };
        says(&output, &["transaction: all", why]);
    });
}

#[test]
fn without_transactions_each_statement_is_marked() {
    for_each_engine(|engine| {
        let (db, env) = with_a_failure(engine, "");
        let store = env.read("store.yaml");
        env.write("store.yaml", format!("{store}    transaction: none\n"));
        env.rev(["upgrade", "heads"]).exits(1);
        assert!(there(&db, "b"));
        db.execute("CREATE TABLE nowhere (id integer)");
        env.rev(["resume"]).success();
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), ["a1", "b1", "c1"]);
        let mut kinds = db.query("SELECT DISTINCT event FROM rev_log").concat();
        kinds.sort();
        assert_eq!(kinds, ["began", "done", "failed", "format", "intent"]);
    });
}

#[test]
fn transaction_control_is_refused_before_anything_runs() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        revision(&env, "a1", "", "\nCREATE TABLE a (id integer);", "");
        revision(&env, "b1", "a1", "\nCREATE TABLE b (id integer);\nCOMMIT;", "");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        says(&output, &["COMMIT", "revisions/b1.sql:7"]);
        assert!(!there(&db, "a") && !there(&db, "rev_log"));
    }
}

#[test]
fn nothing_leaks_from_a_revision_on_postgres() {
    let db = TestDb::new(Engine::Postgres);
    let env = Env::with_database(&db);
    let role = format!("{}_role", db.name());
    db.execute(&format!("CREATE ROLE {role}; GRANT CREATE ON SCHEMA public TO {role}"));
    let leaks = format!(
        "\nSET search_path = '';\nSET ROLE {role};\nSET standard_conforming_strings = off;\n\
         SET TimeZone = 'Asia/Tokyo';\nSET SESSION AUTHORIZATION {role};\n\
         CREATE TABLE public.a (id integer);"
    );
    revision(&env, "a1", "", &leaks, "");
    let sees = "\nCREATE TABLE b AS SELECT current_user::text AS who, current_setting('search_path') AS path;";
    revision(&env, "b1", "a1", sees, "");
    revision(
        &env,
        "c1",
        "b1",
        &leaks.replace("public.a", "public.aa").replacen('\n', " no-transaction\n", 1),
        "",
    );
    revision(&env, "d1", "c1", &sees.replace("TABLE b", "TABLE bb"), "");
    let output = env.rev(["upgrade", "heads"]);
    db.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
    output.success();
    assert_eq!(applied(&db), ["a1", "b1", "c1", "d1"]);
    let here = db.query("SELECT current_user::text, current_setting('search_path')");
    assert_eq!(db.query("SELECT * FROM b"), here);
    assert_eq!(db.query("SELECT * FROM bb"), here);
}

#[test]
fn nothing_leaks_from_a_revision_on_mariadb() {
    let (db, other) = (TestDb::new(Engine::Mariadb), TestDb::new(Engine::Mariadb));
    let env = Env::with_database(&db);
    let sees = |table: &str| {
        format!("\nCREATE TABLE {table} AS SELECT @@sql_mode, @@foreign_key_checks, @@time_zone;")
    };
    let leaks = format!(
        "\nSET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES';\nSET foreign_key_checks = 0;\n\
         SET time_zone = '+09:00';\nUSE {};\nCREATE TABLE a (id integer);\n\
         INSERT INTO a VALUES (1);",
        other.name()
    );
    revision(&env, "a1", "", &sees("`before`"), "");
    revision(&env, "b1", "a1", &leaks, "");
    revision(&env, "c1", "b1", &sees("afterwards"), "");
    env.rev(["upgrade", "heads"]).success();
    assert_eq!(applied(&db), ["a1", "b1", "c1"]);
    assert_eq!(other.value("SELECT id FROM a"), "1");
    assert!(!there(&other, "rev_log"));
    assert_eq!(db.query("SELECT * FROM `before`"), db.query("SELECT * FROM afterwards"));
}

#[test]
fn nothing_leaks_from_a_revision_on_sqlite() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    let leaks = " no-transaction\nPRAGMA foreign_keys = ON;\nPRAGMA recursive_triggers = ON;\n\
                 CREATE TABLE a (id integer PRIMARY KEY);\nCREATE TABLE c (id integer REFERENCES a);";
    revision(&env, "a1", "", leaks, "");
    // With foreign keys on, this would be refused.
    revision(&env, "b1", "a1", "\nINSERT INTO c VALUES (7);", "");
    env.rev(["upgrade", "heads"]).success();
    assert_eq!(applied(&db), ["a1", "b1"]);
}

#[test]
fn a_full_database_loses_nothing() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::new();
    env.write(
        "store.yaml",
        format!(
            "databases:\n  default:\n    url: {}\n    on_connect: [PRAGMA max_page_count = 40]\n",
            db.url()
        ),
    );
    revision(&env, "a1", "", "\nCREATE TABLE a (v text);", "");
    revision(&env, "b1", "a1", "\nINSERT INTO a VALUES (randomblob(1000000));", "");
    let output = env.rev(["upgrade", "heads"]).exits(1);
    says(&output, &["full", "rolled back", "a1", "hint: make room on the disk"]);
    assert_eq!(applied(&db), ["a1"]);
    assert_eq!(db.value("PRAGMA integrity_check"), "ok");
}

#[test]
fn a_file_that_may_not_grow_loses_nothing() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    revision(&env, "a1", "", "\nCREATE TABLE a (v text);", "");
    revision(&env, "b1", "a1", "\nINSERT INTO a VALUES (randomblob(1000000));", "");
    // rev takes the signal that comes with the limit, so that the write fails as on a full disk.
    let output = env.shell("ulimit -f 400; rev upgrade heads");
    assert_eq!(output.code, 1, "{}", output.stderr);
    says(&output, &["a1"]);
    assert_eq!(applied(&db), ["a1"]);
    assert_eq!(db.value("PRAGMA integrity_check"), "ok");
    env.rev(["upgrade", "heads"]).success();
    assert_eq!(applied(&db), ["a1", "b1"]);
}

#[test]
fn a_read_only_database_is_left_alone() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    revision(&env, "a1", "", "\nCREATE TABLE a (v text);", "");
    env.rev(["upgrade", "heads"]).success();
    revision(&env, "b1", "a1", "\nCREATE TABLE b (v text);", "");
    let store = env.read("store.yaml");
    env.write("store.yaml", store.replace("test.db", "test.db?mode=ro"));
    env.rev(["current"]).success();
    let output = env.rev(["upgrade", "heads"]).exits(1);
    says(&output, &["readonly", "hint: let this user write", "`mode=ro`"]);
    assert_eq!(applied(&db), ["a1"]);

    let server = TestDb::new(Engine::Postgres);
    let env = Env::with_database(&server);
    revision(&env, "a1", "", "\nCREATE TABLE a (v text);", "");
    server.execute(&format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        server.name()
    ));
    let output = env.rev(["upgrade", "heads"]).exits(1);
    says(
        &output,
        &["read-only", "hint: the server is a standby, or `default_transaction_read_only`"],
    );
    says(&env.rev(["status"]), &[]);
    server.execute(&format!(
        "SET default_transaction_read_only = off; ALTER DATABASE {} RESET default_transaction_read_only",
        server.name()
    ));
    assert!(!there(&server, "rev_log"));
}

#[test]
fn what_no_file_can_be_corrected_for_is_told_from_an_error_in_it() {
    for engine in [Engine::Postgres, Engine::Mariadb, Engine::Mysql] {
        let cases: &[(&str, &str, &str)] = match engine {
            Engine::Postgres => &[
                ("25006", "cannot execute INSERT in a read-only transaction", "a standby"),
                ("53100", "could not extend file", "disk is full"),
                ("58030", "could not write block", "storage"),
            ],
            _ => &[
                (
                    "1290",
                    "The server is running with the --read-only option",
                    "read-only, as a replica",
                ),
                ("1836", "Running in read-only mode", "read-only"),
                ("1021", "Disk full", "disk is full"),
                (
                    "1030",
                    "Got error 28 \"No space left on device\" from storage engine",
                    "disk is full",
                ),
                ("3100", "Error on observer while running replication hook", "majority"),
            ],
        };
        // Says what a server would say that is in that state.
        let fails = |code: &str, message: &str| match engine {
            Engine::Postgres => {
                format!("DO $$ BEGIN RAISE '{message}' USING ERRCODE = '{code}'; END $$;")
            }
            _ => format!(
                "SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {code}, MESSAGE_TEXT = '{message}';"
            ),
        };
        for (code, words, hint) in cases {
            let db = TestDb::new(engine);
            let env = Env::with_database(&db);
            revision(&env, "a1", "", &format!("\n{}", fails(code, words)), "");
            let error = env.rev(["upgrade", "heads", "--json"]).exits(1).stderr;
            let error: serde_json::Value = serde_json::from_str(&error).expect("an error");
            assert_eq!(error["error"]["kind"], "not_writable", "{code}: {error}");
            let said = error["error"]["hint"].as_str().expect("a hint");
            assert!(said.contains(hint) && !said.contains("correct the file"), "{code}: {error}");
        }
    }
}

#[test]
fn an_edited_revision_stops_upgrades_until_it_is_accepted() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        revision(&env, "a1", "", "\nCREATE TABLE a (id integer);", "\nDROP TABLE a;");
        env.rev(["upgrade", "heads"]).success();
        revision(&env, "a1", "", "\nCREATE TABLE a2 (id integer);", "\nDROP TABLE a2;");
        revision(&env, "b1", "a1", "\nCREATE TABLE b (id integer);", "\nDROP TABLE b;");
        says(&env.rev(["upgrade", "heads"]).exits(1), &["a1", "--accept"]);
        assert_eq!(applied(&db), ["a1"]);
        // Down goes the way that it came.
        env.rev(["downgrade", "base", "--yes"]).success();
        assert!(!there(&db, "a"));
        revision(&env, "a1", "", "\nCREATE TABLE a (id integer);", "\nDROP TABLE a;");
        env.rev(["upgrade", "a1"]).success();
        revision(&env, "a1", "", "\nCREATE TABLE a(id integer NOT NULL);", "\nDROP TABLE a;");
        env.rev(["stamp", "--accept", "a1"]).success();
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), ["a1", "b1"]);
        assert_eq!(db.value("SELECT count(*) FROM rev_text WHERE id = 'a1'"), "2");
    });
}

#[test]
fn a_database_goes_down_without_the_files() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        revision(&env, "a1", "", "\nCREATE TABLE a (id integer);", "\nDROP TABLE a;");
        revision(&env, "b1", "a1", "\nCREATE TABLE b (id integer);", "\nDROP TABLE b;");
        env.rev(["upgrade", "heads"]).success();
        std::fs::remove_file(env.path("revisions/b1.sql")).unwrap();
        says(&env.rev(["upgrade", "heads"]).success(), &["1 revision"]);
        env.rev(["downgrade", "a1", "--yes"]).success();
        assert_eq!(applied(&db), ["a1"]);
        assert!(there(&db, "a") && !there(&db, "b"));
    });
}

#[test]
fn an_irreversible_revision_is_refused_before_anything_runs() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        revision(&env, "a1", "", "\nCREATE TABLE a (id integer);", "");
        revision(&env, "b1", "a1", "\nCREATE TABLE b (id integer);", "\nDROP TABLE b;");
        env.rev(["upgrade", "heads"]).success();
        says(&env.rev(["downgrade", "base", "--yes"]).exits(1), &["a1", "irreversible"]);
        assert_eq!(applied(&db), ["a1", "b1"]);
        assert!(there(&db, "b"));
    });
}

#[test]
fn a_step_that_waits_too_long_for_a_table_is_tried_again() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let env = Env::new();
        env.write(
            "store.yaml",
            format!(
                "databases:\n  default:\n    url: {}\n    statement_lock_timeout: 1s\n",
                db.url()
            ),
        );
        db.execute("CREATE TABLE a (id integer)");
        revision(&env, "a1", "", "\nALTER TABLE a ADD COLUMN v integer;", "");
        let mut holder = db.client();
        holder.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::null());
        let mut holder = holder.spawn().unwrap();
        let mut pipe = holder.stdin.take().unwrap();
        std::io::Write::write_all(&mut pipe, b"BEGIN;\nINSERT INTO a VALUES (1);\n").unwrap();
        if engine == Engine::Mariadb {
            // innodb_trx is a copy that is not renewed while it is looked at often; a lock is.
            let lock = b"DO GET_LOCK(CONCAT(DATABASE(), '_held'), 0);\n";
            std::io::Write::write_all(&mut pipe, lock).unwrap();
        }
        std::io::Write::flush(&mut pipe).unwrap();
        let waits_for = match engine {
            Engine::Postgres => {
                "SELECT count(*) FROM pg_stat_activity \
                                 WHERE datname = current_database() AND state = 'idle in transaction'"
            }
            _ => "SELECT count(IS_USED_LOCK(CONCAT(DATABASE(), '_held')))",
        };
        while db.value(waits_for) == "0" {
            std::thread::yield_now();
        }
        let running = env.spawn(["upgrade", "heads"]);
        running.wait_for_stderr("attempt 2");
        std::io::Write::write_all(&mut pipe, b"ROLLBACK;\n").unwrap();
        drop(pipe);
        holder.wait().unwrap();
        running.wait().success();
        assert_eq!(applied(&db), ["a1"]);
    }
}

#[test]
fn an_index_left_invalid_is_built_again() {
    let db = TestDb::new(Engine::Postgres);
    let env = Env::with_database(&db);
    db.execute("CREATE TABLE a (id integer); INSERT INTO a VALUES (1), (1)");
    let up = " no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY ix ON a (id);";
    revision(&env, "a1", "", up, "");
    env.rev(["upgrade", "heads"]).exits(1);
    let valid = "SELECT i.indisvalid FROM pg_index i WHERE i.indexrelid = 'ix'::regclass";
    assert_eq!(db.value(valid), "f");
    db.execute("DELETE FROM a");
    says(&env.rev(["upgrade", "heads"]).success(), &["ix"]);
    assert_eq!(db.value(valid), "t");
}

#[test]
fn a_step_that_is_committed_is_not_told_as_rolled_back() {
    for section in ["", " no-transaction"] {
        let db = TestDb::new(Engine::Postgres);
        let (user, role) = (format!("{}_user", db.name()), format!("{}_role", db.name()));
        // The user loses the role at the commit itself, so that the session cannot be put back.
        db.execute(&format!(
            "CREATE ROLE {role}; CREATE ROLE {user} LOGIN PASSWORD 'x' IN ROLE {role};
             GRANT ALL ON SCHEMA public TO {role};
             CREATE FUNCTION leave() RETURNS trigger SECURITY DEFINER LANGUAGE plpgsql
             AS $$ BEGIN REVOKE {role} FROM {user}; RETURN NULL; END $$"
        ));
        let mut url: url::Url = db.url().parse().unwrap();
        url.set_username(&user).unwrap();
        url.set_password(Some("x")).unwrap();
        let env = Env::new();
        env.write(
            "store.yaml",
            format!("databases:\n  default:\n    url: {url}\n    role: {role}\n"),
        );
        let up = "\nCREATE TABLE a (id integer);
            CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION leave();\n"
            .to_owned();
        // Outside a transaction the last commit is one of ours alone.
        let up = match section {
            "" => up + "INSERT INTO a VALUES (1);",
            _ => {
                up + "CREATE CONSTRAINT TRIGGER leave AFTER INSERT ON rev_applied
                      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION leave();"
            }
        };
        revision(&env, "a1", "", &format!("{section}{up}"), "\nDROP TABLE a;");
        revision(&env, "b1", "a1", "\nCREATE TABLE b (id integer);", "\nDROP TABLE b;");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        says(&output, &["a1", "permission denied to set role"]);
        assert!(!output.stderr.contains("rolled back"), "{}", output.stderr);
        assert_eq!(applied(&db), ["a1"], "{section}");
        assert!(there(&db, "a") && !there(&db, "b"));
        db.execute(&format!("GRANT {role} TO {user}; DROP TRIGGER IF EXISTS leave ON rev_applied"));
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(applied(&db), ["a1", "b1"]);
        drop(db.try_execute(&format!("DROP OWNED BY {role}; DROP ROLE {user}; DROP ROLE {role}")));
    }
}
