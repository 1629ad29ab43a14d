//! Operations into SQLite's statements.

use super::change::{self, Change, table_of};
use super::known::{self, of_table, probes};
use super::refuse;
use super::table::{self, SQLITE};
use super::types::SqliteTypes;
use crate::model::operation::{CreateTable, CreateView, DropTable, RenameTable};
use crate::model::{Entry, Name, Operation, Schema, StoredDdl};
use crate::sql::lowering::{CatalogDelta, Group, Lowered, Lowering, Unsupported};
use crate::sql::types::Types;
use crate::sql::{rows, tasks};
use crate::text::ident;
use crate::text::sqlite_table::{Renamed, TableSql, mentions, rename_table, same};

/// SQLite's statements.
pub(super) struct Sqlite;

impl Lowering for Sqlite {
    fn types(&self) -> &'static dyn Types {
        &SqliteTypes
    }

    fn refuse(&self, operation: &Operation) -> Option<Unsupported> {
        refuse::refuse(operation)
    }

    fn needs_schema(&self, operation: &Operation) -> bool {
        match operation {
            Operation::AddColumn(add) => !change::is_simple(add),
            Operation::AlterColumn(alter) => {
                let renamed = crate::model::operation::AlterColumn {
                    schema: alter.schema.clone(),
                    table: alter.table.clone(),
                    column: alter.column.clone(),
                    rename: alter.rename.clone(),
                    was: alter.was.clone(),
                    ..Default::default()
                };
                *alter != renamed
            }
            // Dropping a table would take the rows that refer to it along, were foreign keys enforced.
            Operation::DropTable(_)
            | Operation::DropColumn(_)
            | Operation::RenameIndex(_)
            | Operation::CreatePrimaryKey(_)
            | Operation::CreateUnique(_)
            | Operation::CreateForeignKey(_)
            | Operation::CreateCheck(_)
            | Operation::DropConstraint(_)
            | Operation::RenameConstraint(_) => true,
            Operation::CreateView(create) => create.or_replace,
            _ => false,
        }
    }

    fn lower(&self, entries: &[Entry], schema: &Schema) -> Result<Group, Unsupported> {
        let taken = run(entries);
        if taken > 0 {
            let (own, later) = entries.split_at(taken);
            let (statements, kept) = Change::of(own, later, schema)?.done();
            return Ok(Group { statements, taken, kept: Some(kept) });
        }
        let operation = &entries[0].operation;
        let statements = alone(operation, &entries[1..], schema)?;
        Ok(Group { statements, taken: 1, kept: Some(kept(operation, schema)?) })
    }
}

/// The statements of an operation that goes with no other; `later` is what follows it.
fn alone(
    operation: &Operation,
    later: &[Entry],
    schema: &Schema,
) -> Result<Vec<Lowered>, Unsupported> {
    let drop = |kind: &str, if_exists: bool, name: &str, path: &str| {
        let exists = if if_exists { "IF EXISTS " } else { "" };
        vec![Lowered::new(format!("DROP {kind} {exists}{}", ident(SQLITE, name)), path)]
    };
    match operation {
        Operation::CreateTable(create) => create_table(create),
        Operation::DropTable(drop) => Ok(drop_table(drop, later, schema)),
        Operation::RenameTable(rename) => rename_statements(rename, schema),
        Operation::CreateView(create) => create_view(create, schema),
        Operation::DropView(own) => Ok(drop("VIEW", own.if_exists, &own.name, "drop_view")),
        Operation::CreateTrigger(create) => {
            Ok(vec![Lowered::new(table::create_trigger(create)?, "create_trigger")])
        }
        Operation::DropTrigger(own) => {
            Ok(drop("TRIGGER", own.if_exists, &own.name, "drop_trigger"))
        }
        Operation::BulkInsert(insert) => rows::insert(&SqliteTypes, insert),
        Operation::BulkDelete(delete) => rows::delete(&SqliteTypes, delete),
        Operation::Program(program) => Ok(vec![tasks::program(program)]),
        Operation::Backfill(backfill) => Ok(vec![tasks::backfill(&SqliteTypes, backfill)?]),
        operation => Err(refuse::refuse(operation).unwrap_or_else(|| refuse::nothing(operation))),
    }
}

/// What the file keeps once an operation that goes with no other has run.
fn kept(operation: &Operation, schema: &Schema) -> Result<CatalogDelta, Unsupported> {
    let mut kept = CatalogDelta::of(schema);
    match operation {
        Operation::CreateTable(create) => keep_table(create, schema, &mut kept)?,
        Operation::DropTable(drop) => {
            let is_of = |stored: &StoredDdl| {
                stored.table.as_ref().is_some_and(|table| same(&table.name, &drop.name))
            };
            kept.indexes.retain(|stored| !is_of(stored));
            kept.triggers.retain(|stored| !is_of(stored));
        }
        Operation::RenameTable(rename) => keep_renamed(rename, schema, &mut kept),
        Operation::CreateView(create) => keep_view(create, &mut kept)?,
        Operation::DropView(drop) => {
            kept.views.retain(|view| !same(&view.name.name, &drop.name));
            kept.triggers.retain(|stored| {
                !stored.table.as_ref().is_some_and(|table| same(&table.name, &drop.name))
            });
        }
        Operation::CreateTrigger(create) => {
            let is_there = kept.triggers.iter().any(|own| same(&own.name.name, &create.name));
            if !is_there {
                let mut create = create.clone();
                create.if_not_exists = false;
                kept.triggers.push(StoredDdl {
                    name: named(&create.name),
                    table: Some(key_of(schema, &create.table)),
                    sql: Some(table::create_trigger(&create)?),
                });
            }
        }
        Operation::DropTrigger(drop) => {
            kept.triggers.retain(|trigger| !same(&trigger.name.name, &drop.name));
        }
        _ => {}
    }
    Ok(kept)
}

/// How many operations from the first on change one table.
fn run(entries: &[Entry]) -> usize {
    let Some(name) = entries.first().and_then(|entry| table_of(&entry.operation)) else { return 0 };
    let is_same =
        |entry: &&Entry| table_of(&entry.operation).is_some_and(|table| same(table, name));
    entries.iter().take_while(is_same).count()
}

fn named(name: &str) -> Name {
    Name { schema: None, name: name.to_owned() }
}

/// The name of a table as the schema has it.
fn key_of(schema: &Schema, name: &str) -> Name {
    let known = schema.tables.keys().find(|key| same(&key.name, name));
    known.cloned().unwrap_or_else(|| named(name))
}

fn create_table(create: &CreateTable) -> Result<Vec<Lowered>, Unsupported> {
    let mut statements = vec![Lowered::new(table::create_table(create)?, "create_table")];
    for (at, index) in create.definition.indexes.iter().enumerate() {
        let path = format!("create_table.indexes.{at}");
        let sql = table::index(&create.name, index, create.if_not_exists, &path)?;
        statements.push(Lowered::new(sql, path));
    }
    Ok(statements)
}

fn keep_table(
    create: &CreateTable,
    schema: &Schema,
    kept: &mut CatalogDelta,
) -> Result<(), Unsupported> {
    if create.definition.options.temporary || known::table(schema, &create.name).is_some() {
        return Ok(());
    }
    let plain = CreateTable { if_not_exists: false, ..create.clone() };
    kept.tables.push((named(&create.name), table::create_table(&plain)?));
    for (at, index) in create.definition.indexes.iter().enumerate() {
        let sql = table::index(&create.name, index, false, &format!("create_table.indexes.{at}"))?;
        kept.indexes.push(StoredDdl {
            name: named(index.name.as_deref().unwrap_or_default()),
            table: Some(named(&create.name)),
            sql: Some(sql),
        });
    }
    Ok(())
}

fn drop_table(drop: &DropTable, later: &[Entry], schema: &Schema) -> Vec<Lowered> {
    let exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let mut statements = vec![format!("DROP TABLE {exists}{}", ident(SQLITE, &drop.name))];
    if known::table(schema, &drop.name).is_some() {
        let gone = |stored: &StoredDdl| {
            let own = stored.table.as_ref().is_some_and(|table| same(&table.name, &drop.name));
            own || change::is_dropped(later, stored)
        };
        statements.extend(probes(schema, &[&drop.name], &[], &[], gone));
    }
    statements.into_iter().map(|sql| Lowered::new(sql, "drop_table")).collect()
}

fn rename_statements(rename: &RenameTable, schema: &Schema) -> Result<Vec<Lowered>, Unsupported> {
    let path = "rename_table";
    if let Err(refusal) = known::readable(schema, &rename.name, "rename_table.name")
        && refusal.unknown.is_none()
        && !known::is_virtual(schema, &rename.name)
    {
        return Err(refusal);
    }
    let renamed = |from: &str, to: &str| {
        format!("ALTER TABLE {} RENAME TO {}", ident(SQLITE, from), ident(SQLITE, to))
    };
    let mut statements = vec!["PRAGMA legacy_alter_table = OFF".to_owned()];
    if same(&rename.name, &rename.to) && rename.name != rename.to {
        // SQLite takes the name in other cases for one that is there.
        let between = known::free_name(schema, &format!("rev_old_{}", rename.name));
        statements.push(renamed(&rename.name, &between));
        statements.push(renamed(&between, &rename.to));
    } else {
        statements.push(renamed(&rename.name, &rename.to));
    }
    Ok(statements.into_iter().map(|sql| Lowered::new(sql, path)).collect())
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
            sql.push_str(&format!(" -- {}", ident(SQLITE, to)));
        }
    }
}

/// The view, in the place of one of its name if it is to be, with the triggers of that one.
fn create_view(create: &CreateView, schema: &Schema) -> Result<Vec<Lowered>, Unsupported> {
    let path = "create_view";
    let mut statements = Vec::new();
    if create.or_replace {
        statements.push(format!("DROP VIEW IF EXISTS {}", ident(SQLITE, &create.name)));
    }
    statements.push(table::create_view(create)?);
    if create.or_replace {
        for trigger in of_table(&schema.triggers, &create.name) {
            match &trigger.sql {
                Some(sql) => statements.push(sql.clone()),
                None => return Err(known::unknown(&create.name, "create_view.name")),
            }
        }
    }
    Ok(statements.into_iter().map(|sql| Lowered::new(sql, path)).collect())
}

fn keep_view(create: &CreateView, kept: &mut CatalogDelta) -> Result<(), Unsupported> {
    let is_it = |view: &StoredDdl| same(&view.name.name, &create.name);
    let is_there = kept.views.iter().any(is_it);
    if create.definition.temporary || (is_there && !create.or_replace) {
        return Ok(());
    }
    kept.views.retain(|view| !is_it(view));
    let plain = CreateView { if_not_exists: false, ..create.clone() };
    let sql = Some(table::create_view(&plain)?);
    kept.views.push(StoredDdl { name: named(&create.name), table: None, sql });
    Ok(())
}
