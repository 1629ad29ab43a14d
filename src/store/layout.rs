//! Operations as the text of a list in YAML, laid out as a person would: what is one thing on one line
//! where it fits, SQL in blocks.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::literal::held;
use super::literal::{Plain, plain};
use super::yaml::{self};
use super::{Body, operations};
use crate::model::Operation;
use crate::text::Dialect;

/// As long as a line of several values may be, two columns aside by which a file puts it deeper.
const WIDTH: usize = 98;

/// The operations as a list in YAML, which is read back as exactly these.
pub fn operations_text(operations: &[Operation]) -> String {
    let mut text = String::new();
    for operation in operations {
        // An operation is plain JSON: it can always be written.
        let value = serde_json::to_value(operation).unwrap_or_default();
        let mut layout = Layout { sql: operation.sql_paths(), text };
        layout.operation(&value, "", 0);
        text = layout.text;
    }
    text
}

/// The body of a revision file: comments, `up`, and a `down` that is not left out.
pub(super) fn body_text(body: &Body) -> String {
    let mut text = String::new();
    for line in body.comments.iter().flat_map(|comment| comment.lines()) {
        let line: String = line.chars().map(|c| if is_strange(c) { ' ' } else { c }).collect();
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
    let lists = [("up", Some(&body.up)), ("down", body.down.as_ref())];
    for (key, operations) in lists.into_iter().filter_map(|(key, list)| Some((key, list?))) {
        if operations.is_empty() {
            text.push_str(&format!("{key}: []\n"));
        } else {
            let list = operations::indented(&operations_text(operations));
            text.push_str(&format!("{key}:\n{list}"));
        }
    }
    text
}

struct Layout {
    /// The paths of the texts that are SQL.
    sql: BTreeSet<String>,
    text: String,
}

impl Layout {
    /// An operation as an item of a list: its kind, and below it what it says.
    fn operation(&mut self, operation: &Value, path: &str, indent: usize) {
        let Some((kind, value)) = operation.as_object().and_then(|map| map.iter().next()) else {
            return;
        };
        let path = below(path, kind);
        self.begin(indent);
        self.text.push_str(&format!("- {kind}:"));
        match (kind.as_str(), value) {
            ("sql", Value::String(text)) => self.long(text, indent + 4),
            ("sql", Value::Object(each)) if !each.is_empty() => {
                self.text.push('\n');
                for (dialect, text) in each {
                    self.begin(indent + 4);
                    self.text.push_str(&format!("{dialect}:"));
                    self.long(text.as_str().unwrap_or_default(), indent + 6);
                }
            }
            ("by_dialect", Value::Object(each)) if !each.is_empty() => {
                self.text.push('\n');
                for (dialect, operations) in each {
                    self.begin(indent + 4);
                    self.text.push_str(&format!("{dialect}:"));
                    let operations = operations.as_array().map(Vec::as_slice).unwrap_or_default();
                    self.text.push_str(if operations.is_empty() { " []\n" } else { "\n" });
                    let path = below(&path, dialect);
                    for (at, operation) in operations.iter().enumerate() {
                        self.operation(operation, &below(&path, &at.to_string()), indent + 6);
                    }
                }
            }
            (_, Value::Object(map)) if !map.is_empty() => {
                self.text.push('\n');
                self.entries(map, &path, indent + 4);
            }
            (_, value) => {
                let flow = self.flow(value, &path);
                self.text.push_str(&format!(" {flow}\n"));
            }
        }
    }

    /// The entries of a map, each on a line of its own.
    fn entries(&mut self, map: &Map<String, Value>, path: &str, indent: usize) {
        for (at, (key, value)) in map.iter().enumerate() {
            // The first of an item of a list stands behind its dash.
            if at > 0 || !self.text.ends_with("- ") {
                self.begin(indent);
            }
            self.text.push_str(&format!("{}:", key_text(key)));
            self.value(value, &below(path, key), indent);
        }
    }

    /// A value behind its key.
    fn value(&mut self, value: &Value, path: &str, indent: usize) {
        if let Value::String(text) = value
            && (is_long(path) || text.contains('\n'))
        {
            return self.long(text, indent + 2);
        }
        let flow = self.flow(value, path);
        if !wants_lines(value, path) && self.fits(&flow) {
            self.text.push_str(&format!(" {flow}\n"));
            return;
        }
        match value {
            Value::Object(map) if !map.is_empty() => {
                self.text.push('\n');
                self.entries(map, path, indent + 2);
            }
            Value::Array(items) if !items.is_empty() => {
                self.text.push('\n');
                for (at, item) in items.iter().enumerate() {
                    self.item(item, &below(path, &at.to_string()), indent + 2);
                }
            }
            _ => self.text.push_str(&format!(" {flow}\n")),
        }
    }

    /// An item of a list.
    fn item(&mut self, item: &Value, path: &str, indent: usize) {
        self.begin(indent);
        self.text.push_str("- ");
        let flow = self.flow(item, path);
        match item {
            Value::Object(map)
                if is_one_key(map) || wants_lines(item, path) || !self.fits(&flow) =>
            {
                self.entries(map, path, indent + 2);
            }
            _ => self.text.push_str(&format!("{flow}\n")),
        }
    }

    /// A text of SQL behind its key, as a block where YAML can hold it in one.
    fn long(&mut self, text: &str, indent: usize) {
        let Some(mark) = block_mark(text) else {
            self.text.push_str(&format!(" {}\n", quoted(text)));
            return;
        };
        self.text.push_str(&format!(" {mark}\n"));
        for line in text.lines() {
            if !line.is_empty() {
                self.begin(indent);
                self.text.push_str(line);
            }
            self.text.push('\n');
        }
    }

    /// A value on one line.
    fn flow(&self, value: &Value, path: &str) -> String {
        match value {
            Value::Null => "null".to_owned(),
            Value::Bool(is) => is.to_string(),
            Value::Number(number) => match number.as_f64() {
                Some(float) if number.is_f64() => held(float),
                _ => number.to_string(),
            },
            Value::String(text) => match self.sql.contains(path) || !is_word(text, path) {
                true => quoted(text),
                false => text.clone(),
            },
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(at, item)| self.flow(item, &below(path, &at.to_string())));
                format!("[{}]", items.collect::<Vec<_>>().join(", "))
            }
            Value::Object(map) => {
                let entries = map.iter().map(|(key, value)| {
                    let value = self.flow(value, &below(path, key));
                    format!("{}: {value}", key_text(key))
                });
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn fits(&self, more: &str) -> bool {
        let line = self.text.rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1 + more.chars().count() <= WIDTH
    }

    fn begin(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A key as a file has it. `on`, which YAML 1.1 takes for a yes, is a word of the format.
fn key_text(key: &str) -> String {
    if key == "on" { key.to_owned() } else { yaml::in_place(key) }
}

/// The last key of a path that is no dialect's name.
fn key_of(path: &str) -> &str {
    let mut keys = path.rsplit('.');
    keys.find(|key| key.parse::<Dialect>().is_err()).unwrap_or_default()
}

/// Whether a text is SQL of some length, which is read best on lines of its own.
fn is_long(path: &str) -> bool {
    matches!(key_of(path), "query" | "body")
}

/// Whether a value is read best on several lines, whatever its length.
fn wants_lines(value: &Value, path: &str) -> bool {
    match value {
        Value::String(text) => is_long(path) || text.contains('\n'),
        Value::Array(items) => {
            let is_thing = |item: &Value| {
                item.as_object().is_some_and(|map| map.contains_key("name") || is_one_key(map))
            };
            key_of(path) == "rows"
                || items.iter().any(is_thing)
                || items.iter().any(|item| wants_lines(item, path))
        }
        Value::Object(map) => map.iter().any(|(key, value)| wants_lines(value, &below(path, key))),
        _ => false,
    }
}

/// Whether a map is a kind with what belongs to it, such as a constraint.
fn is_one_key(map: &Map<String, Value>) -> bool {
    let mut values = map.values();
    matches!((values.next(), values.next()), (Some(Value::Object(_)), None))
}

/// Whether a text needs no quotes, whoever reads it and wherever it stands.
fn is_word(text: &str, path: &str) -> bool {
    let is_type = key_of(path) == "type";
    let begins = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_plain = |c: char| {
        c.is_alphanumeric()
            || matches!(c, '_' | ' ' | '.' | '-')
            || is_type && matches!(c, '(' | ')')
    };
    // Such a word may be taken for SQL where a value stands.
    let is_sql = text.to_ascii_lowercase().starts_with("current_")
        || text.to_ascii_lowercase().starts_with("localtime");
    begins
        && !is_sql
        && !text.ends_with([' ', '-'])
        && !text.contains("- ")
        && text.chars().all(is_plain)
        && plain(text) == Plain::Text
}

/// Whether readers of YAML do not agree on a character.
fn is_strange(c: char) -> bool {
    c.is_control() || "\u{2028}\u{2029}\u{feff}".contains(c)
}

/// A text in quotes: in those that leave it as it is, where there are such.
fn quoted(text: &str) -> String {
    match text.contains(['"', '\\']) && !text.contains('\'') && !text.contains(is_strange) {
        true => format!("'{text}'"),
        false => yaml::in_quotes(text),
    }
}

/// How a block that holds exactly this text begins; `None`: no block does.
fn block_mark(text: &str) -> Option<&'static str> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let first = body.chars().next()?;
    let last = body.lines().last()?;
    let is_right = !first.is_whitespace()
        && !body.ends_with('\n')
        && !last.trim().is_empty()
        && !text.contains(|c| is_strange(c) && !matches!(c, '\n' | '\t'));
    is_right.then_some(if text.ends_with('\n') { "|" } else { "|-" })
}
