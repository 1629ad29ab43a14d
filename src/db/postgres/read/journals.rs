//! The tables of journals, which are no part of a schema, be they of another prefix or in another schema.

use std::collections::HashSet;

use super::part::Part;
use crate::db::journal::{COLUMNS, names};
use crate::db::{DbError, Row};
use crate::model::Name;

#[derive(serde::Deserialize)]
struct Column {
    name: String,
}

/// Leaves out the rows of a journal's tables: they stand together, and have the journal's columns. What
/// else is said of one finds no table.
pub(super) fn leave_out(rows: &mut Vec<Row>) -> Result<(), DbError> {
    let (mut tables, mut columns) = (HashSet::new(), HashSet::new());
    let ends = names("");
    let prefix =
        |name: &str| ends.iter().find_map(|end| name.strip_suffix(end.as_str())).map(str::to_owned);
    for row in rows.iter() {
        let part = Part::of(row)?;
        let is_ours = prefix(&part.name.name).is_some();
        match part.kind {
            "table" if is_ours => drop(tables.insert(part.name)),
            "column" if is_ours => {
                let Column { name } = part.read()?;
                columns.insert((part.name, name));
            }
            _ => {}
        }
    }
    let is_journal = |name: &Name| {
        prefix(&name.name).is_some_and(|prefix| {
            names(&prefix).into_iter().zip(COLUMNS).all(|(table, wanted)| {
                let table = Name { schema: name.schema.clone(), name: table };
                let has = |column: &&str| columns.contains(&(table.clone(), (*column).to_owned()));
                tables.contains(&table) && wanted.iter().all(has)
            })
        })
    };
    let journals: HashSet<&Name> = tables.iter().filter(|name| is_journal(name)).collect();
    rows.retain(|row| match Part::of(row) {
        Ok(part) => part.kind != "table" || !journals.contains(&part.name),
        Err(_) => true,
    });
    Ok(())
}
