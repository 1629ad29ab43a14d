//! What becomes of each object: it stays, is made, dropped, changed, or made again because what it
//! stands on changes under it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{Column, TableDefinition};
use crate::model::{Catalog, Definition, Name, ObjectKey, ObjectPart};

use super::composite;
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
    pub all: BTreeMap<ObjectKey, Action>,
    /// The columns of tables that stay, of which the type changes or which go; the attributes of composite
    /// types that go.
    pub changed_columns: BTreeMap<Name, BTreeSet<String>>,
    /// What is dropped before anything is created; all else that is dropped goes when nothing uses it.
    pub early: BTreeSet<ObjectKey>,
    /// Parts of tables and domains that are dropped and created again, since what they depend on is.
    pub parts: BTreeMap<ObjectKey, BTreeSet<ObjectPart>>,
    /// Enums that lose a value, and are recreated while nothing but columns uses them.
    pub recreated_enums: BTreeSet<ObjectKey>,
    /// Columns that hold text while their types are dropped and created again.
    pub through_text: BTreeMap<Name, BTreeSet<String>>,
}

impl Actions {
    pub(super) fn of(from: &Catalog, to: &Catalog, same: Same, recreates_enums: bool) -> Self {
        let mut actions = Actions::default();
        for (key, object) in &from.objects {
            let action = match to.objects.get(key) {
                None => Action::Drop,
                Some(other) => {
                    match composite::change(key, &object.definition, &other.definition) {
                        Some(change) if !same.definition(&object.definition, &other.definition) => {
                            let gone = change.gone().map(|attribute| attribute.name.clone());
                            actions.changed_columns.insert(key.name.clone(), gone.collect());
                            Action::Alter
                        }
                        _ => action(&object.definition, &other.definition, same),
                    }
                }
            };
            actions.all.insert(key.clone(), action);
        }
        for key in to.objects.keys().filter(|key| !from.objects.contains_key(key)) {
            actions.all.insert(key.clone(), Action::Create);
        }
        actions.note_changed_columns(from, to, same);
        super::propagate::propagate(&mut actions, from, to, same, recreates_enums);
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
