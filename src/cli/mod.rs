//! The command line: one file a command, with its arguments and its words; errors, JSON and
//! progress. The only room that prints.

use std::process::ExitCode;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
