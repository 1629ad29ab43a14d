//! Clauses that PostgreSQL's statements have in common, and what it takes as a name.

use serde_json::Value;

use crate::model::{Entries, SqlText};
use crate::sql::clauses;
use crate::sql::refused;
use crate::sql::support::Support;
use crate::sql::unsupported::Unsupported;
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
pub(super) fn text_for<'a>(text: &'a SqlText, path: &str) -> Result<&'a str, Unsupported> {
    clauses::text_for(text, PG, path)
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
    let parameters = with.iter().map(|(name, value)| parameter(name, value));
    format!(" WITH ({})", parameters.collect::<Vec<_>>().join(", "))
}

/// One storage parameter, the name alone without a value.
pub(super) fn parameter(name: &str, value: &Value) -> String {
    // `toast.autovacuum_enabled` is two names.
    let name = name.split('.').map(id).collect::<Vec<_>>().join(".");
    match value {
        Value::Null => name,
        Value::String(text) => format!("{name} = {}", string(text)),
        value => format!("{name} = {value}"),
    }
}

/// Reasons that several objects have in common.
pub(super) const NO_EQUIVALENT: &str = "PostgreSQL has no equivalent";
pub(super) const OWNER: &str = "its owner is the role that creates it";
pub(super) const USE_OR_REPLACE: &str =
    "PostgreSQL has no such syntax; use `or_replace` to replace an existing one";

/// The longest name in bytes; the server cuts what is behind it without a word.
const LONGEST: usize = 63;

/// What is not supported of an operation of this kind.
pub(super) fn support(kind: &str) -> Support {
    Support::new(PG, kind, bad_name)
}

/// A name that the server would cut, or that is none.
fn bad_name(dialect: Dialect, path: &str, name: &str) -> Option<Unsupported> {
    match name {
        "" => Some(refused::mismatch(dialect, path, "a name has at least one character")),
        name => bad_enum_value(dialect, path, name),
    }
}

/// A value of an enum is a name, too, but may be empty.
pub(super) fn bad_enum_value(dialect: Dialect, path: &str, value: &str) -> Option<Unsupported> {
    let refusal = |reason: &str| Some(refused::mismatch(dialect, path, reason));
    if value.contains('\0') {
        return refusal("a name cannot contain NUL");
    }
    let bytes = value.len();
    let reason = format!("it has {bytes} bytes, and the server truncates names after {LONGEST}");
    if bytes > LONGEST { refusal(&reason) } else { None }
}

/// A role, or one of the words that stand for roles.
pub(super) fn role(name: &str) -> String {
    const WORDS: [&str; 4] = ["public", "current_role", "current_user", "session_user"];
    match WORDS.iter().find(|word| name.eq_ignore_ascii_case(word)) {
        Some(word) => word.to_ascii_uppercase(),
        None => id(name),
    }
}

pub(super) fn roles(names: &[String]) -> String {
    names.iter().map(|name| role(name)).collect::<Vec<_>>().join(", ")
}
