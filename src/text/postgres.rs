//! PostgreSQL's way of writing SQL, with `standard_conforming_strings` on.

use super::split::{Body, ClientLine};
use super::token::{Escapes, Family, Memory, Token, TokenKind};
use super::{keywords, postgres_external_effects, postgres_normalize_expr, scan};

pub(super) struct Postgres;

impl Family for Postgres {
    fn lex(&self, text: &[u8], at: usize, memory: &mut Memory) -> (TokenKind, usize) {
        let next = text.get(at + 1).copied();
        let escapes = std::mem::take(&mut memory.escapes);
        match text[at] {
            b'-' if next == Some(b'-') => {
                memory.escapes = escapes;
                scan::line_comment(text, at, b"\n\r")
            }
            b'/' if next == Some(b'*') => scan::block_comment(text, at, true),
            b'\'' if escapes == Escapes::NextLine => escape_string(text, at, memory),
            b'e' | b'E' if next == Some(b'\'') => escape_string(text, at + 1, memory),
            b'\'' => scan::quoted(text, at, TokenKind::Text, "string"),
            b'b' | b'B' | b'x' | b'X' | b'n' | b'N' if next == Some(b'\'') => {
                scan::quoted(text, at + 1, TokenKind::Text, "string")
            }
            b'"' => scan::quoted(text, at, TokenKind::Name, "quoted name"),
            b'u' | b'U' if text[at + 1..].starts_with(b"&'") => {
                scan::quoted(text, at + 2, TokenKind::Text, "string")
            }
            b'u' | b'U' if text[at + 1..].starts_with(b"&\"") => {
                scan::quoted(text, at + 2, TokenKind::Name, "quoted name")
            }
            b'$' => dollar(text, at),
            byte if scan::is_word_start(byte) => {
                (TokenKind::Word, scan::while_bytes(text, at, scan::is_word))
            }
            byte if byte.is_ascii_digit() => scan::number(text, at),
            byte if is_operator(byte) => operator(text, at),
            _ => scan::operator(text, at, &["::", ":=", ".."]),
        }
    }

    fn body(&self) -> Box<dyn Body> {
        Box::new(PostgresBody::default())
    }

    fn client_line<'a>(
        &self,
        text: &'a str,
        token: &Token<'a>,
        begun: bool,
    ) -> Option<ClientLine<'a>> {
        // No PostgreSQL statement has a backslash outside of a literal, so it is psql's.
        token.is_symbol("\\").then(|| {
            let line = text[token.start..].lines().next().unwrap_or("\\");
            let name = line.split_whitespace().next().unwrap_or("\\");
            match name {
                // pg_dump puts its text between these, so that psql runs no other command in it.
                "\\restrict" | "\\unrestrict" if !begun => {
                    ClientLine::Passed(token.start + line.len())
                }
                _ => ClientLine::Refused(name, "psql"),
            }
        })
    }

    fn name(&self, token: &Token<'_>) -> Option<String> {
        let name = match token.sort {
            TokenKind::Word => token.text.to_ascii_lowercase(),
            TokenKind::Name => scan::unquote(token.text).filter(|_| token.text.starts_with('"'))?,
            _ => return None,
        };
        Some(clip(name))
    }

    fn rename_keeps_schema(&self) -> bool {
        true
    }

    fn table_owns_indexes(&self) -> bool {
        false
    }

    fn reserves(&self, name: &str) -> bool {
        keywords::holds(keywords::POSTGRES, name)
    }

    fn reaches_out_when_called(&self, sql: &str) -> Option<(String, String)> {
        postgres_external_effects::reaches_out_when_called(sql)
    }

    fn reaches_out(&self, sql: &str) -> Option<String> {
        postgres_external_effects::reaches_out(sql)
    }

    fn canonical(&self, tokens: Vec<Token<'_>>) -> Vec<String> {
        postgres_normalize_expr::canonical(tokens)
    }

    fn all_or_nothing(&self, statement: &[Token<'_>]) -> bool {
        // What may commit in its middle.
        let [first, rest @ ..] = statement else { return true };
        let detaches = first.is("ALTER")
            && ["DETACH", "CONCURRENTLY"]
                .iter()
                .all(|word| rest.iter().any(|token| token.is(word)));
        !first.is_any(&["CALL", "DO"]) && !detaches
    }

    fn quote_ident(&self, name: &str) -> String {
        scan::quote(name, '"')
    }

    fn quote_literal(&self, value: &str) -> String {
        // PostgreSQL has no NUL in text.
        let value = value.replace('\0', "\u{fffd}");
        if value.contains('\\') {
            format!("E{}", scan::quote(&value.replace('\\', "\\\\"), '\''))
        } else {
            scan::quote(&value, '\'')
        }
    }
}

/// The server cuts names behind their 63rd byte.
fn clip(mut name: String) -> String {
    name.truncate(name.floor_char_boundary(63));
    name
}

fn escape_string(text: &[u8], quote: usize, memory: &mut Memory) -> (TokenKind, usize) {
    memory.escapes = Escapes::Behind;
    scan::escaped(text, quote)
}

/// `$$ … $$`, `$tag$ … $tag$`, or a `$` by itself as in `$1`.
fn dollar(text: &[u8], at: usize) -> (TokenKind, usize) {
    let tag = scan::while_bytes(text, at + 1, |byte| scan::is_word(byte) && byte != b'$');
    if text.get(tag) != Some(&b'$') || text[at + 1].is_ascii_digit() {
        return (TokenKind::Symbol, at + 1);
    }
    let (quote, mut from) = (&text[at..=tag], tag + 1);
    // Looks at dollars only: the tag cannot begin anywhere else, and a failed look ends at the next.
    while let Some(length) = text[from..].iter().position(|&byte| byte == b'$') {
        from += length;
        if text[from..].starts_with(quote) {
            return (TokenKind::Text, from + quote.len());
        }
        from += 1;
    }
    (TokenKind::Unclosed("dollar-quoted string"), text.len())
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

/// The server takes no longer one; looking no further keeps long runs linear.
const LONGEST_OPERATOR: usize = 63;

/// As the server does it: the longest run without a comment in it, and a run that ends in `+` or
/// `-` only if it holds a character that no other SQL has in operators.
fn operator(text: &[u8], at: usize) -> (TokenKind, usize) {
    let text = &text[..text.len().min(at + LONGEST_OPERATOR)];
    let mut end = at + 1;
    while end < text.len()
        && is_operator(text[end])
        && !text[end..].starts_with(b"--")
        && !text[end..].starts_with(b"/*")
    {
        end += 1;
    }
    if !text[at..end].iter().any(|byte| b"~!@#%^&|`?".contains(byte)) {
        while end > at + 1 && matches!(text[end - 1], b'+' | b'-') {
            end -= 1;
        }
    }
    (TokenKind::Symbol, end)
}

/// Follows brackets (the statements of a rule stand in them), `BEGIN ATOMIC … END` and COPY.
#[derive(Default)]
struct PostgresBody {
    statement: Statement,
    /// How many brackets are open, and where the outermost is.
    brackets: usize,
    bracket_at: usize,
    /// How many BEGIN ATOMIC and CASE are open, and where the outermost is.
    blocks: usize,
    block_at: usize,
    before: Before,
    copies_in: bool,
}

/// What the words so far say of the statement.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Statement {
    #[default]
    Unread,
    Create,
    Routine,
    Copy,
    Other,
}

/// The token before this one, as far as it matters.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Before {
    #[default]
    Other,
    /// A `.` or AS: what follows is a name, even if it looks like a keyword.
    Naming,
    Begin,
    From,
}

impl Body for PostgresBody {
    fn reset(&mut self) {
        *self = PostgresBody::default();
    }

    fn token(&mut self, token: &Token<'_>) {
        let before = std::mem::take(&mut self.before);
        if token.is_symbol("(") {
            if self.brackets == 0 {
                self.bracket_at = token.start;
            }
            self.brackets += 1;
        } else if token.is_symbol(")") {
            self.brackets = self.brackets.saturating_sub(1);
        } else if token.is_symbol(".") {
            self.before = Before::Naming;
        }
        self.statement = match self.statement {
            Statement::Unread if token.is("CREATE") => Statement::Create,
            Statement::Unread if token.is("COPY") => Statement::Copy,
            Statement::Create if token.is_any(&["OR", "REPLACE"]) => Statement::Create,
            Statement::Create if token.is_any(&["FUNCTION", "PROCEDURE"]) => Statement::Routine,
            Statement::Unread | Statement::Create => Statement::Other,
            known => known,
        };
        if token.sort != TokenKind::Word {
            return;
        }
        if token.is("AS") {
            self.before = Before::Naming;
        } else if self.statement == Statement::Copy && self.brackets == 0 {
            self.copies_in |= before == Before::From && token.is("STDIN");
            if token.is("FROM") {
                self.before = Before::From;
            }
        } else if self.statement == Statement::Routine && before != Before::Naming {
            if self.blocks == 0 {
                if token.is("BEGIN") {
                    self.block_at = token.start;
                    self.before = Before::Begin;
                } else if before == Before::Begin && token.is("ATOMIC") {
                    self.blocks = 1;
                }
            } else if token.is("CASE") {
                self.blocks += 1;
            } else if token.is("END") {
                self.blocks -= 1;
            }
        }
    }

    fn open(&self) -> Option<(&'static str, usize)> {
        if self.blocks > 0 {
            Some(("BEGIN ATOMIC body", self.block_at))
        } else if self.brackets > 0 {
            Some(("bracket", self.bracket_at))
        } else {
            None
        }
    }

    fn rows_follow(&self) -> bool {
        self.copies_in
    }
}
