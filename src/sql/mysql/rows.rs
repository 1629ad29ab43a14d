//! Changes of rows.

use super::writer::Writer;
use crate::model::operation::{Backfill, BulkInsert};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;
use crate::sql::{rows, tasks};

/// `INSERT`.
pub(super) fn insert(
    writer: &Writer<'_>,
    insert: &BulkInsert,
) -> Result<Vec<Lowered>, Unsupported> {
    let BulkInsert { schema: _, table: _, columns, rows: _, batch: _, key: _ } = insert;
    writer.note_types(columns);
    rows::insert(writer.flavour.types, insert)
}

/// `DELETE`.
pub(super) fn delete(
    writer: &Writer<'_>,
    delete: &BulkInsert,
) -> Result<Vec<Lowered>, Unsupported> {
    let BulkInsert { schema: _, table: _, columns, rows: _, batch: _, key: _ } = delete;
    writer.note_types(columns);
    rows::delete(writer.flavour.types, delete)
}

/// `UPDATE`, in batches.
pub(super) fn backfill(
    writer: &Writer<'_>,
    backfill: &Backfill,
) -> Result<Vec<Lowered>, Unsupported> {
    let Backfill { schema, table, key: _, set: _, where_: _, batch: _, pause: _, down: _ } =
        backfill;
    let mut support = writer.support("backfill");
    support.name("schema", schema);
    support.name("table", table);
    support.finish()?;
    Ok(vec![tasks::backfill(writer.flavour.types, backfill)?])
}
