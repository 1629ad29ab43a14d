//! The same commands where a name needs a database, or the database is asked for.

use super::forked;

#[test]
fn the_log_marks_what_the_database_has() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev log --graph -i
        ls store.db
        rev upgrade left@head -q
        rev log --graph -i
        rev history -i
        rev log -i -v -n 1
    "), @r"
    $ rev log --graph -i
    ○  d0 (right) (head) make d0
    │ ○  c1 (left) (head) make c1
    │ ○  c0 (left) make c0
    ├─╯
    ○  b0 (branch point) make b0
    ○  a0 make a0

    $ ls store.db
    ! ls: cannot access 'store.db': No such file or directory
    [exit 2]

    $ rev upgrade left@head -q
    ↑ a0 make a0
    ↑ b0 make b0
    ↑ c0 make c0
    ↑ c1 make c1
    4 steps, now at c1 (head)

    $ rev log --graph -i
    ○  d0 (right) (head) make d0
    │ @  c1 (left) (current) (head) make c1
    │ ●  c0 (left) make c0
    ├─╯
    ●  b0 (branch point) make b0
    ●  a0 make a0

    $ rev history -i
    d0 (right) (head) make d0
    c1 (left) (current) (head) make c1
    c0 (left) make c0
    b0 (branch point) make b0
    a0 make a0

    $ rev log -i -v -n 1
    revision d0 (right) (head)
    parents:    b0
    created:    2026-01-01T00:00:00Z
    file:       revisions/d0.yaml
    applied:    no

        make d0
    ");
}

#[test]
fn names_of_the_database_are_taken_everywhere() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev upgrade c0 -q
        rev upgrade d0 -q
        rev log -r current:
        rev log -r -1:current
        rev show current --json
        EDITOR=echo rev edit current
        rev show @{1} -q
        rev tag deployed current
        rev show @{9}
        rev show @{1} --json -d nowhere
    "), @r#"
    $ rev upgrade c0 -q
    ↑ a0 make a0
    ↑ b0 make b0
    ↑ c0 make c0
    3 steps, now at c0

    $ rev upgrade d0 -q
    ↑ d0 make d0
    1 step, now at c0, d0 (head)

    $ rev log -r current:
    d0 (right) (current) (head) make d0
    c1 (left) (head) make c1
    c0 (left) (current) make c0

    $ rev log -r -1:current
    ! error: "-1" is ambiguous: it starts from several
    ! hint: it may mean c0 or d0
    [exit 1]

    $ rev show current --json
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
        "head": true,
        "base": false,
        "merge": false,
        "branch_point": false
      }
    ]

    $ EDITOR=echo rev edit current
    [TMP]/work/revisions/c0.yaml [TMP]/work/revisions/d0.yaml

    $ rev show @{1} -q
    revision c0 (left)
    parents:    b0
    children:   c1
    created:    2026-01-01T00:00:00Z
    file:       revisions/c0.yaml

        make c0

    up:
        CREATE TABLE c0 (i int);
    down: irreversible: SQL cannot be reversed automatically: write the `down`

    $ rev tag deployed current
    set tag deployed: c0, d0

    $ rev show @{9}
    ! error: "@{9}" walks past the end: the journal does not go back that far
    ! hint: `rev journal` lists the runs
    [exit 1]

    $ rev show @{1} --json -d nowhere
    ! {
    !   "error": {
    !     "kind": "database_name",
    !     "message": "store.yaml has no database \"nowhere\"",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`-d` takes default"
    !   }
    ! }
    [exit 2]
    "#);
}

#[test]
fn a_database_that_cannot_be_reached_is_asked_only_where_a_name_needs_it() {
    let env = forked();
    env.write("store.yaml", "databases: {default: {url: 'postgres://u:secret@127.0.0.1:1/x'}}\n");
    insta::assert_snapshot!(env.session("
        rev heads
        rev show left@head -q
        rev show current
        rev log -i --json
    "), @r#"
    $ rev heads
    c1 (left) (head) make c1
    d0 (right) (head) make d0

    $ rev show left@head -q
    revision c1 (left) (head)
    parents:    c0
    created:    2026-01-01T00:00:00Z
    file:       revisions/c1.yaml

        make c1

    up:
        CREATE TABLE c1 (i int);
    down: irreversible: SQL cannot be reversed automatically: write the `down`

    $ rev show current
    ! error: cannot connect to postgres://u@127.0.0.1:[PORT]/x: Connection refused (os error 111)
    ! hint: check that the server is running, and the host and port in the url
    [exit 1]

    $ rev log -i --json
    ! {
    !   "error": {
    !     "kind": "connect",
    !     "message": "cannot connect to postgres://u@127.0.0.1:[PORT]/x: Connection refused (os error 111)",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "check that the server is running, and the host and port in the url"
    !   }
    ! }
    [exit 1]
    "#);
}
