//! Revisions that come late: whether they commute with those that stand on them and ran before.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::db::Journal;
use crate::graph::Plan;
use crate::model::{Direction, Id, ObjectKind, Operation};
use crate::run::{Database, Error};
use crate::store::Store;

use super::lines::{self, Lines, Touching};

/// Why it is not known that the steps up of a plan commute with the applied revisions that stand on
/// them; `None`: what they touch is disjoint.
///
/// # Errors
/// A revision's body that is not right; as the server answers.
pub(in crate::run) async fn why_not_late(
    store: &Store,
    database: &mut Database,
    journal: &Journal,
    plan: &Plan,
) -> Result<Option<String>, Error> {
    let dialect = Some(database.connection.dialect());
    let ups = plan.steps.iter().filter(|step| step.direction == Direction::Up);
    let late: Vec<Id> = ups.map(|step| step.revision.clone()).collect();
    let above = above(store, &late);
    let applied: Vec<&Id> = journal.applied.iter().map(|row| &row.id).collect();
    if let Some(unknown) = applied.iter().find(|id| store.file(id).is_none()) {
        return Ok(Some(format!("{unknown} is applied, and its file is not here")));
    }
    let (followed, shared): (Vec<&Id>, Vec<&Id>) =
        applied.into_iter().partition(|id| above.contains(*id));
    let owned = |ids: Vec<&Id>| ids.into_iter().cloned().collect::<Vec<Id>>();
    let lines = Lines { below: Vec::new(), shared: owned(shared), sides: [late, owned(followed)] };
    let read = |ids: &[Id]| {
        ids.iter().map(|id| Touching::read(store, id, dialect)).collect::<Result<Vec<_>, _>>()
    };
    let sides = [read(&lines.sides[0])?, read(&lines.sides[1])?];
    let undecided = lines::undecided(store, &lines, [&sides[0], &sides[1]], dialect)?;
    if let Some(&(i, j)) = undecided.first() {
        let (one, other) = (&sides[0][i], &sides[1][j]);
        let what = match lines::meeting(one, other, dialect) {
            (.., Some(object)) => format!("both concern {object}"),
            _ => "what one of them runs is not known to leave the other alone".to_owned(),
        };
        return Ok(Some(format!("{} may not commute with {}: {what}", one.id(), other.id())));
    }
    let writes_rows = |side: &Vec<Touching>| side.iter().any(|touching| touching.writes_rows);
    if !sides.iter().any(writes_rows) {
        return Ok(None);
    }
    // A trigger that somebody made by hand carries rows where no revision says.
    let shared = read(&lines.shared)?;
    let mut known = BTreeSet::new();
    for entry in sides.iter().flatten().chain(&shared).flat_map(|one| one.entries(dialect)) {
        if let Operation::CreateTrigger(trigger) = entry.operation {
            known.insert(trigger.name.to_lowercase());
        }
    }
    let catalog = database.connection.read_catalog().await?;
    let foreign = catalog.objects.keys().find(|key| {
        key.kind == ObjectKind::Trigger && !known.contains(&key.name.name.to_lowercase())
    });
    Ok(foreign.map(|key| format!("the database has {key}, which no revision creates")))
}

/// What stands on any of these revisions.
fn above(store: &Store, ids: &[Id]) -> HashSet<Id> {
    let graph = store.graph();
    let mut above: HashSet<Id> = HashSet::new();
    let mut open = ids.to_vec();
    let mut dependents: HashMap<Id, Vec<Id>> = HashMap::new();
    for id in graph.ordered() {
        for below in [graph.parents(&id), graph.depends_on(&id)].concat() {
            dependents.entry(below).or_default().push(id.clone());
        }
    }
    while let Some(id) = open.pop() {
        for upper in dependents.get(&id).into_iter().flatten() {
            if above.insert(upper.clone()) {
                open.push(upper.clone());
            }
        }
    }
    above
}
