//! Scanning that dialects share. Offsets in, offsets out: every function gives the offset behind
//! what it has read, always at the boundary of a character.

use super::token::TokenKind;

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c')
}

/// Letters, `_` and everything that is not ASCII, as all servers have it.
pub(super) fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

pub(super) fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

/// The end of the run of bytes from `at` on that are wanted.
pub(super) fn while_bytes(text: &[u8], at: usize, wanted: impl Fn(u8) -> bool) -> usize {
    text[at..].iter().position(|&byte| !wanted(byte)).map_or(text.len(), |length| at + length)
}

/// A number: digits, `0x1f`, `1_000`, `1.5e-3`. Letters glued to it belong to it, so that MySQL's
/// name `1st` is one token; a `$` does not, it may open a dollar quote.
pub(super) fn number(text: &[u8], at: usize) -> (TokenKind, usize) {
    let digits = |from| while_bytes(text, from, |byte| byte.is_ascii_digit() || byte == b'_');
    let letters = |from| while_bytes(text, from, |byte| is_word(byte) && byte != b'$');
    let mut end = digits(at);
    if text.get(end) == Some(&b'.') && text.get(end + 1) != Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(text.get(end), Some(b'e' | b'E'))
        && matches!(text.get(end + 1), Some(b'+' | b'-'))
        && text.get(end + 2).is_some_and(u8::is_ascii_digit)
    {
        end = digits(end + 2);
    }
    (TokenKind::Number, letters(end))
}

/// A quoted text whose quote at `at` is escaped by doubling it.
pub(super) fn quoted(
    text: &[u8],
    at: usize,
    sort: TokenKind,
    what: &'static str,
) -> (TokenKind, usize) {
    let quote = text[at];
    let mut at = at + 1;
    while let Some(length) = text[at..].iter().position(|&byte| byte == quote) {
        at += length + 1;
        if text.get(at) != Some(&quote) {
            return (sort, at);
        }
        at += 1;
    }
    (TokenKind::Unclosed(what), text.len())
}

/// A string whose quote at `at` is escaped by doubling it or by a backslash.
pub(super) fn escaped(text: &[u8], at: usize) -> (TokenKind, usize) {
    let quote = text[at];
    let mut at = at + 1;
    while let Some(length) = text[at..].iter().position(|&byte| byte == quote || byte == b'\\') {
        at += length + 1;
        if text[at - 1] == b'\\' {
            if at < text.len() {
                at += 1;
            }
        } else if text.get(at) == Some(&quote) {
            at += 1;
        } else {
            return (TokenKind::Text, at);
        }
    }
    (TokenKind::Unclosed("string"), text.len())
}

/// A comment to the end of the line, without the line end.
pub(super) fn line_comment(text: &[u8], at: usize, ends: &[u8]) -> (TokenKind, usize) {
    (TokenKind::Comment, while_bytes(text, at, |byte| !ends.contains(&byte)))
}

/// A `/* … */` at `at`; `nests` says whether another one inside counts.
pub(super) fn block_comment(text: &[u8], at: usize, nests: bool) -> (TokenKind, usize) {
    let sort = if text.get(at + 2) == Some(&b'+') { TokenKind::Hint } else { TokenKind::Comment };
    let mut depth = 1_usize;
    let mut at = at + 2;
    while let Some(length) = text[at..].iter().position(|byte| matches!(byte, b'*' | b'/')) {
        at += length;
        match (text[at], text.get(at + 1)) {
            (b'*', Some(b'/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return (sort, at);
                }
            }
            (b'/', Some(b'*')) if nests => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    (TokenKind::Unclosed("comment"), text.len())
}

/// The longest of these operators at `at`, else one byte.
pub(super) fn operator(text: &[u8], at: usize, longest_first: &[&str]) -> (TokenKind, usize) {
    let length = longest_first
        .iter()
        .find(|operator| {
            // The first byte rules out nearly all of them.
            let operator = operator.as_bytes();
            operator[0] == text[at] && text[at..].starts_with(operator)
        })
        .map_or(1, |operator| operator.len());
    (TokenKind::Symbol, at + length)
}

/// A quoted name without its quotes, doubled ones made single.
pub(super) fn unquote(text: &str) -> Option<String> {
    let quote = text.chars().next()?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
}

/// The text in quotes, with those inside doubled.
pub(super) fn quote(text: &str, quote: char) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push(quote);
    for character in text.chars() {
        if character == quote {
            quoted.push(quote);
        }
        quoted.push(character);
    }
    quoted.push(quote);
    quoted
}

/// The bytes in hexadecimal, as in `x'…'`.
pub(super) fn hex(text: &str) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    text.bytes()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .collect()
}
