//! What changes something back: `was` says what it was, of just that which changes.

use super::{Irreversible, Reverse, none};
use crate::model::operation::{
    AlterColumn, AlterDomain, AlterPolicy, AlterSequence, ColumnBefore, DomainBefore, Operation,
    PolicyBefore, SequenceDefinition,
};

/// An attribute of an `alter_…`: whether it changes, whether `was` says what it was, and whether both
/// say the same.
pub(in crate::model) struct Attribute {
    pub(in crate::model) name: &'static str,
    changes: bool,
    was: bool,
    same: bool,
}

impl Attribute {
    fn of<T: PartialEq>(name: &'static str, to: &Option<T>, was: Option<&T>) -> Self {
        let same = to.is_some() && to.as_ref() == was;
        Attribute { name, changes: to.is_some(), was: was.is_some(), same }
    }

    /// What is wrong with what `was` says of it.
    pub(in crate::model) fn wrong(&self) -> Option<String> {
        if self.was && !self.changes {
            Some(format!("`was` has {}, which does not change", self.name))
        } else if self.same {
            Some(format!("`was` has the new {}", self.name))
        } else {
            None
        }
    }
}

/// Refuses a `was` that contradicts the change, or says too little of it.
fn complete(kind: &str, attributes: &[Attribute]) -> Result<(), Irreversible> {
    if let Some(wrong) = attributes.iter().find_map(Attribute::wrong) {
        return Err(none(kind, &wrong));
    }
    let unsaid = attributes.iter().filter(|attribute| attribute.changes && !attribute.was);
    let unsaid: Vec<String> = unsaid.map(|attribute| format!("`{}`", attribute.name)).collect();
    if unsaid.is_empty() {
        return Ok(());
    }
    Err(none(kind, &format!("it needs `was:` with {} as it was", unsaid.join(", "))))
}

/// What `was` must say of a column that changes. Where it may be NULL, the one is told by the other.
pub(in crate::model) fn column_attributes(alter: &AlterColumn) -> Vec<Attribute> {
    let nothing = ColumnBefore::default();
    let was = alter.was.as_ref().unwrap_or(&nothing);
    let mut type_ = Attribute::of("type", &alter.type_, was.type_.as_ref());
    // The values may be made anew in the same type.
    type_.same &= alter.using.is_none() && was.using.is_none();
    let place = |first: bool, after: &Option<String>| {
        (first || after.is_some()).then(|| (first, after.clone()))
    };
    let (to, from) = (place(alter.first, &alter.after), place(was.first, &was.after));
    vec![
        type_,
        Attribute {
            name: "using",
            changes: was.type_.is_some(),
            was: was.using.is_some() || was.type_.is_some(),
            same: false,
        },
        Attribute::of("default", &alter.default, was.default.as_ref()),
        Attribute::of("identity", &alter.identity, was.identity.as_ref()),
        Attribute::of("generated", &alter.generated, was.generated.as_ref()),
        Attribute::of("collation", &alter.collation, was.collation.as_ref()),
        Attribute::of("charset", &alter.charset, was.charset.as_ref()),
        Attribute::of("autoincrement", &alter.autoincrement, was.autoincrement.as_ref()),
        Attribute::of("on_update", &alter.on_update, was.on_update.as_ref()),
        Attribute::of("comment", &alter.comment, was.comment.as_ref()),
        Attribute::of("after", &to, from.as_ref()),
        Attribute {
            name: "nullable",
            changes: alter.nullable.is_some(),
            was: alter.nullable.is_some() || was.nullable.is_some(),
            same: alter.nullable.is_some() && alter.nullable == was.nullable,
        },
    ]
}

pub(super) fn column(alter: &AlterColumn) -> Reverse {
    if alter.using.is_some() && alter.type_.is_none() {
        return Err(none("alter_column", "`using` requires a new `type`"));
    }
    complete("alter_column", &column_attributes(alter))?;
    let was = alter.was.clone().unwrap_or_default();
    let before = ColumnBefore {
        type_: alter.type_.clone(),
        using: alter.using.clone(),
        nullable: was.nullable.and(alter.nullable),
        default: alter.default.clone(),
        identity: alter.identity.clone(),
        generated: alter.generated.clone(),
        collation: alter.collation.clone(),
        charset: alter.charset.clone(),
        autoincrement: alter.autoincrement,
        on_update: alter.on_update.clone(),
        comment: alter.comment.clone(),
        after: alter.after.clone(),
        first: alter.first,
    };
    Ok(Operation::AlterColumn(AlterColumn {
        schema: alter.schema.clone(),
        table: alter.table.clone(),
        column: alter.rename.as_ref().unwrap_or(&alter.column).clone(),
        rename: alter.rename.as_ref().map(|_| alter.column.clone()),
        type_: was.type_,
        using: was.using,
        nullable: alter.nullable.map(|nullable| !nullable),
        default: was.default,
        identity: was.identity,
        generated: was.generated,
        collation: was.collation,
        charset: was.charset,
        autoincrement: was.autoincrement,
        on_update: was.on_update,
        comment: was.comment,
        after: was.after,
        first: was.first,
        was: (before != ColumnBefore::default()).then_some(before),
    }))
}

pub(in crate::model) fn domain_attributes(alter: &AlterDomain) -> Vec<Attribute> {
    let nothing = DomainBefore::default();
    let was = alter.was.as_ref().unwrap_or(&nothing);
    vec![
        Attribute::of("default", &alter.default, was.default.as_ref()),
        Attribute {
            name: "check",
            changes: alter.drop_check.is_some(),
            was: was.check.is_some(),
            same: false,
        },
    ]
}

pub(super) fn domain(alter: &AlterDomain) -> Reverse {
    complete("alter_domain", &domain_attributes(alter))?;
    let was = alter.was.clone().unwrap_or_default();
    let mut back = was.check;
    if let (Some(check), Some(name)) = (&mut back, &alter.drop_check) {
        if check.name.as_ref().is_some_and(|own| own != name) {
            return Err(none("alter_domain", "the check in its `was` has another name"));
        }
        check.name = Some(name.clone());
    }
    if alter.add_check.as_ref().is_some_and(|check| check.name.is_none()) {
        return Err(none("alter_domain", "its `add_check` has no name: give it one"));
    }
    let before = DomainBefore { default: alter.default.clone(), check: alter.add_check.clone() };
    Ok(Operation::AlterDomain(AlterDomain {
        schema: alter.schema.clone(),
        name: alter.name.clone(),
        nullable: alter.nullable.map(|nullable| !nullable),
        default: was.default,
        add_check: back,
        drop_check: alter.add_check.as_ref().and_then(|check| check.name.clone()),
        was: (before != DomainBefore::default()).then_some(before),
    }))
}

pub(in crate::model) fn sequence_attributes(alter: &AlterSequence) -> Vec<Attribute> {
    let nothing = SequenceDefinition::default();
    let was = alter.was.as_ref().unwrap_or(&nothing);
    let (to, from) = (&alter.definition.options, &was.options);
    vec![
        Attribute::of("type", &alter.definition.type_, was.type_.as_ref()),
        Attribute::of("start", &to.start, from.start.as_ref()),
        Attribute::of("increment", &to.increment, from.increment.as_ref()),
        Attribute::of("min", &to.min, from.min.as_ref()),
        Attribute::of("max", &to.max, from.max.as_ref()),
        Attribute::of("cache", &to.cache, from.cache.as_ref()),
        Attribute::of("cycle", &to.cycle, from.cycle.as_ref()),
        Attribute::of("owned_by", &alter.definition.owned_by, was.owned_by.as_ref()),
    ]
}

/// Where a sequence stands is no part of what it is: `restart` is not taken back.
pub(super) fn sequence(alter: &AlterSequence) -> Result<Vec<Operation>, Irreversible> {
    complete("alter_sequence", &sequence_attributes(alter))?;
    let was = alter.was.clone().unwrap_or_default();
    if was == SequenceDefinition::default() {
        return Ok(Vec::new());
    }
    Ok(vec![Operation::AlterSequence(AlterSequence {
        schema: alter.schema.clone(),
        name: alter.name.clone(),
        restart: None,
        definition: was,
        was: Some(alter.definition.clone()),
    })])
}

pub(in crate::model) fn policy_attributes(alter: &AlterPolicy) -> Vec<Attribute> {
    let nothing = PolicyBefore::default();
    let was = alter.was.as_ref().unwrap_or(&nothing);
    vec![
        Attribute::of("roles", &alter.roles, was.roles.as_ref()),
        Attribute::of("using", &alter.using, was.using.as_ref()),
        Attribute::of("check", &alter.check, was.check.as_ref()),
    ]
}

pub(super) fn policy(alter: &AlterPolicy) -> Reverse {
    complete("alter_policy", &policy_attributes(alter))?;
    let was = alter.was.clone().unwrap_or_default();
    let before = PolicyBefore {
        roles: alter.roles.clone(),
        using: alter.using.clone(),
        check: alter.check.clone(),
    };
    Ok(Operation::AlterPolicy(AlterPolicy {
        schema: alter.schema.clone(),
        table: alter.table.clone(),
        name: alter.rename.as_ref().unwrap_or(&alter.name).clone(),
        rename: alter.rename.as_ref().map(|_| alter.name.clone()),
        roles: was.roles,
        using: was.using,
        check: was.check,
        was: (before != PolicyBefore::default()).then_some(before),
    }))
}
