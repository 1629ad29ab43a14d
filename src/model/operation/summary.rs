//! An operation in a line, for people.

use super::{DefaultValue, Operation};
use crate::model::{ByDialect, SqlText};

/// As many characters of SQL and of lists are shown.
const SHOWN: usize = 60;

impl Operation {
    /// The operation in a line: its kind, what it is about, and what it says of it in short.
    pub fn summary(&self) -> String {
        one_line(&format!("{} {}", self.kind(), self.rules().summary()))
    }
}

/// A list of changes, such as those of an `alter_…`.
pub(super) fn changes<const N: usize>(changes: [Option<String>; N]) -> String {
    changes.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What becomes `NULL` or `NOT NULL`.
pub(super) fn nullability(nullable: bool) -> String {
    if nullable { "nullable" } else { "not null" }.to_owned()
}

/// `schema.name`, or the name alone.
pub(super) fn of(schema: Option<&String>, name: &str) -> String {
    match schema {
        Some(schema) => format!("{schema}.{name}"),
        None => name.to_owned(),
    }
}

/// `name on table`
pub(super) fn on(name: &str, schema: Option<&String>, table: &str) -> String {
    let gap = if name.is_empty() { "" } else { " " };
    format!("{name}{gap}on {}", of(schema, table))
}

/// `name on table (a, b)`
pub(super) fn keyed(
    name: &str,
    schema: Option<&String>,
    table: &str,
    columns: &[String],
) -> String {
    format!("{} ({})", on(name, schema, table), list(columns))
}

pub(super) fn value(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Literal(literal) => short(&literal.to_string()),
        DefaultValue::Sql(sql) => text(sql),
    }
}

/// The text for all dialects, or those for each with their names.
pub(super) fn text(sql: &SqlText) -> String {
    match sql {
        ByDialect::All(sql) => short(sql),
        ByDialect::Each(each) => {
            let each: Vec<String> =
                each.iter().map(|(dialect, sql)| format!("{dialect}: {sql}")).collect();
            short(&each.join(", "))
        }
    }
}

pub(super) fn list(words: &[String]) -> String {
    short(&words.join(", "))
}

/// A word as files write it.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        _ => String::new(),
    }
}

pub(super) fn count(many: usize, word: &str) -> String {
    format!("{many} {word}{}", if many == 1 { "" } else { "s" })
}

/// The text on one line, cut where it is long.
pub(super) fn short(text: &str) -> String {
    let text = one_line(text);
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text,
    }
}

/// The text on one line, whatever it holds.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(json: serde_json::Value) -> String {
        serde_json::from_value::<Operation>(json).unwrap().summary()
    }

    #[test]
    fn an_operation_is_a_line() {
        use serde_json::json;
        let lines = [
            json!({"create_table": {"name": "accounts", "columns": [
                {"name": "id", "type": "bigint"}, {"name": "email", "type": "string(255)"}],
                "indexes": [{"name": "a", "columns": ["id"]}, {"name": "b", "columns": ["email"]}]}}),
            json!({"add_column": {"schema": "app", "table": "accounts", "column":
                {"name": "plan", "type": "text", "nullable": false, "default": "free"}}}),
            json!({"alter_column": {"table": "accounts", "column": "email", "rename": "mail",
                "type": {"postgres": "citext", "sqlite": "text"}, "nullable": true, "default": null}}),
            json!({"create_index": {"name": "ix", "table": "t", "unique": true,
                "columns": ["a", {"sql": "lower(b)"}], "where": "a > 0"}}),
            json!({"create_foreign_key": {"name": "fk", "table": "a", "columns": ["b_id"],
                "references": {"table": "b", "columns": ["id"]}}}),
            json!({"comment": {"on": "column", "table": "t", "name": "c", "comment": null}}),
            json!({"grant": {"privileges": ["select", "insert"], "on": "all_tables",
                "schema": "app", "roles": ["reader"]}}),
            json!({"bulk_insert": {"table": "t", "columns": {"a": "integer"}, "rows": [{"a": 1}]}}),
            json!({"backfill": {"table": "t", "key": ["id"], "set": {"a": {"sql": "b\n + 1"}}}}),
            json!({"sql": "\nUPDATE t\nSET a = 1"}),
            json!({"by_dialect": {"postgres": [{"create_extension": {"name": "citext"}}], "sqlite": []}}),
        ];
        let lines: Vec<String> = lines.into_iter().map(summary).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        create_table accounts (2 columns, 2 indexes)
        add_column app.accounts.plan text, not null, default "free"
        alter_column accounts.email rename to mail, type postgres: citext, sqlite: text, nullable, no default
        create_index ix on t (a, lower(b)) where a > 0, unique
        create_foreign_key fk on a (b_id) to b (id)
        comment on column t.c: none
        grant select, insert on all tables in app to reader
        bulk_insert t (1 row)
        backfill t: a = b + 1
        sql UPDATE t
        by_dialect 1 operation on postgres, nothing on sqlite
        "#);
    }

    #[test]
    fn a_line_stays_a_line() {
        let name = "a\nb\u{1b}[31m".to_owned();
        let long = summary(serde_json::json!({"create_view": {
            "name": name, "query": "SELECT 1 ".repeat(40) }}));
        assert_eq!(long.lines().count(), 1);
        assert!(!long.contains('\u{1b}') && long.chars().count() < 100, "{long}");
    }
}
