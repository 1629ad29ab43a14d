//! Columns that are counted by a sequence of their own, and are written in one word.
//!
//! A catalog has the sequence and the default beside the column. Where both are just what that word
//! makes, and come or go together with the column, the operations say the word.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{Column, DefaultValue, SequenceOptions, TableDefinition};
use crate::model::{ByDialect, Catalog, CatalogObject, Definition, Name, ObjectKey, ObjectKind};
use crate::sql;
use crate::text::{self, Dialect};

use super::actions::{Action, Actions};

/// The columns that are written in one word, each with that word.
#[derive(Debug, Default)]
struct Words(BTreeMap<(Name, String), String>);

/// The sequences that come and go with their columns.
#[derive(Debug)]
pub(super) struct Serials {
    dialect: Dialect,
    made: Words,
    dropped: Words,
    come: BTreeSet<ObjectKey>,
    go: BTreeSet<ObjectKey>,
}

impl Serials {
    pub(super) fn of(from: &Catalog, to: &Catalog, actions: &Actions, dialect: Dialect) -> Self {
        let mut serials = Serials {
            dialect,
            made: Words::default(),
            dropped: Words::default(),
            come: BTreeSet::new(),
            go: BTreeSet::new(),
        };
        for (key, column, word) in counted(to, dialect) {
            let is_new = from
                .table(&column.0)
                .is_none_or(|table| table.column_at(dialect, &column.1).is_none());
            if is_new && actions.get(&key) == Action::Create {
                serials.come.insert(key);
                serials.made.0.insert(column, word);
            }
        }
        for (key, column, word) in counted(from, dialect) {
            let goes = to
                .table(&column.0)
                .is_none_or(|table| table.column_at(dialect, &column.1).is_none());
            if goes && actions.get(&key) == Action::Drop {
                serials.go.insert(key);
                serials.dropped.0.insert(column, word);
            }
        }
        serials
    }

    /// Whether a sequence is made by making its column.
    pub(super) fn comes_with_column(&self, key: &ObjectKey) -> bool {
        self.come.contains(key)
    }

    /// Whether a sequence is dropped by dropping its column.
    pub(super) fn goes_with_column(&self, key: &ObjectKey) -> bool {
        self.go.contains(key)
    }

    pub(super) fn fold_made(&self, table: &Name, definition: &mut TableDefinition) {
        for column in &mut definition.columns {
            self.fold_column_made(table, column);
        }
    }

    pub(super) fn fold_dropped(&self, table: &Name, definition: &mut TableDefinition) {
        for column in &mut definition.columns {
            self.fold_column_dropped(table, column);
        }
    }

    pub(super) fn fold_column_made(&self, table: &Name, column: &mut Column) {
        fold(&self.made, self.dialect, table, column);
    }

    pub(super) fn fold_column_dropped(&self, table: &Name, column: &mut Column) {
        fold(&self.dropped, self.dialect, table, column);
    }

    /// Whether the type of a column is such a word.
    pub(super) fn is_counted(&self, column: &Column) -> bool {
        let type_ = column.type_.get(self.dialect);
        type_.is_some_and(|type_| self.made.0.values().any(|word| word == type_))
    }
}

fn fold(words: &Words, dialect: Dialect, table: &Name, column: &mut Column) {
    if let Some(word) = words.0.get(&(table.clone(), column.name.clone())) {
        column.type_ = ByDialect::Each(vec![(dialect, word.clone())]);
        column.default = None;
    }
}

/// The sequences that are just what a word makes, each with its column and the word.
fn counted(catalog: &Catalog, dialect: Dialect) -> Vec<(ObjectKey, (Name, String), String)> {
    let mut found = Vec::new();
    let mut users: BTreeMap<&ObjectKey, usize> = BTreeMap::new();
    let others = catalog.objects.iter().filter(|(key, _)| key.kind != ObjectKind::Comment);
    for need in others.flat_map(|(_, object)| object.depends_on.keys()) {
        *users.entry(need).or_default() += 1;
    }
    for (key, object) in &catalog.objects {
        let Definition::Sequence(sequence) = &object.definition else { continue };
        let Some(owner) = &sequence.owned_by else { continue };
        let Some((table, column)) = owner_of(&key.name, owner) else { continue };
        let Some(definition) = catalog.table(&table) else { continue };
        let Some(at) = definition.column_at(dialect, &column) else { continue };
        let of = &definition.columns[at];
        let is_usual = sequence.options == SequenceOptions::default()
            && key.name.name == format!("{}_{column}_seq", table.name)
            && of.nullable == Some(false)
            // What another needs is there before the table.
            && users.get(key).is_none_or(|users| *users < 2);
        let Some(DefaultValue::Sql(default)) = &of.default else { continue };
        let default = default.get(dialect).map_or("", String::as_str);
        let takes_it = text::names_in(dialect, default).contains(&key.name.name);
        let type_ = of.type_.get(dialect).map_or("", String::as_str);
        let word = sql::diff_rules(dialect).serial_type(type_, sequence.type_.as_deref());
        if let (true, true, Some(word)) = (is_usual, takes_it, word) {
            found.push((key.clone(), (table, column), word.to_owned()));
        }
    }
    found
}

/// The table and column of an owner, which stands in the sequence's schema unless it names another.
pub(super) fn owner_of(sequence: &Name, owner: &str) -> Option<(Name, String)> {
    let parts: Vec<&str> = owner.split('.').collect();
    match parts.as_slice() {
        [table, column] => {
            let table = Name { schema: sequence.schema.clone(), name: (*table).to_owned() };
            Some((table, (*column).to_owned()))
        }
        [schema, table, column] => {
            let table = Name { schema: Some((*schema).to_owned()), name: (*table).to_owned() };
            Some((table, (*column).to_owned()))
        }
        _ => None,
    }
}

/// Whether a column is an identity column, and its sequence has the name that the server gives by itself.
pub fn has_identity(catalog: &Catalog, table: &Name, column: &str) -> bool {
    let key = ObjectKey::new(ObjectKind::Table, table.clone());
    let Some(object) = catalog.objects.get(&key) else { return false };
    let Definition::Table(definition) = &object.definition else { return false };
    let is_named = |what: &String| {
        what.starts_with("sequence name ")
            && what.ends_with(&format!(" of identity column {column}"))
    };
    definition.columns.iter().any(|one| one.name == column && one.identity.is_some())
        && !object.unsupported.iter().any(is_named)
}

/// The sequences of a table whose names follow it, with the columns that own them.
pub fn sequences_named_after(catalog: &Catalog, table: &Name) -> Vec<(Name, String)> {
    let named = |(key, object): (&ObjectKey, &CatalogObject)| {
        let Definition::Sequence(sequence) = &object.definition else { return None };
        let (owner, column) = owner_of(&key.name, sequence.owned_by.as_ref()?)?;
        let follows = owner == *table && key.name.name == format!("{}_{column}_seq", table.name);
        follows.then(|| (key.name.clone(), column))
    };
    let owned = catalog.objects.iter().filter_map(named);
    let columns = catalog.table(table).into_iter().flat_map(|definition| &definition.columns);
    let identities = columns.map(|column| &column.name).filter_map(|column| {
        let name = format!("{}_{column}_seq", table.name);
        let follows = name.len() < 64 && has_identity(catalog, table, column);
        follows.then(|| (Name { schema: table.schema.clone(), name }, column.clone()))
    });
    owned.chain(identities).collect()
}
