//! What becomes of each object: it stays, is made, dropped, changed, or made again because what it
//! stands on changes under it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{Column, TableDefinition};
use crate::model::{Catalog, Definition, Name, ObjectKey, ObjectKind};

use super::equal::Same;

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Nothing.
    Keep,
    /// It is new.
    Create,
    /// It goes.
    Drop,
    /// It is changed in place.
    Alter,
    /// It is dropped and made anew.
    Recreate,
}

/// What becomes of all objects.
#[derive(Debug, Default)]
pub(super) struct Actions {
    all: BTreeMap<ObjectKey, Action>,
    /// The columns of tables that stay, of which the type changes or which go.
    pub changed_columns: BTreeMap<Name, BTreeSet<String>>,
}

impl Actions {
    pub(super) fn of(from: &Catalog, to: &Catalog, same: Same) -> Self {
        let mut actions = Actions::default();
        for (key, object) in &from.objects {
            let action = match to.objects.get(key) {
                None => Action::Drop,
                Some(other) => action(&object.definition, &other.definition, same),
            };
            actions.all.insert(key.clone(), action);
        }
        for key in to.objects.keys().filter(|key| !from.objects.contains_key(key)) {
            actions.all.insert(key.clone(), Action::Create);
        }
        actions.note_changed_columns(from, to, same);
        actions.propagate(from, to);
        actions
    }

    /// What becomes of one.
    pub(super) fn get(&self, key: &ObjectKey) -> Action {
        self.all.get(key).copied().unwrap_or(Action::Keep)
    }

    /// Notes the columns under which others cannot stand while they change.
    fn note_changed_columns(&mut self, from: &Catalog, to: &Catalog, same: Same) {
        let shrunk: Vec<&Name> = from
            .objects
            .iter()
            .filter(|(key, _)| self.get(key) == Action::Alter)
            .filter_map(|(key, object)| {
                let Definition::Enum(values) = &object.definition else { return None };
                let Definition::Enum(others) = &to.objects.get(key)?.definition else {
                    return None;
                };
                values.iter().any(|value| !others.contains(value)).then_some(&key.name)
            })
            .collect();
        for (key, object) in &from.objects {
            let Definition::Table(table) = &object.definition else { continue };
            let mut changed_columns = BTreeSet::new();
            if self.get(key) == Action::Alter
                && let Some(other) = to.table(&key.name)
            {
                changed_columns.extend(
                    table
                        .columns
                        .iter()
                        .filter(|column| is_touched(column, other, same))
                        .map(|column| column.name.clone()),
                );
            }
            // A value is dropped by making the type anew and converting the columns.
            let of_shrunk = |column: &&Column| {
                let type_ = column.type_.get(same.0).map_or("", String::as_str);
                shrunk.iter().any(|name| {
                    let qualified = name.to_string();
                    type_.trim_end_matches("[]").replace('"', "") == qualified
                })
            };
            changed_columns
                .extend(table.columns.iter().filter(of_shrunk).map(|column| column.name.clone()));
            if !changed_columns.is_empty() {
                self.changed_columns.insert(key.name.clone(), changed_columns);
            }
        }
    }

    /// Makes again what stands on something that goes or changes under it, as far as it goes.
    fn propagate(&mut self, from: &Catalog, to: &Catalog) {
        loop {
            let more: Vec<ObjectKey> = from
                .objects
                .iter()
                .filter(|(key, _)| {
                    can_be_made_again(key)
                        && matches!(self.get(key), Action::Keep | Action::Alter)
                        && to.objects.contains_key(*key)
                })
                .filter(|(_, object)| {
                    object.depends_on.iter().any(|(need, columns)| self.gives_way(need, columns))
                })
                .map(|(key, _)| key.clone())
                .collect();
            if more.is_empty() {
                return;
            }
            self.all.extend(more.into_iter().map(|key| (key, Action::Recreate)));
        }
    }

    /// Whether what is needed, or a column of it, goes or changes.
    fn gives_way(&self, need: &ObjectKey, columns: &BTreeSet<String>) -> bool {
        match self.get(need) {
            Action::Drop | Action::Recreate => true,
            Action::Keep | Action::Alter | Action::Create => {
                need.kind == ObjectKind::Table
                    && self
                        .changed_columns
                        .get(&need.name)
                        .is_some_and(|changed_columns| !changed_columns.is_disjoint(columns))
            }
        }
    }
}

/// Whether nothing is lost when it is dropped and made anew.
fn can_be_made_again(key: &ObjectKey) -> bool {
    !key.is_table()
        && matches!(
            key.kind,
            ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Function
                | ObjectKind::Procedure
                | ObjectKind::Trigger
                | ObjectKind::Policy
                | ObjectKind::Comment
                | ObjectKind::Sql
        )
}

pub(super) fn action(one: &Definition, other: &Definition, same: Same) -> Action {
    if same.definition(one, other) {
        return Action::Keep;
    }
    match (one, other) {
        (Definition::Function(one), Definition::Function(other))
        | (Definition::Procedure(one), Definition::Procedure(other)) => {
            if same.signature(one, other) { Action::Alter } else { Action::Recreate }
        }
        (Definition::Domain(one), Definition::Domain(other)) => {
            if same.domain_type(one, other) {
                Action::Alter
            } else {
                Action::Recreate
            }
        }
        (
            Definition::View(_)
            | Definition::MaterializedView(_)
            | Definition::Trigger(_)
            | Definition::Policy(_)
            | Definition::Sql { .. },
            _,
        ) => Action::Recreate,
        _ => Action::Alter,
    }
}

/// Whether a column goes, or is another afterwards for what stands on it.
fn is_touched(column: &Column, to: &TableDefinition, same: Same) -> bool {
    let Some(at) = to.column_at(same.0, &column.name) else { return true };
    let other = &to.columns[at];
    !same.text(&column.type_, &other.type_)
        || !same.given(column.collation.as_ref(), other.collation.as_ref())
        || column.charset != other.charset
        || needs_recreate(column, other, same)
}

/// Whether a column has to be dropped and added: it is to be worked out, or worked out otherwise.
pub(super) fn needs_recreate(before: &Column, after: &Column, same: Same) -> bool {
    // Neither MySQL nor MariaDB makes a column that is worked out when it is read one that holds values.
    let is_filled = crate::text::table_owns_indexes(same.0)
        && before.generated.as_ref().is_some_and(|generated| !generated.stored)
        && after.generated.is_none();
    is_filled
        || after.generated.is_some()
            && (!same.generated(before.generated.as_ref(), after.generated.as_ref())
                || !same.text(&before.type_, &after.type_))
}
