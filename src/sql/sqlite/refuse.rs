//! What SQLite has no words for.

use crate::model::Operation;
use crate::model::operation::{Column, Identity, IdentityKind, TriggerEvent};
use crate::sql::lowering::Unsupported;
use crate::sql::refused::{POSTGRES_ONLY, Refused, refusal, refused};
use crate::sql::types::{Portable, Type};
use crate::text::Dialect;

const NOTHING: &str = "SQLite has no equivalent";
const NO_SCHEMAS: &str = "SQLite has no schemas";
const NO_COMMENTS: &str = "SQLite has no comments";
const GENERATED_NUMBERS: &str = "an explicit value always overrides it in SQLite: use `by_default`, on a primary key of one column";

#[rustfmt::skip]
static TABLE: &[Refused] = &[
    (POSTGRES_ONLY, NOTHING),
    (&[
        "create_sequence", "alter_sequence", "drop_sequence", "create_function", "drop_function",
        "create_procedure", "drop_procedure", "grant", "revoke",
    ], NOTHING),
    (&[
        "create_schema", "drop_schema", "*.schema", "*.references.schema",
        "create_table.columns.*.references.schema", "add_column.column.references.schema",
        "create_table.constraints.*.foreign_key.references.schema",
    ], NO_SCHEMAS),
    (&[
        "comment", "*.comment", "create_table.columns.*.comment", "add_column.column.comment",
        "create_table.indexes.*.comment",
    ], NO_COMMENTS),
    (&[
        "create_table.columns.*.identity=always", "add_column.column.identity=always",
        "create_table.columns.*.identity.kind=always", "add_column.column.identity.kind=always",
    ], GENERATED_NUMBERS),
    (&[
        "create_table.columns.*.identity.start", "create_table.columns.*.identity.increment",
        "create_table.columns.*.identity.min", "create_table.columns.*.identity.max",
        "create_table.columns.*.identity.cache", "create_table.columns.*.identity.cycle",
        "add_column.column.identity.start", "add_column.column.identity.increment",
        "add_column.column.identity.min", "add_column.column.identity.max",
        "add_column.column.identity.cache", "add_column.column.identity.cycle",
    ], "SQLite always starts at 1 and increments by 1"),
    (&[
        "alter_column.identity", "alter_column.identity=null", "alter_column.autoincrement",
        "alter_column.autoincrement=false",
    ], "numbering belongs to the primary key in SQLite: drop it and create it again"),
    (
        &["create_table.columns.*.check", "add_column.column.check"],
        "use a check of the table",
    ),
    (&[
        "create_table.columns.*.charset", "create_table.columns.*.on_update",
        "create_table.columns.*.invisible", "create_table.columns.*.compression",
        "create_table.columns.*.storage", "add_column.column.charset", "add_column.column.on_update",
        "add_column.column.invisible", "add_column.column.compression", "add_column.column.storage",
        "alter_column.charset", "alter_column.on_update",
        "create_table.options.unlogged", "create_table.options.inherits",
        "create_table.options.partition_by", "create_table.options.partition_of",
        "create_table.options.partition_bounds", "create_table.options.tablespace",
        "create_table.options.with", "create_table.options.using", "create_table.options.engine",
        "create_table.options.charset", "create_table.options.collation",
        "create_table.options.auto_increment", "create_table.options.row_format",
    ], NOTHING),
    (&[
        "create_table.constraints.*.primary_key.include", "create_primary_key.include",
        "create_table.constraints.*.unique.include", "create_unique.include",
        "create_table.constraints.*.primary_key.tablespace", "create_primary_key.tablespace",
        "create_table.constraints.*.unique.tablespace", "create_unique.tablespace",
        "create_index.include", "create_index.tablespace", "create_table.indexes.*.include",
        "create_table.indexes.*.tablespace",
    ], NOTHING),
    (&[
        "create_table.constraints.*.primary_key.deferrable", "create_primary_key.deferrable",
        "create_table.constraints.*.primary_key.initially", "create_primary_key.initially",
        "create_table.constraints.*.unique.deferrable", "create_unique.deferrable",
        "create_table.constraints.*.unique.initially", "create_unique.initially",
    ], "only foreign keys are deferrable in SQLite"),
    (&[
        "create_table.constraints.*.unique.nulls_distinct=false", "create_unique.nulls_distinct=false",
        "create_index.nulls_distinct=false", "create_table.indexes.*.nulls_distinct=false",
    ], "NULLs are always distinct in SQLite"),
    (&[
        "create_table.constraints.*.foreign_key.match=full", "create_foreign_key.match=full",
        "create_table.constraints.*.foreign_key.match=partial", "create_foreign_key.match=partial",
    ], "SQLite treats every MATCH as SIMPLE"),
    (&[
        "create_table.constraints.*.foreign_key.not_valid", "create_foreign_key.not_valid",
        "create_table.constraints.*.check.not_valid", "create_check.not_valid",
        "create_table.constraints.*.check.no_inherit", "create_check.no_inherit",
        "create_table.constraints.*.check.enforced=false", "create_check.enforced=false",
    ], "constraints apply to all rows in SQLite"),
    (&[
        "drop_table.cascade", "drop_index.cascade", "drop_constraint.cascade", "drop_view.cascade",
        "drop_trigger.cascade",
    ], "SQLite has no CASCADE: drop dependent objects by their own operations"),
    (&[
        "create_index.concurrently", "drop_index.concurrently", "create_index.only",
        "create_index.algorithm", "create_index.lock", "drop_index.algorithm", "drop_index.lock",
        "create_index.method", "create_index.with", "create_index.kind", "create_index.parser",
        "create_index.invisible", "create_index.columns.*.opclass", "create_index.columns.*.nulls",
        "create_index.columns.*.length", "create_table.indexes.*.method",
        "create_table.indexes.*.with", "create_table.indexes.*.kind", "create_table.indexes.*.parser",
        "create_table.indexes.*.invisible", "create_table.indexes.*.columns.*.opclass",
        "create_table.indexes.*.columns.*.nulls", "create_table.indexes.*.columns.*.length",
    ], NOTHING),
    (&[
        "create_view.check_option", "create_view.with", "create_view.algorithm",
        "create_view.sql_security", "create_view.definer",
    ], NOTHING),
    (&[
        "create_trigger.for_each=statement", "create_trigger.execute", "create_trigger.constraint",
        "create_trigger.deferrable", "create_trigger.initially", "create_trigger.old_table",
        "create_trigger.new_table", "create_trigger.follows", "create_trigger.precedes",
        "create_trigger.definer", "create_trigger.or_replace", "create_trigger.events.*=truncate",
    ], NOTHING),
];

/// The first thing of an operation that SQLite cannot honour.
pub(super) fn refuse(operation: &Operation) -> Option<Unsupported> {
    refused(operation, Dialect::Sqlite, TABLE).or_else(|| by_value(operation))
}

fn no(path: &str, reason: &str) -> Option<Unsupported> {
    Some(refusal(Dialect::Sqlite, path, reason))
}

/// The refusal of an operation that SQLite knows nothing of.
pub(super) fn nothing(operation: &Operation) -> Unsupported {
    refusal(Dialect::Sqlite, operation.kind(), NOTHING)
}

/// What hangs on more than one option.
fn by_value(operation: &Operation) -> Option<Unsupported> {
    match operation {
        Operation::CreateTable(create) => {
            let definition = &create.definition;
            if definition.columns.is_empty() {
                return no("create_table.columns", "a table needs a column");
            }
            let key = super::table::key_of(definition);
            if definition.options.without_rowid && key.is_empty() {
                let reason = "a table without rowids needs a primary key";
                return no("create_table.options.without_rowid", reason);
            }
            definition.columns.iter().enumerate().find_map(|(at, column)| {
                let path = format!("create_table.columns.{at}");
                let alone = matches!(key[..], [only] if only == column.name);
                let counted = alone && !definition.options.without_rowid;
                counts(column, counted, &path)
                    .or_else(|| too_strict(column, definition.options.strict, &path))
            })
        }
        Operation::AddColumn(add) => {
            counts(&add.column, add.column.primary_key, "add_column.column")
        }
        Operation::CreateTrigger(trigger) => {
            let definition = &trigger.definition;
            if definition.events.len() != 1 {
                return no(
                    "create_trigger.events",
                    "a trigger has exactly one event: create one for each",
                );
            }
            if !definition.update_of.is_empty() && definition.events != [TriggerEvent::Update] {
                return no("create_trigger.update_of", "only `update` takes columns");
            }
            if definition.body.is_none() {
                let reason = "a trigger needs a `body`";
                return no("create_trigger.body", reason);
            }
            None
        }
        _ => None,
    }
}

/// Only a primary key of one column of whole numbers counts.
fn counts(column: &Column, alone: bool, path: &str) -> Option<Unsupported> {
    let (part, said) = match (&column.identity, column.autoincrement) {
        (Some(Identity { kind: IdentityKind::ByDefault, .. }), _) => ("identity", true),
        (_, true) => ("autoincrement", true),
        _ => ("", false),
    };
    if said && !(alone && super::table::is_whole_number(column)) {
        let reason = "SQLite numbers only a primary key of one integer column";
        return no(&format!("{path}.{part}"), reason);
    }
    None
}

/// A STRICT table has no exact decimals.
fn too_strict(column: &Column, strict: bool, path: &str) -> Option<Unsupported> {
    match Type::of(&column.type_, Dialect::Sqlite, path) {
        Ok(Type::Portable(Portable::Decimal(..))) if strict => no(
            &format!("{path}.type"),
            "a STRICT table has no exact decimal type: give the type by dialect, such as text",
        ),
        _ => None,
    }
}
