//! Facts of PostgreSQL's catalog, each changed by a statement, all in two databases: `check` names each, both
//! ways, and finds none where nothing was changed.

use serde_json::Value;

use super::{env_with_models, there_and_back};
use crate::support::{Engine, TestDb};

/// The statements of all facts, each in a schema of its own; with the changes or without.
fn statements(facts: &[Value], changed: bool) -> String {
    let of = |(at, fact): (usize, &Value)| {
        let change = if changed { fact["change"].as_str().unwrap() } else { "" };
        let text = format!("{};\n{change};\n", fact["before"].as_str().unwrap());
        format!("CREATE SCHEMA @;\n{text}").replace('@', &schema(at))
    };
    facts.iter().enumerate().map(of).collect()
}

fn schema(at: usize) -> String {
    format!("s{at:03}")
}

#[test]
fn no_fact_changes_unseen() {
    let path =
        format!("{}/tests/cases/differences/facts_postgres.yaml", env!("CARGO_MANIFEST_DIR"));
    let facts: Vec<Value> = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (plain, changed) = (TestDb::new(Engine::Postgres), TestDb::new(Engine::Postgres));
    let version = plain.value("SHOW server_version_num");
    let version: u64 = version[..version.len() - 4].parse().unwrap();
    let is_there = |fact: &Value| fact["since"].as_u64().is_none_or(|since| since <= version);
    let facts: Vec<Value> = facts.into_iter().filter(is_there).collect();
    let (before, after) = (statements(&facts, false), statements(&facts, true));
    plain.execute(&before);
    changed.execute(&after);
    let mut failures = Vec::new();
    for (db, models, differs) in
        [(&plain, &before, false), (&plain, &after, true), (&changed, &before, true)]
    {
        let output = env_with_models(db, models).rev(["check"]);
        let said = &output.stdout;
        assert_eq!(output.code, if differs { 3 } else { 0 }, "{said}{}", output.stderr);
        for (at, fact) in facts.iter().enumerate() {
            if said.contains(&schema(at)) != differs {
                failures.push(format!("{}: differs: {differs}", fact["fact"]));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Sequences of all kinds, checks whose rows are not checked, the comment that the server itself gives.
const OLD: &str = "
    CREATE TABLE grows (id serial PRIMARY KEY);
    CREATE TABLE shrinks (id bigserial PRIMARY KEY);
    CREATE SEQUENCE turns;
    CREATE SEQUENCE widens MAXVALUE 10;
    CREATE SEQUENCE moves;
    CREATE TABLE t (a integer, b integer, c integer);
    ALTER TABLE t ADD CONSTRAINT positive CHECK (c > 0) NOT VALID;
    CREATE SEQUENCE odd OWNED BY t.a;
    ALTER TABLE t ALTER a SET DEFAULT nextval('odd');
    ALTER SEQUENCE moves OWNED BY t.b;
    CREATE TABLE first_name (id serial);
    ALTER TABLE first_name RENAME TO second_name;
    CREATE TABLE renamed (id integer GENERATED ALWAYS AS IDENTITY);";
const NEW: &str = "
    CREATE TABLE grows (id bigserial PRIMARY KEY);
    CREATE TABLE shrinks (id serial PRIMARY KEY);
    CREATE SEQUENCE turns INCREMENT -1;
    CREATE SEQUENCE widens AS integer;
    CREATE TABLE t (c integer CONSTRAINT positive CHECK (c > 0), d integer);
    CREATE SEQUENCE moves OWNED BY t.d;
    CREATE TABLE of_another (id serial, x integer);
    CREATE TABLE like_it (LIKE of_another INCLUDING DEFAULTS);
    COMMENT ON SCHEMA public IS 'ours';
    CREATE TABLE renamed (id integer GENERATED ALWAYS AS IDENTITY);";

#[test]
fn what_sequences_count_by_comes_and_goes() {
    for (before, after) in [(OLD, NEW), (NEW, OLD)] {
        let (db, models) = (TestDb::new(Engine::Postgres), TestDb::new(Engine::Postgres));
        db.execute(before);
        models.execute(after);
        let env = env_with_models(&db, after);
        there_and_back(&db, &env, &models).unwrap_or_else(|failure| panic!("{failure}"));
    }
}

#[test]
fn what_is_inherited_and_own_is_no_difference() {
    let db = TestDb::new(Engine::Postgres);
    let parents = "CREATE TABLE p (a integer, b integer, CONSTRAINT c CHECK (b > 0)); ";
    let own =
        "CREATE TABLE t (a integer, b integer, x integer, CONSTRAINT c CHECK (b > 0)) INHERITS (p)";
    let inherited = "CREATE TABLE t (x integer) INHERITS (p)";
    let differs = "CREATE TABLE t (a integer DEFAULT 5, x integer) INHERITS (p)";
    db.execute(&format!("{parents}{own}"));
    for (models, code) in [(own, 0), (inherited, 0), (differs, 3)] {
        let output = env_with_models(&db, &format!("{parents}{models}")).rev(["check"]);
        assert_eq!(output.code, code, "{models}: {}{}", output.stdout, output.stderr);
    }
    db.execute("DROP TABLE t");
    db.execute(inherited);
    for (models, code) in [(own, 0), (inherited, 0), (differs, 3)] {
        let output = env_with_models(&db, &format!("{parents}{models}")).rev(["check"]);
        assert_eq!(output.code, code, "{models}: {}{}", output.stdout, output.stderr);
        assert!(!output.stdout.contains("_column"), "{models}: {}", output.stdout);
    }
}

#[test]
fn a_renamed_table_takes_its_identity_sequence_along() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE TABLE one (id integer GENERATED ALWAYS AS IDENTITY, a text)");
    let models = "CREATE TABLE two (\"no\" integer GENERATED ALWAYS AS IDENTITY, a text)";
    let env = env_with_models(&db, models);
    let renames = ["--rename", "table:one:two", "--rename", "column:two.id:no"];
    let output = env.rev(["revision", "--autogenerate", "-m", "m"].into_iter().chain(renames));
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    assert_eq!(env.rev(["upgrade", "heads"]).code, 0);
    let output = env.rev(["check"]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
}

#[test]
fn the_journal_of_another_is_not_dropped() {
    let db = TestDb::new(Engine::Postgres);
    let env = env_with_models(&db, "");
    let text = env.read("store.yaml");
    env.write("store.yaml", text.replace("kind:", "table_prefix: other\n    kind:"));
    assert_eq!(env.rev(["ensure-version"]).code, 0);
    env.write("store.yaml", text);
    db.execute("CREATE TABLE task_log (id integer)");
    let output = env.rev(["check"]);
    assert_eq!(output.stdout.lines().next(), Some("! drop_table task_log"), "{}", output.stdout);
    assert!(!output.stdout.contains("other_"), "{}", output.stdout);
}

#[test]
fn an_invalid_index_is_named_and_rebuilt() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE TABLE t (a integer); INSERT INTO t VALUES (1), (1)");
    let env = env_with_models(&db, "CREATE TABLE t (a integer); CREATE UNIQUE INDEX i ON t (a)");
    let output = env.rev(["revision", "--autogenerate", "--safe", "-m", "i"]);
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    let output = env.rev(["upgrade", "heads"]);
    let left = "is not recorded, and the index i may be left invalid: the next run rebuilds it";
    assert!(output.code == 1 && output.stderr.contains(left), "{}", output.stderr);
    let output = env.rev(["check"]);
    assert!(output.code == 3 && output.stdout.contains("invalid index i"), "{}", output.stdout);
    db.execute("DELETE FROM t");
    assert_eq!(env.rev(["upgrade", "heads"]).code, 0);
    assert_eq!(env.rev(["check"]).code, 0);
}
