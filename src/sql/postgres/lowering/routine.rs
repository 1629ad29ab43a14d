//! Functions, procedures and triggers.

use super::comment;
use super::words::{PG, id, ids, named, refusal, said, when};
use crate::model::operation::{
    CreateRoutine, CreateTrigger, DropRoutine, DropTrigger, ForEach, RoutineDefinition, Timing,
    TriggerDefinition, TriggerEvent,
};
use crate::sql::clauses::{bracketed, closed, deferrable, query};
use crate::sql::lowering::{Lowered, Unsupported};
use crate::text::{self, TokenKind};

/// Which of the two it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A function.
    Function,
    /// A procedure.
    Procedure,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Function => "FUNCTION",
            Kind::Procedure => "PROCEDURE",
        }
    }

    fn path(self, verb: &str) -> String {
        format!("{verb}_{}", self.word().to_ascii_lowercase())
    }
}

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
pub(super) fn create(create: &CreateRoutine, kind: Kind) -> Result<Vec<Lowered>, Unsupported> {
    let CreateRoutine { schema, name, or_replace, definition, .. } = create;
    let RoutineDefinition { arguments, returns, language, attributes, body, comment, .. } =
        definition;
    let path = kind.path("create");
    let arguments = match arguments {
        Some(arguments) => said(arguments, &format!("{path}.arguments"))?,
        None => "",
    };
    let mut sql = format!(
        "CREATE{} {} {}{}",
        when(*or_replace, "OR REPLACE"),
        kind.word(),
        named(schema, name),
        bracketed(arguments)
    );
    match (returns, kind) {
        (None, _) => {}
        (Some(_), Kind::Procedure) => {
            return Err(refusal(&format!("{path}.returns"), "a procedure has no `returns`"));
        }
        (Some(returns), Kind::Function) => {
            let returns = said(returns, &format!("{path}.returns"))?;
            sql.push_str(&format!(" RETURNS {}", closed(returns)));
        }
    }
    sql.push_str(&format!(" LANGUAGE {}", id(language.as_deref().unwrap_or("sql"))));
    for attribute in attributes {
        sql.push_str(&format!(" {}", closed(attribute)));
    }
    let body = said(body, &format!("{path}.body"))?;
    if is_parsed(language.as_deref(), body) {
        sql.push_str(&format!("\n{}", query(body)));
    } else {
        let quote = dollar_quote(body);
        sql.push_str(&format!(" AS {quote}{body}{quote}"));
    }
    let mut statements = vec![Lowered::new(sql, path.clone())];
    if let Some(text) = comment {
        let routine = format!("{}({})", named(schema, name), signature(arguments));
        let path = format!("{path}.comment");
        statements.push(comment::statement(kind.word(), &routine, Some(text), &path));
    }
    Ok(statements)
}

/// Whether a body is one of those that the server parses when the routine is made, and that stand in no
/// quotes. As text, neither would be SQL.
fn is_parsed(language: Option<&str>, body: &str) -> bool {
    let mut tokens = text::tokens(PG, body).into_iter();
    let first = tokens.next();
    let begins = |word: &str| first.is_some_and(|first| first.is(word));
    language.is_none_or(|language| language.eq_ignore_ascii_case("sql"))
        && (begins("RETURN")
            || begins("BEGIN") && tokens.next().is_some_and(|second| second.is("ATOMIC")))
}

/// `DROP FUNCTION` or `DROP PROCEDURE`.
pub(super) fn drop(drop: &DropRoutine, kind: Kind) -> Vec<Lowered> {
    let DropRoutine { schema, name, arguments, if_exists, cascade, was } = drop;
    // What was there tells it from others of its name, too.
    let of_was = was.as_ref().and_then(|was| was.arguments.as_ref()?.get(PG));
    let arguments = arguments.as_ref().or(of_was);
    let arguments = arguments.map_or_else(String::new, |own| format!("({})", signature(own)));
    let sql = format!(
        "DROP {}{} {}{arguments}{}",
        kind.word(),
        when(*if_exists, "IF EXISTS"),
        named(schema, name),
        when(*cascade, "CASCADE")
    );
    vec![Lowered::new(sql, kind.path("drop"))]
}

/// A dollar quote that does not end before the text does.
pub(super) fn dollar_quote(text: &str) -> String {
    let quotes = ["$$".to_owned(), "$body$".to_owned()].into_iter();
    let more = (1..).map(|number: u64| format!("$body{number}$"));
    // A text has no more places than characters.
    quotes
        .chain(more)
        .find(|quote| format!("{text}{quote}").find(quote.as_str()) == Some(text.len()))
        .unwrap_or_default()
}

/// Arguments as they tell routines of one name apart: without their defaults.
fn signature(arguments: &str) -> String {
    let (mut kept, mut depth, mut in_default) = (String::new(), 0_usize, false);
    let mut end = 0;
    for token in text::tokens(PG, arguments) {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => in_default = false,
            "=" | ":=" if depth == 0 => in_default = true,
            word if depth == 0 && token.sort == TokenKind::Word => {
                in_default |= word.eq_ignore_ascii_case("default");
            }
            _ => {}
        }
        if !in_default {
            let apart = token.start > end && !kept.is_empty() && token.text != ",";
            kept.push_str(if apart { " " } else { "" });
            kept.push_str(token.text);
        }
        end = token.end();
    }
    kept
}

/// `CREATE TRIGGER`.
pub(super) fn create_trigger(create: &CreateTrigger) -> Result<Vec<Lowered>, Unsupported> {
    let CreateTrigger { schema, table, name, or_replace, definition, .. } = create;
    let refused = |part: &str, reason: &str| refusal(&format!("create_trigger.{part}"), reason);
    check_trigger(create)?;
    let TriggerDefinition { timing, update_of, for_each, when: condition, constraint, .. } =
        definition;
    let timing = match timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        Timing::InsteadOf => "INSTEAD OF",
    };
    let events = definition.events.iter().map(|event| match event {
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
        deferrable(definition.deferrable, definition.initially),
    );
    let rows = |words: &str, name: &Option<String>| {
        name.as_ref().map_or_else(String::new, |name| format!(" {words} TABLE AS {}", id(name)))
    };
    let tables = rows("OLD", &definition.old_table) + &rows("NEW", &definition.new_table);
    if !tables.is_empty() {
        sql.push_str(&format!(" REFERENCING{tables}"));
    }
    sql.push_str(match for_each {
        None | Some(ForEach::Row) => " FOR EACH ROW",
        Some(ForEach::Statement) => " FOR EACH STATEMENT",
    });
    if let Some(condition) = condition {
        let condition = said(condition, "create_trigger.when")?;
        sql.push_str(&format!(" WHEN {}", bracketed(condition)));
    }
    let Some(execute) = &definition.execute else {
        return Err(refused("execute", "it is missing: a trigger calls a function here"));
    };
    sql.push_str(&format!(" EXECUTE FUNCTION {execute}"));
    let mut statements = vec![Lowered::new(sql, "create_trigger")];
    if let Some(text) = &definition.comment {
        let trigger = format!("{} ON {relation}", id(name));
        let path = "create_trigger.comment";
        statements.push(comment::statement("TRIGGER", &trigger, Some(text), path));
    }
    Ok(statements)
}

/// What fits together in a trigger and what does not.
fn check_trigger(create: &CreateTrigger) -> Result<(), Unsupported> {
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
pub(super) fn drop_trigger(drop: &DropTrigger) -> Vec<Lowered> {
    let DropTrigger { schema, table, name, if_exists, cascade, .. } = drop;
    let sql = format!(
        "DROP TRIGGER{} {} ON {}{}",
        when(*if_exists, "IF EXISTS"),
        id(name),
        named(schema, table),
        when(*cascade, "CASCADE")
    );
    vec![Lowered::new(sql, "drop_trigger")]
}
