//! Parts of tables and domains that depend on what is recreated: they are dropped before it, and what
//! alters the table or domain afterwards finds them missing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::operation::{
    AlterColumn, AlterDomain, Column, ColumnChange, CreateEnum, DefaultValue, DomainBefore,
    DomainDefinition, DropEnum, RenameType,
};
use crate::model::{
    ByDialect, CatalogObject, Definition, ObjectKey, ObjectKind, ObjectPart, Operation,
};
use crate::sql;
use crate::text;

use super::actions::Action;
use super::objects::reversible;
use super::order::late_default;
use super::planner::Planner;

impl Planner<'_> {
    /// Drops the parts of a table or domain that cannot stay while what they depend on is recreated.
    pub(super) fn set_aside(&mut self, key: &ObjectKey) {
        let from = self.from;
        let parts = self.actions.parts.get(key).cloned().unwrap_or_default();
        if let Some(Definition::Domain(domain)) = from.objects.get(key).map(|one| &one.definition) {
            let left = self.left_of_domain(key, domain);
            return self.alter_domain_to(key, domain, &left);
        }
        let Some(before) = self.working.tables.get(&key.name).map(|table| table.definition.clone())
        else {
            return;
        };
        let column = |name: &String| {
            before.column_at(self.same.0, name).map(|at| before.columns[at].clone())
        };
        let generated: Vec<Column> = parts
            .iter()
            .filter_map(|part| match part {
                ObjectPart::Column(name) => column(name),
                _ => None,
            })
            .collect();
        let through_text = self.actions.through_text.get(&key.name).into_iter().flatten();
        let through_text: Vec<Column> = through_text.filter_map(column).collect();
        let is_part = |part: ObjectPart| parts.contains(&part);
        for constraint in &before.constraints {
            let name = constraint.name().map(str::to_owned);
            if name.is_some_and(|name| is_part(ObjectPart::Constraint(name))) {
                self.drop_constraint(key, constraint);
            }
        }
        for index in &before.indexes {
            let name = index.name.clone();
            if name.is_some_and(|name| is_part(ObjectPart::Index(name))) {
                self.drop_index(key, index);
            }
        }
        for column in generated {
            self.drop_column(key, &column);
        }
        for column in through_text {
            self.hold_as_text(key, &column);
        }
    }

    /// Drops the defaults that cannot stay, before anything else: nothing depends on a default.
    pub(super) fn set_defaults_aside(&mut self) {
        let from = self.from;
        for (key, object) in &from.objects {
            let parts = self.actions.parts.get(key);
            let is_drop = self.actions.get(key) == Action::Drop;
            let goes = |part: &ObjectPart, needs: &BTreeMap<ObjectKey, BTreeSet<String>>| {
                // A function that the default calls, and that uses the table, goes before the table.
                let is_circle = || {
                    needs.keys().any(|need| {
                        let other = from.objects.get(need).filter(|_| need != key);
                        other.is_some_and(|other| other.depends_on.contains_key(key))
                    })
                };
                parts.is_some_and(|parts| parts.contains(part)) || is_drop && is_circle()
            };
            let defaults = object.parts.iter().filter(|(part, needs)| goes(part, needs));
            let columns: Vec<Column> =
                defaults.filter_map(|(part, _)| late_default(object, part).cloned()).collect();
            for column in columns {
                self.set_default(key, &column, None, column.default.clone());
            }
        }
    }

    /// A table without the defaults that call functions which are still to come.
    pub(super) fn put_off_defaults(
        &mut self,
        key: &ObjectKey,
        object: &CatalogObject,
        there: &BTreeSet<&ObjectKey>,
    ) -> CatalogObject {
        let mut object = object.clone();
        let waits = |need: &ObjectKey| need.kind == ObjectKind::Function && !there.contains(need);
        let late: Vec<Column> = object
            .parts
            .iter()
            .filter(|(_, needs)| needs.keys().any(|need| need != key && waits(need)))
            .filter_map(|(part, _)| late_default(&object, part).cloned())
            .collect();
        let Definition::Table(table) = &mut object.definition else { return object };
        for column in late {
            let known = self.working.tables.get(&key.name);
            let before = known.and_then(|known| {
                let at = known.definition.column_at(self.same.0, &column.name)?;
                known.definition.columns[at].default.clone()
            });
            if let Some(own) = table.columns.iter_mut().find(|own| own.name == column.name) {
                own.default.clone_from(&before);
            }
            self.late_defaults.push((key.clone(), column, before));
        }
        object
    }

    /// Sets the defaults for which all functions are there now.
    pub(super) fn set_late_defaults(&mut self) {
        for (key, column, before) in std::mem::take(&mut self.late_defaults) {
            if !self.same.default(before.as_ref(), column.default.as_ref()) {
                self.set_default(&key, &column, column.default.clone(), before);
            }
        }
    }

    fn set_default(
        &mut self,
        key: &ObjectKey,
        column: &Column,
        to: Option<DefaultValue>,
        was: Option<DefaultValue>,
    ) {
        let change = |default: Option<DefaultValue>| ColumnChange {
            default: Some(default.unwrap_or(DefaultValue::Literal(Value::Null))),
            ..ColumnChange::default()
        };
        self.change(key, alter(key, column, change(to), change(was)));
    }

    /// Converts a column to text, so that nothing uses its type or collation.
    fn hold_as_text(&mut self, key: &ObjectKey, column: &Column) {
        let dialect = self.options.dialect;
        let said = |text: &str| ByDialect::Each(vec![(dialect, text.to_owned())]);
        let type_ = column.type_.get(dialect).cloned().unwrap_or_default();
        let diff_rules = sql::diff_rules(dialect);
        let collation = column.collation.as_ref().and(diff_rules.default_collation());
        let mut to = ColumnChange { collation: collation.map(said), ..ColumnChange::default() };
        let mut was =
            ColumnChange { collation: column.collation.clone(), ..ColumnChange::default() };
        // A type of the server's own stays: it is the collation that goes.
        if self.from.objects.keys().any(|key| is_of_type(key, &type_)) {
            to.type_ = Some(said("text"));
            was.type_ = Some(column.type_.clone());
            was.using = diff_rules.conversion("text", &type_, &column.name).as_deref().map(said);
        }
        self.change(key, alter(key, column, to, was));
    }

    /// Gives the columns of a type that hold text their type back.
    pub(super) fn restore_type(&mut self, key: &ObjectKey) {
        let dialect = self.options.dialect;
        let from = self.from;
        for (table, columns) in self.actions.through_text.clone() {
            let Some(before) = from.table(&table) else { continue };
            let of = ObjectKey::new(ObjectKind::Table, table.clone());
            for column in before.columns.iter().filter(|one| columns.contains(&one.name)) {
                let type_ = column.type_.get(dialect).cloned().unwrap_or_default();
                if !is_of_type(key, &type_) {
                    continue;
                }
                let said = |text: &str| ByDialect::Each(vec![(dialect, text.to_owned())]);
                let using = sql::diff_rules(dialect).conversion("text", &type_, &column.name);
                let to = ColumnChange {
                    type_: Some(column.type_.clone()),
                    using: using.as_deref().map(said),
                    ..ColumnChange::default()
                };
                let was = ColumnChange { type_: Some(said("text")), ..ColumnChange::default() };
                self.change(&of, alter(&of, column, to, was));
            }
        }
    }

    /// Whether a column that holds text gets back the type that it had, which takes all values of the old one.
    pub(super) fn comes_back(&self, key: &ObjectKey, after: &Column) -> bool {
        let dialect = self.options.dialect;
        let all = self.actions.through_text.get(&key.name);
        let before = self
            .from
            .table(&key.name)
            .and_then(|table| table.column_at(dialect, &after.name).map(|at| &table.columns[at]));
        let Some(before) = before.filter(|_| all.is_some_and(|all| all.contains(&after.name)))
        else {
            return false;
        };
        let type_ = before.type_.get(dialect).map_or("", String::as_str);
        let mut domains = self.from.objects.iter().filter(|(one, _)| is_of_type(one, type_));
        self.same.text(&before.type_, &after.type_)
            && domains.all(|(one, object)| {
                let after = self.to.objects.get(one).map(|other| &other.definition);
                let (Definition::Domain(before), Some(Definition::Domain(after))) =
                    (&object.definition, after)
                else {
                    return true;
                };
                let said = |domain: &DomainDefinition| {
                    domain.type_.get(dialect).cloned().unwrap_or_default()
                };
                said(before) == said(after) || text::widens(dialect, &said(before), &said(after))
            })
    }

    /// A domain without the parts that are dropped and created again.
    pub(super) fn left_of_domain(
        &self,
        key: &ObjectKey,
        domain: &DomainDefinition,
    ) -> DomainDefinition {
        let mut domain = domain.clone();
        let Some(parts) = self.actions.parts.get(key) else { return domain };
        domain.checks.retain(|check| {
            let name = check.name.clone();
            !name.is_some_and(|name| parts.contains(&ObjectPart::Constraint(name)))
        });
        if parts.contains(&ObjectPart::Type) {
            domain.default = None;
        }
        domain
    }

    /// Drops what a domain has and the other lacks.
    fn alter_domain_to(
        &mut self,
        key: &ObjectKey,
        before: &DomainDefinition,
        left: &DomainDefinition,
    ) {
        for check in before.checks.iter().filter(|check| !left.checks.contains(check)) {
            self.drop_domain_check(key, check);
        }
        if before.default != left.default {
            let was = DomainBefore { default: before.default.clone(), ..Default::default() };
            self.change(
                key,
                Operation::AlterDomain(AlterDomain {
                    schema: key.name.schema.clone(),
                    name: key.name.name.clone(),
                    default: Some(DefaultValue::Literal(Value::Null)),
                    was: Some(was),
                    ..AlterDomain::default()
                }),
            );
        }
    }

    /// Whether a value that an enum gets is used by another change: PostgreSQL takes a new value only
    /// when the transaction that adds it is over.
    pub(super) fn uses_new_value(&self) -> bool {
        let changes = &self.difference.changes;
        changes.iter().enumerate().any(|(at, change)| match &change.operation {
            Operation::AddEnumValue(add) => {
                let others = changes[at + 1..].iter().map(|change| &change.operation);
                uses(others, &add.value)
            }
            _ => false,
        })
    }

    /// Recreates an enum with other values, and converts the columns of it.
    pub(super) fn recreate_enum(&mut self, key: &ObjectKey, before: &[String], after: &[String]) {
        let dialect = self.options.dialect;
        let (schema, name) = (key.name.schema.clone(), key.name.name.clone());
        let old = format!("{}__old", &name[..name.floor_char_boundary(50)]);
        let rename = RenameType { schema: schema.clone(), name: name.clone(), to: old.clone() };
        let create =
            CreateEnum { schema: schema.clone(), name: name.clone(), values: after.to_vec() };
        self.warn_of_rights(key);
        let tables = self.working.tables.clone();
        self.change(key, Operation::RenameType(rename));
        self.change(key, Operation::CreateEnum(create));
        for (table, known) in tables {
            for column in &known.definition.columns {
                let type_ = column.type_.get(dialect).cloned().unwrap_or_default();
                let dimensions = &type_[type_.trim_end_matches("[]").len()..];
                if !is_of_type(key, &type_) {
                    continue;
                }
                let convert = |to: &str| {
                    let of = text::qualified(dialect, schema.as_deref(), to);
                    let column = text::ident(dialect, &column.name);
                    let said = |text: String| Some(ByDialect::Each(vec![(dialect, text)]));
                    ColumnChange {
                        type_: said(format!("{of}{dimensions}")),
                        using: said(format!("{column}::text{dimensions}::{of}{dimensions}")),
                        ..ColumnChange::default()
                    }
                };
                let of = ObjectKey::new(ObjectKind::Table, table.clone());
                self.change(&of, alter(&of, column, convert(&name), convert(&old)));
            }
        }
        let gone: Vec<&str> =
            before.iter().filter(|value| !after.contains(value)).map(String::as_str).collect();
        let destroys = format!("{} of {}, where no row has it", gone.join(", "), key.name);
        let drop = DropEnum {
            schema,
            name: old,
            if_exists: false,
            cascade: false,
            was: Some(before.to_vec()),
        };
        self.push(key, reversible(Operation::DropEnum(drop)), Some(destroys));
        self.recreated.insert(key.clone());
    }
}

/// Whether a column's type is one of a catalog, or an array of it.
fn is_of_type(key: &ObjectKey, type_: &str) -> bool {
    type_.trim_end_matches("[]").replace('"', "") == key.name.to_string()
}

/// Whether operations name a value of an enum.
fn uses<'a>(mut operations: impl Iterator<Item = &'a Operation>, value: &str) -> bool {
    let quoted = format!("'{}'", value.replace('\'', "''"));
    operations.any(|operation| {
        !matches!(operation, Operation::AddEnumValue(_))
            && serde_json::to_string(operation)
                .is_ok_and(|said| said.contains(&quoted) || said.contains(&format!("\"{value}\"")))
    })
}

/// The change of a column that keeps its name.
pub(super) fn alter(
    key: &ObjectKey,
    column: &Column,
    change: ColumnChange,
    was: ColumnChange,
) -> Operation {
    Operation::AlterColumn(AlterColumn {
        schema: key.name.schema.clone(),
        table: key.name.name.clone(),
        column: column.name.clone(),
        rename: None,
        change,
        was: (was != ColumnChange::default()).then_some(was),
    })
}
