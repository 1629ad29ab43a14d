//! Whoever an object of MySQL or MariaDB belongs to: `DEFINER=…` in the statement that makes it.

use super::{Dialect, Token, tokens};

/// Where `DEFINER=…` begins and ends among the tokens of a statement.
pub fn definer_at(tokens: &[Token<'_>]) -> Option<(usize, usize)> {
    let begin = tokens.iter().position(|token| token.is("DEFINER"))?;
    tokens.get(begin + 1).filter(|token| token.is_symbol("="))?;
    let ends = |token: &Token<'_>| {
        token.is_any(&["SQL", "VIEW", "FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "AGGREGATE"])
    };
    let end = begin + 2 + tokens[begin + 2..].iter().position(ends)?;
    Some((begin, end))
}

/// The statement without `DEFINER=…`; `None`: it has none.
pub fn without_definer(dialect: Dialect, sql: &str) -> Option<String> {
    let tokens = tokens(dialect, sql);
    let (begin, end) = definer_at(&tokens)?;
    let behind = tokens.get(end).map_or(sql.len(), |token| token.start);
    Some(format!("{}{}", &sql[..tokens[begin].start], &sql[behind..]))
}
