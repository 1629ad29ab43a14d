//! Tables.

use super::clauses::{NO_CASCADE, NO_COMMENTS, NO_EQUIVALENT, id, refusal, support};
use super::column::Keyed;
use super::rebuild::known::{self, probes};
use super::{column, constraint, index};
use crate::model::operation::{
    Constraint, CreateTable, DropTable, PrimaryKey, RenameTable, TableDefinition, TableOptions,
};
use crate::model::{Entry, Name, Schema, StoredDdl};
use crate::sql::lowering::{CatalogDelta, Group, Lowered};
use crate::sql::support::Support;
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::{Renamed, TableSql, mentions, rename_table, same};

fn support_of_create(create: &CreateTable) -> Result<(), Unsupported> {
    let CreateTable { schema, name: _, if_not_exists: _, definition } = create;
    let TableDefinition { columns, constraints, indexes, comment, options, beyond: _ } = definition;
    let mut support = support("create_table", schema);
    support.each("columns", columns, column::support_of);
    support.each("constraints", constraints, constraint::support_of);
    support.each("indexes", indexes, index::support_of);
    support.refuse_if(comment.is_some(), "comment", NO_COMMENTS);
    support.within("options", |support| support_of_options(support, options));
    support.finish()?;
    if columns.is_empty() {
        return Err(refusal("create_table.columns", "a table needs a column"));
    }
    let key = primary_key_of(definition);
    if options.without_rowid && key.is_empty() {
        let reason = "a table without rowids needs a primary key";
        return Err(refusal("create_table.options.without_rowid", reason));
    }
    for (at, own) in columns.iter().enumerate() {
        let path = format!("create_table.columns.{at}");
        let alone = matches!(key[..], [only] if only == own.name);
        column::check_numbering(own, alone && !options.without_rowid, &path)?;
        column::check_strict(own, options.strict, &path)?;
    }
    Ok(())
}

fn support_of_options(support: &mut Support, options: &TableOptions) {
    let TableOptions {
        temporary: _,
        unlogged,
        inherits,
        partition_by,
        partition_of,
        partition_bounds,
        tablespace,
        with,
        using,
        engine,
        charset,
        collation,
        auto_increment,
        row_format,
        strict: _,
        without_rowid: _,
    } = options;
    support.refuse_if(*unlogged, "unlogged", NO_EQUIVALENT);
    support.refuse_if(!inherits.is_empty(), "inherits", NO_EQUIVALENT);
    support.refuse_if(partition_by.is_some(), "partition_by", NO_EQUIVALENT);
    support.refuse_if(partition_of.is_some(), "partition_of", NO_EQUIVALENT);
    support.refuse_if(partition_bounds.is_some(), "partition_bounds", NO_EQUIVALENT);
    support.refuse_if(tablespace.is_some(), "tablespace", NO_EQUIVALENT);
    support.refuse_if(!with.is_empty(), "with", NO_EQUIVALENT);
    support.refuse_if(using.is_some(), "using", NO_EQUIVALENT);
    support.refuse_if(engine.is_some(), "engine", NO_EQUIVALENT);
    support.refuse_if(charset.is_some(), "charset", NO_EQUIVALENT);
    support.refuse_if(collation.is_some(), "collation", NO_EQUIVALENT);
    support.refuse_if(auto_increment.is_some(), "auto_increment", NO_EQUIVALENT);
    support.refuse_if(row_format.is_some(), "row_format", NO_EQUIVALENT);
}

/// `CREATE TABLE`, and the indexes of the table.
pub(super) fn create(create: &CreateTable, schema: &Schema) -> Result<Group, Unsupported> {
    support_of_create(create)?;
    let mut statements = vec![Lowered::new(statement(create)?, "create_table")];
    for (at, own) in create.definition.indexes.iter().enumerate() {
        let path = format!("create_table.indexes.{at}");
        let sql = index::statement(&create.name, own, create.if_not_exists, &path)?;
        statements.push(Lowered::new(sql, path));
    }
    let mut kept = CatalogDelta::of(schema);
    keep(create, schema, &mut kept)?;
    Ok(Group { statements, taken: 1, kept: Some(kept) })
}

/// Adds what the database keeps of a new table.
fn keep(create: &CreateTable, schema: &Schema, kept: &mut CatalogDelta) -> Result<(), Unsupported> {
    if create.definition.options.temporary || known::table(schema, &create.name).is_some() {
        return Ok(());
    }
    let plain = CreateTable { if_not_exists: false, ..create.clone() };
    kept.tables.push((named(&create.name), statement(&plain)?));
    for (at, own) in create.definition.indexes.iter().enumerate() {
        let sql =
            index::statement(&create.name, own, false, &format!("create_table.indexes.{at}"))?;
        kept.indexes.push(StoredDdl {
            name: named(own.name.as_deref().unwrap_or_default()),
            table: Some(named(&create.name)),
            sql: Some(sql),
        });
    }
    Ok(())
}

fn named(name: &str) -> Name {
    Name { schema: None, name: name.to_owned() }
}

/// `CREATE TABLE`.
fn statement(create: &CreateTable) -> Result<String, Unsupported> {
    let CreateTable { name, if_not_exists, definition, .. } = create;
    let options = &definition.options;
    let temporary = if options.temporary { "TEMP " } else { "" };
    let exists = if *if_not_exists { "IF NOT EXISTS " } else { "" };
    let key = primary_key_of(definition);
    let mut elements = Vec::new();
    for (at, own) in definition.columns.iter().enumerate() {
        let path = format!("create_table.columns.{at}");
        let in_key = key.iter().any(|key| same(key, &own.name));
        let keyed = Keyed { alone: in_key && key.len() == 1, in_key };
        elements.push(column::definition(own, options.strict, keyed, &path)?);
    }
    for (at, own) in definition.constraints.iter().enumerate() {
        let path = format!("create_table.constraints.{at}");
        let is_numbered =
            |key: &PrimaryKey| definition.columns.iter().any(|own| is_numbered_by(own, key));
        if let Some(text) = constraint::definition(own, is_numbered, &path)? {
            elements.push(text);
        }
    }
    let mut words = Vec::new();
    if options.strict {
        words.push("STRICT");
    }
    if options.without_rowid {
        words.push("WITHOUT ROWID");
    }
    let words = if words.is_empty() { String::new() } else { format!(" {}", words.join(", ")) };
    let elements = elements.join(",\n  ");
    Ok(format!("CREATE {temporary}TABLE {exists}{} (\n  {elements}\n){words}", id(name)))
}

/// The columns of the primary key.
fn primary_key_of(definition: &TableDefinition) -> Vec<&str> {
    if let Some(column) = definition.columns.iter().find(|column| column.primary_key) {
        return vec![&column.name];
    }
    let key = definition.constraints.iter().find_map(|constraint| match constraint {
        Constraint::PrimaryKey(key) => Some(&key.columns),
        _ => None,
    });
    key.map_or_else(Vec::new, |columns| columns.iter().map(String::as_str).collect())
}

/// Whether a primary key among the constraints is the one column, and numbers the rows.
fn is_numbered_by(own: &crate::model::operation::Column, key: &PrimaryKey) -> bool {
    column::is_numbered(own)
        && !own.primary_key
        && matches!(&key.columns[..], [only] if same(only, &own.name))
}

/// `DROP TABLE`; `later` is what follows it.
pub(super) fn drop(
    drop: &DropTable,
    later: &[Entry],
    schema: &Schema,
) -> Result<Group, Unsupported> {
    let DropTable { schema: in_schema, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_table", in_schema);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let is_of =
        |stored: &StoredDdl| stored.table.as_ref().is_some_and(|table| same(&table.name, name));
    let exists = if *if_exists { "IF EXISTS " } else { "" };
    let mut statements = vec![format!("DROP TABLE {exists}{}", id(name))];
    if known::table(schema, name).is_some() {
        let dropped = |stored: &StoredDdl| is_of(stored) || known::is_dropped(later, stored);
        statements.extend(probes(schema, &[name], &[], &[], dropped));
    }
    let mut kept = CatalogDelta::of(schema);
    kept.indexes.retain(|stored| !is_of(stored));
    kept.triggers.retain(|stored| !is_of(stored));
    let statements = statements.into_iter().map(|sql| Lowered::new(sql, "drop_table")).collect();
    Ok(Group { statements, taken: 1, kept: Some(kept) })
}

/// `ALTER TABLE … RENAME TO`.
pub(super) fn rename(rename: &RenameTable, schema: &Schema) -> Result<Group, Unsupported> {
    let RenameTable { schema: in_schema, name: _, to: _ } = rename;
    support("rename_table", in_schema).finish()?;
    let path = "rename_table";
    if let Err(refusal) = known::readable(schema, &rename.name, "rename_table.name")
        && refusal.unknown.is_none()
        && !known::is_virtual(schema, &rename.name)
    {
        return Err(refusal);
    }
    let renamed = |from: &str, to: &str| format!("ALTER TABLE {} RENAME TO {}", id(from), id(to));
    let mut statements = vec!["PRAGMA legacy_alter_table = OFF".to_owned()];
    if same(&rename.name, &rename.to) && rename.name != rename.to {
        // SQLite takes the name in other cases for one that is there.
        let between = known::free_name(schema, &format!("rev_old_{}", rename.name));
        statements.push(renamed(&rename.name, &between));
        statements.push(renamed(&between, &rename.to));
    } else {
        statements.push(renamed(&rename.name, &rename.to));
    }
    let mut kept = CatalogDelta::of(schema);
    keep_renamed(rename, schema, &mut kept);
    let statements = statements.into_iter().map(|sql| Lowered::new(sql, path)).collect();
    Ok(Group { statements, taken: 1, kept: Some(kept) })
}

/// Follows SQLite's own RENAME TO.
fn keep_renamed(rename: &RenameTable, schema: &Schema, kept: &mut CatalogDelta) {
    let RenameTable { name: from, to, .. } = rename;
    if known::is_virtual(schema, from) {
        // Its module renames what it keeps, too.
        let keys = schema.tables.keys();
        kept.unknown
            .extend(keys.filter(|key| known::shadowed(schema, &key.name).is_some()).cloned());
        kept.unknown.push(named(to));
        return;
    }
    let is_of =
        |stored: &StoredDdl| stored.table.as_ref().is_some_and(|table| same(&table.name, from));
    for (key, table) in &schema.tables {
        let Some(sql) = table.sql.as_deref() else { continue };
        let Ok(mut read) = TableSql::read(sql) else { continue };
        if same(&key.name, from) {
            read.rename(to);
            kept.tables.push((named(to), read.text()));
        } else if read.rename_target(from, to) {
            kept.tables.push((key.clone(), read.text()));
        }
    }
    for index in kept.indexes.iter_mut().filter(|index| is_of(index)) {
        index.table = Some(named(to));
        index.sql = match index.sql.as_deref().map(|sql| rename_table(sql, from, to)) {
            Some(Renamed::Sure(sql)) => Some(sql),
            _ => None,
        };
    }
    for trigger in &mut kept.triggers {
        let is_own = is_of(trigger);
        let mentioned = trigger.sql.as_deref().is_some_and(|sql| mentions(sql, from));
        if !is_own && !mentioned {
            continue;
        }
        if is_own {
            trigger.table = Some(named(to));
        }
        // One that nobody can tell takes its table along into the unknown.
        trigger.sql = match trigger.sql.as_deref().map(|sql| rename_table(sql, from, to)) {
            Some(Renamed::Sure(sql)) => Some(sql),
            _ => None,
        };
    }
    for view in &mut kept.views {
        // Of a view it only matters which names it mentions.
        if let Some(Renamed::Sure(sql)) = view.sql.as_deref().map(|sql| rename_table(sql, from, to))
        {
            view.sql = Some(sql);
        } else if let Some(sql) = &mut view.sql {
            sql.push_str(&format!(" -- {}", id(to)));
        }
    }
}
