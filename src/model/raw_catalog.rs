//! All that a database holds, as its server says it. The canonical [`Catalog`](super::Catalog), which is
//! compared, and the [`Schema`], which operations are lowered by, are made from it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Definition, Name, ObjectKey, ObjectKind, ObjectPart, Schema, StoredDdl, Table, Unseen,
};
use crate::text::Dialect;

/// All that a database holds, as its server says it. The journal's own tables are never in it.
#[derive(Debug, Clone, PartialEq)]
pub struct RawCatalog {
    /// The dialect of its texts.
    pub dialect: Dialect,
    /// The name of the session's own schema; names in it go without one.
    pub own: Option<String>,
    /// What the session's own database takes where nothing is said (MySQL and MariaDB, where all was
    /// read).
    pub defaults: ServerDefaults,
    /// The objects.
    pub objects: BTreeMap<ObjectKey, RawObject>,
    /// What is there and cannot be compared, in words such as `aggregate public.median`.
    pub unsupported: Vec<String>,
    /// The tables among what cannot be compared.
    pub hidden: BTreeSet<Name>,
    /// What the account may not see.
    pub unseen: Vec<Unseen>,
    /// There are tables or views that the server does not show, or shows in words that cannot be read.
    pub is_partial: bool,
}

/// What a database takes where a statement says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerDefaults {
    /// The character set.
    pub charset: String,
    /// The collation.
    pub collation: String,
    /// The collation that each character set has by itself.
    pub collations: BTreeMap<String, String>,
    /// The storage engine.
    pub engine: String,
    /// The account may make objects that belong to others.
    pub sets_definer: bool,
    /// Whoever is connected, to whom what is made belongs: `user@host`.
    pub user: String,
}

/// An object, as its server says it.
#[derive(Debug, Clone, PartialEq)]
pub struct RawObject {
    /// What it is; [`Definition::Sql`] where the server gives a statement and nothing else.
    pub definition: Definition,
    /// The objects that it depends on, as far as the server tells, with the columns of each.
    pub depends_on: BTreeMap<ObjectKey, BTreeSet<String>>,
    /// The same of its parts, the object itself included (PostgreSQL).
    pub parts: BTreeMap<ObjectPart, BTreeMap<ObjectKey, BTreeSet<String>>>,
    /// What it has and no operation supports, in words.
    pub unsupported: BTreeSet<String>,
    /// Something that cannot be compared depends on it (PostgreSQL).
    pub is_held: bool,
    /// Its place in the order in which the server lists its kind.
    pub place: usize,
    /// The statement that makes it, where the server gives one beside what it is.
    pub sql: Option<String>,
    /// The statements of a table's indexes, where the server keeps them (SQLite).
    pub indexes: Vec<StoredDdl>,
    /// The next number of a table's counted column, where the server keeps it beside (SQLite).
    pub sequence: Option<i64>,
    /// What a table has of those that it inherits from, or is a partition of.
    pub inherited: TableParts,
    /// The server has made it for another object, as the shadow table of a virtual one.
    pub is_derived: bool,
}

/// Parts of a table, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableParts {
    /// Columns.
    pub columns: BTreeSet<String>,
    /// Constraints.
    pub constraints: BTreeSet<String>,
    /// Indexes.
    pub indexes: BTreeSet<String>,
}

impl RawCatalog {
    /// One that holds nothing.
    pub fn new(dialect: Dialect, own: Option<String>) -> Self {
        RawCatalog {
            dialect,
            own,
            defaults: ServerDefaults::default(),
            objects: BTreeMap::new(),
            unsupported: Vec::new(),
            hidden: BTreeSet::new(),
            unseen: Vec::new(),
            is_partial: false,
        }
    }

    /// Adds an object behind all others.
    pub fn add(&mut self, key: ObjectKey, definition: Definition) -> &mut RawObject {
        let object = RawObject {
            definition,
            depends_on: BTreeMap::new(),
            parts: BTreeMap::new(),
            unsupported: BTreeSet::new(),
            is_held: false,
            place: self.objects.len(),
            sql: None,
            indexes: Vec::new(),
            sequence: None,
            inherited: TableParts::default(),
            is_derived: false,
        };
        self.objects.entry(key).insert_entry(object).into_mut()
    }

    /// A table.
    pub fn table_mut(&mut self, name: Name) -> Option<&mut RawObject> {
        self.objects.get_mut(&ObjectKey::new(ObjectKind::Table, name))
    }
}

/// The tables, views, triggers, indexes and enums: what operations are lowered by.
impl From<RawCatalog> for Schema {
    fn from(catalog: RawCatalog) -> Self {
        let RawCatalog { own, objects, is_partial, .. } = catalog;
        let mut schema = Schema { own, complete: !is_partial, ..Schema::default() };
        let mut objects: Vec<(ObjectKey, RawObject)> = objects.into_iter().collect();
        objects.sort_by_key(|(_, object)| object.place);
        for (key, object) in objects {
            let RawObject { definition, sql, indexes, sequence, .. } = object;
            match (key.kind, definition) {
                (_, Definition::Table(definition)) => {
                    schema.indexes.extend(indexes);
                    schema.tables.insert(key.name, Table { definition, sql, sequence });
                }
                (_, Definition::Enum(values)) => drop(schema.enums.insert(key.name, values)),
                (ObjectKind::View | ObjectKind::MaterializedView, definition) => {
                    let sql = statement(definition, sql);
                    schema.views.push(StoredDdl { name: key.name, table: None, sql });
                }
                (ObjectKind::Trigger, definition) => {
                    let (table, sql) = (key.table(), statement(definition, sql));
                    schema.triggers.push(StoredDdl { name: key.name, table, sql });
                }
                _ => {}
            }
        }
        schema
    }
}

/// The statement that makes an object, whether the server gives it alone or beside what it is.
fn statement(definition: Definition, beside: Option<String>) -> Option<String> {
    match definition {
        Definition::Sql { create, .. } => Some(create),
        _ => beside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: ObjectKind, name: &str) -> ObjectKey {
        ObjectKey::new(kind, Name { schema: None, name: name.to_owned() })
    }

    #[test]
    fn a_schema_keeps_the_order_of_the_server_and_what_it_keeps() {
        let sql = |sql: &str| Definition::Sql { create: sql.to_owned(), drop: String::new() };
        let mut catalog = RawCatalog::new(Dialect::Sqlite, Some("main".to_owned()));
        catalog.add(key(ObjectKind::View, "b"), sql("first"));
        catalog.add(key(ObjectKind::View, "a"), sql("second"));
        catalog.add(key(ObjectKind::Enum, "e"), Definition::Enum(vec!["x".to_owned()]));
        catalog.add(key(ObjectKind::Function, "f"), sql("no operation is lowered by it"));
        let table = catalog.add(key(ObjectKind::Table, "t"), Definition::Table(Default::default()));
        (table.sql, table.sequence) = (Some("kept".to_owned()), Some(7));
        let trigger = ObjectKey { of: Some("t".to_owned()), ..key(ObjectKind::Trigger, "tr") };
        catalog.add(trigger, sql("third"));
        let schema = Schema::from(catalog.clone());
        assert!(schema.complete);
        let views: Vec<_> = schema.views.iter().filter_map(|view| view.sql.as_deref()).collect();
        assert_eq!(views, ["first", "second"]);
        let name = key(ObjectKind::Table, "t").name;
        assert_eq!(schema.triggers[0].table.as_ref(), Some(&name));
        let Table { sql, sequence, .. } = &schema.tables[&name];
        assert_eq!((sql.as_deref(), *sequence), (Some("kept"), Some(7)));
        assert_eq!(schema.enums.len(), 1);
        let partial = RawCatalog { is_partial: true, ..catalog };
        assert!(!Schema::from(partial).complete);
    }
}
