//! Who agrees to what a plan does, and when somebody has to be asked.

use std::collections::BTreeSet;

use crate::model::Direction;
use crate::run::{Agreed, Cancel, Concern, Prepared};
use crate::store::{DatabaseSettings, Kind};
use crate::text::Effect;

use super::Error;

/// What is about to happen to a database.
#[derive(Debug)]
pub struct Review<'a> {
    /// The plan.
    pub prepared: &'a Prepared,
    /// The database's name.
    pub database: &'a str,
    /// What somebody has to agree to, in words; `None`: nothing.
    pub question: Option<String>,
}

/// What a reviewer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    Yes,
    /// Do not.
    No,
    /// There is nobody to ask.
    Nobody,
}

/// Somebody who sees each plan just before it runs.
#[async_trait::async_trait]
pub trait Reviewer: Send {
    /// Shows a plan, and asks the question if there is one. [`Answer::Yes`] where there is none.
    async fn review(&mut self, review: Review<'_>) -> Answer;

    /// Whether there is somebody who can answer.
    fn is_there(&self) -> bool {
        true
    }
}

/// Who agrees to plans. The default agrees to nothing beforehand and has nobody to ask: a plan that goes
/// down, or whose effect is destructive or unknown, is refused on a protected database and runs on the
/// other kinds; stored text that no file vouches for runs on a development database alone, and a stored
/// program on none.
#[derive(Default)]
pub struct Consent<'a> {
    yes: bool,
    run_stored_programs: bool,
    reviewer: Option<&'a mut dyn Reviewer>,
}

impl<'a> Consent<'a> {
    /// Agrees beforehand to everything but stored programs.
    #[must_use]
    pub fn yes(self, yes: bool) -> Self {
        Consent { yes, ..self }
    }

    /// Lets commands run on this machine that only the database names.
    #[must_use]
    pub fn run_stored_programs(self, run_stored_programs: bool) -> Self {
        Consent { run_stored_programs, ..self }
    }

    /// Who sees each plan and is asked.
    #[must_use]
    pub fn reviewer(self, reviewer: &'a mut dyn Reviewer) -> Self {
        Consent { reviewer: Some(reviewer), ..self }
    }
}

/// A consent that is being asked for, plan by plan.
pub(super) struct Asking<'a> {
    database: String,
    kind: Kind,
    reviewer: Option<&'a mut dyn Reviewer>,
    /// Whether a plan was reviewed already.
    again: bool,
    /// What was agreed to so far.
    pub agreed: Agreed,
}

impl<'a> Asking<'a> {
    pub(super) fn new(settings: &DatabaseSettings, consent: Consent<'a>) -> Self {
        let Consent { yes, run_stored_programs, reviewer } = consent;
        let is_there = reviewer.as_ref().is_some_and(|reviewer| reviewer.is_there());
        Asking {
            database: settings.name.clone(),
            kind: settings.kind,
            reviewer,
            again: false,
            agreed: Agreed {
                all: yes || settings.kind == Kind::Development,
                unknown: settings.kind != Kind::Protected,
                unforeseen: settings.kind != Kind::Protected && !is_there,
                stored_programs: run_stored_programs,
                shown: BTreeSet::new(),
            },
        }
    }

    /// Has a plan agreed to.
    ///
    /// # Errors
    /// Somebody says no, or has to say something and is not there; [`Error::Stopped`].
    pub(super) async fn agree(
        &mut self,
        prepared: &Prepared,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let lacking = self.agreed.lacking(prepared);
        let (name, kind) = (self.database.as_str(), self.kind);
        if kind == Kind::Protected && lacking.iter().any(is_harmful) {
            return Err(Error::refused(
                format!("the database {name} is protected, and {}", in_words(&lacking)),
                "look at the plan with `--dry-run`; `--yes` runs it",
            ));
        }
        let question = (!lacking.is_empty()).then(|| {
            format!("The database {name} is {}, and {}.", kind.name(), in_words(&lacking))
        });
        let answer = match &mut self.reviewer {
            Some(reviewer) => reviewer.review(Review { prepared, database: name, question }).await,
            None if lacking.is_empty() => Answer::Yes,
            None => Answer::Nobody,
        };
        if cancel.is_cancelled() {
            return Err(Error::Stopped);
        }
        match answer {
            Answer::Yes => {}
            Answer::No => {
                let message = "nothing was run: the plan was declined".to_owned();
                return Err(Error::Refused { message, hint: None });
            }
            Answer::Nobody => self.require_nobody(&lacking)?,
        }
        self.again = true;
        self.agreed.shown.extend(lacking);
        Ok(())
    }

    /// Whether a plan may run though there is nobody to ask.
    fn require_nobody(&self, lacking: &BTreeSet<Concern>) -> Result<(), Error> {
        let name = &self.database;
        for concern in lacking {
            if let Concern::StoredProgram { revision, command } = concern {
                return Err(Error::refused(
                    format!(
                        "{revision} would run a program that no file here names, only the database \
                         {name}: {command}"
                    ),
                    "check out the file of the revision; or, if you trust whoever can write this \
                     database's journal, `--run-stored-programs`",
                ));
            }
        }
        for concern in lacking {
            if let Concern::Stored { direction, revision, .. } = concern {
                return Err(Error::refused(
                    format!(
                        "{direction} {revision} would run what only the database {name} stored: no \
                         file here has the same text"
                    ),
                    "check out the file of the revision; or confirm what is shown with `--yes`",
                ));
            }
        }
        match lacking.first() {
            Some(concern) if self.again => Err(Error::refused(
                format!(
                    "another migrator has changed the database, and now {concern}, which the plan that \
                     was made first did not say"
                ),
                "look at the new plan with `--dry-run`, and run again",
            )),
            _ => Ok(()),
        }
    }
}

/// Whether it may lose data or what is recorded.
fn is_harmful(concern: &Concern) -> bool {
    matches!(concern, Concern::Step { .. } | Concern::Forgets(_))
}

/// What a plan does that has to be agreed to.
fn in_words(lacking: &BTreeSet<Concern>) -> String {
    let count =
        |wanted: &dyn Fn(&Concern) -> bool| lacking.iter().filter(|one| wanted(one)).count();
    let part = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    };
    let steps = |wanted: fn(Direction, Effect) -> bool| {
        count(
            &|one| matches!(one, Concern::Step { direction, effect, .. } if wanted(*direction, *effect)),
        )
    };
    let down = steps(|way, _| way == Direction::Down);
    let unknown = steps(|way, effect| way == Direction::Up && effect == Effect::Unknown);
    let destructive = steps(|way, effect| way == Direction::Up && effect != Effect::Unknown);
    let steps = [
        part(down, "step down", "steps down"),
        part(destructive, "destructive step up", "destructive steps up"),
        part(unknown, "step up of unknown effect", "steps up of unknown effect"),
    ];
    let steps: Vec<String> = steps.into_iter().flatten().collect();
    let mut parts = Vec::new();
    if !steps.is_empty() {
        parts.push(format!("the plan has {}", steps.join(", ")));
    }
    let forgotten = count(&|one| matches!(one, Concern::Forgets(_)));
    if let Some(forgotten) = part(forgotten, "applied revision", "applied revisions") {
        parts.push(format!("the stamp forgets {forgotten}"));
    }
    let stored = count(&|one| matches!(one, Concern::Stored { .. }));
    if let Some(stored) = part(stored, "step runs", "steps run") {
        parts.push(format!("{stored} what only the database stored"));
    }
    for concern in lacking {
        if let Concern::StoredProgram { revision, command } = concern {
            parts
                .push(format!("{revision} runs a program that only the database names: {command}"));
        }
    }
    parts.join("; ")
}
