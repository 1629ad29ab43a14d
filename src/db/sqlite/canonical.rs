//! The canonical form of what a SQLite file holds: each object in the one form that its equals have, too.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{
    BeyondTable, Column, Constraint, ForeignKey, Initially, ReferenceAction, TableDefinition,
    Timing, TriggerDefinition, TriggerEvent, ViewDefinition,
};
use crate::model::{
    ByDialect, Catalog, Definition, Entries, ObjectKey, ObjectKind, RawCatalog, RawObject, SqlText,
    StoredDdl,
};
use crate::text::sqlite_table::{
    ColumnRuleKind, ConstraintSqlKind, ReadError, TableSql, TriggerChange, TriggerSql,
    TriggerTiming, ViewSql, same,
};
use crate::text::{self, Dialect};

const SQLITE: Dialect = Dialect::Sqlite;

/// The catalog in the canonical form, what is temporary left out.
pub(in crate::db) fn canonical(raw: RawCatalog) -> Catalog {
    let mut catalog = Catalog { dialect: Some(SQLITE), own: raw.own.clone(), ..Catalog::default() };
    let keys: Keys = raw.objects.iter().filter_map(primary_key).collect();
    for (key, object) in raw.objects {
        let RawObject { definition, sql, indexes, is_derived, .. } = object;
        let (key, definition) = match definition {
            Definition::Table(table) if table.options.temporary || is_derived => continue,
            Definition::Table(table) => {
                self::table(&keys, key, table, &sql.unwrap_or_default(), indexes)
            }
            Definition::Sql { create, drop } => statement(key, create, drop),
            definition => (key, definition),
        };
        catalog.objects.insert(key, definition.into());
    }
    say_needs(&mut catalog);
    catalog
}

/// The columns of the primary keys of tables, by the names of those in lower case.
type Keys = BTreeMap<String, Vec<String>>;

fn primary_key((key, object): (&ObjectKey, &RawObject)) -> Option<(String, Vec<String>)> {
    let read = TableSql::read(object.sql.as_deref()?).ok()?;
    let columns = read.primary_key().into_iter().map(str::to_owned).collect();
    Some((key.name.name.to_ascii_lowercase(), columns))
}

fn own(sql: impl Into<String>) -> SqlText {
    ByDialect::Each(vec![(SQLITE, sql.into())])
}

/// What only SQL makes, which has a kind of its own.
fn by_sql(key: ObjectKey, of: &str, create: String, drop: String) -> (ObjectKey, Definition) {
    let key = ObjectKey { kind: ObjectKind::Sql, of: Some(of.to_owned()), ..key };
    (key, Definition::Sql { create, drop })
}

/// A view or trigger as a value, or as its own statement where it cannot be read as one.
fn statement(key: ObjectKey, create: String, drop: String) -> (ObjectKey, Definition) {
    if key.kind == ObjectKind::View {
        match ViewSql::read(&create) {
            Ok(read) => (key, view(read)),
            Err(_) => by_sql(key, "view", create, drop),
        }
    } else {
        match TriggerSql::read(&create) {
            Ok(read) => (key, trigger(read)),
            Err(_) => by_sql(key, "trigger", create, drop),
        }
    }
}

/// A table as a value, or as its own statement where that cannot be read.
fn table(
    keys: &Keys,
    key: ObjectKey,
    definition: TableDefinition,
    sql: &str,
    mut indexes: Vec<StoredDdl>,
) -> (ObjectKey, Definition) {
    indexes.sort_by(|one, other| one.name.cmp(&other.name));
    let indexes = indexes.into_iter().filter_map(|index| index.sql);
    let all: Vec<String> = std::iter::once(sql.to_owned()).chain(indexes).collect();
    let of = match TableSql::read(sql) {
        Ok(read) => {
            let mut table = canonical_table(keys, &read, definition);
            let clauses = clauses_beyond(&read);
            if !clauses.is_empty() {
                table.beyond = Some(Box::new(BeyondTable { clauses, create: all.join(";\n") }));
            }
            return (key, Definition::Table(table));
        }
        Err(ReadError::Virtual) => "virtual table",
        _ => "table",
    };
    let drop = format!("DROP TABLE {}", text::ident(SQLITE, &key.name.name));
    by_sql(key, of, all.join(";\n"), drop)
}

/// What a table says and a definition has no place for: what happens on a conflict, the order or collation
/// of a key.
fn clauses_beyond(table: &TableSql) -> Vec<String> {
    let in_rules = table.columns().flat_map(|column| {
        column.rules.iter().map(|rule| {
            let is_key = matches!(rule.kind, ColumnRuleKind::PrimaryKey { .. });
            (format!("{}: {}", column.name, rule.text), rule.text.as_str(), is_key)
        })
    });
    let in_table = table.constraints().map(|constraint| {
        let is_key = matches!(
            constraint.kind,
            ConstraintSqlKind::PrimaryKey { .. } | ConstraintSqlKind::Unique(_)
        );
        (constraint.text.clone(), constraint.text.as_str(), is_key)
    });
    let says_more = |(_, sql, is_key): &(String, &str, bool)| {
        let tokens = text::tokens(SQLITE, sql);
        let conflict = tokens.windows(2).any(|two| two[0].is("ON") && two[1].is("CONFLICT"));
        conflict || *is_key && tokens.iter().any(|token| token.is_any(&["DESC", "COLLATE"]))
    };
    let mut clauses: Vec<String> =
        in_rules.chain(in_table).filter(says_more).map(|(clause, ..)| clause).collect();
    clauses.sort();
    clauses
}

/// The definition in the form that all tables that mean the same have.
fn canonical_table(keys: &Keys, read: &TableSql, mut table: TableDefinition) -> TableDefinition {
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
    let names: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    for column in &mut table.columns {
        if let Some(generated) = &mut column.generated {
            generated.sql = with_strings(&generated.sql, &names);
        }
    }
    for constraint in &mut table.constraints {
        match constraint {
            Constraint::ForeignKey(key) => canonical_key(keys, key),
            Constraint::Check(check) => check.sql = with_strings(&check.sql, &names),
            _ => {}
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

/// SQL in which each text stands in single quotes: SQLite takes what no column is called for a text, and
/// writes it so itself when it alters the table.
fn with_strings(sql: &SqlText, columns: &[String]) -> SqlText {
    let Some(sql) = sql.get(SQLITE) else { return sql.clone() };
    let (mut out, mut copied) = (String::with_capacity(sql.len()), 0);
    for token in text::tokens(SQLITE, sql) {
        let name = text::name_of(SQLITE, &token).filter(|_| token.text.starts_with('"'));
        if let Some(name) = name.filter(|name| !columns.iter().any(|column| same(column, name))) {
            out.push_str(&sql[copied..token.start]);
            out.push_str(&text::quote_literal(SQLITE, &name));
            copied = token.end();
        }
    }
    out.push_str(&sql[copied..]);
    own(out)
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

fn canonical_key(keys: &Keys, key: &mut ForeignKey) {
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
        && let Some(columns) = keys.get(&key.references.table.to_ascii_lowercase())
    {
        key.references.columns.clone_from(columns);
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
