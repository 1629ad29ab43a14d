//! Enums, and types that are renamed.

use super::{Change, SchemaMismatch};
use crate::model::Name;
use crate::model::operation::{
    AddEnumValue, CreateEnum, DropEnum, DropEnumValue, RenameEnumValue, RenameType, parts,
};

impl Change<'_> {
    pub(super) fn create_enum(&mut self, create: &CreateEnum) -> Result<(), SchemaMismatch> {
        let twice =
            (1..create.values.len()).find(|&at| create.values[..at].contains(&create.values[at]));
        if let Some(at) = twice {
            let message = format!("the value {} is listed twice", create.values[at]);
            return Err(self.mismatch(&format!("values.{at}"), message, ""));
        }
        let name = self.schema.name(create.schema.as_deref(), &create.name);
        if self.schema.enums.contains_key(&name) {
            let message = format!("there is an enum {name} already");
            return Err(self.mismatch("name", message, "choose another name"));
        }
        self.is_free("name", &name)?;
        self.comes(&name);
        self.schema.enums.insert(name, create.values.clone());
        Ok(())
    }

    pub(super) fn drop_enum(&mut self, drop: &DropEnum) -> Result<(), SchemaMismatch> {
        let name = self.schema.name(drop.schema.as_deref(), &drop.name);
        match self.find_enum(&name) {
            Err(_) if drop.if_exists => return Ok(()),
            found => found?,
        };
        self.schema.enums.remove(&name);
        self.schema.gone.insert(name, "dropped".to_owned());
        Ok(())
    }

    pub(super) fn add_enum_value(&mut self, add: &AddEnumValue) -> Result<(), SchemaMismatch> {
        if add.before.is_some() && add.after.is_some() {
            return Err(self.mismatch(
                "after",
                "a value is placed either before or after another",
                "",
            ));
        }
        let name = self.schema.name(add.schema.as_deref(), &add.name);
        let Some(values) = self.find_enum(&name)? else { return Ok(()) };
        if values.contains(&add.value) {
            if add.if_not_exists {
                return Ok(());
            }
            let message = format!("{name} has a value {} already", add.value);
            return Err(self.mismatch("value", message, ""));
        }
        let place = |value: &String, part: &str| {
            let at = values.iter().position(|known| known == value);
            at.ok_or_else(|| self.no_value(part, &name, value))
        };
        let at = match (&add.before, &add.after) {
            (Some(before), _) => place(before, "before")?,
            (None, Some(after)) => place(after, "after")? + 1,
            (None, None) => values.len(),
        };
        self.values(&name, |values| values.insert(at, add.value.clone()));
        Ok(())
    }

    pub(super) fn rename_enum_value(
        &mut self,
        rename: &RenameEnumValue,
    ) -> Result<(), SchemaMismatch> {
        let name = self.schema.name(rename.schema.as_deref(), &rename.name);
        let Some(values) = self.find_enum(&name)? else { return Ok(()) };
        let Some(at) = values.iter().position(|value| *value == rename.value) else {
            return Err(self.no_value("value", &name, &rename.value));
        };
        if values.contains(&rename.to) {
            let message = format!("{name} has a value {} already", rename.to);
            return Err(self.mismatch("to", message, ""));
        }
        self.values(&name, |values| values[at].clone_from(&rename.to));
        Ok(())
    }

    pub(super) fn drop_enum_value(&mut self, drop: &DropEnumValue) -> Result<(), SchemaMismatch> {
        let name = self.schema.name(drop.schema.as_deref(), &drop.name);
        let Some(values) = self.find_enum(&name)? else { return Ok(()) };
        let Some(at) = values.iter().position(|value| *value == drop.value) else {
            return Err(self.no_value("value", &name, &drop.value));
        };
        let replaced = drop.replace_by.as_ref();
        if let Some(by) = replaced.filter(|by| **by == drop.value || !values.contains(by)) {
            return Err(self.no_value("replace_by", &name, by));
        }
        self.values(&name, |values| {
            values.remove(at);
        });
        Ok(())
    }

    pub(super) fn rename_type(&mut self, rename: &RenameType) -> Result<(), SchemaMismatch> {
        let from = self.schema.name(rename.schema.as_deref(), &rename.name);
        let to = Name { schema: from.schema.clone(), name: rename.to.clone() };
        let values = self.find_enum(&from)?.map(<[String]>::to_vec);
        if self.schema.enums.contains_key(&to) {
            let message = format!("there is an enum {to} already");
            return Err(self.mismatch("to", message, "choose another name"));
        }
        self.is_free("to", &to)?;
        self.comes(&to);
        let dialect = self.dialect;
        for table in self.schema.tables.values_mut() {
            for column in &mut table.definition.columns {
                parts::rename_in(dialect, &mut column.type_, &from.name, &to.name);
            }
        }
        self.schema.enums.remove(&from);
        self.schema.gone.insert(from, format!("renamed to {}", to.name));
        if let Some(values) = values {
            self.schema.enums.insert(to, values);
        }
        Ok(())
    }

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
