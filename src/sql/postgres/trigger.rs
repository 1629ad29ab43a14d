//! Triggers.

use super::clauses::{
    NO_EQUIVALENT, OWNER, USE_OR_REPLACE, id, ids, named, refusal, support, text_for, when,
};
use super::comment;
use crate::model::operation::{
    CreateTrigger, DropTrigger, ForEach, Timing, TriggerDefinition, TriggerEvent,
};
use crate::sql::clauses::{bracketed, deferrable};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// `CREATE TRIGGER`.
pub(super) fn create(create: &CreateTrigger) -> Result<Vec<Lowered>, Unsupported> {
    let CreateTrigger { schema, table, name, or_replace, if_not_exists, definition, was: _ } =
        create;
    let TriggerDefinition {
        timing,
        events,
        update_of,
        for_each,
        when: condition,
        execute,
        body,
        constraint,
        deferrable: is_deferrable,
        initially,
        old_table,
        new_table,
        follows,
        precedes,
        definer,
        comment,
    } = definition;
    let mut support = support("create_trigger");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.refuse_if(*if_not_exists, "if_not_exists", USE_OR_REPLACE);
    support.names("update_of", update_of);
    support.refuse_if(body.is_some(), "body", "a trigger calls a function: use `execute`");
    support.refuse_if(follows.is_some(), "follows", NO_EQUIVALENT);
    support.refuse_if(precedes.is_some(), "precedes", NO_EQUIVALENT);
    support.refuse_if(definer.is_some(), "definer", OWNER);
    support.finish()?;
    check_consistency(create)?;
    let timing = match timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        Timing::InsteadOf => "INSTEAD OF",
    };
    let events = events.iter().map(|event| match event {
        TriggerEvent::Insert => "INSERT".to_owned(),
        TriggerEvent::Update if update_of.is_empty() => "UPDATE".to_owned(),
        TriggerEvent::Update => format!("UPDATE OF {}", ids(update_of)),
        TriggerEvent::Delete => "DELETE".to_owned(),
        TriggerEvent::Truncate => "TRUNCATE".to_owned(),
    });
    let relation = named(schema, table);
    let mut sql = format!(
        "CREATE{}{} TRIGGER {} {timing} {} ON {relation}{}",
        when(*or_replace, "OR REPLACE"),
        when(*constraint, "CONSTRAINT"),
        id(name),
        events.collect::<Vec<_>>().join(" OR "),
        deferrable(*is_deferrable, *initially),
    );
    let rows = |words: &str, name: &Option<String>| {
        name.as_ref().map_or_else(String::new, |name| format!(" {words} TABLE AS {}", id(name)))
    };
    let tables = rows("OLD", old_table) + &rows("NEW", new_table);
    if !tables.is_empty() {
        sql.push_str(&format!(" REFERENCING{tables}"));
    }
    sql.push_str(match for_each {
        None | Some(ForEach::Row) => " FOR EACH ROW",
        Some(ForEach::Statement) => " FOR EACH STATEMENT",
    });
    if let Some(condition) = condition {
        let condition = text_for(condition, "create_trigger.when")?;
        sql.push_str(&format!(" WHEN {}", bracketed(condition)));
    }
    let Some(execute) = execute else {
        let reason = "it is missing: a trigger calls a function here";
        return Err(refusal("create_trigger.execute", reason));
    };
    sql.push_str(&format!(" EXECUTE FUNCTION {execute}"));
    let mut statements = vec![Lowered::new(sql, "create_trigger")];
    if let Some(text) = comment {
        let trigger = format!("{} ON {relation}", id(name));
        let path = "create_trigger.comment";
        statements.push(comment::statement("TRIGGER", &trigger, Some(text), path));
    }
    Ok(statements)
}

/// What fits together in a trigger and what does not.
fn check_consistency(create: &CreateTrigger) -> Result<(), Unsupported> {
    let definition = &create.definition;
    let refused =
        |part: &str, reason: &str| Err(refusal(&format!("create_trigger.{part}"), reason));
    let has = |event| definition.events.contains(&event);
    if definition.events.is_empty() {
        return refused("events", "a trigger needs an event");
    }
    if !definition.update_of.is_empty() && !has(TriggerEvent::Update) {
        return refused("update_of", "no update fires the trigger");
    }
    if has(TriggerEvent::Truncate) && definition.for_each != Some(ForEach::Statement) {
        return refused("for_each", "a TRUNCATE trigger fires once: use `for_each: statement`");
    }
    if !definition.constraint && definition.deferrable.is_some() {
        return refused("deferrable", "only a trigger with `constraint: true` can be deferred");
    }
    if !definition.constraint && definition.initially.is_some() {
        return refused("initially", "only a trigger with `constraint: true` can be deferred");
    }
    if definition.constraint && create.or_replace {
        return refused("or_replace", "a constraint trigger cannot replace another");
    }
    Ok(())
}

/// `DROP TRIGGER`.
pub(super) fn drop(drop: &DropTrigger) -> Result<Vec<Lowered>, Unsupported> {
    let DropTrigger { schema, table, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_trigger");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.finish()?;
    let sql = format!(
        "DROP TRIGGER{} {} ON {}{}",
        when(*if_exists, "IF EXISTS"),
        id(name),
        named(schema, table),
        when(*cascade, "CASCADE")
    );
    Ok(vec![Lowered::new(sql, "drop_trigger")])
}
