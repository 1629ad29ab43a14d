use super::*;

const WHOLE: &str = r#"CREATE TABLE "order"/*n*/ ( -- head
  id INTEGER CONSTRAINT pk PRIMARY KEY ASC ON CONFLICT ABORT AUTOINCREMENT, -- the key
  [a b] varchar(10, -2) NOT NULL ON CONFLICT REPLACE DEFAULT 'it''s, ok)' COLLATE nocase,
  `c` double precision DEFAULT -1.5 CHECK (c > 0 AND ")" <> '('), /* two
  lines */ d,
  'e' "quoted type" DEFAULT (1 + (2)) CONSTRAINT ref REFERENCES "order"(id) ON DELETE SET NULL
    ON UPDATE CASCADE MATCH full NOT DEFERRABLE INITIALLY IMMEDIATE UNIQUE ON CONFLICT IGNORE,
  g int GENERATED ALWAYS AS (c * 2) STORED, h AS (c), key text, generated always,
  CONSTRAINT u UNIQUE (c, d COLLATE nocase DESC) ON CONFLICT FAIL
  CHECK (length(key) > 0), FOREIGN KEY (c, d) REFERENCES p DEFERRABLE INITIALLY DEFERRED -- last
) STRICT, WITHOUT ROWID"#;

#[test]
fn a_table_is_read_and_written_as_it_is() {
    let table = TableSql::read(WHOLE).unwrap();
    assert_eq!(table.text(), WHOLE);
    assert_eq!(table.name, "order");
    assert!(table.strict && table.without_rowid && table.autoincrement());
    let columns: Vec<_> =
        table.columns().map(|column| (column.name.as_str(), column.type_.as_str())).collect();
    assert_eq!(
        columns,
        [
            ("id", "INTEGER"),
            ("a b", "varchar(10, -2)"),
            ("c", "double precision"),
            ("d", ""),
            ("e", "\"quoted type\""),
            ("g", "int"),
            ("h", ""),
            ("key", "text"),
            ("generated", "always"),
        ]
    );
    let kinds = |name: &str| -> Vec<ColumnRuleKind> {
        table.column(name).unwrap().rules.iter().map(|rule| rule.kind.clone()).collect()
    };
    assert_eq!(
        kinds("A B"),
        [
            ColumnRuleKind::NotNull,
            ColumnRuleKind::Default("'it''s, ok)'".into()),
            ColumnRuleKind::Collate("nocase".into())
        ]
    );
    assert_eq!(
        kinds("c"),
        [
            ColumnRuleKind::Default("-1.5".into()),
            ColumnRuleKind::Check("c > 0 AND \")\" <> '('".into())
        ]
    );
    let target = Target {
        table: "order".into(),
        columns: vec!["id".into()],
        on_delete: Some("set null".into()),
        on_update: Some("cascade".into()),
        match_: Some("full".into()),
        deferral: Deferral::default(),
    };
    assert_eq!(
        kinds("e"),
        [
            ColumnRuleKind::Default("(1 + (2))".into()),
            ColumnRuleKind::References(target),
            ColumnRuleKind::Deferral(Deferral { deferrable: Some(false), deferred: Some(false) }),
            ColumnRuleKind::Unique,
        ]
    );
    assert_eq!(kinds("g"), [ColumnRuleKind::Generated { sql: "c * 2".into(), stored: true }]);
    assert_eq!(kinds("h"), [ColumnRuleKind::Generated { sql: "c".into(), stored: false }]);
    let constraints: Vec<_> = table.constraints().map(|one| one.kind.clone()).collect();
    assert_eq!(
        constraints,
        [
            ConstraintSqlKind::Unique(vec!["c".into(), "d".into()]),
            ConstraintSqlKind::Check("length(key) > 0".into()),
            ConstraintSqlKind::ForeignKey {
                columns: vec!["c".into(), "d".into()],
                target: Target {
                    table: "p".into(),
                    deferral: Deferral { deferrable: Some(true), deferred: Some(true) },
                    ..Target::default()
                }
            },
        ]
    );
}

#[test]
fn the_rowid_has_another_name_only_by_an_integer_key_of_one_column() {
    for (sql, alias) in [
        ("CREATE TABLE t(a integer primary key)", Some("a")),
        ("CREATE TABLE t(a \"INTEGER\" primary key)", Some("a")),
        ("CREATE TABLE t(a integer, primary key(a desc))", Some("a")),
        ("CREATE TABLE t(a integer primary key desc)", None),
        ("CREATE TABLE t(a int primary key)", None),
        ("CREATE TABLE t(a integer, b, primary key(a, b))", None),
        ("CREATE TABLE t(a integer primary key) without rowid", None),
    ] {
        assert_eq!(TableSql::read(sql).unwrap().rowid_alias(), alias, "{sql}");
    }
}

#[test]
fn elements_come_and_go_and_the_rest_stays() {
    let sql = "CREATE TABLE t (\n  a int, -- of a\n  b int, -- of b\n  c int -- of c\n)";
    let without = |name: &str| {
        let mut table = TableSql::read(sql).unwrap();
        let at = table.position(name).unwrap();
        table.remove(at);
        table.text()
    };
    assert_eq!(without("a"), "CREATE TABLE t (\n  b int, -- of b\n  c int -- of c\n)");
    assert_eq!(without("b"), "CREATE TABLE t (\n  a int, -- of a\n  c int -- of c\n)");
    assert_eq!(without("c"), "CREATE TABLE t (\n  a int, -- of a\n  b int -- of b\n)");
    let with = |at| {
        let mut table = TableSql::read(sql).unwrap();
        table.insert_column(TableSql::read_column("n text NOT NULL").unwrap(), at);
        TableSql::read(&table.text()).unwrap();
        table.text()
    };
    assert_eq!(
        with(0),
        "CREATE TABLE t (\n  n text NOT NULL,\n  a int, -- of a\n  b int, -- of b\n  c int -- of c\n)"
    );
    assert_eq!(
        with(3),
        "CREATE TABLE t (\n  a int, -- of a\n  b int, -- of b\n  c int,\n  n text NOT NULL -- of c\n)"
    );
    let mut table = TableSql::read("CREATE TABLE t(a,b,CHECK(a)CHECK(b))").unwrap();
    table.remove(2);
    assert_eq!(table.text(), "CREATE TABLE t(a,b,CHECK(b))");
    table.push_constraint(TableSql::read_constraint("UNIQUE (a)").unwrap());
    assert_eq!(table.text(), "CREATE TABLE t(a,b,CHECK(b), UNIQUE (a))");
    table.move_column(0, 1);
    assert_eq!(table.text(), "CREATE TABLE t(b, a,CHECK(b), UNIQUE (a))");
}

#[test]
fn a_column_and_a_table_take_other_names_wherever_the_table_speaks_of_them() {
    let mut table = TableSql::read(
        "CREATE TABLE t (a int CHECK (a > a(1) COLLATE a), b int REFERENCES t(a), \
         c AS (x'00' || \"a\" || 'a') STORED, \
         CONSTRAINT a UNIQUE (a DESC, b), FOREIGN KEY (a) REFERENCES p (a), CHECK (t.a > 0))",
    )
    .unwrap();
    assert!(table.rename_column("A", "n"));
    table.rename("u");
    assert_eq!(
        table.text(),
        "CREATE TABLE \"u\" (\"n\" int CHECK (\"n\" > a(1) COLLATE a), b int REFERENCES \"u\"(\"n\"), \
         c AS (x'00' || \"n\" || 'a') STORED, \
         CONSTRAINT a UNIQUE (\"n\" DESC, b), FOREIGN KEY (\"n\") REFERENCES p (a), CHECK (\"u\".\"n\" > 0))"
    );
}

#[test]
fn an_index_is_read() {
    let index = IndexSql::read(
        "CREATE UNIQUE INDEX \"i\" ON t (a, lower(b, 1) DESC, [c d] COLLATE nocase ASC) WHERE a > 0",
    )
    .unwrap();
    assert_eq!((index.name.as_str(), index.table.as_str(), index.unique), ("i", "t", true));
    assert_eq!(index.where_.as_deref(), Some("a > 0"));
    let items: Vec<_> = index
        .items
        .iter()
        .map(|item| {
            (item.column.as_deref(), &*item.sql, item.collation.as_deref(), item.descending)
        })
        .collect();
    assert_eq!(
        items,
        [
            (Some("a"), "a", None, false),
            (None, "lower(b, 1)", None, true),
            (Some("c d"), "[c d]", Some("nocase"), false)
        ]
    );
    assert_eq!(rename_index("CREATE INDEX i ON i(i)", "j"), "CREATE INDEX \"j\" ON i(i)");
}

#[test]
fn what_is_no_table_is_said_so() {
    assert_eq!(
        TableSql::read("CREATE VIRTUAL TABLE f USING fts5(a)").unwrap_err(),
        ReadError::Virtual
    );
    for sql in ["", "CREATE TABLE t", "CREATE TABLE t(", "CREATE TABLE t(a DEFAULT", "SELECT 1"] {
        assert!(matches!(TableSql::read(sql), Err(ReadError::Unexpected(_))), "{sql}");
    }
}
