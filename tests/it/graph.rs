//! The graph against what must hold for every graph, and against slow oracles of its own.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use proptest::prelude::*;
use proptest::sample::Index;
use revdag::internals::graph::{
    AppliedNode, Graph, Names, Node, Plan, PlanError, ReplacedNode, Request, State,
};
use revdag::model::{Direction, Id};

type Ids = BTreeSet<String>;

/// A store's revisions and a database's rows, with plain slow answers about them.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// All revisions there ever were, by id; squashes among them.
    nodes: BTreeMap<String, Node>,
    /// Those whose files are gone.
    gone: Ids,
    /// What each squash stands for.
    squashes: BTreeMap<String, Ids>,
    rows: Vec<AppliedNode>,
    /// Whether the rows are what plain upgrades leave: no gaps, none moved.
    plain: bool,
}

fn text(id: &Id) -> String {
    id.as_str().to_owned()
}

impl World {
    fn files(&self) -> Vec<Node> {
        let files = self.nodes.iter().filter(|(id, _)| !self.gone.contains(*id));
        files.map(|(_, node)| node.clone()).collect()
    }

    fn graph(&self) -> Graph {
        Graph::new(self.files(), BTreeMap::new()).unwrap()
    }

    fn state(&self, graph: &Graph) -> State {
        State::new(graph, self.rows.clone())
    }

    /// The revisions that one stands for.
    fn leaves(&self, id: &str) -> Ids {
        self.squashes.get(id).cloned().unwrap_or_else(|| Ids::from([id.to_owned()]))
    }

    /// The last of the revisions that one stands for.
    fn last(&self, id: &str) -> String {
        let leaves = self.leaves(id);
        let named: Ids = leaves.iter().flat_map(|leaf| self.direct(leaf)).collect();
        // Only smaller squashes can be named from within.
        let smaller = |id: &String| self.leaves(id).len() < leaves.len();
        let stood_on: Ids = named.iter().filter(|id| smaller(id)).map(|id| self.last(id)).collect();
        leaves.into_iter().find(|leaf| !stood_on.contains(leaf)).unwrap()
    }

    /// What a revision's file names below it.
    fn direct(&self, id: &str) -> Ids {
        let node = &self.nodes[id];
        node.parents.iter().chain(&node.depends_on).map(text).collect()
    }

    fn below_of(&self, id: &str) -> Ids {
        self.direct(id).iter().map(|below| self.last(below)).collect()
    }

    /// The revisions, no squash among them, and all below them.
    fn closure(&self, ids: &Ids) -> Ids {
        let mut stack: Vec<String> = ids.iter().map(|id| self.last(id)).collect();
        let mut closure = Ids::new();
        while let Some(id) = stack.pop() {
            if closure.insert(id.clone()) {
                stack.extend(self.below_of(&id));
            }
        }
        closure
    }

    /// What a set of rows stands for.
    fn expand<'a>(&self, rows: impl IntoIterator<Item = &'a String>) -> Ids {
        rows.into_iter().flat_map(|id| self.leaves(id)).collect()
    }

    fn applied(&self) -> Ids {
        self.rows.iter().map(|row| text(&row.id)).collect()
    }

    fn all_leaves(&self) -> Ids {
        self.nodes.keys().filter(|id| !self.squashes.contains_key(*id)).cloned().collect()
    }

    /// Whether a revision may be applied on these rows.
    fn may_run(&self, rows: &Ids, id: &str) -> bool {
        let have = self.expand(rows);
        self.below_of(id).is_subset(&have) && self.leaves(id).is_disjoint(&have)
    }

    fn row(&self, id: &str, seq: i64) -> AppliedNode {
        let node = &self.nodes[id];
        AppliedNode {
            id: node.id.clone(),
            seq,
            parents: node.parents.clone(),
            depends_on: node.depends_on.clone(),
        }
    }

    /// The rows after a plan; panics where a step of it must not run.
    fn walk(&self, plan: &Plan) -> Vec<AppliedNode> {
        let mut rows = self.rows.clone();
        let mut seq = rows.iter().map(|row| row.seq).max().unwrap_or(0);
        for step in &plan.steps {
            let id = text(&step.revision);
            match step.direction {
                Direction::Up => {
                    let have: Ids = rows.iter().map(|row| text(&row.id)).collect();
                    assert!(!self.gone.contains(&id), "{id} has no file");
                    assert!(self.may_run(&have, &id), "{id} cannot run on {have:?}");
                    seq += 1;
                    rows.push(self.row(&id, seq));
                }
                Direction::Down => {
                    let place = rows.iter().position(|row| row.id == step.revision).unwrap();
                    rows.remove(place);
                    let leaves = self.leaves(&id);
                    for row in rows.iter().filter(|_| self.plain) {
                        for below in row.parents.iter().chain(&row.depends_on) {
                            assert!(
                                !leaves.contains(&self.last(below.as_str())),
                                "{id} goes while {} depends on it",
                                row.id
                            );
                        }
                    }
                }
            }
        }
        for id in &plan.moved {
            let row = rows.iter_mut().find(|row| row.id == *id).unwrap();
            *row = self.row(id.as_str(), row.seq);
        }
        rows
    }

    fn after(&self, plan: &Plan) -> World {
        World { rows: self.walk(plan), ..self.clone() }
    }

    /// Whether the database ran a squash in whose midst one of the revisions lies.
    fn inside_a_squash(&self, targets: &Ids) -> bool {
        let applied = self.applied();
        targets.iter().map(|id| self.last(id)).any(|leaf| {
            !applied.contains(&leaf)
                && self.squashes.iter().any(|(squash, leaves)| {
                    applied.contains(squash) && leaves.contains(&leaf) && self.last(squash) != leaf
                })
        })
    }

    /// The least cost of bringing in all that is wanted and nothing else, by trying everything.
    fn least_cost(&self, wanted: &Ids) -> Option<u64> {
        let allowed: Ids = wanted.union(&self.expand(&self.applied())).cloned().collect();
        let mut heap = BinaryHeap::from([(std::cmp::Reverse(0_u64), self.applied())]);
        let mut seen = BTreeSet::new();
        while let Some((std::cmp::Reverse(cost), rows)) = heap.pop() {
            if !seen.insert(rows.clone()) {
                continue;
            }
            if wanted.is_subset(&self.expand(&rows)) {
                return Some(cost);
            }
            for (id, node) in self.nodes.iter().filter(|(id, _)| !self.gone.contains(*id)) {
                if self.leaves(id).is_subset(&allowed) && self.may_run(&rows, id) {
                    let mut next = rows.clone();
                    next.insert(id.clone());
                    heap.push((std::cmp::Reverse(cost + node.cost), next));
                }
            }
        }
        None
    }

    fn cost(&self, plan: &Plan) -> u64 {
        let ups = plan.steps.iter().filter(|step| step.direction == Direction::Up);
        ups.map(|step| self.nodes[step.revision.as_str()].cost).sum()
    }
}

/// A revision's parents, dependency, time, cost and noise in its id.
type NodeSeed = (Vec<Index>, Option<Index>, Option<i64>, u64, u16);

/// What makes a world; every choice is an index into what is possible.
#[derive(Debug, Clone)]
struct Seeds {
    nodes: Vec<NodeSeed>,
    squashes: Vec<(Index, bool, bool, u64)>,
    ups: Vec<Index>,
    gaps: Vec<Index>,
    moved: Vec<(Index, Index)>,
}

fn seeds(size: usize, plain: bool) -> impl Strategy<Value = Seeds> {
    let index = any::<Index>;
    let node = (
        prop_oneof![
            1 => Just(Vec::new()),
            6 => prop::collection::vec(index(), 1),
            3 => prop::collection::vec(index(), 2..4),
        ],
        prop_oneof![5 => Just(None), 1 => index().prop_map(Some)],
        prop_oneof![Just(None), (0..3_i64).prop_map(Some)],
        1..5_u64,
        any::<u16>(),
    );
    let odd = if plain { 0..1 } else { 0..3_usize };
    (
        prop::collection::vec(node, 1..=size),
        prop::collection::vec((index(), any::<bool>(), any::<bool>(), 1..6_u64), 0..3),
        prop::collection::vec(index(), 0..=size),
        prop::collection::vec(index(), odd.clone()),
        prop::collection::vec((index(), index()), odd),
    )
        .prop_map(|(nodes, squashes, ups, gaps, moved)| Seeds {
            nodes,
            squashes,
            ups,
            gaps,
            moved,
        })
}

fn build(seeds: Seeds) -> World {
    let mut world = World {
        nodes: BTreeMap::new(),
        gone: Ids::new(),
        squashes: BTreeMap::new(),
        rows: Vec::new(),
        plain: seeds.gaps.is_empty() && seeds.moved.is_empty(),
    };
    let mut ids: Vec<String> = Vec::new();
    for (n, (parents, dependency, created, cost, noise)) in seeds.nodes.into_iter().enumerate() {
        // Ids that do not sort as the graph grows.
        let id = format!("r{noise:04x}_{n}");
        let pick = |index: &Index| Id::from(&ids[index.index(ids.len())]);
        let mut parents: Vec<Id> =
            if ids.is_empty() { Vec::new() } else { parents.iter().map(pick).collect() };
        parents.sort();
        parents.dedup();
        let dependency = dependency.filter(|_| !ids.is_empty()).map(|index| pick(&index));
        let depends_on: Vec<Id> =
            dependency.into_iter().filter(|id| !parents.contains(id)).collect();
        world.nodes.insert(
            id.clone(),
            Node {
                id: Id::from(&id),
                parents,
                depends_on,
                labels: Vec::new(),
                replaces: Vec::new(),
                created,
                cost,
            },
        );
        ids.push(id);
    }
    let delete: Vec<bool> = seeds.squashes.iter().map(|(_, _, delete, _)| *delete).collect();
    for (n, (place, rename, _, cost)) in seeds.squashes.into_iter().enumerate() {
        add_squash(&mut world, &format!("squash{n}"), place, rename, cost);
    }
    for index in seeds.ups {
        let applied = world.applied();
        let ready: Vec<&String> =
            world.nodes.keys().filter(|id| world.may_run(&applied, id)).collect();
        if !ready.is_empty() {
            let row = world.row(ready[index.index(ready.len())], world.rows.len() as i64 + 1);
            world.rows.push(row);
        }
    }
    for index in seeds.gaps {
        if !world.rows.is_empty() {
            world.rows.remove(index.index(world.rows.len()));
        }
    }
    for (index, other) in seeds.moved {
        if !world.rows.is_empty() {
            let row = index.index(world.rows.len());
            let parent = Id::from(&ids[other.index(ids.len())]);
            if parent != world.rows[row].id {
                world.rows[row].parents = vec![parent];
            }
        }
    }
    for (squash, _) in world.squashes.clone().keys().zip(delete).filter(|(_, delete)| *delete) {
        world.gone.extend(world.squashes[squash].iter().cloned());
    }
    world
}

/// Adds a squash over one of the stretches that have one way in and one way out, if there is any.
fn add_squash(world: &mut World, name: &str, place: Index, rename: bool, cost: u64) {
    let leaves = world.all_leaves();
    let closures: BTreeMap<&String, Ids> =
        leaves.iter().map(|id| (id, world.closure(&Ids::from([id.clone()])))).collect();
    let mut found: Vec<(String, Ids)> = Vec::new();
    for first in &leaves {
        for last in leaves.iter().filter(|last| closures[last].contains(first)) {
            let inside: Ids =
                closures[last].iter().filter(|id| closures[id].contains(first)).cloned().collect();
            let sound = leaves.iter().all(|id| {
                world.below_of(id).iter().all(|below| {
                    match (inside.contains(id), inside.contains(below)) {
                        (true, false) => id == first,
                        (false, true) => below == last,
                        _ => true,
                    }
                })
            });
            let nested = world.squashes.values().all(|other| {
                other.is_disjoint(&inside)
                    || (other != &inside && (other.is_subset(&inside) || inside.is_subset(other)))
            });
            if sound && nested {
                found.push((first.clone(), inside));
            }
        }
    }
    if found.is_empty() {
        return;
    }
    let (first, inside) = found.swap_remove(place.index(found.len()));
    let replaces = inside
        .iter()
        .map(|id| {
            let node = &world.nodes[id];
            ReplacedNode {
                id: node.id.clone(),
                parents: node.parents.clone(),
                depends_on: node.depends_on.clone(),
            }
        })
        .collect();
    let mut node = world.nodes[&first].clone();
    node.id = Id::from(name);
    node.replaces = replaces;
    node.cost = cost;
    world.nodes.insert(name.to_owned(), node);
    world.squashes.insert(name.to_owned(), inside.clone());
    if rename {
        // What stands on the last of them may as well name the squash.
        let last = world.last(name);
        for (id, node) in &mut world.nodes {
            if id != name && !inside.contains(id) && node.replaces.is_empty() {
                for parent in &mut node.parents {
                    if parent.as_str() == last {
                        *parent = Id::from(name);
                    }
                }
            }
        }
    }
}

pub(crate) fn world(size: usize) -> impl Strategy<Value = World> {
    seeds(size, false).prop_map(build)
}

fn plain_world(size: usize) -> impl Strategy<Value = World> {
    seeds(size, true).prop_map(build)
}

fn names(ids: &Ids) -> Vec<String> {
    ids.iter().cloned().collect()
}

/// One or two of the revisions that still have a name.
fn targets(world: &World, picks: &[Index]) -> Ids {
    let known: Vec<&String> = world.nodes.keys().collect();
    picks.iter().map(|pick| known[pick.index(known.len())].clone()).collect()
}

fn plan(world: &World, request: &Request) -> Result<Plan, PlanError> {
    let graph = world.graph();
    graph.plan(&world.state(&graph), request, &Names::default())
}

fn upgrade(targets: &Ids) -> Request {
    Request::Upgrade { targets: names(targets), out_of_order: true }
}

fn switch(targets: &Ids) -> Request {
    Request::Switch { targets: names(targets) }
}

fn picks() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 1..3)
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_upgrade_only_goes_up_and_ends_at_its_target(world in world(10), picks in picks()) {
        let targets = targets(&world, &picks);
        match plan(&world, &upgrade(&targets)) {
            Ok(plan) => {
                prop_assert!(plan.steps.iter().all(|step| step.direction == Direction::Up));
                prop_assert!(plan.moved.is_empty());
                let after = world.after(&plan);
                let mut wanted = world.closure(&targets);
                wanted.extend(world.expand(&world.applied()));
                prop_assert_eq!(world.expand(&after.applied()), wanted);
                let graph = world.graph();
                prop_assert_eq!(plan.heads_before, world.state(&graph).heads());
                prop_assert_eq!(plan.heads_after, after.state(&graph).heads());
            }
            Err(PlanError::InsideSquash { .. }) => prop_assert!(world.inside_a_squash(&targets)),
            Err(PlanError::FileGone { revision, .. }) => {
                prop_assert!(world.gone.contains(revision.as_str()));
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn an_upgrade_costs_the_least_there_is(world in world(7), picks in picks()) {
        let targets = targets(&world, &picks);
        let least = world.least_cost(&world.closure(&targets));
        match plan(&world, &upgrade(&targets)) {
            Ok(plan) => prop_assert_eq!(Some(world.cost(&plan)), least),
            Err(PlanError::InsideSquash { .. }) => {}
            Err(PlanError::FileGone { .. }) => prop_assert_eq!(least, None),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn a_gap_below_the_state_is_refused_unless_asked_for(world in world(10), picks in picks()) {
        let targets = targets(&world, &picks);
        let request = Request::Upgrade { targets: names(&targets), out_of_order: false };
        let have = world.expand(&world.applied());
        let missing: Ids = world.closure(&have).difference(&have).cloned().collect();
        let gaps: Ids = world.closure(&targets).intersection(&missing).cloned().collect();
        match plan(&world, &request) {
            Err(PlanError::OutOfOrder { gaps: found, above }) => {
                prop_assert_eq!(found.iter().map(text).collect::<Ids>(), gaps);
                for (gap, above) in found.iter().zip(&above) {
                    let leaves = world.leaves(above.as_str());
                    prop_assert!(world.closure(&leaves).contains(gap.as_str()));
                }
            }
            Err(PlanError::InsideSquash { .. }) => {}
            _ => prop_assert!(gaps.is_empty()),
        }
    }

    #[test]
    fn what_is_missing_lies_below_what_is_applied(world in world(10)) {
        let graph = world.graph();
        let have = world.expand(&world.applied());
        let below = world.closure(&have);
        let missing: Ids = world.state(&graph).missing(&graph).iter().map(text).collect();
        prop_assert_eq!(missing, below.difference(&have).cloned().collect::<Ids>());
        // The heads are those applied that lie below no other.
        let heads: Ids = world.state(&graph).heads().iter().map(text).collect();
        prop_assert_eq!(heads.is_empty(), have.is_empty());
        if world.plain {
            let on_top = |id: &String| {
                world.applied().iter().all(|other| {
                    other == id || !world.closure(&world.leaves(other)).contains(&world.last(id))
                })
            };
            prop_assert_eq!(heads, world.applied().into_iter().filter(on_top).collect::<Ids>());
        }
        for id in world.nodes.keys() {
            let applied = world.leaves(id).is_subset(&have);
            prop_assert_eq!(world.state(&graph).is_applied(&graph, &Id::from(id)), applied);
        }
    }

    #[test]
    fn a_switch_ends_exactly_at_its_target(world in world(10), picks in picks()) {
        let targets = targets(&world, &picks);
        match plan(&world, &switch(&targets)) {
            Ok(plan) => {
                let after = world.after(&plan);
                prop_assert_eq!(world.expand(&after.applied()), world.closure(&targets));
                let graph = world.graph();
                prop_assert!(after.state(&graph).missing(&graph).is_empty());
                prop_assert!(after.state(&graph).moved(&graph).is_empty());
                prop_assert_eq!(plan.heads_after, after.state(&graph).heads());
                // There is nothing to do twice.
                let again = super::graph::plan(&after, &switch(&targets)).unwrap();
                prop_assert!(again.steps.is_empty() && again.moved.is_empty());
            }
            Err(PlanError::FileGone { revision, .. }) => {
                prop_assert!(world.gone.contains(revision.as_str()));
            }
            Err(PlanError::InsideSquash { .. }) => {
                prop_assert!(world.squashes.keys().any(|id| world.applied().contains(id)));
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn a_switch_takes_down_no_more_than_it_must(world in plain_world(10), picks in picks()) {
        let targets = targets(&world, &picks);
        if let Ok(plan) = plan(&world, &switch(&targets)) {
            let closure = world.closure(&targets);
            let mut down: Ids = Ids::new();
            for step in plan.steps.iter().filter(|step| step.direction == Direction::Down) {
                down.extend(world.leaves(step.revision.as_str()));
            }
            // A squash alone never causes a down.
            let have = world.expand(&world.applied());
            prop_assert_eq!(down, have.difference(&closure).cloned().collect::<Ids>());
            prop_assert_eq!(world.least_cost(&closure).is_some(), true);
        }
    }

    #[test]
    fn switching_twice_ends_where_the_last_switch_does(
        world in world(10), first in picks(), second in picks(),
    ) {
        let (first, second) = (targets(&world, &first), targets(&world, &second));
        if let (Ok(there), Ok(direct)) =
            (plan(&world, &switch(&first)), plan(&world, &switch(&second)))
        {
            let there = world.after(&there);
            if let Ok(then) = plan(&there, &switch(&second)) {
                let direct = world.after(&direct);
                prop_assert_eq!(
                    world.expand(&there.after(&then).applied()),
                    world.expand(&direct.applied())
                );
            }
        }
    }

    #[test]
    fn a_downgrade_only_goes_down_and_leaves_nothing_on_its_target(
        world in world(10), pick in any::<Index>(),
    ) {
        let target = targets(&world, &[pick]);
        let request = Request::Downgrade { targets: names(&target) };
        let have = world.expand(&world.applied());
        match plan(&world, &request) {
            Ok(plan) => {
                prop_assert!(plan.steps.iter().all(|step| step.direction == Direction::Down));
                let after = world.after(&plan);
                let left = world.expand(&after.applied());
                let last = world.last(target.first().unwrap());
                let is_parent = |id: &String| {
                    let parents = &world.nodes[id].parents;
                    parents.iter().any(|parent| world.last(parent.as_str()) == last)
                };
                let children: Ids = world.all_leaves().into_iter().filter(is_parent).collect();
                for id in &left {
                    let below = world.closure(&Ids::from([id.clone()]));
                    prop_assert!(below.is_disjoint(&children), "{} is left above", id);
                }
                if world.plain {
                    prop_assert!(world.closure(&left).is_subset(&left));
                    let goes = |id: &&String| {
                        !world.closure(&Ids::from([(*id).clone()])).is_disjoint(&children)
                    };
                    let stays: Ids = have.iter().filter(|id| !goes(id)).cloned().collect();
                    prop_assert_eq!(left, stays);
                    let seq = |id: &Id| world.rows.iter().find(|row| row.id == *id).unwrap().seq;
                    let order: Vec<i64> =
                        plan.steps.iter().map(|step| seq(&step.revision)).collect();
                    prop_assert!(order.is_sorted_by(|a, b| a > b), "{:?}", order);
                }
            }
            Err(PlanError::NotBelow { .. } | PlanError::Refused(_)) => {
                let last = world.last(target.first().unwrap());
                let is_child = |id: &String| {
                    let parents = &world.nodes[id].parents;
                    parents.iter().any(|parent| world.last(parent.as_str()) == last)
                };
                prop_assert!(!world.plain || !have.iter().any(is_child));
            }
            Err(PlanError::InsideSquash { .. }) => {
                prop_assert!(world.squashes.keys().any(|id| world.applied().contains(id)));
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn up_and_down_again_leaves_nothing(world in world(10)) {
        let heads = Ids::from_iter(world.graph().heads().iter().map(text));
        if let Ok(up) = plan(&world, &upgrade(&heads)) {
            let top = world.after(&up);
            let graph = world.graph();
            prop_assert!(top.state(&graph).pending(&graph, &[]).is_empty());
            let base = Request::Downgrade { targets: vec!["base".to_owned()] };
            let down = plan(&top, &base).unwrap();
            prop_assert!(top.after(&down).rows.is_empty());
            prop_assert_eq!(down.steps.len(), top.rows.len());
        }
    }

    #[test]
    fn a_stamp_changes_only_what_its_targets_say(world in world(10), picks in picks()) {
        let targets = targets(&world, &picks);
        let have = world.expand(&world.applied());
        let closure = world.closure(&targets);
        let above = |id: &String| {
            let below = world.closure(&Ids::from([id.clone()]));
            targets.iter().any(|target| below.contains(&world.last(target)))
        };
        let stamp = |purge, only| {
            plan(&world, &Request::Stamp { targets: names(&targets), purge, only })
        };
        if let Ok(plan) = stamp(false, false) && world.plain {
            let mut wanted: Ids =
                have.iter().filter(|id| !above(id) || closure.contains(*id)).cloned().collect();
            wanted.extend(closure.iter().cloned());
            prop_assert_eq!(world.expand(&world.after(&plan).applied()), wanted);
        }
        if let Ok(plan) = stamp(true, false) {
            prop_assert_eq!(world.expand(&world.after(&plan).applied()), closure);
        }
        if let Ok(plan) = stamp(false, true) {
            prop_assert!(plan.steps.iter().all(|step| targets.contains(step.revision.as_str())));
            prop_assert!(plan.steps.iter().all(|step| step.direction == Direction::Up));
        }
    }

    #[test]
    fn the_order_of_files_means_nothing(
        (world, shuffled) in world(10).prop_flat_map(|world| {
            let files = Just(world.files()).prop_shuffle();
            (Just(world), files)
        }),
        picks in picks(),
    ) {
        let (one, other) =
            (world.graph(), Graph::new(shuffled, BTreeMap::new()).unwrap());
        prop_assert_eq!(one.ordered(), other.ordered());
        prop_assert_eq!(one.heads(), other.heads());
        let targets = targets(&world, &picks);
        for request in [upgrade(&targets), switch(&targets)] {
            let plan = |graph: &Graph| {
                graph.plan(&world.state(graph), &request, &Names::default())
            };
            prop_assert_eq!(plan(&one), plan(&other));
        }
    }

    #[test]
    fn the_order_puts_what_is_below_first(world in world(10)) {
        let order: Vec<String> = world.graph().ordered().iter().map(text).collect();
        prop_assert_eq!(order.len(), world.files().len());
        let place = |id: &str| order.iter().position(|other| other == id);
        for id in &order {
            for below in world.direct(id) {
                if let Some(below) = place(&below) {
                    prop_assert!(below < place(id).unwrap());
                }
            }
        }
    }

    #[test]
    fn no_name_makes_trouble(
        world in world(6),
        name in "[a-r0-9@+:{}_ -]{0,9}|(head|base|current|r[0-9]?)(@|[+-][0-9]|:|)(heads|r|[+-]1|)",
    ) {
        let graph = world.graph();
        let state = world.state(&graph);
        let context = Names { state: Some(&state), ..Names::default() };
        let targets = vec![name.clone()];
        let _ = graph.resolve(&targets, &context);
        let _ = graph.range(&name, &context);
        for request in [
            Request::Upgrade { targets: targets.clone(), out_of_order: true },
            Request::Downgrade { targets: targets.clone() },
            Request::Switch { targets: targets.clone() },
            Request::Stamp { targets: targets.clone(), purge: false, only: false },
            Request::Stamp { targets: targets.clone(), purge: true, only: false },
            Request::Stamp { targets, purge: false, only: true },
        ] {
            if let Ok(plan) = graph.plan(&state, &request, &context) {
                let stamp_only = matches!(request, Request::Stamp { only: true, .. });
                if !stamp_only {
                    world.walk(&plan);
                }
            }
        }
    }
}
