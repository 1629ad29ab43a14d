//! Sequences (MariaDB).

use super::writer::{NO_CASCADE, NO_SEQUENCES, ONLY_POSTGRES, Writer};
use crate::model::operation::{
    AlterSequence, CreateSequence, DropSequence, SequenceDefinition, SequenceOptions,
};
use crate::sql::lowering::Lowered;
use crate::sql::support::Support;
use crate::sql::unsupported::Unsupported;

fn support_of(support: &mut Support, definition: &SequenceDefinition) {
    let SequenceDefinition { type_, options: _, owned_by } = definition;
    support.refuse_if(type_.is_some(), "type", ONLY_POSTGRES);
    support.refuse_if(owned_by.is_some(), "owned_by", ONLY_POSTGRES);
}

/// `CREATE SEQUENCE`.
pub(super) fn create(
    writer: &Writer<'_>,
    create: &CreateSequence,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateSequence { schema, name, if_not_exists: _, definition } = create;
    let mut support = writer.support("create_sequence");
    support.name("schema", schema);
    support.name("name", name);
    support_of(&mut support, definition);
    support.refuse_whole_if(!writer.flavour.sequences, NO_SEQUENCES);
    support.finish()?;
    let sql = format!(
        "CREATE SEQUENCE {}{}{}",
        if create.if_not_exists { "IF NOT EXISTS " } else { "" },
        writer.name(create.schema.as_deref(), &create.name),
        options(&create.definition.options)
    );
    Ok(vec![Lowered::new(sql, "create_sequence")])
}

/// `ALTER SEQUENCE`.
pub(super) fn alter(
    writer: &Writer<'_>,
    alter: &AlterSequence,
) -> Result<Vec<Lowered>, Unsupported> {
    let AlterSequence { schema, name, restart: _, definition, was: _ } = alter;
    let mut support = writer.support("alter_sequence");
    support.name("schema", schema);
    support.name("name", name);
    support_of(&mut support, definition);
    support.refuse_whole_if(!writer.flavour.sequences, NO_SEQUENCES);
    support.finish()?;
    let mut options = options(&alter.definition.options);
    if let Some(restart) = alter.restart {
        options.push_str(&format!(" RESTART WITH {restart}"));
    }
    if options.is_empty() {
        return Ok(Vec::new());
    }
    let name = writer.name(alter.schema.as_deref(), &alter.name);
    Ok(vec![Lowered::new(format!("ALTER SEQUENCE {name}{options}"), "alter_sequence")])
}

/// `DROP SEQUENCE`.
pub(super) fn drop(writer: &Writer<'_>, drop: &DropSequence) -> Result<Vec<Lowered>, Unsupported> {
    let DropSequence { schema, name, if_exists: _, cascade, was: _ } = drop;
    let mut support = writer.support("drop_sequence");
    support.name("schema", schema);
    support.name("name", name);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.refuse_whole_if(!writer.flavour.sequences, NO_SEQUENCES);
    support.finish()?;
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let name = writer.name(drop.schema.as_deref(), &drop.name);
    Ok(vec![Lowered::new(format!("DROP SEQUENCE {if_exists}{name}"), "drop_sequence")])
}

/// What a sequence counts, each with a blank in front.
fn options(options: &SequenceOptions) -> String {
    let SequenceOptions { start, increment, min, max, cache, cycle } = options;
    let mut sql = String::new();
    let numbers = [
        ("START WITH", start),
        ("INCREMENT BY", increment),
        ("MINVALUE", min),
        ("MAXVALUE", max),
        ("CACHE", cache),
    ];
    for (word, number) in numbers {
        if let Some(number) = number {
            sql.push_str(&format!(" {word} {number}"));
        }
    }
    match cycle {
        Some(true) => sql.push_str(" CYCLE"),
        Some(false) => sql.push_str(" NOCYCLE"),
        None => {}
    }
    sql
}
