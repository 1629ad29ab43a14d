//! What is refused, with its words.

use revdag::internals::sql;
use revdag::internals::text::Dialect;
use revdag::model::Entry;

use super::operation;

fn refused(dialect: Dialect, json: &str) -> String {
    let entry = Entry::new(operation(json), 3);
    match sql::check(&[entry], dialect, "a.yaml") {
        Ok(()) => format!("{dialect}: taken"),
        Err(error) => error.message,
    }
}

fn both(json: &str) -> String {
    let [mysql, mariadb] = [Dialect::Mysql, Dialect::Mariadb].map(|dialect| refused(dialect, json));
    format!("{mysql}\n{mariadb}")
}

#[test]
fn options_of_others_are_refused() {
    let mut all = String::new();
    for json in [
        r#"{"create_index": {"table": "t", "name": "i", "columns": ["a"], "where": "a > 0"}}"#,
        r#"{"create_index": {"table": "t", "name": "i", "columns": ["a"], "concurrently": true}}"#,
        r#"{"create_index": {"table": "t", "name": "i", "columns": [{"sql": "lower(a)"}]}}"#,
        r#"{"create_index": {"table": "t", "name": "i", "columns": ["a"], "method": "gin"}}"#,
        r#"{"create_index": {"table": "t", "name": "i", "columns": ["a"], "if_not_exists": true}}"#,
        r#"{"create_index": {"table": "t", "columns": ["a"]}}"#,
        r#"{"create_check": {"table": "t", "name": "c", "sql": "a > 0", "enforced": false}}"#,
        r#"{"create_foreign_key": {"table": "t", "name": "f", "columns": ["a"], "references": {"table": "u", "columns": ["b"]}, "on_delete": "set_default"}}"#,
        r#"{"create_foreign_key": {"table": "t", "name": "f", "columns": ["a"], "references": {"table": "u", "columns": ["b"]}, "deferrable": true}}"#,
        r#"{"add_column": {"table": "t", "column": {"name": "a", "type": "bigint", "identity": "always"}}}"#,
        r#"{"add_column": {"table": "t", "column": {"name": "a", "type": "bigint", "generated": {"sql": "1"}, "nullable": false}}}"#,
        r#"{"alter_column": {"table": "t", "column": "a", "type": "text", "using": "a"}}"#,
        r#"{"create_view": {"name": "v", "query": "SELECT 1", "if_not_exists": true}}"#,
        r#"{"create_function": {"name": "f", "returns": "int", "body": "RETURN 1", "or_replace": true}}"#,
        r#"{"create_function": {"name": "f", "body": "RETURN 1"}}"#,
        r#"{"create_trigger": {"name": "f", "table": "t", "timing": "before", "events": ["insert", "update"], "body": "SET @a = 1"}}"#,
        r#"{"create_sequence": {"name": "s"}}"#,
        r#"{"create_enum": {"name": "s", "values": ["a"]}}"#,
        r#"{"rename_constraint": {"table": "t", "kind": "primary_key", "name": "a", "to": "b"}}"#,
        r#"{"drop_constraint": {"table": "t", "kind": "unique"}}"#,
        r#"{"comment": {"on": "view", "name": "v", "comment": "x"}}"#,
        r#"{"add_column": {"table": "t", "column": {"name": "a", "type": "bigint", "autoincrement": true}}}"#,
        r#"{"create_table": {"name": "t", "columns": [{"name": "a", "type": "bigint", "identity": "by_default"}]}}"#,
        r#"{"rename_table": {"name": "t", "to": "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääx"}}"#,
    ] {
        all.push_str(&format!("{json}\n{}\n", both(json)));
    }
    insta::assert_snapshot!(all, @r#"
    {"create_index": {"table": "t", "name": "i", "columns": ["a"], "where": "a > 0"}}
    `create_index.where` is not supported on mysql: an index always covers all rows
    `create_index.where` is not supported on mariadb: an index always covers all rows
    {"create_index": {"table": "t", "name": "i", "columns": ["a"], "concurrently": true}}
    `create_index.concurrently` is not supported on mysql: use `algorithm: inplace` and `lock: none`
    `create_index.concurrently` is not supported on mariadb: use `algorithm: inplace` and `lock: none`
    {"create_index": {"table": "t", "name": "i", "columns": [{"sql": "lower(a)"}]}}
    mysql: taken
    `create_index.columns.0.sql` is not supported on mariadb: an index is over columns: index a generated column
    {"create_index": {"table": "t", "name": "i", "columns": ["a"], "method": "gin"}}
    `create_index.method` is not supported on mysql: it is one of btree, hash, rtree
    `create_index.method` is not supported on mariadb: it is one of btree, hash, rtree
    {"create_index": {"table": "t", "name": "i", "columns": ["a"], "if_not_exists": true}}
    `create_index.if_not_exists` is not supported on mysql: only MariaDB supports it
    mariadb: taken
    {"create_index": {"table": "t", "columns": ["a"]}}
    `create_index` on mysql: an index without a name, which the server would generate
    `create_index` on mariadb: an index without a name, which the server would generate
    {"create_check": {"table": "t", "name": "c", "sql": "a > 0", "enforced": false}}
    mysql: taken
    `create_check.enforced` is not supported on mariadb: a check is always enforced
    {"create_foreign_key": {"table": "t", "name": "f", "columns": ["a"], "references": {"table": "u", "columns": ["b"]}, "on_delete": "set_default"}}
    `create_foreign_key.on_delete` is not supported on mysql: InnoDB does not support SET DEFAULT
    `create_foreign_key.on_delete` is not supported on mariadb: InnoDB does not support SET DEFAULT
    {"create_foreign_key": {"table": "t", "name": "f", "columns": ["a"], "references": {"table": "u", "columns": ["b"]}, "deferrable": true}}
    `create_foreign_key.deferrable` is not supported on mysql: constraints are always checked immediately
    `create_foreign_key.deferrable` is not supported on mariadb: constraints are always checked immediately
    {"add_column": {"table": "t", "column": {"name": "a", "type": "bigint", "identity": "always"}}}
    `add_column.column.identity` is not supported on mysql: an explicit value always overrides AUTO_INCREMENT: use `by_default`
    `add_column.column.identity` is not supported on mariadb: an explicit value always overrides AUTO_INCREMENT: use `by_default`
    {"add_column": {"table": "t", "column": {"name": "a", "type": "bigint", "generated": {"sql": "1"}, "nullable": false}}}
    mysql: taken
    `add_column.column.nullable` is not supported on mariadb: a generated column cannot be NOT NULL: add a check
    {"alter_column": {"table": "t", "column": "a", "type": "text", "using": "a"}}
    `alter_column.using` is not supported on mysql: values are converted by the server's own rules; convert them before with `sql` or `backfill`
    `alter_column.using` is not supported on mariadb: values are converted by the server's own rules; convert them before with `sql` or `backfill`
    {"create_view": {"name": "v", "query": "SELECT 1", "if_not_exists": true}}
    `create_view.if_not_exists` is not supported on mysql: only MariaDB supports it
    mariadb: taken
    {"create_function": {"name": "f", "returns": "int", "body": "RETURN 1", "or_replace": true}}
    `create_function.or_replace` is not supported on mysql: only MariaDB supports it: drop the existing one, with `was`, and create the new one
    mariadb: taken
    {"create_function": {"name": "f", "body": "RETURN 1"}}
    `create_function.returns` is not supported on mysql: a function needs `returns`
    `create_function.returns` is not supported on mariadb: a function needs `returns`
    {"create_trigger": {"name": "f", "table": "t", "timing": "before", "events": ["insert", "update"], "body": "SET @a = 1"}}
    `create_trigger.events` is not supported on mysql: a trigger has exactly one event
    `create_trigger.events` is not supported on mariadb: a trigger has exactly one event
    {"create_sequence": {"name": "s"}}
    `create_sequence` is not supported on mysql: MySQL has no sequences
    mariadb: taken
    {"create_enum": {"name": "s", "values": ["a"]}}
    `create_enum` is not supported on mysql: only PostgreSQL supports it
    `create_enum` is not supported on mariadb: only PostgreSQL supports it
    {"rename_constraint": {"table": "t", "kind": "primary_key", "name": "a", "to": "b"}}
    `rename_constraint.kind` is not supported on mysql: every primary key is called PRIMARY
    `rename_constraint.kind` is not supported on mariadb: every primary key is called PRIMARY
    {"drop_constraint": {"table": "t", "kind": "unique"}}
    `drop_constraint.name` is not supported on mysql: a constraint is found by its name
    `drop_constraint.name` is not supported on mariadb: a constraint is found by its name
    {"comment": {"on": "view", "name": "v", "comment": "x"}}
    `comment.on` is not supported on mysql: only tables, columns, functions and procedures take a new comment
    `comment.on` is not supported on mariadb: only tables, columns, functions and procedures take a new comment
    {"add_column": {"table": "t", "column": {"name": "a", "type": "bigint", "autoincrement": true}}}
    `add_column.column` on mysql: a would be AUTO_INCREMENT and no key (error 1075)
    `add_column.column` on mariadb: a would be AUTO_INCREMENT and no key (error 1075)
    {"create_table": {"name": "t", "columns": [{"name": "a", "type": "bigint", "identity": "by_default"}]}}
    `create_table` on mysql: a would be AUTO_INCREMENT and no key (error 1075)
    `create_table` on mariadb: a would be AUTO_INCREMENT and no key (error 1075)
    {"rename_table": {"name": "t", "to": "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääx"}}
    `rename_table.to` is not supported on mysql: the name has 65 characters and may have 64
    `rename_table.to` is not supported on mariadb: the name has 65 characters and may have 64
    "#);
}
