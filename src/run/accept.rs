//! What a journal takes from the store that is at work: the digests of edited files, and the store's id.

use std::collections::BTreeMap;

use crate::db::DbError;
use crate::graph::Names;
use crate::model::{AppliedRow, Id};
use crate::store::Store;

use super::body::Bodies;
use super::history::state;
use super::prepare::{Preparer, refuse_interrupted};
use super::session::{Flow, Run};
use super::{Cancel, Database, Error, Event};

/// Takes the files' digests and texts for applied revisions that were edited (`rev stamp --accept`).
/// Says which rows were changed.
///
/// # Errors
/// A name that does not resolve, a revision that is not applied or has no file, or as
/// [`execute`](super::execute).
pub async fn accept(
    store: &Store,
    database: &mut Database,
    targets: &[String],
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Vec<Id>, Error> {
    let mut run = Run::locked(store, database, cancel, events).await?;
    let result = run.accept(targets).await;
    run.unlock(result).await
}

impl Run<'_> {
    async fn accept(&mut self, targets: &[String]) -> Result<Vec<Id>, Error> {
        refuse_interrupted(&self.journal)?;
        let graph = self.store.graph();
        let state = state(graph, &self.journal);
        let names =
            Names { state: Some(&state), lines: &self.database.settings.lines, journal: None };
        let ids = graph.resolve(targets, &names).map_err(crate::graph::PlanError::from)?;
        let dialect = self.database.connection.dialect();
        let mut preparer = Preparer {
            store: self.store,
            bodies: Bodies::new(dialect),
            mode: self.database.settings.transaction,
            stamp: true,
        };
        let rows: BTreeMap<Id, AppliedRow> =
            self.journal.applied.iter().map(|row| (row.id.clone(), row.clone())).collect();
        let mut sql = Vec::new();
        let mut accepted = Vec::new();
        for id in ids {
            let Some(row) = rows.get(&id) else {
                return Err(Error::Refused {
                    message: format!("{id} is not applied, so there is nothing to accept"),
                    hint: None,
                });
            };
            // Each by itself: they come in the order in which they were named.
            preparer.bodies = Bodies::new(dialect);
            let step = preparer.up(&id)?;
            if (&step.up_digest, &step.down_digest) == (&row.up_digest, &row.down_digest) {
                continue;
            }
            let row = AppliedRow {
                up_digest: step.up_digest.clone(),
                down_digest: step.down_digest.clone(),
                ..row.clone()
            };
            sql.extend(self.writer.accepted(&step, &row));
            accepted.push(id);
        }
        if accepted.is_empty() {
            return Ok(accepted);
        }
        self.ensure_journal().await?;
        // The rows were read under the lock, so only a writer without it can be in the way.
        if self.begin().await? == Flow::Changed {
            return Err(changed());
        }
        self.commit_rows(sql).await?;
        Ok(accepted)
    }
}

/// Hands the journal to the store (`rev stamp --accept-store`). Says whose it was before; `None`: it is the
/// store's already.
///
/// # Errors
/// The store has no id, there is no journal, or as [`execute`](super::execute).
pub async fn accept_store(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Option<String>, Error> {
    let Some(id) = database.settings.store.clone() else {
        return Err(Error::Refused {
            message: "the store has no id".to_owned(),
            hint: Some("`rev init --new-id` writes one to store.yaml".to_owned()),
        });
    };
    database.connection.accept_any_store();
    let mut run = Run::locked(store, database, cancel, events).await?;
    let result = run.accept_store(&id).await;
    run.unlock(result).await
}

impl Run<'_> {
    async fn accept_store(&mut self, id: &str) -> Result<Option<String>, Error> {
        if self.journal.last_seq == 0 {
            return Err(Error::Refused {
                message: "the database has no journal".to_owned(),
                hint: Some("`rev ensure-version` creates it, with the id of the store".to_owned()),
            });
        }
        self.ensure_journal().await?;
        let before = self.journal.format.store.clone();
        if before.as_deref() == Some(id) {
            return Ok(None);
        }
        if self.begin().await? == Flow::Changed {
            return Err(changed());
        }
        let mut format = self.journal.format.clone();
        format.store = Some(id.to_owned());
        let sql = self.writer.adopted(&format, before.as_deref());
        self.commit_rows(sql).await?;
        Ok(Some(before.unwrap_or_else(|| "none".to_owned())))
    }
}

/// Somebody writes to the journal without the lock.
fn changed() -> Error {
    Error::Db(DbError::Journal {
        message: "the journal changed while this run held the lock".to_owned(),
        hint: "stop everything else that writes to it, and try again".to_owned(),
    })
}
