//! `stamp`: rows come and go, nothing runs.

use super::lines::Line;
use super::plan::Changes;
use super::{Graph, Ix, Names, PlanError, State};

impl Graph {
    pub(super) fn stamp(
        &self,
        state: &State,
        names: &[String],
        purge: bool,
        only: bool,
        context: &Names<'_>,
    ) -> Result<Changes, PlanError> {
        if purge && only {
            return Err(PlanError::Refused(
                "--purge and --only contradict each other: one sets all rows, the other touches one"
                    .to_owned(),
            ));
        }
        let mut targets: Vec<Ix> = Vec::new();
        let mut gone = vec![false; state.rows.len()];
        for (_, target) in self.targets(names, context)? {
            if !target.revisions.is_empty() {
                targets.extend(target.revisions);
                continue;
            }
            // Below the base of a line: what stands on none of the other heads goes.
            for row in self.rows_of_line(state, target.line.as_ref()) {
                gone[row] = true;
            }
        }
        if only {
            return self.stamp_only(state, &targets);
        }
        let closure = self.closure_with_rows(state, &targets);
        if purge {
            let kept = self.rows_kept(state, &closure);
            for (row, gone) in gone.iter_mut().enumerate() {
                *gone = !kept[row];
            }
        } else {
            let above = state.above(self, targets.iter().copied(), false);
            let beyond = |ix: Ix| above[ix.index()] && !closure[ix.index()];
            for row in self.rows_within(state, &targets, beyond)? {
                gone[row] = true;
            }
            for row in self.rows_within(state, &targets, |ix| closure[ix.index()])? {
                gone[row] = false;
            }
        }
        let mut wanted: Vec<bool> = closure[..self.nodes.len()].to_vec();
        for (row, _) in state.rows.iter().zip(&gone).filter(|(_, gone)| !**gone) {
            for leaf in self.leaves_of(row.at) {
                if leaf.index() < wanted.len() {
                    wanted[leaf.index()] = false;
                }
            }
        }
        let down = (0..gone.len()).filter(|&row| gone[row]).collect();
        Ok(Changes { down, up: self.steps_up(&wanted)?, ..Changes::default() })
    }

    /// The targets' own rows, without those below.
    fn stamp_only(&self, state: &State, targets: &[Ix]) -> Result<Changes, PlanError> {
        if targets.is_empty() {
            return Err(PlanError::Refused("--only needs a revision, not the base".to_owned()));
        }
        let mut up = Vec::new();
        for &ix in targets {
            let applied = self.leaves_of(ix).iter().all(|&leaf| state.carrier_of(leaf).is_some());
            if applied || up.contains(&ix) {
                continue;
            }
            if !self.has_file[ix.index()] {
                return Err(PlanError::FileGone {
                    revision: self.id(ix).clone(),
                    squash: self.id(self.shown(ix)).clone(),
                });
            }
            up.push(ix);
        }
        Ok(Changes { up, ..Changes::default() })
    }

    /// Which rows are wholly within a set.
    fn rows_kept(&self, state: &State, set: &[bool]) -> Vec<bool> {
        let kept = |at: Ix| self.leaves_of(at).iter().all(|leaf| set[leaf.index()]);
        state.rows.iter().map(|row| kept(row.at)).collect()
    }

    /// The rows that only heads of a line, by both kinds of edge, have below them; all without a line.
    fn rows_of_line(&self, state: &State, line: Option<&Line>) -> Vec<usize> {
        let Some(line) = line else { return (0..state.rows.len()).collect() };
        let below = self.below(line.origin.iter().copied());
        let above = self.above(line.origin.iter().copied());
        let related = |ix: Ix| {
            let leaf = self.squashes.last_of(ix).index();
            leaf < self.nodes.len() && (below[leaf] || above[leaf])
        };
        let others: Vec<Ix> = state.head_nodes().into_iter().filter(|&ix| !related(ix)).collect();
        let kept = self.closure_with_rows(state, &others);
        let kept = self.rows_kept(state, &kept);
        (0..state.rows.len()).filter(|&row| !kept[row]).collect()
    }
}
