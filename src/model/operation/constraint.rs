//! Constraints of a table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::SqlText;

/// What happens to a row when the row it refers to goes or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceAction {
    /// It is an error at the end of the statement or transaction.
    NoAction,
    /// It is an error at once.
    Restrict,
    /// The same happens to the row.
    Cascade,
    /// Its columns become NULL.
    SetNull,
    /// Its columns take their defaults.
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

/// How a foreign key of several columns takes NULLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// One NULL is enough for the row to refer to nothing.
    Simple,
    /// All of them or none.
    Full,
    /// As far as they are not NULL.
    Partial,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// The primary key.
    PrimaryKey(PrimaryKey),
    /// No two rows are alike in these columns.
    Unique(Unique),
    /// Rows refer to rows.
    ForeignKey(ForeignKey),
    /// What holds for every row.
    Check(Check),
    /// No two rows are related in a way (PostgreSQL).
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
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// Columns that its index holds beside the key (PostgreSQL).
    #[serde(default)]
    pub include: Vec<String>,
    /// Whether the check may wait for the end of the transaction (PostgreSQL).
    pub deferrable: Option<bool>,
    /// When it is checked at first (PostgreSQL).
    pub initially: Option<Initially>,
    /// The tablespace of its index (PostgreSQL).
    pub tablespace: Option<String>,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Unique {
    /// Its name.
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// Columns that its index holds beside the key (PostgreSQL).
    #[serde(default)]
    pub include: Vec<String>,
    /// Whether two NULLs are different, as they are where nothing is said (PostgreSQL).
    pub nulls_distinct: Option<bool>,
    /// Whether the check may wait for the end of the transaction (PostgreSQL).
    pub deferrable: Option<bool>,
    /// When it is checked at first (PostgreSQL).
    pub initially: Option<Initially>,
    /// The tablespace of its index (PostgreSQL).
    pub tablespace: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct ForeignKey {
    /// Its name.
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// What it refers to.
    pub references: References,
    /// What happens when the referred row goes.
    pub on_delete: Option<ReferenceAction>,
    /// What happens when the referred key changes.
    pub on_update: Option<ReferenceAction>,
    /// How it takes NULLs.
    #[serde(rename = "match")]
    pub match_: Option<Match>,
    /// Whether the check may wait for the end of the transaction (PostgreSQL, SQLite).
    pub deferrable: Option<bool>,
    /// When it is checked at first (PostgreSQL, SQLite).
    pub initially: Option<Initially>,
    /// Whether the rows that are there are left unchecked until it is validated (PostgreSQL).
    #[serde(default)]
    pub not_valid: bool,
}

/// What a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct References {
    /// The table's schema.
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The columns, one for each of the key's.
    pub columns: Vec<String>,
}

/// What holds for every row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Check {
    /// Its name.
    pub name: Option<String>,
    /// The condition.
    #[schemars(extend("format" = "sql"))]
    pub sql: SqlText,
    /// Whether the rows that are there are left unchecked until it is validated (PostgreSQL).
    #[serde(default)]
    pub not_valid: bool,
    /// Whether tables that inherit from this one go without it (PostgreSQL).
    #[serde(default)]
    pub no_inherit: bool,
    /// Whether it is checked at all; left out: yes (MySQL).
    pub enforced: Option<bool>,
}

/// No two rows are related in all these ways (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Exclude {
    /// Its name.
    pub name: Option<String>,
    /// What is compared.
    pub elements: Vec<ExcludeElement>,
    /// The index method; left out: gist.
    pub method: Option<String>,
    /// The rows that it is about.
    #[serde(rename = "where")]
    #[schemars(extend("format" = "sql"))]
    pub where_: Option<String>,
    /// Columns that its index holds beside (PostgreSQL).
    #[serde(default)]
    pub include: Vec<String>,
    /// Whether the check may wait for the end of the transaction.
    pub deferrable: Option<bool>,
    /// When it is checked at first.
    pub initially: Option<Initially>,
    /// The tablespace of its index.
    pub tablespace: Option<String>,
}

/// A value and the operator by which it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcludeElement {
    /// The column; or else `sql`.
    pub column: Option<String>,
    /// The expression.
    #[schemars(extend("format" = "sql"))]
    pub sql: Option<String>,
    /// The operator class.
    pub opclass: Option<String>,
    /// The operator, such as `=` or `&&`.
    pub with: String,
}

/// Adds a primary key to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreatePrimaryKey {
    /// The table's schema.
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
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint. A primary key may go without a name.
    pub name: Option<String>,
    /// What kind it is.
    pub kind: ConstraintKind,
    /// Nothing happens if it is not there.
    #[serde(default)]
    pub if_exists: bool,
    /// What stands on it is dropped, too (PostgreSQL).
    #[serde(default)]
    pub cascade: bool,
    /// The constraint as it was, so that it can be brought back.
    pub was: Option<Constraint>,
}

/// Renames a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameConstraint {
    /// The table's schema.
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint.
    pub name: String,
    /// What kind it is.
    pub kind: ConstraintKind,
    /// Its new name.
    pub to: String,
}

/// Checks the rows that a constraint made with `not_valid` left unchecked (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateConstraint {
    /// The table's schema.
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint.
    pub name: String,
}
