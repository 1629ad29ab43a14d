//! Enum types (PostgreSQL), and types that are renamed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::column::rename_in;
use super::footprint::{ObjectClass, Touch};
use super::reverse::{dropped, is_new};
use super::schema_change::SchemaChange;
use super::summary::{list, of};
use super::validate::Validation;
use super::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Name, Schema};
use crate::text::{Dialect, Effect};

/// Creates an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateEnum {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

impl Rules for CreateEnum {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::DropEnum(DropEnum {
            schema: self.schema.clone(),
            name: self.name.clone(),
            if_exists: false,
            cascade: false,
            was: Some(self.values.clone()),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.distinct_texts("values", &self.values);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let twice = (1..self.values.len()).find(|&at| self.values[..at].contains(&self.values[at]));
        if let Some(at) = twice {
            let message = format!("the value {} is listed twice", self.values[at]);
            return Err(change.mismatch(&format!("values.{at}"), message, ""));
        }
        let name = change.schema.name(self.schema.as_deref(), &self.name);
        if change.schema.enums.contains_key(&name) {
            let message = format!("there is an enum {name} already");
            return Err(change.mismatch("name", message, "choose another name"));
        }
        change.is_free("name", &name)?;
        change.comes(&name);
        change.schema.enums.insert(name, self.values.clone());
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.name, None);
    }

    fn summary(&self) -> String {
        let name = of(self.schema.as_ref(), &self.name);
        format!("{name} ({})", list(&self.values))
    }
}

/// Drops an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropEnum {
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
    /// The values it had, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<Vec<String>>,
}

impl Rules for DropEnum {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        if self.was.is_none() {
            return Err(Irreversible::new(Self::KIND, "it needs `was:` with its values, in order"));
        }
        Ok(vec![Operation::CreateEnum(CreateEnum {
            values: dropped(Self::KIND, "enum", &self.was, self.cascade)?,
            schema: self.schema.clone(),
            name: self.name.clone(),
        })])
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let name = change.schema.name(self.schema.as_deref(), &self.name);
        match change.find_enum(&name) {
            Err(_) if self.if_exists => return Ok(()),
            found => found?,
        };
        change.schema.enums.remove(&name);
        change.schema.gone.insert(name, "dropped".to_owned());
        Ok(())
    }

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

    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, schema: &Schema, _dialect: Dialect) -> Option<String> {
        let known = schema.enums.get(&schema.name(self.schema.as_deref(), &self.name))?;
        (self.was.as_ref()? != known)
            .then(|| format!("the values of {} are {}", self.name, known.join(", ")))
    }
}

/// The position of a value in its enum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnumPlace {
    /// BEFORE: the value that it precedes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// AFTER: the value that it follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl EnumPlace {
    fn validate(&self, check: &mut Validation<'_>) {
        check.at_most_one(&[("before", self.before.is_some()), ("after", self.after.is_some())]);
    }
}

/// Adds a value to an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddEnumValue {
    /// The enum's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// Its position; default: the last.
    #[serde(flatten)]
    pub place: EnumPlace,
    /// IF NOT EXISTS: does nothing when it already exists.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub if_not_exists: bool,
}

impl Rules for AddEnumValue {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        is_new(Self::KIND, self.if_not_exists)?;
        Ok(vec![Operation::DropEnumValue(DropEnumValue {
            schema: self.schema.clone(),
            name: self.name.clone(),
            value: self.value.clone(),
            replace_by: None,
            was: Some(self.place.clone()),
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        self.place.validate(check);
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let EnumPlace { before, after } = &self.place;
        if before.is_some() && after.is_some() {
            return Err(change.mismatch(
                "after",
                "a value is placed either before or after another",
                "",
            ));
        }
        let name = change.schema.name(self.schema.as_deref(), &self.name);
        let Some(values) = change.find_enum(&name)? else { return Ok(()) };
        if values.contains(&self.value) {
            if self.if_not_exists {
                return Ok(());
            }
            let message = format!("{name} has a value {} already", self.value);
            return Err(change.mismatch("value", message, ""));
        }
        let place = |value: &String, part: &str| {
            let at = values.iter().position(|known| known == value);
            at.ok_or_else(|| change.no_value(part, &name, value))
        };
        let at = match (before, after) {
            (Some(before), _) => place(before, "before")?,
            (None, Some(after)) => place(after, "after")? + 1,
            (None, None) => values.len(),
        };
        change.values(&name, |values| values.insert(at, self.value.clone()));
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Widening
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.name, None);
    }

    fn summary(&self) -> String {
        let place = match (&self.place.before, &self.place.after) {
            (Some(before), _) => format!(" before {before}"),
            (None, Some(after)) => format!(" after {after}"),
            (None, None) => String::new(),
        };
        format!("{} to {}{place}", self.value, of(self.schema.as_ref(), &self.name))
    }
}

/// Renames a value of an enum type (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameEnumValue {
    /// The enum's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// Its new name.
    pub to: String,
}

impl Rules for RenameEnumValue {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::RenameEnumValue(RenameEnumValue {
            schema: self.schema.clone(),
            name: self.name.clone(),
            value: self.to.clone(),
            to: self.value.clone(),
        })])
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let name = change.schema.name(self.schema.as_deref(), &self.name);
        let Some(values) = change.find_enum(&name)? else { return Ok(()) };
        let Some(at) = values.iter().position(|value| *value == self.value) else {
            return Err(change.no_value("value", &name, &self.value));
        };
        if values.contains(&self.to) {
            let message = format!("{name} has a value {} already", self.to);
            return Err(change.mismatch("to", message, ""));
        }
        change.values(&name, |values| values[at].clone_from(&self.to));
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.name, None);
    }

    fn summary(&self) -> String {
        let name = of(self.schema.as_ref(), &self.name);
        format!("{} to {} in {name}", self.value, self.to)
    }
}

/// Drops a value of an enum type: recreates the type and converts its columns (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropEnumValue {
    /// The enum's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The enum.
    pub name: String,
    /// The value.
    pub value: String,
    /// The value that replaces it in rows; default: a row with it is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replace_by: Option<String>,
    /// Its position, so that the downgrade can recreate it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<EnumPlace>,
}

impl Rules for DropEnumValue {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let Some(place) = &self.was else {
            let reason = "it needs `was:` with where the value stood: `before` or `after` another, `{}` for the \
  last";
            return Err(Irreversible::new(Self::KIND, reason));
        };
        Ok(vec![Operation::AddEnumValue(AddEnumValue {
            schema: self.schema.clone(),
            name: self.name.clone(),
            value: self.value.clone(),
            place: place.clone(),
            if_not_exists: false,
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        if let Some(was) = &self.was {
            check.part("was", "was", |check| was.validate(check));
        }
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let name = change.schema.name(self.schema.as_deref(), &self.name);
        let Some(values) = change.find_enum(&name)? else { return Ok(()) };
        let Some(at) = values.iter().position(|value| *value == self.value) else {
            return Err(change.no_value("value", &name, &self.value));
        };
        let replaced = self.replace_by.as_ref();
        if let Some(by) = replaced.filter(|by| **by == self.value || !values.contains(by)) {
            return Err(change.no_value("replace_by", &name, by));
        }
        change.values(&name, |values| {
            values.remove(at);
        });
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Destructive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.name, None);
        // Columns of it are converted, in whatever table.
        touch.opaque_if(true);
    }

    fn summary(&self) -> String {
        let by = self.replace_by.as_ref();
        let by = by.map(|by| format!(", rows take {by}")).unwrap_or_default();
        format!("{} from {}{by}", self.value, of(self.schema.as_ref(), &self.name))
    }

    fn has_was(&self) -> bool {
        self.was.is_some()
    }

    fn check_was(&self, schema: &Schema, _dialect: Dialect) -> Option<String> {
        let place = self.was.as_ref()?;
        if place.before.is_some() && place.after.is_some() {
            return Some("a value was placed either before or after another".to_owned());
        }
        let known = schema.enums.get(&schema.name(self.schema.as_deref(), &self.name))?;
        let at = known.iter().position(|value| *value == self.value)?;
        let (before, after) = (known.get(at + 1), at.checked_sub(1).map(|at| &known[at]));
        let right = match (&place.before, &place.after) {
            (None, None) => before.is_none(),
            (Some(_), _) => place.before.as_ref() == before,
            (None, Some(_)) => place.after.as_ref() == after,
        };
        (!right).then(|| format!("the values of {} are {}", self.name, known.join(", ")))
    }
}

/// Renames an enum or a domain (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameType {
    /// Its schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// Its new name.
    pub to: String,
}

impl Rules for RenameType {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        Ok(vec![Operation::RenameType(RenameType {
            schema: self.schema.clone(),
            name: self.to.clone(),
            to: self.name.clone(),
        })])
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        let from = change.schema.name(self.schema.as_deref(), &self.name);
        let to = Name { schema: from.schema.clone(), name: self.to.clone() };
        let values = change.find_enum(&from)?.map(<[String]>::to_vec);
        if change.schema.enums.contains_key(&to) {
            let message = format!("there is an enum {to} already");
            return Err(change.mismatch("to", message, "choose another name"));
        }
        change.is_free("to", &to)?;
        change.comes(&to);
        let dialect = change.dialect;
        for table in change.schema.tables.values_mut() {
            for column in &mut table.definition.columns {
                rename_in(dialect, &mut column.type_, &from.name, &to.name);
            }
        }
        change.schema.enums.remove(&from);
        change.schema.gone.insert(from, format!("renamed to {}", to.name));
        if let Some(values) = values {
            change.schema.enums.insert(to, values);
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        Effect::Additive
    }

    fn touch(&self, touch: &mut Touch) {
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.name, None);
        touch.write(ObjectClass::Type, self.schema.as_ref(), &self.to, None);
    }

    fn summary(&self) -> String {
        format!("{} to {}", of(self.schema.as_ref(), &self.name), self.to)
    }
}

impl SchemaChange<'_> {
    /// The values of an enum; `None`: it is not known.
    fn find_enum(&self, name: &Name) -> Result<Option<&[String]>, SchemaMismatch> {
        match (self.schema.enums.get(name), self.gone(name)) {
            (Some(values), _) => Ok(Some(values)),
            (None, Some(how)) => {
                let message = format!("{name} no longer exists: it was {how}");
                Err(self.mismatch("name", message, "check the operations before it"))
            }
            (None, None) => Ok(None),
        }
    }

    fn values(&mut self, name: &Name, change: impl FnOnce(&mut Vec<String>)) {
        if let Some(values) = self.schema.enums.get_mut(name) {
            change(values);
        }
    }

    fn no_value(&self, part: &str, name: &Name, value: &str) -> SchemaMismatch {
        let known = self.schema.enums.get(name).map(|values| values.join(", "));
        let hint = known.map(|known| format!("its values are {known}")).unwrap_or_default();
        self.mismatch(part, format!("{name} has no value {value}"), &hint)
    }
}
