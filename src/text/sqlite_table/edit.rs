//! Changes of a table's statement: all that is not changed stays as it is written.

use super::names::{rename_in_list, rename_qualifier, same, text_name};
use super::read;
use super::{
    Body, ColumnRule, ColumnRuleKind, ColumnSql, ConstraintSql, ConstraintSqlKind, Element,
    ReadError, Renamed, TableSql, Target, rename_column,
};
use crate::text::sqlite::Sqlite;
use crate::text::token::{Depth, Family, Lexer, TokenKind, significant};

impl TableSql {
    /// The statement.
    pub fn text(&self) -> String {
        let mut text = format!("{}{}{}", self.head, self.name_text, self.open);
        for Element { lead, body, trail, separator } in &self.elements {
            text.push_str(lead);
            match body {
                Body::Column(column) => text.push_str(&column.text()),
                Body::Constraint(constraint) => text.push_str(&constraint.text),
            }
            text.push_str(trail);
            text.push_str(separator);
        }
        text.push_str(&self.close);
        text
    }

    /// Gives the table another name, and what it says of itself with it.
    pub fn rename(&mut self, to: &str) {
        let from = std::mem::replace(&mut self.name, to.to_owned());
        self.name_text = Sqlite.quote_ident(to);
        self.rename_target(&from, to);
        let renamed = |text: &str| rename_qualifier(text, &from, to);
        for element in &mut self.elements {
            match &mut element.body {
                Body::Column(column) => {
                    for rule in &mut column.rules {
                        if let ColumnRuleKind::Check(sql) = &mut rule.kind {
                            (rule.text, *sql) = (in_brackets(&rule.text, renamed), renamed(sql));
                        }
                    }
                }
                Body::Constraint(constraint) => {
                    if let ConstraintSqlKind::Check(sql) = &mut constraint.kind {
                        let text = in_brackets(&constraint.text, renamed);
                        (constraint.text, *sql) = (text, renamed(sql));
                    }
                }
            }
        }
    }

    /// Calls with the text and the target of each foreign key that refers to a table.
    fn each_key_to(&mut self, table: &str, mut change: impl FnMut(&mut String, &mut Target)) {
        for element in &mut self.elements {
            match &mut element.body {
                Body::Column(column) => {
                    for rule in &mut column.rules {
                        if let ColumnRuleKind::References(target) = &mut rule.kind
                            && same(&target.table, table)
                        {
                            change(&mut rule.text, target);
                        }
                    }
                }
                Body::Constraint(constraint) => {
                    if let ConstraintSqlKind::ForeignKey { target, .. } = &mut constraint.kind
                        && same(&target.table, table)
                    {
                        change(&mut constraint.text, target);
                    }
                }
            }
        }
    }

    /// Lets what refers to a table refer to another name; says whether anything does.
    pub fn rename_target(&mut self, from: &str, to: &str) -> bool {
        let mut any = false;
        self.each_key_to(from, |text, target| {
            *text = behind_references(text, from, to);
            target.table = to.to_owned();
            any = true;
        });
        any
    }

    /// Gives a column of a table that this one refers to another name.
    pub fn rename_target_column(&mut self, table: &str, from: &str, to: &str) {
        self.each_key_to(table, |text, target| {
            let (before, behind) = at_references(text);
            let list = in_brackets(behind, |list| rename_in_list(list, from, to));
            *text = format!("{before}{list}");
            rename_names(&mut target.columns, from, to);
        });
    }

    /// Gives a column another name, and all that the table says of it; says whether it is sure of all.
    pub fn rename_column(&mut self, from: &str, to: &str) -> bool {
        let mut sure = true;
        let mut expression = |text: &str| match rename_column(text, from, to) {
            Renamed::Sure(text) => text,
            Renamed::Unsure => {
                sure = false;
                text.to_owned()
            }
        };
        for element in &mut self.elements {
            match &mut element.body {
                Body::Column(column) => {
                    if same(&column.name, from) {
                        column.set_name(to);
                    }
                    for rule in &mut column.rules {
                        if let ColumnRuleKind::Check(sql) | ColumnRuleKind::Generated { sql, .. } =
                            &mut rule.kind
                        {
                            rule.text = in_brackets(&rule.text, &mut expression);
                            *sql = expression(sql);
                        }
                    }
                }
                Body::Constraint(constraint) => match &mut constraint.kind {
                    ConstraintSqlKind::PrimaryKey { columns, .. }
                    | ConstraintSqlKind::Unique(columns)
                    | ConstraintSqlKind::ForeignKey { columns, .. } => {
                        rename_names(columns, from, to);
                        let (before, behind) = at_references(&constraint.text);
                        let list = |list: &str| rename_in_list(list, from, to);
                        constraint.text = format!("{}{behind}", in_brackets(before, list));
                    }
                    ConstraintSqlKind::Check(sql) => {
                        constraint.text = in_brackets(&constraint.text, &mut expression);
                        *sql = expression(sql);
                    }
                    ConstraintSqlKind::Nothing => {}
                },
            }
        }
        let own = self.name.clone();
        self.rename_target_column(&own, from, to);
        sure
    }

    /// Where a column stands among the elements.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.elements.iter().position(
            |element| matches!(&element.body, Body::Column(column) if same(&column.name, name)),
        )
    }

    /// The column of a name, to be changed.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut ColumnSql> {
        self.elements.iter_mut().find_map(|element| match &mut element.body {
            Body::Column(column) if same(&column.name, name) => Some(column),
            _ => None,
        })
    }

    /// Puts a column behind another, or before all.
    pub fn insert_column(&mut self, column: ColumnSql, at: usize) {
        self.insert(Body::Column(column), at.min(self.columns().count()));
    }

    /// Puts a constraint behind all others.
    pub fn push_constraint(&mut self, constraint: ConstraintSql) {
        self.insert(Body::Constraint(constraint), self.elements.len());
    }

    fn insert(&mut self, body: Body, at: usize) {
        let first = self.elements.first().map_or("", |first| first.lead.as_str());
        // A table that is written a line for each element goes on so.
        let line = first.rfind('\n').map(|at| &first[at..]);
        let lead = match line {
            Some(line) if line.trim().is_empty() => line.to_owned(),
            _ => " ".to_owned(),
        };
        if at == 0 {
            let lead = if line.is_none() { String::new() } else { lead };
            if let Some(first) = self.elements.first_mut()
                && first.lead.is_empty()
            {
                first.lead = " ".to_owned();
            }
            self.elements.insert(0, Element { lead, body, trail: String::new(), separator: "," });
            return;
        }
        let before = &mut self.elements[at - 1];
        let trail = std::mem::take(&mut before.trail);
        let separator = std::mem::replace(&mut before.separator, ",");
        self.elements.insert(at, Element { lead, body, trail, separator });
    }

    /// Takes an element out.
    pub fn remove(&mut self, at: usize) -> Body {
        let Element { lead, body, trail, .. } = self.elements.remove(at);
        // What stands on the line of the comma is a remark on the element before it.
        let (remark, _) = split_remark(&lead);
        if let Some(next) = self.elements.get_mut(at) {
            let (_, rest) = split_remark(&next.lead);
            next.lead = match at {
                0 if rest.trim().is_empty() => lead,
                _ => format!("{remark}{rest}"),
            };
        } else if let Some(before) = self.elements.last_mut() {
            let (_, rest) = split_remark(&trail);
            let line = if remark.is_empty() || rest.starts_with('\n') { "" } else { "\n" };
            before.trail = format!("{}{remark}{line}{rest}", before.trail);
        }
        let last = self.elements.len();
        if let Some(before) = at.checked_sub(1) {
            self.elements[before].separator = if at == last { "" } else { "," };
        }
        body
    }

    /// Moves a column.
    pub fn move_column(&mut self, from: usize, to: usize) {
        if from != to
            && let Body::Column(column) = self.remove(from)
        {
            self.insert_column(column, to);
        }
    }

    /// Reads a column to put into the table.
    ///
    /// # Errors
    /// It is no column.
    pub fn read_column(text: &str) -> Result<ColumnSql, ReadError> {
        match read::body(text)? {
            Body::Column(column) => Ok(column),
            Body::Constraint(_) => Err(ReadError::Unexpected(text.to_owned())),
        }
    }

    /// Reads a constraint to put into the table.
    ///
    /// # Errors
    /// It is no constraint.
    pub fn read_constraint(text: &str) -> Result<ConstraintSql, ReadError> {
        match read::body(text)? {
            Body::Constraint(constraint) => Ok(constraint),
            Body::Column(_) => Err(ReadError::Unexpected(text.to_owned())),
        }
    }
}

impl ColumnSql {
    /// The column as it is written.
    pub fn text(&self) -> String {
        let mut text = format!("{}{}{}", self.name_text, self.type_lead, self.type_);
        for rule in &self.rules {
            text.push_str(&rule.lead);
            text.push_str(&rule.text);
        }
        text
    }

    /// Gives the column another name.
    pub fn set_name(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.name_text = Sqlite.quote_ident(name);
    }

    /// Gives the column another type.
    pub fn set_type(&mut self, type_: &str) {
        if self.type_lead.is_empty() {
            self.type_lead = " ".to_owned();
        }
        type_.clone_into(&mut self.type_);
    }

    /// Takes out what the column says of a kind; says whether it said anything.
    pub fn drop_rules(&mut self, unwanted: impl Fn(&ColumnRule) -> bool) -> bool {
        let before = self.rules.len();
        let mut at = 0;
        while at < self.rules.len() {
            match unwanted(&self.rules[at]) {
                true => self.drop_rule(at),
                false => at += 1,
            }
        }
        before != self.rules.len()
    }

    /// Takes out one thing that the column says; how a foreign key is checked goes with it.
    pub fn drop_rule(&mut self, at: usize) {
        let is_deferral = |rule: Option<&ColumnRule>| matches!(rule, Some(rule) if matches!(rule.kind, ColumnRuleKind::Deferral(_)));
        let gone = self.rules.remove(at);
        if matches!(gone.kind, ColumnRuleKind::References(_)) && is_deferral(self.rules.get(at)) {
            self.rules.remove(at);
        }
    }

    /// Lets the column say something more, in front of what is usually said behind it.
    ///
    /// # Errors
    /// It is nothing that a column can say.
    pub fn push_rule(&mut self, text: &str) -> Result<(), ReadError> {
        for rule in TableSql::read_column(&format!("x x {text}"))?.rules {
            let behind = |own: &ColumnRule| rank(&own.kind) > rank(&rule.kind);
            let at = self.rules.iter().position(behind).unwrap_or(self.rules.len());
            self.rules.insert(at, rule);
        }
        Ok(())
    }
}

/// The usual order of what a column says.
fn rank(kind: &ColumnRuleKind) -> usize {
    match kind {
        ColumnRuleKind::PrimaryKey { .. } | ColumnRuleKind::Nothing => 0,
        ColumnRuleKind::NotNull | ColumnRuleKind::Null => 1,
        ColumnRuleKind::Default(_) => 2,
        ColumnRuleKind::Collate(_) => 3,
        ColumnRuleKind::Generated { .. } => 4,
        ColumnRuleKind::Unique => 5,
        ColumnRuleKind::Check(_) => 6,
        ColumnRuleKind::References(_) | ColumnRuleKind::Deferral(_) => 7,
    }
}

impl ColumnRule {
    /// Gives it another name, if it has one.
    pub fn set_name(&mut self, to: &str) {
        if self.name.is_some() {
            self.text = named(&self.text, to);
            self.name = Some(to.to_owned());
        }
    }
}

impl ConstraintSql {
    /// Gives it another name, if it has one.
    pub fn set_name(&mut self, to: &str) {
        if self.name.is_some() {
            self.text = named(&self.text, to);
            self.name = Some(to.to_owned());
        }
    }
}

/// A text with another name behind the last CONSTRAINT at its beginning.
fn named(text: &str, to: &str) -> String {
    let tokens: Vec<_> = significant(&Sqlite, text).collect();
    let names = tokens.chunks(2).take_while(|pair| pair[0].is("CONSTRAINT"));
    match names.last() {
        Some([_, name]) => {
            let to = Sqlite.quote_ident(to);
            format!("{}{to}{}", &text[..name.start], &text[name.end()..])
        }
        _ => text.to_owned(),
    }
}

/// A text up to what stands on its first line's end, if that is a comment, and the rest.
fn split_remark(space: &str) -> (&str, &str) {
    let mut any = false;
    for token in Lexer::new(&Sqlite, space) {
        if token.sort == TokenKind::Comment {
            any = true;
        } else if let Some(line) = token.text.find('\n') {
            return if any { space.split_at(token.start + line) } else { ("", space) };
        }
    }
    ("", space)
}

/// A text up to its REFERENCES, and from there on.
fn at_references(text: &str) -> (&str, &str) {
    let at = significant(&Sqlite, text).find(|token| token.is("REFERENCES"));
    text.split_at(at.map_or(text.len(), |token| token.start))
}

/// A text with another table behind its REFERENCES.
fn behind_references(text: &str, from: &str, to: &str) -> String {
    let (before, behind) = at_references(text);
    let Some(table) = significant(&Sqlite, behind).nth(1) else { return text.to_owned() };
    if !text_name(&table).is_some_and(|name| same(&name, from)) {
        return text.to_owned();
    }
    let rest = &behind[table.end()..];
    format!("{before}{}{}{rest}", &behind[..table.start], Sqlite.quote_ident(to))
}

/// A text with something done to what stands in its first brackets.
fn in_brackets(text: &str, change: impl FnOnce(&str) -> String) -> String {
    let (mut from, mut depth) = (None, Depth::default());
    for token in significant(&Sqlite, text) {
        match (depth.behind(&token), from) {
            (1.., None) => from = Some(token.end()),
            (0, Some(from)) => {
                let inner = change(&text[from..token.start]);
                return format!("{}{inner}{}", &text[..from], &text[token.start..]);
            }
            _ => {}
        }
    }
    text.to_owned()
}

fn rename_names(names: &mut [String], from: &str, to: &str) {
    for name in names.iter_mut().filter(|name| same(name, from)) {
        to.clone_into(name);
    }
}
