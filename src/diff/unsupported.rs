//! What no operation supports: where it is on one side only, it differs, and is skipped with its reason.

use std::collections::BTreeSet;

use crate::model::{Catalog, CatalogObject, Name, ObjectKey, ObjectKind};

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
        let differs = |what: &String, why: &str| left(key.clone(), format!("{what} {why}"));
        skipped.extend(before.difference(after).map(|what| differs(what, SHOULD_GO)));
        skipped.extend(after.difference(before).map(|what| differs(what, SHOULD_COME)));
    }
    skipped
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
