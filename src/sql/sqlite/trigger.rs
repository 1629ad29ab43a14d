//! Triggers.

use super::clauses::{NO_CASCADE, NO_COMMENTS, NO_EQUIVALENT, SQLITE, id, refusal, support};
use super::rebuild::known;
use crate::model::operation::{
    CreateTrigger, DropTrigger, ForEach, Timing, TriggerDefinition, TriggerEvent,
};
use crate::model::{Name, Schema, StoredDdl};
use crate::sql::clauses::{self, idents, text_for};
use crate::sql::lowering::{CatalogDelta, Group, Lowered};
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::same;
use crate::text::tokens;

fn support_of_create(create: &CreateTrigger) -> Result<(), Unsupported> {
    let CreateTrigger {
        schema,
        table: _,
        name: _,
        or_replace,
        if_not_exists: _,
        definition,
        was: _,
    } = create;
    let TriggerDefinition {
        timing: _,
        events,
        update_of,
        for_each,
        when: _,
        execute,
        body,
        constraint,
        deferrable,
        initially,
        old_table,
        new_table,
        follows,
        precedes,
        definer,
        comment,
    } = definition;
    let mut support = support("create_trigger", schema);
    support.refuse_if(*or_replace, "or_replace", NO_EQUIVALENT);
    for (at, event) in events.iter().enumerate() {
        let is_truncate = *event == TriggerEvent::Truncate;
        support.refuse_if(is_truncate, &format!("events.{at}"), NO_EQUIVALENT);
    }
    support.refuse_if(*for_each == Some(ForEach::Statement), "for_each", NO_EQUIVALENT);
    support.refuse_if(execute.is_some(), "execute", NO_EQUIVALENT);
    support.refuse_if(*constraint, "constraint", NO_EQUIVALENT);
    support.refuse_if(*deferrable == Some(true), "deferrable", NO_EQUIVALENT);
    support.refuse_if(initially.is_some(), "initially", NO_EQUIVALENT);
    support.refuse_if(old_table.is_some(), "old_table", NO_EQUIVALENT);
    support.refuse_if(new_table.is_some(), "new_table", NO_EQUIVALENT);
    support.refuse_if(follows.is_some(), "follows", NO_EQUIVALENT);
    support.refuse_if(precedes.is_some(), "precedes", NO_EQUIVALENT);
    support.refuse_if(definer.is_some(), "definer", NO_EQUIVALENT);
    support.refuse_if(comment.is_some(), "comment", NO_COMMENTS);
    support.finish()?;
    if events.len() != 1 {
        let reason = "a trigger has exactly one event: create one for each";
        return Err(refusal("create_trigger.events", reason));
    }
    if !update_of.is_empty() && *events != [TriggerEvent::Update] {
        return Err(refusal("create_trigger.update_of", "only `update` takes columns"));
    }
    if body.is_none() {
        return Err(refusal("create_trigger.body", "a trigger needs a `body`"));
    }
    Ok(())
}

/// `CREATE TRIGGER`.
pub(super) fn create(create: &CreateTrigger, schema: &Schema) -> Result<Group, Unsupported> {
    support_of_create(create)?;
    let statements = vec![Lowered::new(statement(create)?, "create_trigger")];
    let mut kept = CatalogDelta::of(schema);
    if !kept.triggers.iter().any(|stored| same(&stored.name.name, &create.name)) {
        let plain = CreateTrigger { if_not_exists: false, ..create.clone() };
        kept.triggers.push(StoredDdl {
            name: Name { schema: None, name: create.name.clone() },
            table: Some(known::key_of(schema, &create.table)),
            sql: Some(statement(&plain)?),
        });
    }
    Ok(Group { statements, taken: 1, kept: Some(kept) })
}

fn statement(create: &CreateTrigger) -> Result<String, Unsupported> {
    let CreateTrigger { table, name, if_not_exists, definition, .. } = create;
    let timing = match definition.timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        Timing::InsteadOf => "INSTEAD OF",
    };
    let event = match definition.events.first() {
        Some(TriggerEvent::Insert) => "INSERT".to_owned(),
        Some(TriggerEvent::Delete) => "DELETE".to_owned(),
        Some(TriggerEvent::Update) if !definition.update_of.is_empty() => {
            format!("UPDATE OF {}", idents(SQLITE, &definition.update_of))
        }
        Some(TriggerEvent::Update) => "UPDATE".to_owned(),
        Some(TriggerEvent::Truncate) | None => {
            let reason = "a trigger fires on insert, update or delete";
            return Err(refusal("create_trigger.events", reason));
        }
    };
    let when = match &definition.when {
        None => String::new(),
        Some(when) => {
            format!(" WHEN {}", clauses::closed(text_for(when, SQLITE, "create_trigger.when")?))
        }
    };
    let Some(body) = &definition.body else {
        let reason = "a trigger needs a `body`";
        return Err(refusal("create_trigger.body", reason));
    };
    let body = in_block(text_for(body, SQLITE, "create_trigger.body")?);
    Ok(format!(
        "CREATE TRIGGER {}{} {timing} {event} ON {} FOR EACH ROW{when} {body}",
        if *if_not_exists { "IF NOT EXISTS " } else { "" },
        id(name),
        id(table),
    ))
}

/// A body in its `BEGIN … END`.
fn in_block(body: &str) -> String {
    let tokens = tokens(SQLITE, body);
    if tokens.first().is_some_and(|token| token.is("BEGIN")) {
        return body.trim().trim_end_matches(';').trim_end().to_owned();
    }
    // A comment at the end must not swallow what is put behind it.
    let body = body.trim();
    let end = match tokens.last() {
        Some(last) if last.is_symbol(";") => "",
        _ => ";",
    };
    format!("BEGIN\n{body}\n{end}END")
}

/// `DROP TRIGGER`.
pub(super) fn drop(drop: &DropTrigger, schema: &Schema) -> Result<Group, Unsupported> {
    let DropTrigger { schema: in_schema, table: _, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_trigger", in_schema);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let exists = if *if_exists { "IF EXISTS " } else { "" };
    let sql = format!("DROP TRIGGER {exists}{}", id(name));
    let mut kept = CatalogDelta::of(schema);
    kept.triggers.retain(|trigger| !same(&trigger.name.name, name));
    let statements = vec![Lowered::new(sql, "drop_trigger")];
    Ok(Group { statements, taken: 1, kept: Some(kept) })
}
