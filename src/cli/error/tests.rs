//! Errors in words and as objects.

use super::*;
use revdag::{Effect, Source, Statement};

fn shown(error: impl Into<Error>) -> String {
    let report = error.into().report();
    let words = crate::cli::output::without_styles(&report.words());
    format!("{words}{:#}\nexit {}", report.json(), report.status)
}

fn failed(error: DbError, rolled_back: bool) -> RunError {
    let sql = "CREATE TABLE accounts (\n  id bigin PRIMARY KEY\n)";
    let position = error.of_server().and_then(|server| server.position);
    RunError::Step(Box::new(StepError {
        direction: Direction::Up,
        revision: Id::from("c0ffee"),
        statement: Statement {
            sql: sql.to_owned(),
            source: Source { file: "revisions/accounts.sql".to_owned(), line: 7 },
            transactional: true,
            copy_data: None,
            task: None,
            effect: Effect::Additive,
        },
        excerpt: position.and_then(|at| {
            let file = format!("{}\t/* 日本 */ {sql};\n", "\n".repeat(6));
            Excerpt::around(sql, Some(at)).in_file(&file, 7)
        }),
        error,
        done: vec![(Direction::Up, Id::from("b0b0"))],
        heads: vec![Id::from("b0b0")],
        rolled_back,
        in_part: false,
        left_invalid: None,
        unknown: false,
    }))
}

#[test]
fn a_failing_statement_says_what_where_and_what_now() {
    insta::assert_snapshot!(shown(failed(
        DbError::Statement(ServerError {
            message: "type \"bigin\" does not exist".to_owned(),
            code: Some("42704".to_owned()),
            position: Some(29),
            detail: Some("there is no such type".to_owned()),
            hint: None,
        }),
        true,
    )), @r#"
    error: up c0ffee: type "bigin" does not exist (42704)
     --> revisions/accounts.sql:8:6
      |
    7 |     /* 日本 */ CREATE TABLE accounts (
    8 |   id bigin PRIMARY KEY
      |      ^^^^^
    9 | );
      |
      detail: there is no such type
    state: c0ffee was rolled back; 1 revision before it is done and recorded; the database is at b0b0
    hint: correct the file and run the command again
    {
      "error": {
        "kind": "statement",
        "message": "up c0ffee: type \"bigin\" does not exist (42704)\ndetail: there is no such type",
        "file": "revisions/accounts.sql",
        "line": 8,
        "column": 6,
        "statement": "CREATE TABLE accounts (\n  id bigin PRIMARY KEY\n)",
        "state": "c0ffee was rolled back; 1 revision before it is done and recorded; the database is at b0b0",
        "hint": "correct the file and run the command again"
      }
    }
    exit 1
    "#);
}

#[test]
fn a_connection_lost_half_way_names_resume() {
    insta::assert_snapshot!(shown(failed(DbError::Lost("end of file".to_owned()), false)), @r#"
    error: up c0ffee: the connection was lost: end of file
     --> revisions/accounts.sql:7
      executed:
      |
    1 | CREATE TABLE accounts (
    2 |   id bigin PRIMARY KEY
    3 | )
      |
    state: outcome unknown: c0ffee is partially applied, and this statement may have run; 1 revision before it is done and recorded; the database is at b0b0
    hint: once the server answers again, `rev status` shows where it stopped; `rev resume` continues
    {
      "error": {
        "kind": "connection_lost",
        "message": "up c0ffee: the connection was lost: end of file",
        "file": "revisions/accounts.sql",
        "line": 7,
        "column": null,
        "statement": "CREATE TABLE accounts (\n  id bigin PRIMARY KEY\n)",
        "state": "outcome unknown: c0ffee is partially applied, and this statement may have run; 1 revision before it is done and recorded; the database is at b0b0",
        "hint": "once the server answers again, `rev status` shows where it stopped; `rev resume` continues"
      }
    }
    exit 1
    "#);
}

#[test]
fn a_long_statement_is_shown_around_its_error() {
    let sql: String = (0..40).map(|n| format!("-- line {n}\n")).collect();
    let position = sql.find("line 20");
    let report = Report {
        kind: "statement",
        message: "no".to_owned(),
        statement: Some(sql),
        position,
        ..Report::default()
    };
    insta::assert_snapshot!(crate::cli::output::without_styles(&report.words()), @"
    error: no
      executed:
       |
    16 | -- line 15
    17 | -- line 16
    18 | -- line 17
    19 | -- line 18
    20 | -- line 19
    21 | -- line 20
       |    ^^^^
      ... 19 more lines
    ");
}

#[test]
fn gaps_are_listed() {
    insta::assert_snapshot!(shown(PlanError::OutOfOrder {
        gaps: vec![Id::from("a1"), Id::from("b1")],
        above: vec![Id::from("a2"), Id::from("b2")],
    }), @r#"
    error: 2 revisions are missing below what is applied
      a1 is missing below a2
      b1 is missing below b2
    state: nothing was changed
    hint: `--out-of-order` applies them now; `rev switch` downgrades first and applies all in order
    {
      "error": {
        "kind": "out_of_order",
        "message": "2 revisions are missing below what is applied\na1 is missing below a2\nb1 is missing below b2",
        "file": null,
        "line": null,
        "column": null,
        "statement": null,
        "state": "nothing was changed",
        "hint": "`--out-of-order` applies them now; `rev switch` downgrades first and applies all in order"
      }
    }
    exit 1
    "#);
}
