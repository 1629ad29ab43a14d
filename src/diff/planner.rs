//! The changes of all objects in an order that works: what is in the way goes first, from the top;
//! then what is new or changes, from the ground up; then what nothing needs any more.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::operation::{
    Check, Column, DefaultValue, ForeignKey, SetComment, TableDefinition,
};
use crate::model::{
    Catalog, CatalogObject, Definition, Entry, Name, ObjectKey, ObjectKind, Operation, Schema,
    Table,
};
use crate::sql;
use crate::text::{self, Effect};

use super::actions::{Action, Actions};
use super::bodies::Moving;
use super::difference::{Change, DiffOptions, Difference, Skipped};
use super::equal::Same;
use super::objects::{self, Pair, collapse_dialects, reversible};
use super::order::{order, referred};
use super::serial::Serials;

/// A difference in the making.
pub(super) struct Planner<'a> {
    pub from: &'a Catalog,
    pub to: Catalog,
    /// What the other catalog has and nobody looks at.
    missing: BTreeSet<ObjectKey>,
    pub options: DiffOptions,
    pub same: Same,
    pub actions: Actions,
    pub serials: Serials,
    /// The tables as the changes so far leave them.
    pub working: Schema,
    /// The tables as they shall be.
    pub goal: Schema,
    /// Foreign keys to make when all tables are there: the table, the key.
    pub late_keys: Vec<(Name, ForeignKey)>,
    /// Indexes that no foreign key takes along any more: the table, the name.
    pub kept_indexes: BTreeSet<(Name, String)>,
    /// Constraints that are made anew: the table, the name.
    pub remade: BTreeSet<(Name, String)>,
    /// Defaults that are set when all functions are there: the table, the column, what it has till then.
    pub late_defaults: Vec<(ObjectKey, Column, Option<DefaultValue>)>,
    /// What the bodies of routines may find missing.
    pub moving: Moving,
    /// Enums that only get values, before anything else happens.
    pub grown: BTreeSet<ObjectKey>,
    /// Types that are recreated under their columns.
    pub recreated: BTreeSet<ObjectKey>,
    /// Sequences that are no column's any more.
    pub disowned: BTreeSet<ObjectKey>,
    pub difference: Difference,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        from: &'a Catalog,
        to: &Catalog,
        takes: &dyn Fn(&ObjectKey) -> bool,
        options: DiffOptions,
    ) -> Self {
        Self::of(from, to, takes, options, false)
    }

    /// The same, in which an enum that loses a value is recreated whatever uses it.
    pub(super) fn recreating_enums(from: &'a Catalog, to: &Catalog, options: DiffOptions) -> Self {
        Self::of(from, to, &|_| true, options, true)
    }

    fn of(
        from: &'a Catalog,
        to: &Catalog,
        takes: &dyn Fn(&ObjectKey) -> bool,
        options: DiffOptions,
        recreates_enums: bool,
    ) -> Self {
        let same = Same(options.dialect);
        let mut wanted = respelled(from, to, same);
        let mut skipped = super::unseen::leave(from, &mut wanted, takes, same);
        skipped.extend(super::keep::tables(from, &mut wanted, takes, same));
        let mut to = looked_at(from, wanted.clone(), takes);
        skipped.extend(super::keep::parents(from, &mut to, same));
        let actions = Actions::of(from, &to, same, recreates_enums);
        skipped.extend(super::unsupported::of_objects(from, &to, &actions));
        let serials = Serials::of(from, &to, &actions, options.dialect);
        Planner {
            moving: Moving::of(from, &to, &actions),
            working: working(from),
            goal: working(&to),
            from,
            missing: wanted
                .objects
                .into_keys()
                .filter(|key| !to.objects.contains_key(key))
                .collect(),
            to,
            options,
            same,
            actions,
            serials,
            late_keys: Vec::new(),
            late_defaults: Vec::new(),
            remade: BTreeSet::new(),
            kept_indexes: BTreeSet::new(),
            recreated: BTreeSet::new(),
            grown: BTreeSet::new(),
            disowned: BTreeSet::new(),
            difference: Difference { skipped, ..Difference::default() },
        }
    }

    pub(super) fn difference(mut self) -> Difference {
        let (from, to) = (self.from, self.to.clone());
        let dialect = self.options.dialect;
        let up: Vec<&ObjectKey> = order(&to, dialect);
        let down: Vec<&ObjectKey> = order(from, dialect).into_iter().rev().collect();
        let (late, early): (Vec<&ObjectKey>, Vec<&ObjectKey>) = down.into_iter().partition(|key| {
            self.actions.get(key) == Action::Drop && !self.actions.early.contains(key)
        });
        self.grow_enums();
        self.disown_sequences();
        self.drop_foreign_keys(&early);
        self.set_defaults_aside();
        for key in early {
            if matches!(self.actions.get(key), Action::Drop | Action::Recreate) {
                self.drop_object(key);
            } else {
                self.set_aside(key);
            }
        }
        let (comments, objects): (Vec<&ObjectKey>, Vec<&ObjectKey>) =
            up.into_iter().partition(|key| key.kind == ObjectKind::Comment);
        let mut there: BTreeSet<&ObjectKey> = self.stays();
        for key in objects {
            let object = self.put_off_defaults(key, &to.objects[key], &there);
            self.make_or_alter(key, &object, &there);
            there.insert(key);
        }
        self.set_late_defaults();
        self.make_late_keys();
        self.own_sequences();
        for key in late {
            if self.actions.get(key) == Action::Drop {
                self.drop_object(key);
            }
        }
        for key in comments {
            self.comment(key, &to.objects[key]);
        }
        self.comments_of_checks();
        self.difference.renames =
            super::renames::possible(self.from, &self.to, &self.actions, self.same);
        self.difference.outside_transaction = self.uses_new_value();
        self.shrink_back();
        self.difference
    }

    /// The objects that are there all along.
    fn stays(&self) -> BTreeSet<&'a ObjectKey> {
        let from = self.from;
        let stays =
            |key: &&ObjectKey| matches!(self.actions.get(key), Action::Keep | Action::Alter);
        from.objects.keys().filter(stays).collect()
    }

    /// Adds a change, unless the dialect has no words for it.
    pub(super) fn push(&mut self, about: &ObjectKey, pair: Pair, destroys: Option<String>) {
        let dialect = self.options.dialect;
        let (operation, reverse) = collapse_dialects(pair, dialect);
        if let Err(refused) = sql::check(&[Entry::new(operation.clone(), 1)], dialect, "") {
            let hint = refused.hint.unwrap_or_else(|| "write it in SQL".to_owned());
            return self.skipped(about, refused.message, hint);
        }
        let mut effect = operation.effect(&self.working, dialect);
        if destroys.is_some() {
            effect = Effect::Destructive;
        }
        // What only SQL makes, and is no table, changes none.
        if about.kind != ObjectKind::Sql || about.is_table() {
            // What does not fit what is known is found when the revision is tried out.
            let _ = operation.apply(&mut self.working, dialect);
        }
        let about = about.clone();
        self.difference.changes.push(Change { about, operation, reverse, effect, destroys });
    }

    /// Adds a change that destroys nothing and says itself what takes it back.
    pub(super) fn change(&mut self, about: &ObjectKey, operation: Operation) {
        self.push(about, reversible(operation), None);
    }

    /// Whether the dialect has words for an operation.
    pub(super) fn can(&self, operation: &Operation) -> bool {
        sql::check(&[Entry::new(operation.clone(), 1)], self.options.dialect, "").is_ok()
    }

    pub(super) fn skipped(
        &mut self,
        about: &ObjectKey,
        why: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let (about, why, hint) = (about.clone(), why.into(), hint.into());
        self.difference.skipped.push(Skipped { about, why, hint });
    }

    fn drop_object(&mut self, key: &ObjectKey) {
        let from = self.from;
        let Some(object) = from.objects.get(key) else { return };
        if self.serials.goes_with_column(key) {
            return;
        }
        let dialect = self.options.dialect;
        let mut definition = self.moving.definition(&object.definition, dialect);
        let destroys = match (&mut definition, self.actions.get(key)) {
            (Definition::Table(TableDefinition { beyond: Some(_), .. }), _) => {
                Some(format!("the rows of {}", key.name))
            }
            (Definition::Table(table), _) => {
                // Foreign keys may have gone before.
                if let Some(known) = self.working.tables.get(&key.name) {
                    *table = known.definition.clone();
                }
                self.serials.fold_dropped(&key.name, table);
                Some(format!("the rows of {}", key.name))
            }
            (Definition::Sequence(sequence), _) => {
                sequence.owned_by = None;
                Some(format!("the position of {}", key.name))
            }
            (Definition::Sql { .. }, _) if key.is_table() => {
                Some(format!("the rows of {}", key.name))
            }
            _ => None,
        };
        if self.actions.get(key) == Action::Recreate {
            self.warn_of_rights(key);
        }
        if has_no_columns(&definition) {
            return self.skipped(
                key,
                "it has no columns, and should not be there",
                "drop it in SQL",
            );
        }
        if let Definition::Comment(comment) = &definition
            && let Some(usual) = self.usual_comment(comment)
        {
            let was = Some(comment.comment.clone());
            let comment = SetComment { comment: Some(usual), was, ..comment.clone() };
            return self.change(key, Operation::Comment(comment));
        }
        self.push(key, objects::drop(dialect, key, &definition), destroys);
    }

    pub(super) fn warn_of_rights(&mut self, key: &ObjectKey) {
        if !sql::diff_rules(self.options.dialect).rights_go_with_object() {
            return;
        }
        let has_rights = matches!(
            key.kind,
            ObjectKind::View
                | ObjectKind::MaterializedView
                | ObjectKind::Function
                | ObjectKind::Procedure
                | ObjectKind::Enum
                | ObjectKind::Domain
        );
        if has_rights {
            self.difference.notices.push(format!(
                "{key} is dropped and recreated: privileges granted on it have to be granted again"
            ));
        }
    }

    fn make_or_alter(
        &mut self,
        key: &ObjectKey,
        object: &CatalogObject,
        there: &BTreeSet<&ObjectKey>,
    ) {
        let before = self.from.objects.get(key).map(|object| &object.definition);
        match (self.actions.get(key), before) {
            (Action::Create | Action::Recreate, _) => self.make(key, &object.definition, there),
            (Action::Alter, Some(before)) => self.alter(key, before, &object.definition),
            _ => {}
        }
    }

    fn make(&mut self, key: &ObjectKey, definition: &Definition, there: &BTreeSet<&ObjectKey>) {
        if self.serials.comes_with_column(key) {
            return;
        }
        let mut definition = self.moving.definition(definition, self.options.dialect);
        if let Some(missing) = self.stands_on_missing(key, &definition) {
            let hint = "include it, or exclude both".to_owned();
            let why = format!("it depends on {missing}, which is excluded and does not exist");
            return self.skipped(key, why, hint);
        }
        if has_no_columns(&definition) {
            return self.skipped(key, "it has no columns", "create it in SQL");
        }
        match &mut definition {
            // Only its own statement makes it, with its keys.
            Definition::Table(TableDefinition { beyond: Some(_), .. }) => {}
            Definition::Table(table) => {
                self.put_off_keys(&key.name, table, there);
                self.serials.fold_made(&key.name, table);
            }
            // The column that owns it comes later.
            Definition::Sequence(sequence) => sequence.owned_by = None,
            _ => {}
        }
        if self.recreate_composite(key, &definition) {
            return;
        }
        let unchecked = take_unchecked(&mut definition);
        self.push(key, objects::make(self.options.dialect, key, &definition), None);
        for check in unchecked {
            self.add_check(key, check);
        }
    }

    /// Something that the object stands on and that nobody looks at.
    fn stands_on_missing(&self, key: &ObjectKey, definition: &Definition) -> Option<ObjectKey> {
        let needs =
            self.to.objects.get(key).into_iter().flat_map(|object| object.depends_on.keys());
        let referred = match definition {
            Definition::Table(table) => referred(table).collect(),
            _ => Vec::new(),
        };
        needs.cloned().chain(referred).find(|need| self.missing.contains(need))
    }

    fn alter(&mut self, key: &ObjectKey, before: &Definition, after: &Definition) {
        match (before, after) {
            (Definition::Table(before), Definition::Table(after)) => {
                self.alter_table(key, before, after);
            }
            (Definition::Enum(before), Definition::Enum(after)) => {
                self.alter_enum(key, before, after);
            }
            (Definition::Domain(before), Definition::Domain(after)) => {
                self.alter_domain(key, before, after);
            }
            (Definition::Sequence(before), Definition::Sequence(after)) => {
                self.alter_sequence(key, before, after);
            }
            (Definition::Function(before), Definition::Function(after))
            | (Definition::Procedure(before), Definition::Procedure(after)) => {
                self.alter_routine(key, before, after);
            }
            (Definition::Schema(before), Definition::Schema(after)) => {
                self.alter_schema(key, before, after);
            }
            (
                Definition::RowSecurity { enabled, forced },
                Definition::RowSecurity { enabled: enables, forced: forces },
            ) => self.alter_row_security(key, (*enabled, *forced), (*enables, *forces)),
            (Definition::Sql { .. }, Definition::Sql { .. }) => {
                self.alter_composite(key, before, after);
            }
            (Definition::Extension(before), Definition::Extension(after)) => {
                let said = |version: &Option<String>| version.clone().unwrap_or_default();
                let (was, is) = (said(&before.version), said(&after.version));
                self.skipped(
                    key,
                    format!("its version is {was}, and should be {is}"),
                    format!("write `ALTER EXTENSION {} UPDATE` in SQL", key.name),
                );
            }
            _ => {}
        }
    }
}

/// Whether it is a table without columns, which no operation of a file makes.
pub(super) fn has_no_columns(definition: &Definition) -> bool {
    matches!(definition, Definition::Table(table) if table.columns.is_empty() && table.names_all_columns())
}

/// The checks that a new domain cannot have at once, since they leave values unchecked.
fn take_unchecked(definition: &mut Definition) -> Vec<Check> {
    let Definition::Domain(domain) = definition else { return Vec::new() };
    let (unchecked, checked) =
        std::mem::take(&mut domain.checks).into_iter().partition(|check| check.not_valid);
    domain.checks = checked;
    unchecked
}

/// The other catalog, with all that nobody looks at as it is.
fn looked_at(from: &Catalog, mut to: Catalog, takes: &dyn Fn(&ObjectKey) -> bool) -> Catalog {
    to.objects.retain(|key, _| takes(key));
    let left = from.objects.iter().filter(|(key, _)| !takes(key));
    to.objects.extend(left.map(|(key, object)| (key.clone(), object.clone())));
    to
}

/// The tables and enums of a catalog, for the changes to be followed.
fn working(catalog: &Catalog) -> Schema {
    let mut schema = Schema { own: catalog.own.clone(), ..Schema::default() };
    for (key, object) in &catalog.objects {
        match &object.definition {
            Definition::Table(definition) => {
                let table = Table { definition: definition.clone(), sql: None, sequence: None };
                schema.tables.insert(key.name.clone(), table);
            }
            Definition::Enum(values) => {
                schema.enums.insert(key.name.clone(), values.clone());
            }
            _ => {}
        }
    }
    schema
}

/// The catalog with its keys spelled as the other one does, where the dialect takes both for one name.
fn respelled(from: &Catalog, to: &Catalog, same: Same) -> Catalog {
    let mut spelled: BTreeMap<String, Vec<&ObjectKey>> = BTreeMap::new();
    for key in from.objects.keys() {
        spelled.entry(key.name.name.to_lowercase()).or_default().push(key);
    }
    let respell = |key: &ObjectKey| -> ObjectKey {
        if from.objects.contains_key(key) {
            return key.clone();
        }
        let alike = spelled.get(&key.name.name.to_lowercase()).into_iter().flatten();
        let table = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) if key.table().is_some() => {
                text::same_object(same.0, one, other)
            }
            (one, other) => one == other,
        };
        let found = alike.into_iter().find(|one| {
            one.kind == key.kind
                && table(&one.of, &key.of)
                && same.name(&one.name, &key.name)
                && !to.objects.contains_key(**one)
        });
        found.map_or_else(|| key.clone(), |key| (*key).clone())
    };
    let objects = to.objects.iter().map(|(key, object)| {
        let needs =
            object.depends_on.iter().map(|(need, columns)| (respell(need), columns.clone()));
        let object = CatalogObject { depends_on: needs.collect(), ..object.clone() };
        (respell(key), object)
    });
    Catalog {
        dialect: to.dialect,
        own: to.own.clone(),
        objects: objects.collect(),
        unsupported: to.unsupported.clone(),
        hidden: to.hidden.clone(),
        unseen: to.unseen.clone(),
        defaults: to.defaults.clone(),
    }
}
