//! The difference of two catalogs, as operations in an order that works; and what equal means.
//! No connection.

mod column;
mod difference;
mod equal;
mod fates;
mod keep;
mod keys;
mod objects;
mod order;
mod planner;
mod renames;
mod serial;
mod small;
mod table;

pub use difference::{
    Change, DiffOptions, Difference, PossibleRename, Unmade, creation, diff, sql_change,
};
pub use serial::sequences_named_after;
