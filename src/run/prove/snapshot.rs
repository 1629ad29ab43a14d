//! What a scratch database holds, rows included, and in what two of them differ.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::{DbError, Row};
use crate::diff::{DiffOptions, diff, unsupported};
use crate::model::{Catalog, Definition, Name};
use crate::run::Database;
use crate::sql;
use crate::text::{self, Dialect};

/// How many rows of a difference are shown.
const SHOWN: usize = 3;

/// All that a database holds.
pub(super) struct Snapshot {
    pub catalog: Catalog,
    pub rows: TableRows,
}

/// The rows of the tables.
pub(super) type TableRows = BTreeMap<Name, Rows>;

/// The rows of a table; their columns stand in the order of their names.
#[derive(PartialEq)]
pub(super) struct Rows {
    columns: Vec<String>,
    rows: Vec<Row>,
}

/// Columns that differ though the same revisions ran in the same order: what the clock or chance put there.
pub(super) type Unsteady = BTreeMap<Name, BTreeSet<String>>;

/// In what two databases differ.
#[derive(Default)]
pub(super) struct Unlike {
    /// What counts, a line each.
    pub differences: Vec<String>,
    /// What does not, and is said.
    pub notices: Vec<String>,
    /// Whether nothing but rows differ.
    pub only_rows: bool,
}

impl Snapshot {
    /// Reads all of it.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn read(database: &mut Database) -> Result<Snapshot, DbError> {
        let catalog = database.connection.read_catalog().await?;
        let rows = read_rows(database, &catalog).await?;
        Ok(Snapshot { catalog, rows })
    }

    /// In what another differs from it. `names`: what to call the two.
    pub fn unlike(
        &self,
        other: &Snapshot,
        dialect: Dialect,
        unsteady: &Unsteady,
        names: [&str; 2],
    ) -> Unlike {
        let mut unlike = Unlike::default();
        let mut theirs = other.catalog.clone();
        for (key, object) in &mut theirs.objects {
            let Some(own) = self.catalog.objects.get(key) else { continue };
            match (&own.definition, &mut object.definition) {
                (Definition::Enum(own), Definition::Enum(values)) => {
                    let same = own.iter().collect::<BTreeSet<_>>() == values.iter().collect();
                    if same && own != values {
                        unlike.notices.push(format!("{key}: its values stand in another order"));
                        values.clone_from(own);
                    }
                }
                (Definition::Table(own), Definition::Table(table)) => {
                    let names = |table: &crate::model::operation::TableDefinition| {
                        table.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()
                    };
                    let (own, others) = (names(own), names(table));
                    let same = own.iter().collect::<BTreeSet<_>>() == others.iter().collect();
                    if same && own != others {
                        unlike.notices.push(format!("{key}: its columns stand in another order"));
                    }
                }
                _ => {}
            }
        }
        let options = DiffOptions { dialect, safe: false };
        let difference = diff(&self.catalog, &theirs, &|_| true, options);
        let mut skipped = difference.skipped;
        skipped.extend(unsupported(&self.catalog, &theirs, &|_| true));
        let changes = difference.changes.iter().map(|change| {
            let (one, other) = (names[0], names[1]);
            format!(
                "{}: {} leads from `{one}` to `{other}`",
                change.about,
                change.operation.summary()
            )
        });
        unlike.differences.extend(changes);
        unlike
            .differences
            .extend(skipped.iter().map(|left| format!("{}: {}", left.about, left.why)));
        unlike.only_rows = unlike.differences.is_empty();
        for (name, rows) in &self.rows {
            let Some(others) = other.rows.get(name) else { continue };
            let masked = unsteady.get(name).cloned().unwrap_or_default();
            unlike.differences.extend(rows.unlike(others, name, &masked, names));
        }
        unlike
    }

    /// The columns in which two databases differ to which the same was done.
    pub fn unsteady(&self, again: &Snapshot) -> Unsteady {
        let differing = self.rows.iter().filter_map(|(name, rows)| {
            let others = again.rows.get(name)?;
            let columns = rows.columns.iter().enumerate().filter_map(|(at, column)| {
                let other = others.columns.iter().position(|other| other == column)?;
                (sorted(rows, at) != sorted(others, other)).then(|| column.clone())
            });
            let columns: BTreeSet<String> = columns.collect();
            (!columns.is_empty()).then(|| (name.clone(), columns))
        });
        differing.collect()
    }
}

/// The values of a column, in order.
fn sorted(rows: &Rows, at: usize) -> Vec<&Option<String>> {
    let mut values: Vec<_> = rows.rows.iter().filter_map(|row| row.get(at)).collect();
    values.sort();
    values
}

/// Whether the rows are the same, those of tables that only one has aside.
pub(super) fn same_rows(one: &TableRows, other: &TableRows) -> bool {
    one.iter().all(|(name, rows)| other.get(name).is_none_or(|other| other == rows))
}

/// Reads the rows of the tables of a catalog.
///
/// # Errors
/// As the server answers.
pub(super) async fn read_rows(
    database: &mut Database,
    catalog: &Catalog,
) -> Result<TableRows, DbError> {
    let dialect = database.connection.dialect();
    let words = sql::dialect(dialect);
    let mut all = BTreeMap::new();
    for (key, object) in &catalog.objects {
        let Definition::Table(table) = &object.definition else { continue };
        let mut columns: Vec<_> = table.columns.iter().collect();
        columns.sort_by(|one, other| one.name.cmp(&other.name));
        if columns.is_empty() {
            continue;
        }
        let values: Vec<String> = columns
            .iter()
            .map(|column| {
                let type_ = column.type_.get(dialect).map_or("", String::as_str);
                words.value_as_text(&text::ident(dialect, &column.name), type_)
            })
            .collect();
        let name = text::qualified(dialect, key.name.schema.as_deref(), &key.name.name);
        let sql = format!("SELECT {} FROM {name}", values.join(", "));
        let mut rows = database.connection.query(&sql).await?;
        rows.sort();
        let columns = columns.into_iter().map(|column| column.name.clone()).collect();
        all.insert(key.name.clone(), Rows { columns, rows });
    }
    Ok(all)
}

impl Rows {
    /// The places of the columns that count, and the values of these, row by row, in order.
    fn seen<'a>(
        &'a self,
        counts: &dyn Fn(&String) -> bool,
    ) -> (Vec<usize>, Vec<Vec<&'a Option<String>>>) {
        let columns = self.columns.iter().enumerate().filter(|(_, column)| counts(column));
        let columns: Vec<usize> = columns.map(|(at, _)| at).collect();
        let of = |row: &'a Row| columns.iter().filter_map(|&at| row.get(at)).collect();
        let mut seen: Vec<_> = self.rows.iter().map(of).collect();
        seen.sort();
        (columns, seen)
    }

    /// The rows that only one of two tables has.
    fn unlike(
        &self,
        other: &Rows,
        name: &Name,
        masked: &BTreeSet<String>,
        names: [&str; 2],
    ) -> Option<String> {
        let counts = |column: &String| {
            !masked.contains(column)
                && self.columns.contains(column)
                && other.columns.contains(column)
        };
        let (columns, own) = self.seen(&counts);
        let (_, others) = other.seen(&counts);
        if own == others {
            return None;
        }
        let alone = |one: &[Vec<&Option<String>>], other: &[Vec<&Option<String>>]| {
            let mut left: Vec<_> = other.to_vec();
            let rows = one.iter().filter(|row| match left.iter().position(|other| other == *row) {
                Some(at) => {
                    left.swap_remove(at);
                    false
                }
                None => true,
            });
            rows.map(|row| shown(row, &columns, &self.columns)).collect::<Vec<_>>()
        };
        let side = |label: &str, rows: Vec<String>| {
            let more = rows.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let shown = rows.into_iter().take(SHOWN).collect::<Vec<_>>();
            match shown.as_slice() {
                [] => String::new(),
                _ => format!("; only with `{label}`: {}{more}", shown.join(", ")),
            }
        };
        Some(format!(
            "rows of {name}{}{}",
            side(names[0], alone(&own, &others)),
            side(names[1], alone(&others, &own)),
        ))
    }
}

fn shown(row: &[&Option<String>], columns: &[usize], names: &[String]) -> String {
    let cells = columns.iter().zip(row).map(|(&at, value)| {
        let value = value.as_deref().unwrap_or("NULL");
        format!("{} {value}", names.get(at).map_or("", String::as_str))
    });
    format!("({})", cells.collect::<Vec<_>>().join(", "))
}
