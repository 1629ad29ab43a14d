//! Clauses that the dialects write alike.

use super::unsupported::Unsupported;
use crate::model::SqlText;
use crate::model::operation::{
    Check, ForeignKey, Initially, Match, Reference, ReferenceAction, References,
};
use crate::text::{Dialect, ident, qualified};

/// What a text says for a dialect.
///
/// # Errors
/// It names dialects, and not this one.
pub(super) fn text_for<'a>(
    text: &'a SqlText,
    dialect: Dialect,
    path: &str,
) -> Result<&'a str, Unsupported> {
    text.get(dialect).map(String::as_str).ok_or_else(|| missing_text(dialect, path))
}

/// The refusal of a text that names dialects, and not this one.
pub(super) fn missing_text(dialect: Dialect, path: &str) -> Unsupported {
    Unsupported {
        path: path.to_owned(),
        message: format!("`{path}` has no entry for {dialect}"),
        hint: Some(format!("add an entry for {dialect}")),
        unknown: None,
    }
}

/// Names between commas.
pub(super) fn idents<T: AsRef<str>>(dialect: Dialect, names: &[T]) -> String {
    names.iter().map(|name| ident(dialect, name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// `CONSTRAINT name `, with the blank behind it, or nothing.
pub(super) fn constraint_name(dialect: Dialect, name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("CONSTRAINT {} ", ident(dialect, name)))
}

/// The words of an action.
pub(super) fn action(action: ReferenceAction) -> &'static str {
    match action {
        ReferenceAction::NoAction => "NO ACTION",
        ReferenceAction::Restrict => "RESTRICT",
        ReferenceAction::Cascade => "CASCADE",
        ReferenceAction::SetNull => "SET NULL",
        ReferenceAction::SetDefault => "SET DEFAULT",
    }
}

/// ` ON DELETE … ON UPDATE …`, with the blank in front, or nothing.
pub(super) fn actions(
    on_delete: Option<ReferenceAction>,
    on_update: Option<ReferenceAction>,
) -> String {
    let clause = |event: &str, done: Option<ReferenceAction>| {
        done.map_or_else(String::new, |done| format!(" ON {event} {}", action(done)))
    };
    clause("DELETE", on_delete) + &clause("UPDATE", on_update)
}

/// ` DEFERRABLE INITIALLY …`, with the blank in front, or nothing.
pub(super) fn deferrable(deferrable: Option<bool>, initially: Option<Initially>) -> String {
    let mut clause = match deferrable {
        None => String::new(),
        Some(true) => " DEFERRABLE".to_owned(),
        Some(false) => " NOT DEFERRABLE".to_owned(),
    };
    match initially {
        None => {}
        Some(Initially::Immediate) => clause.push_str(" INITIALLY IMMEDIATE"),
        Some(Initially::Deferred) => clause.push_str(" INITIALLY DEFERRED"),
    }
    clause
}

/// `REFERENCES table (columns)`.
pub(super) fn references(dialect: Dialect, references: &References) -> String {
    let References { schema, table, columns } = references;
    let table = qualified(dialect, schema.as_deref(), table);
    match columns.is_empty() {
        true => format!("REFERENCES {table}"),
        false => format!("REFERENCES {table} ({})", idents(dialect, columns)),
    }
}

/// `CONSTRAINT name FOREIGN KEY (columns) REFERENCES …` with all that stands behind it but NOT VALID.
pub(super) fn foreign_key(dialect: Dialect, key: &ForeignKey) -> String {
    let matching = match key.match_ {
        None => "",
        Some(Match::Simple) => " MATCH SIMPLE",
        Some(Match::Full) => " MATCH FULL",
        Some(Match::Partial) => " MATCH PARTIAL",
    };
    format!(
        "{}FOREIGN KEY ({}) {}{matching}{}{}",
        constraint_name(dialect, key.name.as_deref()),
        idents(dialect, &key.columns),
        references(dialect, &key.references),
        actions(key.on_delete, key.on_update),
        deferrable(key.deferrable, key.initially),
    )
}

/// `CONSTRAINT name REFERENCES table (column) …`, as it stands inside a column.
pub(super) fn column_reference(dialect: Dialect, reference: &Reference) -> String {
    let Reference { name, schema, table, column, .. } = reference;
    let target =
        References { schema: schema.clone(), table: table.clone(), columns: vec![column.clone()] };
    format!(
        "{}{}{}{}",
        constraint_name(dialect, name.as_deref()),
        references(dialect, &target),
        actions(reference.on_delete, reference.on_update),
        deferrable(reference.deferrable, reference.initially),
    )
}

/// `CONSTRAINT name CHECK (condition)`.
///
/// # Errors
/// The condition says nothing for the dialect.
pub(super) fn check(dialect: Dialect, check: &Check, path: &str) -> Result<String, Unsupported> {
    let condition = text_for(&check.sql, dialect, &format!("{path}.sql"))?;
    let name = constraint_name(dialect, check.name.as_deref());
    Ok(format!("{name}CHECK {}", bracketed(condition)))
}

/// A piece of SQL with a line end behind it if it may end in a comment, which would swallow what follows.
pub(super) fn closed(sql: &str) -> String {
    let sql = sql.trim();
    let may = sql.lines().last().is_some_and(|line| line.contains("--") || line.contains('#'));
    if may { format!("{sql}\n") } else { sql.to_owned() }
}

/// An expression in brackets.
pub(super) fn bracketed(sql: &str) -> String {
    format!("({})", closed(sql))
}

/// A query without the semicolon that may close it.
pub(super) fn query(sql: &str) -> &str {
    sql.trim_end_matches(|c: char| c.is_whitespace() || c == ';')
}
