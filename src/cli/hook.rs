//! `rev hook`.

use std::time::Duration;

use revdag::Cancel;
use revdag::store::{Kind, Store};
use revdag::verb::hook::{install, is_due};
use revdag::verb::switch::{SwitchOptions, switch};
use revdag::verb::{Consent, Outcome};

use super::context::Context;
use super::error::{Error, Exit};
use super::progress::Progress;
use super::{databases, walk};

/// How long a hook waits for a database.
const PATIENCE: Duration = Duration::from_secs(1);

/// Let git tell what `rev switch` would do after a checkout, merge or rebase
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Write the hooks post-checkout, post-merge and post-rewrite
    ///
    /// They look at databases of `kind: development` alone, wait for them no longer than a second, and never
    /// fail git. A hook that is there already is kept.
    Install {
        /// Run `rev switch` instead of telling what it would do
        #[arg(long)]
        auto: bool,
    },
    /// What the hooks call
    #[command(hide = true)]
    Run {
        #[arg(long)]
        auto: bool,
        hook: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// Runs the command.
pub fn run(args: Args, context: &mut Context) -> Result<Exit, Error> {
    match args.command {
        Command::Install { auto } => {
            let store = context.store()?;
            let installed = install(&store, auto)?;
            for path in &installed.written {
                context.out.line(format!("wrote {}", context.shown(path)))?;
            }
            for path in &installed.kept {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                context.out.notice(format!(
                    "{} is there already and was kept: add the line `{}` to it",
                    context.shown(path),
                    installed.line.replace("HOOK", &name)
                ));
            }
        }
        Command::Run { auto, hook, arguments } => {
            // Git has done its work, and must not seem to have failed.
            if let Err(error) = told(auto, &hook, &arguments, context) {
                context.out.notice(format!("`rev switch` cannot tell: {error}"));
            }
        }
    }
    Ok(Exit::Done)
}

/// Tells of each `development` database what `rev switch` would do, or does it.
fn told(auto: bool, hook: &str, arguments: &[String], context: &mut Context) -> Result<(), Error> {
    let store = context.store()?;
    if !is_due(&store, hook, arguments)? {
        return Ok(());
    }
    let names = store.database_names().into_iter().map(str::to_owned);
    let names: Vec<String> = names.filter(|name| store.kind(name) == Kind::Development).collect();
    for name in names {
        let plan = context.changing(async |cancel| {
            match tokio::time::timeout(PATIENCE, switched(true, &store, &name, context, &cancel))
                .await
            {
                Ok(plan) => plan.map(Some),
                Err(_) => Ok(None),
            }
        })?;
        let Some(plan) = plan else {
            context.out.notice(format!("{name} does not answer: `rev switch` is for later"));
            continue;
        };
        if plan.is_empty() {
            continue;
        }
        if auto {
            let work = async |cancel| switched(false, &store, &name, context, &cancel).await;
            let outcome = context.changing(work)?;
            walk::show(&outcome, false, &store, context)?;
            continue;
        }
        context.out.line(format!("{name}: `rev switch` would take these steps"))?;
        for step in &plan.steps {
            context.out.line(format!("  {}", walk::step_line(step, true)))?;
        }
    }
    Ok(())
}

async fn switched(
    dry_run: bool,
    store: &Store,
    name: &str,
    context: &Context,
    cancel: &Cancel,
) -> Result<Outcome, Error> {
    let mut database = databases::open(context, store, name, !dry_run, cancel).await?;
    let mut progress = Progress::new(context);
    let mut events = |event| progress.event(event);
    let options = SwitchOptions::default()
        .targets(vec!["heads".to_owned()])
        .dry_run(dry_run)
        .consent(Consent::default().yes(true));
    let outcome = switch(store, &mut database, options, cancel, &mut events).await;
    drop(progress);
    databases::close(database, &outcome).await;
    Ok(outcome?)
}
