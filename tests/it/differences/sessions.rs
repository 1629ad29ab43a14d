//! Whole sessions.

use super::env_with_models;
use crate::support::{Engine, Env, TestDb};

const SHOP: &str = "\
CREATE TABLE customer (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE
);
CREATE TABLE \"order\" (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  total NUMERIC NOT NULL DEFAULT 0 CHECK (total >= 0)
);
CREATE INDEX order_customer ON \"order\" (customer_id);
CREATE VIEW spent AS SELECT customer_id, sum(total) AS total FROM \"order\" GROUP BY customer_id;
";

#[test]
fn models_become_a_revision() {
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with_models(&db, SHOP);
    insta::assert_snapshot!(env.session("
        rev check
        rev revision --autogenerate -m 'the shop'
        cat revisions/*.yaml
        rev upgrade heads
        rev check
        rev --json check
        rev revision --autogenerate -m 'nothing'
        ls revisions | wc -l
    "), @r#"
    $ rev check
    + create_table customer (2 columns, 2 constraints)
    + create_table order (3 columns, 3 constraints, 1 index)
    + create_view spent: SELECT customer_id, sum(total) AS total FROM "order" GROUP B…
    3 differences: the revisions and the models (`rev revision --autogenerate` writes a revision)
    [exit 3]

    $ rev revision --autogenerate -m 'the shop'
    + create_table customer (2 columns, 2 constraints)
    + create_table order (3 columns, 3 constraints, 1 index)
    + create_view spent: SELECT customer_id, sum(total) AS total FROM "order" GROUP B…
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_e25357d6e2ad_the_shop.yaml
    e25357d6e2ad (head) the shop

    $ cat revisions/*.yaml
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: e25357d6e2ad
    parents: []
    message: the shop
    created: 2026-01-02T03:04:05Z
    up:
      - create_table:
          name: customer
          columns:
            - {name: id, type: INTEGER, nullable: false}
            - {name: email, type: TEXT, nullable: false}
          constraints:
            - primary_key: {columns: [id]}
            - unique: {columns: [email]}
      - create_table:
          name: order
          columns:
            - {name: id, type: INTEGER, nullable: false}
            - {name: customer_id, type: INTEGER, nullable: false}
            - {name: total, type: NUMERIC, nullable: false, default: {sql: "0"}}
          constraints:
            - primary_key: {columns: [id]}
            - foreign_key:
                columns: [customer_id]
                references: {table: customer, columns: [id]}
                on_delete: cascade
            - check: {sql: "total >= 0"}
          indexes:
            - {name: order_customer, columns: [customer_id]}
      - create_view:
          name: spent
          query: |-
            SELECT customer_id, sum(total) AS total FROM "order" GROUP BY customer_id

    $ rev upgrade heads
    ↑ e25357d6e2ad the shop
    1 step, now at e25357d6e2ad (head)
    ! [1/1] up e25357d6e2ad the shop

    $ rev check
    no differences: database "default" and the models

    $ rev --json check
    {
      "changes": [],
      "not_made": [],
      "possible_renames": [],
      "notices": [],
      "database": "default",
      "against": "database",
      "equal": true,
      "position": {
        "database": "default",
        "at_heads": true,
        "pending": [],
        "missing": [],
        "moved": [],
        "edited": [],
        "unknown": [],
        "interrupted": null
      }
    }

    $ rev revision --autogenerate -m 'nothing'
    no differences: database "default" and the models; nothing to write

    $ ls revisions | wc -l
    1
    "#);
}

#[test]
fn what_changes_is_shown_before_it_is_written() {
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with_models(&db, SHOP);
    env.session("rev revision --autogenerate -m shop\nrev upgrade heads");
    let changed = SHOP
        .replace("email TEXT NOT NULL UNIQUE", "email TEXT NOT NULL UNIQUE,\n  name TEXT")
        .replace("ON DELETE CASCADE", "ON DELETE RESTRICT")
        .replace("CREATE INDEX order_customer ON \"order\" (customer_id);\n", "");
    env.write("models.sql", changed);
    insta::assert_snapshot!(env.session("
        rev diff
        rev diff models db:
        rev --json diff base heads
        rev diff heads db:
        rev check --from-revisions
        rev check --only customer
        rev check --only 'view:*'
        rev revision --autogenerate --only customer -m 'names of customers'
        rev upgrade heads
        rev revision --autogenerate --from-revisions -m 'the rest'
        rev upgrade heads
        rev check
        rev downgrade base --yes
        rev schema
    "), @r#"
    $ rev diff
    ! drop_constraint the foreign key on order
    + add_column customer.name TEXT
    ! drop_index order_customer on order
    + create_foreign_key on order (customer_id) to customer (id)

    $ rev diff models db:
    ! drop_constraint the foreign key on order
    ! drop_column customer.name
        loses the values of customer.name
    + create_index order_customer on order (customer_id)
    + create_foreign_key on order (customer_id) to customer (id)

    $ rev --json diff base heads
    {
      "changes": [
        {
          "object": "table customer",
          "summary": "create_table customer (2 columns, 2 constraints)",
          "operation": {
            "create_table": {
              "name": "customer",
              "columns": [
                {
                  "name": "id",
                  "type": "INTEGER",
                  "nullable": false
                },
                {
                  "name": "email",
                  "type": "TEXT",
                  "nullable": false
                }
              ],
              "constraints": [
                {
                  "primary_key": {
                    "columns": [
                      "id"
                    ]
                  }
                },
                {
                  "unique": {
                    "columns": [
                      "email"
                    ]
                  }
                }
              ]
            }
          },
          "effect": "additive",
          "destroys": null
        },
        {
          "object": "table order",
          "summary": "create_table order (3 columns, 3 constraints, 1 index)",
          "operation": {
            "create_table": {
              "name": "order",
              "columns": [
                {
                  "name": "id",
                  "type": "INTEGER",
                  "nullable": false
                },
                {
                  "name": "customer_id",
                  "type": "INTEGER",
                  "nullable": false
                },
                {
                  "name": "total",
                  "type": "NUMERIC",
                  "nullable": false,
                  "default": {
                    "sql": "0"
                  }
                }
              ],
              "constraints": [
                {
                  "primary_key": {
                    "columns": [
                      "id"
                    ]
                  }
                },
                {
                  "foreign_key": {
                    "columns": [
                      "customer_id"
                    ],
                    "references": {
                      "table": "customer",
                      "columns": [
                        "id"
                      ]
                    },
                    "on_delete": "cascade"
                  }
                },
                {
                  "check": {
                    "sql": "total >= 0"
                  }
                }
              ],
              "indexes": [
                {
                  "name": "order_customer",
                  "columns": [
                    "customer_id"
                  ]
                }
              ]
            }
          },
          "effect": "additive",
          "destroys": null
        },
        {
          "object": "view spent",
          "summary": "create_view spent: SELECT customer_id, sum(total) AS total FROM \"order\" GROUP B…",
          "operation": {
            "create_view": {
              "name": "spent",
              "query": "SELECT customer_id, sum(total) AS total FROM \"order\" GROUP BY customer_id"
            }
          },
          "effect": "additive",
          "destroys": null
        }
      ],
      "not_made": [],
      "possible_renames": [],
      "notices": [],
      "equal": false,
      "positions": []
    }

    $ rev diff heads db:
    no difference

    $ rev check --from-revisions
    ! drop_constraint the foreign key on order
    + add_column customer.name TEXT
    ! drop_index order_customer on order
    + create_foreign_key on order (customer_id) to customer (id)
    4 differences: the revisions and the models (`rev revision --autogenerate` writes a revision)
    [exit 3]

    $ rev check --only customer
    + add_column customer.name TEXT
    1 difference: database "default" and the models (`rev revision --autogenerate` writes a revision)
    [exit 3]

    $ rev check --only 'view:*'
    no differences: database "default" and the models

    $ rev revision --autogenerate --only customer -m 'names of customers'
    + add_column customer.name TEXT
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_d5b59faa799d_names_of_customers.yaml
    d5b59faa799d (head) names of customers

    $ rev upgrade heads
    ↑ d5b59faa799d names of customers
    1 step, now at d5b59faa799d (head)
    ! [1/1] up d5b59faa799d names of customers

    $ rev revision --autogenerate --from-revisions -m 'the rest'
    ! drop_constraint the foreign key on order
    ! drop_index order_customer on order
    + create_foreign_key on order (customer_id) to customer (id)
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_d30f8d123bbe_the_rest.yaml
    d30f8d123bbe (head) the rest

    $ rev upgrade heads
    ↑ d30f8d123bbe the rest
    1 step, now at d30f8d123bbe (head)
    ! [1/1] up d30f8d123bbe the rest

    $ rev check
    no differences: database "default" and the models

    $ rev downgrade base --yes
    ↓ d30f8d123bbe the rest
    ↓ d5b59faa799d names of customers
    ↓ baf424e6c74b shop
    3 steps, now at base
    ! [1/3] down d30f8d123bbe the rest
    ! [2/3] down d5b59faa799d names of customers
    ! [3/3] down baf424e6c74b shop

    $ rev schema
    "#);
}

#[test]
fn a_rename_is_asked_told_in_a_comment_or_given() {
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with_models(&db, "CREATE TABLE person (id INTEGER PRIMARY KEY, mail TEXT);\n");
    env.session("rev revision --autogenerate -m person\nrev upgrade heads");
    env.write("models.sql", "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT);\n");
    insta::assert_snapshot!(env.session("
        rev revision --autogenerate -m 'email' --rev-id told
        cat revisions/*told*
        rm revisions/*told*
        rev revision --autogenerate -m 'email' --rev-id given --rename column:person.mail:email
        cat revisions/*given*
        rev upgrade heads
        rev check
        rev revision --autogenerate -m 'no' --rename column:person.tel:phone
        rev revision --autogenerate -m 'no' --rename person:people
    "), @r#"
    $ rev revision --autogenerate -m 'email' --rev-id told
    + add_column person.email TEXT
    ! drop_column person.mail
        loses the values of person.mail
    possible rename: --rename column:person.mail:email (the same type, the same place, a similar name)
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_told_email.yaml
    told (head) email

    $ cat revisions/*told*
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: told
    parents: [baf424e6c74b]
    message: email
    created: 2026-01-02T03:04:05Z
    # possible rename: --rename column:person.mail:email (the same type, the same place, a similar name)
    up:
      - add_column:
          table: person
          column: {name: email, type: TEXT}
      - drop_column:
          table: person
          column: mail
          was: {name: mail, type: TEXT}

    $ rm revisions/*told*

    $ rev revision --autogenerate -m 'email' --rev-id given --rename column:person.mail:email
    ~ alter_column person.mail rename to email
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_given_email.yaml
    given (head) email

    $ cat revisions/*given*
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: given
    parents: [baf424e6c74b]
    message: email
    created: 2026-01-02T03:04:05Z
    up:
      - alter_column:
          table: person
          column: mail
          rename: email

    $ rev upgrade heads
    ↑ given email
    1 step, now at given (head)
    ! [1/1] up given email

    $ rev check
    no differences: database "default" and the models

    $ rev revision --autogenerate -m 'no' --rename column:person.tel:phone
    ! error: `--rename`: there is no column person.tel
    ! hint: correct the name, or omit it
    [exit 1]

    $ rev revision --autogenerate -m 'no' --rename person:people
    ! error: invalid value 'person:people' for '--rename <RENAME>': it is written table:OLD:NEW, column:TABLE.OLD:NEW or value:ENUM.OLD:NEW
    ! 
    ! For more information, try '--help'.
    [exit 2]
    "#);
}

#[test]
fn a_database_that_exists_is_taken_over() {
    let db = TestDb::new(Engine::Sqlite);
    db.execute(SHOP);
    let env = Env::new();
    insta::assert_snapshot!(env.session(&format!("
        rev init --from {url}
        cat store.yaml
        rev current
        rev verify --live
        rev schema --only customer
        rev schema --only customer --format yaml
        rev schema --at heads --only order_customer --format json
        sqlite3 {file} 'DROP INDEX order_customer; ALTER TABLE customer ADD COLUMN tel TEXT'
        rev verify --live
        rev init --from {url}
    ", url = db.url(), file = db.url().trim_start_matches("sqlite://"))), @r#"
    $ rev init --from sqlite://[TMP]/test.db
    created revisions/
    created revisions/.gitkeep
    created .rev/store.schema.json
    created .rev/revision.schema.json
    created .gitignore
    created store.yaml
    created revisions/20260102_d3f835b3acaf_baseline.yaml
    d3f835b3acaf (head) baseline
    3 operations, recorded as applied

    $ cat store.yaml
    # yaml-language-server: $schema=.rev/store.schema.json

    # What tells this store from others; a database keeps it.
    id: baf424e6c74b68c5dd5d7937

    # Folders, searched recursively. A new revision goes to the first, unless --folder is given.
    revisions: [revisions]

    # format: yaml                        # of new revisions: yaml or sql
    # file_name: "{date}_{id}_{slug}"     # also {datetime} {epoch} {year} {month} {day} {hour} {minute} {second}
    # timezone: UTC                       # of the times in file names
    # hooks:                              # commands to run on each new file
    #   - [sqlfluff, fix, "{path}"]

    databases:
      default:
        # From the environment, or from .env beside this file. Other forms:
        #   postgres://user@host/name, mysql://user@host/name, {file: /run/secrets/url}, {command: [pass, url]}
        url: "sqlite://[TMP]/test.db"
        # development never asks, shared asks on a terminal before a dangerous plan, protected needs --yes.
        kind: shared

    $ rev current
    d3f835b3acaf (head) baseline

    $ rev verify --live
    1 applied revision, all match the files
    no differences: the database and its revisions

    $ rev schema --only customer
    CREATE TABLE customer (
      id INTEGER NOT NULL,
      email TEXT NOT NULL,
      PRIMARY KEY (id),
      UNIQUE (email)
    );

    $ rev schema --only customer --format yaml
    - create_table:
        name: customer
        columns:
          - {name: id, type: INTEGER, nullable: false}
          - {name: email, type: TEXT, nullable: false}
        constraints:
          - primary_key: {columns: [id]}
          - unique: {columns: [email]}

    $ rev schema --at heads --only order_customer --format json
    {
      "dialect": "sqlite",
      "operations": [],
      "unseen": []
    }

    $ sqlite3 [TMP]/test.db 'DROP INDEX order_customer; ALTER TABLE customer ADD COLUMN tel TEXT'

    $ rev verify --live
    1 applied revision, all match the files
    + add_column customer.tel TEXT
    ! drop_index order_customer on order
    the database differs from its revisions: these changes were made outside of them
    [exit 3]

    $ rev init --from sqlite://[TMP]/test.db
    ! error: store.yaml already exists
    ! hint: `rev status` shows the store that it describes
    [exit 1]
    "#);
}

#[test]
fn models_that_cannot_be_used_are_told_and_change_nothing() {
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with_models(&db, "CREATE TABLE a (id INT);\n\nCREATE TABLE b (id INT,);\n");
    let models = |source: &str| {
        env.write(
            "store.yaml",
            format!(
                "databases:\n  default:\n    url: {}\n    schema:\n      - {source}\n",
                db.url()
            ),
        );
    };
    let mut text = env.session("rev check");
    env.write("models.sql", "CREATE TABLE a (id INT);\nATTACH 'other.db' AS other;\n");
    text += &env.session("rev check");
    for source in [
        "file: none.sql",
        "program: [sh, -c, 'echo no such module >&2; exit 3']",
        "program: [sh, -c, ':']",
        "program: [sleep, '60']\n        timeout: 300ms",
        "program: [no-such-program]",
    ] {
        models(source);
        text += &env.session("rev revision --autogenerate -m x");
    }
    env.write("store.yaml", format!("databases:\n  default:\n    url: {}\n", db.url()));
    text += &env.session("rev check\nls revisions\nls");
    insta::assert_snapshot!(text, @r#"
    $ rev check
    ! error: the desired schema does not load: near ")": syntax error (1)
    !  --> models.sql:3:24
    !   |
    ! 3 | CREATE TABLE b (id INT,);
    !   |                        ^
    ! state: this was a scratch database; nothing else was changed
    ! hint: correct the models
    [exit 1]

    $ rev check
    ! error: the desired schema does not load: the statement attaches another file
    !  --> models.sql:2
    !   |
    ! 2 | ATTACH 'other.db' AS other;
    !   |
    ! state: this was a scratch database; nothing else was changed
    ! hint: statements that reach outside of their database are not run in a scratch database
    [exit 1]

    $ rev revision --autogenerate -m x
    ! error: none.sql cannot be read: No such file or directory (os error 2)
    !  --> store.yaml:5
    !   |
    ! 5 |       - file: none.sql
    !   |
    ! hint: write the path of the file from store.yaml's folder
    [exit 1]

    $ rev revision --autogenerate -m x
    ! error: `sh -c echo no such module >&2; exit 3` ended with exit status: 3
    !  --> store.yaml:5
    !   |
    ! 5 |       - program: [sh, -c, 'echo no such module >&2; exit 3']
    !   |
    !   output:
    !   no such module
    ! state: nothing was changed
    ! hint: run it by hand in the store's folder
    [exit 1]

    $ rev revision --autogenerate -m x
    ! error: `sh -c :` printed nothing
    !  --> store.yaml:5
    !   |
    ! 5 |       - program: [sh, -c, ':']
    !   |
    ! state: nothing was changed
    ! hint: it prints the SQL that creates the schema, and nothing else
    [exit 1]

    $ rev revision --autogenerate -m x
    ! error: `sleep 60` ran for more than [TIME], and was stopped
    !  --> store.yaml:5
    !   |
    ! 5 |       - program: [sleep, '60']
    !   |
    ! state: nothing was changed
    ! hint: `timeout` beside `program` gives it more time
    [exit 1]

    $ rev revision --autogenerate -m x
    ! error: `no-such-program` does not run: No such file or directory (os error 2)
    !  --> store.yaml:5
    !   |
    ! 5 |       - program: [no-such-program]
    !   |
    ! state: nothing was changed
    ! hint: it runs in the store's folder, by its name in PATH or its path from there
    [exit 1]

    $ rev check
    ! error: store.yaml has no desired schema for the database default
    ! hint: write `schema: [{file: schema.sql}]` under databases.default, or `- {program: [python, print_ddl.py]}` for what prints the SQL of your models
    [exit 1]

    $ ls revisions

    $ ls
    models.sql
    revisions
    store.yaml
    "#);
}

#[test]
fn what_is_left_out_stays_as_it_is() {
    let db = TestDb::new(Engine::Postgres);
    db.execute(
        "CREATE SCHEMA audit; CREATE TABLE audit.log (id int); CREATE TABLE tmp_a (id int);",
    );
    let env = env_with_models(&db, "CREATE TABLE a (id int);\n");
    let store = env.read("store.yaml");
    env.write("store.yaml", format!("{store}    exclude: ['audit.*', 'schema:audit', 'tmp_*']\n"));
    let mut text = env.session(
        "
        rev check
        rev diff
    ",
    );
    env.write(
        "models.sql",
        "CREATE TABLE tmp_b (id int PRIMARY KEY);\nCREATE TABLE b (id int REFERENCES tmp_b);\n",
    );
    text += &env.session("rev revision --autogenerate -m b\nrev diff --only 'nothing*'\nrev diff --only 'colour:red'");
    insta::assert_snapshot!(text, @r#"
    $ rev check
    + create_table a (1 column)
    1 difference: database "default" and the models (`rev revision --autogenerate` writes a revision)
    [exit 3]

    $ rev diff
    + create_table a (1 column)

    $ rev revision --autogenerate -m b
    skipped: table b: it depends on table tmp_b, which is excluded and does not exist
        hint: include it, or exclude both
    no differences that operations support: database "default" and the models; nothing to write
    [exit 3]

    $ rev diff --only 'nothing*'
    no difference

    $ rev diff --only 'colour:red'
    ! error: invalid value 'colour:red' for '--only <PATTERN>': "colour" is not a kind of object; the kinds are schema, extension, enum, domain, sequence, table, view, materialized_view, function, procedure, trigger, policy, row_security, comment, sql
    ! 
    ! For more information, try '--help'.
    [exit 2]
    "#);
}

#[test]
fn tables_in_use_are_changed_without_long_locks() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE c (id int PRIMARY KEY);");
    let env = env_with_models(
        &db,
        "CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES c CHECK (b > 0));
CREATE INDEX a_b ON a (b);
",
    );
    insta::assert_snapshot!(env.session("
        rev revision --autogenerate --safe -m 'b refers to c' --rev-id safe
        cat revisions/*safe*
        rev upgrade heads
        rev check
    "), @r#"
    $ rev revision --autogenerate --safe -m 'b refers to c' --rev-id safe
    + create_check a_b_check on a: (b > 0)
    ~ validate_constraint a_b_check on a
    + create_index a_b on a (b), concurrently
    + create_foreign_key a_b_fkey on a (b) to c (id)
    ~ validate_constraint a_b_fkey on a
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_safe_b_refers_to_c.yaml
    safe (head) b refers to c

    $ cat revisions/*safe*
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: safe
    parents: []
    message: b refers to c
    created: 2026-01-02T03:04:05Z
    up:
      - create_check:
          table: a
          name: a_b_check
          sql: "(b > 0)"
          not_valid: true
      - validate_constraint:
          table: a
          name: a_b_check
      - create_index:
          table: a
          concurrently: true
          name: a_b
          columns: [b]
      - create_foreign_key:
          table: a
          name: a_b_fkey
          columns: [b]
          references: {table: c, columns: [id]}
          not_valid: true
      - validate_constraint:
          table: a
          name: a_b_fkey

    $ rev upgrade heads
    ↑ safe b refers to c
    1 step, now at safe (head)
    ! [1/1] up safe b refers to c

    $ rev check
    no differences: database "default" and the models
    "#);
}

#[test]
fn a_throw_away_database_needs_leave_and_a_right() {
    let db = TestDb::new(Engine::Postgres);
    let env = env_with_models(&db, "CREATE TABLE a (id int);\n");
    let store = env.read("store.yaml");
    env.write("store.yaml", store.replace("kind: development", "kind: shared"));
    let mut text = env.session("rev check");
    let role = format!("weak_{}", std::process::id());
    db.execute(&format!("CREATE ROLE {role} LOGIN"));
    let (scheme, rest) =
        db.url().split_once("://").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let place = rest.split_once('@').map_or(rest.as_str(), |(_, place)| place);
    env.write("store.yaml", store.replace(db.url(), &format!("{scheme}://{role}@{place}")));
    text += &env.session("rev check").replace(&role, "weak");
    db.execute(&format!("DROP ROLE {role}"));
    insta::assert_snapshot!(text, @r#"
    $ rev check
    ! error: a scratch database cannot be created beside default, which is not of `kind: development`: on PostgreSQL a role, and on MySQL and MariaDB a qualified name, reaches from one database into another
    ! hint: give `scratch_url` under databases.default in store.yaml, the address of a server for scratch databases; or set `kind: development`, if nothing on that server matters
    [exit 1]

    $ rev check
    ! error: the role "weak" lacks the privilege to create databases: a scratch database is needed (42501)
    ! hint: grant it with `ALTER ROLE "weak" CREATEDB`, or name another server with `scratch_url` in store.yaml
    [exit 1]
    "#);
}

/// A trial counts only on a database that is like the live one, settings included.
#[test]
fn a_trial_on_another_kind_of_server_is_not_verified() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE TABLE t (a int);");
    let env = env_with_models(&db, "CREATE TABLE t (a int, b int);\n");
    env.write(
        "store.yaml",
        format!(
            "databases:\n  default:\n    url: {}\n    schema: [{{file: models.sql}}]\n    \
             scratch_url: '{}?options=-cIntervalStyle%3Diso_8601'\n",
            db.url(),
            db.url()
        ),
    );
    insta::assert_snapshot!(
        env.session("rev revision --autogenerate -m 'a column' --rev-id a1"), @r#"
    $ rev revision --autogenerate -m 'a column' --rev-id a1
    + add_column t.b integer
    not verified: the scratch database is not like the live one:
        IntervalStyle is "iso_8601" there, and "postgres" in the live database
    on the scratch database: upgrade reaches the models
    on the scratch database: downgrade restores the schema
    wrote revisions/20260102_a1_a_column.yaml
    a1 (head) a column
    [exit 3]
    "#);
}

#[test]
fn names_may_differ_in_case_only() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE TABLE t (a int, \"A\" int);");
    let env =
        env_with_models(&db, "CREATE TABLE t (a int, \"A\" text);\nCREATE TABLE \"T\" (a int);\n");
    insta::assert_snapshot!(env.session("
        rev revision --autogenerate -m 'case' --rev-id case
        cat revisions/*case*
        rev upgrade heads
        rev check
    "), @r#"
    $ rev revision --autogenerate -m 'case' --rev-id case
    + create_table T (1 column)
    ~ alter_column t.A type text
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_case_case.yaml
    case (head) case

    $ cat revisions/*case*
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: case
    parents: []
    message: case
    created: 2026-01-02T03:04:05Z
    up:
      - create_table:
          name: T
          columns:
            - {name: a, type: integer, nullable: true}
      - alter_column:
          table: t
          column: A
          type: text
          was: {type: integer, using: '"A"::integer'}

    $ rev upgrade heads
    ↑ case case
    1 step, now at case (head)
    ! [1/1] up case case

    $ rev check
    no differences: database "default" and the models
    "#);
}

#[test]
fn models_for_mariadb() {
    let db = TestDb::new(Engine::Mariadb);
    let env = env_with_models(
        &db,
        "CREATE TABLE customer (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(200) NOT NULL COMMENT 'where invoices go',
  changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  UNIQUE KEY email (email)
) COMMENT 'who buys';
DELIMITER //
CREATE TRIGGER lower_email BEFORE INSERT ON customer FOR EACH ROW
BEGIN
  SET NEW.email = lower(NEW.email);
END //
DELIMITER ;
",
    );
    insta::assert_snapshot!(env.session("
        rev revision --autogenerate -m 'customers' --rev-id first
        cat revisions/*first*
        rev upgrade heads
        rev check
        rev diff heads db:
    "), @r#"
    $ rev revision --autogenerate -m 'customers' --rev-id first
    + create_table customer (3 columns, 2 constraints)
    + create_trigger lower_email on customer, before insert
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_first_customers.yaml
    first (head) customers

    $ cat revisions/*first*
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: first
    parents: []
    message: customers
    created: 2026-01-02T03:04:05Z
    up:
      - create_table:
          name: customer
          columns:
            - {name: id, type: bigint(20) unsigned, nullable: false, autoincrement: true}
            - {name: email, type: varchar(200), nullable: false, comment: where invoices go}
            - name: changed
              type: {mariadb: timestamp}
              nullable: false
              default: {sql: "current_timestamp()"}
              on_update: "current_timestamp()"
          constraints:
            - primary_key: {columns: [id]}
            - unique: {name: email, columns: [email]}
          comment: who buys
      - create_trigger:
          table: customer
          name: lower_email
          timing: before
          events: [insert]
          body: |-
            BEGIN
              SET NEW.email = lower(NEW.email);
            END

    $ rev upgrade heads
    ↑ first customers
    1 step, now at first (head)
    ! [1/1] up first customers

    $ rev check
    no differences: database "default" and the models

    $ rev diff heads db:
    no difference
    "#);
}

#[test]
fn models_for_mysql() {
    let db = TestDb::new(Engine::Mysql);
    let env = env_with_models(
        &db,
        "CREATE TABLE customer (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(200) NOT NULL COMMENT 'where invoices go',
  changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  UNIQUE KEY email (email)
) COMMENT 'who buys';
DELIMITER //
CREATE TRIGGER lower_email BEFORE INSERT ON customer FOR EACH ROW
BEGIN
  SET NEW.email = lower(NEW.email);
END //
DELIMITER ;
",
    );
    insta::assert_snapshot!(env.session("
        rev revision --autogenerate -m 'customers' --rev-id first
        cat revisions/*first*
        rev upgrade heads
        rev check
        rev diff heads db:
    "), @r#"
    $ rev revision --autogenerate -m 'customers' --rev-id first
    + create_table customer (3 columns, 2 constraints)
    + create_trigger lower_email on customer, before insert
    verified: upgrade reaches the models, downgrade restores the schema
    wrote revisions/20260102_first_customers.yaml
    first (head) customers

    $ cat revisions/*first*
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: first
    parents: []
    message: customers
    created: 2026-01-02T03:04:05Z
    up:
      - create_table:
          name: customer
          columns:
            - {name: id, type: bigint unsigned, nullable: false, autoincrement: true}
            - {name: email, type: varchar(200), nullable: false, comment: where invoices go}
            - name: changed
              type: {mysql: timestamp}
              nullable: false
              default: {sql: "CURRENT_TIMESTAMP"}
              on_update: "CURRENT_TIMESTAMP"
          constraints:
            - primary_key: {columns: [id]}
            - unique: {name: email, columns: [email]}
          comment: who buys
      - create_trigger:
          table: customer
          name: lower_email
          timing: before
          events: [insert]
          body: |-
            BEGIN
              SET NEW.email = lower(NEW.email);
            END

    $ rev upgrade heads
    ↑ first customers
    1 step, now at first (head)
    ! [1/1] up first customers

    $ rev check
    no differences: database "default" and the models

    $ rev diff heads db:
    no difference
    "#);
}

#[test]
fn a_terminal_is_asked_about_renames() {
    let db = TestDb::new(Engine::Sqlite);
    let env = env_with_models(&db, "CREATE TABLE person (id INTEGER PRIMARY KEY, mail TEXT);\n");
    env.session("rev revision --autogenerate -m person\nrev upgrade heads");
    env.write("models.sql", "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT);\n");
    let answered = |answer: &str| {
        let line = format!(
            "echo {answer} | script -qec 'rev revision --autogenerate -m email --rev-id {answer}' /dev/null"
        );
        let output = env.shell(&line).success();
        let question = "Is column:person.mail:email a rename (the same type, the same place, a similar name)? [y/n]";
        assert!(output.stdout.contains(question), "{}", output.stdout);
        let file = format!("revisions/20260102_{answer}_email.yaml");
        let text = env.read(&file);
        std::fs::remove_file(env.path(&file)).unwrap();
        text.split_once("up:").unwrap().1.to_owned()
    };
    insta::assert_snapshot!(answered("yes"), @"
    - alter_column:
        table: person
        column: mail
        rename: email
    ");
    insta::assert_snapshot!(answered("no"), @"
    - add_column:
        table: person
        column: {name: email, type: TEXT}
    - drop_column:
        table: person
        column: mail
        was: {name: mail, type: TEXT}
    ");
}
