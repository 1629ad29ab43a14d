//! How MySQL and MariaDB write SQL, with backslash escapes and without ANSI_QUOTES.

use super::mysql_atomic;
use super::mysql_body::MysqlBody;
use super::mysql_external_effects;
use super::split::{Body, ClientLine};
use super::token::{Family, Memory, Token, TokenKind};
use super::{keywords, scan};

pub(super) struct Mysql {
    /// Whether `/*M! … */` is executed.
    pub(super) mariadb: bool,
}

const OPERATORS: [&str; 14] =
    ["->>", "<=>", "->", "||", "&&", "<<", ">>", "<=", "<>", ">=", "!=", ":=", "@@", "\\N"];

impl Family for Mysql {
    fn lex(&self, text: &[u8], at: usize, memory: &mut Memory) -> (TokenKind, usize) {
        let next = text.get(at + 1).copied();
        match text[at] {
            b'-' if next == Some(b'-') && is_dash_comment(text.get(at + 2)) => {
                scan::line_comment(text, at, b"\n")
            }
            b'#' => scan::line_comment(text, at, b"\n"),
            b'/' if next == Some(b'*') => self.comment(text, at, memory),
            b'*' if next == Some(b'/') && memory.executable.is_some() => {
                memory.executable = None;
                (TokenKind::Close, at + 2)
            }
            b'\'' | b'"' => scan::escaped(text, at),
            b'b' | b'B' | b'x' | b'X' if next == Some(b'\'') => {
                scan::quoted(text, at + 1, TokenKind::Text, "string")
            }
            b'n' | b'N' if next == Some(b'\'') => scan::escaped(text, at + 1),
            b'`' => scan::quoted(text, at, TokenKind::Name, "quoted name"),
            byte if scan::is_word_start(byte) || byte == b'$' => {
                (TokenKind::Word, scan::while_bytes(text, at, scan::is_word))
            }
            byte if byte.is_ascii_digit() => scan::number(text, at),
            _ => scan::operator(text, at, &OPERATORS),
        }
    }

    fn body(&self) -> Box<dyn Body> {
        Box::new(MysqlBody::default())
    }

    fn client_line<'a>(
        &self,
        text: &'a str,
        token: &Token<'a>,
        begun: bool,
    ) -> Option<ClientLine<'a>> {
        if token.is_symbol("\\") {
            let name = text.get(token.start..token.start + 2).unwrap_or("\\").trim_end();
            return Some(ClientLine::Refused(name, "the mysql client"));
        }
        (!begun && token.is("DELIMITER")).then(|| {
            let line = text[token.start..].split('\n').next().unwrap_or_default();
            let argument = line[token.text.len()..].split_whitespace().next().unwrap_or_default();
            let bare = ['\'', '"', '`'].iter().find_map(|&quote| {
                argument.strip_prefix(quote)?.strip_suffix(quote).filter(|bare| !bare.is_empty())
            });
            ClientLine::Delimiter(bare.unwrap_or(argument), token.start + line.len())
        })
    }

    fn name(&self, token: &Token<'_>) -> Option<String> {
        match token.sort {
            TokenKind::Word => Some(token.text.to_owned()),
            TokenKind::Name => scan::unquote(token.text),
            _ => None,
        }
    }

    fn rename_keeps_schema(&self) -> bool {
        false
    }

    fn table_owns_indexes(&self) -> bool {
        true
    }

    fn has_sized_types(&self) -> bool {
        true
    }

    fn reserves(&self, name: &str) -> bool {
        // A bare name with an underscore in front may be read as a character set's.
        name.starts_with('_') || keywords::holds(keywords::MYSQL, name)
    }

    fn same_part(&self, one: &str, other: &str) -> bool {
        one == other || one.to_lowercase() == other.to_lowercase()
    }

    fn has_user_variables(&self) -> bool {
        true
    }

    fn all_or_nothing(&self, statement: &[Token<'_>]) -> bool {
        mysql_atomic::all_or_nothing(statement)
    }

    fn reaches_out(&self, sql: &str) -> Option<String> {
        let family =
            if self.mariadb { &Mysql { mariadb: true } } else { &Mysql { mariadb: false } };
        mysql_external_effects::reaches_out(family, sql)
    }

    fn quote_ident(&self, name: &str) -> String {
        scan::quote(name, '`')
    }

    fn quote_literal(&self, value: &str) -> String {
        // What a backslash means depends on sql_mode, what a byte above 127 means on SET NAMES, and
        // the mysql client drops a CR before a line end: hexadecimal means the same to all of them.
        let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t') && byte != b'\\';
        if value.bytes().all(plain) {
            scan::quote(value, '\'')
        } else {
            format!("_utf8mb4 x'{}'", scan::hex(value))
        }
    }
}

impl Mysql {
    fn comment(&self, text: &[u8], at: usize, memory: &mut Memory) -> (TokenKind, usize) {
        let behind = &text[at + 2..];
        let mark = if behind.starts_with(b"!") {
            1
        } else if self.mariadb && behind.starts_with(b"M!") {
            2
        } else {
            return scan::block_comment(text, at, false);
        };
        let version = at + 2 + mark;
        let digits = scan::while_bytes(text, version, |byte| byte.is_ascii_digit());
        // The first line of a dump, for its client: a version that no server has.
        if text[version..digits] == *b"999999" {
            return scan::block_comment(text, at, false);
        }
        memory.executable = Some(at);
        (TokenKind::Open, digits.min(version + 6))
    }
}

/// Two dashes begin a comment only if white space, a control character or nothing is behind them.
fn is_dash_comment(behind: Option<&u8>) -> bool {
    behind.is_none_or(|&byte| byte == b' ' || byte.is_ascii_control())
}
