//! Names for constraints and indexes that have none, by a convention.

use std::collections::{HashMap, HashSet};

use super::operation::{
    Check, Column, Constraint, Exclude, ForeignKey, Index, IndexKey, Operation, TableDefinition,
};
use super::{ByDialect, SqlText};
use crate::text::Dialect;

/// As long as every dialect takes a name, in bytes.
const LONGEST: usize = 63;

/// How names are made: texts in which `{table}`, `{columns}` and, for a foreign key, `{references}`
/// stand for what the thing is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    /// Of indexes.
    pub index: String,
    /// Of unique constraints.
    pub unique: String,
    /// Of foreign keys.
    pub foreign_key: String,
    /// Of checks.
    pub check: String,
    /// Of exclusions.
    pub exclude: String,
    /// Of primary keys; `None`: they get none, since most dialects have none for them.
    pub primary_key: Option<String>,
}

impl Default for Naming {
    fn default() -> Self {
        Naming {
            index: "ix_{table}_{columns}".to_owned(),
            unique: "uq_{table}_{columns}".to_owned(),
            foreign_key: "fk_{table}_{columns}".to_owned(),
            check: "ck_{table}_{columns}".to_owned(),
            exclude: "ex_{table}_{columns}".to_owned(),
            primary_key: None,
        }
    }
}

impl Naming {
    /// The names for what the operations leave without one, each with the path of what it is for,
    /// such as `0.create_table.constraints.1.unique`. No name is given twice.
    pub fn names(&self, operations: &[Operation]) -> Vec<(String, String)> {
        let mut unnamed =
            Unnamed { naming: self, dialect: None, taken: HashMap::new(), found: Vec::new() };
        unnamed.list(operations, "");
        let Unnamed { mut taken, found, .. } = unnamed;
        let fresh = found.into_iter().map(|Found { path, dialect, wanted }| {
            // What is for other dialects alone is in nobody's way.
            let is_taken = |taken: &Taken, name: &str| {
                taken.get(name).is_some_and(|by| {
                    dialect.is_none() || by.iter().any(|by| by.is_none() || *by == dialect)
                })
            };
            let mut name = short(&wanted);
            let mut count = 1;
            while is_taken(&taken, &name) {
                count += 1;
                name = short(&format!("{wanted}_{count}"));
            }
            taken.entry(name.clone()).or_default().push(dialect);
            (path, name)
        });
        fresh.collect()
    }
}

/// Names that are there, and for which dialects.
type Taken = HashMap<String, Vec<Option<Dialect>>>;

/// What has no name yet.
struct Found {
    path: String,
    dialect: Option<Dialect>,
    wanted: String,
}

/// What has no name yet, and the names that are there.
struct Unnamed<'a> {
    naming: &'a Naming,
    /// The dialect whose operations are looked at; `None`: those for all.
    dialect: Option<Dialect>,
    taken: Taken,
    found: Vec<Found>,
}

impl Unnamed<'_> {
    fn list(&mut self, operations: &[Operation], above: &str) {
        for (at, operation) in operations.iter().enumerate() {
            let path = format!("{above}{at}.{}", operation.kind());
            self.operation(operation, &path);
        }
    }

    fn operation(&mut self, operation: &Operation, path: &str) {
        match operation {
            Operation::CreateTable(table) => self.table(&table.name, &table.definition, path),
            Operation::AddColumn(add) => {
                self.column(&add.table, &add.column, &format!("{path}.column"));
            }
            Operation::CreateIndex(create) => self.index(&create.table, &create.index, path),
            Operation::CreateMaterializedView(view) => {
                for (at, index) in view.definition.indexes.iter().enumerate() {
                    self.index(&view.name, index, &format!("{path}.indexes.{at}"));
                }
            }
            Operation::CreatePrimaryKey(create) => {
                self.primary_key(
                    &create.table,
                    create.key.name.as_deref(),
                    &create.key.columns,
                    path,
                );
            }
            Operation::CreateUnique(create) => {
                let unique = &create.unique;
                self.give(
                    &self.naming.unique,
                    &create.table,
                    &unique.columns,
                    "",
                    &unique.name,
                    path,
                );
            }
            Operation::CreateForeignKey(create) => {
                self.foreign_key(&create.table, &create.key, path)
            }
            Operation::CreateCheck(create) => self.check(&create.table, &create.check, &[], path),
            Operation::CreateExclude(create) => self.exclude(&create.table, &create.exclude, path),
            Operation::CreateDomain(domain) => {
                for (at, check) in domain.definition.checks.iter().enumerate() {
                    self.check(&domain.name, check, &[], &format!("{path}.checks.{at}"));
                }
            }
            Operation::AlterDomain(alter) => {
                if let Some(check) = &alter.add_check {
                    self.check(&alter.name, check, &[], &format!("{path}.add_check"));
                }
            }
            Operation::ByDialect(ByDialect::Each(each)) => {
                for (dialect, operations) in each {
                    self.dialect = Some(*dialect);
                    self.list(operations, &format!("{path}.{}.", dialect.name()));
                    self.dialect = None;
                }
            }
            _ => {}
        }
    }

    fn table(&mut self, name: &str, table: &TableDefinition, path: &str) {
        for (at, column) in table.columns.iter().enumerate() {
            self.column(name, column, &format!("{path}.columns.{at}"));
        }
        for (at, constraint) in table.constraints.iter().enumerate() {
            let path = |kind: &str| format!("{path}.constraints.{at}.{kind}");
            match constraint {
                Constraint::PrimaryKey(key) => {
                    self.primary_key(name, key.name.as_deref(), &key.columns, &path("primary_key"));
                }
                Constraint::Unique(unique) => {
                    let path = path("unique");
                    self.give(&self.naming.unique, name, &unique.columns, "", &unique.name, &path);
                }
                Constraint::ForeignKey(key) => self.foreign_key(name, key, &path("foreign_key")),
                Constraint::Check(check) => self.check(name, check, &table.columns, &path("check")),
                Constraint::Exclude(exclude) => self.exclude(name, exclude, &path("exclude")),
            }
        }
        for (at, index) in table.indexes.iter().enumerate() {
            self.index(name, index, &format!("{path}.indexes.{at}"));
        }
    }

    fn column(&mut self, table: &str, column: &Column, path: &str) {
        if let Some(reference) = &column.references {
            let columns = [column.name.clone()];
            let path = format!("{path}.references");
            let template = &self.naming.foreign_key;
            self.give(template, table, &columns, &reference.table, &reference.name, &path);
        }
    }

    fn index(&mut self, table: &str, index: &Index, path: &str) {
        let columns = index.columns.iter().flat_map(|column| match &column.key {
            IndexKey::Column(name) => vec![name.clone()],
            IndexKey::Sql(sql) => words(one(sql)),
        });
        let columns: Vec<String> = columns.collect();
        self.give(&self.naming.index, table, &columns, "", &index.name, path);
    }

    fn primary_key(&mut self, table: &str, name: Option<&str>, columns: &[String], path: &str) {
        let name = name.map(str::to_owned);
        if let Some(template) = &self.naming.primary_key {
            self.give(template, table, columns, "", &name, path);
        }
    }

    fn foreign_key(&mut self, table: &str, key: &ForeignKey, path: &str) {
        let template = &self.naming.foreign_key;
        self.give(template, table, &key.columns, &key.references.table, &key.name, path);
    }

    /// The columns that a check names; of a table that is not known, its first word.
    fn check(&mut self, table: &str, check: &Check, columns: &[Column], path: &str) {
        let mut named = words(one(&check.sql));
        match columns {
            [] => named.truncate(1),
            columns => named.retain(|word| columns.iter().any(|column| column.name == *word)),
        }
        let mut seen = HashSet::new();
        named.retain(|word| seen.insert(word.clone()));
        self.give(&self.naming.check, table, &named, "", &check.name, path);
    }

    fn exclude(&mut self, table: &str, exclude: &Exclude, path: &str) {
        let columns = exclude.elements.iter().flat_map(|element| {
            let sql = || words(element.sql.as_deref().unwrap_or_default());
            element.column.clone().map_or_else(sql, |column| vec![column])
        });
        let columns: Vec<String> = columns.collect();
        self.give(&self.naming.exclude, table, &columns, "", &exclude.name, path);
    }

    fn give(
        &mut self,
        template: &str,
        table: &str,
        columns: &[String],
        references: &str,
        name: &Option<String>,
        path: &str,
    ) {
        if let Some(name) = name {
            self.taken.entry(name.clone()).or_default().push(self.dialect);
            return;
        }
        let name = filled(template, |field| match field {
            "table" => table.to_owned(),
            "columns" => columns.join("_"),
            _ => references.to_owned(),
        });
        let wanted = name.trim_end_matches('_').to_owned();
        self.found.push(Found { path: path.to_owned(), dialect: self.dialect, wanted });
    }
}

/// The template with its fields filled in, in one pass: what is put in is not looked at again.
fn filled(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut name = String::new();
    let mut rest = template;
    while let Some((text, behind)) = rest.split_once('{') {
        let Some((field, after)) = behind.split_once('}') else { break };
        name.push_str(text);
        name.push_str(&value(field));
        rest = after;
    }
    name + rest
}

/// The words of an expression.
fn words(sql: &str) -> Vec<String> {
    let words = sql.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words = words.filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    words.map(str::to_owned).collect()
}

/// One of the texts for a dialect: the same, whatever the database.
fn one(sql: &SqlText) -> &str {
    match sql {
        ByDialect::All(text) => text,
        ByDialect::Each(texts) => texts.first().map_or("", |(_, text)| text),
    }
}

/// A name that is too long is cut, and a digest of all of it put behind.
fn short(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let digest = blake3::hash(name.as_bytes()).to_hex();
    let mut end = LONGEST - 9;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{}", name[..end].trim_end_matches('_'), &digest[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(operations: serde_json::Value) -> String {
        let operations: Vec<Operation> = serde_json::from_value(operations).unwrap();
        let names = Naming::default().names(&operations);
        names.iter().map(|(path, name)| format!("{path}: {name}")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_has_no_name_gets_one() {
        insta::assert_snapshot!(names(serde_json::json!([
            {"create_table": {
                "name": "accounts",
                "columns": [
                    {"name": "id", "type": "bigint", "primary_key": true},
                    {"name": "owner", "type": "bigint", "references": {"table": "people", "column": "id"}},
                    {"name": "price", "type": "integer"}
                ],
                "constraints": [
                    {"primary_key": {"columns": ["id"]}},
                    {"unique": {"columns": ["owner", "price"]}},
                    {"unique": {"name": "mine", "columns": ["price"]}},
                    {"check": {"sql": "price >= 0 AND price < 100"}},
                    {"check": {"sql": "0 < 1"}},
                    {"check": {"sql": "1 < 2"}}
                ],
                "indexes": [{"columns": ["price", {"sql": "lower(owner)"}], "unique": true}]
            }},
            {"create_index": {"table": "accounts", "columns": ["price"]}},
            {"by_dialect": {
                "postgres": [{"create_index": {"table": "accounts", "columns": ["owner"]}}],
                "sqlite": [{"create_index": {"table": "accounts", "columns": ["owner"]}}]
            }},
            {"create_check": {"table": "{columns}", "sql": "length(name) > 1"}}
        ])), @"
        0.create_table.columns.1.references: fk_accounts_owner
        0.create_table.constraints.1.unique: uq_accounts_owner_price
        0.create_table.constraints.3.check: ck_accounts_price
        0.create_table.constraints.4.check: ck_accounts
        0.create_table.constraints.5.check: ck_accounts_2
        0.create_table.indexes.0: ix_accounts_price_lower_owner
        1.create_index: ix_accounts_price
        2.by_dialect.postgres.0.create_index: ix_accounts_owner
        2.by_dialect.sqlite.0.create_index: ix_accounts_owner
        3.create_check: ck_{columns}_length
        ");
    }

    #[test]
    fn a_long_name_is_cut_and_stays_its_own() {
        let index = |column: String| serde_json::json!({"create_index": {"table": "a_table", "columns": [column]}});
        let long = "ä".repeat(40);
        let operations = serde_json::json!([index(long.clone() + "x"), index(long.clone() + "y")]);
        let operations: Vec<Operation> = serde_json::from_value(operations).unwrap();
        let names = Naming::default().names(&operations);
        assert_ne!(names[0].1, names[1].1);
        assert!(
            names.iter().all(|(_, name)| name.len() <= LONGEST && name.starts_with("ix_a_table_ä"))
        );
    }
}
