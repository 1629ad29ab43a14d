//! PostgreSQL's words for the journal.

mod aggregate;
mod clauses;
mod client;
mod column;
mod comment;
mod constraint;
mod diff_rules;
mod domain;
mod enum_type;
mod evidence;
mod extension;
mod flavour;
mod grant;
mod index;
mod locks;
mod lowering;
mod materialized_view;
mod policy;
mod routine;
mod rows;
mod schema;
mod sequence;
mod table;
mod trigger;
mod types;
mod view;

use crate::model::{LogRow, TextRow};
use crate::sql::evidence::evidence;
use crate::sql::journal::Literals;
use crate::sql::locks::Capacity;
use crate::sql::lowering::Lowering;
use crate::sql::{Client, JournalTables, SqlDialect};
use crate::text::{CatalogEffect, Dialect, quote_ident};
use flavour::Flavour;

/// PostgreSQL's words.
pub(super) struct Postgres {
    flavour: &'static Flavour,
}

/// PostgreSQL itself.
pub(super) static POSTGRES: Postgres = Postgres { flavour: &flavour::POSTGRES };

static LITERALS: Literals = Literals {
    dialect: Dialect::Postgres,
    clock: "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
};

/// The table of what does not fit into one row of the texts.
fn create_pieces(tables: &JournalTables) -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {} (id text NOT NULL, up_digest text NOT NULL, \
         down_digest text NOT NULL, part text NOT NULL, number bigint NOT NULL, content text NOT NULL, \
         PRIMARY KEY (id, up_digest, down_digest, part, number))",
        tables.piece
    )
}

impl SqlDialect for Postgres {
    fn create_journal(&self, tables: &JournalTables, first: &LogRow) -> Vec<String> {
        let JournalTables { applied, text, log, .. } = tables;
        vec![
            format!(
                "CREATE TABLE IF NOT EXISTS {text} (id text NOT NULL, up_digest text NOT NULL, \
                 down_digest text NOT NULL, file text NOT NULL, body text NOT NULL, up text NOT NULL, \
                 down text, digests text, pieces bigint, PRIMARY KEY (id, up_digest, down_digest))"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {applied} (id text NOT NULL PRIMARY KEY, \
                 seq bigint NOT NULL UNIQUE, up_digest text NOT NULL, down_digest text NOT NULL, \
                 parents text NOT NULL, depends_on text NOT NULL, how text NOT NULL, at text NOT NULL, \
                 who text NOT NULL)"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {log} (seq bigint NOT NULL PRIMARY KEY, run text NOT NULL, \
                 at text NOT NULL, who text NOT NULL, event text NOT NULL, revision text, direction text, \
                 statement bigint, digest text, detail text)"
            ),
            create_pieces(tables),
            LITERALS.insert_first(tables, first, ""),
        ]
    }

    fn convert_journal(&self, tables: &JournalTables, add_columns: bool) -> Vec<String> {
        let columns = format!(
            "ALTER TABLE {} ADD COLUMN digests text, ADD COLUMN pieces bigint",
            tables.text
        );
        add_columns.then_some(columns).into_iter().chain([create_pieces(tables)]).collect()
    }

    fn begin(&self) -> &'static str {
        "BEGIN"
    }

    fn as_ourselves(&self, role: Option<&str>) -> Vec<String> {
        let role =
            role.map_or_else(|| "NONE".to_owned(), |role| quote_ident(Dialect::Postgres, role));
        vec!["SET LOCAL SESSION AUTHORIZATION DEFAULT".to_owned(), format!("SET LOCAL ROLE {role}")]
    }

    fn literals(&self) -> &'static Literals {
        &LITERALS
    }

    fn insert_text(&self, tables: &JournalTables, row: &TextRow) -> Vec<String> {
        LITERALS.insert_text(tables, row, " ON CONFLICT DO NOTHING")
    }

    fn transactional_ddl(&self) -> bool {
        self.flavour.transactional_ddl
    }

    fn probe_effect(&self, effect: &CatalogEffect) -> Option<String> {
        evidence(&evidence::Catalogue, effect)
    }

    // Only a boolean IS TRUE.
    fn is_not_true(&self, query: &str) -> String {
        format!("COALESCE(CAST({query} AS text), 'f') ~ '^(f|false|-?0+(\\.0*)?)$'")
    }

    fn lowering(&self) -> &'static dyn Lowering {
        self.flavour
    }

    fn locks(&self, sql: &str, capacity: &Capacity) -> usize {
        locks::of(sql, capacity)
    }

    fn lock_capacity(&self) -> Option<&'static str> {
        Some(locks::CAPACITY)
    }

    fn lock_hint(&self, locks: usize, capacity: &Capacity) -> String {
        locks::hint(locks, capacity)
    }

    fn diff_rules(&self) -> &'static dyn crate::sql::DiffRules {
        &diff_rules::PostgresRules
    }

    fn value_as_text(&self, column: &str, _type: &str) -> String {
        format!("({column})::text")
    }

    fn client(&self) -> &'static dyn Client {
        &client::Psql
    }
}
