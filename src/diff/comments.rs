//! Comments that no definition holds. What is recreated loses its comment, on the way down as well: there
//! the comment comes back last, so on the way up it goes first.

use crate::model::operation::{CommentObject, SetComment};
use crate::model::{CatalogObject, Definition, Name, ObjectKey, ObjectKind, Operation};
use crate::sql;

use super::actions::Action;
use super::difference::Change;
use super::objects::{self, Pair, reversible};
use super::planner::Planner;

impl Planner<'_> {
    /// What stands where a comment is not told: the server's own.
    pub(super) fn usual_comment(&self, comment: &SetComment) -> Option<String> {
        let diff_rules = sql::diff_rules(self.options.dialect);
        let usual = (comment.on == CommentObject::Schema)
            .then(|| diff_rules.usual_schema_comment(&comment.name));
        usual.flatten().map(str::to_owned)
    }

    /// A comment comes when its object is there as it shall be.
    pub(super) fn comment(&mut self, key: &ObjectKey, object: &CatalogObject) {
        let Definition::Comment(comment) = &object.definition else { return };
        let was = match self.from.objects.get(key).map(|object| &object.definition) {
            Some(Definition::Comment(was)) => was.comment.clone(),
            _ => None,
        };
        let of_remade = comment.table.as_ref().is_some_and(|table| {
            let table = Name { schema: comment.schema.clone(), name: table.clone() };
            self.remade.contains(&(table, comment.name.clone()))
        });
        let of_remade = of_remade || object.depends_on.keys().any(|on| self.recreated.contains(on));
        let set = |was| Operation::Comment(SetComment { was: Some(was), ..comment.clone() });
        match self.actions.get(key) {
            Action::Create | Action::Recreate => self.change(key, set(self.usual_comment(comment))),
            Action::Keep | Action::Alter if of_remade => {
                let was = SetComment { comment: None, was: Some(was), ..comment.clone() };
                self.first(key, reversible(Operation::Comment(was)));
                self.change(key, set(None));
            }
            Action::Alter => self.change(key, set(was)),
            Action::Keep | Action::Drop => {}
        }
    }

    /// The comments of checks of domains, which only SQL makes, where the check is recreated.
    pub(super) fn comments_of_checks(&mut self) {
        let dialect = self.options.dialect;
        let from = self.from;
        for (key, object) in &from.objects {
            let domain = key.of.as_deref().and_then(|of| of.strip_prefix(OF_CHECK));
            let (ObjectKind::Sql, Some(domain)) = (key.kind, domain) else { continue };
            let domain = Name { schema: key.name.schema.clone(), name: domain.to_owned() };
            let is_remade = self.remade.contains(&(domain, key.name.name.clone()));
            if is_remade && self.actions.get(key) == Action::Keep {
                self.first(key, objects::drop(dialect, key, &object.definition));
                self.push(key, objects::make(dialect, key, &object.definition), None);
            }
        }
    }

    /// Puts a change of a comment in front of all others.
    fn first(&mut self, about: &ObjectKey, pair: Pair) {
        let effect = pair.0.effect(&self.working, self.options.dialect);
        let (about, (operation, reverse)) = (about.clone(), pair);
        let change = Change { about, operation, reverse, effect, destroys: None };
        self.difference.changes.insert(0, change);
    }
}

/// What the words for the comment on a check of a domain begin with.
const OF_CHECK: &str = "comment on constraint of domain ";
