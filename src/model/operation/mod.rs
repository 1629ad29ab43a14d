//! Typed changes: what they are made of, what undoes them, what they touch, what they make of a schema.

mod access;
mod apply;
mod column;
mod comment;
mod constraint;
mod data;
mod footprint;
mod index;
mod leaf;
mod parts;
mod reverse;
mod routine;
mod summary;
mod table;
mod types;
mod view;
mod was;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use access::*;
pub use apply::SchemaMismatch;
pub use column::*;
pub use comment::*;
pub use constraint::*;
pub use data::*;
pub use footprint::{Footprint, Object, ObjectClass, Part};
pub use index::*;
pub(super) use leaf::Leaf;
pub use reverse::Irreversible;
pub use routine::*;
pub use table::*;
pub use types::*;
pub use view::*;

use super::{ByDialect, EachDialect};
use crate::text::Dialect;

/// One change. In a file it is a map of one key, which names its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "a plan has few of them, and a box would stand in the way of every match"
)]
pub enum Operation {
    /// Creates a table.
    CreateTable(CreateTable),
    /// Drops a table.
    DropTable(DropTable),
    /// Renames a table.
    RenameTable(RenameTable),
    /// Adds a column to a table.
    AddColumn(AddColumn),
    /// Drops a column.
    DropColumn(DropColumn),
    /// Changes a column.
    AlterColumn(AlterColumn),
    /// Creates an index.
    CreateIndex(CreateIndex),
    /// Drops an index.
    DropIndex(DropIndex),
    /// Renames an index.
    RenameIndex(RenameIndex),
    /// Adds a primary key to a table.
    CreatePrimaryKey(CreatePrimaryKey),
    /// Adds a unique constraint to a table.
    CreateUnique(CreateUnique),
    /// Adds a foreign key to a table.
    CreateForeignKey(CreateForeignKey),
    /// Adds a check to a table.
    CreateCheck(CreateCheck),
    /// Adds an exclusion to a table (PostgreSQL).
    CreateExclude(CreateExclude),
    /// Drops a constraint.
    DropConstraint(DropConstraint),
    /// Renames a constraint.
    RenameConstraint(RenameConstraint),
    /// Checks the rows that a constraint left unchecked (PostgreSQL).
    ValidateConstraint(ValidateConstraint),
    /// Sets the comment of an object.
    Comment(SetComment),
    /// Creates an enum type (PostgreSQL).
    CreateEnum(CreateEnum),
    /// Drops an enum type (PostgreSQL).
    DropEnum(DropEnum),
    /// Adds a value to an enum type (PostgreSQL).
    AddEnumValue(AddEnumValue),
    /// Renames a value of an enum type (PostgreSQL).
    RenameEnumValue(RenameEnumValue),
    /// Drops a value of an enum type (PostgreSQL).
    DropEnumValue(DropEnumValue),
    /// Renames an enum or a domain (PostgreSQL).
    RenameType(RenameType),
    /// Creates a domain (PostgreSQL).
    CreateDomain(CreateDomain),
    /// Changes a domain (PostgreSQL).
    AlterDomain(AlterDomain),
    /// Drops a domain (PostgreSQL).
    DropDomain(DropDomain),
    /// Creates a sequence (PostgreSQL, MariaDB).
    CreateSequence(CreateSequence),
    /// Changes a sequence (PostgreSQL, MariaDB).
    AlterSequence(AlterSequence),
    /// Drops a sequence (PostgreSQL, MariaDB).
    DropSequence(DropSequence),
    /// Creates a view.
    CreateView(CreateView),
    /// Drops a view.
    DropView(DropView),
    /// Creates a materialized view (PostgreSQL).
    CreateMaterializedView(CreateMaterializedView),
    /// Drops a materialized view (PostgreSQL).
    DropMaterializedView(DropMaterializedView),
    /// Refreshes a materialized view (PostgreSQL).
    RefreshMaterializedView(RefreshMaterializedView),
    /// Creates a function (PostgreSQL, MySQL, MariaDB).
    CreateFunction(CreateRoutine),
    /// Drops a function (PostgreSQL, MySQL, MariaDB).
    DropFunction(DropRoutine),
    /// Creates a procedure (PostgreSQL, MySQL, MariaDB).
    CreateProcedure(CreateRoutine),
    /// Drops a procedure (PostgreSQL, MySQL, MariaDB).
    DropProcedure(DropRoutine),
    /// Creates a trigger.
    CreateTrigger(CreateTrigger),
    /// Drops a trigger.
    DropTrigger(DropTrigger),
    /// Creates a schema (PostgreSQL, MySQL, MariaDB).
    CreateSchema(CreateSchema),
    /// Drops a schema (PostgreSQL, MySQL, MariaDB).
    DropSchema(DropSchema),
    /// Creates an extension (PostgreSQL).
    CreateExtension(CreateExtension),
    /// Drops an extension (PostgreSQL).
    DropExtension(DropExtension),
    /// Creates a policy (PostgreSQL).
    CreatePolicy(CreatePolicy),
    /// Changes a policy (PostgreSQL).
    AlterPolicy(AlterPolicy),
    /// Drops a policy (PostgreSQL).
    DropPolicy(DropPolicy),
    /// Enables or disables row-level security of a table (PostgreSQL).
    RowSecurity(RowSecurity),
    /// Grants privileges (PostgreSQL, MySQL, MariaDB).
    Grant(Grant),
    /// Revokes privileges (PostgreSQL, MySQL, MariaDB).
    Revoke(Grant),
    /// Inserts rows.
    BulkInsert(BulkInsert),
    /// Deletes rows by their key.
    BulkDelete(BulkInsert),
    /// SQL, as a `|` block or in quotes: for every dialect, or by dialect. mariadb falls back to
    /// mysql.
    Sql(Sql),
    /// Runs a command of the application.
    Program(Program),
    /// Updates the rows of a table in batches.
    Backfill(Backfill),
    /// Different operations for each dialect. A dialect without an entry is an error: `[]` means that
    /// there is nothing to do on it.
    ByDialect(#[schemars(with = "EachDialect<Vec<Operation>>")] ByDialect<Vec<Operation>>),
}

/// An operation and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The operation.
    pub operation: Operation,
    /// Where its parts stand in the file.
    pub lines: Lines,
}

impl Entry {
    /// An operation that stands on one line.
    pub fn new(operation: Operation, line: usize) -> Self {
        Entry { operation, lines: Lines::new(line) }
    }

    /// The entries that a dialect runs: itself, or, of one by dialect, those for it. `None`: nobody
    /// has said what this dialect should run.
    pub fn for_dialect(&self, dialect: Dialect) -> Option<Cow<'_, [Entry]>> {
        let Operation::ByDialect(operations) = &self.operation else {
            return Some(Cow::Borrowed(std::slice::from_ref(self)));
        };
        let named = match operations {
            ByDialect::All(_) => None,
            ByDialect::Each(each) => {
                each.iter().map(|(own, _)| *own).find(|own| *own == dialect).or(dialect.fallback())
            }
        };
        let mut entries = Vec::new();
        for (at, operation) in operations.get(dialect)?.iter().enumerate() {
            let lines = match named {
                Some(named) => self.lines.below(&format!("by_dialect.{}.{at}", named.name())),
                None => self.lines.below(&format!("by_dialect.{at}")),
            };
            let entry = Entry { operation: operation.clone(), lines };
            entries.extend(entry.for_dialect(dialect)?.into_owned());
        }
        Some(Cow::Owned(entries))
    }
}

/// The lines on which the parts of an operation stand, by their path in it, such as
/// `create_table.columns.0.type`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    own: usize,
    parts: Vec<(String, usize)>,
}

impl Lines {
    /// All on one line, counted from 1.
    pub fn new(line: usize) -> Self {
        Lines { own: line, parts: Vec::new() }
    }

    /// The operation's line, and those of its parts.
    pub fn with(line: usize, parts: Vec<(String, usize)>) -> Self {
        Lines { own: line, parts }
    }

    /// The line of the whole.
    pub fn own(&self) -> usize {
        self.own
    }

    /// The line of a part, or of the nearest that holds it.
    pub fn of(&self, path: &str) -> usize {
        let mut path = path;
        loop {
            if let Some((_, line)) = self.parts.iter().find(|(part, _)| part == path) {
                return *line;
            }
            match path.rsplit_once('.') {
                Some((above, _)) => path = above,
                None => return self.own,
            }
        }
    }

    /// The lines of a part, whose path is then the empty one.
    fn below(&self, path: &str) -> Lines {
        let inner = |part: &str| Some(part.strip_prefix(path)?.strip_prefix('.')?.to_owned());
        let parts = self.parts.iter().filter_map(|(part, line)| Some((inner(part)?, *line)));
        Lines { own: self.of(path), parts: parts.collect() }
    }
}

impl Operation {
    /// The word of its kind, as a file writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Operation::CreateTable(_) => "create_table",
            Operation::DropTable(_) => "drop_table",
            Operation::RenameTable(_) => "rename_table",
            Operation::AddColumn(_) => "add_column",
            Operation::DropColumn(_) => "drop_column",
            Operation::AlterColumn(_) => "alter_column",
            Operation::CreateIndex(_) => "create_index",
            Operation::DropIndex(_) => "drop_index",
            Operation::RenameIndex(_) => "rename_index",
            Operation::CreatePrimaryKey(_) => "create_primary_key",
            Operation::CreateUnique(_) => "create_unique",
            Operation::CreateForeignKey(_) => "create_foreign_key",
            Operation::CreateCheck(_) => "create_check",
            Operation::CreateExclude(_) => "create_exclude",
            Operation::DropConstraint(_) => "drop_constraint",
            Operation::RenameConstraint(_) => "rename_constraint",
            Operation::ValidateConstraint(_) => "validate_constraint",
            Operation::Comment(_) => "comment",
            Operation::CreateEnum(_) => "create_enum",
            Operation::DropEnum(_) => "drop_enum",
            Operation::AddEnumValue(_) => "add_enum_value",
            Operation::RenameEnumValue(_) => "rename_enum_value",
            Operation::DropEnumValue(_) => "drop_enum_value",
            Operation::RenameType(_) => "rename_type",
            Operation::CreateDomain(_) => "create_domain",
            Operation::AlterDomain(_) => "alter_domain",
            Operation::DropDomain(_) => "drop_domain",
            Operation::CreateSequence(_) => "create_sequence",
            Operation::AlterSequence(_) => "alter_sequence",
            Operation::DropSequence(_) => "drop_sequence",
            Operation::CreateView(_) => "create_view",
            Operation::DropView(_) => "drop_view",
            Operation::CreateMaterializedView(_) => "create_materialized_view",
            Operation::DropMaterializedView(_) => "drop_materialized_view",
            Operation::RefreshMaterializedView(_) => "refresh_materialized_view",
            Operation::CreateFunction(_) => "create_function",
            Operation::DropFunction(_) => "drop_function",
            Operation::CreateProcedure(_) => "create_procedure",
            Operation::DropProcedure(_) => "drop_procedure",
            Operation::CreateTrigger(_) => "create_trigger",
            Operation::DropTrigger(_) => "drop_trigger",
            Operation::CreateSchema(_) => "create_schema",
            Operation::DropSchema(_) => "drop_schema",
            Operation::CreateExtension(_) => "create_extension",
            Operation::DropExtension(_) => "drop_extension",
            Operation::CreatePolicy(_) => "create_policy",
            Operation::AlterPolicy(_) => "alter_policy",
            Operation::DropPolicy(_) => "drop_policy",
            Operation::RowSecurity(_) => "row_security",
            Operation::Grant(_) => "grant",
            Operation::Revoke(_) => "revoke",
            Operation::BulkInsert(_) => "bulk_insert",
            Operation::BulkDelete(_) => "bulk_delete",
            Operation::Sql(_) => "sql",
            Operation::Program(_) => "program",
            Operation::Backfill(_) => "backfill",
            Operation::ByDialect(_) => "by_dialect",
        }
    }
}
