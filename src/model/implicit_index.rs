//! The index that MySQL and MariaDB make for a foreign key that has none, under the key's name.

use super::operation::{Constraint, Index, IndexColumn, IndexKey, TableDefinition};
use super::{Name, Schema};
use crate::text::{Dialect, same_part, table_owns_indexes};

/// What becomes of the index that the server has made for a foreign key, when the key goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImplicitIndex {
    /// There is none, or it has to stay.
    None,
    /// Nothing else needs it.
    Free,
    /// Another foreign key needs it, and would have given it its name.
    For(String),
}

/// A foreign key's name and columns.
type Key<'t> = (&'t str, Vec<&'t str>);

impl Schema {
    /// The index that a server whose tables own their indexes has made for a foreign key of a table that
    /// is known, and what it is needed for beside.
    pub fn implicit_index(&self, dialect: Dialect, table: &Name, key: &str) -> ImplicitIndex {
        let Some(definition) = self.tables.get(table).map(|table| &table.definition) else {
            return ImplicitIndex::None;
        };
        let same = |one: &str, other: &str| same_part(dialect, one, other);
        let keys = keys_of(definition);
        let Some((_, columns)) = keys.iter().find(|(name, _)| same(name, key)) else {
            return ImplicitIndex::None;
        };
        if !table_owns_indexes(dialect) {
            return ImplicitIndex::None;
        }
        let begins = |columns: &[&str], with: &[&str]| {
            columns.len() >= with.len()
                && columns.iter().zip(with).all(|(one, other)| same(one, other))
        };
        let alike = |one: &[&str], other: &[&str]| one.len() == other.len() && begins(one, other);
        let called = |index: &&Index| {
            !index.unique
                && index.kind.is_none()
                && index.name.as_deref().is_some_and(|name| same(name, key))
        };
        let own = definition.indexes.iter().find(called);
        let others = served_by(definition, own);
        let is_there = match own {
            Some(own) => whole(own).is_some_and(|own| alike(&own, columns)),
            // It is not known of, but is there if no other could serve: by the name of the last key
            // that was made of these columns.
            None => {
                let last = keys.iter().rfind(|(_, other)| alike(other, columns));
                last.is_some_and(|(name, _)| same(name, key))
                    && !others.iter().any(|other| begins(other, columns))
            }
        };
        let needed =
            |by: &[&str]| begins(columns, by) && !others.iter().any(|other| begins(other, by));
        if !is_there {
            return ImplicitIndex::None;
        }
        let other = keys.iter().rfind(|(name, columns)| !same(name, key) && needed(columns));
        if let Some((name, _)) = other {
            return ImplicitIndex::For((*name).to_owned());
        }
        let mut referred = self.tables.values().flat_map(|other| referred_by(&other.definition));
        let is_referred = referred.any(|(name, schema, referred, columns)| {
            self.name(schema, referred).is(dialect, table) && !same(name, key) && needed(&columns)
        });
        if is_referred { ImplicitIndex::None } else { ImplicitIndex::Free }
    }
}

/// The foreign keys that have a name, in order.
fn keys_of(table: &TableDefinition) -> Vec<Key<'_>> {
    let inline = table.columns.iter().filter_map(|column| {
        Some((column.references.as_ref()?.name.as_deref()?, vec![column.name.as_str()]))
    });
    let constraints = table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some((key.name.as_deref()?, strs(&key.columns))),
        _ => None,
    });
    // CREATE TABLE writes those of the columns behind the others.
    constraints.chain(inline).collect()
}

/// What the foreign keys of a table refer to: their names, and the schema, table and columns.
fn referred_by(
    table: &TableDefinition,
) -> impl Iterator<Item = (&str, Option<&str>, &str, Vec<&str>)> {
    let inline = table.columns.iter().filter_map(|column| {
        let to = column.references.as_ref()?;
        let name = to.name.as_deref().unwrap_or_default();
        Some((name, to.schema.as_deref(), to.table.as_str(), vec![to.column.as_str()]))
    });
    let constraints = table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => {
            let name = key.name.as_deref().unwrap_or_default();
            let to = &key.references;
            Some((name, to.schema.as_deref(), to.table.as_str(), strs(&to.columns)))
        }
        _ => None,
    });
    inline.chain(constraints)
}

/// The columns of all keys and indexes but one.
fn served_by<'t>(table: &'t TableDefinition, but: Option<&Index>) -> Vec<Vec<&'t str>> {
    let inline = table.columns.iter().filter(|column| column.primary_key);
    let constraints = table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::PrimaryKey(key) => Some(strs(&key.columns)),
        Constraint::Unique(unique) => Some(strs(&unique.columns)),
        _ => None,
    });
    let indexes = table.indexes.iter().filter(|index| but != Some(*index) && index.kind.is_none());
    inline
        .map(|column| vec![column.name.as_str()])
        .chain(constraints)
        .chain(indexes.map(leading))
        .collect()
}

/// The columns by which an index can serve a key: those in front that it holds whole.
fn leading(index: &Index) -> Vec<&str> {
    let whole = index.columns.iter().map_while(|column| match &column.key {
        IndexKey::Column(name) if column.length.is_none() => Some(name.as_str()),
        _ => None,
    });
    whole.collect()
}

/// The columns of an index over whole columns alone.
fn whole(index: &Index) -> Option<Vec<&str>> {
    let whole = |column: &'_ IndexColumn| column.length.is_none();
    index
        .columns
        .iter()
        .map(|column| match &column.key {
            IndexKey::Column(name) if whole(column) => Some(name.as_str()),
            _ => None,
        })
        .collect()
}

fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
