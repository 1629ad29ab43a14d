//! Plans: what every kind of them has in common.

use super::parse::{Name, Symbol};
use super::resolve::Target;
use super::{AppliedNode, Graph, Ix, Names, Plan, PlanError, Request, State, Step};
use crate::model::Direction;

/// What a request comes to, before it is put in order.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The rows that go.
    pub down: Vec<usize>,
    /// The revisions that come.
    pub up: Vec<Ix>,
    /// The rows that take their files' parents.
    pub moved: Vec<usize>,
}

impl Graph {
    /// The plan from a state to what is asked for. `+N` and `-N` count from that state.
    ///
    /// # Errors
    /// A name that does not resolve, or a walk that must not be taken.
    pub fn plan(
        &self,
        state: &State,
        request: &Request,
        context: &Names<'_>,
    ) -> Result<Plan, PlanError> {
        let context = Names { state: Some(state), ..*context };
        let changes = match request {
            Request::Upgrade { targets, out_of_order } => {
                self.upgrade(state, targets, *out_of_order, &context)?
            }
            Request::Downgrade { targets } => self.downgrade(state, targets, &context)?,
            Request::Switch { targets } => self.switch(state, targets, &context)?,
            Request::Stamp { targets, purge, only } => {
                self.stamp(state, targets, *purge, *only, &context)?
            }
        };
        Ok(self.finish(state, changes))
    }

    /// Puts the steps in order and looks where they end.
    fn finish(&self, state: &State, changes: Changes) -> Plan {
        let down = state.down_order(self, &changes.down);
        let up = self.up_order(&changes.up);
        let mut gone = vec![false; state.rows.len()];
        for &row in &down {
            gone[row] = true;
        }
        let mut moved = vec![false; state.rows.len()];
        for &row in &changes.moved {
            moved[row] = true;
        }
        let mut rows: Vec<AppliedNode> = Vec::new();
        for (n, row) in state.rows.iter().enumerate().filter(|(n, _)| !gone[*n]) {
            if moved[n] {
                rows.push(self.applied_node(row.at, row.applied.seq));
            } else {
                rows.push(row.applied.clone());
            }
        }
        let last = state.rows.iter().map(|row| row.applied.seq).max().unwrap_or(0);
        rows.extend((last + 1..).zip(&up).map(|(seq, &ix)| self.applied_node(ix, seq)));

        let id = |row: usize| state.rows[row].applied.id.clone();
        let downs = down.iter().map(|&row| Step { direction: Direction::Down, revision: id(row) });
        let ups =
            up.iter().map(|&ix| Step { direction: Direction::Up, revision: self.id(ix).clone() });
        Plan {
            steps: downs.chain(ups).collect(),
            moved: changes.moved.iter().map(|&row| id(row)).collect(),
            heads_before: state.heads(),
            heads_after: State::new(self, rows).heads(),
        }
    }

    /// The row of a revision that comes in from its file.
    pub(super) fn applied_node(&self, ix: Ix, seq: i64) -> AppliedNode {
        let node = self.node(ix);
        AppliedNode {
            id: node.id.clone(),
            seq,
            parents: node.parents.clone(),
            depends_on: self.depends_on(&node.id),
        }
    }

    /// The steps that bring in the wanted revisions, none of which is applied.
    pub(super) fn steps_up(&self, wanted: &[bool]) -> Result<Vec<Ix>, PlanError> {
        let (mut steps, gone) = self.cover(wanted);
        steps.sort_unstable();
        match gone.first() {
            None => Ok(steps),
            Some(&leaf) => Err(PlanError::FileGone {
                revision: self.id(leaf).clone(),
                squash: self.id(self.shown(leaf)).clone(),
            }),
        }
    }

    /// The targets of a request, each with the name it was given.
    pub(super) fn targets<'a>(
        &self,
        names: &'a [String],
        context: &Names<'_>,
    ) -> Result<Vec<(Name<'a>, Target)>, PlanError> {
        let mut targets = Vec::with_capacity(names.len());
        for text in names {
            let name = self.name(text)?;
            let target = self.target(&name, context)?;
            if name.symbol != Some(Symbol::Current) && !name.is_relative() {
                self.known(context, &target.revisions)?;
            }
            targets.push((name, target));
        }
        Ok(targets)
    }

    /// The rows all of whose revisions are in a set. That a squash is only partly in it is an
    /// error, for the one of the targets that lies inside the squash.
    pub(super) fn rows_within(
        &self,
        state: &State,
        targets: &[Ix],
        set: impl Fn(Ix) -> bool,
    ) -> Result<Vec<usize>, PlanError> {
        let mut rows = Vec::new();
        for (n, row) in state.rows.iter().enumerate() {
            let Some(squash) = self.squashes.of(row.at) else {
                if set(row.at) {
                    rows.push(n);
                }
                continue;
            };
            let within = squash.leaves.iter().filter(|&&leaf| set(leaf)).count();
            if within == squash.leaves.len() {
                rows.push(n);
            } else if within > 0 {
                let inside = |ix: &&Ix| squash.leaves.contains(&self.squashes.last_of(**ix));
                let target = targets.iter().find(inside).copied().unwrap_or(squash.last);
                return Err(PlanError::InsideSquash {
                    target: self.id(target).clone(),
                    squash: self.id(squash.node).clone(),
                });
            }
        }
        Ok(rows)
    }
}
