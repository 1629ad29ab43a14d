//! What `-vv` logs of a run.

use super::support::{Env, TestDb, for_each_engine};

#[test]
fn a_run_its_steps_and_statements_are_logged_without_literals() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        let up =
            "CREATE TABLE t (v varchar(40));\nINSERT INTO t VALUES ('a literal of a user''s');";
        env.revision("a1", &[], "a table", up, "DROP TABLE t;");
        let run = env.rev(["-vv", "upgrade", "heads"]).success();
        let log = &run.stderr;
        assert!(!log.contains("a literal"), "{log}");
        if let Some((_, password)) = db.url().split_once("://rev:") {
            let (password, _) = password.split_once('@').unwrap();
            assert!(!log.contains(&format!(":{password}@")), "{log}");
        }
        for part in [
            "connected",
            "run{database=\"default\"",
            "step{direction=\"up\" revision=a1}",
            "statement{file=\"revisions/a1.sql\" line=",
            "sql=\"INSERT INTO t VALUES (?)\"",
        ] {
            assert!(log.contains(part), "{part}: {log}");
        }
        // Only the library is listened to: what drivers log may hold literals.
        assert!(!log.contains("sqlx"), "{log}");
        let quiet = env.rev(["-v", "downgrade", "base", "--yes"]).success();
        assert!(!quiet.stderr.contains("step{"), "{}", quiet.stderr);
    });
}
