//! Going on with a step that stopped half-way.

use tracing::Instrument as _;

use crate::db::DbError;
use crate::model::{Direction, Id, LogEvent, ProgramTask, StoredStatement};
use crate::sql::Statement;
use crate::store::{Store, TransactionMode};
use crate::text::{Digest, catalog_effect, sets_up_session};

use super::agreed::Agreed;
use super::body::{Bodies, Body};
use super::execute::Done;
use super::history::OpenStep;
use super::journal_writer::statement_digest;
use super::prepare::{Prepared, Preparer};
use super::session::Run;
use super::step::{Origin, PreparedStep, Work, lower_work};
use super::stored::from_stored;
use super::{Cancel, Database, Error, Event, trace};

/// How `resume` is to settle a statement of which the catalogue cannot tell whether it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It ran.
    Ran,
    /// It did not.
    NotRan,
}

/// Goes on with a step that stopped half-way, to its end and no further; or, to `abort` it, takes back what
/// ran of it.
///
/// # Errors
/// Nothing to resume, a statement that only the user can settle, a stored text that was not agreed to,
/// what cannot be taken back, or as [`execute`](super::execute).
pub async fn resume(
    store: &Store,
    database: &mut Database,
    abort: bool,
    verdict: Option<Verdict>,
    agreed: &Agreed,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Done, Error> {
    let span = trace::run(database);
    let run = async {
        let mut run = Run::locked(store, database, cancel, events).await?;
        run.agreed = agreed.clone();
        let result = match abort {
            true => run.abort(verdict).await,
            false => run.resume(verdict).await,
        };
        run.unlock(result).await
    };
    run.instrument(span).await
}

impl Run<'_> {
    pub(super) async fn resume(&mut self, verdict: Option<Verdict>) -> Result<Done, Error> {
        let open = self.open_step_of_journal()?;
        let stored = self.stored_step(&open).await?;
        let heads_before = self.heads();
        // Before anything stored runs, also what only sets up the session again.
        let (likely, _) = self.step_to_finish(&open, stored.clone(), open.done).await?;
        self.require_agreed(&likely, true)?;
        self.ensure_journal().await?;
        self.step_begun(&stored, 0, 1);
        self.replay_session(&stored, open.done).await?;
        let done = match self.settled(&open, &stored, verdict).await? {
            true => open.done + 1,
            false => open.done,
        };
        let (step, notice) = self.step_to_finish(&open, stored, done).await?;
        self.require_agreed(&step, true)?;
        let by_hand = verdict == Some(Verdict::Ran) && open.intent.is_none();
        let done = self.bridged(&step, done, by_hand).await?;
        if let Some(notice) = notice {
            (self.events)(Event::Notice(notice));
        }
        // A backfill that is not what it was begins again.
        let batched = open.batched.clone().filter(|_| self.is_as_begun(&open, &step, done));
        if self.is_other(&open, &step) {
            self.begun_anew(&step, done, batched.as_ref()).await?;
        }
        self.go_on(&step, done, batched).instrument(trace::step(&step)).await?;
        Ok(Done { steps: std::mem::take(&mut self.done), heads_before, heads_after: self.heads() })
    }

    /// The step that stopped half-way.
    pub(super) fn open_step_of_journal(&self) -> Result<OpenStep, Error> {
        OpenStep::of(&self.journal).ok_or_else(|| Error::Refused {
            message: "no step is partially applied".to_owned(),
            hint: Some("`rev upgrade` continues from here".to_owned()),
        })
    }

    /// Refuses a step that was not agreed to; of one that is `resumed`, only what the database alone says
    /// to run.
    pub(super) fn require_agreed(&self, step: &PreparedStep, resumed: bool) -> Result<(), Error> {
        let steps = vec![step.clone()];
        let prepared = Prepared { steps, resumed, ..Prepared::default() };
        match self.agreed.lacking(&prepared).is_empty() {
            true => Ok(()),
            false => Err(Error::Unagreed(Box::new(prepared))),
        }
    }

    /// The step as it was stored when it began.
    pub(super) async fn stored_step(&mut self, open: &OpenStep) -> Result<PreparedStep, Error> {
        let down_digest = Digest::stored(&open.began.down_digest);
        let connection = &mut self.database.connection;
        let journal = &self.journal;
        let text =
            connection.read_text(journal, &open.revision, &open.up_digest, &down_digest).await?;
        let no_text = || Error::NoText(open.revision.clone());
        let text = text.ok_or_else(no_text)?;
        let aborting: Vec<StoredStatement>;
        let statements = match open.direction {
            _ if open.is_abort => {
                aborting = open.began.resolved.concat();
                &aborting
            }
            Direction::Up => &text.up,
            Direction::Down => text.down.as_ref().ok_or_else(no_text)?,
        };
        let dialect = self.database.connection.dialect();
        let body = Body::from_stored(dialect, &text.file, statements);
        let mut step = self.preparer().stored_step(open.direction, body, &text);
        if step.is_deferred() && !open.is_abort {
            let resolved = &open.began.resolved;
            step.parts = resolved.iter().map(Vec::len).collect();
            let statements = resolved.iter().flatten();
            step.statements = statements.map(|one| from_stored(dialect, &text.file, one)).collect();
        }
        let ids = |texts: &[String]| texts.iter().map(Id::from).collect();
        step.parents = ids(&open.began.parents);
        step.depends_on = ids(&open.began.depends_on);
        Ok(step)
    }

    fn preparer(&self) -> Preparer<'_> {
        Preparer {
            store: self.store,
            bodies: Bodies::new(self.database.connection.dialect()),
            // One transaction around all was refused when the step was planned.
            mode: match self.database.settings.transaction {
                TransactionMode::All => TransactionMode::PerRevision,
                mode => mode,
            },
            stamp: false,
        }
    }

    /// What a done statement did to its session is gone with the session, and what follows may rest on it.
    async fn replay_session(&mut self, step: &PreparedStep, done: usize) -> Result<(), Error> {
        let replayed = step.session_use(self.database.connection.dialect()).replayed;
        for index in replayed.into_iter().filter(|index| *index < done) {
            let statement = &step.statements[index];
            if let Err(error) = self.send(statement).await {
                return Err(self.step_error(step, statement.clone(), error, false, false));
            }
        }
        Ok(())
    }

    /// Refuses to go on where a statement takes what the session held that is gone; if the user has run
    /// the rest by hand, it is marked as done. Says how many statements are done then.
    async fn bridged(
        &mut self,
        step: &PreparedStep,
        done: usize,
        by_hand: bool,
    ) -> Result<usize, Error> {
        let gaps = step.session_use(self.database.connection.dialect()).gaps;
        let Some(gap) = gaps.into_iter().find(|gap| gap.from < done && done <= gap.to) else {
            return Ok(done);
        };
        if by_hand {
            let total = step.statements.len();
            for index in done..total {
                let words = Some("run by hand, as stated by the user".to_owned());
                self.mark(LogEvent::Done, step, index, words).await?;
            }
            return Ok(total);
        }
        let line = |at: usize| step.statements.get(at).map_or(0, |one| one.source.line);
        Err(Error::Refused {
            message: format!(
                "{} cannot continue: line {} takes {} from line {}, and the session that held it is gone",
                step.revision,
                line(gap.to),
                gap.what,
                line(gap.from)
            ),
            hint: Some(format!(
                "run the rest by hand, from line {} on, then `rev resume --ran` records the revision; \
                 or restore the database from a backup",
                line(done)
            )),
        })
    }

    /// Whether the statement that may have run did, and marks it.
    pub(super) async fn settled(
        &mut self,
        open: &OpenStep,
        step: &PreparedStep,
        verdict: Option<Verdict>,
    ) -> Result<bool, Error> {
        let (Some(intent), Some(statement)) = (&open.intent, step.statements.get(open.done)) else {
            return Ok(false);
        };
        let (ran, by) = match self.seen(intent.before, statement).await? {
            Some(ran) => (ran, "the catalog shows it"),
            None => match verdict {
                Some(verdict) => (verdict == Verdict::Ran, "stated by the user"),
                None => {
                    return Err(Error::Undecided {
                        revision: open.revision.clone(),
                        statement: statement.sql.clone(),
                    });
                }
            },
        };
        let event = if ran { LogEvent::Done } else { LogEvent::Failed };
        let detail = if ran { by.to_owned() } else { format!("did not run: {by}") };
        self.mark(event, step, open.done, Some(detail)).await?;
        Ok(ran)
    }

    /// What the catalogue says of a statement: whether it ran, where it can tell.
    async fn seen(
        &mut self,
        before: Option<bool>,
        statement: &Statement,
    ) -> Result<Option<bool>, DbError> {
        let dialect = self.database.connection.dialect();
        if sets_up_session(dialect, &statement.sql) {
            // Whatever it did is gone, so it is to run.
            return Ok(Some(false));
        }
        if self.clear_invalid_index(&statement.sql).await? {
            return Ok(Some(false));
        }
        let (Some(before), Some(effect)) = (before, catalog_effect(dialect, &statement.sql)) else {
            return Ok(None);
        };
        let now = self.database.connection.probe_effect(&effect).await?;
        // An effect that was seen before says nothing.
        Ok(now.filter(|_| !before))
    }

    /// Whether a statement is as it was when the step began.
    fn is_as_begun(&self, open: &OpenStep, step: &PreparedStep, index: usize) -> bool {
        let dialect = self.database.connection.dialect();
        let now = step.statements.get(index).map(|statement| statement_digest(dialect, statement));
        now.as_ref().map(|digest| digest.as_str())
            == open.began.statements.get(index).map(String::as_str)
    }

    /// Whether a step is not as it was when it began.
    fn is_other(&self, open: &OpenStep, step: &PreparedStep) -> bool {
        let dialect = self.database.connection.dialect();
        let digests = step.statements.iter().map(|statement| statement_digest(dialect, statement));
        step.up_digest != open.up_digest
            || step.down_digest.as_str() != open.began.down_digest
            || !digests.map(|digest| digest.as_str().to_owned()).eq(open.began.statements.clone())
    }

    /// The step to go on with: the file's, if it begins with what is done, else the stored one, with
    /// what there is to say of that.
    async fn step_to_finish(
        &mut self,
        open: &OpenStep,
        stored: PreparedStep,
        done: usize,
    ) -> Result<(PreparedStep, Option<String>), Error> {
        // What takes a step back is stored alone.
        if open.is_abort || self.store.file(&open.revision).is_none() {
            return Ok((stored, None));
        }
        let mut preparer = self.preparer();
        let file = match open.direction {
            Direction::Up => preparer.up(&open.revision),
            Direction::Down => preparer.down_of_the_file(&open.revision),
        };
        let fitting = match file {
            // A `down` that is left out means the stored statements, and so does a file that no
            // longer gives one.
            Err(Error::Irreversible { .. }) => return Ok((stored, None)),
            Ok(file) if open.direction == Direction::Down && file.up_digest != stored.up_digest => {
                Err("its `up` differs from what ran".to_owned())
            }
            Ok(file) if is_alike(&file.deferred, &stored.deferred) => {
                // What the parts became is stored alone; a command is none of it.
                let known: Vec<&ProgramTask> = file.programs().collect();
                let origin = match stored.programs().all(|program| known.contains(&program)) {
                    true => Origin::File,
                    false => Origin::Journal,
                };
                return Ok((PreparedStep { origin, ..stored }, None));
            }
            Ok(file) => self.fitting(file, &stored, done).await?,
            Err(error) => Err(error.to_string()),
        };
        match fitting {
            Ok(mut file) => {
                // Where the revision stands was settled when it began.
                file.parents = stored.parents;
                file.depends_on = stored.depends_on;
                Ok((file, None))
            }
            Err(why) => {
                let notice = format!(
                    "{}: cannot continue with the file ({why}); the stored statements are used",
                    open.revision
                );
                Ok((stored, Some(notice)))
            }
        }
    }

    /// The file's step, if it begins with what is done; what is late behind that becomes statements by
    /// what the tables are now. Else why it does not fit.
    async fn fitting(
        &mut self,
        mut file: PreparedStep,
        stored: &PreparedStep,
        done: usize,
    ) -> Result<Result<PreparedStep, String>, Error> {
        let dialect = self.database.connection.dialect();
        let same = |a: &Statement, b: &Statement| {
            statement_digest(dialect, a) == statement_digest(dialect, b)
        };
        let other = || Ok(Err("its first statements are not those that ran".to_owned()));
        let ran = stored.statements.get(..done).unwrap_or_default();
        if !file.is_deferred() {
            let fits = file.statements.len() >= done
                && ran.iter().zip(&file.statements).all(|(a, b)| same(a, b));
            return if fits { Ok(Ok(file)) } else { other() };
        }
        // Each part of the stored step, and what it became.
        let known: Vec<Work> = stored.statements.iter().cloned().map(Work::Statement).collect();
        let (parts, resolved): (&[Work], Vec<&[Statement]>) = match !stored.is_deferred() {
            true => (&known, stored.statements.chunks(1).collect()),
            false => (&stored.deferred, stored.resolved().collect()),
        };
        let mut statements = Vec::new();
        let mut counts = Vec::new();
        for (at, became) in resolved.iter().enumerate() {
            if statements.len() >= done {
                break;
            }
            let is_same = match (file.deferred.get(at), parts.get(at)) {
                (Some(Work::Operation(own)), Some(Work::Operation(then))) => {
                    own.operation == then.operation
                }
                (Some(Work::Statement(own)), Some(Work::Statement(then))) => same(own, then),
                _ => false,
            };
            if !is_same {
                return other();
            }
            statements.extend(became.iter().cloned());
            counts.push(became.len());
        }
        if statements.len() != done {
            return Ok(Err("the interrupted step is one operation".to_owned()));
        }
        let rest = file.deferred.get(counts.len()..).unwrap_or_default();
        let mut schema = self.database.connection.read_schema(&file.schemas()).await?;
        let name = file.text.as_ref().map(|text| text.file.clone()).unwrap_or_default();
        for part in lower_work(rest, true, dialect, &name, &mut schema)? {
            counts.push(part.len());
            statements.extend(part);
        }
        (file.statements, file.parts) = (statements, counts);
        Ok(Ok(file))
    }
}

/// Whether two late steps are the same but for where they stand.
fn is_alike(a: &[Work], b: &[Work]) -> bool {
    let same = |(a, b): (&Work, &Work)| match (a, b) {
        (Work::Operation(a), Work::Operation(b)) => a.operation == b.operation,
        (Work::Statement(a), Work::Statement(b)) => {
            (&a.sql, &a.copy_data, &a.task) == (&b.sql, &b.copy_data, &b.task)
        }
        _ => false,
    };
    !a.is_empty() && a.len() == b.len() && a.iter().zip(b).all(same)
}
