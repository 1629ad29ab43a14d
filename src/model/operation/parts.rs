//! What the definition of a table is made of, and how a name in it becomes another.

use super::{
    Constraint, ConstraintKind, DefaultValue, Index, IndexColumn, IndexKey, TableDefinition,
};
use crate::model::{ByDialect, SqlText};
use crate::text::{self, Dialect};

impl ConstraintKind {
    /// The word of it in a file.
    pub fn word(self) -> &'static str {
        match self {
            ConstraintKind::PrimaryKey => "primary_key",
            ConstraintKind::Unique => "unique",
            ConstraintKind::ForeignKey => "foreign_key",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclude => "exclude",
        }
    }

    /// What problems call it.
    pub fn noun(self) -> &'static str {
        match self {
            ConstraintKind::PrimaryKey => "primary key",
            ConstraintKind::Unique => "unique constraint",
            ConstraintKind::ForeignKey => "foreign key",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclude => "exclusion",
        }
    }
}

impl Constraint {
    /// Its kind.
    pub fn kind(&self) -> ConstraintKind {
        match self {
            Constraint::PrimaryKey(_) => ConstraintKind::PrimaryKey,
            Constraint::Unique(_) => ConstraintKind::Unique,
            Constraint::ForeignKey(_) => ConstraintKind::ForeignKey,
            Constraint::Check(_) => ConstraintKind::Check,
            Constraint::Exclude(_) => ConstraintKind::Exclude,
        }
    }

    /// Its name.
    pub fn name(&self) -> Option<&str> {
        match self {
            Constraint::PrimaryKey(key) => key.name.as_deref(),
            Constraint::Unique(unique) => unique.name.as_deref(),
            Constraint::ForeignKey(key) => key.name.as_deref(),
            Constraint::Check(check) => check.name.as_deref(),
            Constraint::Exclude(exclude) => exclude.name.as_deref(),
        }
    }

    /// Gives it a name.
    pub fn set_name(&mut self, name: String) {
        let own = match self {
            Constraint::PrimaryKey(key) => &mut key.name,
            Constraint::Unique(unique) => &mut unique.name,
            Constraint::ForeignKey(key) => &mut key.name,
            Constraint::Check(check) => &mut check.name,
            Constraint::Exclude(exclude) => &mut exclude.name,
        };
        *own = Some(name);
    }

    /// The columns that it names; those in expressions are not among them.
    pub fn columns(&self) -> Vec<&str> {
        fn all(some: &[String]) -> Vec<&str> {
            some.iter().map(String::as_str).collect()
        }
        match self {
            Constraint::PrimaryKey(key) => [all(&key.columns), all(&key.include)].concat(),
            Constraint::Unique(unique) => [all(&unique.columns), all(&unique.include)].concat(),
            Constraint::ForeignKey(key) => all(&key.columns),
            Constraint::Check(_) => Vec::new(),
            Constraint::Exclude(exclude) => {
                let elements = exclude.elements.iter().filter_map(|one| one.column.as_deref());
                elements.chain(exclude.include.iter().map(String::as_str)).collect()
            }
        }
    }

    fn rename_column(&mut self, dialect: Dialect, from: &str, to: &str) {
        match self {
            Constraint::PrimaryKey(key) => {
                rename_all(dialect, key.columns.iter_mut().chain(&mut key.include), from, to);
            }
            Constraint::Unique(unique) => {
                rename_all(dialect, unique.columns.iter_mut().chain(&mut unique.include), from, to);
            }
            Constraint::ForeignKey(key) => rename_all(dialect, &mut key.columns, from, to),
            Constraint::Check(check) => rename_in(dialect, &mut check.sql, from, to),
            Constraint::Exclude(exclude) => {
                for element in &mut exclude.elements {
                    rename_all(dialect, &mut element.column, from, to);
                    if let Some(sql) = &mut element.sql {
                        *sql = text::rename_in(dialect, sql, from, to);
                    }
                }
                rename_all(dialect, &mut exclude.include, from, to);
                if let Some(sql) = &mut exclude.where_ {
                    *sql = text::rename_in(dialect, sql, from, to);
                }
            }
        }
    }
}

impl IndexColumn {
    /// The column, if it is over one and no expression.
    pub fn column(&self) -> Option<&str> {
        match &self.key {
            IndexKey::Column(name) => Some(name),
            IndexKey::Sql(_) => None,
        }
    }
}

impl Index {
    /// The columns that it names; those in expressions are not among them.
    pub fn column_names(&self) -> impl Iterator<Item = &str> {
        let key = self.columns.iter().filter_map(IndexColumn::column);
        key.chain(self.include.iter().map(String::as_str))
    }

    fn rename_column(&mut self, dialect: Dialect, from: &str, to: &str) {
        for column in &mut self.columns {
            match &mut column.key {
                IndexKey::Column(name) => rename_one(dialect, name, from, to),
                IndexKey::Sql(sql) => rename_in(dialect, sql, from, to),
            }
        }
        rename_all(dialect, &mut self.include, from, to);
        if let Some(sql) = &mut self.where_ {
            rename_in(dialect, sql, from, to);
        }
    }
}

impl TableDefinition {
    /// Where a column stands.
    pub fn column_at(&self, dialect: Dialect, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| text::same_part(dialect, &column.name, name))
    }

    /// Whether it has no columns but those it names.
    pub fn names_all_columns(&self) -> bool {
        self.options.inherits.is_empty() && self.options.partition_of.is_none()
    }

    /// The tables that its foreign keys refer to, by schema and name.
    pub fn referred(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let keys = self.constraints.iter().filter_map(|constraint| match constraint {
            Constraint::ForeignKey(key) => Some(&key.references),
            _ => None,
        });
        let keys = keys.map(|to| (to.schema.as_deref(), to.table.as_str()));
        let inline = self.columns.iter().filter_map(|column| column.references.as_ref());
        keys.chain(inline.map(|to| (to.schema.as_deref(), to.table.as_str())))
    }

    /// The names of its constraints and indexes.
    pub fn part_names(&self) -> impl Iterator<Item = &str> {
        let inline =
            self.columns.iter().filter_map(|column| column.references.as_ref()?.name.as_deref());
        self.constraints
            .iter()
            .filter_map(Constraint::name)
            .chain(self.indexes.iter().filter_map(|index| index.name.as_deref()))
            .chain(inline)
    }

    /// Gives a column another name, wherever the table itself names it.
    pub(super) fn rename_column(&mut self, dialect: Dialect, from: &str, to: &str) {
        for column in &mut self.columns {
            rename_one(dialect, &mut column.name, from, to);
            if let Some(generated) = &mut column.generated {
                rename_in(dialect, &mut generated.sql, from, to);
            }
            if let Some(DefaultValue::Sql(sql)) = &mut column.default {
                rename_in(dialect, sql, from, to);
            }
            if let Some(sql) = &mut column.check {
                rename_in(dialect, sql, from, to);
            }
        }
        for constraint in &mut self.constraints {
            constraint.rename_column(dialect, from, to);
        }
        for index in &mut self.indexes {
            index.rename_column(dialect, from, to);
        }
    }

    /// Calls with the schema, table and columns that each of its foreign keys refers to; says whether
    /// any call changed something.
    pub(super) fn change_referred(
        &mut self,
        mut change: impl FnMut(&mut Option<String>, &mut String, &mut [String]) -> bool,
    ) -> bool {
        let mut changed = false;
        for constraint in &mut self.constraints {
            if let Constraint::ForeignKey(key) = constraint {
                let to = &mut key.references;
                changed |= change(&mut to.schema, &mut to.table, &mut to.columns);
            }
        }
        for to in self.columns.iter_mut().filter_map(|column| column.references.as_mut()) {
            let column = std::slice::from_mut(&mut to.column);
            changed |= change(&mut to.schema, &mut to.table, column);
        }
        changed
    }
}

/// Gives a name another if it is this one.
pub(super) fn rename_one(dialect: Dialect, name: &mut String, from: &str, to: &str) {
    if text::same_part(dialect, name, from) {
        to.clone_into(name);
    }
}

pub(super) fn rename_all<'a>(
    dialect: Dialect,
    names: impl IntoIterator<Item = &'a mut String>,
    from: &str,
    to: &str,
) {
    names.into_iter().for_each(|name| rename_one(dialect, name, from, to));
}

/// Replaces a name in what the dialect is told.
pub(super) fn rename_in(dialect: Dialect, sql: &mut SqlText, from: &str, to: &str) {
    match sql {
        ByDialect::All(sql) => *sql = text::rename_in(dialect, sql, from, to),
        ByDialect::Each(texts) => {
            for (own, sql) in texts {
                *sql = text::rename_in(*own, sql, from, to);
            }
        }
    }
}
