//! What is refused, with its words.

use revdag::model::Entry;
use revdag::sql;
use revdag::text::Dialect;

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
        r#"{"rename_table": {"name": "t", "to": "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääx"}}"#,
    ] {
        all.push_str(&format!("{json}\n{}\n", both(json)));
    }
    insta::assert_snapshot!(all, @r#"
    {"create_index": {"table": "t", "name": "i", "columns": ["a"], "where": "a > 0"}}
    `create_index.where` cannot be honoured on mysql: an index is always about all rows
    `create_index.where` cannot be honoured on mariadb: an index is always about all rows
    {"create_index": {"table": "t", "name": "i", "columns": ["a"], "concurrently": true}}
    `create_index.concurrently` cannot be honoured on mysql: say `algorithm: inplace` and `lock: none`
    `create_index.concurrently` cannot be honoured on mariadb: say `algorithm: inplace` and `lock: none`
    {"create_index": {"table": "t", "name": "i", "columns": [{"sql": "lower(a)"}]}}
    mysql: taken
    `create_index.columns.0.sql` cannot be honoured on mariadb: an index is over columns: index a generated column
    {"create_index": {"table": "t", "name": "i", "columns": ["a"], "method": "gin"}}
    `create_index.method` cannot be honoured on mysql: it is one of btree, hash, rtree
    `create_index.method` cannot be honoured on mariadb: it is one of btree, hash, rtree
    {"create_index": {"table": "t", "name": "i", "columns": ["a"], "if_not_exists": true}}
    `create_index.if_not_exists` cannot be honoured on mysql: only MariaDB has it
    mariadb: taken
    {"create_index": {"table": "t", "columns": ["a"]}}
    `create_index` on mysql: an index without a name, which the server would invent
    `create_index` on mariadb: an index without a name, which the server would invent
    {"create_check": {"table": "t", "name": "c", "sql": "a > 0", "enforced": false}}
    mysql: taken
    `create_check.enforced` cannot be honoured on mariadb: a check is always enforced
    {"create_foreign_key": {"table": "t", "name": "f", "columns": ["a"], "references": {"table": "u", "columns": ["b"]}, "on_delete": "set_default"}}
    `create_foreign_key.on_delete` cannot be honoured on mysql: InnoDB does not set defaults
    `create_foreign_key.on_delete` cannot be honoured on mariadb: InnoDB does not set defaults
    {"create_foreign_key": {"table": "t", "name": "f", "columns": ["a"], "references": {"table": "u", "columns": ["b"]}, "deferrable": true}}
    `create_foreign_key.deferrable` cannot be honoured on mysql: a constraint is always checked at once
    `create_foreign_key.deferrable` cannot be honoured on mariadb: a constraint is always checked at once
    {"add_column": {"table": "t", "column": {"name": "a", "type": "bigint", "identity": "always"}}}
    `add_column.column.identity` cannot be honoured on mysql: with AUTO_INCREMENT a given number always wins: say `by_default`
    `add_column.column.identity` cannot be honoured on mariadb: with AUTO_INCREMENT a given number always wins: say `by_default`
    {"add_column": {"table": "t", "column": {"name": "a", "type": "bigint", "generated": {"sql": "1"}, "nullable": false}}}
    mysql: taken
    `add_column.column.nullable` cannot be honoured on mariadb: a generated column takes no NOT NULL: add a check
    {"alter_column": {"table": "t", "column": "a", "type": "text", "using": "a"}}
    `alter_column.using` cannot be honoured on mysql: values are converted by the server's own rules; convert them before with `sql` or `backfill`
    `alter_column.using` cannot be honoured on mariadb: values are converted by the server's own rules; convert them before with `sql` or `backfill`
    {"create_view": {"name": "v", "query": "SELECT 1", "if_not_exists": true}}
    `create_view.if_not_exists` cannot be honoured on mysql: only MariaDB has it
    mariadb: taken
    {"create_function": {"name": "f", "returns": "int", "body": "RETURN 1", "or_replace": true}}
    `create_function.or_replace` cannot be honoured on mysql: only MariaDB has it: drop the one that is there, with `was`, and create the new one
    mariadb: taken
    {"create_function": {"name": "f", "body": "RETURN 1"}}
    `create_function.returns` cannot be honoured on mysql: a function returns something
    `create_function.returns` cannot be honoured on mariadb: a function returns something
    {"create_trigger": {"name": "f", "table": "t", "timing": "before", "events": ["insert", "update"], "body": "SET @a = 1"}}
    `create_trigger.events` cannot be honoured on mysql: a trigger fires for one event
    `create_trigger.events` cannot be honoured on mariadb: a trigger fires for one event
    {"create_sequence": {"name": "s"}}
    `create_sequence` cannot be honoured on mysql: MySQL has no sequences
    mariadb: taken
    {"create_enum": {"name": "s", "values": ["a"]}}
    `create_enum` cannot be honoured on mysql: only PostgreSQL has it
    `create_enum` cannot be honoured on mariadb: only PostgreSQL has it
    {"rename_constraint": {"table": "t", "kind": "primary_key", "name": "a", "to": "b"}}
    `rename_constraint.kind` cannot be honoured on mysql: every primary key is called PRIMARY
    `rename_constraint.kind` cannot be honoured on mariadb: every primary key is called PRIMARY
    {"drop_constraint": {"table": "t", "kind": "unique"}}
    `drop_constraint.name` cannot be honoured on mysql: a constraint is found by its name
    `drop_constraint.name` cannot be honoured on mariadb: a constraint is found by its name
    {"comment": {"on": "view", "name": "v", "comment": "x"}}
    `comment.on` cannot be honoured on mysql: only tables, columns, functions and procedures take a new comment
    `comment.on` cannot be honoured on mariadb: only tables, columns, functions and procedures take a new comment
    {"rename_table": {"name": "t", "to": "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääx"}}
    `rename_table.to` cannot be honoured on mysql: the name has 65 characters and may have 64
    `rename_table.to` cannot be honoured on mariadb: the name has 65 characters and may have 64
    "#);
}
