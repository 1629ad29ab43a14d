//! What of a plan somebody has to agree to, and what was agreed to.

use std::collections::BTreeSet;
use std::fmt;

use crate::model::{Direction, Id, ProgramTask};
use crate::sql::Statement;
use crate::text::Effect;

use super::prepare::Prepared;
use super::step::{Origin, PreparedStep};

/// Something that a plan does which may need somebody's consent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Concern {
    /// A step goes down, or what it does is destructive or unknown.
    Step {
        /// Which way.
        direction: Direction,
        /// The revision.
        revision: Id,
        /// What it does.
        effect: Effect,
    },
    /// A stamp forgets that a revision is applied.
    Forgets(Id),
    /// What the database stored runs, and no file says the same.
    Stored {
        /// Which way.
        direction: Direction,
        /// The revision.
        revision: Id,
        /// What runs: SQL, or operations in short.
        text: String,
    },
    /// A command runs on this machine that only the database names.
    StoredProgram {
        /// The revision.
        revision: Id,
        /// The command with its variables.
        command: String,
    },
}

impl fmt::Display for Concern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Concern::Step { direction, revision, effect: Effect::Unknown } => {
                write!(f, "{direction} {revision} has an unknown effect")
            }
            Concern::Step { direction, revision, effect } => {
                write!(f, "{direction} {revision} is {effect}")
            }
            Concern::Forgets(id) => write!(f, "{id} is forgotten"),
            Concern::Stored { direction, revision, .. } => {
                write!(f, "{direction} {revision} runs what only the database stored")
            }
            Concern::StoredProgram { revision, command } => {
                write!(f, "{revision} runs the stored program {command}")
            }
        }
    }
}

impl Prepared {
    /// All that somebody may have to agree to.
    pub fn concerns(&self) -> BTreeSet<Concern> {
        let mut concerns = BTreeSet::new();
        for step in &self.steps {
            let revision = step.revision.clone();
            if self.stamp {
                if step.direction == Direction::Down {
                    concerns.insert(Concern::Forgets(revision));
                }
                continue;
            }
            let goes = step.direction == Direction::Down || step.effect >= Effect::Unknown;
            if goes && !self.resumed {
                let (direction, effect) = (step.direction, step.effect);
                let revision = revision.clone();
                concerns.insert(Concern::Step { direction, revision, effect });
            }
            if step.origin == Origin::Journal {
                concerns.extend(stored(step));
            }
        }
        concerns
    }
}

fn stored(step: &PreparedStep) -> impl Iterator<Item = Concern> + '_ {
    let text = Concern::Stored {
        direction: step.direction,
        revision: step.revision.clone(),
        text: step.lines().collect::<Vec<_>>().join("\n"),
    };
    let programs = step.programs().map(|program| Concern::StoredProgram {
        revision: step.revision.clone(),
        command: in_full(program),
    });
    std::iter::once(text).chain(programs)
}

/// A command with all that decides what it does, each word in quotes.
fn in_full(program: &ProgramTask) -> String {
    let ProgramTask { command, variable: _, environment, timeout: _ } = program;
    let variables = environment.iter().map(|(name, value)| format!("{name}={value:?} "));
    let words: Vec<String> = command.iter().map(|word| format!("{word:?}")).collect();
    variables.collect::<String>() + &words.join(" ")
}

/// What was agreed to before a run. The default agrees to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreed {
    /// To all but stored programs.
    pub all: bool,
    /// To steps up of which nobody can tell beforehand what they do.
    pub unknown: bool,
    /// To statements that turn out to do more than the plan could tell when a step begins.
    pub unforeseen: bool,
    /// To stored programs.
    pub stored_programs: bool,
    /// To what was shown.
    pub shown: BTreeSet<Concern>,
}

impl Agreed {
    /// Why a statement may not run that does more than its step was said to do; going down was agreed to
    /// whatever it does.
    pub(super) fn refusal(&self, step: &PreparedStep, statement: &Statement) -> Option<String> {
        let (said, does) = (step.effect, statement.effect);
        let is_fine = step.direction == Direction::Down || does <= said || does < Effect::Unknown;
        let is_agreed = self.all || self.unforeseen || self.unknown && does == Effect::Unknown;
        (!is_fine && !is_agreed).then(|| {
            format!(
                "the effect of this statement is {does}, and that of the planned step is {said}"
            )
        })
    }

    /// What of a plan was not agreed to.
    pub fn lacking(&self, prepared: &Prepared) -> BTreeSet<Concern> {
        let mut concerns = prepared.concerns();
        concerns.retain(|concern| {
            let at_large = match concern {
                Concern::StoredProgram { .. } => self.stored_programs,
                Concern::Step { direction: Direction::Up, effect: Effect::Unknown, .. } => {
                    self.all || self.unknown
                }
                _ => self.all,
            };
            !at_large && !self.shown.contains(concern)
        });
        concerns
    }
}
