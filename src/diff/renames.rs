//! Drops and creations that may be renames. They are shown, never guessed.

use std::collections::BTreeSet;

use crate::model::operation::{Column, TableDefinition};
use crate::model::{Catalog, Definition, Name, ObjectKind};

use super::actions::{Action, Actions};
use super::difference::PossibleRename;
use super::equal::Same;

/// What looks like a rename.
pub(super) fn possible(
    from: &Catalog,
    to: &Catalog,
    actions: &Actions,
    same: Same,
) -> Vec<PossibleRename> {
    let mut found = tables(from, to, actions, same);
    for (key, object) in &from.objects {
        if let (Definition::Table(before), Action::Alter, Some(after)) =
            (&object.definition, actions.get(key), to.table(&key.name))
        {
            found.extend(columns(&key.name, before, after, same));
        }
    }
    found
}

fn tables(from: &Catalog, to: &Catalog, actions: &Actions, same: Same) -> Vec<PossibleRename> {
    let of = |catalog: &Catalog, action: Action| -> Vec<(Name, TableDefinition)> {
        let tables = catalog
            .objects
            .keys()
            .filter(|key| key.kind == ObjectKind::Table && actions.get(key) == action);
        tables
            .filter_map(|key| Some((key.name.clone(), catalog.table(&key.name)?.clone())))
            .collect()
    };
    let new = of(to, Action::Create);
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for (old, before) in of(from, Action::Drop) {
        let best = new
            .iter()
            .filter(|(name, _)| name.schema == old.schema && !taken.contains(name))
            .map(|(name, after)| {
                (shared(&before, after, same), likeness(&old.name, &name.name), name, after)
            })
            .filter(|(shared, ..)| *shared > 0)
            .max_by(|one, other| (one.0, one.1).cmp(&(other.0, other.1)));
        let Some((shared, _, name, after)) = best else { continue };
        let columns = before.columns.len().max(after.columns.len());
        if shared * 2 < columns {
            continue;
        }
        taken.insert(name.clone());
        found.push(PossibleRename {
            argument: format!("table:{old}:{}", name.name),
            evidence: format!("{shared} of {columns} columns are alike"),
        });
    }
    found
}

/// How many columns two tables have in common, name and type.
fn shared(one: &TableDefinition, other: &TableDefinition, same: Same) -> usize {
    let is_there = |column: &&Column| {
        let at = other.column_at(same.0, &column.name);
        at.is_some_and(|at| same.text(&other.columns[at].type_, &column.type_))
    };
    one.columns.iter().filter(is_there).count()
}

fn columns(
    table: &Name,
    before: &TableDefinition,
    after: &TableDefinition,
    same: Same,
) -> Vec<PossibleRename> {
    let gone = before
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| after.column_at(same.0, &column.name).is_none());
    let new: Vec<(usize, &Column)> = after
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| before.column_at(same.0, &column.name).is_none())
        .collect();
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for (place, column) in gone {
        let best = new
            .iter()
            .filter(|(at, other)| !taken.contains(at) && same.text(&column.type_, &other.type_))
            .max_by_key(|(at, other)| (likeness(&column.name, &other.name), *at == place));
        let Some((at, other)) = best else { continue };
        taken.insert(*at);
        let mut evidence = vec!["the same type"];
        if *at == place {
            evidence.push("the same place");
        }
        if likeness(&column.name, &other.name) >= 50 {
            evidence.push("a similar name");
        }
        found.push(PossibleRename {
            argument: format!("column:{table}.{}:{}", column.name, other.name),
            evidence: evidence.join(", "),
        });
    }
    found
}

/// How alike two names are, in percent: the pairs of letters that they share.
fn likeness(one: &str, other: &str) -> usize {
    let pairs = |name: &str| -> Vec<(char, char)> {
        let name: Vec<char> = name.to_lowercase().chars().collect();
        name.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let (one, mut other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    let shared = one.iter().filter(|pair| {
        let at = other.iter().position(|own| own == *pair);
        at.map(|at| other.swap_remove(at)).is_some()
    });
    let shared = shared.count();
    (200 * shared).checked_div(all).unwrap_or(0)
}
