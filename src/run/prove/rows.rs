//! Rows that are made up so that what a revision does to rows has something to work on.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::DbError;
use crate::model::operation::{Column, Constraint, DefaultValue, TableDefinition};
use crate::model::{Catalog, Definition, Name};
use crate::run::Database;
use crate::sql;
use crate::text::{self, Dialect, TokenKind};

/// How many rows a table gets.
const ROWS: usize = 3;

/// How many values are tried where a check refuses a row.
const TRIES: usize = 12;

/// Puts rows into the tables of a database, as far as their constraints can be met. `compared`: literals
/// that statements compare columns with. `base`: behind which whole numbers begin.
///
/// # Errors
/// A connection that is lost. A table whose constraints are not met stays empty.
pub(super) async fn make_up(
    database: &mut Database,
    catalog: &Catalog,
    compared: &BTreeMap<String, Vec<String>>,
    base: usize,
) -> Result<(), DbError> {
    let dialect = database.connection.dialect();
    for (name, table) in parents_first(catalog) {
        let maker = Maker { dialect, catalog, name, table, compared, base };
        for row in 0..ROWS {
            for attempt in 0..TRIES {
                let Some(sql) = maker.row(row, attempt) else { break };
                match database.connection.execute(&sql).await {
                    Ok(()) => break,
                    Err(DbError::Statement(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }
    Ok(())
}

/// The tables, each behind those that its foreign keys refer to; of a circle one comes first.
fn parents_first(catalog: &Catalog) -> Vec<(&Name, &TableDefinition)> {
    let tables = catalog.objects.iter().filter_map(|(key, object)| match &object.definition {
        Definition::Table(table) => Some((&key.name, table)),
        _ => None,
    });
    let mut left: Vec<_> = tables.collect();
    let mut ordered = Vec::with_capacity(left.len());
    let mut done = BTreeSet::new();
    while !left.is_empty() {
        let ready = left.iter().position(|(name, table)| {
            parents(name, table).all(|parent| {
                parent == **name || done.contains(&parent) || catalog.table(&parent).is_none()
            })
        });
        let (name, table) = left.remove(ready.unwrap_or(0));
        done.insert(name.clone());
        ordered.push((name, table));
    }
    ordered
}

/// The tables that a table refers to.
fn parents<'a>(name: &'a Name, table: &'a TableDefinition) -> impl Iterator<Item = Name> + 'a {
    table.referred().map(|(schema, parent)| Name {
        schema: schema.map(str::to_owned).or_else(|| name.schema.clone()),
        name: parent.to_owned(),
    })
}

/// Makes the rows of one table.
struct Maker<'a> {
    dialect: Dialect,
    catalog: &'a Catalog,
    name: &'a Name,
    table: &'a TableDefinition,
    compared: &'a BTreeMap<String, Vec<String>>,
    base: usize,
}

impl Maker<'_> {
    /// The statement for a row; `None`: there is no value for one of its columns, or nothing new to try.
    fn row(&self, row: usize, attempt: usize) -> Option<String> {
        let checked = self.checked();
        if attempt > 0 && checked.is_empty() {
            return None;
        }
        let (mut columns, mut values) = (Vec::new(), Vec::new());
        for column in self.table.columns.iter().filter(|column| !self.is_filled(column)) {
            let literals = checked.get(&column.name.to_lowercase());
            let tried = attempt.checked_sub(1).and_then(|at| {
                let literals = literals?;
                literals.get((at + row) % literals.len().max(1)).cloned()
            });
            let value = match tried {
                Some(value) => value,
                None => self.value(column, row)?,
            };
            columns.push(text::ident(self.dialect, &column.name));
            values.push(value);
        }
        if columns.is_empty() {
            return None;
        }
        let name = text::qualified(self.dialect, self.name.schema.as_deref(), &self.name.name);
        Some(format!("INSERT INTO {name} ({}) VALUES ({})", columns.join(", "), values.join(", ")))
    }

    /// Whether the server fills a column by itself.
    fn is_filled(&self, column: &Column) -> bool {
        let counted = |default: &DefaultValue| match default {
            DefaultValue::Sql(sql) => {
                let sql = sql.get(self.dialect).map_or("", String::as_str);
                sql.to_lowercase().contains("nextval")
            }
            _ => false,
        };
        let type_ = column.type_.get(self.dialect).map_or("", String::as_str);
        column.generated.is_some()
            || column.identity.is_some()
            || column.autoincrement
            || column.default.as_ref().is_some_and(counted)
            || type_.to_lowercase().contains("serial")
    }

    fn value(&self, column: &Column, row: usize) -> Option<String> {
        let may_be_null = column.nullable.unwrap_or(true) && !self.is_key(column);
        if row + 1 == ROWS && may_be_null {
            return Some("NULL".to_owned());
        }
        if let Some(parent) = self.parent(column) {
            let (table, key) = parent;
            if table == *self.name {
                return may_be_null.then(|| "NULL".to_owned());
            }
            let key = text::ident(self.dialect, &key);
            let table = text::qualified(self.dialect, table.schema.as_deref(), &table.name);
            return Some(format!(
                "(SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {row})"
            ));
        }
        if let Some(literal) =
            self.compared.get(&column.name.to_lowercase()).and_then(|all| all.get(row))
        {
            return Some(literal.clone());
        }
        let sample = self.sample(column.type_.get(self.dialect)?, row);
        sample.or_else(|| may_be_null.then(|| "NULL".to_owned()))
    }

    /// A value of a type, one of the database's own included.
    fn sample(&self, type_: &str, row: usize) -> Option<String> {
        let named = |name: &Name| {
            let words = text::names_in(self.dialect, type_);
            words.last().is_some_and(|word| *word == name.name)
        };
        let own = self.catalog.objects.iter().find_map(|(key, object)| match &object.definition {
            definition @ (Definition::Enum(_) | Definition::Domain(_)) if named(&key.name) => {
                Some(definition)
            }
            _ => None,
        });
        match own {
            Some(Definition::Enum(values)) => {
                let value = values.get(row % values.len().max(1))?;
                Some(text::quote_literal(self.dialect, value))
            }
            Some(Definition::Domain(domain)) => {
                sql::sample(self.dialect, domain.type_.get(self.dialect)?, self.base, row)
            }
            _ => sql::sample(self.dialect, type_, self.base, row),
        }
    }

    fn is_key(&self, column: &Column) -> bool {
        column.primary_key
            || self.table.constraints.iter().any(|constraint| match constraint {
                Constraint::PrimaryKey(key) => key.columns.contains(&column.name),
                _ => false,
            })
    }

    /// The table and column that a column refers to.
    fn parent(&self, column: &Column) -> Option<(Name, String)> {
        let named = |schema: &Option<String>, table: &str| Name {
            schema: schema.clone().or_else(|| self.name.schema.clone()),
            name: table.to_owned(),
        };
        let of_the_table = self.table.constraints.iter().find_map(|constraint| {
            let Constraint::ForeignKey(key) = constraint else { return None };
            let at = key.columns.iter().position(|own| *own == column.name)?;
            let to = &key.references;
            Some((named(&to.schema, &to.table), to.columns.get(at)?.clone()))
        });
        let to = || column.references.as_ref();
        of_the_table.or_else(|| to().map(|to| (named(&to.schema, &to.table), to.column.clone())))
    }

    /// Columns that checks name, in lower case, and values that may satisfy them.
    fn checked(&self) -> BTreeMap<String, Vec<String>> {
        let checks = self.table.constraints.iter().filter_map(|constraint| match constraint {
            Constraint::Check(check) => check.sql.get(self.dialect),
            _ => None,
        });
        let own = self.table.columns.iter().filter_map(|column| column.check.as_ref());
        let checks = checks.chain(own.filter_map(|check| check.get(self.dialect)));
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for check in checks {
            let mut literals = Vec::new();
            for token in text::tokens(self.dialect, check) {
                match token.sort {
                    TokenKind::Text => literals.push(token.text.to_owned()),
                    TokenKind::Number => {
                        literals
                            .extend(["", " + 1", " - 1"].map(|by| format!("{}{by}", token.text)));
                    }
                    _ => {}
                }
            }
            if literals.is_empty() {
                continue;
            }
            for name in text::names_in(self.dialect, check) {
                found.entry(name.to_lowercase()).or_default().extend(literals.iter().cloned());
            }
        }
        found
    }
}
