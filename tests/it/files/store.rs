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
    created revisions/
    created revisions/.gitkeep
    created .rev/store.schema.json
    created .rev/revision.schema.json
    created .gitignore
    created store.yaml
    next: set DATABASE_URL or the url in store.yaml, then `rev revision -m MESSAGE`

    $ cat store.yaml
    # yaml-language-server: $schema=.rev/store.schema.json

    # What tells this store from others; a database keeps it.
    id: baf424e6c74b68c5dd5d7937

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
        url: ${DATABASE_URL}
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
    created db/revisions/app/
    created db/revisions/app/.gitkeep
    created db/revisions/billing/
    created db/revisions/billing/.gitkeep
    created db/.rev/store.schema.json
    created db/.rev/revision.schema.json
    created db/.gitignore
    created db/store.yaml
    next: set APP_DATABASE_URL and BILLING_DATABASE_URL or the urls in store.yaml, then `rev revision -m MESSAGE`

    $ cat db/store.yaml
    # yaml-language-server: $schema=.rev/store.schema.json

    # Two databases that share one graph: each runs the branch of revisions with its label.
    # The first revision of a branch gets the label; its descendants belong to the branch:
    #
    #   rev revision -m "first tables of the app" --label app --folder revisions/app
    #   rev revision -m "first tables of billing" --label billing --folder revisions/billing --head base
    #   rev revision -m "one more" --head app@head
    #   rev upgrade heads -d app
    #   rev upgrade heads --all

    # What tells this store from others; a database keeps it.
    id: baf424e6c74b68c5dd5d7937

    # Folders, searched recursively. A new revision goes to its parent's folder.
    revisions: [revisions/app, revisions/billing]

    databases:
      app:
        # From the environment, or from .env beside this file.
        url: ${APP_DATABASE_URL}
        labels: [app]
        # development never asks, shared asks on a terminal before a dangerous plan, protected needs --yes.
        kind: shared
      billing:
        url: ${BILLING_DATABASE_URL}
        labels: [billing]
        kind: shared

    $ rev -C db heads
    "#);
}

#[test]
fn a_new_store_without_its_url_says_so_and_makes_no_database() {
    let env = Env::new();
    insta::assert_snapshot!(env.session("
        rev init
        rev status
        rev upgrade heads
        ls -A
        rev init -t multidb two
        rev -C two status -d billing
        ls -A two
    "), @"
    $ rev init
    created revisions/
    created revisions/.gitkeep
    created .rev/store.schema.json
    created .rev/revision.schema.json
    created .gitignore
    created store.yaml
    next: set DATABASE_URL or the url in store.yaml, then `rev revision -m MESSAGE`

    $ rev status
    ! error: the variable DATABASE_URL is not set
    !   --> store.yaml:19
    !    |
    ! 19 |     url: ***
    !    |     ^^^
    ! hint: set it, write it to .env beside store.yaml, or give a default: ${DATABASE_URL:-…}
    [exit 1]

    $ rev upgrade heads
    ! error: the variable DATABASE_URL is not set
    !   --> store.yaml:19
    !    |
    ! 19 |     url: ***
    !    |     ^^^
    ! hint: set it, write it to .env beside store.yaml, or give a default: ${DATABASE_URL:-…}
    [exit 1]

    $ ls -A
    .gitignore
    .rev
    revisions
    store.yaml

    $ rev init -t multidb two
    created two/revisions/app/
    created two/revisions/app/.gitkeep
    created two/revisions/billing/
    created two/revisions/billing/.gitkeep
    created two/.rev/store.schema.json
    created two/.rev/revision.schema.json
    created two/.gitignore
    created two/store.yaml
    next: set APP_DATABASE_URL and BILLING_DATABASE_URL or the urls in store.yaml, then `rev revision -m MESSAGE`

    $ rev -C two status -d billing
    ! error: the variable BILLING_DATABASE_URL is not set
    !   --> store.yaml:26
    !    |
    ! 26 |     url: ***
    !    |     ^^^
    ! hint: set it, write it to .env beside store.yaml, or give a default: ${BILLING_DATABASE_URL:-…}
    [exit 1]

    $ ls -A two
    .gitignore
    .rev
    revisions
    store.yaml
    ");
    env.set("DATABASE_URL", "sqlite://own.db");
    assert!(env.rev(["status"]).success().stdout.contains("own.db"));
}

#[test]
fn init_writes_a_url_that_is_given() {
    let env = Env::new();
    insta::assert_snapshot!(env.session("
        rev init plain --url 'sqlite://${app}.db'
        grep url: plain/store.yaml
        rev -C plain status
        rev init secret --url 'postgresql+asyncpg://u:s3cr3t$x@h/d'
        grep url: secret/store.yaml
        cat secret/.env
        rev init wrong --url 'postgresql+foo://u:s3cr3t@h/d'
        rev init both --url sqlite://a.db --from sqlite://a.db
        rev init both --url sqlite://a.db -t multidb
        ls
    "), @r#"
    $ rev init plain --url 'sqlite://${app}.db'
    created plain/revisions/
    created plain/revisions/.gitkeep
    created plain/.rev/store.schema.json
    created plain/.rev/revision.schema.json
    created plain/.gitignore
    created plain/store.yaml
    next: `rev revision -m MESSAGE`

    $ grep url: plain/store.yaml
        url: "sqlite://$${app}.db"

    $ rev -C plain status
    default: ${app}.db (does not exist yet)
    at base, 0 revisions applied
    nothing is pending

    $ rev init secret --url 'postgresql+asyncpg://u:s3cr3t$x@h/d'
    created secret/revisions/
    created secret/revisions/.gitkeep
    created secret/.rev/store.schema.json
    created secret/.rev/revision.schema.json
    created secret/.gitignore
    created secret/.env
    created secret/store.yaml
    next: `rev revision -m MESSAGE`

    $ grep url: secret/store.yaml
        url: ${DATABASE_URL}

    $ cat secret/.env
    DATABASE_URL='postgresql+asyncpg://u:s3cr3t$x@h/d'

    $ rev init wrong --url 'postgresql+foo://u:s3cr3t@h/d'
    ! error: the database url is invalid: foo is not known as a driver of postgresql: there are aiopg, asyncpg, pg8000, psycopg, psycopg2, psycopg2cffi, psycopg_async
    ! hint: it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml
    [exit 1]

    $ rev init both --url sqlite://a.db --from sqlite://a.db
    ! error: the argument '--url <URL>' cannot be used with '--from <URL>'
    ! 
    ! Usage: rev init --url <URL> <DIR>
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev init both --url sqlite://a.db -t multidb
    ! error: the argument '--url <URL>' cannot be used with '--template <NAME>'
    ! 
    ! Usage: rev init --url <URL> <DIR>
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ ls
    plain
    secret
    "#);
}

#[cfg(unix)]
#[test]
fn a_password_is_kept_out_of_git_and_from_other_users() {
    use std::os::unix::fs::PermissionsExt as _;

    let url = "mysql+pymysql://u:s3cr3t@h/d";
    for (before, after) in [
        (None, ".env\n*.db\n*.db-*\n"),
        (Some(""), ".env\n"),
        (Some("target\r\n"), "target\r\n.env\n"),
        (Some("target"), "target\n.env\n"),
        (Some(".env\n!.env\n"), ".env\n!.env\n.env\n"),
        (Some("a\n/.env\n"), "a\n/.env\n"),
    ] {
        let env = Env::new();
        if let Some(before) = before {
            env.write(".gitignore", before);
        }
        env.shell("git init -q").success();
        let told = env.rev(["init", "--url", url]).success().stdout;
        assert_eq!(env.read(".gitignore"), after);
        assert_eq!(
            told.contains("added .env to .gitignore"),
            before.is_some_and(|before| before != after)
        );
        let mode = std::fs::metadata(env.dir().join(".env")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!env.read("store.yaml").contains("s3cr3t") && env.read(".env").contains(url));
        env.shell("git check-ignore -q .env").success();
    }
}

#[test]
fn a_store_that_is_refused_leaves_nothing_behind() {
    let env = Env::new();
    env.write("old/.gitignore", "target");
    env.write("old/notes.txt", "mine");
    env.write("taken/.rev", "a file");
    insta::assert_snapshot!(env.session("
        rev init a/new/store --from 'mysql://u:s3cr3t@127.0.0.1:1/d'
        rev init old --from 'mysql://u:s3cr3t@127.0.0.1:1/d'
        cat old/.gitignore
        rev init taken --url 'mysql://u:s3cr3t@h/d'
    "), @"
    $ rev init a/new/store --from 'mysql://u:s3cr3t@127.0.0.1:[PORT]/d'
    ! error: cannot connect to mysql://u@127.0.0.1:[PORT]/d: Connection refused (os error 111)
    ! hint: check that the server is running, and the host and port in the url
    [exit 1]

    $ rev init old --from 'mysql://u:s3cr3t@127.0.0.1:[PORT]/d'
    ! error: cannot connect to mysql://u@127.0.0.1:[PORT]/d: Connection refused (os error 111)
    ! hint: check that the server is running, and the host and port in the url
    [exit 1]

    $ cat old/.gitignore
    target
    $ rev init taken --url 'mysql://u:s3cr3t@h/d'
    ! error: failed to create directory `taken/.rev`: File exists (os error 17)
    [exit 1]
    ");
    assert_eq!(env.files(".").join(" "), "old/.gitignore old/notes.txt taken/.rev");
    assert!(!env.dir().join("a").exists() && !env.dir().join("old/revisions").exists());
}

#[test]
fn init_does_not_overwrite() {
    let env = forked();
    env.write("store.yaml", "databases: {mine: {url: sqlite://mine.db}}\n");
    insta::assert_snapshot!(env.session("
        rev init
        cat store.yaml
    "), @"
    $ rev init
    ! error: store.yaml already exists
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
    multidb  two databases, each with a branch of revisions in its own folder

    $ rev list_templates --json
    [
      {
        "template": "generic",
        "about": "one database and one folder of revisions"
      },
      {
        "template": "multidb",
        "about": "two databases, each with a branch of revisions in its own folder"
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
    "), @"
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
    ! hint: `rev init` creates a store here; `-C DIR` or REV_STORE point to one elsewhere
    [exit 1]

    $ rev heads --json
    ! {
    !   "error": {
    !     "kind": "no_store",
    !     "message": "there is no store.yaml in [TMP]/work or above it",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`rev init` creates a store here; `-C DIR` or REV_STORE point to one elsewhere"
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
    !   |
    ! 2 | parents: [nowhere]
    !   |           ^
    !   revisions/a.yaml:2: there is no revision nowhere, which a0 has as its parent (is its file missing here?)
    !   |
    ! 2 | parents: [nowhere]
    !   |           ^^^^^^^
    !   revisions/c.yaml:1: the revision b0 is in revisions/b.yaml already (each revision has an id of its own: give one of them another)
    !   |
    ! 1 | revision: b0
    !   |           ^^
    !   revisions/c.yaml:3: "le ft" cannot be a label (use letters, digits, _ and .)
    !   |
    ! 3 | labels: ['le ft']
    !   |          ^^^^^^^
    [exit 1]

    $ rev heads --json
    ! {
    !   "error": {
    !     "kind": "store",
    !     "message": "the store has 3 problems\nrevisions/a.yaml:2: there is no revision nowhere, which a0 has as its parent (is its file missing here?)\nrevisions/c.yaml:1: the revision b0 is in revisions/b.yaml already (each revision has an id of its own: give one of them another)\nrevisions/c.yaml:3: \"le ft\" cannot be a label (use letters, digits, _ and .)",
    !     "file": "revisions/a.yaml",
    !     "line": 2,
    !     "column": 11,
    !     "statement": null,
    !     "state": null,
    !     "hint": null
    !   }
    ! }
    [exit 1]

    $ rm revisions/b.yaml revisions/c.yaml; rev heads
    ! error: there is no revision nowhere, which a0 has as its parent
    !  --> revisions/a.yaml:2:11
    !   |
    ! 2 | parents: [nowhere]
    !   |           ^^^^^^^
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
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`-d` takes default"
    !   }
    ! }
    [exit 2]
    "#);
}
