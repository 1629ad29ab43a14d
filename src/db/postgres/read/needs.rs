//! What stands on what, beside what the server tells.

use std::collections::BTreeMap;

use super::part::Part;
use super::{Address, Reading};
use crate::db::{DbError, Row};
use crate::model::{Definition, Name, ObjectKey, ObjectKind, ObjectPart, RawObject};

#[derive(serde::Deserialize)]
struct Need {
    oid: String,
    column: Option<String>,
    /// The column that depends on it.
    own: Option<String>,
}

/// An object, what it depends on, and the column of that.
type Edge = (Option<ObjectKey>, Option<ObjectKey>, Option<String>);

/// The same of a part of an object.
type PartEdge = (ObjectKey, ObjectPart, ObjectKey, Option<String>);

/// What depends on what.
#[derive(Default)]
pub(super) struct Edges {
    pub edges: Vec<Edge>,
    pub of_parts: Vec<PartEdge>,
    /// The objects that something depends on which cannot be compared.
    pub held: Vec<ObjectKey>,
}

/// The classes of what cannot be compared and depends on routines and types.
const HOLDING: [&str; 12] = [
    "pg_proc",
    "pg_operator",
    "pg_opclass",
    "pg_opfamily",
    "pg_amop",
    "pg_amproc",
    "pg_cast",
    "pg_conversion",
    "pg_event_trigger",
    "pg_language",
    "pg_transform",
    "pg_foreign_data_wrapper",
];

impl Reading {
    /// What the server says that depends on what.
    pub(super) fn edges(&self, rows: &[Row]) -> Result<Edges, DbError> {
        let mut all = Edges::default();
        for row in rows {
            let part = Part::of(row)?;
            if part.kind != "need" {
                continue;
            }
            let Need { oid, column, own } = part.read()?;
            let class = part.name.schema.clone().unwrap_or_default();
            let on = self.at(&(part.name.name.clone(), oid)).cloned();
            let address = (class, part.number.to_owned());
            let key = self.at(&address).cloned();
            if let (Some(key), Some(on)) = (&key, &on)
                && let Some(part) = self.part_at(&address, own)
            {
                all.of_parts.push((key.clone(), part, on.clone(), column.clone()));
            }
            if key.is_none() && HOLDING.contains(&address.0.as_str()) {
                all.held.extend(on.clone());
            }
            all.edges.push((key, on, column));
        }
        Ok(all)
    }

    /// The object at an address, or the one that what stands there belongs to.
    pub(super) fn at(&self, address: &Address) -> Option<&ObjectKey> {
        let mut wholes = self.wholes(address);
        wholes.find_map(|address| self.found.get(address))
    }

    /// The part of an object at an address, or the one that what stands there belongs to.
    fn part_at(&self, address: &Address, column: Option<String>) -> Option<ObjectPart> {
        for address in self.wholes(address) {
            if let Some(part) = self.parts.get(address) {
                return Some(part.clone());
            }
            if let Some(key) = self.found.get(address) {
                let of_type = (key.kind == ObjectKind::Domain).then_some(ObjectPart::Type);
                return column.map(ObjectPart::Column).or(of_type);
            }
        }
        None
    }

    /// An address, and those of what it belongs to: as deep as anything is kept, an array of the type of a
    /// table.
    fn wholes<'a>(&'a self, address: &'a Address) -> impl Iterator<Item = &'a Address> {
        std::iter::successors(Some(address), |address| self.wholes.get(address)).take(8)
    }
}

/// A part that can be dropped by itself, as a row says it.
pub(super) fn part(what: &str, name: &str) -> ObjectPart {
    let name = name.to_owned();
    match what {
        "default" => ObjectPart::Default(name),
        "index" => ObjectPart::Index(name),
        _ => ObjectPart::Constraint(name),
    }
}

/// The objects that one stands on by its very name.
pub(super) fn implied(key: &ObjectKey, object: &RawObject) -> Vec<ObjectKey> {
    let named =
        |kind, name: &str| ObjectKey::new(kind, Name { schema: None, name: name.to_owned() });
    let mut all = Vec::new();
    let mut schema = key.name.schema.as_ref();
    if let Definition::Extension(extension) = &object.definition {
        schema = extension.schema.as_ref();
    }
    all.extend(schema.map(|schema| named(ObjectKind::Schema, schema)));
    if key.kind == ObjectKind::RowSecurity {
        all.push(ObjectKey::new(ObjectKind::Table, key.name.clone()));
    }
    all
}

/// A sequence that goes with a table whose default counts by it is made before the table, and given to it
/// afterwards: it does not stand on it.
pub(super) fn part_sequences(objects: &mut BTreeMap<ObjectKey, RawObject>) {
    let is_used = |sequence: &ObjectKey, table: &ObjectKey| {
        objects.get(table).is_some_and(|table| table.depends_on.contains_key(sequence))
    };
    let mut apart = Vec::new();
    for (key, object) in objects.iter().filter(|(key, _)| key.kind == ObjectKind::Sequence) {
        let used = object.depends_on.keys().filter(|table| is_used(key, table));
        apart.extend(used.map(|table| (key.clone(), table.clone())));
    }
    for (sequence, table) in apart {
        if let Some(object) = objects.get_mut(&sequence) {
            object.depends_on.remove(&table);
        }
    }
}
