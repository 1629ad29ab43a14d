//! What PostgreSQL cannot honour: named, never dropped.

use serde_json::{Value, json};

use super::PG;
use crate::operations::refusal;

fn table(more: Value) -> Value {
    let mut table = json!({"name": "t", "columns": [{"name": "a", "type": "integer"}]});
    for (key, value) in more.as_object().unwrap() {
        table[key] = value.clone();
    }
    json!({"create_table": table})
}

fn column(more: Value) -> Value {
    let mut column = json!({"name": "b", "type": "integer"});
    for (key, value) in more.as_object().unwrap() {
        column[key] = value.clone();
    }
    json!({"add_column": {"table": "t", "column": column}})
}

#[test]
fn what_cannot_be_honoured_is_named() {
    let long = "n".repeat(64);
    let cases = [
        table(json!({"options": {"engine": "InnoDB"}})),
        table(json!({"options": {"strict": true}})),
        table(json!({"options": {"temporary": true}, "schema": "x"})),
        table(json!({"options": {"partition_of": "p"}})),
        table(json!({"constraints": [{"unique": {"columns": ["a"]}}]})),
        table(json!({"constraints": [{"check": {"sql": "a > 0"}}]})),
        table(
            json!({"constraints": [{"foreign_key": {"name": "f", "columns": ["a"], "references": {"table": "o", "columns": ["id"]}, "match": "partial"}}]}),
        ),
        table(json!({"constraints": [{"check": {"name": "c", "sql": {"sqlite": "a > 0"}}}]})),
        table(json!({"indexes": [{"columns": ["a"]}]})),
        table(
            json!({"indexes": [{"name": "i", "columns": ["a"], "kind": "fulltext", "parser": "ngram"}]}),
        ),
        table(
            json!({"columns": [{"name": "a", "type": "integer", "primary_key": true}, {"name": "b", "type": "integer", "primary_key": true}]}),
        ),
        table(json!({"name": long})),
        table(json!({"name": ""})),
        column(json!({"charset": "utf8mb4"})),
        column(json!({"autoincrement": true})),
        column(json!({"on_update": "now()"})),
        column(json!({"invisible": true})),
        column(json!({"default": "x"})),
        column(json!({"default": 1, "identity": "always"})),
        column(json!({"generated": {"sql": "a"}})),
        column(json!({"references": {"table": "o", "column": "id"}})),
        column(json!({"type": {"sqlite": "int"}})),
        json!({"add_column": {"table": "t", "column": {"name": "b", "type": "integer"}, "after": "a"}}),
        json!({"alter_column": {"table": "t", "column": "a", "first": true, "nullable": true}}),
        json!({"alter_column": {"table": "t", "column": "a", "using": "a + 1"}}),
        json!({"alter_column": {"table": "t", "column": "a", "generated": {"sql": "b", "stored": true}}}),
        json!({"alter_column": {"table": "t", "column": "a"}}),
        json!({"create_index": {"table": "t", "name": "i", "columns": [{"column": "a", "length": 5}]}}),
        json!({"create_index": {"table": "t", "name": "i", "columns": ["a"], "algorithm": "inplace"}}),
        json!({"drop_index": {"table": "t", "name": "i", "concurrently": true, "cascade": true}}),
        json!({"create_check": {"table": "t", "name": "c", "sql": "a > 0", "enforced": false}}),
        json!({"drop_constraint": {"table": "t", "kind": "check"}}),
        json!({"create_domain": {"name": "d", "type": "integer", "checks": [{"sql": "VALUE > 0"}]}}),
        json!({"create_view": {"name": "v", "query": "SELECT 1", "sql_security": "invoker"}}),
        json!({"create_view": {"name": "v", "query": "SELECT 1", "if_not_exists": true}}),
        json!({"create_function": {"name": "f", "body": "SELECT 1", "definer": "me"}}),
        json!({"create_trigger": {"table": "t", "name": "tr", "timing": "before", "events": ["insert"], "body": "SELECT 1"}}),
        json!({"create_trigger": {"table": "t", "name": "tr", "timing": "before", "events": ["insert"]}}),
        json!({"create_trigger": {"table": "t", "name": "tr", "timing": "before", "events": ["insert"], "execute": "f()", "follows": "x"}}),
        json!({"create_schema": {"name": "s", "charset": "utf8mb4"}}),
        json!({"grant": {"privileges": ["select; drop"], "on": "table", "name": "t", "roles": ["r"]}}),
        json!({"grant": {"privileges": ["select"], "on": "table", "name": "t", "roles": ["r"], "cascade": true}}),
        json!({"add_enum_value": {"name": "e", "value": "a", "before": "b", "after": "c"}}),
        json!({"comment": {"on": "column", "name": "a", "comment": "x"}}),
    ];
    let refused: String = cases
        .into_iter()
        .map(|operation| {
            let error = refusal(PG, json!([operation]));
            let hint = error.hint.map_or_else(String::new, |hint| format!(" ({hint})"));
            format!("{}{hint}\n", error.message)
        })
        .collect();
    insta::assert_snapshot!(refused, @r#"
    `create_table.options.engine` is not supported on postgres: PostgreSQL has no equivalent
    `create_table.options.strict` is not supported on postgres: PostgreSQL has no equivalent
    `create_table.options.temporary` on postgres: a temporary table cannot be in a named schema
    `create_table.options.partition_of` on postgres: `partition_bounds` is missing beside it
    `create_table.constraints.0.unique` on postgres: a unique constraint without a name, which the server would generate (name it, for example `name: uq_t_a`)
    `create_table.constraints.0.check` on postgres: a check without a name, which the server would generate (name it, for example `name: ck_t`)
    `create_table.constraints.0.foreign_key.match` is not supported on postgres: PostgreSQL does not implement it
    `create_table.constraints.0.check.sql` has no entry for postgres (add an entry for postgres)
    `create_table.indexes.0` on postgres: an index without a name, which the server would generate (name it, for example `name: ix_t_a`)
    `create_table.indexes.0.kind` is not supported on postgres: use `method: gin` or `method: gist`
    `create_table.columns` on postgres: a table has one primary key; one of several columns is a constraint of the table
    `create_table.name` on postgres: it has 64 bytes, and the server truncates names after 63
    `create_table.name` on postgres: a name has at least one character
    `add_column.column.charset` is not supported on postgres: the character set is a property of the database
    `add_column.column.autoincrement` is not supported on postgres: use `identity`
    `add_column.column.on_update` is not supported on postgres: use a trigger
    `add_column.column.invisible` is not supported on postgres: PostgreSQL has no invisible columns
    `add_column.column.default` on postgres: "x" is not a whole number
    `add_column.column.identity` on postgres: a column takes one of default, identity and generated
    `add_column.column.generated.stored` on postgres: before version 18 generated columns are always stored: use `stored: true`
    `add_column.column.references` on postgres: a foreign key without a name, which the server would generate (name it, for example `name: fk_t`)
    `add_column.column.type` has no entry for postgres (add an entry for postgres)
    `add_column.after` is not supported on postgres: columns cannot be reordered
    `alter_column.first` is not supported on postgres: columns cannot be reordered
    `alter_column.using` on postgres: `using` requires a new `type`
    `alter_column.generated` on postgres: a column cannot become a generated column; drop it and add it again
    `alter_column` on postgres: it changes nothing
    `create_index.columns.0.length` is not supported on postgres: PostgreSQL has no prefix indexes; use an expression such as left(name, 10)
    `create_index.algorithm` is not supported on postgres: use `concurrently`
    `drop_index.cascade` on postgres: DROP INDEX CONCURRENTLY does not support CASCADE
    `create_check.enforced` is not supported on postgres: checks are always enforced; `not_valid` leaves existing rows unchecked
    `drop_constraint.name` on postgres: only a primary key may be unnamed
    `create_domain.checks.0` on postgres: a check without a name, which the server would generate (name it, for example `name: ck_d`)
    `create_view.sql_security` is not supported on postgres: use `with: {security_invoker: true}`
    `create_view.if_not_exists` is not supported on postgres: PostgreSQL has no such syntax; use `or_replace` to replace an existing one
    `create_function.definer` is not supported on postgres: its owner is the role that creates it
    `create_trigger.body` is not supported on postgres: a trigger calls a function: use `execute`
    `create_trigger.execute` on postgres: it is missing: a trigger calls a function here
    `create_trigger.follows` is not supported on postgres: PostgreSQL has no equivalent
    `create_schema.charset` is not supported on postgres: the character set is a property of the database
    `grant.privileges.0` on postgres: it is not a privilege
    `grant.cascade` on postgres: only `revoke` has `cascade`
    `add_enum_value.after` on postgres: use either `before` or `after`
    `comment.table` on postgres: it is missing: the object is one of a table
    "#);
}

#[test]
fn a_way_back_is_not_looked_at() {
    use super::statements;
    let made = statements(
        PG,
        json!([{"drop_table": {"name": "t", "was": {"options": {"engine": "InnoDB"}}}}]),
    );
    assert_eq!(made[0].sql, "DROP TABLE t");
}
