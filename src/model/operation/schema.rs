//! Schemas (PostgreSQL), which MySQL and MariaDB call databases.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Touch};
use super::reverse::{is_new, recreates};
use super::schema_change::SchemaChange;
use super::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Name, Schema};
use crate::text::{Dialect, Effect};

/// A schema without its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SchemaBefore")]
pub struct SchemaDefinition {
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

/// Creates a schema (PostgreSQL), which MySQL and MariaDB call a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSchema {
    /// Its name.
    pub name: String,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: SchemaDefinition,
}

impl Rules for CreateSchema {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        is_new(Self::KIND, self.if_not_exists)?;
        let CreateSchema { name, definition, .. } = self.clone();
        let was = Some(definition);
        Ok(vec![Operation::DropSchema(DropSchema { name, if_exists: false, cascade: false, was })])
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Schema, None, &self.name, None);
    }

    fn summary(&self) -> String {
        self.name.clone()
    }
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
    pub was: Option<SchemaDefinition>,
}

impl Rules for DropSchema {
    recreates!("schema", CreateSchema { name } if_not_exists: false);

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.drop_schema(&self.name);
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Schema, None, &self.name, None);
        // MySQL's goes with all that is in it, whatever was said.
        touch.opaque_if(true);
    }

    fn summary(&self) -> String {
        self.name.clone()
    }
}

impl SchemaChange<'_> {
    fn drop_schema(&mut self, schema: &str) {
        let is_in = |name: &Name| name.schema.as_deref() == Some(schema);
        let tables = self.schema.tables.keys().filter(|name| is_in(name)).cloned();
        for name in tables.collect::<Vec<_>>() {
            self.schema.tables.remove(&name);
            self.drop_references_to(&name);
            self.schema.gone.insert(name, "dropped with its schema".to_owned());
        }
        self.schema.views.retain(|view| !is_in(&view.name));
        self.schema.triggers.retain(|trigger| !trigger.table.as_ref().is_some_and(is_in));
        self.schema.enums.retain(|name, _| !is_in(name));
    }
}
