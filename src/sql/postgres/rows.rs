//! Changes of rows.

use super::clauses::support;
use super::flavour::Flavour;
use crate::model::operation::{Backfill, BulkInsert};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;
use crate::sql::{rows, tasks};

fn support_of(rows: &BulkInsert, kind: &str) -> Result<(), Unsupported> {
    let BulkInsert { schema, table, columns: _, rows: _, batch: _, key: _ } = rows;
    let mut support = support(kind);
    support.name("schema", schema);
    support.name("table", table);
    support.finish()
}

/// `INSERT`.
pub(super) fn insert(flavour: &Flavour, rows: &BulkInsert) -> Result<Vec<Lowered>, Unsupported> {
    support_of(rows, "bulk_insert")?;
    rows::insert(flavour.types, rows)
}

/// `DELETE`.
pub(super) fn delete(flavour: &Flavour, rows: &BulkInsert) -> Result<Vec<Lowered>, Unsupported> {
    support_of(rows, "bulk_delete")?;
    rows::delete(flavour.types, rows)
}

/// `UPDATE`, in batches.
pub(super) fn backfill(
    flavour: &Flavour,
    backfill: &Backfill,
) -> Result<Vec<Lowered>, Unsupported> {
    let Backfill { schema, table, key: _, set: _, where_: _, batch: _, pause: _, down: _ } =
        backfill;
    let mut support = support("backfill");
    support.name("schema", schema);
    support.name("table", table);
    support.finish()?;
    Ok(vec![tasks::backfill(flavour.types, backfill)?])
}
