//! Options of a table that can change while it stays.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::TableOptions;
use crate::model::operation::footprint::{ObjectClass, Part, Touch};
use crate::model::operation::schema_change::SchemaChange;
use crate::model::operation::summary::{list, of};
use crate::model::operation::validate::Validation;
use crate::model::operation::{Irreversible, Operation, Rules, SchemaMismatch};
use crate::model::{Entries, Schema};
use crate::text::{Dialect, Effect};

/// Changes options of a table, which keeps its rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlterTableOptions {
    /// The table's schema.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The table.
    pub table: String,
    /// The new options. What is left out stays as it is.
    pub set: TableOptionsChange,
    /// The previous values of what changes, for the downgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<TableOptionsChange>,
}

/// Options of a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableOptionsChange {
    /// Storage parameters, such as fillfactor; `null`: the server's default (PostgreSQL).
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub with: Entries<Value>,
    /// The storage engine (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The character set of columns to come (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// The collation of columns to come (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
    /// The row format; `default`: the server's (MySQL, MariaDB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row_format: Option<String>,
}

/// The row format of a table of which nothing is said.
const DEFAULT_FORMAT: &str = "default";

impl TableOptionsChange {
    /// What leads from one to the other, and what leads back; `None`: a storage engine may not keep the
    /// rows.
    pub fn between(from: &TableOptions, to: &TableOptions) -> Option<(Self, Self)> {
        let mut there = TableOptionsChange::default();
        let mut back = TableOptionsChange::default();
        for (name, value) in
            to.with.iter().filter(|(name, value)| from.with.get(name) != Some(*value))
        {
            there.with.0.push((name.to_owned(), value.clone()));
            back.with.0.push((name.to_owned(), from.with.get(name).cloned().unwrap_or_default()));
        }
        for (name, value) in from.with.iter().filter(|(name, _)| to.with.get(name).is_none()) {
            there.with.0.push((name.to_owned(), Value::Null));
            back.with.0.push((name.to_owned(), value.clone()));
        }
        if from.engine != to.engine {
            there.engine = Some(keeps_rows(to.engine.as_ref()?)?);
            back.engine = Some(keeps_rows(from.engine.as_ref()?)?);
        }
        if (&from.charset, &from.collation) != (&to.charset, &to.collation) {
            (there.charset, there.collation) = (to.charset.clone(), to.collation.clone());
            (back.charset, back.collation) = (from.charset.clone(), from.collation.clone());
        }
        if from.row_format != to.row_format {
            let format = |options: &TableOptions| {
                options.row_format.clone().unwrap_or_else(|| DEFAULT_FORMAT.to_owned())
            };
            (there.row_format, back.row_format) = (Some(format(to)), Some(format(from)));
        }
        Some((there, back))
    }

    /// Changes the options of a table.
    pub fn apply(&self, options: &mut TableOptions) {
        let TableOptionsChange { with, engine, charset, collation, row_format } = self;
        let parameters = &mut options.with.0;
        for (name, value) in with.iter() {
            parameters.retain(|(known, _)| known != name);
            if !value.is_null() {
                parameters.push((name.to_owned(), value.clone()));
            }
        }
        for (new, known) in [
            (engine, &mut options.engine),
            (charset, &mut options.charset),
            (collation, &mut options.collation),
            (row_format, &mut options.row_format),
        ] {
            if new.is_some() {
                known.clone_from(new);
            }
        }
        options.row_format.take_if(|format| format.eq_ignore_ascii_case(DEFAULT_FORMAT));
    }

    /// Those options that another change has, too: what else was there stays as it is.
    fn of_the_same(self, other: &TableOptionsChange) -> Self {
        let TableOptionsChange { mut with, engine, charset, collation, row_format } = self;
        with.0.retain(|(name, _)| other.with.get(name).is_some());
        TableOptionsChange {
            with,
            engine: engine.filter(|_| other.engine.is_some()),
            charset: charset.filter(|_| other.charset.is_some()),
            collation: collation.filter(|_| other.collation.is_some()),
            row_format: row_format.filter(|_| other.row_format.is_some()),
        }
    }

    /// The names of what it sets.
    fn names(&self) -> Vec<String> {
        let TableOptionsChange { with, engine, charset, collation, row_format } = self;
        let mut names: Vec<String> = with.iter().map(|(name, _)| format!("with.{name}")).collect();
        for (name, is_set) in [
            ("engine", engine.is_some()),
            ("charset", charset.is_some()),
            ("collation", collation.is_some()),
            ("row_format", row_format.is_some()),
        ] {
            if is_set {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// A storage engine that keeps rows: those in the memory of the server and of a file format lose them,
/// or a part of what they are.
fn keeps_rows(engine: &str) -> Option<String> {
    const KEEPING: [&str; 3] = ["innodb", "myisam", "aria"];
    KEEPING.contains(&engine.to_ascii_lowercase().as_str()).then(|| engine.to_owned())
}

impl Rules for AlterTableOptions {
    fn reverse(&self) -> Result<Vec<Operation>, Irreversible> {
        let was = self.was.clone().unwrap_or_default().of_the_same(&self.set);
        let (set, known) = (self.set.names(), was.names());
        if let Some(missing) = set.iter().find(|name| !known.contains(name)) {
            let reason = format!("it needs `was:` with its {missing}");
            return Err(Irreversible::new(Self::KIND, &reason));
        }
        Ok(vec![Operation::AlterTableOptions(AlterTableOptions {
            set: was,
            was: Some(self.set.clone()),
            ..self.clone()
        })])
    }

    fn validate(&self, check: &mut Validation<'_>) {
        check.changes(!self.set.names().is_empty());
    }

    fn apply(&self, change: &mut SchemaChange<'_>) -> Result<(), SchemaMismatch> {
        if let Some(table) = change.table(self.schema.as_ref(), &self.table)? {
            self.set.apply(&mut table.definition.options);
        }
        Ok(())
    }

    fn effect(&self, _schema: &Schema, _dialect: Dialect) -> Effect {
        match &self.set.engine {
            Some(engine) if keeps_rows(engine).is_none() => Effect::Destructive,
            _ => Effect::Additive,
        }
    }

    fn touch(&self, touch: &mut Touch) {
        touch.on(self.schema.as_ref(), &self.table);
        touch.write(ObjectClass::Relation, self.schema.as_ref(), &self.table, Part::Options);
    }

    fn summary(&self) -> String {
        format!("{}: {}", of(self.schema.as_ref(), &self.table), list(&self.set.names()))
    }

    fn has_was(&self) -> bool {
        self.was.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(json: &str) -> TableOptions {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_change_leads_there_and_back() {
        for (from, to) in [
            (r#"{}"#, r#"{"with":{"fillfactor":70}}"#),
            (r#"{"with":{"a":1,"b":2}}"#, r#"{"with":{"b":3,"c":true}}"#),
            (r#"{"engine":"InnoDB"}"#, r#"{"engine":"MyISAM","row_format":"fixed"}"#),
            (
                r#"{"charset":"latin1","collation":"latin1_bin"}"#,
                r#"{"charset":"utf8mb4","collation":"utf8mb4_bin"}"#,
            ),
        ] {
            let (from, to) = (options(from), options(to));
            let (there, back) = TableOptionsChange::between(&from, &to).unwrap();
            let mut now = from.clone();
            there.apply(&mut now);
            assert!(TableOptionsChange::between(&now, &to).unwrap().0.names().is_empty());
            back.apply(&mut now);
            assert!(TableOptionsChange::between(&now, &from).unwrap().0.names().is_empty());
        }
    }

    #[test]
    fn an_engine_that_may_lose_rows_is_left() {
        let (from, to) = (options(r#"{"engine":"InnoDB"}"#), options(r#"{"engine":"BLACKHOLE"}"#));
        assert_eq!(TableOptionsChange::between(&from, &to), None);
    }

    #[test]
    fn it_needs_all_that_was() {
        let read = |json: &str| serde_json::from_str::<Operation>(json).unwrap();
        let alter = read(
            r#"{"alter_table_options":{"table":"t","set":{"with":{"fillfactor":70}},"was":{"with":{"fillfactor":null}}}}"#,
        );
        let back = alter.reverse().unwrap();
        assert_eq!(back[0].reverse().unwrap(), [alter]);
        let half = read(r#"{"alter_table_options":{"table":"t","set":{"engine":"Aria"}}}"#);
        let reason = half.reverse().unwrap_err().to_string();
        assert!(reason.contains("needs `was:` with its engine"), "{reason}");
    }
}
