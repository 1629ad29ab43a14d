//! Columns. A change restates the whole column from what it is, so that nothing of it is lost.

use super::lowering::Flavour;
use super::writer::{Writer, same};
use crate::model::SqlText;
use crate::model::operation::{
    AddColumn, AlterColumn, Column, Constraint, DefaultValue, DropColumn, ForeignKey, Identity,
    References, TableDefinition,
};
use crate::sql::clauses::bracketed;
use crate::sql::clauses::foreign_key;
use crate::sql::literal;
use crate::sql::lowering::{Lowered, Unsupported};
use crate::sql::types::Type;
use crate::text::{Depth, Dialect, Token, TokenKind, name_of, quote_ident, tokens};
use serde_json::Value;

/// Whether a column is in the primary key, so that it takes no NULL whatever is said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    No,
    Yes,
    /// And says so itself.
    Inline,
}

impl Flavour {
    /// Whether a change is said without the rest of the column.
    pub(super) fn alters_by_itself(&self, alter: &AlterColumn) -> bool {
        let none = AlterColumn {
            schema: alter.schema.clone(),
            table: alter.table.clone(),
            column: alter.column.clone(),
            was: alter.was.clone(),
            ..AlterColumn::default()
        };
        if *alter == none
            || *alter == (AlterColumn { rename: alter.rename.clone(), ..none.clone() })
        {
            return true;
        }
        if *alter != (AlterColumn { default: alter.default.clone(), ..none }) {
            return false;
        }
        match &alter.default {
            // To have none is to have NULL where the column takes it.
            None | Some(DefaultValue::Literal(Value::Null)) => false,
            // How a text is written depends on the type.
            Some(DefaultValue::Literal(value)) => !value.is_string(),
            // MySQL takes the clock's value behind SET DEFAULT only in brackets, and then as another;
            // and the clock is as fine as the column.
            Some(DefaultValue::Sql(sql)) => {
                self.mariadb()
                    && sql.get(self.dialect).is_some_and(|sql| !says_clock(sql, self.dialect))
            }
        }
    }
}

impl Writer<'_> {
    /// A column as it stands in CREATE TABLE or behind ADD.
    pub(super) fn column(
        &self,
        column: &Column,
        key: Key,
        path: &str,
    ) -> Result<String, Unsupported> {
        let of = self.type_of(&column.type_, &format!("{path}.type"))?;
        self.definition(column, of, key, path)
    }

    fn type_of<'t>(&self, type_: &'t SqlText, path: &str) -> Result<Type<'t>, Unsupported> {
        Type::of(type_, self.flavour.dialect, path)
    }

    /// `default_of` is the type by which the default is written.
    fn definition(
        &self,
        column: &Column,
        default_of: Type<'_>,
        key: Key,
        path: &str,
    ) -> Result<String, Unsupported> {
        let type_ = self.type_of(&column.type_, &format!("{path}.type"))?;
        let name = type_.name(self.flavour.types);
        let mut sql = format!("{} {name}", self.ident(&column.name));
        if let Some(charset) = &column.charset {
            sql.push_str(&format!(" CHARACTER SET {}", self.ident(charset)));
        }
        if let Some(collation) = &column.collation {
            let collation = self.said(collation, &format!("{path}.collation"))?;
            sql.push_str(&format!(" COLLATE {}", self.ident(collation)));
        }
        if let Some(generated) = &column.generated {
            let expression = self.said(&generated.sql, &format!("{path}.generated.sql"))?;
            let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
            sql.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {kind}"));
        }
        // An old server gives a timestamp of which nothing is said NOT NULL and a default.
        let says_null = name.to_lowercase().starts_with("timestamp") && key == Key::No;
        match column.nullable {
            Some(false) => sql.push_str(" NOT NULL"),
            _ if says_null && column.generated.is_none() => sql.push_str(" NULL"),
            _ => {}
        }
        if let Some(default) = &column.default {
            let default = self.default(default, default_of, &name, &format!("{path}.default"))?;
            sql.push_str(&format!(" DEFAULT {default}"));
        }
        if let Some(value) = &column.on_update {
            let value = self.said(value, &format!("{path}.on_update"))?;
            let value = self.clock(value, &name).unwrap_or_else(|| value.to_owned());
            sql.push_str(&format!(" ON UPDATE {value}"));
        }
        if column.autoincrement || column.identity.is_some() {
            sql.push_str(" AUTO_INCREMENT");
        }
        if column.invisible {
            sql.push_str(" INVISIBLE");
        }
        if key == Key::Inline {
            sql.push_str(" PRIMARY KEY");
        }
        sql.push_str(&self.comment(column.comment.as_deref(), path)?);
        if let Some(check) = &column.check {
            let check = self.said(check, &format!("{path}.check"))?;
            sql.push_str(&format!(" CHECK {}", bracketed(check)));
        }
        if let Some(beyond) = &column.beyond {
            sql.push_str(&format!(" {beyond}"));
        }
        Ok(sql)
    }

    /// What stands behind DEFAULT.
    fn default(
        &self,
        default: &DefaultValue,
        of: Type<'_>,
        column_type: &str,
        path: &str,
    ) -> Result<String, Unsupported> {
        let DefaultValue::Literal(value) = default else {
            let written = literal::default(self.flavour.types, of, default)
                .map_err(|reason| self.no(path, &reason))?;
            return Ok(self.expression(&written, column_type));
        };
        let column_type = column_type.to_lowercase();
        let long = ["text", "blob", "json", "geometry", "point", "linestring", "polygon"];
        let first = column_type.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let is_long = first.is_some_and(|word| long.iter().any(|long| word.ends_with(long)));
        let written = match (of, value) {
            // Of a type of the server's own only the server knows what texts it takes.
            (Type::Own(_), Value::String(text)) => literal::string(self.flavour.types, text),
            _ => literal::literal(self.flavour.types, of, value),
        };
        let mut written = written.map_err(|reason| self.no(path, &reason))?;
        if value.is_null() {
            return Ok(written);
        }
        if let (true, Value::String(text)) = (is_long, value) {
            // MariaDB keeps such a default as SQL, and not rightly if it is hexadecimal.
            written = self.plain_text(text, path)?;
        }
        if column_type.starts_with("timestamp") {
            self.in_utc();
        }
        // MySQL takes a default of a text, blob, JSON or place only as an expression.
        Ok(if is_long && !self.flavour.mariadb() { format!("({written})") } else { written })
    }

    /// An expression behind DEFAULT: in brackets, unless it has its own or must not have any.
    fn expression(&self, sql: &str, column_type: &str) -> String {
        if let Some(clock) = self.clock(sql, column_type) {
            return clock;
        }
        let tokens = tokens(self.flavour.dialect, sql);
        let bare = match tokens.as_slice() {
            [one] => is_value(one) || one.is("NULL") || is_clock(one),
            [sign, number] if sign.is_symbol("-") || sign.is_symbol("+") => {
                number.sort == TokenKind::Number
            }
            [charset, text] => charset.text.starts_with('_') && text.sort == TokenKind::Text,
            [first, rest @ ..] if is_clock(first) => is_one_group(rest),
            all => is_one_group(all),
        };
        if bare { sql.trim().to_owned() } else { format!("({})", sql.trim()) }
    }

    /// The clock's value as fine as the column, which MySQL asks for, where nothing is said of that.
    fn clock(&self, sql: &str, column_type: &str) -> Option<String> {
        // MariaDB's own words for a default that is less fine than its column.
        let is_shown = self.flavour.mariadb() && sql == "current_timestamp()";
        if is_shown || !says_clock(sql, self.flavour.dialect) {
            return None;
        }
        let word = sql.split('(').next()?.trim();
        let type_ = column_type.to_lowercase();
        let digits = type_.strip_prefix("timestamp").or_else(|| type_.strip_prefix("datetime"))?;
        let digits = digits.trim_start().strip_prefix('(')?.split(')').next()?.trim();
        Some(format!("{word}({digits})"))
    }

    pub(super) fn add_column(&self, add: &AddColumn) -> Result<Vec<Lowered>, Unsupported> {
        let table = self.name(add.schema.as_deref(), &add.table);
        let path = "add_column.column";
        let key = if add.column.primary_key { Key::Inline } else { Key::No };
        let mut sql = format!("ALTER TABLE {table} ADD COLUMN ");
        if add.if_not_exists {
            sql.push_str("IF NOT EXISTS ");
        }
        sql.push_str(&self.column(&add.column, key, path)?);
        sql.push_str(&self.place(add.first, add.after.as_deref()));
        if let Some(start) = start(add.column.identity.as_ref()) {
            sql.push_str(&format!(", AUTO_INCREMENT = {start}"));
        }
        let mut statements = vec![Lowered::new(sql, path)];
        if let Some(key) = reference(&add.column) {
            // MySQL reads a reference inside a column and makes nothing of it.
            let sql =
                format!("ALTER TABLE {table} ADD {}", foreign_key(self.flavour.dialect, &key));
            statements.push(Lowered::new(sql, format!("{path}.references")));
        }
        Ok(statements)
    }

    fn place(&self, first: bool, after: Option<&str>) -> String {
        match after {
            _ if first => " FIRST".to_owned(),
            Some(after) => format!(" AFTER {}", self.ident(after)),
            None => String::new(),
        }
    }

    pub(super) fn drop_column(&self, drop: &DropColumn) -> Vec<Lowered> {
        let table = self.name(drop.schema.as_deref(), &drop.table);
        let mut statements = Vec::new();
        // No column goes while a foreign key is made of it.
        let reference = drop.was.as_ref().and_then(|was| was.references.as_ref()?.name.as_ref());
        if let Some(name) = reference {
            let sql = format!("ALTER TABLE {table} DROP FOREIGN KEY {}", self.ident(name));
            statements.push(Lowered::new(sql, "drop_column.was.references"));
        }
        let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
        let column = self.ident(&drop.column);
        let sql = format!("ALTER TABLE {table} DROP COLUMN {if_exists}{column}");
        statements.push(Lowered::new(sql, "drop_column"));
        statements
    }

    /// `path` is the operation that it is for: a comment on a column is a change of it, too.
    pub(super) fn alter_column(
        &self,
        alter: &AlterColumn,
        path: &str,
    ) -> Result<Vec<Lowered>, Unsupported> {
        let table = self.name(alter.schema.as_deref(), &alter.table);
        let column = self.ident(&alter.column);
        let lowered =
            |what: String| Ok(vec![Lowered::new(format!("ALTER TABLE {table} {what}"), path)]);
        if self.flavour.alters_by_itself(alter) {
            if let Some(to) = &alter.rename {
                return lowered(format!("RENAME COLUMN {column} TO {}", self.ident(to)));
            }
            if let Some(default) = &alter.default {
                let of = Type::Own("");
                let default = self.default(default, of, "", &format!("{path}.default"))?;
                return lowered(format!("ALTER COLUMN {column} SET DEFAULT {default}"));
            }
            return Ok(Vec::new());
        }
        let (_, live) = self.live(alter.schema.as_deref(), &alter.table, path)?;
        let TableDefinition { columns, constraints, .. } = &live.definition;
        let is_key = |constraint: &Constraint| match constraint {
            Constraint::PrimaryKey(key) => key.columns.iter().any(|own| same(own, &alter.column)),
            _ => false,
        };
        let in_key = constraints.iter().any(is_key);
        let Some(live) = columns.iter().find(|own| same(&own.name, &alter.column)) else {
            return Err(Unsupported {
                path: format!("{path}.column"),
                message: format!("the table {table} has no column {column}"),
                hint: None,
                unknown: None,
            });
        };
        let key = if live.primary_key || in_key { Key::Yes } else { Key::No };
        let (restated, start) = self.restated(live, alter, key, path)?;
        let what = match &alter.rename {
            Some(_) => format!("CHANGE COLUMN {column} {restated}"),
            None => format!("MODIFY COLUMN {restated}"),
        };
        let place = self.place(alter.first, alter.after.as_deref());
        let start = start.map_or_else(String::new, |start| format!(", AUTO_INCREMENT = {start}"));
        lowered(format!("{what}{place}{start}"))
    }

    /// The whole column with what the operation changes, and the number that it counts from.
    fn restated(
        &self,
        live: &Column,
        alter: &AlterColumn,
        key: Key,
        path: &str,
    ) -> Result<(String, Option<i64>), Unsupported> {
        let mut new = live.clone();
        let was_type = self.type_of(&live.type_, &format!("{path}.type"))?;
        let mut default_of = was_type;
        if let Some(type_) = &alter.type_ {
            new.type_ = type_.clone();
            if is_json(live) {
                (new.beyond, new.charset, new.collation) = (None, None, None);
            }
        }
        if let Some(nullable) = alter.nullable {
            new.nullable = Some(nullable);
        }
        let null = Some(&DefaultValue::Literal(Value::Null));
        if alter.nullable == Some(false) && new.default.as_ref() == null {
            new.default = None;
        }
        if let Some(default) = &alter.default {
            new.default = Some(default.clone()).filter(|default| Some(default) != null);
            let type_ = alter.type_.as_ref().unwrap_or(&live.type_);
            default_of = self.type_of(type_, &format!("{path}.type"))?;
        }
        let mut starts = None;
        if let Some(identity) = &alter.identity {
            (new.autoincrement, new.identity) = (false, identity.clone());
            starts = start(identity.as_ref());
        }
        match alter.autoincrement {
            Some(true) => new.autoincrement = true,
            Some(false) => (new.autoincrement, new.identity) = (false, None),
            None => {}
        }
        if (new.autoincrement || new.identity.is_some()) && alter.default.is_none() {
            new.default = None;
        }
        if let Some(generated) = &alter.generated {
            new.generated = generated.clone();
        }
        match (&alter.charset, &alter.collation) {
            (None, None) => {}
            // Each of the two says what the other may be.
            (charset, collation) => {
                new.charset = charset.clone();
                new.collation = collation.clone();
            }
        }
        if let Some(on_update) = &alter.on_update {
            new.on_update = on_update.clone();
        }
        if let Some(comment) = &alter.comment {
            new.comment = comment.clone();
        }
        if let Some(to) = &alter.rename {
            new.name = to.clone();
            let renamed = |sql: &str| self.renamed(sql, &live.name, to);
            new.beyond = new.beyond.as_deref().map(renamed);
            if let Some(check) = &new.check {
                let sql = self.said(check, path)?;
                new.check = Some(self.renamed(sql, &live.name, to).into());
            }
        }
        self.settle(&mut new, path)?;
        Ok((self.definition(&new, default_of, key, path)?, starts))
    }

    /// Leaves out what a column of its type does not have: an earlier change may have left it behind.
    fn settle(&self, column: &mut Column, path: &str) -> Result<(), Unsupported> {
        let type_ = self.type_of(&column.type_, &format!("{path}.type"))?;
        if is_json(column) && !matches!(type_, Type::Own("longtext")) {
            (column.beyond, column.charset, column.collation) = (None, None, None);
        }
        if !holds_text(&type_.name(self.flavour.types).to_lowercase()) {
            (column.charset, column.collation) = (None, None);
        }
        if column.generated.is_some() {
            (column.default, column.on_update) = (None, None);
            column.nullable = column.nullable.filter(|_| !self.flavour.mariadb());
        }
        Ok(())
    }

    /// SQL of the server's own, in which each name is quoted, with another name for a column.
    fn renamed(&self, sql: &str, from: &str, to: &str) -> String {
        let mut text = String::with_capacity(sql.len());
        let mut at = 0;
        for token in tokens(self.flavour.dialect, sql) {
            let name = name_of(self.flavour.dialect, &token);
            if token.sort == TokenKind::Name && name.is_some_and(|name| same(&name, from)) {
                text.push_str(&sql[at..token.start]);
                text.push_str(&quote_ident(self.flavour.dialect, to));
                at = token.end();
            }
        }
        text.push_str(&sql[at..]);
        text
    }
}

/// The number that an identity counts from.
pub(super) fn start(identity: Option<&Identity>) -> Option<i64> {
    identity?.sequence.start
}

/// The foreign key that a column's reference is.
pub(super) fn reference(column: &Column) -> Option<ForeignKey> {
    let reference = column.references.as_ref()?;
    Some(ForeignKey {
        name: reference.name.clone(),
        columns: vec![column.name.clone()],
        references: References {
            schema: reference.schema.clone(),
            table: reference.table.clone(),
            columns: vec![reference.column.clone()],
        },
        on_delete: reference.on_delete,
        on_update: reference.on_update,
        match_: None,
        deferrable: None,
        initially: None,
        not_valid: false,
    })
}

/// Whether a column is what MariaDB makes of `json`.
fn is_json(column: &Column) -> bool {
    let quoted = quote_ident(Dialect::Mariadb, &column.name);
    column.beyond.as_deref() == Some(&format!("CHECK (json_valid({quoted}))"))
}

/// Whether a type has a charset and a collation.
fn holds_text(words: &str) -> bool {
    let first = words.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    first.ends_with("char") || first.ends_with("text") || matches!(first, "enum" | "set")
}

fn is_value(token: &Token<'_>) -> bool {
    matches!(token.sort, TokenKind::Text | TokenKind::Number) || token.is_any(&["TRUE", "FALSE"])
}

fn is_clock(token: &Token<'_>) -> bool {
    token.is_any(&["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"])
}

/// Whether SQL is the clock's value, and does not say how fine.
fn says_clock(sql: &str, dialect: Dialect) -> bool {
    match tokens(dialect, sql).as_slice() {
        [first] => is_clock(first),
        [first, open, close] => is_clock(first) && open.is_symbol("(") && close.is_symbol(")"),
        _ => false,
    }
}

/// Whether the tokens are one pair of brackets and what is in it.
fn is_one_group(tokens: &[Token<'_>]) -> bool {
    let mut depth = Depth::default();
    let closes = tokens.iter().position(|token| depth.behind(token) == 0);
    tokens.len() > 1 && closes == Some(tokens.len() - 1)
}
