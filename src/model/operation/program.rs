//! Commands of the application.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::Touch;
use super::schema_change::SchemaChange;
use super::summary::short;
use super::validate::Validation;
use super::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Entries, Schema};
use crate::text::{Dialect, Effect};

/// Runs a command of the application, with the URL of the database in its environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The command and its arguments; it runs in the store's folder.
    pub command: Vec<String>,
    /// The name of the variable that holds the URL; default: DATABASE_URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// More variables.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub environment: Entries<String>,
    /// The time limit in seconds; default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// The command that undoes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub down: Vec<String>,
}

impl Rules for Program {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        if self.command.is_empty() {
            return Err(Irreversible::new(Self::KIND, "it has no command"));
        }
        if self.down.is_empty() {
            return Err(Irreversible::new(
                Self::KIND,
                "it needs `down:` with the command that undoes it",
            ));
        }
        let Program { command, down, .. } = self.clone();
        Ok(vec![Operation::Program(Program { command: down, down: command, ..self.clone() })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.filled("command", self.command.is_empty());
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        if self.command.is_empty() {
            return Err(change.mismatch("command", "it has no command", "name the program to run"));
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Unknown
    }

    fn touch(&self, touch: &mut Touch) {
        touch.opaque_if(true);
    }

    fn summary(&self) -> String {
        short(&self.command.join(" "))
    }
}
