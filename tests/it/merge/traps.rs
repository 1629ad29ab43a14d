//! Pairs of changes of which it is known whether they commute.

use super::{env_with, write};
use crate::support::{Engine, Env, TestDb, for_each_engine};

const TABLES: &str = "\
CREATE TABLE t (id integer NOT NULL PRIMARY KEY, v integer NOT NULL, name varchar(40));
CREATE TABLE u (id integer NOT NULL PRIMARY KEY, w integer);";

/// What `rev merge --check` says of two revisions on a base.
fn verdict(env: &Env) -> serde_json::Value {
    let output = env.rev(["merge", "--check", "--json"]);
    let wanted = if output.stdout.contains("\"verdict\": \"conflict\"") { 3 } else { 0 };
    output.exits(wanted).json()["proof"].clone()
}

#[track_caller]
fn assert_verdict(engine: Engine, base: &str, [one, other]: [&str; 2], wanted: &str, said: &str) {
    let db = TestDb::new(engine);
    let env = env_with(&db, base, None);
    write(&env, "a1", "base0", one);
    write(&env, "b1", "base0", other);
    let proof = verdict(&env);
    assert_eq!(proof["verdict"], wanted, "{engine:?} {one} | {other}: {proof:#}");
    assert!(proof.to_string().contains(said), "{engine:?} {one} | {other}: {proof:#}");
}

#[test]
fn what_commutes_is_told_from_what_does_not() {
    for_each_engine(|engine| {
        let view_of_all = if engine == Engine::Sqlite { "replayed" } else { "conflict" };
        for (changes, wanted, said) in [
            (
                [
                    "- add_column: {table: t, column: {name: a, type: text}}",
                    "- add_column: {table: t, column: {name: b, type: text}}",
                ],
                "disjoint",
                "",
            ),
            (
                ["ALTER TABLE t ADD COLUMN a integer;", "ALTER TABLE t ADD COLUMN b integer;"],
                "replayed",
                "columns stand in another order",
            ),
            (
                ["ALTER TABLE t ADD COLUMN a integer;", "ALTER TABLE t ADD COLUMN a integer;"],
                "conflict",
                "fails behind",
            ),
            (
                ["UPDATE t SET v = v * 2;", "UPDATE t SET v = v + 1;"],
                "conflict",
                "rows of t; only with `a1 first`: (id 7001,",
            ),
            (["UPDATE t SET v = v + 2;", "UPDATE t SET v = v + 1;"], "replayed", ""),
            (
                ["UPDATE t SET name = 'x' WHERE v > 1;", "UPDATE t SET v = 0;"],
                "conflict",
                "rows of t",
            ),
            (
                ["ALTER TABLE t RENAME COLUMN v TO n;", "UPDATE t SET v = v + 1;"],
                "conflict",
                "b1 fails behind a1",
            ),
            (
                [
                    "- create_check: {table: t, name: small, sql: 'v < 100'}",
                    "UPDATE t SET v = 1000;",
                ],
                "conflict",
                "b1 fails behind a1",
            ),
            (
                [
                    "CREATE UNIQUE INDEX one_name ON t (name);",
                    "INSERT INTO t VALUES (1, 1, 'x'), (2, 1, 'x');",
                ],
                "conflict",
                "a1 fails behind b1",
            ),
            (
                ["CREATE VIEW all_of_u AS SELECT * FROM u;", "ALTER TABLE u ADD COLUMN x integer;"],
                view_of_all,
                "",
            ),
            (
                [
                    "UPDATE t SET v = 1 WHERE name = 'accounts';",
                    "ALTER TABLE u ADD COLUMN x integer;",
                ],
                "replayed",
                "made up",
            ),
            (
                ["UPDATE t SET v = 1 WHERE v + 1 = 77;", "ALTER TABLE u ADD COLUMN x integer;"],
                "unproven",
                "a1 changed no row when it was replayed",
            ),
            (
                [
                    "- program: {command: ['true']}",
                    "- add_column: {table: t, column: {name: b, type: text}}",
                ],
                "unproven",
                "a1 runs a program",
            ),
            (
                ["DROP TABLE nothing;", "ALTER TABLE u ADD COLUMN x integer;"],
                "unproven",
                "a1 does not run on a scratch database",
            ),
        ] {
            assert_verdict(engine, TABLES, changes, wanted, said);
        }
    });
}

/// What a trigger or a cascading key carries elsewhere is seen by no footprint.
#[test]
fn rows_that_go_on_elsewhere_are_replayed() {
    for_each_engine(|engine| {
        let trigger = match engine {
            Engine::Postgres => {
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN UPDATE u SET w = w + NEW.v; \
                 RETURN NEW; END';\nCREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
            }
            Engine::Sqlite => {
                "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE u SET w = w + NEW.v; END;"
            }
            Engine::Mariadb | Engine::Mysql => {
                "CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW UPDATE u SET w = w + NEW.v;"
            }
        };
        let insert =
            "- bulk_insert: {table: t, columns: {id: integer, v: integer}, rows: [{id: 1, v: 5}]}";
        let doubled = "- backfill: {table: u, key: [id], set: {w: {sql: 'w * 2'}}}";
        let base = format!("{TABLES}\n{trigger}");
        assert_verdict(engine, &base, [insert, doubled], "conflict", "rows of u");

        let tables = "- create_table: {name: t, columns: [{name: id, type: integer, primary_key: true}, {name: v, type: integer}]}\n\
                      - create_table: {name: u, columns: [{name: id, type: integer, primary_key: true}, {name: w, type: integer}]}";
        assert_verdict(engine, tables, [insert, doubled], "disjoint", "");
        let referring = format!(
            "{tables}\n- create_table: {{name: c, columns: [{{name: id, type: integer, primary_key: true}}, \
             {{name: t_id, type: integer}}], constraints: [{{foreign_key: {{name: fk, columns: [t_id], \
             references: {{table: t, columns: [id]}}, on_update: cascade}}}}]}}"
        );
        assert_verdict(engine, &referring, [insert, doubled], "replayed", "");
    });
}

#[test]
fn values_of_an_enum_stand_in_another_order() {
    let base = "CREATE TYPE mood AS ENUM ('a');\nCREATE TABLE t (id integer PRIMARY KEY, m mood);";
    let add = |value: &str| format!("- add_enum_value: {{name: mood, value: {value}}}");
    let (one, other) = (add("b"), add("c"));
    let said = "enum mood: its values stand in another order";
    assert_verdict(Engine::Postgres, base, [&one, &other], "replayed", said);
}

/// Two by two they commute; whichever comes last of the three writes its name.
#[test]
fn three_branches_may_commute_two_by_two_and_not_together() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let base = "CREATE TABLE f (id integer NOT NULL PRIMARY KEY, a integer, b integer, c integer, r varchar(9));";
        let env = env_with(&db, base, Some("INSERT INTO f VALUES (1, 0, 0, 0, '');"));
        let last = |own: &str, [one, other]: [&str; 2]| {
            format!(
                "UPDATE f SET r = CASE WHEN {one} = 1 AND {other} = 1 THEN '{own}' ELSE r END, {own} = 1;"
            )
        };
        write(&env, "a1", "base0", &last("a", ["b", "c"]));
        write(&env, "b1", "base0", &last("b", ["a", "c"]));
        assert_eq!(verdict(&env)["verdict"], "replayed", "{engine:?}");
        write(&env, "c1", "base0", &last("c", ["a", "b"]));
        let proof = verdict(&env);
        assert_eq!(proof["verdict"], "conflict", "{engine:?}: {proof:#}");
        if engine != Engine::Sqlite {
            return;
        }
        let refused = env.rev(["merge"]).exits(1);
        assert!(refused.stderr.contains("do not commute"), "{refused:?}");
        assert_eq!(env.files("revisions").len(), 4);
        env.rev(["merge", "--force"]).success();
        assert_eq!(env.files("revisions").len(), 5, "a conflict has no proof");
    });
}

/// Only what stands on one side alone is looked at.
#[test]
fn branches_that_were_merged_crosswise_are_proven_by_what_is_new() {
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with(&db, TABLES, None);
    write(&env, "a1", "base0", "UPDATE t SET v = v * 2;");
    write(&env, "b1", "base0", "UPDATE t SET v = v + 1;");
    for merge in ["m1", "m2"] {
        write(&env, merge, "a1, b1", "");
    }
    write(&env, "c1", "m1", "- add_column: {table: u, column: {name: c, type: text}}");
    write(&env, "d1", "m2", "- add_column: {table: u, column: {name: d, type: text}}");
    let proof = verdict(&env);
    assert_eq!(proof["verdict"], "disjoint", "{proof:#}");
    assert_eq!(proof["branches"], serde_json::json!([["m1", "c1"], ["m2", "d1"]]), "{proof:#}");
}

#[test]
fn what_the_clock_or_chance_writes_is_not_compared() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let random = match engine {
            Engine::Mariadb | Engine::Mysql => "uuid()",
            Engine::Postgres => "md5(random()::text)",
            Engine::Sqlite => "hex(randomblob(9))",
        };
        let env = env_with(&db, TABLES, None);
        write(&env, "a1", "base0", &format!("UPDATE t SET name = {random};"));
        write(&env, "b1", "base0", "UPDATE t SET v = v + 1;");
        let proof = verdict(&env);
        assert_eq!(proof["verdict"], "replayed", "{engine:?}: {proof:#}");
        assert!(
            proof["notices"][0].as_str().unwrap().contains("not compared: name of t"),
            "{proof:#}"
        );
    });
}

#[test]
fn a_merge_session() {
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with(&db, TABLES, Some("INSERT INTO t VALUES (1, 10, 'ann');"));
    write(&env, "a1", "base0", "UPDATE t SET v = v * 2;");
    write(&env, "b1", "base0", "UPDATE t SET v = v + 1;");
    insta::assert_snapshot!(env.session("
        rev merge
        rev merge --check --format markdown
        sed -i 's/v + 1/v * 3/' revisions/b1.sql
        rev merge --check
        rev merge --rev-id m1
        cat revisions/m1.proof.json
        rev merge
        rev merge --check
        rev upgrade heads
        rev verify
        sed -i 's/v \\* 3/v + 1/' revisions/b1.sql
        rev verify
        rm revisions/m1.proof.json revisions/*_m1_*
        sed -i 's/INSERT/INVERT/' seed.sql
        rev merge --check
        rm seed.sql
        rev merge --check
    "), @r#"
    $ rev merge
    conflict: a1 and b1 do not commute
      conflict: a1 and b1
        revisions/a1.sql:6: sql UPDATE t SET v = v * 2;
        revisions/b1.sql:6: sql UPDATE t SET v = v + 1;
        rows of t; only with `a1 first`: (id 1, name 'ann', v 21); only with `b1 first`: (id 1, name 'ann', v 22)
    ! error: the branches do not commute: nothing was written
    ! hint: let one of the revisions follow the other, or change one so that the order does not matter; `--force` merges them all the same
    [exit 1]

    $ rev merge --check --format markdown
    ### `a1` and `b1` do **not** commute

    **conflict**: `a1` and `b1`

    - revisions/a1.sql:6: sql UPDATE t SET v = v \* 2;
    - revisions/b1.sql:6: sql UPDATE t SET v = v + 1;
    - rows of t; only with `a1 first`: (id 1, name 'ann', v 21); only with `b1 first`: (id 1, name 'ann', v 22)
    [exit 3]

    $ sed -i 's/v + 1/v * 3/' revisions/b1.sql

    $ rev merge --check
    proven: a1 and b1 commute
      replayed: 1 pair of revisions, on sqlite, with the rows of `seed`

    $ rev merge --rev-id m1
    proven: a1 and b1 commute
      replayed: 1 pair of revisions, on sqlite, with the rows of `seed`
    wrote revisions/20260102_m1_merge_a1_and_b1.yaml
    m1 (head) (merge) merge a1 and b1

    $ cat revisions/m1.proof.json
    {
      "format": "proof1",
      "revision": "m1",
      "dialect": "sqlite",
      "server": "sqlite",
      "seed": "seed",
      "verdict": "replayed",
      "disjoint": 0,
      "replayed": 1,
      "lines": [
        {
          "head": "a1",
          "revisions": [
            {
              "revision": "a1",
              "up": "b664c31559a9a4b7ae03b301f17dd24cca11153837ed6227c76132d7fe8000e7"
            }
          ]
        },
        {
          "head": "b1",
          "revisions": [
            {
              "revision": "b1",
              "up": "1cb6fb2e285c1857ec9fde8147b129a9886eac8b9322a329a9a9526db1178a53"
            }
          ]
        }
      ]
    }

    $ rev merge
    nothing to merge: m1 is the only head

    $ rev merge --check
    nothing to merge: m1 is the only head

    $ rev upgrade heads
    ↑ base0 base0
    ↑ a1 a1
    ↑ b1 b1
    ↑ m1 merge a1 and b1
    4 steps, now at m1 (head)
    ! [1/4] up base0 base0
    ! [2/4] up a1 a1
    ! [3/4] up b1 b1
    ! [4/4] up m1 merge a1 and b1

    $ rev verify
    4 applied revisions, all match the files

    $ sed -i 's/v \* 3/v + 1/' revisions/b1.sql

    $ rev verify
    edited: b1 b1
      its `up` differs from what ran: restore the file, or `rev stamp --accept` it
    proof outdated: m1 merge a1 and b1
      its branches or their texts are no longer those that were proven: `rev merge --check` proves them anew
    4 applied revisions, 2 findings
    [exit 3]

    $ rm revisions/m1.proof.json revisions/*_m1_*

    $ sed -i 's/INSERT/INVERT/' seed.sql

    $ rev merge --check
    ! error: the rows of `seed` do not load: near "INVERT": syntax error (1)
    !  --> seed.sql:1:1
    !   |
    ! 1 | INVERT INTO t VALUES (1, 10, 'ann');
    !   | ^^^^^^
    ! state: this was a scratch database; nothing else was changed
    ! hint: correct the file: it is loaded where the branches to merge begin
    [exit 1]

    $ rm seed.sql

    $ rev merge --check
    ! error: seed.sql cannot be read: No such file or directory (os error 2)
    !  --> store.yaml:5
    !   |
    ! 5 |     seed: [seed.sql]
    !   |
    ! hint: write the path of the file from store.yaml's folder
    [exit 1]
    "#);
}
