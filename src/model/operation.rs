//! One typed change of a revision.

use crate::text::Dialect;

/// One change. SQL is the only kind there is so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// SQL, for all dialects or by dialect.
    Sql(Sql),
}

/// SQL text, once for all dialects or once for each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sql {
    /// The sections as the file has them; at most one for each dialect and one for all.
    pub sections: Vec<SqlSection>,
}

/// One text of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlSection {
    /// The dialect it is for; `None`: every dialect that has no section of its own.
    pub dialect: Option<Dialect>,
    /// The statements.
    pub text: String,
    /// The line of the file on which the text begins, counted from 1.
    pub line: usize,
    /// `false` for `no-transaction`: each statement runs by itself.
    pub transactional: bool,
}

impl Sql {
    /// The section that a dialect runs: its own, else its fallback's, else the one for all.
    /// `None` says that nobody has said what this dialect should run.
    pub fn section(&self, dialect: Dialect) -> Option<&SqlSection> {
        let of = |wanted: Option<Dialect>| {
            self.sections.iter().find(|section| section.dialect == wanted)
        };
        of(Some(dialect))
            .or_else(|| dialect.fallback().and_then(|fallback| of(Some(fallback))))
            .or_else(|| of(None))
    }
}

/// Why an operation has no reverse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Irreversible(pub String);

impl Operation {
    /// The operations that undo this one.
    ///
    /// # Errors
    /// SQL says nothing of its reverse.
    pub fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        match self {
            Operation::Sql(_) => Err(Irreversible("SQL has no reverse of its own".to_owned())),
        }
    }
}
