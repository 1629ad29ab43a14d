//! What SQLite's statements have in common.

use crate::sql::refused;
use crate::sql::support::Support;
use crate::sql::unsupported::Unsupported;
use crate::text::{Dialect, ident};

/// The dialect of this folder.
pub(super) const SQLITE: Dialect = Dialect::Sqlite;

/// Reasons that several objects have in common.
pub(super) const NO_EQUIVALENT: &str = "SQLite has no equivalent";
pub(super) const NO_SCHEMAS: &str = "SQLite has no schemas";
pub(super) const NO_COMMENTS: &str = "SQLite has no comments";
pub(super) const NO_CASCADE: &str =
    "SQLite has no CASCADE: drop dependent objects by their own operations";
pub(super) const NULLS_DISTINCT: &str = "NULLs are always distinct in SQLite";

/// What is not supported of an operation of this kind, on an object of this schema.
pub(super) fn support(kind: &str, schema: &Option<String>) -> Support {
    // It takes every name.
    let mut support = Support::new(SQLITE, kind, |_, _, _| None);
    support.refuse_if(schema.is_some(), "schema", NO_SCHEMAS);
    support
}

/// What is not supported.
pub(super) fn refusal(path: &str, reason: &str) -> Unsupported {
    refused::refusal(SQLITE, path, reason)
}

/// What the schema contradicts.
pub(super) fn mismatch(path: &str, message: impl Into<String>, hint: Option<&str>) -> Unsupported {
    Unsupported {
        path: path.to_owned(),
        message: message.into(),
        hint: hint.map(str::to_owned),
        unknown: None,
    }
}

/// A name.
pub(super) fn id(name: &str) -> String {
    ident(SQLITE, name)
}
