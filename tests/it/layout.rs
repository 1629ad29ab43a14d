//! Operations that were worked out, as the text of a revision file.

use std::fs;

use revdag::model::{Entry, Header, Id, Operation};
use revdag::store::{Body, NewBody, NewRevision, Store, StoreError, Variables, operations_text};
use serde_json::{Value, json};

use crate::support::any_operation;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let config = "databases: {default: {url: 'sqlite://store.db'}}\n";
    fs::write(folder.path().join("store.yaml"), config).unwrap();
    fs::create_dir(folder.path().join("revisions")).unwrap();
    let store = Store::open(folder.path(), Variables::default()).unwrap();
    (folder, store)
}

fn operations(tree: Value) -> Vec<Operation> {
    serde_json::from_value(tree).unwrap()
}

fn made(body: Body, transactional: bool) -> String {
    let (_folder, store) = store();
    let header = Header {
        id: Id::from("a1"),
        parents: Vec::new(),
        depends_on: Vec::new(),
        labels: Vec::new(),
        message: "made".to_owned(),
        created: None,
        replaces: Vec::new(),
        transactional,
    };
    let body = Some(NewBody::Made(body));
    let written = store.write(&NewRevision { header, format: None, folder: None, body }).unwrap();
    let text = fs::read_to_string(&written.path).unwrap();
    Store::open(store.root(), Variables::default()).unwrap().revision(&Id::from("a1")).unwrap();
    text
}

/// What a file with this `up` says, or the messages of its problems.
fn read(up: &str) -> Result<Vec<Entry>, Vec<String>> {
    let (folder, _) = store();
    fs::write(folder.path().join("revisions/a.yaml"), format!("revision: a1\nup:\n{up}")).unwrap();
    let read = Store::open(folder.path(), Variables::default())
        .and_then(|store| store.revision(&Id::from("a1")));
    match read {
        Ok(revision) => Ok(revision.up),
        Err(StoreError::Problems(problems)) => {
            let mut words: Vec<String> =
                problems.into_iter().map(|problem| without_lines(&problem.message)).collect();
            words.sort();
            words.dedup();
            Err(words)
        }
        Err(error) => panic!("{error:?}"),
    }
}

fn without_lines(message: &str) -> String {
    let at = message.find(" on line ").unwrap_or(message.len());
    message[..at].to_owned()
}

/// Without the places of SQL, which the text that it was read from has given it.
fn plain(operation: &Operation) -> Value {
    serde_json::to_value(operation).unwrap()
}

#[test]
fn a_revision_is_laid_out_as_a_person_would() {
    let up = operations(json!([
        {"create_table": {
            "name": "accounts",
            "columns": [
                {"name": "id", "type": "bigint", "identity": "always", "primary_key": true},
                {"name": "email", "type": "string(255)", "nullable": false},
                {"name": "no", "type": "decimal(10,2)", "default": 0.5},
                {"name": "plan", "type": {"postgres": "citext", "sqlite": "TEXT"}, "default": "free"},
                {"name": "since", "type": "timestamptz", "default": {"sql": "now()"}},
                {"name": "code", "type": "text", "default": "0123", "comment": "what the office calls it, when it is asked for a number at all"},
                {"name": "who", "type": "text", "default": "current_user"},
            ],
            "constraints": [
                {"unique": {"name": "uq_accounts_email", "columns": ["email"]}},
                {"check": {"name": "ck", "sql": "\"no\" > 0"}},
                {"foreign_key": {"name": "fk_accounts_plan_which_has_a_long_name", "columns": ["plan"],
                    "references": {"table": "plans", "columns": ["name"]}, "on_delete": "set_null"}}
            ],
            "indexes": [{"name": "ix", "columns": ["email", {"column": "plan", "order": "desc"}, {"sql": "lower(email)"}]}]
        }},
        {"create_view": {"name": "v", "query": "SELECT a\nFROM t -- why # not\nWHERE b = 'c: d'\n", "columns": ["a"]}},
        {"create_function": {"name": "f", "returns": "integer", "body": "BEGIN\n  RETURN 1;\n\nEND"}},
        {"create_view": {"name": "w", "query": "SELECT 1"}},
        {"drop_view": {"name": "v", "was": {"query": "SELECT 1", "comment": "old"}}},
        {"sql": "UPDATE t SET a = 1;\n"},
        {"sql": "  SELECT 1"},
        {"sql": {"postgres": "SELECT 1;\n", "sqlite": ""}},
        {"by_dialect": {"postgres": [{"sql": "SELECT 1"}, {"drop_table": {"name": "t"}}], "sqlite": []}},
        {"bulk_insert": {"table": "t", "columns": {"a b": "string(2)", "no": "json"}, "rows": [{"a b": "x", "no": {"a": [1, null, true, "no"]}}]}},
        {"alter_column": {"table": "t", "column": "c", "default": null, "was": {"default": 1e20}}}
    ]));
    let down = Some(operations(json!([{"drop_table": {"name": "accounts"}}])));
    let comments = vec!["possible rename: table:a:b\nor not\u{2028}".to_owned()];
    insta::assert_snapshot!(made(Body { up, down, comments }, false), @r#"
    # yaml-language-server: $schema=../.rev/revision.schema.json
    revision: a1
    parents: []
    message: made
    transaction: none
    # possible rename: table:a:b
    # or not
    up:
      - create_table:
          name: accounts
          columns:
            - {name: id, type: bigint, identity: always, primary_key: true}
            - {name: email, type: string(255), nullable: false}
            - {name: "no", type: "decimal(10,2)", default: 0.5}
            - {name: plan, type: {postgres: citext, sqlite: TEXT}, default: free}
            - {name: since, type: timestamptz, default: {sql: "now()"}}
            - name: code
              type: text
              default: "0123"
              comment: "what the office calls it, when it is asked for a number at all"
            - {name: who, type: text, default: "current_user"}
          constraints:
            - unique: {name: uq_accounts_email, columns: [email]}
            - check: {name: ck, sql: '"no" > 0'}
            - foreign_key:
                name: fk_accounts_plan_which_has_a_long_name
                columns: [plan]
                references: {table: plans, columns: [name]}
                on_delete: set_null
          indexes:
            - {name: ix, columns: [email, {column: plan, order: desc}, {sql: "lower(email)"}]}
      - create_view:
          name: v
          query: |
            SELECT a
            FROM t -- why # not
            WHERE b = 'c: d'
          columns: [a]
      - create_function:
          name: f
          returns: "integer"
          body: |-
            BEGIN
              RETURN 1;

            END
      - create_view:
          name: w
          query: |-
            SELECT 1
      - drop_view:
          name: v
          was:
            query: |-
              SELECT 1
            comment: old
      - sql: |
          UPDATE t SET a = 1;
      - sql: "  SELECT 1"
      - sql:
          postgres: |
            SELECT 1;
          sqlite: ""
      - by_dialect:
          postgres:
            - sql: |-
                SELECT 1
            - drop_table:
                name: t
          sqlite: []
      - bulk_insert:
          table: t
          columns: {"a b": "string(2)", "no": json}
          rows:
            - {"a b": x, "no": {a: [1, null, true, "no"]}}
      - alter_column:
          table: t
          column: c
          default: null
          was: {default: 100000000000000000000.0}
    down:
      - drop_table:
          name: accounts
    "#);
}

#[test]
fn an_empty_body_says_so() {
    let text = made(Body { down: Some(Vec::new()), ..Body::default() }, true);
    assert!(text.ends_with("up: []\ndown: []\n"), "{text}");
}

#[test]
fn every_text_is_read_back() {
    let texts = [
        "",
        " ",
        "a",
        "no",
        "Null",
        "1e3",
        "12:30",
        "a b",
        "a: b",
        "a #b",
        "'",
        "\"",
        "\\",
        "'\"",
        "a\nb",
        "a\nb\n",
        "a\n\n",
        "\na",
        " a\nb",
        "a\n  \nb",
        "a\n b\n ",
        "\ta\nb",
        "a\r\nb",
        "ä",
        "\u{85}",
        "\u{2028}",
        "\u{feff}a",
        "{a}",
        "[a",
        "a, b",
        "a]",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "- a",
        "? a",
        "a -",
        "now()",
        "current_date",
        "LOCALTIME",
        "string(2)",
        "---",
        "...",
        "a\n---\nb",
        "a\n# b",
        "-- rev: up",
        "\u{1}",
        "~",
        "=",
        "<<",
        "a:",
        "2026-11-22",
    ];
    for text in texts {
        let tree = json!([
            {"create_table": {"name": "t", "columns": [{"name": "c", "type": "x", "default": text,
                "comment": text}], "comment": text}},
            {"create_view": {"name": "v", "query": text, "comment": text}},
            {"comment": {"on": "table", "name": "t", "comment": text}},
            {"sql": text},
            {"sql": {"sqlite": text}},
            {"bulk_insert": {"table": "t", "columns": {"a": "text"}, "rows": [{"a": text}, {"a": [text, {"k": text}]}]}}
        ]);
        let all = operations(tree);
        let written = operations_text(&all);
        let found = read(&written).unwrap_or_else(|problems| panic!("{problems:?}\n{written}"));
        let found: Vec<Value> = found.iter().map(|entry| plain(&entry.operation)).collect();
        assert_eq!(found, all.iter().map(plain).collect::<Vec<_>>(), "{written}");
    }
}

/// JSON is YAML, too, with every text in quotes: what is wrong with an operation so written is wrong
/// with it in any layout.
#[test]
fn any_operation_is_read_back() {
    for seed in 0..400 {
        let (operation, _) = any_operation(seed);
        let written = operations_text(std::slice::from_ref(&operation));
        let as_json = read(&format!("  - {}\n", plain(&operation)));
        let found = read(&written);
        match (&found, &as_json) {
            (Ok(found), Ok(_)) => {
                assert_eq!(plain(&found[0].operation), plain(&operation), "{written}")
            }
            (Err(one), Err(other)) => assert_eq!(one, other, "{written}"),
            _ => panic!("{found:?}\n{as_json:?}\n{written}"),
        }
    }
}
