//! How often a command that compares schemas connects to the user's database.

use super::env_with_models;
use crate::support::{Engine, Forwarder, TestDb};

/// To look at it takes one connection; each scratch database takes one more beside it, from which it is
/// made and removed.
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
        let commands: [(&[&str], usize); 7] = [
            (&["check"], 1),
            (&["diff"], 1),
            (&["diff", "db:", "heads"], 1),
            (&["diff", "db:default", "db:"], 0),
            (&["schema"], 0),
            (&["verify", "--live"], 1),
            (&["revision", "--autogenerate", "-m", "b"], 2),
        ];
        for (command, scratch_databases) in commands {
            let before = forwarder.logins();
            let output = env.rev(command);
            let logins = forwarder.logins() - before;
            assert_eq!(logins, 1 + scratch_databases, "{engine:?}: {command:?}: {output:?}");
        }
    }
}
