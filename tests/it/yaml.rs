//! Operations as files in YAML write them: what is read, and on which lines it stands.

use std::fs;

use revdag::model::{Down, Entry, Id, Revision};
use revdag::store::{Store, StoreError, Variables};

use super::support::Env;

/// The revision of a file with this `up`.
fn read(up: &str) -> Result<Revision, StoreError> {
    let folder = tempfile::tempdir().unwrap();
    let config = "databases: {default: {url: 'sqlite://store.db'}}\n";
    fs::write(folder.path().join("store.yaml"), config).unwrap();
    fs::create_dir(folder.path().join("revisions")).unwrap();
    fs::write(folder.path().join("revisions/a.yaml"), format!("revision: a1\nup:\n{up}")).unwrap();
    let store = Store::open(folder.path(), Variables::default())?;
    store.revision(&Id::from("a1"))
}

fn entries(up: &str) -> Vec<Entry> {
    let revision = read(up).unwrap_or_else(|error| panic!("{error:?}"));
    assert_eq!(revision.down, Down::Derived);
    revision.up
}

#[test]
fn an_operation_is_read_with_the_lines_of_its_parts() {
    let entries = entries(
        "\
- create_table:
    name: accounts
    columns:
      - {name: id, type: bigint, identity: always, primary_key: true}
      - name: email
        type: string(255)
        nullable: false
      - {name: plan, type: text, default: free}
      - {name: price, type: 'decimal(10,2)', default: 0.5}
      - {name: since, type: timestamptz, default: {sql: \"now()\"}}
      - {name: own, type: {postgres: citext, sqlite: TEXT}}
    constraints:
      - unique: {name: uq_accounts_email, columns: [email]}
      - foreign_key:
          columns: [plan]
          references: {table: plans, columns: [name]}
          on_delete: set_null
- bulk_insert:
    table: accounts
    columns: {email: string(255), tags: 'text[]', raw: bytes}
    rows:
      - {email: \"no\", tags: [a, b], raw: {hex: ff00}}
      - email: null
        tags: null
",
    );
    let [table, rows] = entries.as_slice() else { panic!("{entries:?}") };
    assert_eq!(table.lines.own(), 3);
    assert_eq!(table.lines.of("create_table.columns.0.type"), 6);
    assert_eq!(table.lines.of("create_table.columns.1.type"), 8);
    assert_eq!(table.lines.of("create_table.constraints.1.foreign_key.references.table"), 18);
    assert_eq!(rows.lines.of("bulk_insert.rows.1"), 25);
    assert_eq!(rows.lines.of("bulk_insert.rows.1.tags"), 25);
    let columns = serde_json::to_value(&table.operation).unwrap();
    let default = |at: usize| columns["create_table"]["columns"][at]["default"].to_string();
    assert_eq!([default(2), default(3), default(4)], ["\"free\"", "0.5", "{\"sql\":\"now()\"}"]);
    let rows = serde_json::to_value(&rows.operation).unwrap();
    insta::assert_snapshot!(
        rows["bulk_insert"]["rows"],
        @r#"[{"email":"no","tags":["a","b"],"raw":{"hex":"ff00"}},{"email":null,"tags":null}]"#
    );
}

#[test]
fn sql_inside_operations_by_dialect_knows_its_lines() {
    let entries = entries(
        "\
- by_dialect:
    postgres:
      - sql: |

          SELECT 1;
      - sql: {postgres: 'SELECT 2', mysql: 'SELECT 3'}
    sqlite: []
",
    );
    let own = entries[0].for_dialect(revdag::internals::text::Dialect::Postgres).unwrap();
    let lines = own.iter().map(|entry| match &entry.operation {
        revdag::model::Operation::Sql(sql) => (entry.lines.own(), sql.sections[0].line),
        other => panic!("{other:?}"),
    });
    assert_eq!(lines.collect::<Vec<_>>(), [(5, 6), (8, 8)]);
    assert_eq!(entries[0].for_dialect(revdag::internals::text::Dialect::Sqlite).unwrap().len(), 0);
    assert!(entries[0].for_dialect(revdag::internals::text::Dialect::Mariadb).is_none());
}

/// What is wrong with a file with this `up`.
fn problems(up: &str) -> String {
    match read(up) {
        Ok(revision) => format!("right: {:?}", revision.up),
        Err(StoreError::Problems(problems)) => {
            let words = problems.iter().map(|problem| {
                let hint =
                    problem.hint.as_ref().map_or(String::new(), |hint| format!("\n    {hint}"));
                format!("{}: {}{hint}", problem.line.unwrap_or(0), problem.message)
            });
            words.collect::<Vec<_>>().join("\n")
        }
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn every_problem_of_the_operations_is_named_at_once() {
    insta::assert_snapshot!(problems(
        "\
- create_tabel: {name: t}
- create_table:
  name: t
- create_table
- sql: SELECT 1
- sql: >
    SELECT 1
    FROM t
- sql: {oracle: 'SELECT 1', postgres: SELECT 1}
- create_table:
    name: no
    if_not_exists: yes
    engine: InnoDB
    columns:
      - {name: id, typ: bigint}
      - {name: a, type: 5, nullable: no, default: now()}
      - {name: b, type: text, default: no, comment: 1e3}
      - {name: c, type: text, default: 0123}
      - {name: d, type: 'decimal(10,2)', default: 1.10}
      - {name: e, type: bigint, default: 18446744073709551616}
      - {name: f, type: timestamptz, default: {sql: now()}}
      - {name: g, type: timestamptz, default: {expression: 'now()'}}
      - {name: h, type: text, default: [a]}
      - {name: i, type: bigint, identity: alway}
      - {name: j, type: bigint, identity: {start: '1'}}
      - id
    constraints:
      - uniqe: {columns: [a]}
      - unique: [a]
      - check: {sql: a > 0}
      - foreign_key: {columns: [a], on_delete: set null, references: {table: t, columns: [x]}}
      - {unique: {columns: [a]}, check: {sql: 'a > 0'}}
- add_column: {table: t}
- drop_table: t
- bulk_insert:
    table: t
    columns: {id: bigint, raw: bytes, doc: json}
    rows:
      - {id: 1e3, raw: {hex: 0f1}, doc: {a: [no, {b: 0x1f}]}}
      - {id: {sql: nextval('s')}, raw: {base64: 'a'}, doc: {sql: 'x', also: y}}
      - id:
      - 1
    batch: -1
"
    ), @r#"
    3: unknown operation "create_tabel"
        did you mean create_table?
    4: an operation is one key with its value
        indent what belongs to create_table further than its key
    6: an operation is one key with its value
        write `- create_table: {…}`
    7: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
        put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    9: SQL must not be a `>` block: YAML joins its lines, and a comment would hide what follows it
        write `|` instead of `>`
    11: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
        put all of it in quotes, as in `postgres: "…"`, or write `postgres: |` and the SQL below it
    11: unknown dialect "oracle": it is one of postgres, mysql, mariadb, sqlite
    13: name must be a text, but YAML takes no for yes or no
        put it in quotes: "no"
    14: if_not_exists must be true or false
        write true
    15: unknown key "engine" in create_table
        it belongs below options: options: {engine: …}
    17: the column id has no type
    17: unknown key "typ" in the column id
        did you mean type?
    18: default: now() without quotes looks like SQL
        write {sql: "now()"}, or the text in quotes: "now()"
    18: nullable must be true or false
        write false
    18: type must be a text, but YAML takes 5 for a number
        put it in quotes: "5"
    19: comment must be a text, but YAML takes 1e3 for a number
        put it in quotes: "1e3"
    19: default: no is a string to some YAML parsers and true or false to others
        write true or false, or the text in quotes: "no"
    20: default: 0123 is not the same number, or no number, to all YAML parsers
        put it in quotes: "0123"
    21: default: 1.10 would become 1.1 when it is read
        write 1.1, or keep every digit in quotes: "1.10"
    22: default: 18446744073709551616 is more than a number of 64 bits holds
        put it in quotes: "18446744073709551616"
    23: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
        put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    24: default has no sql
    24: unknown key "expression" in default
        the keys are sql
    25: default must be a value
        a literal; an expression is {sql: …}
    26: identity must be always or by_default
        did you mean always?
    27: identity has no kind
    27: start must be a whole number
        write it without quotes: 1
    28: a column must be a map of keys and values
        write a column: {name: id}
    30: unknown constraint "uniqe"
        did you mean unique?
    31: unique must be a map of keys and values
    32: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
        put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    33: on_delete must be no_action, restrict, cascade, set_null or set_default
        did you mean set_null?
    34: a constraint is one key with its value
        write each behind a dash of its own
    35: add_column has no column
    36: drop_table must be a map of keys and values
        write drop_table: {name: t}
    41: doc: 0x1f is not the same number, or no number, to all YAML parsers
        write 31, or the text in quotes: "0x1f"
    41: doc: no is a string to some YAML parsers and true or false to others
        write true or false, or the text in quotes: "no"
    41: id: 1e3 is not the same number, or no number, to all YAML parsers
        write 1000, or the text in quotes: "1e3"
    41: these are not bytes in hex
        write two of 0-9 and a-f for each byte: {hex: "00ff"}
    42: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
        put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    42: doc: y is a string to some YAML parsers and true or false to others
        write true or false, or the text in quotes: "y"
    42: these are not bytes in base64
        write A-Z, a-z, 0-9, + and /, filled up with = to a multiple of four
    43: id has no value
        write null, or "" for the empty text
    44: a row must be a map of names and values
    45: batch must be a number from 0 to 4294967295
    "#);
}

#[test]
fn what_a_schema_cannot_say_is_named() {
    insta::assert_snapshot!(problems(
        "\
- create_table: {name: t, columns: []}
- create_table: {name: t}
- create_table:
    name: t
    columns:
      - {name: a, type: text, default: x, generated: {sql: 'b'}}
      - {name: b, type: text, primary_key: true}
      - {name: a, type: text}
    constraints:
      - primary_key: {columns: [a, a]}
      - foreign_key: {columns: [a, b], references: {table: t, columns: [a]}}
      - unique: {columns: []}
    indexes:
      - {columns: [a, {column: a}, {sql: lower(a)}, {order: desc}, {column: a, sql: 'b'}]}
    options: {partition_of: p}
- add_column: {table: t, column: {name: c, type: text}, after: b, first: true}
- alter_column: {table: t, column: c, after: b, first: false}
- alter_column: {table: t, column: c, was: {nullable: true}}
- create_trigger: {table: t, name: g, timing: before, events: []}
- create_trigger: {table: t, name: g, timing: before, events: [insert, insert], update_of: [a], body: 'x'}
- create_enum: {name: e, values: [a, b, a]}
- add_enum_value: {name: e, value: c, before: a, after: b}
- drop_constraint: {table: t, kind: unique}
- drop_constraint: {table: t, kind: primary_key}
- comment: {on: column, name: c, comment: x}
- bulk_insert: {table: t, columns: {id: bigint}, rows: [{id: 1, nam: x}], key: [idd], batch: 0}
- program: {command: []}
- backfill: {table: t, key: [], set: {}}
- by_dialect: {postgres: [{by_dialect: {postgres: []}}], oracle: []}
"
    ), @r#"
    3: create_table has no columns
        write columns: and one or more of `- {name: …, type: …}` below it
    4: create_table has no columns
        write columns: and one or more of `- {name: …, type: …}` below it
    8: the column a has both default and generated
        remove one of them
    12: the column a is given twice, first on line 12
    13: foreign_key of 2 column(s) refers to 1 column(s)
        name one column for each of the key's
    14: the columns of unique are empty
    16: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
        put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    16: an index column has both column and sql
        remove one of them
    16: an index column has neither column nor sql
    17: partition_of needs partition_bounds beside it
        as in {partition_of: t, partition_bounds: "FOR VALUES IN ('a')"}
    18: add_column has both after and first
        remove one of them
    20: alter_column changes nothing
    21: create_trigger has neither body nor execute
        body is what it does; execute is the function that PostgreSQL calls
    21: the events of create_trigger are empty
    22: events names insert twice, first on line 22
    22: update_of without the event update
        write it in events
    23: values names a twice, first on line 23
    24: add_enum_value has both before and after
        remove one of them
    25: drop_constraint has no name
        only a primary key, or what `was` tells, may go without one
    27: comment on a column has no table
    28: batch must be 1 or more
    28: unknown column "idd" in bulk_insert
        did you mean id?
    28: unknown column "nam" in bulk_insert
        columns names id
    29: command of program is empty
    30: key of backfill is empty
    30: set of backfill is empty
    31: by_dialect cannot stand in by_dialect
        write each dialect's operations side by side
    31: unknown dialect "oracle": it is one of postgres, mysql, mariadb, sqlite
    "#);
}

#[test]
fn nothing_runs_of_a_store_with_a_wrong_operation() {
    let env = Env::new();
    env.write("store.yaml", "databases: {default: {url: 'sqlite://store.db'}}\n");
    env.write("revisions/a1.yaml", "revision: a1\nup:\n  - sql: \"CREATE TABLE a1 (i int)\"\n");
    let next = |name: &str, operation: &str| {
        let text = format!("revision: {name}\nparents: [a1]\nup:\n  - {operation}\n");
        env.write(format!("revisions/{name}.yaml"), text);
    };
    next("plain", "sql: DELETE FROM a1 # all of them");
    next("key", "add_column: {table: a1, column: {name: b, type: text}, if_not_exist: true}");
    next("text", "add_column: {table: a1, column: {name: b, type: text, default: no}}");
    next("number", "bulk_insert: {table: a1, columns: {i: integer}, rows: [{i: 1e3}]}");
    next("missing", "add_column: {table: a1, column: {name: b}}");
    next("kind", "create_index: {table: a1, columns: b}");
    next("gone", "drop_table: {name: a1}\n  - rename_table: {name: a1, to: b1}");
    insta::assert_snapshot!(env.session("
        rev upgrade plain
        rev upgrade key
        rev upgrade text
        rev upgrade number
        rev upgrade missing
        rev upgrade kind
        rev upgrade gone
        rev show plain
        ls
    "), @r#"
    $ rev upgrade plain
    ! error: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
    !  --> revisions/plain.yaml:4:10
    !   |
    ! 4 |   - sql: DELETE FROM a1 # all of them
    !   |          ^^^^^^^^^^^^^^
    ! hint: put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    [exit 1]

    $ rev upgrade key
    ! error: unknown key "if_not_exist" in add_column
    !  --> revisions/key.yaml:4:60
    !   |
    ! 4 |   - add_column: {table: a1, column: {name: b, type: text}, if_not_exist: true}
    !   |                                                            ^^^^^^^^^^^^
    ! hint: did you mean if_not_exists?
    [exit 1]

    $ rev upgrade text
    ! error: default: no is a string to some YAML parsers and true or false to others
    !  --> revisions/text.yaml:4:68
    !   |
    ! 4 |   - add_column: {table: a1, column: {name: b, type: text, default: no}}
    !   |                                                                    ^^
    ! hint: write true or false, or the text in quotes: "no"
    [exit 1]

    $ rev upgrade number
    ! error: i: 1e3 is not the same number, or no number, to all YAML parsers
    !  --> revisions/number.yaml:4:64
    !   |
    ! 4 |   - bulk_insert: {table: a1, columns: {i: integer}, rows: [{i: 1e3}]}
    !   |                                                                ^^^
    ! hint: write 1000, or the text in quotes: "1e3"
    [exit 1]

    $ rev upgrade missing
    ! error: column has no type
    !  --> revisions/missing.yaml:4:29
    !   |
    ! 4 |   - add_column: {table: a1, column: {name: b}}
    !   |                             ^^^^^^
    [exit 1]

    $ rev upgrade kind
    ! error: columns must be a list
    !  --> revisions/kind.yaml:4:40
    !   |
    ! 4 |   - create_index: {table: a1, columns: b}
    !   |                                        ^
    ! hint: write [one, another]; [] is the empty list
    [exit 1]

    $ rev upgrade gone
    ! error: a1 no longer exists: it was dropped
    !  --> revisions/gone.yaml:5
    !   |
    ! 5 |   - rename_table: {name: a1, to: b1}
    !   |
    ! hint: check the operations before it
    [exit 1]

    $ rev show plain
    ! error: SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`
    !  --> revisions/plain.yaml:4:10
    !   |
    ! 4 |   - sql: DELETE FROM a1 # all of them
    !   |          ^^^^^^^^^^^^^^
    ! hint: put all of it in quotes, as in `sql: "…"`, or write `sql: |` and the SQL below it
    [exit 1]

    $ ls
    revisions
    store.yaml
    "#);
}
