//! What a journal tells: the applied set now, the applied set some runs back, and where a step
//! was interrupted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::db::Journal;
use crate::graph::{AppliedNode, Graph, State};
use crate::model::{Direction, Id, LogEvent, LogRow};
use crate::text::Digest;

use super::detail::{Batched, Began, Edges, Intent, detail};

/// The applied set of a journal, joined with the files' graph.
pub fn state(graph: &Graph, journal: &Journal) -> State {
    let applied = journal.applied.iter().map(|row| AppliedNode {
        id: row.id.clone(),
        seq: row.seq,
        parents: row.parents.clone(),
        depends_on: row.depends_on.clone(),
    });
    State::new(graph, applied.collect())
}

/// The heads of the applied set as it was N runs back, rebuilt from the log; `None` if there are not
/// so many. Runs that changed nothing do not count.
pub fn earlier_heads(log: &[LogRow], runs_back: usize) -> Option<Vec<Id>> {
    let states = states(log);
    // Before the first of them the database was empty.
    let then = match states.len().checked_sub(runs_back)? {
        0 => BTreeMap::new(),
        number => states.into_iter().nth(number - 1)?.1,
    };
    let below: BTreeSet<&Id> = then.values().flatten().collect();
    Some(then.keys().filter(|id| !below.contains(id)).cloned().collect())
}

/// The random words of the runs that changed the applied set, oldest first: those that `@{N}` counts.
pub fn changing_runs(log: &[LogRow]) -> Vec<&str> {
    states(log).into_iter().map(|(run, _)| run).collect()
}

/// An applied set: each revision with its parents.
type Applied = BTreeMap<Id, Vec<Id>>;

/// The runs that changed the applied set, oldest first, each with the set that it left.
fn states(log: &[LogRow]) -> Vec<(&str, Applied)> {
    let mut states: Vec<(&str, Applied)> = Vec::new();
    let mut applied = Applied::new();
    for run in log.chunk_by(|a, b| a.run == b.run) {
        for row in run {
            replay(&mut applied, row);
        }
        let before = states.last().into_iter().flat_map(|(_, applied)| applied.keys());
        if !before.eq(applied.keys()) {
            states.push((&run[0].run, applied.clone()));
        }
    }
    states
}

/// What a log row tells of the applied set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// The revision came.
    Comes,
    /// It went.
    Goes,
    /// It took its file's digests.
    Accepts,
    /// It took its file's parents.
    Moves,
}

/// What a log row tells of the applied set, and of which revision.
pub(super) fn change(row: &LogRow) -> Option<(Change, &Id)> {
    let change = match (row.event, row.direction) {
        (LogEvent::Done, _) if row.statement.is_some() => return None,
        (LogEvent::Done | LogEvent::Stamped, Some(Direction::Up)) => Change::Comes,
        (LogEvent::Done | LogEvent::Stamped, Some(Direction::Down)) => Change::Goes,
        (LogEvent::Stamped, None) => Change::Accepts,
        (LogEvent::Moved, _) => Change::Moves,
        _ => return None,
    };
    Some((change, row.revision.as_ref()?))
}

/// Does to an applied set what a log row tells.
fn replay(applied: &mut Applied, row: &LogRow) {
    let parents = || {
        let edges: Edges = detail(row).unwrap_or_default();
        edges.parents.iter().map(Id::from).collect()
    };
    match change(row) {
        Some((Change::Comes, id)) => drop(applied.insert(id.clone(), parents())),
        Some((Change::Goes, id)) => drop(applied.remove(id)),
        Some((Change::Moves, id)) => {
            if let Some(row) = applied.get_mut(id) {
                *row = parents();
            }
        }
        Some((Change::Accepts, _)) | None => {}
    }
}

/// A step without a transaction that has begun and not ended, and of which something ran or may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interruption {
    /// The revision.
    pub revision: Id,
    /// Which way the step went.
    pub direction: Direction,
    /// How many of its statements are done.
    pub done: usize,
    /// How many it has.
    pub total: usize,
    /// Whether the statement after those may have run: only the catalogue or the user can tell.
    pub open: bool,
    /// How many rows that statement, a backfill, has in its batches, and the key of the last.
    pub batches: Option<(u64, String)>,
    /// What the database said if that statement failed.
    pub failed: Option<String>,
    /// Whether these are the statements that take back what ran of the revision.
    pub is_abort: bool,
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_abort {
            f.write_str("while it was aborted, ")?;
        }
        write!(f, "{} of {} statements are done", self.done, self.total)?;
        if let Some((rows, key)) = &self.batches {
            write!(f, "; statement {} has filled {rows} rows, up to key {key}", self.done + 1)?;
        }
        if self.open {
            write!(f, "; whether statement {} ran", self.done + 1)?;
            let in_part = if self.failed.is_some() { ", or a part of it," } else { "" };
            write!(f, "{in_part} is not known yet")?;
        }
        if let Some(failed) = &self.failed {
            write!(f, "; statement {} failed: {failed}", self.done + 1)?;
        }
        Ok(())
    }
}

/// Where a journal says that a step was interrupted.
pub fn interruption(journal: &Journal) -> Option<Interruption> {
    OpenStep::of(journal).map(|step| Interruption {
        revision: step.revision,
        direction: step.direction,
        done: step.done,
        total: step.began.statements.len(),
        open: step.intent.is_some(),
        batches: step.batched.map(|batched| (batched.rows, batched.key.join(", "))),
        failed: step.failed,
        is_abort: step.is_abort,
    })
}

/// An interrupted step, with what `resume` needs of it.
#[derive(Debug, Clone)]
pub(super) struct OpenStep {
    pub revision: Id,
    pub direction: Direction,
    pub up_digest: Digest,
    pub began: Began,
    /// How many of its statements are done: the first ones.
    pub done: usize,
    /// Of the statement that may have run: whether the catalogue showed its effect before it.
    pub intent: Option<Intent>,
    /// How far the statement after the done ones is, if it is a backfill.
    pub batched: Option<Batched>,
    /// What the database said if the statement after the done ones failed.
    pub failed: Option<String>,
    /// Whether it takes back what ran of a step up.
    pub is_abort: bool,
}

impl OpenStep {
    /// Reads the rows of the step that has not ended; `None` if nothing of it ran.
    pub(super) fn of(journal: &Journal) -> Option<OpenStep> {
        let first = journal.interrupted.first()?;
        let mut done = 0;
        let mut intent = None;
        let mut failed = None;
        let mut batched = None;
        for row in &journal.interrupted {
            match row.event {
                LogEvent::Intent => {
                    let open: Intent = detail(row).unwrap_or_default();
                    failed = open.failed.clone();
                    intent = Some(open);
                }
                LogEvent::Done => {
                    done = row.statement.map_or(done, |index| index as usize + 1);
                    (intent, failed, batched) = (None, None, None);
                }
                LogEvent::Batch => {
                    batched = detail(row);
                    (intent, failed) = (None, None);
                }
                LogEvent::Failed | LogEvent::Cancelled => {
                    (intent, failed) = (None, row.detail.clone());
                }
                _ => {}
            }
        }
        let is_abort = first.event == LogEvent::Aborting;
        if done == 0 && intent.is_none() && batched.is_none() && !is_abort {
            return None;
        }
        Some(OpenStep {
            revision: first.revision.clone()?,
            direction: first.direction?,
            up_digest: first.digest.clone()?,
            began: detail(first)?,
            done,
            intent,
            batched,
            failed,
            is_abort,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Log(Vec<LogRow>);

    impl Log {
        fn add(
            &mut self,
            run: &str,
            event: LogEvent,
            direction: Option<Direction>,
            id: &str,
        ) -> &mut LogRow {
            self.0.push(LogRow {
                seq: self.0.len() as i64 + 1,
                run: run.to_owned(),
                at: String::new(),
                who: String::new(),
                event,
                revision: Some(Id::from(id)),
                direction,
                statement: None,
                digest: Some(Digest::stored("d")),
                detail: None,
            });
            self.0.last_mut().unwrap()
        }

        fn done(&mut self, run: &str, direction: Direction, id: &str, parents: &[&str]) {
            let parents: Vec<Id> = parents.iter().map(Id::from).collect();
            let row = self.add(run, LogEvent::Done, Some(direction), id);
            row.detail = Some(serde_json::to_string(&Edges::new(&parents, &[])).unwrap());
        }

        fn heads(&self, runs_back: usize) -> Option<String> {
            let heads = earlier_heads(&self.0, runs_back)?;
            Some(heads.iter().map(Id::as_str).collect::<Vec<_>>().join(" "))
        }
    }

    #[test]
    fn the_log_tells_every_earlier_state() {
        let mut log = Log(Vec::new());
        log.done("r1", Direction::Up, "a", &[]);
        log.done("r2", Direction::Up, "b", &["a"]);
        log.done("r2", Direction::Up, "c", &["a"]);
        // A run that fails changes nothing, and neither does one that goes down and up again.
        log.add("r3", LogEvent::Began, Some(Direction::Up), "d");
        log.add("r3", LogEvent::Done, Some(Direction::Up), "d").statement = Some(0);
        log.done("r4", Direction::Down, "c", &["a"]);
        log.done("r4", Direction::Up, "c", &["a"]);
        log.done("r5", Direction::Up, "d", &["b", "c"]);
        log.add("r6", LogEvent::Stamped, Some(Direction::Down), "d");
        assert_eq!(log.heads(0).as_deref(), Some("b c"));
        assert_eq!(log.heads(1).as_deref(), Some("d"));
        assert_eq!(log.heads(2).as_deref(), Some("b c"));
        assert_eq!(log.heads(3).as_deref(), Some("a"));
        assert_eq!(log.heads(4).as_deref(), Some(""));
        assert_eq!(log.heads(5), None);
    }

    #[test]
    fn a_moved_row_has_its_new_parents() {
        let mut log = Log(Vec::new());
        log.done("r1", Direction::Up, "a", &[]);
        log.done("r1", Direction::Up, "b", &[]);
        log.done("r1", Direction::Up, "c", &["a"]);
        let moved = Edges::new(&[Id::from("b")], &[]);
        log.add("r2", LogEvent::Moved, None, "c").detail =
            Some(serde_json::to_string(&moved).unwrap());
        assert_eq!(log.heads(0).as_deref(), Some("b c"));
        log.done("r3", Direction::Up, "d", &[]);
        assert_eq!(log.heads(0).as_deref(), Some("a c d"));
    }

    fn journal(rows: &[(LogEvent, Option<i64>, Option<&str>)]) -> Journal {
        let mut log = Log(Vec::new());
        for (event, statement, detail) in rows {
            let row = log.add("r", *event, Some(Direction::Up), "a");
            row.statement = *statement;
            row.detail = detail.map(str::to_owned);
        }
        Journal { interrupted: log.0, ..Journal::default() }
    }

    #[test]
    fn a_step_is_interrupted_if_something_of_it_ran_or_may_have() {
        const BEGAN: (LogEvent, Option<i64>, Option<&str>) = (
            LogEvent::Began,
            None,
            Some(r#"{"down_digest":"d","parents":[],"depends_on":[],"statements":["x","y","z"]}"#),
        );
        let said = |rows: &[(LogEvent, Option<i64>, Option<&str>)]| {
            let rows: Vec<_> = std::iter::once(BEGAN).chain(rows.iter().copied()).collect();
            interruption(&journal(&rows)).map(|step| step.to_string())
        };
        use LogEvent::{Done, Failed, Intent};
        assert_eq!(interruption(&Journal::default()), None);
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[(Intent, Some(0), None), (Failed, Some(0), Some("no"))]), None);
        assert_eq!(
            said(&[(Intent, Some(0), None)]).unwrap(),
            "0 of 3 statements are done; whether statement 1 ran is not known yet"
        );
        assert_eq!(said(&[(Done, Some(0), None)]).unwrap(), "1 of 3 statements are done");
        assert_eq!(
            said(&[(Done, Some(0), None), (Intent, Some(1), None), (Failed, Some(1), Some("no"))])
                .unwrap(),
            "1 of 3 statements are done; statement 2 failed: no"
        );
        // Tried again after it failed, and lost.
        assert_eq!(
            said(&[
                (Intent, Some(0), None),
                (Failed, Some(0), Some("no")),
                (Intent, Some(0), Some(r#"{"before":false}"#)),
            ])
            .unwrap(),
            "0 of 3 statements are done; whether statement 1 ran is not known yet"
        );
        // It failed, and is not known to have done nothing.
        assert_eq!(
            said(&[(Intent, Some(0), Some(r#"{"before":null,"failed":"no"}"#))]).unwrap(),
            "0 of 3 statements are done; whether statement 1 ran, or a part of it, is not known \
             yet; statement 1 failed: no"
        );
    }
}
