//! `heads`, `branches` and `log`.

use super::{empty, forked, merged};

#[test]
fn heads_are_shown() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev heads
        rev heads -v
        rev heads --json
    "), @r#"
    $ rev heads
    c1 (left) (head) make c1
    d0 (right) (head) make d0

    $ rev heads -v
    revision c1 (left) (head)
    parents:    c0
    created:    2026-01-01T00:00:00Z
    file:       revisions/c1.yaml

        make c1

    revision d0 (right) (head)
    parents:    b0
    created:    2026-01-01T00:00:00Z
    file:       revisions/d0.yaml

        make d0

    $ rev heads --json
    [
      {
        "revision": "c1",
        "parents": [
          "c0"
        ],
        "depends_on": [],
        "labels": [
          "left"
        ],
        "message": "make c1",
        "created": "2026-01-01T00:00:00Z",
        "path": "revisions/c1.yaml",
        "head": true,
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
    "#);
}

#[test]
fn a_store_without_revisions_has_no_heads() {
    let env = empty();
    insta::assert_snapshot!(env.session("
        rev heads
        rev heads --json
        rev branches
        rev log
        rev log --graph
        rev log --json
    "), @r"
    $ rev heads

    $ rev heads --json
    []

    $ rev branches

    $ rev log

    $ rev log --graph

    $ rev log --json
    []
    ");
}

#[test]
fn the_heads_of_a_database_are_those_of_its_lines() {
    let env = forked();
    env.write(
        "store.yaml",
        "databases:\n  default: {url: 'sqlite://a.db'}\n  side: {url: 'sqlite://b.db', labels: [right]}\n",
    );
    insta::assert_snapshot!(env.session("
        rev heads
        rev heads -d side
        rev show head -d side -q
    "), @"
    $ rev heads
    c1 (left) (head) make c1
    d0 (right) (head) make d0

    $ rev heads -d side
    d0 (right) (head) make d0

    $ rev show head -d side -q
    revision d0 (right) (head)
    parents:    b0
    created:    2026-01-01T00:00:00Z
    file:       revisions/d0.yaml

        make d0

    up:
        CREATE TABLE d0 (i int);
    down: irreversible: SQL cannot be reversed automatically: write the `down`
    ");
}

#[test]
fn branches_are_shown() {
    let env = merged();
    insta::assert_snapshot!(env.session("
        rev branches
        rev branches -v
        rev branches --json
    "), @r#"
    $ rev branches
    b0 (branch point) make b0
      -> c0 (left) make c0
      -> d0 (right) make d0

    $ rev branches -v
    revision b0 (branch point)
    parents:    a0
    children:   c0, d0
    created:    2026-01-01T00:00:00Z
    file:       revisions/b0.yaml

        make b0
      -> c0 (left) make c0
      -> d0 (right) make d0

    $ rev branches --json
    [
      {
        "revision": "b0",
        "parents": [
          "a0"
        ],
        "depends_on": [],
        "labels": [],
        "message": "make b0",
        "created": "2026-01-01T00:00:00Z",
        "path": "revisions/b0.yaml",
        "head": false,
        "base": false,
        "merge": false,
        "branch_point": true
      }
    ]
    "#);
}

#[test]
fn the_log_is_newest_first() {
    let env = merged();
    insta::assert_snapshot!(env.session("
        rev log
        rev history
        rev log -n 2
        rev log -v -n 1
        rev log -n 1 --json
    "), @r#"
    $ rev log
    m0 (left, right) (head) (merge) join
    d0 (right) make d0
    c1 (left) make c1
    c0 (left) make c0
    b0 (branch point) make b0
    a0 make a0

    $ rev history
    m0 (left, right) (head) (merge) join
    d0 (right) make d0
    c1 (left) make c1
    c0 (left) make c0
    b0 (branch point) make b0
    a0 make a0

    $ rev log -n 2
    m0 (left, right) (head) (merge) join
    d0 (right) make d0

    $ rev log -v -n 1
    revision m0 (left, right) (head) (merge)
    parents:    c1, d0
    created:    2026-01-02T03:04:05Z
    file:       revisions/20260102_m0_join.yaml

        join

    $ rev log -n 1 --json
    [
      {
        "revision": "m0",
        "parents": [
          "c1",
          "d0"
        ],
        "depends_on": [],
        "labels": [
          "left",
          "right"
        ],
        "message": "join",
        "created": "2026-01-02T03:04:05Z",
        "path": "revisions/20260102_m0_join.yaml",
        "head": true,
        "base": false,
        "merge": true,
        "branch_point": false
      }
    ]
    "#);
}

#[test]
fn the_log_of_a_range() {
    let env = merged();
    insta::assert_snapshot!(env.session("
        rev log b0:c1
        rev log -r c0:
        rev log -r :right
        rev log left
        rev log -r -1:
        rev log -r-2:head
        rev log -r base:b0
        rev log -r a0:left@head --graph
    "), @r#"
    $ rev log b0:c1
    c1 (left) make c1
    c0 (left) make c0
    b0 (branch point) make b0

    $ rev log -r c0:
    m0 (left, right) (head) (merge) join
    c1 (left) make c1
    c0 (left) make c0

    $ rev log -r :right
    d0 (right) make d0
    b0 (branch point) make b0
    a0 make a0

    $ rev log left
    c0 (left) make c0
    b0 (branch point) make b0
    a0 make a0

    $ rev log -r -1:
    m0 (left, right) (head) (merge) join
    d0 (right) make d0
    c1 (left) make c1

    $ rev log -r-2:head
    ! error: "-2" is ambiguous: a merge lies on the way
    ! hint: it may mean c1 or d0
    [exit 1]

    $ rev log -r base:b0
    b0 (branch point) make b0
    a0 make a0

    $ rev log -r a0:left@head --graph
    ○    m0 (left, right) (head) (merge) join
    ├─╮
    │ ○  d0 (right) make d0
    ○ │  c1 (left) make c1
    ○ │  c0 (left) make c0
    ├─╯
    ○  b0 (branch point) make b0
    ○  a0 make a0
    "#);
}

#[test]
fn the_graph_is_drawn() {
    let env = merged();
    env.rev(["revision", "-m", "alone", "--head", "base", "--rev-id", "x0"]).success();
    env.rev(["revision", "-m", "on both", "--head", "m0", "--rev-id", "n0", "--depends-on", "x0"])
        .success();
    insta::assert_snapshot!(env.session("
        rev log --graph
        rev log --graph -n 3
        rev log --graph -v -n 2
    "), @r"
    $ rev log --graph
    ○    n0 (left, right) (head) on both
    ├─╮
    │ ╷
    │ ○  x0 (effective head) alone
    ○    m0 (left, right) (merge) join
    ├─╮
    │ ○  d0 (right) make d0
    ○ │  c1 (left) make c1
    ○ │  c0 (left) make c0
    ├─╯
    ○  b0 (branch point) make b0
    ○  a0 make a0

    $ rev log --graph -n 3
    ○    n0 (left, right) (head) on both
    ├─╮
    │ ╷
    │ ○  x0 (effective head) alone
    ○  m0 (left, right) (merge) join
    │
    ~

    $ rev log --graph -v -n 2
    ○    revision n0 (left, right) (head)
    ├─╮  parents:    m0
    ╷ │  depends on: x0
    ╷ ~  created:    2026-01-02T03:04:05Z
    ╷    file:       revisions/20260102_n0_on_both.yaml
    ╷
    ╷        on both
    ○  revision x0 (effective head)
       parents:    base
       created:    2026-01-02T03:04:05Z
       file:       revisions/20260102_x0_alone.yaml

           alone
    ");
}

#[test]
fn colour_is_for_terminals() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev heads --color always | cat -v
        NO_COLOR=1 rev heads --color auto | cat -v
        rev show nowhere --color always 2>&1 | cat -v
    "), @r#"
    $ rev heads --color always | cat -v
    ^[[33mc1^[[0m ^[[36m(left)^[[0m ^[[1m^[[32m(head)^[[0m make c1
    ^[[33md0^[[0m ^[[36m(right)^[[0m ^[[1m^[[32m(head)^[[0m make d0

    $ NO_COLOR=1 rev heads --color auto | cat -v
    c1 (left) (head) make c1
    d0 (right) (head) make d0

    $ rev show nowhere --color always 2>&1 | cat -v
    ^[[1m^[[31merror:^[[0m there is no revision "nowhere"
    ^[[1m^[[36mhint:^[[0m `rev log` lists the revisions, `rev tag` the tags
    "#);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let env = empty();
    for number in 0..200 {
        env.write(
            format!("revisions/{number}.yaml"),
            format!("revision: r{number}\nmessage: {}\nup: []\n", "long ".repeat(500)),
        );
    }
    insta::assert_snapshot!(env.session("
        { rev log; echo $? >&2; } | head -c 5
        rev log > /dev/full
    "), @r"
    $ { rev log; echo $? >&2; } | head -c 5
    r99 (
    ! 0

    $ rev log > /dev/full
    ! error: cannot write the output: No space left on device (os error 28)
    [exit 1]
    ");
}
