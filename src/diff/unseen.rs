//! What the account of one side may not see: it may be there, so it is neither made nor dropped, and two
//! schemas are not called equal as long as it is not seen.

use std::collections::BTreeMap;

use crate::model::{Catalog, ObjectKey, Unseen};

use super::difference::Skipped;
use super::equal::Same;

/// Leaves as they are the objects that one side may not see, and says which privilege is missing.
pub(super) fn leave(
    from: &Catalog,
    to: &mut Catalog,
    takes: &dyn Fn(&ObjectKey) -> bool,
    same: Same,
) -> Vec<Skipped> {
    let unseen: Vec<Unseen> = from.unseen.iter().chain(&to.unseen).cloned().collect();
    // Of many for the same reason one line is enough.
    let mut told: BTreeMap<(&str, &str), Vec<ObjectKey>> = BTreeMap::new();
    for one in &unseen {
        let is_it = |key: &&ObjectKey| covers(one, key, same);
        let here: Vec<ObjectKey> = from.objects.keys().filter(is_it).cloned().collect();
        let there: Vec<ObjectKey> = to.objects.keys().filter(is_it).cloned().collect();
        let probe = one.key();
        if takes(&probe) || here.iter().chain(&there).any(takes) {
            let keys = told.entry((&one.why, &one.hint)).or_default();
            if !keys.contains(&probe) {
                keys.push(probe);
            }
        }
        for key in there {
            to.objects.remove(&key);
        }
        for key in here {
            to.objects.insert(key.clone(), from.objects[&key].clone());
        }
    }
    let skipped = told.into_iter().filter_map(|((why, hint), keys)| {
        let about = keys.first()?.clone();
        let why = match keys.len() {
            1 => why.to_owned(),
            more => format!("{why}; the same holds of {} others", more - 1),
        };
        Some(Skipped { about, why, hint: hint.to_owned() })
    });
    skipped.collect()
}

fn covers(one: &Unseen, key: &ObjectKey, same: Same) -> bool {
    // A table may be one that only SQL makes.
    let is_kind = one.kind == key.kind || one.key().is_table() && key.is_table();
    let is_of = match (&one.of, &key.of) {
        (None, _) => true,
        (Some(one), Some(other)) if key.table().is_some() => {
            crate::text::same_object(same.0, one, other)
        }
        (one, other) => one == other,
    };
    is_kind && is_of && one.name.as_ref().is_none_or(|name| same.name(name, &key.name))
}
