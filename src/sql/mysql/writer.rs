//! What the statements of one operation are written with: names, texts, and what they need of their
//! session.

use std::cell::Cell;

use super::flavour::Flavour;
use crate::model::{Entries, Name, Schema, SqlText, Table};
use crate::sql::clauses::{idents, text_for};
use crate::sql::lowering::Lowered;
use crate::sql::refused::refusal;
use crate::sql::support::Support;
use crate::sql::types::Portable;
use crate::sql::unsupported::Unsupported;
use crate::text::{Dialect, TokenKind, ident, qualified, quote_ident, same_part, tokens};

/// Reasons that several objects have in common.
pub(super) const ONLY_POSTGRES: &str = "only PostgreSQL supports it";
pub(super) const ONLY_SQLITE: &str = "only SQLite supports it";
pub(super) const ONLY_MARIADB: &str = "only MariaDB supports it";
pub(super) const ONLY_MARIADB_REPLACES: &str =
    "only MariaDB supports it: drop the existing one, with `was`, and create the new one";
pub(super) const IMMEDIATE: &str = "constraints are always checked immediately";
pub(super) const NULLS_DISTINCT: &str = "NULLs are always distinct";
pub(super) const NO_CASCADE: &str = "dependent objects have to be dropped by their own operations";
pub(super) const NO_SEQUENCES: &str = "MySQL has no sequences";

/// How many characters a name may have.
const LONGEST_NAME: usize = 64;

/// Writes the statements of one operation.
pub(super) struct Writer<'a> {
    pub(super) flavour: &'a Flavour,
    pub(super) schema: &'a Schema,
    /// Whether a text has been written with backslashes that must escape.
    backslashes: Cell<bool>,
    /// Whether an instant has been written in UTC.
    utc: Cell<bool>,
    /// Whether a date that is none has been written.
    no_dates: Cell<bool>,
}

/// Backslashes escape, whatever the session's mode is.
const ESCAPES: [&str; 2] = [
    "SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM \
     REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','))",
    "SET SESSION sql_mode = @rev_own_mode",
];

/// Dates that are none are taken, whatever the session's mode is.
const NO_DATES: [&str; 2] = [
    "SET @rev_date_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(REPLACE(\
     CONCAT(',', @@SESSION.sql_mode, ','), ',NO_ZERO_DATE,', ','), ',NO_ZERO_IN_DATE,', ','))",
    "SET SESSION sql_mode = @rev_date_mode",
];

/// The server reads instants in the session's zone, in which an hour comes twice each year.
const UTC: [&str; 2] = [
    "SET @rev_own_zone = @@SESSION.time_zone, SESSION time_zone = '+00:00'",
    "SET SESSION time_zone = @rev_own_zone",
];

impl<'a> Writer<'a> {
    pub(super) fn new(flavour: &'a Flavour, schema: &'a Schema) -> Self {
        Writer {
            flavour,
            schema,
            backslashes: Cell::new(false),
            utc: Cell::new(false),
            no_dates: Cell::new(false),
        }
    }

    /// What is not supported of an operation of this kind.
    pub(super) fn support(&self, kind: &str) -> Support {
        Support::new(self.flavour.dialect, kind, long_name)
    }

    /// The statements, between those that give the session what they need and take it back.
    pub(super) fn in_session(&self, mut statements: Vec<Lowered>) -> Vec<Lowered> {
        for (needed, [before, behind]) in
            [(&self.backslashes, ESCAPES), (&self.utc, UTC), (&self.no_dates, NO_DATES)]
        {
            let Some(path) = statements.first().map(|first| first.path.clone()) else { continue };
            if needed.get() {
                statements.insert(0, Lowered::new(before, path.clone()));
                statements.push(Lowered::new(behind, path));
            }
        }
        statements
    }

    /// A date that is none is written.
    pub(super) fn with_no_date(&self) {
        self.no_dates.set(true);
    }

    /// An instant is written, in UTC.
    pub(super) fn in_utc(&self) {
        self.utc.set(true);
    }

    /// Rows with instants are written in UTC.
    pub(super) fn note_types(&self, columns: &Entries<String>) {
        let is_instant =
            |(_, own): (&str, &String)| Portable::parse(own) == Some(Portable::Timestamptz);
        if columns.iter().any(is_instant) {
            self.in_utc();
        }
    }

    pub(super) fn ident(&self, name: &str) -> String {
        ident(self.flavour.dialect, name)
    }

    pub(super) fn idents<T: AsRef<str>>(&self, names: &[T]) -> String {
        idents(self.flavour.dialect, names)
    }

    pub(super) fn name(&self, schema: Option<&str>, name: &str) -> String {
        qualified(self.flavour.dialect, schema, name)
    }

    pub(super) fn text_for<'t>(
        &self,
        text: &'t SqlText,
        path: &str,
    ) -> Result<&'t str, Unsupported> {
        text_for(text, self.flavour.dialect, path)
    }

    pub(super) fn no(&self, path: &str, reason: &str) -> Unsupported {
        refusal(self.flavour.dialect, path, reason)
    }

    /// A text where the grammar takes only a plain string, neither hexadecimal nor with a charset.
    pub(super) fn plain_text(&self, text: &str, path: &str) -> Result<String, Unsupported> {
        if text.contains('\0') {
            return Err(self.no(path, "the text holds a NUL"));
        }
        let quoted = text.replace('\'', "''");
        if !text.contains(['\\', '\r']) {
            return Ok(format!("'{quoted}'"));
        }
        self.backslashes.set(true);
        Ok(format!("'{}'", quoted.replace('\\', "\\\\").replace('\r', "\\r")))
    }

    /// ` COMMENT '…'`, with the blank in front, or nothing.
    pub(super) fn comment(&self, comment: Option<&str>, path: &str) -> Result<String, Unsupported> {
        match comment {
            None => Ok(String::new()),
            Some(text) => {
                Ok(format!(" COMMENT {}", self.plain_text(text, &format!("{path}.comment"))?))
            }
        }
    }

    /// SQL that ends a statement, without a terminator of its own.
    pub(super) fn body<'t>(&self, sql: &'t str) -> &'t str {
        let mut end = sql.trim_end().len();
        for token in tokens(self.flavour.dialect, sql).iter().rev() {
            if token.sort != TokenKind::Terminator {
                break;
            }
            end = token.start;
        }
        sql[..end].trim()
    }

    /// An account: `user`, `user@host`, or as it stands if it has quotes or a bracket.
    pub(super) fn account(&self, account: &str) -> String {
        let quoted = |name: &str| quote_ident(self.flavour.dialect, name);
        if account.contains(['\'', '`', '"', '(']) || account.eq_ignore_ascii_case("current_user") {
            return account.to_owned();
        }
        match account.rsplit_once('@') {
            Some((user, host)) => format!("{}@{}", quoted(user), quoted(host)),
            None => quoted(account),
        }
    }

    /// ` DEFINER = …`, with the blank in front, or nothing.
    pub(super) fn definer(&self, definer: Option<&str>) -> String {
        definer.map_or_else(String::new, |own| format!(" DEFINER = {}", self.account(own)))
    }

    /// What a table is, by the name under which it is known.
    pub(super) fn live(
        &self,
        schema: Option<&str>,
        table: &str,
        path: &str,
    ) -> Result<(&'a Name, &'a Table), Unsupported> {
        let known = self.schema.table(self.flavour.dialect, schema, table);
        known.ok_or_else(|| Unsupported {
            path: format!("{path}.table"),
            message: format!(
                "{path} needs the definition of table {}, which is not known here",
                self.name(schema, table)
            ),
            hint: None,
            unknown: Some(self.schema.name(schema, table)),
        })
    }
}

/// Whether two names of columns, indexes or constraints are the same to the server.
pub(super) fn same(one: &str, other: &str) -> bool {
    same_part(Dialect::Mysql, one, other)
}

/// A name that the server would refuse only when some of the step has run.
fn long_name(dialect: Dialect, path: &str, name: &str) -> Option<Unsupported> {
    let length = name.chars().count();
    let reason = format!("the name has {length} characters and may have {LONGEST_NAME}");
    (length > LONGEST_NAME).then(|| refusal(dialect, path, &reason))
}

/// Refuses `or_replace` and `if_not_exists` beside each other.
pub(super) fn not_both(
    writer: &Writer<'_>,
    path: &str,
    or_replace: bool,
    if_not_exists: bool,
) -> Result<(), Unsupported> {
    let reason = "`or_replace` and `if_not_exists` cannot be used together";
    match or_replace && if_not_exists {
        true => Err(writer.no(&format!("{path}.if_not_exists"), reason)),
        false => Ok(()),
    }
}

/// Refuses a word that is not one of a few.
pub(super) fn one_of(
    writer: &Writer<'_>,
    path: &str,
    word: Option<&str>,
    known: &[&str],
) -> Result<(), Unsupported> {
    match word {
        Some(word) if !known.iter().any(|known| known.eq_ignore_ascii_case(word)) => {
            Err(writer.no(path, &format!("it is one of {}", known.join(", "))))
        }
        _ => Ok(()),
    }
}
