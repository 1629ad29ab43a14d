//! Lines: what a label, or any revision, has below and above it by parents.

use super::{Graph, Ix, NameError};

/// The line through one or more revisions.
#[derive(Debug)]
pub(super) struct Line {
    pub name: String,
    /// The revisions that name it.
    pub origin: Vec<Ix>,
    pub members: Vec<bool>,
    /// Those of the members that lie at or below the revisions that name the line.
    pub below: Vec<bool>,
}

impl Graph {
    /// The line through the revisions.
    pub(super) fn line_through(&self, name: &str, revisions: &[Ix]) -> Line {
        let below = self.below_by_parents(revisions.iter().copied());
        let above = self.above_by_parents(revisions.iter().copied());
        let members = below.iter().zip(&above).map(|(below, above)| *below || *above).collect();
        Line { name: name.to_owned(), origin: revisions.to_vec(), members, below }
    }

    /// Whether a node is of a line.
    pub(super) fn is_on(&self, line: &Line, ix: Ix) -> bool {
        let on = |set: &[bool]| set.get(self.squashes.last_of(ix).index()).copied();
        ix.index() < self.nodes.len() && on(&line.members).unwrap_or(false)
    }

    /// The heads, by parents, of the labels that a database takes.
    pub(super) fn heads_of_lines(&self, lines: &[String]) -> Result<Vec<Ix>, NameError> {
        let mut taken = vec![false; self.nodes.len()];
        for name in lines {
            let revisions = self.word(name, None)?;
            let line = self.line_through(name, &revisions);
            for (taken, member) in taken.iter_mut().zip(&line.members) {
                *taken |= member;
            }
        }
        let heads = self.head_indices().into_iter();
        Ok(heads.filter(|&ix| taken[self.squashes.last_of(ix).index()]).collect())
    }
}
