//! Constraints.

use super::clauses::{
    NO_CASCADE, NO_EQUIVALENT, NO_SCHEMAS, NULLS_DISTINCT, SQLITE, mismatch, support,
};
use super::rebuild::change::{Change, unreadable};
use crate::model::operation::{
    Check, Constraint, ConstraintKind, CreateCheck, CreateForeignKey, CreatePrimaryKey,
    CreateUnique, DropConstraint, ForeignKey, Initially, Match, PrimaryKey, References,
    RenameConstraint, Unique,
};
use crate::sql::clauses::{self, constraint_name, idents};
use crate::sql::support::Support;
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::{Body, ColumnRuleKind, ConstraintSqlKind, TableSql, same};

const ALL_ROWS: &str = "constraints apply to all rows in SQLite";

/// What is not supported of a constraint.
pub(super) fn support_of(support: &mut Support, constraint: &Constraint) {
    let word = constraint.kind().word();
    match constraint {
        Constraint::PrimaryKey(key) => {
            support.within(word, |support| primary_key_support(support, key));
        }
        Constraint::Unique(unique) => {
            support.within(word, |support| unique_support(support, unique));
        }
        Constraint::ForeignKey(key) => {
            support.within(word, |support| foreign_key_support(support, key));
        }
        Constraint::Check(check) => {
            support.within(word, |support| check_support(support, check));
        }
        Constraint::Exclude(_) => support.refuse_if(true, word, NO_EQUIVALENT),
    }
}

fn key_support(
    support: &mut Support,
    deferrable: Option<bool>,
    initially: Option<Initially>,
    tablespace: &Option<String>,
) {
    let reason = "only foreign keys are deferrable in SQLite";
    support.refuse_if(deferrable == Some(true), "deferrable", reason);
    support.refuse_if(initially.is_some(), "initially", reason);
    support.refuse_if(tablespace.is_some(), "tablespace", NO_EQUIVALENT);
}

fn primary_key_support(support: &mut Support, key: &PrimaryKey) {
    let PrimaryKey { name: _, columns: _, include, deferrable, initially, tablespace } = key;
    support.refuse_if(!include.is_empty(), "include", NO_EQUIVALENT);
    key_support(support, *deferrable, *initially, tablespace);
}

fn unique_support(support: &mut Support, unique: &Unique) {
    let Unique { name: _, columns: _, include, nulls_distinct, deferrable, initially, tablespace } =
        unique;
    support.refuse_if(!include.is_empty(), "include", NO_EQUIVALENT);
    support.refuse_if(*nulls_distinct == Some(false), "nulls_distinct", NULLS_DISTINCT);
    key_support(support, *deferrable, *initially, tablespace);
}

fn foreign_key_support(support: &mut Support, key: &ForeignKey) {
    let ForeignKey {
        name: _,
        columns: _,
        references,
        on_delete: _,
        on_update: _,
        match_,
        deferrable: _,
        initially: _,
        not_valid,
    } = key;
    let References { schema, table: _, columns: _ } = references;
    support.refuse_if(schema.is_some(), "references.schema", NO_SCHEMAS);
    let is_other = matches!(match_, Some(Match::Full | Match::Partial));
    support.refuse_if(is_other, "match", "SQLite treats every MATCH as SIMPLE");
    support.refuse_if(*not_valid, "not_valid", ALL_ROWS);
}

fn check_support(support: &mut Support, check: &Check) {
    let Check { name: _, sql: _, not_valid, no_inherit, enforced } = check;
    support.refuse_if(*not_valid, "not_valid", ALL_ROWS);
    support.refuse_if(*no_inherit, "no_inherit", ALL_ROWS);
    support.refuse_if(*enforced == Some(false), "enforced", ALL_ROWS);
}

/// A constraint as it stands in `CREATE TABLE`; `is_numbered`: whether a primary key numbers the rows.
pub(super) fn definition(
    constraint: &Constraint,
    is_numbered: impl Fn(&PrimaryKey) -> bool,
    path: &str,
) -> Result<Option<String>, Unsupported> {
    Ok(Some(match constraint {
        Constraint::PrimaryKey(key) => primary_key(key, is_numbered(key)),
        Constraint::Unique(key) => unique(key),
        Constraint::ForeignKey(key) => foreign_key(key),
        Constraint::Check(own) => self::check(own, &format!("{path}.check"))?,
        Constraint::Exclude(_) => return Ok(None),
    }))
}

fn primary_key(key: &PrimaryKey, is_numbered: bool) -> String {
    let name = constraint_name(SQLITE, key.name.as_deref());
    let numbered = if is_numbered { " AUTOINCREMENT" } else { "" };
    format!("{name}PRIMARY KEY ({}{numbered})", idents(SQLITE, &key.columns))
}

fn unique(key: &Unique) -> String {
    let name = constraint_name(SQLITE, key.name.as_deref());
    format!("{name}UNIQUE ({})", idents(SQLITE, &key.columns))
}

fn foreign_key(key: &ForeignKey) -> String {
    clauses::foreign_key(SQLITE, key)
}

fn check(check: &Check, path: &str) -> Result<String, Unsupported> {
    clauses::check(SQLITE, check, path)
}

/// `PRIMARY KEY`.
pub(super) fn create_primary_key(
    change: &mut Change<'_>,
    create: &CreatePrimaryKey,
) -> Result<(), Unsupported> {
    let CreatePrimaryKey { schema, table: _, key } = create;
    let path = "create_primary_key";
    let mut support = support(path, schema);
    primary_key_support(&mut support, key);
    support.finish()?;
    let state = change.state("create_primary_key.table")?;
    if !state.now.primary_key().is_empty() {
        let message = format!("{} has a primary key already", state.now.name);
        return Err(mismatch(path, message, Some("drop it first, with drop_constraint")));
    }
    add(change, &primary_key(key, false), path)?;
    let state = change.state(path)?;
    let alias = state.now.rowid_alias().map(str::to_owned);
    for name in &key.columns {
        let Some(column) = state.now.column_mut(name) else {
            return Err(state.no_column(name, "create_primary_key.columns"));
        };
        let is_not_null = column.rule(|kind| matches!(kind, ColumnRuleKind::NotNull)).is_some();
        if !is_not_null && !alias.as_deref().is_some_and(|alias| same(alias, name)) {
            column.push_rule("NOT NULL").map_err(unreadable(path))?;
        }
    }
    Ok(())
}

/// `UNIQUE`.
pub(super) fn create_unique(
    change: &mut Change<'_>,
    create: &CreateUnique,
) -> Result<(), Unsupported> {
    let CreateUnique { schema, table: _, unique } = create;
    let path = "create_unique";
    let mut support = support(path, schema);
    unique_support(&mut support, unique);
    support.finish()?;
    add(change, &self::unique(unique), path)
}

/// `FOREIGN KEY`.
pub(super) fn create_foreign_key(
    change: &mut Change<'_>,
    create: &CreateForeignKey,
) -> Result<(), Unsupported> {
    let CreateForeignKey { schema, table: _, key } = create;
    let path = "create_foreign_key";
    let mut support = support(path, schema);
    foreign_key_support(&mut support, key);
    support.finish()?;
    add(change, &foreign_key(key), path)
}

/// `CHECK`.
pub(super) fn create_check(
    change: &mut Change<'_>,
    create: &CreateCheck,
) -> Result<(), Unsupported> {
    let CreateCheck { schema, table: _, check } = create;
    let path = "create_check";
    let mut support = support(path, schema);
    check_support(&mut support, check);
    support.finish()?;
    add(change, &self::check(check, path)?, path)
}

fn add(change: &mut Change<'_>, text: &str, path: &str) -> Result<(), Unsupported> {
    let state = change.state(&format!("{path}.table"))?;
    let constraint = TableSql::read_constraint(text).map_err(unreadable(path))?;
    let columns: &[String] = match &constraint.kind {
        ConstraintSqlKind::PrimaryKey { columns, .. }
        | ConstraintSqlKind::Unique(columns)
        | ConstraintSqlKind::ForeignKey { columns, .. } => columns,
        _ => &[],
    };
    if let Some(name) = columns.iter().find(|name| state.now.column(name).is_none()) {
        return Err(state.no_column(name, &format!("{path}.columns")));
    }
    if let Some(name) = &constraint.name
        && state.names().any(|own| same(own, name))
    {
        let message = format!("{} has a constraint {name} already", state.now.name);
        return Err(mismatch(&format!("{path}.name"), message, None));
    }
    state.now.push_constraint(constraint);
    change.needs_rebuild(path);
    Ok(())
}

/// Rebuilds the table without the constraint.
pub(super) fn drop(change: &mut Change<'_>, drop: &DropConstraint) -> Result<(), Unsupported> {
    let DropConstraint { schema, table: _, name, kind, if_exists, cascade, was } = drop;
    let mut support = support("drop_constraint", schema);
    support.refuse_if(*kind == ConstraintKind::Exclude, "kind", NO_EQUIVALENT);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let state = change.state("drop_constraint.table")?;
    match state.find(*kind, name.as_deref(), was.as_ref()) {
        Some(place) => {
            state.take(place);
            change.needs_rebuild("drop_constraint");
            Ok(())
        }
        None if *if_exists => Ok(()),
        None => Err(state.no_constraint(*kind, name.as_deref(), "drop_constraint.name")),
    }
}

/// Rebuilds the table with the constraint under its new name.
pub(super) fn rename(
    change: &mut Change<'_>,
    rename: &RenameConstraint,
) -> Result<(), Unsupported> {
    let RenameConstraint { schema, table: _, name, kind, to } = rename;
    let path = "rename_constraint";
    let mut support = support(path, schema);
    support.refuse_if(*kind == ConstraintKind::Exclude, "kind", NO_EQUIVALENT);
    support.finish()?;
    let state = change.state("rename_constraint.table")?;
    let Some(place) = state.find(*kind, Some(name), None) else {
        let path = "rename_constraint.name";
        return Err(state.no_constraint(*kind, Some(name), path));
    };
    if !same(name, to) && state.names().any(|own| same(own, to)) {
        let message = format!("{} has a constraint {} already", state.now.name, to);
        return Err(mismatch("rename_constraint.to", message, None));
    }
    let element = &mut state.now.elements[place.element].body;
    match (element, place.rule) {
        (Body::Column(column), Some(rule)) => column.rules[rule].set_name(to),
        (Body::Constraint(constraint), _) => constraint.set_name(to),
        _ => {}
    }
    change.needs_rebuild(path);
    Ok(())
}
