//! MySQL's words for the journal.

mod alter_column;
mod client;
mod column;
mod comment;
mod constraint;
mod default;
mod dependents;
mod diff_rules;
mod evidence;
mod flavour;
mod grant;
mod index;
mod live;
mod lowering;
mod routine;
mod rows;
mod schema;
mod sequence;
mod table;
mod trigger;
mod types;
mod view;
mod writer;

use crate::model::{LogRow, TextRow};
use crate::sql::evidence::evidence;
use crate::sql::journal::{self, Literals};
use crate::sql::lowering::Lowering;
use crate::sql::{Client, JournalTables, SqlDialect};
use crate::text::{CatalogEffect, Dialect};
use client::MysqlClient;

/// MySQL's words, and MariaDB's.
pub(super) struct Mysql {
    client: &'static MysqlClient,
    lowering: &'static flavour::Flavour,
}

/// MySQL's.
pub(super) static MYSQL: Mysql =
    Mysql { client: &MysqlClient { name: "mysql" }, lowering: &flavour::MYSQL };
/// MariaDB's.
pub(super) static MARIADB: Mysql =
    Mysql { client: &MysqlClient { name: "mariadb" }, lowering: &flavour::MARIADB };

/// How long an id may be, for InnoDB to index it in utf8mb4 wherever it may stand.
const LONGEST_ID: usize = 191;

static LITERALS: Literals = Literals {
    dialect: Dialect::Mysql,
    clock: "DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ')",
};

/// Texts compare byte by byte, and a failed statement rolls back.
const TABLE: &str = " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

/// The table of what does not fit into one row of the texts.
fn create_pieces(tables: &JournalTables) -> String {
    format!(
        "CREATE TABLE IF NOT EXISTS {} (id varchar(191) NOT NULL, \
         up_digest varchar(191) NOT NULL, down_digest varchar(191) NOT NULL, \
         part varchar(16) NOT NULL, number bigint NOT NULL, content longtext NOT NULL, \
         PRIMARY KEY (id, up_digest, down_digest, part, number)){TABLE}",
        tables.piece
    )
}

impl SqlDialect for Mysql {
    fn create_journal(&self, tables: &JournalTables, first: &LogRow) -> Vec<String> {
        let JournalTables { applied, text, log, .. } = tables;
        vec![
            format!(
                "CREATE TABLE IF NOT EXISTS {text} (id varchar(191) NOT NULL, \
                 up_digest varchar(191) NOT NULL, down_digest varchar(191) NOT NULL, \
                 file longtext NOT NULL, body longtext NOT NULL, up longtext NOT NULL, down longtext, digests longtext, \
                 pieces bigint, \
                 PRIMARY KEY (id, up_digest, down_digest)){TABLE}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {applied} (id varchar(191) NOT NULL PRIMARY KEY, \
                 seq bigint NOT NULL UNIQUE, up_digest varchar(191) NOT NULL, \
                 down_digest varchar(191) NOT NULL, parents longtext NOT NULL, \
                 depends_on longtext NOT NULL, how varchar(191) NOT NULL, at varchar(191) NOT NULL, \
                 who longtext NOT NULL){TABLE}"
            ),
            format!(
                "CREATE TABLE IF NOT EXISTS {log} (seq bigint NOT NULL PRIMARY KEY, \
                 run varchar(191) NOT NULL, at varchar(191) NOT NULL, who longtext NOT NULL, \
                 event varchar(191) NOT NULL, revision varchar(191), direction varchar(191), \
                 statement bigint, digest varchar(191), detail longtext){TABLE}"
            ),
            create_pieces(tables),
            LITERALS.insert_first(tables, first, " FROM DUAL"),
        ]
    }

    fn convert_journal(&self, tables: &JournalTables, add_columns: bool) -> Vec<String> {
        let columns = format!(
            "ALTER TABLE {} ADD COLUMN digests longtext, ADD COLUMN pieces bigint",
            tables.text
        );
        add_columns.then_some(columns).into_iter().chain([create_pieces(tables)]).collect()
    }

    fn create_lock(&self, tables: &JournalTables) -> Vec<String> {
        journal::create_lock(tables, TABLE, " FROM DUAL")
    }

    fn begin(&self) -> &'static str {
        "START TRANSACTION"
    }

    fn literals(&self) -> &'static Literals {
        &LITERALS
    }

    fn insert_text(&self, tables: &JournalTables, row: &TextRow) -> Vec<String> {
        LITERALS.insert_text(tables, row, " ON DUPLICATE KEY UPDATE id = id")
    }

    fn longest_id(&self) -> Option<usize> {
        Some(LONGEST_ID)
    }

    fn transactional_ddl(&self) -> bool {
        false
    }

    fn probe_effect(&self, effect: &CatalogEffect) -> Option<String> {
        evidence(&evidence::Catalogue, effect)
    }

    // Rows that are compared as such are looked for without an index.
    fn behind(&self, columns: &[String], literals: &[String]) -> String {
        in_order(columns, ">", ">", literals)
    }

    fn up_to(&self, columns: &[String], literals: &[String]) -> String {
        in_order(columns, "<", "<=", literals)
    }

    fn session_mode(&self) -> Option<&'static str> {
        Some("SELECT @@SESSION.sql_mode")
    }

    fn lowering(&self) -> &'static dyn Lowering {
        self.lowering
    }

    fn diff_rules(&self) -> &'static dyn crate::sql::DiffRules {
        &diff_rules::MysqlRules
    }

    fn value_as_text(&self, column: &str, type_: &str) -> String {
        let type_ = type_.to_ascii_lowercase();
        let is_text =
            ["char", "text", "enum", "set", "json", "uuid", "inet", "date", "time", "year"];
        let is_number = ["int", "dec", "num", "fixed", "double", "real", "bool"];
        let is_bytes = type_.contains("binary") || type_.contains("blob");
        let is_plain = is_text.iter().chain(&is_number).any(|word| type_.contains(word));
        match is_plain && !is_bytes {
            true => format!("CAST({column} AS CHAR)"),
            false => format!("HEX({column})"),
        }
    }

    fn client(&self) -> &'static dyn Client {
        self.client
    }
}

/// Compares by the columns of a key, in order; the first column by itself, too, for its index.
fn in_order(columns: &[String], operator: &str, last: &str, literals: &[String]) -> String {
    let mut pairs = columns.iter().zip(literals).rev();
    let Some((column, literal)) = pairs.next() else { return "1 = 1".to_owned() };
    let mut sql = format!("{column} {last} {literal}");
    for (column, literal) in pairs {
        sql = format!("({column} {operator} {literal} OR {column} = {literal} AND {sql})");
    }
    match (columns, literals) {
        ([first, _, ..], [literal, ..]) => format!("({first} {operator}= {literal} AND {sql})"),
        _ => format!("({sql})"),
    }
}
