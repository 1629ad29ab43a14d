//! `rev man`.

use super::context::Context;
use super::error::{Error, Exit};

/// Print the manual page of rev, or of one of its commands
///
/// For example: rev man > ~/.local/share/man/man1/rev.1
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The command
    command: Option<String>,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let mut all = super::command();
    all.build();
    let page = match &args.command {
        None => all,
        Some(name) => {
            let Some(command) = all.find_subcommand(name) else {
                return Err(Error::usage(
                    format!("there is no command {name:?}"),
                    "`rev --help` lists the commands",
                ));
            };
            command.clone()
        }
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page).render(&mut roff)?;
    context.out.exact(&String::from_utf8_lossy(&roff))?;
    Ok(Exit::Done)
}
