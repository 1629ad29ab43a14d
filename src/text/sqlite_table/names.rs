//! Names in SQLite's statements: where they are mentioned, and what the statements say under new ones.

use crate::text::sqlite::Sqlite;
use crate::text::token::{Family, Lexer, Token, TokenKind};

/// Whether two names are one to SQLite: only ASCII letters are alike in both cases.
pub fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The name that a token stands for; SQLite takes strings for names where only a name can stand.
pub(super) fn text_name(token: &Token<'_>) -> Option<String> {
    match token.sort {
        TokenKind::Text if token.text.starts_with('\'') => {
            let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
            Some(inner.replace("''", "'"))
        }
        _ => Sqlite.name(token),
    }
}

/// A text that is one name, without its quotes.
pub(super) fn unquoted(text: &str) -> String {
    let mut tokens = Lexer::new(&Sqlite, text);
    match (tokens.next(), tokens.next()) {
        (Some(token), None) => text_name(&token).unwrap_or_else(|| text.to_owned()),
        _ => text.to_owned(),
    }
}

/// Whether a statement names something so, as a name or as a string.
pub fn mentions(sql: &str, name: &str) -> bool {
    Lexer::new(&Sqlite, sql)
        .any(|token| text_name(&token).is_some_and(|mentioned| same(&mentioned, name)))
}

/// A statement under a new name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renamed {
    /// It says so.
    Sure(String),
    /// What the name means in it can only be told by who knows all tables.
    Unsure,
}

/// Puts a text in the place of the tokens that are wanted: they see the token before and behind.
fn replace(
    sql: &str,
    to: &str,
    mut wanted: impl FnMut(&[Token<'_>], &Token<'_>, Option<&Token<'_>>) -> bool,
) -> String {
    let tokens: Vec<Token<'_>> = crate::text::token::significant(&Sqlite, sql).collect();
    let (mut out, mut at) = (String::with_capacity(sql.len()), 0);
    for (index, token) in tokens.iter().enumerate() {
        if wanted(&tokens[..index], token, tokens.get(index + 1)) {
            out.push_str(&sql[at..token.start]);
            out.push_str(to);
            at = token.end();
        }
    }
    out.push_str(&sql[at..]);
    out
}

/// The words of an expression that SQLite also takes for names.
const WORDS_OF_EXPRESSIONS: &[&str] =
    &["cast", "end", "escape", "glob", "like", "match", "raise", "regexp", "asc", "desc", "nulls"];

/// An expression over one table under a new name of one of its columns.
pub fn rename_column(expression: &str, from: &str, to: &str) -> Renamed {
    if !mentions(expression, from) {
        return Renamed::Sure(expression.to_owned());
    }
    if WORDS_OF_EXPRESSIONS.iter().any(|word| same(word, from)) {
        return Renamed::Unsure;
    }
    let to = Sqlite.quote_ident(to);
    Renamed::Sure(replace(expression, &to, |before, token, next| {
        let is_name = matches!(token.sort, TokenKind::Word | TokenKind::Name)
            && text_name(token).is_some_and(|name| same(&name, from));
        let is_other = before.last().is_some_and(|token| token.is_any(&["COLLATE", "AS"]))
            || next.is_some_and(|next| next.is_symbol("(") || next.is_symbol("."));
        is_name && !is_other
    }))
}

/// An expression over one table under a new name of the table, as in `t.a > 0`.
pub(super) fn rename_qualifier(expression: &str, from: &str, to: &str) -> String {
    replace(expression, &Sqlite.quote_ident(to), |before, token, next| {
        text_name(token).is_some_and(|name| same(&name, from))
            && next.is_some_and(|next| next.is_symbol("."))
            && !before.last().is_some_and(|before| before.is_symbol("."))
    })
}

/// The columns of a key or another list of names under a new name of one of them.
pub(super) fn rename_in_list(list: &str, from: &str, to: &str) -> String {
    let to = Sqlite.quote_ident(to);
    replace(list, &to, |before, token, _| {
        let begins = before.last().is_none_or(|token| token.is_symbol("(") || token.is_symbol(","));
        begins && text_name(token).is_some_and(|name| same(&name, from))
    })
}

/// A trigger under a new name of a column of its own table.
pub fn rename_column_in_trigger(sql: &str, from: &str, to: &str) -> Renamed {
    let quoted = Sqlite.quote_ident(to);
    let mut sure = true;
    let mut in_head = true;
    let renamed = replace(sql, &quoted, |before, token, _| {
        in_head = in_head && !token.is("ON");
        if !text_name(token).is_some_and(|name| same(&name, from)) {
            return false;
        }
        let of_row = match before {
            [.., row, dot] => dot.is_symbol(".") && row.is_any(&["NEW", "OLD"]),
            _ => false,
        };
        let of_event = in_head
            && before.iter().any(|token| token.is("OF"))
            && before.last().is_some_and(|token| token.is("OF") || token.is_symbol(","));
        sure &= of_row || of_event;
        of_row || of_event
    });
    if sure { Renamed::Sure(renamed) } else { Renamed::Unsure }
}

/// An index, trigger or view under a new name of a table.
pub fn rename_table(sql: &str, from: &str, to: &str) -> Renamed {
    let quoted = Sqlite.quote_ident(to);
    let (mut sure, mut headed) = (true, false);
    let renamed = replace(sql, &quoted, |before, token, _| {
        if !text_name(token).is_some_and(|name| same(&name, from)) {
            return false;
        }
        let first_on = !headed && before.last().is_some_and(|token| token.is("ON"));
        headed |= first_on;
        let is_table = first_on
            || before.last().is_some_and(|token| token.is_any(&["FROM", "JOIN", "INTO", "UPDATE"]));
        sure &= is_table;
        is_table
    });
    if sure { Renamed::Sure(renamed) } else { Renamed::Unsure }
}

/// A CREATE INDEX under another name of its own.
pub fn rename_index(sql: &str, to: &str) -> String {
    let quoted = Sqlite.quote_ident(to);
    let mut done = false;
    replace(sql, &quoted, |before, token, next| {
        let is_name = !done
            && before.iter().any(|token| token.is("INDEX"))
            && text_name(token).is_some()
            && next.is_some_and(|next| next.is("ON"));
        done |= is_name;
        is_name
    })
}
