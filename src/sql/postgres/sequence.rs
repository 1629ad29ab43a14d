//! Sequences.

use super::clauses::{id, named, refusal, support, when};
use super::flavour::Flavour;
use crate::model::operation::{
    AlterSequence, CreateSequence, DropSequence, SequenceDefinition, SequenceOptions,
};
use crate::sql::lowering::Lowered;
use crate::sql::types::Type;
use crate::sql::unsupported::Unsupported;

/// What stands behind the name of a sequence, each with a blank in front.
fn definition(
    flavour: &Flavour,
    schema: &Option<String>,
    definition: &SequenceDefinition,
) -> String {
    let SequenceDefinition { type_, options, owned_by } = definition;
    let mut sql = String::new();
    if let Some(of) = type_ {
        sql.push_str(&format!(" AS {}", Type::plain(of).name(flavour.types)));
    }
    sql.push_str(&self::options(options));
    if let Some(column) = owned_by {
        sql.push_str(&format!(" OWNED BY {}", owner(schema, column)));
    }
    sql
}

/// A `table.column`, in the sequence's schema unless it names another.
fn owner(schema: &Option<String>, column: &str) -> String {
    let parts: Vec<&str> = column.split('.').collect();
    match parts.as_slice() {
        [table, column] => format!("{}.{}", named(schema, table), id(column)),
        [schema, table, column] => {
            format!("{}.{}", named(&Some((*schema).to_owned()), table), id(column))
        }
        _ => "NONE".to_owned(),
    }
}

/// `CREATE SEQUENCE`.
pub(super) fn create(
    flavour: &Flavour,
    create: &CreateSequence,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateSequence { schema, name, if_not_exists, definition } = create;
    let mut support = support("create_sequence");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let sql = format!(
        "CREATE SEQUENCE{} {}{}",
        when(*if_not_exists, "IF NOT EXISTS"),
        named(schema, name),
        self::definition(flavour, schema, definition)
    );
    Ok(vec![Lowered::new(sql, "create_sequence")])
}

/// `ALTER SEQUENCE`.
pub(super) fn alter(flavour: &Flavour, alter: &AlterSequence) -> Result<Vec<Lowered>, Unsupported> {
    let AlterSequence { schema, name, restart, definition, was: _ } = alter;
    let mut support = support("alter_sequence");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let mut changes = self::definition(flavour, schema, definition);
    if let Some(number) = restart {
        changes.push_str(&format!(" RESTART WITH {number}"));
    }
    if changes.is_empty() {
        return Err(refusal("alter_sequence", "it changes nothing"));
    }
    let sql = format!("ALTER SEQUENCE {}{changes}", named(schema, name));
    Ok(vec![Lowered::new(sql, "alter_sequence")])
}

/// `DROP SEQUENCE`.
pub(super) fn drop(drop: &DropSequence) -> Result<Vec<Lowered>, Unsupported> {
    let DropSequence { schema, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_sequence");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP SEQUENCE{exists} {}{cascade}", named(schema, name));
    Ok(vec![Lowered::new(sql, "drop_sequence")])
}

/// What a sequence counts, each with a blank in front.
pub(super) fn options(options: &SequenceOptions) -> String {
    let SequenceOptions { start, increment, min, max, cache, cycle } = options;
    let number = |words: &str, value: &Option<i64>| {
        value.map_or_else(String::new, |value| format!(" {words} {value}"))
    };
    let cycle = match cycle {
        None => "",
        Some(true) => " CYCLE",
        Some(false) => " NO CYCLE",
    };
    number("INCREMENT BY", increment)
        + &number("MINVALUE", min)
        + &number("MAXVALUE", max)
        + &number("START WITH", start)
        + &number("CACHE", cache)
        + cycle
}
