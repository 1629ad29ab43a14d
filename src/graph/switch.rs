//! `switch`: the least set of steps to exactly what the targets have below them.

use super::plan::Changes;
use super::{Graph, Ix, Names, PlanError, State};

impl Graph {
    pub(super) fn switch(
        &self,
        state: &State,
        targets: &[String],
        context: &Names<'_>,
    ) -> Result<Changes, PlanError> {
        let heads = ["heads".to_owned()];
        let targets = if targets.is_empty() { &heads } else { targets };
        let targets = self.targets(targets, context)?;
        let targets: Vec<Ix> =
            targets.into_iter().flat_map(|(_, target)| target.revisions).collect();
        let closure = self.closure_with_rows(state, &targets);
        let keep = |ix: Ix| closure[ix.index()];
        // A squash of which only a part is wanted cannot be kept, nor be undone in part.
        self.rows_within(state, &targets, keep)?;

        // What must go, or lies unapplied below something that would stay.
        let nodes = (0..closure.len()).map(Ix::new);
        let seeds = nodes.filter(|&ix| closure[ix.index()] != state.carrier_of(ix).is_some());
        let seeds: Vec<Ix> = seeds.filter(|&ix| !self.squashes.is_squash(ix)).collect();
        let reached = state.above(self, seeds, true);
        let mut down = Vec::new();
        let mut moved = Vec::new();
        for (n, row) in state.rows.iter().enumerate() {
            if self.leaves_of(row.at).iter().any(|ix| reached[ix.index()]) {
                down.push(n);
            } else if state.is_moved(self, n) {
                moved.push(n);
            }
        }
        let mut wanted: Vec<bool> = closure[..self.nodes.len()].to_vec();
        for leaf in self.leaves() {
            wanted[leaf.index()] &= reached[leaf.index()] || state.carrier_of(leaf).is_none();
        }
        Ok(Changes { down, up: self.steps_up(&wanted)?, moved })
    }

    /// The targets and all below them, also by the rows of revisions that have no file.
    pub(super) fn closure_with_rows(&self, state: &State, targets: &[Ix]) -> Vec<bool> {
        let mut known = Vec::new();
        let mut stack = Vec::new();
        for &ix in targets {
            if ix.index() < self.nodes.len() { known.push(ix) } else { stack.push(ix) }
        }
        let mut unknown = vec![false; state.nodes()];
        while let Some(ix) = stack.pop() {
            if std::mem::replace(&mut unknown[ix.index()], true) {
                continue;
            }
            let below = state.row_of(ix).map(|row| &state.rows[row].below);
            for &below in below.into_iter().flatten() {
                if below.index() < self.nodes.len() { known.push(below) } else { stack.push(below) }
            }
        }
        let mut closure = self.below(known);
        closure.resize(state.nodes(), false);
        for (member, unknown) in closure.iter_mut().zip(unknown) {
            *member |= unknown;
        }
        closure
    }
}
