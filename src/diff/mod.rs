//! The difference of two catalogs, as operations in an order that works; and what equal means.
//! No connection.

mod actions;
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

pub use difference::{
    Change, DiffOptions, Difference, PossibleRename, Skipped, creation, diff, sql_change,
};
pub use serial::sequences_named_after;
