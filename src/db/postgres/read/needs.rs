//! What stands on what, beside what the server tells.

use std::collections::BTreeMap;

use crate::model::{Definition, Name, ObjectKey, ObjectKind, RawObject};

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
