//! Sequences (PostgreSQL, MariaDB).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Own, Part, Touch, names};
use super::reverse::{is_new, recreates};
use super::summary::{changes, of};
use super::texts::texts;
use super::validate::Validation;
use super::was::{Attribute, complete, first_wrong};
use super::{Irreversible, Operation, Rules};
use crate::model::Schema;
use crate::text::{Dialect, Effect};

/// The options of a sequence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SequenceOptions {
    /// The first number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<i64>,
    /// The lowest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The highest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// CACHE: how many numbers a session allocates at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<i64>,
    /// CYCLE: starts again after the last number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cycle: Option<bool>,
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

texts!(SequenceDefinition { type_ as "type": Type });

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

impl Rules for CreateSequence {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        is_new(Self::KIND, self.if_not_exists)?;
        Ok(vec![Operation::DropSequence(DropSequence {
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
        touch.sequence(self.schema.as_ref(), &self.name, &self.definition.owned_by);
    }

    fn summary(&self) -> String {
        of(self.schema.as_ref(), &self.name)
    }
    texts!(definition as "");
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

impl Rules for AlterSequence {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        // The number where it is now is no part of what it is: `restart` has no reverse.
        complete(Self::KIND, &self.attributes())?;
        let was = self.was.clone().unwrap_or_default();
        if was == SequenceDefinition::default() {
            return Ok(Vec::new());
        }
        Ok(vec![Operation::AlterSequence(AlterSequence {
            schema: self.schema.clone(),
            name: self.name.clone(),
            restart: None,
            definition: was,
            was: Some(self.definition.clone()),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.changes(self.restart.is_some() || self.definition != SequenceDefinition::default());
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        match self.restart {
            Some(_) => Effect::Data,
            None => Effect::Additive,
        }
    }

    fn touch(&self, touch: &mut Touch) {
        touch.sequence(self.schema.as_ref(), &self.name, &self.definition.owned_by);
    }

    fn summary(&self) -> String {
        let SequenceDefinition { type_, options, owned_by } = &self.definition;
        let number = |word: &str, number: &Option<i64>| number.map(|n| format!("{word} {n}"));
        let changes = changes([
            number("restart", &self.restart),
            type_.as_ref().map(|type_| format!("type {type_}")),
            number("start", &options.start),
            number("increment", &options.increment),
            number("min", &options.min),
            number("max", &options.max),
            number("cache", &options.cache),
            options.cycle.map(|cycle| if cycle { "cycle" } else { "no cycle" }.to_owned()),
            owned_by.as_ref().map(|owner| format!("owned by {owner}")),
        ]);
        format!("{} {}", of(self.schema.as_ref(), &self.name), changes)
    }
    texts!(definition as "", was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, _schema: &Schema, _dialect: Dialect) -> Option<String> {
        first_wrong(&self.attributes())
    }
}

impl AlterSequence {
    /// What `was` must say of it.
    fn attributes(&self) -> Vec<Attribute> {
        let SequenceDefinition { type_, options, owned_by } = &self.definition;
        let SequenceOptions { start, increment, min, max, cache, cycle } = options;
        let was = self.was.clone().unwrap_or_default();
        vec![
            Attribute::of("type", type_, &was.type_),
            Attribute::of("start", start, &was.options.start),
            Attribute::of("increment", increment, &was.options.increment),
            Attribute::of("min", min, &was.options.min),
            Attribute::of("max", max, &was.options.max),
            Attribute::of("cache", cache, &was.options.cache),
            Attribute::of("cycle", cycle, &was.options.cycle),
            Attribute::of("owned_by", owned_by, &was.owned_by),
        ]
    }
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

impl Rules for DropSequence {
    recreates!("sequence", CreateSequence { schema, name } if_not_exists: false);

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.sequence(self.schema.as_ref(), &self.name, &None);
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        of(self.schema.as_ref(), &self.name)
    }
    texts!(was);
}

impl Touch {
    fn sequence(&mut self, own: Own<'_>, name: &str, owned_by: &Option<String>) {
        self.write(ObjectClass::Relation, own, name, None);
        let mut words = owned_by.iter().flat_map(|owner| names(None, owner)).collect::<Vec<_>>();
        if let (Some(column), Some(table)) = (words.pop(), words.pop()) {
            self.read(ObjectClass::Relation, None, &table, Part::Itself);
            self.read_column(None, &table, &column);
        }
    }
}
