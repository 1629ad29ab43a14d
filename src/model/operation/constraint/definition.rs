//! What constraints are made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::SqlText;
use crate::model::operation::TextRole;
use crate::model::operation::column::{rename_all, rename_in};
use crate::model::operation::footprint::{ObjectClass, Own, Part, Touch};
use crate::model::operation::texts::{HasTexts, Visit, VisitMut, texts};
use crate::model::operation::validate::Validation;
use crate::model::operation::was::same_lists;
use crate::text::{self, Dialect};

/// The action on a row when the row that it references is deleted or updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceAction {
    /// NO ACTION: an error at the end of the statement or transaction.
    NoAction,
    /// RESTRICT: an error immediately.
    Restrict,
    /// CASCADE: the row is deleted or updated, too.
    Cascade,
    /// SET NULL.
    SetNull,
    /// SET DEFAULT.
    SetDefault,
}

/// When a deferrable constraint is checked unless a transaction says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Initially {
    /// At the end of each statement.
    Immediate,
    /// At the end of the transaction.
    Deferred,
}

/// How a foreign key of several columns matches NULLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// MATCH SIMPLE: with any NULL the row references nothing.
    Simple,
    /// MATCH FULL: all columns are NULL or none.
    Full,
    /// MATCH PARTIAL: the columns that are not NULL match.
    Partial,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// The primary key.
    PrimaryKey(PrimaryKey),
    /// UNIQUE.
    Unique(Unique),
    /// FOREIGN KEY.
    ForeignKey(ForeignKey),
    /// CHECK.
    Check(Check),
    /// EXCLUDE (PostgreSQL).
    Exclude(Exclude),
}

/// The kinds of constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// A primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A foreign key.
    ForeignKey,
    /// A check.
    Check,
    /// An exclusion (PostgreSQL).
    Exclude,
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct PrimaryKey {
    /// Its name. MySQL, MariaDB and SQLite call every primary key the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// INCLUDE: additional columns of its index (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// The tablespace of its index (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Unique {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// INCLUDE: additional columns of its index (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// NULLS DISTINCT (the default) or NULLS NOT DISTINCT (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nulls_distinct: Option<bool>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// The tablespace of its index (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct ForeignKey {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<String>,
    /// The table and columns that it references.
    pub references: References,
    /// ON DELETE: the action when the referenced row is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<ReferenceAction>,
    /// ON UPDATE: the action when the referenced key changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ReferenceAction>,
    /// MATCH: how NULLs are matched.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub match_: Option<Match>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction (PostgreSQL, SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE (PostgreSQL, SQLite).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// NOT VALID: existing rows are not checked until it is validated (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
}

/// The table and columns that a foreign key references.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct References {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The columns, one for each of the key's.
    pub columns: Vec<String>,
}

/// CHECK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Check {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The condition.
    #[schemars(extend("format" = "sql"))]
    pub sql: SqlText,
    /// NOT VALID: existing rows are not checked until it is validated (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_valid: bool,
    /// NO INHERIT: child tables do not have it (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_inherit: bool,
    /// ENFORCED or NOT ENFORCED; default: enforced (MySQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforced: Option<bool>,
}

/// An exclusion constraint (PostgreSQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct Exclude {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The elements to compare.
    pub elements: Vec<ExcludeElement>,
    /// The index method; default: gist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// WHERE: the rows that it covers.
    #[serde(rename = "where", skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "sql"))]
    pub where_: Option<String>,
    /// INCLUDE: additional columns of its index (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// DEFERRABLE: the check may be deferred to the end of the transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deferrable: Option<bool>,
    /// INITIALLY DEFERRED or IMMEDIATE.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initially: Option<Initially>,
    /// The tablespace of its index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
}

/// A value and the operator by which it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExcludeElement {
    /// The column; or else `sql`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The expression.
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// The operator class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opclass: Option<String>,
    /// The operator, such as `=` or `&&`.
    pub with: String,
}

texts!(Check { sql });
texts!(Exclude { elements, where_ as "where" });
texts!(ExcludeElement { sql });

impl HasTexts for Constraint {
    fn texts(&self, role: TextRole, visit: &mut Visit<'_>) {
        visit.at(self.kind().word(), |visit| match self {
            Constraint::Check(check) => check.texts(role, visit),
            Constraint::Exclude(exclude) => exclude.texts(role, visit),
            Constraint::PrimaryKey(_) | Constraint::Unique(_) | Constraint::ForeignKey(_) => {}
        });
    }

    fn texts_mut(&mut self, role: TextRole, visit: &mut VisitMut<'_>) {
        visit.at(self.kind().word(), |visit| match self {
            Constraint::Check(check) => check.texts_mut(role, visit),
            Constraint::Exclude(exclude) => exclude.texts_mut(role, visit),
            Constraint::PrimaryKey(_) | Constraint::Unique(_) | Constraint::ForeignKey(_) => {}
        });
    }
}

impl ConstraintKind {
    /// The word of it in a file.
    pub fn word(self) -> &'static str {
        match self {
            ConstraintKind::PrimaryKey => "primary_key",
            ConstraintKind::Unique => "unique",
            ConstraintKind::ForeignKey => "foreign_key",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclude => "exclude",
        }
    }

    /// What problems call it.
    pub fn noun(self) -> &'static str {
        match self {
            ConstraintKind::PrimaryKey => "primary key",
            ConstraintKind::Unique => "unique constraint",
            ConstraintKind::ForeignKey => "foreign key",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclude => "exclusion",
        }
    }
}

impl Constraint {
    /// Its kind.
    pub fn kind(&self) -> ConstraintKind {
        match self {
            Constraint::PrimaryKey(_) => ConstraintKind::PrimaryKey,
            Constraint::Unique(_) => ConstraintKind::Unique,
            Constraint::ForeignKey(_) => ConstraintKind::ForeignKey,
            Constraint::Check(_) => ConstraintKind::Check,
            Constraint::Exclude(_) => ConstraintKind::Exclude,
        }
    }

    /// Its name.
    pub fn name(&self) -> Option<&str> {
        match self {
            Constraint::PrimaryKey(key) => key.name.as_deref(),
            Constraint::Unique(unique) => unique.name.as_deref(),
            Constraint::ForeignKey(key) => key.name.as_deref(),
            Constraint::Check(check) => check.name.as_deref(),
            Constraint::Exclude(exclude) => exclude.name.as_deref(),
        }
    }

    /// Gives it a name.
    pub fn set_name(&mut self, name: String) {
        let own = match self {
            Constraint::PrimaryKey(key) => &mut key.name,
            Constraint::Unique(unique) => &mut unique.name,
            Constraint::ForeignKey(key) => &mut key.name,
            Constraint::Check(check) => &mut check.name,
            Constraint::Exclude(exclude) => &mut exclude.name,
        };
        *own = Some(name);
    }

    /// The columns that it names; those in expressions are not among them.
    pub fn columns(&self) -> Vec<&str> {
        fn all(some: &[String]) -> Vec<&str> {
            some.iter().map(String::as_str).collect()
        }
        match self {
            Constraint::PrimaryKey(key) => [all(&key.columns), all(&key.include)].concat(),
            Constraint::Unique(unique) => [all(&unique.columns), all(&unique.include)].concat(),
            Constraint::ForeignKey(key) => all(&key.columns),
            Constraint::Check(_) => Vec::new(),
            Constraint::Exclude(exclude) => {
                let elements = exclude.elements.iter().filter_map(|one| one.column.as_deref());
                elements.chain(exclude.include.iter().map(String::as_str)).collect()
            }
        }
    }

    pub(in crate::model::operation) fn rename_column(
        &mut self,
        dialect: Dialect,
        from: &str,
        to: &str,
    ) {
        match self {
            Constraint::PrimaryKey(key) => {
                rename_all(dialect, key.columns.iter_mut().chain(&mut key.include), from, to);
            }
            Constraint::Unique(unique) => {
                rename_all(dialect, unique.columns.iter_mut().chain(&mut unique.include), from, to);
            }
            Constraint::ForeignKey(key) => rename_all(dialect, &mut key.columns, from, to),
            Constraint::Check(check) => rename_in(dialect, &mut check.sql, from, to),
            Constraint::Exclude(exclude) => {
                for element in &mut exclude.elements {
                    rename_all(dialect, &mut element.column, from, to);
                    if let Some(sql) = &mut element.sql {
                        *sql = text::rename_in(dialect, sql, from, to);
                    }
                }
                rename_all(dialect, &mut exclude.include, from, to);
                if let Some(sql) = &mut exclude.where_ {
                    *sql = text::rename_in(dialect, sql, from, to);
                }
            }
        }
    }
}

impl Constraint {
    /// Notes what cannot be right about it.
    pub(in crate::model::operation) fn validate(&self, check: &mut Validation<'_>) {
        match self {
            Constraint::PrimaryKey(PrimaryKey { columns, .. })
            | Constraint::Unique(Unique { columns, .. }) => {
                check.filled("columns", columns.is_empty());
                check.distinct_texts("columns", columns);
            }
            Constraint::ForeignKey(key) => {
                check.filled("columns", key.columns.is_empty());
                check.distinct_texts("columns", &key.columns);
                let (own, referred) = (key.columns.len(), key.references.columns.len());
                // On SQLite a reference that names no columns is to the primary key.
                if own != referred && referred > 0 {
                    let message = format!(
                        "{} of {own} column(s) refers to {referred} column(s)",
                        check.what()
                    );
                    let hint = "name one column for each of the key's";
                    check.wrong("references.columns", message, Some(hint));
                }
            }
            Constraint::Check(_) => {}
            Constraint::Exclude(exclude) => check.filled("elements", exclude.elements.is_empty()),
        }
    }
}

impl Touch {
    /// What a constraint of a table is, and rests on.
    pub(in crate::model::operation) fn constraint_parts(
        &mut self,
        own: Own<'_>,
        table: &str,
        constraint: &Constraint,
    ) {
        for column in constraint.columns() {
            self.read_column(own, table, column);
            self.read_values(own, table, column);
        }
        // Without a name it may be any.
        self.constraint_name(own, table, constraint.name().unwrap_or_default());
        match constraint {
            Constraint::PrimaryKey(_) | Constraint::Unique(_) => {
                self.write(ObjectClass::Relation, own, table, Part::Keys);
            }
            Constraint::ForeignKey(key) => {
                let to = &key.references;
                self.refers(to.schema.as_ref(), &to.table, &to.columns, key.name.as_deref());
            }
            Constraint::Check(_) | Constraint::Exclude(_) => {}
        }
    }
}

/// What a constraint that is known has otherwise than a `was` says: what it is over, and refers to.
pub(in crate::model::operation) fn differs(
    known: &Constraint,
    was: &Constraint,
    dialect: Dialect,
) -> Option<String> {
    let name = known.name().unwrap_or("the constraint");
    if !same_lists(&known.columns(), &was.columns(), dialect) {
        return Some(format!("{name} is over {}", known.columns().join(", ")));
    }
    match (known, was) {
        (Constraint::ForeignKey(one), Constraint::ForeignKey(other)) => {
            let ForeignKey {
                references: References { table, schema: _, columns: _ },
                name: _,
                columns: _,
                on_delete: _,
                on_update: _,
                match_: _,
                deferrable: _,
                initially: _,
                not_valid: _,
            } = one;
            (!text::same_object(dialect, table, &other.references.table))
                .then(|| format!("{name} refers to {table}"))
        }
        _ => None,
    }
}
