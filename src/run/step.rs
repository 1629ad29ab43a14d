//! A step, with all that it takes to run it.

use crate::model::{Direction, Entry, Id, ProgramTask, Schema, Task, TextRow};
use crate::sql::{self, LowerError, SessionGuard, Source, Statement};
use crate::text::{self, Dialect, Digest, Effect, SessionUse};

/// A step, with all that it takes to run it.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedStep {
    /// Which way.
    pub direction: Direction,
    /// The revision.
    pub revision: Id,
    /// Its message.
    pub message: String,
    /// The statements to run; of a late step those that it has become, none before.
    pub statements: Vec<Statement>,
    /// What becomes the statements when the step begins, by what its tables then are. Empty: the
    /// statements were known when the plan was made.
    pub deferred: Vec<Work>,
    /// Of a late step that one transaction does not hold: how many statements each part of it became.
    pub parts: Vec<usize>,
    /// Whether they run in one transaction with the journal's rows.
    pub transactional: bool,
    /// The digest of its `up`.
    pub up_digest: Digest,
    /// The digest of its `down`.
    pub down_digest: Digest,
    /// Its parents.
    pub parents: Vec<Id>,
    /// Its dependencies, labels resolved.
    pub depends_on: Vec<Id>,
    /// What `rev_text` is to hold of it; `None` for a stamped row that goes.
    pub text: Option<TextRow>,
    /// What it does to what the database holds, as far as that can be told when the plan is made.
    pub effect: Effect,
    /// Who says what runs.
    pub origin: Origin,
}

/// A step of a plan, or of what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which way. In a stamp, up means that the revision's row comes and down that it goes.
    pub direction: Direction,
    /// The revision.
    pub revision: Id,
    /// Its message.
    pub message: String,
    /// What it does to what the database holds, as the plan has it.
    pub effect: Effect,
}

/// Who says what a step runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A file of the store.
    File,
    /// The database's journal alone: the file is gone, or was edited since. That is data from outside,
    /// and whoever can write the journal's tables decides what it says.
    Journal,
}

/// A part of a late step.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// A statement that is known.
    Statement(Statement),
    /// An operation that is not statements yet.
    Operation(Box<Entry>),
}

impl Work {
    /// What it does to what the database holds, where it meets a schema.
    pub(super) fn effect(&self, schema: &Schema, dialect: Dialect) -> Effect {
        match self {
            Work::Statement(statement) => statement.effect,
            Work::Operation(entry) => entry.operation.effect(schema, dialect),
        }
    }
}

/// What stands around the transaction of steps some of which may make tables anew; `None`: nothing.
pub(super) fn session_guard(dialect: Dialect, steps: &[PreparedStep]) -> Option<SessionGuard> {
    let deferred = steps.iter().any(PreparedStep::is_deferred);
    deferred.then(|| sql::dialect(dialect).session_guard()).flatten()
}

impl PreparedStep {
    /// Whether it becomes statements only when it begins.
    pub(super) fn is_deferred(&self) -> bool {
        !self.deferred.is_empty()
    }

    /// The schemas that its late operations name.
    pub fn schemas(&self) -> Vec<String> {
        let deferred = self.deferred.iter().filter_map(|work| match work {
            Work::Operation(entry) => Some(Entry::clone(entry)),
            Work::Statement(_) => None,
        });
        sql::schemas(&deferred.collect::<Vec<_>>())
    }

    /// Turns what is late into statements, by the schema that the step meets; the schema is afterwards
    /// what the step leaves.
    ///
    /// # Errors
    /// What a dialect does not support; also a table whose definition an operation takes, after SQL in front of it
    /// has made it unknown.
    pub fn resolve(&mut self, dialect: Dialect, schema: &mut Schema) -> Result<(), LowerError> {
        if !self.is_deferred() {
            return Ok(());
        }
        let file = self.text.as_ref().map(|text| text.file.clone()).unwrap_or_default();
        let mut lowered = lower_work(&self.deferred, !self.transactional, dialect, &file, schema)?;
        let parts = lowered.iter().map(Vec::len).collect();
        let is_split = !self.transactional && lowered.iter().flatten().all(|one| one.transactional);
        // What its revision, or whoever runs it, says: each by itself, but for those of one operation.
        for part in lowered.iter_mut().filter(|part| is_split && part.len() == 1) {
            part[0].transactional = false;
        }
        let statements: Vec<Statement> = lowered.into_iter().flatten().collect();
        if self.transactional
            && let Some(alone) = statements.iter().find(|statement| !statement.transactional)
        {
            return Err(LowerError {
                message: "it runs outside a transaction, and this revision runs in one".to_owned(),
                at: alone.source.clone(),
                hint: Some("make the revision `transaction: none`".to_owned()),
                unknown: None,
            });
        }
        self.statements = statements;
        self.parts = if self.transactional { Vec::new() } else { parts };
        Ok(())
    }

    /// Of a late step that one transaction does not hold: what each part of it became.
    pub(super) fn resolved(&self) -> impl Iterator<Item = &[Statement]> {
        let mut rest = self.statements.as_slice();
        self.parts.iter().map(move |count| {
            let (part, behind) = rest.split_at((*count).min(rest.len()));
            rest = behind;
            part
        })
    }

    /// The commands that it runs.
    pub fn programs(&self) -> impl Iterator<Item = &ProgramTask> {
        let deferred = self.deferred.iter().filter_map(|work| match work {
            Work::Statement(statement) => Some(statement),
            Work::Operation(_) => None,
        });
        deferred.chain(&self.statements).filter_map(|statement| match &statement.task {
            Some(Task::Program(program)) => Some(program),
            _ => None,
        })
    }

    /// What its statements leave in their session and take from it: those that are known.
    pub(super) fn session_use(&self, dialect: Dialect) -> SessionUse {
        text::session_use(dialect, self.statements.iter().map(|statement| statement.sql.as_str()))
    }

    /// What makes it impossible to resume the step in its middle, where it does not run as a whole.
    pub(super) fn not_resumable(&self, dialect: Dialect) -> Option<String> {
        if self.transactional {
            return None;
        }
        // What is late is none of `statements` yet.
        let deferred = self.deferred.iter().filter_map(|work| match work {
            Work::Statement(statement) => Some(statement),
            Work::Operation(_) => None,
        });
        let statements: Vec<&Statement> = deferred.chain(&self.statements).collect();
        let found = text::session_use(dialect, statements.iter().map(|one| one.sql.as_str()));
        let gap = found.gaps.into_iter().next()?;
        let place = |at: usize| statements.get(at).map_or(0, |statement| statement.source.line);
        Some(format!(
            "{} cannot be resumed between line {} and line {}, which share {} through the session",
            self.revision,
            place(gap.from),
            place(gap.to),
            gap.what
        ))
    }

    /// What runs, in lines for people: SQL, or operations in short.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let deferred = self.deferred.iter().map(|work| match work {
            Work::Statement(statement) => statement.sql.clone(),
            Work::Operation(entry) => entry.operation.summary(),
        });
        let known = (!self.is_deferred()).then_some(&self.statements).into_iter().flatten();
        let texts = deferred.chain(known.map(|statement| statement.sql.clone()));
        texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    /// Where the step's statements end.
    fn end(&self) -> Source {
        let deferred = self.deferred.last().map(|work| match work {
            Work::Statement(statement) => statement.source.line,
            Work::Operation(entry) => entry.lines.own(),
        });
        let file = || self.text.as_ref().map(|text| text.file.clone()).unwrap_or_default();
        match self.statements.last() {
            Some(statement) => statement.source.clone(),
            None => Source { file: file(), line: deferred.unwrap_or(1) },
        }
    }

    /// The step without what it runs.
    pub fn named(&self) -> Step {
        Step {
            direction: self.direction,
            revision: self.revision.clone(),
            message: self.message.clone(),
            effect: self.effect,
        }
    }

    /// A statement of our own that is at fault, where the step's statements end.
    pub(super) fn ours(&self, sql: &str) -> Statement {
        Statement {
            sql: sql.to_owned(),
            source: self.end(),
            transactional: true,
            copy_data: None,
            task: None,
            effect: Effect::Additive,
        }
    }

    /// The part of the step at a line, as a statement that failed.
    pub(super) fn at(&self, source: &Source) -> Statement {
        let said = self.deferred.iter().rev().find_map(|work| match work {
            Work::Operation(entry) if entry.lines.own() <= source.line => {
                Some(entry.operation.summary())
            }
            _ => None,
        });
        Statement { source: source.clone(), ..self.ours(&said.unwrap_or_default()) }
    }
}

/// The statements of work on a dialect, by the schema that it meets; the schema is afterwards what it
/// leaves. `each`: part by part, else operations that stand together may share statements.
pub(super) fn lower_work(
    work: &[Work],
    each: bool,
    dialect: Dialect,
    file: &str,
    schema: &mut Schema,
) -> Result<Vec<Vec<Statement>>, LowerError> {
    let mut lowered = Vec::new();
    let together = |one: &Work, next: &Work| {
        !each && matches!((one, next), (Work::Operation(_), Work::Operation(_)))
    };
    for parts in work.chunk_by(together) {
        let mut entries = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Work::Operation(entry) => entries.push(Entry::clone(entry)),
                Work::Statement(statement) => {
                    schema.invalidate_referenced(dialect, &statement.sql);
                    lowered.push(vec![statement.clone()]);
                }
            }
        }
        if !entries.is_empty() {
            lowered.push(sql::lower(&entries, dialect, file, schema)?);
        }
    }
    Ok(lowered)
}
