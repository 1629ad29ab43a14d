//! Which statements a rollback undoes: the engines of the tables that they may write.

use std::collections::BTreeSet;

use super::Mysql;
use crate::db::{Connection as _, DbError};
use crate::text::quote_literal;

/// The tables of an engine without transactions, the server's own aside.
const NOT_UNDONE: &str = "information_schema.tables t JOIN information_schema.engines e \
    ON e.engine = t.engine AND COALESCE(e.transactions, 'NO') <> 'YES' \
    WHERE t.table_type = 'BASE TABLE' \
    AND t.table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')";

/// Whether a rollback undoes all that a statement with these names may write.
pub(super) async fn rolls_back(
    connection: &mut Mysql,
    names: &BTreeSet<String>,
) -> Result<bool, DbError> {
    if names.is_empty() {
        return Ok(true);
    }
    let literals: Vec<String> =
        names.iter().map(|name| quote_literal(connection.dialect(), name)).collect();
    let names = literals.join(", ");
    let schemas = format!("(DATABASE(), {names})");
    // What the words name by themselves, and whether something stands behind them that they do not show.
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM {NOT_UNDONE} AND t.table_schema IN {schemas} \
         AND t.table_name IN ({names})), \
         EXISTS (SELECT 1 FROM information_schema.views v \
         WHERE v.table_schema IN {schemas} AND v.table_name IN ({names})) \
         OR EXISTS (SELECT 1 FROM information_schema.triggers g \
         WHERE g.event_object_schema IN {schemas} AND g.event_object_table IN ({names})) \
         OR EXISTS (SELECT 1 FROM information_schema.routines r \
         WHERE r.routine_schema IN {schemas} AND r.routine_name IN ({names}))"
    );
    let rows = connection.query(&sql).await?;
    let is_set = |at: usize| {
        let value = rows.first().and_then(|row| row.get(at)).and_then(Option::as_deref);
        value == Some("1")
    };
    if is_set(0) {
        return Ok(false);
    }
    if !is_set(1) {
        return Ok(true);
    }
    let any = connection.query(&format!("SELECT 1 FROM {NOT_UNDONE} LIMIT 1")).await?;
    Ok(any.is_empty())
}
