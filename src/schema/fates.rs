//! What becomes of each object: it stays, is made, dropped, changed, or made again because what it
//! stands on changes under it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{Column, TableDefinition};
use crate::model::{Catalog, Definition, Name, ObjectKey, ObjectKind};

use super::equal::Same;

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing.
    Keep,
    /// It is new.
    Make,
    /// It goes.
    Drop,
    /// It is changed in place.
    Alter,
    /// It is dropped and made anew.
    Again,
}

/// What becomes of all objects.
#[derive(Debug, Default)]
pub(super) struct Fates {
    all: BTreeMap<ObjectKey, Fate>,
    /// The columns of tables that stay, of which the type changes or which go.
    pub touched: BTreeMap<Name, BTreeSet<String>>,
}

impl Fates {
    pub(super) fn of(from: &Catalog, to: &Catalog, same: Same) -> Self {
        let mut fates = Fates::default();
        for (key, object) in &from.objects {
            let fate = match to.objects.get(key) {
                None => Fate::Drop,
                Some(other) => fate(&object.definition, &other.definition, same),
            };
            fates.all.insert(key.clone(), fate);
        }
        for key in to.objects.keys().filter(|key| !from.objects.contains_key(key)) {
            fates.all.insert(key.clone(), Fate::Make);
        }
        fates.touch(from, to, same);
        fates.spread(from, to);
        fates
    }

    /// What becomes of one.
    pub(super) fn get(&self, key: &ObjectKey) -> Fate {
        self.all.get(key).copied().unwrap_or(Fate::Keep)
    }

    /// Notes the columns under which others cannot stand while they change.
    fn touch(&mut self, from: &Catalog, to: &Catalog, same: Same) {
        let shrunk: Vec<&Name> = from
            .objects
            .iter()
            .filter(|(key, _)| self.get(key) == Fate::Alter)
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
            let mut touched = BTreeSet::new();
            if self.get(key) == Fate::Alter
                && let Some(other) = to.table(&key.name)
            {
                touched.extend(
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
            touched
                .extend(table.columns.iter().filter(of_shrunk).map(|column| column.name.clone()));
            if !touched.is_empty() {
                self.touched.insert(key.name.clone(), touched);
            }
        }
    }

    /// Makes again what stands on something that goes or changes under it, as far as it goes.
    fn spread(&mut self, from: &Catalog, to: &Catalog) {
        loop {
            let more: Vec<ObjectKey> = from
                .objects
                .iter()
                .filter(|(key, _)| {
                    can_be_made_again(key)
                        && matches!(self.get(key), Fate::Keep | Fate::Alter)
                        && to.objects.contains_key(*key)
                })
                .filter(|(_, object)| {
                    object.needs.iter().any(|(need, columns)| self.gives_way(need, columns))
                })
                .map(|(key, _)| key.clone())
                .collect();
            if more.is_empty() {
                return;
            }
            self.all.extend(more.into_iter().map(|key| (key, Fate::Again)));
        }
    }

    /// Whether what is needed, or a column of it, goes or changes.
    fn gives_way(&self, need: &ObjectKey, columns: &BTreeSet<String>) -> bool {
        match self.get(need) {
            Fate::Drop | Fate::Again => true,
            Fate::Keep | Fate::Alter | Fate::Make => {
                need.kind == ObjectKind::Table
                    && self
                        .touched
                        .get(&need.name)
                        .is_some_and(|touched| !touched.is_disjoint(columns))
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

pub(super) fn fate(one: &Definition, other: &Definition, same: Same) -> Fate {
    if same.definition(one, other) {
        return Fate::Keep;
    }
    match (one, other) {
        (Definition::Function(one), Definition::Function(other))
        | (Definition::Procedure(one), Definition::Procedure(other)) => {
            if same.signature(one, other) { Fate::Alter } else { Fate::Again }
        }
        (Definition::Domain(one), Definition::Domain(other)) => {
            if same.domain_type(one, other) {
                Fate::Alter
            } else {
                Fate::Again
            }
        }
        (
            Definition::View(_)
            | Definition::MaterializedView(_)
            | Definition::Trigger(_)
            | Definition::Policy(_)
            | Definition::Sql { .. },
            _,
        ) => Fate::Again,
        _ => Fate::Alter,
    }
}

/// Whether a column goes, or is another afterwards for what stands on it.
fn is_touched(column: &Column, to: &TableDefinition, same: Same) -> bool {
    let Some(at) = to.column_at(same.0, &column.name) else { return true };
    let other = &to.columns[at];
    !same.text(&column.type_, &other.type_)
        || !same.given(column.collation.as_ref(), other.collation.as_ref())
        || column.charset != other.charset
        || super::column::is_made_again(column, other, same)
}
