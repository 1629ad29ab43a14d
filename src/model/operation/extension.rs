//! Extensions (PostgreSQL).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Touch};
use super::reverse::{is_new, recreates};
use super::{Irreversible, Operation, Rules};
use crate::model::Schema;
use crate::text::{Dialect, Effect};

/// An extension without its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ExtensionBefore")]
pub struct ExtensionDefinition {
    /// The schema of its objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its version; default: the newest on the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Creates an extension (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateExtension {
    /// Its name.
    pub name: String,
    /// Its definition.
    #[serde(flatten)]
    pub definition: ExtensionDefinition,
    /// CASCADE: creates the extensions that it requires, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
}

impl Rules for CreateExtension {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        if self.cascade {
            let reason = "the extensions that `cascade` creates are not named";
            return Err(Irreversible::new(Self::KIND, reason));
        }
        is_new(Self::KIND, self.if_not_exists)?;
        let CreateExtension { name, definition, .. } = self.clone();
        let was = Some(definition);
        Ok(vec![Operation::DropExtension(DropExtension {
            name,
            if_exists: false,
            cascade: false,
            was,
        })])
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        // What objects it brings along is not said.
        touch.write(ObjectClass::Extension, None, &self.name, None);
        touch.opaque_if(true);
    }

    fn summary(&self) -> String {
        self.name.clone()
    }
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
    pub was: Option<ExtensionDefinition>,
}

impl Rules for DropExtension {
    recreates!("extension", CreateExtension { name } cascade: false, if_not_exists: false);

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Extension, None, &self.name, None);
        touch.opaque_if(true);
    }

    fn summary(&self) -> String {
        self.name.clone()
    }
}
