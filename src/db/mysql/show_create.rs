//! Reads what `SHOW CREATE TABLE` says. The server writes it, so its form is narrow: names in
//! backticks, one order of clauses. What is not known of a column is kept word for word.

use serde_json::Value;

use crate::model::SqlText;
use crate::model::operation::{
    BeyondTable, Check, Column, Constraint, DefaultValue, ForeignKey, Generated, Index,
    IndexColumn, IndexKey, IndexKind, Match, Order, PrimaryKey, ReferenceAction, References,
    TableDefinition, Unique,
};
use crate::text::{Depth, Dialect, Token, TokenKind, name_of, tokens};

/// The table that a statement makes; `None` if it makes none, or none that can be read.
pub(super) fn table(dialect: Dialect, sql: &str) -> Option<TableDefinition> {
    let tokens = tokens(dialect, sql);
    let mut reader = Reader { dialect, sql, tokens: &tokens, at: 0, clauses: Vec::new() };
    reader.eat("CREATE").then_some(())?;
    reader.eat("TEMPORARY");
    reader.eat("TABLE").then_some(())?;
    reader.ident()?;
    let mut table = TableDefinition::default();
    for item in reader.list()? {
        let mut item = reader.inside(item);
        if item.peek()?.sort == TokenKind::Name {
            table.columns.push(item.column()?);
        } else {
            item.part(&mut table)?;
            let found = std::mem::take(&mut item.clauses);
            reader.clauses.extend(found);
        }
    }
    reader.options(&mut table)?;
    let mut clauses = reader.clauses;
    clauses.sort();
    let says_more = !clauses.is_empty() || table.columns.iter().any(|one| one.beyond.is_some());
    table.beyond = says_more.then(|| Box::new(BeyondTable { clauses, create: sql.to_owned() }));
    Some(table)
}

/// What begins a clause of a column, and so ends the one before it.
const CLAUSES: [&str; 18] = [
    "CHARACTER",
    "COLLATE",
    "GENERATED",
    "NOT",
    "NULL",
    "INVISIBLE",
    "VISIBLE",
    "DEFAULT",
    "ON",
    "AUTO_INCREMENT",
    "COMMENT",
    "CHECK",
    "WITHOUT",
    "WITH",
    "SRID",
    "COLUMN_FORMAT",
    "STORAGE",
    "REF_SYSTEM_ID",
];

struct Reader<'a> {
    dialect: Dialect,
    sql: &'a str,
    tokens: &'a [Token<'a>],
    at: usize,
    /// What there is no place for in a definition.
    clauses: Vec<String>,
}

impl<'a> Reader<'a> {
    fn inside(&self, tokens: &'a [Token<'a>]) -> Reader<'a> {
        Reader { dialect: self.dialect, sql: self.sql, tokens, at: 0, clauses: Vec::new() }
    }

    fn peek(&self) -> Option<&'a Token<'a>> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    fn eat(&mut self, word: &str) -> bool {
        let sees = self.peek().is_some_and(|token| token.is(word));
        self.at += usize::from(sees);
        sees
    }

    fn eat_symbol(&mut self, symbol: &str) -> bool {
        let sees = self.peek().is_some_and(|token| token.is_symbol(symbol));
        self.at += usize::from(sees);
        sees
    }

    fn ident(&mut self) -> Option<String> {
        name_of(self.dialect, self.next()?)
    }

    /// A quoted text.
    fn string(&mut self) -> Option<String> {
        text_of(self.next()?.text)
    }

    /// The tokens inside the brackets that are opened here.
    fn group(&mut self) -> Option<&'a [Token<'a>]> {
        self.peek().filter(|token| token.is_symbol("("))?;
        let (begin, mut depth) = (self.at + 1, Depth::default());
        while depth.behind(self.next()?) > 0 {}
        Some(&self.tokens[begin..self.at - 1])
    }

    /// What stands between the commas inside the brackets that are opened here.
    fn list(&mut self) -> Option<Vec<&'a [Token<'a>]>> {
        let (inner, mut depth) = (self.group()?, Depth::default());
        let items = inner.split(|token| depth.behind(token) == 0 && token.is_symbol(","));
        Some(items.collect())
    }

    /// The text that tokens stand for, as written.
    fn written(&self, tokens: &[Token<'_>]) -> Option<&'a str> {
        self.sql.get(tokens.first()?.start..tokens.last()?.end())
    }

    /// An expression in brackets, without them.
    fn expression(&mut self) -> Option<SqlText> {
        let inner = self.group()?;
        Some(self.written(inner)?.to_owned().into())
    }

    /// The tokens up to the next clause of a column.
    fn clause(&mut self) -> Option<&'a [Token<'a>]> {
        let begin = self.at;
        while let Some(token) = self.peek() {
            if self.at > begin && token.is_any(&CLAUSES) {
                break;
            }
            if token.is_symbol("(") {
                self.group()?;
            } else {
                self.at += 1;
            }
        }
        Some(&self.tokens[begin..self.at])
    }

    fn column(&mut self) -> Option<Column> {
        let name = self.ident()?;
        let type_ = self.type_()?;
        let mut column = Column::new(name, ByOne(self.dialect, type_).into());
        column.nullable = Some(true);
        while self.peek().is_some() {
            let begin = self.at;
            if self.eat("CHARACTER") {
                self.eat("SET");
                column.charset = Some(self.ident()?);
            } else if self.eat("COLLATE") {
                column.collation = Some(self.ident()?.into());
            } else if self.eat("NOT") {
                self.eat("NULL").then_some(())?;
                column.nullable = Some(false);
            } else if self.eat("NULL") || self.eat("VISIBLE") {
            } else if self.eat("INVISIBLE") {
                column.invisible = true;
            } else if self.eat("AUTO_INCREMENT") {
                column.autoincrement = true;
            } else if self.eat("COMMENT") {
                column.comment = Some(self.string()?);
            } else if self.eat("DEFAULT") {
                let value = self.clause()?;
                column.default = Some(self.default(value, &column)?);
            } else if self.eat("ON") {
                self.eat("UPDATE").then_some(())?;
                let value = self.clause()?;
                column.on_update = Some(self.written(value)?.to_owned().into());
            } else if let Some(generated) = self.generated() {
                column.generated = Some(generated);
            } else {
                self.at = begin;
                let clause = self.clause()?;
                let text = self.written(clause)?;
                let beyond = column.beyond.get_or_insert_default();
                if !beyond.is_empty() {
                    beyond.push(' ');
                }
                beyond.push_str(text);
            }
        }
        Some(column)
    }

    /// A type, without the version comments that it may stand in.
    fn type_(&mut self) -> Option<String> {
        let mut words = self.next()?.text.to_owned();
        while let Some(token) = self.peek() {
            if token.is_symbol("(") {
                let begin = self.at;
                self.group()?;
                words.push_str(self.written(&self.tokens[begin..self.at])?);
            } else if token.is_any(&["UNSIGNED", "ZEROFILL", "PRECISION", "COMPRESSED"]) {
                words.push(' ');
                words.push_str(self.next()?.text);
            } else {
                break;
            }
        }
        Some(words)
    }

    /// `GENERATED ALWAYS AS (…) STORED`; what MariaDB says of a row's start and end is none.
    fn generated(&mut self) -> Option<Generated> {
        (self.eat("GENERATED") && self.eat("ALWAYS") && self.eat("AS")).then_some(())?;
        let sql = self.expression()?;
        let stored = self.eat("STORED") || self.eat("PERSISTENT");
        if !stored {
            self.eat("VIRTUAL");
        }
        Some(Generated { sql, stored })
    }

    fn default(&self, value: &[Token<'_>], column: &Column) -> Option<DefaultValue> {
        let written = self.written(value)?;
        let literal = match value {
            [one] if one.is("NULL") => Some(Value::Null),
            [one] if one.sort == TokenKind::Text => match text_of(one.text) {
                Some(text) if text.contains('\0') => {
                    return Some(bytes(&text, column, self.dialect));
                }
                Some(text) if is_no_date(&text, column, self.dialect) => None,
                text => text.map(|text| match number(&text) {
                    // MySQL writes numbers in quotes.
                    Some(number) if counts(column, self.dialect) => number,
                    _ => Value::String(text),
                }),
            },
            // Bytes, and not the digits that they are written with.
            [one] if one.text.starts_with("0x") || one.text.starts_with("0b") => None,
            // A number in a text is kept as the expression that it is.
            [one] if one.sort == TokenKind::Number && is_long(column, self.dialect) => None,
            [one] if one.sort == TokenKind::Number => {
                Some(number(written).unwrap_or_else(|| written.into()))
            }
            [sign, one] if sign.is_symbol("-") && one.sort == TokenKind::Number => {
                Some(number(written).unwrap_or_else(|| written.into()))
            }
            _ => None,
        };
        Some(match literal {
            Some(value) => DefaultValue::Literal(value),
            None => DefaultValue::Sql(written.to_owned().into()),
        })
    }

    /// A key, a constraint, or what is left alone.
    fn part(&mut self, table: &mut TableDefinition) -> Option<()> {
        let mut name = None;
        if self.eat("CONSTRAINT") {
            name = Some(self.ident()?);
        }
        if self.eat("PRIMARY") {
            self.eat("KEY").then_some(())?;
            let parts = self.index_columns()?;
            let is_plain =
                |part: &IndexColumn| column_of(part).map(IndexColumn::plain).as_ref() == Some(part);
            if !parts.iter().all(is_plain) || self.says_more_of_key() {
                self.keep_clause()?;
            }
            let columns = parts.iter().filter_map(column_of).collect();
            table.constraints.push(Constraint::PrimaryKey(PrimaryKey {
                name: None,
                columns,
                include: Vec::new(),
                deferrable: None,
                initially: None,
                tablespace: None,
            }));
        } else if self.eat("FOREIGN") {
            table.constraints.push(Constraint::ForeignKey(self.foreign_key(name)?));
        } else if self.eat("CHECK") {
            let sql = self.expression()?;
            let enforced = self.eat("NOT").then_some(false);
            table.constraints.push(Constraint::Check(Check {
                name,
                sql,
                not_valid: false,
                no_inherit: false,
                enforced,
            }));
        } else {
            let index = self.index();
            match index.map(constraint_of) {
                Some(Ok(unique)) => table.constraints.push(Constraint::Unique(unique)),
                Some(Err(index)) => table.indexes.push(*index),
                // A period of MariaDB's, a vector index: no operation names them.
                None => self.keep_clause()?,
            }
        }
        Some(())
    }

    /// Keeps the whole of a part of the table as a clause.
    fn keep_clause(&mut self) -> Option<()> {
        let clause = self.written(self.tokens)?.to_owned();
        self.clauses.push(clause);
        Some(())
    }

    /// Whether something is said of a primary key behind its columns.
    fn says_more_of_key(&self) -> bool {
        self.tokens[self.at..].iter().any(|token| !token.is_any(&["USING", "BTREE"]))
    }

    fn foreign_key(&mut self, name: Option<String>) -> Option<ForeignKey> {
        self.eat("KEY").then_some(())?;
        let columns = self.names()?;
        self.eat("REFERENCES").then_some(())?;
        let (mut schema, mut table) = (None, self.ident()?);
        if self.eat_symbol(".") {
            schema = Some(std::mem::replace(&mut table, self.ident()?));
        }
        let references = References { schema, table, columns: self.names()? };
        let mut key = ForeignKey {
            name,
            columns,
            references,
            on_delete: None,
            on_update: None,
            match_: None,
            deferrable: None,
            initially: None,
            not_valid: false,
        };
        while let Some(token) = self.next() {
            if token.is("MATCH") {
                key.match_ = match self.next()? {
                    kind if kind.is("FULL") => Some(Match::Full),
                    kind if kind.is("PARTIAL") => Some(Match::Partial),
                    _ => Some(Match::Simple),
                };
            } else if token.is("ON") {
                let deletes = self.next()?.is("DELETE");
                let action = Some(self.action()?);
                if deletes {
                    key.on_delete = action;
                } else {
                    key.on_update = action;
                }
            }
        }
        Some(key)
    }

    fn action(&mut self) -> Option<ReferenceAction> {
        let first = self.next()?;
        Some(if first.is("CASCADE") {
            ReferenceAction::Cascade
        } else if first.is("RESTRICT") {
            ReferenceAction::Restrict
        } else if first.is("NO") {
            self.next()?;
            ReferenceAction::NoAction
        } else if self.next()?.is("NULL") {
            ReferenceAction::SetNull
        } else {
            ReferenceAction::SetDefault
        })
    }

    fn names(&mut self) -> Option<Vec<String>> {
        self.list()?.into_iter().map(|item| self.inside(item).ident()).collect()
    }

    fn index(&mut self) -> Option<Index> {
        let unique = self.eat("UNIQUE");
        let kind = if self.eat("FULLTEXT") {
            Some(IndexKind::Fulltext)
        } else {
            self.eat("SPATIAL").then_some(IndexKind::Spatial)
        };
        (self.eat("KEY") || self.eat("INDEX")).then_some(())?;
        let name = Some(self.ident()?);
        let columns = self.index_columns()?;
        let mut index = Index {
            name,
            columns,
            unique,
            method: None,
            where_: None,
            include: Vec::new(),
            nulls_distinct: None,
            with: Default::default(),
            tablespace: None,
            kind,
            parser: None,
            invisible: false,
            comment: None,
        };
        while let Some(token) = self.next() {
            if token.is("USING") {
                index.method = Some(self.ident()?.to_lowercase());
            } else if token.is("COMMENT") {
                index.comment = Some(self.string()?);
            } else if token.is_any(&["INVISIBLE", "IGNORED"]) {
                index.invisible = true;
            } else if token.is("PARSER") {
                index.parser = Some(self.ident()?);
            } else if token.is_any(&["KEY_BLOCK_SIZE", "CLUSTERING", "ENGINE_ATTRIBUTE"]) {
                self.keep_clause()?;
                break;
            }
        }
        Some(index)
    }

    fn index_columns(&mut self) -> Option<Vec<IndexColumn>> {
        self.list()?.into_iter().map(|item| self.inside(item).index_column()).collect()
    }

    fn index_column(&mut self) -> Option<IndexColumn> {
        let key = if self.peek()?.is_symbol("(") {
            IndexKey::Sql(self.expression()?)
        } else {
            IndexKey::Column(self.ident()?)
        };
        let mut column = IndexColumn { key, ..IndexColumn::plain("") };
        if self.peek().is_some_and(|token| token.is_symbol("(")) {
            column.length = self.group()?.first()?.text.parse().ok();
        }
        column.order = self.eat("DESC").then_some(Order::Desc);
        Some(column)
    }

    /// What stands behind the brackets.
    fn options(&mut self, table: &mut TableDefinition) -> Option<()> {
        let TableDefinition { options, comment, .. } = table;
        while let Some(token) = self.next() {
            let begin = self.at - 1;
            let behind = |reader: &mut Self| reader.eat_symbol("=");
            if token.is("PARTITION") && self.eat("BY") {
                let text = self.written(&self.tokens[self.at..])?.to_owned();
                options.partition_by = Some(ByOne(self.dialect, text).into());
                return Some(());
            } else if token.is("ENGINE") && behind(self) {
                options.engine = Some(self.ident()?);
            } else if token.is_any(&["CHARSET", "SET"]) && behind(self) {
                options.charset = Some(self.ident()?);
            } else if token.is("COLLATE") && behind(self) {
                options.collation = Some(self.ident()?);
            } else if token.is("AUTO_INCREMENT") && behind(self) {
                options.auto_increment = self.next()?.text.parse().ok();
            } else if token.is("ROW_FORMAT") && behind(self) {
                options.row_format = Some(self.ident()?.to_lowercase());
            } else if token.is("TABLESPACE") {
                behind(self);
                options.tablespace = Some(self.ident()?);
            } else if token.is("COMMENT") && behind(self) {
                *comment = Some(self.string()?);
            } else if self.eat_symbol("=") {
                self.next()?;
                let clause = self.written(&self.tokens[begin..self.at])?.to_owned();
                self.clauses.push(clause);
            } else if token.is("WITH") && self.eat("SYSTEM") && self.eat("VERSIONING") {
                self.clauses.push("WITH SYSTEM VERSIONING".to_owned());
            }
        }
        Some(())
    }
}

/// A text given for the server's own dialect, so that it is taken word for word.
struct ByOne(Dialect, String);

impl From<ByOne> for SqlText {
    fn from(ByOne(dialect, text): ByOne) -> SqlText {
        SqlText::Each(vec![(dialect, text)])
    }
}

fn column_of(column: &IndexColumn) -> Option<String> {
    match &column.key {
        IndexKey::Column(name) => Some(name.clone()),
        IndexKey::Sql(_) => None,
    }
}

/// A unique index of which nothing is said but its columns is what a unique constraint makes.
fn constraint_of(index: Index) -> Result<Unique, Box<Index>> {
    let columns: Option<Vec<String>> = index
        .columns
        .iter()
        .map(|column| match &column.key {
            IndexKey::Column(name) if *column == IndexColumn::plain(name) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let says_more = !index.unique
        || index.kind.is_some()
        || index.method.is_some()
        || index.invisible
        || index.comment.is_some();
    match columns {
        Some(columns) if !says_more => Ok(Unique {
            name: index.name,
            columns,
            include: Vec::new(),
            nulls_distinct: None,
            deferrable: None,
            initially: None,
            tablespace: None,
        }),
        _ => Err(Box::new(index)),
    }
}

/// Whether a column holds texts of any length, or JSON.
fn is_long(column: &Column, dialect: Dialect) -> bool {
    let type_ = column.type_.get(dialect).map_or("", String::as_str);
    ["text", "blob", "json"].iter().any(|end| type_.ends_with(end))
}

/// A default with a NUL, which no text of SQL may hold, by its bytes.
fn bytes(text: &str, column: &Column, dialect: Dialect) -> DefaultValue {
    let type_ = column.type_.get(dialect).map_or("", String::as_str);
    let charset = if type_.contains("binary") { "" } else { "_utf8mb4 " };
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    DefaultValue::Sql(ByOne(dialect, format!("{charset}x'{digits}'")).into())
}

/// Whether a text is a date that is none, such as `0000-00-00`.
fn is_no_date(text: &str, column: &Column, dialect: Dialect) -> bool {
    let type_ = column.type_.get(dialect).map_or("", String::as_str);
    let is_date = ["date", "timestamp"].iter().any(|name| type_.starts_with(name));
    is_date && (text.starts_with("0000") || text.contains("-00"))
}

/// Whether a column holds numbers.
fn counts(column: &Column, dialect: Dialect) -> bool {
    let type_ = column.type_.get(dialect).map(|text| text.to_lowercase()).unwrap_or_default();
    ["tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double"]
        .iter()
        .any(|name| type_.starts_with(name))
}

/// A number that JSON holds as it is written.
fn number(text: &str) -> Option<Value> {
    let number: serde_json::Number = serde_json::from_str(text).ok()?;
    (number.to_string() == text).then_some(Value::Number(number))
}

/// What a string stands for.
fn text_of(token: &str) -> Option<String> {
    let inner = token.strip_prefix('\'')?.strip_suffix('\'')?;
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                chars.next();
                text.push('\'');
            }
            '\\' => text.push(match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'Z' => '\u{1a}',
                'b' => '\u{8}',
                other => other,
            }),
            _ => text.push(c),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests;
