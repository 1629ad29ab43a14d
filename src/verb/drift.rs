//! Where a database is, against the files.

use std::fmt::Write as _;

use crate::db::Journal;
use crate::model::{Id, named_few};
use crate::run::{self, Edited, Interruption};
use crate::store::{DatabaseSettings, Store};
use crate::text::Dialect;

use super::Error;

/// Where a database's applied set and the files do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Differences {
    /// Applied revisions whose `up` in the files is another now.
    pub edited: Vec<Id>,
    /// Applied revisions of which only the `down` in the files is another now.
    pub down_differs: Vec<Id>,
    /// Applied revisions that the files have no word of.
    pub unknown: Vec<Id>,
    /// Applied revisions that have other parents in the files now.
    pub moved: Vec<Id>,
    /// Revisions below what is applied that are not applied themselves.
    pub gaps: Vec<Id>,
}

impl Differences {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Differences::default()
    }
}

/// Compares a journal with the files; reads the body of every applied revision.
pub(super) fn compare(
    store: &Store,
    dialect: Dialect,
    journal: &Journal,
) -> Result<Differences, Error> {
    let graph = store.graph();
    let state = run::state(graph, journal);
    let Edited { up, down } = run::edited(store, dialect, journal)?;
    Ok(Differences {
        edited: up,
        down_differs: down,
        unknown: state.unknown(graph),
        moved: state.moved(graph),
        gaps: state.missing(graph),
    })
}

/// Where a database is that is compared as it is: a difference between it and the models is the
/// models' only as far as it is where the files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The database's name in the store.
    pub database: String,
    /// What an upgrade to the heads would run, in order.
    pub pending: Vec<Id>,
    /// Where the applied set and the files do not agree.
    pub differences: Differences,
    /// A step that has begun and not ended.
    pub interrupted: Option<Interruption>,
}

impl Position {
    pub(super) fn of(
        store: &Store,
        settings: &DatabaseSettings,
        dialect: Dialect,
        journal: &Journal,
    ) -> Result<Position, Error> {
        let graph = store.graph();
        Ok(Position {
            database: settings.name.clone(),
            pending: run::state(graph, journal).pending(graph, &settings.lines),
            differences: compare(store, dialect, journal)?,
            interrupted: run::interruption(journal),
        })
    }

    /// Whether the database has run exactly what the files hold for it. A `down` that was edited does
    /// not change what it is.
    pub fn is_at_heads(&self) -> bool {
        self.reasons().is_empty()
    }

    /// Why it is not where the files are, a line each.
    pub fn reasons(&self) -> Vec<String> {
        let Differences { edited, down_differs: _, unknown, moved, gaps } = &self.differences;
        let mut reasons = Vec::new();
        if let Some(step) = &self.interrupted {
            let Interruption { revision, direction, .. } = step;
            reasons.push(format!("partially applied: {direction} {revision}: {step}"));
        }
        let pending: Vec<Id> =
            self.pending.iter().filter(|id| !gaps.contains(id)).cloned().collect();
        for (title, ids) in [
            ("applied, but not in the files", unknown),
            ("edited since applied", edited),
            ("moved to other parents", moved),
            ("missing below what is applied", gaps),
            ("pending", &pending),
        ] {
            if !ids.is_empty() {
                reasons.push(format!("{title}: {}", named_few(ids)));
            }
        }
        reasons
    }

    /// What brings the database to where the files are.
    pub fn way_out(&self) -> String {
        let Differences { edited, down_differs: _, unknown, moved, gaps } = &self.differences;
        let mut ways = Vec::new();
        if self.interrupted.is_some() {
            ways.push("`rev resume` completes the step");
        }
        if !edited.is_empty() {
            ways.push("restore the edited files, or `rev stamp --accept` them");
        }
        if !unknown.is_empty() {
            ways.push(
                "check out the files of the unknown revisions (`rev merge` joins their branch and \
                 yours), or leave them with `rev switch`",
            );
        }
        if unknown.is_empty() && !(moved.is_empty() && gaps.is_empty()) {
            ways.push("`rev switch` brings the database to the heads of the files");
        }
        if ways.is_empty() && !self.pending.is_empty() {
            ways.push("`rev upgrade heads` applies what is pending");
        }
        ways.join("; ")
    }

    /// Refuses to go on unless the database is where the files are: what is made from the difference
    /// would hold another branch's changes, undone, or changes that the files have already.
    pub(super) fn require_heads(&self) -> Result<(), Error> {
        let reasons = self.reasons();
        if reasons.is_empty() {
            return Ok(());
        }
        let mut message = format!(
            "the database {} does not match the files: the new revision would undo or repeat what \
             other revisions do",
            self.database
        );
        for reason in reasons {
            let _ = write!(message, "\n  {reason}");
        }
        let hint =
            format!("{}; `--from-revisions` compares with the revisions instead", self.way_out());
        Err(Error::refused(message, hint))
    }
}
