//! Two random schemas of PostgreSQL's, of objects that depend on each other: generated from the one to the
//! other, applied and checked; and back. The rows of the table that both have stay.

use std::fmt::Write as _;

use fastrand::Rng;

use super::super::{env_with_models, there_and_back};
use super::{count, first};
use crate::support::{Engine, TestDb};

/// What a schema has of the things that others use.
struct Base {
    enums: bool,
    domain: bool,
    composite: bool,
    /// The columns of `t` beside `id`.
    columns: Vec<&'static str>,
}

fn one<'a>(rng: &mut Rng, all: &[&'a str]) -> &'a str {
    all[rng.usize(..all.len())]
}

/// The SQL of a random schema, and what `t` has that rows are put into. `deep`: the composite type is of
/// the domain; to change that is not supported.
fn any_schema(rng: &mut Rng, deep: bool) -> (String, Base) {
    let mut sql = String::new();
    let mut base = Base {
        enums: rng.u8(..4) > 0,
        domain: rng.u8(..4) > 0 || deep,
        composite: rng.u8(..3) > 0,
        columns: Vec::new(),
    };
    let domain = if base.domain { "d" } else { "int" };
    if base.enums {
        let more = ["'b'", "'c'", "'d'"].into_iter().filter(|_| rng.bool());
        let values: Vec<&str> = std::iter::once("'a'").chain(more).collect();
        let _ = writeln!(sql, "CREATE TYPE e AS ENUM ({});", values.join(", "));
        if rng.u8(..3) == 0 {
            let text = one(rng, &["kinds", "sorts"]);
            let _ = writeln!(sql, "COMMENT ON TYPE e IS '{text}';");
        }
    }
    // A function that everything may call, in one of its forms.
    let argument = one(rng, &["x int", "y int", "x bigint", "x int, z int DEFAULT 1"]);
    let name = &argument[..1];
    let returns = one(rng, &["int", "bigint"]);
    let body = match rng.u8(..3) {
        0 => format!("AS 'SELECT ({name} + 1)::{returns}'"),
        1 => format!("RETURN ({name} + 1)::{returns}"),
        _ => format!("AS 'SELECT ({name} + 2)::{returns}'"),
    };
    let _ = writeln!(
        sql,
        "CREATE FUNCTION f({argument}) RETURNS {returns} LANGUAGE sql IMMUTABLE {body};"
    );
    if base.domain {
        let of = one(rng, &["int", "bigint"]);
        let check = one(
            rng,
            &[
                "",
                " CONSTRAINT low CHECK (VALUE > -5)",
                " CONSTRAINT low CHECK (VALUE > -6)",
                " CONSTRAINT low CHECK (f(VALUE::int) > -9)",
                " DEFAULT f(1)",
            ],
        );
        let _ = writeln!(sql, "CREATE DOMAIN d AS {of}{check};");
    }
    if base.composite {
        let mut attributes = vec![if deep { "x d" } else { "x int" }.to_owned()];
        attributes
            .extend(["y text", "z int"].iter().take(rng.usize(..3)).map(|&one| one.to_owned()));
        let _ = writeln!(sql, "CREATE TYPE c AS ({});", attributes.join(", "));
    }
    if base.enums && rng.bool() {
        let to = one(rng, &["text", "varchar"]);
        let _ = writeln!(
            sql,
            "CREATE FUNCTION g(v e) RETURNS {to} LANGUAGE sql IMMUTABLE AS 'SELECT v::{to}';"
        );
    }
    let after = table(rng, &mut base, domain);
    sql += &after;
    (sql, base)
}

fn table(rng: &mut Rng, base: &mut Base, domain: &str) -> String {
    let mut parts = vec![format!("id {} NOT NULL", one(rng, &["int", "bigint"]))];
    let of_a = one(rng, &["int", "bigint", domain]);
    let default = one(rng, &["", " DEFAULT 1", " DEFAULT f(1)", " DEFAULT f(2)"]);
    parts.push(format!("a {of_a}{default}"));
    if base.enums && rng.u8(..4) > 0 {
        base.columns.push("m");
        parts.push(format!("m e{}", one(rng, &["", " DEFAULT 'a'"])));
    }
    let has_m = base.columns.contains(&"m");
    if base.composite && rng.bool() {
        base.columns.push("p");
        parts.push("p c".to_owned());
        if rng.bool() {
            parts.push("ps c[]".to_owned());
        }
    }
    if base.domain && rng.u8(..3) == 0 {
        parts.push("ds d[]".to_owned());
    }
    let has_w = rng.bool();
    if has_w {
        let mut all = vec![
            "int GENERATED ALWAYS AS (a::int * 2) STORED",
            "bigint GENERATED ALWAYS AS (f(a::int)) STORED",
        ];
        if has_m {
            all.push("boolean GENERATED ALWAYS AS (m = 'a') STORED");
        }
        parts.push(format!("w {}", one(rng, &all)));
    }
    let mut checks = vec!["", "a > 0", "a > -1", "f(a::int) > 0"];
    if has_m {
        checks.push("m = 'a' OR id > 0");
    }
    let check = one(rng, &checks);
    if !check.is_empty() {
        parts.push(format!("CONSTRAINT ck CHECK ({check})"));
    }
    parts.push("CONSTRAINT t_pkey PRIMARY KEY (id)".to_owned());
    let mut sql = format!("CREATE TABLE t (\n  {}\n);\n", parts.join(",\n  "));
    if !check.is_empty() && rng.bool() {
        let _ = writeln!(sql, "COMMENT ON CONSTRAINT ck ON t IS '{}';", one(rng, &["one", "two"]));
    }
    let mut indexes = vec!["(a)", "(f(a::int))", "(id) WHERE a > 3", "(id) WHERE f(a::int) > 3"];
    if has_m {
        indexes.extend(["(m)", "(id) WHERE m = 'a'"]);
    }
    if has_w {
        indexes.push("(w)");
    }
    for name in ["i", "j"] {
        if rng.bool() {
            continue;
        }
        let _ = writeln!(sql, "CREATE INDEX {name} ON t {};", one(rng, &indexes));
    }
    if rng.bool() {
        let of = one(rng, &["int", "bigint", domain]);
        let default = one(rng, &["", " DEFAULT f(3)"]);
        let key = one(rng, &["", " REFERENCES t", " REFERENCES t ON DELETE CASCADE"]);
        let _ = writeln!(sql, "CREATE TABLE u (b {of}{default}, r bigint{key});");
    }
    let mut conditions = vec!["a > 1", "f(a::int) > 1", "id > 1"];
    if has_m {
        conditions.push("m = 'a'");
    }
    let mut shown = vec!["id", "id, a", "id, f(a::int) AS s"];
    if base.columns.contains(&"p") {
        shown.push("id, (p).x AS s");
    }
    if rng.u8(..4) > 0 {
        let (shown, condition) = (one(rng, &shown), one(rng, &conditions));
        let _ = writeln!(sql, "CREATE VIEW v AS SELECT {shown} FROM t WHERE {condition};");
        if rng.bool() {
            let _ = writeln!(sql, "COMMENT ON COLUMN v.id IS '{}';", one(rng, &["it", "its"]));
        }
        if rng.bool() {
            let _ = writeln!(
                sql,
                "CREATE MATERIALIZED VIEW y AS SELECT id FROM v;\nCREATE INDEX yi ON y (id);"
            );
        }
    }
    // One that reads the table, whose body is text or is parsed.
    if rng.bool() {
        let condition = one(rng, &conditions);
        let body = match rng.bool() {
            true => format!("AS $$ SELECT count(*) FROM t WHERE {condition} $$"),
            false => format!("BEGIN ATOMIC SELECT count(*) FROM t WHERE {condition}; END"),
        };
        let _ = writeln!(sql, "CREATE FUNCTION h() RETURNS bigint LANGUAGE sql {body};");
        if rng.u8(..3) == 0 {
            let _ = writeln!(sql, "ALTER TABLE t ADD COLUMN late bigint DEFAULT h();");
        }
    }
    let _ = writeln!(
        sql,
        "CREATE FUNCTION k() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    );
    if rng.bool() {
        let condition = one(rng, &["NEW.a > 1", "f(NEW.a::int) > 1"]);
        let of = one(rng, &["", " OF a"]);
        let _ = writeln!(
            sql,
            "CREATE TRIGGER k BEFORE UPDATE{of} ON t FOR EACH ROW WHEN ({condition}) \
             EXECUTE FUNCTION k();"
        );
    }
    if rng.bool() {
        let _ = writeln!(sql, "CREATE POLICY o ON t USING ({});", one(rng, &conditions));
    }
    if rng.u8(..3) == 0 {
        let _ = writeln!(sql, "CREATE STATISTICS q ON id, a FROM t;");
    }
    sql
}

#[test]
fn on_postgres() {
    let mut failures = Vec::new();
    for seed in first()..first() + count() {
        let mut rng = Rng::with_seed(seed);
        let deep = rng.bool();
        let ((before, has), (after, _)) = (any_schema(&mut rng, deep), any_schema(&mut rng, deep));
        let (db, models) = (TestDb::new(Engine::Postgres), TestDb::new(Engine::Postgres));
        let shown = "SELECT string_agg(id || ' ' || a, ';' ORDER BY id) FROM t";
        let run = || {
            db.try_execute(&before).map_err(|error| format!("before: {error}"))?;
            models.try_execute(&after).map_err(|error| format!("after: {error}"))?;
            db.execute("INSERT INTO t (id, a) VALUES (1, 1), (2, 7)");
            if has.columns.contains(&"m") {
                db.execute("UPDATE t SET m = 'a' WHERE id = 1");
            }
            if has.columns.contains(&"p") {
                db.execute("UPDATE t SET p.x = 4 WHERE id = 1");
            }
            let rows = db.value(shown);
            there_and_back(&db, &env_with_models(&db, &after), &models)?;
            match db.value(shown) {
                now if now == rows => Ok(()),
                now => Err(format!("the rows were {rows}, and are {now}")),
            }
        };
        if let Err(failure) = run() {
            failures.push(format!("=== seed {seed}\n{before}--- to\n{after}---\n{failure}"));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
