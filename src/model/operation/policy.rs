//! Policies and row-level security (PostgreSQL).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Own, Part, Touch};
use super::reverse::dropped;
use super::schema_change::SchemaChange;
use super::summary::{changes, of, on};
use super::texts::texts;
use super::validate::Validation;
use super::was::{Attribute, complete, first_wrong};
use super::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::Schema;
use crate::text::{Dialect, Effect};

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

texts!(PolicyDefinition { using, check });

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

impl Rules for CreatePolicy {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::DropPolicy(DropPolicy {
            schema: self.schema.clone(),
            table: self.table.clone(),
            name: self.name.clone(),
            if_exists: false,
            was: Some(self.definition.clone()),
        })])
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.is_there("table", self.schema.as_ref(), &self.table)
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.policy(self.schema.as_ref(), &self.table, &self.name);
    }

    fn summary(&self) -> String {
        on(&self.name, self.schema.as_ref(), &self.table)
    }
    texts!(definition as "");
}

/// Attributes of a policy: in an operation what they become, in its `was` what they were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PolicyBefore")]
pub struct PolicyChange {
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
}

texts!(PolicyChange { using, check });

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
    /// The attributes that change.
    #[serde(flatten)]
    pub change: PolicyChange,
    /// The previous values of what changes, for the downgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<PolicyChange>,
}

impl Rules for AlterPolicy {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        complete(Self::KIND, &self.attributes())?;
        Ok(vec![Operation::AlterPolicy(AlterPolicy {
            schema: self.schema.clone(),
            table: self.table.clone(),
            name: self.rename.as_ref().unwrap_or(&self.name).clone(),
            rename: self.rename.as_ref().map(|_| self.name.clone()),
            change: self.was.clone().unwrap_or_default(),
            was: Some(self.change.clone()).filter(|change| *change != PolicyChange::default()),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.changes(self.rename.is_some() || self.change != PolicyChange::default());
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.policy(self.schema.as_ref(), &self.table, &self.name);
        if let Some(to) = &self.rename {
            touch.policy(self.schema.as_ref(), &self.table, to);
        }
    }

    fn summary(&self) -> String {
        let PolicyChange { roles, using, check } = &self.change;
        let changes = changes([
            self.rename.as_ref().map(|name| format!("rename to {name}")),
            roles.as_ref().map(|_| "roles".to_owned()),
            using.as_ref().map(|_| "using".to_owned()),
            check.as_ref().map(|_| "check".to_owned()),
        ]);
        format!("{} {}", on(&self.name, self.schema.as_ref(), &self.table), changes)
    }
    texts!(change as "", was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, _schema: &Schema, _dialect: Dialect) -> Option<String> {
        first_wrong(&self.attributes())
    }
}

impl AlterPolicy {
    /// What `was` must say of it.
    fn attributes(&self) -> Vec<Attribute> {
        let PolicyChange { roles, using, check } = &self.change;
        let was = self.was.clone().unwrap_or_default();
        vec![
            Attribute::of("roles", roles, &was.roles),
            Attribute::of("using", using, &was.using),
            Attribute::of("check", check, &was.check),
        ]
    }
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

impl Rules for DropPolicy {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::CreatePolicy(CreatePolicy {
            definition: dropped(Self::KIND, "policy", &self.was, false)?,
            schema: self.schema.clone(),
            table: self.table.clone(),
            name: self.name.clone(),
        })])
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.policy(self.schema.as_ref(), &self.table, &self.name);
    }

    fn summary(&self) -> String {
        on(&self.name, self.schema.as_ref(), &self.table)
    }
    texts!(was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }
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

impl Rules for RowSecurity {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::RowSecurity(RowSecurity {
            schema: self.schema.clone(),
            table: self.table.clone(),
            enabled: self.enabled.map(|enabled| !enabled),
            forced: self.forced.map(|forced| !forced),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.changes(self.enabled.is_some() || self.forced.is_some());
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.is_there("table", self.schema.as_ref(), &self.table)
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.on(self.schema.as_ref(), &self.table);
        touch.write(ObjectClass::Relation, self.schema.as_ref(), &self.table, Part::RowSecurity);
    }

    fn summary(&self) -> String {
        let said = [(self.enabled, "enabled"), (self.forced, "forced")].into_iter().filter_map(
            |(is, word)| is.map(|is| if is { word.to_owned() } else { format!("not {word}") }),
        );
        let said: Vec<String> = said.collect();
        format!("{} {}", of(self.schema.as_ref(), &self.table), said.join(", "))
    }
}

impl Touch {
    pub(super) fn policy(&mut self, own: Own<'_>, table: &str, name: &str) {
        self.on(own, table);
        self.write(ObjectClass::Relation, own, table, Part::Policy(name.to_owned()));
    }
}
