//! Bodies of routines that name what comes, changes or goes beside them: in which order all that happens is
//! not theirs to say, so they are not checked when they are created.

use std::collections::BTreeSet;

use crate::model::operation::{
    CreateFunction, CreateProcedure, DropFunction, DropProcedure, RoutineDefinition,
};
use crate::model::{Catalog, Definition, ObjectKey, ObjectKind, Operation};
use crate::sql;
use crate::text::{self, Dialect};

use super::actions::{Action, Actions};
use super::difference::Difference;

/// Says of all routines of a difference that their bodies are not checked: what they name has other names on
/// the way down.
pub fn leave_bodies_unchecked(difference: &mut Difference, dialect: Dialect) {
    let leave = |routine: &mut RoutineDefinition| {
        if sql::diff_rules(dialect).body_can_wait(routine) {
            routine.check_body = Some(false);
        }
    };
    for change in &mut difference.changes {
        for operation in std::iter::once(&mut change.operation).chain(&mut change.reverse) {
            let (create, was) = match operation {
                Operation::CreateFunction(CreateFunction(create))
                | Operation::CreateProcedure(CreateProcedure(create)) => {
                    (Some(&mut create.definition), create.was.as_mut())
                }
                Operation::DropFunction(DropFunction(drop))
                | Operation::DropProcedure(DropProcedure(drop)) => (None, drop.was.as_mut()),
                _ => continue,
            };
            create.into_iter().chain(was).for_each(leave);
        }
    }
}

/// The names that a body may find missing.
#[derive(Debug, Default)]
pub(super) struct Moving(BTreeSet<String>);

impl Moving {
    /// The names of what differs, and of what stands in a schema that a body may not name.
    pub(super) fn of(from: &Catalog, to: &Catalog, actions: &Actions) -> Self {
        let is_named = |key: &&ObjectKey| {
            !matches!(key.kind, ObjectKind::Comment | ObjectKind::RowSecurity | ObjectKind::Policy)
        };
        let keys = from.objects.keys().chain(to.objects.keys()).filter(is_named);
        let moving =
            keys.filter(|key| actions.get(key) != Action::Keep || key.name.schema.is_some());
        Moving(moving.map(|key| key.name.name.clone()).collect())
    }

    /// A definition, of which the body is not checked where it may find something missing.
    pub(super) fn definition(&self, definition: &Definition, dialect: Dialect) -> Definition {
        match definition {
            Definition::Function(routine) => Definition::Function(self.routine(routine, dialect)),
            Definition::Procedure(routine) => Definition::Procedure(self.routine(routine, dialect)),
            definition => definition.clone(),
        }
    }

    /// The same of a routine.
    pub(super) fn routine(
        &self,
        routine: &RoutineDefinition,
        dialect: Dialect,
    ) -> RoutineDefinition {
        if !sql::diff_rules(dialect).body_can_wait(routine) {
            return routine.clone();
        }
        let texts = [Some(&routine.body), routine.arguments.as_ref(), routine.returns.as_ref()];
        let texts = texts.into_iter().flatten().filter_map(|text| text.get(dialect));
        let mut names = texts.flat_map(|text| text::names_in(dialect, text));
        let sets_path = |attribute: &String| attribute.starts_with("set search_path");
        if names.any(|name| self.0.contains(&name)) || routine.attributes.iter().any(sets_path) {
            return RoutineDefinition { check_body: Some(false), ..routine.clone() };
        }
        routine.clone()
    }
}
