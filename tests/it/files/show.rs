//! `show`.

use super::{forked, merged};

#[test]
fn show_tells_all_of_a_revision() {
    let env = merged();
    insta::assert_snapshot!(env.session("
        rev show c0
        rev show head
        rev show left right --json
    "), @r#"
    $ rev show c0
    revision c0 (left)
    parents:    b0
    children:   c1
    created:    2026-01-01T00:00:00Z
    file:       revisions/c0.yaml

        make c0

    up:
        CREATE TABLE c0 (i int);
    down: irreversible: SQL cannot be reversed automatically: write the `down`

    $ rev show head
    revision m0 (left, right) (head) (merge)
    parents:    c1, d0
    created:    2026-01-02T03:04:05Z
    file:       revisions/20260102_m0_join.yaml

        join

    up: nothing
    down: nothing

    $ rev show left right --json
    [
      {
        "revision": "c0",
        "parents": [
          "b0"
        ],
        "depends_on": [],
        "labels": [
          "left"
        ],
        "message": "make c0",
        "created": "2026-01-01T00:00:00Z",
        "path": "revisions/c0.yaml",
        "head": false,
        "base": false,
        "merge": false,
        "branch_point": false
      },
      {
        "revision": "d0",
        "parents": [
          "b0"
        ],
        "depends_on": [],
        "labels": [
          "right"
        ],
        "message": "make d0",
        "created": "2026-01-01T00:00:00Z",
        "path": "revisions/d0.yaml",
        "head": false,
        "base": false,
        "merge": false,
        "branch_point": false
      }
    ]
    "#);
}

#[test]
fn show_knows_sections_dialects_and_ways_down() {
    let env = forked();
    env.write(
        "revisions/s.sql",
        "-- revision: s0\n-- parents: [d0]\n-- message: by dialect\n\n-- rev: up postgres\nSELECT 1;\n\n\
         -- rev: up no-transaction\nSELECT 2;\n\n-- rev: down\nSELECT 3;\n",
    );
    env.write(
        "revisions/t.yaml",
        format!(
            "revision: t0\nparents: [c1]\nmessage: |\n  many lines\n\n  of words\nup:\n  - sql: |\n{}\ndown: irreversible\n",
            (0..30).map(|n| format!("      SELECT {n};")).collect::<Vec<_>>().join("\n")
        ),
    );
    insta::assert_snapshot!(env.session("
        rev show s0
        rev show t0
        rev show t0 -v | tail -n 4
    "), @r"
    $ rev show s0
    revision s0 (right) (head)
    parents:    d0
    file:       revisions/s.sql

        by dialect

    up postgres:
        SELECT 1;
    up no-transaction:
        SELECT 2;
    down:
        SELECT 3;

    $ rev show t0
    revision t0 (left) (head)
    parents:    c1
    file:       revisions/t.yaml

        many lines

        of words

    up:
        SELECT 0;
        SELECT 1;
        SELECT 2;
        SELECT 3;
        SELECT 4;
        SELECT 5;
        SELECT 6;
        SELECT 7;
        SELECT 8;
        SELECT 9;
        SELECT 10;
        SELECT 11;
        … 18 more lines (`rev show -v` shows all)
    down: irreversible

    $ rev show t0 -v | tail -n 4
        SELECT 27;
        SELECT 28;
        SELECT 29;
    down: irreversible
    ");
}
