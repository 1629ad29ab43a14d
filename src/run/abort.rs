//! Taking back what ran of a revision that stopped half-way.

use std::borrow::Cow;

use tracing::Instrument as _;

use crate::model::{Direction, Down, Entry, Operation, Revision, Schema, TextRow};
use crate::sql::{self, Statement};
use crate::store::{Store, TransactionMode};
use crate::text::{CatalogEffect, Dialect, catalog_effect};

use super::body::{Bodies, Body};
use super::execute::Done;
use super::history::OpenStep;
use super::journal_writer::statement_digest;
use super::prepare::Preparer;
use super::resume::Verdict;
use super::session::Run;
use super::step::{Origin, PreparedStep};
use super::{Error, trace};

impl Run<'_> {
    /// Takes back what ran of a revision whose upgrade stopped half-way: its typed operations are reversed one
    /// by one, newest first; its `down` runs where all of it ran.
    pub(super) async fn abort(&mut self, verdict: Option<Verdict>) -> Result<Done, Error> {
        let open = self.open_step_of_journal()?;
        if open.is_abort {
            return self.resume(verdict).await;
        }
        if open.direction == Direction::Down {
            return Err(Error::Refused {
                message: format!("the downgrade of {} is partially done", open.revision),
                hint: Some(
                    "only an upgrade can be aborted; `rev resume` completes the downgrade"
                        .to_owned(),
                ),
            });
        }
        let stored = self.stored_step(&open).await?;
        let heads_before = self.heads();
        self.ensure_journal().await?;
        let done = match self.settled(&open, &stored, verdict).await? {
            true => open.done + 1,
            false => open.done,
        };
        if done > 0 || open.batched.is_some() {
            let step = self.way_back(&open, &stored, done)?;
            self.require_agreed(&step, false)?;
            self.step_begun(&step, 0, 1);
            let ready = match self.ready(&step).await {
                Ok(ready) => ready,
                Err((statement, error)) => {
                    return Err(self.step_error(&step, statement, error, false, false));
                }
            };
            let rows = self.writer.aborting(&ready);
            self.commit_marks(rows).await?;
            self.go_on(&ready, 0, None).instrument(trace::step(&ready)).await?;
        }
        Ok(Done { steps: std::mem::take(&mut self.done), heads_before, heads_after: self.heads() })
    }

    /// The step that takes back the first statements of a stored step.
    fn way_back(
        &self,
        open: &OpenStep,
        stored: &PreparedStep,
        done: usize,
    ) -> Result<PreparedStep, Error> {
        let dialect = self.database.connection.dialect();
        let text = stored.text.as_ref().ok_or_else(|| Error::NoText(open.revision.clone()))?;
        let refused = |why: &str| refused(stored, done, why);
        let body = if done == stored.statements.len() {
            let down = text.down.as_ref();
            let down = down.ok_or_else(|| refused("all of it ran, and it is irreversible"))?;
            Body::from_stored(dialect, &text.file, down)
        } else if open.batched.is_some() {
            return Err(refused("a part of a backfill ran"));
        } else {
            typed_way_back(dialect, text, stored, done).map_err(|why| refused(&why))?
        };
        let preparer = Preparer {
            store: self.store,
            bodies: Bodies::new(dialect),
            // Each statement is marked, so that what was aborted half-way goes on.
            mode: TransactionMode::None,
            stamp: false,
        };
        let step = preparer.stored_step(Direction::Down, body, text);
        let file = self.store.file(&open.revision);
        let is_of_file = file.is_some()
            && self.store.revision(&open.revision).is_ok_and(|own| own.text == text.text);
        Ok(PreparedStep {
            origin: if is_of_file { Origin::File } else { Origin::Journal },
            parents: stored.parents.clone(),
            depends_on: stored.depends_on.clone(),
            ..step
        })
    }
}

/// What reverses the operations of which the first statements of a step came; else why nothing does.
fn typed_way_back(
    dialect: Dialect,
    text: &TextRow,
    stored: &PreparedStep,
    done: usize,
) -> Result<Body, String> {
    let revision = Store::revision_of_text(&text.file, &text.text)
        .map_err(|_| "its stored text cannot be read".to_owned())?;
    let flat: Vec<Entry> = revision
        .up
        .iter()
        .filter_map(|entry| entry.for_dialect(dialect))
        .flat_map(Cow::into_owned)
        .collect();
    let (whole, reached) = operations_done(dialect, &flat, stored, done)?;
    let mut taken = whole;
    if reached < done {
        // A part of the next operation ran: what it created goes as a whole.
        let first = stored.statements.get(reached).map(|one| catalog_effect(dialect, &one.sql));
        if !matches!(first, Some(Some(CatalogEffect::Creates { .. }))) {
            return Err("one of its operations ran in part".to_owned());
        }
        taken += 1;
    }
    let up: Vec<Entry> = flat.into_iter().take(taken).collect();
    if up.iter().any(|entry| matches!(entry.operation, Operation::Sql(_))) {
        return Err("a part of its SQL ran, and what undoes it is not known".to_owned());
    }
    let revision = Revision { up, down: Down::Derived, ..revision };
    match Bodies::new(dialect).own_down(&revision) {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(why)) => Err(why),
        Err(error) => Err(error.to_string()),
    }
}

/// How many of the operations are done as a whole by the first statements of a step, and how many
/// statements that are.
fn operations_done(
    dialect: Dialect,
    flat: &[Entry],
    stored: &PreparedStep,
    done: usize,
) -> Result<(usize, usize), String> {
    if stored.is_deferred() {
        let mut parts = stored.parts.iter();
        let mut reached = 0;
        for (whole, entry) in flat.iter().enumerate() {
            let own = match &entry.operation {
                // Each of its statements is a part.
                Operation::Sql(_) => lowered(std::slice::from_ref(entry), dialect)?.len(),
                _ => 1,
            };
            let count: usize = parts.by_ref().take(own).sum();
            if reached + count > done {
                return Ok((whole, reached));
            }
            reached += count;
        }
        return Ok((flat.len(), reached));
    }
    // Operations that stand together may share statements, so each number of them is looked at.
    let same = |own: &[Statement]| {
        own.len() <= done
            && own
                .iter()
                .zip(&stored.statements)
                .all(|(own, ran)| statement_digest(dialect, own) == statement_digest(dialect, ran))
    };
    let mut found = (0, 0);
    for count in 1..=flat.len() {
        let own = lowered(&flat[..count], dialect)?;
        if same(&own) {
            found = (count, own.len());
        }
    }
    Ok(found)
}

fn lowered(entries: &[Entry], dialect: Dialect) -> Result<Vec<Statement>, String> {
    sql::lower(entries, dialect, "", &mut Schema::default()).map_err(|error| error.to_string())
}

/// The error of a revision that cannot be taken back, with what ran of it.
fn refused(stored: &PreparedStep, done: usize, why: &str) -> Error {
    let mut message = format!("{} cannot be aborted: {why}\n  what ran:", stored.revision);
    for statement in stored.statements.iter().take(done) {
        let first = statement.sql.lines().next().unwrap_or_default();
        let more = if statement.sql.lines().nth(1).is_some() { " …" } else { "" };
        message.push_str(&format!("\n  line {}: {first}{more}", statement.source.line));
    }
    Error::Refused {
        message,
        hint: Some(
            "`rev resume` completes the revision, with its file corrected; or undo by hand what ran and \
             restore the journal's tables from a backup"
                .to_owned(),
        ),
    }
}
