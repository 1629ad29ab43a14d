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
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The values it had, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Vec<String>>,
}

/// Adds a value to an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddEnumValue {
    /// The enum's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// BEFORE: the value that it precedes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// AFTER: the value that it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
}

/// Renames a value of an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameEnumValue {
    /// The enum's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// Its new name.
    pub to: String,
}

/// Drops a value of an enum type: recreates the type and converts its columns (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropEnumValue {
    /// The enum's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// The value that replaces it in rows; default: a row with it is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_by: Option<String>,
    /// Its position, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<EnumPlace>,
}

/// The position of a value in its enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnumPlace {
    /// The value that it preceded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value that it followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Renames an enum or a domain (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameType {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    /// NULL or NOT NULL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// The default value.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// The collation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// Its check constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
}

/// Creates a domain (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateDomain {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its definition.
    #[serde(flatten)]
    pub definition: DomainDefinition,
}

/// Drops a domain (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropDomain {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The domain as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<DomainDefinition>,
}

/// Changes a domain (PostgreSQL). What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlterDomain {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// NULL or NOT NULL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nullable: Option<bool>,
    /// Its new default; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// A check to add.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_check: Option<Check>,
    /// The name of a check to drop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drop_check: Option<String>,
    /// The previous values of what changes, for the downgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
}

/// A sequence without its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct SequenceDefinition {
    /// The type of its numbers (PostgreSQL).
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
    /// Its options.
    #[serde(flatten)]
    pub options: SequenceOptions,
    /// OWNED BY: the column, as `table.column` (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<String>,
}

/// Creates a sequence (PostgreSQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateSequence {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: SequenceDefinition,
}

/// Changes a sequence (PostgreSQL, MariaDB). What is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct AlterSequence {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// RESTART: the next number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart: Option<i64>,
    /// The new options.
    #[serde(flatten)]
    pub definition: SequenceDefinition,
    /// The previous values of what changes, for the downgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<SequenceDefinition>,
}

/// Drops a sequence (PostgreSQL, MariaDB).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropSequence {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The sequence as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<SequenceDefinition>,
}
