//! Columns.

use serde_json::Value;

use super::clauses::{
    NO_COMMENTS, NO_EQUIVALENT, NO_SCHEMAS, SQLITE, id, mismatch, refusal, support,
};
use super::rebuild::alter_column;
use super::rebuild::change::{Change, unreadable};
use super::rebuild::known::{self, referrers};
use super::types::{SqliteTypes, strict};
use crate::model::SqlText;
use crate::model::operation::{
    AddColumn, AlterColumn, Column, ColumnChange, DefaultValue, DropColumn, Generated, Identity,
    IdentityKind, Reference, SequenceOptions,
};
use crate::sql::clauses::{bracketed, column_reference, text_for};
use crate::sql::literal;
use crate::sql::support::Support;
use crate::sql::types::{Portable, Type, Types};
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::{ColumnRule, ColumnRuleKind, TableSql, mentions, same};

/// What is not supported of a column.
pub(super) fn support_of(support: &mut Support, column: &Column) {
    let Column {
        name: _,
        type_: _,
        nullable: _,
        default: _,
        identity,
        generated: _,
        check,
        primary_key: _,
        references,
        collation: _,
        charset,
        autoincrement: _,
        on_update,
        invisible,
        compression,
        storage,
        comment,
        beyond: _,
    } = column;
    if let Some(identity) = identity {
        identity_support(support, identity);
    }
    support.refuse_if(check.is_some(), "check", "use a check of the table");
    if let Some(reference) = references {
        let Reference {
            name: _,
            schema,
            table: _,
            column: _,
            on_delete: _,
            on_update: _,
            deferrable: _,
            initially: _,
        } = reference;
        support.refuse_if(schema.is_some(), "references.schema", NO_SCHEMAS);
    }
    support.refuse_if(charset.is_some(), "charset", NO_EQUIVALENT);
    support.refuse_if(on_update.is_some(), "on_update", NO_EQUIVALENT);
    support.refuse_if(*invisible, "invisible", NO_EQUIVALENT);
    support.refuse_if(compression.is_some(), "compression", NO_EQUIVALENT);
    support.refuse_if(storage.is_some(), "storage", NO_EQUIVALENT);
    support.refuse_if(comment.is_some(), "comment", NO_COMMENTS);
}

fn identity_support(support: &mut Support, identity: &Identity) {
    let Identity { kind, sequence } = identity;
    // A file writes an identity of which only the kind is given as that word.
    let part = if *sequence == SequenceOptions::default() { "identity" } else { "identity.kind" };
    let reason = "an explicit value always overrides it in SQLite: use `by_default`, on a primary \
                  key of one column";
    support.refuse_if(*kind == IdentityKind::Always, part, reason);
    let SequenceOptions { start, increment, min, max, cache, cycle } = sequence;
    let reason = "SQLite always starts at 1 and increments by 1";
    support.refuse_if(start.is_some(), "identity.start", reason);
    support.refuse_if(increment.is_some(), "identity.increment", reason);
    support.refuse_if(min.is_some(), "identity.min", reason);
    support.refuse_if(max.is_some(), "identity.max", reason);
    support.refuse_if(cache.is_some(), "identity.cache", reason);
    support.refuse_if(*cycle == Some(true), "identity.cycle", reason);
}

/// Refuses an identity but of a primary key of one column of whole numbers.
pub(super) fn check_numbering(column: &Column, alone: bool, path: &str) -> Result<(), Unsupported> {
    let (part, is_numbered) = match (&column.identity, column.autoincrement) {
        (Some(Identity { kind: IdentityKind::ByDefault, .. }), _) => ("identity", true),
        (_, true) => ("autoincrement", true),
        _ => ("", false),
    };
    if is_numbered && !(alone && is_whole_number(column)) {
        let reason = "SQLite numbers only a primary key of one integer column";
        return Err(refusal(&format!("{path}.{part}"), reason));
    }
    Ok(())
}

/// Refuses an exact decimal in a STRICT table.
pub(super) fn check_strict(column: &Column, strict: bool, path: &str) -> Result<(), Unsupported> {
    match Type::of(&column.type_, SQLITE, path) {
        Ok(Type::Portable(Portable::Decimal(..))) if strict => {
            Err(refusal(&format!("{path}.type"), NO_STRICT_DECIMAL))
        }
        _ => Ok(()),
    }
}

const NO_STRICT_DECIMAL: &str =
    "a STRICT table has no exact decimal type: give the type by dialect, such as text";

/// How a column stands to the primary key.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Keyed {
    /// Whether it is in it.
    pub(super) in_key: bool,
    /// Whether it is the whole of it.
    pub(super) alone: bool,
}

/// Whether SQLite numbers the rows by a column.
pub(super) fn is_numbered(column: &Column) -> bool {
    column.autoincrement || column.identity.is_some()
}

/// Whether a column holds whole numbers, so that it can be another name for the rowid.
fn is_whole_number(column: &Column) -> bool {
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
            strict(portable).map(str::to_owned).ok_or_else(|| refusal(path, NO_STRICT_DECIMAL))
        }
        of => Ok(of.name(&SqliteTypes)),
    }
}

/// Whether a type has the same words in a STRICT table.
fn is_same_when_strict(text: &SqlText) -> bool {
    match Type::of(text, SQLITE, "") {
        Ok(Type::Portable(portable)) => {
            strict(portable) == Some(SqliteTypes.name(portable).as_str())
        }
        _ => true,
    }
}

/// A column as it stands in `CREATE TABLE` and `ADD COLUMN`.
pub(super) fn definition(
    column: &Column,
    is_strict: bool,
    keyed: Keyed,
    path: &str,
) -> Result<String, Unsupported> {
    let numbered = is_numbered(column);
    let type_ = match numbered {
        // Only by this very name is it another name for the rowid.
        true => "integer".to_owned(),
        false => type_name(&column.type_, is_strict, &format!("{path}.type"))?,
    };
    let mut text = id(&column.name);
    if !type_.is_empty() {
        text = format!("{text} {type_}");
    }
    if column.primary_key {
        text.push_str(" PRIMARY KEY");
        if numbered {
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
            let value = self::default(value, &column.type_, &format!("{path}.default"))?;
            text.push_str(&format!(" DEFAULT {value}"));
        }
    }
    if let Some(collation) = &column.collation {
        let collation = text_for(collation, SQLITE, &format!("{path}.collation"))?;
        text.push_str(&format!(" COLLATE {}", id(collation)));
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
    let sql = text_for(&generated.sql, SQLITE, &format!("{path}.sql"))?;
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
    let sql = literal::default(&SqliteTypes, of, value).map_err(|reason| refusal(path, &reason))?;
    // What DEFAULT takes as it stands; all else is an expression.
    let alone = TableSql::read_column(&format!("x x DEFAULT {sql}")).ok();
    let alone = alone.and_then(|column| match &column.rules[..] {
        [ColumnRule { kind: ColumnRuleKind::Default(value), .. }] => Some(value.clone()),
        _ => None,
    });
    Ok(alone.unwrap_or_else(|| bracketed(&sql)))
}

/// `ADD COLUMN`, or a rebuild.
pub(super) fn add(change: &mut Change<'_>, add: &AddColumn) -> Result<(), Unsupported> {
    let AddColumn { schema, table: _, column, if_not_exists, after, first } = add;
    let path = "add_column.column";
    let mut support = support("add_column", schema);
    support.within("column", |support| support_of(support, column));
    support.finish()?;
    check_numbering(column, column.primary_key, path)?;
    let keyed = Keyed { in_key: column.primary_key, alone: column.primary_key };
    if change.state.is_none() && is_simple(add) {
        change.may_be_there("add_column.table")?;
        let text = definition(column, false, keyed, path)?;
        let table = id(&change.table);
        change.native(format!("ALTER TABLE {table} ADD COLUMN {text}"), path);
        return Ok(());
    }
    let state = change.state("add_column.table")?;
    if state.now.column(&column.name).is_some() {
        if *if_not_exists {
            return Ok(());
        }
        let message = format!("{} has a column {} already", state.now.name, column.name);
        return Err(mismatch("add_column.column.name", message, None));
    }
    if column.primary_key && !state.now.primary_key().is_empty() {
        let message = format!("{} has a primary key already", state.now.name);
        let hint = Some("drop it first, with drop_constraint");
        return Err(mismatch("add_column.column.primary_key", message, hint));
    }
    let text = definition(column, state.now.strict, keyed, path)?;
    let sql = TableSql::read_column(&text).map_err(unreadable(path))?;
    let count = state.now.columns().count();
    let at = state.place(*first, after.as_deref(), "add_column.after")?.unwrap_or(count);
    let is_native = can_be_added(column) && at == count;
    state.now.insert_column(sql, at);
    let table = id(&state.now.name);
    match is_native {
        true => change.native(format!("ALTER TABLE {table} ADD COLUMN {text}"), path),
        false => change.needs_rebuild(path),
    }
    Ok(())
}

/// `DROP COLUMN`, or a rebuild.
pub(super) fn drop(change: &mut Change<'_>, drop: &DropColumn) -> Result<(), Unsupported> {
    let DropColumn { schema, table: _, column, if_exists, cascade, was: _ } = drop;
    support("drop_column", schema).finish()?;
    let path = "drop_column.column";
    let known_schema = change.schema;
    let state = change.state("drop_column.table")?;
    let Some(own) = state.now.column(column).cloned() else {
        if *if_exists {
            return Ok(());
        }
        return Err(state.no_column(column, path));
    };
    let name = &own.name;
    let table = state.now.name.clone();
    let by_name = |key: &known::Key| match key.target.columns.is_empty() {
        true => state.now.primary_key().iter().any(|own| same(own, name)),
        false => key.target.columns.iter().any(|own| same(own, name)),
    };
    if let Some((other, _)) =
        referrers(known_schema, &table).into_iter().find(|(_, key)| by_name(key))
    {
        let message = format!("rows of {other} refer to {table}.{name}");
        let hint = format!("drop that foreign key of {other} first, with drop_constraint");
        return Err(mismatch(path, message, Some(&hint)));
    }
    // What is generated from the column cannot be kept without it.
    let generated = state.now.columns().find(|other| {
        !same(&other.name, name)
            && other.rules.iter().any(|rule| match &rule.kind {
                ColumnRuleKind::Generated { sql, .. } => mentions(sql, name),
                _ => false,
            })
    });
    if let Some(other) = generated {
        let message = format!("the column {} is generated from {name}", other.name);
        return Err(mismatch(path, message, Some("drop or change that column first")));
    }
    let has_key = own.rules.iter().any(|rule| {
        matches!(
            rule.kind,
            ColumnRuleKind::PrimaryKey { .. }
                | ColumnRuleKind::Unique
                | ColumnRuleKind::References(_)
        )
    });
    let mut is_native = !has_key;
    let dependents = state.dependents_of(name);
    for dependent in &dependents {
        is_native = false;
        if !(*cascade || dependent.alone) {
            let message = format!("{} of {table} depends on {name}", dependent.what);
            let hint = "drop it first, or use `cascade: true`";
            return Err(mismatch(path, message, Some(hint)));
        }
    }
    state.drop_dependents(name);
    if let Some(at) = state.now.position(name) {
        state.now.remove(at);
    }
    state.copies.retain(|(own, _)| !same(own, name));
    if state.now.columns().next().is_none() {
        is_native = false;
    }
    match is_native {
        true => {
            let (table, column) = (id(&table), id(name));
            change.native(format!("ALTER TABLE {table} DROP COLUMN {column}"), path);
        }
        false => change.needs_rebuild(path),
    }
    Ok(())
}

/// A rebuild, `RENAME COLUMN`, or both.
pub(super) fn alter(change: &mut Change<'_>, alter: &AlterColumn) -> Result<(), Unsupported> {
    support_of_alter(alter)?;
    // What is left of a comment and an ON UPDATE is that there are none, as always.
    let rest = ColumnChange { comment: None, on_update: None, ..alter.change.clone() };
    if rest != ColumnChange::default() {
        alter_column::change(change, alter)?;
    }
    match &alter.rename {
        Some(to) => rename(change, &alter.column, to),
        None => Ok(()),
    }
}

fn support_of_alter(alter: &AlterColumn) -> Result<(), Unsupported> {
    let AlterColumn { schema, table: _, column: _, rename: _, change, was: _ } = alter;
    let ColumnChange {
        type_: _,
        using: _,
        nullable: _,
        default: _,
        identity,
        generated: _,
        collation: _,
        charset,
        autoincrement,
        on_update,
        comment,
        after: _,
        first: _,
    } = change;
    let mut support = support("alter_column", schema);
    let numbering = "numbering belongs to the primary key in SQLite: drop it and create it again";
    support.refuse_if(identity.is_some(), "identity", numbering);
    support.refuse_if(charset.is_some(), "charset", NO_EQUIVALENT);
    support.refuse_if(autoincrement.is_some(), "autoincrement", numbering);
    support.refuse_if(matches!(on_update, Some(Some(_))), "on_update", NO_EQUIVALENT);
    support.refuse_if(matches!(comment, Some(Some(_))), "comment", NO_COMMENTS);
    support.finish()
}

/// Renames a column by SQLite's own statement, which follows the name everywhere.
fn rename(change: &mut Change<'_>, from: &str, to: &str) -> Result<(), Unsupported> {
    change.flush()?;
    let path = "alter_column.rename";
    let (table, schema) = (change.table.clone(), change.schema);
    let sql = format!("ALTER TABLE {} RENAME COLUMN {} TO {}", id(&table), id(from), id(to));
    if let Some(state) = &mut change.state {
        if !state.unsure && state.now.column(from).is_none() {
            return Err(state.no_column(from, "alter_column.column"));
        }
        if !same(from, to) && state.now.column(to).is_some() {
            let message = format!("{table} has a column {to} already");
            return Err(mismatch(path, message, None));
        }
        state.rename_column(from, to, schema);
        state.settle();
    } else {
        change.may_be_there("alter_column.table")?;
    }
    change.native("PRAGMA legacy_alter_table = OFF".to_owned(), path);
    change.native(sql, path);
    change.flush()
}

/// Whether a column is added by SQLite's own ADD COLUMN, whatever its table is.
pub(super) fn is_simple(add: &AddColumn) -> bool {
    let placed = add.first || add.after.is_some();
    let is_same = is_same_when_strict(&add.column.type_);
    !placed && !add.if_not_exists && is_same && can_be_added(&add.column)
}

/// Whether SQLite's own ADD COLUMN takes a column, whatever rows there are.
fn can_be_added(column: &Column) -> bool {
    if column.primary_key || column.generated.as_ref().is_some_and(|generated| generated.stored) {
        return false;
    }
    let none = matches!(column.default, None | Some(DefaultValue::Literal(Value::Null)));
    let constant = matches!(column.default, None | Some(DefaultValue::Literal(_)));
    let needs_value = column.nullable == Some(false) && column.generated.is_none();
    constant && !(none && needs_value) && (none || column.references.is_none())
}

/// Whether a change takes the definition of the table: it is more than another name.
pub(super) fn needs_schema(alter: &AlterColumn) -> bool {
    alter.change != ColumnChange::default()
}
