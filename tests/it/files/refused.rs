//! Arguments that are no arguments.

use crate::support::Env;

use super::forked;

#[test]
fn wrong_arguments_exit_with_2() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev no-such-command
        rev heads --no-such-option
        rev heads --no-such-option --json
        rev heads -x novalue
        rev show
        rev log a0 -r b0
        rev log -n many
        rev tag --delete
        rev revision --format toml
        rev completions klingon
        rev man no-such-command
    "), @r#"
    $ rev no-such-command
    ! error: unrecognized subcommand 'no-such-command'
    ! 
    ! Usage: rev [OPTIONS] <COMMAND>
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev heads --no-such-option
    ! error: unexpected argument '--no-such-option' found
    ! 
    ! Usage: rev heads [OPTIONS]
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev heads --no-such-option --json
    ! {
    !   "error": {
    !     "kind": "usage",
    !     "message": "unexpected argument '--no-such-option' found",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "Usage: rev heads [OPTIONS]; For more information, try '--help'."
    !   }
    ! }
    [exit 2]

    $ rev heads -x novalue
    ! error: a value of '-x' is written NAME=VALUE
    [exit 2]

    $ rev show
    ! error: the following required arguments were not provided:
    !   <REVISION>...
    ! 
    ! Usage: rev show <REVISION>...
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev log a0 -r b0
    ! error: the argument '[RANGE]' cannot be used with '--range <RANGE>'
    ! 
    ! Usage: rev log <RANGE>
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev log -n many
    ! error: invalid value 'many' for '--number <N>': invalid digit found in string
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev tag --delete
    ! error: the following required arguments were not provided:
    !   <TAG>
    ! 
    ! Usage: rev tag --delete <TAG> [REVISION]...
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev revision --format toml
    ! error: invalid value 'toml' for '--format <FORM>'
    !   [possible values: yaml, sql]
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev completions klingon
    ! error: invalid value 'klingon' for '<SHELL>'
    !   [possible values: bash, elvish, fish, powershell, zsh]
    ! 
    ! For more information, try '--help'.
    [exit 2]

    $ rev man no-such-command
    ! error: there is no command "no-such-command"
    ! hint: `rev --help` lists the commands
    [exit 2]
    "#);
}

#[test]
fn nothing_at_all_shows_the_help() {
    let env = Env::new();
    let output = env.rev([] as [&str; 0]).exits(2);
    assert!(output.stderr.contains("Usage: rev"), "{}", output.stderr);
}
