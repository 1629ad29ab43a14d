//! `upgrade`: what the targets have below them and the database has not.

use super::plan::Changes;
use super::{Graph, Ix, NameError, Names, PlanError, State};

impl Graph {
    pub(super) fn upgrade(
        &self,
        state: &State,
        targets: &[String],
        out_of_order: bool,
        context: &Names<'_>,
    ) -> Result<Changes, PlanError> {
        let targets = self.targets(targets, context)?;
        for (name, _) in &targets {
            if name.is_relative() && name.steps.is_some_and(|steps| steps < 0) {
                return Err(PlanError::Name(NameError::OutOfRange {
                    name: name.text.to_owned(),
                    reason: "an upgrade never goes down".to_owned(),
                }));
            }
        }
        let revisions = targets.into_iter().flat_map(|(_, target)| target.revisions);
        // What only rows speak of is applied already.
        let targets: Vec<Ix> = revisions.filter(|ix| ix.index() < self.nodes.len()).collect();
        let mut wanted = self.below(targets.iter().copied());
        self.rows_within(state, &targets, |ix| wanted.get(ix.index()) == Some(&true))?;
        state.remove_applied(&mut wanted);
        if !out_of_order {
            let witness = state.witnesses(self);
            let gaps: Vec<_> = self
                .leaves()
                .filter(|ix| wanted[ix.index()])
                .filter_map(|ix| witness[ix.index()].map(|row| (ix, row)))
                .collect();
            if !gaps.is_empty() {
                return Err(PlanError::OutOfOrder {
                    gaps: self.ids(gaps.iter().map(|(ix, _)| *ix)),
                    above: gaps
                        .iter()
                        .map(|(_, row)| state.rows[*row].applied.id.clone())
                        .collect(),
                });
            }
        }
        Ok(Changes { up: self.steps_up(&wanted)?, ..Changes::default() })
    }
}
