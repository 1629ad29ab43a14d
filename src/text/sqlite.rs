//! SQLite's way of writing SQL.

use super::split::{Body, ClientLine};
use super::token::{Depth, Family, Memory, Token, TokenKind};
use super::{keywords, scan, sqlite_external_effects};

pub(super) struct Sqlite;

const OPERATORS: [&str; 10] = ["->>", "->", "||", "<<", ">>", "<=", "<>", ">=", "==", "!="];

impl Family for Sqlite {
    fn lex(&self, text: &[u8], at: usize, _memory: &mut Memory) -> (TokenKind, usize) {
        let next = text.get(at + 1).copied();
        match text[at] {
            b'-' if next == Some(b'-') => scan::line_comment(text, at, b"\n"),
            b'/' if next == Some(b'*') => match scan::block_comment(text, at, false) {
                // Nobody reads hints here.
                (TokenKind::Hint, end) => (TokenKind::Comment, end),
                comment => comment,
            },
            b'\'' => scan::quoted(text, at, TokenKind::Text, "string"),
            b'x' | b'X' if next == Some(b'\'') => {
                scan::quoted(text, at + 1, TokenKind::Text, "string")
            }
            b'"' | b'`' => scan::quoted(text, at, TokenKind::Name, "quoted name"),
            b'[' => match text[at..].iter().position(|&byte| byte == b']') {
                Some(length) => (TokenKind::Name, at + length + 1),
                None => (TokenKind::Unclosed("quoted name"), text.len()),
            },
            byte if scan::is_word_start(byte) || byte == b'$' => {
                (TokenKind::Word, scan::while_bytes(text, at, scan::is_word))
            }
            byte if byte.is_ascii_digit() => scan::number(text, at),
            _ => scan::operator(text, at, &OPERATORS),
        }
    }

    fn body(&self) -> Box<dyn Body> {
        Box::new(SqliteBody::default())
    }

    fn client_line<'a>(
        &self,
        text: &'a str,
        token: &Token<'a>,
        begun: bool,
    ) -> Option<ClientLine<'a>> {
        // No statement begins with a dot, so the line is one for the sqlite3 shell.
        (!begun && token.is_symbol(".")).then(|| {
            let name = text[token.start..].split_whitespace().next().unwrap_or(".");
            ClientLine::Refused(name, "the sqlite3 shell")
        })
    }

    fn name(&self, token: &Token<'_>) -> Option<String> {
        match token.sort {
            TokenKind::Word => Some(token.text.to_owned()),
            TokenKind::Name => match token.text.strip_prefix('[') {
                Some(rest) => rest.strip_suffix(']').map(str::to_owned),
                None => scan::unquote(token.text),
            },
            _ => None,
        }
    }

    fn rename_keeps_schema(&self) -> bool {
        true
    }

    fn reaches_out(&self, sql: &str) -> Option<String> {
        sqlite_external_effects::reaches_out(sql)
    }

    fn canonical(&self, tokens: Vec<Token<'_>>) -> Vec<String> {
        // SQLite keeps what was written: names in any case and quotes, brackets around the whole.
        let mut tokens = tokens.as_slice();
        while let [first, inner @ .., last] = tokens {
            let mut depth = Depth::default();
            depth.behind(first);
            let is_around = first.is_symbol("(")
                && last.is_symbol(")")
                && inner.iter().all(|token| depth.behind(token) > 0);
            if !is_around {
                break;
            }
            tokens = inner;
        }
        let said = |token: &Token<'_>| match token.sort {
            TokenKind::Word | TokenKind::Name => {
                self.name(token).map(|name| name.to_ascii_lowercase())
            }
            _ => None,
        };
        tokens.iter().map(|token| said(token).unwrap_or_else(|| token.text.to_owned())).collect()
    }

    fn table_owns_indexes(&self) -> bool {
        false
    }

    fn reserves(&self, name: &str) -> bool {
        keywords::holds(keywords::SQLITE, name)
    }

    fn same_object(&self, one: &str, other: &str) -> bool {
        one.eq_ignore_ascii_case(other)
    }

    fn same_part(&self, one: &str, other: &str) -> bool {
        one.eq_ignore_ascii_case(other)
    }

    fn needs_referred_table(&self) -> bool {
        false
    }

    fn quote_ident(&self, name: &str) -> String {
        scan::quote(name, '"')
    }

    fn quote_literal(&self, value: &str) -> String {
        // The parser stops at a NUL, and the sqlite3 shell drops a CR before a line end.
        if value.contains(['\0', '\r']) {
            format!("CAST(x'{}' AS TEXT)", scan::hex(value))
        } else {
            scan::quote(value, '\'')
        }
    }
}

/// Follows `CREATE TRIGGER … BEGIN …; END`, which only `; END ;` ends, as in `sqlite3_complete`.
#[derive(Default)]
struct SqliteBody {
    head: Head,
    trigger_at: usize,
    tail: Tail,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Head {
    #[default]
    Unread,
    Create,
    Trigger,
    Other,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Tail {
    #[default]
    Other,
    Semicolon,
    End,
}

impl Body for SqliteBody {
    fn reset(&mut self) {
        *self = SqliteBody::default();
    }

    fn token(&mut self, token: &Token<'_>) {
        self.tail = match self.tail {
            _ if token.is_symbol(";") => Tail::Semicolon,
            Tail::Semicolon if token.is("END") => Tail::End,
            _ => Tail::Other,
        };
        self.head = match self.head {
            Head::Unread if token.is_any(&["EXPLAIN", "QUERY", "PLAN"]) => Head::Unread,
            Head::Unread if token.is("CREATE") => Head::Create,
            Head::Create if token.is_any(&["TEMP", "TEMPORARY"]) => Head::Create,
            Head::Create if token.is("TRIGGER") => {
                self.trigger_at = token.start;
                Head::Trigger
            }
            Head::Unread | Head::Create => Head::Other,
            known => known,
        };
    }

    fn open(&self) -> Option<(&'static str, usize)> {
        (self.head == Head::Trigger && self.tail != Tail::End)
            .then_some(("body of the trigger", self.trigger_at))
    }
}
