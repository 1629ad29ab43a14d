//! Squashes: which revisions each stands for, and how they nest.

use std::collections::{BTreeSet, HashMap};

use super::{Edge, Graph, Ix, Node, Problem};
use crate::model::Id;

/// A revision that stands for others.
#[derive(Debug)]
pub(super) struct Squash {
    /// The squash itself.
    pub node: Ix,
    /// All revisions that it stands for, those of the squashes within it instead of them.
    pub leaves: Vec<Ix>,
    /// The first of them, on which all others stand.
    pub first: Ix,
    /// The last of them, which stands on all others.
    pub last: Ix,
    /// What it stands on.
    pub below: Vec<(Ix, Edge)>,
    /// The smallest squash around it.
    pub within: Option<usize>,
}

/// All squashes that have files, the smaller before those around them.
#[derive(Debug, Default)]
pub(super) struct Squashes {
    pub all: Vec<Squash>,
    /// The place of a squash in `all`.
    by_node: HashMap<Ix, usize>,
    /// For each revision the place of the smallest squash that stands for it.
    innermost: HashMap<Ix, usize>,
}

impl Squashes {
    pub(super) fn new(
        nodes: &[Node],
        has_file: &[bool],
        index: &HashMap<Id, Ix>,
        named: &[Vec<(Ix, Edge)>],
        problems: &mut Vec<Problem>,
    ) -> Squashes {
        let mut squashes = Squashes::default();
        if nodes.iter().all(|node| node.replaces.is_empty()) {
            return squashes;
        }
        let mut sets: Vec<(Ix, BTreeSet<Ix>)> =
            expand(nodes, has_file, index, problems).into_iter().collect();
        sets.sort_by_key(|(node, leaves)| (leaves.len(), *node));
        // The outermost squash so far around each revision.
        let mut outermost: HashMap<Ix, usize> = HashMap::new();
        for (node, leaves) in sets {
            let Some((first, last)) = squashes.ends(&leaves, named) else {
                problems.push(Problem {
                    revisions: vec![nodes[node.index()].id.clone()],
                    word: Some("replaces".to_owned()),
                    message: format!(
                        "{} replaces revisions without a single first and a single last one",
                        nodes[node.index()].id
                    ),
                    hint: Some(
                        "a squash replaces one section of the graph, with a single entry and a single exit"
                            .to_owned(),
                    ),
                });
                continue;
            };
            let inside: BTreeSet<usize> =
                leaves.iter().filter_map(|leaf| outermost.get(leaf).copied()).collect();
            let overlap = inside.iter().find(|&&place| {
                let other = &squashes.all[place].leaves;
                other.len() == leaves.len() || other.iter().any(|leaf| !leaves.contains(leaf))
            });
            if let Some(&place) = overlap {
                let other = &nodes[squashes.all[place].node.index()].id;
                let id = &nodes[node.index()].id;
                problems.push(Problem {
                    revisions: vec![id.clone(), other.clone()],
                    word: Some("replaces".to_owned()),
                    message: format!("the squashes {id} and {other} overlap"),
                    hint: Some(
                        "the revisions of two squashes must be disjoint or nested".to_owned(),
                    ),
                });
                continue;
            }
            let place = squashes.all.len();
            for inner in inside {
                squashes.all[inner].within = Some(place);
            }
            for &leaf in &leaves {
                outermost.insert(leaf, place);
                squashes.innermost.entry(leaf).or_insert(place);
            }
            squashes.by_node.insert(node, place);
            squashes.all.push(Squash {
                node,
                leaves: leaves.into_iter().collect(),
                first,
                last,
                below: Vec::new(),
                within: None,
            });
        }
        for place in 0..squashes.all.len() {
            squashes.all[place].below =
                squashes.canonical(&named[squashes.all[place].node.index()]);
        }
        squashes
    }

    /// The one of the revisions that stands on no other of them, and the one on which no other stands.
    fn ends(&self, leaves: &BTreeSet<Ix>, named: &[Vec<(Ix, Edge)>]) -> Option<(Ix, Ix)> {
        let mut first = Vec::new();
        let mut last = leaves.clone();
        for &leaf in leaves {
            let mut is_first = true;
            for (below, _) in &named[leaf.index()] {
                let below = self.last_of(*below);
                if leaves.contains(&below) {
                    is_first = false;
                    last.remove(&below);
                }
            }
            if is_first {
                first.push(leaf);
            }
        }
        let mut last = last.into_iter();
        match (&first[..], last.next(), last.next()) {
            ([first], Some(last), None) => Some((*first, last)),
            _ => None,
        }
    }

    pub(super) fn is_squash(&self, ix: Ix) -> bool {
        self.by_node.contains_key(&ix)
    }

    /// The squash that a node is.
    pub(super) fn of(&self, ix: Ix) -> Option<&Squash> {
        self.by_node.get(&ix).map(|&place| &self.all[place])
    }

    /// The place of the smallest squash that stands for a revision.
    pub(super) fn session_guard(&self, leaf: Ix) -> Option<usize> {
        self.innermost.get(&leaf).copied()
    }

    /// A revision itself; of a squash the last revision that it stands for.
    pub(super) fn last_of(&self, ix: Ix) -> Ix {
        self.of(ix).map_or(ix, |squash| squash.last)
    }

    /// Edges with each squash named in them replaced by the last revision that it stands for.
    pub(super) fn canonical(&self, named: &[(Ix, Edge)]) -> Vec<(Ix, Edge)> {
        let mut edges: Vec<(Ix, Edge)> = Vec::with_capacity(named.len());
        // Parents first, so that a target named both ways counts as a parent.
        for wanted in [Edge::Parent, Edge::Depends] {
            for (target, kind) in named.iter().filter(|(_, kind)| *kind == wanted) {
                let target = self.last_of(*target);
                if !edges.iter().any(|(seen, _)| *seen == target) {
                    edges.push((target, *kind));
                }
            }
        }
        edges
    }
}

/// The revisions behind each squash, with those of a squash in place of the squash itself.
fn expand(
    nodes: &[Node],
    has_file: &[bool],
    index: &HashMap<Id, Ix>,
    problems: &mut Vec<Problem>,
) -> HashMap<Ix, BTreeSet<Ix>> {
    let mut done: HashMap<Ix, BTreeSet<Ix>> = HashMap::new();
    let mut waiting: Vec<(Ix, Vec<Ix>)> = nodes
        .iter()
        .enumerate()
        .filter(|(n, node)| has_file[*n] && !node.replaces.is_empty())
        .map(|(n, node)| {
            let replaced = node.replaces.iter().filter_map(|r| index.get(&r.id).copied());
            (Ix::new(n), replaced.collect())
        })
        .collect();
    let is_squash = |ix: Ix| !nodes[ix.index()].replaces.is_empty();
    while !waiting.is_empty() {
        let (ready, later): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(_, all)| all.iter().all(|&ix| !is_squash(ix) || done.contains_key(&ix)));
        waiting = later;
        if ready.is_empty() {
            for (node, _) in waiting {
                let id = &nodes[node.index()].id;
                problems.push(Problem {
                    revisions: vec![id.clone()],
                    word: Some("replaces".to_owned()),
                    message: format!("the squash {id} replaces itself"),
                    hint: Some("remove it from `replaces`".to_owned()),
                });
            }
            break;
        }
        for (node, replaced) in ready {
            let mut leaves = BTreeSet::new();
            for ix in replaced {
                match done.get(&ix) {
                    Some(inner) => leaves.extend(inner.iter().copied()),
                    None => {
                        leaves.insert(ix);
                    }
                }
            }
            done.insert(node, leaves);
        }
    }
    done
}

impl Graph {
    /// Checks that each squash has one way in, one way out, and stands where its revisions stand.
    pub(super) fn check_squashes(&self, problems: &mut Vec<Problem>) {
        for squash in &self.squashes.all {
            let id = self.id(squash.node);
            let inside: BTreeSet<Ix> = squash.leaves.iter().copied().collect();
            let mut complain = |other: Ix, message: String, hint: &str| {
                problems.push(Problem {
                    revisions: vec![id.clone(), self.id(other).clone()],
                    word: Some("replaces".to_owned()),
                    message,
                    hint: Some(hint.to_owned()),
                });
            };
            let mut below_first = None;
            let mut above_last = None;
            for &leaf in &squash.leaves {
                for below in self.below_of(leaf).filter(|below| !inside.contains(below)) {
                    if leaf == squash.first {
                        continue;
                    }
                    let reached = below_first.get_or_insert_with(|| self.below([squash.first]));
                    if !reached[below.index()] {
                        complain(
                            leaf,
                            format!(
                                "the squash {id} has a second entry: {} depends on {}",
                                self.id(leaf),
                                self.id(below)
                            ),
                            "only the first of the revisions may depend on others outside",
                        );
                    }
                }
                for above in self.above_of(leaf).filter(|above| !inside.contains(above)) {
                    if leaf == squash.last {
                        continue;
                    }
                    let reached = above_last.get_or_insert_with(|| self.above([squash.last]));
                    if !reached[above.index()] {
                        complain(
                            leaf,
                            format!(
                                "the squash {id} has a second exit: {} depends on {}",
                                self.id(above),
                                self.id(leaf)
                            ),
                            "others outside may depend only on the last of the revisions",
                        );
                    }
                }
            }
            let own: BTreeSet<Ix> = squash.below.iter().map(|(below, _)| *below).collect();
            let first: BTreeSet<Ix> = self.below_of(squash.first).collect();
            if own != first && self.below(own) != self.below(first) {
                complain(
                    squash.first,
                    format!(
                        "the squash {id} does not depend on what {}, the first that it replaces, depends on",
                        self.id(squash.first)
                    ),
                    "give it the same `parents` and `depends_on`",
                );
            }
        }
    }

    /// The squashes around a revision that end with it, the largest.
    pub(super) fn squash_ending_with(&self, leaf: Ix) -> Option<&Squash> {
        let mut found = None;
        let mut place = self.squashes.session_guard(leaf);
        while let Some(at) = place {
            let squash = &self.squashes.all[at];
            if squash.last != leaf {
                break;
            }
            found = Some(squash);
            place = squash.within;
        }
        found
    }

    /// The revision if it has a file, else the smallest squash that stands for it.
    pub(super) fn shown(&self, ix: Ix) -> Ix {
        if self.has_file.get(ix.index()).copied().unwrap_or(true) {
            return ix;
        }
        self.squashes.session_guard(ix).map_or(ix, |place| self.squashes.all[place].node)
    }
}
