//! Comments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Part, Touch};
use super::schema_change::SchemaChange;
use super::summary::{of, word};
use super::validate::Validation;
use super::{Irreversible, Operation, Rules, SchemaMismatch, TableDefinition, given};
use crate::model::Schema;
use crate::text::{self, Dialect, Effect};

/// What a comment is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommentObject {
    /// A table.
    Table,
    /// A column, of `table`.
    Column,
    /// An index (PostgreSQL).
    Index,
    /// A constraint, of `table` (PostgreSQL).
    Constraint,
    /// A trigger, of `table` (PostgreSQL).
    Trigger,
    /// A policy, of `table` (PostgreSQL).
    Policy,
    /// A view (PostgreSQL).
    View,
    /// A materialized view (PostgreSQL).
    MaterializedView,
    /// A sequence (PostgreSQL).
    Sequence,
    /// An enum (PostgreSQL).
    Type,
    /// A domain (PostgreSQL).
    Domain,
    /// A function, with the types of its arguments (PostgreSQL).
    Function,
    /// A procedure, with the types of its arguments (PostgreSQL).
    Procedure,
    /// A schema (PostgreSQL).
    Schema,
    /// An extension (PostgreSQL).
    Extension,
}

/// Sets the comment of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetComment {
    /// The kind of the object.
    pub on: CommentObject,
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table of a column, constraint, trigger or policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The object.
    pub name: String,
    /// The comment; `null`: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What it was; `null`: none.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub was: Option<Option<String>>,
}

impl Rules for SetComment {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let Some(was) = &self.was else {
            let reason = "it needs `was:` with the comment as it was, `null` for none";
            return Err(Irreversible::new(Self::KIND, reason));
        };
        Ok(vec![Operation::Comment(SetComment {
            comment: was.clone(),
            was: Some(self.comment.clone()),
            ..self.clone()
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        let needs_table = matches!(
            self.on,
            CommentObject::Column
                | CommentObject::Constraint
                | CommentObject::Trigger
                | CommentObject::Policy
        );
        if needs_table && self.table.is_none() {
            check.wrong(
                "on",
                format!("{} on a {} has no table", check.what(), word(&self.on)),
                None,
            );
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        let (dialect, to) = (change.dialect, self.comment.clone());
        match self.on {
            CommentObject::Table => {
                if let Some(name) = change.find("name", own, &self.name)? {
                    change.change_table(own, &name.name, |table| table.comment = to)?;
                }
            }
            CommentObject::Column => {
                let Some(table) = &self.table else {
                    let hint = "name its table in `table`";
                    return Err(change.mismatch("table", "a column belongs to a table", hint));
                };
                if change.schema.table(dialect, own.map(String::as_str), table).is_none() {
                    // Views have columns, too.
                    return change.is_there("table", own, table);
                }
                change.has_columns("name", own, table, &[&self.name], false).map_err(
                    |mismatch| SchemaMismatch { path: format!("{}.name", change.kind), ..mismatch },
                )?;
                change.change_table(own, table, |table| {
                    if let Some(at) = table.column_at(dialect, &self.name) {
                        table.columns[at].comment = to;
                    }
                })?;
            }
            CommentObject::Index => {
                let dialect = change.dialect;
                for table in change.schema.tables.values_mut() {
                    for index in &mut table.definition.indexes {
                        let called = |name: &String| text::same_part(dialect, name, &self.name);
                        if index.name.as_ref().is_some_and(called) {
                            index.comment.clone_from(&to);
                        }
                    }
                }
            }
            CommentObject::View | CommentObject::MaterializedView => {
                change.is_there("name", own, &self.name)?;
            }
            _ => {
                if let Some(table) = &self.table {
                    change.is_there("table", own, table)?;
                }
            }
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        let table = self.table.as_deref().unwrap_or_default();
        let name = self.name.as_str();
        let class = match self.on {
            CommentObject::Column => {
                touch.on(own, table);
                return touch.write(
                    ObjectClass::Relation,
                    own,
                    table,
                    Part::Column(name.to_owned()),
                );
            }
            CommentObject::Constraint => {
                touch.on(own, table);
                return touch.write(
                    ObjectClass::Relation,
                    own,
                    table,
                    Part::Constraint(name.to_owned()),
                );
            }
            CommentObject::Policy => return touch.policy(own, table, name),
            CommentObject::Trigger => {
                touch.on(own, table);
                return touch.write(ObjectClass::Relation, own, table, Part::Triggers);
            }
            CommentObject::Table
            | CommentObject::View
            | CommentObject::MaterializedView
            | CommentObject::Sequence
            | CommentObject::Index => ObjectClass::Relation,
            CommentObject::Type | CommentObject::Domain => ObjectClass::Type,
            CommentObject::Function | CommentObject::Procedure => ObjectClass::Routine,
            CommentObject::Schema => ObjectClass::Schema,
            CommentObject::Extension => ObjectClass::Extension,
        };
        let name = name.split('(').next().unwrap_or(name).trim_end();
        touch.read(class, own, name, Part::Itself);
        touch.write(class, own, name, Part::Comment);
    }

    fn summary(&self) -> String {
        let SetComment { on, schema, table, name, comment: said, .. } = self;
        let object = match (on, table) {
            (CommentObject::Column, Some(table)) => {
                format!("{}.{name}", of(schema.as_ref(), table))
            }
            (_, Some(table)) => format!("{name} on {}", of(schema.as_ref(), table)),
            (_, None) => of(schema.as_ref(), name),
        };
        let none = if said.is_none() { ": none" } else { "" };
        format!("on {} {object}{none}", word(on))
    }

    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, _schema: &Schema, _dialect: Dialect) -> Option<String> {
        (self.was.as_ref() == Some(&self.comment)).then(|| "`was` has the new comment".to_owned())
    }
}

impl SchemaChange<'_> {
    /// Changes the definition of a table, where it is known.
    fn change_table(
        &mut self,
        own: Option<&String>,
        name: &str,
        change: impl FnOnce(&mut TableDefinition),
    ) -> Result<(), SchemaMismatch> {
        if let Some(table) = self.table(own, name)? {
            change(&mut table.definition);
        }
        Ok(())
    }
}
