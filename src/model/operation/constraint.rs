//! Constraints of a table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::SqlText;

/// The action on a row when the row that it references is deleted or updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceAction {
    /// NO ACTION: an error at the end of the statement or transaction.
    NoAction,
    /// RESTRICT: an error immediately.
    Restrict,
    /// CASCADE: the row is deleted or updated, too.
    Cascade,
    /// SET NULL.
    SetNull,
    /// SET DEFAULT.
    SetDefault,
}

/// When a deferrable constraint is checked unless a transaction says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Initially {
    /// At the end of each statement.
    Immediate,
    /// At the end of the transaction.
    Deferred,
}

/// How a foreign key of several columns matches NULLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// MATCH SIMPLE: with any NULL the row references nothing.
    Simple,
    /// MATCH FULL: all columns are NULL or none.
    Full,
    /// MATCH PARTIAL: the columns that are not NULL match.
    Partial,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// The primary key.
    PrimaryKey(PrimaryKey),
    /// UNIQUE.
    Unique(Unique),
    /// FOREIGN KEY.
    ForeignKey(ForeignKey),
    /// CHECK.
    Check(Check),
    /// EXCLUDE (PostgreSQL).
    Exclude(Exclude),
}

/// The kinds of constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// A primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A foreign key.
    ForeignKey,
    /// A check.
    Check,
    /// An exclusion (PostgreSQL).
    Exclude,
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct PrimaryKey {
    /// Its name. MySQL, MariaDB and SQLite call every primary key the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// INCLUDE: additional columns of its index (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// The tablespace of its index (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Unique {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// INCLUDE: additional columns of its index (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// NULLS DISTINCT (the default) or NULLS NOT DISTINCT (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nulls_distinct: Option<bool>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// The tablespace of its index (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct ForeignKey {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table and columns that it references.
    pub references: References,
    /// ON DELETE: the action when the referenced row is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<ReferenceAction>,
    /// ON UPDATE: the action when the referenced key changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ReferenceAction>,
    /// MATCH: how NULLs are matched.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub match_: Option<Match>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction (PostgreSQL, SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE (PostgreSQL, SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// NOT VALID: existing rows are not checked until it is validated (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
}

/// The table and columns that a foreign key references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct References {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The columns, one for each of the key's.
    pub columns: Vec<String>,
}

/// CHECK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Check {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The condition.
    #[schemars(extend("format" = "sql"))]
    pub sql: SqlText,
    /// NOT VALID: existing rows are not checked until it is validated (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// NO INHERIT: child tables do not have it (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_inherit: bool,
    /// ENFORCED or NOT ENFORCED; default: enforced (MySQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforced: Option<bool>,
}

/// An exclusion constraint (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Exclude {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The elements to compare.
    pub elements: Vec<ExcludeElement>,
    /// The index method; default: gist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// WHERE: the rows that it covers.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "sql"))]
    pub where_: Option<String>,
    /// INCLUDE: additional columns of its index (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// The tablespace of its index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
}

/// A value and the operator by which it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcludeElement {
    /// The column; or else `sql`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The expression.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// The operator class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opclass: Option<String>,
    /// The operator, such as `=` or `&&`.
    pub with: String,
}

/// Adds a primary key to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreatePrimaryKey {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The key.
    #[serde(flatten)]
    pub key: PrimaryKey,
}

/// Adds a unique constraint to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateUnique {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint.
    #[serde(flatten)]
    pub unique: Unique,
}

/// Adds a foreign key to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateForeignKey {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The key.
    #[serde(flatten)]
    pub key: ForeignKey,
}

/// Adds a check to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateCheck {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The check.
    #[serde(flatten)]
    pub check: Check,
}

/// Adds an exclusion to a table (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateExclude {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The exclusion.
    #[serde(flatten)]
    pub exclude: Exclude,
}

/// Drops a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropConstraint {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint. A primary key may be unnamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its kind.
    pub kind: ConstraintKind,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The constraint as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Constraint>,
}

/// Renames a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameConstraint {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint.
    pub name: String,
    /// Its kind.
    pub kind: ConstraintKind,
    /// Its new name.
    pub to: String,
}

/// Checks the rows that a constraint created with `not_valid` left unchecked (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateConstraint {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint.
    pub name: String,
}
