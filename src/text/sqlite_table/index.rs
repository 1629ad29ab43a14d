//! SQLite's CREATE INDEX as a value.

use super::ReadError;
use super::names::text_name;
use super::read::Reader;
use crate::text::token::{Depth, Token};

/// A CREATE INDEX.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSql {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: String,
    /// Whether no two rows may be alike in it.
    pub unique: bool,
    /// What it is over.
    pub items: Vec<IndexItem>,
    /// The condition of a partial index.
    pub where_: Option<String>,
}

/// A column or expression of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexItem {
    /// The name of the column; else the expression.
    pub column: Option<String>,
    /// As it is written, without what follows.
    pub sql: String,
    /// The collation.
    pub collation: Option<String>,
    /// Whether it is sorted downwards.
    pub descending: bool,
}

impl IndexSql {
    /// Reads a statement.
    ///
    /// # Errors
    /// It is no CREATE INDEX.
    pub fn read(sql: &str) -> Result<IndexSql, ReadError> {
        let mut reader = Reader::new(sql);
        reader.word("CREATE")?;
        let unique = reader.take("UNIQUE");
        reader.word("INDEX")?;
        if reader.take("IF") {
            reader.word("NOT")?;
            reader.word("EXISTS")?;
        }
        let mut name = reader.name()?;
        if reader.symbol_ahead(".") {
            reader.symbol(".")?;
            name = reader.name()?;
        }
        reader.word("ON")?;
        let table = reader.name()?;
        reader.symbol("(")?;
        let mut items = Vec::new();
        loop {
            let (item, last) = item(&mut reader, sql)?;
            items.push(item);
            if last {
                break;
            }
        }
        let where_ = reader.take("WHERE").then(|| {
            let text = sql[reader.start()..].trim_end();
            text.strip_suffix(';').unwrap_or(text).trim_end().to_owned()
        });
        Ok(IndexSql { name, table, unique, items, where_ })
    }
}

/// Whether a COLLATE behind this is about all of it: behind an operator it is about the last operand
/// alone. It is a name, a call, or something in brackets.
fn is_one(tokens: &[Token<'_>]) -> bool {
    let group = match tokens {
        [_] => return true,
        [name, rest @ ..] if text_name(name).is_some() => rest,
        group => group,
    };
    let mut depth = Depth::default();
    group.first().is_some_and(|first| first.is_symbol("("))
        && group.iter().position(|token| depth.behind(token) == 0) == Some(group.len() - 1)
}

/// One item up to its comma or the closing bracket, and whether it was the last.
fn item(reader: &mut Reader<'_>, sql: &str) -> Result<(IndexItem, bool), ReadError> {
    let (mut tokens, mut depth) = (Vec::<Token<'_>>::new(), 0_usize);
    let last = loop {
        let Some(token) = reader.next() else { return reader.unexpected() };
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") && depth > 0 {
            depth -= 1;
        } else if depth == 0 && (token.is_symbol(")") || token.is_symbol(",")) {
            break token.is_symbol(")");
        }
        tokens.push(token);
    };
    let mut descending = false;
    if let [.., nulls, end] = &tokens[..]
        && nulls.is("NULLS")
        && end.is_any(&["FIRST", "LAST"])
    {
        tokens.truncate(tokens.len() - 2);
    }
    if let [_, .., order] = &tokens[..]
        && order.is_any(&["ASC", "DESC"])
    {
        descending = order.is("DESC");
        tokens.pop();
    }
    let mut collation = None;
    if let [own @ .., word, name] = &tokens[..]
        && word.is("COLLATE")
        && is_one(own)
    {
        collation = text_name(name);
        tokens.truncate(tokens.len() - 2);
    }
    let (Some(first), Some(end)) = (tokens.first(), tokens.last()) else {
        return reader.unexpected();
    };
    let column = if tokens.len() == 1 { text_name(first) } else { None };
    let sql = sql[first.start..end.end()].to_owned();
    Ok((IndexItem { column, sql, collation, descending }, last))
}
