//! Composite types (PostgreSQL), of which attributes come and go at the end while columns hold values of
//! them.

use crate::model::{Definition, ObjectKey, ObjectKind};
use crate::text::{self, Dialect};

use super::actions::Action;
use super::difference::sql_change;
use super::objects;
use super::planner::Planner;

/// An attribute of a composite type.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attribute {
    /// Its name.
    pub name: String,
    /// Its name, type and collation in SQL.
    sql: String,
}

/// What `ALTER TYPE` does to the end of a composite type.
pub(super) enum AttributeChange {
    /// Attributes come.
    Add(Vec<Attribute>),
    /// Attributes go, the first of them first.
    Drop(Vec<Attribute>),
}

impl AttributeChange {
    /// The attributes that go.
    pub(super) fn gone(&self) -> impl Iterator<Item = &Attribute> {
        match self {
            AttributeChange::Add(_) => [].iter(),
            AttributeChange::Drop(gone) => gone.iter(),
        }
    }
}

/// What leads from one composite type to the other while both are one type; `None`: nothing does.
pub(super) fn change(
    key: &ObjectKey,
    before: &Definition,
    after: &Definition,
) -> Option<AttributeChange> {
    let (before, after) = (attributes(key, before)?, attributes(key, after)?);
    if let Some(gone) = before.strip_prefix(after.as_slice()) {
        return Some(AttributeChange::Drop(gone.to_vec()));
    }
    after.strip_prefix(before.as_slice()).map(|new| AttributeChange::Add(new.to_vec()))
}

/// Whether a key is that of a composite type.
pub(super) fn is_composite(key: &ObjectKey) -> bool {
    key.kind == ObjectKind::Sql && key.of.as_deref() == Some("composite type")
}

/// The attributes of a composite type, as `CREATE TYPE … AS (…)` says them.
fn attributes(key: &ObjectKey, definition: &Definition) -> Option<Vec<Attribute>> {
    let Definition::Sql { create, .. } = definition else { return None };
    if !is_composite(key) {
        return None;
    }
    let dialect = Dialect::Postgres;
    let tokens = text::tokens(dialect, create);
    let open = tokens.iter().position(|token| token.text == "(")?;
    let (mut attributes, mut depth, mut first) = (Vec::new(), 0_usize, None);
    for token in tokens.get(open + 1..)? {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "," if depth == 0 => {
                let (name, start): (String, usize) = first.take()?;
                let sql = create.get(start..token.start)?.trim().to_owned();
                attributes.push(Attribute { name, sql });
                continue;
            }
            ")" | "]" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if first.is_none() {
            first = Some((text::name_of(dialect, token)?, token.start));
        }
    }
    Some(attributes)
}

impl Planner<'_> {
    /// Recreates a composite type whose attributes change, too: with those that it had, so that the columns
    /// that hold text get their values back, and then as one that is altered. Whether it is such a type.
    pub(super) fn recreate_composite(&mut self, key: &ObjectKey, after: &Definition) -> bool {
        let from = self.from;
        let before = from.objects.get(key).map(|object| &object.definition);
        let Some(before) = before.filter(|_| self.actions.get(key) == Action::Recreate) else {
            return false;
        };
        if self.same.definition(before, after) || change(key, before, after).is_none() {
            return false;
        }
        self.push(key, objects::make(self.options.dialect, key, before), None);
        self.restore_type(key);
        self.alter_composite(key, before, after);
        true
    }

    /// Adds or drops the attributes at the end of a composite type.
    pub(super) fn alter_composite(
        &mut self,
        key: &ObjectKey,
        before: &Definition,
        after: &Definition,
    ) {
        let dialect = self.options.dialect;
        let name = text::qualified(dialect, key.name.schema.as_deref(), &key.name.name);
        let add =
            |attribute: &Attribute| format!("ALTER TYPE {name} ADD ATTRIBUTE {}", attribute.sql);
        let drop = |attribute: &Attribute| {
            format!("ALTER TYPE {name} DROP ATTRIBUTE {}", text::ident(dialect, &attribute.name))
        };
        match change(key, before, after) {
            Some(AttributeChange::Add(new)) => {
                for attribute in &new {
                    let change =
                        sql_change(key.clone(), dialect, &add(attribute), &drop(attribute));
                    self.push(key, (change.operation, change.reverse), None);
                }
            }
            Some(AttributeChange::Drop(gone)) => {
                for attribute in gone.iter().rev() {
                    let destroys = format!("the values of {} in {}", attribute.name, key.name);
                    let change =
                        sql_change(key.clone(), dialect, &drop(attribute), &add(attribute));
                    self.push(key, (change.operation, change.reverse), Some(destroys));
                }
            }
            None => {}
        }
    }
}
