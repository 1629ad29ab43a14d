//! What a table is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::operation::footprint::{ObjectClass, Own, Touch};
use crate::model::operation::schema_change::SchemaChange;
use crate::model::operation::texts::texts;
use crate::model::operation::validate::Validation;
use crate::model::operation::was::same_lists;
use crate::model::operation::{
    Column, Constraint, Index, SchemaMismatch, column, constraint, index,
};
use crate::model::{Entries, SqlText};
use crate::text::{self, Dialect};

/// The definition of a table, without its name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("additionalProperties" = false))]
pub struct TableDefinition {
    /// Its columns, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// Its constraints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// Its indexes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
    /// The comment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Other options of the dialects.
    #[serde(default, skip_serializing_if = "TableOptions::is_default")]
    pub options: TableOptions,
    /// What the server says of it beyond all this: read from a database and never from a file.
    #[serde(skip)]
    pub beyond: Option<Box<BeyondTable>>,
}

/// What a server says of a table and a definition has no place for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BeyondTable {
    /// The clauses, in the server's own words, such as `WITH SYSTEM VERSIONING`.
    pub clauses: Vec<String>,
    /// The statement that makes all of the table.
    pub create: String,
}

impl TableDefinition {
    /// The clauses for which there is no place.
    pub fn clauses_beyond(&self) -> &[String] {
        self.beyond.as_ref().map_or(&[], |beyond| &beyond.clauses)
    }
}

/// Options of a table by dialect.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableOptions {
    /// TEMPORARY: dropped at the end of the session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
    /// UNLOGGED: not written to the write-ahead log (PostgreSQL).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlogged: bool,
    /// INHERITS: the parent tables (PostgreSQL).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherits: Vec<String>,
    /// PARTITION BY, as the dialect writes it (PostgreSQL, MySQL, MariaDB).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_by: Option<SqlText>,
    /// PARTITION OF: the partitioned table (PostgreSQL), with `partition_bounds`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_of: Option<String>,
    /// The partition's bounds, such as `FOR VALUES IN ('a')` or `DEFAULT` (PostgreSQL).
    #[schemars(extend("format" = "sql"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_bounds: Option<String>,
    /// The tablespace (PostgreSQL, MySQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tablespace: Option<String>,
    /// Storage parameters, such as fillfactor (PostgreSQL).
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// The access method (PostgreSQL).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    /// The storage engine (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The default character set (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The default collation (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// AUTO_INCREMENT: the next number (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_increment: Option<i64>,
    /// The row format (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_format: Option<String>,
    /// STRICT: values must have the type of their column (SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
    /// WITHOUT ROWID: rows are stored in the primary key (SQLite).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_rowid: bool,
}

impl TableOptions {
    /// Whether nothing was said.
    pub fn is_default(&self) -> bool {
        *self == TableOptions::default()
    }
}

texts!(TableDefinition { columns, constraints, indexes, options });

texts!(TableOptions { partition_by, partition_bounds });

impl TableDefinition {
    /// Where a column stands.
    pub fn column_at(&self, dialect: Dialect, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| text::same_part(dialect, &column.name, name))
    }

    /// Whether it has no columns but those it names.
    pub fn names_all_columns(&self) -> bool {
        self.options.inherits.is_empty() && self.options.partition_of.is_none()
    }

    /// The tables that its foreign keys refer to, by schema and name.
    pub fn referred(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let keys = self.constraints.iter().filter_map(|constraint| match constraint {
            Constraint::ForeignKey(key) => Some(&key.references),
            _ => None,
        });
        let keys = keys.map(|to| (to.schema.as_deref(), to.table.as_str()));
        let inline = self.columns.iter().filter_map(|column| column.references.as_ref());
        keys.chain(inline.map(|to| (to.schema.as_deref(), to.table.as_str())))
    }

    /// The names of its constraints and indexes.
    pub fn part_names(&self) -> impl Iterator<Item = &str> {
        let inline =
            self.columns.iter().filter_map(|column| column.references.as_ref()?.name.as_deref());
        self.constraints
            .iter()
            .filter_map(Constraint::name)
            .chain(self.indexes.iter().filter_map(|index| index.name.as_deref()))
            .chain(inline)
    }

    /// Gives a column another name, wherever the table itself names it.
    pub(in crate::model::operation) fn rename_column(
        &mut self,
        dialect: Dialect,
        from: &str,
        to: &str,
    ) {
        for column in &mut self.columns {
            column.rename(dialect, from, to);
        }
        for constraint in &mut self.constraints {
            constraint.rename_column(dialect, from, to);
        }
        for index in &mut self.indexes {
            index.rename_column(dialect, from, to);
        }
    }

    /// Calls with the schema, table and columns that each of its foreign keys refers to; says whether
    /// any call changed something.
    pub(in crate::model::operation) fn change_referred(
        &mut self,
        mut change: impl FnMut(&mut Option<String>, &mut String, &mut [String]) -> bool,
    ) -> bool {
        let mut changed = false;
        for constraint in &mut self.constraints {
            if let Constraint::ForeignKey(key) = constraint {
                let to = &mut key.references;
                changed |= change(&mut to.schema, &mut to.table, &mut to.columns);
            }
        }
        for to in self.columns.iter_mut().filter_map(|column| column.references.as_mut()) {
            let column = std::slice::from_mut(&mut to.column);
            changed |= change(&mut to.schema, &mut to.table, column);
        }
        changed
    }
}

impl TableDefinition {
    /// Notes what cannot be right about it.
    pub(super) fn validate(&self, check: &mut Validation<'_>) {
        let right: Vec<bool> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let what = format!("the column {}", column.name);
                check.part(&format!("columns.{at}"), what, |check| column.validate(check))
            })
            .collect();
        let mut columns: Vec<(usize, &Column)> = self.columns.iter().enumerate().collect();
        columns.retain(|(at, _)| right[*at]);
        if columns.is_empty() && self.names_all_columns() {
            let message = format!("{} has no columns", check.what());
            let hint = "write columns: and one or more of `- {name: …, type: …}` below it";
            check.wrong("columns", message, Some(hint));
        }
        check.distinct("columns", columns.iter().map(|(at, column)| (*at, column.name.as_str())));
        let keys = columns.iter().filter(|(_, column)| column.primary_key);
        let mut keys: Vec<String> = keys.map(|(at, _)| format!("columns.{at}")).collect();
        for (at, constraint) in self.constraints.iter().enumerate() {
            let word = constraint.kind().word();
            let path = format!("constraints.{at}.{word}");
            let is_right = check.part(&path, word, |check| constraint.validate(check));
            if is_right && matches!(constraint, Constraint::PrimaryKey(_)) {
                keys.push(path);
            }
        }
        if let [first, second, ..] = keys.as_slice() {
            let message = format!("{} has two primary keys", check.what());
            let hint =
                "a key of several columns is `- primary_key: {columns: [a, b]}` below constraints";
            check.repeated(second, message, Some(hint), (", the first", first));
        }
        index::validate_all(&self.indexes, check);
        let TableOptions { partition_of, partition_bounds, .. } = &self.options;
        let (is_part, has_bounds) = (partition_of.is_some(), partition_bounds.is_some());
        if is_part != has_bounds {
            let (key, other) = match is_part {
                true => ("partition_of", "partition_bounds"),
                false => ("partition_bounds", "partition_of"),
            };
            let message = format!("{key} needs {other} beside it");
            let hint = "as in {partition_of: t, partition_bounds: \"FOR VALUES IN ('a')\"}";
            check.wrong(&format!("options.{key}"), message, Some(hint));
        }
    }
}

impl SchemaChange<'_> {
    /// Refuses a new table that contradicts itself.
    pub(super) fn check_definition(
        &self,
        table: &TableDefinition,
        own: Option<&String>,
        name: &str,
    ) -> Result<(), SchemaMismatch> {
        let mut key = None;
        for (at, column) in table.columns.iter().enumerate() {
            if table.column_at(self.dialect, &column.name) != Some(at) {
                let message = format!("there are two columns {}", column.name);
                return Err(self.mismatch(
                    &format!("columns.{at}.name"),
                    message,
                    "give one another name",
                ));
            }
            if column.primary_key {
                let part = format!("columns.{at}.primary_key");
                if key.replace(part.clone()).is_some() {
                    let hint = "a key of several columns is one of the `constraints`";
                    return Err(self.mismatch(&part, "there are two primary keys", hint));
                }
            }
            if let Some(to) = &column.references {
                let part = format!("columns.{at}.references");
                let columns = std::slice::from_ref(&to.column);
                self.check_referred(
                    &part,
                    to.schema.as_ref(),
                    &to.table,
                    columns,
                    (table, own, name),
                )?;
            }
        }
        for (at, constraint) in table.constraints.iter().enumerate() {
            let part = format!("constraints.{at}.{}", constraint.kind().word());
            if matches!(constraint, Constraint::PrimaryKey(_))
                && key.replace(part.clone()).is_some()
            {
                return Err(self.mismatch(&part, "there are two primary keys", ""));
            }
            self.check_columns(&part, table, &constraint.columns())?;
            if let Constraint::ForeignKey(foreign) = constraint {
                let part = format!("{part}.references");
                self.check_foreign_key(&part, foreign, (table, own, name))?;
            }
        }
        for (at, index) in table.indexes.iter().enumerate() {
            self.check_index(&format!("indexes.{at}"), table, index)?;
        }
        // Each kind of constraint may have names of its own (MySQL); the server tells where it has not.
        let named = |one: &Constraint| one.name().map(|name| (Some(one.kind()), name.to_owned()));
        let indexes = table.indexes.iter().filter_map(|index| Some((None, index.name.clone()?)));
        let names: Vec<_> = table.constraints.iter().filter_map(named).chain(indexes).collect();
        let again = |at: usize| {
            let (kind, name) = &names[at];
            names[..at].iter().any(|(before, known)| before == kind && self.same(known, name))
        };
        match (1..names.len()).find(|&at| again(at)) {
            Some(at) => {
                let (kind, name) = &names[at];
                let part = kind.map_or("indexes", |_| "constraints");
                let message = format!("two of the {part} are called {name}");
                Err(self.mismatch(part, message, "give one another name"))
            }
            None => Ok(()),
        }
    }
}

impl Touch {
    /// The parts of a table, and what they rest on.
    pub(super) fn table_definition(
        &mut self,
        own: Own<'_>,
        name: &str,
        definition: &TableDefinition,
    ) {
        for column in &definition.columns {
            self.column_parts(own, name, column);
        }
        for constraint in &definition.constraints {
            self.constraint_parts(own, name, constraint);
        }
        for index in &definition.indexes {
            self.index_parts(own, name, index);
        }
        for above in definition.options.inherits.iter().chain(&definition.options.partition_of) {
            // It may be said with its schema.
            let above = above.rsplit('.').next().unwrap_or(above).trim_matches('"');
            self.write(ObjectClass::Relation, None, above, None);
            self.write(ObjectClass::Rows, None, above, None);
        }
    }
}

/// What a table that is known has otherwise than a `was` says.
pub(super) fn differs(
    known: &TableDefinition,
    was: &TableDefinition,
    dialect: Dialect,
) -> Option<String> {
    // A comment and the options are in each dialect's own words.
    let TableDefinition { columns, constraints, indexes, comment: _, options: _, beyond: _ } =
        known;
    if !known.names_all_columns() || !was.names_all_columns() {
        return None;
    }
    if let Some(gone) = was.columns.iter().find(|one| known.column_at(dialect, &one.name).is_none())
    {
        return Some(format!("there is no column {}", gone.name));
    }
    for column_known in columns {
        let Some(at) = was.column_at(dialect, &column_known.name) else {
            return Some(format!("`was` does not have the column {}", column_known.name));
        };
        if let Some(wrong) = column::differs(column_known, &was.columns[at], dialect) {
            return Some(wrong);
        }
    }
    // Only what has a name is surely the same, and only those names are the file's.
    for one in constraints {
        let Some(name) = one.name() else { continue };
        let is_it = |other: &&Constraint| {
            other.kind() == one.kind()
                && other.name().is_some_and(|own| text::same_part(dialect, own, name))
        };
        if let Some(wrong) = was
            .constraints
            .iter()
            .find(is_it)
            .and_then(|other| constraint::differs(one, other, dialect))
        {
            return Some(wrong);
        }
    }
    for one in indexes {
        let Some(name) = one.name.as_deref() else { continue };
        let is_it = |other: &&Index| {
            other.name.as_deref().is_some_and(|own| text::same_part(dialect, own, name))
        };
        if let Some(wrong) =
            was.indexes.iter().find(is_it).and_then(|other| index::differs(one, other, dialect))
        {
            return Some(wrong);
        }
    }
    left_out(known, was, dialect)
}

/// A constraint or index of the table that `was` does not have, by name or by what it is over.
fn left_out(known: &TableDefinition, was: &TableDefinition, dialect: Dialect) -> Option<String> {
    let has = |name: &str| was.part_names().any(|own| text::same_part(dialect, own, name));
    // An index stands behind each key (and, on MySQL, foreign key), and may be told as either.
    let mut over: Vec<Vec<&str>> = was.constraints.iter().map(Constraint::columns).collect();
    over.extend(was.indexes.iter().map(|index| index.column_names().collect()));
    let inline =
        was.columns.iter().filter(|column| column.primary_key || column.references.is_some());
    over.extend(inline.map(|column| vec![column.name.as_str()]));
    let covers = |columns: &[&str]| {
        !columns.is_empty() && over.iter().any(|own| same_lists(own, columns, dialect))
    };
    let constraint = known.constraints.iter().find_map(|one| {
        let name = one.name().filter(|name| !has(name))?;
        let is_key = matches!(one, Constraint::PrimaryKey(_));
        (!is_key && !covers(&one.columns())).then_some(name)
    });
    let index = || {
        known.indexes.iter().find_map(|index| {
            let name = index.name.as_deref().filter(|name| !has(name))?;
            let columns: Vec<&str> = index.column_names().collect();
            (!covers(&columns)).then_some(name)
        })
    };
    let name = constraint.or_else(index)?;
    Some(format!("`was` does not have the constraint or index {name}"))
}
