//! What the account may not see: the server shows it as if it was not there.

use super::Place;
use crate::db::mysql::privileges::Privileges;
use crate::model::{Name, ObjectKey, ObjectKind, RawCatalog, Unseen};
use crate::text::{Dialect, quote_ident, quote_literal};

/// With any of these on a database, all its tables and views are listed.
const LISTS: [&str; 13] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "CREATE",
    "DROP",
    "REFERENCES",
    "INDEX",
    "ALTER",
    "CREATE VIEW",
    "SHOW VIEW",
    "TRIGGER",
    "DELETE HISTORY",
];

/// With any of these on a database, all its routines are listed.
const LISTS_ROUTINES: [&str; 4] =
    ["EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "SHOW CREATE ROUTINE"];

/// Adds an object that is listed and that the server does not show.
pub(super) fn add(dialect: Dialect, catalog: &mut RawCatalog, key: ObjectKey, why: &str) {
    let ObjectKey { kind, name, of } = key;
    let hint = hint(dialect, catalog, kind, name.schema.as_deref());
    let (name, why) = (Some(name), format!("it is not compared: {why}"));
    catalog.unseen.push(Unseen { kind, of, name, why, hint });
}

/// Adds the kinds of objects of which the account may not know whether there are any.
pub(super) fn note(
    dialect: Dialect,
    place: Place<'_>,
    privileges: &Privileges,
    catalog: &mut RawCatalog,
) {
    let mut all = |kind: ObjectKind, of: Option<String>| {
        let noun = if kind == ObjectKind::Sql { "event" } else { kind.noun() };
        let why = format!("the account lacks the privilege to see whether there is any {noun}");
        let hint = hint(dialect, catalog, kind, None);
        catalog.unseen.push(Unseen { kind, of, name: None, why, hint });
    };
    if !privileges.on_database(&LISTS, place.name) {
        all(ObjectKind::Table, None);
        all(ObjectKind::View, None);
    }
    let reads_routines = match dialect {
        Dialect::Mariadb => {
            privileges.on_all(&["SHOW CREATE ROUTINE"])
                || privileges.on_table(&["SELECT"], "mysql", "proc")
        }
        _ => privileges.on_all(&["SHOW_ROUTINE", "SELECT"]),
    };
    if !reads_routines && !privileges.on_database(&LISTS_ROUTINES, place.name) {
        all(ObjectKind::Function, None);
        all(ObjectKind::Procedure, None);
    }
    if !privileges.on_database(&["EVENT"], place.name) {
        all(ObjectKind::Sql, Some("event".to_owned()));
    }
    if privileges.on_database(&["TRIGGER"], place.name) {
        return;
    }
    let tables: Vec<Name> = catalog
        .objects
        .keys()
        .filter(|key| key.is_table())
        .filter(|key| !privileges.on_table(&["TRIGGER"], place.name, &key.name.name))
        .map(|key| key.name.clone())
        .collect();
    let hint = hint(dialect, catalog, ObjectKind::Trigger, None);
    catalog.unseen.extend(tables.into_iter().map(|table| Unseen {
        kind: ObjectKind::Trigger,
        of: Some(table.name),
        name: None,
        why: "the account lacks the privilege to see whether there is any trigger".to_owned(),
        hint: hint.clone(),
    }));
}

/// What lets the account see objects of a kind.
fn hint(dialect: Dialect, catalog: &RawCatalog, kind: ObjectKind, schema: Option<&str>) -> String {
    let database = schema.or(catalog.own.as_deref()).unwrap_or_default();
    let database = format!("{}.*", quote_ident(dialect, database));
    let (privileges, on) = match kind {
        ObjectKind::View => ("SELECT, SHOW VIEW", database),
        ObjectKind::Trigger => ("TRIGGER", database),
        ObjectKind::Sql => ("EVENT", database),
        ObjectKind::Function | ObjectKind::Procedure => match dialect {
            Dialect::Mariadb => ("SELECT", "mysql.proc".to_owned()),
            _ => ("SHOW_ROUTINE", "*.*".to_owned()),
        },
        _ => ("SELECT", database),
    };
    let user = &catalog.defaults.user;
    let (name, host) = user.rsplit_once('@').unwrap_or((user, "%"));
    let literal = |text: &str| quote_literal(dialect, text);
    format!("GRANT {privileges} ON {on} TO {}@{}", literal(name), literal(host))
}
