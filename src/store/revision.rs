//! The document that a revision in YAML is; the header of one in SQL is the first part of it.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::document::OneOf;
use super::header::Instant;
use super::names::word;
use crate::model::{EachDialect, Entries, Operation};
use crate::text::Dialect;

/// One change of a database's schema or data.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "revision", transform = needs_up)]
pub(super) struct RevisionFile {
    /// Its id: letters, digits and _. Quote one that looks like a number.
    #[schemars(extend("format" = "id", "pattern" = "^[A-Za-z0-9_]+$"))]
    pub revision: String,
    /// The revisions it stands on; none: a base.
    #[serde(default)]
    #[schemars(extend("items" = word("id"), "uniqueItems" = true))]
    pub parents: Vec<String>,
    /// What it is for.
    #[serde(default)]
    pub message: String,
    /// When it was made, such as 2026-11-22T19:06:22Z.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created: Option<Instant>,
    /// Names for the line that begins here.
    #[serde(default)]
    #[schemars(extend("items" = word("label"), "uniqueItems" = true))]
    pub labels: Vec<String>,
    /// Revisions, or labels that mean the revision that declares them, to be applied before.
    #[serde(default)]
    #[schemars(extend("items" = word("dependency"), "uniqueItems" = true))]
    pub depends_on: Vec<String>,
    /// The revisions that this one stands for: it is a squash.
    #[serde(default)]
    pub replaces: Vec<ReplacedFile>,
    /// `none`: each statement runs by itself, outside a transaction.
    #[serde(default)]
    #[schemars(with = "Transaction")]
    pub transaction: Option<Transaction>,
    /// What applies it, in order.
    #[serde(default)]
    pub up: Vec<Operation>,
    /// What takes it back. Left out: derived from `up`.
    #[serde(default)]
    #[schemars(with = "OneOf<Irreversible, Vec<Operation>>")]
    pub down: Option<OneOf<Irreversible, Vec<Operation>>>,
}

/// A file has `up`; a header alone, which is read by the same type, has none.
fn needs_up(schema: &mut Schema) {
    if let Some(serde_json::Value::Array(keys)) = schema.get_mut("required") {
        keys.push("up".into());
    }
    if let Some(up) = schema.pointer_mut("/properties/up") {
        up.as_object_mut().map(|up| up.remove("default"));
    }
}

/// A revision that a squash stands for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Replaced")]
pub(super) struct ReplacedFile {
    /// Its id.
    #[schemars(extend("format" = "id", "pattern" = "^[A-Za-z0-9_]+$"))]
    pub revision: String,
    /// Its parents.
    #[serde(default)]
    #[schemars(extend("items" = word("id"), "uniqueItems" = true))]
    pub parents: Vec<String>,
    /// Its dependencies.
    #[serde(default)]
    #[schemars(extend("items" = word("dependency"), "uniqueItems" = true))]
    pub depends_on: Vec<String>,
    /// The digest of its `up`, by dialect.
    #[serde(default)]
    #[schemars(with = "EachDialect<DigestText>")]
    pub up: Entries<String, Dialect>,
    /// The digest of its `down`, by dialect.
    #[serde(default)]
    #[schemars(with = "EachDialect<DigestText>")]
    pub down: Entries<String, Dialect>,
}

/// A digest of statements.
#[derive(JsonSchema)]
#[schemars(inline, transparent, extend("format" = "digest"))]
struct DigestText(#[expect(dead_code, reason = "only its schema is used")] String);

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Transaction {
    /// No transaction around the statements.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Irreversible {
    /// There is no way back.
    Irreversible,
}
