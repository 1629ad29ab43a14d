//! A deployment whose files are not what the database ran does not pass for a good one.

use crate::support::{Engine, Env, TestDb, for_each_engine};

/// A database at its head whose one revision says something else now.
fn edited(db: &TestDb) -> Env {
    let env = Env::with_database(db);
    let revision = |up: &str| {
        format!(
            "-- revision: a1\n-- message: a\n\n-- rev: up\n{up}\n\n-- rev: down\nDROP TABLE a;\n"
        )
    };
    env.write("revisions/a1.sql", revision("CREATE TABLE a (id integer);"));
    env.rev(["upgrade", "heads"]).success();
    env.write("revisions/a1.sql", revision("CREATE TABLE a (id integer, more integer);"));
    env
}

#[test]
fn an_edited_revision_is_no_success_where_nothing_is_pending() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = edited(&db);
        let upgrade = env.rev(["upgrade", "heads"]).exits(1);
        assert!(
            upgrade.stderr.contains("a1") && upgrade.stderr.contains("--accept"),
            "{upgrade:?}"
        );
        env.rev(["upgrade", "heads", "--dry-run"]).exits(1);
        env.rev(["upgrade", "heads", "--all"]).exits(1);
        // Waiting mends nothing, so it ends though no limit is given.
        let wait = env.rev(["status", "--wait"]).exits(3);
        assert!(wait.stderr.contains("edited since applied: a1"), "{wait:?}");
        env.rev(["status", "--wait=60"]).exits(3);
        let current = env.rev(["current", "--check-heads"]).exits(3);
        assert!(current.stdout.contains("a1 (edited since applied)"), "{current:?}");
        let json = env.rev(["current", "--check-heads", "--json"]).exits(3).json();
        assert_eq!(json["edited"], serde_json::json!(["a1"]));
        env.rev(["stamp", "--accept", "a1"]).success();
        env.rev(["upgrade", "heads"]).success();
        env.rev(["status", "--wait=0"]).success();
        env.rev(["current", "--check-heads"]).success();
    });
}

#[test]
fn an_edited_revision_can_still_be_taken_back() {
    let db = TestDb::new(Engine::Sqlite);
    let env = edited(&db);
    env.rev(["downgrade", "base", "--yes"]).success();
    env.rev(["upgrade", "heads"]).success();
}

#[test]
fn a_folder_that_is_not_there_is_an_error_in_every_verb() {
    let db = TestDb::new(Engine::Sqlite);
    let env = edited(&db);
    std::fs::rename(env.path("revisions"), env.path("elsewhere")).unwrap();
    for command in [
        "upgrade heads",
        "downgrade base",
        "switch",
        "stamp heads",
        "current",
        "status",
        "status --wait",
        "heads",
        "log",
        "branches",
        "check",
        "diff",
        "verify",
        "schema",
        "journal",
        "revision -m x",
        "merge heads",
        "show head",
        "tag v1 base",
        "resume",
    ] {
        let output = env.rev(command.split(' ')).exits(1);
        assert!(output.stderr.contains("\"revisions\" does not exist"), "{command}: {output:?}");
        assert_eq!(output.stdout, "", "{command}");
    }
    assert!(!env.path("revisions").exists());
}
