//! Sessions of the commands that need no database.

mod database;
mod help;
mod log;
mod names;
mod new;
mod refused;
mod show;
mod store;

use crate::support::Env;

/// A store with a trunk, two labelled lines and a merge of them:
/// `a0 - b0 - {c0 (left) - c1, d0 (right)} - m0`, and `x0` on a line of its own.
fn forked() -> Env {
    let env = empty();
    let revision = |id: &str, parents: &str, more: &str| {
        env.write(
            format!("revisions/{id}.yaml"),
            format!(
                "revision: {id}\nparents: [{parents}]\nmessage: make {id}\n\
                 created: 2026-01-01T00:00:00Z\n{more}up:\n  - sql: |\n      CREATE TABLE {id} (i int);\n"
            ),
        );
    };
    revision("a0", "", "");
    revision("b0", "a0", "");
    revision("c0", "b0", "labels: [left]\n");
    revision("c1", "c0", "");
    revision("d0", "b0", "labels: [right]\n");
    env
}

/// [`forked`], its lines joined by `m0`.
fn merged() -> Env {
    let env = forked();
    env.rev(["merge", "heads", "-m", "join", "--rev-id", "m0"]).success();
    env
}

/// A store without revisions.
fn empty() -> Env {
    let env = Env::new();
    env.write("store.yaml", "databases:\n  default:\n    url: sqlite://store.db\n");
    std::fs::create_dir(env.path("revisions")).expect("a folder");
    env
}
