//! `rev switch` and its neighbours: parallel lines, gaps, moved revisions, files that are gone.

use insta::{allow_duplicates, assert_snapshot};

use super::support::{Engine, Env, TestDb, for_each_engine};

/// a1 - {b2 (left), c3 - d4 (right)}
fn two_lines(db: &TestDb) -> Env {
    let env = Env::with_database(db);
    env.table("a1", &[]);
    let up = |id| format!("CREATE TABLE {id} (v integer);");
    let down = |id| format!("DROP TABLE {id};");
    env.revision_with("b2", &["a1"], "make b2", "labels: [left]", &up("b2"), &down("b2"));
    env.revision_with("c3", &["a1"], "make c3", "labels: [right]", &up("c3"), &down("c3"));
    env.table("d4", &["c3"]);
    env
}

fn applied(db: &TestDb) -> String {
    let rows = db.query("SELECT id FROM rev_applied ORDER BY id");
    rows.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The tables that are there of those that the revisions make.
fn tables(db: &TestDb) -> String {
    let there = |table: &&str| db.try_execute(&format!("SELECT * FROM {table}")).is_ok();
    ["a1", "b2", "c3", "d4", "e5"].into_iter().filter(there).collect::<Vec<_>>().join(" ")
}

#[test]
fn between_parallel_lines() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = two_lines(&db);
        let text = env.session(
            "rev switch left@head
             rev switch right@head --dry-run
             rev switch right@head
             rev current
             rev switch
             rev switch
             rev switch a1
             rev switch base",
        );
        allow_duplicates!(assert_snapshot!(text, @"
        $ rev switch left@head
        ↑ a1 make a1
        ↑ b2 make b2
        2 steps, now at b2 (head)
        ! [1/2] up a1 make a1
        ! [2/2] up b2 make b2

        $ rev switch right@head --dry-run
        ↓ b2 make b2  ! destructive
        ↑ c3 make c3
        ↑ d4 make d4
        3 steps would lead to d4 (head); nothing was changed

        $ rev switch right@head
        ↓ b2 make b2
        ↑ c3 make c3
        ↑ d4 make d4
        3 steps, now at d4 (head)
        ! [1/3] down b2 make b2
        ! [2/3] up c3 make c3
        ! [3/3] up d4 make d4

        $ rev current
        d4 (right) (head) make d4

        $ rev switch
        ↑ b2 make b2
        1 step, now at b2 (head), d4 (head)
        ! [1/1] up b2 make b2

        $ rev switch
        nothing to do: at b2 (head), d4 (head)

        $ rev switch a1
        ↓ b2 make b2
        ↓ d4 make d4
        ↓ c3 make c3
        3 steps, now at a1
        ! [1/3] down b2 make b2
        ! [2/3] down d4 make d4
        ! [3/3] down c3 make c3

        $ rev switch base
        ↓ a1 make a1
        1 step, now at base
        ! [1/1] down a1 make a1
        "));
        assert_eq!((applied(&db).as_str(), tables(&db).as_str()), ("", ""));
    });
}

#[test]
fn a_revision_slipped_in_below_is_a_gap() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        env.table("a1", &[]);
        env.table("c3", &["a1"]);
        env.rev(["upgrade", "heads"]).success();
        env.table("b2", &["a1"]);
        env.table("c3", &["b2"]);
        let text = env.session(
            "rev current
             rev current --check-heads
             rev current --json
             rev status | sed 1d
             rev upgrade heads
             rev verify
             rev upgrade heads --out-of-order --dry-run
             rev switch
             rev current --check-heads
             rev journal -n 1",
        );
        allow_duplicates!(assert_snapshot!(text, @r#"
        $ rev current
        c3 (head) make c3
        ^b2 (missing)

        $ rev current --check-heads
        c3 (head) make c3
        ^b2 (missing)
        [exit 3]

        $ rev current --json
        {
          "database": "default",
          "heads": [
            "c3"
          ],
          "missing": [
            "b2"
          ],
          "applied": 2,
          "pending": 1
        }

        $ rev status | sed 1d
        at c3 (head) ^b2, 2 revisions applied

        missing below what is applied: 1 (`rev upgrade heads --out-of-order` applies them now; `rev switch` downgrades first and applies all in order)
          b2 make b2

        moved to other parents: 1 (`rev switch` moves the database to them)
          c3 make c3

        $ rev upgrade heads
        ! error: a revision is missing below what is applied
        !   b2 is missing below c3
        !   b2 may not commute with c3: what one of them runs is not known to leave the other alone
        ! state: nothing was changed
        ! hint: `--out-of-order` applies them now; `rev switch` downgrades first and applies all in order
        [exit 1]

        $ rev verify
        moved: c3 make c3
          it has other parents in the files: `rev switch` moves the database to them
        gap: b2 make b2
          not applied, but its dependents are: `rev upgrade --out-of-order` or `rev switch`
        2 applied revisions, 2 findings
        [exit 3]

        $ rev upgrade heads --out-of-order --dry-run
        ↑ b2 make b2
        1 step would lead to b2, c3 (head); nothing was changed

        $ rev switch
        ↓ c3 make c3
        ↑ b2 make b2
        ↑ c3 make c3
        3 steps, now at c3 (head)
        ! [1/3] down c3 make c3
        ! [2/3] up b2 make b2
        ! [3/3] up c3 make c3

        $ rev current --check-heads
        c3 (head) make c3

        $ rev journal -n 1
        @{0} 2026-01-02T03:04:05Z tester@[HOST] run [RUN]
          ↓ c3 make c3
          ↑ b2 make b2
          ↑ c3 make c3
        "#));
        assert_eq!((applied(&db).as_str(), tables(&db).as_str()), ("a1 b2 c3", "a1 b2 c3"));
    });
}

#[test]
fn out_of_order_runs_the_gap_now() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        env.table("a1", &[]);
        env.table("c3", &["a1"]);
        env.rev(["upgrade", "heads"]).success();
        env.table("b2", &["a1"]);
        env.table("c3", &["b2"]);
        let output = env.rev(["upgrade", "heads", "--out-of-order"]).success();
        allow_duplicates!(assert_snapshot!(output.snapshot(), @r"
        ↑ b2 make b2
        1 step, now at b2, c3 (head)
        ! [1/1] up b2 make b2
        "));
        assert_eq!((applied(&db).as_str(), tables(&db).as_str()), ("a1 b2 c3", "a1 b2 c3"));
    });
}

#[test]
fn a_moved_revision_is_led_over() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = two_lines(&db);
        env.rev(["upgrade", "heads"]).success();
        // c3 is rebased onto b2, which is applied: nothing needs to run.
        let header = "labels: [right]";
        env.revision_with(
            "c3",
            &["b2"],
            "make c3",
            header,
            "CREATE TABLE c3 (v integer);",
            "DROP TABLE c3;",
        );
        let text = env.session(
            "rev verify
             rev switch
             rev verify
             rev current",
        );
        allow_duplicates!(assert_snapshot!(text, @r"
        $ rev verify
        moved: c3 make c3
          it has other parents in the files: `rev switch` moves the database to them
        4 applied revisions, 1 finding
        [exit 3]

        $ rev switch
        → c3 now has the parents named in its file
        1 revision moved, now at d4 (head)

        $ rev verify
        4 applied revisions, all match the files

        $ rev current
        d4 (left, right) (head) make d4
        "));
        assert_eq!(db.value("SELECT parents FROM rev_applied WHERE id = 'c3'"), "b2");
    });
}

#[test]
fn a_revision_whose_file_is_gone_goes_down_by_what_was_stored() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = two_lines(&db);
        env.rev(["upgrade", "heads"]).success();
        env.remove_revision("d4");
        let text = env.session(
            "rev current
             rev verify
             rev upgrade heads
             rev switch --dry-run
             rev switch
             rev switch --yes
             rev verify",
        );
        allow_duplicates!(assert_snapshot!(text, @"
        $ rev current
        b2 (left) (head) make b2
        d4 (not in the files)

        $ rev verify
        unknown: d4
          applied, but not in the files; the database has its text
        4 applied revisions, 1 finding
        [exit 3]

        $ rev upgrade heads
        nothing to do: at b2 (head), d4
        ! note: the database is ahead of the files by 1 revision: d4

        $ rev switch --dry-run
        ↓ d4 make d4  ! destructive
        1 step would lead to b2 (head), c3 (head); nothing was changed

        $ rev switch
        ! note: no file here contains what down d4 runs; this is the stored text:
        !   | DROP TABLE d4
        ! error: down d4 would run what only the database default stored: no file here has the same text
        ! hint: check out the file of the revision; or confirm what is shown with `--yes`
        [exit 1]

        $ rev switch --yes
        ↓ d4 make d4
        1 step, now at b2 (head), c3 (head)
        ! note: no file here contains what down d4 runs; this is the stored text:
        !   | DROP TABLE d4
        ! [1/1] down d4 make d4

        $ rev verify
        3 applied revisions, all match the files
        "));
        assert_eq!((applied(&db).as_str(), tables(&db).as_str()), ("a1 b2 c3", "a1 b2 c3"));
    });
}

#[test]
fn back_to_an_earlier_state() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = two_lines(&db);
        env.rev(["upgrade", "left@head"]).success();
        env.rev(["upgrade", "right@head"]).success();
        env.rev(["switch", "@{1}"]).success();
        assert_eq!(applied(&db), "a1 b2");
        env.rev(["switch", "@{1}"]).success();
        assert_eq!(applied(&db), "a1 b2 c3 d4");
        assert_eq!(tables(&db), "a1 b2 c3 d4");
    });
}

#[test]
fn a_revision_without_file_or_stored_text_is_lost() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = two_lines(&db);
        env.rev(["upgrade", "heads"]).success();
        env.remove_revision("d4");
        db.execute("DELETE FROM rev_text WHERE id = 'd4'");
        let text = env.session(
            "rev verify
             rev switch
             rev upgrade heads
             rev stamp --purge heads --yes
             rev verify",
        );
        allow_duplicates!(assert_snapshot!(text, @r"
        $ rev verify
        lost: d4
          applied, but not in the files, and the database has no text of it: it cannot be downgraded
        4 applied revisions, 1 finding
        [exit 3]

        $ rev switch
        ! error: the file of d4 is missing and this database has no text of it
        ! state: nothing was changed
        ! hint: check out the files that hold d4, and try again
        [exit 1]

        $ rev upgrade heads
        nothing to do: at b2 (head), d4
        ! note: the database is ahead of the files by 1 revision: d4

        $ rev stamp --purge heads --yes
        ↓ d4
        1 step, now at b2 (head), c3 (head)

        $ rev verify
        3 applied revisions, all match the files
        "));
        assert_eq!(tables(&db), "a1 b2 c3 d4", "nothing ran");
    });
}

#[test]
fn an_edited_revision_goes_down_by_what_was_stored() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = two_lines(&db);
        env.rev(["upgrade", "heads"]).success();
        let drop = "DROP TABLE d4; DROP TABLE never_made;";
        env.revision("d4", &["c3"], "make d4", "CREATE TABLE d4 (v bigint);", drop);
        let text = env.session(
            "rev switch b2 c3 --yes
             rev upgrade heads
             rev verify",
        );
        allow_duplicates!(assert_snapshot!(text, @"
        $ rev switch b2 c3 --yes
        ↓ d4 make d4
        1 step, now at b2 (head), c3
        ! note: d4: the file's `up` differs from what ran; the stored `down` is used
        ! note: no file here contains what down d4 runs; this is the stored text:
        !   | DROP TABLE d4
        ! [1/1] down d4 make d4

        $ rev upgrade heads
        ↑ d4 make d4
        1 step, now at b2 (head), d4 (head)
        ! [1/1] up d4 make d4

        $ rev verify
        4 applied revisions, all match the files
        "));
    });
}

#[test]
fn a_plan_made_anew_may_destroy_more_only_with_agreement() {
    use revdag::internals::graph::Request;
    use revdag::internals::run::{self, Agreed, Cancel, Database};
    use revdag::store::Store;

    for agreed in [false, true] {
        let db = TestDb::new(Engine::Sqlite);
        let env = Env::new();
        env.write(
            "store.yaml",
            format!("databases:\n  default:\n    url: {}\n    kind: shared\n", db.url()),
        );
        env.table("a1", &[]);
        env.table("b2", &["a1"]);
        env.rev(["upgrade", "heads"]).success();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let outcome = runtime.block_on(async {
            let store = Store::open(&env.dir(), Default::default()).unwrap();
            let settings = store.database("default").await.unwrap();
            let mut database = Database::connect(settings, true).await.unwrap();
            let journal = database.connection.read_journal().await.unwrap().unwrap();
            let request = Request::Downgrade { targets: vec!["-1".to_owned()] };
            let prepared = run::prepare(&store, &mut database, &journal, &request).await.unwrap();
            // Another migrator is faster, and takes back what was agreed to.
            env.rev(["downgrade", "-1", "--yes"]).success();
            let (cancel, mut events) = (Cancel::default(), |_| {});
            let agreed = match agreed {
                true => Agreed { all: true, ..Agreed::default() },
                false => Agreed { shown: prepared.concerns(), ..Agreed::default() },
            };
            run::execute(&store, &mut database, &request, prepared, &agreed, &cancel, &mut events)
                .await
        });
        let left = db.query("SELECT id FROM rev_applied").concat();
        match agreed {
            true => assert!(outcome.is_ok() && left.is_empty(), "{outcome:?} {left:?}"),
            false => {
                let error = outcome.unwrap_err().to_string();
                assert!(error.contains("down a1 is destructive"), "{error}");
                assert_eq!(left, ["a1"]);
            }
        }
    }
}
