//! `rev resume`.

use revdag::verb::resume::{ResumeOptions, resume};
use revdag::verb::{self, Consent};
use revdag::{Cancel, RunError, Verdict};

use super::ask::Terminal;
use super::context::Context;
use super::databases;
use super::error::{Error, Exit};
use super::output::style;
use super::progress::{Progress, say};
use super::walk::{self, StoredOptions};

/// Continue a partially applied revision, or abort it
///
/// Statements that were executed are not executed again. It asks if the database's catalog does not
/// show whether the interrupted statement was executed.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The interrupted statement was executed, or the rest of the revision where rev cannot continue
    #[arg(long)]
    ran: bool,
    /// The interrupted statement was not executed
    #[arg(long, conflicts_with = "ran")]
    not_ran: bool,
    /// Revert what was executed of the revision instead: its typed operations, newest first
    ///
    /// Its `down` runs only if all of it was executed. What cannot be reverted is listed, and nothing
    /// runs.
    #[arg(long)]
    abort: bool,
    /// Skip the confirmation: of an abort, and of text stored in the database that no file has
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    stored: StoredOptions,
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    let store = context.store()?;
    let name = store.database_name(context.global.database.as_deref())?.to_owned();
    let mut verdict = match (args.ran, args.not_ran) {
        (true, _) => Some(Verdict::Ran),
        (_, true) => Some(Verdict::NotRan),
        _ => None,
    };
    let abort = args.abort;
    let (yes, run_stored_programs) = (args.yes, args.stored.run_stored_programs);
    let outcome = context.changing(async |cancel: Cancel| {
        let mut database = databases::open(context, &store, &name, false, &cancel).await?;
        let mut progress = Progress::new(context);
        let mut events = |event| progress.event(event);
        let outcome = loop {
            let mut terminal = Terminal::new(&cancel, context);
            let consent = Consent::default()
                .yes(yes)
                .run_stored_programs(run_stored_programs)
                .reviewer(&mut terminal);
            let options = ResumeOptions::default().verdict(verdict).abort(abort).consent(consent);
            let outcome = resume(&store, &mut database, options, &cancel, &mut events).await;
            match (&outcome, verdict) {
                (Err(error), None) => match ask(error, &cancel, context).await {
                    Some(answer) => verdict = Some(answer),
                    None => break outcome,
                },
                _ => break outcome,
            }
        };
        databases::close(database, &outcome).await;
        Ok(outcome?)
    })?;
    walk::show(&outcome, false, &store, context)?;
    Ok(Exit::Done)
}

/// Asks whether a statement ran, if that is what `resume` wants to know and there is somebody.
async fn ask(error: &verb::Error, cancel: &Cancel, context: &Context) -> Option<Verdict> {
    let verb::Error::Run(RunError::Undecided { revision, statement }) = error else {
        return None;
    };
    let dim = style::DIM;
    say(&format!("{revision} was interrupted at this statement:"));
    for line in statement.lines() {
        say(&format!("  {dim}|{dim:#} {line}"));
    }
    let question = "Did it run? [ran/not-ran]";
    let ran = Terminal::new(cancel, context).choose(question, &["ran"], &["not-ran"]).await?;
    Some(if ran { Verdict::Ran } else { Verdict::NotRan })
}
