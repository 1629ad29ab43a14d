//! Changes of rows.

use super::clauses::support;
use super::types::SqliteTypes;
use crate::model::operation::{Backfill, BulkInsert};
use crate::sql::lowering::Group;
use crate::sql::unsupported::Unsupported;
use crate::sql::{rows, tasks};

fn support_of(rows: &BulkInsert, kind: &str) -> Result<(), Unsupported> {
    let BulkInsert { schema, table: _, columns: _, rows: _, batch: _, key: _ } = rows;
    support(kind, schema).finish()
}

/// `INSERT`.
pub(super) fn insert(rows: &BulkInsert) -> Result<Group, Unsupported> {
    support_of(rows, "bulk_insert")?;
    rows::insert(&SqliteTypes, rows).map(Group::one)
}

/// `DELETE`.
pub(super) fn delete(rows: &BulkInsert) -> Result<Group, Unsupported> {
    support_of(rows, "bulk_delete")?;
    rows::delete(&SqliteTypes, rows).map(Group::one)
}

/// `UPDATE`, in batches.
pub(super) fn backfill(backfill: &Backfill) -> Result<Group, Unsupported> {
    let Backfill { schema, table: _, key: _, set: _, where_: _, batch: _, pause: _, down: _ } =
        backfill;
    support("backfill", schema).finish()?;
    Ok(Group::one(vec![tasks::backfill(&SqliteTypes, backfill)?]))
}
