//! What must hold of operations beyond the schema of their types, on every dialect.

use std::collections::HashMap;

use super::check::near;
use super::problems::{Problems, one_of};
use super::yaml::{Node, Style, Value};

/// Whether the rules hold of a value whose type has this name and whose schema it fits.
pub(super) fn hold(name: &str, node: &Node, what: &str, problems: &mut Problems) -> bool {
    let mut rules = Rules { node, what, problems, hold: true };
    match name {
        "CreateTable" | "TableDefinition" => rules.table(),
        "TableOptions" => {
            rules.together("partition_of", "partition_bounds");
            rules.together("partition_bounds", "partition_of");
        }
        "Column" => {
            rules.at_most_one(&["default", "identity", "generated"]);
        }
        "AddColumn" | "ColumnBefore" => rules.at_most_one(&["after", "first"]),
        "AlterColumn" => {
            rules.at_most_one(&["after", "first"]);
            rules.changes(&["schema", "table", "column", "was"]);
        }
        "AlterDomain" | "AlterSequence" => rules.changes(&["schema", "name", "was"]),
        "AlterPolicy" => rules.changes(&["schema", "table", "name", "was"]),
        "RowSecurity" => rules.changes(&["schema", "table"]),
        // An index may be over one column in several ways.
        "Index" | "CreateIndex" => rules.filled("columns"),
        "PrimaryKey" | "CreatePrimaryKey" | "Unique" | "CreateUnique" => {
            rules.filled("columns");
            rules.distinct("columns");
        }
        "ForeignKey" | "CreateForeignKey" => rules.foreign_key(),
        "Exclude" | "CreateExclude" => rules.filled("elements"),
        "IndexColumn" | "ExcludeElement" => rules.either("column", "sql"),
        "DropConstraint" => rules.named_constraint(),
        "SetComment" => rules.commented(),
        "AddEnumValue" | "EnumPlace" => rules.at_most_one(&["before", "after"]),
        "CreateEnum" => rules.distinct("values"),
        "CreateTrigger" | "TriggerDefinition" => rules.trigger(),
        "Grant" => {
            rules.filled("privileges");
            rules.distinct("privileges");
        }
        "Database" => rules.at_most_one(&["labels", "lines"]),
        "SchemaSource" => rules.source(),
        "BulkInsert" => rules.rows(),
        "Program" => rules.filled("command"),
        "Backfill" => {
            rules.filled("key");
            rules.distinct("key");
            rules.filled("set");
            rules.counts("batch");
        }
        _ => {}
    }
    rules.hold
}

struct Rules<'a> {
    node: &'a Node,
    what: &'a str,
    problems: &'a mut Problems,
    hold: bool,
}

impl<'a> Rules<'a> {
    fn broken(&mut self, line: usize, message: String, hint: Option<&str>) {
        self.problems.at(line, message, hint.map(str::to_owned));
        self.hold = false;
    }

    /// The value of a key, where it says something.
    fn given(&self, key: &str) -> Option<&'a Node> {
        self.node.get(key).filter(|node| {
            !matches!(&node.value, Value::Scalar(text, Style::Plain)
                if matches!(text.as_str(), "null" | "~" | "false"))
        })
    }

    fn line(&self, key: &str) -> usize {
        self.node.entry(key).map_or(self.node.line, |(key, _)| key.line)
    }

    fn items(&self, key: &str) -> &'a [Node] {
        match self.node.get(key).map(|node| &node.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// A list or map that must not be empty.
    fn filled(&mut self, key: &str) {
        let is_empty = match self.node.get(key).map(|node| &node.value) {
            Some(Value::List(items)) => items.is_empty(),
            Some(Value::Map(entries)) => entries.is_empty(),
            _ => false,
        };
        if is_empty {
            let message = format!("the {key} of {} are empty", self.what);
            let message = match key {
                "command" | "set" | "key" => format!("{key} of {} is empty", self.what),
                _ => message,
            };
            self.broken(self.line(key), message, None);
        }
    }

    /// A list of texts, or of maps with a name, in which each stands once.
    fn distinct(&mut self, key: &str) {
        let named = |item: &'a Node| item.text().or_else(|| item.get("name").and_then(Node::text));
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for item in self.items(key) {
            let Some(name) = named(item) else { continue };
            match seen.get(name) {
                Some(first) => {
                    let message = match key {
                        "columns" => {
                            format!("the column {name} is given twice, first on line {first}")
                        }
                        _ => format!("{key} names {name} twice, first on line {first}"),
                    };
                    self.broken(item.line, message, None);
                }
                None => {
                    seen.insert(name, item.line);
                }
            }
        }
    }

    fn at_most_one(&mut self, keys: &[&str]) {
        let given: Vec<&str> =
            keys.iter().copied().filter(|key| self.given(key).is_some()).collect();
        if let [first, second, ..] = given.as_slice() {
            let message = format!("{} has both {first} and {second}", self.what);
            self.broken(self.line(second), message, Some("remove one of them"));
        }
    }

    fn either(&mut self, one: &str, other: &str) {
        if self.given(one).is_none() && self.given(other).is_none() {
            let message = format!("{} has neither {one} nor {other}", self.what);
            self.broken(self.node.line, message, None);
        }
        self.at_most_one(&[one, other]);
    }

    fn together(&mut self, key: &str, other: &str) {
        if self.given(key).is_some() && self.given(other).is_none() {
            let message = format!("{key} needs {other} beside it");
            let hint = "as in {partition_of: t, partition_bounds: \"FOR VALUES IN ('a')\"}";
            self.broken(self.line(key), message, Some(hint));
        }
    }

    /// Something beyond what says where the change is made.
    fn changes(&mut self, keys: &[&str]) {
        let Value::Map(entries) = &self.node.value else { return };
        if entries.iter().all(|(key, _)| key.text().is_none_or(|key| keys.contains(&key))) {
            self.broken(self.node.line, format!("{} changes nothing", self.what), None);
        }
    }

    fn counts(&mut self, key: &str) {
        if self.node.get(key).and_then(Node::text) == Some("0") {
            self.broken(self.line(key), format!("{key} must be 1 or more"), None);
        }
    }

    fn table(&mut self) {
        let options = self.node.get("options");
        let takes_columns = |key: &str| options.is_some_and(|options| options.get(key).is_some());
        if self.items("columns").is_empty()
            && !takes_columns("partition_of")
            && !takes_columns("inherits")
        {
            let message = format!("{} has no columns", self.what);
            let hint = "write columns: and one or more of `- {name: …, type: …}` below it";
            self.broken(self.line("columns"), message, Some(hint));
        }
        self.distinct("columns");
        let is_key =
            |column: &&Node| column.get("primary_key").and_then(Node::text) == Some("true");
        let keys = self.items("columns").iter().filter(is_key).map(|column| column.line);
        let constraints = self.items("constraints").iter();
        let constraints = constraints.filter_map(|item| item.entry("primary_key"));
        let keys: Vec<usize> = keys.chain(constraints.map(|(key, _)| key.line)).collect();
        if let [first, second, ..] = keys.as_slice() {
            let message = format!("{} has two primary keys, the first on line {first}", self.what);
            let hint =
                "a key of several columns is `- primary_key: {columns: [a, b]}` below constraints";
            self.broken(*second, message, Some(hint));
        }
    }

    fn foreign_key(&mut self) {
        self.filled("columns");
        self.distinct("columns");
        let referred = self.node.get("references").and_then(|node| node.get("columns"));
        let Some(Node { value: Value::List(referred), line, .. }) = referred else { return };
        let own = self.items("columns");
        if own.len() != referred.len() {
            let message = format!(
                "{} of {} column(s) refers to {} column(s)",
                self.what,
                own.len(),
                referred.len()
            );
            self.broken(*line, message, Some("name one column for each of the key's"));
        }
    }

    fn named_constraint(&mut self) {
        let kind = self.node.get("kind").and_then(Node::text);
        let is_told = self.given("name").is_some() || self.given("was").is_some();
        if kind != Some("primary_key") && !is_told {
            let message = format!("{} has no name", self.what);
            self.broken(
                self.node.line,
                message,
                Some("only a primary key, or what `was` tells, may go without one"),
            );
        }
    }

    fn commented(&mut self) {
        const INNER: [&str; 4] = ["column", "constraint", "trigger", "policy"];
        let on = self.node.get("on").and_then(Node::text).unwrap_or("");
        if INNER.contains(&on) && self.given("table").is_none() {
            let message = format!("{} on a {on} has no table", self.what);
            self.broken(self.line("on"), message, None);
        }
    }

    fn trigger(&mut self) {
        self.filled("events");
        self.distinct("events");
        let is_update = self.items("events").iter().any(|event| event.text() == Some("update"));
        if !self.items("update_of").is_empty() && !is_update {
            let message = "update_of without the event update".to_owned();
            self.broken(self.line("update_of"), message, Some("write it in events"));
        }
        if self.given("body").is_none() && self.given("execute").is_none() {
            let message = format!("{} has neither body nor execute", self.what);
            let hint = "body is what it does; execute is the function that PostgreSQL calls";
            self.broken(self.node.line, message, Some(hint));
        }
    }

    /// Where a desired schema comes from.
    fn source(&mut self) {
        const KEYS: [&str; 4] = ["file", "program", "database", "url"];
        let given: Vec<&str> = KEYS.into_iter().filter(|key| self.given(key).is_some()).collect();
        let message = match given.as_slice() {
            [] => format!("{} needs one of {}", self.what, one_of(&KEYS)),
            [_] if given != ["program"] && self.given("timeout").is_some() => {
                "timeout is for a program".to_owned()
            }
            [_] => return,
            [first, second, ..] => format!("{} has both {first} and {second}", self.what),
        };
        let hint = "such as {file: schema.sql} or {program: [python, print_ddl.py]}";
        self.broken(self.node.line, message, Some(hint));
    }

    fn rows(&mut self) {
        self.filled("columns");
        self.distinct("key");
        self.counts("batch");
        let Some(Value::Map(columns)) = self.node.get("columns").map(|node| &node.value) else {
            return;
        };
        let known: Vec<&str> = columns.iter().filter_map(|(key, _)| key.text()).collect();
        let rows = self.items("rows").iter().flat_map(|row| match &row.value {
            Value::Map(values) => values.as_slice(),
            _ => &[],
        });
        let named = rows.map(|(key, _)| key).chain(self.items("key"));
        let strange = named.filter(|key| !key.text().is_some_and(|key| known.contains(&key)));
        for key in strange.collect::<Vec<_>>() {
            let name = key.text().unwrap_or("");
            let hint = near(name, known.iter().copied()).unwrap_or_else(|| {
                format!("columns names {}", one_of(&known).replace(" or ", " and "))
            });
            self.broken(key.line, format!("unknown column {name:?} in {}", self.what), Some(&hint));
        }
    }
}
