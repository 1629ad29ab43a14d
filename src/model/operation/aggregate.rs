//! Aggregates (PostgreSQL).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::footprint::{ObjectClass, Touch};
use super::reverse::dropped;
use super::summary::{of, short};
use super::texts::texts;
use super::validate::Validation;
use super::{Irreversible, Operation, Rules};
use crate::model::{Entries, Schema};
use crate::text::{Dialect, Effect};

/// Creates an aggregate (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAggregate {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The types of its arguments, or `*` for none.
    #[schemars(extend("format" = "sql"))]
    pub arguments: String,
    /// Its parameters by PostgreSQL's names, such as sfunc, stype, finalfunc and initcond; `null` for one
    /// without a value, such as finalfunc_extra.
    pub parameters: Entries<Value>,
}

/// Drops an aggregate (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropAggregate {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The types of its arguments, or `*` for none.
    #[schemars(extend("format" = "sql"))]
    pub arguments: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// Its parameters, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Entries<Value>>,
}

/// The functions and types that parameters name.
fn touch_parameters(touch: &mut Touch, parameters: &Entries<Value>) {
    for name in parameters.iter().filter_map(|(_, value)| value.as_str()) {
        let name = name.rsplit('.').next().unwrap_or(name);
        touch.read(ObjectClass::Routine, None, name, None);
        touch.read(ObjectClass::Type, None, name, None);
    }
}

impl Rules for CreateAggregate {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let CreateAggregate { schema, name, arguments, parameters } = self.clone();
        Ok(vec![Operation::DropAggregate(DropAggregate {
            schema,
            name,
            arguments,
            if_exists: false,
            cascade: false,
            was: Some(parameters),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        for required in ["sfunc", "stype"] {
            if self.parameters.get(required).is_none() {
                let message = format!("the parameters of {} lack {required}", check.what());
                check.wrong("parameters", message, Some("sfunc is the state transition function"));
            }
        }
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Routine, self.schema.as_ref(), &self.name, None);
        touch_parameters(touch, &self.parameters);
    }

    fn summary(&self) -> String {
        format!("{}({})", of(self.schema.as_ref(), &self.name), short(&self.arguments))
    }

    texts!(arguments);
}

impl Rules for DropAggregate {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::CreateAggregate(CreateAggregate {
            parameters: dropped(
                Self::KIND,
                "parameters of the aggregate",
                &self.was,
                self.cascade,
            )?,
            schema: self.schema.clone(),
            name: self.name.clone(),
            arguments: self.arguments.clone(),
        })])
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Routine, self.schema.as_ref(), &self.name, None);
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        format!("{}({})", of(self.schema.as_ref(), &self.name), short(&self.arguments))
    }

    texts!(arguments);

    fn has_was(&self) -> bool {
        self.was.is_some()
    }
}
