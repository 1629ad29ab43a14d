//! Types that stand by themselves: enums, domains, sequences (PostgreSQL; sequences on MariaDB, too).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::given;
use super::{Check, DefaultValue, SequenceOptions};
use crate::model::SqlText;

/// Creates an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateEnum {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// Drops an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropEnum {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Nothing happens if it is not there.
    #[serde(default)]
    pub if_exists: bool,
    /// What stands on it is dropped, too.
    #[serde(default)]
    pub cascade: bool,
    /// The values it had, so that it can be brought back.
    pub was: Option<Vec<String>>,
}

/// Adds a value to an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddEnumValue {
    /// The enum's schema.
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// The value before which it stands.
    pub before: Option<String>,
    /// The value behind which it stands.
    pub after: Option<String>,
    /// Nothing happens if it is there.
    #[serde(default)]
    pub if_not_exists: bool,
}

/// Renames a value of an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameEnumValue {
    /// The enum's schema.
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// Its new name.
    pub to: String,
}

/// Drops a value of an enum type: makes the type anew and converts the columns of it (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropEnumValue {
    /// The enum's schema.
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// The value that rows take instead; left out: a row that has it is an error.
    pub replace_by: Option<String>,
    /// Where it stood, so that it can be brought back.
    pub was: Option<EnumPlace>,
}

/// Where a value stood in its enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnumPlace {
    /// The value before which it stood.
    pub before: Option<String>,
    /// The value behind which it stood.
    pub after: Option<String>,
}

/// Renames an enum or a domain (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameType {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its new name.
    pub to: String,
}

/// A domain without its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct DomainDefinition {
    /// The type of its values.
    #[serde(rename = "type")]
    pub type_: SqlText,
    /// Whether it may be NULL.
    pub nullable: Option<bool>,
    /// What a column of it holds where nothing is given.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// The collation.
    pub collation: Option<String>,
    /// What holds for every VALUE.
    #[serde(default)]
    pub checks: Vec<Check>,
}

/// Creates a domain (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateDomain {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub definition: DomainDefinition,
}

/// Drops a domain (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropDomain {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Nothing happens if it is not there.
    #[serde(default)]
    pub if_exists: bool,
    /// What stands on it is dropped, too.
    #[serde(default)]
    pub cascade: bool,
    /// The domain as it was, so that it can be brought back.
    pub was: Option<DomainDefinition>,
}

/// Changes a domain (PostgreSQL). What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlterDomain {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Whether it may be NULL.
    pub nullable: Option<bool>,
    /// Its new default; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// A check to add.
    pub add_check: Option<Check>,
    /// The name of a check to drop.
    pub drop_check: Option<String>,
    /// What it was, of that which changes: the way back.
    pub was: Option<DomainBefore>,
}

/// What a domain was before a change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainBefore {
    /// Its default; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// The check that was dropped.
    pub check: Option<Check>,
}

/// A sequence without its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct SequenceDefinition {
    /// The type of its numbers (PostgreSQL).
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// What it counts.
    #[serde(flatten)]
    pub options: SequenceOptions,
    /// The column, as `table.column`, with which it goes (PostgreSQL).
    pub owned_by: Option<String>,
}

/// Creates a sequence (PostgreSQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateSequence {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Nothing happens if it is there.
    #[serde(default)]
    pub if_not_exists: bool,
    /// What it is.
    #[serde(flatten)]
    pub definition: SequenceDefinition,
}

/// Changes a sequence (PostgreSQL, MariaDB). What is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct AlterSequence {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The number from which it goes on.
    pub restart: Option<i64>,
    /// What changes.
    #[serde(flatten)]
    pub definition: SequenceDefinition,
    /// What it was, of that which changes: the way back.
    pub was: Option<SequenceDefinition>,
}

/// Drops a sequence (PostgreSQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropSequence {
    /// Its schema.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Nothing happens if it is not there.
    #[serde(default)]
    pub if_exists: bool,
    /// What stands on it is dropped, too (PostgreSQL).
    #[serde(default)]
    pub cascade: bool,
    /// The sequence as it was, so that it can be brought back.
    pub was: Option<SequenceDefinition>,
}
