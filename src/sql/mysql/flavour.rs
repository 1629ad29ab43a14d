//! What tells MySQL and MariaDB apart: this table, and nothing else.

use super::types;
use crate::text::Dialect;

/// One of the two.
pub(super) struct Flavour {
    pub(super) dialect: Dialect,
    pub(super) types: &'static types::MysqlTypes,
    /// IF EXISTS and IF NOT EXISTS are known of columns, indexes, constraints and views, too.
    pub(super) if_exists: bool,
    /// OR REPLACE is known of routines and triggers, too.
    pub(super) or_replace: bool,
    /// There are sequences.
    pub(super) sequences: bool,
    /// A database has a comment.
    pub(super) schema_comments: bool,
    /// A table stands in a tablespace that is named.
    pub(super) tablespaces: bool,
    /// A check in a column stays the column's, and is not made one of the table.
    pub(super) column_checks: bool,
    /// A check may be there and not be enforced.
    pub(super) unenforced_checks: bool,
    /// The word behind DROP for a check.
    pub(super) drop_check: &'static str,
    /// A generated column may be NOT NULL.
    pub(super) not_null_generated: bool,
    /// An index may be over an expression, or have a parser.
    pub(super) expression_indexes: bool,
    /// NOCOPY is an algorithm of ALTER TABLE.
    pub(super) nocopy: bool,
    /// The word for an index that the optimizer does not use.
    pub(super) invisible_index: &'static str,
    /// A default of a long type, such as a text, is taken without brackets.
    pub(super) plain_long_defaults: bool,
    /// A column is added with a default that differs from row to row.
    pub(super) unsafe_defaults: bool,
    /// An expression is taken behind SET DEFAULT as it is behind DEFAULT.
    pub(super) sets_expressions: bool,
    /// A table whose column has a default that is no date is altered, whatever the mode.
    pub(super) keeps_zero_dates: bool,
    /// A column gets another name also where an expression names it: a check, a generated column, an index.
    pub(super) renames_everywhere: bool,
    /// The words by which it shows a default that is the clock's value, however fine its column is.
    pub(super) shown_clock: Option<&'static str>,
}

/// MySQL's.
pub(super) static MYSQL: Flavour = Flavour {
    dialect: Dialect::Mysql,
    types: &types::MYSQL,
    if_exists: false,
    or_replace: false,
    sequences: false,
    schema_comments: false,
    tablespaces: true,
    column_checks: false,
    unenforced_checks: true,
    drop_check: "CHECK",
    not_null_generated: true,
    expression_indexes: true,
    nocopy: false,
    invisible_index: "INVISIBLE",
    plain_long_defaults: false,
    unsafe_defaults: false,
    sets_expressions: false,
    keeps_zero_dates: false,
    renames_everywhere: false,
    shown_clock: None,
};
/// MariaDB's.
pub(super) static MARIADB: Flavour = Flavour {
    dialect: Dialect::Mariadb,
    types: &types::MARIADB,
    if_exists: true,
    or_replace: true,
    sequences: true,
    schema_comments: true,
    tablespaces: false,
    column_checks: true,
    unenforced_checks: false,
    drop_check: "CONSTRAINT",
    not_null_generated: false,
    expression_indexes: false,
    nocopy: true,
    invisible_index: "IGNORED",
    plain_long_defaults: true,
    unsafe_defaults: true,
    sets_expressions: true,
    keeps_zero_dates: true,
    renames_everywhere: true,
    shown_clock: Some("current_timestamp()"),
};
