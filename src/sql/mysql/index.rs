//! Indexes.

use super::writer::{NO_CASCADE, NULLS_DISTINCT, ONLY_MARIADB, ONLY_POSTGRES, Writer, one_of};
use crate::model::operation::{
    CreateIndex, DropIndex, Index, IndexColumn, IndexKey, IndexKind, Order, RenameIndex,
};
use crate::sql::lowering::Lowered;
use crate::sql::support::{Support, Unnamed, plain_name};
use crate::sql::unsupported::Unsupported;

const CONCURRENTLY: &str = "use `algorithm: inplace` and `lock: none`";

/// What is not supported of an index.
pub(super) fn support_of(writer: &Writer<'_>, support: &mut Support, index: &Index, table: &str) {
    let Index {
        name,
        columns,
        unique: _,
        method: _,
        where_,
        include,
        nulls_distinct,
        with,
        tablespace,
        kind: _,
        parser,
        invisible: _,
        comment: _,
    } = index;
    support.needs_name(name, Unnamed::INDEX, table, columns.iter().filter_map(plain_name));
    support.name("name", name);
    support.each("columns", columns, |support, column| {
        let IndexColumn { key, collation, opclass, order: _, nulls, length: _ } = column;
        let is_expression = matches!(key, IndexKey::Sql(_)) && !writer.flavour.expression_indexes;
        let reason = "an index is over columns: index a generated column";
        support.refuse_by_flavour_if(is_expression, "sql", reason);
        let reason = "an index has the collation of its column";
        support.refuse_if(collation.is_some(), "collation", reason);
        support.refuse_if(opclass.is_some(), "opclass", ONLY_POSTGRES);
        support.refuse_if(nulls.is_some(), "nulls", "NULLs always sort first");
    });
    support.refuse_if(where_.is_some(), "where", "an index always covers all rows");
    support.refuse_if(!include.is_empty(), "include", ONLY_POSTGRES);
    support.refuse_if(*nulls_distinct == Some(false), "nulls_distinct", NULLS_DISTINCT);
    support.refuse_if(!with.is_empty(), "with", ONLY_POSTGRES);
    support.refuse_if(tablespace.is_some(), "tablespace", ONLY_POSTGRES);
    let has_parser = parser.is_some() && !writer.flavour.expression_indexes;
    support.refuse_by_flavour_if(has_parser, "parser", "MariaDB has one parser");
}

/// What fits together in an index and what does not.
pub(super) fn check_consistency(
    writer: &Writer<'_>,
    index: &Index,
    path: &str,
) -> Result<(), Unsupported> {
    let methods = ["btree", "hash", "rtree"];
    one_of(writer, &format!("{path}.method"), index.method.as_deref(), &methods)?;
    if index.parser.is_some() && index.kind.is_none() {
        let reason = "only a full-text index has a parser";
        return Err(writer.no(&format!("{path}.parser"), reason));
    }
    if index.kind.is_some() && index.unique {
        let reason = "a full-text or spatial index is not unique";
        return Err(writer.no(&format!("{path}.unique"), reason));
    }
    Ok(())
}

fn check_algorithm(
    writer: &Writer<'_>,
    path: &str,
    algorithm: Option<&str>,
    lock: Option<&str>,
) -> Result<(), Unsupported> {
    let mut algorithms = vec!["default", "inplace", "copy", "instant"];
    if writer.flavour.nocopy {
        algorithms.push("nocopy");
    }
    one_of(writer, &format!("{path}.algorithm"), algorithm, &algorithms)?;
    let locks = ["default", "none", "shared", "exclusive"];
    one_of(writer, &format!("{path}.lock"), lock, &locks)
}

/// `CREATE INDEX`.
pub(super) fn create(
    writer: &Writer<'_>,
    create: &CreateIndex,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateIndex { schema, table, if_not_exists, concurrently, only, algorithm, lock, index } =
        create;
    let path = "create_index";
    let mut support = writer.support(path);
    support.name("schema", schema);
    support.name("table", table);
    support.refuse_by_flavour_if(
        *if_not_exists && !writer.flavour.if_exists,
        "if_not_exists",
        ONLY_MARIADB,
    );
    support.refuse_if(*concurrently, "concurrently", CONCURRENTLY);
    support.refuse_if(*only, "only", ONLY_POSTGRES);
    support_of(writer, &mut support, index, table);
    support.finish()?;
    check_algorithm(writer, path, algorithm.as_deref(), lock.as_deref())?;
    check_consistency(writer, index, path)?;
    let (columns, options) = parts(writer, index, path)?;
    let sql = format!(
        "CREATE {}INDEX {}{} ON {} ({columns}){options}{}",
        kind(index),
        if *if_not_exists { "IF NOT EXISTS " } else { "" },
        writer.ident(index.name.as_deref().unwrap_or_default()),
        writer.name(schema.as_deref(), table),
        how(" ", algorithm.as_deref(), lock.as_deref()),
    );
    Ok(vec![Lowered::new(sql, path)])
}

/// `UNIQUE` and its like, with the blank behind it, or nothing.
pub(super) fn kind(index: &Index) -> &'static str {
    match index.kind {
        Some(IndexKind::Fulltext) => "FULLTEXT ",
        Some(IndexKind::Spatial) => "SPATIAL ",
        None if index.unique => "UNIQUE ",
        None => "",
    }
}

/// What an index is over, and what else is said of it, with a blank in front.
pub(super) fn parts(
    writer: &Writer<'_>,
    index: &Index,
    path: &str,
) -> Result<(String, String), Unsupported> {
    let columns = index
        .columns
        .iter()
        .enumerate()
        .map(|(at, own)| column(writer, own, &format!("{path}.columns.{at}")));
    let columns = columns.collect::<Result<Vec<_>, _>>()?.join(", ");
    let mut options = String::new();
    if let Some(method) = &index.method {
        options.push_str(&format!(" USING {}", method.to_uppercase()));
    }
    if let Some(parser) = &index.parser {
        options.push_str(&format!(" WITH PARSER {}", writer.ident(parser)));
    }
    options.push_str(&writer.comment(index.comment.as_deref(), path)?);
    if index.invisible {
        options.push_str(&format!(" {}", writer.flavour.invisible_index));
    }
    Ok((columns, options))
}

fn column(writer: &Writer<'_>, column: &IndexColumn, path: &str) -> Result<String, Unsupported> {
    let mut sql = match &column.key {
        IndexKey::Column(name) => writer.ident(name),
        IndexKey::Sql(sql) => format!("({})", writer.text_for(sql, &format!("{path}.sql"))?),
    };
    if let Some(length) = column.length {
        sql.push_str(&format!("({length})"));
    }
    match column.order {
        Some(Order::Desc) => sql.push_str(" DESC"),
        Some(Order::Asc) => sql.push_str(" ASC"),
        None => {}
    }
    Ok(sql)
}

/// `ALGORITHM = … LOCK = …`, each behind the separator, or nothing.
fn how(separator: &str, algorithm: Option<&str>, lock: Option<&str>) -> String {
    let clause = |word: &str, value: Option<&str>| {
        value.map_or_else(String::new, |value| {
            format!("{separator}{word} = {}", value.to_uppercase())
        })
    };
    clause("ALGORITHM", algorithm) + &clause("LOCK", lock)
}

/// `DROP INDEX`.
pub(super) fn drop(writer: &Writer<'_>, drop: &DropIndex) -> Result<Vec<Lowered>, Unsupported> {
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
    let mut support = writer.support("drop_index");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.refuse_by_flavour_if(
        *if_exists && !writer.flavour.if_exists,
        "if_exists",
        ONLY_MARIADB,
    );
    support.refuse_if(*concurrently, "concurrently", CONCURRENTLY);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    check_algorithm(writer, "drop_index", algorithm.as_deref(), lock.as_deref())?;
    let table = writer.name(schema.as_deref(), table);
    let if_exists = if *if_exists { "IF EXISTS " } else { "" };
    let index = writer.ident(name);
    let how = how(", ", algorithm.as_deref(), lock.as_deref());
    let sql = match how.is_empty() {
        true => format!("DROP INDEX {if_exists}{index} ON {table}"),
        // MariaDB's DROP INDEX takes neither.
        false => format!("ALTER TABLE {table} DROP INDEX {if_exists}{index}{how}"),
    };
    Ok(vec![Lowered::new(sql, "drop_index")])
}

/// `RENAME INDEX`.
pub(super) fn rename(
    writer: &Writer<'_>,
    rename: &RenameIndex,
) -> Result<Vec<Lowered>, Unsupported> {
    let RenameIndex { schema, table, name, to } = rename;
    let mut support = writer.support("rename_index");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.name("to", to);
    support.finish()?;
    let what = rename_clause(writer, name, to);
    let sql = format!("ALTER TABLE {} {what}", writer.name(schema.as_deref(), table));
    Ok(vec![Lowered::new(sql, "rename_index")])
}

/// `RENAME INDEX … TO …`.
pub(super) fn rename_clause(writer: &Writer<'_>, from: &str, to: &str) -> String {
    format!("RENAME INDEX {} TO {}", writer.ident(from), writer.ident(to))
}
