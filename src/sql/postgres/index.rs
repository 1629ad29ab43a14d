//! Indexes.

use super::clauses::{collation, id, ids, named, parameters, refusal, support, text_for, when};
use super::comment;
use super::constraint::nulls;
use crate::model::operation::{
    CreateIndex, DropIndex, Index, IndexColumn, IndexKey, Nulls, Order, RenameIndex,
};
use crate::sql::clauses::{bracketed, closed};
use crate::sql::lowering::Lowered;
use crate::sql::support::{Support, Unnamed, plain_name};
use crate::sql::unsupported::Unsupported;

const NO_ALGORITHM: &str = "use `concurrently`";

/// What is not supported of an index.
pub(super) fn support_of(support: &mut Support, index: &Index, table: &str) {
    let Index {
        name,
        columns,
        unique: _,
        method: _,
        where_: _,
        include,
        nulls_distinct: _,
        with: _,
        tablespace: _,
        kind,
        parser,
        invisible,
        comment: _,
    } = index;
    support.needs_name(name, Unnamed::INDEX, table, columns.iter().filter_map(plain_name));
    support.name("name", name);
    for (at, column) in columns.iter().enumerate() {
        let IndexColumn { key, collation: _, opclass: _, order: _, nulls: _, length } = column;
        let part = format!("columns.{at}");
        if let Some(name) = plain_name(column) {
            support.name(&part, &name.to_owned());
        } else if let IndexKey::Column(name) = key {
            support.name(&format!("{part}.column"), name);
        }
        let reason = "PostgreSQL has no prefix indexes; use an expression such as left(name, 10)";
        support.refuse_if(length.is_some(), &format!("{part}.length"), reason);
    }
    support.names("include", include);
    support.refuse_if(kind.is_some(), "kind", "use `method: gin` or `method: gist`");
    support.refuse_if(parser.is_some(), "parser", "use an expression with to_tsvector");
    support.refuse_if(*invisible, "invisible", "PostgreSQL has no invisible indexes");
}

/// How `CREATE INDEX` begins.
#[derive(Default)]
struct How {
    concurrently: bool,
    if_not_exists: bool,
    only: bool,
}

/// `CREATE INDEX`.
pub(super) fn create(create: &CreateIndex) -> Result<Vec<Lowered>, Unsupported> {
    let CreateIndex { schema, table, if_not_exists, concurrently, only, algorithm, lock, index } =
        create;
    let mut support = support("create_index");
    support.name("schema", schema);
    support.name("table", table);
    support.refuse_if(algorithm.is_some(), "algorithm", NO_ALGORITHM);
    support.refuse_if(lock.is_some(), "lock", NO_ALGORITHM);
    support_of(&mut support, index, table);
    support.finish()?;
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
        sql.push_str(&format!(" WHERE {}", text_for(condition, &format!("{path}.where"))?));
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
        IndexKey::Sql(sql) => bracketed(text_for(sql, &format!("{path}.sql"))?),
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
    let DropIndex {
        schema,
        table,
        name,
        if_exists,
        concurrently,
        cascade,
        algorithm,
        lock,
        was: _,
    } = drop;
    let mut support = support("drop_index");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.refuse_if(algorithm.is_some(), "algorithm", NO_ALGORITHM);
    support.refuse_if(lock.is_some(), "lock", NO_ALGORITHM);
    support.finish()?;
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
pub(super) fn rename(rename: &RenameIndex) -> Result<Vec<Lowered>, Unsupported> {
    let RenameIndex { schema, table, name, to } = rename;
    let mut support = support("rename_index");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.name("to", to);
    support.finish()?;
    let sql = format!("ALTER INDEX {} RENAME TO {}", named(schema, name), id(to));
    Ok(vec![Lowered::new(sql, "rename_index")])
}
