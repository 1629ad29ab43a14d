//! Rows put in and taken out, in batches.

use serde_json::Value;

use super::literal::literal;
use super::lowering::Lowered;
use super::refused::mismatch;
use super::types::{Type, Types};
use super::unsupported::Unsupported;
use crate::model::Entries;
use crate::model::operation::BulkInsert;
use crate::text::{ident, qualified};

/// How many rows one statement takes where nothing is said.
const BATCH: usize = 500;

/// The statements that insert the rows: one for so many rows behind each other as have values for the
/// same columns.
///
/// # Errors
/// A value that its column cannot hold, a column whose type is not said, a row without any value.
pub(super) fn insert(
    types: &dyn Types,
    operation: &BulkInsert,
) -> Result<Vec<Lowered>, Unsupported> {
    let dialect = types.dialect();
    let table = qualified(dialect, operation.schema.as_deref(), &operation.table);
    let mut statements = Vec::new();
    for group in groups(operation) {
        let Some((first, row)) = group.first() else { continue };
        let path = format!("bulk_insert.rows.{first}");
        let names: Vec<String> = row.iter().map(|(name, _)| ident(dialect, name)).collect();
        if names.is_empty() {
            return Err(mismatch(dialect, &path, "a row needs at least one value"));
        }
        let rows: Vec<String> = group
            .iter()
            .map(|(at, row)| {
                let values = row.iter().map(|(name, value)| {
                    let path = format!("bulk_insert.rows.{at}.{name}");
                    written(types, operation, name, value, &path)
                });
                values.collect::<Result<Vec<_>, _>>().map(|row| format!("({})", row.join(", ")))
            })
            .collect::<Result<_, _>>()?;
        let columns = names.join(", ");
        let sql = format!("INSERT INTO {table} ({columns}) VALUES\n{}", rows.join(",\n"));
        statements.push(Lowered::new(sql, path));
    }
    Ok(statements)
}

/// The statements that delete the rows, found by the values of the key.
///
/// # Errors
/// No key, a row without a value of it, or a value that is an expression.
pub(super) fn delete(
    types: &dyn Types,
    operation: &BulkInsert,
) -> Result<Vec<Lowered>, Unsupported> {
    let dialect = types.dialect();
    if operation.key.is_empty() {
        let reason = "only a key says which rows to delete";
        return Err(mismatch(dialect, "bulk_delete.key", reason));
    }
    let table = qualified(dialect, operation.schema.as_deref(), &operation.table);
    let mut statements = Vec::new();
    let rows: Vec<_> = operation.rows.iter().enumerate().collect();
    for batch in rows.chunks(batch(operation)) {
        let mut conditions = Vec::with_capacity(batch.len());
        for (at, row) in batch {
            let mut parts = Vec::with_capacity(operation.key.len());
            for name in &operation.key {
                let path = format!("bulk_delete.rows.{at}.{name}");
                let Some(value) = row.get(name) else {
                    return Err(mismatch(dialect, &path, "the row has no value for the key"));
                };
                let column = ident(dialect, name);
                parts.push(match value {
                    Value::Null => format!("{column} IS NULL"),
                    value => {
                        format!("{column} = {}", written(types, operation, name, value, &path)?)
                    }
                });
            }
            conditions.push(format!("({})", parts.join(" AND ")));
        }
        let sql = format!("DELETE FROM {table} WHERE {}", conditions.join("\nOR "));
        let first = batch.first().map_or(0, |(at, _)| *at);
        statements.push(Lowered::new(sql, format!("bulk_delete.rows.{first}")));
    }
    Ok(statements)
}

type Group<'a> = Vec<(usize, &'a Entries<Value>)>;

/// Rows behind each other with values for the same columns, no more than a batch.
fn groups(operation: &BulkInsert) -> Vec<Group<'_>> {
    let names = |row: &Entries<Value>| row.iter().map(|(n, _)| n.to_owned()).collect::<Vec<_>>();
    let mut groups: Vec<(Vec<String>, Group<'_>)> = Vec::new();
    for (at, row) in operation.rows.iter().enumerate() {
        let columns = names(row);
        match groups.last_mut() {
            Some((own, group)) if *own == columns && group.len() < batch(operation) => {
                group.push((at, row));
            }
            _ => groups.push((columns, vec![(at, row)])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn batch(operation: &BulkInsert) -> usize {
    operation.batch.map_or(BATCH, |batch| (batch as usize).max(1))
}

fn written(
    types: &dyn Types,
    operation: &BulkInsert,
    name: &str,
    value: &Value,
    path: &str,
) -> Result<String, Unsupported> {
    let dialect = types.dialect();
    let Some(of) = operation.columns.get(name) else {
        return Err(mismatch(dialect, path, "`columns` does not say the type of this column"));
    };
    literal(types, Type::plain(of), value).map_err(|reason| mismatch(dialect, path, &reason))
}
