//! Materialized views (PostgreSQL).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::footprint::{ObjectClass, Touch, names};
use super::reverse::{is_new, recreates};
use super::schema_change::SchemaChange;
use super::summary::{of, short};
use super::texts::texts;
use super::validate::Validation;
use super::{Index, Irreversible, Operation, Rules, SchemaMismatch, index};
use crate::model::{Entries, Schema};
use crate::text::{Dialect, Effect};

/// A materialized view without its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct MaterializedViewDefinition {
    /// Its query.
    #[schemars(extend("format" = "sql"))]
    pub query: String,
    /// Names for its columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// WITH DATA or WITH NO DATA; default: with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_data: Option<bool>,
    /// Storage parameters, such as fillfactor.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// The access method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The tablespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    /// Its indexes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

texts!(MaterializedViewDefinition { query, indexes });

/// Creates a materialized view (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateMaterializedView {
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
    pub definition: MaterializedViewDefinition,
}

impl Rules for CreateMaterializedView {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        is_new(Self::KIND, self.if_not_exists)?;
        Ok(vec![Operation::DropMaterializedView(DropMaterializedView {
            schema: self.schema.clone(),
            name: self.name.clone(),
            if_exists: false,
            cascade: false,
            was: Some(self.definition.clone()),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        index::validate_all(&self.definition.indexes, check);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.create_view(self.schema.as_ref(), &self.name, false, self.if_not_exists)
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.whole(own, &self.name);
        for index in &self.definition.indexes {
            touch.index_parts(own, &self.name, index);
        }
        // It takes the rows that are there just then.
        for name in names(None, &self.definition.query) {
            touch.read(ObjectClass::Rows, None, &name, None);
        }
    }

    fn summary(&self) -> String {
        let name = of(self.schema.as_ref(), &self.name);
        format!("{name}: {}", short(&self.definition.query))
    }
    texts!(definition as "");
}

/// Drops a materialized view (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropMaterializedView {
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
    /// The view as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<MaterializedViewDefinition>,
}

impl Rules for DropMaterializedView {
    recreates!("view", CreateMaterializedView { schema, name } if_not_exists: false);

    fn validate(&self, check: &mut Validation<'_>) {
        if let Some(was) = &self.was {
            check.part("was", "was", |check| index::validate_all(&was.indexes, check));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.drop_view(self.schema.as_ref(), &self.name, self.if_exists, self.cascade)
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.whole(self.schema.as_ref(), &self.name);
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        of(self.schema.as_ref(), &self.name)
    }
    texts!(was);
}

/// Refreshes a materialized view (PostgreSQL). The downgrade does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshMaterializedView {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// CONCURRENTLY: without blocking reads.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub concurrently: bool,
    /// WITH DATA or WITH NO DATA; default: with data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_data: Option<bool>,
}

impl Rules for RefreshMaterializedView {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        // What was filled stays filled.
        Ok(Vec::new())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Data
    }

    fn touch(&self, touch: &mut Touch) {
        touch.read(ObjectClass::Relation, self.schema.as_ref(), &self.name, None);
        touch.write(ObjectClass::Rows, self.schema.as_ref(), &self.name, None);
        // Whose rows it takes is not said.
        touch.opaque_if(true);
    }

    fn summary(&self) -> String {
        let concurrently = if self.concurrently { ", concurrently" } else { "" };
        format!("{}{concurrently}", of(self.schema.as_ref(), &self.name))
    }
}
