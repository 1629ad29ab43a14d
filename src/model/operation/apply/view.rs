//! Views and triggers.

use super::{Change, SchemaMismatch};
use crate::model::StoredDdl;
use crate::model::operation::{CreateTrigger, DropTrigger};

impl Change<'_> {
    pub(super) fn create_view(
        &mut self,
        own: Option<&String>,
        view: &str,
        or_replace: bool,
        if_not_exists: bool,
    ) -> Result<(), SchemaMismatch> {
        let name = self.schema.name(own.map(String::as_str), view);
        let dialect = self.dialect;
        let there = self.schema.views.iter_mut().find(|known| known.name.is(dialect, &name));
        match there {
            Some(view) if or_replace => view.sql = None,
            Some(_) if if_not_exists => {}
            _ => {
                self.is_free("name", &name)?;
                self.comes(&name);
                self.schema.views.push(StoredDdl { name, table: None, sql: None });
            }
        }
        Ok(())
    }

    pub(super) fn drop_view(
        &mut self,
        own: Option<&String>,
        view: &str,
        if_exists: bool,
        cascade: bool,
    ) -> Result<(), SchemaMismatch> {
        let own = own.map(String::as_str);
        let name = self.schema.name(own, view);
        if !if_exists {
            if let Some(how) = self.gone(&name) {
                let message = format!("{name} no longer exists: it was {how}");
                return Err(self.mismatch("name", message, "check the operations before it"));
            }
            if self.schema.table(self.dialect, own, view).is_some() {
                return Err(self.mismatch("name", format!("{name} is a table, not a view"), ""));
            }
        }
        let dialect = self.dialect;
        self.schema.views.retain(|known| !known.name.is(dialect, &name));
        self.drop_triggers_of(&name);
        if cascade {
            self.drop_views_on(&name);
        }
        self.schema.gone.insert(name, "dropped".to_owned());
        Ok(())
    }

    pub(super) fn create_trigger(&mut self, create: &CreateTrigger) -> Result<(), SchemaMismatch> {
        let own = create.schema.as_ref();
        self.is_there("table", own, &create.table)?;
        let table = self.schema.name(own.map(String::as_str), &create.table);
        let at = self.trigger(own, &create.table, &create.name);
        match at {
            Some(at) if create.or_replace => self.schema.triggers[at].sql = None,
            Some(_) if create.if_not_exists => {}
            Some(_) => {
                let message = format!("{table} has a trigger {} already", create.name);
                return Err(self.mismatch(
                    "name",
                    message,
                    "drop it first, or choose another name",
                ));
            }
            None => {
                let name = self.schema.name(own.map(String::as_str), &create.name);
                self.schema.triggers.push(StoredDdl { name, table: Some(table), sql: None });
            }
        }
        Ok(())
    }

    pub(super) fn drop_trigger(&mut self, drop: &DropTrigger) -> Result<(), SchemaMismatch> {
        let own = drop.schema.as_ref();
        if !drop.if_exists {
            self.is_there("table", own, &drop.table)?;
        }
        if let Some(at) = self.trigger(own, &drop.table, &drop.name) {
            self.schema.triggers.remove(at);
        }
        Ok(())
    }

    fn trigger(&self, own: Option<&String>, table: &str, name: &str) -> Option<usize> {
        let table = self.schema.name(own.map(String::as_str), table);
        self.schema.triggers.iter().position(|trigger| {
            self.same(&trigger.name.name, name)
                && trigger.table.as_ref().is_some_and(|of| of.is(self.dialect, &table))
        })
    }
}
