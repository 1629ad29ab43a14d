//! Every form of a name, right and wrong, in the commands that take names.

use super::{forked, merged};

#[test]
fn every_form_of_a_name_is_taken_everywhere() {
    let env = merged();
    env.write(
        "revisions/c0ffee9c1d0b.yaml",
        "revision: c0ffee9c1d0b\nparents: [m0]\nmessage: long\nup: []\n",
    );
    env.rev(["tag", "v1", "c1", "d0"]).success();
    for (name, revision) in [
        ("c0ffee9c1d0b", "c0ffee9c1d0b"),
        ("c0ff", "c0ffee9c1d0b"),
        ("head", "c0ffee9c1d0b"),
        ("heads", "c0ffee9c1d0b"),
        ("-1", "m0"),
        ("left", "c0"),
        ("left@head", "c0ffee9c1d0b"),
        ("left@c0ff", "c0ffee9c1d0b"),
        ("c0+1", "c1"),
        ("head-1", "m0"),
        ("base+1", "a0"),
        ("b0@head", "c0ffee9c1d0b"),
        ("left@b0+1", "c0"),
    ] {
        let shown = env.rev(["show", name, "--json"]).success().json();
        assert_eq!(shown[0]["revision"], revision, "show {name}");
        let edited = env.shell(&format!("EDITOR=echo rev edit {name}")).success();
        assert!(edited.stdout.contains(revision), "edit {name}: {}", edited.stdout);
        let logged = env.rev(["log", "--json", "-n1", "-r", &format!(":{name}")]).success().json();
        assert_eq!(logged[0]["revision"], revision, "log {name}");
        let tagged = env.rev(["tag", "t", name, "--force", "--json"]).success().json();
        assert_eq!(tagged["revisions"][0], revision, "tag {name}");
    }
}

#[test]
fn a_wrong_name_says_what_is_wrong() {
    let env = forked();
    env.write("revisions/ab1.yaml", "revision: abc1\nparents: [d0]\nmessage: one\nup: []\n");
    env.write("revisions/ab2.yaml", "revision: abc2\nparents: [d0]\nmessage: two\nup: []\n");
    insta::assert_snapshot!(env.session("
        rev show nowhere
        rev show abd1
        rev show abc
        rev show head
        rev show right@head
        rev show left@d0
        rev show 'a@b@c'
        rev show 'c0-1junk'
        rev show +99
        rev show a0-7
        rev show b0+1
        rev show base
        rev log -r nowhere:
        rev log -r a0:b0:c0
        rev show @{1}
        rev show current
    "), @r#"
    $ rev show nowhere
    ! error: there is no revision "nowhere"
    ! hint: `rev log` lists the revisions, `rev tag` the tags
    [exit 1]

    $ rev show abd1
    ! error: there is no revision "abd1"
    ! hint: did you mean abc1?
    [exit 1]

    $ rev show abc
    ! error: "abc" is ambiguous: 2 names begin with it
    ! hint: it may mean abc1 or abc2
    [exit 1]

    $ rev show head
    ! error: "head" is ambiguous: there are 3 heads
    ! hint: the heads are abc1, abc2, c1: name one of them, `LABEL@head` for a branch's or `heads` for all; `rev merge heads -m MESSAGE` joins them
    [exit 1]

    $ rev show right@head
    ! error: "right@head" is ambiguous: there are 2 heads
    ! hint: the heads are abc1, abc2: name one of them, `LABEL@head` for a branch's or `heads` for all; `rev merge heads -m MESSAGE` joins them
    [exit 1]

    $ rev show left@d0
    ! error: revision d0 is not on the branch "left"
    ! hint: `rev log -r :left@heads` shows that branch
    [exit 1]

    $ rev show 'a@b@c'
    ! error: "a@b@c" is not a revision's name: a name consists of letters, digits, _ and .
    ! hint: a name is an id, a prefix of one, a label or a tag, `head`, `heads`, `base` or `current`; `LABEL@NAME` stays on a branch, `NAME+N` and `NAME-N` walk
    [exit 1]

    $ rev show 'c0-1junk'
    ! error: "c0-1junk" is not a revision's name: expected a whole number after + and -
    ! hint: a name is an id, a prefix of one, a label or a tag, `head`, `heads`, `base` or `current`; `LABEL@NAME` stays on a branch, `NAME+N` and `NAME-N` walk
    [exit 1]

    $ rev show +99
    ! error: "+99" walks past the end: nothing follows abc1
    ! hint: `rev log --graph` shows how far it goes
    [exit 1]

    $ rev show a0-7
    ! error: "a0-7" walks past the end: nothing is below the base
    ! hint: `rev log --graph` shows how far it goes
    [exit 1]

    $ rev show b0+1
    ! error: "b0+1" is ambiguous: the way up forks
    ! hint: it may mean c0 or d0
    [exit 1]

    $ rev show base
    ! error: base names no revision here
    ! hint: `rev log` lists the revisions
    [exit 1]

    $ rev log -r nowhere:
    ! error: there is no revision "nowhere"
    ! hint: `rev log` lists the revisions, `rev tag` the tags
    [exit 1]

    $ rev log -r a0:b0:c0
    ! error: "a0:b0:c0" is not a revision's name: a range has only two ends
    ! hint: a name is an id, a prefix of one, a label or a tag, `head`, `heads`, `base` or `current`; `LABEL@NAME` stays on a branch, `NAME+N` and `NAME-N` walk
    [exit 1]

    $ rev show @{1}
    ! error: "@{1}" walks past the end: the journal does not go back that far
    ! hint: `rev journal` lists the runs
    [exit 1]

    $ rev show current
    ! error: current names no revision here
    ! hint: `rev log` lists the revisions
    [exit 1]
    "#);
}

#[test]
fn a_wrong_name_is_an_object_with_json() {
    let env = forked();
    insta::assert_snapshot!(env.session("
        rev show nowhere --json
        rev show head --json
    "), @r#"
    $ rev show nowhere --json
    ! {
    !   "error": {
    !     "kind": "unknown_name",
    !     "message": "there is no revision \"nowhere\"",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "`rev log` lists the revisions, `rev tag` the tags"
    !   }
    ! }
    [exit 1]

    $ rev show head --json
    ! {
    !   "error": {
    !     "kind": "several_heads",
    !     "message": "\"head\" is ambiguous: there are 2 heads",
    !     "file": null,
    !     "line": null,
    !     "column": null,
    !     "statement": null,
    !     "state": null,
    !     "hint": "the heads are c1, d0: name one of them, `LABEL@head` for a branch's or `heads` for all; `rev merge heads -m MESSAGE` joins them"
    !   }
    ! }
    [exit 1]
    "#);
}
