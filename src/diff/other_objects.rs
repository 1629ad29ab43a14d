//! The changes of what stands beside tables: enums, domains, routines, schemas, row security.

use serde_json::Value;

use crate::model::operation::{
    AddEnumValue, AlterDomain, Check, CommentObject, CreateFunction, CreateProcedure,
    CreateRoutine, DefaultValue, DomainBefore, DomainDefinition, DropEnumValue, EnumPlace,
    RoutineDefinition, RowSecurity, SchemaDefinition, SetComment,
};
use crate::model::{Definition, ObjectKey, ObjectKind, Operation};

use super::objects::{self, reversible};
use super::planner::Planner;

impl Planner<'_> {
    /// Drops values and adds others; those that stay have to stay in their order.
    pub(super) fn alter_enum(&mut self, key: &ObjectKey, before: &[String], after: &[String]) {
        let kept: Vec<&String> = before.iter().filter(|value| after.contains(value)).collect();
        let others: Vec<&String> = after.iter().filter(|value| before.contains(value)).collect();
        if kept != others {
            let words = |values: &[String]| values.join(", ");
            return self.skipped(
                key,
                format!(
                    "the order of its values differs: {}, and should be {}",
                    words(before),
                    words(after)
                ),
                "create a new type in SQL and convert the columns, or keep the order in the models",
            );
        }
        if self.grown.contains(key) {
            return;
        }
        if self.actions.recreated_enums.contains(key) {
            return self.recreate_enum(key, before, after);
        }
        let mut values = before.to_vec();
        for value in before.iter().filter(|value| !after.contains(value)) {
            let Some(at) = values.iter().position(|one| one == value) else { continue };
            let was = match values.get(at + 1) {
                Some(next) => EnumPlace { before: Some(next.clone()), after: None },
                None => EnumPlace { before: None, after: None },
            };
            values.remove(at);
            let drop = Operation::DropEnumValue(DropEnumValue {
                schema: key.name.schema.clone(),
                name: key.name.name.clone(),
                value: value.clone(),
                replace_by: None,
                was: Some(was),
            });
            let destroys = format!("{value} of {}, where no row has it", key.name);
            self.push(key, reversible(drop), Some(destroys));
        }
        self.add_values(key, values, after);
    }

    /// Adds the values that an enum lacks.
    pub(super) fn add_values(
        &mut self,
        key: &ObjectKey,
        mut values: Vec<String>,
        after: &[String],
    ) {
        for (at, value) in after.iter().enumerate() {
            if values.contains(value) {
                continue;
            }
            let next = after[at + 1..].iter().find(|next| values.contains(next));
            values.insert(at.min(values.len()), value.clone());
            self.change(
                key,
                Operation::AddEnumValue(AddEnumValue {
                    schema: key.name.schema.clone(),
                    name: key.name.name.clone(),
                    value: value.clone(),
                    place: EnumPlace { before: next.cloned(), after: None },
                    if_not_exists: false,
                }),
            );
        }
    }

    pub(super) fn alter_domain(
        &mut self,
        key: &ObjectKey,
        before: &DomainDefinition,
        after: &DomainDefinition,
    ) {
        let nothing = AlterDomain {
            schema: key.name.schema.clone(),
            name: key.name.name.clone(),
            ..AlterDomain::default()
        };
        let same = self.same;
        let before = &self.left_of_domain(key, before);
        let gone = before
            .checks
            .iter()
            .filter(|one| !after.checks.iter().any(|other| same.domain_check(one, other)));
        for check in gone {
            self.drop_domain_check(key, check);
        }
        let mut alter = nothing.clone();
        if before.nullable.unwrap_or(true) != after.nullable.unwrap_or(true) {
            alter.nullable = Some(after.nullable.unwrap_or(true));
        }
        if !same.default(before.default.as_ref(), after.default.as_ref()) {
            let null = || Some(DefaultValue::Literal(Value::Null));
            alter.default = after.default.clone().or_else(null);
            let default = before.default.clone().or_else(null);
            alter.was = Some(DomainBefore { default, ..Default::default() });
        }
        if alter != nothing {
            self.change(key, Operation::AlterDomain(alter));
        }
        let new = after
            .checks
            .iter()
            .filter(|one| !before.checks.iter().any(|other| same.domain_check(one, other)));
        for check in new {
            self.add_check(key, check.clone());
        }
    }

    /// Drops a check of a domain.
    pub(super) fn drop_domain_check(&mut self, key: &ObjectKey, check: &Check) {
        if let Some(name) = &check.name {
            self.remade.insert((key.name.clone(), name.clone()));
        }
        self.change(
            key,
            Operation::AlterDomain(AlterDomain {
                schema: key.name.schema.clone(),
                name: key.name.name.clone(),
                drop_check: check.name.clone(),
                was: Some(DomainBefore { check: Some(check.clone()), ..Default::default() }),
                ..AlterDomain::default()
            }),
        );
    }

    /// Adds a check to a domain.
    pub(super) fn add_check(&mut self, key: &ObjectKey, check: Check) {
        self.change(
            key,
            Operation::AlterDomain(AlterDomain {
                schema: key.name.schema.clone(),
                name: key.name.name.clone(),
                add_check: Some(check),
                ..AlterDomain::default()
            }),
        );
    }

    pub(super) fn alter_routine(
        &mut self,
        key: &ObjectKey,
        before: &RoutineDefinition,
        after: &RoutineDefinition,
    ) {
        let on = match key.kind {
            ObjectKind::Procedure => CommentObject::Procedure,
            _ => CommentObject::Function,
        };
        let replace = CreateRoutine {
            schema: key.name.schema.clone(),
            name: key.name.name.clone(),
            or_replace: true,
            if_not_exists: false,
            definition: self.moving.routine(after, self.options.dialect),
            was: Some(self.moving.routine(before, self.options.dialect)),
        };
        let replace = match key.kind {
            ObjectKind::Procedure => Operation::CreateProcedure(CreateProcedure(replace)),
            _ => Operation::CreateFunction(CreateFunction(replace)),
        };
        // A server that replaces no routine does not take the comment away from one either.
        let takes_none = before.comment.is_some() && after.comment.is_some() || self.can(&replace);
        if self.same.routine(before, after) && takes_none {
            let name = match &key.of {
                Some(arguments) => format!("{}({arguments})", key.name.name),
                None => key.name.name.clone(),
            };
            let comment = Operation::Comment(SetComment {
                on,
                schema: key.name.schema.clone(),
                table: None,
                name,
                comment: after.comment.clone(),
                was: Some(before.comment.clone()),
            });
            if self.can(&comment) {
                return self.change(key, comment);
            }
        }
        if self.can(&replace) {
            return self.change(key, replace);
        }
        let dialect = self.options.dialect;
        let define = |definition: &RoutineDefinition| match key.kind {
            ObjectKind::Procedure => Definition::Procedure(definition.clone()),
            _ => Definition::Function(definition.clone()),
        };
        self.push(key, objects::drop(dialect, key, &define(before)), None);
        self.push(key, objects::make(dialect, key, &define(after)), None);
    }

    pub(super) fn alter_schema(
        &mut self,
        key: &ObjectKey,
        before: &SchemaDefinition,
        after: &SchemaDefinition,
    ) {
        if before.comment != after.comment {
            self.change(
                key,
                Operation::Comment(SetComment {
                    on: CommentObject::Schema,
                    schema: None,
                    table: None,
                    name: key.name.name.clone(),
                    comment: after.comment.clone(),
                    was: Some(before.comment.clone()),
                }),
            );
        }
        let rest = |schema: &SchemaDefinition| SchemaDefinition { comment: None, ..schema.clone() };
        if rest(before) != rest(after) {
            self.skipped(
                key,
                "its owner, character set or collation differs",
                "change it in SQL: no operation supports it",
            );
        }
    }

    pub(super) fn alter_row_security(
        &mut self,
        key: &ObjectKey,
        before: (bool, bool),
        after: (bool, bool),
    ) {
        self.change(
            key,
            Operation::RowSecurity(RowSecurity {
                schema: key.name.schema.clone(),
                table: key.name.name.clone(),
                enabled: (before.0 != after.0).then_some(after.0),
                forced: (before.1 != after.1).then_some(after.1),
            }),
        );
    }
}
