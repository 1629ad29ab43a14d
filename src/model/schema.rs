//! A schema as far as it is known: read from a database, or worked out from operations.

use std::collections::BTreeMap;
use std::fmt;

use super::operation::TableDefinition;
use crate::text::{self, Dialect, Kind};

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
    /// The views that are known to be there, materialized ones too, in the order in which they were
    /// made.
    pub views: Vec<StoredDdl>,
    /// The triggers that are known to be there.
    pub triggers: Vec<StoredDdl>,
    /// The indexes that are known to be there, where the database keeps the statements that make them
    /// (SQLite).
    pub indexes: Vec<StoredDdl>,
    /// The enums that are known to be there, with their values in order.
    pub enums: BTreeMap<Name, Vec<String>>,
    /// The tables, views and enums that are known to be gone, with what became of them, such as
    /// `dropped` or `renamed to b`.
    pub gone: BTreeMap<Name, String>,
    /// All tables are named here: another is known not to be there.
    pub complete: bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it is. Where it was read from a database, the types are given by dialect: the database's
    /// own words.
    pub definition: TableDefinition,
    /// The statement that makes it, where the database keeps it (SQLite). What changes the definition
    /// takes it away: the definition is then all that is known.
    pub sql: Option<String>,
    /// The next number of its counted column, where the database keeps it beside (SQLite).
    pub sequence: Option<i64>,
}

/// A view, trigger or index that is kept as the statement that makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDdl {
    /// Its name.
    pub name: Name,
    /// The table of a trigger or index.
    pub table: Option<Name>,
    /// The statement, where it is known.
    pub sql: Option<String>,
}

impl Schema {
    /// The name of an object, the session's own schema left out.
    pub fn name(&self, schema: Option<&str>, name: &str) -> Name {
        let schema = schema.filter(|schema| self.own.as_deref() != Some(*schema));
        Name { schema: schema.map(str::to_owned), name: name.to_owned() }
    }

    /// A table that is known, with the name it goes by.
    pub fn table(
        &self,
        dialect: Dialect,
        schema: Option<&str>,
        name: &str,
    ) -> Option<(&Name, &Table)> {
        let wanted = self.name(schema, name);
        self.tables
            .get_key_value(&wanted)
            .or_else(|| self.tables.iter().find(|(known, _)| known.is(dialect, &wanted)))
    }

    /// A view, materialized or not, that is known.
    pub fn view(&self, dialect: Dialect, schema: Option<&str>, name: &str) -> Option<&StoredDdl> {
        let wanted = self.name(schema, name);
        self.views.iter().find(|view| view.name.is(dialect, &wanted))
    }

    /// Forgets what a statement of SQL may have changed: a table that it names is no longer known, nor
    /// are those known that are not there. A statement that only changes rows changes nothing here.
    pub fn invalidate_referenced(&mut self, dialect: Dialect, sql: &str) {
        if self.knows_nothing() {
            return;
        }
        let hides = text::hides_sql(dialect, sql);
        if !hides && (text::kind(dialect, sql) == Kind::Dml || text::sets_up_session(dialect, sql))
        {
            return;
        }
        if hides {
            self.forget();
            return;
        }
        self.complete = false;
        let names = text::names_in(dialect, sql);
        let says = |name: &str| names.iter().any(|said| text::same_object(dialect, said, name));
        let says_part = |name: &str| names.iter().any(|said| text::same_part(dialect, said, name));
        let says_name = |name: &Name| says(&name.name) || name.schema.as_deref().is_some_and(says);
        let says_of_own = self.own.as_deref().is_some_and(says);
        // A rename or CASCADE reaches the tables that refer to what is named, and those that hold it.
        let mut changed: Vec<Name> = self
            .triggers
            .iter()
            .filter(|trigger| says_part(&trigger.name.name))
            .filter_map(|trigger| trigger.table.clone())
            .collect();
        changed.extend(
            self.tables
                .iter()
                .filter(|(name, table)| {
                    (says_of_own && name.schema.is_none())
                        || says_name(name)
                        || table.definition.referred().any(|(_, referred)| says(referred))
                        || table.definition.part_names().any(says_part)
                        || table.definition.columns.iter().any(|column| {
                            let type_ = column.type_.get(dialect).map_or("", String::as_str);
                            text::names_in(dialect, type_).iter().any(|word| {
                                self.enums.keys().any(|name| {
                                    text::same_object(dialect, word, &name.name) && says_name(name)
                                })
                            })
                        })
                })
                .map(|(name, _)| name.clone()),
        );
        self.tables.retain(|name, _| !changed.contains(name));
        self.gone.retain(|name, _| !says_name(name));
        self.enums.retain(|name, _| !says_name(name));
        self.views.retain(|view| !says_name(&view.name));
        self.triggers.retain(|trigger| {
            !says_part(&trigger.name.name)
                && !trigger
                    .table
                    .as_ref()
                    .is_some_and(|table| changed.contains(table) || says_name(table))
        });
    }

    /// Whether there is nothing that could be forgotten.
    fn knows_nothing(&self) -> bool {
        let Schema { own: _, tables, views, triggers, indexes, enums, gone, complete } = self;
        !complete
            && tables.is_empty()
            && views.is_empty()
            && triggers.is_empty()
            && indexes.is_empty()
            && enums.is_empty()
            && gone.is_empty()
    }

    /// Forgets everything but the name of the session's own schema.
    pub fn forget(&mut self) {
        *self = Schema { own: self.own.take(), ..Schema::default() };
    }
}

impl Name {
    /// Whether the dialect takes the two for one.
    pub(super) fn is(&self, dialect: Dialect, other: &Name) -> bool {
        let same_schema = match (&self.schema, &other.schema) {
            (None, None) => true,
            (Some(one), Some(other)) => text::same_object(dialect, one, other),
            _ => false,
        };
        same_schema && text::same_object(dialect, &self.name, &other.name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
