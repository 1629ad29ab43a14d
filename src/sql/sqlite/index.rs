//! Indexes.

use super::clauses::{
    NO_CASCADE, NO_COMMENTS, NO_EQUIVALENT, NULLS_DISTINCT, SQLITE, id, mismatch, refusal, support,
};
use super::rebuild::change::Change;
use super::rebuild::known;
use crate::model::Name;
use crate::model::StoredDdl;
use crate::model::operation::{
    CreateIndex, DropIndex, Index, IndexColumn, IndexKey, Order, RenameIndex,
};
use crate::sql::clauses::{bracketed, text_for};
use crate::sql::support::Support;
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::{rename_index, same};

/// What is not supported of an index.
pub(super) fn support_of(support: &mut Support, index: &Index) {
    let Index {
        name: _,
        columns,
        unique: _,
        method,
        where_: _,
        include,
        nulls_distinct,
        with,
        tablespace,
        kind,
        parser,
        invisible,
        comment,
    } = index;
    support.each("columns", columns, |support, column| {
        let IndexColumn { key: _, collation: _, opclass, order: _, nulls, length } = column;
        support.refuse_if(opclass.is_some(), "opclass", NO_EQUIVALENT);
        support.refuse_if(nulls.is_some(), "nulls", NO_EQUIVALENT);
        support.refuse_if(length.is_some(), "length", NO_EQUIVALENT);
    });
    support.refuse_if(method.is_some(), "method", NO_EQUIVALENT);
    support.refuse_if(!include.is_empty(), "include", NO_EQUIVALENT);
    support.refuse_if(*nulls_distinct == Some(false), "nulls_distinct", NULLS_DISTINCT);
    support.refuse_if(!with.is_empty(), "with", NO_EQUIVALENT);
    support.refuse_if(tablespace.is_some(), "tablespace", NO_EQUIVALENT);
    support.refuse_if(kind.is_some(), "kind", NO_EQUIVALENT);
    support.refuse_if(parser.is_some(), "parser", NO_EQUIVALENT);
    support.refuse_if(*invisible, "invisible", NO_EQUIVALENT);
    support.refuse_if(comment.is_some(), "comment", NO_COMMENTS);
}

/// `CREATE INDEX`.
pub(super) fn create(change: &mut Change<'_>, create: &CreateIndex) -> Result<(), Unsupported> {
    let CreateIndex { schema, table, if_not_exists, concurrently, only, algorithm, lock, index } =
        create;
    let path = "create_index";
    let mut support = support(path, schema);
    support.refuse_if(*concurrently, "concurrently", NO_EQUIVALENT);
    support.refuse_if(*only, "only", NO_EQUIVALENT);
    support.refuse_if(algorithm.is_some(), "algorithm", NO_EQUIVALENT);
    support.refuse_if(lock.is_some(), "lock", NO_EQUIVALENT);
    support_of(&mut support, index);
    support.finish()?;
    let sql = statement(table, index, *if_not_exists, path)?;
    let Some(name) = index.name.as_deref() else { return Ok(()) };
    if let Some(state) = &mut change.state {
        let is_there = state.indexes.iter().any(|own| same(&own.name.name, name));
        if is_there && *if_not_exists {
            return Ok(());
        }
        let own = Name { schema: None, name: state.now.name.clone() };
        state.indexes.push(StoredDdl {
            name: Name { schema: None, name: name.to_owned() },
            table: Some(own),
            sql: Some(statement(table, index, false, path)?),
        });
    }
    change.native(sql, path);
    Ok(())
}

/// `CREATE INDEX` on a table.
pub(super) fn statement(
    table: &str,
    index: &Index,
    if_not_exists: bool,
    path: &str,
) -> Result<String, Unsupported> {
    let Some(name) = &index.name else {
        return Err(refusal(&format!("{path}.name"), "an index needs a name"));
    };
    let mut columns = Vec::with_capacity(index.columns.len());
    for (at, own) in index.columns.iter().enumerate() {
        let mut column = match &own.key {
            IndexKey::Column(name) => id(name),
            IndexKey::Sql(sql) => {
                let sql = text_for(sql, SQLITE, &format!("{path}.columns.{at}.sql"))?;
                bracketed(sql)
            }
        };
        if let Some(collation) = &own.collation {
            column.push_str(&format!(" COLLATE {}", id(collation)));
        }
        match own.order {
            None => {}
            Some(Order::Asc) => column.push_str(" ASC"),
            Some(Order::Desc) => column.push_str(" DESC"),
        }
        columns.push(column);
    }
    let where_ = match &index.where_ {
        None => String::new(),
        Some(condition) => {
            format!(" WHERE {}", text_for(condition, SQLITE, &format!("{path}.where"))?)
        }
    };
    Ok(format!(
        "CREATE {}INDEX {}{} ON {} ({}){where_}",
        if index.unique { "UNIQUE " } else { "" },
        if if_not_exists { "IF NOT EXISTS " } else { "" },
        id(name),
        id(table),
        columns.join(", "),
    ))
}

/// `DROP INDEX`.
pub(super) fn drop(change: &mut Change<'_>, drop: &DropIndex) -> Result<(), Unsupported> {
    let DropIndex {
        schema,
        table: _,
        name,
        if_exists,
        concurrently,
        cascade,
        algorithm,
        lock,
        was: _,
    } = drop;
    let mut support = support("drop_index", schema);
    support.refuse_if(*concurrently, "concurrently", NO_EQUIVALENT);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.refuse_if(algorithm.is_some(), "algorithm", NO_EQUIVALENT);
    support.refuse_if(lock.is_some(), "lock", NO_EQUIVALENT);
    support.finish()?;
    if let Some(state) = &mut change.state {
        let count = state.indexes.len();
        state.indexes.retain(|own| !same(&own.name.name, name));
        if count == state.indexes.len() {
            if *if_exists {
                return Ok(());
            }
            let message = format!("{} has no index {}", state.now.name, name);
            return Err(mismatch("drop_index.name", message, None));
        }
    }
    let exists = if *if_exists { "IF EXISTS " } else { "" };
    change.native(format!("DROP INDEX {exists}{}", id(name)), "drop_index");
    Ok(())
}

/// Drops and creates the index under its new name.
pub(super) fn rename(change: &mut Change<'_>, rename: &RenameIndex) -> Result<(), Unsupported> {
    let RenameIndex { schema, table: _, name: from, to } = rename;
    support("rename_index", schema).finish()?;
    let path = "rename_index.name";
    let state = change.state("rename_index.table")?;
    let table = state.now.name.clone();
    let index = state.indexes.iter_mut().find(|own| same(&own.name.name, from));
    let Some(index) = index else {
        return Err(mismatch(path, format!("{table} has no index {}", from), None));
    };
    let Some(sql) = &index.sql else { return Err(known::unknown(&table, path)) };
    let sql = rename_index(sql, to);
    to.clone_into(&mut index.name.name);
    index.sql = Some(sql.clone());
    change.put_back(format!("DROP INDEX {}", id(from)), path);
    change.native(sql, path);
    Ok(())
}
