//! All that a SQLite file holds, each object in the one form that its equals have, too.

use std::collections::{BTreeMap, BTreeSet};

use super::introspect;
use crate::db::{Connection, DbError};
use crate::model::operation::{
    Column, Constraint, ForeignKey, Initially, ReferenceAction, TableDefinition, Timing,
    TriggerDefinition, TriggerEvent, ViewDefinition,
};
use crate::model::{
    ByDialect, Catalog, CatalogObject, Definition, Entries, Name, ObjectKey, ObjectKind, Schema,
    SqlText, StoredDdl, Table,
};
use crate::text::sqlite_table::{
    ReadError, TableSql, TriggerChange, TriggerSql, TriggerTiming, ViewSql, same,
};
use crate::text::{self, Dialect};

const SQLITE: Dialect = Dialect::Sqlite;

/// Reads all that the file holds, the journal's tables and what is temporary left out.
pub(super) async fn read(
    connection: &mut dyn Connection,
    journal: &[String],
) -> Result<Catalog, DbError> {
    let schema = introspect::introspect(connection, journal).await?;
    let shadows: Vec<String> = connection
        .query("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'")
        .await?
        .into_iter()
        .filter_map(|mut row| row.pop()?)
        .collect();
    let is_shadow = |name: &str| shadows.iter().any(|shadow| same(shadow, name));
    let mut catalog =
        Catalog { dialect: Some(SQLITE), own: schema.own.clone(), ..Catalog::default() };
    for (name, table) in &schema.tables {
        if table.definition.options.temporary || is_shadow(&name.name) {
            continue;
        }
        let object = table_object(&schema, name, table);
        catalog.objects.insert(ObjectKey::new(ObjectKind::Table, name.clone()), object.into());
    }
    // What only SQL makes has a kind of its own.
    for (key, object) in std::mem::take(&mut catalog.objects) {
        let key = match object.definition {
            Definition::Sql { .. } => {
                let virtual_table = schema.tables[&key.name].sql.as_deref().is_some_and(is_virtual);
                let of = if virtual_table { "virtual table" } else { "table" };
                ObjectKey { kind: ObjectKind::Sql, of: Some(of.to_owned()), ..key }
            }
            _ => key,
        };
        catalog.objects.insert(key, object);
    }
    for view in &schema.views {
        let Some(sql) = &view.sql else { continue };
        let (key, definition) = match ViewSql::read(sql) {
            Ok(read) => {
                (ObjectKey::new(ObjectKind::View, view.name.clone()), self::view(read).into())
            }
            Err(_) => other("view", "VIEW", view, sql),
        };
        catalog.objects.insert(key, definition);
    }
    for trigger in &schema.triggers {
        let (Some(sql), Some(table)) = (&trigger.sql, &trigger.table) else { continue };
        let (key, definition) = match TriggerSql::read(sql) {
            Ok(read) => {
                let key = ObjectKey {
                    kind: ObjectKind::Trigger,
                    name: trigger.name.clone(),
                    of: Some(table.name.clone()),
                };
                (key, self::trigger(read).into())
            }
            Err(_) => other("trigger", "TRIGGER", trigger, sql),
        };
        catalog.objects.insert(key, definition);
    }
    say_needs(&mut catalog);
    Ok(catalog)
}

fn own(sql: impl Into<String>) -> SqlText {
    ByDialect::Each(vec![(SQLITE, sql.into())])
}

/// An object that cannot be read as a value.
fn other(of: &str, word: &str, stored: &StoredDdl, sql: &str) -> (ObjectKey, CatalogObject) {
    let key =
        ObjectKey { kind: ObjectKind::Sql, name: stored.name.clone(), of: Some(of.to_owned()) };
    let drop = format!("DROP {word} {}", text::ident(SQLITE, &stored.name.name));
    (key, Definition::Sql { create: sql.to_owned(), drop }.into())
}

fn is_virtual(sql: &str) -> bool {
    matches!(TableSql::read(sql), Err(ReadError::Virtual))
}

/// A table as a value, or as its own statement where that says more than a value holds.
fn table_object(schema: &Schema, name: &Name, table: &Table) -> Definition {
    let read = table.sql.as_deref().map(|sql| (sql, TableSql::read(sql)));
    match read {
        Some((_, Ok(read))) if !says_more(&read) => {
            Definition::Table(canonical(schema, &read, &table.definition))
        }
        Some((sql, _)) => {
            let mut indexes: Vec<&StoredDdl> =
                schema.indexes.iter().filter(|index| index.table.as_ref() == Some(name)).collect();
            indexes.sort_by_key(|index| &index.name);
            let indexes = indexes.into_iter().filter_map(|index| index.sql.clone());
            let all: Vec<String> = std::iter::once(sql.to_owned()).chain(indexes).collect();
            let drop = format!("DROP TABLE {}", text::ident(SQLITE, &name.name));
            Definition::Sql { create: all.join(";\n"), drop }
        }
        None => Definition::Table(table.definition.clone()),
    }
}

/// Whether a table says something for which a definition has no place: what happens on a conflict, the
/// order or collation of a key.
fn says_more(table: &TableSql) -> bool {
    let in_rules = table.columns().flat_map(|column| &column.rules).map(|rule| {
        (
            rule.text.as_str(),
            matches!(rule.kind, crate::text::sqlite_table::ColumnRuleKind::PrimaryKey { .. }),
        )
    });
    let in_table = table.constraints().map(|constraint| {
        let is_key = matches!(
            constraint.kind,
            crate::text::sqlite_table::ConstraintSqlKind::PrimaryKey { .. }
                | crate::text::sqlite_table::ConstraintSqlKind::Unique(_)
        );
        (constraint.text.as_str(), is_key)
    });
    in_rules.chain(in_table).any(|(sql, is_key)| {
        let tokens = text::tokens(SQLITE, sql);
        let conflict = tokens.windows(2).any(|two| two[0].is("ON") && two[1].is("CONFLICT"));
        conflict || is_key && tokens.iter().any(|token| token.is_any(&["DESC", "COLLATE"]))
    })
}

/// The definition in the form that all tables that mean the same have.
fn canonical(schema: &Schema, read: &TableSql, definition: &TableDefinition) -> TableDefinition {
    let mut table = definition.clone();
    let key = read.primary_key();
    let alias = read.rowid_alias();
    for column in &mut table.columns {
        let is_in_key = key.iter().any(|name| same(name, &column.name));
        let never_null = alias.is_some_and(|alias| same(alias, &column.name))
            || (read.without_rowid && is_in_key);
        canonical_column(column);
        if never_null {
            column.nullable = Some(false);
        } else if is_in_key && column.nullable.is_none() {
            // Elsewhere a key is never NULL; here it has to be said that it may be.
            column.nullable = Some(true);
        }
    }
    for constraint in &mut table.constraints {
        if let Constraint::ForeignKey(key) = constraint {
            canonical_key(schema, key);
        }
    }
    for index in &mut table.indexes {
        for column in &mut index.columns {
            let own = column
                .column()
                .and_then(|name| table.columns.iter().find(|one| same(&one.name, name)));
            let own = own.and_then(|own| own.collation.as_ref()?.get(SQLITE).cloned());
            let usual = own.unwrap_or_else(|| "BINARY".to_owned());
            column.collation = column.collation.take().filter(|name| !same(name, &usual));
        }
    }
    table
}

fn canonical_column(column: &mut Column) {
    if column.nullable == Some(true) {
        column.nullable = None;
    }
    let usual = |collation: &SqlText| {
        collation.get(SQLITE).is_some_and(|name| name.eq_ignore_ascii_case("binary"))
    };
    column.collation = column.collation.take().filter(|collation| !usual(collation));
}

fn canonical_key(schema: &Schema, key: &mut ForeignKey) {
    let usual = |action: &ReferenceAction| *action == ReferenceAction::NoAction;
    key.on_delete = key.on_delete.filter(|action| !usual(action));
    key.on_update = key.on_update.filter(|action| !usual(action));
    // SQLite takes every MATCH for SIMPLE.
    key.match_ = None;
    key.deferrable = key.deferrable.filter(|deferrable| *deferrable);
    key.initially = match key.deferrable {
        Some(true) => key.initially.filter(|initially| *initially == Initially::Deferred),
        _ => None,
    };
    if key.references.columns.is_empty()
        && let Some((_, table)) = schema.table(SQLITE, None, &key.references.table)
        && let Some(read) = table.sql.as_deref().and_then(|sql| TableSql::read(sql).ok())
    {
        key.references.columns = read.primary_key().into_iter().map(str::to_owned).collect();
    }
}

fn view(read: ViewSql) -> Definition {
    Definition::View(ViewDefinition {
        query: own(read.query),
        columns: read.columns,
        check_option: None,
        with: Entries::default(),
        algorithm: None,
        sql_security: None,
        definer: None,
        temporary: false,
        comment: None,
    })
}

fn trigger(read: TriggerSql) -> Definition {
    let (event, update_of) = match read.change {
        TriggerChange::Insert => (TriggerEvent::Insert, Vec::new()),
        TriggerChange::Delete => (TriggerEvent::Delete, Vec::new()),
        TriggerChange::Update(columns) => (TriggerEvent::Update, columns),
    };
    Definition::Trigger(TriggerDefinition {
        timing: match read.timing {
            TriggerTiming::Before => Timing::Before,
            TriggerTiming::After => Timing::After,
            TriggerTiming::InsteadOf => Timing::InsteadOf,
        },
        events: vec![event],
        update_of,
        for_each: None,
        when: read.when.map(own),
        execute: None,
        body: Some(own(read.body)),
        constraint: false,
        deferrable: None,
        initially: None,
        old_table: None,
        new_table: None,
        follows: None,
        precedes: None,
        definer: None,
        comment: None,
    })
}

/// Says what stands on what: what a text names, and what a trigger is of.
fn say_needs(catalog: &mut Catalog) {
    let relations: Vec<ObjectKey> = catalog
        .objects
        .keys()
        .filter(|key| key.kind == ObjectKind::View || key.is_table())
        .cloned()
        .collect();
    let named = |sql: &str| -> Vec<ObjectKey> {
        let names: BTreeSet<String> =
            text::names_in(SQLITE, sql).iter().map(|name| name.to_ascii_lowercase()).collect();
        let is_named = |key: &&ObjectKey| names.contains(&key.name.name.to_ascii_lowercase());
        relations.iter().filter(is_named).cloned().collect()
    };
    for (key, object) in &mut catalog.objects {
        let mut needs = match &object.definition {
            Definition::View(view) => named(view.query.get(SQLITE).map_or("", String::as_str)),
            Definition::Trigger(_) => {
                let table = key.of.as_deref().unwrap_or_default();
                relations.iter().filter(|one| same(&one.name.name, table)).cloned().collect()
            }
            Definition::Table(table) => table
                .referred()
                .flat_map(|(_, table)| {
                    relations.iter().filter(move |one| same(&one.name.name, table))
                })
                .cloned()
                .collect(),
            _ => Vec::new(),
        };
        needs.retain(|need| need != key);
        object.depends_on =
            needs.into_iter().map(|need| (need, BTreeSet::new())).collect::<BTreeMap<_, _>>();
    }
}
