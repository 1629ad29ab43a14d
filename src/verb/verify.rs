//! The verb `verify`: do a database's journal and the files agree?

use std::collections::BTreeSet;

use crate::db::{Damage, Journal};
use crate::diff::{DiffOptions, Difference};
use crate::model::{Filter, Id};
use crate::run::{self, Audit, Cancel, Contradiction, Database, Event, Interruption};
use crate::store::Store;
use crate::text::Dialect;

use super::Error;
use super::compare::filtered_difference;
use super::drift;
use super::merge::is_about;

/// What was found wrong with a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// Its `up` in the files is not what ran.
    Edited,
    /// Only its `down` in the files is not what was stored.
    DownDiffers,
    /// It is applied and the files have no word of it.
    Unknown,
    /// It is applied, the files have no word of it, and the database holds no text of it either:
    /// there is no way down.
    Lost,
    /// It has other parents in the files now.
    Moved,
    /// It is not applied, and stands below what is.
    Gap,
    /// It is applied, and the database holds no text of it, though the files do.
    TextMissing,
    /// The text that the database holds of it is not what was stored.
    TextChanged,
    /// Its row among what is applied is not what the log tells.
    ContradictsLog,
    /// It is a merge, and the proof beside it is about other branches, or other texts of theirs.
    ProofOutdated,
}

impl Finding {
    /// The word of it.
    pub fn name(self) -> &'static str {
        match self {
            Finding::Edited => "edited",
            Finding::DownDiffers => "down differs",
            Finding::Unknown => "unknown",
            Finding::Lost => "lost",
            Finding::Moved => "moved",
            Finding::Gap => "gap",
            Finding::TextMissing => "text missing",
            Finding::TextChanged => "text changed",
            Finding::ContradictsLog => "contradicts the log",
            Finding::ProofOutdated => "proof outdated",
        }
    }
}

/// What was compared and found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The database's name in the store.
    pub database: String,
    /// The number of applied revisions that were compared.
    pub applied: usize,
    /// What was found, by kind.
    pub findings: Vec<(Finding, Id)>,
    /// The first and the last number of the rows that are missing in the log, for each gap.
    pub missing_log_rows: Vec<(i64, i64)>,
    /// A step that has begun and not ended.
    pub interrupted: Option<Interruption>,
}

impl Verified {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty() && self.missing_log_rows.is_empty() && self.interrupted.is_none()
    }
}

/// Compares what the database has applied with the files, and the proofs of merges with what they are about.
/// Makes nothing.
///
/// # Errors
/// As the server answers; a journal that is not ours; a revision's body or a proof that is not right.
pub async fn verify(store: &Store, database: &mut Database) -> Result<Verified, Error> {
    let journal = database.connection.read_journal().await?.unwrap_or_default();
    verify_journal(store, database, &journal).await
}

async fn verify_journal(
    store: &Store,
    database: &mut Database,
    journal: &Journal,
) -> Result<Verified, Error> {
    let dialect = database.connection.dialect();
    let differences = drift::compare(store, dialect, journal)?;
    let mut findings = Vec::new();
    findings.extend(differences.edited.into_iter().map(|id| (Finding::Edited, id)));
    findings.extend(differences.down_differs.into_iter().map(|id| (Finding::DownDiffers, id)));
    let Audit { missing, contradictions, texts } = run::audit(database, journal).await?;
    let lost: BTreeSet<&Id> =
        texts.iter().filter(|(_, damage)| *damage == Damage::Missing).map(|(id, _)| id).collect();
    for id in &differences.unknown {
        let finding = if lost.contains(id) { Finding::Lost } else { Finding::Unknown };
        findings.push((finding, id.clone()));
    }
    for (id, damage) in &texts {
        match damage {
            Damage::Missing if differences.unknown.contains(id) => {}
            Damage::Missing => findings.push((Finding::TextMissing, id.clone())),
            Damage::Changed(_) => findings.push((Finding::TextChanged, id.clone())),
        }
    }
    // Rows that are missing in the log tell what is missing among the applied, too.
    let told = contradictions.into_iter().filter(|(_, contradiction)| {
        missing.is_empty() || *contradiction == Contradiction::Different
    });
    findings.extend(told.map(|(id, _)| (Finding::ContradictsLog, id)));
    findings.extend(
        outdated_proofs(store, dialect)?.into_iter().map(|id| (Finding::ProofOutdated, id)),
    );
    findings.extend(differences.moved.into_iter().map(|id| (Finding::Moved, id)));
    findings.extend(differences.gaps.into_iter().map(|id| (Finding::Gap, id)));
    Ok(Verified {
        database: database.settings.name.clone(),
        applied: journal.applied.len(),
        findings,
        missing_log_rows: missing,
        interrupted: run::interruption(journal),
    })
}

/// The merges whose proofs, for a dialect, are about something else than they join.
fn outdated_proofs(store: &Store, dialect: Dialect) -> Result<Vec<Id>, Error> {
    let mut outdated = Vec::new();
    for id in store.graph().ordered() {
        if store.graph().parents(&id).len() < 2 {
            continue;
        }
        if let Some(proof) = store.proof(&id)?.filter(|proof| proof.dialect == dialect)
            && !is_about(store, &proof, &id)?
        {
            outdated.push(id);
        }
    }
    Ok(outdated)
}

/// What a live database was found to be.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedLive {
    /// The journal against the files.
    pub journal: Verified,
    /// What differs between the database and what its applied revisions make of an empty one; or why
    /// that cannot be worked out from the files.
    pub drift: Result<Difference, String>,
}

impl VerifiedLive {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.journal.is_empty() && self.drift.as_ref().is_ok_and(Difference::is_empty)
    }
}

/// Compares the journal with the files, and the database with what its applied revisions make.
///
/// # Errors
/// As [`verify`]; no scratch database; revisions that do not run.
pub async fn verify_live(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<VerifiedLive, Error> {
    let journal = database.connection.read_journal().await?.unwrap_or_default();
    let verified = verify_journal(store, database, &journal).await?;
    // These make it another database than the files' revisions do, or one that nothing here makes.
    let unworkable = verified.findings.iter().find_map(|(finding, id)| match finding {
        Finding::Unknown | Finding::Lost => Some((id, "is applied but not in the files")),
        Finding::Edited => Some((id, "was edited since it was applied")),
        Finding::Gap => Some((id, "is missing below what is applied")),
        Finding::ContradictsLog => Some((id, "contradicts the log of the journal")),
        Finding::DownDiffers
        | Finding::Moved
        | Finding::TextMissing
        | Finding::TextChanged
        | Finding::ProofOutdated => None,
    });
    let drift = match unworkable {
        Some((id, why)) => Err(format!("{id} {why}")),
        None => Ok(schema_drift(store, database, &journal, cancel, events).await?),
    };
    Ok(VerifiedLive { journal: verified, drift })
}

async fn schema_drift(
    store: &Store,
    database: &mut Database,
    journal: &Journal,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Difference, Error> {
    let heads: Vec<String> = run::state(store.graph(), journal)
        .heads()
        .iter()
        .map(|id| id.as_str().to_owned())
        .collect();
    let settings = database.settings.clone();
    let live = database.connection.read_catalog().await?;
    let should_be = run::replayed(store, &settings, &heads, Some(database), cancel, events).await?;
    let options = DiffOptions { dialect: database.connection.dialect(), safe: false };
    Ok(filtered_difference(&settings, &Filter::default(), &should_be, &live, options))
}
