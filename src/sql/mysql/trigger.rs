//! Triggers.

use super::writer::{
    IMMEDIATE, NO_CASCADE, ONLY_MARIADB_REPLACES, ONLY_POSTGRES, Writer, not_both,
};
use crate::model::operation::{
    CreateTrigger, DropTrigger, ForEach, Timing, TriggerDefinition, TriggerEvent,
};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

fn support_of_create(writer: &Writer<'_>, create: &CreateTrigger) -> Result<(), Unsupported> {
    let CreateTrigger { schema, table, name, or_replace, if_not_exists, definition, was: _ } =
        create;
    let TriggerDefinition {
        timing,
        events,
        update_of,
        for_each,
        when,
        execute,
        body,
        constraint,
        deferrable,
        initially,
        old_table,
        new_table,
        follows,
        precedes,
        definer: _,
        comment,
    } = definition;
    let mut support = writer.support("create_trigger");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    let replaces = *or_replace && !writer.flavour.or_replace;
    support.refuse_by_flavour_if(replaces, "or_replace", ONLY_MARIADB_REPLACES);
    support.refuse_if(*timing == Timing::InsteadOf, "timing", "a view has no triggers");
    for (at, event) in events.iter().enumerate() {
        let reason = "TRUNCATE fires no trigger";
        support.refuse_if(*event == TriggerEvent::Truncate, &format!("events.{at}"), reason);
    }
    let reason = "a trigger fires for every update: compare OLD and NEW in its body";
    support.refuse_if(!update_of.is_empty(), "update_of", reason);
    support.refuse_if(*for_each == Some(ForEach::Statement), "for_each", ONLY_POSTGRES);
    let reason = "a trigger fires for every row: write IF in its body";
    support.refuse_if(when.is_some(), "when", reason);
    support.refuse_if(execute.is_some(), "execute", ONLY_POSTGRES);
    support.refuse_if(*constraint, "constraint", ONLY_POSTGRES);
    support.refuse_if(*deferrable == Some(true), "deferrable", IMMEDIATE);
    support.refuse_if(initially.is_some(), "initially", IMMEDIATE);
    support.refuse_if(old_table.is_some(), "old_table", ONLY_POSTGRES);
    support.refuse_if(new_table.is_some(), "new_table", ONLY_POSTGRES);
    support.refuse_if(comment.is_some(), "comment", ONLY_POSTGRES);
    support.finish()?;
    not_both(writer, "create_trigger", *or_replace, *if_not_exists)?;
    if events.len() != 1 {
        return Err(writer.no("create_trigger.events", "a trigger has exactly one event"));
    }
    if body.is_none() {
        return Err(writer.no("create_trigger.body", "it is what a trigger does here"));
    }
    if follows.is_some() && precedes.is_some() {
        return Err(writer.no("create_trigger.precedes", "use either `follows` or `precedes`"));
    }
    Ok(())
}

/// `CREATE TRIGGER`.
pub(super) fn create(
    writer: &Writer<'_>,
    create: &CreateTrigger,
) -> Result<Vec<Lowered>, Unsupported> {
    support_of_create(writer, create)?;
    let trigger = &create.definition;
    let schema = create.schema.as_deref();
    let timing = match trigger.timing {
        Timing::Before => "BEFORE",
        Timing::After | Timing::InsteadOf => "AFTER",
    };
    let event = match trigger.events.first() {
        Some(TriggerEvent::Update) => "UPDATE",
        Some(TriggerEvent::Delete) => "DELETE",
        _ => "INSERT",
    };
    let mut sql = "CREATE".to_owned();
    if create.or_replace {
        sql.push_str(" OR REPLACE");
    }
    sql.push_str(&writer.definer(trigger.definer.as_deref()));
    sql.push_str(" TRIGGER ");
    if create.if_not_exists {
        sql.push_str("IF NOT EXISTS ");
    }
    sql.push_str(&format!(
        "{} {timing} {event} ON {} FOR EACH ROW",
        writer.name(schema, &create.name),
        writer.name(schema, &create.table)
    ));
    if let Some(other) = &trigger.follows {
        sql.push_str(&format!(" FOLLOWS {}", writer.ident(other)));
    }
    if let Some(other) = &trigger.precedes {
        sql.push_str(&format!(" PRECEDES {}", writer.ident(other)));
    }
    let body = match &trigger.body {
        Some(body) => writer.text_for(body, "create_trigger.body")?,
        None => "",
    };
    sql.push_str(&format!("\n{}", writer.body(body)));
    Ok(vec![Lowered::new(sql, "create_trigger")])
}

/// `DROP TRIGGER`.
pub(super) fn drop(writer: &Writer<'_>, drop: &DropTrigger) -> Result<Vec<Lowered>, Unsupported> {
    let DropTrigger { schema, table, name, if_exists: _, cascade, was: _ } = drop;
    let mut support = writer.support("drop_trigger");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let name = writer.name(drop.schema.as_deref(), &drop.name);
    Ok(vec![Lowered::new(format!("DROP TRIGGER {if_exists}{name}"), "drop_trigger")])
}
