//! What the catalogue shows once a DDL statement of one clause has run.
//!
//! A small grammar that gives up at whatever it does not know: giving up means that `resume` asks,
//! a wrong answer would repeat or skip a statement.

use super::token::{Depth, Family, Lexer, Token, TokenKind};
use super::{CatalogEffect, ObjectKind, ObjectName};

pub(super) fn catalog_effect(family: &'static dyn Family, sql: &str) -> Option<CatalogEffect> {
    let mut reader = Reader::new(family, sql)?;
    if reader.eat("CREATE") {
        reader.create()
    } else if reader.eat("DROP") {
        reader.drop()
    } else if reader.eat("RENAME") {
        reader.rename_table()
    } else if reader.eat("ALTER") {
        reader.alter()
    } else {
        None
    }
}

pub(super) fn concurrent_index(family: &'static dyn Family, sql: &str) -> Option<ObjectName> {
    let mut reader = Reader::new(family, sql)?;
    if !reader.eat("CREATE") {
        return None;
    }
    reader.eat("UNIQUE");
    if !(reader.eat("INDEX") && reader.eat("CONCURRENTLY")) {
        return None;
    }
    if reader.eat("IF") && !(reader.eat("NOT") && reader.eat("EXISTS")) {
        return None;
    }
    reader.index().map(|(name, _)| name)
}

/// Words behind ADD and DROP that begin something else than a column.
const NO_COLUMN: [&str; 15] = [
    "CONSTRAINT",
    "PRIMARY",
    "UNIQUE",
    "FOREIGN",
    "CHECK",
    "INDEX",
    "KEY",
    "FULLTEXT",
    "SPATIAL",
    "PARTITION",
    "PERIOD",
    "SYSTEM",
    "EXCLUDE",
    "NOT",
    "VECTOR",
];

struct Reader<'a> {
    family: &'static dyn Family,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// `None` if the statement is no DDL, or holds `/*! … */`, which may run or not.
    fn new(family: &'static dyn Family, sql: &'a str) -> Option<Self> {
        let mut tokens = Vec::new();
        for token in Lexer::new(family, sql) {
            match token.sort {
                TokenKind::Space | TokenKind::Comment | TokenKind::Hint => {}
                TokenKind::Open | TokenKind::Close | TokenKind::Unclosed(_) => return None,
                _ if tokens.is_empty() && !token.is_any(&["CREATE", "DROP", "ALTER", "RENAME"]) => {
                    return None;
                }
                _ => tokens.push(token),
            }
        }
        while tokens.last().is_some_and(|token| token.sort == TokenKind::Terminator) {
            tokens.pop();
        }
        Some(Reader { family, tokens, at: 0 })
    }

    fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    fn sees(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is(word))
    }

    fn eat(&mut self, word: &str) -> bool {
        let sees = self.sees(word);
        self.at += usize::from(sees);
        sees
    }

    fn eat_symbol(&mut self, symbol: &str) -> bool {
        let sees = self.peek().is_some_and(|token| token.is_symbol(symbol));
        self.at += usize::from(sees);
        sees
    }

    fn rest(&self) -> &[Token<'a>] {
        &self.tokens[self.at..]
    }

    fn ident(&mut self) -> Option<String> {
        let name = self.family.name(self.peek()?)?;
        self.at += 1;
        Some(name)
    }

    fn name(&mut self) -> Option<ObjectName> {
        let first = self.ident()?;
        if !self.eat_symbol(".") {
            return Some(ObjectName { schema: None, name: first });
        }
        let second = self.ident()?;
        (!self.eat_symbol(".")).then_some(ObjectName { schema: Some(first), name: second })
    }

    /// A name that is not preceded by IF [NOT] EXISTS.
    fn sure_name(&mut self) -> Option<ObjectName> {
        if self.sees("IF") { None } else { self.name() }
    }

    /// The name of an index and its table: `i ON t`, `i USING BTREE ON t`.
    fn index(&mut self) -> Option<(ObjectName, ObjectName)> {
        if self.sees("ON") {
            return None;
        }
        let mut name = self.sure_name()?;
        if self.eat("USING") {
            self.ident()?;
        }
        if !self.eat("ON") {
            return None;
        }
        self.eat("ONLY");
        let table = self.name()?;
        // An index stands in the schema of its table, whichever of the two says it.
        name.schema = name.schema.or_else(|| table.schema.clone());
        Some((name, table))
    }

    fn create(&mut self) -> Option<CatalogEffect> {
        while self.eat("UNLOGGED")
            || self.eat("UNIQUE")
            || self.eat("FULLTEXT")
            || self.eat("SPATIAL")
        {}
        if self.eat("INDEX") {
            self.eat("CONCURRENTLY");
            let (name, table) = self.index()?;
            return Some(CatalogEffect::Creates {
                kind: ObjectKind::Index,
                name,
                table: Some(table),
            });
        }
        if self.eat("TABLE") {
            let name = self.sure_name()?;
            // A table made from a query may be there without its rows.
            let queries = |token: &Token<'_>| token.is_any(&["SELECT", "EXECUTE"]);
            if self.rest().iter().any(queries) || self.top_level("AS") {
                return None;
            }
            return Some(CatalogEffect::Creates { kind: ObjectKind::Table, name, table: None });
        }
        self.view_options()?;
        if !self.eat("VIEW") {
            return None;
        }
        let name = self.sure_name()?;
        Some(CatalogEffect::Creates { kind: ObjectKind::View, name, table: None })
    }

    /// What MySQL and PostgreSQL allow between CREATE and VIEW, but for OR REPLACE and TEMPORARY.
    fn view_options(&mut self) -> Option<()> {
        self.eat("RECURSIVE");
        if self.eat("ALGORITHM") {
            self.eat_symbol("=");
            self.ident()?;
        }
        if self.eat("DEFINER") {
            self.eat_symbol("=");
            self.at += 1;
            if self.eat_symbol("@") {
                self.at += 1;
            } else if self.eat_symbol("(") {
                self.eat_symbol(")");
            }
        }
        if self.eat("SQL") {
            self.eat("SECURITY");
            self.ident()?;
        }
        Some(())
    }

    fn drop(&mut self) -> Option<CatalogEffect> {
        let kind = self.object_kind()?;
        self.eat("CONCURRENTLY");
        let name = self.sure_name()?;
        let mut table = None;
        if kind == ObjectKind::Index && self.family.table_owns_indexes() {
            table = Some(self.eat("ON").then(|| self.name())??);
        }
        self.is_one_clause().then_some(CatalogEffect::Drops { kind, name, table })
    }

    fn object_kind(&mut self) -> Option<ObjectKind> {
        if self.eat("TABLE") {
            Some(ObjectKind::Table)
        } else if self.eat("INDEX") {
            Some(ObjectKind::Index)
        } else if self.eat("VIEW") {
            Some(ObjectKind::View)
        } else {
            None
        }
    }

    /// MySQL's RENAME TABLE.
    fn rename_table(&mut self) -> Option<CatalogEffect> {
        if !(self.eat("TABLE") || self.eat("TABLES")) {
            return None;
        }
        let from = self.sure_name()?;
        self.eat("TO").then(|| self.renames(ObjectKind::Table, from))?
    }

    /// The new name, and nothing behind it.
    fn renames(&mut self, kind: ObjectKind, from: ObjectName) -> Option<CatalogEffect> {
        let mut to = self.name()?;
        if self.family.rename_keeps_schema() {
            to.schema = to.schema.or_else(|| from.schema.clone());
        }
        self.rest().is_empty().then_some(CatalogEffect::Renames { kind, from, to, table: None })
    }

    fn alter(&mut self) -> Option<CatalogEffect> {
        let kind = self.object_kind()?;
        if self.sees("IF") {
            return None;
        }
        if kind == ObjectKind::Table {
            self.eat("ONLY");
        }
        let object = self.name()?;
        if kind != ObjectKind::Table {
            return (self.eat("RENAME") && self.eat("TO")).then(|| self.renames(kind, object))?;
        }
        self.eat_symbol("*");
        if self.eat("RENAME") {
            self.alter_rename(object)
        } else if self.eat("ADD") {
            self.add(object)
        } else if self.eat("DROP") {
            self.drop_part(object)
        } else {
            None
        }
    }

    fn alter_rename(&mut self, table: ObjectName) -> Option<CatalogEffect> {
        if self.eat("TO") || self.eat("AS") {
            return self.renames(ObjectKind::Table, table);
        }
        if self.eat("COLUMN") {
            // The new name is not there before and is there afterwards, as that of a new column.
            self.sure_ident()?;
            let column = self.eat("TO").then(|| self.sure_ident())??;
            return self.rest().is_empty().then_some(CatalogEffect::AddsColumn { table, column });
        }
        if !self.family.table_owns_indexes() {
            return None;
        }
        if !(self.eat("INDEX") || self.eat("KEY")) {
            // MySQL's `RENAME t2`; a column's `RENAME a TO b` is no rename of a table.
            return self.renames(ObjectKind::Table, table);
        }
        let from = self.own(&table)?;
        let to = self.eat("TO").then(|| self.own(&table))??;
        let (kind, table) = (ObjectKind::Index, Some(table));
        self.is_one_clause().then_some(CatalogEffect::Renames { kind, from, to, table })
    }

    /// The name of an index in its table's schema.
    fn own(&mut self, table: &ObjectName) -> Option<ObjectName> {
        if self.sees("IF") {
            return None;
        }
        Some(ObjectName { schema: table.schema.clone(), name: self.ident()? })
    }

    /// MySQL's primary key, which is an index of that name.
    fn primary_key(&mut self, table: &ObjectName) -> Option<ObjectName> {
        (self.eat("PRIMARY") && self.eat("KEY"))
            .then(|| ObjectName { schema: table.schema.clone(), name: "PRIMARY".to_owned() })
    }

    /// A name that is not preceded by IF EXISTS.
    fn sure_ident(&mut self) -> Option<String> {
        if self.sees("IF") { None } else { self.ident() }
    }

    fn add(&mut self, table: ObjectName) -> Option<CatalogEffect> {
        let says_column = self.eat("COLUMN");
        if self.sees("IF") {
            return None;
        }
        if !says_column && self.peek()?.is_any(&NO_COLUMN) {
            if !self.family.table_owns_indexes() {
                return None;
            }
            if let Some(name) = self.primary_key(&table) {
                let (kind, table) = (ObjectKind::Index, Some(table));
                return self.is_one_clause().then_some(CatalogEffect::Creates {
                    kind,
                    name,
                    table,
                });
            }
            while self.eat("UNIQUE") || self.eat("FULLTEXT") || self.eat("SPATIAL") {}
            if !(self.eat("INDEX") || self.eat("KEY")) {
                return None;
            }
            // Without a name the server makes one up.
            if self.peek()?.is("USING") {
                return None;
            }
            let name = self.own(&table)?;
            let (kind, table) = (ObjectKind::Index, Some(table));
            return self.is_one_clause().then_some(CatalogEffect::Creates { kind, name, table });
        }
        let column = self.ident()?;
        self.is_one_clause().then_some(CatalogEffect::AddsColumn { table, column })
    }

    fn drop_part(&mut self, table: ObjectName) -> Option<CatalogEffect> {
        let says_column = self.eat("COLUMN");
        if self.sees("IF") {
            return None;
        }
        if !says_column && self.peek()?.is_any(&NO_COLUMN) {
            if !self.family.table_owns_indexes() {
                return None;
            }
            let name = match self.primary_key(&table) {
                Some(name) => name,
                None => (self.eat("INDEX") || self.eat("KEY")).then(|| self.own(&table))??,
            };
            let (kind, table) = (ObjectKind::Index, Some(table));
            return self.is_one_clause().then_some(CatalogEffect::Drops { kind, name, table });
        }
        let column = self.ident()?;
        self.is_one_clause().then_some(CatalogEffect::DropsColumn { table, column })
    }

    /// Whether the word stands in what is left, outside of brackets.
    fn top_level(&self, word: &str) -> bool {
        let mut depth = Depth::default();
        self.rest().iter().any(|token| depth.behind(token) == 0 && token.is(word))
    }

    /// Whether what is left holds no second clause; MySQL's `, ALGORITHM=…, LOCK=…` are none.
    fn is_one_clause(&self) -> bool {
        let mut depth = Depth::default();
        let rest = self.rest();
        rest.iter().enumerate().all(|(index, token)| {
            depth.behind(token) > 0
                || !token.is_symbol(",")
                || rest.get(index + 1).is_some_and(|next| next.is_any(&["ALGORITHM", "LOCK"]))
        })
    }
}
