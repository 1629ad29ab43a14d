//! What cannot be done is refused with a clear error, and nothing is lost.

use insta::{allow_duplicates, assert_snapshot};

use super::support::{Engine, Env, TestDb, for_each_engine, normalise};

/// A store with one revision on a database.
fn store(db: &TestDb) -> Env {
    let env = Env::with_database(db);
    env.table("a1", &[]);
    env
}

/// A store with one revision on a database of any address.
fn store_at(url: &str) -> Env {
    let env = Env::new();
    env.write("store.yaml", format!("databases:\n  default:\n    url: {url}\n"));
    env.table("a1", &[]);
    env
}

#[test]
fn no_store_and_no_such_database() {
    let env = Env::new();
    assert_snapshot!(env.session("rev current\nrev upgrade heads"), @r"
    $ rev current
    ! error: there is no store.yaml in [TMP]/work or above it
    ! hint: `rev init` creates a store here; `-C DIR` or REV_STORE point to one elsewhere
    [exit 1]

    $ rev upgrade heads
    ! error: there is no store.yaml in [TMP]/work or above it
    ! hint: `rev init` creates a store here; `-C DIR` or REV_STORE point to one elsewhere
    [exit 1]
    ");
    env.write(
        "store.yaml",
        "databases:\n  one:\n    url: sqlite://one.db\n  two:\n    url: sqlite://two.db\n",
    );
    env.table("a1", &[]);
    assert_snapshot!(env.session("rev upgrade heads\nrev -d three current\nrev --all -d one current\nrev current --all -d one"), @r#"
    $ rev upgrade heads
    ! error: there are several databases, and none of them is the default
    ! hint: `-d` takes one or two
    [exit 2]

    $ rev -d three current
    ! error: store.yaml has no database "three"
    ! hint: `-d` takes one or two
    [exit 2]

    $ rev --all -d one current
    ! error: unexpected argument '--all' found
    ! 
    !   tip: 'current --all' exists
    ! 
    ! Usage: rev [OPTIONS] <COMMAND>
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev current --all -d one
    ! error: `--all` and `--database` cannot be used together
    ! hint: omit one of them
    [exit 2]
    "#);
    assert_eq!(env.files("."), ["revisions/a1.sql", "store.yaml"], "nothing is made");
}

#[test]
fn arguments_that_do_not_fit() {
    let db = TestDb::new(Engine::Sqlite);
    let env = store(&db);
    let text = env.session(
        "rev upgrade
         rev downgrade
         rev stamp
         rev upgrade a1:a1
         rev upgrade heads --dialect postgres
         rev upgrade heads --sql --dialect oracle
         rev downgrade base --sql --dialect sqlite
         rev stamp --accept a1 --purge
         rev resume --ran --not-ran",
    );
    assert_snapshot!(text, @r#"
    $ rev upgrade
    ! error: what to upgrade to is missing
    ! hint: `rev upgrade heads` applies everything, `rev upgrade LABEL@head` a branch, `rev upgrade +1` one revision
    [exit 2]

    $ rev downgrade
    ! error: the target is missing
    ! hint: `rev downgrade -1` undoes one revision, `rev downgrade base` all of them
    [exit 2]

    $ rev stamp
    ! error: the target is missing
    ! hint: `rev stamp heads` records everything, `rev stamp base` nothing, `rev stamp --from-alembic` what Alembic applied
    [exit 2]

    $ rev upgrade a1:a1
    ! error: "a1:a1" is a range
    ! hint: a range A:B goes with `--sql`, which prints the script from A to B
    [exit 2]

    $ rev upgrade heads --dialect postgres
    ! error: the following required arguments were not provided:
    !   --sql
    ! 
    ! Usage: rev upgrade --sql --dialect <DIALECT> <TARGET>...
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev upgrade heads --sql --dialect oracle
    ! error: invalid value 'oracle' for '--dialect <DIALECT>': unknown dialect "oracle": it is one of postgres, mysql, mariadb, sqlite
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev downgrade base --sql --dialect sqlite
    ! error: the start of the range is missing
    ! hint: `rev downgrade --sql A:B` prints the script from A down to B
    [exit 2]

    $ rev stamp --accept a1 --purge
    ! error: the argument '--accept <REVISION>...' cannot be used with '--purge'
    ! 
    ! Usage: rev stamp --accept <REVISION>... [TARGET]...
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev resume --ran --not-ran
    ! error: the argument '--ran' cannot be used with '--not-ran'
    ! 
    ! Usage: rev resume --ran
    ! 
    ! For more information, try '--help'.
    [exit 2]
    "#);
}

#[test]
fn names_that_stand_for_nothing() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        env.table("b2", &["a1"]);
        env.table("b3", &["a1"]);
        let text = env.session(
            "rev upgrade a2
             rev upgrade b
             rev upgrade head
             rev upgrade +9
             rev upgrade b2@b3
             rev upgrade a1+
             rev downgrade b2
             rev switch nothing
             rev stamp @{3}",
        );
        allow_duplicates!(assert_snapshot!(text, @r#"
        $ rev upgrade a2
        ! error: there is no revision "a2"
        ! hint: did you mean a1 or b2?
        [exit 1]

        $ rev upgrade b
        ! error: "b" is ambiguous: 2 names begin with it
        ! hint: it may mean b2 or b3
        [exit 1]

        $ rev upgrade head
        ! error: "head" is ambiguous: there are 2 heads
        ! hint: the heads are b2, b3: name one of them, `LABEL@head` for a branch's or `heads` for all; `rev merge heads -m MESSAGE` joins them
        [exit 1]

        $ rev upgrade +9
        ! error: "+9" is ambiguous: the way up forks
        ! hint: it may mean b2 or b3
        [exit 1]

        $ rev upgrade b2@b3
        ! error: revision b3 is not on the branch "b2"
        ! hint: `rev log -r :b2@heads` shows that branch
        [exit 1]

        $ rev upgrade a1+
        ! error: "a1+" is not a revision's name: expected a whole number after + and -
        ! hint: a name is an id, a prefix of one, a label or a tag, `head`, `heads`, `base` or `current`; `LABEL@NAME` stays on a branch, `NAME+N` and `NAME-N` walk
        [exit 1]

        $ rev downgrade b2
        ! error: b2 is not below what is applied
        ! state: nothing was changed
        ! hint: the database is at base
        [exit 1]

        $ rev switch nothing
        ! error: there is no revision "nothing"
        ! hint: `rev log` lists the revisions, `rev tag` the tags
        [exit 1]

        $ rev stamp @{3}
        ! error: "@{3}" walks past the end: the journal does not go back that far
        ! hint: `rev journal` lists the runs
        [exit 1]
        "#));
        assert!(db.try_execute("SELECT * FROM rev_applied").is_err(), "no journal is made");
    });
}

#[test]
fn a_server_that_is_down() {
    // Nothing listens on port 1.
    for url in ["postgres://u:s3cret@127.0.0.1:1/x", "mysql://u:s3cret@127.0.0.1:1/x"] {
        let env = store_at(url);
        for verb in ["current", "status", "upgrade heads", "upgrade heads --dry-run --json"] {
            let output = env.shell(&format!("rev {verb}")).exits(1);
            assert!(output.stderr.contains("refused"), "{}", output.stderr);
            assert!(output.stderr.contains("127.0.0.1:1"), "{}", output.stderr);
            assert!(!output.stderr.contains("s3cret"), "{}", output.stderr);
        }
    }
}

#[test]
fn a_password_that_is_refused() {
    let db = TestDb::new(Engine::Mariadb);
    let (host, port, user, _) = db.server();
    let url = format!("mysql://{user}:wr0ng@{host}:{port}/{}", db.name());
    let output = store_at(&url).rev(["upgrade", "heads"]).exits(1);
    assert!(!output.stderr.contains("wr0ng"), "{}", output.stderr);
    assert!(output.stderr.contains("Access denied"), "{}", output.stderr);
    let db = TestDb::new(Engine::Postgres);
    let (host, port, ..) = db.server();
    let url = format!("postgres://nobody_of_this_name:wr0ng@{host}:{port}/{}", db.name());
    let output = store_at(&url).rev(["upgrade", "heads"]).exits(1);
    assert!(!output.stderr.contains("wr0ng"), "{}", output.stderr);
    assert!(output.stderr.contains("nobody_of_this_name"), "{}", output.stderr);
}

#[test]
fn a_database_that_cannot_be_written_to() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = match engine {
            Engine::Sqlite => {
                db.execute("CREATE TABLE other (v integer)");
                store_at(&format!("{}?mode=ro", db.url()))
            }
            Engine::Postgres => {
                db.execute(&format!(
                    "ALTER DATABASE {} SET default_transaction_read_only = on",
                    db.name()
                ));
                store(&db)
            }
            Engine::Mariadb | Engine::Mysql => {
                let user = format!("ro_{}", &db.name()[db.name().len() - 12..]);
                db.execute(&format!(
                    "CREATE USER {user} IDENTIFIED BY 'pw'; GRANT SELECT ON {}.* TO {user}",
                    db.name()
                ));
                let (host, port, ..) = db.server();
                store_at(&format!("mysql://{user}:pw@{host}:{port}/{}", db.name()))
            }
        };
        assert_eq!(env.rev(["current"]).success().stdout, "base\n");
        let output = env.rev(["upgrade", "heads"]).exits(1);
        let said = match engine {
            Engine::Sqlite => "readonly",
            Engine::Postgres => "read-only",
            Engine::Mariadb | Engine::Mysql => "denied",
        };
        assert!(output.stderr.contains(said), "{engine:?}: {}", output.stderr);
        if engine == Engine::Mariadb {
            let user = format!("ro_{}", &db.name()[db.name().len() - 12..]);
            db.execute(&format!("DROP USER {user}"));
        }
    });
}

#[test]
fn a_folder_that_is_not_there() {
    let env = store_at("sqlite://no/such/folder/store.db");
    assert_snapshot!(env.session("rev upgrade heads"), @r"
    $ rev upgrade heads
    ! error: cannot connect to no/such/folder/store.db: the folder of the file does not exist
    ! hint: create the folder, or correct the path in the url
    [exit 1]
    ");
}

#[test]
fn a_journal_that_is_foreign_or_newer() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        db.execute("CREATE TABLE rev_applied (something varchar(20))");
        for verb in
            ["current", "status", "upgrade heads", "stamp heads", "ensure-version", "journal"]
        {
            let output = env.shell(&format!("rev {verb}")).exits(1);
            assert!(output.stderr.contains("rev_applied"), "{verb}: {}", output.stderr);
            assert!(output.stderr.contains("table_prefix"), "{verb}: {}", output.stderr);
        }
        db.execute("DROP TABLE rev_applied");
        env.rev(["upgrade", "heads"]).success();
        db.execute("UPDATE rev_log SET detail = 'rev99' WHERE seq = 1");
        for verb in ["current", "status", "downgrade base", "journal", "resume"] {
            let output = env.shell(&format!("rev {verb}")).exits(1);
            assert!(output.stderr.contains("rev99"), "{verb}: {}", output.stderr);
        }
        assert_eq!(db.value("SELECT count(*) FROM rev_applied"), "1");
    });
}

#[test]
fn a_protected_database_wants_a_yes() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        env.revision("b2", &["a1"], "drop", "DROP TABLE a1;", "CREATE TABLE a1 (v integer);");
        env.write(
            "store.yaml",
            format!("databases:\n  default:\n    url: {}\n    kind: protected\n", db.url()),
        );
        let text = env.session(
            "rev upgrade a1
             rev upgrade b2
             rev upgrade b2 --dry-run
             rev upgrade b2 --yes
             rev downgrade -1
             rev stamp --purge base
             rev stamp a1
             rev stamp a1 --yes
             rev stamp --purge base --yes
             rev current",
        );
        allow_duplicates!(assert_snapshot!(text, @"
        $ rev upgrade a1
        ↑ a1 make a1
        1 step, now at a1
        ! [1/1] up a1 make a1

        $ rev upgrade b2
        ! error: the database default is protected, and the plan has 1 destructive step up
        ! hint: look at the plan with `--dry-run`; `--yes` runs it
        [exit 1]

        $ rev upgrade b2 --dry-run
        ↑ b2 drop  ! destructive
        1 step would lead to b2 (head); nothing was changed

        $ rev upgrade b2 --yes
        ↑ b2 drop
        1 step, now at b2 (head)
        ! [1/1] up b2 drop

        $ rev downgrade -1
        ! error: the database default is protected, and the plan has 1 step down
        ! hint: look at the plan with `--dry-run`; `--yes` runs it
        [exit 1]

        $ rev stamp --purge base
        ! error: the database default is protected, and the stamp forgets 2 applied revisions
        ! hint: look at the plan with `--dry-run`; `--yes` runs it
        [exit 1]

        $ rev stamp a1
        ! error: the database default is protected, and the stamp forgets 1 applied revision
        ! hint: look at the plan with `--dry-run`; `--yes` runs it
        [exit 1]

        $ rev stamp a1 --yes
        ↓ b2 drop
        1 step, now at a1

        $ rev stamp --purge base --yes
        ↓ a1 make a1
        1 step, now at base

        $ rev current
        base
        "));
    });
}

#[test]
fn a_revision_edited_after_it_was_applied() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        env.table("b2", &["a1"]);
        env.rev(["upgrade", "a1"]).success();
        env.revision("a1", &[], "make a1", "CREATE TABLE a1 (v bigint);", "DROP TABLE a1;");
        let text = env.session(
            "rev upgrade heads
             rev verify
             rev stamp --accept a1
             rev verify
             rev upgrade heads
             rev stamp --accept a1 b2
             rev journal",
        );
        allow_duplicates!(assert_snapshot!(text, @r"
        $ rev upgrade heads
        ! error: edited after they were applied: a1
        ! state: nothing was changed
        ! hint: restore the files, or accept them: `rev stamp --accept a1`
        [exit 1]

        $ rev verify
        edited: a1 make a1
          its `up` differs from what ran: restore the file, or `rev stamp --accept` it
        1 applied revision, 1 finding
        [exit 3]

        $ rev stamp --accept a1
        a1 is recorded with its current file

        $ rev verify
        1 applied revision, all match the files

        $ rev upgrade heads
        ↑ b2 make b2
        1 step, now at b2 (head)
        ! [1/1] up b2 make b2

        $ rev stamp --accept a1 b2
        nothing to do: the files match what was applied

        $ rev journal
        @{0} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↑ b2 make b2

        2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          a1 make a1 (accepted with its current file)

        @{1} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↑ a1 make a1
        "));
    });
}

#[test]
fn a_statement_that_fails_keeps_what_ran() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db);
        env.revision(
            "b2",
            &["a1"],
            "fails",
            "INSERT INTO a1 VALUES (1);\n\nINSERT INTO nowhere VALUES (1);",
            "DELETE FROM a1;",
        );
        let output = env.rev(["upgrade", "heads"]).exits(1);
        let stderr = normalise(&output.stderr);
        for word in ["revisions/b2.sql:8", "INSERT INTO nowhere", "1 revision", "a1", "hint:"] {
            assert!(stderr.contains(word), "{engine:?}: {word}: {stderr}");
        }
        let json = env.rev(["upgrade", "heads", "--json"]).exits(1).stderr;
        let error: serde_json::Value = serde_json::from_str(&json).expect("JSON alone");
        assert!(error["error"]["kind"].is_string(), "{json}");
        if engine != Engine::Mariadb {
            assert_eq!(error["error"]["file"], "revisions/b2.sql");
            assert_eq!(error["error"]["line"], 8);
            assert_eq!(db.value("SELECT count(*) FROM a1"), "0", "rolled back");
        }
        assert_eq!(db.query("SELECT id FROM rev_applied"), [["a1"]]);
    });
}

#[test]
fn a_refused_plan_makes_no_sqlite_file() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    env.table("a1", &[]);
    let is_there = || std::path::Path::new(db.name()).exists();
    env.rev(["upgrade", "nowhere"]).exits(1);
    env.rev(["downgrade", "a1"]).exits(1);
    env.rev(["upgrade", "base"]);
    assert!(!is_there());
    env.rev(["upgrade", "heads"]).success();
    assert!(is_there());
    assert_eq!(db.value("SELECT id FROM rev_applied"), "a1");
}

#[test]
fn what_is_wrong_in_a_shared_rebuild_is_shown_on_its_own_line() {
    let env = Env::new();
    env.write("store.yaml", "databases: {default: {url: sqlite://x.db}}\n");
    env.write(
        "revisions/a.yaml",
        "revision: a1\nup:\n  - create_table: {name: t, columns: [{name: a, type: integer}]}\n",
    );
    env.write(
        "revisions/b.yaml",
        "revision: b1\nparents: [a1]\nup:\n  - alter_column: {table: t, column: a, nullable: false}\n  \
         - create_check: {table: t, name: ck, sql: \"a > 0\"}\n  \
         - drop_column: {table: t, column: gone}\n",
    );
    assert_snapshot!(env.session("rev upgrade head"), @"
    $ rev upgrade head
    ! error: t has no column gone
    !  --> revisions/b.yaml:6
    !   |
    ! 6 |   - drop_column: {table: t, column: gone}
    !   |
    [exit 1]
    ");
}

/// What stands in files or comes from the database moves no cursor and hides no words; a script is to the
/// byte what the file says.
#[test]
fn control_characters_are_shown_and_not_obeyed() {
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    env.write(
        "revisions/a1.yaml",
        "revision: a1\nmessage: \"red \\e[31m \\x9b2J \\u202e title\"\nup:\n  - sql: \"SELECT '\\e[8m'\"\n\
         down: irreversible\n",
    );
    env.revision("b2", &["a1"], "two", "SELECT \"\x1b[31mcolumn\" FROM nowhere;", "");
    assert_snapshot!(
        env.session("rev log\nrev upgrade a1\nrev upgrade heads\nrev journal\nrev log --json | grep message"),
        @r#"
    $ rev log
    b2 (head) two
    a1 red \u{1b}[31m \u{9b}2J \u{202e} title

    $ rev upgrade a1
    ↑ a1 red \u{1b}[31m \u{9b}2J \u{202e} title
    1 step, now at a1
    ! [1/1] up a1 red \u{1b}[31m \u{9b}2J \u{202e} title

    $ rev upgrade heads
    ! [1/1] up b2 two
    ! error: up b2: no such table: nowhere (1)
    !  --> revisions/b2.sql:6
    !   |
    ! 6 | SELECT "␛[31mcolumn" FROM nowhere;
    !   |
    ! state: b2 was rolled back; nothing before it ran; the database is at a1
    ! hint: correct the file and run the command again
    [exit 1]

    $ rev journal
    @{0} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
      ↑ a1 red \u{1b}[31m \u{9b}2J \u{202e} title

    $ rev log --json | grep message
        "message": "two",
        "message": "red \u001b[31m \u009b2J \u202e title",
    "#
    );
    let script = env.rev(["upgrade", "heads", "--sql"]).success().stdout;
    assert!(script.contains("SELECT \"\x1b[31mcolumn\" FROM nowhere;"), "{script:?}");
}
