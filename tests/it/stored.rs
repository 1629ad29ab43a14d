//! What only the database stored is data from outside: it is shown, and agreed to, before it runs.

use revdag::internals::run::{Cancel, Database};
use revdag::store::Store;
use revdag::verb::stamp::{StampOptions, stamp};
use revdag::verb::{Answer, Consent, Review, Reviewer};

use super::support::{Engine, Env, TestDb, for_each_engine};

fn with_kind(db: &TestDb, kind: &str) -> Env {
    let env = Env::with_database(db);
    let store = env.read("store.yaml");
    env.write("store.yaml", format!("{store}    kind: {kind}\n"));
    env
}

fn applied(db: &TestDb) -> String {
    db.query("SELECT id FROM rev_applied ORDER BY seq").concat().join(" ")
}

/// A revision whose `down` runs a command that leaves a trace.
fn write_program(env: &Env) {
    let body = "revision: p1\nmessage: p1\nup: [{sql: 'SELECT 1'}]\n\
                down: [{program: {command: [sh, -c, 'touch ran'], environment: {WHO: rev}}}]\n";
    env.write("revisions/p1.yaml", body);
}

#[test]
fn stored_sql_needs_a_yes_where_nobody_can_be_asked() {
    for_each_engine(|engine| {
        for gone in [true, false] {
            let db = TestDb::new(engine);
            let env = with_kind(&db, "shared");
            env.table("a1", &[]);
            env.rev(["upgrade", "heads"]).success();
            match gone {
                true => env.remove_revision("a1"),
                // What the file says is not what ran.
                false => {
                    env.revision("a1", &[], "a1", "CREATE TABLE b (v integer);", "DROP TABLE b;")
                }
            }
            for verb in [["downgrade", "base"], ["switch", "base"]] {
                let refused = env.rev(verb).exits(1);
                assert!(refused.stderr.contains("| DROP TABLE a1"), "it is shown: {refused:?}");
                assert!(refused.stderr.contains("`--yes`"), "{refused:?}");
                assert_eq!(applied(&db), "a1");
            }
            let done = env.rev(["downgrade", "base", "--yes"]).success();
            assert!(done.stderr.contains("| DROP TABLE a1"), "it is shown: {done:?}");
            assert_eq!(applied(&db), "");
        }
    });
}

#[test]
fn stored_sql_runs_unasked_on_a_development_database() {
    let db = TestDb::new(Engine::Sqlite);
    let env = with_kind(&db, "development");
    env.table("a1", &[]);
    env.rev(["upgrade", "heads"]).success();
    env.remove_revision("a1");
    let done = env.rev(["downgrade", "base"]).success();
    assert!(done.stderr.contains("| DROP TABLE a1"), "it is shown: {done:?}");
}

#[test]
fn a_stored_program_runs_on_no_database_unasked() {
    for_each_engine(|engine| {
        for kind in ["development", "shared", "protected"] {
            let db = TestDb::new(engine);
            let env = with_kind(&db, kind);
            write_program(&env);
            env.rev(["upgrade", "heads"]).success();
            std::fs::remove_file(env.path("revisions/p1.yaml")).unwrap();
            for verb in [["downgrade", "base", "--yes"], ["switch", "base", "--yes"]] {
                let refused = env.rev(verb).exits(1);
                assert!(
                    refused.stderr.contains(r#"WHO="rev" "sh" "-c" "touch ran""#),
                    "{refused:?}"
                );
                assert!(refused.stderr.contains("`--run-stored-programs`"), "{refused:?}");
            }
            // To agree to the program is not to agree to the plan.
            if kind != "development" {
                env.rev(["downgrade", "base", "--run-stored-programs"]).exits(1);
            }
            assert!(!env.path("ran").exists());
            assert_eq!(applied(&db), "p1");
            env.rev(["downgrade", "base", "--yes", "--run-stored-programs"]).success();
            assert!(env.path("ran").exists());
        }
    });
}

#[test]
fn a_program_of_a_file_that_is_there_runs() {
    let db = TestDb::new(Engine::Sqlite);
    let env = with_kind(&db, "shared");
    write_program(&env);
    env.rev(["upgrade", "heads"]).success();
    env.rev(["downgrade", "base"]).success();
    assert!(env.path("ran").exists());
}

#[test]
fn a_terminal_is_asked_about_a_stored_program() {
    let db = TestDb::new(Engine::Sqlite);
    let env = with_kind(&db, "development");
    write_program(&env);
    env.rev(["upgrade", "heads"]).success();
    std::fs::remove_file(env.path("revisions/p1.yaml")).unwrap();
    for (key, code) in [("n", 1), ("y", 0)] {
        let line = format!("echo {key} | script -qec 'rev downgrade base --yes' /dev/null");
        let output = env.shell(&line).exits(code);
        assert!(output.stdout.contains("touch ran"), "{output:?}");
        assert!(output.stdout.contains("Run it? [y/N]"), "{output:?}");
        assert_eq!(env.path("ran").exists(), code == 0);
    }
}

/// Somebody who can write the journal puts a command into the `down` of a revision whose file is there.
#[test]
fn a_derived_down_is_the_files_and_a_stored_one_that_differs_is_an_error() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = with_kind(&db, "development");
        write_program(&env);
        let body = "revision: d1\nparents: [p1]\nmessage: d1\nup: [{create_table: {name: d1, columns: [{name: id, type: integer}]}}]\n";
        env.write("revisions/d1.yaml", body);
        env.rev(["upgrade", "heads"]).success();
        env.rev(["downgrade", "-1"]).success();
        env.rev(["upgrade", "heads"]).success();
        let forged = "(SELECT t FROM (SELECT down AS t FROM rev_text WHERE id = 'p1') AS other)";
        db.execute(&format!("UPDATE rev_text SET down = {forged} WHERE id = 'd1'"));
        let refused = env.rev(["downgrade", "-1", "--yes", "--run-stored-programs"]).exits(1);
        assert!(refused.stderr.contains("its `down` was changed"), "{refused:?}");
        // Whoever can write the journal can write its digests.
        db.execute("UPDATE rev_text SET digests = NULL WHERE id = 'd1'");
        let refused =
            env.rev(["downgrade", "-1", "--yes", "--run-stored-programs", "--json"]).exits(1);
        let error: serde_json::Value = serde_json::from_str(&refused.stderr).unwrap();
        assert_eq!(error["error"]["kind"], "stored_down_differs");
        let refused = env.rev(["downgrade", "-1", "--yes", "--run-stored-programs"]).exits(1);
        assert!(refused.stderr.to_lowercase().contains("drop"), "{refused:?}");
        assert!(refused.stderr.contains("touch ran"), "{refused:?}");
        assert!(!env.path("ran").exists());
        assert_eq!(applied(&db), "p1 d1");
        // The way out: the file says it.
        env.write("revisions/d1.yaml", format!("{body}down: [{{drop_table: {{name: d1}}}}]\n"));
        env.rev(["downgrade", "-1"]).success();
        assert_eq!(applied(&db), "p1");
    });
}

#[test]
fn a_step_that_is_resumed_asks_for_what_only_the_database_stored() {
    let db = TestDb::new(Engine::Sqlite);
    let env = with_kind(&db, "shared");
    let store = env.read("store.yaml");
    env.write("store.yaml", format!("{store}    transaction: none\n"));
    let body = "revision: r1\nmessage: r1\nup:\n  - sql: 'CREATE TABLE r (v integer)'\n  - program: {command: [sh, -c, 'test -e ready && touch ran']}\n  - sql: 'CREATE TABLE s (v integer)'\n";
    env.write("revisions/r1.yaml", body);
    env.rev(["upgrade", "heads"]).exits(1);
    std::fs::remove_file(env.path("revisions/r1.yaml")).unwrap();
    env.write("ready", "");
    let refused = env.rev(["resume", "--not-ran"]).exits(1);
    assert!(refused.stderr.contains("`--run-stored-programs`"), "{refused:?}");
    let refused = env.rev(["resume", "--not-ran", "--run-stored-programs"]).exits(1);
    assert!(refused.stderr.contains("`--yes`"), "{refused:?}");
    assert!(!env.path("ran").exists());
    // With its file back, there is nothing to ask.
    env.write("revisions/r1.yaml", body);
    env.rev(["resume", "--not-ran"]).success();
    assert!(env.path("ran").exists());
    assert_eq!(applied(&db), "r1");
}

#[test]
fn a_stamp_that_forgets_needs_a_yes_on_a_protected_database() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = with_kind(&db, "protected");
        env.table("a1", &[]);
        env.table("b2", &["a1"]);
        env.rev(["stamp", "heads"]).success();
        for arguments in [
            &["stamp", "a1"][..],
            &["stamp", "base"],
            &["stamp", "--purge", "a1"],
            &["stamp", "current-1"],
        ] {
            let refused = env.rev(arguments).exits(1);
            assert!(refused.stderr.contains("the stamp forgets"), "{arguments:?}: {refused:?}");
            assert!(refused.stderr.contains("`--yes`"), "{arguments:?}: {refused:?}");
            assert_eq!(applied(&db), "a1 b2");
        }
        // A dry run, and one that forgets nothing, need none.
        env.rev(["stamp", "base", "--dry-run"]).success();
        env.rev(["stamp", "heads"]).success();
        env.rev(["stamp", "a1", "--yes"]).success();
        assert_eq!(applied(&db), "a1");
    });
}

/// Another migrator, faster than we are: while we are asked, it changes what is applied.
struct Overtaken {
    upgrades: Vec<std::process::Command>,
    asked: Vec<Option<String>>,
    answer: Answer,
}

#[async_trait::async_trait]
impl Reviewer for Overtaken {
    async fn review(&mut self, review: Review<'_>) -> Answer {
        let is_asked = review.question.is_some();
        self.asked.push(review.question);
        // The lock is not held, or this would wait for it in vain.
        if let Some(mut upgrade) = self.upgrades.pop() {
            assert!(upgrade.output().unwrap().status.success());
        }
        if is_asked { self.answer } else { Answer::Yes }
    }
}

#[test]
fn a_stamp_that_was_overtaken_gives_the_lock_back_and_asks() {
    for kind in ["shared", "protected"] {
        for answer in [Answer::Yes, Answer::No, Answer::Nobody] {
            let db = TestDb::new(Engine::Sqlite);
            let env = with_kind(&db, kind);
            let store = env.read("store.yaml");
            env.write("store.yaml", format!("{store}    lock_timeout: 5s\n"));
            env.table("a1", &[]);
            env.table("b2", &["a1"]);
            env.table("c3", &["b2"]);
            let upgrades = vec![env.command(["upgrade", "c3"]), env.command(["upgrade", "b2"])];
            let mut overtaken = Overtaken { upgrades, asked: Vec::new(), answer };
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let outcome = runtime.block_on(async {
                let store = Store::open(&env.dir(), Default::default()).unwrap();
                let settings = store.database("default").await.unwrap();
                let mut database = Database::connect(settings, true).await.unwrap();
                // When it was planned, it forgot nothing.
                let options = StampOptions::default()
                    .targets(["a1".to_owned()])
                    .consent(Consent::default().reviewer(&mut overtaken));
                stamp(&store, &mut database, options, &Cancel::default(), &mut |_| {}).await
            });
            let asked = overtaken.asked;
            let left = applied(&db);
            match (kind, answer) {
                ("protected", _) => {
                    assert_eq!(asked, [None], "it needs --yes, and asks nobody");
                    let error = outcome.unwrap_err().to_string();
                    assert!(error.contains("the stamp forgets 1 applied revision"), "{error}");
                    assert_eq!(left, "a1 b2");
                }
                (_, Answer::Yes) => {
                    // It was overtaken once more while it asked, so that it asked for that, too.
                    let questions: Vec<&str> = asked.iter().flatten().map(String::as_str).collect();
                    assert!(asked.len() >= 3 && asked[0].is_none(), "{asked:?}");
                    assert!(questions.iter().all(|asked| asked.contains("the stamp forgets")));
                    outcome.unwrap();
                    assert_eq!(left, "a1");
                }
                (_, no) => {
                    assert!(asked.len() == 2 && asked[0].is_none(), "{asked:?}");
                    let error = outcome.unwrap_err().to_string();
                    let expected = if no == Answer::No {
                        "the plan was declined"
                    } else {
                        "another migrator has changed"
                    };
                    assert!(error.contains(expected), "{error}");
                    assert_eq!(left, "a1 b2 c3");
                }
            }
        }
    }
}

#[test]
fn a_purge_that_forgets_nothing_needs_no_yes() {
    let db = TestDb::new(Engine::Sqlite);
    let env = with_kind(&db, "protected");
    env.table("a1", &[]);
    env.rev(["stamp", "heads"]).success();
    env.rev(["stamp", "--purge", "heads"]).success();
    assert_eq!(applied(&db), "a1");
}
