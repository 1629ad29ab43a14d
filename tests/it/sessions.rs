//! Whole sessions with the real program, as a user types them.

use std::net::TcpListener;

use insta::{allow_duplicates, assert_snapshot};

use super::support::{Engine, Env, Forwarder, TestDb, for_each_engine, normalise};

/// A store with a line of three tables.
fn three_tables(db: &TestDb) -> Env {
    let env = Env::with_database(db);
    env.table("a1", &[]);
    env.table("b2", &["a1"]);
    env.table("c3", &["b2"]);
    env
}

/// The session as a text in which the database has one name on every engine.
fn session(env: &Env, db: &TestDb, lines: &str) -> String {
    let mut url: url::Url = db.url().parse().expect("a url");
    let shown = match db.engine() {
        Engine::Sqlite => url.path().to_owned(),
        _ => {
            url.set_password(None).expect("a url with a host");
            url.to_string()
        }
    };
    env.session(lines)
        .replace(&normalise(&shown), "[URL]")
        .replace("[URL] (does not exist yet)", "[URL]")
}

/// The tables of revisions that are there: the database's own word for what ran.
fn tables(db: &TestDb) -> String {
    let there = |table: &str| db.try_execute(&format!("SELECT * FROM {table}")).is_ok();
    ["a1", "b2", "c3", "d4", "e5", "f6"]
        .into_iter()
        .filter(|table| there(table))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn up_and_down_a_line() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        let text = session(
            &env,
            &db,
            "rev current
             rev upgrade heads --dry-run
             rev upgrade +1
             rev current
             rev upgrade heads
             rev upgrade heads
             rev current
             rev downgrade -1
             rev current -v
             rev downgrade base
             rev current",
        );
        allow_duplicates!(assert_snapshot!(text, @r"
        $ rev current
        base

        $ rev upgrade heads --dry-run
        ↑ a1 make a1
        ↑ b2 make b2
        ↑ c3 make c3
        3 steps would lead to c3 (head); nothing was changed

        $ rev upgrade +1
        ↑ a1 make a1
        1 step, now at a1
        ! [1/1] up a1 make a1

        $ rev current
        a1 make a1

        $ rev upgrade heads
        ↑ b2 make b2
        ↑ c3 make c3
        2 steps, now at c3 (head)
        ! [1/2] up b2 make b2
        ! [2/2] up c3 make c3

        $ rev upgrade heads
        nothing to do: at c3 (head)

        $ rev current
        c3 (head) make c3

        $ rev downgrade -1
        ↓ c3 make c3
        1 step, now at b2
        ! [1/1] down c3 make c3

        $ rev current -v
        database default: [URL]
        revision b2
        parents:    a1
        file:       revisions/b2.sql

            make b2

        $ rev downgrade base
        ↓ b2 make b2
        ↓ a1 make a1
        2 steps, now at base
        ! [1/2] down b2 make b2
        ! [2/2] down a1 make a1

        $ rev current
        base
        "));
        assert_eq!(tables(&db), "");
    });
}

#[test]
fn what_a_database_says_of_itself() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        let text = session(
            &env,
            &db,
            "rev status
             rev journal
             rev verify
             rev upgrade b2
             rev status
             rev upgrade heads
             rev downgrade b2
             rev journal
             rev journal -n 1
             rev verify",
        );
        allow_duplicates!(assert_snapshot!(text, @r"
        $ rev status
        default: [URL]
        at base, 0 revisions applied

        pending: 3 (`rev upgrade heads` applies them)
          a1 make a1
          b2 make b2
          c3 make c3

        $ rev journal
        the journal is empty

        $ rev verify
        nothing is applied

        $ rev upgrade b2
        ↑ a1 make a1
        ↑ b2 make b2
        2 steps, now at b2
        ! [1/2] up a1 make a1
        ! [2/2] up b2 make b2

        $ rev status
        default: [URL]
        at b2, 2 revisions applied

        pending: 1 (`rev upgrade heads` applies them)
          c3 make c3

        $ rev upgrade heads
        ↑ c3 make c3
        1 step, now at c3 (head)
        ! [1/1] up c3 make c3

        $ rev downgrade b2
        ↓ c3 make c3
        1 step, now at b2
        ! [1/1] down c3 make c3

        $ rev journal
        @{0} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↓ c3 make c3

        @{1} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↑ c3 make c3

        @{2} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↑ a1 make a1
          ↑ b2 make b2

        $ rev journal -n 1
        @{0} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↓ c3 make c3

        $ rev verify
        2 applied revisions, all match the files
        "));
    });
}

#[test]
fn as_json() {
    let db = TestDb::new(Engine::Sqlite);
    let env = three_tables(&db);
    let text = session(
        &env,
        &db,
        "rev current --json
         rev upgrade a1 --dry-run --json
         rev upgrade a1 --json
         rev upgrade a1 --json
         rev current --json
         rev status --json
         rev verify --json
         rev journal --json
         rev stamp heads --json
         rev stamp --purge a1 --json
         rev switch base --json
         rev upgrade nowhere --json
         rev upgrade --json
         rev -d nowhere current --json",
    );
    assert_snapshot!(text, @r#"
    $ rev current --json
    {
      "database": "default",
      "heads": [],
      "missing": [],
      "applied": 0,
      "pending": 3
    }

    $ rev upgrade a1 --dry-run --json
    {
      "database": "default",
      "heads_before": [],
      "heads_after": [
        "a1"
      ],
      "steps": [
        {
          "direction": "up",
          "revision": "a1",
          "message": "make a1",
          "effect": "additive"
        }
      ]
    }

    $ rev upgrade a1 --json
    {
      "database": "default",
      "heads_before": [],
      "heads_after": [
        "a1"
      ],
      "steps": [
        {
          "direction": "up",
          "revision": "a1",
          "message": "make a1",
          "effect": "additive"
        }
      ]
    }

    $ rev upgrade a1 --json
    {
      "database": "default",
      "heads_before": [
        "a1"
      ],
      "heads_after": [
        "a1"
      ],
      "steps": []
    }

    $ rev current --json
    {
      "database": "default",
      "heads": [
        "a1"
      ],
      "missing": [],
      "applied": 1,
      "pending": 2
    }

    $ rev status --json
    {
      "database": "default",
      "heads": [
        "a1"
      ],
      "missing": [],
      "applied": 1,
      "pending": [
        "b2",
        "c3"
      ],
      "effects": {
        "b2": "additive",
        "c3": "additive"
      },
      "moved": [],
      "edited": [],
      "down_differs": [],
      "unknown": [],
      "interrupted": null,
      "running": null
    }

    $ rev verify --json
    {
      "database": "default",
      "applied": 1,
      "findings": [],
      "missing_log_rows": [],
      "interrupted": null
    }

    $ rev journal --json
    [
      {
        "run": "b71e535854e5",
        "at": "2026-01-02T03:04:05Z",
        "who": "tester@[HOST]",
        "state": 0,
        "events": [
          {
            "seq": 1,
            "at": "2026-01-02T03:04:05Z",
            "event": "format",
            "revision": null,
            "direction": null,
            "statement": null,
            "detail": "rev2"
          },
          {
            "seq": 2,
            "at": "2026-01-02T03:04:05Z",
            "event": "done",
            "revision": "a1",
            "direction": "up",
            "statement": null,
            "detail": "{\"parents\":[],\"depends_on\":[],\"down_digest\":\"500a00e4f6ed3c822538f0f25996c402744fee8f3a803858ffb9417a9806f8a3\"}"
          }
        ]
      }
    ]

    $ rev stamp heads --json
    {
      "database": "default",
      "heads_before": [
        "a1"
      ],
      "heads_after": [
        "c3"
      ],
      "steps": [
        {
          "direction": "up",
          "revision": "b2",
          "message": "make b2",
          "effect": "additive"
        },
        {
          "direction": "up",
          "revision": "c3",
          "message": "make c3",
          "effect": "additive"
        }
      ]
    }

    $ rev stamp --purge a1 --json
    {
      "database": "default",
      "heads_before": [
        "c3"
      ],
      "heads_after": [
        "a1"
      ],
      "steps": [
        {
          "direction": "down",
          "revision": "c3",
          "message": "make c3",
          "effect": "additive"
        },
        {
          "direction": "down",
          "revision": "b2",
          "message": "make b2",
          "effect": "additive"
        }
      ]
    }

    $ rev switch base --json
    {
      "database": "default",
      "heads_before": [
        "a1"
      ],
      "heads_after": [],
      "steps": [
        {
          "direction": "down",
          "revision": "a1",
          "message": "make a1",
          "effect": "destructive"
        }
      ]
    }

    $ rev upgrade nowhere --json
    ! {
    !   "error": {
    !     "kind": "unknown_name",
    !     "message": "there is no revision \"nowhere\"",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`rev log` lists the revisions, `rev tag` the tags"
    !   }
    ! }
    [exit 1]

    $ rev upgrade --json
    ! {
    !   "error": {
    !     "kind": "usage",
    !     "message": "what to upgrade to is missing",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`rev upgrade heads` applies everything, `rev upgrade LABEL@head` a branch, `rev upgrade +1` one revision"
    !   }
    ! }
    [exit 2]

    $ rev -d nowhere current --json
    ! {
    !   "error": {
    !     "kind": "database_name",
    !     "message": "store.yaml has no database \"nowhere\"",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`-d` takes default"
    !   }
    ! }
    [exit 2]
    "#);
}

#[test]
fn a_stamp_records_and_runs_nothing() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        let text = session(
            &env,
            &db,
            "rev stamp b2
             rev current
             rev stamp a1
             rev current
             rev stamp --only c3
             rev current
             rev stamp --purge a1 --dry-run
             rev stamp --purge a1
             rev current
             rev stamp base
             rev journal -n 2",
        );
        allow_duplicates!(assert_snapshot!(text, @r"
        $ rev stamp b2
        ↑ a1 make a1
        ↑ b2 make b2
        2 steps, now at b2

        $ rev current
        b2 make b2

        $ rev stamp a1
        ↓ b2 make b2
        1 step, now at a1

        $ rev current
        a1 make a1

        $ rev stamp --only c3
        ↑ c3 make c3
        1 step, now at c3 (head)

        $ rev current
        c3 (head) make c3
        ^b2 (missing)

        $ rev stamp --purge a1 --dry-run
        ↓ c3 make c3
        1 step would lead to a1; nothing was changed

        $ rev stamp --purge a1
        ↓ c3 make c3
        1 step, now at a1

        $ rev current
        a1 make a1

        $ rev stamp base
        ↓ a1 make a1
        1 step, now at base

        $ rev journal -n 2
        @{0} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↓ a1 make a1 (stamped)

        @{1} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↓ c3 make c3 (stamped)
        "));
        assert_eq!(tables(&db), "");
    });
}

#[test]
fn coming_from_alembic() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        let first = session(&env, &db, "rev stamp --from-alembic");
        db.execute("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)");
        let empty = session(&env, &db, "rev stamp --from-alembic");
        db.execute("INSERT INTO alembic_version VALUES ('b')");
        let unknown = session(&env, &db, "rev stamp --from-alembic");
        db.execute("UPDATE alembic_version SET version_num = 'b2'");
        let known = session(
            &env,
            &db,
            "rev stamp --from-alembic --dry-run
             rev stamp --from-alembic
             rev current
             rev stamp --from-alembic",
        );
        allow_duplicates!(assert_snapshot!([first, empty, unknown, known].concat(), @r"
        $ rev stamp --from-alembic
        ! error: there is no table alembic_version in [URL]
        ! hint: `rev stamp ID` records revisions that you name
        [exit 1]

        $ rev stamp --from-alembic
        ! error: alembic_version is empty: Alembic has applied nothing here
        ! hint: `rev upgrade heads` applies the revisions
        [exit 1]

        $ rev stamp --from-alembic
        ! error: alembic_version names b, which no file here has
        ! hint: bring Alembic's revisions into the store first, under their own ids
        [exit 1]

        $ rev stamp --from-alembic --dry-run
        ↑ a1 make a1
        ↑ b2 make b2
        2 steps would lead to b2; nothing was changed

        $ rev stamp --from-alembic
        ↑ a1 make a1
        ↑ b2 make b2
        2 steps, now at b2

        $ rev current
        b2 make b2

        $ rev stamp --from-alembic
        ! error: 2 revisions are recorded here already
        ! hint: `rev current` shows where the database is, `rev stamp ID` records what you name
        [exit 1]
        "));
    });
}

#[test]
fn reading_makes_nothing() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        for words in [
            "current",
            "current --check-heads",
            "status",
            "verify",
            "journal",
            "upgrade heads --dry-run",
            "upgrade heads --dry-run --json",
            "switch --dry-run",
            "stamp heads --dry-run",
            "upgrade heads --sql",
            "status --wait=0",
        ] {
            env.shell(&format!("rev {words}"));
            match engine {
                Engine::Sqlite => {
                    assert!(!std::path::Path::new(db.name()).exists(), "{words} makes the file");
                    let folder = std::path::Path::new(db.name()).parent().expect("a folder");
                    assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), 0, "{words}");
                }
                _ => assert!(db.try_execute("SELECT * FROM rev_log").is_err(), "{words} writes"),
            }
        }
    });
}

#[test]
fn a_database_ahead_of_the_files() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        env.rev(["upgrade", "heads"]).success();
        env.remove_revision("c3");
        env.remove_revision("b2");
        let text = session(
            &env,
            &db,
            "rev upgrade heads
             rev current
             rev current --check-heads
             rev status
             rev status --wait=1",
        );
        allow_duplicates!(assert_snapshot!(text, @r"
        $ rev upgrade heads
        nothing to do: at c3
        ! note: the database is ahead of the files by 2 revisions: b2, c3

        $ rev current
        c3 (not in the files)

        $ rev current --check-heads
        c3 (not in the files)
        [exit 3]

        $ rev status
        default: [URL]
        at c3, 3 revisions applied

        not in the files, the database is ahead: 2 (check out their files; `rev switch` downgrades them with the stored `down`)
          b2
          c3

        $ rev status --wait=1
        default: [URL]
        at c3, 3 revisions applied

        not in the files, the database is ahead: 2 (check out their files; `rev switch` downgrades them with the stored `down`)
          b2
          c3
        "));
    });
}

#[test]
fn several_databases() {
    let (one, two) = (TestDb::new(Engine::Sqlite), TestDb::new(Engine::Postgres));
    let env = Env::new();
    env.write(
        "store.yaml",
        format!(
            "databases:\n  one:\n    url: {}\n    labels: [left]\n  down:\n    url: postgres://127.0.0.1:1/x\n  two:\n    url: {}\n",
            one.url(),
            two.url()
        ),
    );
    env.table("a1", &[]);
    env.revision_with(
        "b2",
        &["a1"],
        "left",
        "labels: [left]",
        "CREATE TABLE b2 (v integer);",
        "DROP TABLE b2;",
    );
    env.table("c3", &["a1"]);
    let text = env.session(
        "rev -d one upgrade heads --dry-run
         rev -d one upgrade heads --sql --dialect postgres | grep '^-- [fu][a-z]* '
         rev upgrade heads --all
         rev current --all
         rev upgrade heads --all --json -q 2>&1
         rev current --all --json
         rev -d two current",
    );
    assert_snapshot!(text, @r#"
    $ rev -d one upgrade heads --dry-run
    ↑ a1 make a1
    ↑ b2 left
    2 steps would lead to b2 (head); nothing was changed

    $ rev -d one upgrade heads --sql --dialect postgres | grep '^-- [fu][a-z]* '
    -- from nothing to b2; for psql
    -- up a1: make a1
    -- up b2: left

    $ rev upgrade heads --all
    one   2 steps, now at b2 (head)
    down  failed: cannot connect to postgres://anonymous@127.0.0.1:[PORT]/x: Connection refused (os error 111)
    two   3 steps, now at b2 (head), c3 (head)
    ! [1/2] up a1 make a1
    ! [2/2] up b2 left
    ! error: cannot connect to postgres://anonymous@127.0.0.1:[PORT]/x: Connection refused (os error 111)
    ! hint: check that the server is running, and the host and port in the url
    ! [1/3] up a1 make a1
    ! [2/3] up b2 left
    ! [3/3] up c3 make c3
    [exit 1]

    $ rev current --all
    one:
      b2 (left) (head) left

    down:
      failed: cannot connect to postgres://anonymous@127.0.0.1:[PORT]/x: Connection refused (os error 111)

    two:
      b2 (left) (head) left
      c3 (head) make c3
    ! error: cannot connect to postgres://anonymous@127.0.0.1:[PORT]/x: Connection refused (os error 111)
    ! hint: check that the server is running, and the host and port in the url
    [exit 1]

    $ rev upgrade heads --all --json -q 2>&1
    [
      {
        "database": "one",
        "heads_before": [
          "b2"
        ],
        "heads_after": [
          "b2"
        ],
        "steps": []
      },
      {
        "database": "down",
        "error": {
          "kind": "connect",
          "message": "cannot connect to postgres://anonymous@127.0.0.1:[PORT]/x: Connection refused (os error 111)",
          "file": null,
          "line": null,
          "column": null,
          "statement": null,
          "state": null,
          "hint": "check that the server is running, and the host and port in the url"
        }
      },
      {
        "database": "two",
        "heads_before": [
          "b2",
          "c3"
        ],
        "heads_after": [
          "b2",
          "c3"
        ],
        "steps": []
      }
    ]
    [exit 1]

    $ rev current --all --json
    [
      {
        "database": "one",
        "heads": [
          "b2"
        ],
        "missing": [],
        "applied": 2,
        "pending": 0
      },
      {
        "database": "down",
        "error": {
          "kind": "connect",
          "message": "cannot connect to postgres://anonymous@127.0.0.1:[PORT]/x: Connection refused (os error 111)",
          "file": null,
          "line": null,
          "column": null,
          "statement": null,
          "state": null,
          "hint": "check that the server is running, and the host and port in the url"
        }
      },
      {
        "database": "two",
        "heads": [
          "b2",
          "c3"
        ],
        "missing": [],
        "applied": 3,
        "pending": 0
      }
    ]
    [exit 1]

    $ rev -d two current
    b2 (left) (head) left
    c3 (head) make c3
    "#);
    assert_eq!(one.query("SELECT id FROM rev_applied ORDER BY id"), [["a1"], ["b2"]]);
    assert_eq!(two.query("SELECT id FROM rev_applied ORDER BY id"), [["a1"], ["b2"], ["c3"]]);
}

#[test]
fn waiting_until_another_has_upgraded() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        let late = env.rev(["status", "--wait=0"]).exits(3);
        assert!(late.stderr.contains("3 revisions pending"), "{}", late.stderr);
        let waiting = env.spawn(["status", "--wait=300"]);
        waiting.wait_for_stderr("3 revisions pending");
        env.rev(["upgrade", "heads"]).success();
        let output = waiting.wait().success();
        assert!(output.stdout.contains("nothing is pending"), "{}", output.stdout);
        env.rev(["status", "--wait"]).success();
    });
}

#[test]
fn nothing_to_do_takes_four_round_trips() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        env.rev(["upgrade", "heads"]).success();
        let forwarder = Forwarder::to(&db);
        env.write("store.yaml", format!("databases:\n  default:\n    url: {}\n", forwarder.url()));
        let output = env.rev(["upgrade", "heads"]).success();
        assert_eq!(output.stdout, "nothing to do: at c3 (head)\n");
        // PostgreSQL's login sends two messages (a wish for TLS, and who it is), MariaDB's one; the
        // farewell is one more, and no answer is waited for.
        let login = if engine == Engine::Postgres { 2 } else { 1 };
        let sent = forwarder.messages();
        assert!(sent <= login + 4 + 1, "{engine:?}: {sent} messages");
    }
}

#[test]
fn waiting_until_the_server_is_up() {
    let db = TestDb::new(Engine::Postgres);
    let (.., user, _) = db.server();
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let env = three_tables(&db);
    env.rev(["upgrade", "heads"]).success();
    env.write(
        "store.yaml",
        format!("databases:\n  default:\n    url: postgres://{user}@{address}/{}\n", db.name()),
    );
    let waiting = env.spawn(["status", "--wait=300"]);
    waiting.wait_for_stderr("waiting: ");
    Forwarder::at(TcpListener::bind(address).expect("the port"), &db);
    let output = waiting.wait().success();
    assert!(output.stdout.contains("nothing is pending"), "{}", output.stdout);
}

#[test]
fn making_the_journal_alone() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = three_tables(&db);
        let text = session(
            &env,
            &db,
            "rev ensure-version
             rev ensure_version
             rev current
             rev journal",
        );
        allow_duplicates!(assert_snapshot!(text, @"
        $ rev ensure-version
        created the journal

        $ rev ensure_version
        nothing to do: the journal exists

        $ rev current
        base

        $ rev journal
        2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          created the journal, format rev2
        "));
        assert_eq!(db.value("SELECT count(*) FROM rev_applied"), "0");
    });
}

#[test]
fn scripts_without_a_database() {
    let env = Env::new();
    env.write("store.yaml", "databases:\n  default:\n    url: ${NOT_SET}\n");
    env.table("a1", &[]);
    env.table("b2", &["a1"]);
    env.table("c3", &["b2"]);
    let text = env.session(
        "rev upgrade heads --sql
         rev upgrade heads --sql --dialect sqlite | grep '^-- [fud][a-z]* '
         rev upgrade a1:b2 --sql --dialect mariadb | grep '^-- [fud][a-z]* '
         rev upgrade b2: --sql --dialect mysql | grep '^-- [fud][a-z]* '
         rev downgrade c3:a1 --sql --dialect postgres | grep '^-- [fud][a-z]* '
         rev stamp :b2 --sql --dialect sqlite | grep '^-- [fud][a-z]* '
         rev upgrade a1:b2 c3 --sql --dialect sqlite
         NOT_SET=postgres://127.0.0.1:1/x rev upgrade a1:b2 --sql | grep '^-- [fud][a-z]* '
         NOT_SET=postgres://127.0.0.1:1/x rev upgrade heads --sql",
    );
    assert_snapshot!(text, @"
    $ rev upgrade heads --sql
    ! error: the variable NOT_SET is not set
    !  --> store.yaml:3
    !   |
    ! 3 |     url: ***
    !   |     ^^^
    ! hint: set it, write it to .env beside store.yaml, or give a default: ${NOT_SET:-…}
    [exit 1]

    $ rev upgrade heads --sql --dialect sqlite | grep '^-- [fud][a-z]* '
    -- from nothing to c3; for sqlite3
    -- up a1: make a1
    -- up b2: make b2
    -- up c3: make c3

    $ rev upgrade a1:b2 --sql --dialect mariadb | grep '^-- [fud][a-z]* '
    -- from a1 to b2; for mariadb
    -- up b2: make b2

    $ rev upgrade b2: --sql --dialect mysql | grep '^-- [fud][a-z]* '
    -- from b2 to c3; for mysql
    -- up c3: make c3

    $ rev downgrade c3:a1 --sql --dialect postgres | grep '^-- [fud][a-z]* '
    -- from c3 to a1; for psql
    -- down c3: make c3
    -- down b2: make b2

    $ rev stamp :b2 --sql --dialect sqlite | grep '^-- [fud][a-z]* '
    -- from nothing to b2; for sqlite3
    -- up a1: make a1
    -- up b2: make b2

    $ rev upgrade a1:b2 c3 --sql --dialect sqlite
    ! error: a range must be the only target
    ! hint: `--sql A:B` takes one range and no other target
    [exit 2]

    $ NOT_SET=postgres://127.0.0.1:[PORT]/x rev upgrade a1:b2 --sql | grep '^-- [fud][a-z]* '
    -- from a1 to b2; for psql
    -- up b2: make b2

    $ NOT_SET=postgres://127.0.0.1:[PORT]/x rev upgrade heads --sql
    ! error: cannot connect to postgres://anonymous@127.0.0.1:[PORT]/x: Connection refused (os error 111)
    ! hint: check that the server is running, and the host and port in the url
    [exit 1]
    ");
    env.write("store.yaml", "databases: {}\n");
    let json = env.rev(["upgrade", "heads", "--sql", "--dialect", "sqlite", "--json"]).success();
    assert!(
        json.json()["script"].as_str().is_some_and(|script| script.contains("CREATE TABLE c3"))
    );
}

#[test]
fn a_user_without_a_name_is_told_by_number() {
    use std::os::unix::fs::MetadataExt;
    let db = TestDb::new(Engine::Sqlite);
    let env = Env::with_database(&db);
    std::fs::create_dir(env.path("revisions")).unwrap();
    env.unset("USER");
    env.rev(["ensure-version"]).success();
    let uid = std::fs::metadata(env.dir()).unwrap().uid();
    let who = db.value("SELECT who FROM rev_log");
    assert!(who.starts_with(&format!("uid {uid}@")), "{who}");
}
