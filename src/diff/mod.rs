//! The difference of two catalogs, as operations in an order that works; and what equal means.
//! No connection.

mod actions;
mod beyond;
mod column;
mod difference;
mod equal;
mod keep;
mod keys;
mod objects;
mod order;
mod other_objects;
mod planner;
mod renames;
mod serial;
mod table;
mod unseen;

use crate::model::{Catalog, ObjectKey, Operation};
use crate::text::Dialect;

pub use difference::{Change, DiffOptions, Difference, PossibleRename, Skipped, sql_change};
use planner::Planner;
pub use serial::sequences_named_after;

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
    let nothing = Catalog { own: catalog.own.clone(), ..Catalog::default() };
    let options = DiffOptions { dialect, safe: false };
    let changes = diff(&nothing, catalog, &|_| true, options).changes;
    changes.into_iter().map(|change| change.operation).collect()
}
