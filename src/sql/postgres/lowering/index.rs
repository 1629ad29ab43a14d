//! Indexes.

use super::comment;
use super::constraint::nulls;
use super::words::{collation, id, ids, named, parameters, refusal, said, when};
use crate::model::operation::{
    CreateIndex, DropIndex, Index, IndexColumn, IndexKey, Nulls, Order, RenameIndex,
};
use crate::sql::clauses::{bracketed, closed};
use crate::sql::lowering::{Lowered, Unsupported};

/// How `CREATE INDEX` begins.
#[derive(Default)]
struct How {
    concurrently: bool,
    if_not_exists: bool,
    only: bool,
}

/// `CREATE INDEX`.
pub(super) fn create(create: &CreateIndex) -> Result<Vec<Lowered>, Unsupported> {
    let CreateIndex { schema, table, if_not_exists, concurrently, only, index, .. } = create;
    let how = How { concurrently: *concurrently, if_not_exists: *if_not_exists, only: *only };
    statements(schema, table, index, &how, "create_index")
}

/// An index that comes with its table or materialized view.
pub(super) fn of_table(
    schema: &Option<String>,
    table: &str,
    index: &Index,
    if_not_exists: bool,
    path: &str,
) -> Result<Vec<Lowered>, Unsupported> {
    statements(schema, table, index, &How { if_not_exists, ..How::default() }, path)
}

fn statements(
    schema: &Option<String>,
    table: &str,
    index: &Index,
    how: &How,
    path: &str,
) -> Result<Vec<Lowered>, Unsupported> {
    let mut columns = Vec::with_capacity(index.columns.len());
    for (at, own) in index.columns.iter().enumerate() {
        columns.push(column(own, &format!("{path}.columns.{at}"))?);
    }
    let Some(name) = &index.name else {
        return Err(refusal(&format!("{path}.name"), "the server would generate a name"));
    };
    let mut sql = format!(
        "CREATE{} INDEX{}{} {} ON{} {}",
        when(index.unique, "UNIQUE"),
        when(how.concurrently, "CONCURRENTLY"),
        when(how.if_not_exists, "IF NOT EXISTS"),
        id(name),
        when(how.only, "ONLY"),
        named(schema, table),
    );
    if let Some(method) = &index.method {
        sql.push_str(&format!(" USING {}", id(method)));
    }
    sql.push_str(&format!(" ({})", columns.join(", ")));
    if !index.include.is_empty() {
        sql.push_str(&format!(" INCLUDE ({})", ids(&index.include)));
    }
    sql.push_str(nulls(index.nulls_distinct));
    sql.push_str(&parameters(&index.with));
    if let Some(tablespace) = &index.tablespace {
        sql.push_str(&format!(" TABLESPACE {}", id(tablespace)));
    }
    if let Some(condition) = &index.where_ {
        sql.push_str(&format!(" WHERE {}", said(condition, &format!("{path}.where"))?));
    }
    let mut made = Lowered::new(sql, path);
    made.transactional = !how.concurrently;
    let mut statements = vec![made];
    if let Some(text) = &index.comment {
        let index = named(schema, name);
        statements.push(comment::statement(
            "INDEX",
            &index,
            Some(text),
            &format!("{path}.comment"),
        ));
    }
    Ok(statements)
}

fn column(column: &IndexColumn, path: &str) -> Result<String, Unsupported> {
    let mut sql = match &column.key {
        IndexKey::Column(name) => id(name),
        IndexKey::Sql(sql) => bracketed(said(sql, &format!("{path}.sql"))?),
    };
    if let Some(name) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", collation(name)));
    }
    if let Some(class) = &column.opclass {
        sql.push_str(&format!(" {}", closed(class)));
    }
    match column.order {
        None => {}
        Some(Order::Asc) => sql.push_str(" ASC"),
        Some(Order::Desc) => sql.push_str(" DESC"),
    }
    match column.nulls {
        None => {}
        Some(Nulls::First) => sql.push_str(" NULLS FIRST"),
        Some(Nulls::Last) => sql.push_str(" NULLS LAST"),
    }
    Ok(sql)
}

/// `DROP INDEX`.
pub(super) fn drop(drop: &DropIndex) -> Result<Vec<Lowered>, Unsupported> {
    let DropIndex { schema, name, if_exists, concurrently, cascade, .. } = drop;
    if *concurrently && *cascade {
        let reason = "DROP INDEX CONCURRENTLY does not support CASCADE";
        return Err(refusal("drop_index.cascade", reason));
    }
    let sql = format!(
        "DROP INDEX{}{} {}{}",
        when(*concurrently, "CONCURRENTLY"),
        when(*if_exists, "IF EXISTS"),
        named(schema, name),
        when(*cascade, "CASCADE")
    );
    let mut dropped = Lowered::new(sql, "drop_index");
    dropped.transactional = !concurrently;
    Ok(vec![dropped])
}

/// `ALTER INDEX … RENAME TO`.
pub(super) fn rename(rename: &RenameIndex) -> Vec<Lowered> {
    let RenameIndex { schema, name, to, .. } = rename;
    let sql = format!("ALTER INDEX {} RENAME TO {}", named(schema, name), id(to));
    vec![Lowered::new(sql, "rename_index")]
}
