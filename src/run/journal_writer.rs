//! Writes down what a run does: makes the journal's rows, numbers them, and turns them into SQL.

use std::env;

use crate::db::host_name;
use crate::model::{
    AppliedRow, Direction, How, Id, JournalFormat, LogEvent, LogRow, StoredStatement,
};
use crate::sql::{JournalTables, SqlDialect, Statement};
use crate::store::clock;
use crate::text::{Dialect, Digest, Digester, digest_tokens};

use super::detail::{Accepted, Began, Edges, Intent};
use super::stored::to_stored;
use super::{PreparedStep, Repair};

/// Writes the rows of one run.
pub(super) struct JournalWriter {
    dialect: Dialect,
    sql: &'static dyn SqlDialect,
    tables: JournalTables,
    run: String,
    who: String,
    numbers: Numbers,
    /// The instant of every row; `None`: the time when it is made.
    at: Option<String>,
}

/// How rows are numbered.
enum Numbers {
    /// From the last number there is.
    Counted(i64),
    /// All the same: a word of a script, which its server replaces.
    Fixed(i64),
}

impl JournalWriter {
    /// For a run on a database whose last log row has this number.
    pub(super) fn new(dialect: Dialect, tables: JournalTables, last_seq: i64) -> Self {
        JournalWriter {
            dialect,
            sql: crate::sql::dialect(dialect),
            tables,
            run: run_word(last_seq),
            who: who(),
            numbers: Numbers::Counted(last_seq),
            at: None,
        }
    }

    /// For a script: this number stands for the log's next one, and all instants are its server's.
    pub(super) fn for_script(dialect: Dialect, tables: JournalTables, seq: i64) -> Self {
        JournalWriter {
            numbers: Numbers::Fixed(seq),
            at: Some(String::new()),
            ..JournalWriter::new(dialect, tables, 0)
        }
    }

    /// The word of this run.
    pub(super) fn run(&self) -> &str {
        &self.run
    }

    pub(super) fn sql(&self) -> &'static dyn SqlDialect {
        self.sql
    }

    pub(super) fn tables(&self) -> &JournalTables {
        &self.tables
    }

    /// The number of the last row written.
    pub(super) fn last_seq(&self) -> i64 {
        match self.numbers {
            Numbers::Counted(last) | Numbers::Fixed(last) => last,
        }
    }

    /// Goes on from this number: the journal was read anew, or rows were rolled back.
    pub(super) fn go_on_from(&mut self, last_seq: i64) {
        if let Numbers::Counted(last) = &mut self.numbers {
            *last = last_seq;
        }
    }

    fn next_seq(&mut self) -> i64 {
        if let Numbers::Counted(last) = &mut self.numbers {
            *last += 1;
        }
        self.last_seq()
    }

    fn at(&self) -> String {
        self.at.clone().unwrap_or_else(|| clock::now().text)
    }

    fn row(&mut self, event: LogEvent) -> LogRow {
        LogRow {
            seq: self.next_seq(),
            run: self.run.clone(),
            at: self.at(),
            who: self.who.clone(),
            event,
            revision: None,
            direction: None,
            statement: None,
            digest: None,
            detail: None,
        }
    }

    /// The first row of the journal of a store.
    pub(super) fn format_row(&self, store: Option<&str>) -> LogRow {
        LogRow {
            seq: 1,
            run: self.run.clone(),
            at: self.at(),
            who: self.who.clone(),
            event: LogEvent::Format,
            revision: None,
            direction: None,
            statement: None,
            digest: None,
            detail: Some(JournalFormat::current(store).to_string()),
        }
    }

    fn step_row(&mut self, event: LogEvent, step: &PreparedStep) -> LogRow {
        LogRow {
            revision: Some(step.revision.clone()),
            direction: Some(step.direction),
            digest: Some(step.up_digest.clone()),
            ..self.row(event)
        }
    }

    fn log(&self, row: &LogRow) -> String {
        self.sql.insert_log(&self.tables, row)
    }

    /// The rows of a step's text.
    fn insert_text(&self, step: &PreparedStep) -> Vec<String> {
        let text = step.text.as_ref();
        text.map(|text| self.sql.insert_text(&self.tables, text)).unwrap_or_default()
    }

    /// The rows of a step that is done or, for a stamp, taken as done; and the row that `rev_applied`
    /// then has of it.
    pub(super) fn step(
        &mut self,
        step: &PreparedStep,
        how: How,
    ) -> (Vec<String>, Option<AppliedRow>) {
        let event = match how {
            How::Ran => LogEvent::Done,
            How::Stamped | How::Equivalent => LogEvent::Stamped,
        };
        let edges = Edges {
            down_digest: Some(step.down_digest.as_str().to_owned()),
            ..Edges::new(&step.parents, &step.depends_on)
        };
        let log = LogRow { detail: Some(json(&edges)), ..self.step_row(event, step) };
        let mut sql = Vec::new();
        let applied = (step.direction == Direction::Up).then(|| AppliedRow {
            id: step.revision.clone(),
            seq: log.seq,
            up_digest: step.up_digest.clone(),
            down_digest: step.down_digest.clone(),
            parents: step.parents.clone(),
            depends_on: step.depends_on.clone(),
            how,
            at: log.at.clone(),
            who: log.who.clone(),
        });
        match &applied {
            Some(row) => {
                sql.extend(self.insert_text(step));
                sql.push(self.sql.insert_applied(&self.tables, row));
            }
            None => sql.push(self.sql.delete_applied(&self.tables, &step.revision)),
        }
        sql.push(self.log(&log));
        (sql, applied)
    }

    /// The rows of a revision that takes its file's parents.
    pub(super) fn moved(&mut self, id: &Id, parents: &[Id], depends_on: &[Id]) -> Vec<String> {
        let log = LogRow {
            revision: Some(id.clone()),
            detail: Some(json(&Edges::new(parents, depends_on))),
            ..self.row(LogEvent::Moved)
        };
        vec![self.sql.move_applied(&self.tables, id, parents, depends_on), self.log(&log)]
    }

    /// The rows of repairs; those that go come first.
    pub(super) fn repaired(&mut self, repairs: &[Repair]) -> Vec<String> {
        let (sql, tables) = (self.sql, self.tables.clone());
        let mut gone = Vec::new();
        let mut written = Vec::new();
        for repair in repairs {
            let revision = Some(repair.revision().clone());
            let detail = Some(repair.words().to_owned());
            match repair {
                Repair::Add(row) => written.push(sql.insert_applied(&tables, row)),
                Repair::Remove(row) => gone.push(sql.delete_applied(&tables, &row.id)),
                Repair::Correct(there, wanted) => {
                    gone.push(sql.delete_applied(&tables, &there.id));
                    written.push(sql.insert_applied(&tables, wanted));
                }
                Repair::StoreText(text) => {
                    gone.extend(sql.delete_text(&tables, text));
                    written.extend(sql.insert_text(&tables, text));
                }
            }
            let log = LogRow { revision, detail, ..self.row(LogEvent::Repaired) };
            written.push(self.log(&log));
        }
        gone.extend(written);
        gone
    }

    /// The row of a journal that is handed to a store, which takes it from another one.
    pub(super) fn adopted(&mut self, format: &JournalFormat, before: Option<&str>) -> Vec<String> {
        let detail = before.map(|before| format!("it belonged to the store {before} before"));
        let log = LogRow { detail, ..self.row(LogEvent::Adopted) };
        vec![self.sql.set_format(&self.tables, &format.to_string()), self.log(&log)]
    }

    /// The rows of a revision that takes its file's digests and text.
    pub(super) fn accepted(&mut self, step: &PreparedStep, row: &AppliedRow) -> Vec<String> {
        let down_digest = step.down_digest.as_str().to_owned();
        let accepted = Accepted { accepted: true, down_digest };
        // Without a direction: the revision neither comes nor goes.
        let log = LogRow {
            direction: None,
            detail: Some(json(&accepted)),
            ..self.step_row(LogEvent::Stamped, step)
        };
        let mut sql = self.insert_text(step);
        sql.push(self.sql.accept_applied(&self.tables, row));
        sql.push(self.log(&log));
        sql
    }

    /// The rows of a step without a transaction that begins.
    pub(super) fn began(&mut self, step: &PreparedStep) -> Vec<String> {
        let resolved = step.resolved().map(|part| part.iter().map(to_stored).collect());
        self.begins(LogEvent::Began, step, resolved.collect())
    }

    /// The rows of a step that takes back what ran of another, which no text holds.
    pub(super) fn aborting(&mut self, step: &PreparedStep) -> Vec<String> {
        let statements = step.statements.iter().map(to_stored).collect();
        self.begins(LogEvent::Aborting, step, vec![statements])
    }

    fn begins(
        &mut self,
        event: LogEvent,
        step: &PreparedStep,
        resolved: Vec<Vec<StoredStatement>>,
    ) -> Vec<String> {
        let edges = Edges::new(&step.parents, &step.depends_on);
        let began = Began {
            down_digest: step.down_digest.as_str().to_owned(),
            parents: edges.parents,
            depends_on: edges.depends_on,
            statements: step
                .statements
                .iter()
                .map(|statement| self.digest(statement).as_str().to_owned())
                .collect(),
            resolved,
        };
        let log = LogRow { detail: Some(json(&began)), ..self.step_row(event, step) };
        let mut sql = self.insert_text(step);
        sql.push(self.log(&log));
        sql
    }

    /// A row of one statement of a step.
    pub(super) fn statement(
        &mut self,
        event: LogEvent,
        step: &PreparedStep,
        index: usize,
        detail: Option<String>,
    ) -> String {
        let digest = step.statements.get(index).map(|statement| self.digest(statement));
        let log = LogRow {
            statement: i64::try_from(index).ok(),
            digest,
            detail,
            ..self.step_row(event, step)
        };
        self.log(&log)
    }

    /// The detail of an intent.
    pub(super) fn intent_detail(before: Option<bool>) -> String {
        json(&Intent { before, failed: None })
    }

    /// The detail of an intent that stays open: its statement failed, and may have done a part.
    pub(super) fn failed_in_part(error: String) -> String {
        json(&Intent { before: None, failed: Some(error) })
    }

    /// The digest of one statement.
    pub(super) fn digest(&self, statement: &Statement) -> Digest {
        statement_digest(self.dialect, statement)
    }
}

/// The digest of one statement, by its tokens and its rows.
pub(super) fn statement_digest(dialect: Dialect, statement: &Statement) -> Digest {
    let mut digester = Digester::new("rev1");
    digester.part(dialect.name().as_bytes());
    digest_tokens(dialect, &statement.sql, &mut digester);
    if let Some(rows) = &statement.copy_data {
        digester.part(rows.as_bytes());
    }
    digester.finish()
}

/// A random word for a run. It hangs on the journal's place too, so that runs with one seed differ.
fn run_word(last_seq: i64) -> String {
    let mut digester = Digester::new("run");
    digester.part(clock::random_hex(16).as_bytes());
    digester.part(&last_seq.to_le_bytes());
    digester.finish().as_str().chars().take(12).collect()
}

/// The system user and the host.
fn who() -> String {
    let variable = |names: &[&str]| {
        names.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    };
    let user = variable(&["USER", "LOGNAME", "USERNAME"])
        .or_else(uid)
        .unwrap_or_else(|| "unknown".to_owned());
    let host = host_name().unwrap_or_else(|| "unknown".to_owned());
    format!("{user}@{host}")
}

/// The user's number: a container often has no name for it.
#[cfg(unix)]
fn uid() -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    // The kernel gives a process's folder to whom it runs as.
    fs_err::metadata("/proc/self").ok().map(|folder| format!("uid {}", folder.uid()))
}

#[cfg(not(unix))]
fn uid() -> Option<String> {
    None
}

fn json(value: &impl serde::Serialize) -> String {
    // A struct of strings and numbers always has a JSON text.
    serde_json::to_string(value).unwrap_or_default()
}
