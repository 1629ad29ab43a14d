//! What is known of a table that is changed, and what hangs together in it.

use super::known::{self, foreign_keys, is_dropped, is_key, of_table, referrers};
use crate::model::operation::{Constraint, ConstraintKind};
use crate::model::{Entry, Name, Schema, StoredDdl};
use crate::sql::sqlite::clauses::{SQLITE, mismatch};
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::{
    Body, ColumnRuleKind, ColumnSql, ConstraintSqlKind, IndexSql, Renamed, TableSql, Target,
    mentions, rename_column, rename_column_in_trigger, same,
};
use crate::text::{ident, tokens};

/// What is known of the table.
pub(in crate::sql::sqlite) struct State {
    /// As the statements that are out leave it.
    pub(in crate::sql::sqlite) before: TableSql,
    /// As it is to be.
    pub(in crate::sql::sqlite) now: TableSql,
    /// Where the values of the columns come from.
    pub(in crate::sql::sqlite) copies: Vec<(String, String)>,
    pub(in crate::sql::sqlite) indexes: Vec<StoredDdl>,
    pub(in crate::sql::sqlite) triggers: Vec<StoredDdl>,
    /// The statements of other tables that have changed.
    pub(in crate::sql::sqlite) others: Vec<(Name, String)>,
    /// The tables of which statements are no longer known.
    pub(in crate::sql::sqlite) lost: Vec<Name>,
    /// Not all statements are known: a trigger may speak of a new name where nobody can tell.
    pub(in crate::sql::sqlite) unsure: bool,
}

/// Where a constraint stands.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql::sqlite) struct Place {
    pub(in crate::sql::sqlite) element: usize,
    pub(in crate::sql::sqlite) rule: Option<usize>,
}

/// What depends on a column.
pub(in crate::sql::sqlite) struct Dependent {
    pub(in crate::sql::sqlite) what: String,
    /// Whether it depends on nothing else, and so goes with the column.
    pub(in crate::sql::sqlite) alone: bool,
}

impl State {
    pub(in crate::sql::sqlite) fn of(table: TableSql, schema: &Schema) -> Self {
        let name = table.name.clone();
        let mut state = State {
            before: table.clone(),
            now: table,
            copies: Vec::new(),
            indexes: of_table(&schema.indexes, &name).cloned().collect(),
            triggers: of_table(&schema.triggers, &name).cloned().collect(),
            others: Vec::new(),
            lost: Vec::new(),
            unsure: false,
        };
        let mut all = state.indexes.iter().chain(&state.triggers);
        state.unsure = all.any(|stored| stored.sql.is_none());
        state.settle();
        state
    }

    /// The statements that are out have done all that is to be.
    pub(in crate::sql::sqlite) fn settle(&mut self) {
        self.before = self.now.clone();
        let own = |name: String| (name.clone(), ident(SQLITE, &name));
        self.copies = known::stored_columns(&self.now).into_iter().map(own).collect();
    }

    /// What fails if a view or trigger no longer works, those left out that later operations drop.
    pub(in crate::sql::sqlite) fn probes(&self, schema: &Schema, later: &[Entry]) -> Vec<String> {
        let dropped = |stored: &StoredDdl| is_dropped(later, stored);
        let columns = known::stored_columns(&self.now);
        known::probes(schema, &[&self.now.name], &self.triggers, &columns, dropped)
    }

    pub(in crate::sql::sqlite) fn no_column(&self, name: &str, path: &str) -> Unsupported {
        mismatch(path, format!("{} has no column {name}", self.now.name), None)
    }

    pub(in crate::sql::sqlite) fn no_constraint(
        &self,
        kind: ConstraintKind,
        name: Option<&str>,
        path: &str,
    ) -> Unsupported {
        let kind = kind.noun();
        let table = &self.now.name;
        match name {
            Some(name) => mismatch(path, format!("{table} has no {kind} {name}"), None),
            None => mismatch(
                path,
                format!("{table} has no {kind} such as this one"),
                Some("give its name, or its definition in `was`"),
            ),
        }
    }

    /// The names of the constraints.
    pub(in crate::sql::sqlite) fn names(&self) -> impl Iterator<Item = &str> {
        let of_columns = self.now.columns().flat_map(|column| &column.rules);
        let of_columns = of_columns.filter_map(|rule| rule.name.as_deref());
        let of_table = self.now.constraints().filter_map(|own| own.name.as_deref());
        of_columns.chain(of_table)
    }

    /// The place that is asked for among the columns; `None`: none is.
    pub(in crate::sql::sqlite) fn place(
        &self,
        first: bool,
        after: Option<&str>,
        path: &str,
    ) -> Result<Option<usize>, Unsupported> {
        if first {
            return Ok(Some(0));
        }
        let Some(after) = after else { return Ok(None) };
        match self.now.position(after) {
            Some(at) => Ok(Some(at + 1)),
            None => Err(self.no_column(after, path)),
        }
    }

    /// Where the constraint stands that has this name, or that is such a one.
    pub(in crate::sql::sqlite) fn find(
        &self,
        kind: ConstraintKind,
        name: Option<&str>,
        was: Option<&Constraint>,
    ) -> Option<Place> {
        let fits = |own: Option<&str>, itself: Described<'_>| {
            itself.kind == kind
                && match (name, was) {
                    (Some(name), _) => own.is_some_and(|own| same(own, name)),
                    (None, _) if kind == ConstraintKind::PrimaryKey => true,
                    (None, Some(was)) => own.is_none() && itself.is(was),
                    (None, None) => false,
                }
        };
        for (element, own) in self.now.elements.iter().enumerate() {
            match &own.body {
                Body::Column(column) => {
                    let rules = column.rules.iter();
                    let rule = rules.map(|rule| (rule, Described::rule(column, &rule.kind)));
                    let mut rule = rule.enumerate();
                    let found = rule.find(|(_, (rule, itself))| {
                        itself
                            .as_ref()
                            .is_some_and(|itself| fits(rule.name.as_deref(), itself.clone()))
                    });
                    if let Some((rule, _)) = found {
                        return Some(Place { element, rule: Some(rule) });
                    }
                }
                Body::Constraint(constraint) => {
                    if Described::constraint(&constraint.kind)
                        .is_some_and(|itself| fits(constraint.name.as_deref(), itself))
                    {
                        return Some(Place { element, rule: None });
                    }
                }
            }
        }
        None
    }

    pub(in crate::sql::sqlite) fn take(&mut self, place: Place) {
        match (&mut self.now.elements[place.element].body, place.rule) {
            (Body::Column(column), Some(rule)) => column.drop_rule(rule),
            _ => {
                self.now.remove(place.element);
            }
        }
    }

    /// The constraints and indexes that a column is needed for, its own left out.
    pub(in crate::sql::sqlite) fn dependents_of(&self, name: &str) -> Vec<Dependent> {
        let named = |kind: &str, name: Option<&str>| match name {
            Some(name) => format!("the {kind} {name}"),
            None => format!("a {kind}"),
        };
        let others = |text: &str| {
            self.now
                .columns()
                .any(|column| !same(&column.name, name) && mentions(text, &column.name))
        };
        let mut dependents = Vec::new();
        for column in self.now.columns().filter(|column| !same(&column.name, name)) {
            for rule in &column.rules {
                if let ColumnRuleKind::Check(sql) = &rule.kind
                    && mentions(sql, name)
                {
                    let what = named("check", rule.name.as_deref());
                    dependents.push(Dependent { what, alone: false });
                }
            }
        }
        for constraint in self.now.constraints() {
            let own = constraint.name.as_deref();
            let within = |columns: &[String]| columns.iter().any(|own| same(own, name));
            let (kind, is_on, alone) = match &constraint.kind {
                ConstraintSqlKind::PrimaryKey { columns, .. } => {
                    ("primary key", within(columns), columns.len() == 1)
                }
                ConstraintSqlKind::Unique(columns) => {
                    ("unique constraint", within(columns), columns.len() == 1)
                }
                ConstraintSqlKind::ForeignKey { columns, .. } => {
                    ("foreign key", within(columns), columns.len() == 1)
                }
                ConstraintSqlKind::Check(sql) => ("check", mentions(sql, name), !others(sql)),
                ConstraintSqlKind::Nothing => continue,
            };
            if is_on {
                dependents.push(Dependent { what: named(kind, own), alone });
            }
        }
        // The table's own keys may refer to the column as well.
        for key in foreign_keys(&self.now) {
            if same(&key.target.table, &self.now.name)
                && key.target.columns.iter().any(|own| same(own, name))
                && !key.columns.iter().any(|own| same(own, name))
            {
                dependents.push(Dependent { what: "a foreign key".to_owned(), alone: false });
            }
        }
        for index in self.indexes.iter().filter(|index| index_mentions(index, name)) {
            let what = format!("the index {}", index.name.name);
            dependents.push(Dependent { what, alone: false });
        }
        dependents
    }

    /// Drops what depends on a column.
    pub(in crate::sql::sqlite) fn drop_dependents(&mut self, name: &str) {
        let own = self.now.name.clone();
        let refers = |target: &Target| {
            same(&target.table, &own) && target.columns.iter().any(|column| same(column, name))
        };
        for at in (0..self.now.elements.len()).rev() {
            match &mut self.now.elements[at].body {
                Body::Column(column) if !same(&column.name, name) => {
                    column.drop_rules(|rule| match &rule.kind {
                        ColumnRuleKind::Check(sql) => mentions(sql, name),
                        ColumnRuleKind::References(target) => refers(target),
                        _ => false,
                    });
                }
                Body::Column(_) => {}
                Body::Constraint(constraint) => {
                    let within = |columns: &[String]| columns.iter().any(|own| same(own, name));
                    let is_dependent = match &constraint.kind {
                        ConstraintSqlKind::PrimaryKey { columns, .. }
                        | ConstraintSqlKind::Unique(columns) => within(columns),
                        ConstraintSqlKind::ForeignKey { columns, target } => {
                            within(columns) || refers(target)
                        }
                        ConstraintSqlKind::Check(sql) => mentions(sql, name),
                        ConstraintSqlKind::Nothing => false,
                    };
                    if is_dependent {
                        self.now.remove(at);
                    }
                }
            }
        }
        self.indexes.retain(|index| !index_mentions(index, name));
    }

    /// Refuses to take the key by which rows of other tables, or its own, find theirs.
    pub(in crate::sql::sqlite) fn refuse_lost_keys(
        &self,
        schema: &Schema,
        path: &str,
    ) -> Result<(), Unsupported> {
        let before: Vec<StoredDdl> = of_table(&schema.indexes, &self.now.name).cloned().collect();
        let own = foreign_keys(&self.now).into_iter();
        let own = own
            .filter(|key| same(&key.target.table, &self.now.name))
            .map(|key| (self.now.name.clone(), key));
        for (other, key) in referrers(schema, &self.now.name).into_iter().chain(own) {
            let columns = &key.target.columns;
            if is_key(&self.before, &before, columns) && !is_key(&self.now, &self.indexes, columns)
            {
                let by = match columns.is_empty() {
                    true => "its primary key".to_owned(),
                    false => columns.join(", "),
                };
                let message = format!(
                    "rows of {other} refer to {} by {by}, which would no longer be a key",
                    self.now.name
                );
                let hint = format!("drop that foreign key of {other} first, with drop_constraint");
                return Err(mismatch(path, message, Some(&hint)));
            }
        }
        Ok(())
    }

    /// Follows SQLite's own RENAME COLUMN.
    pub(in crate::sql::sqlite) fn rename_column(&mut self, from: &str, to: &str, schema: &Schema) {
        let table = self.now.name.clone();
        self.unsure |= !self.now.rename_column(from, to);
        for index in &mut self.indexes {
            let sql = index.sql.as_deref().filter(|sql| mentions(sql, from));
            match sql.map(|sql| rename_in_index(sql, from, to)) {
                Some(Renamed::Sure(sql)) => index.sql = Some(sql),
                Some(Renamed::Unsure) => self.unsure = true,
                None => {}
            }
        }
        for trigger in &mut self.triggers {
            match trigger.sql.as_deref().map(|sql| rename_column_in_trigger(sql, from, to)) {
                Some(Renamed::Sure(sql)) => trigger.sql = Some(sql),
                Some(Renamed::Unsure) | None => self.unsure = true,
            }
        }
        // What other triggers mean by the name can only be told by who knows all tables.
        let others = schema.triggers.iter().filter(|trigger| {
            !self.triggers.iter().any(|own| same(&own.name.name, &trigger.name.name))
                && trigger
                    .sql
                    .as_deref()
                    .is_some_and(|sql| mentions(sql, &table) && mentions(sql, from))
        });
        self.lost.extend(others.filter_map(|trigger| trigger.table.clone()));
        for (key, other) in &schema.tables {
            let Some(sql) = other.sql.as_deref() else { continue };
            if same(&key.name, &table) || !mentions(sql, &table) || !mentions(sql, from) {
                continue;
            }
            let known = self.others.iter().find(|(own, _)| own == key).map(|(_, sql)| sql.clone());
            if let Ok(mut read) = TableSql::read(known.as_deref().unwrap_or(sql)) {
                read.rename_target_column(&table, from, to);
                self.others.retain(|(own, _)| own != key);
                self.others.push((key.clone(), read.text()));
            }
        }
    }
}

/// An index under a new name of a column: what stands in its brackets and behind WHERE.
fn rename_in_index(sql: &str, from: &str, to: &str) -> Renamed {
    let tokens = tokens(SQLITE, sql);
    let Some(open) = tokens.iter().find(|token| token.is_symbol("(")) else {
        return Renamed::Unsure;
    };
    let (head, items) = sql.split_at(open.start);
    match rename_column(items, from, to) {
        Renamed::Sure(items) => Renamed::Sure(format!("{head}{items}")),
        Renamed::Unsure => Renamed::Unsure,
    }
}

/// Whether an index is over a column, or has it in an expression or a condition.
fn index_mentions(index: &StoredDdl, name: &str) -> bool {
    let Some(sql) = &index.sql else { return false };
    match IndexSql::read(sql) {
        Ok(read) => {
            read.items.iter().any(|item| mentions(&item.sql, name))
                || read.where_.is_some_and(|condition| mentions(&condition, name))
        }
        Err(_) => mentions(sql, name),
    }
}

/// What a constraint is, wherever it stands.
#[derive(Debug, Clone)]
struct Described<'a> {
    kind: ConstraintKind,
    columns: Vec<&'a str>,
    /// The table of a foreign key, or the condition of a check.
    about: &'a str,
}

impl<'a> Described<'a> {
    fn rule(column: &'a ColumnSql, kind: &'a ColumnRuleKind) -> Option<Self> {
        let columns = vec![column.name.as_str()];
        Some(match kind {
            ColumnRuleKind::PrimaryKey { .. } => {
                Described { kind: ConstraintKind::PrimaryKey, columns, about: "" }
            }
            ColumnRuleKind::Unique => {
                Described { kind: ConstraintKind::Unique, columns, about: "" }
            }
            ColumnRuleKind::References(target) => {
                Described { kind: ConstraintKind::ForeignKey, columns, about: &target.table }
            }
            ColumnRuleKind::Check(sql) => {
                Described { kind: ConstraintKind::Check, columns: Vec::new(), about: sql }
            }
            _ => return None,
        })
    }

    fn constraint(kind: &'a ConstraintSqlKind) -> Option<Self> {
        let all = |columns: &'a [String]| columns.iter().map(String::as_str).collect::<Vec<_>>();
        Some(match kind {
            ConstraintSqlKind::PrimaryKey { columns, .. } => {
                Described { kind: ConstraintKind::PrimaryKey, columns: all(columns), about: "" }
            }
            ConstraintSqlKind::Unique(columns) => {
                Described { kind: ConstraintKind::Unique, columns: all(columns), about: "" }
            }
            ConstraintSqlKind::ForeignKey { columns, target } => Described {
                kind: ConstraintKind::ForeignKey,
                columns: all(columns),
                about: &target.table,
            },
            ConstraintSqlKind::Check(sql) => {
                Described { kind: ConstraintKind::Check, columns: Vec::new(), about: sql }
            }
            ConstraintSqlKind::Nothing => return None,
        })
    }

    /// Whether it is the one that the model means.
    fn is(&self, was: &Constraint) -> bool {
        let columns = |own: &[String]| {
            own.len() == self.columns.len()
                && own.iter().zip(&self.columns).all(|(one, other)| same(one, other))
        };
        match was {
            Constraint::PrimaryKey(key) => columns(&key.columns),
            Constraint::Unique(key) => columns(&key.columns),
            Constraint::ForeignKey(key) => {
                columns(&key.columns) && same(&key.references.table, self.about)
            }
            Constraint::Check(check) => {
                check.sql.get(SQLITE).is_some_and(|sql| is_same_sql(sql, self.about))
            }
            Constraint::Exclude(_) => false,
        }
    }
}

/// Whether two texts are one but for their layout.
fn is_same_sql(one: &str, other: &str) -> bool {
    let words = |sql| -> Vec<String> {
        tokens(SQLITE, sql).iter().map(|token| token.text.to_owned()).collect()
    };
    words(one) == words(other)
}
