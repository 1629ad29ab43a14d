//! The applied set as the log tells it, and the repair of rows that say something else.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::{Damage, DbError, Journal};
use crate::model::{AppliedRow, How, Id, LogEvent, LogRow, TextRow};
use crate::store::{Store, TransactionMode};
use crate::text::Digest;

use super::body::Bodies;
use super::detail::{Accepted, Edges, detail};
use super::history::{Change, change};
use super::prepare::{Preparer, refuse_interrupted};
use super::session::{Flow, Run};
use super::{Cancel, Database, Error, Event};

/// What is wrong with a row of `rev_applied`, by what `rev_log` tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contradiction {
    /// The log tells that the revision came, and there is no row of it.
    Lacking,
    /// There is a row, and the log does not tell that the revision came, or that it went again.
    Untold,
    /// The row says something else than the log.
    Different,
}

/// What the log of a journal says beside its rows: what is missing in it, and what contradicts it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audit {
    /// The first and the last number of the rows that are missing in the log, for each gap.
    pub missing: Vec<(i64, i64)>,
    /// The revisions whose rows contradict the log.
    pub contradictions: Vec<(Id, Contradiction)>,
    /// The applied revisions whose stored text is missing or was changed.
    pub texts: Vec<(Id, Damage)>,
}

/// Compares a journal's rows with each other: the numbers of the log, the applied set that it tells, and
/// the stored texts with their digests. Makes nothing.
///
/// # Errors
/// As the server answers.
pub async fn audit(database: &mut Database, journal: &Journal) -> Result<Audit, DbError> {
    if journal.last_seq == 0 {
        return Ok(Audit::default());
    }
    Ok(examine(database, journal).await?.0)
}

/// The audit, with the rows that the log tells.
async fn examine(
    database: &mut Database,
    journal: &Journal,
) -> Result<(Audit, BTreeMap<Id, Told>), DbError> {
    let log = database.connection.read_log().await?;
    let texts = database.connection.check_texts(journal).await?;
    let (missing, told) = (gaps(&log, journal), told(&log));
    let contradictions = contradictions(&told, journal);
    Ok((Audit { missing, contradictions, texts }, told))
}

/// The numbers between the first row and the last that any table names which the log does not have.
fn gaps(log: &[LogRow], journal: &Journal) -> Vec<(i64, i64)> {
    let end = journal.applied.iter().map(|row| row.seq).max().unwrap_or(0).max(journal.last_seq);
    let mut expected = 1;
    let mut missing = Vec::new();
    for seq in log.iter().map(|row| row.seq).chain([end + 1]) {
        if seq > expected {
            missing.push((expected, seq - 1));
        }
        expected = expected.max(seq + 1);
    }
    missing
}

/// A row of `rev_applied` as the log tells it; `rev1` told no digest of the `down`.
struct Told {
    row: AppliedRow,
    knows_down: bool,
}

impl Told {
    fn is(&self, other: &AppliedRow) -> bool {
        let AppliedRow { id, seq, up_digest, down_digest, parents, depends_on, how, at: _, who: _ } =
            &self.row;
        (id, seq, up_digest, parents, depends_on, how)
            == (
                &other.id,
                &other.seq,
                &other.up_digest,
                &other.parents,
                &other.depends_on,
                &other.how,
            )
            && (!self.knows_down || *down_digest == other.down_digest)
    }
}

fn told(log: &[LogRow]) -> BTreeMap<Id, Told> {
    let ids = |texts: &[String]| texts.iter().map(Id::from).collect::<Vec<_>>();
    let mut all: BTreeMap<Id, Told> = BTreeMap::new();
    for row in log {
        let Some((change, id)) = change(row) else { continue };
        match change {
            Change::Comes => {
                let edges: Edges = detail(row).unwrap_or_default();
                let none = || Digest::stored("");
                let applied = AppliedRow {
                    id: id.clone(),
                    seq: row.seq,
                    up_digest: row.digest.clone().unwrap_or_else(none),
                    down_digest: edges.down_digest.as_deref().map_or_else(none, Digest::stored),
                    parents: ids(&edges.parents),
                    depends_on: ids(&edges.depends_on),
                    how: match row.event {
                        LogEvent::Stamped => How::Stamped,
                        _ => How::Ran,
                    },
                    at: row.at.clone(),
                    who: row.who.clone(),
                };
                let knows_down = edges.down_digest.is_some();
                all.insert(id.clone(), Told { row: applied, knows_down });
            }
            Change::Goes => drop(all.remove(id)),
            Change::Moves => {
                if let (Some(told), Some(edges)) = (all.get_mut(id), detail::<Edges>(row)) {
                    told.row.parents = ids(&edges.parents);
                    told.row.depends_on = ids(&edges.depends_on);
                }
            }
            Change::Accepts => {
                let Some(told) = all.get_mut(id) else { continue };
                if let Some(digest) = &row.digest {
                    told.row.up_digest = digest.clone();
                }
                let accepted: Option<Accepted> = detail(row);
                told.knows_down = accepted.is_some();
                if let Some(accepted) = accepted {
                    told.row.down_digest = Digest::stored(accepted.down_digest);
                }
            }
        }
    }
    all
}

fn contradictions(told: &BTreeMap<Id, Told>, journal: &Journal) -> Vec<(Id, Contradiction)> {
    let mut lacking: BTreeSet<&Id> = told.keys().collect();
    let mut found = Vec::new();
    for row in &journal.applied {
        lacking.remove(&row.id);
        match told.get(&row.id) {
            None => found.push((row.id.clone(), Contradiction::Untold)),
            Some(told) if !told.is(row) => found.push((row.id.clone(), Contradiction::Different)),
            Some(_) => {}
        }
    }
    found.extend(lacking.into_iter().map(|id| (id.clone(), Contradiction::Lacking)));
    found
}

/// One thing that a repair does to a journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Repair {
    /// Writes a row of `rev_applied` that is lacking.
    Add(AppliedRow),
    /// Takes out a row of `rev_applied` of which the log does not tell.
    Remove(AppliedRow),
    /// Writes the second row of `rev_applied` in place of the first.
    Correct(AppliedRow, AppliedRow),
    /// Stores the text of a revision again, from its file.
    StoreText(Box<TextRow>),
}

impl Repair {
    /// The revision that it is about.
    pub fn revision(&self) -> &Id {
        match self {
            Repair::Add(row) | Repair::Remove(row) | Repair::Correct(_, row) => &row.id,
            Repair::StoreText(text) => &text.id,
        }
    }

    /// What it does, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Repair::Add(_) => "its row in rev_applied is written again, as rev_log tells it",
            Repair::Remove(_) => {
                "its row in rev_applied is removed: rev_log does not tell that it is applied"
            }
            Repair::Correct(..) => "its row in rev_applied is corrected to what rev_log tells",
            Repair::StoreText(_) => "its text is stored again, from its file",
        }
    }
}

/// What a repair would do, and what none can.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepairPlan {
    /// What it does, rows that go first.
    pub repairs: Vec<Repair>,
    /// The revisions whose text is missing or changed, and whose file is not there or is not what ran.
    pub beyond: Vec<Id>,
}

/// What would bring `rev_applied` to what `rev_log` tells, and the stored texts to what the files say.
///
/// # Errors
/// A log with rows missing, which tells nothing for certain; an interrupted step; as the server answers.
pub async fn plan_repair(
    store: &Store,
    database: &mut Database,
    journal: &Journal,
) -> Result<RepairPlan, Error> {
    refuse_interrupted(journal)?;
    if journal.last_seq == 0 {
        return Ok(RepairPlan::default());
    }
    let (Audit { missing, contradictions, texts }, mut told) = examine(database, journal).await?;
    if let Some((first, last)) = missing.first() {
        return Err(Error::Refused {
            message: format!(
                "rows {first} to {last} of rev_log are missing, so that it does not tell what is applied"
            ),
            hint: Some(
                "restore them from a backup; or compare the database with the files and record what is \
                 applied with `rev stamp --purge`"
                    .to_owned(),
            ),
        });
    }
    let dialect = database.connection.dialect();
    let file = |id: &Id| {
        let bodies = Bodies::new(dialect);
        let mode = TransactionMode::PerRevision;
        store.file(id)?;
        Preparer { store, bodies, mode, stamp: true }.up(id).ok()?.text
    };
    let mut plan = RepairPlan::default();
    for (id, contradiction) in contradictions {
        let there = journal.applied.iter().find(|row| row.id == id).cloned();
        let wanted = told.remove(&id).map(|mut told| {
            if !told.knows_down {
                let known = there.as_ref().map(|row| row.down_digest.clone());
                let known = known.or_else(|| file(&id).map(|text| text.down_digest));
                told.row.down_digest = known.unwrap_or_else(Digest::derived);
            }
            told.row
        });
        plan.repairs.extend(match (contradiction, there, wanted) {
            (Contradiction::Lacking, _, Some(wanted)) => Some(Repair::Add(wanted)),
            (Contradiction::Untold, Some(there), _) => Some(Repair::Remove(there)),
            (Contradiction::Different, Some(there), Some(wanted)) => {
                Some(Repair::Correct(there, wanted))
            }
            _ => None,
        });
    }
    plan.repairs.sort_by_key(|repair| !matches!(repair, Repair::Remove(_)));
    // Which text a row that is corrected names is known only then.
    let is_corrected = |id: &Id| plan.repairs.iter().any(|repair| repair.revision() == id);
    let texts: Vec<Id> =
        texts.into_iter().map(|(id, _)| id).filter(|id| !is_corrected(id)).collect();
    for id in texts {
        let row = journal.applied.iter().find(|row| row.id == id);
        let text = row.and_then(|row| {
            file(&id).filter(|text| {
                (&text.up_digest, &text.down_digest) == (&row.up_digest, &row.down_digest)
            })
        });
        match text {
            Some(text) => plan.repairs.push(Repair::StoreText(Box::new(text))),
            None => plan.beyond.push(id),
        }
    }
    Ok(plan)
}

/// Does what a plan of [`plan_repair`] says, under the lock (`rev journal repair`).
///
/// # Errors
/// As [`plan_repair`]; the journal is no longer the one that the plan was made for.
pub async fn repair(
    store: &Store,
    database: &mut Database,
    agreed: &RepairPlan,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<(), Error> {
    let mut run = Run::locked(store, database, cancel, events).await?;
    let result = run.repair(agreed).await;
    run.unlock(result).await
}

impl Run<'_> {
    async fn repair(&mut self, agreed: &RepairPlan) -> Result<(), Error> {
        let changed = || Error::Refused {
            message: "the journal changed since the repair was shown".to_owned(),
            hint: Some("run the command again".to_owned()),
        };
        self.ensure_journal().await?;
        let plan = plan_repair(self.store, self.database, &self.journal).await?;
        if plan != *agreed || self.begin().await? == Flow::Changed {
            return Err(changed());
        }
        let sql = self.writer.repaired(&plan.repairs);
        self.commit_rows(sql).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: i64) -> LogRow {
        LogRow {
            seq,
            run: "r".to_owned(),
            at: String::new(),
            who: String::new(),
            event: LogEvent::Began,
            revision: None,
            direction: None,
            statement: None,
            digest: None,
            detail: None,
        }
    }

    #[test]
    fn rows_that_are_missing_in_the_log_are_found() {
        let gaps_of = |seqs: &[i64], last_seq| {
            let log: Vec<LogRow> = seqs.iter().map(|seq| row(*seq)).collect();
            gaps(&log, &Journal { last_seq, ..Journal::default() })
        };
        assert_eq!(gaps_of(&[1, 2, 3], 3), []);
        assert_eq!(gaps_of(&[2, 3, 6], 6), [(1, 1), (4, 5)]);
        // The applied set names a later row.
        assert_eq!(gaps_of(&[1], 3), [(2, 3)]);
    }
}
