//! Enums that only get values: they do so before anything else happens, so that on the way down they lose
//! them last, when all the rest is as it was.

use crate::model::{Definition, ObjectKey, Operation};

use super::actions::Action;
use super::difference::DiffOptions;
use super::planner::Planner;
use super::propagate::is_used_by_columns_alone;

impl Planner<'_> {
    /// Adds the values of enums that lose none.
    pub(super) fn grow_enums(&mut self) {
        let from = self.from;
        for (key, object) in &from.objects {
            let Definition::Enum(before) = &object.definition else { continue };
            let Some(Definition::Enum(after)) = self.to.objects.get(key).map(|one| &one.definition)
            else {
                continue;
            };
            let others = after.iter().filter(|value| before.contains(value));
            if self.actions.get(key) == Action::Alter && others.eq(before) {
                let after = after.clone();
                self.grown.insert(key.clone());
                self.add_values(key, before.clone(), &after);
            }
        }
    }

    /// Where more than columns uses such an enum, or SQL stands between, the way down is planned as one from
    /// the schema with the values to the one without them.
    pub(super) fn shrink_back(&mut self) {
        let (from, same) = (self.from, self.same);
        let is_plain = |key: &ObjectKey| is_used_by_columns_alone(key, from, from, same);
        let changes = &self.difference.changes;
        let has_sql = changes.iter().any(|change| matches!(change.operation, Operation::Sql(_)));
        if self.grown.is_empty() || !has_sql && self.grown.iter().all(is_plain) {
            return;
        }
        let mut grown = from.clone();
        for key in &self.grown {
            let after = self.to.objects.get(key).map(|object| object.definition.clone());
            if let (Some(object), Some(after)) = (grown.objects.get_mut(key), after) {
                object.definition = after;
            }
        }
        let options = DiffOptions { safe: false, ..self.options };
        let back = Planner::recreating_enums(&grown, from, options).difference();
        if !back.skipped.is_empty() {
            return;
        }
        let adds = self.difference.changes.iter_mut().filter(|change| {
            matches!(change.operation, Operation::AddEnumValue(_))
                && self.grown.contains(&change.about)
        });
        let mut adds: Vec<_> = adds.collect();
        for change in &mut adds {
            change.reverse.clear();
        }
        if let Some(last) = adds.last_mut() {
            last.reverse = back.up();
        }
    }
}
