//! Two lines as a grid: each pair of a revision of the one and a revision of the other is a square, which is
//! closed if both ways around it lead to the same.
//!
//! If every square is closed, every order in which the lines can be mixed leads to the same. A square
//! whose revisions touch different things is closed in any state. Of the others each is closed if the way
//! along the row (the left line so far, then the right one) and the way along the column (the right
//! line so far, then the left one) meet in the same state; the states in front of it are the same
//! by then, on whatever way they were reached.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Id;
use crate::run::Error;
use crate::store::Store;
use crate::text::Dialect;

use super::lines::{self, Lines, Touching};

/// Two lines, and the squares that a replay has to close.
pub(super) struct Grid {
    pub lines: Lines,
    pub sides: [Vec<Touching>; 2],
    /// By the places in the lines.
    pub undecided: BTreeSet<(usize, usize)>,
}

impl Grid {
    pub fn new(store: &Store, heads: [&[Id]; 2], dialect: Option<Dialect>) -> Result<Grid, Error> {
        let lines = Lines::of(store, heads[0], heads[1])?;
        let read = |side: &[Id]| {
            side.iter().map(|id| Touching::read(store, id, dialect)).collect::<Result<Vec<_>, _>>()
        };
        let sides = [read(&lines.sides[0])?, read(&lines.sides[1])?];
        let undecided = lines::undecided(store, &lines, [&sides[0], &sides[1]], dialect)?;
        Ok(Grid { lines, sides, undecided })
    }

    pub fn is_decided(&self) -> bool {
        self.undecided.is_empty()
    }

    /// How many squares are closed by what their revisions touch.
    pub fn disjoint(&self) -> usize {
        self.sides[0].len() * self.sides[1].len() - self.undecided.len()
    }

    /// The revisions of a square.
    pub fn pair(&self, (i, j): (usize, usize)) -> [Id; 2] {
        [self.sides[0][i].id().clone(), self.sides[1][j].id().clone()]
    }

    pub fn undecided_ids(&self) -> impl Iterator<Item = [Id; 2]> + '_ {
        self.undecided.iter().map(|&square| self.pair(square))
    }

    /// The open squares, each behind those from which it can be reached.
    pub fn in_order(&self) -> Vec<(usize, usize)> {
        let mut squares: Vec<_> = self.undecided.iter().copied().collect();
        squares.sort_by_key(|(i, j)| (i + j, *i));
        squares
    }

    /// The ways along rows or along columns that pass all open squares.
    pub fn ways(&self, along: Along) -> BTreeMap<usize, Way> {
        let mut last: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for &(i, j) in &self.undecided {
            let (own, other) = along.of(i, j);
            last.entry(own).or_default().insert(other);
        }
        last.into_iter().map(|(own, others)| (own, self.way(along, own, &others))).collect()
    }

    /// The way along one row or column, with its stops at these places of the other line.
    pub fn way(&self, along: Along, own: usize, others: &BTreeSet<usize>) -> Way {
        let (first, second) = along.of(0, 1);
        let steps = (0..=own).map(|at| (first, at));
        let behind = others.last().map_or(0, |last| last + 1);
        let steps = steps.chain((0..behind).map(|at| (second, at))).collect();
        Way { steps, stops: others.iter().map(|other| own + other + 2).collect() }
    }

    /// One line by itself.
    pub fn alone(&self, side: usize) -> Way {
        let steps = (0..self.sides[side].len()).map(|at| (side, at)).collect();
        Way { steps, stops: BTreeSet::new() }
    }
}

/// Which line comes first on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Along {
    /// The left one.
    Row,
    /// The right one.
    Column,
}

impl Along {
    /// The two things of a square, that of the line which comes first in front.
    pub fn of<T>(self, left: T, right: T) -> (T, T) {
        match self {
            Along::Row => (left, right),
            Along::Column => (right, left),
        }
    }
}

/// Revisions to run one behind the other, by side and place, and after how many of them to look.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub steps: Vec<(usize, usize)>,
    pub stops: BTreeSet<usize>,
}
