//! `init`, `templates`, and how the store is found.

use crate::support::Env;

use super::{empty, forked};

#[test]
fn init_makes_a_store_that_works() {
    let env = Env::new();
    insta::assert_snapshot!(env.session("
        rev init
        cat store.yaml
        rev heads
        rev revision -m 'first table'
        rev heads
    "), @r#"
    $ rev init
    made revisions/
    made revisions/.gitkeep
    made .rev/store.schema.json
    made .rev/revision.schema.json
    made .gitignore
    made store.yaml
    next: set the url of your database in store.yaml, then `rev revision -m MESSAGE`

    $ cat store.yaml
    # yaml-language-server: $schema=.rev/store.schema.json

    # Folders, searched recursively. A new revision goes to the first, unless --folder is given.
    revisions: [revisions]

    # format: yaml                        # of new revisions: yaml or sql
    # file_name: "{date}_{id}_{slug}"     # also {datetime} {epoch} {year} {month} {day} {hour} {minute} {second}
    # timezone: UTC                       # of the times in file names
    # hooks:                              # commands to run on each new file
    #   - [sqlfluff, fix, "{path}"]

    databases:
      default:
        # From the environment, or from .env beside this file. Other forms:
        #   postgres://user@host/name, mysql://user@host/name, {file: /run/secrets/url}, {command: [pass, url]}
        url: ${DATABASE_URL:-sqlite://store.db}
        # development never asks, shared asks on a terminal before a dangerous plan, protected needs --yes.
        kind: shared

    $ rev heads

    $ rev revision -m 'first table'
    wrote revisions/20260102_ad2e0ff10387_first_table.yaml
    ad2e0ff10387 (head) first table

    $ rev heads
    ad2e0ff10387 (head) first table
    "#);
    insta::assert_snapshot!(env.files(".").join("\n"), @"
    .gitignore
    .rev/revision.schema.json
    .rev/store.schema.json
    revisions/.gitkeep
    revisions/20260102_ad2e0ff10387_first_table.yaml
    store.yaml
    ");
}

#[test]
fn init_by_the_multidb_template_has_two_databases() {
    let env = Env::new();
    insta::assert_snapshot!(env.session("
        rev init -t multidb db
        cat db/store.yaml
        rev -C db heads
    "), @r#"
    $ rev init -t multidb db
    made db/revisions/app/
    made db/revisions/app/.gitkeep
    made db/revisions/billing/
    made db/revisions/billing/.gitkeep
    made db/.rev/store.schema.json
    made db/.rev/revision.schema.json
    made db/.gitignore
    made db/store.yaml
    next: set the url of your database in store.yaml, then `rev revision -m MESSAGE`

    $ cat db/store.yaml
    # yaml-language-server: $schema=.rev/store.schema.json

    # Two databases that share one graph: each takes the line of revisions that carries its label.
    # The first revision of a line gives it its label; those behind it belong to it by their parents:
    #
    #   rev revision -m "first tables of the app" --label app --folder revisions/app
    #   rev revision -m "first tables of billing" --label billing --folder revisions/billing --head base
    #   rev revision -m "one more" --head app@head
    #   rev upgrade heads -d app
    #   rev upgrade heads --all

    # Folders, searched recursively. A new revision goes to its parent's folder.
    revisions: [revisions/app, revisions/billing]

    databases:
      app:
        # From the environment, or from .env beside this file.
        url: ${APP_DATABASE_URL:-sqlite://app.db}
        lines: [app]
        # development never asks, shared asks on a terminal before a dangerous plan, protected needs --yes.
        kind: shared
      billing:
        url: ${BILLING_DATABASE_URL:-sqlite://billing.db}
        lines: [billing]
        kind: shared

    $ rev -C db heads
    "#);
}

#[test]
fn init_does_not_overwrite() {
    let env = forked();
    env.write("store.yaml", "databases: {mine: {url: sqlite://mine.db}}\n");
    insta::assert_snapshot!(env.session("
        rev init
        cat store.yaml
    "), @r"
    $ rev init
    ! error: store.yaml is there already
    ! hint: `rev status` shows the store that it describes
    [exit 1]

    $ cat store.yaml
    databases: {mine: {url: sqlite://mine.db}}
    ");
}

#[test]
fn templates_are_listed() {
    let env = Env::new();
    insta::assert_snapshot!(env.session("
        rev templates
        rev list_templates --json
        rev init -t no_such
    "), @r#"
    $ rev templates
    generic  one database and one folder of revisions
    multidb  two databases, each with a line of revisions in a folder of its own

    $ rev list_templates --json
    [
      {
        "template": "generic",
        "about": "one database and one folder of revisions"
      },
      {
        "template": "multidb",
        "about": "two databases, each with a line of revisions in a folder of its own"
      }
    ]

    $ rev init -t no_such
    ! error: there is no template "no_such"
    ! hint: the templates are generic, multidb
    [exit 1]
    "#);
}

#[test]
fn the_store_is_found_from_below_and_by_option_and_variable() {
    let env = forked();
    env.write("revisions/deep/er/.keep", "");
    insta::assert_snapshot!(env.session("
        cd revisions/deep/er && rev heads
        cd / && rev -C $HOME/../work heads
        cd / && REV_STORE=$HOME/../work/revisions rev heads
        cd / && REV_STORE=/nonexistent rev -C $HOME/../work heads
        REV_STORE= rev heads
    "), @r"
    $ cd revisions/deep/er && rev heads
    c1 (left) (head) make c1
    d0 (right) (head) make d0

    $ cd / && rev -C $HOME/../work heads
    c1 (left) (head) make c1
    d0 (right) (head) make d0

    $ cd / && REV_STORE=$HOME/../work/revisions rev heads
    c1 (left) (head) make c1
    d0 (right) (head) make d0

    $ cd / && REV_STORE=/nonexistent rev -C $HOME/../work heads
    c1 (left) (head) make c1
    d0 (right) (head) make d0

    $ REV_STORE= rev heads
    c1 (left) (head) make c1
    d0 (right) (head) make d0
    ");
}

#[test]
fn no_store_is_an_error_that_says_where_it_was_looked_for() {
    let env = Env::new();
    insta::assert_snapshot!(env.session("
        rev heads
        rev heads --json
        rev -C no/such/folder heads
        REV_STORE=/nonexistent rev heads
    "), @r#"
    $ rev heads
    ! error: there is no store.yaml in [TMP]/work or above it
    ! hint: `rev init` makes a store here; `-C DIR` or REV_STORE name one elsewhere
    [exit 1]

    $ rev heads --json
    ! {
    !   "error": {
    !     "kind": "no_store",
    !     "message": "there is no store.yaml in [TMP]/work or above it",
    !     "file": null,
    !     "line": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`rev init` makes a store here; `-C DIR` or REV_STORE name one elsewhere"
    !   }
    ! }
    [exit 1]

    $ rev -C no/such/folder heads
    ! error: no/such/folder is not a folder
    ! hint: `-C` and REV_STORE take the folder of a store
    [exit 1]

    $ REV_STORE=/nonexistent rev heads
    ! error: /nonexistent is not a folder
    ! hint: `-C` and REV_STORE take the folder of a store
    [exit 1]
    "#);
}

#[test]
fn every_problem_of_a_store_is_shown_at_once() {
    let env = empty();
    env.write("revisions/a.yaml", "revision: a0\nparents: [nowhere]\nmessage: a\nup: []\n");
    env.write(
        "revisions/b.yaml",
        "revision: b0\nparents: [a0]\nmessage: b\nlabels: [left]\nup: []\n",
    );
    env.write("revisions/c.yaml", "revision: b0\nmessage: c\nlabels: ['le ft']\nup: []\n");
    insta::assert_snapshot!(env.session("
        rev heads
        rev heads --json
        rm revisions/b.yaml revisions/c.yaml; rev heads
    "), @r#"
    $ rev heads
    ! error: the store has 3 problems
    !   revisions/a.yaml:2: there is no revision nowhere, which a0 has as its parent (is its file missing here?)
    !   revisions/c.yaml:1: the revision b0 is in revisions/b.yaml already (each revision has an id of its own: give one of them another)
    !   revisions/c.yaml:3: "le ft" cannot be a label (use letters, digits, _ and .)
    [exit 1]

    $ rev heads --json
    ! {
    !   "error": {
    !     "kind": "store",
    !     "message": "the store has 3 problems\nrevisions/a.yaml:2: there is no revision nowhere, which a0 has as its parent (is its file missing here?)\nrevisions/c.yaml:1: the revision b0 is in revisions/b.yaml already (each revision has an id of its own: give one of them another)\nrevisions/c.yaml:3: \"le ft\" cannot be a label (use letters, digits, _ and .)",
    !     "file": "revisions/a.yaml",
    !     "line": 2,
    !     "statement": null,
    !     "state": null,
    !     "hint": null
    !   }
    ! }
    [exit 1]

    $ rm revisions/b.yaml revisions/c.yaml; rev heads
    ! error: there is no revision nowhere, which a0 has as its parent
    !   at revisions/a.yaml:2
    ! hint: is its file missing here?
    [exit 1]
    "#);
}

#[test]
fn a_database_that_is_not_named_is_a_wrong_argument() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev heads -d nowhere
        rev heads -d nowhere --json
    "), @r#"
    $ rev heads -d nowhere
    ! error: store.yaml has no database "nowhere"
    ! hint: `-d` takes default
    [exit 2]

    $ rev heads -d nowhere --json
    ! {
    !   "error": {
    !     "kind": "database_name",
    !     "message": "store.yaml has no database \"nowhere\"",
    !     "file": null,
    !     "line": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`-d` takes default"
    !   }
    ! }
    [exit 2]
    "#);
}
