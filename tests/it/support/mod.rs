//! What the tests share: a sealed folder to work in, and databases to work on.

#![allow(dead_code, unused_imports)]

mod any_change;
mod any_operation;
mod database;
mod env;
mod forwarder;
pub mod ground;
mod normal;
mod revisions;
mod running;
pub mod seen;
mod servers;
mod until;

pub use any_change::{any_change, any_ground};
pub use any_operation::{any_operation, leaves};
pub use database::{Engine, TestDb, for_each_engine, for_each_engine_and_mysql};
pub use env::{Env, Output};
pub use forwarder::Forwarder;
pub use normal::normalise;
pub use running::Running;
pub use servers::Servers;
pub use until::until;

#[test]
fn a_session_is_a_text() {
    let env = Env::new();
    env.write("a/b.txt", "beside\n");
    let text = env.session("cat a/b.txt\npwd\necho wrong >&2; exit 3");
    insta::assert_snapshot!(text, @r"
    $ cat a/b.txt
    beside

    $ pwd
    [TMP]/work

    $ echo wrong >&2; exit 3
    ! wrong
    [exit 3]
    ");
}

#[test]
fn nothing_is_inherited() {
    let env = Env::new();
    let names = env.shell("env | cut -d= -f1 | sort | tr '\\n' ' '").success().stdout;
    let known = "HOME LANG PATH PWD REV_SEED REV_TIMESTAMP SHLVL TMPDIR TZ USER _ ";
    for name in names.split_whitespace() {
        assert!(known.contains(&format!("{name} ")), "{name} is inherited");
    }
}

#[test]
fn a_database_is_fresh_and_holds_what_is_put_into_it() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        db.execute("CREATE TABLE t (a integer, b varchar(20)); INSERT INTO t VALUES (1, 'x\ty'), (NULL, 'l1\nl2')");
        assert_eq!(db.query("SELECT count(*) FROM t"), [["2"]]);
        assert_eq!(db.query("SELECT a, b FROM t WHERE a = 1"), [["1", "x\ty"]]);
        assert_eq!(db.query("SELECT a, b FROM t WHERE a IS NULL"), [["NULL", "l1\nl2"]]);
        assert!(db.query("SELECT a FROM t WHERE a = 7").is_empty());
        assert!(db.try_execute("SELECT * FROM no_such_table").is_err());
    });
}

#[test]
fn a_command_in_the_background_is_watched_and_killed() {
    let env = Env::new();
    let mut command = env.command_of("sh");
    command.args(["-c", "echo ready >&2; exec sleep 600"]);
    let running = Running::start(command);
    running.wait_for_stderr("ready");
    running.signal("TERM");
    let output = running.wait();
    assert_eq!(output.code, 128 + 15);
    assert_eq!(output.stderr, "ready\n");
}
