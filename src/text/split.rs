//! Cuts a text into statements.

use super::token::{Family, Lexer, Token, TokenKind};
use super::{Piece, SplitError};

/// Follows the tokens of one statement and tells whether a `;` belongs to its body.
pub(super) trait Body {
    /// Forgets everything: a new statement begins.
    fn reset(&mut self);
    /// The next token of the statement that is neither space nor comment.
    fn token(&mut self, token: &Token<'_>);
    /// What is open at this point, so that a `;` does not end the statement, and where it began.
    fn open(&self) -> Option<(&'static str, usize)>;
    /// What helps where something is left open.
    fn advice(&self) -> Option<&'static str> {
        None
    }
    /// Whether the statement is of a kind that may hold others, so that only a DELIMITER ends it.
    fn compound(&self) -> bool {
        false
    }
    /// Whether rows follow behind the statement, up to a line `\.`.
    fn rows_follow(&self) -> bool {
        false
    }
}

/// A line that the engine's own client would act upon, rather than the server.
pub(super) enum ClientLine<'a> {
    /// MySQL's DELIMITER, its argument, and where the line ends.
    Delimiter(&'a str, usize),
    /// A command that changes nothing here, and where its line ends.
    Passed(usize),
    /// A command that has no meaning here: its name, and whose it is.
    Refused(&'a str, &'static str),
}

/// The longest delimiter, as in the mysql client; also keeps the search for it linear.
const LONGEST_DELIMITER: usize = 15;

pub(super) fn split(family: &'static dyn Family, text: &str) -> Result<Vec<Piece>, SplitError> {
    if let Some(at) = text.find('\0') {
        return Err(error(
            text,
            at,
            "the text holds a NUL byte",
            Some("no server accepts it in SQL"),
        ));
    }
    let mut splitter = Splitter {
        text,
        lexer: Lexer::new(family, text),
        body: family.body(),
        pieces: Vec::new(),
        piece: None,
        begun: false,
        counted: 0,
        line: 1,
    };
    while let Some(token) = splitter.lexer.next() {
        match token.sort {
            TokenKind::Space | TokenKind::Comment => {}
            TokenKind::Unclosed(what) => return Err(unclosed(text, what, token.start)),
            // pg_hint_plan reads a hint in front of the statement, so it belongs to it.
            TokenKind::Hint => splitter.extend(&token),
            _ if splitter.ends_at(&token) => splitter.finish()?,
            _ => {
                match family.client_line(text, &token, splitter.begun) {
                    Some(ClientLine::Delimiter(delimiter, end)) => {
                        splitter.set_delimiter(delimiter, token.start)?;
                        splitter.lexer.at = end;
                        splitter.piece = None;
                        continue;
                    }
                    Some(ClientLine::Passed(end)) => {
                        splitter.lexer.at = end;
                        continue;
                    }
                    Some(ClientLine::Refused(name, client)) => {
                        return Err(client_command(text, name, client, token.start));
                    }
                    None => {}
                }
                splitter.begun = true;
                splitter.body.token(&token);
                if !token.is_symbol(";") {
                    splitter.extend(&token);
                }
            }
        }
    }
    splitter.end()
}

struct Splitter<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    body: Box<dyn Body>,
    pieces: Vec<Piece>,
    /// The extent of the statement so far.
    piece: Option<(usize, usize)>,
    /// Whether it has more than hints.
    begun: bool,
    /// `line` is the line of this offset; both only grow.
    counted: usize,
    line: usize,
}

impl<'a> Splitter<'a> {
    fn extend(&mut self, token: &Token<'a>) {
        let start = self.piece.map_or(token.start, |(start, _)| start);
        self.piece = Some((start, token.end()));
    }

    fn ends_at(&self, token: &Token<'a>) -> bool {
        if token.sort == TokenKind::Terminator {
            return self.lexer.delimiter.is_some() || self.body.open().is_none();
        }
        // Behind a DELIMITER, `;` still divides what cannot hold other statements.
        token.is_symbol(";") && self.lexer.memory.executable.is_none() && !self.body.compound()
    }

    fn set_delimiter(&mut self, delimiter: &'a str, at: usize) -> Result<(), SplitError> {
        let message = if delimiter.is_empty() {
            "DELIMITER without a delimiter"
        } else if delimiter.contains('\\') {
            "a delimiter cannot hold a backslash"
        } else if delimiter.len() > LONGEST_DELIMITER {
            "a delimiter cannot be longer than 15 bytes"
        } else {
            self.lexer.delimiter = (delimiter != ";").then_some(delimiter);
            return Ok(());
        };
        Err(error(
            self.text,
            at,
            message,
            Some("write `DELIMITER //`, and `DELIMITER ;` at the end"),
        ))
    }

    /// The statement so far is whole.
    fn finish(&mut self) -> Result<(), SplitError> {
        let copy_data = if self.body.rows_follow() { Some(self.rows()?) } else { None };
        if let Some((start, end)) = self.piece.take()
            && self.begun
        {
            self.line += newlines(&self.text[self.counted..start]);
            self.counted = start;
            self.pieces.push(Piece {
                sql: self.text[start..end].to_owned(),
                offset: start,
                line: self.line,
                copy_data,
            });
        }
        self.begun = false;
        self.body.reset();
        Ok(())
    }

    /// The rows behind `COPY … FROM stdin;`, from the next line to the line `\.`.
    fn rows(&mut self) -> Result<String, SplitError> {
        let copy = self.piece.map_or(self.lexer.at, |(start, _)| start);
        let fail = |message, hint| Err(error(self.text, copy, message, Some(hint)));
        let rest = &self.text[self.lexer.at..];
        let first_line = rest.split('\n').next().unwrap_or(rest);
        let behind = first_line.trim();
        if !behind.is_empty() && !behind.starts_with("--") {
            return fail(
                "nothing may follow `COPY … FROM stdin;` on its line",
                "begin the rows on the next line",
            );
        }
        let begin = (self.lexer.at + first_line.len() + 1).min(self.text.len());
        let mut at = begin;
        for line in self.text[begin..].split_inclusive('\n') {
            let end = at + line.len();
            if line.trim_end_matches(['\n', '\r']) == "\\." {
                let rows = self.text[begin..at].to_owned();
                self.lexer.at = end;
                return Ok(rows);
            }
            at = end;
        }
        fail("the rows after `COPY … FROM stdin` have no end", "end them with a line `\\.`")
    }

    /// The end of the text: the last statement needs no terminator, but must be whole.
    fn end(mut self) -> Result<Vec<Piece>, SplitError> {
        if let Some(at) = self.lexer.memory.executable {
            return Err(unclosed(self.text, "`/*!` comment", at));
        }
        if self.lexer.delimiter.is_none()
            && let Some((what, at)) = self.body.open()
        {
            let error = unclosed(self.text, what, at);
            return Err(SplitError { hint: self.body.advice().map(str::to_owned), ..error });
        }
        self.finish()?;
        Ok(self.pieces)
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

fn error(text: &str, at: usize, message: impl Into<String>, hint: Option<&str>) -> SplitError {
    SplitError {
        message: message.into(),
        line: newlines(&text[..at]) + 1,
        hint: hint.map(str::to_owned),
    }
}

fn unclosed(text: &str, what: &str, at: usize) -> SplitError {
    error(text, at, format!("the {what} that begins here is not closed"), None)
}

fn client_command(text: &str, name: &str, client: &str, at: usize) -> SplitError {
    error(
        text,
        at,
        format!("`{name}` is a command of {client}, not SQL"),
        Some("write what it does in SQL, or do it outside of the revision"),
    )
}
