//! The difference of two catalogs, as operations in an order that works; and what equal means.
//! No connection.

mod actions;
mod beyond;
mod bodies;
mod column;
mod comments;
mod composite;
mod counters;
mod dependents;
mod difference;
mod equal;
mod grown;
mod keep;
mod keys;
mod objects;
mod order;
mod other_objects;
mod planner;
mod propagate;
mod renames;
mod sequence;
mod serial;
mod table;
mod table_parts;
mod unseen;
mod unsupported;

use crate::model::{Catalog, Name, ObjectKey, Operation};
use crate::text::Dialect;

pub use bodies::leave_bodies_unchecked;
pub use difference::{Change, DiffOptions, Difference, PossibleRename, Skipped, sql_change};
use planner::Planner;
pub use serial::{has_identity, sequences_named_after};
pub use unsupported::unsupported;

/// What leads from one catalog to another. `takes` says which objects are looked at.
pub fn diff(
    from: &Catalog,
    to: &Catalog,
    takes: &dyn Fn(&ObjectKey) -> bool,
    options: DiffOptions,
) -> Difference {
    Planner::new(from, to, takes, options).difference()
}

/// The operations that make all of a catalog in an empty database.
pub fn creation(catalog: &Catalog, dialect: Dialect) -> Vec<Operation> {
    from_nothing(catalog, dialect).up()
}

/// The tables without columns, which no operation makes: their names.
pub fn without_columns(catalog: &Catalog) -> impl Iterator<Item = &Name> {
    let all = catalog.objects.iter();
    all.filter(|(_, object)| planner::has_no_columns(&object.definition)).map(|(key, _)| &key.name)
}

/// What leads from an empty database to a catalog, and what nothing leads to.
pub fn from_nothing(catalog: &Catalog, dialect: Dialect) -> Difference {
    let nothing = Catalog { own: catalog.own.clone(), ..Catalog::default() };
    let mut difference = diff(&nothing, catalog, &|_| true, DiffOptions { dialect, safe: false });
    difference.skipped.extend(unsupported(&nothing, catalog, &|_| true));
    difference
}
