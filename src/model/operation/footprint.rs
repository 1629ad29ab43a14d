//! What an operation touches.

use std::collections::BTreeSet;

use super::Operation;

/// The classes of objects that share one space of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectClass {
    /// Tables, views, materialized views, sequences.
    Relation,
    /// Enums and domains.
    Type,
    /// Functions and procedures.
    Routine,
    /// Schemas.
    Schema,
    /// Extensions.
    Extension,
    /// Rows of a table.
    Rows,
}

/// An object that an operation reads or writes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// What it is.
    pub class: ObjectClass,
    /// Its schema, where the operation says it.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
}

/// The objects that an operation reads and writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Footprint {
    /// What it rests on.
    pub reads: BTreeSet<Object>,
    /// What it changes.
    pub writes: BTreeSet<Object>,
    /// Whether it may touch anything else.
    pub opaque: bool,
}

impl Operation {
    /// What the operation touches.
    pub fn footprint(&self) -> Footprint {
        todo!("every operation")
    }
}
