//! Tables.

mod definition;
mod options;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::Touch;
use super::reverse::{is_new, recreates};
use super::schema_change::SchemaChange;
use super::summary::{count, of};
use super::texts::texts;
use super::validate::Validation;
use super::{Constraint, Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Name, Schema, Table};
use crate::text::{Dialect, Effect};

pub use definition::{BeyondTable, TableDefinition, TableOptions};
pub use options::{AlterTableOptions, TableOptionsChange};

/// Creates a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateTable {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
    /// Its definition.
    #[serde(flatten)]
    pub definition: TableDefinition,
}

impl Rules for CreateTable {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        is_new(Self::KIND, self.if_not_exists)?;
        Ok(vec![Operation::DropTable(DropTable {
            schema: self.schema.clone(),
            name: self.name.clone(),
            if_exists: false,
            cascade: false,
            was: Some(self.definition.clone()),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        self.definition.validate(check);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.check_definition(&self.definition, self.schema.as_ref(), &self.name)?;
        let own = self.schema.as_deref();
        let name = change.schema.name(own, &self.name);
        let there = change.schema.table(change.dialect, own, &name.name).is_some();
        if self.if_not_exists && there {
            return Ok(());
        }
        change.is_free("name", &name)?;
        let certain = !self.if_not_exists || change.schema.complete || change.gone(&name).is_some();
        change.comes(&name);
        if certain {
            let table = Table { definition: self.definition.clone(), sql: None, sequence: None };
            change.schema.tables.insert(name, table);
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.whole(self.schema.as_ref(), &self.name);
        touch.table_definition(self.schema.as_ref(), &self.name, &self.definition);
    }

    fn summary(&self) -> String {
        let definition = &self.definition;
        let parts = [
            (definition.columns.len(), "column"),
            (definition.constraints.len(), "constraint"),
            (definition.indexes.len(), "index"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(many, _)| *many > 0)
            .map(|(many, word)| match (many, word) {
                (2.., "index") => format!("{many} indexes"),
                _ => count(many, word),
            })
            .collect();
        let name = of(self.schema.as_ref(), &self.name);
        if parts.is_empty() { name } else { format!("{name} ({})", parts.join(", ")) }
    }
    texts!(definition as "");
}

/// Drops a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropTable {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The table as it was, so that the downgrade can recreate it, empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<TableDefinition>,
}

impl Rules for DropTable {
    recreates!("table", CreateTable { schema, name } if_not_exists: false);

    fn validate(&self, check: &mut Validation<'_>) {
        if let Some(was) = &self.was {
            check.part("was", "was", |check| was.validate(check));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        let known = match change.find("name", own, &self.name) {
            Err(_) if self.if_exists => return Ok(()),
            known => known?,
        };
        let name = known.unwrap_or_else(|| change.schema.name(own.map(String::as_str), &self.name));
        change.schema.tables.remove(&name);
        change.drop_triggers_of(&name);
        if self.cascade {
            change.drop_references_to(&name);
            change.drop_views_on(&name);
        }
        change.schema.gone.insert(name, "dropped".to_owned());
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.whole(self.schema.as_ref(), &self.name);
        if let Some(was) = &self.was {
            touch.table_definition(self.schema.as_ref(), &self.name, was);
        }
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        of(self.schema.as_ref(), &self.name)
    }
    texts!(was);

    fn check_was(&self, schema: &Schema, dialect: Dialect) -> Option<String> {
        let (_, known) = schema.table(dialect, self.schema.as_deref(), &self.name)?;
        definition::differs(&known.definition, self.was.as_ref()?, dialect)
    }
}

/// Renames a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameTable {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub name: String,
    /// Its new name.
    pub to: String,
}

impl Rules for RenameTable {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::RenameTable(RenameTable {
            schema: self.schema.clone(),
            name: self.to.clone(),
            to: self.name.clone(),
        })])
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        let known = change.find("name", own, &self.name)?;
        let from = known.unwrap_or_else(|| change.schema.name(own.map(String::as_str), &self.name));
        let to = Name { schema: from.schema.clone(), name: self.to.clone() };
        // Another spelling of the same name is free to take.
        if !to.is(change.dialect, &from) {
            change.is_free("to", &to)?;
        }
        change.comes(&to);
        change.reword(&from.name);
        let dialect = change.dialect;
        let session = change.schema.own.clone();
        for (holder, table) in &mut change.schema.tables {
            let changed = table.definition.change_referred(|schema, name, _| {
                let referred = Name {
                    schema: schema.clone().filter(|schema| Some(schema) != session.as_ref()),
                    name: name.clone(),
                };
                let is_it = referred.is(dialect, &from);
                if is_it {
                    name.clone_from(&to.name);
                }
                is_it
            });
            if changed || *holder == from {
                table.sql = None;
            }
        }
        for trigger in &mut change.schema.triggers {
            if trigger.table.as_ref().is_some_and(|table| table.is(dialect, &from)) {
                trigger.table = Some(to.clone());
                trigger.sql = None;
            }
        }
        let table = change.schema.tables.remove(&from);
        if from != to {
            change.schema.gone.insert(from, format!("renamed to {}", to.name));
        }
        if let Some(table) = table {
            change.schema.tables.insert(to, table);
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.whole(self.schema.as_ref(), &self.name);
        touch.whole(self.schema.as_ref(), &self.to);
    }

    fn summary(&self) -> String {
        format!("{} to {}", of(self.schema.as_ref(), &self.name), self.to)
    }
}

impl SchemaChange<'_> {
    /// The foreign keys that a CASCADE takes along.
    pub(super) fn drop_references_to(&mut self, gone: &Name) {
        let dialect = self.dialect;
        let session = self.schema.own.clone();
        let is_it = |schema: &Option<String>, name: &str| {
            let schema = schema.clone().filter(|schema| Some(schema) != session.as_ref());
            Name { schema, name: name.to_owned() }.is(dialect, gone)
        };
        for table in self.schema.tables.values_mut() {
            let definition = &mut table.definition;
            if !definition.change_referred(|schema, name, _| is_it(schema, name)) {
                continue;
            }
            table.sql = None;
            definition.constraints.retain(|constraint| match constraint {
                Constraint::ForeignKey(key) => {
                    !is_it(&key.references.schema, &key.references.table)
                }
                _ => true,
            });
            for column in &mut definition.columns {
                column.references.take_if(|to| is_it(&to.schema, &to.table));
            }
        }
    }
}
