//! `rev completions`.

use clap_complete::Shell;

use super::context::Context;
use super::error::{Error, Exit};

/// Print the completion script of a shell
///
/// For example: rev completions bash > ~/.local/share/bash-completion/completions/rev
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "rev", &mut script);
    context.out.exact(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
