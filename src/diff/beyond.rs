//! Clauses of tables for which a definition has no place: all else of the table changes under them, and
//! they are told where they differ.

use crate::model::ObjectKey;
use crate::model::operation::{Constraint, TableDefinition};
use crate::text::{self, Dialect};

use super::difference::{Change, sql_change};
use super::equal::Same;
use super::planner::Planner;
use super::table_parts::Split;

impl Planner<'_> {
    /// A primary key of which parts of columns, or an order, are said (MySQL, MariaDB) is changed in one
    /// statement. What is left for others to do.
    pub(super) fn key_with_parts(
        &mut self,
        key: &ObjectKey,
        before: &TableDefinition,
        after: &TableDefinition,
        mut split: Split<Constraint>,
    ) -> Split<Constraint> {
        let dialect = self.options.dialect;
        if !text::table_owns_indexes(dialect) {
            return split;
        }
        let (was, is) = (clause(before), clause(after));
        let differs = match (was, is) {
            (None, None) => false,
            (Some(was), Some(is)) => !text::same_sql(dialect, was, is),
            _ => true,
        };
        if !differs {
            return split;
        }
        let is_key = |one: &Constraint| matches!(one, Constraint::PrimaryKey(_));
        split.gone.retain(|one| !is_key(one));
        split.new.retain(|one| !is_key(one));
        split.renamed.retain(|(one, _)| !is_key(one));
        let words = |table: &TableDefinition| match clause(table) {
            Some(clause) => Some(clause.to_owned()),
            None => plain(dialect, table),
        };
        let table = text::qualified(dialect, key.name.schema.as_deref(), &key.name.name);
        let change = |from: Option<String>, to: Option<String>| {
            let drop = from.map(|_| "DROP PRIMARY KEY".to_owned());
            let add = to.map(|clause| format!("ADD {clause}"));
            let parts: Vec<String> = [drop, add].into_iter().flatten().collect();
            format!("ALTER TABLE {table} {}", parts.join(", "))
        };
        let there = change(words(before), words(after));
        let back = change(words(after), words(before));
        let change: Change = sql_change(key.clone(), dialect, &there, &back);
        self.push(key, (change.operation, change.reverse), None);
        split
    }

    /// Tells which clauses of a table differ.
    pub(super) fn tell_beyond(
        &mut self,
        key: &ObjectKey,
        before: &TableDefinition,
        after: &TableDefinition,
    ) {
        for (word, clauses) in different(before, after, self.options.dialect) {
            if !clauses.is_empty() {
                self.skipped(
                    key,
                    format!("it {word} {}", clauses.join(" and ")),
                    "change it in SQL: no operation supports it",
                );
            }
        }
    }
}

/// The clauses that the one table has and the other lacks, and the other way round; those of a primary
/// key on MySQL and MariaDB, which can be changed, are not among them.
fn different(
    one: &TableDefinition,
    other: &TableDefinition,
    dialect: Dialect,
) -> [(&'static str, Vec<String>); 2] {
    let own_key = |one: &&String| text::table_owns_indexes(dialect) && is_key(one);
    let others = |table: &TableDefinition, other: &TableDefinition| -> Vec<String> {
        let has = |one: &&String| {
            other.clauses_beyond().iter().any(|other| text::same_sql(dialect, one, other))
        };
        let all = table.clauses_beyond().iter();
        all.filter(|one| !own_key(one) && !has(one)).cloned().collect()
    };
    [("has", others(one, other)), ("lacks", others(other, one))]
}

/// Why a table stays as it is: a clause inside its brackets differs, so that a key, index or column of it
/// would be made without it.
pub(super) fn keeps(one: &TableDefinition, other: &TableDefinition, same: Same) -> Option<String> {
    let is_option = |clause: &String| {
        let first = clause.split(['=', '(']).next().unwrap_or_default();
        clause == "WITH SYSTEM VERSIONING" || clause.contains('=') && !first.contains(' ')
    };
    let told = different(one, other, same.0).into_iter().filter_map(|(word, clauses)| {
        let inside: Vec<String> = clauses.into_iter().filter(|one| !is_option(one)).collect();
        (!inside.is_empty()).then(|| format!("it {word} {}", inside.join(" and ")))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join("; "))
}

fn is_key(clause: &str) -> bool {
    clause.starts_with("PRIMARY KEY")
}

/// What a table says of its primary key beyond its columns.
fn clause(table: &TableDefinition) -> Option<&str> {
    table.clauses_beyond().iter().map(String::as_str).find(|clause| is_key(clause))
}

/// A primary key of which nothing but its columns is said.
fn plain(dialect: Dialect, table: &TableDefinition) -> Option<String> {
    table.constraints.iter().find_map(|constraint| match constraint {
        Constraint::PrimaryKey(key) => {
            let columns = key.columns.iter().map(|column| text::ident(dialect, column));
            Some(format!("PRIMARY KEY ({})", columns.collect::<Vec<_>>().join(", ")))
        }
        _ => None,
    })
}
