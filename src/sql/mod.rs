//! A dialect's words: operations into statements, and the statements that keep the journal.
//! No connection. One folder a dialect; only this file matches on the dialect.

mod clauses;
mod client;
mod collapse;
mod diff_rules;
mod evidence;
mod journal;
mod literal;
pub mod locks;
mod lower;
mod lowering;
mod mysql;
mod postgres;
mod refused;
mod rows;
mod sample;
mod sqlite;
mod support;
mod tasks;
mod temporal;
mod types;
mod unsupported;

pub use client::{Client, Session};
pub use collapse::collapse_dialects;
pub use diff_rules::DiffRules;
pub use journal::{
    APPLIED_COLUMNS, LOG_COLUMNS, Literals, OLD_TEXT_COLUMNS, PIECE_COLUMNS, TEXT_COLUMNS,
};
pub use lower::{
    check, check_live, check_was, effect, has_live_checks, lower, needs_schema, replay, schemas,
};
pub use sample::sample;
pub use types::Portable;

use crate::model::{AppliedRow, Id, LogRow, Name, Task, TextRow};
use crate::text::{CatalogEffect, Dialect, Effect, quote_ident};

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file, relative to the store.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
}

/// One statement to send, or a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL.
    pub sql: String,
    /// Where it comes from.
    pub source: Source,
    /// It may run in a transaction.
    pub transactional: bool,
    /// The rows of a `COPY … FROM stdin`.
    pub copy_data: Option<String>,
    /// What it is where it is more than a statement; the SQL is then a word for it.
    pub task: Option<Task>,
    /// What it does to what the database holds.
    pub effect: Effect,
}

/// Why an operation cannot become statements.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LowerError {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub at: Source,
    /// What to write instead.
    pub hint: Option<String>,
    /// The table whose definition it takes, and which the schema does not know.
    pub unknown: Option<Box<Name>>,
}

/// The journal's tables, qualified and quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalTables {
    /// `rev_applied`.
    pub applied: String,
    /// `rev_text`.
    pub text: String,
    /// `rev_log`.
    pub log: String,
    /// `rev_piece`.
    pub piece: String,
    /// `rev_lock`.
    pub lock: String,
}

impl JournalTables {
    /// The tables by their whole names.
    pub fn of([applied, text, log, piece, lock]: [String; 5]) -> Self {
        JournalTables { applied, text, log, piece, lock }
    }

    /// The tables by their names alone, and the schema if there is one.
    pub fn named(dialect: Dialect, schema: Option<&str>, prefix: &str) -> Self {
        let table = |name: &str| {
            let table = quote_ident(dialect, &format!("{prefix}_{name}"));
            match schema {
                Some(schema) => format!("{}.{table}", quote_ident(dialect, schema)),
                None => table,
            }
        };
        JournalTables::of(["applied", "text", "log", "piece", "lock"].map(table))
    }
}

/// What a step needs around its transaction if its operations may rebuild tables: foreign keys that
/// are not enforced, or else a dropped table would take the rows that refer to it along. The setting
/// is taken back as any other that a revision changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionGuard {
    /// The statement to run before BEGIN; inside it would do nothing.
    pub before: &'static str,
    /// A query whose one value is then `0`, or else the statement did not take.
    pub proof: &'static str,
    /// The same as an expression that is true if the statement did not take, for scripts.
    pub not_applied: &'static str,
    /// A query to ask behind BEGIN and again before COMMIT: table, row, table that it refers to, in how
    /// many ways. A row that it gives only then refers to nothing, and the step must be rolled back.
    pub check: &'static str,
}

/// What every dialect has words for. Each method gives one or more complete statements, without
/// the closing semicolon. An empty `at` in a row stands for the server's own clock.
pub trait SqlDialect: Send + Sync {
    /// Makes the tables where they are not there yet, and writes the first log row.
    fn create_journal(&self, tables: &JournalTables, first: &LogRow) -> Vec<String>;
    /// Makes what `rev1` did not have: the table of pieces and, where they are not there yet, two
    /// columns of the texts.
    fn convert_journal(&self, tables: &JournalTables, add_columns: bool) -> Vec<String>;
    /// Says what the tables are from now on.
    fn set_format(&self, tables: &JournalTables, format: &str) -> String {
        self.literals().set_format(tables, format)
    }
    /// Makes the table and the rows of a lock with a lease, where they are not there yet.
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        expect(dead_code, reason = "the lock of SQLite is a file")
    )]
    fn create_lock(&self, tables: &JournalTables) -> Vec<String> {
        journal::create_lock(tables, "", "")
    }
    /// Opens the transaction of a step.
    fn begin(&self) -> &'static str;
    /// Statements for a transaction in which we write rows of our own between statements of a revision
    /// that may have taken another role: until its end they take the connection's own again.
    fn as_ourselves(&self, role: Option<&str>) -> Vec<String> {
        let _ = role;
        Vec::new()
    }
    /// How the dialect writes values.
    fn literals(&self) -> &'static Literals;
    /// Puts a row into `rev_applied`.
    fn insert_applied(&self, tables: &JournalTables, row: &AppliedRow) -> String {
        self.literals().insert_applied(tables, row)
    }
    /// Takes a row out of `rev_applied`.
    fn delete_applied(&self, tables: &JournalTables, id: &Id) -> String {
        self.literals().delete_applied(tables, id)
    }
    /// Gives a row of `rev_applied` its file's parents and dependencies.
    fn move_applied(
        &self,
        tables: &JournalTables,
        id: &Id,
        parents: &[Id],
        depends_on: &[Id],
    ) -> String {
        self.literals().move_applied(tables, id, parents, depends_on)
    }
    /// Gives a row of `rev_applied` its file's digests.
    fn accept_applied(&self, tables: &JournalTables, row: &AppliedRow) -> String {
        self.literals().accept_applied(tables, row)
    }
    /// Puts a text into `rev_text` and `rev_piece`, unless it is there.
    fn insert_text(&self, tables: &JournalTables, row: &TextRow) -> Vec<String>;
    /// Takes a text out of `rev_text` and `rev_piece`.
    fn delete_text(&self, tables: &JournalTables, row: &TextRow) -> Vec<String> {
        self.literals().delete_text(tables, row)
    }
    /// Puts a row into `rev_log`.
    fn insert_log(&self, tables: &JournalTables, row: &LogRow) -> String {
        self.literals().insert_log(tables, row)
    }
    /// How many characters an id may have for the journal to hold it; `None`: any number.
    fn longest_id(&self) -> Option<usize> {
        None
    }
    /// Whether DDL can be rolled back.
    fn transactional_ddl(&self) -> bool;
    /// A scalar SQL expression that is 1 when the catalogue shows the effect as having happened and 0
    /// when it shows that it has not, NULL where it cannot tell; `None` where it cannot be asked. The engine asks it, and a script
    /// holds it in its intent rows.
    fn probe_effect(&self, effect: &CatalogEffect) -> Option<String>;
    /// A condition: a row stands behind this one in the order of a key.
    fn behind(&self, columns: &[String], literals: &[String]) -> String {
        compare_rows(columns, ">", literals)
    }
    /// A condition: a row is this one, or stands before it in the order of a key.
    fn up_to(&self, columns: &[String], literals: &[String]) -> String {
        compare_rows(columns, "<=", literals)
    }
    /// What a step needs around its transaction if its operations may rebuild tables.
    fn session_guard(&self) -> Option<SessionGuard> {
        None
    }
    /// A condition: the value of a query in brackets is 0, false or NULL.
    fn is_not_true(&self, query: &str) -> String {
        format!("{query} IS NOT TRUE")
    }
    /// A query for the session's mode, if it decides what is refused.
    fn session_mode(&self) -> Option<&'static str> {
        None
    }
    /// How operations become statements.
    fn lowering(&self) -> &'static dyn lowering::Lowering;
    /// How many locks a statement holds until its transaction ends, where there is little room for them.
    fn locks(&self, sql: &str, capacity: &locks::Capacity) -> usize {
        let _ = (sql, capacity);
        0
    }
    /// A query of that room.
    fn lock_capacity(&self) -> Option<&'static str> {
        None
    }
    /// What to do where so many do not fit.
    fn lock_hint(&self, locks: usize, capacity: &locks::Capacity) -> String {
        let _ = (locks, capacity);
        String::new()
    }
    /// What the difference of two schemas must know.
    fn diff_rules(&self) -> &'static dyn DiffRules;
    /// A scalar expression: the value of a column of a type as text, another one for each value.
    fn value_as_text(&self, column: &str, type_: &str) -> String;
    /// The engine's own client, for scripts.
    fn client(&self) -> &'static dyn Client;
}

/// Compares by the columns of a key, in order.
fn compare_rows(columns: &[String], operator: &str, literals: &[String]) -> String {
    let (columns, literals) = (columns.join(", "), literals.join(", "));
    format!("({columns}) {operator} ({literals})")
}

/// How a dialect turns operations into statements.
fn lowering(dialect: Dialect) -> &'static dyn lowering::Lowering {
    self::dialect(dialect).lowering()
}

/// What the difference of two schemas must know of a dialect.
pub fn diff_rules(dialect: Dialect) -> &'static dyn DiffRules {
    self::dialect(dialect).diff_rules()
}

/// A dialect's own words for a portable type.
pub fn type_name(dialect: Dialect, portable: Portable) -> String {
    lowering(dialect).types().name(portable)
}

/// The words of a dialect.
pub fn dialect(dialect: Dialect) -> &'static dyn SqlDialect {
    match dialect {
        Dialect::Postgres => &postgres::POSTGRES,
        Dialect::Mysql => &mysql::MYSQL,
        Dialect::Mariadb => &mysql::MARIADB,
        Dialect::Sqlite => &sqlite::Sqlite,
    }
}
