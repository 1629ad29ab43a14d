//! Foreign keys, and what only has its rows checked. Foreign keys go before what they rest on changes, and come when all tables are there.

use std::collections::BTreeSet;

use crate::model::operation::{
    Check, Constraint, ConstraintKind, CreateForeignKey, DropConstraint, ForeignKey, Index,
    IndexColumn, RenameConstraint, RenameIndex, TableDefinition, ValidateConstraint,
};
use crate::model::{Definition, Name, ObjectKey, ObjectKind, Operation};
use crate::text;

use super::actions::Action;
use super::planner::Planner;

impl Planner<'_> {
    /// Drops the foreign keys that go, those whose ground changes, and those that hold tables in a
    /// circle. `early` is the order in which tables are dropped.
    pub(super) fn drop_foreign_keys(&mut self, early: &[&ObjectKey]) {
        let from = self.from;
        for (key, object) in &from.objects {
            let Definition::Table(before) = &object.definition else { continue };
            let Some(after) = self.to.table(&key.name).cloned() else { continue };
            if matches!(self.actions.get(key), Action::Keep | Action::Alter) {
                self.compare_keys(key, before, &after);
            }
        }
        let mut gone: BTreeSet<&Name> = BTreeSet::new();
        for key in early {
            let Some(table) = from.table(&key.name) else { continue };
            if key.kind != ObjectKind::Table || self.actions.get(key) != Action::Drop {
                continue;
            }
            for foreign in keys_of(table) {
                let to = refers_to(foreign);
                if to != key.name && gone.contains(&to) {
                    self.drop_key(key, foreign);
                }
            }
            gone.insert(&key.name);
        }
    }

    fn compare_keys(&mut self, key: &ObjectKey, before: &TableDefinition, after: &TableDefinition) {
        let same = self.same;
        let one = |key: &ForeignKey| Constraint::ForeignKey(key.clone());
        let mut left: Vec<&ForeignKey> = keys_of(after).collect();
        let mut gone: Vec<&ForeignKey> = Vec::new();
        for foreign in keys_of(before) {
            let at = left.iter().position(|other| same.constraint(&one(foreign), &one(other)));
            match at.map(|at| left.swap_remove(at)) {
                Some(_) if !self.gives_way(&key.name, before, foreign) => {}
                Some(other) => {
                    gone.push(foreign);
                    self.late_keys.push((key.name.clone(), other.clone()));
                }
                None => gone.push(foreign),
            }
        }
        for foreign in gone {
            let checked = left.iter().position(|other| {
                self.only_validates(&one(foreign), &one(other))
                    && !self.gives_way(&key.name, before, foreign)
            });
            if let Some(at) = checked {
                let after = left.swap_remove(at);
                self.validated(key, one(foreign), one(after));
                continue;
            }
            let at = left
                .iter()
                .position(|other| same.constraint_but_name(&one(foreign), &one(other)))
                .filter(|_| !self.gives_way(&key.name, before, foreign));
            let renamed = at.and_then(|at| {
                let rename = Operation::RenameConstraint(RenameConstraint {
                    schema: key.name.schema.clone(),
                    table: key.name.name.clone(),
                    name: foreign.name.clone()?,
                    kind: ConstraintKind::ForeignKey,
                    to: left[at].name.clone()?,
                });
                self.can(&rename).then_some((at, rename))
            });
            match renamed {
                Some((at, rename)) => {
                    left.swap_remove(at);
                    self.keep_index_of_key(key, &foreign.columns);
                    self.change(key, rename);
                }
                None => self.drop_key(key, foreign),
            }
        }
        self.late_keys.extend(left.into_iter().map(|new| (key.name.clone(), new.clone())));
    }

    fn drop_key(&mut self, key: &ObjectKey, foreign: &ForeignKey) {
        if let Some(name) = &foreign.name {
            self.remade.insert((key.name.clone(), name.clone()));
        }
        self.change(
            key,
            Operation::DropConstraint(DropConstraint {
                schema: key.name.schema.clone(),
                table: key.name.name.clone(),
                name: foreign.name.clone(),
                kind: ConstraintKind::ForeignKey,
                if_exists: false,
                cascade: false,
                was: Some(Constraint::ForeignKey(foreign.clone())),
            }),
        );
        self.keep_index_of_key(key, &foreign.columns);
    }

    /// An index that a server has made for a foreign key goes without a word when another key or index
    /// begins with its columns; one that was renamed is the user's own. So it is renamed there and back:
    /// what the server has made itself, and what somebody has asked for, are then the same.
    pub(super) fn keep_index_of_key(&mut self, key: &ObjectKey, columns: &[String]) {
        if !text::table_owns_indexes(self.options.dialect) {
            return;
        }
        let (Some(table), Some(goal)) =
            (self.working.tables.get(&key.name), self.to.table(&key.name))
        else {
            return;
        };
        let table = &table.definition;
        let keys: Vec<&ForeignKey> =
            self.from.table(&key.name).into_iter().flat_map(keys_of).collect();
        let may_be_made = |index: &&Index| {
            let own: Vec<&str> = index.columns.iter().filter_map(|one| one.column()).collect();
            let begins = own.len() <= columns.len()
                && own.iter().zip(columns).all(|(one, other)| self.same.part(one, other));
            let name = index.name.as_deref().unwrap_or_default();
            let first = own.first().copied().unwrap_or_default();
            let is_called = self.same.part(name, first)
                || name.strip_prefix(first).is_some_and(|rest| rest.starts_with('_'))
                || keys.iter().any(|one| one.name.as_deref() == Some(name));
            let plain: Vec<IndexColumn> = own.iter().copied().map(IndexColumn::plain).collect();
            let says_more = index.unique || index.kind.is_some() || index.method.is_some();
            is_called
                && begins
                && index.columns == plain
                && !says_more
                && goal.indexes.iter().any(|other| self.same.index_but_name(index, other))
        };
        let found: Vec<String> =
            table.indexes.iter().filter(may_be_made).filter_map(|one| one.name.clone()).collect();
        for name in found {
            if !self.kept_indexes.insert((key.name.clone(), name.clone())) {
                continue;
            }
            let between: String = format!("rev_{name}").chars().take(64).collect();
            for (name, to) in [(&name, &between), (&between, &name)] {
                let rename = Operation::RenameIndex(RenameIndex {
                    schema: key.name.schema.clone(),
                    table: key.name.name.clone(),
                    name: name.clone(),
                    to: to.clone(),
                });
                self.change(key, rename);
            }
        }
    }

    /// Whether what a foreign key rests on changes: its columns, those it refers to, the key there, or
    /// the index that the server needs for it.
    fn gives_way(&self, own: &Name, table: &TableDefinition, foreign: &ForeignKey) -> bool {
        let changed_columns = |name: &Name, columns: &[String]| {
            self.actions.changed_columns.get(name).is_some_and(|changed_columns| {
                columns.iter().any(|column| changed_columns.contains(column))
            })
        };
        let to = refers_to(foreign);
        if changed_columns(own, &foreign.columns)
            || changed_columns(&to, &foreign.references.columns)
        {
            return true;
        }
        let goes = |name: &Name, serves: &dyn Fn(&TableDefinition, &Name) -> bool| {
            self.from.table(name).is_some_and(|before| serves(before, name))
        };
        let key_goes = |before: &TableDefinition, name: &Name| {
            let after = self.to.table(name);
            let wanted = &foreign.references.columns;
            let over = |columns: &[String]| {
                columns.len() == wanted.len()
                    && columns.iter().all(|one| wanted.iter().any(|own| self.same.part(own, one)))
            };
            before.constraints.iter().any(|constraint| {
                let is_it = match constraint {
                    Constraint::PrimaryKey(key) => over(&key.columns),
                    Constraint::Unique(unique) => over(&unique.columns),
                    _ => false,
                };
                is_it
                    && !after.is_some_and(|after| {
                        let mut others = after.constraints.iter();
                        others.any(|other| self.same.constraint_but_name(constraint, other))
                    })
            })
        };
        if goes(&to, &key_goes) {
            return true;
        }
        let serves = |index: &&Index| {
            let columns: Vec<&str> = index.columns.iter().filter_map(|one| one.column()).collect();
            columns.len() >= foreign.columns.len()
                && columns.iter().zip(&foreign.columns).all(|(one, own)| self.same.part(one, own))
        };
        let stays = |index: &Index| {
            self.to.table(own).is_some_and(|after| {
                after.indexes.iter().any(|other| self.same.index_but_name(index, other))
            })
        };
        text::table_owns_indexes(self.options.dialect)
            && table.indexes.iter().filter(serves).any(|index| !stays(index))
    }

    /// Takes the foreign keys out of a new table that refer to tables that are still to come.
    pub(super) fn put_off_keys(
        &mut self,
        name: &Name,
        table: &mut TableDefinition,
        there: &BTreeSet<&ObjectKey>,
    ) {
        if !text::needs_referred_table(self.options.dialect) {
            return;
        }
        let waits = |constraint: &Constraint| {
            let Constraint::ForeignKey(key) = constraint else { return false };
            let to = refers_to(key);
            let referred = ObjectKey::new(ObjectKind::Table, to.clone());
            to != *name && !there.contains(&referred)
        };
        let (late, now): (Vec<Constraint>, Vec<Constraint>) =
            std::mem::take(&mut table.constraints).into_iter().partition(waits);
        table.constraints = now;
        for constraint in late {
            if let Constraint::ForeignKey(key) = constraint {
                self.late_keys.push((name.clone(), key));
            }
        }
    }

    /// Makes the foreign keys for which all tables are there now.
    pub(super) fn make_late_keys(&mut self) {
        for (table, mut key) in std::mem::take(&mut self.late_keys) {
            let about = ObjectKey::new(ObjectKind::Table, table.clone());
            if self.from.table(&table).is_some() {
                self.keep_index_of_key(&about, &key.columns);
            }
            let create = |key: &ForeignKey| {
                Operation::CreateForeignKey(CreateForeignKey {
                    schema: table.schema.clone(),
                    table: table.name.clone(),
                    key: key.clone(),
                })
            };
            let unchecked = create(&ForeignKey { not_valid: true, ..key.clone() });
            let is_new = self.from.table(&table).is_none();
            let name = key
                .name
                .clone()
                .filter(|_| self.options.safe && !is_new && !key.not_valid && self.can(&unchecked));
            match name {
                Some(name) => {
                    key.not_valid = true;
                    self.change(&about, create(&key));
                    self.validate(&about, name);
                }
                None => self.change(&about, create(&key)),
            }
        }
    }

    /// Checks the rows of a constraint that was made without looking at them.
    pub(super) fn validate(&mut self, about: &ObjectKey, name: String) {
        self.change(
            about,
            Operation::ValidateConstraint(ValidateConstraint {
                schema: about.name.schema.clone(),
                table: about.name.name.clone(),
                name,
            }),
        );
    }

    /// Checks the rows of a constraint. What is once checked stays so: the downgrade recreates it.
    pub(super) fn validated(&mut self, key: &ObjectKey, before: Constraint, after: Constraint) {
        let (schema, table) = (key.name.schema.clone(), key.name.name.clone());
        let Some(name) = after.name().map(str::to_owned) else { return };
        self.remade.insert((key.name.clone(), name.clone()));
        let validate =
            ValidateConstraint { schema: schema.clone(), table: table.clone(), name: name.clone() };
        let drop = DropConstraint {
            schema: schema.clone(),
            table: table.clone(),
            name: Some(name),
            kind: after.kind(),
            if_exists: false,
            cascade: false,
            was: Some(after),
        };
        let back = vec![Operation::DropConstraint(drop), before.creation(schema, table)];
        self.push(key, (Operation::ValidateConstraint(validate), back), None);
    }

    /// Whether one is the other, but for its rows that are not checked yet.
    pub(super) fn only_validates(&self, one: &Constraint, other: &Constraint) -> bool {
        let valid = match one {
            Constraint::Check(check) if check.not_valid => {
                Constraint::Check(Check { not_valid: false, ..check.clone() })
            }
            Constraint::ForeignKey(key) if key.not_valid => {
                Constraint::ForeignKey(ForeignKey { not_valid: false, ..key.clone() })
            }
            _ => return false,
        };
        self.same.constraint(&valid, other)
    }
}

fn keys_of(table: &TableDefinition) -> impl Iterator<Item = &ForeignKey> {
    table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(key),
        _ => None,
    })
}

fn refers_to(key: &ForeignKey) -> Name {
    Name { schema: key.references.schema.clone(), name: key.references.table.clone() }
}
