//! What a dialect does not support of an operation. Its part of the operation's file takes the struct
//! apart by name and hands each field to this, from the outside in and in the order of the fields.

use super::refused::refusal;
use super::unsupported::Unsupported;
use crate::model::operation::{IndexColumn, IndexKey};
use crate::text::Dialect;

/// Why a dialect does not take a name that stands at this path, if it does not.
pub(super) type NameRule = fn(dialect: Dialect, path: &str, name: &str) -> Option<Unsupported>;

/// What the server would name by itself: what problems call it, and how the name for it begins.
pub(super) struct Unnamed(&'static str, &'static str);

impl Unnamed {
    pub(super) const INDEX: Unnamed = Unnamed("an index", "ix");
    pub(super) const UNIQUE: Unnamed = Unnamed("a unique constraint", "uq");
    pub(super) const FOREIGN_KEY: Unnamed = Unnamed("a foreign key", "fk");
    pub(super) const CHECK: Unnamed = Unnamed("a check", "ck");
    pub(super) const EXCLUDE: Unnamed = Unnamed("an exclusion", "ex");
}

/// Collects the first refusal of an operation: options that no engine of the family supports, then those
/// that this one does not, then missing names, then names that the server does not take.
pub(super) struct Support {
    dialect: Dialect,
    path: String,
    name_rule: NameRule,
    option: Option<Unsupported>,
    flavour_option: Option<Unsupported>,
    unnamed: Option<Unsupported>,
    name: Option<Unsupported>,
}

impl Support {
    /// Of an operation, whose kind is the path.
    pub(super) fn new(dialect: Dialect, path: &str, name_rule: NameRule) -> Self {
        let path = path.to_owned();
        let (option, flavour_option, unnamed, name) = (None, None, None, None);
        Support { dialect, path, name_rule, option, flavour_option, unnamed, name }
    }

    fn at(&self, part: &str) -> String {
        format!("{}.{part}", self.path)
    }

    /// Refuses a part if it is set.
    pub(super) fn refuse_if(&mut self, is_set: bool, part: &str, reason: &str) {
        if is_set && self.option.is_none() {
            self.option = Some(refusal(self.dialect, &self.at(part), reason));
        }
    }

    /// Refuses a part that another engine of the same family supports; told after what none of them does.
    pub(super) fn refuse_by_flavour_if(&mut self, is_set: bool, part: &str, reason: &str) {
        if is_set && self.flavour_option.is_none() {
            self.flavour_option = Some(refusal(self.dialect, &self.at(part), reason));
        }
    }

    /// Refuses the operation, or what this is about inside it.
    pub(super) fn refuse_whole_if(&mut self, is_unsupported: bool, reason: &str) {
        if is_unsupported && self.option.is_none() {
            self.option = Some(refusal(self.dialect, &self.path, reason));
        }
    }

    /// A name, by the rule of the dialect.
    pub(super) fn name<'n>(&mut self, part: &str, name: impl Into<Option<&'n String>>) {
        self.name_by(part, name, self.name_rule);
    }

    /// A name, by another rule.
    pub(super) fn name_by<'n>(
        &mut self,
        part: &str,
        name: impl Into<Option<&'n String>>,
        rule: NameRule,
    ) {
        if let (Some(name), None) = (name.into(), &self.name) {
            self.name = rule(self.dialect, &self.at(part), name);
        }
    }

    /// Names.
    pub(super) fn names(&mut self, part: &str, names: &[String]) {
        for (at, name) in names.iter().enumerate() {
            self.name(&format!("{part}.{at}"), name);
        }
    }

    /// Refuses what has no name, and which the server would name by itself.
    pub(super) fn needs_name<'n>(
        &mut self,
        name: &Option<String>,
        what: Unnamed,
        table: &'n str,
        columns: impl IntoIterator<Item = &'n str>,
    ) {
        if name.is_some() || self.unnamed.is_some() {
            return;
        }
        let Unnamed(what, prefix) = what;
        let columns = columns.into_iter().collect::<Vec<_>>().join("_");
        let parts = [prefix, table, columns.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        self.unnamed = Some(Unsupported {
            path: self.path.clone(),
            message: format!(
                "`{}` on {}: {what} without a name, which the server would generate",
                self.path, self.dialect
            ),
            hint: Some(format!("name it, for example `name: {}`", parts.join("_"))),
            unknown: None,
        });
    }

    /// What is inside a part.
    pub(super) fn within(&mut self, part: &str, inside: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path = self.at(part);
        inside(self);
        self.path.truncate(length);
    }

    /// What is inside each item of a list.
    pub(super) fn each<T>(
        &mut self,
        part: &str,
        items: &[T],
        mut inside: impl FnMut(&mut Self, &T),
    ) {
        for (at, item) in items.iter().enumerate() {
            self.within(&format!("{part}.{at}"), |support| inside(support, item));
        }
    }

    /// # Errors
    /// The first refusal.
    pub(super) fn finish(self) -> Result<(), Unsupported> {
        self.option.or(self.flavour_option).or(self.unnamed).or(self.name).map_or(Ok(()), Err)
    }
}

/// The name of a column of an index of which nothing else is said.
pub(super) fn plain_name(column: &IndexColumn) -> Option<&str> {
    match &column.key {
        IndexKey::Column(name) if *column == IndexColumn::plain(name) => Some(name),
        _ => None,
    }
}
