//! SQLite's words for the journal.

mod clauses;
mod client;
mod column;
mod constraint;
mod diff_rules;
mod evidence;
mod index;
mod lowering;
mod rebuild;
mod rows;
mod table;
mod trigger;
mod types;
mod view;

use crate::model::{LogRow, TextRow};
use crate::sql::evidence::evidence;
use crate::sql::journal::Literals;
use crate::sql::lowering::Lowering;
use crate::sql::{Client, JournalTables, SessionGuard, SqlDialect};
use crate::text::{CatalogEffect, Dialect};

/// SQLite's words.
pub(super) struct Sqlite;

static LITERALS: Literals =
    Literals { dialect: Dialect::Sqlite, clock: "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')" };

/// The table of what does not fit into one row of the texts.
fn create_pieces(tables: &JournalTables) -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {} (id text NOT NULL, up_digest text NOT NULL, \
         down_digest text NOT NULL, part text NOT NULL, number bigint NOT NULL, content text NOT NULL, \
         PRIMARY KEY (id, up_digest, down_digest, part, number)) WITHOUT ROWID",
        tables.piece
    )
}

impl SqlDialect for Sqlite {
    fn create_journal(&self, tables: &JournalTables, first: &LogRow) -> Vec<String> {
        let JournalTables { applied, text, log, .. } = tables;
        // Without rowids each row is written to one tree, not to a table and its key's index.
        vec![
            format!(
                "CREATE TABLE IF NOT EXISTS {text} (id text NOT NULL, up_digest text NOT NULL, \
                 down_digest text NOT NULL, file text NOT NULL, body text NOT NULL, up text NOT NULL, \
                 down text, digests text, pieces bigint, PRIMARY KEY (id, up_digest, down_digest)) WITHOUT ROWID"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {applied} (id text NOT NULL PRIMARY KEY, \
                 seq bigint NOT NULL UNIQUE, up_digest text NOT NULL, down_digest text NOT NULL, \
                 parents text NOT NULL, depends_on text NOT NULL, how text NOT NULL, at text NOT NULL, \
                 who text NOT NULL) WITHOUT ROWID"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {log} (seq integer NOT NULL PRIMARY KEY, run text NOT NULL, \
                 at text NOT NULL, who text NOT NULL, event text NOT NULL, revision text, direction text, \
                 statement bigint, digest text, detail text)"
            ),
            create_pieces(tables),
            LITERALS.insert_first(tables, first, ""),
        ]
    }

    fn convert_journal(&self, tables: &JournalTables, add_columns: bool) -> Vec<String> {
        let columns = ["digests text", "pieces bigint"].into_iter().filter(|_| add_columns);
        let add = |column| format!("ALTER TABLE {} ADD COLUMN {column}", tables.text);
        columns.map(add).chain([create_pieces(tables)]).collect()
    }

    fn begin(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    fn literals(&self) -> &'static Literals {
        &LITERALS
    }

    fn insert_text(&self, tables: &JournalTables, row: &TextRow) -> Vec<String> {
        LITERALS.insert_text(tables, row, " ON CONFLICT DO NOTHING")
    }

    fn transactional_ddl(&self) -> bool {
        true
    }

    fn probe_effect(&self, effect: &CatalogEffect) -> Option<String> {
        evidence(&evidence::Catalogue, effect)
    }

    fn session_guard(&self) -> Option<SessionGuard> {
        Some(SessionGuard {
            before: "PRAGMA foreign_keys = OFF",
            proof: "PRAGMA foreign_keys",
            not_applied: "(SELECT foreign_keys FROM pragma_foreign_keys) <> 0",
            check: "SELECT \"table\", rowid, parent, count(*) FROM pragma_foreign_key_check \
                    GROUP BY 1, 2, 3",
        })
    }

    fn lowering(&self) -> &'static dyn Lowering {
        &lowering::Sqlite
    }

    fn diff_rules(&self) -> &'static dyn crate::sql::DiffRules {
        &diff_rules::SqliteRules
    }

    fn value_as_text(&self, column: &str, _type: &str) -> String {
        format!("quote({column})")
    }

    fn client(&self) -> &'static dyn Client {
        &client::Sqlite3
    }
}
