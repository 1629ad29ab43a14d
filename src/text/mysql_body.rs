//! Where the body of a MySQL routine ends when no DELIMITER says it.
//!
//! BEGIN and END are no reserved words, IF and REPEAT are functions too, and CASE is an expression
//! too, so what a word is depends on where it stands.

use super::split::Body;
use super::token::{Token, TokenKind};

#[derive(Default)]
pub(super) struct MysqlBody {
    head: Head,
    /// What is open, the innermost last.
    frames: Vec<Open>,
    brackets: usize,
    before: Before,
    /// Whether a statement of the body may begin here.
    at_start: bool,
    /// Whether this is a DECLARE, and whether of a HANDLER, which has a statement behind it.
    declares: bool,
    handles: bool,
    /// Whether it is an event, whose body stands behind DO.
    is_event: bool,
    /// Whether the body has begun with something else than a word that opens.
    plain: bool,
}

/// What the first words say of the statement.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Head {
    #[default]
    Unread,
    /// CREATE or ALTER: what of, is still to come.
    Create,
    /// BEGIN, which MariaDB may continue with NOT ATOMIC.
    Begin,
    BeginNot,
    /// The definition of a routine, trigger, event or package.
    Routine,
    /// A compound statement by itself, as MariaDB has it.
    Compound,
    Other,
}

struct Open {
    frame: Frame,
    /// Where it began.
    at: usize,
    /// How many brackets were open there: its END stands among as many.
    brackets: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Block,
    /// LOOP, WHILE and FOR.
    Loop,
    /// `true`: behind UNTIL.
    Repeat(bool),
    /// `true`: between ELSEIF and THEN.
    If(bool),
    Case {
        /// Between WHEN and THEN.
        when: bool,
        /// A statement rather than an expression: statements stand behind its THEN and ELSE.
        statement: bool,
    },
}

impl Frame {
    fn name(self) -> &'static str {
        match self {
            Frame::Block => "BEGIN",
            Frame::Loop => "loop",
            Frame::Repeat(_) => "REPEAT",
            Frame::If(_) => "IF",
            Frame::Case { .. } => "CASE",
        }
    }
}

/// The token before this one, as far as it matters.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Something that may be the end of an expression.
    #[default]
    Operand,
    /// Something that an expression must follow.
    Operator,
    /// A `.` or `@`: what follows is a name, even if it looks like a keyword.
    Naming,
    Semicolon,
    Begin,
    End,
    /// A word that takes the meaning out of the verb behind it: OR REPLACE, CHARACTER SET.
    Prefix,
}

/// The words that a body begins with, other than those that open something at once.
const VERBS: [&str; 15] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "SET", "CALL", "RETURN", "WITH", "TRUNCATE",
    "DROP", "CREATE", "ALTER", "IF", "DO",
];

/// See [`Before::Operator`].
const OPERATORS: [&str; 20] = [
    "WHEN", "THEN", "ELSE", "CASE", "AND", "NOT", "XOR", "LIKE", "REGEXP", "RLIKE", "BETWEEN",
    "IN", "IS", "DIV", "MOD", "INTERVAL", "BINARY", "SELECT", "DISTINCT", "WHERE",
];

/// See [`Before::Prefix`]; behind the kind of an object stands its name, or IF NOT EXISTS.
const PREFIXES: [&str; 10] = [
    "OR",
    "BEFORE",
    "AFTER",
    "CHARACTER",
    "RETURNS",
    "PROCEDURE",
    "FUNCTION",
    "TRIGGER",
    "EVENT",
    "PACKAGE",
];

/// The words between CREATE and what it creates.
const CREATE_WORDS: [&str; 10] = [
    "OR",
    "REPLACE",
    "DEFINER",
    "AGGREGATE",
    "SQL",
    "SECURITY",
    "INVOKER",
    "CURRENT_USER",
    "CURRENT_ROLE",
    "BODY",
];

impl MysqlBody {
    fn head(&mut self, token: &Token<'_>, before: Before) {
        // Behind `=` and `@` stands the definer's name.
        let word =
            token.sort == TokenKind::Word && !matches!(before, Before::Naming | Before::Operator);
        self.head = match self.head {
            Head::Unread if token.is_any(&["CREATE", "ALTER"]) => Head::Create,
            Head::Unread if token.is("BEGIN") => Head::Begin,
            Head::Unread
                if token.is_any(&["IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR", "DECLARE"]) =>
            {
                self.at_start = true;
                Head::Compound
            }
            Head::Unread if token.sort == TokenKind::Open => Head::Unread,
            Head::Begin if token.is("NOT") => Head::BeginNot,
            Head::BeginNot if token.is("ATOMIC") => {
                self.open_frame(Frame::Block, token);
                self.before = Before::Begin;
                self.at_start = true;
                Head::Compound
            }
            Head::Create
                if word
                    && token.is_any(&["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"]) =>
            {
                self.is_event = token.is("EVENT");
                Head::Routine
            }
            Head::Create if word && !token.is_any(&CREATE_WORDS) => Head::Other,
            Head::Create => Head::Create,
            Head::Unread | Head::Begin | Head::BeginNot => Head::Other,
            known => known,
        };
    }

    /// Whether a statement that may open something begins at this word.
    fn opens(&self, before: Before) -> bool {
        let in_head = self.frames.is_empty()
            && self.head == Head::Routine
            && !self.plain
            && self.brackets == 0
            && before == Before::Operand;
        self.at_start || self.handles || in_head
    }

    fn open_frame(&mut self, frame: Frame, token: &Token<'_>) {
        self.frames.push(Open { frame, at: token.start, brackets: self.brackets });
        self.handles = false;
        self.declares = false;
    }

    /// A word of a body; says whether a statement may begin behind it.
    fn word(&mut self, token: &Token<'_>, before: Before) -> bool {
        let top = self.frames.last().map(|open| open.frame);
        if token.is("BEGIN") && self.opens(before) {
            self.open_frame(Frame::Block, token);
            return true;
        }
        if token.is("CASE") && before != Before::End {
            let statement = self.opens(before);
            self.open_frame(Frame::Case { when: false, statement }, token);
        } else if token.is("WHEN") {
            if let Some(Frame::Case { statement, .. }) = top {
                self.replace_top(Frame::Case { when: true, statement });
            }
        } else if token.is("ELSEIF") && matches!(top, Some(Frame::If(_))) {
            self.replace_top(Frame::If(true));
        } else if token.is("THEN") {
            match top {
                Some(Frame::Case { when: true, statement }) => {
                    self.replace_top(Frame::Case { when: false, statement });
                    return statement;
                }
                Some(Frame::If(true)) => self.replace_top(Frame::If(false)),
                // IF may be a function, but only the statement has a THEN.
                _ => self.open_frame(Frame::If(false), token),
            }
            return true;
        } else if token.is("ELSE") {
            return !matches!(top, Some(Frame::Case { statement: false, .. }));
        } else if token.is("DO") && !self.at_start && (self.is_event || top.is_some()) {
            // Behind a loop's or an event's head; else it is the statement DO.
            return true;
        } else if token.is("LOOP") && before != Before::End && self.opens(before) {
            self.open_frame(Frame::Loop, token);
            return true;
        } else if token.is("REPEAT") && before != Before::End && self.opens(before) {
            self.open_frame(Frame::Repeat(false), token);
            return true;
        } else if before != Before::End
            && (token.is("WHILE") && self.opens(before) || token.is("FOR") && self.at_start)
        {
            self.open_frame(Frame::Loop, token);
        } else if token.is("UNTIL") && top == Some(Frame::Repeat(false)) {
            self.replace_top(Frame::Repeat(true));
        } else if token.is("END") {
            let level = self.frames.last().is_some_and(|open| open.brackets == self.brackets);
            let closes = match before {
                Before::Semicolon | Before::Begin => true,
                // Behind an expression; END may also be a column.
                Before::Operand | Before::End => {
                    matches!(top, Some(Frame::Case { statement: false, .. } | Frame::Repeat(true)))
                }
                _ => false,
            };
            if closes && level {
                self.frames.pop();
            }
        } else if token.is("DECLARE") && self.at_start {
            self.declares = true;
        } else if token.is("HANDLER") && self.declares {
            self.handles = true;
        } else if self.frames.is_empty() && self.brackets == 0 {
            let verb = before != Before::Prefix && before != Before::Naming;
            self.plain |= verb && self.head == Head::Routine && token.is_any(&VERBS);
        }
        false
    }

    fn replace_top(&mut self, frame: Frame) {
        if let Some(top) = self.frames.last_mut() {
            top.frame = frame;
        }
    }
}

impl Body for MysqlBody {
    fn reset(&mut self) {
        self.frames.clear();
        *self = MysqlBody { frames: std::mem::take(&mut self.frames), ..MysqlBody::default() };
    }

    fn token(&mut self, token: &Token<'_>) {
        let before = self.before;
        if matches!(self.head, Head::Unread | Head::Create | Head::Begin | Head::BeginNot) {
            self.head(token, before);
            if !self.frames.is_empty() {
                return;
            }
        }
        if matches!(token.sort, TokenKind::Open | TokenKind::Close) {
            return;
        }
        self.before = before_next(token);
        if !matches!(self.head, Head::Routine | Head::Compound) {
            return;
        }
        if token.is_symbol("(") {
            self.brackets += 1;
        } else if token.is_symbol(")") {
            self.brackets = self.brackets.saturating_sub(1);
        }
        let starts = match token.sort {
            TokenKind::Word if before != Before::Naming => self.word(token, before),
            TokenKind::Symbol | TokenKind::Terminator if matches!(token.text, ";" | ":") => {
                self.declares = false;
                self.handles = false;
                true
            }
            _ => false,
        };
        self.at_start = starts;
    }

    fn open(&self) -> Option<(&'static str, usize)> {
        self.frames.first().map(|open| (open.frame.name(), open.at))
    }

    fn advice(&self) -> Option<&'static str> {
        Some("close it, or mark the end of the statement with DELIMITER lines")
    }

    fn compound(&self) -> bool {
        matches!(self.head, Head::Routine | Head::Compound)
    }
}

fn before_next(token: &Token<'_>) -> Before {
    match token.sort {
        TokenKind::Symbol | TokenKind::Terminator => match token.text {
            ";" => Before::Semicolon,
            ")" => Before::Operand,
            "." | "@" | "@@" => Before::Naming,
            _ => Before::Operator,
        },
        TokenKind::Word if token.is("END") => Before::End,
        TokenKind::Word if token.is("BEGIN") => Before::Begin,
        TokenKind::Word if token.is_any(&PREFIXES) => Before::Prefix,
        TokenKind::Word if token.is_any(&OPERATORS) => Before::Operator,
        _ => Before::Operand,
    }
}
