//! An operation in a line, for people.

use std::fmt::Write as _;

use super::{
    AlterColumn, AlterDomain, AlterPolicy, AlterSequence, Backfill, BulkInsert, Check, Column,
    CommentObject, CreateTable, DefaultValue, Exclude, ForeignKey, Grant, GrantObject, Index,
    IndexKey, Operation, RowSecurity, SequenceDefinition, SetComment, Sql, TriggerEvent, Unique,
};
use crate::model::{ByDialect, SqlText};

/// As many characters of SQL and of lists are shown.
const SHOWN: usize = 60;

impl Operation {
    /// The operation in a line: its kind, what it is about, and what it says of it in short.
    pub fn summary(&self) -> String {
        let kind = self.kind();
        let said = match self {
            Operation::CreateTable(table) => create_table(table),
            Operation::DropTable(table) => of(table.schema.as_ref(), &table.name),
            Operation::RenameTable(table) => {
                format!("{} to {}", of(table.schema.as_ref(), &table.name), table.to)
            }
            Operation::AddColumn(add) => {
                let table = of(add.schema.as_ref(), &add.table);
                format!("{table}.{}", column(&add.column))
            }
            Operation::DropColumn(drop) => {
                format!("{}.{}", of(drop.schema.as_ref(), &drop.table), drop.column)
            }
            Operation::AlterColumn(alter) => alter_column(alter),
            Operation::CreateIndex(create) => {
                let concurrently = if create.concurrently { ", concurrently" } else { "" };
                let table = of(create.schema.as_ref(), &create.table);
                format!("{}{concurrently}", index(&create.index, &table))
            }
            Operation::DropIndex(drop) => on(&drop.name, drop.schema.as_ref(), &drop.table),
            Operation::RenameIndex(rename) => {
                let table = of(rename.schema.as_ref(), &rename.table);
                format!("{} to {} on {table}", rename.name, rename.to)
            }
            Operation::CreatePrimaryKey(create) => {
                let name = create.key.name.as_deref().unwrap_or_default();
                keyed(name, create.schema.as_ref(), &create.table, &create.key.columns)
            }
            Operation::CreateUnique(create) => {
                let Unique { name, columns, .. } = &create.unique;
                let name = name.as_deref().unwrap_or_default();
                keyed(name, create.schema.as_ref(), &create.table, columns)
            }
            Operation::CreateForeignKey(create) => {
                let ForeignKey { name, columns, references, .. } = &create.key;
                let name = name.as_deref().unwrap_or_default();
                let from = keyed(name, create.schema.as_ref(), &create.table, columns);
                let to = of(references.schema.as_ref(), &references.table);
                format!("{from} to {to} ({})", list(&references.columns))
            }
            Operation::CreateCheck(create) => {
                let Check { name, sql, .. } = &create.check;
                let name = name.as_deref().unwrap_or_default();
                format!("{}: {}", on(name, create.schema.as_ref(), &create.table), text(sql))
            }
            Operation::CreateExclude(create) => {
                let Exclude { name, elements, .. } = &create.exclude;
                let name = name.as_deref().unwrap_or_default();
                let elements: Vec<String> = elements
                    .iter()
                    .map(|element| {
                        let value = element.column.as_ref().or(element.sql.as_ref());
                        format!("{} with {}", value.map_or("", String::as_str), element.with)
                    })
                    .collect();
                let on = on(name, create.schema.as_ref(), &create.table);
                format!("{on} ({})", list(&elements))
            }
            Operation::DropConstraint(drop) => {
                let unnamed = format!("the {}", drop.kind.noun());
                on(drop.name.as_deref().unwrap_or(&unnamed), drop.schema.as_ref(), &drop.table)
            }
            Operation::RenameConstraint(rename) => {
                let table = of(rename.schema.as_ref(), &rename.table);
                format!("{} to {} on {table}", rename.name, rename.to)
            }
            Operation::ValidateConstraint(validate) => {
                on(&validate.name, validate.schema.as_ref(), &validate.table)
            }
            Operation::Comment(comment) => set_comment(comment),
            Operation::CreateEnum(create) => {
                let name = of(create.schema.as_ref(), &create.name);
                format!("{name} ({})", list(&create.values))
            }
            Operation::DropEnum(drop) => of(drop.schema.as_ref(), &drop.name),
            Operation::AddEnumValue(add) => {
                let place = match (&add.before, &add.after) {
                    (Some(before), _) => format!(" before {before}"),
                    (None, Some(after)) => format!(" after {after}"),
                    (None, None) => String::new(),
                };
                format!("{} to {}{place}", add.value, of(add.schema.as_ref(), &add.name))
            }
            Operation::RenameEnumValue(rename) => {
                let name = of(rename.schema.as_ref(), &rename.name);
                format!("{} to {} in {name}", rename.value, rename.to)
            }
            Operation::DropEnumValue(drop) => {
                let by = drop.replace_by.as_ref();
                let by = by.map(|by| format!(", rows take {by}")).unwrap_or_default();
                format!("{} from {}{by}", drop.value, of(drop.schema.as_ref(), &drop.name))
            }
            Operation::RenameType(rename) => {
                format!("{} to {}", of(rename.schema.as_ref(), &rename.name), rename.to)
            }
            Operation::CreateDomain(create) => {
                let name = of(create.schema.as_ref(), &create.name);
                format!("{name} {}", text(&create.definition.type_))
            }
            Operation::AlterDomain(alter) => alter_domain(alter),
            Operation::DropDomain(drop) => of(drop.schema.as_ref(), &drop.name),
            Operation::CreateSequence(create) => of(create.schema.as_ref(), &create.name),
            Operation::AlterSequence(alter) => alter_sequence(alter),
            Operation::DropSequence(drop) => of(drop.schema.as_ref(), &drop.name),
            Operation::CreateView(create) => {
                let name = of(create.schema.as_ref(), &create.name);
                format!("{name}: {}", text(&create.definition.query))
            }
            Operation::DropView(drop) => of(drop.schema.as_ref(), &drop.name),
            Operation::CreateMaterializedView(create) => {
                let name = of(create.schema.as_ref(), &create.name);
                format!("{name}: {}", short(&create.definition.query))
            }
            Operation::DropMaterializedView(drop) => of(drop.schema.as_ref(), &drop.name),
            Operation::RefreshMaterializedView(refresh) => {
                let concurrently = if refresh.concurrently { ", concurrently" } else { "" };
                format!("{}{concurrently}", of(refresh.schema.as_ref(), &refresh.name))
            }
            Operation::CreateFunction(create) | Operation::CreateProcedure(create) => {
                let arguments = create.definition.arguments.as_ref().map(text);
                let name = of(create.schema.as_ref(), &create.name);
                format!("{name}({})", arguments.unwrap_or_default())
            }
            Operation::DropFunction(drop) | Operation::DropProcedure(drop) => {
                let arguments = drop.arguments.as_ref().map(|arguments| short(arguments));
                let arguments = arguments.map(|arguments| format!("({arguments})"));
                of(drop.schema.as_ref(), &drop.name) + &arguments.unwrap_or_default()
            }
            Operation::CreateTrigger(create) => {
                let events = create.definition.events.iter().map(|event| match event {
                    TriggerEvent::Insert => "insert",
                    TriggerEvent::Update => "update",
                    TriggerEvent::Delete => "delete",
                    TriggerEvent::Truncate => "truncate",
                });
                let events: Vec<&str> = events.collect();
                let on = on(&create.name, create.schema.as_ref(), &create.table);
                format!("{on}, {} {}", word(&create.definition.timing), events.join(" or "))
            }
            Operation::DropTrigger(drop) => on(&drop.name, drop.schema.as_ref(), &drop.table),
            Operation::CreateSchema(create) => create.name.clone(),
            Operation::DropSchema(drop) => drop.name.clone(),
            Operation::CreateExtension(create) => create.name.clone(),
            Operation::DropExtension(drop) => drop.name.clone(),
            Operation::CreatePolicy(create) => {
                on(&create.name, create.schema.as_ref(), &create.table)
            }
            Operation::AlterPolicy(alter) => alter_policy(alter),
            Operation::DropPolicy(drop) => on(&drop.name, drop.schema.as_ref(), &drop.table),
            Operation::RowSecurity(security) => row_security(security),
            Operation::Grant(grant) => rights(grant, "to"),
            Operation::Revoke(grant) => rights(grant, "from"),
            Operation::BulkInsert(rows) | Operation::BulkDelete(rows) => rows_summary(rows),
            Operation::Sql(sql) => sql_summary(sql),
            Operation::Program(program) => short(&program.command.join(" ")),
            Operation::Backfill(backfill) => backfill_summary(backfill),
            Operation::ByDialect(ByDialect::All(operations)) => {
                count(operations.len(), "operation")
            }
            Operation::ByDialect(ByDialect::Each(each)) => {
                let each: Vec<String> = each
                    .iter()
                    .map(|(dialect, operations)| match operations.len() {
                        0 => format!("nothing on {dialect}"),
                        many => format!("{} on {dialect}", count(many, "operation")),
                    })
                    .collect();
                each.join(", ")
            }
        };
        one_line(&format!("{kind} {said}"))
    }
}

fn create_table(table: &CreateTable) -> String {
    let definition = &table.definition;
    let parts = [
        (definition.columns.len(), "column"),
        (definition.constraints.len(), "constraint"),
        (definition.indexes.len(), "index"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(many, _)| *many > 0)
        .map(|(many, word)| match (many, word) {
            (2.., "index") => format!("{many} indexes"),
            _ => count(many, word),
        })
        .collect();
    let name = of(table.schema.as_ref(), &table.name);
    if parts.is_empty() { name } else { format!("{name} ({})", parts.join(", ")) }
}

fn column(column: &Column) -> String {
    let mut said = format!("{} {}", column.name, text(&column.type_));
    if column.nullable == Some(false) {
        said.push_str(", not null");
    }
    if let Some(default) = &column.default {
        let _ = write!(said, ", default {}", value(default));
    }
    if let Some(references) = &column.references {
        let to = of(references.schema.as_ref(), &references.table);
        let _ = write!(said, ", references {to} ({})", references.column);
    }
    for (is, word) in [
        (column.primary_key, "primary key"),
        (column.identity.is_some(), "identity"),
        (column.generated.is_some(), "generated"),
        (column.autoincrement, "autoincrement"),
    ] {
        if is {
            let _ = write!(said, ", {word}");
        }
    }
    said
}

fn alter_column(alter: &AlterColumn) -> String {
    let table = of(alter.schema.as_ref(), &alter.table);
    let none = |what: &str, is_none: bool| match is_none {
        true => format!("no {what}"),
        false => what.to_owned(),
    };
    let changes = [
        alter.rename.as_ref().map(|name| format!("rename to {name}")),
        alter.type_.as_ref().map(|type_| format!("type {}", text(type_))),
        alter.nullable.map(|nullable| if nullable { "nullable" } else { "not null" }.to_owned()),
        alter.default.as_ref().map(|default| match default {
            DefaultValue::Literal(serde_json::Value::Null) => "no default".to_owned(),
            default => format!("default {}", value(default)),
        }),
        alter.identity.as_ref().map(|identity| none("identity", identity.is_none())),
        alter.generated.as_ref().map(|generated| none("expression", generated.is_none())),
        alter.collation.as_ref().map(|collation| format!("collation {}", text(collation))),
        alter.charset.as_ref().map(|charset| format!("charset {charset}")),
        alter.autoincrement.map(|counted| none("autoincrement", !counted)),
        alter.on_update.as_ref().map(|update| match update {
            Some(update) => format!("on update {}", text(update)),
            None => "no on update".to_owned(),
        }),
        alter.comment.as_ref().map(|comment| none("comment", comment.is_none())),
        alter.after.as_ref().map(|after| format!("after {after}")),
        alter.first.then(|| "first".to_owned()),
    ];
    let changes: Vec<String> = changes.into_iter().flatten().collect();
    format!("{table}.{} {}", alter.column, changes.join(", "))
}

fn index(index: &Index, table: &str) -> String {
    let columns: Vec<String> = index
        .columns
        .iter()
        .map(|column| match &column.key {
            IndexKey::Column(name) => name.clone(),
            IndexKey::Sql(sql) => text(sql),
        })
        .collect();
    let name = index.name.as_deref().unwrap_or_default();
    let unique = if index.unique { ", unique" } else { "" };
    let partial =
        index.where_.as_ref().map(|sql| format!(" where {}", text(sql))).unwrap_or_default();
    let gap = if name.is_empty() { "" } else { " " };
    format!("{name}{gap}on {table} ({}){partial}{unique}", list(&columns))
}

fn set_comment(comment: &SetComment) -> String {
    let SetComment { on, schema, table, name, comment: said, .. } = comment;
    let object = match (on, table) {
        (CommentObject::Column, Some(table)) => format!("{}.{name}", of(schema.as_ref(), table)),
        (_, Some(table)) => format!("{name} on {}", of(schema.as_ref(), table)),
        (_, None) => of(schema.as_ref(), name),
    };
    let none = if said.is_none() { ": none" } else { "" };
    format!("on {} {object}{none}", word(on))
}

fn alter_domain(alter: &AlterDomain) -> String {
    let changes = [
        alter.nullable.map(|nullable| if nullable { "nullable" } else { "not null" }.to_owned()),
        alter.default.as_ref().map(|default| format!("default {}", value(default))),
        alter.add_check.as_ref().map(|check| {
            format!("add check {}", check.name.as_deref().unwrap_or_default()).trim_end().to_owned()
        }),
        alter.drop_check.as_ref().map(|check| format!("drop check {check}")),
    ];
    let changes: Vec<String> = changes.into_iter().flatten().collect();
    format!("{} {}", of(alter.schema.as_ref(), &alter.name), changes.join(", "))
}

fn alter_sequence(alter: &AlterSequence) -> String {
    let SequenceDefinition { type_, options, owned_by } = &alter.definition;
    let number = |word: &str, number: &Option<i64>| number.map(|n| format!("{word} {n}"));
    let changes = [
        number("restart", &alter.restart),
        type_.as_ref().map(|type_| format!("type {type_}")),
        number("start", &options.start),
        number("increment", &options.increment),
        number("min", &options.min),
        number("max", &options.max),
        number("cache", &options.cache),
        options.cycle.map(|cycle| if cycle { "cycle" } else { "no cycle" }.to_owned()),
        owned_by.as_ref().map(|owner| format!("owned by {owner}")),
    ];
    let changes: Vec<String> = changes.into_iter().flatten().collect();
    format!("{} {}", of(alter.schema.as_ref(), &alter.name), changes.join(", "))
}

fn alter_policy(alter: &AlterPolicy) -> String {
    let changes = [
        alter.rename.as_ref().map(|name| format!("rename to {name}")),
        alter.roles.as_ref().map(|_| "roles".to_owned()),
        alter.using.as_ref().map(|_| "using".to_owned()),
        alter.check.as_ref().map(|_| "check".to_owned()),
    ];
    let changes: Vec<String> = changes.into_iter().flatten().collect();
    format!("{} {}", on(&alter.name, alter.schema.as_ref(), &alter.table), changes.join(", "))
}

fn row_security(security: &RowSecurity) -> String {
    let said = [(security.enabled, "enabled"), (security.forced, "forced")].into_iter().filter_map(
        |(is, word)| is.map(|is| if is { word.to_owned() } else { format!("not {word}") }),
    );
    let said: Vec<String> = said.collect();
    format!("{} {}", of(security.schema.as_ref(), &security.table), said.join(", "))
}

fn rights(grant: &Grant, towards: &str) -> String {
    let object = match (&grant.name, grant.on) {
        (Some(name), _) => of(grant.schema.as_ref(), name),
        (None, GrantObject::Schema) => grant.schema.clone().unwrap_or_default(),
        (None, _) => {
            let within = grant.schema.as_ref().map(|schema| format!("in {schema}"));
            within.unwrap_or_default()
        }
    };
    let columns = match grant.columns.as_slice() {
        [] => String::new(),
        columns => format!(" ({})", list(columns)),
    };
    let on = word(&grant.on).replace('_', " ");
    let privileges = grant.privileges.join(", ");
    let object = if object.is_empty() { object } else { format!(" {object}") };
    format!("{privileges}{columns} on {on}{object} {towards} {}", grant.roles.join(", "))
}

fn rows_summary(insert: &BulkInsert) -> String {
    let table = of(insert.schema.as_ref(), &insert.table);
    format!("{table} ({})", count(insert.rows.len(), "row"))
}

fn sql_summary(sql: &Sql) -> String {
    let first = |text: &str| short(text.trim_start().lines().next().unwrap_or_default());
    match sql.sections.as_slice() {
        [section] if section.dialect.is_none() => first(&section.text),
        sections => {
            let dialects =
                sections.iter().filter_map(|section| section.dialect).map(|dialect| dialect.name());
            format!("on {}", dialects.collect::<Vec<_>>().join(", "))
        }
    }
}

fn backfill_summary(backfill: &Backfill) -> String {
    let table = of(backfill.schema.as_ref(), &backfill.table);
    let set: Vec<String> =
        backfill.set.iter().map(|(column, to)| format!("{column} = {}", value(to))).collect();
    let rows = backfill.where_.as_ref().map(|sql| format!(" where {}", text(sql)));
    format!("{table}: {}{}", list(&set), rows.unwrap_or_default())
}

/// `schema.name`, or the name alone.
fn of(schema: Option<&String>, name: &str) -> String {
    match schema {
        Some(schema) => format!("{schema}.{name}"),
        None => name.to_owned(),
    }
}

/// `name on table`
fn on(name: &str, schema: Option<&String>, table: &str) -> String {
    let gap = if name.is_empty() { "" } else { " " };
    format!("{name}{gap}on {}", of(schema, table))
}

/// `name on table (a, b)`
fn keyed(name: &str, schema: Option<&String>, table: &str, columns: &[String]) -> String {
    format!("{} ({})", on(name, schema, table), list(columns))
}

fn value(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Literal(literal) => short(&literal.to_string()),
        DefaultValue::Sql(sql) => text(sql),
    }
}

/// The text for all dialects, or those for each with their names.
fn text(sql: &SqlText) -> String {
    match sql {
        ByDialect::All(sql) => short(sql),
        ByDialect::Each(each) => {
            let each: Vec<String> =
                each.iter().map(|(dialect, sql)| format!("{dialect}: {sql}")).collect();
            short(&each.join(", "))
        }
    }
}

fn list(words: &[String]) -> String {
    short(&words.join(", "))
}

/// A word as files write it.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word.replace('_', " "),
        _ => String::new(),
    }
}

fn count(many: usize, word: &str) -> String {
    format!("{many} {word}{}", if many == 1 { "" } else { "s" })
}

/// The text on one line, cut where it is long.
fn short(text: &str) -> String {
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
