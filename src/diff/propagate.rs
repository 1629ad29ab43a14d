//! What depends on something that goes or changes under it is dropped before that and created again
//! behind it: views, routines and the like as a whole, of tables and domains only parts. The
//! dependencies are the server's own.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{Check, Constraint, TableDefinition};
use crate::model::{Catalog, CatalogObject, Definition, Name, ObjectKey, ObjectKind, ObjectPart};

use super::actions::{Action, Actions};
use super::equal::Same;

/// What an object depends on, with the columns of it that are used.
type Needs = BTreeMap<ObjectKey, BTreeSet<String>>;

/// Decides what is dropped early, recreated, and taken out of tables and domains, as far as it goes.
pub(super) fn propagate(
    actions: &mut Actions,
    from: &Catalog,
    to: &Catalog,
    same: Same,
    recreates_enums: bool,
) {
    let shrunk = shrunk(actions, from, to);
    let mut propagation = Propagation { actions, from, to, same, shrunk };
    propagation.containers();
    loop {
        while propagation.step() {}
        // Behind SQL, on the way up or down, nobody knows which columns a type has.
        let by_sql = |(key, action): (&ObjectKey, &Action)| {
            key.kind == ObjectKind::Sql && *action != Action::Keep
        };
        let is_behind_sql = recreates_enums || propagation.actions.all.iter().any(by_sql);
        let (all, actions) = (&propagation.shrunk, &mut *propagation.actions);
        let more = all
            .iter()
            .filter(|key| is_behind_sql || !is_used_by_columns_alone(key, from, to, same));
        let count = actions.recreated_enums.len();
        actions.recreated_enums.extend(more.cloned());
        if actions.recreated_enums.len() == count {
            break;
        }
    }
    let tables: Vec<ObjectKey> = propagation.actions.parts.keys().cloned().collect();
    let columns = propagation.actions.through_text.keys();
    let columns = columns.map(|name| ObjectKey::new(ObjectKind::Table, name.clone()));
    for key in tables.into_iter().chain(columns.collect::<Vec<_>>()) {
        propagation.actions.all.insert(key, Action::Alter);
    }
}

/// The enums that lose a value: the type is recreated, and columns of it are converted with it.
fn shrunk(actions: &Actions, from: &Catalog, to: &Catalog) -> BTreeSet<ObjectKey> {
    let loses = |key: &ObjectKey, object: &CatalogObject| {
        let Definition::Enum(values) = &object.definition else { return false };
        let Some(Definition::Enum(others)) = to.objects.get(key).map(|other| &other.definition)
        else {
            return false;
        };
        actions.get(key) == Action::Alter && values.iter().any(|value| !others.contains(value))
    };
    from.objects
        .iter()
        .filter(|(key, object)| loses(key, object))
        .map(|(key, _)| key.clone())
        .collect()
}

/// Whether nothing but columns that stay, and defaults that stay the same, uses a type.
pub(super) fn is_used_by_columns_alone(
    key: &ObjectKey,
    from: &Catalog,
    to: &Catalog,
    same: Same,
) -> bool {
    from.objects.iter().filter(|(_, object)| object.depends_on.contains_key(key)).all(
        |(user, object)| match (&object.definition, to.table(&user.name)) {
            (Definition::Comment(_), _) => true,
            (Definition::Table(table), Some(other)) => {
                let mut parts = object.parts.iter().filter(|(_, needs)| needs.contains_key(key));
                parts.all(|(part, _)| {
                    let (ObjectPart::Column(name) | ObjectPart::Default(name)) = part else {
                        return false;
                    };
                    let column = |table: &TableDefinition| {
                        table.column_at(same.0, name).map(|at| table.columns[at].clone())
                    };
                    let (Some(one), Some(other)) = (column(table), column(other)) else {
                        return matches!(part, ObjectPart::Column(_));
                    };
                    let is_column = matches!(part, ObjectPart::Column(_));
                    one.generated.is_none()
                        && (is_column || same.default(one.default.as_ref(), other.default.as_ref()))
                })
            }
            _ => false,
        },
    )
}

struct Propagation<'a> {
    actions: &'a mut Actions,
    from: &'a Catalog,
    to: &'a Catalog,
    same: Same,
    shrunk: BTreeSet<ObjectKey>,
}

impl Propagation<'_> {
    /// A check is only added to a domain while no column holds arrays, or composite values, of it.
    fn containers(&mut self) {
        let from = self.from;
        let same = self.same;
        for (key, object) in &from.objects {
            let (Definition::Domain(before), Some(Definition::Domain(after))) =
                (&object.definition, self.to.objects.get(key).map(|other| &other.definition))
            else {
                continue;
            };
            let is_new = |one: &Check| !before.checks.iter().any(|own| same.domain_check(own, one));
            let differs = after.nullable.unwrap_or(true) != before.nullable.unwrap_or(true)
                || after.checks.iter().any(is_new)
                || before
                    .checks
                    .iter()
                    .any(|one| !after.checks.iter().any(|own| same.domain_check(own, one)));
            if self.actions.get(key) != Action::Alter || !differs {
                continue;
            }
            let mut types = BTreeSet::from([key]);
            loop {
                let more = from.objects.iter().filter(|(other, object)| {
                    is_type(other) && object.depends_on.keys().any(|need| types.contains(need))
                });
                let more: Vec<&ObjectKey> = more.map(|(other, _)| other).collect();
                let count = types.len();
                types.extend(more);
                if types.len() == count {
                    break;
                }
            }
            for (table, object) in &from.objects {
                let Definition::Table(definition) = &object.definition else { continue };
                for (part, needs) in &object.parts {
                    let ObjectPart::Column(name) = part else { continue };
                    let Some(at) = definition.column_at(same.0, name) else { continue };
                    let type_ = definition.columns[at].type_.get(same.0).map_or("", String::as_str);
                    let of = needs.keys().find(|need| types.contains(need));
                    let is_plain = |of: &ObjectKey| {
                        of.kind == ObjectKind::Domain
                            && type_.replace('"', "") == of.name.to_string()
                    };
                    if of.is_some_and(|of| !is_plain(of)) {
                        let all = self.actions.through_text.entry(table.name.clone());
                        all.or_default().insert(name.clone());
                        self.change(&table.name, name);
                    }
                }
            }
        }
    }

    /// Goes once through all objects; whether anything was found.
    fn step(&mut self) -> bool {
        let from = self.from;
        let mut is_found = false;
        for (key, object) in &from.objects {
            match self.actions.get(key) {
                Action::Recreate | Action::Drop if self.actions.early.contains(key) => {}
                Action::Recreate => is_found |= self.actions.early.insert(key.clone()),
                Action::Drop if self.can_wait(key, object) => {}
                Action::Drop => is_found |= self.actions.early.insert(key.clone()),
                Action::Keep | Action::Alter if self.to.objects.contains_key(key) => {
                    if self.is_recreated(key, object) {
                        self.actions.all.insert(key.clone(), Action::Recreate);
                        is_found = true;
                    } else {
                        for (part, needs) in &object.parts {
                            is_found |= self.part(key, &object.definition, part, needs);
                        }
                    }
                }
                _ => {}
            }
        }
        is_found
    }

    /// Whether an object that is dropped may be there until what may still use it has changed.
    fn can_wait(&self, key: &ObjectKey, object: &CatalogObject) -> bool {
        let may = match key.kind {
            ObjectKind::Schema
            | ObjectKind::Extension
            | ObjectKind::Enum
            | ObjectKind::Domain
            | ObjectKind::Sequence
            | ObjectKind::Function
            | ObjectKind::Procedure => true,
            ObjectKind::Sql => self.from.objects.iter().any(|(other, object)| {
                matches!(other.kind, ObjectKind::Table | ObjectKind::Domain)
                    && object.depends_on.contains_key(key)
            }),
            _ => false,
        };
        let needs = object.depends_on.iter();
        may && !self.takes_the_name(key)
            && !needs.into_iter().any(|(need, columns)| {
                // A sequence goes with the column that owns it.
                key.kind != ObjectKind::Sequence && self.gives_way(need, columns)
            })
    }

    /// Whether something new has the name.
    fn takes_the_name(&self, key: &ObjectKey) -> bool {
        let is_routine =
            |key: &ObjectKey| matches!(key.kind, ObjectKind::Function | ObjectKind::Procedure);
        self.to.objects.keys().any(|other| {
            let action = self.actions.get(other);
            let takes = match is_routine(key) && is_routine(other) {
                // What calls it would still call the old one.
                true => matches!(action, Action::Create | Action::Recreate),
                false => other.kind != key.kind && action == Action::Create,
            };
            takes
                && other.name == key.name
                && !matches!(
                    other.kind,
                    ObjectKind::Comment
                        | ObjectKind::RowSecurity
                        | ObjectKind::Trigger
                        | ObjectKind::Policy
                )
        })
    }

    /// Whether an object that stays is recreated, since what it depends on goes or changes.
    fn is_recreated(&self, key: &ObjectKey, object: &CatalogObject) -> bool {
        if key.kind == ObjectKind::Domain {
            let of_type = object.parts.get(&ObjectPart::Type);
            return of_type.into_iter().flatten().any(|(need, _)| {
                !is_callable(need) && (self.is_early(need) || self.shrunk.contains(need))
            });
        }
        can_be_recreated(key)
            && object.depends_on.iter().any(|(need, columns)| {
                matches!(self.actions.get(need), Action::Drop | Action::Recreate)
                    || self.gives_way(need, columns)
            })
    }

    fn is_early(&self, key: &ObjectKey) -> bool {
        self.actions.early.contains(key) || self.actions.get(key) == Action::Recreate
    }

    /// Whether what is needed, or a column of it, goes or changes before anything is created.
    fn gives_way(&self, need: &ObjectKey, columns: &BTreeSet<String>) -> bool {
        let changes = |changed: &BTreeSet<String>| !changed.is_disjoint(columns);
        self.is_early(need)
            || self.shrunk.contains(need)
            || matches!(need.kind, ObjectKind::Table | ObjectKind::Sql)
                && self.actions.changed_columns.get(&need.name).is_some_and(changes)
    }

    /// Takes a part out of a table or domain that stays, if what it depends on gives way; whether it is new.
    fn part(
        &mut self,
        key: &ObjectKey,
        definition: &Definition,
        part: &ObjectPart,
        needs: &Needs,
    ) -> bool {
        let Definition::Table(table) = definition else {
            let gives_way = needs.iter().any(|(need, columns)| match part {
                ObjectPart::Type => is_callable(need) && self.is_early(need),
                _ => self.gives_way(need, columns),
            });
            return gives_way && self.take(key, part.clone());
        };
        let column = match part {
            ObjectPart::Column(name) | ObjectPart::Default(name) => {
                table.column_at(self.same.0, name).map(|at| &table.columns[at])
            }
            _ => None,
        };
        if let Some(column) = column.filter(|column| column.generated.is_some()) {
            let gives_way = needs.iter().any(|(need, columns)| self.gives_way(need, columns));
            return gives_way
                && self.change(&key.name, &column.name)
                    | self.take(key, ObjectPart::Column(column.name.clone()));
        }
        match part {
            ObjectPart::Column(name) => {
                let mut is_new = false;
                for need in needs.keys().filter(|need| is_type(need)) {
                    if self.is_early(need) {
                        let all = self.actions.through_text.entry(key.name.clone());
                        is_new |= all.or_default().insert(name.clone());
                    }
                    if self.is_early(need) || self.shrunk.contains(need) {
                        is_new |= self.change(&key.name, name);
                    }
                }
                is_new
            }
            ObjectPart::Constraint(name) if is_foreign_key(table, name) => false,
            _ => {
                let gives_way = needs.iter().any(|(need, columns)| match need == key {
                    true => self.column_gives_way(key, columns),
                    // A value is dropped together with the defaults of its columns, as long as they stay.
                    false => match part {
                        ObjectPart::Default(_) if self.shrunk.contains(need) => {
                            self.actions.recreated_enums.contains(need)
                        }
                        _ => self.gives_way(need, columns),
                    },
                });
                gives_way && self.take(key, part.clone())
            }
        }
    }

    /// Whether a column of a table that stays goes meanwhile, or holds text. All that depends on another
    /// the server carries over to its new type.
    fn column_gives_way(&self, key: &ObjectKey, columns: &BTreeSet<String>) -> bool {
        let through_text = self.actions.through_text.get(&key.name);
        let parts = self.actions.parts.get(key);
        let goes = |column: &String| {
            parts.is_some_and(|parts| parts.contains(&ObjectPart::Column(column.clone())))
        };
        through_text.is_some_and(|all| !all.is_disjoint(columns)) || columns.iter().any(goes)
    }

    fn take(&mut self, key: &ObjectKey, part: ObjectPart) -> bool {
        self.actions.parts.entry(key.clone()).or_default().insert(part)
    }

    fn change(&mut self, table: &Name, column: &str) -> bool {
        let changed = self.actions.changed_columns.entry(table.clone()).or_default();
        changed.insert(column.to_owned())
    }
}

fn is_foreign_key(table: &TableDefinition, name: &str) -> bool {
    table
        .constraints
        .iter()
        .any(|one| matches!(one, Constraint::ForeignKey(key) if key.name.as_deref() == Some(name)))
}

fn is_callable(key: &ObjectKey) -> bool {
    matches!(key.kind, ObjectKind::Function | ObjectKind::Procedure)
}

fn is_type(key: &ObjectKey) -> bool {
    matches!(key.kind, ObjectKind::Enum | ObjectKind::Domain | ObjectKind::Sql) && !key.is_table()
}

/// Whether nothing is lost when it is dropped and recreated.
fn can_be_recreated(key: &ObjectKey) -> bool {
    !key.is_table()
        && matches!(
            key.kind,
            ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Function
                | ObjectKind::Procedure
                | ObjectKind::Trigger
                | ObjectKind::Policy
                | ObjectKind::Comment
                | ObjectKind::Sql
        )
}
