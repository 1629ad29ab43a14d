//! What the statements that stand inside of another do: bodies, plans that are explained, SQL in quotes.

use super::Effect;
use super::effect::{effect, effect_of};
use super::token::{Family, Token, TokenKind, significant};

/// The effect of a statement that runs others, where it shows them; `None`: it runs none.
pub(super) fn nested(family: &'static dyn Family, tokens: &[Token<'_>]) -> Option<Effect> {
    let [first, rest @ ..] = tokens else { return None };
    let second = |words: &[&str]| rest.first().is_some_and(|token| token.is_any(words));
    if runs_what_it_explains(tokens) {
        let at = rest.iter().position(|token| token.is_any(&VERBS));
        return Some(at.map_or(Effect::Unknown, |at| effect_of(family, &rest[at..])));
    }
    if first.is("PREPARE") {
        let at = rest.iter().position(|token| token.is_any(&["AS", "FROM"]))?;
        let statement = &rest[at + 1..];
        return Some(match rest[at].is("AS") {
            true => effect_of(family, statement),
            false => in_quotes(family, statement),
        });
    }
    if first.is("EXECUTE") {
        let texts = rest.iter().skip_while(|token| token.is("IMMEDIATE"));
        return Some(in_quotes(family, &texts.copied().collect::<Vec<_>>()));
    }
    let is_compound = (first.is("BEGIN") && second(&["NOT"]))
        || first.is_any(&["IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR"]);
    if is_compound {
        return Some(body(family, tokens));
    }
    if first.is("DO") {
        // MySQL's evaluates an expression.
        let text = rest.iter().find(|token| token.sort == TokenKind::Text);
        let text = text.filter(|_| !family.has_user_variables()).map(|text| inside(text.text));
        return Some(text.map_or(Effect::Unknown, |text| {
            body(family, &significant(family, text).collect::<Vec<_>>())
        }));
    }
    None
}

/// Whether it is `EXPLAIN ANALYZE`, or MariaDB's `ANALYZE`, which run the statement behind them.
pub(super) fn runs_what_it_explains(statement: &[Token<'_>]) -> bool {
    const BEHIND_ANALYZE: [&str; 7] =
        ["FORMAT", "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];
    match statement {
        [first, rest @ ..] if first.is("EXPLAIN") => rest.iter().any(|token| token.is("ANALYZE")),
        [first, second, ..] => first.is("ANALYZE") && second.is_any(&BEHIND_ANALYZE),
        _ => false,
    }
}

const VERBS: [&str; 11] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "MERGE", "VALUES", "TABLE",
    "CREATE", "EXECUTE",
];

/// What is run from a text: of one that is put together nobody can tell.
fn in_quotes(family: &'static dyn Family, tokens: &[Token<'_>]) -> Effect {
    match tokens {
        [text, rest @ ..] if text.sort == TokenKind::Text => {
            let is_whole = rest.first().is_none_or(|token| token.is_any(&["USING", "INTO"]));
            let found = effect(family, inside(text.text));
            if is_whole { found } else { found.max(Effect::Unknown) }
        }
        _ => Effect::Unknown,
    }
}

/// The worst of the statements of a body. What it does beside them depends on rows.
fn body(family: &'static dyn Family, tokens: &[Token<'_>]) -> Effect {
    const BEFORE: [&str; 7] = ["BEGIN", "ATOMIC", "THEN", "ELSE", "LOOP", "DO", "REPEAT"];
    let ends = |token: &Token<'_>| token.sort == TokenKind::Terminator;
    let begins = tokens.iter().enumerate().filter(|(at, _)| {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        before.is_some_and(|before| ends(before) || before.is_any(&BEFORE))
    });
    let worst = begins.map(|(at, _)| {
        let statement = tokens[at..].split(ends).next().unwrap_or_default();
        // A body in a body is looked through by its own words.
        match statement.first().is_some_and(|first| first.is_any(&BEFORE)) {
            true => Effect::Unknown,
            false => effect_of(family, statement),
        }
    });
    worst.max().unwrap_or_default().max(Effect::Unknown)
}

/// What stands between the quotes of a string, with its escapes.
fn inside(text: &str) -> &str {
    if let Some(tag) = text.strip_prefix('$').and_then(|rest| rest.split_once('$')) {
        let length = tag.0.len() + 2;
        return text.get(length..text.len().saturating_sub(length)).unwrap_or_default();
    }
    let begin = text.find(['\'', '"']).map_or(0, |at| at + 1);
    text.get(begin..text.len() - usize::from(text.ends_with(['\'', '"']))).unwrap_or_default()
}
