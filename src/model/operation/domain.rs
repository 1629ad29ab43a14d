//! Domains (PostgreSQL).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Touch};
use super::reverse::recreates;
use super::summary::{changes, nullability, of, text, value};
use super::texts::texts;
use super::validate::Validation;
use super::was::{Attribute, complete, first_wrong};
use super::{Check, DefaultValue, Irreversible, Operation, Rules, given};
use crate::model::{Schema, SqlText};
use crate::text::{Dialect, Effect};

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

texts!(DomainDefinition { type_ as "type": Type, default, checks });

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

impl Rules for CreateDomain {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::DropDomain(DropDomain {
            schema: self.schema.clone(),
            name: self.name.clone(),
            if_exists: false,
            cascade: false,
            was: Some(self.definition.clone()),
        })])
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.name, None);
    }

    fn summary(&self) -> String {
        let name = of(self.schema.as_ref(), &self.name);
        format!("{name} {}", text(&self.definition.type_))
    }
    texts!(definition as "");
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

impl Rules for AlterDomain {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        complete(Self::KIND, &self.attributes())?;
        let was = self.was.clone().unwrap_or_default();
        let mut back = was.check;
        if let (Some(check), Some(name)) = (&mut back, &self.drop_check) {
            if check.name.as_ref().is_some_and(|own| own != name) {
                return Err(Irreversible::new(
                    Self::KIND,
                    "the check in its `was` has another name",
                ));
            }
            check.name = Some(name.clone());
        }
        if self.add_check.as_ref().is_some_and(|check| check.name.is_none()) {
            return Err(Irreversible::new(Self::KIND, "its `add_check` has no name: give it one"));
        }
        let before = DomainBefore { default: self.default.clone(), check: self.add_check.clone() };
        Ok(vec![Operation::AlterDomain(AlterDomain {
            schema: self.schema.clone(),
            name: self.name.clone(),
            nullable: self.nullable.map(|nullable| !nullable),
            default: was.default,
            add_check: back,
            drop_check: self.add_check.as_ref().and_then(|check| check.name.clone()),
            was: (before != DomainBefore::default()).then_some(before),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        let Self { nullable, default, add_check, drop_check, schema: _, name: _, was: _ } = self;
        check.changes(
            nullable.is_some() || default.is_some() || add_check.is_some() || drop_check.is_some(),
        );
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        match (&self.drop_check, self.nullable) {
            (Some(_), _) => Effect::Destructive,
            (None, Some(true)) => Effect::Widening,
            (None, _) => Effect::Additive,
        }
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.name, None);
        // What it says of values is checked in whatever table has them.
        touch.opaque_if(self.nullable == Some(false) || self.add_check.is_some());
    }

    fn summary(&self) -> String {
        let changes = changes([
            self.nullable.map(nullability),
            self.default.as_ref().map(|default| format!("default {}", value(default))),
            self.add_check.as_ref().map(|check| {
                format!("add check {}", check.name.as_deref().unwrap_or_default())
                    .trim_end()
                    .to_owned()
            }),
            self.drop_check.as_ref().map(|check| format!("drop check {check}")),
        ]);
        format!("{} {}", of(self.schema.as_ref(), &self.name), changes)
    }
    texts!(default, add_check, was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, _schema: &Schema, _dialect: Dialect) -> Option<String> {
        first_wrong(&self.attributes())
    }
}

impl AlterDomain {
    /// What `was` must say of it.
    fn attributes(&self) -> Vec<Attribute> {
        let nothing = DomainBefore::default();
        let was = self.was.as_ref().unwrap_or(&nothing);
        vec![
            Attribute::of("default", &self.default, &was.default),
            Attribute {
                name: "check",
                changes: self.drop_check.is_some(),
                was: was.check.is_some(),
                same: false,
            },
        ]
    }
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

texts!(DomainBefore { default, check });

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

impl Rules for DropDomain {
    recreates!("domain", CreateDomain { schema, name });

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.name, None);
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        of(self.schema.as_ref(), &self.name)
    }
    texts!(was);
}
