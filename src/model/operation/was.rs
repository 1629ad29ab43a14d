//! Whether what an operation says was there before can be so: the downgrade goes back to it.

use serde_json::Value;

use super::{DefaultValue, Irreversible, Operation, SchemaMismatch};
use crate::model::{ByDialect, Schema, SqlText};
use crate::text::{self, Dialect};

const HINT: &str =
    "`was` does not match the current definition: the downgrade would not restore it";

impl Operation {
    /// Why the `was` of the operation cannot be right: it contradicts the operation, or what the schema
    /// knows before it. What the schema does not know is not judged; what only the server could
    /// compare, such as types in other words, neither.
    pub fn check_was(&self, schema: &Schema, dialect: Dialect) -> Option<SchemaMismatch> {
        self.rules().check_was(schema, dialect).map(|message| SchemaMismatch {
            message,
            hint: Some(HINT.to_owned()),
            path: format!("{}.was", self.kind()),
        })
    }

    /// Whether it says what was there before.
    pub fn has_was(&self) -> bool {
        self.rules().has_was()
    }
}

/// An attribute of an `alter_…`: whether it changes, whether `was` says what it was, and whether both
/// say the same.
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) changes: bool,
    pub(super) was: bool,
    pub(super) same: bool,
}

impl Attribute {
    pub(super) fn of<T: PartialEq>(name: &'static str, to: &Option<T>, was: &Option<T>) -> Self {
        let same = to.is_some() && to == was;
        Attribute { name, changes: to.is_some(), was: was.is_some(), same }
    }

    /// What is wrong with what `was` says of it.
    pub(super) fn wrong(&self) -> Option<String> {
        if self.was && !self.changes {
            Some(format!("`was` has {}, which does not change", self.name))
        } else if self.same {
            Some(format!("`was` has the new {}", self.name))
        } else {
            None
        }
    }
}

/// The first thing wrong with a `was`.
pub(super) fn first_wrong(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(Attribute::wrong)
}

/// Refuses a `was` that contradicts the change, or says too little of it.
pub(super) fn complete(kind: &str, attributes: &[Attribute]) -> Result<(), Irreversible> {
    if let Some(wrong) = attributes.iter().find_map(Attribute::wrong) {
        return Err(Irreversible::new(kind, &wrong));
    }
    let unsaid = attributes.iter().filter(|attribute| attribute.changes && !attribute.was);
    let unsaid: Vec<String> = unsaid.map(|attribute| format!("`{}`", attribute.name)).collect();
    if unsaid.is_empty() {
        return Ok(());
    }
    Err(Irreversible::new(kind, &format!("it needs `was:` with {} as it was", unsaid.join(", "))))
}

pub(super) fn other_name(was: Option<&str>, name: Option<&str>) -> Option<String> {
    let (was, name) = (was?, name?);
    (was != name).then(|| format!("`was` is of {was}, not of {name}"))
}

pub(super) fn unreplaced(or_replace: bool, was: bool) -> Option<String> {
    (was && !or_replace).then(|| "`was` is given without `or_replace`".to_owned())
}

/// Whether two names may be of the same; what has none may be anything.
pub(super) fn same_names(one: Option<&str>, other: Option<&str>, dialect: Dialect) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => text::same_part(dialect, one, other),
        _ => true,
    }
}

pub(super) fn same_lists(one: &[&str], other: &[&str], dialect: Dialect) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| text::same_part(dialect, one, other))
}

/// Whether two types surely differ: a type has many names, so only the numbers of the same word tell.
pub(super) fn other_type(known: &SqlText, was: &SqlText, dialect: Dialect) -> bool {
    let (ByDialect::All(_), ByDialect::All(_)) = (known, was) else { return false };
    let parts = |type_: &SqlText| -> Option<(String, Vec<String>)> {
        let (word, rest) = type_.get(dialect)?.split_once('(')?;
        let numbers = rest.strip_suffix(')')?.split(',').map(|number| number.trim().to_owned());
        Some((word.trim().to_lowercase(), numbers.collect()))
    };
    match (parts(known), parts(was)) {
        (Some((one, numbers)), Some((other, others))) => {
            one == other && numbers.len() == others.len() && numbers != others
        }
        _ => false,
    }
}

/// Whether two defaults surely differ: two literals of one kind.
pub(super) fn other_default(known: Option<&DefaultValue>, was: Option<&DefaultValue>) -> bool {
    use DefaultValue::Literal;
    match (known, was) {
        (Some(Literal(Value::String(one))), Some(Literal(Value::String(other)))) => one != other,
        (Some(Literal(Value::Bool(one))), Some(Literal(Value::Bool(other)))) => one != other,
        (Some(Literal(Value::Number(one))), Some(Literal(Value::Number(other)))) => one != other,
        _ => false,
    }
}
