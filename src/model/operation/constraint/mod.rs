//! Constraints of a table.

mod change;
mod definition;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::footprint::{ObjectClass, Part, Touch};
use super::reverse::dropped;
use super::schema_change::SchemaChange;
use super::summary::{keyed, list, of, on, text};
use super::texts::texts;
use super::validate::Validation;
use super::was::{other_name, same_names};
use super::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::Schema;
use crate::text::{Dialect, Effect};

use change::Found;
pub(super) use definition::differs;
pub use definition::*;

impl Constraint {
    /// The operation that adds it to a table.
    pub fn creation(self, schema: Option<String>, table: String) -> Operation {
        match self {
            Constraint::PrimaryKey(key) => {
                Operation::CreatePrimaryKey(CreatePrimaryKey { schema, table, key })
            }
            Constraint::Unique(unique) => {
                Operation::CreateUnique(CreateUnique { schema, table, unique })
            }
            Constraint::ForeignKey(key) => {
                Operation::CreateForeignKey(CreateForeignKey { schema, table, key })
            }
            Constraint::Check(check) => {
                Operation::CreateCheck(CreateCheck { schema, table, check })
            }
            Constraint::Exclude(exclude) => {
                Operation::CreateExclude(CreateExclude { schema, table, exclude })
            }
        }
    }
}

/// What the operations that add a constraint say alike, of the kind and the field that has it. What drops
/// one without a name, where the dialect leaves it so, finds it by what it was.
macro_rules! adds {
    ($kind:ident, $part:ident) => {
        fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
            Ok(vec![Operation::DropConstraint(DropConstraint {
                schema: self.schema.clone(),
                table: self.table.clone(),
                name: self.$part.name.clone(),
                kind: ConstraintKind::$kind,
                if_exists: false,
                cascade: false,
                was: Some(Constraint::$kind(self.$part.clone())),
            })])
        }

        fn validate(&self, check: &mut Validation<'_>) {
            Constraint::$kind(self.$part.clone()).validate(check);
        }

        fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
            let constraint = Constraint::$kind(self.$part.clone());
            change.add_constraint(self.schema.as_ref(), &self.table, constraint)
        }

        fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
            Effect::Additive
        }

        fn touch(&self, touch: &mut Touch) {
            let constraint = Constraint::$kind(self.$part.clone());
            touch.on(self.schema.as_ref(), &self.table);
            touch.constraint_parts(self.schema.as_ref(), &self.table, &constraint);
        }
    };
}

/// Adds a primary key to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreatePrimaryKey {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The key.
    #[serde(flatten)]
    pub key: PrimaryKey,
}

impl Rules for CreatePrimaryKey {
    adds!(PrimaryKey, key);

    fn summary(&self) -> String {
        let name = self.key.name.as_deref().unwrap_or_default();
        keyed(name, self.schema.as_ref(), &self.table, &self.key.columns)
    }
}

/// Adds a unique constraint to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateUnique {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint.
    #[serde(flatten)]
    pub unique: Unique,
}

impl Rules for CreateUnique {
    adds!(Unique, unique);

    fn summary(&self) -> String {
        let Unique { name, columns, .. } = &self.unique;
        let name = name.as_deref().unwrap_or_default();
        keyed(name, self.schema.as_ref(), &self.table, columns)
    }
}

/// Adds a foreign key to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateForeignKey {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The key.
    #[serde(flatten)]
    pub key: ForeignKey,
}

impl Rules for CreateForeignKey {
    adds!(ForeignKey, key);

    fn summary(&self) -> String {
        let ForeignKey { name, columns, references, .. } = &self.key;
        let name = name.as_deref().unwrap_or_default();
        let from = keyed(name, self.schema.as_ref(), &self.table, columns);
        let to = of(references.schema.as_ref(), &references.table);
        format!("{from} to {to} ({})", list(&references.columns))
    }
}

/// Adds a check to a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateCheck {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The check.
    #[serde(flatten)]
    pub check: Check,
}

impl Rules for CreateCheck {
    adds!(Check, check);

    fn summary(&self) -> String {
        let Check { name, sql, .. } = &self.check;
        let name = name.as_deref().unwrap_or_default();
        format!("{}: {}", on(name, self.schema.as_ref(), &self.table), text(sql))
    }
    texts!(check as "");
}

/// Adds an exclusion to a table (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct CreateExclude {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The exclusion.
    #[serde(flatten)]
    pub exclude: Exclude,
}

impl Rules for CreateExclude {
    adds!(Exclude, exclude);

    fn summary(&self) -> String {
        let Exclude { name, elements, .. } = &self.exclude;
        let name = name.as_deref().unwrap_or_default();
        let elements: Vec<String> = elements
            .iter()
            .map(|element| {
                let value = element.column.as_ref().or(element.sql.as_ref());
                format!("{} with {}", value.map_or("", String::as_str), element.with)
            })
            .collect();
        let on = on(name, self.schema.as_ref(), &self.table);
        format!("{on} ({})", list(&elements))
    }
    texts!(exclude as "");
}

/// Drops a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropConstraint {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint. A primary key may be unnamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its kind.
    pub kind: ConstraintKind,
    /// IF EXISTS: does nothing when it does not exist.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_exists: bool,
    /// CASCADE: drops dependent objects, too (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cascade: bool,
    /// The constraint as it was, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Constraint>,
}

impl Rules for DropConstraint {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let mut constraint = dropped(Self::KIND, "constraint", &self.was, self.cascade)?;
        if constraint.kind() != self.kind {
            return Err(Irreversible::new(Self::KIND, "its `was` is of another kind"));
        }
        if let Some(name) = &self.name {
            if constraint.name().is_some_and(|own| own != name) {
                return Err(Irreversible::new(Self::KIND, "its `was` has another name"));
            }
            constraint.set_name(name.clone());
        }
        Ok(vec![constraint.creation(self.schema.clone(), self.table.clone())])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        if let Some(was) = &self.was {
            let word = was.kind().word();
            check.part(&format!("was.{word}"), word, |check| was.validate(check));
        }
        if self.kind != ConstraintKind::PrimaryKey && self.name.is_none() && self.was.is_none() {
            let message = format!("{} has no name", check.what());
            let hint = "only a primary key, or what `was` tells, may go without one";
            check.wrong("", message, Some(hint));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        change.drop_constraint(self)
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.on(own, &self.table);
        touch.write(ObjectClass::Relation, own, &self.table, Part::Keys);
        touch.constraint_name(own, &self.table, self.name.as_deref().unwrap_or_default());
        touch.opaque_if(self.cascade);
    }

    fn summary(&self) -> String {
        let unnamed = format!("the {}", self.kind.noun());
        on(self.name.as_deref().unwrap_or(&unnamed), self.schema.as_ref(), &self.table)
    }
    texts!(was);
    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, schema: &Schema, dialect: Dialect) -> Option<String> {
        let was = self.was.as_ref()?;
        if was.kind() != self.kind {
            return Some("`was` is a constraint of another kind".to_owned());
        }
        other_name(was.name(), self.name.as_deref()).or_else(|| {
            let (_, table) = schema.table(dialect, self.schema.as_deref(), &self.table)?;
            let is_it = |one: &&Constraint| {
                one.kind() == self.kind && same_names(one.name(), self.name.as_deref(), dialect)
            };
            differs(table.definition.constraints.iter().find(is_it)?, was, dialect)
        })
    }
}

/// Renames a constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameConstraint {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint.
    pub name: String,
    /// Its kind.
    pub kind: ConstraintKind,
    /// Its new name.
    pub to: String,
}

impl Rules for RenameConstraint {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::RenameConstraint(RenameConstraint {
            schema: self.schema.clone(),
            table: self.table.clone(),
            name: self.to.clone(),
            kind: self.kind,
            to: self.name.clone(),
        })])
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        let Some(known) = change.find("table", own, &self.table)? else { return Ok(()) };
        let definition = &change.schema.tables[&known].definition;
        let Some(found) = change.constraint(definition, self.kind, Some(&self.name)) else {
            return Err(change.no_constraint(&known.to_string(), self.kind, Some(&self.name)));
        };
        if !change.same(&self.name, &self.to) {
            change.is_free_name("to", definition, self.kind, &self.to, &known.to_string())?;
        }
        let Some(table) = change.table(own, &self.table)? else { return Ok(()) };
        match found {
            Found::Own(at) => table.definition.constraints[at].set_name(self.to.clone()),
            Found::Index(at) => table.definition.indexes[at].name = Some(self.to.clone()),
            Found::ReferenceOf(at) => {
                if let Some(to) = &mut table.definition.columns[at].references {
                    to.name = Some(self.to.clone());
                }
            }
            // It has no place for a name.
            Found::KeyOf(_) => {}
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.on(self.schema.as_ref(), &self.table);
        touch.constraint_name(self.schema.as_ref(), &self.table, &self.name);
        touch.constraint_name(self.schema.as_ref(), &self.table, &self.to);
    }

    fn summary(&self) -> String {
        let table = of(self.schema.as_ref(), &self.table);
        format!("{} to {} on {table}", self.name, self.to)
    }
}

/// Checks the rows that a constraint created with `not_valid` left unchecked (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateConstraint {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The constraint.
    pub name: String,
}

impl Rules for ValidateConstraint {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        // What was checked stays checked.
        Ok(Vec::new())
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let own = self.schema.as_ref();
        let Some(known) = change.find("table", own, &self.table)? else { return Ok(()) };
        let definition = &change.schema.tables[&known].definition;
        let named = |name: &str| change.same(name, &self.name);
        let at = definition.constraints.iter().position(|one| one.name().is_some_and(named));
        let Some(at) = at else {
            if definition.part_names().any(named) {
                return Ok(());
            }
            let message = format!("{known} has no constraint {}", self.name);
            return Err(change.mismatch("name", message, ""));
        };
        if let Some(table) = change.table(own, &self.table)? {
            match &mut table.definition.constraints[at] {
                Constraint::ForeignKey(key) => key.not_valid = false,
                Constraint::Check(check) => check.not_valid = false,
                _ => {}
            }
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        let own = self.schema.as_ref();
        touch.on(own, &self.table);
        touch.constraint_name(own, &self.table, &self.name);
        touch.read(ObjectClass::Rows, own, &self.table, None);
    }

    fn summary(&self) -> String {
        on(&self.name, self.schema.as_ref(), &self.table)
    }
}
