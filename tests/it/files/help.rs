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
      init            Make a store, here or in a folder
      revision        Write a new revision
      merge           Write a revision that joins several
      upgrade         Apply revisions up to a target
      downgrade       Undo revisions down to a target
      switch          Bring a database to exactly a set of revisions, down and up by the least steps
      stamp           Record revisions as applied, or as not applied, without running them
      current         Show where a database is: the heads of its applied set
      status          Show what a database has, misses and waits for
      heads           Show the revisions that have no child
      branches        Show the revisions that have several children
      log             Show the revisions, newest first [alias: history]
      show            Show revisions in full
      edit            Open the files of revisions in an editor
      tag             Name a set of revisions, or list the names
      check           Check that the models and the database, or the revisions, agree
      diff            Show what leads from one schema to another
      schema          Print a schema as what makes it
      verify          Check that the files agree with what a database has applied
      resume          Go on with a revision that stopped half-way
      journal         Show what was done to a database, by whom and when, newest first
      ensure-version  Make the journal's tables where they are not there yet
      templates       List the templates of `rev init`
      completions     Print the completions of a shell
      man             Print the manual page of rev, or of one of its commands
      help            Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Global options:
      -C, --directory <DIR>  Look for the store from this folder upwards; without it from REV_STORE,
                             else from here
      -d, --database <NAME>  The database of store.yaml to work on
      -x <NAME=VALUE>        A value for ${x.NAME} in store.yaml
          --json             Print JSON
          --color <WHEN>     When to use colour: auto is on a terminal, unless NO_COLOR is set [default:
                             auto] [possible values: auto, always, never]
      -q, --quiet            Print results and errors only
      -v, --verbose          Print more
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
    Make a store, here or in a folder

    Usage: rev init [OPTIONS] [DIR]

    Arguments:
      [DIR]  The folder; it is made if it is not there

    Options:
      -t, --template <NAME>  What to begin with; `rev templates` lists them [default: generic]
          --url <URL>        The url of the database, instead of ${DATABASE_URL}: it goes into
                             store.yaml, one with a password into .env
          --from <URL>       A database that exists: as --url, and all that it holds goes into a first
                             revision, which is recorded as applied
      -h, --help             Print help (see more with '--help')

    # rev revision
    Write a new revision

    Usage: rev revision [OPTIONS]

    Options:
      -m, --message <MESSAGE>      What it is for
          --head <REVISION>        The revision it follows
          --splice                 Let it follow a revision that is no head
          --label <LABEL>          A label for the line that begins with it
          --depends-on <REVISION>  What else must be applied before it
          --rev-id <ID>            Its id, instead of a random one
          --folder <DIR>           The folder to write it to: one of the store's, or below one
          --format <FORM>          The form of the file; without it, the store's [possible values: yaml,
                                   sql]
          --up <FILE>              What applies it: a file with a list of operations in YAML, or - for
                                   standard input
          --autogenerate           Write what leads from the database to the models: `schema` in
                                   store.yaml
      -h, --help                   Print help (see more with '--help')

    With --autogenerate:
          --from-revisions   Compare the models with what the revisions make, and look at no database
          --rename <RENAME>  What was renamed: table:OLD:NEW, column:TABLE.OLD:NEW, value:ENUM.OLD:NEW
          --safe             Build indexes and check constraints while tables are in use, where the
                             database can
          --only <PATTERN>   Look at what this pattern names only, such as `users*`, `billing.*` or
                             `view:*`

    # rev merge
    Write a revision that joins several

    Usage: rev merge [OPTIONS] [REVISION]...

    Arguments:
      [REVISION]...  Names of the revisions to join, in any form [default: heads]

    Options:
      -m, --message <MESSAGE>  What it is for
          --splice             Let it join revisions that are no heads
          --label <LABEL>      A label for the line that begins with it
          --rev-id <ID>        Its id, instead of a random one
      -h, --help               Print help

    # rev upgrade
    Apply revisions up to a target

    Usage: rev upgrade [OPTIONS] [TARGET]...

    Arguments:
      [TARGET]...  What to upgrade to: heads, LABEL@head, a label, an id, +1, …

    Options:
          --out-of-order       Run revisions that are missing below what is applied after what stands on
                               them
      -n, --dry-run            Show the steps and change nothing
      -y, --yes                Agree to a plan that takes back, drops, deletes or forgets, or runs what
                               only the database stored
          --all                Work on every database of store.yaml, one after the other
          --sql                Print the SQL script instead of running it; with a target A:B, for a
                               database that is at A
          --dialect <DIALECT>  The dialect of the script (postgres, mysql, mariadb, sqlite); no database
                               is asked
      -h, --help               Print help (see more with '--help')

    # rev downgrade
    Undo revisions down to a target

    Usage: rev downgrade [OPTIONS] [TARGET]...

    Arguments:
      [TARGET]...  What to go down to: base, -1, an id, LABEL@ID, LABEL@base, …

    Options:
      -n, --dry-run              Show the steps and change nothing
      -y, --yes                  Agree to a plan that takes back, drops, deletes or forgets, or runs
                                 what only the database stored
          --all                  Work on every database of store.yaml, one after the other
          --run-stored-programs  Run programs that only the database names: the revision's file is gone
                                 or was edited
          --sql                  Print the SQL script instead of running it; with a target A:B, for a
                                 database that is at A
          --dialect <DIALECT>    The dialect of the script (postgres, mysql, mariadb, sqlite); no
                                 database is asked
      -h, --help                 Print help (see more with '--help')

    # rev switch
    Bring a database to exactly a set of revisions, down and up by the least steps

    Usage: rev switch [OPTIONS] [TARGET]...

    Arguments:
      [TARGET]...  What the database is to have, with what is below it [default: heads]

    Options:
      -n, --dry-run              Show the steps and change nothing
      -y, --yes                  Agree to a plan that takes back, drops, deletes or forgets, or runs
                                 what only the database stored
          --all                  Work on every database of store.yaml, one after the other
          --run-stored-programs  Run programs that only the database names: the revision's file is gone
                                 or was edited
      -h, --help                 Print help (see more with '--help')

    # rev stamp
    Record revisions as applied, or as not applied, without running them

    Usage: rev stamp [OPTIONS] [TARGET]...

    Arguments:
      [TARGET]...  What to record: heads, base, an id, LABEL@head, …, each with what is below it

    Options:
          --purge                 Forget all that is recorded first
          --only                  Record the targets alone, whatever is below them
          --accept <REVISION>...  Take the files as they are now for applied revisions that were edited
          --from-alembic          Record what Alembic's table alembic_version says
      -n, --dry-run               Show the steps and change nothing
      -y, --yes                   Agree to a plan that takes back, drops, deletes or forgets, or runs
                                  what only the database stored
          --all                   Work on every database of store.yaml, one after the other
          --sql                   Print the SQL script instead of running it; with a target A:B, for a
                                  database that is at A
          --dialect <DIALECT>     The dialect of the script (postgres, mysql, mariadb, sqlite); no
                                  database is asked
      -h, --help                  Print help

    # rev current
    Show where a database is: the heads of its applied set

    Usage: rev current [OPTIONS]

    Options:
      -c, --check-heads  Exit with 3 unless the database is at the heads of the files, as the files have
                         them
          --all          Show every database of store.yaml
      -h, --help         Print help (see more with '--help')

    # rev status
    Show what a database has, misses and waits for

    Usage: rev status [OPTIONS]

    Options:
          --wait[=<SECONDS>]  Wait until nothing is pending and nothing stands half-way; exit with 3
                              when SECONDS are over, or where an applied revision was edited
          --all               Show every database of store.yaml
      -h, --help              Print help

    # rev heads
    Show the revisions that have no child

    Usage: rev heads [OPTIONS]

    Options:
          --resolve-dependencies  Leave out heads that another revision depends on
      -h, --help                  Print help (see more with '--help')

    # rev branches
    Show the revisions that have several children

    Usage: rev branches [OPTIONS]

    Options:
      -h, --help  Print help

    # rev log
    Show the revisions, newest first

    Usage: rev log [OPTIONS] [RANGE]

    Arguments:
      [RANGE]  What to show; everything without it

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
          --sql                Show the SQL that they run, up and down
          --dialect <DIALECT>  The dialect of the SQL (postgres, mysql, mariadb, sqlite), if not the
                               database's
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
      [REVISION]...  Names of the revisions that it stands for, in any form; `heads` without

    Options:
          --delete  Remove the tag
      -f, --force   Move a tag that is there already
      -h, --help    Print help (see more with '--help')

    # rev check
    Check that the models and the database, or the revisions, agree

    Usage: rev check [OPTIONS]

    Options:
          --from-revisions  Compare with what the revisions make, and look at no database
          --only <PATTERN>  Look at what this pattern names only, such as `users*`, `billing.*` or
                            `view:*`
      -h, --help            Print help (see more with '--help')

    # rev diff
    Show what leads from one schema to another

    Usage: rev diff [OPTIONS] [FROM] [TO]

    Arguments:
      [FROM]  From here; without it, the database [default: db:]
      [TO]    To here; without it, the models [default: models]

    Options:
          --only <PATTERN>  Look at what this pattern names only, such as `users*`, `billing.*` or
                            `view:*`
      -h, --help            Print help (see more with '--help')

    # rev schema
    Print a schema as what makes it

    Usage: rev schema [OPTIONS]

    Options:
          --at <SIDE>       Whose schema: a revision in any form, `db:NAME`, or `models` [default: db:]
          --format <FORM>   The form [default: sql] [possible values: sql, yaml, json]
          --only <PATTERN>  Look at what this pattern names only, such as `users*`, `billing.*` or
                            `view:*`
      -h, --help            Print help (see more with '--help')

    # rev verify
    Check that the files agree with what a database has applied

    Usage: rev verify [OPTIONS]

    Options:
          --all   Check every database of store.yaml
          --live  Compare the database with what its applied revisions make, replayed in a throw-away
                  one
      -h, --help  Print help (see more with '--help')

    # rev resume
    Go on with a revision that stopped half-way

    Usage: rev resume [OPTIONS]

    Options:
          --ran                  The statement that was under way ran
          --not-ran              The statement that was under way did not run
      -y, --yes                  Agree to run what the database stored where no file says the same
          --run-stored-programs  Run programs that only the database names: the revision's file is gone
                                 or was edited
      -h, --help                 Print help (see more with '--help')

    # rev journal
    Show what was done to a database, by whom and when, newest first

    Usage: rev journal [OPTIONS]

    Options:
      -n, --number <NUMBER>  Show so many runs
          --all              Show every database of store.yaml
      -h, --help             Print help (see more with '--help')

    # rev ensure-version
    Make the journal's tables where they are not there yet

    Usage: rev ensure-version [OPTIONS]

    Options:
      -h, --help  Print help

    # rev templates
    List the templates of `rev init`

    Usage: rev templates [OPTIONS]

    Options:
      -h, --help  Print help

    # rev completions
    Print the completions of a shell

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
