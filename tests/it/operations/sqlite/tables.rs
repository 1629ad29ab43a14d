//! Tables, columns and what they hold, each as SQLite then shows it.

use serde_json::json;

use super::look::{Look, meant};
use super::{fails, made, run};

#[test]
fn a_table_is_made_with_all_that_sqlite_knows() {
    let db = made("CREATE TABLE p (a int, b int, PRIMARY KEY (a, b))");
    run(
        &db,
        json!([
            {"create_table": {
                "name": "t",
                "columns": [
                    {"name": "id", "type": "bigint", "identity": "by_default", "primary_key": true},
                    {"name": "Order", "type": "string(20)", "nullable": false, "default": "it's"},
                    {"name": "c", "type": "decimal(10,2)", "default": "12.50", "collation": "nocase"},
                    {"name": "d", "type": "boolean", "default": true},
                    {"name": "e", "type": "timestamp", "default": {"sql": "CURRENT_TIMESTAMP"}},
                    {"name": "f", "type": "text", "default": {"sql": "lower('X')"}},
                    {"name": "g", "type": "integer", "generated": {"sql": "d + 1", "stored": true}},
                    {"name": "h", "type": "integer", "references":
                        {"name": "r", "table": "t", "column": "id", "on_delete": "set_null",
                         "deferrable": true, "initially": "deferred"}},
                    {"name": "i", "type": {"sqlite": ""}, "nullable": true},
                    {"name": "j", "type": "json", "default": "{\"a\": 1}"}
                ],
                "constraints": [
                    {"unique": {"name": "u", "columns": ["c", "d"]}},
                    {"foreign_key": {"columns": ["h", "d"], "references":
                        {"table": "p", "columns": ["a", "b"]}, "on_update": "cascade"}},
                    {"check": {"sql": "t.d IN (0, 1)"}}
                ],
                "indexes": [{"name": "ix", "unique": true, "where": "d",
                    "columns": ["c", {"sql": "lower(f)", "order": "desc"},
                                {"column": "f", "collation": "nocase"}]}]
            }},
            {"create_table": {
                "name": "s", "columns": [
                    {"name": "a", "type": "string(3)"}, {"name": "b", "type": "boolean"},
                    {"name": "c", "type": "bytes"}, {"name": "d", "type": "double"}],
                "constraints": [{"primary_key": {"name": "pk", "columns": ["a", "b"]}}],
                "options": {"strict": true, "without_rowid": true}
            }},
            {"create_table": {"name": "p", "if_not_exists": true,
                "columns": [{"name": "x", "type": "text"}]}}
        ]),
    );
    let look = Look::at(&db);
    insta::assert_snapshot!(look.sql("table t"), @r#"
    CREATE TABLE t (
      id integer PRIMARY KEY AUTOINCREMENT,
      "Order" varchar(20) NOT NULL DEFAULT 'it''s',
      c decimal(10,2) DEFAULT 12.50 COLLATE nocase,
      d boolean DEFAULT 1,
      e timestamp DEFAULT CURRENT_TIMESTAMP,
      f text DEFAULT (lower('X')),
      g integer GENERATED ALWAYS AS (d + 1) STORED,
      h integer CONSTRAINT r REFERENCES t (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
      i,
      j text DEFAULT '{"a": 1}',
      CONSTRAINT u UNIQUE (c, d),
      FOREIGN KEY (h, d) REFERENCES p (a, b) ON UPDATE CASCADE,
      CHECK (t.d IN (0, 1))
    )
    "#);
    insta::assert_snapshot!(look.sql("table s"), @"
    CREATE TABLE s (
      a text NOT NULL,
      b integer NOT NULL,
      c blob,
      d real,
      CONSTRAINT pk PRIMARY KEY (a, b)
    ) STRICT, WITHOUT ROWID
    ");
    insta::assert_snapshot!(look.sql("index ix"), @"CREATE UNIQUE INDEX ix ON t (c, (lower(f)) DESC, f COLLATE nocase) WHERE d");
}

#[test]
fn sqlites_own_statements_do_what_they_surely_can() {
    let db = made(
        "CREATE TABLE t (a int PRIMARY KEY, b text, c text); INSERT INTO t VALUES (1, 'x', 'y');
         CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT b FROM t;
         CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET b = NEW.b WHERE a = NEW.a; END;",
    );
    let statements = run(
        &db,
        json!([
            {"add_column": {"table": "t", "column": {"name": "n", "type": "integer",
                "nullable": false, "default": 7}}},
            {"drop_column": {"table": "t", "column": "c"}},
            {"create_index": {"table": "t", "name": "j", "columns": ["n"]}},
            {"drop_index": {"table": "t", "name": "i"}},
            {"rename_index": {"table": "t", "name": "j", "to": "k"}}
        ]),
    );
    assert_eq!(
        statements,
        [
            "ALTER TABLE t ADD COLUMN n integer NOT NULL DEFAULT 7",
            "ALTER TABLE t DROP COLUMN c",
            "CREATE INDEX j ON t (n)",
            "DROP INDEX i",
            "DROP INDEX j",
            "CREATE INDEX \"k\" ON t (n)",
            "SELECT 1 FROM v LIMIT 0",
            "INSERT INTO t (a, b, n) SELECT a, b, n FROM t WHERE 0",
        ]
    );
    let statements = run(
        &db,
        json!([
            {"alter_column": {"table": "t", "column": "n", "rename": "m"}},
            {"rename_table": {"name": "t", "to": "U"}}
        ]),
    );
    assert!(!statements.iter().any(|sql| sql.contains("INSERT")), "{statements:?}");
    let look = Look::at(&db);
    assert_eq!(
        meant(look.sql("table U")),
        "create table u ( a int primary key , b text , m integer not null default 7 )"
    );
    assert_eq!(look.rows["U"], [["1", "1", "'x'", "7"]]);
    assert_eq!(meant(look.sql("view v")), "create view v as select b from u");
    // The name in other cases is one to SQLite.
    run(&db, json!([{"rename_table": {"name": "U", "to": "u"}}]));
    run(&db, json!([{"alter_column": {"table": "u", "column": "m", "rename": "M"}}]));
    let look = Look::at(&db);
    assert!(look.sql("table u").contains("M"), "{look:?}");
}

#[test]
fn a_table_made_anew_keeps_every_byte_that_no_operation_is_about() {
    let db = made(
        "CREATE TABLE t ( -- head
           a INTEGER PRIMARY KEY ON CONFLICT ABORT, /* the key */
           b varchar(10) NOT NULL ON CONFLICT IGNORE DEFAULT 'x' COLLATE nocase, -- of b
           c text CHECK (c <> ')'), d DEFAULT (1 + 2),
           CONSTRAINT u UNIQUE (b) ON CONFLICT REPLACE -- last
         );
         INSERT INTO t VALUES (5, 'five', NULL, x'00'), (3, 'three', 'c', 1.5);",
    );
    run(
        &db,
        json!([{"alter_column": {"table": "t", "column": "c", "type": {"sqlite": "text"}, "nullable": false, "default": "-",
                                      "using": "coalesce(c, '?')"}}]),
    );
    let look = Look::at(&db);
    insta::assert_snapshot!(look.sql("table t"), @r"
    CREATE TABLE t ( -- head
               a INTEGER PRIMARY KEY ON CONFLICT ABORT, /* the key */
               b varchar(10) NOT NULL ON CONFLICT IGNORE DEFAULT 'x' COLLATE nocase, -- of b
               c text NOT NULL DEFAULT '-' CHECK (c <> ')'), d DEFAULT (1 + 2),
               CONSTRAINT u UNIQUE (b) ON CONFLICT REPLACE -- last
             )
    ");
    assert_eq!(
        look.rows["t"],
        [["3", "3", "'three'", "'c'", "1.5"], ["5", "5", "'five'", "'?'", "X'00'"]]
    );
}

#[test]
fn operations_on_one_table_share_one_new_table() {
    let db = made("CREATE TABLE t (a int, b int, c int); INSERT INTO t VALUES (1, 2, 3)");
    let statements = run(
        &db,
        json!([
            {"alter_column": {"table": "t", "column": "a", "type": "text", "first": true}},
            {"add_column": {"table": "t", "column": {"name": "d", "type": "integer", "nullable": false,
                "default": {"sql": "abs(-4)"}}, "after": "a"}},
            {"drop_column": {"table": "t", "column": "b"}},
            {"create_unique": {"table": "t", "name": "u", "columns": ["a", "d"]}},
            {"create_index": {"table": "t", "name": "i", "columns": ["d"]}},
            {"alter_column": {"table": "T", "column": "c", "first": true}}
        ]),
    );
    assert_eq!(
        statements,
        [
            "PRAGMA legacy_alter_table = ON",
            "ALTER TABLE t RENAME TO rev_old_t",
            "PRAGMA legacy_alter_table = OFF",
            "CREATE TABLE t (c int, a text, d integer NOT NULL DEFAULT (abs(-4)), \
             CONSTRAINT u UNIQUE (a, d))",
            "INSERT OR ABORT INTO t (rowid, a, c) SELECT rowid, a, c FROM rev_old_t AS t",
            "DROP TABLE rev_old_t",
            "CREATE INDEX i ON t (d)",
        ]
    );
    assert_eq!(Look::at(&db).rows["t"], [["1", "3", "'1'", "4"]]);
}

#[test]
fn a_column_changes_in_every_way_and_back() {
    let db = made(
        "CREATE TABLE t (a int, b text, c int);
         INSERT INTO t VALUES (1, '2', 3), (2, 'x', NULL)",
    );
    let before = Look::at(&db);
    for (there, back) in [
        (json!({"type": "text"}), json!({"type": {"sqlite": "int"}})),
        (json!({"nullable": false}), json!({"nullable": true})),
        (json!({"default": 5}), json!({"default": null})),
        (json!({"default": {"sql": "1 + 1"}}), json!({"default": null})),
        (json!({"rename": "z"}), json!({"rename": "a", "column": "z"})),
        (json!({"after": "c"}), json!({"first": true})),
        (
            json!({"after": "b", "rename": "z", "type": "text"}),
            json!({"first": true, "rename": "a", "type": {"sqlite": "int"}, "column": "z"}),
        ),
    ] {
        let alter = |change: &serde_json::Value| {
            let mut said = json!({"table": "t", "column": "a"});
            for (key, value) in change.as_object().unwrap() {
                said[key] = value.clone();
            }
            json!([{"alter_column": said}])
        };
        run(&db, alter(&there));
        assert_ne!(before, Look::at(&db), "{there}");
        run(&db, alter(&back));
        assert_eq!(before.meaning(), Look::at(&db).meaning(), "{there}");
    }
    run(&db, json!([{"alter_column": {"table": "t", "column": "b", "collation": "nocase"}}]));
    assert_eq!(
        meant(Look::at(&db).sql("table t")),
        "create table t ( a int , b text collate nocase , c int )"
    );
    // A change that changes nothing makes no table anew.
    let none = run(&db, json!([{"alter_column": {"table": "t", "column": "b", "nullable": true}}]));
    assert_eq!(none, Vec::<String>::new());
    let error =
        fails(&db, json!([{"alter_column": {"table": "t", "column": "c", "nullable": false}}]));
    assert!(error.contains("NOT NULL constraint failed: t.c"), "{error}");
}

#[test]
fn a_column_is_worked_out_and_then_kept() {
    let db =
        made("CREATE TABLE t (a int, b int DEFAULT 1, c AS (a + 1)); INSERT INTO t VALUES (1, 2)");
    run(
        &db,
        json!([{"alter_column": {"table": "t", "column": "b",
        "generated": {"sql": "a * 10", "stored": true}}}]),
    );
    assert_eq!(Look::at(&db).rows["t"], [["1", "1", "10", "2"]]);
    run(
        &db,
        json!([{"alter_column": {"table": "t", "column": "b", "generated": null}},
                    {"alter_column": {"table": "t", "column": "c", "generated": null}}]),
    );
    let look = Look::at(&db);
    assert_eq!(meant(look.sql("table t")), "create table t ( a int , b int , c )");
    assert_eq!(look.rows["t"], [["1", "1", "10", "2"]]);
    run(
        &db,
        json!([{"add_column": {"table": "t", "column": {"name": "g", "type": "integer",
        "generated": {"sql": "a + b", "stored": true}}}},
        {"add_column": {"table": "t", "column": {"name": "h", "type": "integer",
        "generated": {"sql": "a + b"}}}}]),
    );
    assert_eq!(Look::at(&db).rows["t"], [["1", "1", "10", "2", "11", "11"]]);
}

#[test]
fn constraints_come_go_and_change_their_names_wherever_they_stand() {
    let db = made(
        "CREATE TABLE p (x int PRIMARY KEY); INSERT INTO p VALUES (1);
         CREATE TABLE t (a int NOT NULL, b int, c int); INSERT INTO t VALUES (1, 1, 1), (2, 1, 2)",
    );
    let before = Look::at(&db);
    let there = json!([
        {"create_primary_key": {"table": "t", "name": "pk", "columns": ["a"]}},
        {"create_unique": {"table": "t", "name": "u", "columns": ["c", "a"]}},
        {"create_foreign_key": {"table": "t", "name": "f", "columns": ["b"],
            "references": {"table": "p", "columns": ["x"]}, "on_delete": "cascade",
            "deferrable": true, "initially": "deferred"}},
        {"create_check": {"table": "t", "name": "k", "sql": "a > 0"}},
        {"create_unique": {"table": "t", "columns": ["c"]}}
    ]);
    run(&db, there);
    let look = Look::at(&db);
    assert_eq!(
        look.sql("table t"),
        "CREATE TABLE t (a int NOT NULL, b int, c int, CONSTRAINT pk PRIMARY KEY (a), \
         CONSTRAINT u UNIQUE (c, a), CONSTRAINT f FOREIGN KEY (b) REFERENCES p (x) ON DELETE CASCADE \
         DEFERRABLE INITIALLY DEFERRED, CONSTRAINT k CHECK (a > 0), UNIQUE (c))"
    );
    assert_eq!(look.rows, before.rows);
    run(
        &db,
        json!([{"rename_constraint": {"table": "t", "name": "k", "kind": "check", "to": "Big"}}]),
    );
    assert!(Look::at(&db).sql("table t").contains("CONSTRAINT \"Big\" CHECK (a > 0)"));
    run(
        &db,
        json!([
            {"drop_constraint": {"table": "t", "name": "big", "kind": "check"}},
            {"drop_constraint": {"table": "t", "name": "f", "kind": "foreign_key"}},
            {"drop_constraint": {"table": "t", "kind": "primary_key"}},
            {"drop_constraint": {"table": "t", "kind": "unique", "was": {"unique": {"columns": ["c"]}}}},
            {"drop_constraint": {"table": "t", "name": "u", "kind": "unique"}},
            {"drop_constraint": {"table": "t", "name": "u", "kind": "unique", "if_exists": true}}
        ]),
    );
    assert_eq!(before, Look::at(&db));
    // Those that stand within a column are found, too.
    let db = made(
        "CREATE TABLE t (a INTEGER CONSTRAINT pk PRIMARY KEY, b int CONSTRAINT f REFERENCES t(a) \
         DEFERRABLE INITIALLY DEFERRED CONSTRAINT u UNIQUE CONSTRAINT k CHECK (b > 0) DEFAULT 1)",
    );
    run(
        &db,
        json!([
            {"drop_constraint": {"table": "t", "name": "f", "kind": "foreign_key"}},
            {"rename_constraint": {"table": "t", "name": "u", "kind": "unique", "to": "v"}},
            {"drop_constraint": {"table": "t", "name": "k", "kind": "check"}},
            {"drop_constraint": {"table": "t", "name": "pk", "kind": "primary_key"}}
        ]),
    );
    assert_eq!(
        Look::at(&db).sql("table t"),
        "CREATE TABLE t (a INTEGER, b int CONSTRAINT \"v\" UNIQUE DEFAULT 1)"
    );
}

#[test]
fn views_and_triggers_are_made_replaced_and_dropped() {
    let db = made("CREATE TABLE t (a int, b int); CREATE TABLE log (x int)");
    let before = Look::at(&db);
    run(
        &db,
        json!([
            {"create_view": {"name": "v", "query": "SELECT a FROM t", "columns": ["z"]}},
            {"create_trigger": {"table": "t", "name": "g", "timing": "after", "events": ["update"],
                "update_of": ["a", "b"], "when": "NEW.a > 1", "body": "INSERT INTO log VALUES (NEW.a)"}},
            {"create_trigger": {"table": "v", "name": "h", "timing": "instead_of", "events": ["delete"],
                "body": "BEGIN DELETE FROM t WHERE a = OLD.z; DELETE FROM log; END"}}
        ]),
    );
    db.execute(
        "INSERT INTO t VALUES (1, 1), (2, 2); UPDATE t SET a = a + 1; DELETE FROM v WHERE z = 3",
    );
    let look = Look::at(&db);
    assert_eq!(look.rows["t"], [["1", "2", "1"]]);
    assert_eq!(look.rows["log"], Vec::<Vec<String>>::new());
    run(
        &db,
        json!([{"create_view": {"name": "v", "or_replace": true, "columns": ["z"],
                                     "query": "SELECT a FROM t WHERE a > 0"}}]),
    );
    assert_eq!(look.sql("trigger h"), Look::at(&db).sql("trigger h"));
    run(&db, json!([{"drop_trigger": {"table": "t", "name": "g"}}, {"drop_view": {"name": "v"}}]));
    assert_eq!(before.objects, Look::at(&db).objects);
}

#[test]
fn rows_go_in_with_exact_values() {
    let db = made(
        "CREATE TABLE t (i bigint, d decimal(20,4), b blob, j text, s text, o boolean, m timestamp)",
    );
    run(
        &db,
        json!([{"bulk_insert": {"table": "t",
        "columns": {"i": "bigint", "d": "decimal(20,4)", "b": "bytes", "j": "json", "s": "text",
                    "o": "boolean", "m": "timestamptz"},
        "rows": [
            {"i": "9223372036854775807", "d": "1234567890.125", "b": {"base64": "AP8="},
             "j": {"a": [1, null]}, "s": "a\r\n'b'", "o": false, "m": "2026-01-31T23:59:58+01:00"},
            {"i": null, "d": 0, "b": {"hex": "00"}, "j": "null", "s": "", "o": true, "m": null}
        ]}}]),
    );
    assert_eq!(
        Look::at(&db).rows["t"],
        [
            [
                "1",
                "9223372036854775807",
                "1234567890.125",
                "X'00FF'",
                "'{\"a\":[1,null]}'",
                "'a\r\n''b'''",
                "0",
                "'2026-01-31 22:59:58+00:00'"
            ],
            ["2", "NULL", "0", "X'00'", "'null'", "''", "1", "NULL"],
        ]
    );
    let error = fails(
        &db,
        json!([{"bulk_insert": {"table": "t", "columns": {"d": "decimal(20,4)"},
                                   "rows": [{"d": "1234567890123456.5"}]}}]),
    );
    assert!(error.contains("would round 1234567890123456.5"), "{error}");
}
