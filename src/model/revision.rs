//! A revision: its header, its `up` and its `down`.

use std::borrow::Cow;
use std::fmt;

use super::{Entry, Id, Irreversible, Operation};
use crate::text::Dialect;

/// Which way a step goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Applies the revision.
    Up,
    /// Takes it back.
    Down,
}

impl Direction {
    /// `up` or `down`.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Up => "up",
            Direction::Down => "down",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// When a revision was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// As the file writes it, RFC 3339.
    pub text: String,
    /// The instant, in microseconds since 1970 UTC.
    pub micros: i64,
}

/// What a squash says of one revision that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The revision's id.
    pub revision: Id,
    /// Its parents.
    pub parents: Vec<Id>,
    /// Its dependencies.
    pub depends_on: Vec<Id>,
    /// The digest of its `up`, by dialect name; may be empty in a squash written by hand.
    pub up: Vec<(String, String)>,
    /// The digest of its `down`, by dialect name.
    pub down: Vec<(String, String)>,
}

/// What a revision says of itself, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its id.
    pub id: Id,
    /// Its parents; none: a base.
    pub parents: Vec<Id>,
    /// Revisions (or labels, meaning the revision that declares them) that must be applied before.
    pub depends_on: Vec<Id>,
    /// The labels it declares.
    pub labels: Vec<String>,
    /// What it is for, one line or more.
    pub message: String,
    /// When it was made.
    pub created: Option<Created>,
    /// The revisions that it stands for, if it is a squash.
    pub replaces: Vec<Replaced>,
    /// `false` where the header says `transaction: none`: every statement runs by itself.
    pub transactional: bool,
}

/// What takes a revision back.
#[derive(Debug, Clone, PartialEq)]
pub enum Down {
    /// Left out: the reverse of `up`.
    Derived,
    /// The file says that there is none.
    Irreversible,
    /// Given.
    Operations(Vec<Entry>),
}

/// A revision, read whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Its header.
    pub header: Header,
    /// What applies it.
    pub up: Vec<Entry>,
    /// What takes it back.
    pub down: Down,
    /// The file, relative to the store, with `/` between folders.
    pub file: String,
    /// The file's text.
    pub text: String,
}

impl Revision {
    /// What takes it back: its own `down`, or the reverse of its `up`, last first.
    ///
    /// # Errors
    /// Why there is no way back.
    pub fn way_down(&self) -> Result<Cow<'_, [Entry]>, Irreversible> {
        match &self.down {
            Down::Operations(entries) => Ok(Cow::Borrowed(entries)),
            Down::Irreversible => Err(Irreversible("its file says so".to_owned())),
            Down::Derived => reversed(self.up.iter()).map(Cow::Owned),
        }
    }

    /// What takes it back on a dialect: as [`Revision::way_down`], but only what that dialect runs has to
    /// have a reverse.
    ///
    /// # Errors
    /// Why there is no way back.
    pub fn way_down_on(&self, dialect: Dialect) -> Result<Cow<'_, [Entry]>, Irreversible> {
        if self.down != Down::Derived {
            return self.way_down();
        }
        let own = self.up.iter().flat_map(|entry| {
            entry
                .for_dialect(dialect)
                .unwrap_or(Cow::Borrowed(std::slice::from_ref(entry)))
                .into_owned()
        });
        let own: Vec<Entry> = own.filter(|entry| !is_empty_sql(entry, dialect)).collect();
        reversed(own.iter()).map(Cow::Owned)
    }
}

/// What undoes entries, last first; each on its entry's line.
fn reversed<'a>(
    up: impl DoubleEndedIterator<Item = &'a Entry>,
) -> Result<Vec<Entry>, Irreversible> {
    let mut down = Vec::new();
    for entry in up.rev() {
        let reverse = entry.operation.reverse()?;
        let line = entry.lines.own();
        down.extend(reverse.into_iter().map(|back| Entry::new(back, line)));
    }
    Ok(down)
}

/// Whether an entry is SQL that says that there is nothing to do on a dialect.
fn is_empty_sql(entry: &Entry, dialect: Dialect) -> bool {
    match &entry.operation {
        Operation::Sql(sql) => {
            sql.section(dialect).is_some_and(|section| section.text.trim().is_empty())
        }
        _ => false,
    }
}
