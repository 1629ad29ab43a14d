//! Comparing with a database that is not where the files are.

use super::env_with_models;
use crate::support::{Engine, Env, TestDb, for_each_engine};

const A: &str = "CREATE TABLE a (id integer PRIMARY KEY);\n";

/// A database that has run `a1`, which makes the models' one table.
fn at_a1(db: &TestDb) -> Env {
    let env = env_with_models(db, A);
    env.write("revisions/a1.sql", revision("a1", "[]", A));
    env.rev(["upgrade", "heads"]).success();
    env
}

fn revision(id: &str, parents: &str, up: &str) -> String {
    format!(
        "-- revision: {id}\n-- parents: {parents}\n-- message: {id}\n\n-- rev: up\n{up}\n\
         -- rev: irreversible\n"
    )
}

#[test]
fn a_colleagues_table_is_not_dropped() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = at_a1(&db);
        let theirs = "CREATE TABLE theirs (id integer PRIMARY KEY);";
        env.write("revisions/b2.sql", revision("b2", "[a1]", theirs));
        env.rev(["upgrade", "heads"]).success();
        db.execute("INSERT INTO theirs VALUES (7)");
        // `git switch` to a branch without it.
        std::fs::remove_file(env.path("revisions/b2.sql")).unwrap();
        let refused = env.rev(["revision", "--autogenerate", "-m", "mine"]).exits(1);
        assert!(refused.stderr.contains("applied, but not in the files: b2"), "{refused:?}");
        for word in ["`rev switch`", "`rev merge`", "`--from-revisions`"] {
            assert!(refused.stderr.contains(word), "{word}: {refused:?}");
        }
        assert_eq!(env.files("revisions"), ["a1.sql"]);
        for (command, code) in [(["check", ""], 3), (["diff", ""], 0), (["verify", "--live"], 3)] {
            let command = command.iter().filter(|word| !word.is_empty());
            let output = env.rev(command).exits(code);
            assert!(output.stdout.contains("b2"), "{output:?}");
        }
        env.rev(["revision", "--autogenerate", "--from-revisions", "-m", "mine"]).success();
        assert_eq!(env.files("revisions"), ["a1.sql"], "no differences");
        assert_eq!(db.value("SELECT id FROM theirs"), "7");
    });
}

/// What each command says of a database, and that nothing is generated from it.
fn looked_at(env: &Env) -> String {
    let before = env.files("revisions");
    let text = env.session(
        "
        rev revision --autogenerate -m mine
        rev check
        rev diff
        rev verify --live
    ",
    );
    assert_eq!(env.files("revisions"), before);
    let json = env.rev(["check", "--json"]).exits(3).json();
    assert_eq!(json["position"]["at_heads"], false);
    text
}

#[test]
fn an_edited_revision() {
    let db = TestDb::new(Engine::Sqlite);
    let env = at_a1(&db);
    env.write("revisions/a1.sql", revision("a1", "[]", "CREATE TABLE a (id integer);\n"));
    insta::assert_snapshot!(looked_at(&env), @r#"
    $ rev revision --autogenerate -m mine
    ! error: the database default does not match the files: the new revision would undo or repeat what other revisions do
    !   edited since applied: a1
    ! hint: restore the edited files, or `rev stamp --accept` them; `--from-revisions` compares with the revisions instead
    [exit 1]

    $ rev check
    no differences: database "default" and the models
    the database default does not match the files:
        edited since applied: a1
        hint: restore the edited files, or `rev stamp --accept` them
    [exit 3]

    $ rev diff
    no difference
    the database default does not match the files:
        edited since applied: a1
        hint: restore the edited files, or `rev stamp --accept` them

    $ rev verify --live
    edited: a1 a1
      its `up` differs from what ran: restore the file, or `rev stamp --accept` it
    1 applied revision, 1 finding
    the schema was not compared: a1 was edited since it was applied, so the expected schema is not known
    [exit 3]
    "#);
}

#[test]
fn a_revision_below_what_is_applied_and_one_with_other_parents() {
    let db = TestDb::new(Engine::Sqlite);
    let env = at_a1(&db);
    env.write("revisions/a0.sql", revision("a0", "[]", "CREATE TABLE a0 (id integer);\n"));
    env.write("revisions/a1.sql", revision("a1", "[a0]", A));
    insta::assert_snapshot!(looked_at(&env), @r#"
    $ rev revision --autogenerate -m mine
    ! error: the database default does not match the files: the new revision would undo or repeat what other revisions do
    !   moved to other parents: a1
    !   missing below what is applied: a0
    ! hint: `rev switch` brings the database to the heads of the files; `--from-revisions` compares with the revisions instead
    [exit 1]

    $ rev check
    no differences: database "default" and the models
    the database default does not match the files:
        moved to other parents: a1
        missing below what is applied: a0
        hint: `rev switch` brings the database to the heads of the files
    [exit 3]

    $ rev diff
    no difference
    the database default does not match the files:
        moved to other parents: a1
        missing below what is applied: a0
        hint: `rev switch` brings the database to the heads of the files

    $ rev verify --live
    moved: a1 a1
      it has other parents in the files: `rev switch` moves the database to them
    gap: a0 a0
      not applied, but its dependents are: `rev upgrade --out-of-order` or `rev switch`
    1 applied revision, 2 findings
    the schema was not compared: a0 is missing below what is applied, so the expected schema is not known
    [exit 3]
    "#);
}

#[test]
fn a_pending_revision() {
    let db = TestDb::new(Engine::Sqlite);
    let env = at_a1(&db);
    // It changes rows alone: the schemas agree.
    env.write("revisions/b2.sql", revision("b2", "[a1]", "UPDATE a SET id = id;\n"));
    insta::assert_snapshot!(looked_at(&env), @r#"
    $ rev revision --autogenerate -m mine
    ! error: the database default does not match the files: the new revision would undo or repeat what other revisions do
    !   pending: b2
    ! hint: `rev upgrade heads` applies what is pending; `--from-revisions` compares with the revisions instead
    [exit 1]

    $ rev check
    no differences: database "default" and the models
    the database default does not match the files:
        pending: b2
        hint: `rev upgrade heads` applies what is pending
    [exit 3]

    $ rev diff
    no difference
    the database default does not match the files:
        pending: b2
        hint: `rev upgrade heads` applies what is pending

    $ rev verify --live
    1 applied revision, all match the files
    no differences: the database and its revisions
    "#);
}

#[test]
fn an_interrupted_step() {
    let db = TestDb::new(Engine::Sqlite);
    let env = at_a1(&db);
    let config =
        env.read("store.yaml").replace("    schema:", "    transaction: none\n    schema:");
    env.write("store.yaml", config);
    env.write(
        "revisions/b2.sql",
        revision("b2", "[a1]", "CREATE TABLE b (id integer);\nBROKEN;\n"),
    );
    env.rev(["upgrade", "heads"]).exits(1);
    insta::assert_snapshot!(looked_at(&env), @r#"
    $ rev revision --autogenerate -m mine
    ! error: the database default does not match the files: the new revision would undo or repeat what other revisions do
    !   partially applied: up b2: 1 of 2 statements are done; statement 2 failed: near "BROKEN": syntax error
    !   pending: b2
    ! hint: `rev resume` completes the step; `--from-revisions` compares with the revisions instead
    [exit 1]

    $ rev check
    ! drop_table b
        loses the rows of b
    1 difference: database "default" and the models
    the database default does not match the files:
        partially applied: up b2: 1 of 2 statements are done; statement 2 failed: near "BROKEN": syntax error
        pending: b2
        hint: `rev resume` completes the step
    [exit 3]

    $ rev diff
    ! drop_table b
        loses the rows of b
    the database default does not match the files:
        partially applied: up b2: 1 of 2 statements are done; statement 2 failed: near "BROKEN": syntax error
        pending: b2
        hint: `rev resume` completes the step

    $ rev verify --live
    partially applied: up b2: 1 of 2 statements done; database error: near "BROKEN": syntax error
      `rev resume` completes it
    1 applied revision, all match the files
    + create_table b (1 column)
    the database differs from its revisions: these changes were made outside of them
    [exit 3]
    "#);
}

#[test]
fn a_database_that_is_where_the_files_are_is_compared() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = at_a1(&db);
        env.rev(["check"]).success();
        env.rev(["verify", "--live"]).success();
        // A `down` that was edited does not change what the database is.
        let edited = env.read("revisions/a1.sql").replace("irreversible", "down\nDROP TABLE a;");
        env.write("revisions/a1.sql", edited);
        env.rev(["check"]).success();
        env.write("models.sql", format!("{A}CREATE TABLE b (id integer PRIMARY KEY);\n"));
        env.rev(["revision", "--autogenerate", "-m", "b"]).success();
    });
}
