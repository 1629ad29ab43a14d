//! `revision`, `merge`, `edit` and `tag`: the commands that write files.

use super::{empty, forked, merged};

#[test]
fn revisions_follow_one_another() {
    let env = empty();
    insta::assert_snapshot!(env.session("
        rev revision -m 'add accounts'
        rev revision -m 'add plans' --label billing
        rev revision -m 'add rows' --rev-id rows --format sql
        rev log
        cat revisions/*_rows_*.sql
    "), @r"
    $ rev revision -m 'add accounts'
    wrote revisions/20260102_baf424e6c74b_add_accounts.yaml
    baf424e6c74b (head) add accounts

    $ rev revision -m 'add plans' --label billing
    wrote revisions/20260102_e25357d6e2ad_add_plans.yaml
    e25357d6e2ad (billing) (head) add plans

    $ rev revision -m 'add rows' --rev-id rows --format sql
    wrote revisions/20260102_rows_add_rows.sql
    rows (billing) (head) add rows

    $ rev log
    rows (billing) (head) add rows
    e25357d6e2ad (billing) add plans
    baf424e6c74b (billing) add accounts

    $ cat revisions/*_rows_*.sql
    -- revision: rows
    -- parents: [e25357d6e2ad]
    -- message: add rows
    -- created: 2026-01-02T03:04:05Z

    -- rev: up

    -- rev: down
    ");
}

#[test]
fn a_revision_begins_or_splices_or_depends() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev revision -m 'another line' --head base --label side --rev-id s0
        rev revision -m spliced --head a0 --splice --rev-id sp
        rev revision -m 'needs the left' --head side@head --depends-on left --depends-on right@head --rev-id s1
        cat revisions/*_s1_*
        rev heads
        rev heads --resolve-dependencies
    "), @r"
    $ rev revision -m 'another line' --head base --label side --rev-id s0
    wrote revisions/20260102_s0_another_line.yaml
    s0 (side) (head) another line

    $ rev revision -m spliced --head a0 --splice --rev-id sp
    wrote revisions/20260102_sp_spliced.yaml
    sp (head) spliced

    $ rev revision -m 'needs the left' --head side@head --depends-on left --depends-on right@head --rev-id s1
    wrote revisions/20260102_s1_needs_the_left.yaml
    s1 (side) (head) needs the left

    $ cat revisions/*_s1_*
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: s1
    parents: [s0]
    message: needs the left
    created: 2026-01-02T03:04:05Z
    depends_on: [left, d0]
    # What it does, such as
    #   - create_table:
    #       name: example
    #       columns:
    #         - {name: id, type: bigint, primary_key: true}
    #   - sql: |
    #       UPDATE example SET id = id + 1;
    # A `down` that is left out follows from `up`; SQL needs one of its own.
    up: []

    $ rev heads
    c1 (left) (head) make c1
    d0 (right) (effective head) make d0
    s1 (side) (head) needs the left
    sp (head) spliced

    $ rev heads --resolve-dependencies
    c1 (left) (head) make c1
    s1 (side) (head) needs the left
    sp (head) spliced
    ");
}

#[test]
fn several_heads_need_a_choice() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev revision -m next
        rev revision -m next --json
        rev revision -m next --head left@head --rev-id n0
        rev revision -m next --head d0 --rev-id n1 -q
    "), @r#"
    $ rev revision -m next
    ! error: "head" is ambiguous: there are 2 heads
    ! hint: choose which head it follows: `--head c1` or `--head d0`; `rev merge heads -m MESSAGE` joins them
    [exit 1]

    $ rev revision -m next --json
    ! {
    !   "error": {
    !     "kind": "several_heads",
    !     "message": "\"head\" is ambiguous: there are 2 heads",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "choose which head it follows: `--head c1` or `--head d0`; `rev merge heads -m MESSAGE` joins them"
    !   }
    ! }
    [exit 1]

    $ rev revision -m next --head left@head --rev-id n0
    wrote revisions/20260102_n0_next.yaml
    n0 (left) (head) next

    $ rev revision -m next --head d0 --rev-id n1 -q
    revisions/20260102_n1_next.yaml
    "#);
}

#[test]
fn alembics_spellings_work() {
    let env = empty();
    insta::assert_snapshot!(env.session("
        mkdir revisions/sub
        rev revision -m a --branch-label left --version-path revisions/sub --rev-id a0
        rev revision -m b --branch-label right --head base --rev-id b0
        rev merge a0 b0 --branch-label both --rev-id m0
        rev history -r a0:m0
        rev history --rev-range a0:
        rev list_templates
        rev list-templates
    "), @r"
    $ mkdir revisions/sub

    $ rev revision -m a --branch-label left --version-path revisions/sub --rev-id a0
    wrote revisions/sub/20260102_a0_a.yaml
    a0 (left) (head) a

    $ rev revision -m b --branch-label right --head base --rev-id b0
    wrote revisions/20260102_b0_b.yaml
    b0 (right) (head) b

    $ rev merge a0 b0 --branch-label both --rev-id m0
    proven: a0 and b0 commute
      disjoint: 1 pair of revisions
    wrote revisions/20260102_m0_merge_a0_and_b0.yaml
    m0 (both, left, right) (head) (merge) merge a0 and b0

    $ rev history -r a0:m0
    m0 (both, left, right) (head) (merge) merge a0 and b0
    a0 (left) a

    $ rev history --rev-range a0:
    m0 (both, left, right) (head) (merge) merge a0 and b0
    a0 (left) a

    $ rev list_templates
    generic  one database and one folder of revisions
    multidb  two databases, each with a branch of revisions in its own folder

    $ rev list-templates
    generic  one database and one folder of revisions
    multidb  two databases, each with a branch of revisions in its own folder
    ");
}

#[test]
fn a_revision_that_would_break_the_store_is_not_written() {
    let env = forked();
    let before = env.files("revisions");
    insta::assert_snapshot!(env.session("
        rev revision -m x --head a0
        rev revision -m x --head left@head --rev-id a0
        rev revision -m x --head left@head --rev-id heads
        rev revision -m x --head left@head --rev-id 'a b'
        rev revision -m x --head left@head --label right
        rev revision -m x --head left@head --label 'not a label'
        rev revision -m x --head left@head --label d0
        rev revision -m x --head left@head --depends-on nowhere
        rev revision -m x --head nowhere
        rev revision -m x --head left@d0
        rev revision -m x --head left@head --folder elsewhere
    "), @r#"
    $ rev revision -m x --head a0
    ! error: a0 is not a head: b0 follows it
    ! hint: `--splice` starts another branch there; `rev heads` lists the heads
    [exit 1]

    $ rev revision -m x --head left@head --rev-id a0
    ! error: there is a revision a0 already, in revisions/a0.yaml
    ! hint: choose another id, or omit `--rev-id`
    [exit 1]

    $ rev revision -m x --head left@head --rev-id heads
    ! error: "heads" is a reserved word and cannot be an id
    ! hint: give the revision another id
    [exit 1]

    $ rev revision -m x --head left@head --rev-id 'a b'
    ! error: "a b" cannot be an id
    ! hint: use letters, digits and _ only
    [exit 1]

    $ rev revision -m x --head left@head --label right
    ! error: the label "right" is also given by d0
    ! hint: a label is given once, at any revision of its branch: remove it from one
    [exit 1]

    $ rev revision -m x --head left@head --label 'not a label'
    ! error: the label "not a label" is not a name
    ! hint: use letters, digits, _ and . only
    [exit 1]

    $ rev revision -m x --head left@head --label d0
    ! error: the label "d0" is also the id of a revision
    ! hint: choose another label
    [exit 1]

    $ rev revision -m x --head left@head --depends-on nowhere
    ! error: there is no revision "nowhere"
    ! hint: `rev log` lists the revisions, `rev tag` the tags
    [exit 1]

    $ rev revision -m x --head nowhere
    ! error: there is no revision "nowhere"
    ! hint: `rev log` lists the revisions, `rev tag` the tags
    [exit 1]

    $ rev revision -m x --head left@d0
    ! error: revision d0 is not on the branch "left"
    ! hint: `rev log -r :left@heads` shows that branch
    [exit 1]

    $ rev revision -m x --head left@head --folder elsewhere
    ! error: [TMP]/work/elsewhere is not one of the store's folders
    ! hint: they are revisions; store.yaml lists them
    [exit 1]
    "#);
    assert_eq!(env.files("revisions"), before);
}

#[test]
fn an_unwritable_folder_is_an_error() {
    let env = empty();
    // A file where a folder is wanted stops root too, whom permissions do not.
    env.write("revisions/note.txt", "not a folder\n");
    insta::assert_snapshot!(env.session("
        rev revision -m x --folder revisions/note.txt
        rev revision -m x --folder revisions/note.txt/deeper --json
        rev init revisions/note.txt
        rm -r revisions; touch revisions; rev revision -m x
    "), @r#"
    $ rev revision -m x --folder revisions/note.txt
    ! error: failed to create directory `[TMP]/work/revisions/note.txt`: File exists (os error 17)
    [exit 1]

    $ rev revision -m x --folder revisions/note.txt/deeper --json
    ! {
    !   "error": {
    !     "kind": "io",
    !     "message": "failed to create directory `[TMP]/work/revisions/note.txt/deeper`: Not a directory (os error 20)",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": null
    !   }
    ! }
    [exit 1]

    $ rev init revisions/note.txt
    ! error: failed to create directory `revisions/note.txt/revisions`: Not a directory (os error 20)
    [exit 1]

    $ rm -r revisions; touch revisions; rev revision -m x
    ! error: cannot be read: Not a directory (os error 20)
    !  --> revisions
    [exit 1]
    "#);
}

#[test]
fn an_existing_file_is_not_overwritten() {
    let env = empty();
    env.write("store.yaml", "file_name: '{id}'\ndatabases: {default: {url: 'sqlite://s.db'}}\n");
    env.write("revisions/a0.yaml", "revision: other\nmessage: there before\nup: []\n");
    insta::assert_snapshot!(env.session("
        rev revision -m new --rev-id a0
        rev log
    "), @r"
    $ rev revision -m new --rev-id a0
    ! error: cannot write [TMP]/work/revisions/a0.yaml: File exists (os error 17)
    [exit 1]

    $ rev log
    other (head) there before
    ");
}

#[test]
fn hooks_run_and_their_failure_is_shown() {
    let env = empty();
    env.write(
        "store.yaml",
        "hooks:\n  - [sh, -c, 'echo \"# seen\" >> \"$0\"', \"{path}\"]\n  - [sh, -c, 'echo no good >&2; exit 3']\n\
         databases: {default: {url: 'sqlite://s.db'}}\n",
    );
    insta::assert_snapshot!(env.session("
        rev revision -m x --rev-id a0
        tail -n 1 revisions/*
        rev revision -m y --rev-id b0 --json
    "), @r#"
    $ rev revision -m x --rev-id a0
    wrote revisions/20260102_a0_x.yaml
    a0 (head) x
    ! note: hook sh: exit status: 3
    ! no good

    $ tail -n 1 revisions/*
    # seen

    $ rev revision -m y --rev-id b0 --json
    {
      "revision": "b0",
      "parents": [
        "a0"
      ],
      "depends_on": [],
      "labels": [],
      "message": "y",
      "created": "2026-01-02T03:04:05Z",
      "path": "revisions/20260102_b0_y.yaml",
      "head": true,
      "base": false,
      "merge": false,
      "branch_point": false
    }
    ! note: hook sh: exit status: 3
    ! no good
    "#);
}

#[test]
fn a_merge_joins_the_heads() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev merge heads -m join --rev-id m0
        cat revisions/*_m0_*
        rev heads
        rev log --graph
        rev merge heads -m again
    "), @r"
    $ rev merge heads -m join --rev-id m0
    proven: c1 and d0 commute
      replayed: 2 pairs of revisions, on sqlite, with rows that were made up
    wrote revisions/20260102_m0_join.yaml
    m0 (left, right) (head) (merge) join

    $ cat revisions/*_m0_*
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: m0
    parents: [c1, d0]
    message: join
    created: 2026-01-02T03:04:05Z
    up: []

    $ rev heads
    m0 (left, right) (head) (merge) join

    $ rev log --graph
    ○    m0 (left, right) (head) (merge) join
    ├─╮
    │ ○  d0 (right) make d0
    ○ │  c1 (left) make c1
    ○ │  c0 (left) make c0
    ├─╯
    ○  b0 (branch point) make b0
    ○  a0 make a0

    $ rev merge heads -m again
    nothing to merge: m0 is the only head
    ");
}

#[test]
fn a_merge_takes_any_names() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev merge left@head right --rev-id m0 --json --label joined
        rev revision -m more --rev-id n0
        rev merge n0 c1
        rev merge c0 d0
        rev merge c0 d0 --splice -m spliced --rev-id m1
        rev merge nowhere d0
        rev merge d0
        rev revision -m apart --head base --depends-on m1 --rev-id x0
        rev merge heads
        rev merge x0 m1 n0
    "), @r#"
    $ rev merge left@head right --rev-id m0 --json --label joined
    {
      "revision": "m0",
      "parents": [
        "c1",
        "d0"
      ],
      "depends_on": [],
      "labels": [
        "joined",
        "left",
        "right"
      ],
      "message": "merge c1 and d0",
      "created": "2026-01-02T03:04:05Z",
      "path": "revisions/20260102_m0_merge_c1_and_d0.yaml",
      "head": true,
      "base": false,
      "merge": true,
      "branch_point": false,
      "proof": {
        "verdict": "replayed",
        "heads": [
          "c1",
          "d0"
        ],
        "branches": [
          [
            "c0",
            "c1"
          ],
          [
            "d0"
          ]
        ],
        "dialect": "sqlite",
        "server": "sqlite",
        "seed": "made up",
        "disjoint": 0,
        "replayed": 2,
        "conflicts": [],
        "unproven": [],
        "notices": []
      }
    }

    $ rev revision -m more --rev-id n0
    wrote revisions/20260102_n0_more.yaml
    n0 (joined, left, right) (head) more

    $ rev merge n0 c1
    ! error: c1 is already an ancestor of n0: there is nothing to merge
    ! hint: `rev log --graph` shows the graph
    [exit 1]

    $ rev merge c0 d0
    ! error: c0 is not a head: c1 follows it
    ! hint: `--splice` starts another branch there; `rev heads` lists the heads
    [exit 1]

    $ rev merge c0 d0 --splice -m spliced --rev-id m1
    proven: c0 and d0 commute
      replayed: 1 pair of revisions, on sqlite, with rows that were made up
    wrote revisions/20260102_m1_spliced.yaml
    m1 (left, right) (head) (merge) spliced

    $ rev merge nowhere d0
    ! error: there is no revision "nowhere"
    ! hint: `rev log` lists the revisions, `rev tag` the tags
    [exit 1]

    $ rev merge d0
    ! error: there is nothing to merge with d0
    ! hint: name two revisions or more; `rev heads` lists the heads
    [exit 1]

    $ rev revision -m apart --head base --depends-on m1 --rev-id x0
    wrote revisions/20260102_x0_apart.yaml
    x0 (head) apart

    $ rev merge heads
    proven: n0 and x0 commute
      disjoint: 4 pairs of revisions
      replayed: 2 pairs of revisions, on sqlite, with rows that were made up
    wrote revisions/20260102_e1d7fddef63c_merge_n0_and_x0.yaml
    e1d7fddef63c (joined, left, right) (head) (merge) merge n0 and x0

    $ rev merge x0 m1 n0
    ! error: x0 is not a head: e1d7fddef63c follows it
    ! hint: `--splice` starts another branch there; `rev heads` lists the heads
    [exit 1]
    "#);
}

#[test]
fn edit_opens_the_files_in_the_editor() {
    let env = forked();
    env.write("my editor", "#!/bin/sh\necho \"edits $*\"\n");
    env.shell("chmod +x 'my editor'");
    insta::assert_snapshot!(env.session("
        rev edit c0
        EDITOR='echo with' rev edit c0
        EDITOR='echo wrong' VISUAL=\"'./my editor' -w\" rev edit left@head d0
        EDITOR=false rev edit c0
        EDITOR=/no/such/editor rev edit c0
        EDITOR=echo rev edit nowhere
        EDITOR=echo rev edit base
    "), @r#"
    $ rev edit c0
    ! error: no editor is set
    ! hint: set VISUAL or EDITOR to the command of an editor
    [exit 1]

    $ EDITOR='echo with' rev edit c0
    with [TMP]/work/revisions/c0.yaml

    $ EDITOR='echo wrong' VISUAL="'./my editor' -w" rev edit left@head d0
    edits -w [TMP]/work/revisions/c1.yaml [TMP]/work/revisions/d0.yaml

    $ EDITOR=false rev edit c0
    ! error: the editor false failed: exit status: 1
    ! hint: set VISUAL or EDITOR to the command of an editor
    [exit 1]

    $ EDITOR=/no/such/editor rev edit c0
    ! /no/such/editor: 1: /no/such/editor: not found
    ! error: the editor /no/such/editor failed: exit status: 127
    ! hint: set VISUAL or EDITOR to the command of an editor
    [exit 1]

    $ EDITOR=echo rev edit nowhere
    ! error: there is no revision "nowhere"
    ! hint: `rev log` lists the revisions, `rev tag` the tags
    [exit 1]

    $ EDITOR=echo rev edit base
    ! error: base names no revision here
    ! hint: `rev log` lists the revisions
    [exit 1]
    "#);
}

#[test]
fn tags_are_set_listed_moved_and_removed() {
    let env = merged();
    insta::assert_snapshot!(env.session("
        rev tag
        rev tag v1.2 c1 d0
        rev tag now
        rev tag
        rev tag --json
        rev log -r v1.2
        rev show now
        rev tag v1.2 a0
        rev tag v1.2 a0 --force
        rev tag --delete now
        rev tag --delete now
        rev tag left a0
        rev tag 'not a tag' a0
        rev tag c0 a0
        cat store.yaml
    "), @r#"
    $ rev tag

    $ rev tag v1.2 c1 d0
    set tag v1.2: c1, d0

    $ rev tag now
    set tag now: m0

    $ rev tag
    now  m0
    v1.2 c1, d0

    $ rev tag --json
    [
      {
        "tag": "now",
        "revisions": [
          "m0"
        ]
      },
      {
        "tag": "v1.2",
        "revisions": [
          "c1",
          "d0"
        ]
      }
    ]

    $ rev log -r v1.2
    d0 (right) (tag: v1.2) make d0
    c1 (left) (tag: v1.2) make c1
    c0 (left) make c0
    b0 (branch point) make b0
    a0 make a0

    $ rev show now
    revision m0 (left, right) (tag: now) (head) (merge)
    parents:    c1, d0
    created:    2026-01-02T03:04:05Z
    file:       revisions/20260102_m0_join.yaml

        join

    up: nothing
    down: nothing

    $ rev tag v1.2 a0
    ! error: there is a tag "v1.2" already, for c1, d0
    ! hint: `--force` moves it
    [exit 1]

    $ rev tag v1.2 a0 --force
    set tag v1.2: a0

    $ rev tag --delete now
    removed tag now: m0

    $ rev tag --delete now
    ! error: there is no tag "now"
    ! hint: `rev tag` lists them
    [exit 1]

    $ rev tag left a0
    ! error: the tag "left" is also a label
    ! hint: choose another tag
    [exit 1]

    $ rev tag 'not a tag' a0
    ! error: "not a tag" cannot be a tag
    ! hint: use letters, digits, _, . and -, and begin with neither . nor -
    [exit 1]

    $ rev tag c0 a0
    ! error: the tag "c0" is also the id of a revision
    ! hint: choose another tag
    [exit 1]

    $ cat store.yaml
    databases:
      default:
        url: sqlite://store.db
    "#);
}

#[test]
fn a_revision_takes_its_operations_from_a_list() {
    let env = empty();
    env.write(
        "up.yaml",
        "\
# What the shop needs.
- create_table:
    name: accounts
    columns:
      - {name: id, type: bigint, identity: always, primary_key: true}
      - name: plan   # what is paid for
        type: text
        references: {table: plans, column: name}
    constraints:
      - unique: {columns: [plan]}
      - check:
          sql: |
            id > 0
- create_index: {table: accounts, name: mine, columns: [plan]}
",
    );
    insta::assert_snapshot!(env.session("
        rev revision -m 'add accounts' --rev-id a1 --up up.yaml
        cat revisions/20260102_a1_add_accounts.yaml
        printf '%s' '- create_index: {table: accounts, columns: [id, {sql: \"lower(plan)\"}]}' | rev revision -m 'find them' --rev-id a2 --up -
        tail -n 2 revisions/20260102_a2_find_them.yaml
        rev show a2
        rev log
    "), @r#"
    $ rev revision -m 'add accounts' --rev-id a1 --up up.yaml
    wrote revisions/20260102_a1_add_accounts.yaml
    a1 (head) add accounts

    $ cat revisions/20260102_a1_add_accounts.yaml
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: a1
    parents: []
    message: add accounts
    created: 2026-01-02T03:04:05Z
    up:
      # What the shop needs.
      - create_table:
          name: accounts
          columns:
            - {name: id, type: bigint, identity: always, primary_key: true}
            - name: plan   # what is paid for
              type: text
              references: {name: fk_accounts_plan, table: plans, column: name}
          constraints:
            - unique: {name: uq_accounts_plan, columns: [plan]}
            - check:
                name: ck_accounts_id
                sql: |
                  id > 0
      - create_index: {table: accounts, name: mine, columns: [plan]}

    $ printf '%s' '- create_index: {table: accounts, columns: [id, {sql: "lower(plan)"}]}' | rev revision -m 'find them' --rev-id a2 --up -
    wrote revisions/20260102_a2_find_them.yaml
    a2 (head) find them

    $ tail -n 2 revisions/20260102_a2_find_them.yaml
    up:
      - create_index: {name: ix_accounts_id_lower_plan, table: accounts, columns: [id, {sql: "lower(plan)"}]}

    $ rev show a2
    revision a2 (head)
    parents:    a1
    created:    2026-01-02T03:04:05Z
    file:       revisions/20260102_a2_find_them.yaml

        find them

    up:
        create_index ix_accounts_id_lower_plan on accounts (id, lower(plan))
    down: derived
        drop_index ix_accounts_id_lower_plan on accounts

    $ rev log
    a2 (head) find them
    a1 add accounts
    "#);
}

#[test]
fn a_list_that_is_wrong_makes_no_revision() {
    let env = empty();
    env.write("up.yaml", "- create_table: {name: t}\n- add_colum: {}\n");
    env.write("empty.yaml", "# nothing\n");
    env.write("second.yaml", "--- # one\n- sql: ''\n");
    insta::assert_snapshot!(env.session("
        rev revision -m x --up up.yaml
        rev revision -m x --up empty.yaml
        rev revision -m x --up second.yaml
        rev revision -m x --up nowhere.yaml
        rev revision -m x --up up.yaml --format sql
        echo '- sql: SELECT 1' | rev revision -m x --up - --json
        rev log
    "), @r#"
    $ rev revision -m x --up up.yaml
    ! error: the store has 2 problems
    !   |
    ! 1 | - create_table: {name: t}
    !   |   ^
    !   up.yaml:1: create_table has no columns (write columns: and one or more of `- {name: …, type: …}` below it)
    !   |
    ! 1 | - create_table: {name: t}
    !   |   ^^^^^^^^^^^^
    !   up.yaml:2: unknown operation "add_colum" (did you mean add_column?)
    !   |
    ! 2 | - add_colum: {}
    !   |   ^^^^^^^^^
    [exit 1]

    $ rev revision -m x --up empty.yaml
    ! error: there are no operations
    !  --> empty.yaml
    ! hint: write a list of operations, such as `- create_table: {…}`
    [exit 1]

    $ rev revision -m x --up second.yaml
    ! error: the operations are written in a way that cannot be put into a file safely
    !  --> second.yaml
    ! hint: name the constraints and indexes yourself, and begin no document with `---`
    [exit 1]

    $ rev revision -m x --up nowhere.yaml
    ! error: cannot read the operations: failed to open file `nowhere.yaml`: No such file or directory (os error 2)
    [exit 1]

    $ rev revision -m x --up up.yaml --format sql
    ! error: operations are written in YAML, not in SQL
    ! hint: omit the format, or write the SQL yourself
    [exit 1]

    $ echo '- sql: SELECT 1' | rev revision -m x --up - --json
    ! {
    !   "error": {
    !     "kind": "store",
    !     "message": "SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`",
    !     "file": "standard input",
    !     "line": 1,
    !     "column": 8,
    !     "statement": null,
    !     "state": null,
    !     "hint": "put all of it in quotes, as in `sql: \"…\"`, or write `sql: |` and the SQL below it"
    !   }
    ! }
    [exit 1]

    $ rev log
    "#);
}

#[test]
fn names_follow_the_convention_of_the_store() {
    let env = empty();
    std::fs::create_dir_all(env.path("bad/revisions")).unwrap();
    env.write(
        "store.yaml",
        "databases: {default: {url: 'sqlite://store.db'}}\n\
         names: {index: \"{table}_{columns}_idx\", foreign_key: \"{table}_{references}_fkey\", primary_key: \"{table}_pkey\"}\n",
    );
    env.write(
        "up.yaml",
        "\
- create_index: {table: a, columns: [b, c]}
- create_foreign_key: {table: a, columns: [b], references: {table: d, columns: [e]}}
- create_primary_key: {table: a, columns: [b]}
- create_unique: {table: a, columns: [b]}
- create_index: {table: a, columns: [b, c]}
",
    );
    env.write(
        "bad/store.yaml",
        "databases: {default: {url: 'sqlite://store.db'}}\n\
         names: {index: ix, unique: \"{tabel}\", check: \"{table\", foreign: x, foreign_key: \"{references}\"}\n",
    );
    insta::assert_snapshot!(env.session("
        rev revision -m x --rev-id a1 --up up.yaml
        tail -n 6 revisions/20260102_a1_x.yaml
        rev -C bad heads
    "), @r#"
    $ rev revision -m x --rev-id a1 --up up.yaml
    wrote revisions/20260102_a1_x.yaml
    a1 (head) x

    $ tail -n 6 revisions/20260102_a1_x.yaml
    up:
      - create_index: {name: a_b_c_idx, table: a, columns: [b, c]}
      - create_foreign_key: {name: a_d_fkey, table: a, columns: [b], references: {table: d, columns: [e]}}
      - create_primary_key: {name: a_pkey, table: a, columns: [b]}
      - create_unique: {name: uq_a_b, table: a, columns: [b]}
      - create_index: {name: a_b_c_idx_2, table: a, columns: [b, c]}

    $ rev -C bad heads
    ! error: the store has 4 problems
    !   |
    ! 2 | names: {index: ix, unique: "{tabel}", check: "{table", foreign: x, foreign_key: "{references}"}
    !   |                                              ^
    !   store.yaml:2: check has an unbalanced brace: "{table" (the fields are {table}, {columns})
    !   |
    ! 2 | names: {index: ix, unique: "{tabel}", check: "{table", foreign: x, foreign_key: "{references}"}
    !   |                                              ^^^^^^^^
    !   store.yaml:2: index is the same name for everything: "ix" (the fields are {table}, {columns})
    !   |
    ! 2 | names: {index: ix, unique: "{tabel}", check: "{table", foreign: x, foreign_key: "{references}"}
    !   |                ^^
    !   store.yaml:2: unique has an unknown field {tabel} (the fields are {table}, {columns})
    !   |
    ! 2 | names: {index: ix, unique: "{tabel}", check: "{table", foreign: x, foreign_key: "{references}"}
    !   |                            ^^^^^^^^^
    !   store.yaml:2: unknown key "foreign" in names (the keys are index, unique, foreign_key, check, exclude, primary_key)
    !   |
    ! 2 | names: {index: ix, unique: "{tabel}", check: "{table", foreign: x, foreign_key: "{references}"}
    !   |                                                        ^^^^^^^
    [exit 1]
    "#);
}

/// Two branches that tag do not conflict, and what they leave behind when they do is told.
#[test]
fn tags_of_two_branches_are_merged_by_git() {
    let env = merged();
    insta::assert_snapshot!(env.session("
        git init -q -b main && git config user.name a && git config user.email a@b.example && git add . && git commit -qm all
        git switch -qc one
        rev tag v1-rc.1 a0
        cat .rev/tags/v1-rc.1
        git add . && git commit -qm one
        git switch -q main
        rev tag v2 c1 d0
        git add . && git commit -qm two
        git merge -q one -m both
        rev tag
        rev log -r v1-rc.1
        rev show v1-rc.1+1
        rev tag V2 a0
        rev tag -- -v a0
        rev tag .. a0
        printf 'c1\\n' > .rev/tags/V2
        rev tag
        rm .rev/tags/V2
        printf '<<<<<<< one\\na0\\n' > .rev/tags/v2
        rev tag
        printf 'gone\\n' > .rev/tags/v2
        rev tag
        rm .rev/tags/v2
        sed -i '$atags: {v1-rc: [a0]}' store.yaml
        rev tag
        sed -i 's/v1-rc: /V1: /' store.yaml
        rev tag V1 c1 --force
        tail -1 store.yaml
        rev tag v1 a0
        rev tag --delete V1
        rev tag --delete v1-rc.1
        ls .rev/tags
    "), @r#"
    $ git init -q -b main && git config user.name a && git config user.email a@b.example && git add . && git commit -qm all

    $ git switch -qc one

    $ rev tag v1-rc.1 a0
    set tag v1-rc.1: a0

    $ cat .rev/tags/v1-rc.1
    a0

    $ git add . && git commit -qm one

    $ git switch -q main

    $ rev tag v2 c1 d0
    set tag v2: c1, d0

    $ git add . && git commit -qm two

    $ git merge -q one -m both

    $ rev tag
    v1-rc.1 a0
    v2      c1, d0

    $ rev log -r v1-rc.1
    a0 (tag: v1-rc.1) make a0

    $ rev show v1-rc.1+1
    revision b0 (branch point)
    parents:    a0
    children:   c0, d0
    created:    2026-01-01T00:00:00Z
    file:       revisions/b0.yaml

        make b0

    up:
        CREATE TABLE b0 (i int);
    down: irreversible: SQL cannot be reversed automatically: write the `down`

    $ rev tag V2 a0
    ! error: the tags "V2" and "v2" differ only in case, and some file systems take them for one
    ! hint: choose another name
    [exit 1]

    $ rev tag -- -v a0
    ! error: "-v" cannot be a tag
    ! hint: use letters, digits, _, . and -, and begin with neither . nor -
    [exit 1]

    $ rev tag .. a0
    ! error: ".." cannot be a tag
    ! hint: use letters, digits, _, . and -, and begin with neither . nor -
    [exit 1]

    $ printf 'c1\n' > .rev/tags/V2

    $ rev tag
    ! error: the tags "v2" and "V2" differ only in case, and some file systems take them for one
    !  --> .rev/tags/v2
    ! hint: give one of them another name
    [exit 1]

    $ rm .rev/tags/V2

    $ printf '<<<<<<< one\na0\n' > .rev/tags/v2

    $ rev tag
    ! error: "<<<<<<< one" cannot be a revision's id
    !  --> .rev/tags/v2:1
    !   |
    ! 1 | <<<<<<< one
    !   |
    ! hint: a tag's file has an id on each line
    [exit 1]

    $ printf 'gone\n' > .rev/tags/v2

    $ rev tag
    ! error: the tag "v2" names gone, which is not a revision
    !  --> .rev/tags/v2
    ! hint: correct or remove it
    [exit 1]

    $ rm .rev/tags/v2

    $ sed -i '$atags: {v1-rc: [a0]}' store.yaml

    $ rev tag
    ! error: "v1-rc" cannot be a tag
    !  --> store.yaml:4:8
    !   |
    ! 4 | tags: {v1-rc: [a0]}
    !   |        ^^^^^
    ! hint: use letters, digits, _ and .
    [exit 1]

    $ sed -i 's/v1-rc: /V1: /' store.yaml

    $ rev tag V1 c1 --force
    set tag V1: c1

    $ tail -1 store.yaml
    tags: {V1: [c1]}

    $ rev tag v1 a0
    ! error: the tags "v1" and "V1" differ only in case, and some file systems take them for one
    ! hint: choose another name
    [exit 1]

    $ rev tag --delete V1
    removed tag V1: c1

    $ rev tag --delete v1-rc.1
    removed tag v1-rc.1: a0

    $ ls .rev/tags
    "#);
}
