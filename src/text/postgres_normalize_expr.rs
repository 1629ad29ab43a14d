//! Expressions that PostgreSQL prints in more than one way. What it has printed and read again it may print
//! differently: a cast of a whole array becomes one of each of its values.

use super::token::{Token, TokenKind};

/// The tokens in the form that all which mean the same have in common: casts of arrays are casts of their
/// values, and no brackets stand around a single operand.
pub(super) fn canonical(mut tokens: Vec<Token<'_>>) -> Vec<String> {
    while step(&mut tokens) {}
    tokens.iter().map(Token::folded).collect()
}

/// Changes the first thing that can be changed; each change leaves fewer brackets or casts of arrays.
fn step(tokens: &mut Vec<Token<'_>>) -> bool {
    for at in 0..tokens.len() {
        let changed = if tokens[at].is_symbol("(") {
            strip(tokens, at)
        } else {
            tokens[at].is("ARRAY") && distribute(tokens, at)
        };
        if changed {
            return true;
        }
    }
    false
}

/// Where the bracket that opens at this place closes.
fn close(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is_symbol("(") || token.is_symbol("[") {
            depth += 1;
        } else if token.is_symbol(")") || token.is_symbol("]") {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Takes brackets away that change nothing.
fn strip(tokens: &mut Vec<Token<'_>>, open: usize) -> bool {
    let Some(end) = close(tokens, open) else { return false };
    let before = open.checked_sub(1).map(|before| tokens[before]);
    let behind = tokens.get(end + 1);
    let inner = &tokens[open + 1..end];
    let is_whole = before.is_none() && behind.is_none();
    let is_doubled = before.is_some_and(|before| before.is_symbol("("))
        && behind.is_some_and(|behind| behind.is_symbol(")"));
    let needless = match is_whole || is_doubled {
        true => is_one_value(inner),
        // What follows a name is called with it, and `(a).b` is no column of a table.
        false => {
            before.is_none_or(|before| !takes_brackets(&before))
                && !behind.is_some_and(|behind| behind.is_symbol("."))
                && (is_operand(inner) || behind.is_some_and(is_cast) && is_casted(inner))
        }
    };
    if needless {
        tokens.remove(end);
        tokens.remove(open);
    }
    needless
}

/// Whether brackets behind a token are its own.
fn takes_brackets(token: &Token<'_>) -> bool {
    const OTHERS: [&str; 9] = ["AND", "OR", "NOT", "CASE", "WHEN", "THEN", "ELSE", "LIKE", "FROM"];
    matches!(token.sort, TokenKind::Word | TokenKind::Name) && !token.is_any(&OTHERS)
}

fn is_cast(token: &Token<'_>) -> bool {
    token.is_symbol("::")
}

/// Whether it is neither a row of several values nor a query.
fn is_one_value(tokens: &[Token<'_>]) -> bool {
    let Some(first) = tokens.first() else { return false };
    !first.is_any(&["SELECT", "WITH", "VALUES", "TABLE"]) && separators(tokens).is_empty()
}

/// Where the commas stand that are in no brackets.
fn separators(tokens: &[Token<'_>]) -> Vec<usize> {
    let (mut depth, mut commas) = (0_usize, Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        if token.is_symbol("(") || token.is_symbol("[") {
            depth += 1;
        } else if token.is_symbol(")") || token.is_symbol("]") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_symbol(",") {
            commas.push(at);
        }
    }
    commas
}

/// Whether it is a single value: a literal, or a name that may have others in front.
fn is_operand(tokens: &[Token<'_>]) -> bool {
    let is_name = |token: &Token<'_>| matches!(token.sort, TokenKind::Word | TokenKind::Name);
    match tokens {
        [one] => is_name(one) || matches!(one.sort, TokenKind::Text | TokenKind::Number),
        [first, rest @ ..] => {
            is_name(first)
                && rest.len() % 2 == 0
                && rest.chunks(2).all(|pair| pair[0].is_symbol(".") && is_name(&pair[1]))
        }
        [] => false,
    }
}

/// Whether it is a single value with casts behind it.
fn is_casted(tokens: &[Token<'_>]) -> bool {
    let Some(at) = tokens.iter().position(is_cast) else { return is_operand(tokens) };
    is_operand(&tokens[..at])
        && tokens[at..].iter().all(|token| {
            const OPERATORS: [&str; 13] = [
                "AND", "OR", "NOT", "IS", "ISNULL", "NOTNULL", "LIKE", "ILIKE", "SIMILAR", "IN",
                "BETWEEN", "COLLATE", "AT",
            ];
            match token.sort {
                TokenKind::Word => !token.is_any(&OPERATORS),
                TokenKind::Name | TokenKind::Number => true,
                _ => ["::", ".", "(", ")", "[", "]", ","].contains(&token.text),
            }
        })
}

/// Makes of `(ARRAY[a, b])::text[]` the array of `(a)::text` and `(b)::text`.
fn distribute(tokens: &mut Vec<Token<'_>>, array: usize) -> bool {
    let Some(open) = array.checked_sub(1).filter(|open| tokens[*open].is_symbol("(")) else {
        return false;
    };
    if !tokens.get(array + 1).is_some_and(|token| token.is_symbol("[")) {
        return false;
    }
    let Some(last) = close(tokens, array + 1) else { return false };
    let is = |at: usize, symbol: &str| tokens.get(at).is_some_and(|token| token.is_symbol(symbol));
    if !is(last + 1, ")") || !is(last + 2, "::") {
        return false;
    }
    let type_at = last + 3;
    let is_of_name = |token: &Token<'_>| {
        matches!(token.sort, TokenKind::Word | TokenKind::Name) || token.is_symbol(".")
    };
    let length = tokens[type_at..].iter().take_while(|token| is_of_name(token)).count();
    let end = type_at + length;
    if length == 0 || !is(end, "[") || !is(end + 1, "]") || is(end + 2, "[") {
        return false;
    }
    let symbol = |text: &'static str| Token { sort: TokenKind::Symbol, start: 0, text };
    let of = tokens[type_at..end].to_vec();
    let values = &tokens[array + 2..last];
    let mut made = vec![tokens[array], symbol("[")];
    let mut from = 0;
    for comma in separators(values).into_iter().chain([values.len()]) {
        if from > 0 {
            made.push(symbol(","));
        }
        if from < comma {
            made.push(symbol("("));
            made.extend_from_slice(&values[from..comma]);
            made.extend([symbol(")"), symbol("::")]);
            made.extend_from_slice(&of);
        }
        from = comma + 1;
    }
    made.push(symbol("]"));
    tokens.splice(open..end + 2, made);
    true
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, same_sql};

    fn same(one: &str, other: &str) -> bool {
        same_sql(Dialect::Postgres, one, other)
    }

    #[test]
    fn a_cast_of_an_array_is_one_of_its_values() {
        assert!(same(
            "((state)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            "((state)::text = ANY (ARRAY[('a'::character varying)::text, \
             ('b'::character varying)::text]))"
        ));
        assert!(same("(ARRAY[a, b + 1])::text[]", "ARRAY[(a)::text, (b + 1)::text]"));
        assert!(same("(ARRAY[f(a, b)])::double precision[]", "ARRAY[(f(a, b))::double precision]"));
        assert!(!same("(ARRAY[a])::text[]", "ARRAY[a]"));
        assert!(!same("(ARRAY[a])::text[]", "ARRAY[(b)::text]"));
    }

    #[test]
    fn brackets_around_one_value_do_not_count() {
        for (one, other) in [
            ("(a)::text = 'x'", "a::text = 'x'"),
            ("((a > 1))", "a > 1"),
            ("(t.a) + (1)", "t.a + 1"),
            ("A IS NULL", "a is null"),
            ("(('x'::text)::varchar(3))", "'x'::text::varchar(3)"),
            ("NOT (a)", "NOT a"),
        ] {
            assert!(same(one, other), "{one}");
            assert!(same(other, one), "{one}");
        }
    }

    #[test]
    fn what_means_something_else_is_not_the_same() {
        for (one, other) in [
            ("\"A\" > 1", "\"a\" > 1"),
            ("'A'", "'a'"),
            ("(a).b", "a.b"),
            ("f(a)", "f a"),
            ("(a + b) * c", "a + b * c"),
            ("(a || b)::text", "a || b::text"),
            ("(a::text AND b)::boolean", "a::text AND b::boolean"),
            ("a IN ((SELECT 1))", "a IN (SELECT 1)"),
            ("(-1)::text", "-1::text"),
            ("f((a, b))", "f(a, b)"),
            ("(", ")"),
        ] {
            assert!(!same(one, other), "{one}");
        }
    }
}
