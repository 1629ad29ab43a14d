//! Columns. A change restates the whole column from what it is, so that nothing of it is lost.

use serde_json::Value;

use super::constraint::{actions_support, deferral_support, reference};
use super::default;
use super::lowering::Flavour;
use super::writer::{NO_CASCADE, ONLY_MARIADB, ONLY_POSTGRES, Writer, same};
use crate::model::SqlText;
use crate::model::operation::{
    AddColumn, AlterColumn, Column, ColumnChange, Constraint, DefaultValue, DropColumn, Identity,
    IdentityKind, Reference, SequenceOptions, TableDefinition,
};
use crate::sql::clauses::{bracketed, foreign_key};
use crate::sql::lowering::{Lowered, Unsupported};
use crate::sql::support::{Support, Unnamed};
use crate::sql::types::Type;
use crate::text::{Dialect, TokenKind, name_of, quote_ident, tokens};

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
    support.refuse_by_flavour_if(check.is_some() && writer.is_mysql(), "check", reason);
    if let Some(reference) = references {
        support.within("references", |support| reference_support(support, reference, table));
    }
    support.refuse_if(compression.is_some(), "compression", ONLY_POSTGRES);
    support.refuse_if(storage.is_some(), "storage", ONLY_POSTGRES);
}

fn identity_support(support: &mut Support, identity: &Identity) {
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
    if !writer.is_mysql() && column.generated.is_some() && column.nullable == Some(false) {
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

/// Whether a column is in the primary key, so that it takes no NULL whatever is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    No,
    Yes,
    /// And says so itself.
    Inline,
}

impl Flavour {
    /// Whether a change is said without the rest of the column.
    pub(super) fn alters_by_itself(&self, alter: &AlterColumn) -> bool {
        let change = &alter.change;
        if *change == ColumnChange::default() {
            return true;
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
                self.mariadb()
                    && sql
                        .get(self.dialect)
                        .is_some_and(|sql| !default::says_clock(sql, self.dialect))
            }
        }
    }
}

/// `ADD COLUMN`.
pub(super) fn add(writer: &Writer<'_>, add: &AddColumn) -> Result<Vec<Lowered>, Unsupported> {
    let AddColumn { schema, table, column, if_not_exists, after: _, first: _ } = add;
    let mut support = writer.support("add_column");
    support.name("schema", schema);
    support.name("table", table);
    support.within("column", |support| support_of(writer, support, column, table));
    support.refuse_by_flavour_if(
        *if_not_exists && writer.is_mysql(),
        "if_not_exists",
        ONLY_MARIADB,
    );
    support.finish()?;
    let path = "add_column.column";
    check_consistency(writer, column, path)?;
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
    let mut statements = vec![Lowered::new(sql, path)];
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
    support.refuse_by_flavour_if(*if_exists && writer.is_mysql(), "if_exists", ONLY_MARIADB);
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
    let lowered =
        |what: String| Ok(vec![Lowered::new(format!("ALTER TABLE {table} {what}"), path)]);
    if writer.flavour.alters_by_itself(alter) {
        if let Some(to) = &alter.rename {
            return lowered(format!("RENAME COLUMN {column} TO {}", writer.ident(to)));
        }
        if let Some(default) = &alter.change.default {
            let of = Type::Own("");
            let default = default::default(writer, default, of, "", &format!("{path}.default"))?;
            return lowered(format!("ALTER COLUMN {column} SET DEFAULT {default}"));
        }
        return Ok(Vec::new());
    }
    let (_, live) = writer.live(alter.schema.as_deref(), &alter.table, path)?;
    let TableDefinition { columns, constraints, .. } = &live.definition;
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
    let what = match &alter.rename {
        Some(_) => format!("CHANGE COLUMN {column} {restated}"),
        None => format!("MODIFY COLUMN {restated}"),
    };
    let place = self::place(writer, alter.change.first, alter.change.after.as_deref());
    let start = start.map_or_else(String::new, |start| format!(", AUTO_INCREMENT = {start}"));
    lowered(format!("{what}{place}{start}"))
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
    let null = Some(&DefaultValue::Literal(Value::Null));
    if alter.change.nullable == Some(false) && new.default.as_ref() == null {
        new.default = None;
    }
    if let Some(default) = &alter.change.default {
        new.default = Some(default.clone()).filter(|default| Some(default) != null);
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
    if column.generated.is_some() {
        (column.default, column.on_update) = (None, None);
        column.nullable = column.nullable.filter(|_| !writer.flavour.mariadb());
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

fn type_of<'t>(
    writer: &Writer<'_>,
    type_: &'t SqlText,
    path: &str,
) -> Result<Type<'t>, Unsupported> {
    Type::of(type_, writer.flavour.dialect, path)
}

/// `default_of` is the type by which the default is written.
fn definition_with_default(
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

fn place(writer: &Writer<'_>, first: bool, after: Option<&str>) -> String {
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
