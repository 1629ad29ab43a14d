//! Operations as they stand in a file, and the lines of their parts.

use std::borrow::Cow;

use super::Operation;
use crate::model::ByDialect;
use crate::text::Dialect;

/// An operation and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The operation.
    pub operation: Operation,
    /// Where its parts stand in the file.
    pub lines: Lines,
}

impl Entry {
    /// An operation that stands on one line.
    pub fn new(operation: Operation, line: usize) -> Self {
        Entry { operation, lines: Lines::new(line) }
    }

    /// The entries that a dialect runs: itself, or, of one by dialect, those for it. `None`: nobody
    /// has said what this dialect should run.
    pub fn for_dialect(&self, dialect: Dialect) -> Option<Cow<'_, [Entry]>> {
        let Operation::ByDialect(operations) = &self.operation else {
            return Some(Cow::Borrowed(std::slice::from_ref(self)));
        };
        let named = match operations {
            ByDialect::All(_) => None,
            ByDialect::Each(each) => {
                each.iter().map(|(own, _)| *own).find(|own| *own == dialect).or(dialect.fallback())
            }
        };
        let mut entries = Vec::new();
        for (at, operation) in operations.get(dialect)?.iter().enumerate() {
            let lines = match named {
                Some(named) => self.lines.below(&format!("by_dialect.{}.{at}", named.name())),
                None => self.lines.below(&format!("by_dialect.{at}")),
            };
            let entry = Entry { operation: operation.clone(), lines };
            entries.extend(entry.for_dialect(dialect)?.into_owned());
        }
        Some(Cow::Owned(entries))
    }
}

/// The lines on which the parts of an operation stand, by their path in it, such as
/// `create_table.columns.0.type`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    own: usize,
    parts: Vec<(String, usize)>,
}

impl Lines {
    /// All on one line, counted from 1.
    pub fn new(line: usize) -> Self {
        Lines { own: line, parts: Vec::new() }
    }

    /// The operation's line, and those of its parts.
    pub fn with(line: usize, parts: Vec<(String, usize)>) -> Self {
        Lines { own: line, parts }
    }

    /// The line of the whole.
    pub fn own(&self) -> usize {
        self.own
    }

    /// The line of a part, or of the nearest that holds it.
    pub fn of(&self, path: &str) -> usize {
        let mut path = path;
        loop {
            if let Some((_, line)) = self.parts.iter().find(|(part, _)| part == path) {
                return *line;
            }
            match path.rsplit_once('.') {
                Some((above, _)) => path = above,
                None => return self.own,
            }
        }
    }

    /// The lines of a part, whose path is then the empty one.
    fn below(&self, path: &str) -> Lines {
        let inner = |part: &str| Some(part.strip_prefix(path)?.strip_prefix('.')?.to_owned());
        let parts = self.parts.iter().filter_map(|(part, line)| Some((inner(part)?, *line)));
        Lines { own: self.of(path), parts: parts.collect() }
    }
}
