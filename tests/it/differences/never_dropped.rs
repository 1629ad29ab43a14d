//! A table is never dropped to change it: what no operation can say of it is told, and its rows stay.

use super::env_with_models;
use crate::support::{Engine, TestDb};

/// A table `t` in two forms, between which only a new one could lead.
struct Case {
    one: &'static str,
    other: &'static str,
    /// What fills it, in either form.
    rows: &'static str,
}

const SQLITE: [Case; 6] = [
    Case {
        one: "CREATE TABLE t (a INTEGER, b TEXT, UNIQUE (a) ON CONFLICT IGNORE)",
        other: "CREATE TABLE t (a INTEGER, b TEXT, UNIQUE (a) ON CONFLICT REPLACE)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a INTEGER NOT NULL ON CONFLICT IGNORE)",
        other: "CREATE TABLE t (a INTEGER NOT NULL)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a INTEGER PRIMARY KEY ON CONFLICT REPLACE)",
        other: "CREATE TABLE T (a INTEGER PRIMARY KEY)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a INTEGER, PRIMARY KEY (a DESC))",
        other: "CREATE TABLE t (a INTEGER, PRIMARY KEY (a))",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE VIRTUAL TABLE t USING fts5 (a)",
        other: "CREATE VIRTUAL TABLE t USING fts5 (a, tokenize = 'porter')",
        rows: "INSERT INTO t (a) VALUES ('one'), ('two')",
    },
    Case {
        one: "CREATE VIRTUAL TABLE t USING fts5 (a)",
        other: "CREATE TABLE t (a TEXT)",
        rows: "INSERT INTO t (a) VALUES ('one'), ('two')",
    },
];

const MARIADB: [Case; 5] = [
    Case {
        one: "CREATE TABLE t (a INT) WITH SYSTEM VERSIONING",
        other: "CREATE TABLE t (a INT)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a INT, b DATE NOT NULL DEFAULT '2026-01-01', \
              c DATE NOT NULL DEFAULT '2027-01-01', PERIOD FOR p (b, c))",
        other: "CREATE TABLE t (a INT, b DATE NOT NULL DEFAULT '2026-01-01', \
                c DATE NOT NULL DEFAULT '2027-01-01')",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a INT, b INT WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING",
        other: "CREATE TABLE t (a INT, b INT) WITH SYSTEM VERSIONING",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a INT) ENGINE=InnoDB STATS_PERSISTENT=1",
        other: "CREATE TABLE t (a BIGINT) ENGINE=InnoDB",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a INT) WITH SYSTEM VERSIONING",
        other: "CREATE TABLE t (a INT) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME \
                (PARTITION p0 HISTORY, PARTITION pn CURRENT)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
];

const MYSQL: [Case; 2] = [
    Case {
        one: "CREATE TABLE t (a INT) ENGINE=InnoDB STATS_PERSISTENT=1",
        other: "CREATE TABLE t (a BIGINT) ENGINE=InnoDB",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a INT) PARTITION BY HASH (a) PARTITIONS 2",
        other: "CREATE TABLE t (a INT) PARTITION BY HASH (a) PARTITIONS 4",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
];

const POSTGRES: [Case; 6] = [
    Case {
        one: "CREATE TABLE t (a int)",
        other: "CREATE TABLE p (a int); CREATE TABLE t () INHERITS (p)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE t (a int)",
        other: "CREATE TABLE p (a int) PARTITION BY LIST (a); \
                CREATE TABLE t PARTITION OF p FOR VALUES IN (1, 2)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    // With the table, its partition would go.
    Case {
        one: "CREATE TABLE \"P x\" (a int) PARTITION BY LIST (a); \
              CREATE TABLE t PARTITION OF \"P x\" FOR VALUES IN (1, 2)",
        other: "CREATE TABLE t (a int)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a int) PARTITION BY LIST (a); \
              CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2)",
        other: "CREATE TABLE t (a int) PARTITION BY RANGE (a); \
                CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (0) TO (5)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TABLE t (a int) PARTITION BY LIST (a); \
              CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1, 2) PARTITION BY RANGE (a); \
              CREATE TABLE t_1_1 PARTITION OF t_1 FOR VALUES FROM (0) TO (5)",
        other: "CREATE TABLE t (a int)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
    Case {
        one: "CREATE TYPE d AS (x int); CREATE TABLE t (a int, b d)",
        other: "CREATE TYPE d AS (x text); CREATE TABLE t (a int, b d)",
        rows: "INSERT INTO t (a) VALUES (1), (2)",
    },
];

/// The change is told, by each command, and nothing else is made of it; what else changes is made.
fn stays(engine: Engine, case: &Case, is_back: bool) {
    let (before, after) = if is_back { (case.other, case.one) } else { (case.one, case.other) };
    let db = TestDb::new(engine);
    db.execute(before);
    db.execute(case.rows);
    db.execute("CREATE TABLE other (id int PRIMARY KEY)");
    db.execute("CREATE VIEW v AS SELECT a FROM t");
    let about = format!("{before}\n--- to\n{after}");
    let rows = || db.query("SELECT a FROM t ORDER BY a");
    let there = rows();
    assert_eq!(there.len(), 2, "{about}");
    let is_kept = |what: &str| assert_eq!(rows(), there, "{about}\n--- {what}");
    let more = "CREATE TABLE other (id int PRIMARY KEY, more int);\n\
                CREATE VIEW v AS SELECT a FROM t WHERE a <> 'three';\n";
    let more = match engine {
        Engine::Sqlite => more.to_owned(),
        _ => more.replace("'three'", "3"),
    };
    let env = env_with_models(&db, &format!("{after};\n{more}"));
    for line in ["check", "revision --autogenerate -m more"] {
        let output = env.rev(line.split(' '));
        let text = format!("{}{}", output.stdout, output.stderr);
        assert_eq!(output.code, 3, "{about}\n--- {line}\n{text}");
        assert!(text.contains("skipped: "), "{about}\n--- {line}\n{text}");
        let told = text.to_lowercase();
        let drops = told.contains("drop_table") || told.contains("drop table");
        assert!(!drops && !text.contains(" fails"), "{about}\n--- {line}\n{text}");
        assert!(text.contains("add_column other.more"), "{about}\n--- {line}\n{text}");
    }
    let file = env.files("revisions").pop().unwrap();
    let text = env.read(format!("revisions/{file}"));
    assert!(!text.to_lowercase().contains("drop table"), "{about}\n{text}");
    assert!(text.contains("# skipped: "), "{about}\n{text}");
    env.rev(["upgrade", "heads"]).success();
    is_kept("up");
    env.rev(["downgrade", "base", "--yes"]).success();
    is_kept("down");
}

/// Clauses for which a definition has no place, under which all else of the table changes.
const AROUND: &[(Engine, &str, &str)] = &[
    (
        Engine::Sqlite,
        "CREATE TABLE t (a INTEGER, b TEXT, UNIQUE (a) ON CONFLICT IGNORE)",
        "CREATE TABLE t (a INTEGER, b INTEGER, c TEXT, UNIQUE (a) ON CONFLICT IGNORE)",
    ),
    (
        Engine::Sqlite,
        "CREATE TABLE t (a INTEGER UNIQUE ON CONFLICT FAIL)",
        "CREATE TABLE t (a INTEGER UNIQUE ON CONFLICT FAIL); CREATE INDEX i ON t (a)",
    ),
    (
        Engine::Sqlite,
        "CREATE TABLE t (a TEXT, b TEXT, PRIMARY KEY (a DESC))",
        "CREATE TABLE t (a TEXT, PRIMARY KEY (a DESC))",
    ),
    (
        Engine::Mariadb,
        "CREATE TABLE t (a INT, z INT) WITH SYSTEM VERSIONING",
        "CREATE TABLE t (a INT, z BIGINT, b INT) WITH SYSTEM VERSIONING",
    ),
    (
        Engine::Mariadb,
        "CREATE TABLE t (a INT, b INT WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING",
        "CREATE TABLE t (a BIGINT, b INT WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING",
    ),
    (
        Engine::Mariadb,
        "CREATE TABLE t (a INT, b DATE NOT NULL DEFAULT '2026-01-01', \
         c DATE NOT NULL DEFAULT '2027-01-01', PERIOD FOR p (b, c))",
        "CREATE TABLE t (a INT, b DATE NOT NULL DEFAULT '2026-01-01', \
         c DATE NOT NULL DEFAULT '2027-01-01', d INT, PERIOD FOR p (b, c))",
    ),
    (
        Engine::Mariadb,
        "CREATE TABLE t (a VARCHAR(99), b INT DEFAULT 1, PRIMARY KEY (a(10), b DESC))",
        "CREATE TABLE t (a VARCHAR(99), b INT DEFAULT 1, c INT, PRIMARY KEY (a(20), b))",
    ),
    (
        Engine::Mysql,
        "CREATE TABLE t (a VARCHAR(99), b INT DEFAULT 1, PRIMARY KEY (a(10), b DESC))",
        "CREATE TABLE t (a VARCHAR(99), b INT DEFAULT 1, c INT, PRIMARY KEY (a(20), b))",
    ),
    (
        Engine::Mysql,
        "CREATE TABLE t (a INT, p POINT SRID 4326, z INT, KEY f ((a + 1) DESC, a))",
        "CREATE TABLE t (a BIGINT, p POINT SRID 4326 COMMENT 'where', z INT, y INT, KEY f ((a + 1) DESC, a))",
    ),
];

#[test]
fn clauses_stay_while_the_rest_changes() {
    around(AROUND.iter().filter(|(engine, ..)| *engine != Engine::Mysql));
}

#[test]
fn clauses_stay_while_the_rest_changes_on_mysql() {
    around(AROUND.iter().filter(|(engine, ..)| *engine == Engine::Mysql));
}

fn around<'a>(cases: impl Iterator<Item = &'a (Engine, &'a str, &'a str)>) {
    for (engine, before, after) in cases {
        let (db, models) = (TestDb::new(*engine), TestDb::new(*engine));
        db.execute(before);
        db.execute("INSERT INTO t (a) VALUES (1), (2)");
        models.execute(after);
        let env = env_with_models(&db, after);
        let outcome = super::there_and_back(&db, &env, &models);
        assert_eq!(outcome, Ok(()), "{before}\n--- to\n{after}");
        assert_eq!(db.query("SELECT a FROM t ORDER BY a").len(), 2, "{before}");
    }
}

fn all_stay(engine: Engine, cases: &[Case]) {
    for case in cases {
        stays(engine, case, false);
        stays(engine, case, true);
    }
}

#[test]
fn rows_stay_on_sqlite() {
    all_stay(Engine::Sqlite, &SQLITE);
}

#[test]
fn rows_stay_on_mariadb() {
    all_stay(Engine::Mariadb, &MARIADB);
}

#[test]
fn rows_stay_on_mysql() {
    all_stay(Engine::Mysql, &MYSQL);
}

#[test]
fn rows_stay_on_postgres() {
    all_stay(Engine::Postgres, &POSTGRES);
}

/// What the account may not see is told with the grant that is missing, and neither made nor dropped; with
/// the grants nothing differs.
#[test]
fn what_the_account_may_not_see_is_no_difference_and_not_equal() {
    what_it_may_not_see(Engine::Mariadb);
}

#[test]
fn what_the_account_may_not_see_is_no_difference_and_not_equal_on_mysql() {
    what_it_may_not_see(Engine::Mysql);
}

fn what_it_may_not_see(engine: Engine) {
    // On MySQL it is a privilege of the server.
    let (routines, grant) = match engine {
        Engine::Mysql => ("SHOW_ROUTINE ON", "SHOW_ROUTINE ON *.*"),
        _ => ("SELECT ON mysql.proc", "SELECT ON mysql.proc"),
    };
    const ALL: &str = "CREATE TABLE t (a int);
        CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
        CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1;
        CREATE PROCEDURE p() SELECT 1;
        CREATE VIEW v AS SELECT a FROM t;
        CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO DO 1;";
    let db = TestDb::new(engine);
    db.execute(ALL);
    let (name, user) =
        (db.name().to_owned(), format!("u_{}", &db.name()[..db.name().len().min(30)]));
    db.execute(&format!(
        "CREATE USER {user} IDENTIFIED BY 'x', {user}@localhost IDENTIFIED BY 'x'; \
         GRANT ALL ON `rev\\_scratch\\_%`.* TO {user}, {user}@localhost; \
         GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON {name}.* TO {user}, {user}@localhost"
    ));
    let (host, port, ..) = db.server();
    let own = format!("mysql://{user}:x@{host}:{port}/{name}");
    let told = |models: &str| {
        let env = env_with_models(&db, models);
        let store = env.read("store.yaml");
        env.write("store.yaml", store.replace(db.url(), &own));
        let check = env.rev(["check"]);
        let text = check.stdout.clone();
        let made = env.rev(["revision", "--autogenerate", "-m", "x"]);
        assert_eq!(made.code, check.code, "{}{}", made.stdout, made.stderr);
        for word in ["create_", "drop_", "sql "] {
            assert!(!made.stdout.contains(word), "{}", made.stdout);
        }
        (check.code, text)
    };
    for models in [ALL, "CREATE TABLE t (a int);"] {
        let (code, text) = told(models);
        assert_eq!(code, 3, "{text}");
        assert!(!text.contains("no differences"), "{text}");
        for grant in ["TRIGGER ON", "EVENT ON", "SHOW VIEW ON", routines] {
            assert!(text.contains(grant), "{grant}: {text}");
        }
    }
    db.execute(&format!(
        "GRANT TRIGGER, EVENT, SHOW VIEW, EXECUTE ON {name}.* TO {user}, {user}@localhost; \
         GRANT {grant} TO {user}, {user}@localhost"
    ));
    let (code, text) = told(ALL);
    db.execute(&format!("DROP USER {user}, {user}@localhost"));
    assert_eq!(code, 0, "{text}");
}

/// A journal under another prefix is that of another store, and no part of the application's schema.
#[test]
fn the_journal_of_another_store_stays() {
    crate::support::for_each_engine(|engine| {
        let db = TestDb::new(engine);
        for (prefix, code) in [("rev", 0), ("other", 0)] {
            let env = env_with_models(&db, "");
            let store = env.read("store.yaml");
            env.write("store.yaml", format!("{store}    table_prefix: {prefix}\n"));
            env.rev(["check"]).exits(code);
            env.rev(["revision", "-m", prefix]).success();
            env.rev(["upgrade", "heads"]).success();
        }
    });
}

/// What the server cannot show is no reason to drop it either.
#[test]
fn a_table_stays_that_should_be_a_foreign_one() {
    const FOREIGN: &str = "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; \
                           CREATE FOREIGN TABLE t (a int) SERVER s;";
    const OWN: &str = "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)";
    let told = |before: &str, after: &str| {
        let (db, models) = (TestDb::new(Engine::Postgres), TestDb::new(Engine::Postgres));
        db.execute(before);
        models.execute(after);
        let env = env_with_models(&db, "");
        let store = env.read("store.yaml");
        env.write(
            "store.yaml",
            store.replace("file: models.sql", &format!("url: {}", models.url())),
        );
        env.session("rev revision --autogenerate -m t\nls revisions")
    };
    insta::assert_snapshot!(told(OWN, FOREIGN), @r#"
    $ rev revision --autogenerate -m t
    skipped: table t: it should be one that cannot be compared, such as a foreign table
        hint: change it in SQL: a table is never dropped to change it
    skipped: foreign table public.t: it should be there: no operation supports it
        hint: change it in SQL
    skipped: foreign-data wrapper w: it should be there: no operation supports it
        hint: change it in SQL
    skipped: server s: it should be there: no operation supports it
        hint: change it in SQL
    no differences that operations support: database "default" and the models; nothing to write
    [exit 3]

    $ ls revisions
    "#);
    insta::assert_snapshot!(told(FOREIGN, OWN), @r#"
    $ rev revision --autogenerate -m t
    skipped: table t: a table of this name is there and cannot be compared
        hint: change it in SQL: a table is never dropped to change it
    skipped: foreign table public.t: it should not be there: no operation supports it
        hint: change it in SQL
    skipped: foreign-data wrapper w: it should not be there: no operation supports it
        hint: change it in SQL
    skipped: server s: it should not be there: no operation supports it
        hint: change it in SQL
    no differences that operations support: database "default" and the models; nothing to write
    [exit 3]

    $ ls revisions
    "#);
}

#[test]
fn a_change_that_is_not_made_is_shown_with_why() {
    const SEEN: &str = "CREATE TABLE seen (at TEXT NOT NULL, UNIQUE (at) ON CONFLICT IGNORE);\n";
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with_models(&db, SEEN);
    env.session("rev revision --autogenerate -m seen\nrev upgrade heads");
    db.execute("INSERT INTO seen VALUES ('monday'), ('tuesday')");
    let wider = SEEN.replace("IGNORE", "REPLACE");
    // What stands on it is made all the same.
    env.write(
        "models.sql",
        wider
            + "CREATE TABLE note (at TEXT REFERENCES seen (at), note TEXT);\n\
               CREATE TRIGGER noted AFTER INSERT ON seen BEGIN INSERT INTO note VALUES (NEW.at, ''); END;\n\
               CREATE VIEW days AS SELECT at FROM seen;\n",
    );
    insta::assert_snapshot!(env.session("
        rev revision --autogenerate -m days --rev-id days
        cat revisions/*_days.yaml
        rev upgrade heads
        rev check
        rev --json check --only 'table:seen'
        rev check --only 'view:days'
        rev verify --live
        rev revision --autogenerate -m again
    "), @r#"
    $ rev revision --autogenerate -m days --rev-id days
    + create_table note (2 columns, 1 constraint)
    + create_view days: SELECT at FROM seen
    + create_trigger noted on seen, after insert
    skipped: table seen: it has UNIQUE (at) ON CONFLICT IGNORE; it lacks UNIQUE (at) ON CONFLICT REPLACE
        hint: change it in SQL: a table is never dropped to change it
    verified: upgrade reaches the models except for what was skipped, downgrade restores the schema
    wrote revisions/20260102_days_days.yaml
    days (head) days
    [exit 3]

    $ cat revisions/*_days.yaml
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: days
    parents: [baf424e6c74b]
    message: days
    created: 2026-01-02T03:04:05Z
    # skipped: table seen: it has UNIQUE (at) ON CONFLICT IGNORE; it lacks UNIQUE (at) ON CONFLICT REPLACE
    up:
      - create_table:
          name: note
          columns:
            - {name: at, type: TEXT}
            - {name: note, type: TEXT}
          constraints:
            - foreign_key: {columns: [at], references: {table: seen, columns: [at]}}
      - create_view:
          name: days
          query: |-
            SELECT at FROM seen
      - create_trigger:
          table: seen
          name: noted
          timing: after
          events: [insert]
          body: |-
            BEGIN INSERT INTO note VALUES (NEW.at, ''); END

    $ rev upgrade heads
    ↑ days days
    1 step, now at days (head)
    ! [1/1] up days days

    $ rev check
    skipped: table seen: it has UNIQUE (at) ON CONFLICT IGNORE; it lacks UNIQUE (at) ON CONFLICT REPLACE
        hint: change it in SQL: a table is never dropped to change it
    1 difference: database "default" and the models
    [exit 3]

    $ rev --json check --only 'table:seen'
    {
      "changes": [],
      "not_made": [
        {
          "object": "table seen",
          "why": "it has UNIQUE (at) ON CONFLICT IGNORE; it lacks UNIQUE (at) ON CONFLICT REPLACE",
          "hint": "change it in SQL: a table is never dropped to change it"
        }
      ],
      "possible_renames": [],
      "notices": [],
      "database": "default",
      "against": "database",
      "equal": false,
      "position": {
        "database": "default",
        "at_heads": true,
        "pending": [],
        "missing": [],
        "moved": [],
        "edited": [],
        "unknown": [],
        "interrupted": null
      }
    }
    [exit 3]

    $ rev check --only 'view:days'
    no differences: database "default" and the models

    $ rev verify --live
    2 applied revisions, all match the files
    no differences: the database and its revisions

    $ rev revision --autogenerate -m again
    skipped: table seen: it has UNIQUE (at) ON CONFLICT IGNORE; it lacks UNIQUE (at) ON CONFLICT REPLACE
        hint: change it in SQL: a table is never dropped to change it
    no differences that operations support: database "default" and the models; nothing to write
    [exit 3]
    "#);
    assert_eq!(db.value("SELECT count(*) FROM days"), "2");
    // A rename keeps the rows.
    env.write("models.sql", SEEN.replace("seen", "noted"));
    insta::assert_snapshot!(env.session("
        rev revision --autogenerate -m noted --rev-id noted --rename table:seen:noted
        rev upgrade heads
        rev check
    "), @r#"
    $ rev revision --autogenerate -m noted --rev-id noted --rename table:seen:noted
    ~ rename_table seen to noted
    ! drop_trigger noted on noted
    ! drop_view days
    ! drop_table note
        loses the rows of note
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_noted_noted.yaml
    noted (head) noted

    $ rev upgrade heads
    ↑ noted noted
    1 step, now at noted (head)
    ! [1/1] up noted noted

    $ rev check
    no differences: database "default" and the models
    "#);
    assert_eq!(db.value("SELECT count(*) FROM noted"), "2");
    // It is changed by hand, and then it is no more wanted at all.
    db.execute(
        "CREATE TABLE n (at TEXT); INSERT INTO n SELECT at FROM noted; \
                DROP TABLE noted; ALTER TABLE n RENAME TO noted",
    );
    insta::assert_snapshot!(env.session("rev verify --live"), @"
    $ rev verify --live
    3 applied revisions, all match the files
    skipped: table noted: it has UNIQUE (at) ON CONFLICT IGNORE
        hint: change it in SQL: a table is never dropped to change it
    the database differs from its revisions: these changes were made outside of them
    [exit 3]
    ");
    env.write("models.sql", "");
    insta::assert_snapshot!(env.session("rev check"), @r#"
    $ rev check
    ! drop_table noted
        loses the rows of noted
    1 difference: database "default" and the models (`rev revision --autogenerate` writes a revision)
    [exit 3]
    "#);
}

#[test]
fn a_sequence_that_is_lost_with_an_identity_is_told() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)");
    let env = env_with_models(&db, "CREATE TABLE t (a serial);\n");
    insta::assert_snapshot!(env.session("rev check"), @r#"
    $ rev check
    + create_sequence t_a_seq
    ! alter_column t.a default nextval('t_a_seq'::regclass), no identity
        loses the position of t.a
    ~ alter_sequence t_a_seq owned by t.a
    3 differences: database "default" and the models (`rev revision --autogenerate` writes a revision)
    [exit 3]
    "#);
}
