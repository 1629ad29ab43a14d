//! Random sequences of operations on a random small schema with rows: up, down, up.

mod choices;
mod columns;
mod generate;
mod model;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::matrix::run::{self, cases_on};
use crate::support::Engine;
use choices::Choices;

/// How many sequences run beside each other: reading one database costs as much as reading all.
const TOGETHER: usize = 8;

/// How many times so many, unless `PROPTEST_CASES` says otherwise.
const CASES: u32 = 2;

fn holds_on(engine: Engine) {
    let default = Config::default();
    let given = std::env::var_os("PROPTEST_CASES").is_some();
    let config = Config {
        cases: if given { default.cases } else { CASES },
        max_shrink_iters: 200,
        max_shrink_time: 60_000,
        source_file: Some(file!()),
        ..default
    };
    // Numbers by which a sequence is chosen: few and small ones make a simple sequence.
    let numbers = prop::collection::vec(any::<u16>(), 0..120);
    let many = prop::collection::vec(numbers, 1..=TOGETHER);
    let outcome = TestRunner::new(config).run(&many, |many| {
        let case =
            |numbers: Vec<u16>| generate::case(&mut Choices::new(numbers), run::dialect(engine));
        let cases: Vec<_> = many.into_iter().map(case).collect();
        let told: Vec<String> = cases
            .iter()
            .map(|case| {
                let lines = |operations: &[serde_json::Value]| -> String {
                    operations.iter().map(|one| format!("  - {one}\n")).collect()
                };
                format!("setup:\n{}up:\n{}", lines(&case.setup), lines(&case.up))
            })
            .collect();
        let failures = cases_on(cases, engine);
        if failures.is_empty() {
            return Ok(());
        }
        Err(TestCaseError::fail(format!("{}\n{}", failures.join("\n"), told.join("\n"))))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[test]
fn sequences_go_up_and_down_on_postgres() {
    holds_on(Engine::Postgres);
}

#[test]
fn sequences_go_up_and_down_on_mariadb() {
    holds_on(Engine::Mariadb);
}

#[test]
fn sequences_go_up_and_down_on_mysql() {
    holds_on(Engine::Mysql);
}

#[test]
fn sequences_go_up_and_down_on_sqlite() {
    holds_on(Engine::Sqlite);
}

#[test]
fn sequences_are_not_all_alike() {
    let kinds: std::collections::BTreeSet<String> = (0..200u16)
        .flat_map(|seed| {
            let mut random = fastrand::Rng::with_seed(seed.into());
            let numbers = (0..100).map(|_| random.u16(..)).collect();
            let case = generate::case(
                &mut Choices::new(numbers),
                revdag::internals::text::Dialect::Postgres,
            );
            case.up.into_iter().flat_map(|one| {
                one.as_object()
                    .into_iter()
                    .flatten()
                    .map(|(kind, _)| kind.clone())
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    let expected = [
        "add_column",
        "alter_column",
        "bulk_insert",
        "comment",
        "create_check",
        "create_foreign_key",
        "create_index",
        "create_table",
        "create_unique",
        "create_view",
        "drop_column",
        "drop_constraint",
        "drop_index",
        "drop_table",
        "rename_constraint",
        "rename_index",
        "rename_table",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}
