//! Words that PostgreSQL's statements have in common.

use serde_json::Value;

use crate::model::operation::SequenceOptions;
use crate::model::{Entries, SqlText};
use crate::sql::clauses;
use crate::sql::lowering::Unsupported;
use crate::sql::refused;
use crate::text::{self, Dialect};

/// The dialect of this folder.
pub(super) const PG: Dialect = Dialect::Postgres;

/// A name.
pub(super) fn id(name: &str) -> String {
    text::ident(PG, name)
}

/// A name behind its schema.
pub(super) fn named(schema: &Option<String>, name: &str) -> String {
    text::qualified(PG, schema.as_deref(), name)
}

/// Names between commas.
pub(super) fn ids(names: &[String]) -> String {
    clauses::idents(PG, names)
}

/// A name that may say its schema itself, as `schema.name`, and else stands in this one.
pub(super) fn relation(schema: &Option<String>, name: &str) -> String {
    match name.split_once('.') {
        // As a catalogue says it.
        _ if name.contains('"') => name.to_owned(),
        Some((schema, name)) => text::qualified(PG, Some(schema), name),
        None => named(schema, name),
    }
}

/// A routine's name, with what stands behind it in brackets.
pub(super) fn routine(schema: &Option<String>, name: &str) -> String {
    match name.split_once('(') {
        Some((name, arguments)) => format!("{}({arguments}", named(schema, name.trim_end())),
        None => named(schema, name),
    }
}

/// A string.
pub(super) fn string(value: &str) -> String {
    text::quote_literal(PG, value)
}

/// What a text says here.
pub(super) fn said<'a>(text: &'a SqlText, path: &str) -> Result<&'a str, Unsupported> {
    clauses::said(text, PG, path)
}

/// What is wrong with a part of an operation.
pub(super) fn refusal(path: &str, reason: &str) -> Unsupported {
    refused::mismatch(PG, path, reason)
}

/// The words if they are wanted, with a blank in front.
pub(super) fn when(wanted: bool, words: &str) -> String {
    if wanted { format!(" {words}") } else { String::new() }
}

/// A collation: its name, or, where it has quotes, as it stands.
pub(super) fn collation(name: &str) -> String {
    if name.contains('"') { name.to_owned() } else { text::quote_ident(PG, name) }
}

/// ` WITH (parameters)`, or nothing.
pub(super) fn parameters(with: &Entries<Value>) -> String {
    if with.is_empty() {
        return String::new();
    }
    let parameters = with.iter().map(|(name, value)| {
        // `toast.autovacuum_enabled` is two names.
        let name = name.split('.').map(id).collect::<Vec<_>>().join(".");
        match value {
            Value::Null => name,
            Value::String(text) => format!("{name} = {}", string(text)),
            value => format!("{name} = {value}"),
        }
    });
    format!(" WITH ({})", parameters.collect::<Vec<_>>().join(", "))
}

/// What a sequence counts, each with a blank in front.
pub(super) fn sequence(options: &SequenceOptions) -> String {
    let SequenceOptions { start, increment, min, max, cache, cycle } = options;
    let number = |words: &str, value: &Option<i64>| {
        value.map_or_else(String::new, |value| format!(" {words} {value}"))
    };
    let cycle = match cycle {
        None => "",
        Some(true) => " CYCLE",
        Some(false) => " NO CYCLE",
    };
    number("INCREMENT BY", increment)
        + &number("MINVALUE", min)
        + &number("MAXVALUE", max)
        + &number("START WITH", start)
        + &number("CACHE", cache)
        + cycle
}
