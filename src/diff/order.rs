//! In which order objects can be made: each behind what it stands on.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{Column, RoutineDefinition, TableDefinition};
use crate::model::{Catalog, CatalogObject, Definition, Name, ObjectKey, ObjectKind, ObjectPart};
use crate::text::{self, Dialect};

/// The objects of a catalog in an order in which they can be made. What stands on each other in a
/// circle is cut where an operation can mend it: at a foreign key, or at what only a text names.
pub(super) fn order(catalog: &Catalog, dialect: Dialect) -> Vec<&ObjectKey> {
    let mut graph = Graph::of(catalog, dialect);
    let mut ready: BTreeSet<Place<'_>> =
        graph.firm.keys().filter(|key| graph.is_ready(key)).map(|key| place(key)).collect();
    let mut order = Vec::with_capacity(graph.firm.len());
    while order.len() < catalog.objects.len() {
        let next = ready.pop_first().or_else(|| graph.cut());
        let Some((_, key)) = next else { break };
        order.push(key);
        ready.extend(graph.done(key));
    }
    order
}

/// Where an object comes among those that are ready.
type Place<'a> = (u8, &'a ObjectKey);

fn place(key: &ObjectKey) -> Place<'_> {
    let rank = match key.kind {
        ObjectKind::Schema => 0,
        ObjectKind::Extension => 1,
        ObjectKind::Enum => 2,
        ObjectKind::Domain => 3,
        ObjectKind::Sequence => 4,
        ObjectKind::Table => 5,
        ObjectKind::Sql => 6,
        ObjectKind::Function | ObjectKind::Procedure => 7,
        ObjectKind::View | ObjectKind::MaterializedView => 8,
        ObjectKind::Trigger => 9,
        ObjectKind::RowSecurity | ObjectKind::Policy => 10,
        ObjectKind::Comment => 11,
    };
    (rank, key)
}

/// What is still to come before each object.
struct Graph<'a> {
    /// What nothing can do without.
    firm: BTreeMap<&'a ObjectKey, BTreeSet<&'a ObjectKey>>,
    /// What can come later if need be.
    loose: BTreeMap<&'a ObjectKey, BTreeSet<&'a ObjectKey>>,
    /// What waits for each object.
    waiting: BTreeMap<&'a ObjectKey, Vec<&'a ObjectKey>>,
}

impl<'a> Graph<'a> {
    fn of(catalog: &'a Catalog, dialect: Dialect) -> Self {
        let mut graph =
            Graph { firm: BTreeMap::new(), loose: BTreeMap::new(), waiting: BTreeMap::new() };
        let named = ByName::of(catalog);
        for (key, object) in &catalog.objects {
            graph.firm.insert(key, BTreeSet::new());
            for need in object.depends_on.keys() {
                let Some((need, _)) = catalog.objects.get_key_value(need) else { continue };
                // A sequence goes with the column that owns it, but is there before.
                let owner = key.kind == ObjectKind::Sequence && need.kind == ObjectKind::Table;
                if need == key || owner {
                    continue;
                }
                let is_loose = is_loose(&object.definition, need) || is_of_default(object, need);
                graph.add(key, need, is_loose);
            }
            if let Definition::Table(table) = &object.definition {
                for need in referred(table) {
                    if let Some((need, _)) = catalog.objects.get_key_value(&need)
                        && need != key
                        && !graph.firm[key].contains(need)
                    {
                        graph.add(key, need, true);
                    }
                }
            }
            if let Definition::Function(routine) | Definition::Procedure(routine) =
                &object.definition
            {
                for need in named.in_body(routine, dialect).filter(|need| *need != key) {
                    if !graph.firm[key].contains(need) {
                        graph.add(key, need, true);
                    }
                }
            }
        }
        graph
    }

    fn add(&mut self, key: &'a ObjectKey, need: &'a ObjectKey, loose: bool) {
        let edges = if loose { &mut self.loose } else { &mut self.firm };
        if edges.entry(key).or_default().insert(need) {
            self.waiting.entry(need).or_default().push(key);
        }
    }

    fn is_ready(&self, key: &ObjectKey) -> bool {
        self.firm.get(key).is_some_and(BTreeSet::is_empty)
            && self.loose.get(key).is_none_or(BTreeSet::is_empty)
    }

    /// What became ready when an object was made.
    fn done(&mut self, key: &'a ObjectKey) -> Vec<Place<'a>> {
        self.firm.remove(key);
        self.loose.remove(key);
        let waiting = self.waiting.remove(key).unwrap_or_default();
        for waiter in &waiting {
            for edges in [&mut self.firm, &mut self.loose] {
                if let Some(needs) = edges.get_mut(waiter) {
                    needs.remove(key);
                }
            }
        }
        waiting.into_iter().filter(|waiter| self.is_ready(waiter)).map(place).collect()
    }

    /// The first object of a circle that can be made before what it needs loosely; if there is none,
    /// the first of all.
    fn cut(&mut self) -> Option<Place<'a>> {
        let rest = || self.firm.iter().map(|(key, needs)| (place(key), needs));
        let loose = rest().filter(|(_, needs)| needs.is_empty()).map(|(place, _)| place).min();
        loose.or_else(|| rest().map(|(place, _)| place).min())
    }
}

/// The tables that a table's foreign keys refer to.
pub(super) fn referred(table: &TableDefinition) -> impl Iterator<Item = ObjectKey> {
    table.referred().map(|(schema, name)| {
        let name = Name { schema: schema.map(str::to_owned), name: name.to_owned() };
        ObjectKey::new(ObjectKind::Table, name)
    })
}

/// Whether one object can be made before the other after all.
fn is_loose(definition: &Definition, need: &ObjectKey) -> bool {
    match (definition, need.kind) {
        (Definition::Table(table), ObjectKind::Table) => {
            table.options.inherits.is_empty() && table.options.partition_of.is_none()
        }
        _ => false,
    }
}

/// Whether nothing of an object but defaults of its columns uses another: they can be set later.
fn is_of_default(object: &CatalogObject, need: &ObjectKey) -> bool {
    let is_callable = matches!(need.kind, ObjectKind::Function);
    let mut parts = object.parts.iter().filter(|(_, needs)| needs.contains_key(need)).peekable();
    is_callable
        && matches!(object.definition, Definition::Table(_))
        && parts.peek().is_some()
        && parts.all(|(part, _)| late_default(object, part).is_some())
}

/// The default of a column that can be set later: one that does not work its column out.
pub(super) fn late_default<'a>(object: &'a CatalogObject, part: &ObjectPart) -> Option<&'a Column> {
    let (ObjectPart::Default(name), Definition::Table(table)) = (part, &object.definition) else {
        return None;
    };
    let column = table.columns.iter().find(|column| column.name == *name)?;
    (column.generated.is_none() && column.default.is_some()).then_some(column)
}

/// The objects that a routine's body may name.
struct ByName<'a>(BTreeMap<&'a str, Vec<&'a ObjectKey>>);

impl<'a> ByName<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let mut names: BTreeMap<&str, Vec<&ObjectKey>> = BTreeMap::new();
        for key in catalog.objects.keys() {
            let may_be_named = !matches!(
                key.kind,
                ObjectKind::Schema
                    | ObjectKind::Extension
                    | ObjectKind::Trigger
                    | ObjectKind::Policy
                    | ObjectKind::RowSecurity
                    | ObjectKind::Comment
            );
            if may_be_named {
                names.entry(&key.name.name).or_default().push(key);
            }
        }
        ByName(names)
    }

    fn in_body(
        &self,
        routine: &RoutineDefinition,
        dialect: Dialect,
    ) -> impl Iterator<Item = &'a ObjectKey> {
        let body = routine.body.get(dialect).map_or("", String::as_str);
        let names: BTreeSet<String> = text::names_in(dialect, body).into_iter().collect();
        names.into_iter().flat_map(|name| self.0.get(name.as_str()).cloned().unwrap_or_default())
    }
}
