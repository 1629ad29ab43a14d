//! Schemas, extensions, policies, rights.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Creates a schema (PostgreSQL), which MySQL and MariaDB call a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSchema {
    /// Its name.
    pub name: String,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// The owner (PostgreSQL).
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
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops the objects in it, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The schema as it was, so that the downgrade can recreate it, empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<SchemaBefore>,
}

/// What a schema was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaBefore {
    /// The owner (PostgreSQL).
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
    /// The schema of its objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its version; default: the newest on the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// CASCADE: creates the extensions that it requires, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
}

/// Drops an extension (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropExtension {
    /// Its name.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The extension as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<ExtensionBefore>,
}

/// What an extension was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtensionBefore {
    /// The schema of its objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// The command that a policy applies to.
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
    /// PERMISSIVE or RESTRICTIVE; default: permissive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissive: Option<bool>,
    /// The command that it applies to; default: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<PolicyCommand>,
    /// The roles that it applies to; default: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// USING: the rows that are visible.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// WITH CHECK: the rows that may be written.
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
    /// Its definition.
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
    /// The roles that it applies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// USING: the rows that are visible.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// WITH CHECK: the rows that may be written.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The previous values of what changes, for the downgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<PolicyBefore>,
}

/// What a policy was before a change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyBefore {
    /// The roles that it applied to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// USING: the rows that were visible.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// WITH CHECK: the rows that could be written.
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
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// The policy as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<PolicyDefinition>,
}

/// Enables or disables row-level security of a table (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowSecurity {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// ENABLE or DISABLE ROW LEVEL SECURITY.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// FORCE ROW LEVEL SECURITY: policies apply to the table's owner, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forced: Option<bool>,
}

/// The kind of object that privileges are granted on.
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

/// Grants or revokes privileges (PostgreSQL, MySQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The privileges, such as `select`; `all` for all.
    pub privileges: Vec<String>,
    /// The columns that they apply to; default: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The kind of the object.
    pub on: GrantObject,
    /// The object's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The object; a function of PostgreSQL with the types of its arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The roles that they are granted to or revoked from.
    pub roles: Vec<String>,
    /// WITH GRANT OPTION; on revoke: GRANT OPTION FOR.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grant_option: bool,
    /// CASCADE: revokes privileges that were granted onwards, too (PostgreSQL, revoke).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
}
