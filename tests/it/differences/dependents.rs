//! What depends on something that is recreated, or changes under it, is dropped before and created again
//! behind it, and the rows stay (PostgreSQL).

use serde::Deserialize;

use super::{env_with_models, there_and_back};
use crate::support::{Engine, TestDb};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    before: Option<String>,
    /// What is inserted.
    rows: Option<String>,
    after: String,
    /// The query of what has to be the same all along.
    show: Option<String>,
}

/// The names of all cases, for the documentation.
pub fn names() -> Vec<String> {
    all().into_values().flatten().map(|case| case.name).collect()
}

fn all() -> std::collections::BTreeMap<String, Vec<Case>> {
    let path = format!("{}/tests/cases/dependents.yaml", env!("CARGO_MANIFEST_DIR"));
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The cases of a group, each with a number of its own in its names.
fn cases(group: &str) -> Vec<Case> {
    let only = std::env::var("REV_CASE").unwrap_or_default();
    let mut cases = all().into_iter().find(|(name, _)| name == group).unwrap().1;
    cases.retain(|case| case.name.contains(&only));
    for (number, case) in cases.iter_mut().enumerate() {
        let own = |text: &mut String| *text = text.replace('#', &number.to_string());
        own(&mut case.after);
        [&mut case.before, &mut case.rows, &mut case.show].into_iter().flatten().for_each(own);
    }
    cases
}

/// Goes there and back with all cases at once; where that fails, with each alone, to say which.
fn group(group: &str) {
    let cases = cases(group);
    let all: Vec<&Case> = cases.iter().collect();
    let Err(failure) = run(&all) else { return };
    let alone = |case: &Case| run(&[case]).err().map(|failure| (case.name.clone(), failure));
    let failures: Vec<(String, String)> = cases.iter().filter_map(alone).collect();
    match failures.as_slice() {
        [] => panic!("all of {group} together: {failure}"),
        failures => {
            let failures = failures.iter().map(|(name, failure)| format!("=== {name}\n{failure}"));
            panic!("{}", failures.collect::<Vec<_>>().join("\n"));
        }
    }
}

fn run(cases: &[&Case]) -> Result<(), String> {
    let (db, models) = (TestDb::new(Engine::Postgres), TestDb::new(Engine::Postgres));
    let mut after = String::new();
    for case in cases {
        for sql in [&case.before, &case.rows].into_iter().flatten() {
            db.try_execute(sql).map_err(|error| format!("{}: {error}", case.name))?;
        }
        after += &case.after;
    }
    models.try_execute(&after).map_err(|error| format!("after: {error}"))?;
    let shown = || -> Vec<String> {
        let queries = cases.iter().filter_map(|case| case.show.as_ref());
        queries
            .map(|query| db.value(&format!("SELECT string_agg(x::text, ';') FROM ({query}) x")))
            .collect()
    };
    let before = shown();
    there_and_back(&db, &env_with_models(&db, &after), &models)?;
    match shown() {
        after if after == before => Ok(()),
        after => Err(format!("the rows differ: {before:?} {after:?}")),
    }
}

#[test]
fn of_enums() {
    group("enums");
}

#[test]
fn of_routines() {
    group("routines");
}

#[test]
fn of_types() {
    group("types");
}

#[test]
fn of_columns() {
    group("columns");
}

/// What is generated for a change of models, and how it ends.
fn generated(before: &str, after: &str, options: &[&str], code: i32) -> (TestDb, String) {
    let db = TestDb::new(Engine::Postgres);
    db.execute(before);
    let env = env_with_models(&db, after);
    let command = [&["revision", "--autogenerate", "-m", "generated"], options].concat();
    let output = env.rev(&command);
    assert_eq!(output.code, code, "{}{}", output.stdout, output.stderr);
    let text = output.stdout + &output.stderr;
    if code == 0 {
        env.rev(["upgrade", "heads"]).success();
        env.rev(["check"]).success();
        env.rev(["downgrade", "base", "--yes"]).success();
    }
    (db, text)
}

/// Of what cannot be brought over nothing is done, and it is said.
#[test]
fn what_cannot_step_aside_is_told() {
    let skipped = |before: &str, after: &str, words: &str| {
        let (_, text) = generated(before, after, &[], 3);
        assert!(text.contains("skipped: ") && text.contains(words), "{text}");
    };
    skipped(
        "CREATE TYPE p AS (x int, y int); CREATE TABLE t (p p)",
        "CREATE TYPE p AS (x int, y bigint); CREATE TABLE t (p p);",
        "columns of t use it",
    );
    skipped(
        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood) PARTITION BY LIST (m)",
        "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood) PARTITION BY LIST (m);",
        "t is partitioned by m, which uses it",
    );
    let aggregate = "CREATE AGGREGATE a (int) (SFUNC = f, STYPE = int);";
    skipped(
        &format!(
            "CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1';{aggregate}"
        ),
        &format!(
            "CREATE FUNCTION f(x int, y int) RETURNS int LANGUAGE sql AS 'SELECT 1';{aggregate}"
        ),
        "something that cannot be compared depends on it",
    );
    let trigger = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER g BEFORE UPDATE OF a ON t FOR EACH ROW EXECUTE FUNCTION f();
         ALTER TABLE t DISABLE TRIGGER g;";
    skipped(
        &format!("CREATE TABLE t (a int); {trigger}"),
        &format!("CREATE TABLE t (a bigint); {trigger}"),
        "disabled trigger g should be there",
    );
}

/// On the way down a renamed column is not there yet when what names it is created.
#[test]
fn a_renamed_column_comes_back_under_all_that_names_it() {
    let objects = |column: &str, least: u8| {
        format!(
            "CREATE TABLE t (id int, {column} int, g int GENERATED ALWAYS AS ({column} * 2) STORED);
             CREATE VIEW v AS SELECT id, {column} FROM t WHERE id > {least};
             COMMENT ON COLUMN v.{column} IS 'shown';
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             CREATE TRIGGER g BEFORE UPDATE OF {column} ON t FOR EACH ROW
             WHEN (NEW.{column} > {least}) EXECUTE FUNCTION f();
             CREATE POLICY p ON t USING ({column} > {least});
             CREATE FUNCTION s() RETURNS bigint LANGUAGE sql AS 'SELECT sum({column}) FROM t';"
        )
    };
    let (before, after) = (objects("a", 1), objects("b", 2));
    let (db, _) = generated(&before, &after, &["--rename", "column:t.a:b"], 0);
    let models = TestDb::new(Engine::Postgres);
    models.execute(&before);
    let (one, other) = (crate::support::seen::whole(&db), crate::support::seen::whole(&models));
    assert_eq!(one.schema_difference(&other), None);
}

/// A body may name what only `search_path`, or a later statement, finds; it is checked in the end.
#[test]
fn bodies_wait_for_what_they_name() {
    let after = "CREATE SCHEMA app; SET search_path = app; CREATE TABLE app.t (id int);
         CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t';
         SET check_function_bodies = off;
         CREATE FUNCTION app.a(n int) RETURNS int LANGUAGE sql AS 'SELECT app.b(n - 1)';
         CREATE FUNCTION app.b(n int) RETURNS int LANGUAGE sql AS 'SELECT app.a(n - 1)';";
    let (db, text) = generated("", after, &[], 0);
    assert!(
        text.contains("the body of app.f() fails its check: relation \"t\" does not exist"),
        "{text}"
    );
    assert!(!text.contains("body of app.a"), "{text}");
    assert_eq!(db.value("SELECT current_setting('check_function_bodies')"), "on");
}

/// A transaction that takes more locks than the server has room for is told before it begins.
#[test]
fn too_many_locks_are_told_before_they_are_taken() {
    let db = TestDb::new(Engine::Postgres);
    let env = env_with_models(&db, "");
    let tables = |count: usize| -> String {
        (0..count).map(|at| format!("CREATE TABLE t{at} (id bigint PRIMARY KEY);\n")).collect()
    };
    let revision = |count: usize| {
        env.write(
            "revisions/a1.sql",
            format!(
                "-- revision: a1\n-- parents: []\n-- message: many\n\n-- rev: up\n{}\n-- rev: down\n",
                tables(count)
            ),
        );
        let output = env.rev(["upgrade", "heads", "--dry-run"]);
        assert_eq!(output.code, 0, "{output:?}");
        output.stdout + &output.stderr
    };
    let settings = "max_locks_per_transaction max_connections max_prepared_transactions";
    let settings: Vec<usize> = settings
        .split(' ')
        .map(|name| db.value(&format!("SHOW {name}")).parse().unwrap())
        .collect();
    let room = settings[0] * (settings[1] + settings[2]);
    let told = revision(room / 4 + 10);
    assert!(told.contains(&format!("and the server has room for {room}")), "{told}");
    assert!(told.contains("set max_locks_per_transaction to"), "{told}");
    let quiet = revision(room / 4 - 10);
    assert!(!quiet.contains("room"), "{quiet}");
}

/// What a body says is not done when it is stored; whatever could call it there is refused.
#[test]
fn a_body_that_reaches_out_is_stored_and_not_called() {
    let function = "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
         ALTER ROLE postgres SET work_mem = '1MB'; RETURN 1; END $$;
         CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT f()';";
    generated("", function, &[], 0);
    let called = format!("{function} CREATE TABLE t (a int DEFAULT g());");
    let db = TestDb::new(Engine::Postgres);
    let output = env_with_models(&db, &called).rev(["check"]);
    assert!(
        output.stderr.contains("the statement names g, which names f, which changes a role"),
        "{output:?}"
    );
}
