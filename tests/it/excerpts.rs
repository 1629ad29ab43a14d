//! What is wrong in a file or in a statement is shown where it stands.

use super::support::{Engine, Env, TestDb};

fn env(revision: &str, text: &str) -> Env {
    let env = Env::with_database(&TestDb::new(Engine::Sqlite));
    env.write("store.yaml", "databases: {default: {url: 'sqlite://store.db'}}\n");
    env.write(format!("revisions/{revision}"), text);
    env
}

#[test]
fn a_problem_of_a_revision_in_yaml() {
    let env = env(
        "a1.yaml",
        "revision: a1\nparents: []\nmessage: a\nup:\n- create_table:\n    name: t\n    columns: \
         [{name: 日本, typo: integer}]\n",
    );
    insta::assert_snapshot!(env.session("rev upgrade --sql base:heads --dialect sqlite"), @r#"
    $ rev upgrade --sql base:heads --dialect sqlite
    ! error: the store has 3 problems
    !   |
    ! 7 |     columns: [{name: 日本, typo: integer}]
    !   |     ^
    !   revisions/a1.yaml:7: create_table has no columns (write columns: and one or more of `- {name: …, type: …}` below it)
    !   |
    ! 7 |     columns: [{name: 日本, typo: integer}]
    !   |     ^^^^^^^
    !   revisions/a1.yaml:7: the column 日本 has no type
    !   |
    ! 7 |     columns: [{name: 日本, typo: integer}]
    !   |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    !   revisions/a1.yaml:7: unknown key "typo" in the column 日本 (did you mean type?)
    !   |
    ! 7 |     columns: [{name: 日本, typo: integer}]
    !   |                            ^^^^
    [exit 1]
    "#);
    env.write("revisions/a1.yaml", "revision: a1\nparents: [\nmessage: a\n");
    insta::assert_snapshot!(env.session("rev heads\nrev heads --json"), @r#"
    $ rev heads
    ! error: invalid indentation
    !  --> revisions/a1.yaml:3:1
    !   |
    ! 3 | message: a
    !   | ^
    [exit 1]

    $ rev heads --json
    ! {
    !   "error": {
    !     "kind": "store",
    !     "message": "invalid indentation",
    !     "file": "revisions/a1.yaml",
    !     "line": 3,
    !     "column": 1,
    !     "statement": null,
    !     "state": null,
    !     "hint": null
    !   }
    ! }
    [exit 1]
    "#);
    env.write("revisions/a1.yaml", "revision: 1e\nlabel: [a]\nmessage: a\nup: []\n");
    insta::assert_snapshot!(env.session("rev heads"), @r#"
    $ rev heads
    ! error: unknown key "label" in the header
    !  --> revisions/a1.yaml:2:1
    !   |
    ! 2 | label: [a]
    !   | ^^^^^
    ! hint: did you mean labels?
    [exit 1]
    "#);
}

#[test]
fn a_problem_of_the_header_of_a_revision_in_sql() {
    let env = env("a1.sql", "-- revision: a1\n--   parent: []\n-- rev: up\n-- rev: down\n");
    insta::assert_snapshot!(env.session("rev heads"), @"
    $ rev heads
    ! error: mapping values are not allowed in this context
    !  --> revisions/a1.sql:2:12
    !   |
    ! 2 | --   parent: []
    !   |            ^
    [exit 1]
    ");
    env.write("revisions/a1.sql", "-- revision: a1\n-- labl: []\n-- rev: up\n-- rev: down\n");
    insta::assert_snapshot!(env.session("rev heads"), @r#"
    $ rev heads
    ! error: unknown key "labl" in the header
    !  --> revisions/a1.sql:2:4
    !   |
    ! 2 | -- labl: []
    !   |    ^^^^
    ! hint: did you mean labels?
    [exit 1]
    "#);
}

#[test]
fn a_statement_that_fails() {
    let env = env(
        "a1.yaml",
        "revision: a1\nparents: []\nmessage: a\nup:\n- sql: |\n    CREATE TABLE t (a int);\n    \
         SELECT 1\n    \tFRM '日本', t;\n- sql: \"SELECT 1\"\ndown: irreversible\n",
    );
    insta::assert_snapshot!(env.session("rev upgrade heads\nrev upgrade heads --json"), @r#"
    $ rev upgrade heads
    ! [1/1] up a1 a
    ! error: up a1: near "'日本'": syntax error (1)
    !  --> revisions/a1.yaml:8:10
    !   |
    ! 7 |     SELECT 1
    ! 8 |         FRM '日本', t;
    !   |             ^
    ! state: a1 was rolled back; nothing before it ran; the database is at base
    ! hint: correct the file and run the command again
    [exit 1]

    $ rev upgrade heads --json
    ! {
    !   "error": {
    !     "kind": "statement",
    !     "message": "up a1: near \"'日本'\": syntax error (1)",
    !     "file": "revisions/a1.yaml",
    !     "line": 8,
    !     "column": 10,
    !     "statement": "SELECT 1\n\tFRM '日本', t",
    !     "state": "a1 was rolled back; nothing before it ran; the database is at base",
    !     "hint": "correct the file and run the command again"
    !   }
    ! }
    [exit 1]
    "#);
    let long = format!("SELECT '{}' FRM 1, '{}';", "a".repeat(200), "b".repeat(200));
    env.write("revisions/a1.sql", format!("-- revision: a1\n\n-- rev: up\n{long}\n-- rev: down\n"));
    std::fs::remove_file(env.path("revisions/a1.yaml")).unwrap();
    insta::assert_snapshot!(env.session("rev upgrade heads"), @r#"
    $ rev upgrade heads
    ! [1/1] up a1
    ! error: up a1: near "1": syntax error (1)
    !  --> revisions/a1.sql:4:215
    !   |
    ! 4 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' FRM 1, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...
    !   |                                                                    ^
    ! state: a1 was rolled back; nothing before it ran; the database is at base
    ! hint: correct the file and run the command again
    [exit 1]
    "#);
    // What is not in the file word for word is shown as it was sent.
    env.write(
        "revisions/a1.sql",
        "-- revision: a1\n\n-- rev: up\nCREATE TABLE t (a int);\n-- rev: down\n",
    );
    env.write(
        "revisions/b1.yaml",
        "revision: b1\nparents: [a1]\nmessage: b\nup:\n- create_table: {name: t, columns: [{name: \
         a, type: integer}, {name: b, type: text}]}\n",
    );
    insta::assert_snapshot!(env.session("rev upgrade heads"), @"
    $ rev upgrade heads
    ! [1/2] up a1
    ! [2/2] up b1 b
    ! error: up b1: table t already exists (1)
    !  --> revisions/b1.yaml:5
    !   executed:
    !   |
    ! 1 | CREATE TABLE t (
    ! 2 |   a integer,
    ! 3 |   b text
    ! 4 | )
    !   |
    ! state: b1 was rolled back; 1 revision before it is done and recorded; the database is at a1
    ! hint: correct the file and run the command again
    [exit 1]
    ");
}

#[test]
fn a_secret_is_not_shown() {
    let env = env("a1.sql", "-- revision: a1\n\n-- rev: up\n-- rev: down\n");
    env.write(
        "store.yaml",
        "databases:\n  default:\n    urll: postgres://u:pw@localhost/d\n    kinds: shared\n",
    );
    insta::assert_snapshot!(env.session("rev heads"), @r#"
    $ rev heads
    ! error: the store has 3 problems
    !   |
    ! 2 |   default:
    !   |   ^
    !   store.yaml:2: the database default has no url (write url: followed by an address, such as sqlite://store.db)
    !   |
    ! 2 |   default:
    !   |   ^^^^^^^
    !   store.yaml:3: unknown key "urll" in the database default (did you mean url?)
    !   |
    ! 3 |     urll: ***
    !   |     ^^^^
    !   store.yaml:4: unknown key "kinds" in the database default (did you mean kind?)
    !   |
    ! 4 |     kinds: shared
    !   |     ^^^^^
    [exit 1]
    "#);
    env.write("store.yaml", "databases:\n  default:\n    url: \"postgres://u:pw@localhost/d\n");
    let told = env.rev(["heads"]).exits(1).stderr;
    assert!(!told.contains("pw"), "{told}");
}

#[test]
fn a_merge_conflict_and_a_tab_are_named() {
    let env = env(
        "a1.sql",
        "-- revision: a1\n-- message: a\n\n-- rev: up\n<<<<<<< HEAD\nSELECT 1;\n=======\nSELECT 2;\n>>>>>>> other\n\n-- rev: irreversible\n",
    );
    insta::assert_snapshot!(env.session("rev upgrade heads"), @"
    $ rev upgrade heads
    ! error: git left an unresolved merge conflict in the file
    !  --> revisions/a1.sql:5
    !   |
    ! 5 | <<<<<<< HEAD
    !   |
    ! hint: choose what is right between <<<<<<< and >>>>>>>, and remove the markers
    [exit 1]
    ");
    env.write("revisions/a1.sql", "<<<<<<< HEAD\n-- revision: a1\n=======\n-- revision: b2\n>>>>>>> other\n-- message: a\n\n-- rev: up\nSELECT 1;\n");
    insta::assert_snapshot!(env.session("rev heads"), @"
    $ rev heads
    ! error: git left an unresolved merge conflict in the file
    !  --> revisions/a1.sql:1
    !   |
    ! 1 | <<<<<<< HEAD
    !   |
    ! hint: choose what is right between <<<<<<< and >>>>>>>, and remove the markers
    [exit 1]
    ");
    env.remove_revision("a1");
    env.write("revisions/a1.yaml", "revision: a1\nmessage: a\nup:\n<<<<<<< HEAD\n- sql: SELECT 1\n=======\n- sql: SELECT 2\n>>>>>>> other\n");
    insta::assert_snapshot!(env.session("rev upgrade heads"), @"
    $ rev upgrade heads
    ! error: git left an unresolved merge conflict in the file
    !  --> revisions/a1.yaml:4
    !   |
    ! 4 | <<<<<<< HEAD
    !   |
    ! hint: choose what is right between <<<<<<< and >>>>>>>, and remove the markers
    [exit 1]
    ");
    // A text of such lines is no conflict.
    env.write(
        "revisions/a1.yaml",
        "revision: a1\nmessage: a\nup:\n- sql: |\n    SELECT '\n    =======\n    '\n",
    );
    env.rev(["upgrade", "heads"]).success();
    env.write("store.yaml", "databases:\n  default:\n    url: sqlite://store.db\n<<<<<<< HEAD\nrevisions: [a]\n=======\nrevisions: [b]\n>>>>>>> other\n");
    insta::assert_snapshot!(env.session("rev heads"), @"
    $ rev heads
    ! error: git left an unresolved merge conflict in the file
    !  --> store.yaml:4
    ! hint: choose what is right between <<<<<<< and >>>>>>>, and remove the markers
    [exit 1]
    ");
    env.write("store.yaml", "databases:\n\tdefault:\n    url: sqlite://store.db\n");
    insta::assert_snapshot!(env.session("rev heads"), @"
    $ rev heads
    ! error: a tab where YAML takes spaces only
    !  --> store.yaml:2:2
    !   |
    ! 2 |     default:
    !   |     ^
    ! hint: indent with spaces
    [exit 1]
    ");
}
