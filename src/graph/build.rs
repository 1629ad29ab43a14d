//! Building the graph, and all that can be wrong with it.

use std::collections::{BTreeMap, HashMap, HashSet};

use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef as _;

use super::nearest::nearest;
use super::squash::Squashes;
use super::{Edge, Graph, Ix, Node, Problem};
use crate::model::Id;

/// The grammar's own words.
pub(super) const RESERVED: [&str; 4] = ["head", "heads", "base", "current"];

impl Graph {
    /// Builds the graph and checks it; all problems are reported at once.
    ///
    /// # Errors
    /// Unknown parents and dependencies, cycles (named in full), duplicate ids, bad or clashing
    /// labels and tags, squashes that are not convex, or that overlap.
    pub fn new(
        mut nodes: Vec<Node>,
        tags: BTreeMap<String, Vec<Id>>,
    ) -> Result<Graph, Vec<Problem>> {
        let mut problems = Vec::new();
        drop_duplicates(&mut nodes, &mut problems);
        let files: HashSet<Id> = nodes.iter().map(|node| node.id.clone()).collect();
        nodes.extend(without_file(&nodes, &files));
        nodes.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        let has_file: Vec<bool> = nodes.iter().map(|node| files.contains(&node.id)).collect();
        let index: HashMap<Id, Ix> =
            nodes.iter().enumerate().map(|(n, node)| (node.id.clone(), Ix::new(n))).collect();
        for (node, _) in nodes.iter().zip(&has_file).filter(|(_, file)| **file) {
            check_id(node, &mut problems);
        }
        let labels = labels(&nodes, &index, &mut problems);
        let tags = check_tags(tags, &index, &labels, &mut problems);
        let named = named_edges(&nodes, &has_file, &index, &labels, &mut problems);
        let squashes = Squashes::new(&nodes, &has_file, &index, &named, &mut problems);

        let mut edges = DiGraph::with_capacity(nodes.len(), nodes.len());
        for _ in &nodes {
            edges.add_node(());
        }
        for (n, named) in named.iter().enumerate() {
            let ix = Ix::new(n);
            if !squashes.is_squash(ix) {
                for (below, kind) in squashes.canonical(named) {
                    edges.add_edge(ix, below, kind);
                }
            }
        }
        let mut graph = Graph {
            spread: vec![Vec::new(); nodes.len()],
            nodes,
            has_file,
            index,
            labels,
            tags,
            edges,
            squashes,
        };
        if toposort(&graph.edges, None).is_err() {
            graph.report_cycles(&mut problems);
        } else if problems.is_empty() {
            graph.check_squashes(&mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        graph.spread_labels();
        Ok(graph)
    }

    /// One cycle of each knot of revisions that stand on one another.
    fn report_cycles(&self, problems: &mut Vec<Problem>) {
        // Tarjan's algorithm would recurse as deep as the graph is long; Kosaraju's does not.
        for knot in kosaraju_scc(&self.edges) {
            let Some(&start) = knot.iter().min() else { continue };
            if knot.len() == 1 && !self.edges.contains_edge(start, start) {
                continue;
            }
            let inside: HashSet<Ix> = knot.iter().copied().collect();
            let mut path = vec![start];
            let mut place = HashMap::from([(start, 0)]);
            let mut at = start;
            let cycle = loop {
                let next = self
                    .edges
                    .edges(at)
                    .map(|edge| edge.target())
                    .filter(|below| inside.contains(below))
                    .min();
                let Some(next) = next else { break &path[..] };
                if let Some(&first) = place.get(&next) {
                    break &path[first..];
                }
                place.insert(next, path.len());
                path.push(next);
                at = next;
            };
            let mut ids: Vec<Id> = cycle.iter().map(|&ix| self.id(ix).clone()).collect();
            // Begin with the smallest id, whichever way the knot was entered.
            if let Some(first) = (0..ids.len()).min_by_key(|&n| ids[n].clone()) {
                ids.rotate_left(first);
            }
            let by_dependency = cycle.iter().zip(cycle.iter().cycle().skip(1)).any(|(&a, &b)| {
                self.edges.edges_connecting(a, b).any(|edge| *edge.weight() == Edge::Depends)
            });
            let words: Vec<&str> = ids.iter().chain(ids.first()).map(Id::as_str).collect();
            let message = if ids.len() == 1 {
                format!("{} depends on itself", words[0])
            } else {
                format!("a cycle: {}", words.join(" depends on "))
            };
            problems.push(Problem {
                word: ids.get(1).or(ids.first()).map(|id| id.as_str().to_owned()),
                revisions: ids,
                message,
                hint: Some(if by_dependency {
                    "remove one of them from `parents` or `depends_on`".to_owned()
                } else {
                    "remove one of them from `parents`".to_owned()
                }),
            });
        }
    }

    /// Labels reach all revisions above, and those below as far as one line leads to the top
    /// without a branch point or a merge.
    fn spread_labels(&mut self) {
        let declared: Vec<(String, Ix)> = self
            .labels
            .iter()
            .map(|(label, &ix)| (label.clone(), self.squashes.last_of(ix)))
            .collect();
        for (label, ix) in declared {
            let above = self.above_by_parents([ix]);
            let mut line: Vec<Ix> = self.indices().filter(|ix| above[ix.index()]).collect();
            if line.iter().all(|&ix| !self.is_branch_or_merge(ix)) {
                let mut at = ix;
                while let [below] = self.parents_of(at)[..]
                    && !self.is_branch_or_merge(below)
                {
                    line.push(below);
                    at = below;
                }
            }
            for ix in line {
                self.spread[ix.index()].push(label.clone());
            }
        }
    }

    fn is_branch_or_merge(&self, ix: Ix) -> bool {
        self.edges.edges_directed(ix, petgraph::Direction::Incoming).count() > 1
            || self.parents_of(ix).len() > 1
    }
}

fn problem(node: &Node, word: Option<&str>, message: String, hint: Option<String>) -> Problem {
    Problem { revisions: vec![node.id.clone()], word: word.map(str::to_owned), message, hint }
}

fn drop_duplicates(nodes: &mut Vec<Node>, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    nodes.retain(|node| {
        let first = seen.insert(node.id.clone());
        if !first {
            problems.push(problem(
                node,
                None,
                format!("there is another revision {}", node.id),
                Some("give one of them another id".to_owned()),
            ));
        }
        first
    });
}

/// The revisions that only squashes still speak of. Where several do, the smallest squash knows best.
fn without_file(nodes: &[Node], files: &HashSet<Id>) -> Vec<Node> {
    let mut squashes: Vec<&Node> = nodes.iter().filter(|node| !node.replaces.is_empty()).collect();
    squashes.sort_by_key(|node| (node.replaces.len(), &node.id));
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for replaced in squashes.into_iter().flat_map(|node| &node.replaces) {
        if !files.contains(&replaced.id) && seen.insert(replaced.id.clone()) {
            found.push(Node {
                id: replaced.id.clone(),
                parents: replaced.parents.clone(),
                depends_on: replaced.depends_on.clone(),
                labels: Vec::new(),
                replaces: Vec::new(),
                created: None,
                cost: 1,
            });
        }
    }
    found
}

fn check_id(node: &Node, problems: &mut Vec<Problem>) {
    let id = node.id.as_str();
    if RESERVED.contains(&id) {
        problems.push(problem(
            node,
            Some(id),
            format!("{id:?} is a reserved word and cannot be an id"),
            Some("give the revision another id".to_owned()),
        ));
    } else if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        problems.push(problem(
            node,
            Some(id),
            format!("{id:?} cannot be an id"),
            Some("use letters, digits and _ only".to_owned()),
        ));
    }
}

/// What is wrong with the text of a label or a tag.
fn bad_name(name: &str) -> Option<(String, String)> {
    if RESERVED.contains(&name) {
        Some(("is a reserved word".to_owned(), "choose another name".to_owned()))
    } else if name.is_empty()
        || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.')
    {
        Some(("is not a name".to_owned(), "use letters, digits, _ and . only".to_owned()))
    } else {
        None
    }
}

fn labels(
    nodes: &[Node],
    index: &HashMap<Id, Ix>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Ix> {
    let mut labels: BTreeMap<String, Ix> = BTreeMap::new();
    for (n, node) in nodes.iter().enumerate() {
        for label in &node.labels {
            if let Some((what, hint)) = bad_name(label) {
                problems.push(problem(
                    node,
                    Some(label),
                    format!("the label {label:?} {what}"),
                    Some(hint),
                ));
                continue;
            }
            if index.contains_key(label.as_str()) {
                problems.push(problem(
                    node,
                    Some(label),
                    format!("the label {label:?} is also the id of a revision"),
                    Some("choose another label".to_owned()),
                ));
            }
            let Some(&other) = labels.get(label) else {
                labels.insert(label.clone(), Ix::new(n));
                continue;
            };
            let other_node = &nodes[other.index()];
            // A squash keeps the labels of what it replaces.
            if replaces(other_node, &node.id) {
                labels.insert(label.clone(), Ix::new(n));
            } else if other.index() != n && !replaces(node, &other_node.id) {
                problems.push(Problem {
                    revisions: vec![node.id.clone(), other_node.id.clone()],
                    word: Some(label.clone()),
                    message: format!("the label {label:?} is also given by {}", other_node.id),
                    hint: Some(
                        "a label is given once, at any revision of its branch: remove it from one"
                            .to_owned(),
                    ),
                });
            }
        }
    }
    labels
}

fn replaces(squash: &Node, id: &Id) -> bool {
    squash.replaces.iter().any(|replaced| replaced.id == *id)
}

fn check_tags(
    tags: BTreeMap<String, Vec<Id>>,
    index: &HashMap<Id, Ix>,
    labels: &BTreeMap<String, Ix>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Vec<Ix>> {
    let mut checked = BTreeMap::new();
    let mut complain = |word: &str, message: String, hint: String| {
        problems.push(Problem {
            revisions: Vec::new(),
            word: Some(word.to_owned()),
            message,
            hint: Some(hint),
        });
    };
    for (tag, ids) in tags {
        if let Some((what, hint)) = bad_name(&tag.replace('-', "_")) {
            complain(&tag, format!("the tag {tag:?} {what}"), hint);
        } else if index.contains_key(tag.as_str()) {
            complain(
                &tag,
                format!("the tag {tag:?} is also the id of a revision"),
                "choose another tag".to_owned(),
            );
        } else if labels.contains_key(&tag) {
            complain(
                &tag,
                format!("the tag {tag:?} is also a label"),
                "choose another tag".to_owned(),
            );
        }
        let mut known = Vec::new();
        for id in ids {
            match index.get(&id) {
                Some(&ix) => known.push(ix),
                None => complain(
                    id.as_str(),
                    format!("the tag {tag:?} names {id}, which is not a revision"),
                    meant(
                        checked.len(),
                        id.as_str(),
                        index.keys().map(Id::as_str),
                        "correct or remove it",
                    ),
                ),
            }
        }
        checked.insert(tag, known);
    }
    checked
}

/// To how many problems the nearest names are looked up, for that takes a look at every name.
const HINTS: usize = 50;

/// A hint that names what was perhaps meant, else another.
fn meant<'a>(
    problems: usize,
    word: &str,
    names: impl Iterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    let near = if problems < HINTS { nearest(word, names) } else { Vec::new() };
    if near.is_empty() { otherwise.to_owned() } else { format!("was {} meant?", near.join(" or ")) }
}

/// The edges as the files name them, each target once.
fn named_edges(
    nodes: &[Node],
    has_file: &[bool],
    index: &HashMap<Id, Ix>,
    labels: &BTreeMap<String, Ix>,
    problems: &mut Vec<Problem>,
) -> Vec<Vec<(Ix, Edge)>> {
    let mut unknown_of_squash: HashMap<&Id, &Node> = HashMap::new();
    for node in nodes {
        for replaced in &node.replaces {
            unknown_of_squash.entry(&replaced.id).or_insert(node);
        }
    }
    let mut all = Vec::with_capacity(nodes.len());
    for (n, node) in nodes.iter().enumerate() {
        let mut edges: Vec<(Ix, Edge)> = Vec::new();
        let mut add = |target: Ix, kind| {
            if !edges.iter().any(|(seen, _)| *seen == target) {
                edges.push((target, kind));
            }
        };
        let speaker = if has_file[n] {
            node
        } else {
            unknown_of_squash.get(&node.id).copied().unwrap_or(node)
        };
        for parent in &node.parents {
            match index.get(parent) {
                Some(&target) => add(target, Edge::Parent),
                None => problems.push(problem(
                    speaker,
                    Some(parent.as_str()),
                    format!("there is no revision {parent}, which {} has as its parent", node.id),
                    Some(meant(
                        problems.len(),
                        parent.as_str(),
                        index.keys().map(Id::as_str),
                        "is its file missing here?",
                    )),
                )),
            }
        }
        for dependency in &node.depends_on {
            match index.get(dependency).or_else(|| labels.get(dependency.as_str())) {
                Some(&target) => add(target, Edge::Depends),
                None => problems.push(problem(
                    speaker,
                    Some(dependency.as_str()),
                    format!(
                        "there is no revision or label {dependency}, on which {} depends",
                        node.id
                    ),
                    Some(meant(
                        problems.len(),
                        dependency.as_str(),
                        index.keys().map(Id::as_str).chain(labels.keys().map(String::as_str)),
                        "is its file missing here?",
                    )),
                )),
            }
        }
        all.push(edges);
    }
    all
}
