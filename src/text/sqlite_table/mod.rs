//! SQLite's CREATE TABLE as a value: every part of it known by its meaning and kept as it is written,
//! so that a change of one part leaves all others as they are, byte for byte.

mod edit;
mod index;
mod names;
// Views and triggers are read from a database alone.
#[cfg(feature = "sqlite")]
mod objects;
mod read;
#[cfg(test)]
mod tests;

pub use index::IndexSql;
pub use names::{
    Renamed, mentions, rename_column, rename_column_in_trigger, rename_index, rename_table, same,
};
#[cfg(feature = "sqlite")]
pub use objects::{TriggerChange, TriggerSql, TriggerTiming, ViewSql};

/// Why a statement cannot be read as a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It makes a virtual table: a module keeps its rows.
    #[error("it is a virtual table")]
    Virtual,
    /// It is none that SQLite keeps.
    #[error("its statement cannot be read near `{0}`")]
    Unexpected(String),
}

/// A CREATE TABLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSql {
    /// The table.
    pub name: String,
    /// Columns and constraints, in order.
    pub elements: Vec<Element>,
    /// Whether values must be of their column's type.
    pub strict: bool,
    /// Whether rows stand in the primary key's own tree.
    pub without_rowid: bool,
    /// Up to the name.
    head: String,
    name_text: String,
    /// From the name up to the bracket, which belongs to it.
    open: String,
    /// From the closing bracket on.
    close: String,
}

/// A column or a constraint, with the space and comments around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    lead: String,
    /// What it is.
    pub body: Body,
    trail: String,
    /// The comma behind it: SQLite needs none between constraints.
    separator: &'static str,
}

/// What stands between the brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A column.
    Column(ColumnSql),
    /// A constraint of the table.
    Constraint(ConstraintSql),
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnSql {
    /// Its name.
    pub name: String,
    name_text: String,
    type_lead: String,
    /// Its type as it is written; may be empty.
    pub type_: String,
    /// What else is said of it.
    pub rules: Vec<ColumnRule>,
}

/// Something that a column says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRule {
    lead: String,
    /// As it is written, with its name.
    pub text: String,
    /// Its name.
    pub name: Option<String>,
    /// What it says.
    pub kind: ColumnRuleKind,
}

/// What a column can say of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnRuleKind {
    /// PRIMARY KEY.
    PrimaryKey {
        /// Whether DESC is said, which keeps an INTEGER from being the rowid.
        descending: bool,
        /// Whether no number is given twice.
        autoincrement: bool,
    },
    /// NOT NULL.
    NotNull,
    /// NULL, which says nothing.
    Null,
    /// UNIQUE.
    Unique,
    /// CHECK: the condition.
    Check(String),
    /// DEFAULT: the value as it is written, an expression with its brackets.
    Default(String),
    /// COLLATE: the collation.
    Collate(String),
    /// REFERENCES.
    References(Target),
    /// DEFERRABLE and its like, which is about the REFERENCES before it.
    Deferral(Deferral),
    /// GENERATED ALWAYS AS.
    Generated {
        /// The expression.
        sql: String,
        /// Whether it is stored.
        stored: bool,
    },
    /// A name that nothing follows.
    Nothing,
}

/// When a foreign key is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deferral {
    /// Whether it may wait for the end of the transaction; `None`: nothing is said.
    pub deferrable: Option<bool>,
    /// Whether it waits at first; `None`: nothing is said.
    pub deferred: Option<bool>,
}

/// What a foreign key refers to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    /// The table.
    pub table: String,
    /// The columns; none: its primary key.
    pub columns: Vec<String>,
    /// What is said behind ON DELETE, in lower case.
    pub on_delete: Option<String>,
    /// What is said behind ON UPDATE, in lower case.
    pub on_update: Option<String>,
    /// What is said behind MATCH, in lower case.
    pub match_: Option<String>,
    /// When it is checked.
    pub deferral: Deferral,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintSql {
    /// As it is written, with its name.
    pub text: String,
    /// Its name.
    pub name: Option<String>,
    /// What it says.
    pub kind: ConstraintSqlKind,
}

/// What a constraint of a table can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConstraintSqlKind {
    /// PRIMARY KEY.
    PrimaryKey {
        /// Its columns.
        columns: Vec<String>,
        /// Whether no number is given twice.
        autoincrement: bool,
    },
    /// UNIQUE: its columns.
    Unique(Vec<String>),
    /// CHECK: the condition.
    Check(String),
    /// FOREIGN KEY.
    ForeignKey {
        /// Its columns.
        columns: Vec<String>,
        /// What it refers to.
        target: Target,
    },
    /// A name that nothing follows.
    Nothing,
}

impl TableSql {
    /// Reads a statement.
    ///
    /// # Errors
    /// It makes a virtual table, or none.
    pub fn read(sql: &str) -> Result<TableSql, ReadError> {
        read::table(sql)
    }

    /// The columns in order.
    pub fn columns(&self) -> impl Iterator<Item = &ColumnSql> {
        self.elements.iter().filter_map(|element| match &element.body {
            Body::Column(column) => Some(column),
            Body::Constraint(_) => None,
        })
    }

    /// The table's own constraints in order.
    pub fn constraints(&self) -> impl Iterator<Item = &ConstraintSql> {
        self.elements.iter().filter_map(|element| match &element.body {
            Body::Column(_) => None,
            Body::Constraint(constraint) => Some(constraint),
        })
    }

    /// The column of a name.
    pub fn column(&self, name: &str) -> Option<&ColumnSql> {
        self.columns().find(|column| same(&column.name, name))
    }

    /// The columns of the primary key.
    pub fn primary_key(&self) -> Vec<&str> {
        let of_column = self.columns().find(|column| {
            column.rules.iter().any(|rule| matches!(rule.kind, ColumnRuleKind::PrimaryKey { .. }))
        });
        if let Some(column) = of_column {
            return vec![&column.name];
        }
        let of_table = self.constraints().find_map(|constraint| match &constraint.kind {
            ConstraintSqlKind::PrimaryKey { columns, .. } => Some(columns),
            _ => None,
        });
        of_table.map_or_else(Vec::new, |columns| columns.iter().map(String::as_str).collect())
    }

    /// The column that is another name for the rowid.
    pub fn rowid_alias(&self) -> Option<&str> {
        let [key] = self.primary_key()[..] else { return None };
        let column = self.column(key)?;
        // An old quirk: DESC behind the column's own PRIMARY KEY makes it a key of its own.
        let descending = column
            .rules
            .iter()
            .any(|rule| matches!(rule.kind, ColumnRuleKind::PrimaryKey { descending: true, .. }));
        let is_integer = names::unquoted(&column.type_).eq_ignore_ascii_case("integer");
        (is_integer && !descending && !self.without_rowid).then_some(&column.name)
    }

    /// Whether no number of the primary key is given twice.
    pub fn autoincrement(&self) -> bool {
        let of_column = self.columns().flat_map(|column| &column.rules).any(|rule| {
            matches!(rule.kind, ColumnRuleKind::PrimaryKey { autoincrement: true, .. })
        });
        of_column
            || self.constraints().any(|constraint| {
                matches!(constraint.kind, ConstraintSqlKind::PrimaryKey { autoincrement: true, .. })
            })
    }

    /// Whether a condition names the table that it stands in, as in `t.a > 0`.
    pub fn names_itself(&self) -> bool {
        let names = |sql: &str| names::rename_qualifier(sql, &self.name, "") != sql;
        let of_columns = self.columns().flat_map(|column| &column.rules);
        let mut of_columns =
            of_columns.map(|rule| matches!(&rule.kind, ColumnRuleKind::Check(sql) if names(sql)));
        let mut of_table = self.constraints().map(
            |constraint| matches!(&constraint.kind, ConstraintSqlKind::Check(sql) if names(sql)),
        );
        of_columns.any(|names| names) || of_table.any(|names| names)
    }

    /// A word by which the rowid can be called, if there is one and no column has taken it.
    pub fn rowid_word(&self) -> Option<&'static str> {
        let is_free = |word: &&str| self.column(word).is_none();
        let words = ["rowid", "_rowid_", "oid"];
        if self.without_rowid { None } else { words.into_iter().find(is_free) }
    }
}

impl ColumnSql {
    /// The rule of a kind.
    pub fn rule(&self, wanted: impl Fn(&ColumnRuleKind) -> bool) -> Option<&ColumnRule> {
        self.rules.iter().find(|rule| wanted(&rule.kind))
    }

    /// Whether it is worked out from other columns.
    pub fn is_generated(&self) -> bool {
        self.rule(|kind| matches!(kind, ColumnRuleKind::Generated { .. })).is_some()
    }
}
