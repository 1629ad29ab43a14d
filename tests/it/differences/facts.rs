//! Facts of PostgreSQL's catalog, each changed by a statement, all in two databases: `check` names each, both
//! ways, and finds none where nothing was changed.

use serde_json::Value;

use super::env_with_models;
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
