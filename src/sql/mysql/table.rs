//! Tables.

use super::column::{Key, start};
use super::constraint::reference;
use super::writer::{NO_CASCADE, ONLY_POSTGRES, ONLY_SQLITE, Writer, same};
use super::{column, constraint, index, live};
use crate::model::operation::{
    AlterTableOptions, Constraint, CreateTable, DropTable, RenameTable, TableDefinition,
    TableOptions, TableOptionsChange,
};
use crate::sql::lowering::Lowered;
use crate::sql::support::Support;
use crate::sql::unsupported::Unsupported;

fn support_of_create(writer: &Writer<'_>, create: &CreateTable) -> Result<(), Unsupported> {
    let CreateTable { schema, name, if_not_exists: _, definition } = create;
    let TableDefinition { columns, constraints, indexes, comment: _, options, beyond: _ } =
        definition;
    let mut support = writer.support("create_table");
    support.name("schema", schema);
    support.name("name", name);
    support.each("columns", columns, |support, own| {
        column::support_of(writer, support, own, name);
    });
    support.each("constraints", constraints, |support, own| {
        constraint::support_of(writer, support, own, name);
    });
    support.each("indexes", indexes, |support, own| {
        index::support_of(writer, support, own, name);
    });
    support.within("options", |support| support_of_options(writer, support, options));
    support.finish()?;
    for (at, own) in columns.iter().enumerate() {
        column::check_consistency(writer, own, &format!("create_table.columns.{at}"))?;
    }
    if let Some(reason) = live::uncounted(definition) {
        return Err(live::no_key(writer.flavour, "create_table", &reason));
    }
    for (at, own) in indexes.iter().enumerate() {
        index::check_consistency(writer, own, &format!("create_table.indexes.{at}"))?;
    }
    Ok(())
}

fn support_of_options(writer: &Writer<'_>, support: &mut Support, options: &TableOptions) {
    let TableOptions {
        temporary: _,
        unlogged,
        inherits,
        partition_by: _,
        partition_of,
        partition_bounds,
        tablespace,
        with,
        using,
        engine: _,
        charset: _,
        collation: _,
        auto_increment: _,
        row_format: _,
        strict,
        without_rowid,
    } = options;
    support.refuse_if(*unlogged, "unlogged", ONLY_POSTGRES);
    support.refuse_if(!inherits.is_empty(), "inherits", ONLY_POSTGRES);
    support.refuse_if(partition_of.is_some(), "partition_of", ONLY_POSTGRES);
    support.refuse_if(partition_bounds.is_some(), "partition_bounds", ONLY_POSTGRES);
    let in_tablespace = tablespace.is_some() && !writer.flavour.tablespaces;
    support.refuse_by_flavour_if(in_tablespace, "tablespace", "MariaDB accepts and ignores it");
    support.refuse_if(!with.is_empty(), "with", ONLY_POSTGRES);
    support.refuse_if(using.is_some(), "using", ONLY_POSTGRES);
    support.refuse_if(*strict, "strict", ONLY_SQLITE);
    support.refuse_if(*without_rowid, "without_rowid", ONLY_SQLITE);
}

/// `CREATE TABLE`.
pub(super) fn create(
    writer: &Writer<'_>,
    create: &CreateTable,
) -> Result<Vec<Lowered>, Unsupported> {
    support_of_create(writer, create)?;
    let table = &create.definition;
    let in_key: Vec<&str> = table
        .constraints
        .iter()
        .filter_map(|constraint| match constraint {
            Constraint::PrimaryKey(key) => Some(&key.columns),
            _ => None,
        })
        .flatten()
        .map(String::as_str)
        .collect();
    let mut parts = Vec::new();
    for (at, own) in table.columns.iter().enumerate() {
        let key = if own.primary_key {
            Key::Inline
        } else if in_key.iter().any(|name| same(name, &own.name)) {
            Key::Yes
        } else {
            Key::No
        };
        parts.push(column::definition(writer, own, key, &format!("create_table.columns.{at}"))?);
    }
    for (at, own) in table.constraints.iter().enumerate() {
        parts.push(constraint::definition(writer, own, &format!("create_table.constraints.{at}"))?);
    }
    for (at, own) in table.indexes.iter().enumerate() {
        let path = format!("create_table.indexes.{at}");
        let (kind, name) = (index::kind(own), own.name.as_deref().unwrap_or_default());
        let (columns, options) = index::parts(writer, own, &path)?;
        parts.push(format!("{kind}INDEX {} ({columns}){options}", writer.ident(name)));
    }
    for key in table.columns.iter().filter_map(reference) {
        parts.push(constraint::foreign_key(writer, &key));
    }
    let temporary = if table.options.temporary { "TEMPORARY " } else { "" };
    let if_not_exists = if create.if_not_exists { "IF NOT EXISTS " } else { "" };
    let sql = format!(
        "CREATE {temporary}TABLE {if_not_exists}{} (\n  {}\n){}",
        writer.name(create.schema.as_deref(), &create.name),
        parts.join(",\n  "),
        options(writer, table)?
    );
    Ok(vec![Lowered::new(sql, "create_table")])
}

/// What stands behind the brackets of a table.
fn options(writer: &Writer<'_>, table: &TableDefinition) -> Result<String, Unsupported> {
    let starts = table.columns.iter().find_map(|column| start(column.identity.as_ref()));
    let mut sql = words(writer, &table.options, starts);
    sql.push_str(&writer.comment(table.comment.as_deref(), "create_table")?);
    if let Some(partition) = &table.options.partition_by {
        let partition = writer.text_for(partition, "create_table.options.partition_by")?;
        sql.push_str(&format!("\nPARTITION BY {}", writer.body(partition)));
    }
    Ok(sql)
}

/// The options that are a word and a value. The numbers begin with `starts` where no option says it.
fn words(writer: &Writer<'_>, options: &TableOptions, starts: Option<i64>) -> String {
    let TableOptions { engine, charset, collation, auto_increment, row_format, tablespace, .. } =
        options;
    let name = |name: &Option<String>| name.as_deref().map(|name| writer.ident(name));
    let words = [
        ("ENGINE", name(engine)),
        ("AUTO_INCREMENT", auto_increment.or(starts).map(|number| number.to_string())),
        ("DEFAULT CHARACTER SET", name(charset)),
        ("COLLATE", name(collation)),
        ("ROW_FORMAT", row_format.as_deref().map(str::to_uppercase)),
        ("TABLESPACE", name(tablespace)),
    ];
    let words = words.into_iter().filter_map(|(word, value)| Some(format!(" {word} = {}", value?)));
    words.collect()
}

/// `DROP TABLE`.
pub(super) fn drop(writer: &Writer<'_>, drop: &DropTable) -> Result<Vec<Lowered>, Unsupported> {
    let DropTable { schema, name, if_exists: _, cascade, was: _ } = drop;
    let mut support = writer.support("drop_table");
    support.name("schema", schema);
    support.name("name", name);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let temporary = match &drop.was {
        Some(was) if was.options.temporary => "TEMPORARY ",
        _ => "",
    };
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let name = writer.name(drop.schema.as_deref(), &drop.name);
    Ok(vec![Lowered::new(format!("DROP {temporary}TABLE {if_exists}{name}"), "drop_table")])
}

/// `RENAME TABLE`.
pub(super) fn rename(
    writer: &Writer<'_>,
    rename: &RenameTable,
) -> Result<Vec<Lowered>, Unsupported> {
    let RenameTable { schema, name, to } = rename;
    let mut support = writer.support("rename_table");
    support.name("schema", schema);
    support.name("name", name);
    support.name("to", to);
    support.finish()?;
    let schema = schema.as_deref();
    let sql = format!("RENAME TABLE {} TO {}", writer.name(schema, name), writer.name(schema, to));
    Ok(vec![Lowered::new(sql, "rename_table")])
}

/// `ALTER TABLE` of what stands behind the brackets of a table.
pub(super) fn alter_options(
    writer: &Writer<'_>,
    alter: &AlterTableOptions,
) -> Result<Vec<Lowered>, Unsupported> {
    let AlterTableOptions { schema, table, set, was: _ } = alter;
    let TableOptionsChange { with, engine, charset, collation, row_format } = set;
    let mut support = writer.support("alter_table_options");
    support.name("schema", schema);
    support.name("table", table);
    support.within("set", |support| {
        support.refuse_if(!with.is_empty(), "with", ONLY_POSTGRES);
    });
    support.finish()?;
    let options = TableOptions {
        engine: engine.clone(),
        charset: charset.clone(),
        collation: collation.clone(),
        row_format: row_format.clone(),
        ..TableOptions::default()
    };
    let table = writer.name(schema.as_deref(), table);
    let sql = format!("ALTER TABLE {table}{}", words(writer, &options, None));
    Ok(vec![Lowered::new(sql, "alter_table_options").no_worse()])
}
