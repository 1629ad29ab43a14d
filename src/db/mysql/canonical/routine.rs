//! Functions and procedures from the statements that make them, and whoever something belongs to.

use super::Place;
use crate::model::operation::RoutineDefinition;
use crate::text::{self, Depth, Token};

/// A routine; `None`: it cannot be read.
pub(super) fn read(place: &Place, sql: &str) -> Option<RoutineDefinition> {
    let dialect = place.dialect;
    let tokens = text::tokens(dialect, sql);
    let kind = tokens.iter().position(|token| token.is_any(&["FUNCTION", "PROCEDURE"]))?;
    // An aggregate is no routine that an operation makes.
    if tokens[..kind].iter().any(|token| token.is("AGGREGATE")) {
        return None;
    }
    let open = kind + 2;
    tokens.get(open).filter(|token| token.is_symbol("("))?;
    let mut depth = Depth::default();
    let close = open + tokens[open..].iter().position(|token| depth.behind(token) == 0)?;
    let arguments = sql[tokens[open].end()..tokens[close].start].trim();
    let mut at = close + 1;
    let mut returns = None;
    if tokens.get(at)?.is("RETURNS") {
        // The server writes the type on one line, and begins another behind it.
        let begin = at + 1;
        let mut end = begin;
        while let Some(next) = tokens.get(end + 1)
            && !sql[tokens[end].end()..next.start].contains('\n')
        {
            end += 1;
        }
        returns = Some(sql[tokens.get(begin)?.start..tokens[end].end()].to_owned());
        at = end + 1;
    }
    let mut attributes = Vec::new();
    let mut comment = None;
    loop {
        let rest = tokens.get(at..)?;
        let words = |words: &[&str]| {
            rest.len() > words.len() && rest.iter().zip(words).all(|(token, word)| token.is(word))
        };
        let known = [
            "DETERMINISTIC",
            "NO SQL",
            "CONTAINS SQL",
            "READS SQL DATA",
            "MODIFIES SQL DATA",
            "SQL SECURITY INVOKER",
        ];
        let found = known.iter().find(|known| words(&known.split(' ').collect::<Vec<_>>()));
        if let Some(found) = found {
            attributes.push(found.to_lowercase());
            at += found.split(' ').count();
        } else if words(&["COMMENT"]) {
            comment = text_of(rest.get(1)?).filter(|comment| !comment.is_empty());
            at += 2;
        } else {
            break;
        }
    }
    attributes.sort();
    let body = sql[tokens.get(at)?.start..].trim_end();
    Some(RoutineDefinition {
        arguments: (!arguments.is_empty()).then(|| place.own(arguments)),
        returns: returns.map(|returns| place.own(returns)),
        language: None,
        attributes,
        definer: definer_in(place, sql).and_then(|definer| place.definer(&definer)),
        body: place.own(body),
        check_body: None,
        comment,
    })
}

/// Whoever the statement says that an object belongs to: `user@host`.
pub(super) fn definer_in(place: &Place, sql: &str) -> Option<String> {
    let tokens = text::tokens(place.dialect, sql);
    let (begin, end) = text::definer_at(&tokens)?;
    let said = tokens[begin + 2..end]
        .iter()
        .map(|token| text::name_of(place.dialect, token).unwrap_or_else(|| token.text.to_owned()));
    Some(said.collect())
}

/// The statement without whoever it belongs to, where that is who is connected.
pub(super) fn without_definer(place: &Place, sql: &str) -> String {
    let is_own = definer_in(place, sql).is_some_and(|definer| place.definer(&definer).is_none());
    let without = text::without_definer(place.dialect, sql).filter(|_| is_own);
    without.unwrap_or_else(|| sql.to_owned())
}

fn text_of(token: &Token<'_>) -> Option<String> {
    let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(inner.replace("''", "'").replace("\\'", "'").replace("\\\\", "\\"))
}
