//! What SQLite has no words for: said by the operation, the option and the reason, before anything runs.

use revdag::internals::sql::check;
use revdag::internals::text::Dialect;
use revdag::model::Entry;
use serde_json::{Value, json};

use super::operations;

fn refusal(said: Value) -> Option<String> {
    let operation = operations(&json!([said])).remove(0);
    let checked = check(&[Entry::new(operation, 1)], Dialect::Sqlite, "r.yaml");
    checked.err().map(|error| error.to_string())
}

#[test]
fn what_sqlite_has_no_words_for_is_refused_by_name() {
    let column = |more: Value| {
        let mut column = json!({"name": "a", "type": "integer"});
        for (key, value) in more.as_object().unwrap() {
            column[key] = value.clone();
        }
        json!({"create_table": {"name": "t", "columns": [column]}})
    };
    for (said, path) in [
        (json!({"create_schema": {"name": "s"}}), "create_schema"),
        (json!({"drop_extension": {"name": "s"}}), "drop_extension"),
        (json!({"comment": {"on": "table", "name": "t", "comment": "x"}}), "comment"),
        (
            json!({"create_table": {"schema": "s", "name": "t", "columns": [{"name": "a", "type": "text"}]}}),
            "create_table.schema",
        ),
        (
            column(json!({"identity": "always", "primary_key": true})),
            "create_table.columns.0.identity",
        ),
        (column(json!({"identity": "by_default"})), "create_table.columns.0.identity"),
        (
            column(json!({"type": "text", "autoincrement": true, "primary_key": true})),
            "create_table.columns.0.autoincrement",
        ),
        (
            column(json!({"identity": {"kind": "by_default", "start": 5}, "primary_key": true})),
            "create_table.columns.0.identity.start",
        ),
        (column(json!({"comment": "x"})), "create_table.columns.0.comment"),
        (column(json!({"invisible": true})), "create_table.columns.0.invisible"),
        (json!({"create_table": {"name": "t", "columns": []}}), "create_table.columns"),
        (
            json!({"create_table": {"name": "t", "columns": [{"name": "a", "type": "decimal(9,2)"}],
            "options": {"strict": true}}}),
            "create_table.columns.0.type",
        ),
        (
            json!({"create_table": {"name": "t", "columns": [{"name": "a", "type": "text"}],
            "options": {"without_rowid": true}}}),
            "create_table.options.without_rowid",
        ),
        (
            json!({"create_table": {"name": "t", "columns": [{"name": "a", "type": "text"}],
            "options": {"engine": "x"}}}),
            "create_table.options.engine",
        ),
        (
            json!({"create_index": {"table": "t", "name": "i", "columns": ["a"], "concurrently": true}}),
            "create_index.concurrently",
        ),
        (
            json!({"create_index": {"table": "t", "name": "i", "columns": [{"column": "a", "nulls": "last"}]}}),
            "create_index.columns.0.nulls",
        ),
        (
            json!({"create_unique": {"table": "t", "columns": ["a"], "deferrable": true}}),
            "create_unique.deferrable",
        ),
        (
            json!({"create_foreign_key": {"table": "t", "columns": ["a"], "match": "full",
            "references": {"table": "p", "columns": ["a"]}}}),
            "create_foreign_key.match",
        ),
        (
            json!({"create_check": {"table": "t", "sql": "a", "not_valid": true}}),
            "create_check.not_valid",
        ),
        (json!({"drop_table": {"name": "t", "cascade": true}}), "drop_table.cascade"),
        (
            json!({"create_view": {"name": "v", "query": "SELECT 1", "check_option": "local"}}),
            "create_view.check_option",
        ),
        (
            json!({"create_trigger": {"table": "t", "name": "g", "timing": "after", "body": "SELECT 1",
            "events": ["insert", "delete"]}}),
            "create_trigger.events",
        ),
        (
            json!({"create_trigger": {"table": "t", "name": "g", "timing": "after", "events": ["insert"]}}),
            "create_trigger.body",
        ),
        (
            json!({"alter_column": {"table": "t", "column": "a", "identity": null}}),
            "alter_column.identity",
        ),
        (
            json!({"alter_column": {"table": "t", "column": "a", "comment": "x"}}),
            "alter_column.comment",
        ),
    ] {
        let message = refusal(said.clone()).unwrap_or_else(|| panic!("{said}"));
        assert!(
            message.starts_with(&format!("`{path}` is not supported on sqlite: ")),
            "{message}"
        );
    }
    for said in [
        column(json!({"identity": "by_default", "primary_key": true})),
        column(json!({"autoincrement": true, "primary_key": true, "type": "bigint"})),
        json!({"alter_column": {"table": "t", "column": "a", "comment": null, "nullable": true}}),
        json!({"create_unique": {"table": "t", "columns": ["a"], "nulls_distinct": true}}),
    ] {
        assert_eq!(refusal(said.clone()), None, "{said}");
    }
}
