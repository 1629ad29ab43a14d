//! The plan as a script for the engine's own client: it runs what a run would, and leaves the same
//! journal.

use std::fmt::Write as _;

use crate::db::Journal;
use crate::model::{AssertTask, Direction, How, LogEvent, Task};
use crate::sql::{self, Client, JournalTables, Session, Statement};
use crate::store::{DatabaseSettings, clock};
use crate::text::{Dialect, catalog_effect, quote_literal};

use super::atomic::Part;
use super::journal_writer::JournalWriter;
use super::prepare::Prepared;
use super::preview::comment;
use super::step::{PreparedStep, session_guard};

/// The plan as a script for the engine's own client. It stops at the first error, and each step
/// makes sure that the applied set is the one planned for. `journal` is the journal that the plan was
/// made with, `None` where there is none yet or no database was at hand.
pub fn script(
    dialect: Dialect,
    settings: Option<&DatabaseSettings>,
    journal: Option<&Journal>,
    prepared: &Prepared,
) -> String {
    let mut script = Script::new(dialect, settings, prepared);
    script.head(prepared);
    if prepared.is_empty() {
        script.comment("nothing to do");
        return script.out;
    }
    match journal {
        None if prepared.applied.is_empty() => script.journal(settings),
        Some(journal) if !journal.conversion.is_empty() => script.convert(&journal.conversion),
        _ => {}
    }
    if prepared.stamp {
        script.stamp(prepared);
    } else if prepared.one_transaction {
        script.one_transaction(&prepared.steps);
    } else {
        for step in &prepared.steps {
            match step.transactional {
                true => script.one_transaction(std::slice::from_ref(step)),
                false => script.open_step(step),
            }
        }
    }
    if !prepared.stamp && !prepared.moved.is_empty() {
        script.comment("rows that take their files' parents");
        script.begin();
        script.guard();
        script.moved(prepared);
        script.send("COMMIT");
    }
    script.out
}

/// The table in which a script notes rows that refer to nothing.
const STRAYS: &str = "rev_strays";

struct Script<'a> {
    dialect: Dialect,
    client: &'static dyn Client,
    tables: JournalTables,
    session: Session,
    on_connect: &'a [String],
    writer: JournalWriter,
    /// The number that stands for the log's next one, which only the server knows.
    seq: i64,
    /// The text that stands for what only the server's catalogue knows.
    seen: String,
    /// The applied set that the script begins with.
    applied: Vec<&'a str>,
    /// How many revisions are applied at this place of the script.
    count: i64,
    /// Whether a row of this script is already in the log.
    begun: bool,
    out: String,
}

impl<'a> Script<'a> {
    fn new(
        dialect: Dialect,
        settings: Option<&'a DatabaseSettings>,
        prepared: &'a Prepared,
    ) -> Self {
        let tables = prepared.tables.clone().unwrap_or_else(|| {
            let schema = settings.and_then(|settings| settings.table_schema.as_deref());
            let prefix = settings.map_or("rev", |settings| settings.table_prefix.as_str());
            JournalTables::named(dialect, schema, prefix)
        });
        // Where the script was planned for a database, it stays in it.
        let database = settings
            .filter(|_| prepared.tables.is_some())
            .and_then(|settings| url::Url::parse(settings.url.reveal()).ok())
            .map(|url| url.path().trim_start_matches('/').to_owned())
            .filter(|database| !database.is_empty());
        let random: i64 = clock::random_hex(12)
            .chars()
            .filter_map(|digit| digit.to_digit(16))
            .fold(0, |number, digit| number * 16 + i64::from(digit));
        let seq = i64::MAX - random;
        Script {
            dialect,
            client: sql::dialect(dialect).client(),
            writer: JournalWriter::for_script(dialect, tables.clone(), seq),
            tables,
            session: Session {
                role: settings.and_then(|settings| settings.role.clone()),
                database,
            },
            on_connect: settings.map_or(&[], |settings| settings.on_connect.as_slice()),
            seq,
            seen: format!("seen before: {}", clock::random_hex(16)),
            applied: prepared.applied.iter().map(|id| id.as_str()).collect(),
            count: i64::try_from(prepared.applied.len()).unwrap_or(i64::MAX),
            begun: false,
            out: String::new(),
        }
    }

    fn comment(&mut self, text: &str) {
        comment(&mut self.out, text);
    }

    /// One of our own statements.
    fn send(&mut self, sql: &str) {
        let JournalTables { log, .. } = &self.tables;
        let next =
            format!("(SELECT n FROM (SELECT COALESCE(MAX(seq), 0) + 1 AS n FROM {log}) AS log)");
        let sql = sql.replace(&self.seq.to_string(), &next);
        let text = format!("{sql};\n");
        self.out.push_str(&text);
    }

    fn send_all(&mut self, statements: impl IntoIterator<Item = String>) {
        for sql in statements {
            self.send(&sql);
        }
    }

    fn begin(&mut self) {
        let begin = self.writer.sql().begin();
        self.send(begin);
    }

    fn reset(&mut self) {
        let reset = self.client.reset(&self.session);
        self.send_all(reset);
    }

    fn on_connect(&mut self) {
        for sql in self.on_connect {
            let text = self.client.terminated(sql, None);
            self.out.push_str(&text);
        }
    }

    fn head(&mut self, prepared: &Prepared) {
        let heads = |heads: &[crate::model::Id]| match heads {
            [] => "nothing".to_owned(),
            heads => heads.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" "),
        };
        let (from, to) = (heads(&prepared.heads_before), heads(&prepared.heads_after));
        self.comment(&format!("from {from} to {to}; for {}", self.client.name()));
        for line in self.client.lines() {
            let _ = writeln!(self.out, "{line}");
        }
        let remember = self.client.remember();
        self.send_all(remember);
        self.reset();
        self.on_connect();
    }

    /// The journal's tables, where the script may be the first to need them.
    fn journal(&mut self, settings: Option<&DatabaseSettings>) {
        self.comment("the journal");
        let store = settings.and_then(|settings| settings.store.as_deref());
        let first = self.writer.format_row(store);
        let create = self.writer.sql().create_journal(&self.tables, &first);
        self.send_all(create);
    }

    /// The journal's tables in the format that the script writes.
    fn convert(&mut self, statements: &[String]) {
        self.comment("the journal's format");
        self.send_all(statements.to_vec());
    }

    /// Fails unless the applied set is the one planned for. The first guard compares it whole and
    /// wants no step to stand half-way; a later one only has to see that nobody else has written since.
    fn guard(&mut self) {
        let JournalTables { applied, log, .. } = self.tables.clone();
        let mut conditions = vec![format!("(SELECT COUNT(*) FROM {applied}) <> {}", self.count)];
        if self.begun {
            let run = quote_literal(self.dialect, self.writer.run());
            conditions.push(format!(
                "(SELECT run FROM {log} WHERE seq = (SELECT MAX(seq) FROM {log})) <> {run}"
            ));
        } else {
            if !self.applied.is_empty() {
                let ids: Vec<String> =
                    self.applied.iter().map(|id| quote_literal(self.dialect, id)).collect();
                conditions.push(format!(
                    "(SELECT COUNT(*) FROM {applied} WHERE id IN ({})) <> {}",
                    ids.join(", "),
                    ids.len()
                ));
            }
            conditions.push(format!(
                "EXISTS (SELECT 1 FROM {log} r WHERE r.statement IS NOT NULL \
                 AND r.event IN ('intent', 'done') \
                 AND r.seq > (SELECT COALESCE(MAX(d.seq), 0) FROM {log} d \
                 WHERE d.event = 'done' AND d.statement IS NULL) \
                 AND NOT EXISTS (SELECT 1 FROM {log} f WHERE f.event IN ('failed', 'cancelled') \
                 AND f.seq > r.seq AND f.statement = r.statement))"
            ));
        }
        let guard = self.client.guard(&self.tables, &conditions.join(" OR "));
        self.send_all(guard);
        self.begun = true;
    }

    fn step_comment(&mut self, step: &PreparedStep) {
        let PreparedStep { direction, revision, message, .. } = step;
        self.out.push('\n');
        self.comment(&format!("{direction} {revision}: {message}"));
    }

    /// The rows of a step that is done.
    fn rows(&mut self, step: &PreparedStep, how: How) {
        let (rows, _) = self.writer.step(step, how);
        self.send_all(rows);
        self.count += if step.direction == Direction::Up { 1 } else { -1 };
    }

    fn stamp(&mut self, prepared: &Prepared) {
        self.begin();
        self.guard();
        for step in &prepared.steps {
            self.step_comment(step);
            self.rows(step, How::Stamped);
        }
        self.moved(prepared);
        self.send("COMMIT");
    }

    fn moved(&mut self, prepared: &Prepared) {
        for (id, parents, depends_on) in &prepared.moved {
            let rows = self.writer.moved(id, parents, depends_on);
            self.send_all(rows);
        }
    }

    fn one_transaction(&mut self, steps: &[PreparedStep]) {
        for (index, step) in steps.iter().enumerate() {
            self.step_comment(step);
            match index {
                0 => {
                    self.session_guard(steps);
                    self.begin();
                }
                _ => self.on_connect(),
            }
            self.guard();
            self.note_strays(step);
            for statement in &step.statements {
                self.statement(statement);
            }
            self.refuse_strays(step);
            self.reset();
            self.rows(step, How::Ran);
        }
        self.send("COMMIT");
        self.reset();
        self.on_connect();
    }

    /// One statement; an assertion is a guard.
    fn statement(&mut self, statement: &Statement) {
        if let Some(Task::Assert(AssertTask { violated, message })) = &statement.task {
            self.comment(message);
            let guard = self.client.guard(&self.tables, violated);
            self.send_all(guard);
            return;
        }
        let copy_data = statement.copy_data.as_deref();
        let text = self.client.terminated(&statement.sql, copy_data);
        self.out.push_str(&text);
    }

    /// What steps that may make tables anew need in front of their transaction.
    fn session_guard(&mut self, steps: &[PreparedStep]) {
        if let Some(session_guard) = session_guard(self.dialect, steps) {
            self.send(session_guard.before);
        }
    }

    /// Makes sure that the session took it, and notes the rows that refer to nothing before a late step.
    fn note_strays(&mut self, step: &PreparedStep) {
        let Some(session_guard) = session_guard(self.dialect, std::slice::from_ref(step)) else {
            return;
        };
        let guard = self.client.guard(&self.tables, session_guard.not_applied);
        self.send_all(guard);
        self.send(&format!("CREATE TEMP TABLE {STRAYS} AS {}", session_guard.check));
    }

    /// Fails if there are rows that refer to nothing, and did not before.
    fn refuse_strays(&mut self, step: &PreparedStep) {
        let Some(session_guard) = session_guard(self.dialect, std::slice::from_ref(step)) else {
            return;
        };
        let new = format!(
            "EXISTS (SELECT * FROM ({}) EXCEPT SELECT * FROM temp.{STRAYS})",
            session_guard.check
        );
        let guard = self.client.guard(&self.tables, &new);
        self.send_all(guard);
        self.send(&format!("DROP TABLE temp.{STRAYS}"));
    }

    fn open_step(&mut self, step: &PreparedStep) {
        self.step_comment(step);
        self.guard();
        let began = self.writer.began(step);
        self.commit(began);
        self.session_guard(std::slice::from_ref(step));
        let mut at = 0;
        while at < step.statements.len() {
            let part = Part::of(self.dialect, &step.statements, at);
            self.part(step, part);
            at = part.end;
        }
        self.reset();
        self.begin();
        self.rows(step, How::Ran);
        self.send("COMMIT");
        self.reset();
        self.on_connect();
    }

    fn part(&mut self, step: &PreparedStep, part: Part) {
        if part.together {
            self.begin();
            self.note_strays(step);
        } else {
            self.intent(step, part.at);
        }
        let mut marks = Vec::new();
        for index in part.at..part.end {
            let statement = &step.statements[index];
            self.statement(statement);
            marks.push(self.writer.statement(LogEvent::Done, step, index, None));
        }
        if part.together {
            self.refuse_strays(step);
            self.as_ourselves();
            self.send_all(marks);
            self.send("COMMIT");
        } else {
            self.commit(marks);
        }
    }

    /// The intent of a statement; what the catalogue shows before it is asked by the script.
    fn intent(&mut self, step: &PreparedStep, index: usize) {
        let effect = catalog_effect(self.dialect, &step.statements[index].sql);
        let detail = effect.as_ref().map(|_| self.seen.clone());
        let mut row = self.writer.statement(LogEvent::Intent, step, index, detail);
        if let Some(effect) = effect {
            let literal =
                |before| quote_literal(self.dialect, &JournalWriter::intent_detail(before));
            let unknown = literal(None);
            let seen = match self.writer.sql().probe_effect(&effect) {
                Some(query) => format!(
                    "(CASE {query} WHEN 1 THEN {} WHEN 0 THEN {} ELSE {unknown} END)",
                    literal(Some(true)),
                    literal(Some(false)),
                ),
                None => unknown,
            };
            row = row.replace(&quote_literal(self.dialect, &self.seen), &seen);
        }
        self.commit(vec![row]);
    }

    /// Rows of our own, committed by themselves.
    fn commit(&mut self, rows: Vec<String>) {
        self.begin();
        self.as_ourselves();
        self.send_all(rows);
        self.send("COMMIT");
    }

    fn as_ourselves(&mut self) {
        let sql = self.writer.sql().as_ourselves(self.session.role.as_deref());
        self.send_all(sql);
    }
}
