//! Plans and prepares a request: names, bodies, statements, and every refusal that can be known
//! before anything runs.

use std::collections::BTreeMap;

use crate::db::Journal;
use crate::graph::{Names, Plan, PlanError, Request};
use crate::model::{
    AppliedRow, Direction, Down, Id, Revision, Schema, StoredStatement, TextRow, down_digest,
    named_few, up_digest,
};
use crate::sql::{self, JournalTables, Statement};
use crate::store::{Store, TransactionMode};
use crate::text::{Digest, Effect};

use super::body::{Bodies, Body};
use super::error::StoredDown;
use super::history::{earlier_heads, interruption, state};
use super::journal_version::JournalVersion;
use super::live::refuse_by_tables;
use super::prove::why_not_late;
use super::step::{Origin, PreparedStep, Work};
use super::stored::{is_same, text_row};
use super::{Database, Error, files};

/// A plan, ready to run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prepared {
    /// The steps, in order.
    pub steps: Vec<PreparedStep>,
    /// Rows that take their file's parents: the revision, its parents, its dependencies.
    pub moved: Vec<(Id, Vec<Id>, Vec<Id>)>,
    /// The heads before.
    pub heads_before: Vec<Id>,
    /// The heads after.
    pub heads_after: Vec<Id>,
    /// Whether it is a stamp: rows only.
    pub stamp: bool,
    /// Whether its step was interrupted: what it does was agreed to when it began.
    pub resumed: bool,
    /// What the user should know: a `down` that was edited, revisions ahead of the files.
    pub notices: Vec<String>,
    /// Whether all steps run in one transaction.
    pub one_transaction: bool,
    /// The journal that it was planned with.
    pub journal_version: JournalVersion,
    /// The applied set that it was planned with, in the order in which it was applied.
    pub applied: Vec<Id>,
    /// The journal's tables; `None` where no database was at hand.
    pub tables: Option<JournalTables>,
    /// Whether a step seems to stand half-way. Only who holds the lock can tell whether it was
    /// interrupted or is under way.
    pub half_way: bool,
}

impl Prepared {
    /// Whether there is nothing to run.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.moved.is_empty()
    }
}

/// Plans and prepares a request: resolves names, reads the bodies, lowers them, and refuses what
/// cannot be kept, before anything runs.
///
/// # Errors
/// No plan, edited revisions, no way down, a transaction mode that cannot be promised.
pub async fn prepare(
    store: &Store,
    database: &mut Database,
    journal: &Journal,
    request: &Request,
) -> Result<Prepared, Error> {
    let has_log = journal.last_seq > 0;
    let log = match has_log && targets(request).iter().any(|name| name.contains("@{")) {
        true => database.connection.read_log().await?,
        false => Vec::new(),
    };
    let state = state(store.graph(), journal);
    let lines = database.settings.lines.clone();
    let plan = |request: &Request| {
        let earlier = |runs_back| earlier_heads(&log, runs_back);
        let names = Names { state: Some(&state), lines: &lines, journal: Some(&earlier) };
        store.graph().plan(&state, request, &names)
    };
    let (plan, late) = match (plan(request), request) {
        (Err(PlanError::OutOfOrder { gaps, above }), Request::Upgrade { targets, .. }) => {
            let request = Request::Upgrade { targets: targets.clone(), out_of_order: true };
            let plan = plan(&request)?;
            match why_not_late(store, database, journal, &plan).await? {
                None => (plan, Some(gaps)),
                Some(reason) => return Err(Error::OutOfOrder { gaps, above, reason }),
            }
        }
        (plan, _) => (plan?, None),
    };
    let dialect = database.connection.dialect();
    let mut preparer = Preparer {
        store,
        bodies: Bodies::new(dialect),
        mode: database.settings.transaction,
        stamp: matches!(request, Request::Stamp { .. }),
    };
    let mut notices = files::ahead_of_the_files(&state, store.graph(), &plan);
    notices.extend(late.map(|gaps| {
        format!("out of order, and disjoint from what ran before: {}", named_few(&gaps))
    }));
    // A deployment whose files are not what ran must not pass for one with nothing to do.
    let is_upgrade = matches!(request, Request::Upgrade { .. });
    let has_up = || plan.steps.iter().any(|step| step.direction == Direction::Up);
    if is_upgrade || (!preparer.stamp && has_up()) {
        files::refuse_edited(store, dialect, journal, &mut notices)?;
    }
    let rows: BTreeMap<&Id, &AppliedRow> =
        journal.applied.iter().map(|row| (&row.id, row)).collect();
    let mut steps = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        steps.push(match (step.direction, preparer.stamp, rows.get(&step.revision)) {
            (Direction::Up, ..) => preparer.up(&step.revision)?,
            (Direction::Down, true, row) => row_that_goes(&step.revision, row.copied()),
            (Direction::Down, false, Some(row)) => {
                preparer.down(database, journal, row, &mut notices).await?
            }
            (Direction::Down, false, None) => return Err(Error::NoText(step.revision.clone())),
        });
    }
    if !preparer.stamp {
        refuse_by_tables(store, database, &plan).await?;
    }
    let mut prepared = preparer.finish(plan, steps, notices)?;
    prepared.journal_version = JournalVersion::of(journal);
    prepared.half_way = interruption(journal).is_some();
    prepared.applied = journal.applied.iter().map(|row| row.id.clone()).collect();
    prepared.tables = Some(database.connection.tables().clone());
    Ok(prepared)
}

/// Refuses to change a database in which a step stands half-way.
pub(super) fn refuse_interrupted(journal: &Journal) -> Result<(), Error> {
    match interruption(journal) {
        None => Ok(()),
        Some(step) => Err(Error::Interrupted {
            revision: step.revision.clone(),
            direction: step.direction,
            detail: step.to_string(),
        }),
    }
}

fn targets(request: &Request) -> &[String] {
    match request {
        Request::Upgrade { targets, .. }
        | Request::Downgrade { targets }
        | Request::Switch { targets }
        | Request::Stamp { targets, .. } => targets,
    }
}

/// What turns revisions into steps.
pub(super) struct Preparer<'a> {
    pub store: &'a Store,
    pub mode: TransactionMode,
    pub stamp: bool,
    /// Reads the revisions.
    pub bodies: Bodies,
}

impl Preparer<'_> {
    /// The step that applies a revision.
    pub(super) fn up(&mut self, id: &Id) -> Result<PreparedStep, Error> {
        let revision = self.store.revision(id)?;
        let up = self.bodies.planned(&revision, &revision.up)?;
        let down = self.bodies.own_down(&revision)?.ok();
        let text = text_row(&revision, self.bodies.dialect, &up, down.as_ref());
        Ok(self.step(Direction::Up, &revision, up, text))
    }

    /// The step that takes a revision back by its file alone.
    pub(super) fn down_of_the_file(&mut self, id: &Id) -> Result<PreparedStep, Error> {
        let revision = self.store.revision(id)?;
        let mut nothing = Schema::default();
        let up = self.bodies.body(&revision, &revision.up, &mut nothing)?;
        let down = self.bodies.own_down(&revision)?.map_err(|reason| Error::Irreversible {
            revision: id.clone(),
            reason,
            file: revision.file.clone(),
        })?;
        let text = text_row(&revision, self.bodies.dialect, &up, Some(&down));
        self.bodies.replay(&revision.file, &down)?;
        Ok(self.step(Direction::Down, &revision, down, text))
    }

    /// The step that takes an applied revision back: by its file if that has the same `up` as ran, else
    /// by the stored text.
    async fn down(
        &mut self,
        database: &mut Database,
        journal: &Journal,
        row: &AppliedRow,
        notices: &mut Vec<String>,
    ) -> Result<PreparedStep, Error> {
        let revision = match self.store.file(&row.id) {
            Some(_) => Some(self.store.revision(&row.id)?),
            None => None,
        };
        let mut step = match &revision {
            Some(revision) if up_digest(revision, self.bodies.dialect) != row.up_digest => {
                notices.push(format!(
                    "{}: the file's `up` differs from what ran; the stored `down` is used",
                    row.id
                ));
                self.stored_down(database, journal, row, Some(revision)).await?
            }
            // The `down` that the file once spelt out is not the one that it means now.
            Some(revision)
                if revision.down == Down::Derived && row.down_digest != Digest::derived() =>
            {
                notices.push(format!(
                    "{}: the file no longer has the `down` that was stored; the stored one is used",
                    row.id
                ));
                self.stored_down(database, journal, row, Some(revision)).await?
            }
            Some(revision) if revision.down == Down::Derived => {
                self.derived_down(database, journal, row, revision).await?
            }
            Some(revision) => {
                if down_digest(revision, self.bodies.dialect) != row.down_digest {
                    notices.push(format!(
                        "{}: the file's `down` was edited since it was applied; the file's is used",
                        row.id
                    ));
                }
                self.down_of_the_file(&row.id)?
            }
            None => self.stored_down(database, journal, row, None).await?,
        };
        step.parents.clone_from(&row.parents);
        step.depends_on.clone_from(&row.depends_on);
        step.up_digest = row.up_digest.clone();
        Ok(step)
    }

    /// The step of a `down` that is derived from the file, if it is the one that was stored when the
    /// revision ran: a `down` of another version of `rev`, or one that somebody put into the journal, is
    /// nobody's to choose but the user's.
    async fn derived_down(
        &mut self,
        database: &mut Database,
        journal: &Journal,
        row: &AppliedRow,
        revision: &Revision,
    ) -> Result<PreparedStep, Error> {
        let own = self.bodies.own_down(revision)?.map(|body| body.to_stored());
        let (up, down) = (&row.up_digest, &row.down_digest);
        let stored = database.connection.read_text(journal, &row.id, up, down).await?;
        let Some(text) = stored else { return self.down_of_the_file(&row.id) };
        let same = match (&own, &text.down) {
            (Ok(own), Some(down)) => is_same(self.bodies.dialect, own, down),
            (Err(_), None) => true,
            _ => false,
        };
        if same {
            return self.down_of_the_file(&row.id);
        }
        let lines = |down: &[StoredStatement]| down.iter().map(|part| part.sql.clone()).collect();
        Err(Error::StoredDownDiffers(Box::new(StoredDown {
            revision: row.id.clone(),
            file: revision.file.clone(),
            derived: own.map_or_else(|reason| vec![format!("none: {reason}")], |own| lines(&own)),
            stored: text.down.as_ref().map_or_else(|| vec!["none".to_owned()], |down| lines(down)),
        })))
    }

    async fn stored_down(
        &mut self,
        database: &mut Database,
        journal: &Journal,
        row: &AppliedRow,
        revision: Option<&Revision>,
    ) -> Result<PreparedStep, Error> {
        let (up, down) = (&row.up_digest, &row.down_digest);
        let stored = database.connection.read_text(journal, &row.id, up, down).await?;
        let Some(text) = stored else {
            return match revision {
                // The file still says what ran, so it is as good as the stored text.
                Some(revision) if up_digest(revision, self.bodies.dialect) == row.up_digest => {
                    self.down_of_the_file(&row.id)
                }
                _ => Err(Error::NoText(row.id.clone())),
            };
        };
        let Some(down) = &text.down else {
            return Err(Error::Irreversible {
                revision: row.id.clone(),
                reason: self.why_irreversible(row, revision),
                file: text.file,
            });
        };
        let body = Body::from_stored(self.bodies.dialect, &text.file, down);
        self.bodies.replay(&text.file, &body)?;
        Ok(self.stored_step(Direction::Down, body, &text))
    }

    /// Why the stored text of a revision has no `down`: its file may still say it.
    fn why_irreversible(&self, row: &AppliedRow, revision: Option<&Revision>) -> String {
        if row.down_digest != Digest::derived() {
            return "its file says so".to_owned();
        }
        let said = revision
            .filter(|revision| up_digest(revision, self.bodies.dialect) == row.up_digest)
            .and_then(|revision| revision.way_down_on(self.bodies.dialect).err());
        said.map_or_else(
            || "its `down` is omitted, and its `up` cannot be reversed".to_owned(),
            |reason| format!("its `down` is omitted, and {reason}"),
        )
    }

    /// A step of what is stored; its parents are the caller's to say.
    pub(super) fn stored_step(
        &self,
        direction: Direction,
        body: Body,
        text: &TextRow,
    ) -> PreparedStep {
        let message = match self.store.header(&text.id) {
            Some(header) => header.message.clone(),
            None => Store::revision_of_text(&text.file, &text.text)
                .map(|revision| revision.header.message)
                .unwrap_or_default(),
        };
        let effect = self.effect(&body);
        let (deferred, statements, transactional) = self.cut(body);
        PreparedStep {
            direction,
            revision: text.id.clone(),
            message,
            effect,
            statements,
            deferred,
            parts: Vec::new(),
            transactional,
            up_digest: text.up_digest.clone(),
            down_digest: text.down_digest.clone(),
            parents: Vec::new(),
            depends_on: Vec::new(),
            text: Some(text.clone()),
            origin: Origin::Journal,
        }
    }

    fn step(
        &self,
        direction: Direction,
        revision: &Revision,
        body: Body,
        text: TextRow,
    ) -> PreparedStep {
        let header = &revision.header;
        let effect = self.effect(&body);
        let (deferred, statements, transactional) = self.cut(body);
        PreparedStep {
            direction,
            revision: header.id.clone(),
            message: header.message.clone(),
            effect,
            statements,
            deferred,
            parts: Vec::new(),
            transactional,
            up_digest: text.up_digest.clone(),
            down_digest: text.down_digest.clone(),
            parents: header.parents.clone(),
            depends_on: self.store.graph().dependencies(&header.depends_on),
            text: Some(text),
            origin: Origin::File,
        }
    }

    /// Says how a step's work runs, by the transaction mode and what the dialect can roll back: what is
    /// late, what is known, and whether one transaction holds it.
    fn cut(&self, body: Body) -> (Vec<Work>, Vec<Statement>, bool) {
        let none = self.mode == TransactionMode::None;
        let can = sql::dialect(self.bodies.dialect).transactional_ddl();
        let transactional = !none && can && body.transactional;
        let is_deferred = body.is_deferred();
        let mut deferred = body.work;
        let known = deferred.iter_mut().filter_map(|work| match work {
            Work::Statement(statement) => Some(statement),
            Work::Operation(_) => None,
        });
        if none {
            known.for_each(|statement| statement.transactional = false);
        }
        if is_deferred {
            return (deferred, Vec::new(), transactional);
        }
        let statements = deferred.into_iter().filter_map(|work| match work {
            Work::Statement(statement) => Some(statement),
            Work::Operation(_) => None,
        });
        (Vec::new(), statements.collect(), transactional)
    }

    /// What a step does; a stamp runs nothing.
    fn effect(&self, body: &Body) -> Effect {
        if self.stamp { Effect::Additive } else { body.effect }
    }

    pub(super) fn finish(
        &self,
        plan: Plan,
        steps: Vec<PreparedStep>,
        mut notices: Vec<String>,
    ) -> Result<Prepared, Error> {
        self.refuse_long_ids(&steps)?;
        if !self.stamp {
            notices.extend(steps.iter().filter_map(|step| step.not_resumable(self.bodies.dialect)));
        }
        let one_transaction = self.mode == TransactionMode::All && !self.stamp;
        if one_transaction {
            self.refuse_what_cannot_be_one(&steps)?;
        }
        let graph = self.store.graph();
        let moved = plan.moved.into_iter().filter_map(|id| {
            let header = self.store.header(&id)?;
            let depends_on = graph.dependencies(&header.depends_on);
            Some((id, header.parents.clone(), depends_on))
        });
        Ok(Prepared {
            steps,
            moved: moved.collect(),
            heads_before: plan.heads_before,
            heads_after: plan.heads_after,
            stamp: self.stamp,
            notices,
            one_transaction,
            ..Prepared::default()
        })
    }

    /// Refuses ids that the journal cannot hold: the step would fail behind its own statements.
    fn refuse_long_ids(&self, steps: &[PreparedStep]) -> Result<(), Error> {
        let Some(limit) = sql::dialect(self.bodies.dialect).longest_id() else { return Ok(()) };
        let mut ids = steps.iter().map(|step| &step.revision);
        match ids.find(|id| id.as_str().chars().count() > limit) {
            None => Ok(()),
            Some(id) => Err(Error::Refused {
                message: format!(
                    "the id {id} is longer than the {limit} characters that {} can hold",
                    self.bodies.dialect
                ),
                hint: Some("give the revision a shorter id".to_owned()),
            }),
        }
    }

    fn refuse_what_cannot_be_one(&self, steps: &[PreparedStep]) -> Result<(), Error> {
        if !sql::dialect(self.bodies.dialect).transactional_ddl() {
            return Err(Error::TransactionMode(format!(
                "`transaction: all` is not supported on {}, which cannot roll back DDL",
                self.bodies.dialect
            )));
        }
        let alone = steps.iter().find(|step| !step.transactional);
        match alone {
            None => Ok(()),
            Some(step) => Err(Error::TransactionMode(format!(
                "`transaction: all` is not possible: {} has statements that run outside a transaction",
                step.revision
            ))),
        }
    }
}

/// A stamp's row that goes: nothing of the revision is needed.
pub(super) fn row_that_goes(id: &Id, row: Option<&AppliedRow>) -> PreparedStep {
    let stored = |digest: fn(&AppliedRow) -> &Digest| {
        row.map_or_else(|| Digest::stored(""), |row| digest(row).clone())
    };
    PreparedStep {
        direction: Direction::Down,
        revision: id.clone(),
        message: String::new(),
        statements: Vec::new(),
        deferred: Vec::new(),
        parts: Vec::new(),
        transactional: true,
        up_digest: stored(|row| &row.up_digest),
        down_digest: stored(|row| &row.down_digest),
        parents: row.map(|row| row.parents.clone()).unwrap_or_default(),
        depends_on: row.map(|row| row.depends_on.clone()).unwrap_or_default(),
        text: None,
        effect: Effect::Additive,
        origin: Origin::Journal,
    }
}
