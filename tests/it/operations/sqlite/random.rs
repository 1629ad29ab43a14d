//! Random tables: read and written back they are the same to SQLite, and a random alteration changes
//! nothing else.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use revdag::internals::text::sqlite_table::{ColumnRuleKind, TableSql};
use serde_json::{Value, json};

use super::look::Look;
use super::{made, run};

const COMMENTS: &[&str] = &["", "", "", " ", "\n ", " -- a, (b\n", " /* ) , */ "];

fn comment() -> impl Strategy<Value = &'static str> {
    select(COMMENTS)
}

/// A column that SQLite takes, by its number.
fn column(at: usize) -> impl Strategy<Value = String> {
    let names =
        [format!("c{at}"), format!("\"c {at}\""), format!("[c\"{at}]"), format!("`key{at}`")];
    let types =
        ["", "int", "INTEGER", "varchar(10)", "decimal( 10 , 2 )", "double precision", "\"a b\""];
    let rules = vec![
        "NOT NULL",
        "CONSTRAINT \"n n\" NOT NULL ON CONFLICT REPLACE",
        "NULL",
        "UNIQUE",
        "UNIQUE ON CONFLICT IGNORE",
        "DEFAULT 1",
        "DEFAULT -1.5e3",
        "DEFAULT 'a''), b'",
        "DEFAULT (1 + (2))",
        "DEFAULT CURRENT_TIMESTAMP",
        "DEFAULT x'00'",
        "DEFAULT null",
        "COLLATE nocase",
        "CONSTRAINT k CHECK (1 < 2 OR ')' = '(')",
        "CHECK(\"x,\" <> 1)",
        "REFERENCES p",
        "CONSTRAINT f REFERENCES \"p q\" (a) ON DELETE SET NULL ON UPDATE NO ACTION",
        "REFERENCES p (a) MATCH full NOT DEFERRABLE INITIALLY IMMEDIATE",
        "REFERENCES p ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
    ];
    (select(names.to_vec()), select(types.to_vec()), subsequence(rules, 0..5), comment(), comment())
        .prop_map(|(name, type_, rules, one, other)| {
            // A name in quotes can stand for a text, but not in a CHECK of a table whose columns are known.
            let rules = rules.join(" ").replace("\"x,\"", "'x,'");
            let rules = if rules.is_empty() { rules } else { format!("{other} {rules}") };
            format!("{name}{one} {type_}{rules}")
        })
}

fn table() -> impl Strategy<Value = String> {
    let constraints = vec![
        "CONSTRAINT tu UNIQUE (z, y COLLATE nocase DESC)",
        "CHECK (z > 0)",
        "UNIQUE(y)ON CONFLICT FAIL",
        "CONSTRAINT \"t f\" FOREIGN KEY (y, z) REFERENCES p (a, b) ON UPDATE CASCADE",
        "FOREIGN KEY(z)REFERENCES p DEFERRABLE INITIALLY DEFERRED",
    ];
    let keys = [
        "z int, y int",
        "z INTEGER PRIMARY KEY AUTOINCREMENT, y",
        "z INTEGER PRIMARY KEY DESC, y int",
        "z int, y text GENERATED ALWAYS AS (z || ')') STORED",
        "z int PRIMARY KEY NOT NULL, y AS (z)",
    ];
    (
        select(keys.to_vec()),
        (column(0), column(1), column(2)),
        1..4_usize,
        subsequence(constraints, 0..4),
        (comment(), comment(), any::<bool>()),
    )
        .prop_map(|(key, (a, b, c), count, constraints, (one, other, commas))| {
            let mut text = format!("{key}{other}");
            for column in [a, b, c].iter().take(count) {
                text.push_str(&format!(",{one}{column}"));
            }
            for (at, constraint) in constraints.iter().enumerate() {
                text.push_str(if commas || at == 0 { "," } else { "" });
                text.push_str(&format!("{one} {constraint}{other}"));
            }
            format!("({one}{text}{one})")
        })
}

/// A type as SQLite may show it in other words: in capitals, without blanks.
fn plain(type_: &str) -> String {
    type_.trim_matches('"').to_lowercase().replace(' ', "")
}

/// What the pragmas say of all tables.
const PRAGMAS: &str = "
    SELECT m.name, 'column', x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden
      FROM sqlite_schema m, pragma_table_xinfo(m.name) x WHERE m.type = 'table'
    UNION ALL SELECT m.name, 'key', f.\"table\", f.\"from\", f.\"to\", f.on_update, f.on_delete, f.id || f.seq
      FROM sqlite_schema m, pragma_foreign_key_list(m.name) f
    UNION ALL SELECT m.name, 'index', i.name, i.\"unique\", i.origin, i.partial, i.seq, ''
      FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table'
    ORDER BY 1, 2, 3, 4, 5, 6, 7, 8";

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 30, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_that_is_read_and_written_back_is_the_same(tables in prop::collection::vec(table(), 40)) {
        let script = |text: &dyn Fn(usize, &str) -> String| -> String {
            let tables = tables.iter().enumerate();
            tables.map(|(at, body)| text(at, body) + ";\n").collect()
        };
        let db = made(&script(&|at, body| format!("CREATE TABLE t{at} {body}")));
        let pragmas = db.query(PRAGMAS);
        let mut again = String::new();
        for row in db.query("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name LIKE 't%'") {
            let read = TableSql::read(&row[1]).map_err(|error| {
                TestCaseError::fail(format!("{error}: {}", row[1]))
            })?;
            prop_assert_eq!(read.text(), row[1].clone());
            // Taken apart and put together, each part is the same to SQLite.
            let mut apart = read.clone();
            let parts: Vec<_> = (0..read.elements.len()).map(|at| (at, read.elements[at].body.clone())).collect();
            for (at, _) in parts.iter().skip(1).rev() {
                apart.remove(*at);
            }
            for (at, body) in parts.into_iter().skip(1) {
                match body {
                    revdag::internals::text::sqlite_table::Body::Column(column) => {
                        let again = TableSql::read_column(&column.text()).unwrap();
                        prop_assert_eq!(&again, &column);
                        apart.insert_column(again, at);
                    }
                    revdag::internals::text::sqlite_table::Body::Constraint(constraint) => {
                        apart.push_constraint(TableSql::read_constraint(&constraint.text).unwrap());
                    }
                }
            }
            again.push_str(&apart.text());
            again.push_str("\n;\n");
            let of = |kind: &str| pragmas.iter().filter(|own| own[0] == row[0] && own[1] == kind).collect::<Vec<_>>();
            let mut columns: Vec<_> = of("column").iter()
                .map(|own| (own[2].clone(), plain(&own[3]), own[4] == "1", own[7] != "0")).collect();
            let mut known: Vec<_> = read.columns().map(|column| {
                let not_null = column.rule(|kind| matches!(kind, ColumnRuleKind::NotNull)).is_some();
                (column.name.clone(), plain(&column.type_), not_null, column.is_generated())
            }).collect();
            columns.sort();
            known.sort();
            prop_assert_eq!(known, columns);
            let key = of("column").iter().filter(|own| own[6] != "0").count();
            prop_assert_eq!(read.primary_key().len(), key);
        }
        let other = made(&again);
        prop_assert_eq!(pragmas, other.query(PRAGMAS));
    }
}

/// An alteration and what takes it back.
fn alterations() -> Vec<(Value, Value)> {
    let alter = |column: &str, change: Value| {
        let mut said = json!({"table": "t", "column": column});
        for (key, value) in change.as_object().unwrap() {
            said[key] = value.clone();
        }
        json!({"alter_column": said})
    };
    vec![
        (alter("b", json!({"type": "integer"})), alter("b", json!({"type": {"sqlite": "text"}}))),
        (alter("b", json!({"default": {"sql": "'x'"}})), alter("b", json!({"default": null}))),
        (alter("c", json!({"nullable": false})), alter("c", json!({"nullable": true}))),
        (alter("b", json!({"first": true})), alter("b", json!({"after": "a"}))),
        (alter("c", json!({"rename": "new c"})), alter("new c", json!({"rename": "c"}))),
        (
            alter("d", json!({"rename": "e", "nullable": false})),
            alter("e", json!({"rename": "d", "nullable": true})),
        ),
        (
            json!({"create_unique": {"table": "t", "name": "nu", "columns": ["c", "a"]}}),
            json!({"drop_constraint": {"table": "t", "name": "nu", "kind": "unique"}}),
        ),
        (
            json!({"create_check": {"table": "t", "name": "nk", "sql": "c IS NOT 99"}}),
            json!({"drop_constraint": {"table": "t", "name": "nk", "kind": "check"}}),
        ),
        (
            json!({"create_foreign_key": {"table": "t", "name": "nf", "columns": ["d"],
            "references": {"table": "p", "columns": ["id"]}, "on_delete": "cascade"}}),
            json!({"drop_constraint": {"table": "t", "name": "nf", "kind": "foreign_key"}}),
        ),
        (
            json!({"add_column": {"table": "t", "after": "a", "column": {"name": "n", "type": "real", "default": 2}}}),
            json!({"drop_column": {"table": "t", "column": "n"}}),
        ),
        (
            json!({"add_column": {"table": "t", "column": {"name": "n", "type": "text"}}}),
            json!({"drop_column": {"table": "t", "column": "n"}}),
        ),
        (
            json!({"rename_constraint": {"table": "t", "name": "k", "kind": "check", "to": "k2"}}),
            json!({"rename_constraint": {"table": "t", "name": "k2", "kind": "check", "to": "k"}}),
        ),
        (
            json!({"create_index": {"table": "t", "name": "ni", "columns": ["d", "c"]}}),
            json!({"drop_index": {"table": "t", "name": "ni"}}),
        ),
        (
            json!({"rename_index": {"table": "t", "name": "i", "to": "i2"}}),
            json!({"rename_index": {"table": "t", "name": "i2", "to": "i"}}),
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_alteration_changes_nothing_else(
        key in select(vec!["a INTEGER PRIMARY KEY AUTOINCREMENT", "a INTEGER PRIMARY KEY", "a int NOT NULL UNIQUE",
                           "a int PRIMARY KEY NOT NULL"]),
        columns in select(vec!["b text, c int, d int, g AS (c + 1)", "b text, c int, d int, g int AS (c + 1) STORED",
                               "b text, c int, d int REFERENCES t (a)", "b text,c int,d int"]),
        parts in subsequence(vec!["UNIQUE (b, c)", "CHECK (t.c IS NOT 98)", "FOREIGN KEY (c) REFERENCES p (id)",
                                  "CONSTRAINT own FOREIGN KEY (d) REFERENCES t (a) ON DELETE SET NULL"], 0..4),
        beside in subsequence(vec![
            "CREATE TABLE kid (x int REFERENCES t (a) ON DELETE CASCADE, y int); INSERT INTO kid VALUES (1, 1), (2, 9);",
            "CREATE INDEX j ON t (lower(b), d DESC) WHERE c > 0;",
            "CREATE VIEW v AS SELECT a, b FROM t WHERE c > 0;",
            "CREATE VIEW w AS SELECT count(*) AS n FROM t;",
            "CREATE TRIGGER g1 AFTER UPDATE OF b, c ON t BEGIN INSERT INTO log VALUES (NEW.c); END;",
            "CREATE TRIGGER g2 AFTER INSERT ON log BEGIN DELETE FROM t WHERE a = NEW.x; END;",
            "CREATE TRIGGER g3 BEFORE DELETE ON t BEGIN SELECT RAISE(IGNORE) WHERE OLD.d IS 7; END;",
        ], 0..6),
        chosen in subsequence((0..14_usize).collect::<Vec<_>>(), 1..5),
        together in any::<bool>(),
    ) {
        let parts: String = parts.iter().map(|part| format!(", {part}")).collect();
        let setup = format!(
            "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (1), (2); CREATE TABLE log (x int);
             CREATE TABLE t ({key}, {columns}, CONSTRAINT k CHECK (c < 1000){parts});
             CREATE INDEX i ON t (c);
             INSERT INTO t (a, b, c, d) VALUES (2, 'b', 1, NULL), (1, '7', 2, 2), (9, x'00', 1, 1);
             DELETE FROM t WHERE a = 9; {}", beside.concat());
        let db = made(&setup);
        let before = Look::at(&db);
        let all = alterations();
        // Two that add the same column, or move what the other moves, have no common way back.
        let mut chosen: Vec<usize> = chosen;
        if chosen.contains(&9) { chosen.retain(|at| *at != 10 && *at != 3); }
        if chosen.contains(&5) { chosen.retain(|at| *at != 8 && *at != 12); }
        if chosen.contains(&4) { chosen.retain(|at| ![6, 7, 12].contains(at)); }
        let there: Vec<Value> = chosen.iter().map(|at| all[*at].0.clone()).collect();
        let back: Vec<Value> = chosen.iter().rev().map(|at| all[*at].1.clone()).collect();
        // Only the rows of which the alteration makes NOT NULL something must have a value.
        if chosen.contains(&5) {
            db.execute("UPDATE t SET d = 2");
        }
        let before = if chosen.contains(&5) { Look::at(&db) } else { before };
        let run_all = |all: Vec<Value>| match together {
            true => drop(run(&db, Value::Array(all))),
            false => all.into_iter().for_each(|one| drop(run(&db, json!([one])))),
        };
        run_all(there);
        let half = Look::at(&db);
        for (table, rows) in &before.rows {
            if table != "t" {
                prop_assert_eq!(Some(rows), half.rows.get(table), "{}", table);
            }
        }
        prop_assert_eq!(before.rows["t"].len(), half.rows["t"].len());
        let number = |look: &Look| look.rows["t"].iter().map(|row| row[0].clone()).collect::<Vec<_>>();
        prop_assert_eq!(number(&before), number(&half));
        prop_assert_eq!(db.value("PRAGMA integrity_check"), "ok");
        run_all(back);
        let after = Look::at(&db);
        prop_assert_eq!(&before.rows, &after.rows);
        prop_assert_eq!(before.meaning().objects, after.meaning().objects);
    }
}
