//! The command line: one file a command, with its arguments and its words; errors, JSON and
//! progress. The only room that prints.

mod ask;
mod branches;
mod check;
mod completions;
mod context;
mod current;
mod databases;
mod diff;
mod differences;
mod downgrade;
mod edit;
mod ensure_version;
mod error;
mod excerpt;
mod heads;
mod hook;
mod init;
mod journal;
mod journal_repair;
mod json;
mod log;
mod man;
mod merge;
mod output;
mod patterns;
mod progress;
mod proof;
mod report;
mod resume;
mod revision;
mod runtime;
mod schema;
mod show;
mod stamp;
mod status;
mod switch;
mod tag;
mod templates;
mod trace;
mod upgrade;
mod verify;
mod walk;
mod watch;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use context::{Context, Global};
use error::{Error, Exit};
use revdag::store::Store;

/// Version control for database schemas
#[derive(Debug, clap::Parser)]
#[command(name = "rev", version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Init(init::Args),
    Revision(revision::Args),
    Merge(merge::Args),
    Upgrade(upgrade::Args),
    Downgrade(downgrade::Args),
    Switch(switch::Args),
    Stamp(stamp::Args),
    Current(current::Args),
    Status(status::Args),
    Heads(heads::Args),
    Branches(branches::Args),
    #[command(visible_alias = "history")]
    Log(log::Args),
    Show(show::Args),
    Edit(edit::Args),
    Tag(tag::Args),
    Hook(hook::Args),
    Check(check::Args),
    Diff(diff::Args),
    Schema(schema::Args),
    Verify(verify::Args),
    Resume(resume::Args),
    Journal(journal::Args),
    #[command(alias = "ensure_version")]
    EnsureVersion(ensure_version::Args),
    #[command(alias = "list_templates", alias = "list-templates")]
    Templates(templates::Args),
    Completions(completions::Args),
    Man(man::Args),
}

fn run(command: Command, context: &mut Context) -> Result<Exit, Error> {
    match command {
        Command::Init(args) => init::run(args, context),
        Command::Revision(args) => revision::run(args, context),
        Command::Merge(args) => merge::run(args, context),
        Command::Upgrade(args) => upgrade::run(args, context),
        Command::Downgrade(args) => downgrade::run(args, context),
        Command::Switch(args) => switch::run(args, context),
        Command::Stamp(args) => stamp::run(args, context),
        Command::Current(args) => current::run(args, context),
        Command::Status(args) => status::run(args, context),
        Command::Heads(args) => heads::run(args, context),
        Command::Branches(args) => branches::run(args, context),
        Command::Log(args) => log::run(args, context),
        Command::Show(args) => show::run(args, context),
        Command::Edit(args) => edit::run(args, context),
        Command::Tag(args) => tag::run(args, context),
        Command::Hook(args) => hook::run(args, context),
        Command::Check(args) => check::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Schema(args) => schema::run(args, context),
        Command::Verify(args) => verify::run(args, context),
        Command::Resume(args) => resume::run(args, context),
        Command::Journal(args) => journal::run(args, context),
        Command::EnsureVersion(args) => ensure_version::run(args, context),
        Command::Templates(args) => templates::run(args, context),
        Command::Completions(args) => completions::run(args, context),
        Command::Man(args) => man::run(args, context),
    }
}

/// The command line, for completions and the manual.
fn command() -> clap::Command {
    Cli::command()
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    if let Some(code) = watch::asked() {
        return code;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refusal) => return refused(&refusal),
    };
    let json = cli.global.json;
    let mut context = Context::new(cli.global);
    if context.global.verbose > 1 {
        trace::log_to_stderr();
    }
    let outcome = run(cli.command, &mut context)
        .and_then(|exit| context.out.flush().map(|()| exit).map_err(Error::from));
    match outcome {
        Ok(exit) => ExitCode::from(exit.status()),
        // Nobody reads on, as in `rev log | head`: not an error.
        Err(error) if error.is_broken_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            // What was printed before the error belongs above it.
            let _ = context.out.flush();
            let mut report = error.report();
            if let Some(root) = context.start().ok().and_then(|start| Store::find(&start).ok()) {
                report.look_up(&root);
            }
            output::show_error(&report, json);
            // What failed after a signal was being stopped.
            let is_failure = report.status == 1;
            ExitCode::from(runtime::heard().filter(|_| is_failure).unwrap_or(report.status))
        }
    }
}

/// Shows what clap has to say: help and the version, or what is wrong with the arguments.
fn refused(refusal: &clap::Error) -> ExitCode {
    if refusal.use_stderr() && std::env::args_os().any(|word| word == "--json") {
        let text = refusal.to_string();
        let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
        let (message, rest) = text.split_once("\n\n").unwrap_or((text, ""));
        let report = report::Report {
            kind: "usage",
            message: message.to_owned(),
            hint: (!rest.is_empty()).then(|| rest.replace("\n\n", "; ")),
            ..Default::default()
        };
        output::show_error(&report, true);
    } else {
        let _ = refusal.print();
    }
    ExitCode::from(if refusal.use_stderr() { 2 } else { 0 })
}
