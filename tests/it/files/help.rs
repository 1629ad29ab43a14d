//! The help of every command, completions and the manual.

use crate::support::Env;

/// The commands that the help lists.
fn commands(env: &Env) -> Vec<String> {
    let help = env.rev(["-h"]).success().stdout;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_help_of_rev() {
    insta::assert_snapshot!(Env::new().session("rev -h"), @"
    $ rev -h
    Version control for database schemas

    Usage: rev [OPTIONS] <COMMAND>

    Commands:
      init            Create a store, here or in another folder
      revision        Write a new revision
      merge           Write a revision that merges several heads, once they are shown to commute
      upgrade         Upgrade a database to a target revision
      downgrade       Downgrade a database to a target revision
      switch          Migrate a database to exactly a set of revisions, down and up, in the fewest steps
      stamp           Record revisions as applied, or as not applied, without running them
      current         Show where a database is: the heads of its applied set
      status          Show the applied, missing and pending revisions of a database
      heads           Show the heads: revisions without a child
      branches        Show the branch points: revisions with several children
      log             Show the revisions, newest first [alias: history]
      show            Show revisions in full
      edit            Open the files of revisions in an editor
      tag             Name a set of revisions, or list the names
      hook            Let git tell what `rev switch` would do after a checkout, merge or rebase
      check           Check that the database, or the revisions, match the models
      diff            Show the differences between two schemas
      schema          Print a schema as DDL
      verify          Check that the files match the revisions that a database has applied
      resume          Continue a partially applied revision, or abort it
      journal         Show what was done to a database, by whom and when, newest first
      ensure-version  Create the journal's tables, or convert those of an older rev
      templates       List the templates of `rev init`
      completions     Print the completion script of a shell
      man             Print the manual page of rev, or of one of its commands
      help            Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Global options:
      -C, --directory <DIR>  Look for store.yaml in this folder and its parents [default: REV_STORE, or
                             the current folder]
      -d, --database <NAME>  The database of store.yaml to use
      -x <NAME=VALUE>        A value for ${x.NAME} in store.yaml
          --json             Print JSON
          --color <WHEN>     When to use colours: auto means on a terminal, unless NO_COLOR is set
                             [default: auto] [possible values: auto, always, never]
      -q, --quiet            Print results and errors only
      -v, --verbose...       Print more; twice: log the run, its steps and statements to stderr
    ");
}

#[test]
fn the_help_of_each_command() {
    let env = Env::new();
    let help: String = commands(&env)
        .iter()
        .map(|command| {
            let help = env.rev([command, "-h"]).success().snapshot();
            // The global options are the same in all.
            let own = help.split("Global options:").next().unwrap_or_default().trim_end();
            format!("# rev {command}\n{own}\n\n")
        })
        .collect();
    insta::assert_snapshot!(help, @"
    # rev init
    Create a store, here or in another folder

    Usage: rev init [OPTIONS] [DIR]

    Arguments:
      [DIR]  The folder; created if it does not exist

    Options:
      -t, --template <NAME>  The template to start from; `rev templates` lists them [default: generic]
          --url <URL>        The url of the database, instead of ${DATABASE_URL}: written to store.yaml,
                             or to .env if it has a password
          --from <URL>       An existing database: as --url, and its schema becomes a first revision,
                             which is recorded as applied
          --new-id           Give the store that is there a new id: for a copy of a store that goes its
                             own way
      -h, --help             Print help (see more with '--help')

    # rev revision
    Write a new revision

    Usage: rev revision [OPTIONS]

    Options:
      -m, --message <MESSAGE>      The message: what the revision does
          --head <REVISION>        Its parent
          --splice                 Allow a parent that is not a head
          --label <LABEL>          A label for the branch that starts with it
          --depends-on <REVISION>  Another revision that must be applied before it
          --rev-id <ID>            Its id, instead of a random one
          --folder <DIR>           The folder to write it to: one of the store's folders, or one below
                                   them
          --format <FORM>          The format of the file [default: that of the store] [possible values:
                                   yaml, sql]
          --up <FILE>              The `up` of the revision: a YAML file with a list of operations, or -
                                   for standard input
          --autogenerate           Generate the operations that migrate the database to the models:
                                   `schema` in store.yaml
      -h, --help                   Print help (see more with '--help')

    With --autogenerate:
          --from-revisions   Compare the models with the schema that the revisions create, without a
                             database
          --rename <RENAME>  A rename: table:OLD:NEW, column:TABLE.OLD:NEW, value:ENUM.OLD:NEW
          --safe             Create indexes and constraints without blocking writes, where the database
                             supports it
          --only <PATTERN>   Only compare objects that match this pattern, such as `users*`, `billing.*`
                             or `view:*`

    # rev merge
    Write a revision that merges several heads, once they are shown to commute

    Usage: rev merge [OPTIONS] [REVISION]...

    Arguments:
      [REVISION]...  The revisions to merge [default: heads]

    Options:
      -m, --message <MESSAGE>  The message
          --splice             Allow revisions that are not heads
          --label <LABEL>      A label for the branch that starts with it
          --rev-id <ID>        Its id, instead of a random one
          --check              Only show whether the branches commute: write nothing, exit with 3 if
                               they do not
          --force              Merge branches that do not commute
          --format <FORMAT>    The format of what is shown [default: text] [possible values: text,
                               markdown]
      -h, --help               Print help (see more with '--help')

    # rev upgrade
    Upgrade a database to a target revision

    Usage: rev upgrade [OPTIONS] [TARGET]...

    Arguments:
      [TARGET]...  The target: heads, LABEL@head, a label, an id, +1, …

    Options:
          --out-of-order       Also apply missing revisions below applied ones, after their dependents
      -n, --dry-run            Show the plan and change nothing
      -y, --yes                Skip the confirmation of destructive plans, and of plans that run text
                               stored in the database
          --all                Use every database of store.yaml, one after the other
          --sql                Print a SQL script instead of running it; with a target A:B, for a
                               database that is at A
          --dialect <DIALECT>  The dialect of the script (postgres, mysql, mariadb, sqlite), without a
                               database
      -h, --help               Print help (see more with '--help')

    # rev downgrade
    Downgrade a database to a target revision

    Usage: rev downgrade [OPTIONS] [TARGET]...

    Arguments:
      [TARGET]...  The target: base, -1, an id, LABEL@ID, LABEL@base, …

    Options:
      -n, --dry-run              Show the plan and change nothing
      -y, --yes                  Skip the confirmation of destructive plans, and of plans that run text
                                 stored in the database
          --all                  Use every database of store.yaml, one after the other
          --run-stored-programs  Run programs that only the database names: the revision's file is
                                 missing or was edited
          --sql                  Print a SQL script instead of running it; with a target A:B, for a
                                 database that is at A
          --dialect <DIALECT>    The dialect of the script (postgres, mysql, mariadb, sqlite), without a
                                 database
      -h, --help                 Print help (see more with '--help')

    # rev switch
    Migrate a database to exactly a set of revisions, down and up, in the fewest steps

    Usage: rev switch [OPTIONS] [TARGET]...

    Arguments:
      [TARGET]...  The target; its ancestors are included [default: heads]

    Options:
      -n, --dry-run              Show the plan and change nothing
      -y, --yes                  Skip the confirmation of destructive plans, and of plans that run text
                                 stored in the database
          --all                  Use every database of store.yaml, one after the other
          --run-stored-programs  Run programs that only the database names: the revision's file is
                                 missing or was edited
      -h, --help                 Print help (see more with '--help')

    # rev stamp
    Record revisions as applied, or as not applied, without running them

    Usage: rev stamp [OPTIONS] [TARGET]...

    Arguments:
      [TARGET]...  The target: heads, base, an id, LABEL@head, …; its ancestors are recorded, too

    Options:
          --purge                 Remove all recorded revisions first
          --only                  Record only the targets, without their ancestors
          --accept <REVISION>...  Accept the current files of applied revisions that were edited
          --accept-store          Record this store's id in a database whose journal belongs to another
                                  store
          --from-alembic          Record what Alembic's table alembic_version says
      -n, --dry-run               Show the plan and change nothing
      -y, --yes                   Skip the confirmation of destructive plans, and of plans that run text
                                  stored in the database
          --all                   Use every database of store.yaml, one after the other
          --sql                   Print a SQL script instead of running it; with a target A:B, for a
                                  database that is at A
          --dialect <DIALECT>     The dialect of the script (postgres, mysql, mariadb, sqlite), without
                                  a database
      -h, --help                  Print help

    # rev current
    Show where a database is: the heads of its applied set

    Usage: rev current [OPTIONS]

    Options:
      -c, --check-heads  Exit with 3 unless the database is at the heads of the files and no applied
                         revision was edited
          --all          Show every database of store.yaml
      -h, --help         Print help (see more with '--help')

    # rev status
    Show the applied, missing and pending revisions of a database

    Usage: rev status [OPTIONS]

    Options:
          --wait[=<SECONDS>]  Wait until no revision is pending or partially applied; exit with 3 after
                              SECONDS, or if an applied revision was edited
          --all               Show every database of store.yaml
      -h, --help              Print help

    # rev heads
    Show the heads: revisions without a child

    Usage: rev heads [OPTIONS]

    Options:
          --resolve-dependencies  Omit heads that another revision depends on
      -h, --help                  Print help (see more with '--help')

    # rev branches
    Show the branch points: revisions with several children

    Usage: rev branches [OPTIONS]

    Options:
      -h, --help  Print help

    # rev log
    Show the revisions, newest first

    Usage: rev log [OPTIONS] [RANGE]

    Arguments:
      [RANGE]  The revisions to show [default: all]

    Options:
      -r, --range <RANGE>     The same, as Alembic writes it
          --graph             Draw the graph beside the revisions
      -n, --number <N>        Show at most N revisions
      -i, --indicate-current  Mark where the database is, and in the graph what it has applied
      -h, --help              Print help (see more with '--help')

    # rev show
    Show revisions in full

    Usage: rev show [OPTIONS] <REVISION>...

    Arguments:
      <REVISION>...  Names of revisions, in any form

    Options:
          --sql                Show the SQL of `up` and `down`
          --dialect <DIALECT>  The dialect of the SQL (postgres, mysql, mariadb, sqlite) [default: that
                               of the database]
      -h, --help               Print help (see more with '--help')

    # rev edit
    Open the files of revisions in an editor

    Usage: rev edit [OPTIONS] [REVISION]...

    Arguments:
      [REVISION]...  Names of revisions, in any form [default: head]

    Options:
      -h, --help  Print help (see more with '--help')

    # rev tag
    Name a set of revisions, or list the names

    Usage: rev tag [OPTIONS] [TAG] [REVISION]...

    Arguments:
      [TAG]          The tag
      [REVISION]...  The revisions that it names [default: heads]

    Options:
          --delete  Remove the tag
      -f, --force   Move an existing tag
      -h, --help    Print help (see more with '--help')

    # rev hook
    Let git tell what `rev switch` would do after a checkout, merge or rebase

    Usage: rev hook [OPTIONS] <COMMAND>

    Commands:
      install  Write the hooks post-checkout, post-merge and post-rewrite
      help     Print this message or the help of the given subcommand(s)

    Options:
      -h, --help  Print help

    # rev check
    Check that the database, or the revisions, match the models

    Usage: rev check [OPTIONS]

    Options:
          --from-revisions  Compare with the schema that the revisions create, without a database
          --only <PATTERN>  Only compare objects that match this pattern, such as `users*`, `billing.*`
                            or `view:*`
      -h, --help            Print help (see more with '--help')

    # rev diff
    Show the differences between two schemas

    Usage: rev diff [OPTIONS] [FROM] [TO]

    Arguments:
      [FROM]  The old schema [default: db:]
      [TO]    The new schema [default: models]

    Options:
          --only <PATTERN>  Only compare objects that match this pattern, such as `users*`, `billing.*`
                            or `view:*`
      -h, --help            Print help (see more with '--help')

    # rev schema
    Print a schema as DDL

    Usage: rev schema [OPTIONS]

    Options:
          --at <SIDE>       The schema to print: a revision, `db:NAME`, or `models` [default: db:]
          --format <FORM>   The format [default: sql] [possible values: sql, yaml, json]
          --only <PATTERN>  Only compare objects that match this pattern, such as `users*`, `billing.*`
                            or `view:*`
      -h, --help            Print help (see more with '--help')

    # rev verify
    Check that the files match the revisions that a database has applied

    Usage: rev verify [OPTIONS]

    Options:
          --all   Check every database of store.yaml
          --live  Compare the database with its applied revisions, replayed in a scratch database
      -h, --help  Print help (see more with '--help')

    # rev resume
    Continue a partially applied revision, or abort it

    Usage: rev resume [OPTIONS]

    Options:
          --ran                  The interrupted statement was executed, or the rest of the revision
                                 where rev cannot continue
          --not-ran              The interrupted statement was not executed
          --abort                Revert what was executed of the revision instead: its typed operations,
                                 newest first
      -y, --yes                  Skip the confirmation: of an abort, and of text stored in the database
                                 that no file has
          --run-stored-programs  Run programs that only the database names: the revision's file is
                                 missing or was edited
      -h, --help                 Print help (see more with '--help')

    # rev journal
    Show what was done to a database, by whom and when, newest first

    Usage: rev journal [OPTIONS]
           rev journal <COMMAND>

    Commands:
      repair  Correct rows that were changed or lost: what is applied by rev_log, stored texts by the
              files
      help    Print this message or the help of the given subcommand(s)

    Options:
      -n, --number <NUMBER>  Show so many runs
          --all              Show every database of store.yaml
      -h, --help             Print help (see more with '--help')

    # rev ensure-version
    Create the journal's tables, or convert those of an older rev

    Usage: rev ensure-version [OPTIONS]

    Options:
      -h, --help  Print help

    # rev templates
    List the templates of `rev init`

    Usage: rev templates [OPTIONS]

    Options:
      -h, --help  Print help

    # rev completions
    Print the completion script of a shell

    Usage: rev completions [OPTIONS] <SHELL>

    Arguments:
      <SHELL>  The shell [possible values: bash, elvish, fish, powershell, zsh]

    Options:
      -h, --help  Print help (see more with '--help')

    # rev man
    Print the manual page of rev, or of one of its commands

    Usage: rev man [OPTIONS] [COMMAND]

    Arguments:
      [COMMAND]  The command

    Options:
      -h, --help  Print help (see more with '--help')
    ");
}

#[test]
fn the_version() {
    insta::assert_snapshot!(Env::new().session("rev --version"), @"
    $ rev --version
    rev 0.1.0
    ");
}

#[test]
fn each_shell_has_completions() {
    let env = Env::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = env.rev(["completions", shell]).success().stdout;
        assert!(script.contains("downgrade"), "{shell}");
    }
    env.shell("rev completions bash > c.bash && bash -n c.bash").success();
}

#[test]
fn each_command_has_a_page_of_the_manual() {
    let env = Env::new();
    assert!(env.rev(["man"]).success().stdout.contains("rev\\-upgrade"));
    for command in commands(&env) {
        let page = env.rev(["man", &command]).success().stdout;
        assert!(page.contains(&format!(".TH rev-{command}")), "{command}: {page}");
    }
}
