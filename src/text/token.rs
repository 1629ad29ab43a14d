//! Tokens of SQL and the lexer's loop; what differs between dialects is behind [`Family`].

use super::scan;
use super::split::{Body, ClientLine};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// White space, and a byte order mark at the very beginning.
    Space,
    /// A comment that no server reads.
    Comment,
    /// A `/*+ … */` comment that the optimizer reads.
    Hint,
    /// A keyword or an unquoted name.
    Word,
    /// A quoted name.
    Name,
    /// A string, with its prefix.
    Text,
    /// A number.
    Number,
    /// An operator, a bracket, anything else.
    Symbol,
    /// What ends a statement: `;` or MySQL's DELIMITER.
    Terminator,
    /// The beginning of MySQL's `/*!40101 … */`.
    Open,
    /// The `*/` of it.
    Close,
    /// Something that is opened and runs to the end of the text.
    Unclosed(&'static str),
}

/// A piece of the text; all tokens together are the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub sort: TokenKind,
    /// Where it begins, in bytes.
    pub start: usize,
    /// As the text writes it.
    pub text: &'a str,
}

impl Token<'_> {
    /// The offset behind its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword, in upper case here and in any case there.
    pub fn is(&self, word: &str) -> bool {
        self.sort == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these keywords.
    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// As it is compared: a word in lower case, all else as it is written.
    pub(super) fn folded(&self) -> String {
        match self.sort {
            TokenKind::Word => self.text.to_ascii_lowercase(),
            _ => self.text.to_owned(),
        }
    }

    /// Whether it is this operator or bracket.
    pub fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.sort, TokenKind::Symbol | TokenKind::Terminator) && self.text == symbol
    }
}

/// How deep in brackets a walk over tokens stands.
#[derive(Debug, Default, Clone, Copy)]
pub struct Depth(usize);

impl Depth {
    /// The depth behind a token: a bracket that closes what was never opened changes nothing.
    pub fn behind(&mut self, token: &Token<'_>) -> usize {
        if token.is_symbol("(") {
            self.0 += 1;
        } else if token.is_symbol(")") {
            self.0 = self.0.saturating_sub(1);
        }
        self.0
    }
}

/// What a lexer remembers from one token to the next.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Where the `/*!` began that the lexer is in.
    pub(super) executable: Option<usize>,
    /// How far the text since the last `E'…'` may be carried on by another string.
    pub(super) escapes: Escapes,
}

/// PostgreSQL joins `E'a'`, a line end and `'b'` into one string, with the escapes of the first.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// No such string.
    #[default]
    No,
    /// Behind it, on its line.
    Behind,
    /// Behind it, on a later line.
    NextLine,
}

/// What differs between families of dialects in reading and writing text.
pub(super) trait Family: Sync {
    /// The sort and the end of the token at `at`, which is neither space nor a terminator.
    fn lex(&self, text: &[u8], at: usize, memory: &mut Memory) -> (TokenKind, usize);
    /// What decides whether a `;` ends a statement.
    fn body(&self) -> Box<dyn Body>;
    /// A line for the engine's own client that begins with this token. `begun`: inside a statement.
    fn client_line<'a>(
        &self,
        text: &'a str,
        token: &Token<'a>,
        begun: bool,
    ) -> Option<ClientLine<'a>>;
    /// The name that a token stands for, folded and unquoted; `None` if it is no name.
    fn name(&self, token: &Token<'_>) -> Option<String>;
    /// Whether an object that is renamed to a name without a schema stays in the one it is in.
    fn rename_keeps_schema(&self) -> bool;
    /// Whether indexes belong to their table (`DROP INDEX i ON t`, `ALTER TABLE t ADD INDEX i`).
    fn table_owns_indexes(&self) -> bool;
    /// Whether a name like this, bare, would be read as a word of the dialect's own.
    fn reserves(&self, name: &str) -> bool;
    /// See [`super::same_object`].
    fn same_object(&self, one: &str, other: &str) -> bool {
        one == other
    }
    /// See [`super::same_part`].
    fn same_part(&self, one: &str, other: &str) -> bool {
        one == other
    }
    /// See [`super::needs_referred_table`].
    fn needs_referred_table(&self) -> bool {
        true
    }
    /// Whether each type of text has a size of its own, and a number that is not said a usual one
    /// (MySQL's `text` holds 65,535 bytes, its `decimal` ten digits).
    fn has_sized_types(&self) -> bool {
        false
    }
    /// Whether `@name` is a variable of the session.
    fn has_user_variables(&self) -> bool {
        false
    }
    /// See [`super::all_or_nothing`]; the tokens of one statement.
    fn all_or_nothing(&self, _statement: &[Token<'_>]) -> bool {
        true
    }
    /// See [`super::reaches_out_when_called`].
    fn reaches_out_when_called(&self, _sql: &str) -> Option<(String, String)> {
        None
    }
    /// See [`super::reaches_out`].
    fn reaches_out(&self, _sql: &str) -> Option<String> {
        None
    }
    /// The tokens of an expression in a form that is the same for all that mean the same; see
    /// [`super::same_sql`].
    fn canonical(&self, tokens: Vec<Token<'_>>) -> Vec<String> {
        tokens.iter().map(Token::folded).collect()
    }
    /// See [`super::quote_ident`].
    fn quote_ident(&self, name: &str) -> String;
    /// See [`super::quote_literal`].
    fn quote_literal(&self, value: &str) -> String;
}

/// The tokens of a text, one after the other, without gaps.
pub(super) struct Lexer<'a> {
    family: &'static dyn Family,
    text: &'a str,
    /// Where the next token begins.
    pub(super) at: usize,
    /// What MySQL's DELIMITER has set; `None`: `;`.
    pub(super) delimiter: Option<&'a str>,
    pub(super) memory: Memory,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(family: &'static dyn Family, text: &'a str) -> Self {
        Lexer { family, text, at: 0, delimiter: None, memory: Memory::default() }
    }

    fn is_terminator(&self, at: usize) -> bool {
        let delimiter = self.delimiter.unwrap_or(";").as_bytes();
        self.memory.executable.is_none() && self.text.as_bytes()[at..].starts_with(delimiter)
    }

    fn scan(&mut self) -> (TokenKind, usize) {
        let (bytes, at) = (self.text.as_bytes(), self.at);
        if at == 0 && self.text.starts_with('\u{feff}') {
            return (TokenKind::Space, '\u{feff}'.len_utf8());
        }
        if scan::is_space(bytes[at]) {
            let end = scan::while_bytes(bytes, at, scan::is_space);
            if self.memory.escapes == Escapes::Behind
                && bytes[at..end].iter().any(|byte| matches!(byte, b'\n' | b'\r'))
            {
                self.memory.escapes = Escapes::NextLine;
            }
            return (TokenKind::Space, end);
        }
        if self.is_terminator(at) {
            self.memory.escapes = Escapes::No;
            return (TokenKind::Terminator, at + self.delimiter.map_or(1, str::len));
        }
        let (sort, end) = self.family.lex(bytes, at, &mut self.memory);
        // A delimiter such as `$$` or `//` also ends the word or operator it is glued to.
        if self.delimiter.is_some()
            && matches!(sort, TokenKind::Word | TokenKind::Number | TokenKind::Symbol)
        {
            let cut = (at + 1..end).find(|&inner| self.is_terminator(inner));
            return (sort, cut.unwrap_or(end));
        }
        (sort, end)
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.at >= self.text.len() {
            return None;
        }
        let start = self.at;
        let (sort, end) = self.scan();
        self.at = end;
        Some(Token { sort, start, text: &self.text[start..end] })
    }
}

/// The tokens that a server acts on: no space, comments or hints, nor the marks around `/*! … */`.
pub(super) fn significant<'a>(
    family: &'static dyn Family,
    text: &'a str,
) -> impl Iterator<Item = Token<'a>> {
    Lexer::new(family, text).filter(|token| {
        !matches!(
            token.sort,
            TokenKind::Space
                | TokenKind::Comment
                | TokenKind::Hint
                | TokenKind::Open
                | TokenKind::Close
        )
    })
}

/// The tokens of a statement, without MariaDB's `SET STATEMENT … FOR` in front of it.
pub(super) fn statement<'a>(
    family: &'static dyn Family,
    text: &'a str,
) -> impl Iterator<Item = Token<'a>> {
    let mut first = significant(family, text);
    let mut begins = |word| first.next().is_some_and(|token| token.is(word));
    let mut inside = !(begins("SET") && begins("STATEMENT"));
    let mut depth = Depth::default();
    significant(family, text).filter(move |token| {
        if inside {
            return true;
        }
        inside = depth.behind(token) == 0 && token.is("FOR");
        false
    })
}
