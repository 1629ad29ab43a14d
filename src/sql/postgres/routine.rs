//! Functions and procedures.

use super::clauses::{OWNER, PG, USE_OR_REPLACE, id, named, refusal, support, text_for, when};
use super::comment;
use crate::model::operation::{CreateRoutine, DropRoutine, RoutineDefinition};
use crate::sql::clauses::{bracketed, closed, query};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;
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

/// What stands around the creation of a routine whose body is not checked.
const UNCHECKED: &str = "SET check_function_bodies = off;\n";
const CHECKED: &str = "RESET check_function_bodies";

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
pub(super) fn create(create: &CreateRoutine, kind: Kind) -> Result<Vec<Lowered>, Unsupported> {
    let CreateRoutine { schema, name, or_replace, if_not_exists, definition, was: _ } = create;
    let RoutineDefinition {
        arguments,
        returns,
        language,
        attributes,
        definer,
        body,
        check_body,
        comment,
    } = definition;
    let path = kind.path("create");
    let mut support = support(&path);
    support.name("schema", schema);
    support.name("name", name);
    support.refuse_if(*if_not_exists, "if_not_exists", USE_OR_REPLACE);
    support.refuse_if(definer.is_some(), "definer", OWNER);
    support.finish()?;
    let arguments = match arguments {
        Some(arguments) => text_for(arguments, &format!("{path}.arguments"))?,
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
            let returns = text_for(returns, &format!("{path}.returns"))?;
            sql.push_str(&format!(" RETURNS {}", closed(returns)));
        }
    }
    sql.push_str(&format!(" LANGUAGE {}", id(language.as_deref().unwrap_or("sql"))));
    for attribute in attributes {
        sql.push_str(&format!(" {}", closed(attribute)));
    }
    let body = text_for(body, &format!("{path}.body"))?;
    if is_parsed(language.as_deref(), body) {
        sql.push_str(&format!("\n{}", query(body)));
    } else {
        let quote = dollar_quote(body);
        sql.push_str(&format!(" AS {quote}{body}{quote}"));
    }
    // In one piece, so that the setting is put back whatever comes of it.
    let mut statements = vec![match check_body {
        Some(false) => {
            Lowered::new(format!("{UNCHECKED}{sql};\n{CHECKED}"), path.clone()).no_worse()
        }
        _ => Lowered::new(sql, path.clone()),
    }];
    if let Some(text) = comment {
        let routine = format!("{}({})", named(schema, name), signature(arguments));
        let path = format!("{path}.comment");
        statements.push(comment::statement(kind.word(), &routine, Some(text), &path));
    }
    Ok(statements)
}

/// Whether a body is one of those that the server parses when the routine is made, and that stand in no
/// quotes. As text, neither would be SQL.
pub(super) fn is_parsed(language: Option<&str>, body: &str) -> bool {
    let mut tokens = text::tokens(PG, body).into_iter();
    let first = tokens.next();
    let begins = |word: &str| first.is_some_and(|first| first.is(word));
    language.is_none_or(|language| language.eq_ignore_ascii_case("sql"))
        && (begins("RETURN")
            || begins("BEGIN") && tokens.next().is_some_and(|second| second.is("ATOMIC")))
}

/// `DROP FUNCTION` or `DROP PROCEDURE`.
pub(super) fn drop(drop: &DropRoutine, kind: Kind) -> Result<Vec<Lowered>, Unsupported> {
    let DropRoutine { schema, name, arguments, if_exists, cascade, was } = drop;
    let path = kind.path("drop");
    let mut support = support(&path);
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
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
    Ok(vec![Lowered::new(sql, path)])
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
