//! Changes of columns. A change restates the whole column from what it is, so that nothing of it is lost.

use serde_json::Value;

use super::column::{Key, definition_with_default, identity_support, place, start, type_of};
use super::default;
use super::dependents::clauses;
use super::flavour::Flavour;
use super::live::has_no_dates;
use super::writer::{Writer, same};
use crate::model::operation::{
    AlterColumn, Column, ColumnChange, Constraint, DefaultValue, TableDefinition,
};
use crate::sql::lowering::Lowered;
use crate::sql::types::Type;
use crate::sql::unsupported::Unsupported;
use crate::text::{Dialect, TokenKind, name_of, quote_ident, tokens};

impl Flavour {
    /// Whether a change is said without the rest of the column.
    pub(super) fn alters_by_itself(&self, alter: &AlterColumn) -> bool {
        let change = &alter.change;
        if *change == ColumnChange::default() {
            return alter.rename.is_none() || self.renames_everywhere;
        }
        let default = ColumnChange { default: change.default.clone(), ..ColumnChange::default() };
        if alter.rename.is_some() || *change != default {
            return false;
        }
        match &alter.change.default {
            // To have none is to have NULL where the column takes it.
            None | Some(DefaultValue::Literal(Value::Null)) => false,
            // How a text is written depends on the type.
            Some(DefaultValue::Literal(value)) => !value.is_string(),
            // MySQL takes the clock's value behind SET DEFAULT only in brackets, and then as another;
            // and the clock is as fine as the column.
            Some(DefaultValue::Sql(sql)) => {
                self.sets_expressions
                    && sql
                        .get(self.dialect)
                        .is_some_and(|sql| !default::says_clock(sql, self.dialect))
            }
        }
    }
}

fn support_of_alter(writer: &Writer<'_>, alter: &AlterColumn) -> Result<(), Unsupported> {
    let AlterColumn { schema, table, column: _, rename, change, was: _ } = alter;
    let ColumnChange {
        type_: _,
        using,
        nullable: _,
        default: _,
        identity,
        generated: _,
        collation: _,
        charset: _,
        autoincrement,
        on_update: _,
        comment: _,
        after: _,
        first: _,
    } = change;
    let mut support = writer.support("alter_column");
    support.name("schema", schema);
    support.name("table", table);
    support.name("rename", rename);
    let reason = "values are converted by the server's own rules; convert them before with `sql` \
                  or `backfill`";
    support.refuse_if(using.is_some(), "using", reason);
    let identity = identity.as_ref().and_then(Option::as_ref);
    if let Some(identity) = identity {
        identity_support(&mut support, identity);
    }
    support.finish()?;
    if identity.is_some() && *autoincrement == Some(false) {
        let reason = "an identity is AUTO_INCREMENT";
        return Err(writer.no("alter_column.autoincrement", reason));
    }
    Ok(())
}

/// `MODIFY COLUMN` and its like.
pub(super) fn alter(writer: &Writer<'_>, alter: &AlterColumn) -> Result<Vec<Lowered>, Unsupported> {
    support_of_alter(writer, alter)?;
    change(writer, alter, "alter_column")
}

/// `path` is the operation that it is for: a comment on a column is a change of it, too.
pub(super) fn change(
    writer: &Writer<'_>,
    alter: &AlterColumn,
    path: &str,
) -> Result<Vec<Lowered>, Unsupported> {
    let table = writer.name(alter.schema.as_deref(), &alter.table);
    let column = writer.ident(&alter.column);
    let lowered = |what: String| {
        Ok(vec![Lowered::new(format!("ALTER TABLE {table} {what}"), path).no_worse()])
    };
    if let (Some(to), true) = (&alter.rename, alter.change == ColumnChange::default()) {
        // What nobody knows of may name it all the same: then the server refuses.
        let known =
            writer.schema.table(writer.flavour.dialect, alter.schema.as_deref(), &alter.table);
        let known = known.map(|(_, live)| &live.definition);
        let nothing = TableDefinition::default();
        let definition = known.unwrap_or(&nothing);
        note_no_dates(writer, definition);
        let (before, behind) = clauses(writer, definition, &alter.column, to, path)?;
        let rename = format!("RENAME COLUMN {column} TO {}", writer.ident(to));
        return lowered([before, vec![rename], behind].concat().join(", "));
    }
    if writer.flavour.alters_by_itself(alter) {
        if let Some(default) = &alter.change.default {
            let of = Type::Own("");
            let default = default::default(writer, default, of, "", &format!("{path}.default"))?;
            return lowered(format!("ALTER COLUMN {column} SET DEFAULT {default}"));
        }
        return Ok(Vec::new());
    }
    let (_, live) = writer.live(alter.schema.as_deref(), &alter.table, path)?;
    let definition = &live.definition;
    note_no_dates(writer, definition);
    let TableDefinition { columns, constraints, .. } = definition;
    let is_key = |constraint: &Constraint| match constraint {
        Constraint::PrimaryKey(key) => key.columns.iter().any(|own| same(own, &alter.column)),
        _ => false,
    };
    let in_key = constraints.iter().any(is_key);
    let Some(live) = columns.iter().find(|own| same(&own.name, &alter.column)) else {
        return Err(Unsupported {
            path: format!("{path}.column"),
            message: format!("the table {table} has no column {column}"),
            hint: None,
            unknown: None,
        });
    };
    let key = if live.primary_key || in_key { Key::Yes } else { Key::No };
    let (restated, start) = restated(writer, live, alter, key, path)?;
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    let what = match &alter.rename {
        Some(to) => {
            (before, behind) = clauses(writer, definition, &alter.column, to, path)?;
            format!("CHANGE COLUMN {column} {restated}")
        }
        None => format!("MODIFY COLUMN {restated}"),
    };
    let place = place(writer, alter.change.first, alter.change.after.as_deref());
    before.push(format!("{what}{place}"));
    behind.extend(start.map(|start| format!("AUTO_INCREMENT = {start}")));
    lowered([before, behind].concat().join(", "))
}

/// The server alters no table that has a default that is no date, unless the mode takes it.
fn note_no_dates(writer: &Writer<'_>, table: &TableDefinition) {
    if !writer.flavour.keeps_zero_dates && has_no_dates(writer.flavour, table) {
        writer.with_no_date();
    }
}

/// The whole column with what the operation changes, and the number that it counts from.
fn restated(
    writer: &Writer<'_>,
    live: &Column,
    alter: &AlterColumn,
    key: Key,
    path: &str,
) -> Result<(String, Option<i64>), Unsupported> {
    let mut new = live.clone();
    let was_type = type_of(writer, &live.type_, &format!("{path}.type"))?;
    let mut default_of = was_type;
    if let Some(type_) = &alter.change.type_ {
        new.type_ = type_.clone();
        if is_json(live) {
            (new.beyond, new.charset, new.collation) = (None, None, None);
        }
    }
    if let Some(nullable) = alter.change.nullable {
        new.nullable = Some(nullable);
    }
    let null = DefaultValue::Literal(Value::Null);
    if let Some(default) = &alter.change.default {
        new.default = Some(default.clone()).filter(|default| *default != null);
        let type_ = alter.change.type_.as_ref().unwrap_or(&live.type_);
        default_of = type_of(writer, type_, &format!("{path}.type"))?;
    }
    let mut starts = None;
    if let Some(identity) = &alter.change.identity {
        (new.autoincrement, new.identity) = (false, identity.clone());
        starts = start(identity.as_ref());
    }
    match alter.change.autoincrement {
        Some(true) => new.autoincrement = true,
        Some(false) => (new.autoincrement, new.identity) = (false, None),
        None => {}
    }
    if (new.autoincrement || new.identity.is_some()) && alter.change.default.is_none() {
        new.default = None;
    }
    if let Some(generated) = &alter.change.generated {
        new.generated = generated.clone();
    }
    match (&alter.change.charset, &alter.change.collation) {
        (None, None) => {}
        // Each of the two says what the other may be.
        (charset, collation) => {
            new.charset = charset.clone();
            new.collation = collation.clone();
        }
    }
    if let Some(on_update) = &alter.change.on_update {
        new.on_update = on_update.clone();
    }
    if let Some(comment) = &alter.change.comment {
        new.comment = comment.clone();
    }
    if let Some(to) = &alter.rename {
        new.name = to.clone();
        let renamed = |sql: &str| renamed(writer, sql, &live.name, to);
        new.beyond = new.beyond.as_deref().map(renamed);
        if let Some(check) = &new.check {
            let sql = writer.text_for(check, path)?;
            new.check = Some(renamed(sql).into());
        }
    }
    settle(writer, &mut new, path)?;
    Ok((definition_with_default(writer, &new, default_of, key, path)?, starts))
}

/// Leaves out what a column of its type does not have: an earlier change may have left it behind.
fn settle(writer: &Writer<'_>, column: &mut Column, path: &str) -> Result<(), Unsupported> {
    let type_ = type_of(writer, &column.type_, &format!("{path}.type"))?;
    if is_json(column) && !matches!(type_, Type::Own("longtext")) {
        (column.beyond, column.charset, column.collation) = (None, None, None);
    }
    if !holds_text(&type_.name(writer.flavour.types).to_lowercase()) {
        (column.charset, column.collation) = (None, None);
    }
    let null = DefaultValue::Literal(Value::Null);
    if column.nullable == Some(false) && column.default.as_ref() == Some(&null) {
        column.default = None;
    }
    if column.generated.is_some() {
        (column.default, column.on_update) = (None, None);
        column.nullable = column.nullable.filter(|_| writer.flavour.not_null_generated);
    }
    Ok(())
}

/// SQL of the server's own, in which each name is quoted, with another name for a column.
fn renamed(writer: &Writer<'_>, sql: &str, from: &str, to: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut at = 0;
    for token in tokens(writer.flavour.dialect, sql) {
        let name = name_of(writer.flavour.dialect, &token);
        if token.sort == TokenKind::Name && name.is_some_and(|name| same(&name, from)) {
            text.push_str(&sql[at..token.start]);
            text.push_str(&quote_ident(writer.flavour.dialect, to));
            at = token.end();
        }
    }
    text.push_str(&sql[at..]);
    text
}

/// Whether a column is what MariaDB makes of `json`.
fn is_json(column: &Column) -> bool {
    let quoted = quote_ident(Dialect::Mariadb, &column.name);
    column.beyond.as_deref() == Some(&format!("CHECK (json_valid({quoted}))"))
}

/// Whether a type has a charset and a collation.
fn holds_text(words: &str) -> bool {
    let first = words.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    first.ends_with("char") || first.ends_with("text") || matches!(first, "enum" | "set")
}
