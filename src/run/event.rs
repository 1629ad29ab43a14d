//! What a run tells while it goes on.

use crate::model::{Direction, Id};
use crate::sql::Source;

/// One thing that happened. Whoever shows progress listens to these.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Another migrator has the lock.
    LockBusy {
        /// Who, as far as the server tells.
        holder: Option<String>,
    },
    /// The applied set was no longer the one planned for.
    PlannedAnew,
    /// A step begins.
    StepBegun {
        /// Its place in the plan, from 0.
        index: usize,
        /// The number of steps.
        total: usize,
        /// Which way.
        direction: Direction,
        /// The revision.
        revision: Id,
        /// Its message.
        message: String,
    },
    /// A statement is about to be sent.
    StatementBegun {
        /// The revision.
        revision: Id,
        /// Its place in the step, from 0.
        index: usize,
        /// Where it stands.
        source: Source,
    },
    /// The server has answered that a statement ran; its mark is not written yet.
    StatementRan {
        /// The revision.
        revision: Id,
        /// Its place in the step, from 0.
        index: usize,
    },
    /// A step is done and recorded.
    StepDone {
        /// Which way.
        direction: Direction,
        /// The revision.
        revision: Id,
    },
    /// A statement waited too long for a table and is tried again.
    Retry {
        /// The revision.
        revision: Id,
        /// Which try comes now, from 2.
        attempt: u32,
        /// How many there are.
        of: u32,
    },
    /// A program of a step wrote a line.
    ProgramSays {
        /// The revision.
        revision: Id,
        /// The line, without passwords.
        line: String,
        /// Whether it stood on its standard error.
        is_error: bool,
    },
    /// A batch of a backfill is done and recorded.
    Batch {
        /// The revision.
        revision: Id,
        /// The statement's place in the step, from 0.
        index: usize,
        /// The rows of all batches so far, those of earlier runs included.
        rows: u64,
        /// The key of the last row, as SQL writes it.
        key: String,
        /// How many rows a second, in this run.
        rate: f64,
    },
    /// Something the user should know.
    Notice(String),
}
