//! What SQLite's lowering knows of the schema: names are alike in both cases of ASCII.

use crate::model::{Entry, Name, Operation, Schema, StoredDdl};
use crate::sql::sqlite::clauses::SQLITE;
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::{
    ColumnRuleKind, ConstraintSqlKind, IndexSql, ReadError, TableSql, Target, mentions, same,
};

/// The key and statement of a table that is known.
pub(in crate::sql::sqlite) fn table<'a>(
    schema: &'a Schema,
    name: &str,
) -> Option<(&'a Name, &'a str)> {
    let exact = Name { schema: None, name: name.to_owned() };
    let (key, table) = schema
        .tables
        .get_key_value(&exact)
        .or_else(|| schema.tables.iter().find(|(key, _)| same(&key.name, name)))?;
    Some((key, table.sql.as_deref()?))
}

/// The table as it is, or why it cannot be changed.
pub(in crate::sql::sqlite) fn readable(
    schema: &Schema,
    name: &str,
    path: &str,
) -> Result<TableSql, Unsupported> {
    let refused = |message: String, hint: Option<&str>| Unsupported {
        path: path.to_owned(),
        message,
        hint: hint.map(str::to_owned),
        unknown: None,
    };
    if is_temporary(schema, name) {
        return Err(refused(
            format!("{name} is temporary, and is not rebuilt"),
            Some("drop it and create it in its new form"),
        ));
    }
    let Some((_, sql)) = table(schema, name) else {
        if schema.complete && !schema.tables.keys().any(|key| same(&key.name, name)) {
            return Err(refused(format!("there is no table {name}"), None));
        }
        return Err(unknown(name, path));
    };
    if let Some(owner) = shadowed(schema, name) {
        return Err(refused(
            format!("{name} belongs to the virtual table {owner}, and cannot be changed"),
            Some("change the virtual table in SQL"),
        ));
    }
    TableSql::read(sql).map_err(|error| match error {
        ReadError::Virtual => refused(
            format!("{name} is a virtual table, whose definition belongs to its module"),
            Some("drop it and create it again in SQL"),
        ),
        error => refused(format!("{name} cannot be rebuilt: {error}"), None),
    })
}

/// Whether a table is the session's alone.
fn is_temporary(schema: &Schema, name: &str) -> bool {
    let mut tables = schema.tables.iter().filter(|(key, _)| same(&key.name, name));
    tables.any(|(_, table)| table.definition.options.temporary)
}

/// The refusal of what takes the definition of a table that is not known.
pub(in crate::sql::sqlite) fn unknown(name: &str, path: &str) -> Unsupported {
    Unsupported {
        path: path.to_owned(),
        message: format!("on sqlite this needs the definition of {name}, which is not known here"),
        hint: None,
        unknown: Some(Name { schema: None, name: name.to_owned() }),
    }
}

/// The virtual table that keeps its rows in a table, by the names that SQLite's own modules give.
pub(in crate::sql::sqlite) fn shadowed<'a>(schema: &'a Schema, name: &str) -> Option<&'a str> {
    const ENDS: &[&str] = &[
        "content", "segdir", "segments", "docsize", "stat", "config", "data", "idx", "node",
        "parent", "rowid",
    ];
    let is_virtual =
        |sql: Option<&str>| sql.is_some_and(|sql| TableSql::read(sql) == Err(ReadError::Virtual));
    let (owner, _) =
        name.rsplit_once('_').filter(|(_, end)| ENDS.iter().any(|own| same(own, end)))?;
    let mut tables = schema.tables.iter();
    let found =
        tables.find(|(key, table)| same(&key.name, owner) && is_virtual(table.sql.as_deref()));
    found.map(|(key, _)| key.name.as_str())
}

/// Whether a module keeps the rows of a table.
pub(in crate::sql::sqlite) fn is_virtual(schema: &Schema, name: &str) -> bool {
    table(schema, name).is_some_and(|(_, sql)| TableSql::read(sql) == Err(ReadError::Virtual))
}

/// What belongs to a table or view.
pub(in crate::sql::sqlite) fn of_table<'a>(
    all: &'a [StoredDdl],
    table: &str,
) -> impl Iterator<Item = &'a StoredDdl> {
    let is_of =
        move |stored: &&StoredDdl| stored.table.as_ref().is_some_and(|own| same(&own.name, table));
    all.iter().filter(is_of)
}

/// A name that nothing in the schema has.
pub(in crate::sql::sqlite) fn free_name(schema: &Schema, wanted: &str) -> String {
    let is_taken = |name: &str| {
        let mut stored = schema.views.iter().chain(&schema.indexes).chain(&schema.triggers);
        schema.tables.keys().any(|key| same(&key.name, name))
            || stored.any(|stored| same(&stored.name.name, name))
    };
    let numbered = |number: usize| format!("{wanted}_{number}");
    match is_taken(wanted) {
        false => wanted.to_owned(),
        true => (2..).map(numbered).find(|name| !is_taken(name)).unwrap_or_default(),
    }
}

/// A foreign key of some table.
pub(in crate::sql::sqlite) struct Key {
    /// The columns.
    pub columns: Vec<String>,
    /// What it refers to.
    pub target: Target,
}

/// The foreign keys of a table.
pub(in crate::sql::sqlite) fn foreign_keys(table: &TableSql) -> Vec<Key> {
    let of_columns = table.columns().flat_map(|column| {
        column.rules.iter().filter_map(|rule| match &rule.kind {
            ColumnRuleKind::References(target) => {
                Some(Key { columns: vec![column.name.clone()], target: target.clone() })
            }
            _ => None,
        })
    });
    let of_table = table.constraints().filter_map(|constraint| match &constraint.kind {
        ConstraintSqlKind::ForeignKey { columns, target } => {
            Some(Key { columns: columns.clone(), target: target.clone() })
        }
        _ => None,
    });
    of_columns.chain(of_table).collect()
}

/// The foreign keys of other tables that refer to a table, with the names of those tables.
pub(in crate::sql::sqlite) fn referrers(schema: &Schema, table: &str) -> Vec<(String, Key)> {
    let others = schema.tables.iter().filter(|(key, own)| {
        let mut referred = own.definition.referred();
        !same(&key.name, table) && referred.any(|(_, name)| same(name, table))
    });
    let keys = others.filter_map(|(key, own)| {
        let read = TableSql::read(own.sql.as_deref()?).ok()?;
        Some((key.name.clone(), foreign_keys(&read)))
    });
    keys.flat_map(|(name, keys)| keys.into_iter().map(move |key| (name.clone(), key)))
        .filter(|(_, key)| same(&key.target.table, table))
        .collect()
}

/// Whether rows of a table can be found by these columns; none: by its primary key.
pub(in crate::sql::sqlite) fn is_key(
    table: &TableSql,
    indexes: &[StoredDdl],
    columns: &[String],
) -> bool {
    let primary = table.primary_key();
    if columns.is_empty() {
        return !primary.is_empty();
    }
    let covers = |key: &[&str]| {
        key.len() == columns.len()
            && columns.iter().all(|column| key.iter().any(|own| same(own, column)))
    };
    let of_columns = || {
        table.columns().any(|column| {
            let is_unique = column.rule(|kind| matches!(kind, ColumnRuleKind::Unique)).is_some();
            is_unique && covers(&[&column.name])
        })
    };
    let of_table = || {
        table.constraints().any(|constraint| match &constraint.kind {
            ConstraintSqlKind::Unique(own) => {
                covers(&own.iter().map(String::as_str).collect::<Vec<_>>())
            }
            _ => false,
        })
    };
    let of_indexes = || {
        let read = indexes.iter().filter_map(|index| IndexSql::read(index.sql.as_deref()?).ok());
        read.filter(|index| index.unique && index.where_.is_none()).any(|index| {
            let own: Option<Vec<&str>> =
                index.items.iter().map(|item| item.column.as_deref()).collect();
            own.is_some_and(|own| covers(&own))
        })
    };
    covers(&primary) || of_columns() || of_table() || of_indexes()
}

/// The statements that fail if something that names a table no longer works: they touch no row.
/// `dropped`: whether something is dropped later on.
pub(in crate::sql::sqlite) fn probes(
    schema: &Schema,
    names: &[&str],
    own: &[StoredDdl],
    columns: &[String],
    dropped: impl Fn(&StoredDdl) -> bool,
) -> Vec<String> {
    let mut named: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut probes = Vec::new();
    // A view of a view stands behind it, so that one pass finds them all.
    for view in schema.views.iter().filter(|view| !dropped(view)) {
        let Some(sql) = &view.sql else { continue };
        if named.iter().any(|name| mentions(sql, name)) {
            named.push(view.name.name.clone());
            probes.push(format!("SELECT 1 FROM {} LIMIT 0", quoted(&view.name.name)));
        }
    }
    let others = schema.triggers.iter().filter(|trigger| {
        !dropped(trigger)
            && !own.iter().any(|own| same(&own.name.name, &trigger.name.name))
            && trigger.sql.as_ref().is_some_and(|sql| named.iter().any(|name| mentions(sql, name)))
    });
    for trigger in own.iter().chain(others) {
        let (Some(on), Some(sql)) = (&trigger.table, &trigger.sql) else { continue };
        let is_own = names.iter().any(|name| same(name, &on.name));
        let columns = match table(schema, &on.name) {
            _ if is_own => Some(columns.to_vec()),
            Some((_, sql)) => TableSql::read(sql).ok().map(|read| stored_columns(&read)),
            None => None,
        };
        let on = quoted(&on.name);
        let tokens = crate::text::tokens(SQLITE, sql);
        let events = tokens.iter().take_while(|token| !token.is("ON"));
        let event = events.filter(|token| token.is_any(&["INSERT", "UPDATE", "DELETE"])).last();
        let all = columns
            .as_deref()
            .map(|columns| columns.iter().map(|column| quoted(column)).collect::<Vec<_>>());
        probes.push(match (event, all) {
            (Some(event), Some(all)) if event.is("INSERT") => {
                let all = all.join(", ");
                format!("INSERT INTO {on} ({all}) SELECT {all} FROM {on} WHERE 0")
            }
            (Some(event), None) if event.is("INSERT") => {
                format!("INSERT INTO {on} SELECT * FROM {on} WHERE 0")
            }
            (Some(event), Some(all)) if event.is("UPDATE") => {
                let set: Vec<String> =
                    all.iter().map(|column| format!("{column} = {column}")).collect();
                format!("UPDATE {on} SET {} WHERE 0", set.join(", "))
            }
            // The columns of a view are not known here.
            (Some(event), None) if event.is("UPDATE") => continue,
            _ => format!("DELETE FROM {on} WHERE 0"),
        });
    }
    probes.dedup();
    probes
}

/// The columns whose values are stored and not generated.
pub(in crate::sql::sqlite) fn stored_columns(table: &TableSql) -> Vec<String> {
    let stored = table.columns().filter(|column| !column.is_generated());
    stored.map(|column| column.name.clone()).collect()
}

fn quoted(name: &str) -> String {
    crate::text::ident(SQLITE, name)
}

/// The name of a table as the schema has it.
pub(in crate::sql::sqlite) fn key_of(schema: &Schema, name: &str) -> Name {
    let known = schema.tables.keys().find(|key| same(&key.name, name));
    known.cloned().unwrap_or_else(|| Name { schema: None, name: name.to_owned() })
}

/// Whether later operations drop a view or trigger, or the table of it.
pub(in crate::sql::sqlite) fn is_dropped(later: &[Entry], stored: &StoredDdl) -> bool {
    let name = &stored.name.name;
    later.iter().any(|entry| match &entry.operation {
        Operation::DropView(drop) => same(&drop.name, name),
        Operation::CreateView(create) => create.or_replace && same(&create.name, name),
        Operation::DropTrigger(drop) => same(&drop.name, name),
        Operation::DropTable(drop) => {
            stored.table.as_ref().is_some_and(|table| same(&table.name, &drop.name))
        }
        _ => false,
    })
}
