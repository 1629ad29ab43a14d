//! Reads a CREATE TABLE by SQLite's grammar.

use super::names::text_name;
use super::{
    Body, ColumnRule, ColumnRuleKind, ColumnSql, ConstraintSql, ConstraintSqlKind, Deferral,
    Element, ReadError, TableSql, Target,
};
use crate::text::sqlite::Sqlite;
use crate::text::token::{Depth, Token, TokenKind, significant};

/// Reads a statement.
pub(super) fn table(sql: &str) -> Result<TableSql, ReadError> {
    let mut reader = Reader::new(sql);
    reader.word("CREATE")?;
    let _ = reader.take_any(&["TEMP", "TEMPORARY"]);
    if reader.take("VIRTUAL") {
        return Err(ReadError::Virtual);
    }
    reader.word("TABLE")?;
    if reader.take("IF") {
        reader.word("NOT")?;
        reader.word("EXISTS")?;
    }
    if reader.peek_at(1).is_some_and(|token| token.is_symbol(".")) {
        reader.name()?;
        reader.symbol(".")?;
    }
    let name_at = reader.start();
    let name = reader.name()?;
    let name_end = reader.end;
    reader.symbol("(")?;
    let open_end = reader.end;
    let mut elements: Vec<Element> = Vec::new();
    loop {
        let lead_at = reader.end;
        let at = reader.start();
        let body = reader.body(sql)?;
        let lead = sql[lead_at..at].to_owned();
        let end = reader.end;
        if reader.symbol_ahead(",") {
            let trail = sql[end..reader.start()].to_owned();
            reader.symbol(",")?;
            elements.push(Element { lead, body, trail, separator: "," });
        } else if reader.symbol_ahead(")") {
            let trail = sql[end..reader.start()].to_owned();
            elements.push(Element { lead, body, trail, separator: "" });
            break;
        } else {
            elements.push(Element { lead, body, trail: String::new(), separator: "" });
        }
    }
    let close_at = reader.start();
    reader.symbol(")")?;
    let (mut strict, mut without_rowid) = (false, false);
    while reader.peek().is_some() && !reader.symbol_ahead(";") {
        if reader.take("STRICT") {
            strict = true;
        } else {
            reader.word("WITHOUT")?;
            reader.word("ROWID")?;
            without_rowid = true;
        }
        if reader.symbol_ahead(",") {
            reader.symbol(",")?;
        }
    }
    let close_end = reader.end;
    Ok(TableSql {
        name,
        elements,
        strict,
        without_rowid,
        head: sql[..name_at].to_owned(),
        name_text: sql[name_at..name_end].to_owned(),
        open: sql[name_end..open_end].to_owned(),
        close: sql[close_at..close_end].to_owned(),
    })
}

/// Reads a column or constraint that stands alone.
pub(super) fn body(sql: &str) -> Result<Body, ReadError> {
    let mut reader = Reader::new(sql);
    let body = reader.body(sql)?;
    if reader.peek().is_some() { reader.unexpected() } else { Ok(body) }
}

/// A cursor over the tokens that count.
pub(super) struct Reader<'a> {
    sql: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
    /// The offset behind the token taken last.
    pub(super) end: usize,
}

const TABLE_RULES: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// The words that end a type: those that SQLite never takes for names.
const COLUMN_RULES: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "AS",
    "DEFERRABLE",
];

impl<'a> Reader<'a> {
    pub(super) fn new(sql: &'a str) -> Self {
        Reader { sql, tokens: significant(&Sqlite, sql).collect(), at: 0, end: 0 }
    }

    pub(super) fn peek(&self) -> Option<&Token<'a>> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<&Token<'a>> {
        self.tokens.get(self.at + ahead)
    }

    /// The offset of the next token.
    pub(super) fn start(&self) -> usize {
        self.peek().map_or(self.sql.len(), |token| token.start)
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek().copied()?;
        self.at += 1;
        self.end = token.end();
        Some(token)
    }

    pub(super) fn unexpected<T>(&self) -> Result<T, ReadError> {
        let near = self.peek().map_or("its end", |token| token.text);
        Err(ReadError::Unexpected(near.to_owned()))
    }

    pub(super) fn ahead(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(word))
    }

    pub(super) fn take(&mut self, word: &str) -> bool {
        let is_there = self.ahead(word);
        if is_there {
            self.next();
        }
        is_there
    }

    fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    pub(super) fn word(&mut self, word: &str) -> Result<(), ReadError> {
        if self.take(word) { Ok(()) } else { self.unexpected() }
    }

    pub(super) fn symbol_ahead(&self, symbol: &str) -> bool {
        self.peek().is_some_and(|token| token.is_symbol(symbol))
    }

    pub(super) fn symbol(&mut self, symbol: &str) -> Result<(), ReadError> {
        if self.symbol_ahead(symbol) {
            self.next();
            return Ok(());
        }
        self.unexpected()
    }

    pub(super) fn name(&mut self) -> Result<String, ReadError> {
        match self.peek().and_then(text_name) {
            Some(name) => {
                self.next();
                Ok(name)
            }
            None => self.unexpected(),
        }
    }

    /// What stands in brackets, without them.
    fn group(&mut self) -> Result<&'a str, ReadError> {
        if !self.symbol_ahead("(") {
            return self.unexpected();
        }
        let (from, mut depth) = (self.start() + 1, Depth::default());
        while let Some(token) = self.next() {
            if depth.behind(&token) == 0 {
                return Ok(self.sql[from..token.start].trim());
            }
        }
        self.unexpected()
    }

    fn body(&mut self, sql: &str) -> Result<Body, ReadError> {
        if self.peek().is_some_and(|token| token.is_any(TABLE_RULES)) {
            return Ok(Body::Constraint(self.constraint(sql)?));
        }
        let name_at = self.start();
        let name = self.name()?;
        let name_end = self.end;
        let type_at = self.start();
        while self.is_type_word() {
            self.next();
        }
        if self.end > name_end && self.symbol_ahead("(") {
            self.group()?;
        }
        let has_type = self.end > name_end;
        let mut rules = Vec::new();
        loop {
            let (lead_at, at) = (self.end, self.start());
            let Some((name, kind)) = self.column_rule()? else { break };
            let (lead, text) = (sql[lead_at..at].to_owned(), sql[at..self.end].to_owned());
            rules.push(ColumnRule { lead, text, name, kind });
        }
        let type_end = if has_type { self.type_end(name_end, &rules) } else { name_end };
        Ok(Body::Column(ColumnSql {
            name,
            name_text: sql[name_at..name_end].to_owned(),
            type_lead: if has_type { sql[name_end..type_at].to_owned() } else { String::new() },
            type_: if has_type { sql[type_at..type_end].to_owned() } else { String::new() },
            rules,
        }))
    }

    /// Where the type ends: before the first rule.
    fn type_end(&self, name_end: usize, rules: &[ColumnRule]) -> usize {
        let length: usize = rules.iter().map(|rule| rule.lead.len() + rule.text.len()).sum();
        (self.end - length).max(name_end)
    }

    fn is_type_word(&self) -> bool {
        let Some(token) = self.peek() else { return false };
        match token.sort {
            TokenKind::Name | TokenKind::Text => true,
            TokenKind::Word => {
                let generated = token.is("GENERATED")
                    && self.peek_at(1).is_some_and(|token| token.is("ALWAYS"))
                    && self.peek_at(2).is_some_and(|token| token.is("AS"));
                !generated && !token.is_any(COLUMN_RULES)
            }
            _ => false,
        }
    }

    fn column_rule(&mut self) -> Result<Option<(Option<String>, ColumnRuleKind)>, ReadError> {
        let mut name = None;
        while self.take("CONSTRAINT") {
            name = Some(self.name()?);
        }
        if self.take("PRIMARY") {
            self.word("KEY")?;
            let descending = self.take("DESC");
            let _ = self.take("ASC");
            self.conflict()?;
            let autoincrement = self.take("AUTOINCREMENT");
            return Ok(Some((name, ColumnRuleKind::PrimaryKey { descending, autoincrement })));
        }
        let kind = if self.take("NOT") {
            if self.ahead("DEFERRABLE") {
                ColumnRuleKind::Deferral(self.deferral(true)?)
            } else {
                self.word("NULL")?;
                self.conflict()?;
                ColumnRuleKind::NotNull
            }
        } else if self.ahead("DEFERRABLE") {
            ColumnRuleKind::Deferral(self.deferral(false)?)
        } else if self.take("NULL") {
            self.conflict()?;
            ColumnRuleKind::Null
        } else if self.take("UNIQUE") {
            self.conflict()?;
            ColumnRuleKind::Unique
        } else if self.take("CHECK") {
            let condition = self.group()?.to_owned();
            self.conflict()?;
            ColumnRuleKind::Check(condition)
        } else if self.take("DEFAULT") {
            ColumnRuleKind::Default(self.default()?)
        } else if self.take("COLLATE") {
            ColumnRuleKind::Collate(self.name()?)
        } else if self.take("REFERENCES") {
            ColumnRuleKind::References(self.target()?)
        } else if self.ahead("GENERATED") || self.ahead("AS") {
            if self.take("GENERATED") {
                self.word("ALWAYS")?;
            }
            self.word("AS")?;
            let sql = self.group()?.to_owned();
            let stored = self.take("STORED");
            let _ = self.take("VIRTUAL");
            ColumnRuleKind::Generated { sql, stored }
        } else if name.is_some() {
            ColumnRuleKind::Nothing
        } else {
            return Ok(None);
        };
        Ok(Some((name, kind)))
    }

    fn default(&mut self) -> Result<String, ReadError> {
        let at = self.start();
        if self.symbol_ahead("(") {
            self.group()?;
            return Ok(self.sql[at..self.end].to_owned());
        }
        if self.symbol_ahead("+") || self.symbol_ahead("-") {
            self.next();
        } else if self.symbol_ahead(".") {
            // A number such as `.5`.
            self.next();
        }
        match self.next() {
            Some(token)
                if matches!(
                    token.sort,
                    TokenKind::Word | TokenKind::Name | TokenKind::Text | TokenKind::Number
                ) => {}
            Some(token) if token.is_symbol(".") => {
                self.next();
            }
            _ => return self.unexpected(),
        }
        Ok(self.sql[at..self.end].to_owned())
    }

    fn constraint(&mut self, sql: &str) -> Result<ConstraintSql, ReadError> {
        let at = self.start();
        let mut name = None;
        while self.take("CONSTRAINT") {
            name = Some(self.name()?);
        }
        let kind = if self.take("PRIMARY") {
            self.word("KEY")?;
            let (columns, autoincrement) = self.key()?;
            self.conflict()?;
            ConstraintSqlKind::PrimaryKey { columns, autoincrement }
        } else if self.take("UNIQUE") {
            let (columns, _) = self.key()?;
            self.conflict()?;
            ConstraintSqlKind::Unique(columns)
        } else if self.take("CHECK") {
            let condition = self.group()?.to_owned();
            self.conflict()?;
            ConstraintSqlKind::Check(condition)
        } else if self.take("FOREIGN") {
            self.word("KEY")?;
            let (columns, _) = self.key()?;
            self.word("REFERENCES")?;
            let mut target = self.target()?;
            let not =
                self.ahead("NOT") && self.peek_at(1).is_some_and(|next| next.is("DEFERRABLE"));
            if not || self.ahead("DEFERRABLE") {
                if not {
                    self.next();
                }
                target.deferral = self.deferral(not)?;
            }
            ConstraintSqlKind::ForeignKey { columns, target }
        } else if name.is_some() {
            ConstraintSqlKind::Nothing
        } else {
            return self.unexpected();
        };
        Ok(ConstraintSql { text: sql[at..self.end].to_owned(), name, kind })
    }

    /// The columns of a key in their brackets, and whether AUTOINCREMENT stands behind them.
    fn key(&mut self) -> Result<(Vec<String>, bool), ReadError> {
        self.symbol("(")?;
        let (mut columns, mut autoincrement) = (Vec::new(), false);
        loop {
            columns.push(self.name()?);
            if self.take("COLLATE") {
                self.name()?;
            }
            let _ = self.take_any(&["ASC", "DESC"]);
            if self.take("NULLS") {
                let _ = self.take_any(&["FIRST", "LAST"]);
            }
            autoincrement |= self.take("AUTOINCREMENT");
            if self.symbol_ahead(")") {
                self.next();
                return Ok((columns, autoincrement));
            }
            self.symbol(",")?;
        }
    }

    fn target(&mut self) -> Result<Target, ReadError> {
        let mut target = Target { table: self.name()?, ..Target::default() };
        if self.symbol_ahead("(") {
            target.columns = self.key()?.0;
        }
        loop {
            if self.ahead("ON") && !self.peek_at(1).is_some_and(|next| next.is("CONFLICT")) {
                self.next();
                let event = self.next();
                let action = match self.next() {
                    Some(first) if first.is_any(&["SET", "NO"]) => {
                        let second = self.next().map_or("", |token| token.text);
                        format!("{} {second}", first.text).to_ascii_lowercase()
                    }
                    Some(first) => first.text.to_ascii_lowercase(),
                    None => return self.unexpected(),
                };
                match event {
                    Some(event) if event.is("DELETE") => target.on_delete = Some(action),
                    Some(event) if event.is("UPDATE") => target.on_update = Some(action),
                    // SQLite reads ON INSERT and does nothing with it.
                    Some(event) if event.is("INSERT") => {}
                    _ => return self.unexpected(),
                }
            } else if self.take("MATCH") {
                target.match_ = Some(self.name()?.to_ascii_lowercase());
            } else {
                return Ok(target);
            }
        }
    }

    fn deferral(&mut self, not: bool) -> Result<Deferral, ReadError> {
        self.word("DEFERRABLE")?;
        let mut deferral = Deferral { deferrable: Some(!not), deferred: None };
        if self.take("INITIALLY") {
            deferral.deferred = Some(self.take("DEFERRED"));
            let _ = self.take("IMMEDIATE");
        }
        Ok(deferral)
    }

    fn conflict(&mut self) -> Result<(), ReadError> {
        if self.ahead("ON") && self.peek_at(1).is_some_and(|next| next.is("CONFLICT")) {
            self.next();
            self.next();
            if self.next().is_none() {
                return self.unexpected();
            }
        }
        Ok(())
    }
}
