//! Checks the tree of a document against the schema of its type, with every problem at once. What
//! is not right is taken out of the tree, so that the rest can still be read.

use std::collections::HashSet;

use serde_json::Value as Schema;

use super::body;
use super::names::{check_word, may_be_number};
use super::problems::{Problems, nearest};
use super::yaml::{Node, Style, Value};
use crate::text::Dialect;

/// Checks a document; `what` is what problems call it.
pub(super) fn check(
    root: &mut Node,
    schema: &'static Schema,
    what: &str,
    problems: &mut Problems,
) -> bool {
    let line = root.line;
    Check { defs: &schema["$defs"], problems }.value(root, line, schema, what)
}

struct Check<'a> {
    defs: &'static Schema,
    problems: &'a mut Problems,
}

impl Check<'_> {
    /// Whether a value is right; `line` is that of its key.
    fn value(&mut self, node: &mut Node, line: usize, schema: &'static Schema, what: &str) -> bool {
        let schema = self.resolve(schema);
        if let Some(forms) = schema["oneOf"].as_array() {
            let words: Vec<&str> = forms.iter().filter_map(|form| form["const"].as_str()).collect();
            if !words.is_empty() {
                return self.problems.word(node, what, &words);
            }
            // A text, or else a map.
            let is_map = matches!(node.value, Value::Map(_));
            let form = if is_map { forms.last() } else { forms.first() };
            return form.is_some_and(|form| self.value(node, line, form, what));
        }
        match schema["type"].as_str() {
            Some("array") => self.list(node, schema, what),
            Some("object") if schema["properties"].is_object() => {
                self.fields(node, line, schema, what)
            }
            Some("object") => self.named(node, schema, what),
            _ => self.text(node, schema, what),
        }
    }

    fn resolve(&self, schema: &'static Schema) -> &'static Schema {
        let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
        name.map_or(schema, |name| &self.defs[name])
    }

    fn text(&mut self, node: &Node, schema: &Schema, what: &str) -> bool {
        let is_null = |text: &str| text == "null" || text == "~";
        if schema["type"].is_array()
            && matches!(&node.value, Value::Scalar(text, Style::Plain) if is_null(text))
        {
            return true;
        }
        let format = schema["format"].as_str().unwrap_or("");
        let text = match may_be_number(format) {
            true => self.problems.name(node, what),
            false => self.problems.text(node, what),
        };
        text.is_some_and(|text| self.word(text, node.line, format, what))
    }

    fn word(&mut self, text: &str, line: usize, format: &str, what: &str) -> bool {
        let checked = check_word(format, text, what);
        checked
            .map_err(|complaint| self.problems.at(line, complaint.message, complaint.hint))
            .is_ok()
    }

    fn list(&mut self, node: &mut Node, schema: &'static Schema, what: &str) -> bool {
        let Value::List(items) = &mut node.value else {
            let hint = "write [one, another]; [] is the empty list".to_owned();
            self.problems.at(node.line, format!("{what} must be a list"), Some(hint));
            return false;
        };
        if items.is_empty() && schema["minItems"].is_u64() {
            let message = match what {
                "revisions" => "revisions names no folder".to_owned(),
                "a hook" => "a hook has no command".to_owned(),
                _ => format!("{what} has no words"),
            };
            self.problems.at(node.line, message, None);
            return false;
        }
        let is_set = schema["uniqueItems"] == true;
        let inner = inside(what, "");
        let mut seen = HashSet::new();
        items.retain_mut(|item| {
            let is_right = self.value(item, item.line, &schema["items"], &inner);
            if let Value::Scalar(text, _) = &item.value
                && is_right
                && is_set
                && !seen.insert(text.clone())
            {
                self.problems.at(item.line, format!("{what} names {text} twice"), None);
                return false;
            }
            is_right
        });
        true
    }

    /// A map whose keys are known.
    fn fields(
        &mut self,
        node: &mut Node,
        line: usize,
        schema: &'static Schema,
        what: &str,
    ) -> bool {
        let Value::Map(entries) = &mut node.value else {
            self.problems.at(node.line, format!("{what} must be a map of keys and values"), None);
            return false;
        };
        self.problems.repeated(entries);
        let given: HashSet<String> =
            entries.iter().filter_map(|(key, _)| key.text().map(str::to_owned)).collect();
        let properties = &schema["properties"];
        let known = given.iter().filter(|key| properties.get(key.as_str()).is_some()).count();
        let is_unclear = schema["maxProperties"] == 1 && known != 1;
        entries.retain_mut(|(key, value)| {
            let Some(name) = key.text() else { return false };
            match properties.get(name) {
                None => {
                    let (message, hint) = unknown(name, properties, what);
                    self.problems.at(key.line, message, hint);
                    false
                }
                Some(_) if is_unclear => false,
                // Operations have words of their own.
                Some(_) if name == "up" && what == "the revision" => body::up(value, self.problems),
                Some(_) if name == "down" && what == "the revision" => {
                    body::down(value, self.problems)
                }
                // The words of a dialect are those of the map.
                Some(schema) if is_dialects(properties) => {
                    self.value(value, key.line, schema, what)
                }
                Some(schema) => self.value(value, key.line, schema, name),
            }
        });
        if is_unclear {
            let hint = "write a text, {file: …} or {command: […]}".to_owned();
            let message = format!("{what} needs either file or command");
            self.problems.at(node.line, message, Some(hint));
            return false;
        }
        let required = schema["required"].as_array().into_iter().flatten();
        let required: Vec<&str> = required.filter_map(Schema::as_str).collect();
        for key in required.iter().filter(|key| !given.contains(**key)) {
            let (message, hint) = missing(key, what);
            self.problems.at(line, message, hint.map(str::to_owned));
        }
        required.iter().all(|key| node.get(key).is_some())
    }

    /// A map whose keys are names.
    fn named(&mut self, node: &mut Node, schema: &'static Schema, what: &str) -> bool {
        let Value::Map(entries) = &mut node.value else {
            let message = format!("{what} must be a map of names and values");
            self.problems.at(node.line, message, None);
            return false;
        };
        self.problems.repeated(entries);
        let format = schema["propertyNames"]["format"].as_str().unwrap_or("");
        entries.retain_mut(|(key, value)| {
            let Some(name) = key.text() else { return false };
            self.word(name, key.line, format, what)
                && self.value(value, key.line, &schema["additionalProperties"], &inside(what, name))
        });
        true
    }
}

/// What problems call the values of a list or map.
fn inside(what: &str, name: &str) -> String {
    match what {
        "hooks" => "a hook".to_owned(),
        "tags" => format!("the tag {name}"),
        "databases" => format!("the database {name}"),
        _ => what.to_owned(),
    }
}

fn is_dialects(properties: &Schema) -> bool {
    properties.get("postgres").is_some()
}

/// What is said of a key that is not among the known ones.
fn unknown(name: &str, properties: &'static Schema, what: &str) -> (String, Option<String>) {
    if is_dialects(properties)
        && let Err(error) = name.parse::<Dialect>()
    {
        return (error.to_string(), near(name, Dialect::ALL.iter().map(|dialect| dialect.name())));
    }
    let known: Vec<&str> =
        properties.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    let hint = near(name, known.iter().copied())
        .unwrap_or_else(|| format!("the keys are {}", known.join(", ")));
    (format!("unknown key {name:?} in {what}"), Some(hint))
}

/// The hint that names the nearest word.
pub(super) fn near<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|near| format!("did you mean {near}?"))
}

/// What is said of a key that must be there.
fn missing(key: &str, what: &str) -> (String, Option<&'static str>) {
    match key {
        "databases" => {
            ("databases is missing".to_owned(), Some("write databases: {default: {url: …}}"))
        }
        "url" => (
            format!("{what} has no url"),
            Some("write url: followed by an address, such as sqlite://store.db"),
        ),
        "up" => ("up is missing".to_owned(), Some("`up: []` says that there is nothing to do")),
        "revision" if what == "replaces" => {
            ("replaces has an entry without revision".to_owned(), None)
        }
        _ => (
            MISSING_ID.to_owned(),
            Some("a revision begins with its header: revision, parents, message"),
        ),
    }
}

/// What is said of a header without an id.
pub(super) const MISSING_ID: &str = "the header has no revision";
