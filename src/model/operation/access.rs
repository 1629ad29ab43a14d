//! Schemas, extensions, policies, rights.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Creates a schema (PostgreSQL), which MySQL and MariaDB call a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSchema {
    /// Its name.
    pub name: String,
    /// Nothing happens if it is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Who it belongs to (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The default character set (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The default collation (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// The comment (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Drops a schema (PostgreSQL), which MySQL and MariaDB call a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropSchema {
    /// Its name.
    pub name: String,
    /// Nothing happens if it is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// What is in it is dropped, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The schema as it was, so that it can be brought back, empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<SchemaBefore>,
}

/// What a schema was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaBefore {
    /// Who it belonged to (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The default character set (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The default collation (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// The comment (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Creates an extension (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateExtension {
    /// Its name.
    pub name: String,
    /// The schema in which its objects stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its version; left out: the newest that the server has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The extensions that it needs are made, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// Nothing happens if it is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
}

/// Drops an extension (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropExtension {
    /// Its name.
    pub name: String,
    /// Nothing happens if it is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// What stands on it is dropped, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The extension as it was, so that it can be brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ExtensionBefore>,
}

/// What an extension was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionBefore {
    /// The schema in which its objects stood.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyCommand {
    /// Every command.
    All,
    /// SELECT.
    Select,
    /// INSERT.
    Insert,
    /// UPDATE.
    Update,
    /// DELETE.
    Delete,
}

/// A policy without its name and table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct PolicyDefinition {
    /// Whether it adds rows to what others allow, or takes away; left out: adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissive: Option<bool>,
    /// The command that it is about; left out: every one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<PolicyCommand>,
    /// The roles that it is about; left out: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// The rows that can be seen.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The rows that can be written.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Creates a policy for the rows of a table (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreatePolicy {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub definition: PolicyDefinition,
}

/// Changes a policy (PostgreSQL). What is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlterPolicy {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Its new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rename: Option<String>,
    /// The roles that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The rows that can be seen.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The rows that can be written.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What it was, of that which changes: the way back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<PolicyBefore>,
}

/// What a policy was before a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyBefore {
    /// The roles that it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The rows that could be seen.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The rows that could be written.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
}

/// Drops a policy (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropPolicy {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Nothing happens if it is not there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// The policy as it was, so that it can be brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<PolicyDefinition>,
}

/// Says whether a table's policies count (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowSecurity {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// Whether they count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Whether they count for the table's owner, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forced: Option<bool>,
}

/// What rights are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantObject {
    /// A table or view.
    Table,
    /// A sequence (PostgreSQL).
    Sequence,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A schema (PostgreSQL), or all of a database (MySQL, MariaDB).
    Schema,
    /// A type or domain (PostgreSQL).
    Type,
    /// All tables of a schema.
    AllTables,
    /// All sequences of a schema (PostgreSQL).
    AllSequences,
    /// All functions of a schema (PostgreSQL).
    AllFunctions,
}

/// Gives rights, or takes them back (PostgreSQL, MySQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The rights, such as `select`; `all` is all of them.
    pub privileges: Vec<String>,
    /// The columns that they are about; left out: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What kind of object they are about.
    pub on: GrantObject,
    /// The object's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The object; a function of PostgreSQL with the types of its arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who gets or loses them.
    pub roles: Vec<String>,
    /// Whether they may be given on, or, taking back, whether only that is taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grant_option: bool,
    /// What was given on is taken back, too (PostgreSQL, revoke).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
}
