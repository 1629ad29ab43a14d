//! A team's day with git: branches, a checkout, a rebase, merges, and a database that follows.

use super::support::Env;

/// A repository with a store below its top, and two branches that each add revisions.
fn repository() -> Env {
    let env = Env::new();
    env.write(
        "app/db/store.yaml",
        "databases:\n  default:\n    url: sqlite://app.db\n    kind: development\n  \
         live:\n    url: sqlite://live.db\n    kind: shared\n",
    );
    env.write(".gitignore", "*.db\n*-rev.lock\n");
    let write = |id: &str, parents: &str, table: &str| {
        let text = format!(
            "revision: {id}\nparents: [{parents}]\nmessage: {table}\nup:\n  - create_table: {{name: {table}, \
             columns: [{{name: id, type: integer, primary_key: true}}]}}\n"
        );
        env.write(format!("app/db/revisions/{id}.yaml"), text);
    };
    let git = |line: &str| {
        env.shell(line).success();
    };
    write("a1", "", "accounts");
    git("git init -q -b main && git config user.name ann && git config user.email ann@rev.example");
    git("git add . && git commit -qm accounts && git switch -qc billing");
    write("b1", "a1", "invoices");
    git("git add . && git commit -qm invoices && git switch -qc catalog main");
    write("c1", "a1", "products");
    git("git add . && git commit -qm products && git switch -q main");
    env
}

#[test]
fn a_database_follows_git() {
    let env = repository();
    insta::assert_snapshot!(env.session("
        rev -C app/db upgrade heads
        rev -C app/db hook install
        cat .git/hooks/post-checkout
        git switch -q billing
        rev -C app/db switch
        git switch -q catalog
        git checkout -q -- app
        rev -C app/db switch
        git rebase -q billing
        rev -C app/db merge --check
        rev -C app/db merge -m both
        git add . && git commit -qm both
        rev -C app/db switch
        git switch -q main
        git merge -q --ff-only catalog
        rev -C app/db hook install --auto
        git switch -q billing
        rev -C app/db current
        git reset -q --hard main
        rev -C app/db switch
        git switch -q main
        echo 'exit 1' > .git/hooks/post-merge
        rev -C app/db hook install
        git -C app/db switch -q billing
        rm app/db/store.yaml
        git switch -q catalog
        rev -C / hook install
    "), @r#"
    $ rev -C app/db upgrade heads
    ↑ a1 accounts
    1 step, now at a1 (head)
    ! [1/1] up a1 accounts

    $ rev -C app/db hook install
    wrote .git/hooks/post-checkout
    wrote .git/hooks/post-merge
    wrote .git/hooks/post-rewrite

    $ cat .git/hooks/post-checkout
    #!/bin/sh
    # Written by `rev hook install`.
    command -v rev >/dev/null || exit 0
    rev -C 'app/db' hook run post-checkout "$@" || true

    $ git switch -q billing
    ! default: `rev switch` would take these steps
    !   ↑ b1 invoices

    $ rev -C app/db switch
    ↑ b1 invoices
    1 step, now at b1 (head)
    ! [1/1] up b1 invoices

    $ git switch -q catalog
    ! default: `rev switch` would take these steps
    !   ↓ b1 invoices  ! destructive
    !   ↑ c1 products

    $ git checkout -q -- app

    $ rev -C app/db switch
    ↓ b1 invoices
    ↑ c1 products
    2 steps, now at c1 (head)
    ! note: no file here contains what down b1 runs; this is the stored text:
    !   | drop_table invoices
    ! [1/2] down b1 invoices
    ! [2/2] up c1 products

    $ git rebase -q billing
    ! default: `rev switch` would take these steps
    !   ↑ b1 invoices

    $ rev -C app/db merge --check
    proven: b1 and c1 commute
      disjoint: 1 pair of revisions

    $ rev -C app/db merge -m both
    proven: b1 and c1 commute
      disjoint: 1 pair of revisions
    wrote app/db/revisions/20260102_ec2b28244003_both.yaml
    ec2b28244003 (head) (merge) both

    $ git add . && git commit -qm both

    $ rev -C app/db switch
    ↑ b1 invoices
    ↑ ec2b28244003 both
    2 steps, now at ec2b28244003 (head)
    ! [1/2] up b1 invoices
    ! [2/2] up ec2b28244003 both

    $ git switch -q main
    ! default: `rev switch` would take these steps
    !   ↓ ec2b28244003 both
    !   ↓ b1 invoices  ! destructive
    !   ↓ c1 products  ! destructive

    $ git merge -q --ff-only catalog

    $ rev -C app/db hook install --auto
    wrote .git/hooks/post-checkout
    wrote .git/hooks/post-merge
    wrote .git/hooks/post-rewrite

    $ git switch -q billing
    ! [1/2] down ec2b28244003 both
    ! [2/2] down c1 products
    ! ↓ ec2b28244003 both
    ! ↓ c1 products
    ! 2 steps, now at b1 (head)

    $ rev -C app/db current
    b1 (head) invoices

    $ git reset -q --hard main

    $ rev -C app/db switch
    ↑ c1 products
    ↑ ec2b28244003 both
    2 steps, now at ec2b28244003 (head)
    ! [1/2] up c1 products
    ! [2/2] up ec2b28244003 both

    $ git switch -q main

    $ echo 'exit 1' > .git/hooks/post-merge

    $ rev -C app/db hook install
    wrote .git/hooks/post-checkout
    wrote .git/hooks/post-rewrite
    ! note: .git/hooks/post-merge is there already and was kept: add the line `rev -C 'app/db' hook run post-merge "$@" || true` to it

    $ git -C app/db switch -q billing

    $ rm app/db/store.yaml

    $ git switch -q catalog
    ! note: `rev switch` cannot tell: there is no store.yaml in [TMP]/work/app/db or above it

    $ rev -C / hook install
    ! error: there is no store.yaml in / or above it
    ! hint: `rev init` creates a store here; `-C DIR` or REV_STORE point to one elsewhere
    [exit 1]
    "#);
}
