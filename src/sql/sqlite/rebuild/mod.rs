//! A rebuilt table: the new one takes the place of the old one with all rows, their numbers, and all
//! that belongs to it.
//!
//! SQLite's documentation gives twelve steps. Foreign keys off, the transaction, the check and the
//! setting back stand around these statements. In one thing they differ: the old table steps aside, and
//! the new one is made under its own name, so that the file keeps its statement as it is written, and
//! conditions that name the table are read. The documentation warns that other statements would then
//! follow the old name; with `legacy_alter_table` on and foreign keys off they do not.

pub(super) mod alter_column;
pub(super) mod change;
pub(super) mod known;
mod state;

use super::clauses::SQLITE;
use crate::model::StoredDdl;
use crate::text::sqlite_table::TableSql;
use crate::text::{ident, quote_literal};

/// What becomes of a table.
struct Rebuild<'a> {
    /// As it was.
    pub before: &'a TableSql,
    /// As it will be.
    pub after: &'a TableSql,
    /// The name under which the old one stands aside.
    pub aside: &'a str,
    /// The columns that take values of the old table, and the expressions for these.
    pub copies: &'a [(String, String)],
    /// Its indexes then.
    pub indexes: &'a [StoredDdl],
    /// Its triggers.
    pub triggers: &'a [StoredDdl],
}

impl Rebuild<'_> {
    /// What sets the old table aside.
    fn step_aside(&self) -> Vec<String> {
        let Rebuild { before, after, aside, .. } = self;
        let (name, aside_name) = (ident(SQLITE, &after.name), ident(SQLITE, aside));
        if !before.names_itself() {
            return vec![
                "PRAGMA legacy_alter_table = ON".to_owned(),
                format!("ALTER TABLE {name} RENAME TO {aside_name}"),
                "PRAGMA legacy_alter_table = OFF".to_owned(),
            ];
        }
        // SQLite reads a condition such as `t.a > 0` as it renames, and finds no t any more.
        let mut columns: Vec<String> =
            before.columns().map(|column| ident(SQLITE, &column.name)).collect();
        if let (Some(word), Some(number)) = (before.rowid_word(), self.number()) {
            columns.insert(0, format!("{word} AS {}", ident(SQLITE, &number)));
        }
        let mut statements =
            vec![format!("CREATE TABLE {aside_name} AS SELECT {} FROM {name}", columns.join(", "))];
        if before.autoincrement() {
            statements.push(format!(
                "UPDATE sqlite_sequence SET name = {} WHERE name = {}",
                quote_literal(SQLITE, aside),
                quote_literal(SQLITE, &after.name),
            ));
        }
        statements.push(format!("DROP TABLE {name}"));
        statements
    }

    /// The column in which a copy set aside has the numbers of the rows.
    fn number(&self) -> Option<String> {
        let before = self.before;
        let words = std::iter::once("rev_rowid".to_owned());
        let numbered = words.chain((2..).map(|number| format!("rev_rowid_{number}")));
        before.rowid_word()?;
        numbered.into_iter().find(|word| before.column(word).is_none())
    }

    /// The statements, without what proves that nothing else is broken by them.
    fn statements(&self) -> Vec<String> {
        let Rebuild { before, after, aside, .. } = self;
        let (name, aside_name) = (ident(SQLITE, &after.name), ident(SQLITE, aside));
        let mut statements = self.step_aside();
        statements.push(after.text());
        if before.autoincrement() && after.autoincrement() {
            // The rows alone would not tell of numbers that were given and are gone.
            statements.push(format!(
                "UPDATE sqlite_sequence SET name = {} WHERE name = {}",
                quote_literal(SQLITE, &after.name),
                quote_literal(SQLITE, aside),
            ));
        }
        let (columns, values): (Vec<String>, Vec<String>) = self.copied().into_iter().unzip();
        if !columns.is_empty() {
            // ABORT wins over what constraints say themselves, which might drop rows in silence.
            statements.push(format!(
                "INSERT OR ABORT INTO {name} ({}) SELECT {} FROM {aside_name} AS {name}",
                columns.join(", "),
                values.join(", "),
            ));
        }
        statements.push(format!("DROP TABLE {aside_name}"));
        let kept = self.indexes.iter().chain(self.triggers);
        statements.extend(kept.filter_map(|stored| stored.sql.clone()));
        statements
    }

    /// The columns that are filled, with their values; the number of the row first, where it is none of
    /// the columns.
    fn copied(&self) -> Vec<(String, String)> {
        let Rebuild { before, after, .. } = self;
        let old = match before.names_itself() {
            true => self.number().map(|number| ident(SQLITE, &number)),
            false => before.rowid_word().map(str::to_owned),
        };
        let numbers = match (old, after.rowid_word(), after.rowid_alias()) {
            (Some(old), Some(new), None) => Some((new.to_owned(), old)),
            _ => None,
        };
        let columns =
            self.copies.iter().map(|(column, value)| (ident(SQLITE, column), value.clone()));
        numbers.into_iter().chain(columns).collect()
    }
}
