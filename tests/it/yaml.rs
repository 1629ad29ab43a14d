//! Operations as files in YAML write them: what is read, and on which lines it stands.

use std::fs;

use revdag::model::{Down, Entry, Id, Revision};
use revdag::store::{Store, StoreError, Variables};

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
    let own = entries[0].for_dialect(revdag::text::Dialect::Postgres).unwrap();
    let lines = own.iter().map(|entry| match &entry.operation {
        revdag::model::Operation::Sql(sql) => (entry.lines.own(), sql.sections[0].line),
        other => panic!("{other:?}"),
    });
    assert_eq!(lines.collect::<Vec<_>>(), [(5, 6), (8, 8)]);
    assert_eq!(entries[0].for_dialect(revdag::text::Dialect::Sqlite).unwrap().len(), 0);
    assert!(entries[0].for_dialect(revdag::text::Dialect::Mariadb).is_none());
}
