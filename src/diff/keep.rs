//! A table is never dropped to change it: one that no operation can bring over stays as it is, and so
//! does what would go with it or fail beside it. This is the one place that sees to it. Behind it, a
//! table that both sides have is under one key on both, and what differs of it can be altered.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{Column, Constraint, TableDefinition};
use crate::model::{Catalog, CatalogObject, Definition, Name, ObjectKey, ObjectKind, ObjectPart};
use crate::text;

use super::actions::{Action, action};
use super::composite;
use super::difference::Skipped;
use super::equal::Same;

/// Leaves tables as they are that cannot be changed, and says which. `takes` says what is looked at.
pub(super) fn tables(
    from: &Catalog,
    to: &mut Catalog,
    takes: &dyn Fn(&ObjectKey) -> bool,
    same: Same,
) -> Vec<Skipped> {
    let mut keeper = Keeper { from, to, same, skipped: Vec::new() };
    let mut regrouped = keeper.regrouped();
    keeper.hidden(takes);
    keeper.pairs(takes);
    keeper.inherited(takes);
    keeper.partitions(&mut regrouped, takes);
    keeper.types(takes);
    keeper.held(takes);
    keeper.skipped
}

/// Leaves tables as they are of which a partition or an heir stays: the one would go with them, and for
/// the other they cannot go.
pub(super) fn parents(from: &Catalog, to: &mut Catalog, same: Same) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    loop {
        let gone = to.objects.iter().find_map(|(key, object)| {
            let mut parents = parents_of(from, object, same).into_iter();
            let parent = parents.find_map(|name| {
                let parent = ObjectKey::new(ObjectKind::Table, name);
                let missing =
                    from.objects.contains_key(&parent) && !to.objects.contains_key(&parent);
                missing.then_some(parent)
            });
            Some((parent?, key.clone()))
        });
        let Some((parent, child)) = gone else { return skipped };
        skipped.push(left(&parent, format!("{} stays, which is a part of it", child)));
        to.objects.insert(parent.clone(), from.objects[&parent].clone());
    }
}

struct Keeper<'a> {
    from: &'a Catalog,
    to: &'a mut Catalog,
    same: Same,
    skipped: Vec<Skipped>,
}

impl Keeper<'_> {
    /// The tables of which the partitioning differs.
    fn regrouped(&self) -> BTreeSet<Name> {
        let partitions = |catalog: &Catalog, name: &Name| {
            catalog.table(name).map(|table| table.options.partition_by.clone())
        };
        let differs = |name: &Name| {
            let (Some(one), Some(other)) = (partitions(self.from, name), partitions(self.to, name))
            else {
                return false;
            };
            !self.same.given(one.as_ref(), other.as_ref())
        };
        let names = self.from.objects.keys().map(|key| &key.name);
        names.filter(|name| differs(name)).cloned().collect()
    }

    /// Tables that one side has and the other cannot show.
    fn hidden(&mut self, takes: &dyn Fn(&ObjectKey) -> bool) {
        let hides = |catalog: &Catalog, key: &ObjectKey| {
            key.is_table() && catalog.hidden.iter().any(|name| self.same.name(name, &key.name))
        };
        let (from, to) = (self.from, &*self.to);
        let stay: Vec<&ObjectKey> = from.objects.keys().filter(|key| hides(to, key)).collect();
        let go: Vec<ObjectKey> =
            to.objects.keys().filter(|key| hides(from, key)).cloned().collect();
        for key in stay {
            self.to.objects.insert(key.clone(), from.objects[key].clone());
            self.say(
                &[key],
                takes,
                "it should be one that cannot be compared, such as a foreign table",
            );
        }
        for key in go {
            self.to.objects.remove(&key);
            self.say(&[&key], takes, "a table of this name is there and cannot be compared");
        }
    }

    /// Tables that both sides have.
    fn pairs(&mut self, takes: &dyn Fn(&ObjectKey) -> bool) {
        let from = self.from;
        let mut moved: BTreeMap<ObjectKey, ObjectKey> = BTreeMap::new();
        for (key, object) in from.objects.iter().filter(|(key, _)| key.is_table()) {
            let exact = self.to.objects.get_key_value(key);
            let found = exact.or_else(|| {
                let is_it =
                    |one: &ObjectKey| one.is_table() && self.same.name(&one.name, &key.name);
                self.to.objects.iter().find(|(one, _)| is_it(one))
            });
            let Some((other, wanted)) = found else { continue };
            let Some(why) = self.why((key, &object.definition), (other, &wanted.definition)) else {
                continue;
            };
            let other = other.clone();
            self.to.objects.remove(&other);
            self.to.objects.insert(key.clone(), object.clone());
            self.say(&[key, &other], takes, why);
            moved.insert(other, key.clone());
        }
        // What stands on them does so under their own keys.
        for object in self.to.objects.values_mut() {
            let needs = std::mem::take(&mut object.depends_on).into_iter();
            object.depends_on = needs
                .map(|(need, columns)| (moved.get(&need).cloned().unwrap_or(need), columns))
                .collect();
        }
    }

    /// Why a table cannot become the other.
    fn why(
        &self,
        (key, before): (&ObjectKey, &Definition),
        (other, after): (&ObjectKey, &Definition),
    ) -> Option<String> {
        match (before, after) {
            (Definition::Table(before), Definition::Table(after)) => {
                let parents = |table: &TableDefinition| {
                    (table.options.inherits.clone(), table.options.partition_of.clone())
                };
                let of_parents = (parents(before) != parents(after)).then(|| {
                    "the tables of which it is a partition, or inherits, differ".to_owned()
                });
                of_parents.or_else(|| super::beyond::keeps(before, after, self.same))
            }
            _ if key.kind == ObjectKind::Sql && key.kind == other.kind && key.of != other.of => {
                Some(format!("it should be a {}", other.of.as_deref().unwrap_or_default()))
            }
            _ if key.kind == other.kind && self.same.definition(before, after) => None,
            _ => Some("it differs in a way that no operation supports".to_owned()),
        }
    }

    /// What a table has both by itself and of its parents on one side, and of them alone on the other, is
    /// there on both: it can neither be dropped nor added.
    fn inherited(&mut self, takes: &dyn Fn(&ObjectKey) -> bool) {
        let (from, same) = (self.from, self.same);
        for key in from.objects.keys() {
            let (Some(before), Some(after)) = (from.table(&key.name), self.to.table(&key.name))
            else {
                continue;
            };
            if before.options.inherits.is_empty() {
                continue;
            }
            let mut merged = after.clone();
            let mut differing = Vec::new();
            let above = ancestors(&*self.to, &key.name, same);
            for column in &before.columns {
                let is_there = after.column_at(same.0, &column.name).is_some();
                if let (false, Some(of)) = (is_there, column_of(&above, column, same)) {
                    merged.columns.push(column.clone());
                    differing.extend((!same.column(column, of)).then(|| column.name.clone()));
                }
            }
            let has = |all: &[Constraint], one: &Constraint| {
                all.iter().any(|other| same.constraint(one, other))
            };
            let inherits = |above: &[&TableDefinition], one: &Constraint| {
                above.iter().any(|table| has(&table.constraints, one))
            };
            let gone = before.constraints.iter();
            let gone = gone.filter(|one| !has(&after.constraints, one) && inherits(&above, one));
            merged.constraints.extend(gone.cloned());
            let above = ancestors(from, &key.name, same);
            merged.columns.retain(|column| {
                let is_there = before.column_at(same.0, &column.name).is_some();
                let of = column_of(&above, column, same).filter(|_| !is_there);
                differing
                    .extend(of.filter(|of| !same.column(column, of)).map(|_| column.name.clone()));
                of.is_none()
            });
            merged
                .constraints
                .retain(|one| has(&before.constraints, one) || !inherits(&above, one));
            if let Some(object) = self.to.objects.get_mut(key) {
                object.definition = Definition::Table(merged);
            }
            for column in differing {
                self.say(
                    &[key],
                    takes,
                    format!("its own definition of the inherited {column} differs"),
                );
            }
        }
    }

    /// The partitions of tables of which the partitioning differs, and theirs.
    fn partitions(&mut self, regrouped: &mut BTreeSet<Name>, takes: &dyn Fn(&ObjectKey) -> bool) {
        let (from, same) = (self.from, self.same);
        let mut parts: BTreeMap<ObjectKey, Name> = BTreeMap::new();
        for catalog in [&*self.to, from] {
            let whole = |object: &CatalogObject| match &object.definition {
                Definition::Table(table) => {
                    name(catalog, table.options.partition_of.as_ref()?, same)
                }
                _ => None,
            };
            let all = catalog.objects.iter();
            parts.extend(all.filter_map(|(key, object)| Some((key.clone(), whole(object)?))));
        }
        loop {
            let next = parts
                .iter()
                .find(|(key, whole)| regrouped.contains(*whole) && !regrouped.contains(&key.name));
            let Some((key, whole)) = next else { return };
            regrouped.insert(key.name.clone());
            let before = from.objects.get(key);
            let after = match before {
                Some(before) => self.to.objects.insert(key.clone(), before.clone()),
                None => self.to.objects.remove(key),
            };
            let is_same = match (before, &after) {
                (Some(one), Some(other)) => same.definition(&one.definition, &other.definition),
                (one, other) => one.is_none() && other.is_none(),
            };
            // One that is of another table by now has been told.
            let is_told = self.skipped.iter().any(|skipped| skipped.about == *key);
            if !is_same && !is_told {
                self.say(
                    &[key],
                    takes,
                    format!("it is a partition of {whole}, which is partitioned differently"),
                );
            }
        }
    }

    /// What would have to be dropped while something depends on it that cannot be compared, be it through
    /// others.
    fn held(&mut self, takes: &dyn Fn(&ObjectKey) -> bool) {
        let from = self.from;
        let mut held: BTreeMap<&ObjectKey, &ObjectKey> = BTreeMap::new();
        held.extend(from.objects.iter().filter(|(_, one)| one.is_held).map(|(key, _)| (key, key)));
        let mut next: Vec<&ObjectKey> = held.keys().copied().collect();
        while let Some(key) = next.pop() {
            let by = held[key];
            for (need, _) in from.objects.get(key).into_iter().flat_map(|one| &one.depends_on) {
                if !held.contains_key(need) && !matches!(need.kind, ObjectKind::Schema) {
                    held.insert(need, by);
                    next.push(need);
                }
            }
        }
        for (key, by) in held {
            let Some(object) = from.objects.get(key).filter(|_| key.kind != ObjectKind::Table)
            else {
                continue;
            };
            let is_dropped = match self.to.objects.get(key) {
                None => true,
                Some(other) => match key.kind {
                    ObjectKind::Domain | ObjectKind::Sql | ObjectKind::Enum => {
                        self.is_made_anew(key, &object.definition, &other.definition)
                    }
                    _ => {
                        action(&object.definition, &other.definition, self.same) == Action::Recreate
                    }
                },
            };
            if is_dropped {
                self.to.objects.insert(key.clone(), object.clone());
                self.with_needs(key, takes);
                let why = match key == by {
                    true => "something that cannot be compared depends on it".to_owned(),
                    false => {
                        format!("something that cannot be compared depends on {by}, which uses it")
                    }
                };
                if takes(key) {
                    let hint = "change both in SQL".to_owned();
                    self.skipped.push(Skipped { about: key.clone(), why, hint });
                }
            }
        }
    }

    /// Types that would have to be made anew under columns that cannot hold text meanwhile.
    fn types(&mut self, takes: &dyn Fn(&ObjectKey) -> bool) {
        let from = self.from;
        for (key, object) in &from.objects {
            let Some(other) = self.to.objects.get(key) else { continue };
            if !self.is_made_anew(key, &object.definition, &other.definition) {
                continue;
            }
            let Some(why) = self.why_not_as_text(key, takes) else { continue };
            self.to.objects.insert(key.clone(), object.clone());
            self.with_needs(key, takes);
            if takes(key) {
                let hint = "create a new one in SQL and convert the columns".to_owned();
                self.skipped.push(Skipped { about: key.clone(), why, hint });
            }
        }
    }

    /// Leaves what an object depends on that stays.
    fn with_needs(&mut self, of: &ObjectKey, takes: &dyn Fn(&ObjectKey) -> bool) {
        let from = self.from;
        let mut next = vec![of.clone()];
        while let Some(key) = next.pop() {
            let needs = from.objects.get(&key).into_iter().flat_map(|one| one.depends_on.keys());
            for need in needs.filter(|need| !need.is_table() && from.objects.contains_key(need)) {
                if self.to.objects.contains_key(need) {
                    continue;
                }
                self.to.objects.insert(need.clone(), from.objects[need].clone());
                next.push(need.clone());
                if takes(need) {
                    let why = format!("{of} stays, which uses it");
                    let hint = "change both in SQL".to_owned();
                    self.skipped.push(Skipped { about: need.clone(), why, hint });
                }
            }
        }
    }

    /// Whether a type or collation is dropped and created to become the other.
    fn is_made_anew(&self, key: &ObjectKey, before: &Definition, after: &Definition) -> bool {
        if key.is_table() || composite::change(key, before, after).is_some() {
            return false;
        }
        match (before, after) {
            (Definition::Domain(_) | Definition::Sql { .. }, _) => {
                action(before, after, self.same) == Action::Recreate
            }
            (Definition::Enum(values), Definition::Enum(others)) => {
                values.iter().any(|value| !others.contains(value))
            }
            _ => false,
        }
    }

    /// Why a column that uses a type, be it through others, cannot hold its values as text.
    fn why_not_as_text(
        &self,
        key: &ObjectKey,
        takes: &dyn Fn(&ObjectKey) -> bool,
    ) -> Option<String> {
        let from = self.from;
        let mut types = BTreeSet::from([key]);
        loop {
            let through = from.objects.iter().filter(|(key, object)| {
                matches!(key.kind, ObjectKind::Domain | ObjectKind::Sql)
                    && !key.is_table()
                    && object.depends_on.keys().any(|need| types.contains(need))
            });
            let through: Vec<&ObjectKey> = through.map(|(key, _)| key).collect();
            let count = types.len();
            types.extend(through);
            if types.len() == count {
                break;
            }
        }
        let uses = |part: &ObjectPart, needs: &BTreeMap<ObjectKey, BTreeSet<String>>| match part {
            ObjectPart::Column(column) if needs.keys().any(|need| types.contains(need)) => {
                Some(column.clone())
            }
            _ => None,
        };
        from.objects.iter().find_map(|(table, object)| {
            let mut columns = object.parts.iter();
            let mut columns: Vec<String> =
                columns.by_ref().filter_map(|(part, needs)| uses(part, needs)).collect();
            let Definition::Table(definition) = &object.definition else { return None };
            if columns.is_empty() || !self.to.objects.contains_key(table) {
                return None;
            }
            let stays = |column: &String| {
                let wanted = self.to.table(&table.name)?.columns.iter();
                let wanted = wanted.into_iter().find(|one| one.name == *column)?;
                let own = definition.columns.iter().find(|one| one.name == *column)?;
                self.same.text(&own.type_, &wanted.type_).then_some(())
            };
            if composite::is_composite(key) && columns.iter().any(|one| stays(one).is_some()) {
                return Some(format!("this takes a new one, and columns of {} use it", table.name));
            }
            if !takes(table) {
                return Some(format!("columns of {} use it, which is excluded", table.name));
            }
            let by = definition.options.partition_by.as_ref()?;
            let by = text::names_in(self.same.0, by.get(self.same.0)?);
            columns.retain(|column| by.contains(column));
            let column = columns.first()?;
            Some(format!("{} is partitioned by {column}, which uses it", table.name))
        })
    }

    /// Says why a table is left, if it is looked at under any of its keys.
    fn say(
        &mut self,
        keys: &[&ObjectKey],
        takes: &dyn Fn(&ObjectKey) -> bool,
        why: impl Into<String>,
    ) {
        if keys.iter().any(|key| takes(key)) {
            self.skipped.push(left(keys[0], why.into()));
        }
    }
}

fn left(about: &ObjectKey, why: String) -> Skipped {
    let hint = "change it in SQL: a table is never dropped to change it".to_owned();
    Skipped { about: about.clone(), why, hint }
}

/// The tables of which one is a partition, or from which it inherits.
fn parents_of(catalog: &Catalog, object: &CatalogObject, same: Same) -> Vec<Name> {
    let Definition::Table(table) = &object.definition else { return Vec::new() };
    let written = table.options.partition_of.iter().chain(&table.options.inherits);
    written.filter_map(|written| name(catalog, written, same)).collect()
}

/// The tables from which one inherits, and those from which they do.
fn ancestors<'a>(catalog: &'a Catalog, of: &Name, same: Same) -> Vec<&'a TableDefinition> {
    let mut names = vec![of.clone()];
    let mut at = 0;
    while let Some(next) = names.get(at) {
        let object = catalog.objects.get(&ObjectKey::new(ObjectKind::Table, next.clone()));
        let parents = object.map_or(Vec::new(), |object| parents_of(catalog, object, same));
        let new: Vec<Name> = parents.into_iter().filter(|one| !names.contains(one)).collect();
        names.extend(new);
        at += 1;
    }
    names[1..].iter().filter_map(|name| catalog.table(name)).collect()
}

/// The column of that name of the first table that has it.
fn column_of<'a>(
    tables: &[&'a TableDefinition],
    column: &Column,
    same: Same,
) -> Option<&'a Column> {
    tables
        .iter()
        .find_map(|table| table.column_at(same.0, &column.name).map(|at| &table.columns[at]))
}

/// A name as it is written in SQL.
fn name(catalog: &Catalog, written: &str, same: Same) -> Option<Name> {
    let tokens = text::tokens(same.0, written);
    let mut names = tokens.iter().filter_map(|token| text::name_of(same.0, token));
    match (names.next()?, names.next()) {
        (name, None) => Some(Name { schema: None, name }),
        (schema, Some(name)) => {
            let schema = Some(schema).filter(|schema| catalog.own.as_ref() != Some(schema));
            Some(Name { schema, name })
        }
    }
}
