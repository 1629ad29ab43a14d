//! The one place that turns the errors of every room into words, the JSON error object and the
//! exit status.

mod scratch;

use revdag::model::{Direction, Id, Task};
use revdag::store::{Problem, StoreError};
use revdag::verb;
use revdag::{
    DbError, Excerpt, LowerError, NameError, PlanError, RunError, ServerError, StepError,
    StoredDown,
};

use super::report::{Report, line_and_column};
use super::runtime;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is done: 0.
    Done,
    /// What failed has been shown already: 1.
    Failed,
    /// The check found something: 3.
    Found,
}

impl Exit {
    /// The exit status.
    pub fn status(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Found => 3,
        }
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was asked for failed.
    #[error(transparent)]
    Verb(Box<verb::Error>),
    /// The arguments do not fit together.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to type.
        hint: Option<String>,
    },
    /// An error, with what to do in this command.
    #[error("{error}")]
    Hinted {
        /// The error.
        error: Box<Error>,
        /// What to do.
        hint: String,
    },
    /// The output cannot be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] std::io::Error),
    /// A signal, while nothing was being changed.
    #[error("stopped on request")]
    Stopped,
    /// A signal, before the turn of this database came.
    #[error("not started")]
    NotBegun,
}

/// What a verb may fail with, as the error of a command.
macro_rules! from {
    ($($error:ty),*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Error::Verb(Box::new(error.into()))
            }
        }
    )*};
}

from!(verb::Error, RunError, StoreError, DbError, NameError, PlanError);

impl Error {
    /// Arguments that do not fit together.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Error::Usage { message: message.into(), hint: Some(hint.into()) }
    }

    /// Says of `head` with several heads what to type in this command.
    pub fn several_heads(self, which: &str, option: &str) -> Self {
        let Error::Verb(error) = &self else { return self };
        let verb::Error::Name(NameError::SeveralHeads { heads, .. }) = error.as_ref() else {
            return self;
        };
        let choices: Vec<String> = heads.iter().map(|head| format!("`{option}{head}`")).collect();
        let hint = format!(
            "choose {which}: {}; `rev merge heads -m MESSAGE` joins them",
            either(&choices)
        );
        Error::Hinted { error: Box::new(self), hint }
    }

    /// Whether it says only that nobody reads the output any more.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Error::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// The error, taken apart.
    pub fn report(&self) -> Report {
        match self {
            Error::Verb(error) => verb_report(error),
            Error::Usage { message, hint } => {
                Report { hint: hint.clone(), status: 2, ..report("usage", message) }
            }
            Error::Hinted { error, hint } => Report { hint: Some(hint.clone()), ..error.report() },
            Error::Output(_) => report("output", self),
            Error::NotBegun => report("not_begun", self),
            Error::Stopped => {
                Report { status: runtime::signal_status(), ..report("stopped", self) }
            }
        }
    }
}

/// The kind of an error that the library may come to have and that has no words of its own here.
const OTHER: &str = "failed";

fn report(kind: &'static str, message: impl ToString) -> Report {
    Report { kind, message: message.to_string(), status: 1, ..Report::default() }
}

fn verb_report(error: &verb::Error) -> Report {
    match error {
        verb::Error::Name(error) => name_report(error),
        verb::Error::Store(error) => store_report(error),
        verb::Error::Db(error) => db_report(error),
        verb::Error::Run(error) => run_report(error),
        verb::Error::Stopped => Report {
            state: Some("nothing was changed".to_owned()),
            status: runtime::signal_status(),
            ..report("stopped", error)
        },
        verb::Error::Refused { message, hint } => {
            Report { hint: hint.clone(), ..report("refused", message) }
        }
        other => report(OTHER, other),
    }
}

fn name_report(error: &NameError) -> Report {
    let (kind, hint) = match error {
        NameError::Malformed { .. } => (
            "malformed_name",
            Some("a name is an id, a prefix of one, a label or a tag, `head`, `heads`, `base` or `current`; `LABEL@NAME` stays on a branch, `NAME+N` and `NAME-N` walk".to_owned()),
        ),
        NameError::Unknown { nearest, .. } => (
            "unknown_name",
            Some(match nearest.as_slice() {
                [] => "`rev log` lists the revisions, `rev tag` the tags".to_owned(),
                nearest => format!("did you mean {}?", either(nearest)),
            }),
        ),
        NameError::Ambiguous { candidates, .. } => (
            "ambiguous_name",
            (!candidates.is_empty()).then(|| format!("it may mean {}", either(candidates))),
        ),
        NameError::SeveralHeads { heads, .. } => (
            "several_heads",
            Some(format!(
                "the heads are {}: name one of them, `LABEL@head` for a branch's or `heads` for all; `rev merge heads -m MESSAGE` joins them",
                list(heads)
            )),
        ),
        NameError::WrongLine { line, .. } => {
            ("wrong_line", Some(format!("`rev log -r :{line}@heads` shows that branch")))
        }
        NameError::OutOfRange { name, .. } if name.contains("@{") => {
            ("out_of_range", Some("`rev journal` lists the runs".to_owned()))
        }
        NameError::OutOfRange { .. } => {
            ("out_of_range", Some("`rev log --graph` shows how far it goes".to_owned()))
        }
        NameError::NotAncestor { .. } => {
            ("not_ancestor", Some("`rev log --graph` shows which revisions are ancestors".to_owned()))
        }
        NameError::NeedsDatabase { .. } => {
            ("needs_database", Some("name a revision of the files instead".to_owned()))
        }
        _ => (OTHER, None),
    };
    Report { hint, ..report(kind, error) }
}

fn store_report(error: &StoreError) -> Report {
    match error {
        StoreError::NotFound(_) => Report {
            hint: Some(
                "`rev init` creates a store here; `-C DIR` or REV_STORE point to one elsewhere"
                    .to_owned(),
            ),
            ..report("no_store", error)
        },
        StoreError::Problems(problems) => problems_report(problems),
        StoreError::Database { message, known } => Report {
            hint: Some(match known.as_slice() {
                [] => "name a database under `databases` in store.yaml".to_owned(),
                known => format!("`-d` takes {}", either(known)),
            }),
            status: 2,
            ..report("database_name", message)
        },
        StoreError::Value { message, file, line, hint } => Report {
            file: Some(file.clone()),
            line: *line,
            hint: hint.clone(),
            ..report("value", message)
        },
        StoreError::Io(_) => report("io", error),
        StoreError::Refused { message, hint } => {
            Report { hint: hint.clone(), ..report("refused", message) }
        }
        other => report(OTHER, other),
    }
}

/// One problem is shown as an error of its own; several as a list.
fn problems_report(problems: &[Problem]) -> Report {
    let [problem] = problems else {
        let first = problems.first();
        return Report {
            details: problems.iter().map(problem_line).collect(),
            listed: true,
            excerpts: problems.iter().map(|problem| problem.excerpt.clone()).collect(),
            file: first.map(|problem| problem.file.clone()),
            line: first.and_then(|problem| problem.line),
            column: first.and_then(|problem| problem.column),
            ..report("store", format!("the store has {} problems", problems.len()))
        };
    };
    Report {
        file: Some(problem.file.clone()),
        line: problem.line,
        column: problem.column,
        excerpt: problem.excerpt.clone(),
        hint: problem.hint.clone(),
        ..report("store", &problem.message)
    }
}

fn problem_line(problem: &Problem) -> String {
    let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
    let hint = problem.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("{}{line}: {}{hint}", problem.file, problem.message)
}

fn db_report(error: &DbError) -> Report {
    match error {
        DbError::Url(_) => Report {
            hint: Some(
                "it begins with postgres://, mysql://, mariadb:// or sqlite://; see `databases` in store.yaml"
                    .to_owned(),
            ),
            ..report("url", error)
        },
        DbError::Connect { hint, .. } => Report { hint: hint.clone(), ..report("connect", error) },
        DbError::Statement(server) => server_report("statement", server),
        DbError::LockTimeout(server) => Report {
            hint: server.hint.clone().or_else(|| {
                Some("another session holds the table; try again, or raise `statement_lock_timeout`".to_owned())
            }),
            ..server_report("lock_timeout", server)
        },
        DbError::Cancelled(server) => server_report("cancelled", server),
        DbError::ReadOnly(server) => server_report("not_writable", server),
        DbError::Lost(_) => Report {
            state: Some(
                "outcome unknown: the statement in progress may or may not have been executed".to_owned(),
            ),
            hint: Some("once the server answers again, `rev status` shows the state".to_owned()),
            ..report("connection_lost", error)
        },
        DbError::Journal { hint, .. } => {
            Report { hint: Some(hint.clone()), ..report("journal", error) }
        }
        DbError::LockLost => Report {
            hint: Some("run the command again: it waits for the other migrator".to_owned()),
            ..report("lock_lost", error)
        },
        DbError::Proxy(_) => Report {
            hint: Some(
                "connect to the server directly, or through a pool in session mode: the lock belongs to one session"
                    .to_owned(),
            ),
            ..report("proxy", error)
        },
        other => report(OTHER, other),
    }
}

fn server_report(kind: &'static str, server: &ServerError) -> Report {
    let code = server.code.as_ref().map(|code| format!(" ({code})")).unwrap_or_default();
    Report {
        position: server.position,
        details: server.detail.iter().map(|detail| format!("detail: {detail}")).collect(),
        hint: server.hint.clone(),
        ..report(kind, format!("{}{code}", server.message))
    }
}

fn run_report(error: &RunError) -> Report {
    match error {
        RunError::Plan(error) => plan_report(error),
        RunError::Store(error) => store_report(error),
        RunError::Lower(error) => lower_report(error),
        RunError::Db(error) => db_report(error),
        RunError::Edited(ids) => Report {
            state: Some("nothing was changed".to_owned()),
            hint: Some(format!(
                "restore the files, or accept them: `rev stamp --accept {}`",
                words(ids)
            )),
            ..report("edited", format!("edited after they were applied: {}", list(ids)))
        },
        RunError::Irreversible { revision, file, .. } => Report {
            file: Some(file.clone()),
            state: Some("nothing was changed".to_owned()),
            hint: Some(format!("write a `down` for {revision}, or write a new revision instead")),
            ..report("irreversible", error)
        },
        RunError::NoText(id) => Report {
            state: Some("nothing was changed".to_owned()),
            hint: Some(format!("check out the files that hold {id}, and try again")),
            ..report("no_text", error)
        },
        RunError::StoredDownDiffers(differs) => {
            let StoredDown { revision, file, derived, stored } = &**differs;
            let lines = |title: &str, texts: &[String]| {
                let lines = texts.iter().flat_map(|text| text.lines());
                let lines = lines.map(|line| format!("  {line}"));
                [title.to_owned()].into_iter().chain(lines).collect::<Vec<_>>()
            };
            let mut details = lines("derived from the file:", derived);
            details.extend(lines("stored:", stored));
            Report {
                file: Some(file.clone()),
                details,
                state: Some("nothing was changed".to_owned()),
                hint: Some(format!(
                    "another version of rev may have stored it, or somebody changed the journal; \
                     write the correct `down` into the file of {revision}; it is then used"
                )),
                ..report("stored_down_differs", error)
            }
        }
        RunError::Unagreed(_) => Report {
            state: Some("nothing was changed".to_owned()),
            hint: Some("look at the plan with `--dry-run`".to_owned()),
            ..report("refused", error)
        },
        RunError::TransactionMode(_) => Report {
            state: Some("nothing was changed".to_owned()),
            hint: Some("use `transaction: per-revision` in store.yaml".to_owned()),
            ..report("transaction_mode", error)
        },
        RunError::Interrupted { detail, .. } => Report {
            details: vec![detail.clone()],
            hint: Some("`rev status` shows where it stopped; `rev resume` continues".to_owned()),
            ..report("interrupted", error)
        },
        RunError::Step(error) => step_report(error),
        RunError::Operation(error) => Report {
            statement: Some(error.statement.clone()),
            details: vec![format!("in {}", error.operation)],
            state: Some("only a scratch database was changed".to_owned()),
            ..db_report(&error.error)
        },
        RunError::Locked { holder, waited } => Report {
            details: holder.iter().map(|holder| format!("held by {holder}")).collect(),
            state: Some("nothing was changed".to_owned()),
            hint: Some(
                "wait for it to end and try again, or raise `lock_timeout` in store.yaml"
                    .to_owned(),
            ),
            ..report("locked", format!("{error}; waited {waited} s"))
        },
        RunError::Stopped { done, heads, interrupted } => Report {
            state: Some(state_after(done, heads)),
            status: runtime::signal_status(),
            details: interrupted
                .iter()
                .map(|(direction, id)| format!("{direction} {id} is partially applied"))
                .collect(),
            hint: interrupted
                .as_ref()
                .map(|_| "`rev status` shows where it stopped; `rev resume` continues".to_owned()),
            ..report("stopped", error)
        },
        RunError::GivenUp => verb_report(&verb::Error::Stopped),
        RunError::OutOfOrder { gaps, above, reason } => {
            let error = PlanError::OutOfOrder { gaps: gaps.clone(), above: above.clone() };
            let mut report = plan_report(&error);
            report.details.push(reason.clone());
            report
        }
        RunError::Replay(error) => scratch::replay_report(error),
        RunError::Unloadable(error) => scratch::unloadable_report(error),
        RunError::Seed(error) => scratch::seed_report(error),
        RunError::SchemaProgram(error) => scratch::program_report(error),
        RunError::Undecided { revision, statement } => Report {
            statement: Some(statement.clone()),
            hint: Some(
                "check whether it ran, all of it or not at all, then run: `rev resume --ran` or \
                 `rev resume --not-ran`"
                    .to_owned(),
            ),
            ..report("undecided", format!("{error} of {revision}"))
        },
        RunError::Refused { message, hint } => {
            Report { hint: hint.clone(), ..report("refused", message) }
        }
        other => report(OTHER, other),
    }
}

fn plan_report(error: &PlanError) -> Report {
    let (kind, hint) = match error {
        PlanError::Name(error) => return name_report(error),
        PlanError::OutOfOrder { gaps, above } => {
            let pairs: Vec<String> = gaps
                .iter()
                .zip(above)
                .map(|(gap, above)| format!("{gap} is missing below {above}"))
                .collect();
            return Report {
                details: pairs,
                state: Some("nothing was changed".to_owned()),
                hint: Some(
                    "`--out-of-order` applies them now; `rev switch` downgrades first and applies all in order"
                        .to_owned(),
                ),
                ..report("out_of_order", out_of_order(gaps.len()))
            };
        }
        PlanError::NotBelow { heads, .. } => {
            ("not_below", Some(format!("the database is at {}", heads_or_base(heads))))
        }
        PlanError::InsideSquash { squash, .. } => {
            ("inside_squash", Some(format!("name {squash} or a revision outside of it")))
        }
        PlanError::FileGone { revision, .. } => {
            ("file_gone", Some(format!("check out the files that hold {revision}, and try again")))
        }
        PlanError::Refused(_) => ("refused", None),
        _ => (OTHER, None),
    };
    Report { hint, state: Some("nothing was changed".to_owned()), ..report(kind, error) }
}

fn lower_report(error: &LowerError) -> Report {
    Report {
        file: Some(error.at.file.clone()),
        line: Some(error.at.line),
        hint: error.hint.clone(),
        ..report("sql", error)
    }
}

fn step_report(step: &StepError) -> Report {
    let said = db_report(&step.error);
    let place = step.excerpt.as_ref().and_then(Excerpt::line_and_column);
    let (line, column) = place.unzip();
    let is_task = matches!(step.statement.task, Some(Task::Program(_) | Task::Backfill(_)));
    let is_lost = matches!(step.error, DbError::Lost(_));
    let outcome = match (step.unknown, step.rolled_back) {
        (false, true) if is_lost && !is_task => {
            "is not recorded: the server rolls it back once it sees that the connection has ended"
        }
        (false, true) if step.left_invalid.is_some() => "is not recorded",
        // What a program did, nobody can take back for it.
        (false, true) if is_task => "is not recorded",
        (true, _) => "is recorded or was rolled back as a whole",
        (_, false) if is_lost => "is partially applied, and this statement may have run",
        (_, true) => "was rolled back",
        (_, false) if step.in_part => "is partially applied, this statement perhaps in part",
        (_, false) => "is partially applied",
    };
    Report {
        message: format!("{} {}: {}", step.direction, step.revision, said.message),
        file: Some(step.statement.source.file.clone()),
        line: line.or(Some(step.statement.source.line)),
        column,
        excerpt: step.excerpt.clone(),
        statement: Some(step.statement.sql.clone()),
        state: Some(format!(
            "{}{} {outcome}{}; {}",
            if is_lost && !step.rolled_back { "outcome unknown: " } else { "" },
            step.revision,
            step.left_invalid.as_ref().map_or_else(String::new, |index| format!(
                ", and the index {index} may be left invalid: the next run rebuilds it"
            )),
            state_after(&step.done, &step.heads)
        )),
        hint: Some(if step.unknown {
            "once the server answers again, `rev status` shows what is recorded; then run the command again".to_owned()
        } else if step.rolled_back && is_lost {
            "run the command again once the server answers".to_owned()
        } else if is_lost {
            "once the server answers again, `rev status` shows where it stopped; `rev resume` continues".to_owned()
        } else if step.rolled_back {
            said.hint.unwrap_or_else(|| "correct the file and run the command again".to_owned())
        } else if step.in_part {
            let look = "look at what the statement has done; then `rev resume --ran` or, where all of it is \
                        undone, `rev resume --not-ran`";
            match (&step.error, said.hint) {
                (DbError::ReadOnly(_), Some(own)) => format!("{own}; {look}"),
                _ => look.to_owned(),
            }
        } else {
            let resume = "`rev status` shows where it stopped; `rev resume` continues once the cause is fixed";
            said.hint.map_or_else(|| resume.to_owned(), |own| format!("{own}; {resume}"))
        }),
        ..said
    }
}

fn out_of_order(gaps: usize) -> String {
    match gaps {
        1 => "a revision is missing below what is applied".to_owned(),
        many => format!("{many} revisions are missing below what is applied"),
    }
}

/// Where a database is after a run that ended early.
fn state_after(done: &[(Direction, Id)], heads: &[Id]) -> String {
    let done = match done.len() {
        0 => "nothing before it ran".to_owned(),
        1 => "1 revision before it is done and recorded".to_owned(),
        many => format!("{many} revisions before it are done and recorded"),
    };
    format!("{done}; the database is at {}", heads_or_base(heads))
}

fn heads_or_base(heads: &[Id]) -> String {
    if heads.is_empty() { "base".to_owned() } else { list(heads) }
}

/// `a, b, c`.
fn list(ids: &[Id]) -> String {
    ids.iter().map(Id::as_str).collect::<Vec<_>>().join(", ")
}

/// `a b c`.
fn words(ids: &[Id]) -> String {
    ids.iter().map(Id::as_str).collect::<Vec<_>>().join(" ")
}

/// `a, b or c`.
fn either(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} or {last}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests;
