//! What a step does that is more than one statement.

use serde::{Deserialize, Serialize};

use super::Entries;

/// Work that is more than to send a statement. Only an assertion stands in a step's transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A command of the application's.
    Program(ProgramTask),
    /// Updates in batches by key.
    Backfill(BackfillTask),
    /// A condition that stops the step.
    Assert(AssertTask),
}

/// A command of the application's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgramTask {
    /// The command and its arguments.
    pub command: Vec<String>,
    /// The name of the variable that holds the URL.
    pub variable: String,
    /// More variables.
    pub environment: Entries<String>,
    /// After how many seconds it is stopped.
    pub timeout: Option<u64>,
}

/// Updates in batches by key. The names are quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackfillTask {
    /// The table.
    pub table: String,
    /// The columns of the key.
    pub key: Vec<String>,
    /// What stands behind SET.
    pub set: String,
    /// What stands behind WHERE.
    pub condition: Option<String>,
    /// How many rows one batch takes.
    pub batch: u32,
    /// How many milliseconds to wait between two batches.
    pub pause: u64,
}

/// A condition that stops a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssertTask {
    /// An SQL condition that is true where the assertion does not hold.
    pub violated: String,
    /// What is wrong then.
    pub message: String,
}
