//! How often a command that compares schemas connects to the user's database.

use super::env_with_models;
use crate::support::{Engine, Forwarder, TestDb};

/// Scratch databases have connections of their own, which name another database.
#[test]
fn a_command_connects_once() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let forwarder = Forwarder::to(&db);
        let models = "CREATE TABLE a (id integer PRIMARY KEY);\n";
        let env = env_with_models(&db, models);
        let store = env.read("store.yaml").replace(db.url(), &forwarder.url());
        assert!(store.contains(&forwarder.url()), "{store}");
        env.write("store.yaml", store);
        env.rev(["revision", "--autogenerate", "-m", "a"]).success();
        env.rev(["upgrade", "heads"]).success();
        env.write("models.sql", format!("{models}CREATE TABLE b (id integer PRIMARY KEY);\n"));
        let commands: [&[&str]; 7] = [
            &["check"],
            &["diff"],
            &["diff", "db:", "heads"],
            &["diff", "db:default", "db:"],
            &["schema"],
            &["verify", "--live"],
            &["revision", "--autogenerate", "-m", "b"],
        ];
        for command in commands {
            let before = forwarder.logins();
            let output = env.rev(command);
            assert_eq!(forwarder.logins() - before, 1, "{engine:?}: {command:?}: {output:?}");
        }
    }
}
