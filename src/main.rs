//! The binary `rev`; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    revdag::cli::main()
}
