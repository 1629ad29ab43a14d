//! What each dialect says of typed operations.

use super::types::Types;
use super::unsupported::Unsupported;
use crate::model::operation::TableDefinition;
use crate::model::{Entry, Name, Operation, Schema, StoredDdl, Task};

/// A statement that an operation becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lowered {
    /// The SQL.
    pub sql: String,
    /// The part of the operation that it comes from.
    pub path: String,
    /// It may run in a transaction.
    pub transactional: bool,
    /// What it is where it is more than a statement.
    pub task: Option<Task>,
    /// It does no more than its operation declares, though its tokens say more.
    pub no_worse: bool,
}

impl Lowered {
    /// A statement that may run in a transaction.
    pub fn new(sql: impl Into<String>, path: impl Into<String>) -> Self {
        let (sql, path) = (sql.into(), path.into());
        Lowered { sql, path, transactional: true, task: None, no_worse: false }
    }

    /// The statement does no more than the operation that it is for: what its tokens say to go is put
    /// back beside it, or was copied before, or the types on both sides are known.
    #[must_use]
    pub fn no_worse(self) -> Self {
        Lowered { no_worse: true, ..self }
    }
}

/// How a dialect turns operations into statements.
pub trait Lowering: Sync {
    /// How the dialect writes types and their values.
    fn types(&self) -> &'static dyn Types;

    /// The first thing of an operation that the dialect does not support, whatever the schema.
    fn refuse(&self, entry: &Entry) -> Option<Unsupported> {
        // What takes the definition of a table is not looked at yet.
        let refusal = self.lower(std::slice::from_ref(entry), &Schema::default()).err();
        refusal.filter(|refusal| refusal.unknown.is_none())
    }

    /// The table that an operation alters or makes, where the server may refuse it for what that table is.
    fn altered<'o>(&self, operation: &'o Operation) -> Option<(Option<&'o str>, &'o str)> {
        let _ = operation;
        None
    }

    /// What the server would refuse of an operation that leads from one definition of its table to the other,
    /// in a session of this mode.
    fn refuse_live(
        &self,
        operation: &Operation,
        before: Option<&TableDefinition>,
        after: Option<&TableDefinition>,
        mode: &str,
    ) -> Option<Unsupported> {
        let _ = (operation, before, after, mode);
        None
    }

    /// Whether the operation becomes statements only by what its table is.
    fn needs_schema(&self, operation: &Operation) -> bool;

    /// What the first operation becomes, with as many behind it as go with it. There is at least one,
    /// and none of them is SQL or by dialect. `schema` is what the first one meets.
    ///
    /// # Errors
    /// What [`Lowering::refuse`] says, what the schema contradicts, or a table that it does not know.
    fn lower(&self, entries: &[Entry], schema: &Schema) -> Result<Group, Unsupported>;
}

/// Operations that become statements together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their statements.
    pub statements: Vec<Lowered>,
    /// How many operations they are.
    pub taken: usize,
    /// What the database keeps once they have run, as it would show it to whoever reads its catalogue;
    /// it takes its place in the schema behind [`Operation::apply`]. `None`: it keeps nothing.
    pub kept: Option<CatalogDelta>,
}

impl Group {
    /// One operation of which the database keeps no statement.
    pub fn one(statements: Vec<Lowered>) -> Self {
        Group { statements, taken: 1, kept: None }
    }
}

/// The statements that a database keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogDelta {
    /// Those of the tables that the operations made or changed.
    pub tables: Vec<(Name, String)>,
    /// Those of all indexes.
    pub indexes: Vec<StoredDdl>,
    /// Those of all views.
    pub views: Vec<StoredDdl>,
    /// Those of all triggers.
    pub triggers: Vec<StoredDdl>,
    /// The tables of which nobody but the database itself can now say what it keeps.
    pub unknown: Vec<Name>,
}

impl CatalogDelta {
    /// What a schema says that is kept now; of tables nothing is new.
    pub fn of(schema: &Schema) -> Self {
        CatalogDelta {
            tables: Vec::new(),
            indexes: schema.indexes.clone(),
            views: schema.views.clone(),
            triggers: schema.triggers.clone(),
            unknown: Vec::new(),
        }
    }

    /// Puts the statements into a schema.
    pub fn put(self, schema: &mut Schema) {
        let CatalogDelta { tables, indexes, views, triggers, unknown } = self;
        for (name, sql) in tables {
            if let Some(table) = schema.tables.get_mut(&name) {
                table.sql = Some(sql);
            }
        }
        for name in unknown {
            schema.tables.remove(&name);
            schema.complete = false;
        }
        (schema.indexes, schema.views, schema.triggers) = (indexes, views, triggers);
    }
}
