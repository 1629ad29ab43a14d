//! Columns.

use serde_json::Value;

use super::constraint::{actions_support, deferral_support, reference};
use super::writer::{NO_CASCADE, ONLY_MARIADB, ONLY_POSTGRES, Writer};
use super::{default, live};
use crate::model::SqlText;
use crate::model::operation::{
    AddColumn, Column, DefaultValue, DropColumn, Identity, IdentityKind, Reference, SequenceOptions,
};
use crate::sql::clauses::{bracketed, foreign_key};
use crate::sql::lowering::Lowered;
use crate::sql::support::{Support, Unnamed};
use crate::sql::types::Type;
use crate::sql::unsupported::Unsupported;

/// What is not supported of a column.
pub(super) fn support_of(writer: &Writer<'_>, support: &mut Support, column: &Column, table: &str) {
    let Column {
        name,
        type_: _,
        nullable: _,
        default: _,
        identity,
        generated: _,
        check,
        primary_key: _,
        references,
        collation: _,
        charset: _,
        autoincrement: _,
        on_update: _,
        invisible: _,
        compression,
        storage,
        comment: _,
        beyond: _,
    } = column;
    support.name("name", name);
    if let Some(identity) = identity {
        identity_support(support, identity);
    }
    let reason = "MySQL turns it into a check of the table: write it as one, with a name";
    support.refuse_by_flavour_if(check.is_some() && !writer.flavour.column_checks, "check", reason);
    if let Some(reference) = references {
        support.within("references", |support| reference_support(support, reference, table));
    }
    support.refuse_if(compression.is_some(), "compression", ONLY_POSTGRES);
    support.refuse_if(storage.is_some(), "storage", ONLY_POSTGRES);
}

pub(super) fn identity_support(support: &mut Support, identity: &Identity) {
    let Identity { kind, sequence } = identity;
    // A file writes an identity of which only the kind is given as that word.
    let part = if *sequence == SequenceOptions::default() { "identity" } else { "identity.kind" };
    let reason = "an explicit value always overrides AUTO_INCREMENT: use `by_default`";
    support.refuse_if(*kind == IdentityKind::Always, part, reason);
    let SequenceOptions { start: _, increment, min, max, cache, cycle } = sequence;
    let reason = "AUTO_INCREMENT has only a start value";
    support.refuse_if(increment.is_some(), "identity.increment", reason);
    support.refuse_if(min.is_some(), "identity.min", reason);
    support.refuse_if(max.is_some(), "identity.max", reason);
    support.refuse_if(cache.is_some(), "identity.cache", reason);
    support.refuse_if(*cycle == Some(true), "identity.cycle", reason);
}

fn reference_support(support: &mut Support, reference: &Reference, in_table: &str) {
    let Reference { name, schema, table, column: _, on_delete, on_update, deferrable, initially } =
        reference;
    support.needs_name(name, Unnamed::FOREIGN_KEY, in_table, []);
    support.name("name", name);
    support.name("schema", schema);
    support.name("table", table);
    actions_support(support, *on_delete, *on_update);
    deferral_support(support, *deferrable, *initially);
}

/// What fits together in a column and what does not.
pub(super) fn check_consistency(
    writer: &Writer<'_>,
    column: &Column,
    path: &str,
) -> Result<(), Unsupported> {
    if !writer.flavour.not_null_generated
        && column.generated.is_some()
        && column.nullable == Some(false)
    {
        let reason = "a generated column cannot be NOT NULL: add a check";
        return Err(writer.no(&format!("{path}.nullable"), reason));
    }
    if column.generated.is_some() && column.default.is_some() {
        let reason = "a generated column has no default";
        return Err(writer.no(&format!("{path}.default"), reason));
    }
    let null = Some(&DefaultValue::Literal(Value::Null));
    if column.default.as_ref() == null && column.nullable == Some(false) {
        return Err(writer.no(&format!("{path}.default"), "the column is NOT NULL"));
    }
    Ok(())
}

/// Whether a column is in the primary key, so that it takes no NULL whatever is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    No,
    Yes,
    /// And says so itself.
    Inline,
}

/// `ADD COLUMN`.
pub(super) fn add(writer: &Writer<'_>, add: &AddColumn) -> Result<Vec<Lowered>, Unsupported> {
    let AddColumn { schema, table, column, if_not_exists, after: _, first: _ } = add;
    let mut support = writer.support("add_column");
    support.name("schema", schema);
    support.name("table", table);
    support.within("column", |support| support_of(writer, support, column, table));
    support.refuse_by_flavour_if(
        *if_not_exists && !writer.flavour.if_exists,
        "if_not_exists",
        ONLY_MARIADB,
    );
    let differs = match &column.default {
        Some(DefaultValue::Sql(sql)) if !writer.flavour.unsafe_defaults => {
            sql.get(writer.flavour.dialect).is_some_and(|sql| default::is_unsafe(sql))
        }
        _ => false,
    };
    let reason = "MySQL adds no column with a default that differs from row to row: add it without, \
                  fill it, and set the default";
    support.refuse_by_flavour_if(differs, "column.default", reason);
    support.finish()?;
    let path = "add_column.column";
    check_consistency(writer, column, path)?;
    if (column.autoincrement || column.identity.is_some()) && !column.primary_key {
        let reason = format!("{} would be AUTO_INCREMENT and no key", column.name);
        return Err(live::no_key(writer.flavour, path, &reason));
    }
    let table = writer.name(add.schema.as_deref(), &add.table);
    let key = if add.column.primary_key { Key::Inline } else { Key::No };
    let mut sql = format!("ALTER TABLE {table} ADD COLUMN ");
    if add.if_not_exists {
        sql.push_str("IF NOT EXISTS ");
    }
    sql.push_str(&definition(writer, &add.column, key, path)?);
    sql.push_str(&place(writer, add.first, add.after.as_deref()));
    if let Some(start) = start(add.column.identity.as_ref()) {
        sql.push_str(&format!(", AUTO_INCREMENT = {start}"));
    }
    let mut statements = vec![Lowered::new(sql, path).no_worse()];
    if let Some(key) = reference(&add.column) {
        // MySQL reads a reference inside a column and makes nothing of it.
        let sql = format!("ALTER TABLE {table} ADD {}", foreign_key(writer.flavour.dialect, &key));
        statements.push(Lowered::new(sql, format!("{path}.references")));
    }
    Ok(statements)
}

/// `DROP COLUMN`.
pub(super) fn drop(writer: &Writer<'_>, drop: &DropColumn) -> Result<Vec<Lowered>, Unsupported> {
    let DropColumn { schema, table, column: _, if_exists, cascade, was: _ } = drop;
    let mut support = writer.support("drop_column");
    support.name("schema", schema);
    support.name("table", table);
    support.refuse_by_flavour_if(
        *if_exists && !writer.flavour.if_exists,
        "if_exists",
        ONLY_MARIADB,
    );
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let table = writer.name(drop.schema.as_deref(), &drop.table);
    let mut statements = Vec::new();
    // No column goes while a foreign key is made of it.
    let reference = drop.was.as_ref().and_then(|was| was.references.as_ref()?.name.as_ref());
    if let Some(name) = reference {
        let sql = format!("ALTER TABLE {table} DROP FOREIGN KEY {}", writer.ident(name));
        statements.push(Lowered::new(sql, "drop_column.was.references"));
    }
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let column = writer.ident(&drop.column);
    let sql = format!("ALTER TABLE {table} DROP COLUMN {if_exists}{column}");
    statements.push(Lowered::new(sql, "drop_column"));
    Ok(statements)
}

/// A column as it stands in CREATE TABLE or behind ADD.
pub(super) fn definition(
    writer: &Writer<'_>,
    column: &Column,
    key: Key,
    path: &str,
) -> Result<String, Unsupported> {
    let of = type_of(writer, &column.type_, &format!("{path}.type"))?;
    definition_with_default(writer, column, of, key, path)
}

pub(super) fn type_of<'t>(
    writer: &Writer<'_>,
    type_: &'t SqlText,
    path: &str,
) -> Result<Type<'t>, Unsupported> {
    Type::of(type_, writer.flavour.dialect, path)
}

/// `default_of` is the type by which the default is written.
pub(super) fn definition_with_default(
    writer: &Writer<'_>,
    column: &Column,
    default_of: Type<'_>,
    key: Key,
    path: &str,
) -> Result<String, Unsupported> {
    let type_ = type_of(writer, &column.type_, &format!("{path}.type"))?;
    let name = type_.name(writer.flavour.types);
    let mut sql = format!("{} {name}", writer.ident(&column.name));
    if let Some(charset) = &column.charset {
        sql.push_str(&format!(" CHARACTER SET {}", writer.ident(charset)));
    }
    if let Some(collation) = &column.collation {
        let collation = writer.text_for(collation, &format!("{path}.collation"))?;
        sql.push_str(&format!(" COLLATE {}", writer.ident(collation)));
    }
    if let Some(generated) = &column.generated {
        let expression = writer.text_for(&generated.sql, &format!("{path}.generated.sql"))?;
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        sql.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {kind}"));
    }
    // An old server gives a timestamp of which nothing is said NOT NULL and a default.
    let says_null = name.to_lowercase().starts_with("timestamp") && key == Key::No;
    match column.nullable {
        Some(false) => sql.push_str(" NOT NULL"),
        _ if says_null && column.generated.is_none() => sql.push_str(" NULL"),
        _ => {}
    }
    if let Some(default) = &column.default {
        let default =
            default::default(writer, default, default_of, &name, &format!("{path}.default"))?;
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(value) = &column.on_update {
        let value = writer.text_for(value, &format!("{path}.on_update"))?;
        let value = default::clock(writer, value, &name).unwrap_or_else(|| value.to_owned());
        sql.push_str(&format!(" ON UPDATE {value}"));
    }
    if column.autoincrement || column.identity.is_some() {
        sql.push_str(" AUTO_INCREMENT");
    }
    if column.invisible {
        sql.push_str(" INVISIBLE");
    }
    if key == Key::Inline {
        sql.push_str(" PRIMARY KEY");
    }
    sql.push_str(&writer.comment(column.comment.as_deref(), path)?);
    if let Some(check) = &column.check {
        let check = writer.text_for(check, &format!("{path}.check"))?;
        sql.push_str(&format!(" CHECK {}", bracketed(check)));
    }
    if let Some(beyond) = &column.beyond {
        sql.push_str(&format!(" {beyond}"));
    }
    Ok(sql)
}

pub(super) fn place(writer: &Writer<'_>, first: bool, after: Option<&str>) -> String {
    match after {
        _ if first => " FIRST".to_owned(),
        Some(after) => format!(" AFTER {}", writer.ident(after)),
        None => String::new(),
    }
}

/// The number that an identity counts from.
pub(super) fn start(identity: Option<&Identity>) -> Option<i64> {
    identity?.sequence.start
}
