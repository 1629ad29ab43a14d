//! Typed changes. Each operation stands in the file of the object that it is about: its fields, what
//! undoes it, what it makes of a schema, what it touches, its line for people. The list of them is here.
//!
//! A part that an operation and its `was` or the catalog share is one struct, which the operation writes
//! beside its own fields with `#[serde(flatten)]`: to list the fields again would be two structs and the
//! way from one to the other. serde then reads them from a buffer, which is fine for what is this small.
//! The file's schema refuses unknown keys with their line. JSON that was stored is refused for them where
//! the struct around says `deny_unknown_fields`, which works as long as the part is a plain struct.

mod aggregate;
mod assert;
mod backfill;
mod by_dialect;
mod column;
mod comment;
mod constraint;
mod domain;
mod entry;
mod enum_type;
mod extension;
mod footprint;
mod grant;
mod index;
mod leaf;
mod materialized_view;
mod policy;
mod program;
mod reverse;
mod routine;
mod rows;
mod schema;
mod schema_change;
mod sequence;
mod sql;
mod summary;
mod table;
mod texts;
mod trigger;
mod validate;
mod view;
mod was;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

pub use aggregate::*;
pub use assert::*;
pub use backfill::*;
pub use column::*;
pub use comment::*;
pub use constraint::*;
pub use domain::*;
pub use entry::{Entry, Lines};
pub use enum_type::*;
pub use extension::*;
pub use footprint::{Footprint, Object, ObjectClass, Part};
pub use grant::*;
pub use index::*;
pub(super) use leaf::Leaf;
pub use materialized_view::*;
pub use policy::*;
pub use program::*;
pub use reverse::Irreversible;
pub use routine::*;
pub use rows::*;
pub use schema::*;
pub use schema_change::SchemaMismatch;
pub use sequence::*;
pub use sql::*;
pub use table::*;
pub use texts::{Text, TextMut, TextRole};
pub use trigger::*;
pub use validate::Invalid;
pub use view::*;

use super::{ByDialect, EachDialect, Schema};
use crate::text::{Dialect, Effect};
use footprint::Touch;
use schema_change::SchemaChange;
use texts::{Visit, VisitMut};
use validate::Validation;

/// What an operation is beyond its fields.
trait Rules {
    /// The operations that undo it, in the order in which they run.
    ///
    /// # Errors
    /// It does not say what was there before, or nothing can bring it back.
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible>;

    /// Changes a schema as it changes a database. Without it the object is no part of a schema, which
    /// knows only tables, views, triggers and enums.
    ///
    /// # Errors
    /// What it changes is known not to be there, or what it makes is known to be there; it contradicts
    /// itself, such as a key of a column that its table does not have.
    fn apply(&self, _change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        Ok(())
    }

    /// What it does to what a database holds. `schema` is what it meets, as far as that is known.
    fn effect(&self, schema: &Schema, dialect: Dialect) -> Effect;

    /// Notes what it reads and writes, beside what its texts name.
    fn touch(&self, touch: &mut Touch);

    /// What it is about, for people, behind the word of its kind.
    fn summary(&self) -> String;

    /// Calls with each of its texts; the macro `texts!` writes both from one list of fields.
    fn texts(&self, _visit: &mut Visit<'_>) {}

    /// As [`Rules::texts`], to change them.
    fn texts_mut(&mut self, _visit: &mut VisitMut<'_>) {}

    /// Notes what cannot be right about it, whatever the schema.
    fn validate(&self, _check: &mut Validation<'_>) {}

    /// Whether it says what was there before.
    fn has_was(&self) -> bool {
        false
    }

    /// Why its `was` cannot be right: it contradicts the operation, or what the schema knows.
    fn check_was(&self, _schema: &Schema, _dialect: Dialect) -> Option<String> {
        None
    }
}

/// Makes the enum of all operations, and hands each question to the operation itself.
macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident($(#[$field:meta])* $operation:ty) = $kind:literal,)*) => {
        /// One change. In a file it is a map of one key, which names its kind.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[expect(
            clippy::large_enum_variant,
            reason = "a plan has few of them, and a box would stand in the way of every match"
        )]
        pub enum Operation {
            $($(#[$doc])* #[serde(rename = $kind)] $name($(#[$field])* $operation),)*
        }

        $(
            impl $operation {
                /// The word of its kind, as a file writes it.
                pub const KIND: &'static str = $kind;
            }
        )*

        impl Operation {
            /// The word of its kind, as a file writes it.
            pub fn kind(&self) -> &'static str {
                match self { $(Operation::$name(_) => $kind,)* }
            }

            fn rules(&self) -> &dyn Rules {
                match self { $(Operation::$name(operation) => operation,)* }
            }

            fn rules_mut(&mut self) -> &mut dyn Rules {
                match self { $(Operation::$name(operation) => operation,)* }
            }
        }
    };
}

operations! {
    /// Creates a table.
    CreateTable(CreateTable) = "create_table",
    /// Drops a table.
    DropTable(DropTable) = "drop_table",
    /// Renames a table.
    RenameTable(RenameTable) = "rename_table",
    /// Changes options of a table (PostgreSQL, MySQL, MariaDB).
    AlterTableOptions(AlterTableOptions) = "alter_table_options",
    /// Adds a column to a table.
    AddColumn(AddColumn) = "add_column",
    /// Drops a column.
    DropColumn(DropColumn) = "drop_column",
    /// Changes a column.
    AlterColumn(AlterColumn) = "alter_column",
    /// Creates an index.
    CreateIndex(CreateIndex) = "create_index",
    /// Drops an index.
    DropIndex(DropIndex) = "drop_index",
    /// Renames an index.
    RenameIndex(RenameIndex) = "rename_index",
    /// Adds a primary key to a table.
    CreatePrimaryKey(CreatePrimaryKey) = "create_primary_key",
    /// Adds a unique constraint to a table.
    CreateUnique(CreateUnique) = "create_unique",
    /// Adds a foreign key to a table.
    CreateForeignKey(CreateForeignKey) = "create_foreign_key",
    /// Adds a check to a table.
    CreateCheck(CreateCheck) = "create_check",
    /// Adds an exclusion to a table (PostgreSQL).
    CreateExclude(CreateExclude) = "create_exclude",
    /// Drops a constraint.
    DropConstraint(DropConstraint) = "drop_constraint",
    /// Renames a constraint.
    RenameConstraint(RenameConstraint) = "rename_constraint",
    /// Checks the rows that a constraint left unchecked (PostgreSQL).
    ValidateConstraint(ValidateConstraint) = "validate_constraint",
    /// Sets the comment of an object.
    Comment(SetComment) = "comment",
    /// Creates an enum type (PostgreSQL).
    CreateEnum(CreateEnum) = "create_enum",
    /// Drops an enum type (PostgreSQL).
    DropEnum(DropEnum) = "drop_enum",
    /// Adds a value to an enum type (PostgreSQL).
    AddEnumValue(AddEnumValue) = "add_enum_value",
    /// Renames a value of an enum type (PostgreSQL).
    RenameEnumValue(RenameEnumValue) = "rename_enum_value",
    /// Drops a value of an enum type (PostgreSQL).
    DropEnumValue(DropEnumValue) = "drop_enum_value",
    /// Renames an enum or a domain (PostgreSQL).
    RenameType(RenameType) = "rename_type",
    /// Creates a domain (PostgreSQL).
    CreateDomain(CreateDomain) = "create_domain",
    /// Changes a domain (PostgreSQL).
    AlterDomain(AlterDomain) = "alter_domain",
    /// Drops a domain (PostgreSQL).
    DropDomain(DropDomain) = "drop_domain",
    /// Creates a sequence (PostgreSQL, MariaDB).
    CreateSequence(CreateSequence) = "create_sequence",
    /// Changes a sequence (PostgreSQL, MariaDB).
    AlterSequence(AlterSequence) = "alter_sequence",
    /// Drops a sequence (PostgreSQL, MariaDB).
    DropSequence(DropSequence) = "drop_sequence",
    /// Creates a view.
    CreateView(CreateView) = "create_view",
    /// Drops a view.
    DropView(DropView) = "drop_view",
    /// Creates a materialized view (PostgreSQL).
    CreateMaterializedView(CreateMaterializedView) = "create_materialized_view",
    /// Drops a materialized view (PostgreSQL).
    DropMaterializedView(DropMaterializedView) = "drop_materialized_view",
    /// Refreshes a materialized view (PostgreSQL).
    RefreshMaterializedView(RefreshMaterializedView) = "refresh_materialized_view",
    /// Creates a function (PostgreSQL, MySQL, MariaDB).
    CreateFunction(#[schemars(with = "CreateRoutine")] CreateFunction) = "create_function",
    /// Drops a function (PostgreSQL, MySQL, MariaDB).
    DropFunction(#[schemars(with = "DropRoutine")] DropFunction) = "drop_function",
    /// Creates a procedure (PostgreSQL, MySQL, MariaDB).
    CreateProcedure(#[schemars(with = "CreateRoutine")] CreateProcedure) = "create_procedure",
    /// Drops a procedure (PostgreSQL, MySQL, MariaDB).
    DropProcedure(#[schemars(with = "DropRoutine")] DropProcedure) = "drop_procedure",
    /// Creates an aggregate (PostgreSQL).
    CreateAggregate(CreateAggregate) = "create_aggregate",
    /// Drops an aggregate (PostgreSQL).
    DropAggregate(DropAggregate) = "drop_aggregate",
    /// Creates a trigger.
    CreateTrigger(CreateTrigger) = "create_trigger",
    /// Drops a trigger.
    DropTrigger(DropTrigger) = "drop_trigger",
    /// Creates a schema (PostgreSQL, MySQL, MariaDB).
    CreateSchema(CreateSchema) = "create_schema",
    /// Drops a schema (PostgreSQL, MySQL, MariaDB).
    DropSchema(DropSchema) = "drop_schema",
    /// Creates an extension (PostgreSQL).
    CreateExtension(CreateExtension) = "create_extension",
    /// Drops an extension (PostgreSQL).
    DropExtension(DropExtension) = "drop_extension",
    /// Creates a policy (PostgreSQL).
    CreatePolicy(CreatePolicy) = "create_policy",
    /// Changes a policy (PostgreSQL).
    AlterPolicy(AlterPolicy) = "alter_policy",
    /// Drops a policy (PostgreSQL).
    DropPolicy(DropPolicy) = "drop_policy",
    /// Enables or disables row-level security of a table (PostgreSQL).
    RowSecurity(RowSecurity) = "row_security",
    /// Grants privileges (PostgreSQL, MySQL, MariaDB).
    Grant(Grant) = "grant",
    /// Revokes privileges (PostgreSQL, MySQL, MariaDB).
    Revoke(#[schemars(with = "Grant")] Revoke) = "revoke",
    /// Inserts rows.
    BulkInsert(BulkInsert) = "bulk_insert",
    /// Deletes rows by their key.
    BulkDelete(#[schemars(with = "BulkInsert")] BulkDelete) = "bulk_delete",
    /// SQL, as a `|` block or in quotes: for every dialect, or by dialect. mariadb falls back to
    /// mysql.
    Sql(Sql) = "sql",
    /// Stops the revision unless a query answers as expected.
    Assert(Assert) = "assert",
    /// Runs a command of the application.
    Program(Program) = "program",
    /// Updates the rows of a table in batches.
    Backfill(Backfill) = "backfill",
    /// Different operations for each dialect. A dialect without an entry is an error: `[]` means that
    /// there is nothing to do on it.
    ByDialect(#[schemars(with = "EachDialect<Vec<Operation>>")] ByDialect<Vec<Operation>>) = "by_dialect",
}

impl Operation {
    /// What it does to what a database of the dialect holds; never milder than what its statements do.
    /// `schema` is what it meets, as far as that is known: without the type that a column has, a change of
    /// it is [`Effect::Unknown`] unless its `was` says it.
    pub fn effect(&self, schema: &Schema, dialect: Dialect) -> Effect {
        self.rules().effect(schema, dialect)
    }
}

/// The worst effect of operations that run one behind the other, each by what those before it leave.
/// `schema` is afterwards what they leave; it knows nothing where one of them does not fit.
pub(crate) fn worst_effect<'o>(
    operations: impl IntoIterator<Item = &'o Operation>,
    schema: &mut Schema,
    dialect: Dialect,
) -> Effect {
    let effects = operations.into_iter().map(|operation| {
        let effect = operation.effect(schema, dialect);
        if operation.apply(schema, dialect).is_err() {
            schema.forget();
        }
        effect
    });
    effects.max().unwrap_or_default()
}

/// A key whose value may be null, which is not the same as a key that is left out.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_beside_and_in_a_shared_part_are_refused() {
        for (json, key) in [
            (r#"{"alter_column":{"table":"t","column":"c","typ":"text"}}"#, "typ"),
            (r#"{"alter_column":{"table":"t","column":"c","was":{"typ":"text"}}}"#, "typ"),
            (r#"{"alter_policy":{"table":"t","name":"p","role":["a"]}}"#, "role"),
            (r#"{"create_schema":{"name":"s","oner":"a"}}"#, "oner"),
            (r#"{"create_extension":{"name":"e","of":"1"}}"#, "of"),
            (
                r#"{"alter_column":{"table":"t","column":"c","identity":{"kind":"always","step":1}}}"#,
                "step",
            ),
        ] {
            let error = serde_json::from_str::<Operation>(json).unwrap_err().to_string();
            assert!(error.contains(&format!("unknown field `{key}`")), "{error}");
        }
    }
}
