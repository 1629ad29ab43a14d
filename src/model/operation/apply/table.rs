//! Tables made, dropped and renamed.

use super::{Change, SchemaMismatch};
use crate::model::operation::{Constraint, CreateTable, DropTable, RenameTable};
use crate::model::{Name, Table};
use crate::text;

impl Change<'_> {
    pub(super) fn create_table(&mut self, create: &CreateTable) -> Result<(), SchemaMismatch> {
        self.check_definition(&create.definition, create.schema.as_ref(), &create.name)?;
        let own = create.schema.as_deref();
        let name = self.schema.name(own, &create.name);
        let there = self.schema.table(self.dialect, own, &name.name).is_some();
        if create.if_not_exists && there {
            return Ok(());
        }
        self.is_free("name", &name)?;
        let certain = !create.if_not_exists || self.schema.complete || self.gone(&name).is_some();
        self.comes(&name);
        if certain {
            let table = Table { definition: create.definition.clone(), sql: None, sequence: None };
            self.schema.tables.insert(name, table);
        }
        Ok(())
    }

    pub(super) fn drop_table(&mut self, drop: &DropTable) -> Result<(), SchemaMismatch> {
        let own = drop.schema.as_ref();
        let known = match self.find("name", own, &drop.name) {
            Err(_) if drop.if_exists => return Ok(()),
            known => known?,
        };
        let name = known.unwrap_or_else(|| self.schema.name(own.map(String::as_str), &drop.name));
        self.schema.tables.remove(&name);
        self.drop_triggers_of(&name);
        if drop.cascade {
            self.drop_references_to(&name);
            self.drop_views_on(&name);
        }
        self.schema.gone.insert(name, "dropped".to_owned());
        Ok(())
    }

    pub(super) fn rename_table(&mut self, rename: &RenameTable) -> Result<(), SchemaMismatch> {
        let own = rename.schema.as_ref();
        let known = self.find("name", own, &rename.name)?;
        let from = known.unwrap_or_else(|| self.schema.name(own.map(String::as_str), &rename.name));
        let to = Name { schema: from.schema.clone(), name: rename.to.clone() };
        // Another spelling of the same name is free to take.
        if !to.is(self.dialect, &from) {
            self.is_free("to", &to)?;
        }
        self.comes(&to);
        self.reword(&from.name);
        let dialect = self.dialect;
        let session = self.schema.own.clone();
        for (holder, table) in &mut self.schema.tables {
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
        for trigger in &mut self.schema.triggers {
            if trigger.table.as_ref().is_some_and(|table| table.is(dialect, &from)) {
                trigger.table = Some(to.clone());
                trigger.sql = None;
            }
        }
        let table = self.schema.tables.remove(&from);
        if from != to {
            self.schema.gone.insert(from, format!("renamed to {}", to.name));
        }
        if let Some(table) = table {
            self.schema.tables.insert(to, table);
        }
        Ok(())
    }

    pub(super) fn drop_schema(&mut self, schema: &str) {
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

    pub(super) fn drop_triggers_of(&mut self, table: &Name) {
        let dialect = self.dialect;
        let is_of = |of: &Name| of.is(dialect, table);
        self.schema.triggers.retain(|trigger| !trigger.table.as_ref().is_some_and(is_of));
    }

    /// The foreign keys that a CASCADE takes along.
    fn drop_references_to(&mut self, gone: &Name) {
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

    /// The views that a CASCADE takes along: those that name it, and those of which nothing is known.
    pub(super) fn drop_views_on(&mut self, gone: &Name) {
        let dialect = self.dialect;
        self.schema.views.retain(|view| {
            view.sql.as_ref().is_some_and(|sql| {
                let names = text::names_in(dialect, sql);
                !names.iter().any(|name| text::same_object(dialect, name, &gone.name))
            })
        });
    }
}
