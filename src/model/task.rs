//! What a step does that is more than one statement.

use serde::{Deserialize, Serialize};

use super::Entries;

/// Work that is not one statement. It never stands in a step's transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// A command of the application's.
    Program {
        /// The command and its arguments.
        command: Vec<String>,
        /// The name of the variable that holds the URL.
        variable: String,
        /// More variables.
        environment: Entries<String>,
        /// After how many seconds it is stopped.
        timeout: Option<u64>,
    },
    /// Updates in batches by key. The names are quoted.
    Backfill {
        /// The table.
        table: String,
        /// The columns of the key.
        key: Vec<String>,
        /// What stands behind SET.
        set: String,
        /// What stands behind WHERE.
        condition: Option<String>,
        /// How many rows one batch takes.
        batch: u32,
        /// How many milliseconds to wait between two batches.
        pause: u64,
    },
}
