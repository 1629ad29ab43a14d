//! What no operation supports: where it is on one side only, it differs, and is skipped with its reason.

use std::collections::BTreeSet;

use crate::model::{Catalog, CatalogObject, Name, ObjectKey, ObjectKind, ObjectPart};

use super::actions::{Action, Actions};
use super::difference::Skipped;

/// What objects have beyond their definitions. That of an object that goes, goes with it.
pub(super) fn of_objects(from: &Catalog, to: &Catalog, actions: &Actions) -> Vec<Skipped> {
    let nothing = BTreeSet::new();
    let mut skipped = Vec::new();
    for (key, CatalogObject { unsupported: after, .. }) in &to.objects {
        let before = match actions.get(key) {
            // What a new one is made without.
            Action::Create | Action::Recreate => &nothing,
            _ => from.objects.get(key).map_or(&nothing, |object| &object.unsupported),
        };
        let recreated = recreated_in(key, from, actions);
        let is_lost = |words: &String| recreated.iter().any(|part| words.ends_with(part));
        let before: BTreeSet<String> =
            before.iter().filter(|words| !is_lost(words)).cloned().collect();
        let differs = |what: &String, why: &str| left(key.clone(), format!("{what} {why}"));
        skipped.extend(before.difference(after).map(|what| differs(what, SHOULD_GO)));
        skipped.extend(after.difference(&before).map(|what| differs(what, SHOULD_COME)));
    }
    skipped
}

/// How the words end that are about parts of a table which are recreated.
fn recreated_in(key: &ObjectKey, from: &Catalog, actions: &Actions) -> Vec<String> {
    let rule = format!("rule on {}", key.name);
    let of_table = |one: &&ObjectKey| from.objects[*one].depends_on.contains_key(key);
    let objects = from.objects.keys().filter(|one| actions.get(one) == Action::Recreate);
    let of_objects = objects.filter(of_table).filter_map(|one| {
        let name = &one.name.name;
        match (one.kind, one.of.as_deref()) {
            (ObjectKind::Trigger, _) if one.table().as_ref() == Some(&key.name) => {
                Some(format!("trigger {name}"))
            }
            (ObjectKind::Sql, Some(of)) if of == rule => Some(format!("rule {name}")),
            (ObjectKind::Sql, Some("statistics")) => Some(format!("of statistics {name}")),
            _ => None,
        }
    });
    let parts = actions.parts.get(key).into_iter().flatten();
    let of_parts = parts.filter_map(|part| match part {
        ObjectPart::Column(name) => Some(format!("of column {name}")),
        ObjectPart::Constraint(name) => Some(format!("of constraint {name}")),
        ObjectPart::Index(name) => Some(format!(" {name}")),
        _ => None,
    });
    of_objects.chain(of_parts).collect()
}

/// What stands by itself and cannot be compared, each under a key that a filter can take.
pub fn unsupported(
    from: &Catalog,
    to: &Catalog,
    takes: &dyn Fn(&ObjectKey) -> bool,
) -> Vec<Skipped> {
    let all = |catalog: &Catalog| catalog.unsupported.iter().cloned().collect::<BTreeSet<_>>();
    let (before, after) = (all(from), all(to));
    let gone = before.difference(&after).map(|what| (what, SHOULD_GO));
    let new = after.difference(&before).map(|what| (what, SHOULD_COME));
    let of =
        |what: &str| ObjectKey::new(ObjectKind::Sql, Name { schema: None, name: what.to_owned() });
    gone.chain(new)
        .filter(|(what, _)| takes(&of(what)))
        .map(|(what, why)| {
            // Its first word is what it is.
            let (kind, name) = what.split_once(' ').unwrap_or(("object", what));
            let about = ObjectKey { of: Some(kind.to_owned()), ..of(name) };
            left(about, format!("it {why}"))
        })
        .collect()
}

const SHOULD_GO: &str = "should not be there: no operation supports it";
const SHOULD_COME: &str = "should be there: no operation supports it";

fn left(about: ObjectKey, why: String) -> Skipped {
    Skipped { about, why, hint: "change it in SQL".to_owned() }
}
