//! Random branches: what `rev merge` says of them is held against all orders in which they can be run.

use std::collections::BTreeMap;

use super::{env_with, write};
use crate::support::seen::{self, Seen};
use crate::support::{Engine, Env, TestDb};

const BASE: &str = "\
CREATE TABLE t (id integer NOT NULL PRIMARY KEY, v integer NOT NULL, name varchar(40));
CREATE TABLE u (id integer NOT NULL PRIMARY KEY, t_id integer, w integer);";

const SEED: &str = "\
INSERT INTO t VALUES (1, 10, 'ann'), (2, 20, NULL), (3, 30, 'bob');
INSERT INTO u VALUES (1, 1, 5), (2, 2, 15), (3, NULL, 25);";

const SQL: [&str; 20] = [
    "UPDATE t SET v = v * 2;",
    "UPDATE t SET v = v + 1;",
    "UPDATE t SET v = 5 WHERE id = 1;",
    "UPDATE t SET name = 'x' WHERE v > 15;",
    "UPDATE u SET w = (SELECT max(v) FROM t);",
    "UPDATE u SET w = w - 1 WHERE t_id = 1;",
    "DELETE FROM u WHERE w > 14;",
    "INSERT INTO u (id, t_id, w) VALUES (9, 1, 1);",
    "INSERT INTO u (id, t_id, w) VALUES (8, 2, 40);",
    "INSERT INTO t (id, v, name) SELECT id + 10, v, name FROM t;",
    "ALTER TABLE t ADD COLUMN c1 integer;",
    "ALTER TABLE t ADD COLUMN c2 integer;",
    "ALTER TABLE u ADD COLUMN c1 integer DEFAULT 3;",
    "CREATE INDEX ix1 ON t (v);",
    "CREATE UNIQUE INDEX uq1 ON t (v);",
    "CREATE VIEW vw AS SELECT id, v FROM t;",
    "CREATE TABLE n1 (id integer);",
    "ALTER TABLE t RENAME COLUMN name TO title;",
    "DROP TABLE u;",
    "CREATE TABLE copies AS SELECT * FROM u;",
];

const OPERATIONS: [&str; 14] = [
    "- add_column: {table: t, column: {name: d1, type: integer, default: 7}}",
    "- add_column: {table: t, column: {name: d2, type: text}}",
    "- add_column: {table: u, column: {name: d1, type: integer}}",
    "- create_index: {table: t, name: ix_v, columns: [v]}",
    "- create_index: {table: u, name: ix_w, columns: [w]}",
    "- create_check: {table: u, name: positive, sql: 'w > 0'}",
    "- alter_column: {table: t, column: name, type: string(80), was: {type: string(40)}}",
    "- alter_column: {table: t, column: name, rename: title}",
    "- create_unique: {table: t, name: uq_name, columns: [name]}",
    "- create_table: {name: n2, columns: [{name: id, type: integer, primary_key: true}]}",
    "- bulk_insert: {table: t, columns: {id: integer, v: integer}, rows: [{id: 7, v: 70}]}",
    "- backfill: {table: t, key: [id], set: {v: {sql: 'v + 3'}}}",
    "- backfill: {table: u, key: [id], set: {w: 0}, where: 't_id IS NOT NULL'}",
    "- drop_column: {table: u, column: w, was: {name: w, type: integer}}",
];

/// All ways to mix two lines.
fn interleavings(left: &[&'static str], right: &[&'static str]) -> Vec<Vec<&'static str>> {
    match (left, right) {
        ([], rest) | (rest, []) => vec![rest.to_vec()],
        ([one, lefts @ ..], [other, rights @ ..]) => {
            let led = |first: &'static str, rest: Vec<Vec<&'static str>>| {
                rest.into_iter().map(move |rest| [vec![first], rest].concat())
            };
            let by_left = led(one, interleavings(lefts, right));
            by_left.chain(led(other, interleavings(left, rights))).collect()
        }
    }
}

/// The rows of the tables, their columns in the order of their names.
type TableRows = BTreeMap<String, Vec<Vec<String>>>;

fn rows(db: &TestDb) -> TableRows {
    let columns = db.query(match db.engine() {
        Engine::Sqlite => {
            "SELECT m.name, x.name FROM sqlite_schema m, pragma_table_xinfo(m.name) x WHERE m.type = 'table' \
             AND m.name NOT LIKE 'rev\\_%' ESCAPE '\\' ORDER BY 1, 2"
        }
        Engine::Postgres => {
            "SELECT c.table_name, c.column_name FROM information_schema.columns c \
             JOIN information_schema.tables t USING (table_schema, table_name) WHERE t.table_type = 'BASE TABLE' \
             AND table_schema = 'public' AND table_name NOT LIKE 'rev\\_%' ORDER BY 1, 2"
        }
        Engine::Mariadb | Engine::Mysql => {
            "SELECT c.table_name, c.column_name FROM information_schema.columns c \
             JOIN information_schema.tables t USING (table_schema, table_name) WHERE t.table_type = 'BASE TABLE' \
             AND table_schema = database() AND table_name NOT LIKE 'rev\\_%' ORDER BY 1, 2"
        }
    });
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in columns {
        tables.entry(row[0].clone()).or_default().push(row[1].clone());
    }
    let read = |(table, columns): (String, Vec<String>)| {
        let columns = columns.join(", ");
        let rows = db.query(&format!("SELECT {columns} FROM {table} ORDER BY {columns}"));
        (table, rows)
    };
    tables.into_iter().map(read).collect()
}

/// What an order leads to; `None`: it fails.
fn run(engine: Engine, env: &Env, order: &[&str]) -> Option<(Seen, TableRows)> {
    let db = TestDb::new(engine);
    let settings = env.read("store.yaml");
    let url = settings.lines().find(|line| line.trim_start().starts_with("url:")).unwrap();
    env.write("store.yaml", settings.replace(url, &format!("    url: {}", db.url())));
    env.rev(["upgrade", "base0"]).success();
    db.execute(SEED);
    order
        .iter()
        .all(|id| env.rev(["upgrade", id, "--yes"]).code == 0)
        .then(|| (seen::whole(&db), rows(&db)))
}

fn differ(one: &(Seen, TableRows), other: &(Seen, TableRows)) -> bool {
    one.0.schema_difference(&other.0).is_some() || one.1 != other.1
}

/// An order that leads elsewhere than the first one.
fn unlike(
    engine: Engine,
    env: &Env,
    left: &[&'static str],
    right: &[&'static str],
) -> Option<String> {
    let mut ends = interleavings(left, right)
        .into_iter()
        .map(|order| (order.join(" "), run(engine, env, &order)));
    let (_, first) = ends.next()?;
    ends.find_map(|(order, end)| {
        let same = match (&first, &end) {
            (Some(one), Some(other)) => !differ(one, other),
            _ => false,
        };
        (!same).then_some(order)
    })
}

fn cases(engine: Engine, pool: &[&str], count: usize, seed: u64) -> BTreeMap<String, usize> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut counts = BTreeMap::new();
    for _ in 0..count {
        let db = TestDb::new(engine);
        let env = env_with(&db, BASE, Some(SEED));
        let mut lines: [Vec<&'static str>; 2] = [Vec::new(), Vec::new()];
        let mut told = String::new();
        for (line, ids) in lines.iter_mut().zip([["a1", "a2"], ["b1", "b2"]]) {
            let mut parent = "base0";
            for id in ids.into_iter().take(rng.usize(1..=2)) {
                let up = pool[rng.usize(..pool.len())];
                write(&env, id, parent, up);
                told.push_str(&format!("{id}: {up}\n"));
                line.push(id);
                parent = id;
            }
        }
        let output = env.rev(["merge", "--check", "--json"]);
        let proof = output.json()["proof"].clone();
        let verdict = proof["verdict"].as_str().unwrap().to_owned();
        *counts.entry(verdict.clone()).or_default() += 1;
        let alone = |line: &[&str]| run(engine, &env, line).is_some();
        if !alone(&lines[0]) || !alone(&lines[1]) {
            continue;
        }
        let [left, right] = &lines;
        match verdict.as_str() {
            "disjoint" | "replayed" => {
                let unlike = unlike(engine, &env, left, right);
                assert!(unlike.is_none(), "{engine:?}: {told}{}: {proof:#}", unlike.unwrap());
            }
            "conflict" => {
                // It may be undone by what comes later: a database in between is another one all the same.
                let ways = (1..=left.len()).flat_map(|i| (1..=right.len()).map(move |j| (i, j)));
                let mut unlike =
                    ways.filter_map(|(i, j)| unlike(engine, &env, &left[..i], &right[..j]));
                assert!(unlike.next().is_some(), "{engine:?}: {told}{proof:#}");
            }
            _ => {}
        }
    }
    counts
}

/// So many of each kind, by an environment variable at night.
fn count(usual: usize) -> usize {
    std::env::var("REV_TEST_MERGES").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

#[track_caller]
fn hold(engine: Engine, usual: usize) {
    let seed = std::env::var("PROPTEST_RNG_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    eprintln!("seed {seed}");
    for (name, pool) in [("SQL", &SQL[..]), ("operations", &OPERATIONS[..])] {
        let counts = cases(engine, pool, count(usual), seed);
        eprintln!("{engine:?}, {name}: {counts:?}");
        let all: usize = counts.values().sum();
        let conflicts = counts.get("conflict").copied().unwrap_or_default();
        assert!(all < 20 || conflicts * 5 >= all, "{name}: {counts:?}");
    }
}

#[test]
fn what_is_proven_holds_in_every_order_on_sqlite() {
    hold(Engine::Sqlite, 20);
}

#[test]
fn what_is_proven_holds_in_every_order_on_postgres() {
    hold(Engine::Postgres, 3);
}

#[test]
fn what_is_proven_holds_in_every_order_on_mariadb() {
    hold(Engine::Mariadb, 3);
}
