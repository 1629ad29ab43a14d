//! Which steps bring in a set of revisions at the least cost: a squash, or what it stands for.

use super::{Graph, Ix};

impl Graph {
    /// The steps that bring in the wanted revisions, of which none is applied yet, at the least cost.
    /// A squash is taken only for all of its revisions at once. Revisions that can be had only
    /// from a file that is gone come second.
    ///
    /// As the sets of squashes are nested or apart, each squash is a choice of its own: it, or the
    /// best way through its revisions.
    pub(super) fn cover(&self, wanted: &[bool]) -> (Vec<Ix>, Vec<Ix>) {
        let squashes = &self.squashes.all;
        // The cheapest way through each squash's revisions; a file that is gone costs everything.
        let mut through = vec![0_u64; squashes.len()];
        let mut count = vec![0_usize; squashes.len()];
        if !squashes.is_empty() {
            for leaf in self.leaves().filter(|ix| wanted[ix.index()]) {
                if let Some(place) = self.squashes.session_guard(leaf) {
                    let file = self.has_file[leaf.index()];
                    let cost = if file { self.node(leaf).cost } else { u64::MAX };
                    through[place] = through[place].saturating_add(cost);
                    count[place] += 1;
                }
            }
        }
        // The smaller squashes come first, so that those around them build on them.
        let mut whole = vec![false; squashes.len()];
        for (place, squash) in squashes.iter().enumerate() {
            whole[place] = count[place] == squash.leaves.len();
            if let Some(outer) = squash.within {
                count[outer] += count[place];
                let own = self.node(squash.node).cost;
                let best = if whole[place] { own.min(through[place]) } else { through[place] };
                through[outer] = through[outer].saturating_add(best);
            }
        }
        // The largest squash that is taken decides for all within it.
        let mut taken = vec![false; squashes.len()];
        let mut steps = Vec::new();
        for (place, squash) in squashes.iter().enumerate().rev() {
            if squash.within.is_some_and(|outer| taken[outer]) {
                taken[place] = true;
            } else if whole[place] && self.node(squash.node).cost <= through[place] {
                taken[place] = true;
                steps.push(squash.node);
            }
        }
        let mut gone = Vec::new();
        for leaf in self.leaves().filter(|ix| wanted[ix.index()]) {
            if self.squashes.session_guard(leaf).is_some_and(|place| taken[place]) {
                continue;
            }
            if self.has_file[leaf.index()] {
                steps.push(leaf);
            } else {
                gone.push(leaf);
            }
        }
        (steps, gone)
    }
}
