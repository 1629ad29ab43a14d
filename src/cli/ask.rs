//! Whoever sits at the terminal: sees what is about to run, and is asked where that is due.

use std::io::IsTerminal as _;

use revdag::verb::{Answer, Review, Reviewer};
use revdag::{Cancel, Origin, PreparedStep};

use super::context::Context;
use super::output::{style, to_stderr};
use super::progress::say;
use super::walk::arrow;
use super::words;

/// The person at the terminal, if there is one.
pub struct Terminal {
    cancel: Cancel,
    /// A program reads what is printed, and is shown nothing beside it.
    json: bool,
    quiet: bool,
}

impl Terminal {
    /// Somebody whose questions end when `cancel` says so.
    pub fn new(cancel: &Cancel, context: &Context) -> Terminal {
        let (json, quiet) = (context.global.json, context.global.quiet);
        Terminal { cancel: cancel.clone(), json, quiet }
    }

    /// Asks for one of two words; `None` where there is nobody to ask, or no answer comes.
    pub async fn choose(&self, question: &str, yes: &[&str], no: &[&str]) -> Option<bool> {
        if !is_here() {
            return None;
        }
        loop {
            to_stderr(&format!("{question} "));
            // A thread of its own, so that signals are heard while it waits.
            let line = tokio::task::spawn_blocking(|| {
                let mut line = String::new();
                match std::io::stdin().read_line(&mut line) {
                    Ok(1..) => Some(line),
                    _ => None,
                }
            });
            let line = tokio::select! {
                line = line => line.ok().flatten()?,
                () = self.cancel.cancelled() => return None,
            };
            let answer = line.trim().to_lowercase();
            if yes.contains(&answer.as_str()) {
                return Some(true);
            }
            if no.contains(&answer.as_str()) {
                return Some(false);
            }
        }
    }
}

/// Whether somebody can be asked.
fn is_here() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

#[async_trait::async_trait]
impl Reviewer for Terminal {
    fn is_there(&self) -> bool {
        is_here()
    }

    async fn review(&mut self, review: Review<'_>) -> Answer {
        let Review { prepared, database: _, question } = review;
        let asks = question.is_some() && is_here();
        if !self.json {
            let warning = style::WARNING;
            for notice in prepared.notices.iter().filter(|_| !self.quiet) {
                say(&format!("{warning}note:{warning:#} {notice}"));
            }
        }
        if !self.json || asks {
            let stored = |step: &&PreparedStep| step.origin == Origin::Journal && !prepared.stamp;
            prepared.steps.iter().filter(stored).for_each(show_stored);
        }
        let Some(question) = question else { return Answer::Yes };
        if !asks {
            return Answer::Nobody;
        }
        for step in &prepared.steps {
            let (arrow, effect) = (arrow(step.direction), words::effect(step.effect));
            say(&format!("{arrow} {} {}{effect}", step.revision, step.message));
        }
        say(&question);
        match self.choose("Run it? [y/N]", &["y", "yes"], &["n", "no", ""]).await {
            Some(true) => Answer::Yes,
            Some(false) | None => Answer::No,
        }
    }
}

/// A stored text runs though no file says the same: it is shown before.
fn show_stored(step: &PreparedStep) {
    let (warning, dim) = (style::WARNING, style::DIM);
    say(&format!(
        "{warning}note:{warning:#} no file here contains what {} {} runs; this is the stored text:",
        step.direction, step.revision
    ));
    for line in step.lines() {
        say(&format!("  {dim}|{dim:#} {line}"));
    }
}
