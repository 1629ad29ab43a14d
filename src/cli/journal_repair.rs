//! `rev journal repair`.

use serde_json::{Value, json};

use revdag::model::Id;
use revdag::store::Store;
use revdag::verb::journal::{Repair, RepairPlan, plan_repair, repair};

use super::ask::Terminal;
use super::context::Context;
use super::databases;
use super::error::{Error, Exit};
use super::output::style;
use super::progress::{Progress, say};
use super::words;

/// Runs the command. Exits with 3 if something is left that it cannot correct.
pub fn run(dry_run: bool, yes: bool, store: &Store, context: &mut Context) -> Result<Exit, Error> {
    let name = store.database_name(context.global.database.as_deref())?.to_owned();
    let plan = context.changing(async |cancel| {
        let mut database = databases::open(context, store, &name, false, &cancel).await?;
        let outcome = async {
            let plan = plan_repair(store, &mut database).await?;
            if dry_run || plan.repairs.is_empty() {
                return Ok(Ok(plan));
            }
            if !yes {
                for line in lines(&plan) {
                    say(&line);
                }
                let question = "Write these rows? [y/N]";
                let asked = Terminal::new(&cancel, context);
                let answer = asked.choose(question, &["y", "yes"], &["n", "no", ""]).await;
                if answer != Some(true) {
                    return Ok(Err(plan));
                }
            }
            let mut progress = Progress::new(context);
            let mut events = |event| progress.event(event);
            repair(store, &mut database, &plan, &cancel, &mut events).await?;
            Ok(Ok(plan))
        };
        let outcome = outcome.await;
        databases::close(database, &outcome).await;
        Ok(outcome?)
    })?;
    let Ok(plan) = plan else {
        return Err(Error::usage(
            "the journal was not repaired: nobody agreed to it",
            "`rev journal repair --dry-run` shows what it would write, `--yes` agrees to it",
        ));
    };
    show(&plan, dry_run, context)?;
    Ok(if plan.beyond.is_empty() { Exit::Done } else { Exit::Found })
}

fn lines(plan: &RepairPlan) -> Vec<String> {
    let id = style::ID;
    let line = |repair: &Repair| format!("{id}{}{id:#}: {}", repair.revision(), repair.words());
    plan.repairs.iter().map(line).collect()
}

fn show(plan: &RepairPlan, dry_run: bool, context: &mut Context) -> Result<(), Error> {
    if context.global.json {
        let repairs: Vec<Value> = plan
            .repairs
            .iter()
            .map(|repair| json!({"revision": repair.revision().as_str(), "repair": repair.words()}))
            .collect();
        let beyond: Vec<&str> = plan.beyond.iter().map(Id::as_str).collect();
        context.out.json(&json!({"repairs": repairs, "beyond_repair": beyond}))?;
        return Ok(());
    }
    for line in lines(plan) {
        context.out.line(line)?;
    }
    for id in &plan.beyond {
        let warning = style::WARNING;
        context.out.line(format!(
            "{warning}beyond repair:{warning:#} {id}: its stored text is missing or was changed, and no \
             file has what ran; restore its row of rev_text from a backup"
        ))?;
    }
    let rows = words::count(plan.repairs.len(), "repair");
    if plan.repairs.is_empty() && !plan.beyond.is_empty() {
        return Ok(());
    }
    context.out.line(match (plan.repairs.is_empty(), dry_run) {
        (true, _) => "nothing to repair: the journal's tables agree".to_owned(),
        (false, true) => format!("{rows}; nothing was changed"),
        (false, false) => format!("{rows} done"),
    })?;
    Ok(())
}
