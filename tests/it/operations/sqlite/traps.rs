//! The traps of making a table anew: what refers to it, stands on it or speaks of it is as it was.

use serde_json::{Value, json};

use super::look::{Look, meant};
use super::{fails, made, operations, run, try_run};

/// An alteration for which SQLite has no statement.
fn anew(table: &str, column: &str) -> Value {
    json!([{"alter_column": {"table": table, "column": column, "default": "new"}}])
}

/// Makes a table anew and sees that nothing but its statement has changed.
#[track_caller]
fn only_the_table_changes(setup: &str, table: &str, column: &str) -> Look {
    let db = made(setup);
    let before = Look::at(&db);
    let statements = run(&db, anew(table, column));
    assert!(statements.iter().any(|sql| sql.starts_with("INSERT OR ABORT")), "{statements:?}");
    let after = Look::at(&db);
    assert_eq!(before.rows, after.rows);
    let key = format!("table {table}");
    for (object, sql) in &before.objects {
        if *object != key {
            assert_eq!(Some(sql), after.objects.get(object), "{object}");
        }
    }
    assert_eq!(before.objects.len(), after.objects.len());
    let expected = before.sql(&key).to_owned();
    assert_eq!(meant(&after.sql(&key).replace(" DEFAULT 'new'", "")), meant(&expected));
    assert!(after.sql(&key).contains("DEFAULT 'new'"));
    assert_eq!(db.value("PRAGMA integrity_check"), "ok");
    after
}

#[test]
fn foreign_keys_of_all_kinds_and_the_rows_behind_them_stay() {
    only_the_table_changes(
        "CREATE TABLE p (id INTEGER PRIMARY KEY);
         CREATE TABLE t (id INTEGER PRIMARY KEY, c, up int REFERENCES t(id) ON DELETE CASCADE,
                         p int REFERENCES p ON DELETE RESTRICT, FOREIGN KEY (up) REFERENCES \"T\");
         CREATE TABLE k (t int REFERENCES t ON DELETE CASCADE, u int DEFAULT 1
                         REFERENCES t(id) ON DELETE SET NULL, v REFERENCES [t] (id) ON UPDATE CASCADE);
         CREATE TABLE late (x REFERENCES nowhere (y));
         INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 'a', NULL, 1), (2, 'b', 1, 1);
         INSERT INTO k VALUES (1, 2, 1), (2, 1, 2);",
        "t",
        "c",
    );
}

#[test]
fn indexes_triggers_and_views_stay() {
    let look = only_the_table_changes(
        "CREATE TABLE \"my table\" (a int, c text, d int UNIQUE, e AS (a + d) STORED);
         CREATE TABLE other (x int);
         INSERT INTO \"my table\" VALUES (1, 'x', 2);
         CREATE INDEX i1 ON \"my table\" (a DESC, c COLLATE nocase) WHERE a > 0; -- behind
         CREATE UNIQUE INDEX \"i 2\" ON \"my table\" (lower(c), e);
         CREATE VIEW v1 AS SELECT a, c FROM \"my table\" m;
         CREATE VIEW v2 AS SELECT * FROM v1;
         CREATE TRIGGER g1 AFTER INSERT ON \"my table\" BEGIN
           INSERT INTO other SELECT NEW.a; UPDATE \"my table\" SET c = 'y' WHERE a = NEW.a; END;
         CREATE TRIGGER g2 BEFORE DELETE ON other WHEN OLD.x > 0 BEGIN
           DELETE FROM \"my table\" WHERE a = OLD.x; END;
         CREATE TRIGGER g3 INSTEAD OF INSERT ON v2 BEGIN
           INSERT INTO \"my table\" (a, c) VALUES (NEW.a, NEW.c); END;",
        "my table",
        "c",
    );
    assert_eq!(look.rows["my table"], [["1", "1", "'x'", "2", "3"]]);
}

#[test]
fn numbers_of_rows_and_the_counter_stay() {
    only_the_table_changes(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, c); CREATE TABLE u
           (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO u VALUES (7);
         INSERT INTO t VALUES (5, 'a'), (900, 'b'); DELETE FROM t WHERE id = 900;",
        "t",
        "c",
    );
    only_the_table_changes(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, c);
         INSERT INTO t VALUES (41, 'a'); DELETE FROM t;",
        "t",
        "c",
    );
    // The order of the rows is not that of any column.
    only_the_table_changes(
        "CREATE TABLE t (rowid text, c, oid int UNIQUE);
         INSERT INTO t (_rowid_, rowid, c) VALUES (9, 'x', 1), (-4, 'y', 2), (77, 'a', 3);",
        "t",
        "c",
    );
    let db = made(
        "CREATE TABLE t (c text COLLATE nocase, id INTEGER PRIMARY KEY AUTOINCREMENT);
         INSERT INTO t VALUES ('x', 3); DELETE FROM t;",
    );
    run(&db, anew("t", "c"));
    db.execute("INSERT INTO t (c) VALUES ('y')");
    assert_eq!(Look::at(&db).rows["t"], [["4", "'y'", "4"]]);
}

#[test]
fn strict_tables_and_tables_without_rowids_stay_so() {
    only_the_table_changes(
        "CREATE TABLE t (a INTEGER, c TEXT, b ANY, PRIMARY KEY (c, a)) STRICT, WITHOUT ROWID;
         INSERT INTO t VALUES (2, 'a', x'01'), (1, 'b', 1.5)",
        "t",
        "c",
    );
    let db = made("CREATE TABLE t (a TEXT) STRICT; INSERT INTO t VALUES ('12')");
    run(
        &db,
        json!([{"alter_column": {"table": "t", "column": "a", "type": "bigint"}},
                    {"add_column": {"table": "t", "column": {"name": "b", "type": "string(9)"}}},
                    {"add_column": {"table": "t", "column": {"name": "c", "type": "real"}}}]),
    );
    let look = Look::at(&db);
    assert_eq!(meant(look.sql("table t")), "create table t ( a integer , b text , c real ) strict");
    assert_eq!(look.rows["t"], [["1", "12", "NULL", "NULL"]]);
    db.execute("UPDATE t SET b = 'x'");
    let error =
        fails(&db, json!([{"alter_column": {"table": "t", "column": "b", "type": "integer"}}]));
    assert!(error.contains("cannot store TEXT value in INTEGER column t.b"), "{error}");
    let error = fails(
        &db,
        json!([{"alter_column": {"table": "t", "column": "a", "type": "decimal(9,2)"}}]),
    );
    assert!(error.contains("a STRICT table has no exact decimal"), "{error}");
}

#[test]
fn a_condition_may_name_its_table_and_a_name_may_be_taken() {
    let look = only_the_table_changes(
        "CREATE TABLE t (a int CHECK (t.a > 0), c text, CONSTRAINT k CHECK (\"t\".c <> 't.a'));
         CREATE TABLE rev_old_t (x int); CREATE VIEW rev_old_t_2 AS SELECT 1;
         INSERT INTO t VALUES (1, 'x'); INSERT INTO rev_old_t VALUES (1)",
        "t",
        "c",
    );
    assert_eq!(look.rows["rev_old_t"], [["1", "1"]]);
    only_the_table_changes(
        "CREATE TABLE \"a\"\"b 'é\" ([c \"x] int); ALTER TABLE \"a\"\"b 'é\" ADD \"order\" text;
         INSERT INTO \"a\"\"b 'é\" VALUES (1, 2)",
        "a\"b 'é",
        "order",
    );
}

#[test]
fn no_row_is_lost_to_what_a_constraint_does_on_conflict() {
    for conflict in ["REPLACE", "IGNORE", "ROLLBACK"] {
        let db = made(&format!(
            "CREATE TABLE t (a text, UNIQUE (a) ON CONFLICT {conflict}); INSERT INTO t VALUES ('a'), ('A')"
        ));
        let error = fails(
            &db,
            json!([{"alter_column": {"table": "t", "column": "a", "collation": "nocase"}}]),
        );
        assert!(error.contains("UNIQUE constraint failed: t.a"), "{error}");
    }
}

#[test]
fn rows_that_refer_to_nothing_are_found_but_not_those_from_before() {
    let db = made(
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (c text, p int);
         CREATE TABLE bad (x int REFERENCES p); INSERT INTO bad VALUES (404);
         INSERT INTO t VALUES ('x', 1)",
    );
    run(&db, anew("t", "c"));
    let key = json!([{"create_foreign_key": {"table": "t", "columns": ["p"],
        "references": {"table": "p", "columns": ["id"]}}}]);
    let error = fails(&db, key.clone());
    assert!(error.contains("stray: [Some(\"t\"), Some(\"1\"), Some(\"p\")"), "{error}");
    let mut with_row = key.as_array().unwrap().clone();
    with_row.push(
        json!({"bulk_insert": {"table": "p", "columns": {"id": "integer"}, "rows": [{"id": 1}]}}),
    );
    run(&db, Value::Array(with_row));
}

#[test]
fn a_dropped_table_takes_no_rows_along() {
    let db = made(
        "CREATE TABLE p (id INTEGER PRIMARY KEY);
         CREATE TABLE k (p int REFERENCES p ON DELETE CASCADE);
         INSERT INTO p VALUES (1); INSERT INTO k VALUES (1);
         CREATE VIEW v AS SELECT id FROM p",
    );
    let error = fails(&db, json!([{"drop_table": {"name": "p"}}]));
    assert!(error.contains("no such table: main.p"), "{error}");
    assert!(error.contains("FROM v"), "{error}");
    let error = fails(&db, json!([{"drop_table": {"name": "p"}}, {"drop_view": {"name": "v"}}]));
    assert!(error.contains("stray: [Some(\"k\")"), "{error}");
    run(
        &db,
        json!([{"drop_table": {"name": "p"}}, {"drop_view": {"name": "v"}},
                    {"drop_table": {"name": "k"}}]),
    );
    assert_eq!(Look::at(&db).objects.len(), 0);
}

#[test]
fn what_stands_on_a_column_keeps_it_unless_it_is_to_go_along() {
    let setup =
        "CREATE TABLE t (a int, b int, c int, d int, e AS (d), UNIQUE (a, b), CHECK (b > c),
                                 CONSTRAINT own CHECK (c > 0), f int UNIQUE);
                 CREATE TABLE k (x REFERENCES t (f)); CREATE INDEX i ON t (a) WHERE c > 0;
                 INSERT INTO t (a, b, c, d, f) VALUES (1, 3, 2, 4, 5)"
            .replace(", f int UNIQUE);", ");")
            .replace("e AS (d),", "e AS (d), f int UNIQUE,");
    let db = made(&setup);
    let drop = |column: &str, cascade: bool| json!([{"drop_column": {"table": "t", "column": column, "cascade": cascade}}]);
    for (column, said) in [
        ("a", "a unique constraint of t depends on a"),
        ("b", "a unique constraint of t depends on b"),
        ("c", "a check of t depends on c"),
        ("d", "the column e is generated from d"),
        ("f", "rows of k refer to t.f"),
    ] {
        let error = fails(&db, drop(column, false));
        assert!(error.contains(said), "{error}");
    }
    fails(&db, drop("d", true));
    fails(&db, drop("f", true));
    run(&db, drop("c", true));
    let look = Look::at(&db);
    assert_eq!(
        meant(look.sql("table t")),
        "create table t ( a int , b int , d int , e as ( d ) , f int unique , unique ( a , b ) )"
    );
    assert!(!look.objects.contains_key("index i"));
    run(&db, drop("b", true));
    run(&db, drop("a", false));
    run(&db, drop("e", false));
    assert_eq!(meant(Look::at(&db).sql("table t")), "create table t ( d int , f int unique )");
    assert_eq!(Look::at(&db).rows["t"], [["1", "4", "5"]]);
    // A constraint of the column alone goes with it.
    let db = made(
        "CREATE TABLE t (a int UNIQUE CHECK (a > 0) REFERENCES t (a), b int, UNIQUE (b), CHECK (b))",
    );
    run(&db, drop("b", false));
    let error = fails(&db, drop("a", false));
    assert!(error.contains("t would be left without columns; drop the table"), "{error}");
}

#[test]
fn a_view_or_trigger_that_would_be_broken_stops_it() {
    for object in [
        "CREATE VIEW v AS SELECT c FROM t",
        "CREATE VIEW w AS SELECT * FROM t; CREATE VIEW v AS SELECT c FROM w",
        "CREATE TRIGGER g AFTER UPDATE ON t BEGIN SELECT NEW.c; END",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT NEW.c; END",
        "CREATE TRIGGER g AFTER DELETE ON t BEGIN SELECT OLD.c; END",
        "CREATE TABLE u (x int); CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE t SET c = 1; END",
        "CREATE VIEW v AS SELECT a FROM t;
         CREATE TRIGGER g INSTEAD OF DELETE ON v BEGIN UPDATE t SET c = 1; END",
    ] {
        let db = made(&format!("CREATE TABLE t (a int, c int, d int UNIQUE); {object}"));
        // By SQLite's own statement, and together with what needs a new table.
        let drop = json!({"drop_column": {"table": "t", "column": "c"}});
        let error = fails(&db, json!([drop]));
        assert!(error.contains("no such column"), "{error}\n{object}");
        let error = fails(&db, json!([drop, {"drop_column": {"table": "t", "column": "d"}}]));
        assert!(error.contains("no such column"), "{error}\n{object}");
        run(&db, json!([{"drop_column": {"table": "t", "column": "d"}}]));
    }
}

#[test]
fn a_key_that_rows_are_found_by_is_not_taken_away() {
    let db = made(
        "CREATE TABLE t (a INTEGER CONSTRAINT pk PRIMARY KEY, b int CONSTRAINT u UNIQUE, c int);
         CREATE TABLE k (x REFERENCES t, y REFERENCES t (b)); INSERT INTO t VALUES (1, 2, 3);
         INSERT INTO k VALUES (1, 2)",
    );
    for drop in [
        json!({"drop_constraint": {"table": "t", "kind": "primary_key"}}),
        json!({"drop_constraint": {"table": "t", "name": "u", "kind": "unique"}}),
    ] {
        let error = fails(&db, json!([drop]));
        assert!(error.contains("rows of k refer to t by"), "{error}");
        assert!(error.contains("drop that foreign key of k first"), "{error}");
    }
    run(
        &db,
        json!([
            {"drop_constraint": {"table": "t", "name": "u", "kind": "unique"}},
            {"create_index": {"table": "t", "name": "i", "columns": ["b"], "unique": true}},
            {"alter_column": {"table": "t", "column": "c", "type": "text"}}
        ]),
    );
    let db = made(
        "CREATE TABLE t (a int, b int, PRIMARY KEY (a)) WITHOUT ROWID; INSERT INTO t VALUES (1, 2)",
    );
    let drop = json!({"drop_constraint": {"table": "t", "kind": "primary_key"}});
    let error = fails(&db, json!([drop]));
    assert!(error.contains("t has no rowids, and so needs a primary key"), "{error}");
    run(&db, json!([drop, {"create_primary_key": {"table": "t", "columns": ["b"]}}]));
    assert_eq!(
        meant(Look::at(&db).sql("table t")),
        "create table t ( a int , b int not null , primary key ( b ) ) without rowid"
    );
    let error = fails(&db, json!([{"create_primary_key": {"table": "t", "columns": ["a"]}}]));
    assert!(error.contains("primary key already"), "{error}");
}

#[test]
fn virtual_tables_and_what_they_keep_are_told_apart() {
    let db = made(
        "CREATE VIRTUAL TABLE f USING fts5(a); INSERT INTO f VALUES ('x'); CREATE TABLE f_note (a)",
    );
    let error = fails(&db, anew("f", "a"));
    assert!(error.contains("f is a virtual table"), "{error}");
    let error = fails(&db, anew("f_content", "c0"));
    assert!(error.contains("belongs to the virtual table f"), "{error}");
    run(&db, anew("f_note", "a"));
    run(&db, json!([{"rename_table": {"name": "f", "to": "g"}}]));
    assert_eq!(db.value("SELECT a FROM g WHERE g MATCH 'x'"), "x");
}

#[test]
fn new_names_are_followed_everywhere_and_by_what_comes_behind() {
    let db = made(
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b int CHECK (b > 0), c AS (b * 2),
                         up REFERENCES t (a), CONSTRAINT u UNIQUE (b, up));
         CREATE TABLE k (x REFERENCES t (a) ON DELETE CASCADE, y int);
         CREATE INDEX i ON t (b, abs(b)) WHERE b < 10;
         CREATE TRIGGER g AFTER UPDATE OF b ON t WHEN NEW.b > OLD.b BEGIN SELECT NEW.b, OLD.a; END;
         CREATE VIEW v AS SELECT b AS z FROM t;
         INSERT INTO t (a, b, up) VALUES (1, 2, 1); INSERT INTO k VALUES (1, 1)",
    );
    let before = Look::at(&db);
    run(
        &db,
        json!([
            {"alter_column": {"table": "t", "column": "a", "rename": "key", "type": "integer"}},
            {"alter_column": {"table": "t", "column": "b", "rename": "n"}},
            {"alter_column": {"table": "t", "column": "n", "nullable": false, "default": 1}},
            {"rename_table": {"name": "t", "to": "New"}},
            {"create_check": {"table": "New", "name": "late", "sql": "\"New\".n < 100"}},
            {"alter_column": {"table": "k", "column": "y", "type": "text"}},
            {"rename_index": {"table": "New", "name": "i", "to": "j"}}
        ]),
    );
    let look = Look::at(&db);
    assert_eq!(
        meant(look.sql("table New")),
        "create table new ( key integer primary key , n int not null default 1 check ( n > 0 ) , \
         c as ( n * 2 ) , up references new ( key ) , constraint u unique ( n , up ) , \
         constraint late check ( new . n < 100 ) )"
    );
    assert_eq!(
        meant(look.sql("table k")),
        "create table k ( x references new ( key ) on delete cascade , y text )"
    );
    assert_eq!(meant(look.sql("index j")), "create index j on new ( n , abs ( n ) ) where n < 10");
    assert_eq!(meant(look.sql("view v")), "create view v as select n as z from new");
    assert_eq!(look.rows["New"], before.rows["t"]);
    db.execute("UPDATE New SET n = 5");
    // A trigger that may mean anything by the name: nothing is done by a guess.
    let db = made(
        "CREATE TABLE t (a int, b int); CREATE TABLE o (a int);
         CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE o SET a = (SELECT max(a) FROM t); END",
    );
    let error = fails(
        &db,
        json!([
            {"alter_column": {"table": "t", "column": "a", "rename": "n"}},
            {"alter_column": {"table": "t", "column": "b", "type": "text"}}
        ]),
    );
    assert!(error.contains("needs the definition of t, which is not known here"), "{error}");
    run(
        &db,
        json!([{"alter_column": {"table": "t", "column": "b", "type": "text"}},
                    {"alter_column": {"table": "t", "column": "a", "rename": "n"}}]),
    );
    run(&db, json!([{"alter_column": {"table": "t", "column": "b", "type": "integer"}}]));
    assert!(meant(Look::at(&db).sql("trigger g")).contains("set a = ( select max ( n )"));
}

#[test]
fn a_new_primary_key_becomes_the_number_of_the_row() {
    let db = made("CREATE TABLE t (n INTEGER, c text); INSERT INTO t VALUES (30, 'a'), (20, 'b')");
    run(&db, json!([{"create_primary_key": {"table": "t", "name": "pk", "columns": ["n"]}}]));
    assert_eq!(Look::at(&db).rows["t"], [["20", "20", "'b'"], ["30", "30", "'a'"]]);
    run(
        &db,
        json!([{"drop_constraint": {"table": "t", "kind": "primary_key"}},
                    {"add_column": {"table": "t", "first": true, "column":
                        {"name": "id", "type": "integer", "primary_key": true, "autoincrement": true}}}]),
    );
    let look = Look::at(&db);
    assert_eq!(look.rows["t"], [["1", "1", "20", "'b'"], ["2", "2", "30", "'a'"]]);
    assert_eq!(look.rows.get("sqlite_sequence").map(Vec::len), Some(1));
}

#[test]
fn a_table_of_the_session_is_left_alone() {
    let db = made("CREATE TABLE t (a int)");
    let temporary = json!({"create_table": {"name": "temp_x", "columns": [{"name": "a", "type": "text"}],
        "options": {"temporary": true}}});
    run(&db, json!([temporary, {"drop_table": {"name": "temp_x"}}]));
    let error = fails(
        &db,
        json!([
            temporary, {"alter_column": {"table": "temp_x", "column": "a", "type": "integer"}}
        ]),
    );
    assert!(error.contains("temp_x is temporary"), "{error}");
}

#[test]
fn what_is_not_there_is_said() {
    let db = made("CREATE TABLE t (a int, CONSTRAINT u UNIQUE (a)); INSERT INTO t VALUES (1)");
    for (said, wanted) in [
        (json!({"alter_column": {"table": "x", "column": "a", "type": "text"}}), "x"),
        (
            json!({"alter_column": {"table": "t", "column": "x", "type": "text"}}),
            "t has no column x",
        ),
        (json!({"drop_column": {"table": "t", "column": "x"}}), "t has no column x"),
        (
            json!({"drop_constraint": {"table": "t", "name": "x", "kind": "check"}}),
            "t has no check x",
        ),
        (json!({"create_unique": {"table": "t", "columns": ["x"]}}), "t has no column x"),
        (json!({"create_unique": {"table": "t", "name": "u", "columns": ["a"]}}), "u"),
        (
            json!({"add_column": {"table": "t", "column": {"name": "A", "type": "text"}}}),
            "column A already",
        ),
        (json!({"drop_index": {"table": "t", "name": "x"}}), "t has no index x"),
        (json!({"rename_index": {"table": "t", "name": "x", "to": "y"}}), "t has no index x"),
        (json!({"alter_column": {"table": "t", "column": "a", "after": "x"}}), "t has no column x"),
    ] {
        let error = fails(&db, json!([said]));
        assert!(error.contains(wanted), "{error}\n{said}");
    }
    assert_eq!(
        try_run(
            &db,
            &operations(&json!([
                {"drop_column": {"table": "t", "column": "x", "if_exists": true}},
                {"add_column": {"table": "t", "column": {"name": "a", "type": "text"}, "if_not_exists": true}}
            ]))
        ),
        Ok(Vec::new())
    );
}
