//! A database's applied set, joined with the graph of the files.

use std::collections::{BinaryHeap, HashMap};

use super::{AppliedNode, Graph, Ix, PlanError};
use crate::model::Id;

/// A database's applied set, joined with the graph of the files.
#[derive(Debug, Clone)]
pub struct State {
    pub(super) rows: Vec<Row>,
    /// For each node the row of that very revision. Beyond the graph's nodes come the
    /// revisions that only rows speak of.
    row_at: Vec<Option<usize>>,
    /// For each node the row that brought it in: its own, or that of a squash.
    carrier: Vec<Option<usize>>,
    heads: Vec<usize>,
    unknown: HashMap<Id, Ix>,
}

/// A row of the applied set, with its names resolved.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub applied: AppliedNode,
    pub at: Ix,
    pub parents: Vec<Ix>,
    /// Parents and dependencies.
    pub below: Vec<Ix>,
}

impl State {
    /// Joins the rows with the files' graph.
    pub fn new(graph: &Graph, applied: Vec<AppliedNode>) -> State {
        let known = graph.nodes.len();
        let mut unknown = HashMap::new();
        for row in &applied {
            if !graph.index.contains_key(&row.id) {
                let next = Ix::new(known + unknown.len());
                unknown.entry(row.id.clone()).or_insert(next);
            }
        }
        let find = |id: &Id| {
            let label = || graph.labels.get(id.as_str());
            let ix = graph.index.get(id).or_else(|| unknown.get(id)).or_else(label);
            ix.map(|&ix| graph.squashes.last_of(ix))
        };
        let size = known + unknown.len();
        let mut state = State {
            rows: Vec::with_capacity(applied.len()),
            row_at: vec![None; size],
            carrier: vec![None; size],
            heads: Vec::new(),
            unknown: HashMap::new(),
        };
        for row in applied {
            let Some(&at) = graph.index.get(&row.id).or_else(|| unknown.get(&row.id)) else {
                continue;
            };
            let parents: Vec<Ix> = row.parents.iter().filter_map(find).collect();
            let dependencies = row.depends_on.iter().filter_map(find);
            let below = parents.iter().copied().chain(dependencies).collect();
            state.row_at[at.index()] = Some(state.rows.len());
            state.rows.push(Row { applied: row, at, parents, below });
        }
        for (n, row) in state.rows.iter().enumerate() {
            for leaf in graph.leaves_of(row.at) {
                // A revision's own row goes before that of a squash.
                if leaf == row.at || state.carrier[leaf.index()].is_none() {
                    state.carrier[leaf.index()] = Some(n);
                }
            }
        }
        state.unknown = unknown;
        state.heads = state.find_heads(graph);
        state
    }

    /// The state of a database that has applied the revisions and all below them, each by itself,
    /// for scripts that are made without a database.
    ///
    /// # Errors
    /// A revision on the way has no file any more, and no squash can be taken for it.
    pub fn assumed(graph: &Graph, heads: &[Id]) -> Result<State, PlanError> {
        let from = heads.iter().filter_map(|id| graph.index.get(id).copied());
        let steps = graph.up_order(&graph.steps_up(&graph.below(from))?);
        let applied = (1..).zip(&steps).map(|(seq, &ix)| graph.applied_node(ix, seq)).collect();
        Ok(State::new(graph, applied))
    }

    /// The rows on which no other row stands, by the rows' own edges and, through revisions
    /// that are missing, by the files'.
    fn find_heads(&self, graph: &Graph) -> Vec<usize> {
        let mut covered = vec![false; self.rows.len()];
        let mut seen = vec![false; self.row_at.len()];
        let mut stack: Vec<(Ix, usize)> = Vec::new();
        for (n, row) in self.rows.iter().enumerate() {
            stack.extend(row.below.iter().map(|&below| (below, n)));
        }
        while let Some((ix, from)) = stack.pop() {
            if let Some(row) = self.carrier[ix.index()] {
                // A squash's own revisions may name one another in rows of both.
                covered[row] |= row != from;
            } else if ix.index() < graph.nodes.len()
                && !std::mem::replace(&mut seen[ix.index()], true)
            {
                stack.extend(graph.below_of(ix).map(|below| (below, from)));
            }
        }
        // A revision applied by itself and by a squash too is the squash's.
        for (n, row) in self.rows.iter().enumerate() {
            if graph.squashes.is_squash(row.at) {
                for leaf in graph.leaves_of(row.at) {
                    if let Some(own) = self.row_at[leaf.index()]
                        && own != n
                    {
                        covered[own] = true;
                    }
                }
            }
        }
        let mut heads: Vec<usize> = (0..self.rows.len()).filter(|&n| !covered[n]).collect();
        if heads.is_empty() {
            // Rows written in odd ways may stand on one another: the last applied is on top.
            heads.extend((0..self.rows.len()).max_by_key(|&n| self.rows[n].applied.seq));
        }
        heads.sort_by_key(|&n| self.rows[n].at);
        heads
    }

    /// The heads of the applied set.
    pub fn heads(&self) -> Vec<Id> {
        self.heads.iter().map(|&n| self.rows[n].applied.id.clone()).collect()
    }

    /// The revisions applied, in the order in which they were.
    pub fn applied(&self) -> Vec<Id> {
        let mut rows: Vec<&AppliedNode> = self.rows.iter().map(|row| &row.applied).collect();
        rows.sort_by_key(|row| row.seq);
        rows.into_iter().map(|row| row.id.clone()).collect()
    }

    /// Revisions below the heads that are not applied.
    pub fn missing(&self, graph: &Graph) -> Vec<Id> {
        let witness = self.witnesses(graph);
        let missing: Vec<Ix> = graph.leaves().filter(|ix| witness[ix.index()].is_some()).collect();
        graph.ids(graph.up_order(&missing))
    }

    /// For each revision that is not applied, one that is and stands on it.
    pub(super) fn witnesses(&self, graph: &Graph) -> Vec<Option<usize>> {
        let mut witness = vec![None; graph.nodes.len()];
        let mut stack: Vec<(Ix, usize)> = Vec::new();
        for (n, row) in self.rows.iter().enumerate() {
            if row.at.index() < graph.nodes.len() {
                for leaf in graph.leaves_of(row.at) {
                    stack.extend(graph.below_of(leaf).map(|below| (below, n)));
                }
            } else {
                stack.extend(row.below.iter().map(|&below| (below, n)));
            }
        }
        while let Some((ix, row)) = stack.pop() {
            if ix.index() < graph.nodes.len()
                && self.carrier[ix.index()].is_none()
                && witness[ix.index()].is_none()
            {
                witness[ix.index()] = Some(row);
                stack.extend(graph.below_of(ix).map(|below| (below, row)));
            }
        }
        witness
    }

    /// Revisions up to the heads of the files (of the lines, if any) that are not applied, in the
    /// order in which they would run. A line that no revision declares has none.
    pub fn pending(&self, graph: &Graph, lines: &[String]) -> Vec<Id> {
        let heads: Vec<Ix> = if lines.is_empty() {
            graph.real_head_indices()
        } else {
            graph.heads_of_lines(lines).unwrap_or_default()
        };
        let mut wanted = graph.below(heads);
        self.remove_applied(&mut wanted);
        let (mut steps, gone) = graph.cover(&wanted);
        steps.extend(gone);
        graph.ids(graph.up_order(&steps))
    }

    /// Applied revisions that have no file, nor a squash that stands for them.
    pub fn unknown(&self, graph: &Graph) -> Vec<Id> {
        let unknown = self.rows.iter().filter(|row| row.at.index() >= graph.nodes.len());
        unknown.map(|row| row.applied.id.clone()).collect()
    }

    /// Applied revisions whose parents or dependencies in the files are others now.
    pub fn moved(&self, graph: &Graph) -> Vec<Id> {
        let moved = (0..self.rows.len()).filter(|&n| self.is_moved(graph, n));
        moved.map(|n| self.rows[n].applied.id.clone()).collect()
    }

    pub(super) fn is_moved(&self, graph: &Graph, row: usize) -> bool {
        let row = &self.rows[row];
        if row.at.index() >= graph.nodes.len() || !graph.has_file[row.at.index()] {
            return false;
        }
        // Compared by name first: a row may name a revision of which nothing is left.
        let node = graph.node(row.at);
        let differs = |mine: &[Id], file: &[Id]| {
            let canonical = |ids: &[Id]| {
                let mut ids: Vec<Id> = ids
                    .iter()
                    .map(|id| {
                        let known = graph.index.get(id).or_else(|| graph.labels.get(id.as_str()));
                        known.map_or_else(
                            || id.clone(),
                            |&ix| graph.id(graph.squashes.last_of(ix)).clone(),
                        )
                    })
                    .collect();
                ids.sort();
                ids.dedup();
                ids
            };
            mine != file && canonical(mine) != canonical(file)
        };
        differs(&row.applied.parents, &node.parents)
            || differs(&row.applied.depends_on, &node.depends_on)
    }

    /// Whether the revision is applied, itself or through a squash; a squash also if all that it
    /// stands for is.
    pub fn is_applied(&self, graph: &Graph, id: &Id) -> bool {
        match graph.index.get(id) {
            Some(&ix) => {
                let leaves = graph.leaves_of(ix);
                leaves.iter().all(|leaf| self.carrier[leaf.index()].is_some())
            }
            None => self.unknown.contains_key(id),
        }
    }

    /// The row of exactly this revision.
    pub(super) fn row_of(&self, ix: Ix) -> Option<usize> {
        self.row_at.get(ix.index()).copied().flatten()
    }

    /// The row that brought a revision in: its own, or that of a squash.
    pub(super) fn carrier_of(&self, ix: Ix) -> Option<usize> {
        self.carrier.get(ix.index()).copied().flatten()
    }

    /// The nodes of the heads, also of those that have no file.
    pub(super) fn head_nodes(&self) -> Vec<Ix> {
        self.heads.iter().map(|&n| self.rows[n].at).collect()
    }

    pub(super) fn is_head(&self, row: usize) -> bool {
        self.heads.contains(&row)
    }

    /// The name of a node, also of one that only rows speak of.
    pub(super) fn name<'a>(&'a self, graph: &'a Graph, ix: Ix) -> &'a Id {
        if ix.index() < graph.nodes.len() {
            return graph.id(ix);
        }
        let row = self.row_at[ix.index()].unwrap_or_default();
        &self.rows[row].applied.id
    }

    /// How many nodes there are, with those that only rows speak of.
    pub(super) fn nodes(&self) -> usize {
        self.row_at.len()
    }

    /// The node of an applied revision that only rows speak of.
    pub(super) fn unknown_node(&self, id: &Id) -> Option<Ix> {
        self.unknown.get(id).copied()
    }

    /// Takes what is applied out of a set.
    pub(super) fn remove_applied(&self, set: &mut [bool]) {
        for (wanted, carrier) in set.iter_mut().zip(&self.carrier) {
            *wanted &= carrier.is_none();
        }
    }

    /// All that stands on the given nodes, themselves included, by the files' edges and by the
    /// rows' own. A row that is reached anywhere is reached whole if `whole_rows` is set.
    pub(super) fn above(
        &self,
        graph: &Graph,
        from: impl IntoIterator<Item = Ix>,
        whole_rows: bool,
    ) -> Vec<bool> {
        let mut standing: Vec<Vec<Ix>> = vec![Vec::new(); self.row_at.len()];
        for row in &self.rows {
            for below in &row.below {
                standing[below.index()].push(row.at);
            }
        }
        let mut reached = vec![false; self.row_at.len()];
        let mut stack: Vec<Ix> = Vec::new();
        let push = |stack: &mut Vec<Ix>, ix: Ix| match graph.squashes.of(ix) {
            Some(squash) => stack.extend(&squash.leaves),
            None => stack.push(ix),
        };
        for ix in from {
            push(&mut stack, ix);
        }
        while let Some(ix) = stack.pop() {
            if std::mem::replace(&mut reached[ix.index()], true) {
                continue;
            }
            for &above in &standing[ix.index()] {
                push(&mut stack, above);
            }
            if ix.index() < graph.nodes.len() {
                stack.extend(graph.above_of(ix));
            }
            if whole_rows && let Some(row) = self.carrier[ix.index()] {
                push(&mut stack, self.rows[row].at);
            }
        }
        reached
    }

    /// The order in which rows go: the last applied first, and none before what stands on it.
    pub(super) fn down_order(&self, graph: &Graph, rows: &[usize]) -> Vec<usize> {
        // The rows, and whatever that is not applied lies between them.
        let mut between: HashMap<Ix, usize> = HashMap::new();
        let mut place = vec![None; self.rows.len()];
        for (n, &row) in rows.iter().enumerate() {
            place[row] = Some(n);
        }
        let mut below: Vec<Vec<usize>> = Vec::with_capacity(rows.len());
        let mut found: Vec<Ix> = Vec::new();
        let mut resolve = |ix: Ix, found: &mut Vec<Ix>| match self.carrier[ix.index()] {
            Some(row) => place[row],
            None => Some(*between.entry(ix).or_insert_with(|| {
                found.push(ix);
                rows.len() + found.len() - 1
            })),
        };
        for &row in rows {
            let targets = self.rows[row].below.iter();
            below.push(targets.filter_map(|&ix| resolve(ix, &mut found)).collect());
        }
        let mut next = 0;
        while next < found.len() {
            let targets: Vec<Ix> = graph.below_of(found[next]).collect();
            below.push(targets.into_iter().filter_map(|ix| resolve(ix, &mut found)).collect());
            next += 1;
        }

        let mut waits = vec![0_usize; below.len()];
        for &target in below.iter().flatten() {
            waits[target] += 1;
        }
        let by_seq = |n: usize| (self.rows[rows[n]].applied.seq, n);
        let mut ready: BinaryHeap<(i64, usize)> =
            (0..rows.len()).filter(|&n| waits[n] == 0).map(by_seq).collect();
        // Rows written in odd ways may stand on one another: then the last applied goes first.
        let mut rest: Vec<(i64, usize)> = (0..rows.len()).map(by_seq).collect();
        rest.sort_unstable();
        let mut done = vec![false; below.len()];
        let mut order = Vec::with_capacity(rows.len());
        while let Some((_, n)) = ready.pop().or_else(|| rest.pop()) {
            if std::mem::replace(&mut done[n], true) {
                continue;
            }
            order.push(rows[n]);
            let mut released = vec![n];
            while let Some(at) = released.pop() {
                for &target in &below[at] {
                    waits[target] = waits[target].saturating_sub(1);
                    if waits[target] > 0 || done[target] {
                        continue;
                    }
                    if target < rows.len() {
                        ready.push(by_seq(target));
                    } else {
                        done[target] = true;
                        released.push(target);
                    }
                }
            }
        }
        order
    }
}
