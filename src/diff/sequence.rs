//! The changes of sequences, and who owns them.

use crate::model::operation::{AlterSequence, SequenceDefinition, TableDefinition};
use crate::model::{Catalog, Definition, ObjectKey, ObjectKind, Operation};
use crate::sql;
use crate::sql::DiffRules;

use super::actions::Action;
use super::objects::reversible;
use super::planner::Planner;
use super::serial::owner_of;

/// What a sequence counts by, all of it that is known: what is left out has its default.
#[derive(Clone, Copy)]
struct Counts {
    start: Option<i64>,
    increment: i64,
    min: Option<i64>,
    max: Option<i64>,
    cache: i64,
}

impl Counts {
    fn of(definition: &SequenceDefinition, diff_rules: &dyn DiffRules) -> Self {
        let options = &definition.options;
        let increment = options.increment.unwrap_or(1);
        let bounds = diff_rules.sequence_bounds(definition.type_.as_deref());
        let (lowest, highest) = bounds.unzip();
        let is_up = increment > 0;
        let min = options.min.or(if is_up { Some(1) } else { lowest });
        let max = options.max.or(if is_up { highest } else { Some(-1) });
        Counts {
            start: options.start.or(if is_up { min } else { max }),
            increment,
            min,
            max,
            cache: options.cache.unwrap_or(diff_rules.default_cache()),
        }
    }
}

impl Planner<'_> {
    pub(super) fn alter_sequence(
        &mut self,
        key: &ObjectKey,
        before: &SequenceDefinition,
        after: &SequenceDefinition,
    ) {
        let diff_rules = sql::diff_rules(self.options.dialect);
        let (mut to, mut was) = (SequenceDefinition::default(), SequenceDefinition::default());
        let is_retyped = before.type_ != after.type_;
        if is_retyped {
            let named = |definition: &SequenceDefinition| {
                let usual = || diff_rules.sequence_type().map(str::to_owned);
                definition.type_.clone().or_else(usual)
            };
            (to.type_, was.type_) = (named(after), named(before));
        }
        let (one, other) = (Counts::of(before, diff_rules), Counts::of(after, diff_rules));
        let turns = (one.increment > 0) != (other.increment > 0);
        // With the type the server changes the bounds that came with it.
        let follows = |old: Option<i64>, new: Option<i64>| {
            is_retyped && !turns && old.is_none() && new.is_none()
        };
        let (given, wanted) = (&before.options, &after.options);
        let (new, old) = (&mut to.options, &mut was.options);
        let bounds = [
            (one.start, other.start, false, &mut new.start, &mut old.start),
            (one.min, other.min, follows(given.min, wanted.min), &mut new.min, &mut old.min),
            (one.max, other.max, follows(given.max, wanted.max), &mut new.max, &mut old.max),
        ];
        for (one, other, follows, new, old) in bounds {
            if one == other || follows {
                continue;
            }
            if one.is_none() || other.is_none() {
                return self.skipped(
                    key,
                    "its bounds return to their defaults",
                    "use `ALTER SEQUENCE … NO MINVALUE NO MAXVALUE` in SQL",
                );
            }
            (*new, *old) = (other, one);
        }
        if one.increment != other.increment {
            (new.increment, old.increment) = (Some(other.increment), Some(one.increment));
        }
        if one.cache != other.cache {
            (new.cache, old.cache) = (Some(other.cache), Some(one.cache));
        }
        if given.cycle != wanted.cycle {
            new.cycle = Some(wanted.cycle.unwrap_or(false));
            old.cycle = Some(given.cycle.unwrap_or(false));
        }
        if to == SequenceDefinition::default() {
            return;
        }
        if !turns {
            return self.change_sequence(key, to, was);
        }
        // The number where it is lies beyond the bounds of the other direction.
        let alter = |restart, definition: SequenceDefinition, was: SequenceDefinition| {
            Operation::AlterSequence(AlterSequence { restart, ..altered(key, definition, was) })
        };
        let back = alter(one.start, was.clone(), to.clone());
        let destroys = Some(format!("the position of {}", key.name));
        self.push(key, (alter(other.start, to, was), vec![back]), destroys);
    }

    fn change_sequence(
        &mut self,
        key: &ObjectKey,
        definition: SequenceDefinition,
        was: SequenceDefinition,
    ) {
        let alter = Operation::AlterSequence(altered(key, definition, was));
        self.push(key, reversible(alter), None);
    }

    /// Frees sequences from the columns with which they would go: those that go by themselves, and those
    /// that stay.
    pub(super) fn disown_sequences(&mut self) {
        let keys = self.from.objects.keys().filter(|key| key.kind == ObjectKind::Sequence);
        for key in keys.cloned().collect::<Vec<_>>() {
            let Some(owner) = owner(self.from, &key) else { continue };
            let goes = match self.actions.get(&key) {
                Action::Drop => !self.serials.goes_with_column(&key),
                _ => self.owner_changes(&key) && self.is_gone(&key, &owner),
            };
            if goes {
                self.change_sequence(&key, owned_by(None), owned_by(Some(owner)));
                self.disowned.insert(key);
            }
        }
    }

    fn owner_changes(&self, key: &ObjectKey) -> bool {
        owner(self.from, key) != owner(&self.to, key)
    }

    /// Whether the column that owns a sequence goes.
    fn is_gone(&self, key: &ObjectKey, owner: &str) -> bool {
        let Some((table, column)) = owner_of(&key.name, owner) else { return false };
        let column =
            |table: &TableDefinition| table.column_at(self.options.dialect, &column).is_none();
        self.to.table(&table).is_none_or(column)
    }

    /// Gives sequences to the columns that own them, which are there now.
    pub(super) fn own_sequences(&mut self) {
        let is_own = |key: &&ObjectKey| {
            key.kind == ObjectKind::Sequence && !self.serials.comes_with_column(key)
        };
        for key in self.to.objects.keys().filter(is_own).cloned().collect::<Vec<_>>() {
            let before = match self.actions.get(&key) {
                Action::Create => None,
                Action::Alter => owner(self.from, &key).filter(|_| !self.disowned.contains(&key)),
                _ => continue,
            };
            let after = owner(&self.to, &key);
            if before != after {
                self.change_sequence(&key, owned_by(after), owned_by(before));
            }
        }
    }
}

fn altered(
    key: &ObjectKey,
    definition: SequenceDefinition,
    was: SequenceDefinition,
) -> AlterSequence {
    AlterSequence {
        schema: key.name.schema.clone(),
        name: key.name.name.clone(),
        restart: None,
        definition,
        was: Some(was),
    }
}

/// The column that owns a sequence.
fn owner(catalog: &Catalog, key: &ObjectKey) -> Option<String> {
    match &catalog.objects.get(key)?.definition {
        Definition::Sequence(sequence) => sequence.owned_by.clone(),
        _ => None,
    }
}

fn owned_by(owner: Option<String>) -> SequenceDefinition {
    let owner = owner.unwrap_or_else(|| "none".to_owned());
    SequenceDefinition { owned_by: Some(owner), ..SequenceDefinition::default() }
}
