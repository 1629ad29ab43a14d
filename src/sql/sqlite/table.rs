//! What a table, its parts and what stands beside it are in SQLite's words.

use serde_json::Value;

use super::types::{SqliteTypes, strict};
use crate::model::SqlText;
use crate::model::operation::{
    Check, Column, Constraint, CreateIndex, CreateTable, CreateTrigger, CreateView, DefaultValue,
    ForeignKey, Generated, Index, IndexKey, Order, PrimaryKey, TableDefinition, Timing,
    TriggerEvent, Unique,
};
use crate::sql::clauses::{self, bracketed, column_reference, constraint_name, idents, said};
use crate::sql::literal;
use crate::sql::lowering::Unsupported;
use crate::sql::refused::refusal;
use crate::sql::types::{Portable, Type, Types};
use crate::text::sqlite_table::{ColumnRule, ColumnRuleKind, TableSql, same};
use crate::text::{Dialect, ident, tokens};

pub(super) const SQLITE: Dialect = Dialect::Sqlite;

/// CREATE TABLE.
pub(super) fn create_table(create: &CreateTable) -> Result<String, Unsupported> {
    let CreateTable { name, if_not_exists, definition, .. } = create;
    let options = &definition.options;
    let temporary = if options.temporary { "TEMP " } else { "" };
    let exists = if *if_not_exists { "IF NOT EXISTS " } else { "" };
    let key = key_of(definition);
    let mut elements = Vec::new();
    for (at, own) in definition.columns.iter().enumerate() {
        let path = format!("create_table.columns.{at}");
        let in_key = key.iter().any(|key| same(key, &own.name));
        let keyed = Keyed { alone: in_key && key.len() == 1, in_key };
        elements.push(column(own, options.strict, keyed, &path)?);
    }
    for (at, own) in definition.constraints.iter().enumerate() {
        let path = format!("create_table.constraints.{at}");
        let counted =
            |key: &PrimaryKey| definition.columns.iter().any(|column| counts(column, key));
        if let Some(text) = constraint(own, counted, &path)? {
            elements.push(text);
        }
    }
    let mut words = Vec::new();
    if options.strict {
        words.push("STRICT");
    }
    if options.without_rowid {
        words.push("WITHOUT ROWID");
    }
    let words = if words.is_empty() { String::new() } else { format!(" {}", words.join(", ")) };
    let elements = elements.join(",\n  ");
    Ok(format!("CREATE {temporary}TABLE {exists}{} (\n  {elements}\n){words}", ident(SQLITE, name)))
}

/// The columns of the primary key.
pub(super) fn key_of(definition: &TableDefinition) -> Vec<&str> {
    if let Some(column) = definition.columns.iter().find(|column| column.primary_key) {
        return vec![&column.name];
    }
    let key = definition.constraints.iter().find_map(|constraint| match constraint {
        Constraint::PrimaryKey(key) => Some(&key.columns),
        _ => None,
    });
    key.map_or_else(Vec::new, |columns| columns.iter().map(String::as_str).collect())
}

/// How a column stands to the primary key.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Keyed {
    /// Whether it is in it.
    pub(super) in_key: bool,
    /// Whether it is the whole of it.
    pub(super) alone: bool,
}

fn is_counted(column: &Column) -> bool {
    column.autoincrement || column.identity.is_some()
}

/// Whether a primary key that stands among the constraints is of a column that is counted.
fn counts(column: &Column, key: &PrimaryKey) -> bool {
    is_counted(column)
        && !column.primary_key
        && matches!(&key.columns[..], [only] if same(only, &column.name))
}

/// Whether a column holds whole numbers, so that it can be another name for the rowid.
pub(super) fn is_whole_number(column: &Column) -> bool {
    match Type::of(&column.type_, SQLITE, "") {
        Ok(Type::Portable(portable)) => {
            matches!(portable, Portable::Smallint | Portable::Integer | Portable::Bigint)
        }
        Ok(Type::Own(own)) => same(own.trim(), "integer"),
        Err(_) => false,
    }
}

/// The words for a type.
pub(super) fn type_name(
    text: &SqlText,
    is_strict: bool,
    path: &str,
) -> Result<String, Unsupported> {
    let of = Type::of(text, SQLITE, path)?;
    match of {
        Type::Portable(portable) if is_strict => {
            strict(portable).map(str::to_owned).ok_or_else(|| {
                let reason = "a STRICT table has no exact decimal type: give the type by dialect, \
                          such as text";
                refusal(SQLITE, path, reason)
            })
        }
        of => Ok(of.name(&SqliteTypes)),
    }
}

/// Whether a type has the same words in a STRICT table.
pub(super) fn is_same_when_strict(text: &SqlText) -> bool {
    match Type::of(text, SQLITE, "") {
        Ok(Type::Portable(portable)) => {
            strict(portable) == Some(SqliteTypes.name(portable).as_str())
        }
        _ => true,
    }
}

/// A column with all that it says of itself.
pub(super) fn column(
    column: &Column,
    is_strict: bool,
    keyed: Keyed,
    path: &str,
) -> Result<String, Unsupported> {
    let counted = is_counted(column);
    let type_ = match counted {
        // Only by this very name is it another name for the rowid.
        true => "integer".to_owned(),
        false => type_name(&column.type_, is_strict, &format!("{path}.type"))?,
    };
    let mut text = ident(SQLITE, &column.name);
    if !type_.is_empty() {
        text = format!("{text} {type_}");
    }
    if column.primary_key {
        text.push_str(" PRIMARY KEY");
        if counted {
            text.push_str(" AUTOINCREMENT");
        }
    }
    // SQLite lets NULL into a primary key unless it is the rowid or is told not to.
    let is_rowid = keyed.alone && same(&type_, "integer");
    let nullable = column.nullable.unwrap_or(!keyed.in_key || is_rowid);
    if !nullable {
        text.push_str(" NOT NULL");
    }
    match &column.default {
        None | Some(DefaultValue::Literal(Value::Null)) => {}
        Some(value) => {
            let value = default(value, &column.type_, &format!("{path}.default"))?;
            text.push_str(&format!(" DEFAULT {value}"));
        }
    }
    if let Some(collation) = &column.collation {
        let collation = said(collation, SQLITE, &format!("{path}.collation"))?;
        text.push_str(&format!(" COLLATE {}", ident(SQLITE, collation)));
    }
    if let Some(own) = &column.generated {
        text.push_str(&format!(" {}", generated(own, &format!("{path}.generated"))?));
    }
    if let Some(reference) = &column.references {
        text.push_str(&format!(" {}", column_reference(SQLITE, reference)));
    }
    Ok(text)
}

/// `GENERATED ALWAYS AS (…) …`.
pub(super) fn generated(generated: &Generated, path: &str) -> Result<String, Unsupported> {
    let sql = said(&generated.sql, SQLITE, &format!("{path}.sql"))?;
    let kept = if generated.stored { "STORED" } else { "VIRTUAL" };
    Ok(format!("GENERATED ALWAYS AS {} {kept}", bracketed(sql)))
}

/// What stands behind DEFAULT: a literal, one of the words for the clock, or an expression in brackets.
pub(super) fn default(
    value: &DefaultValue,
    type_: &SqlText,
    path: &str,
) -> Result<String, Unsupported> {
    let of = Type::of(type_, SQLITE, path)?;
    let sql = literal::default(&SqliteTypes, of, value)
        .map_err(|reason| refusal(SQLITE, path, &reason))?;
    // What DEFAULT takes as it stands; all else is an expression.
    let alone = TableSql::read_column(&format!("x x DEFAULT {sql}")).ok();
    let alone = alone.and_then(|column| match &column.rules[..] {
        [ColumnRule { kind: ColumnRuleKind::Default(value), .. }] => Some(value.clone()),
        _ => None,
    });
    Ok(alone.unwrap_or_else(|| bracketed(&sql)))
}

/// A constraint of a table; `counted`: whether a primary key counts its column.
pub(super) fn constraint(
    constraint: &Constraint,
    counted: impl Fn(&PrimaryKey) -> bool,
    path: &str,
) -> Result<Option<String>, Unsupported> {
    Ok(Some(match constraint {
        Constraint::PrimaryKey(key) => primary_key(key, counted(key)),
        Constraint::Unique(key) => unique(key),
        Constraint::ForeignKey(key) => foreign_key(key),
        Constraint::Check(own) => check(own, &format!("{path}.check"))?,
        Constraint::Exclude(_) => return Ok(None),
    }))
}

/// PRIMARY KEY.
pub(super) fn primary_key(key: &PrimaryKey, counted: bool) -> String {
    let name = constraint_name(SQLITE, key.name.as_deref());
    let counted = if counted { " AUTOINCREMENT" } else { "" };
    format!("{name}PRIMARY KEY ({}{counted})", idents(SQLITE, &key.columns))
}

/// UNIQUE.
pub(super) fn unique(key: &Unique) -> String {
    let name = constraint_name(SQLITE, key.name.as_deref());
    format!("{name}UNIQUE ({})", idents(SQLITE, &key.columns))
}

/// FOREIGN KEY.
pub(super) fn foreign_key(key: &ForeignKey) -> String {
    clauses::foreign_key(SQLITE, key)
}

/// CHECK.
pub(super) fn check(check: &Check, path: &str) -> Result<String, Unsupported> {
    clauses::check(SQLITE, check, path)
}

/// CREATE INDEX.
pub(super) fn create_index(create: &CreateIndex, path: &str) -> Result<String, Unsupported> {
    index(&create.table, &create.index, create.if_not_exists, path)
}

/// CREATE INDEX of a table.
pub(super) fn index(
    table: &str,
    index: &Index,
    if_not_exists: bool,
    path: &str,
) -> Result<String, Unsupported> {
    let Some(name) = &index.name else {
        return Err(refusal(SQLITE, &format!("{path}.name"), "an index needs a name"));
    };
    let mut columns = Vec::with_capacity(index.columns.len());
    for (at, own) in index.columns.iter().enumerate() {
        let mut column = match &own.key {
            IndexKey::Column(name) => ident(SQLITE, name),
            IndexKey::Sql(sql) => {
                let sql = said(sql, SQLITE, &format!("{path}.columns.{at}.sql"))?;
                bracketed(sql)
            }
        };
        if let Some(collation) = &own.collation {
            column.push_str(&format!(" COLLATE {}", ident(SQLITE, collation)));
        }
        match own.order {
            None => {}
            Some(Order::Asc) => column.push_str(" ASC"),
            Some(Order::Desc) => column.push_str(" DESC"),
        }
        columns.push(column);
    }
    let where_ = match &index.where_ {
        None => String::new(),
        Some(condition) => {
            format!(" WHERE {}", said(condition, SQLITE, &format!("{path}.where"))?)
        }
    };
    Ok(format!(
        "CREATE {}INDEX {}{} ON {} ({}){where_}",
        if index.unique { "UNIQUE " } else { "" },
        if if_not_exists { "IF NOT EXISTS " } else { "" },
        ident(SQLITE, name),
        ident(SQLITE, table),
        columns.join(", "),
    ))
}

/// CREATE VIEW.
pub(super) fn create_view(create: &CreateView) -> Result<String, Unsupported> {
    let CreateView { name, if_not_exists, definition, .. } = create;
    let columns = match definition.columns.is_empty() {
        true => String::new(),
        false => format!(" ({})", idents(SQLITE, &definition.columns)),
    };
    Ok(format!(
        "CREATE {}VIEW {}{}{columns} AS {}",
        if definition.temporary { "TEMP " } else { "" },
        if *if_not_exists { "IF NOT EXISTS " } else { "" },
        ident(SQLITE, name),
        clauses::query(said(&definition.query, SQLITE, "create_view.query")?),
    ))
}

/// CREATE TRIGGER.
pub(super) fn create_trigger(create: &CreateTrigger) -> Result<String, Unsupported> {
    let CreateTrigger { table, name, if_not_exists, definition, .. } = create;
    let timing = match definition.timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        Timing::InsteadOf => "INSTEAD OF",
    };
    let event = match definition.events.first() {
        Some(TriggerEvent::Insert) => "INSERT".to_owned(),
        Some(TriggerEvent::Delete) => "DELETE".to_owned(),
        Some(TriggerEvent::Update) if !definition.update_of.is_empty() => {
            format!("UPDATE OF {}", idents(SQLITE, &definition.update_of))
        }
        Some(TriggerEvent::Update) => "UPDATE".to_owned(),
        Some(TriggerEvent::Truncate) | None => {
            let reason = "a trigger fires on insert, update or delete";
            return Err(refusal(SQLITE, "create_trigger.events", reason));
        }
    };
    let when = match &definition.when {
        None => String::new(),
        Some(when) => {
            format!(" WHEN {}", clauses::closed(said(when, SQLITE, "create_trigger.when")?))
        }
    };
    let Some(body) = &definition.body else {
        let reason = "a trigger needs a `body`";
        return Err(refusal(SQLITE, "create_trigger.body", reason));
    };
    let body = in_block(said(body, SQLITE, "create_trigger.body")?);
    Ok(format!(
        "CREATE TRIGGER {}{} {timing} {event} ON {} FOR EACH ROW{when} {body}",
        if *if_not_exists { "IF NOT EXISTS " } else { "" },
        ident(SQLITE, name),
        ident(SQLITE, table),
    ))
}

/// A body in its `BEGIN … END`.
fn in_block(body: &str) -> String {
    let tokens = tokens(SQLITE, body);
    if tokens.first().is_some_and(|token| token.is("BEGIN")) {
        return body.trim().trim_end_matches(';').trim_end().to_owned();
    }
    // A comment at the end must not swallow what is put behind it.
    let body = body.trim();
    let end = match tokens.last() {
        Some(last) if last.is_symbol(";") => "",
        _ => ";",
    };
    format!("BEGIN\n{body}\n{end}END")
}
