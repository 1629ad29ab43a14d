//! The document that a revision in YAML is; the header of one in SQL is the first part of it.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::document::OneOf;
use super::names::word;
use super::scalar::Instant;
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
    /// Its parents; none: a base.
    #[serde(default)]
    #[schemars(extend("items" = word("id"), "uniqueItems" = true))]
    pub parents: Vec<String>,
    /// The message: what the revision does.
    #[serde(default)]
    pub message: String,
    /// The time of its creation, such as 2026-11-22T19:06:22Z.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created: Option<Instant>,
    /// Names for the branch that starts here.
    #[serde(default)]
    #[schemars(extend("items" = word("label"), "uniqueItems" = true))]
    pub labels: Vec<String>,
    /// Revisions that must be applied before, by id or by the label that they declare.
    #[serde(default)]
    #[schemars(extend("items" = word("dependency"), "uniqueItems" = true))]
    pub depends_on: Vec<String>,
    /// The revisions that it replaces, which makes it a squash.
    #[serde(default)]
    pub replaces: Vec<ReplacedFile>,
    /// `none`: each statement is executed by itself, outside a transaction.
    #[serde(default)]
    #[schemars(with = "Transaction")]
    pub transaction: Option<Transaction>,
    /// The operations that apply it, in order.
    #[serde(default)]
    pub up: Vec<Operation>,
    /// The operations that undo it. Default: derived from `up`.
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

/// A revision that a squash replaces.
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
    /// It cannot be downgraded.
    Irreversible,
}
