//! Constraints and indexes of a table that stays, foreign keys aside.

use crate::model::operation::{
    Check, CommentObject, Constraint, ConstraintKind, CreateIndex, DropConstraint, DropIndex,
    ForeignKey, Index, PrimaryKey, RenameConstraint, RenameIndex, SetComment, Unique,
};
use crate::model::{ImplicitIndex, Name, ObjectKey, Operation};

use super::planner::Planner;

impl Planner<'_> {
    /// Whether an index is made by the server for a foreign key that is still to come.
    pub(super) fn comes_with_key(&self, key: &ObjectKey, index: &Index) -> bool {
        let named = |(table, foreign): &&(Name, ForeignKey)| {
            *table == key.name && foreign.name.is_some() && foreign.name == index.name
        };
        let Some((_, foreign)) = self.late_keys.iter().find(named) else { return false };
        let name = foreign.name.as_deref().unwrap_or_default();
        let own = self.goal.implicit_index(self.options.dialect, &key.name, name);
        own != ImplicitIndex::None
    }

    /// Constraints that only change their names, or that only have their rows checked, stay.
    pub(super) fn keep_by_rename(
        &mut self,
        key: &ObjectKey,
        split: Split<Constraint>,
    ) -> Split<Constraint> {
        let Split { mut gone, mut new, renamed } = split;
        gone.retain(|one| one.kind() != ConstraintKind::ForeignKey);
        new.retain(|one| one.kind() != ConstraintKind::ForeignKey);
        let leaving: Vec<String> = renamed
            .iter()
            .map(|(one, _)| one)
            .chain(&gone)
            .filter_map(|one| one.name().map(str::to_owned))
            .collect();
        for (one, other) in renamed {
            if one.kind() == ConstraintKind::ForeignKey {
                continue;
            }
            if other.name().is_some_and(|to| leaving.iter().any(|own| self.same.part(own, to))) {
                gone.push(one);
                new.push(other);
                continue;
            }
            let rename = match (one.name(), other.name()) {
                (Some(name), Some(to)) => Some(Operation::RenameConstraint(RenameConstraint {
                    schema: key.name.schema.clone(),
                    table: key.name.name.clone(),
                    name: name.to_owned(),
                    kind: one.kind(),
                    to: to.to_owned(),
                })),
                _ => None,
            };
            match rename.filter(|rename| self.can(rename)) {
                Some(rename) => self.change(key, rename),
                None => {
                    gone.push(one);
                    new.push(other);
                }
            }
        }
        // A check whose rows are to be looked at now.
        let mut checked = Vec::new();
        gone.retain(|one| {
            let at = new.iter().position(|other| self.only_validates(one, other));
            if let Some(at) = at {
                checked.push((one.clone(), new.swap_remove(at)));
            }
            at.is_none()
        });
        for (one, other) in checked {
            self.validated(key, one, other);
        }
        Split { gone, new, renamed: Vec::new() }
    }

    /// Indexes that only change their names or comments stay.
    pub(super) fn keep_index(&mut self, key: &ObjectKey, split: Split<Index>) -> Split<Index> {
        let Split { mut gone, mut new, renamed } = split;
        // A name that another gives up is free only when that one is gone.
        let leaving: Vec<String> = renamed
            .iter()
            .filter(|(one, other)| one.name != other.name)
            .map(|(one, _)| one)
            .chain(&gone)
            .filter_map(|one| one.name.clone())
            .collect();
        for (one, other) in renamed {
            let (Some(name), Some(to)) = (one.name.clone(), other.name.clone()) else { continue };
            let is_renamed = !self.same.part(&name, &to);
            if is_renamed && leaving.iter().any(|own| self.same.part(own, &to)) {
                gone.push(one);
                new.push(other);
                continue;
            }
            let rename = Operation::RenameIndex(RenameIndex {
                schema: key.name.schema.clone(),
                table: key.name.name.clone(),
                name,
                to: to.clone(),
            });
            let comment = Operation::Comment(SetComment {
                on: CommentObject::Index,
                schema: key.name.schema.clone(),
                table: None,
                name: to,
                comment: other.comment.clone(),
                was: Some(one.comment.clone()),
            });
            let is_commented = one.comment != other.comment;
            if (is_renamed && !self.can(&rename)) || (is_commented && !self.can(&comment)) {
                gone.push(one);
                new.push(other);
                continue;
            }
            if is_renamed {
                self.change(key, rename);
            }
            if is_commented {
                self.change(key, comment);
            }
        }
        Split { gone, new, renamed: Vec::new() }
    }

    pub(super) fn drop_constraint(&mut self, key: &ObjectKey, constraint: &Constraint) {
        if let Some(name) = constraint.name() {
            self.remade.insert((key.name.clone(), name.to_owned()));
        }
        self.change(
            key,
            Operation::DropConstraint(DropConstraint {
                schema: key.name.schema.clone(),
                table: key.name.name.clone(),
                name: constraint.name().map(str::to_owned),
                kind: constraint.kind(),
                if_exists: false,
                cascade: false,
                was: Some(constraint.clone()),
            }),
        );
    }

    pub(super) fn create_constraint(&mut self, key: &ObjectKey, constraint: Constraint) {
        if let Constraint::PrimaryKey(PrimaryKey { columns, .. })
        | Constraint::Unique(Unique { columns, .. }) = &constraint
        {
            self.keep_index_of_key(key, columns);
        }
        let create = |constraint: Constraint| {
            constraint.creation(key.name.schema.clone(), key.name.name.clone())
        };
        match &constraint {
            // They come when all tables are there.
            Constraint::ForeignKey(_) => return,
            Constraint::Check(check) if self.options.safe && !check.not_valid => {
                let unchecked = Check { not_valid: true, ..check.clone() };
                let unchecked = create(Constraint::Check(unchecked));
                if let Some(name) = check.name.clone().filter(|_| self.can(&unchecked)) {
                    self.change(key, unchecked);
                    return self.validate(key, name);
                }
            }
            _ => {}
        }
        self.change(key, create(constraint));
    }

    pub(super) fn drop_index(&mut self, key: &ObjectKey, index: &Index) {
        let drop = |concurrently| {
            Operation::DropIndex(DropIndex {
                schema: key.name.schema.clone(),
                table: key.name.name.clone(),
                name: index.name.clone().unwrap_or_default(),
                if_exists: false,
                concurrently,
                cascade: false,
                algorithm: None,
                lock: None,
                was: Some(index.clone()),
            })
        };
        let operation = drop(self.options.safe && self.can(&drop(true)));
        self.change(key, operation);
    }

    pub(super) fn create_index(&mut self, key: &ObjectKey, index: Index) {
        let columns: Vec<String> = index.column_names().map(str::to_owned).collect();
        self.keep_index_of_key(key, &columns);
        let create = |concurrently, online: bool| {
            Operation::CreateIndex(CreateIndex {
                schema: key.name.schema.clone(),
                table: key.name.name.clone(),
                if_not_exists: false,
                concurrently,
                only: false,
                algorithm: online.then(|| "inplace".to_owned()),
                lock: online.then(|| "none".to_owned()),
                index: index.clone(),
            })
        };
        let is_partitioned =
            self.to.table(&key.name).is_some_and(|table| table.options.partition_by.is_some());
        let operation = if !self.options.safe {
            create(false, false)
        } else if !is_partitioned && self.can(&create(true, false)) {
            create(true, false)
        } else if index.kind.is_none() && self.can(&create(false, true)) {
            create(false, true)
        } else {
            create(false, false)
        };
        self.change(key, operation);
    }
}

/// What goes, what comes, and what stays under another name.
pub(super) struct Split<T> {
    pub gone: Vec<T>,
    pub new: Vec<T>,
    pub renamed: Vec<(T, T)>,
}

pub(super) fn split<T: Clone>(
    before: &[T],
    after: &[T],
    same: impl Fn(&T, &T) -> bool,
    same_but_name: impl Fn(&T, &T) -> bool,
) -> Split<T> {
    let mut left: Vec<&T> = after.iter().collect();
    let mut without: Vec<&T> = Vec::new();
    for one in before {
        match left.iter().position(|other| same(one, other)) {
            Some(at) => drop(left.swap_remove(at)),
            None => without.push(one),
        }
    }
    let (mut gone, mut renamed) = (Vec::new(), Vec::new());
    for one in without {
        match left.iter().position(|other| same_but_name(one, other)) {
            Some(at) => renamed.push((one.clone(), left.swap_remove(at).clone())),
            None => gone.push(one.clone()),
        }
    }
    // In the order in which the table has them.
    let new = after.iter().filter(|one| left.iter().any(|other| std::ptr::eq(*one, *other)));
    Split { gone, new: new.cloned().collect(), renamed }
}
