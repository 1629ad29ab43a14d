//! Runs a plan: lock, journal, step by step, and anew whenever the database is no longer the one that
//! was planned for.

use tracing::Instrument as _;

use crate::graph::Request;
use crate::model::{How, Id};
use crate::store::Store;

use super::agreed::Agreed;
use super::journal_version::JournalVersion;
use super::prepare::{Prepared, prepare, refuse_interrupted};
use super::session::{Flow, Run, take};
use super::step::Step;
use super::{Cancel, Database, Error, Event, trace};

/// How often a run plans anew before it gives up: more than a few times means that something else
/// writes to the journal without the lock.
const PLANS: u32 = 20;

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// The steps, with their messages.
    pub steps: Vec<Step>,
    /// The heads before.
    pub heads_before: Vec<Id>,
    /// The heads after.
    pub heads_after: Vec<Id>,
}

/// Takes the lock and runs what the request asks for, planning anew whenever the applied set is no
/// longer the one planned for. A request with nothing to do takes no lock.
///
/// # Errors
/// See [`Error`]; what ran before stays recorded. [`Error::Unagreed`]: the plan, or the one made anew,
/// does what was not agreed to.
pub async fn execute(
    store: &Store,
    database: &mut Database,
    request: &Request,
    prepared: Prepared,
    agreed: &Agreed,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Done, Error> {
    if prepared.is_empty() && !prepared.half_way {
        return Ok(Done {
            steps: Vec::new(),
            heads_before: prepared.heads_before,
            heads_after: prepared.heads_after,
        });
    }
    let span = trace::run(database);
    let run = async {
        let mut run = Run::locked(store, database, cancel, events).await?;
        run.agreed = agreed.clone();
        let result = run.request(request, prepared).await;
        run.unlock(result).await
    };
    run.instrument(span).await
}

impl Run<'_> {
    async fn request(&mut self, request: &Request, mut prepared: Prepared) -> Result<Done, Error> {
        let mut anew = JournalVersion::of(&self.journal) != prepared.journal_version;
        let mut plans = 1;
        loop {
            if anew {
                plans += 1;
                if plans > PLANS {
                    return Err(Error::Refused {
                        message: "the journal changes while this run holds the lock".to_owned(),
                        hint: Some(
                            "stop everything else that writes to it, and try again".to_owned(),
                        ),
                    });
                }
                (self.events)(Event::PlannedAnew);
                let known = prepared.notices;
                prepared = prepare(self.store, self.database, &self.journal, request).await?;
                for notice in prepared.notices.iter().filter(|notice| !known.contains(notice)) {
                    (self.events)(Event::Notice(notice.clone()));
                }
            }
            if !self.agreed.lacking(&prepared).is_empty() {
                return Err(Error::Unagreed(Box::new(prepared)));
            }
            if self.plan(&prepared).await? == Flow::Done {
                return Ok(Done {
                    steps: std::mem::take(&mut self.done),
                    heads_before: prepared.heads_before,
                    heads_after: prepared.heads_after,
                });
            }
            if !self.database.connection.lock_is_held().await? {
                self.lock().await?;
            }
            self.read_journal().await?;
            anew = true;
        }
    }

    async fn plan(&mut self, prepared: &Prepared) -> Result<Flow, Error> {
        refuse_interrupted(&self.journal)?;
        self.ensure_journal().await?;
        if prepared.stamp {
            return self.stamp(prepared).await;
        }
        let total = prepared.steps.len();
        if prepared.one_transaction && total > 0 {
            if self.transaction(&prepared.steps, 0, total).await? == Flow::Changed {
                return Ok(Flow::Changed);
            }
        } else {
            for (index, step) in prepared.steps.iter().enumerate() {
                if self.cancel.is_cancelled() {
                    return Err(self.stopped(None));
                }
                let flow = match step.transactional {
                    true => self.transaction(std::slice::from_ref(step), index, total).await?,
                    false => {
                        let span = trace::step(step);
                        self.open_step(step, index, total).instrument(span).await?
                    }
                };
                if flow == Flow::Changed {
                    return Ok(Flow::Changed);
                }
            }
        }
        self.move_rows(prepared).await
    }

    /// The rows of a stamp, all in one transaction.
    async fn stamp(&mut self, prepared: &Prepared) -> Result<Flow, Error> {
        if self.begin().await? == Flow::Changed {
            return Ok(Flow::Changed);
        }
        let mut applied_rows = Vec::with_capacity(prepared.steps.len());
        let mut sql = Vec::new();
        for step in &prepared.steps {
            let (rows, applied) = self.writer.step(step, How::Stamped);
            sql.extend(rows);
            applied_rows.push(applied);
        }
        for (id, parents, depends_on) in &prepared.moved {
            sql.extend(self.writer.moved(id, parents, depends_on));
        }
        self.commit_rows(sql).await?;
        self.journal.last_seq = self.writer.last_seq();
        for (step, applied) in prepared.steps.iter().zip(applied_rows) {
            take(&mut self.journal, step, applied);
            self.step_done(step);
        }
        Ok(Flow::Done)
    }

    /// Rows that take their files' parents.
    async fn move_rows(&mut self, prepared: &Prepared) -> Result<Flow, Error> {
        if prepared.moved.is_empty() {
            return Ok(Flow::Done);
        }
        if self.begin().await? == Flow::Changed {
            return Ok(Flow::Changed);
        }
        let mut sql = Vec::new();
        for (id, parents, depends_on) in &prepared.moved {
            sql.extend(self.writer.moved(id, parents, depends_on));
        }
        self.commit_rows(sql).await?;
        self.journal.last_seq = self.writer.last_seq();
        Ok(Flow::Done)
    }
}
