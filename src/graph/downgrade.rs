//! `downgrade`: the targets' children, and all that stands on these.

use super::parse::{Name, Symbol};
use super::plan::Changes;
use super::resolve::Target;
use super::{Graph, Ix, NameError, Names, PlanError, State};

impl Graph {
    pub(super) fn downgrade(
        &self,
        state: &State,
        targets: &[String],
        context: &Names<'_>,
    ) -> Result<Changes, PlanError> {
        let mut gone = vec![false; state.rows.len()];
        for (name, target) in self.targets(targets, context)? {
            for row in self.rows_above(state, &name, &target)? {
                gone[row] = true;
            }
        }
        let down = (0..gone.len()).filter(|&row| gone[row]).collect();
        Ok(Changes { down, ..Changes::default() })
    }

    /// The rows that go for one target.
    fn rows_above(
        &self,
        state: &State,
        name: &Name<'_>,
        target: &Target,
    ) -> Result<Vec<usize>, PlanError> {
        if name.is_relative() && name.steps.is_some_and(|steps| steps > 0) {
            return Err(PlanError::Name(NameError::OutOfRange {
                name: name.text.to_owned(),
                reason: "a downgrade never goes up".to_owned(),
            }));
        }
        if name.symbol == Some(Symbol::Heads) && target.revisions.len() > 1 {
            return Err(self.several_heads(name, &target.revisions).into());
        }
        let not_below =
            || PlanError::NotBelow { target: name.text.to_owned(), heads: state.heads() };
        let is_base = target.revisions.is_empty();
        if is_base && target.line.is_none() && name.symbol == Some(Symbol::Base) {
            return Ok((0..state.rows.len()).collect());
        }
        let roots = match target.over.filter(|_| name.is_relative()) {
            // `-N` undoes exactly what it walks over, be it a merge or one of several children.
            Some(over) => vec![over],
            None => self.roots(state, target),
        };
        if roots.is_empty() && target.line.is_some() && !self.roots_of_all(state, target).is_empty()
        {
            return Err(not_below());
        }
        let reached = state.above(self, roots, false);
        let rows = self.rows_within(state, &target.revisions, |ix| reached[ix.index()])?;
        if rows.is_empty() && !is_base {
            let carrier = |ix: &Ix| state.carrier_of(self.squashes.last_of(*ix));
            let mut applied = target.revisions.iter().filter_map(carrier).peekable();
            if applied.peek().is_none() {
                return Err(not_below());
            }
            if !applied.any(|row| state.is_head(row)) {
                return Err(PlanError::Refused(format!(
                    "{} is applied, but only as a dependency (`depends_on`): there is nothing to downgrade to it",
                    name.text
                )));
            }
        }
        Ok(rows)
    }

    /// What stands directly on the target by parents, of its line only if there is one and a choice.
    fn roots(&self, state: &State, target: &Target) -> Vec<Ix> {
        let roots = self.roots_of_all(state, target);
        let Some(line) = target.line.as_ref().filter(|_| roots.len() > 1) else { return roots };
        let below: Vec<Ix> = roots
            .iter()
            .copied()
            .filter(|&ix| line.below.get(self.squashes.last_of(ix).index()) == Some(&true))
            .collect();
        if !below.is_empty() {
            return below;
        }
        roots.into_iter().filter(|&ix| self.is_on(line, ix)).collect()
    }

    fn roots_of_all(&self, state: &State, target: &Target) -> Vec<Ix> {
        if target.revisions.is_empty() {
            return self.leaves().filter(|&ix| self.parents_of(ix).is_empty()).collect();
        }
        let known: Vec<Ix> = self.known_of(target);
        let closure = self.below(known.iter().copied());
        let mut roots: Vec<Ix> = known.iter().flat_map(|&ix| self.children_of(ix)).collect();
        let targets: Vec<Ix> =
            target.revisions.iter().map(|&ix| self.squashes.last_of(ix)).collect();
        for row in &state.rows {
            if row.parents.iter().any(|parent| targets.contains(parent)) {
                roots.push(row.at);
            }
        }
        roots.retain(|&ix| {
            ix.index() >= self.nodes.len() || !closure[self.squashes.last_of(ix).index()]
        });
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    fn known_of(&self, target: &Target) -> Vec<Ix> {
        target.revisions.iter().copied().filter(|ix| ix.index() < self.nodes.len()).collect()
    }
}
