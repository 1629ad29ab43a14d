//! Checks the tree of a document against the schema of its type, with every problem at once. What
//! is not right is taken out of the tree, so that the rest can still be read.

use std::collections::HashSet;

use serde_json::Value as Schema;

use super::formats::{check_word, may_be_number};
use super::literal::{Literal, literal};
use super::place::Place;
use super::problems::{Problems, nearest};
use super::rules;
use super::yaml::{Node, Style, Value, in_quotes};
use crate::text::Dialect;

/// Checks a document; `what` is what problems call it.
pub(super) fn check(
    root: &mut Node,
    schema: &'static Schema,
    what: &str,
    problems: &mut Problems,
) -> bool {
    let place = root.place();
    let mut check =
        Check { defs: &schema["$defs"], problems, is_operation: false, is_by_dialect: false };
    check.value(root, schema, At { place, what, key: what, format: "" })
}

struct Check<'a> {
    defs: &'static Schema,
    problems: &'a mut Problems,
    /// Whether the value is a part of an operation.
    is_operation: bool,
    /// Whether the operations are those of one dialect.
    is_by_dialect: bool,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct At<'a> {
    /// The place of its key.
    place: Place,
    /// What problems call it.
    what: &'a str,
    /// Its key.
    key: &'a str,
    /// What is asked of a text, where what holds the value has said it.
    format: &'static str,
}

impl Check<'_> {
    /// Whether a value is right.
    fn value(&mut self, node: &mut Node, schema: &'static Schema, at: At<'_>) -> bool {
        let at = At { format: schema["format"].as_str().unwrap_or(at.format), ..at };
        let name = def(schema);
        let schema = name.map_or(schema, |name| &self.defs[name]);
        let at = At { format: schema["format"].as_str().unwrap_or(at.format), ..at };
        if let Some(text) = node.text()
            && self.is_operation
            && text.contains('\0')
        {
            let message =
                format!("{} contains the character U+0000, which no database accepts", at.what);
            self.problems.at(node.place(), message, None);
            return false;
        }
        if is_null(node) && self.takes(schema, node) {
            return true;
        }
        if let Some(forms) = forms(schema) {
            let words: Vec<&str> = forms.iter().filter_map(|form| form["const"].as_str()).collect();
            if words == ["irreversible"] && node.text() != Some("irreversible") {
                let hint = "omit it to have it derived, or write down: irreversible";
                let message = "down must be a list of operations, or the word irreversible";
                self.problems.at(node.place(), message, Some(hint.to_owned()));
                return false;
            }
            if !words.is_empty() {
                return self.problems.word(node, at.what, &words);
            }
            if forms.iter().all(|form| one_key(form).is_some()) {
                return self.one_key(node, forms, name.unwrap_or_default());
            }
            let exact = forms.iter().find(|form| self.takes(form, node) && is_exact(form, node));
            let form = exact.or_else(|| forms.iter().find(|form| self.takes(form, node)));
            let form = form.or(forms.first());
            return form.is_some_and(|form| self.value(node, form, at));
        }
        let is_right = match kind(schema) {
            Some("array") => self.list(node, schema, at),
            Some("object") if schema["properties"].is_object() => self.fields(node, schema, at),
            Some("object") => self.named(node, schema, at),
            Some("boolean") => self.boolean(node, at.what),
            Some("integer") => self.integer(node, schema, at.what),
            Some("string") if at.format == "sql" => self.sql(node, at),
            Some("string") if at.format != "literal" => self.text(node, at),
            _ if at.format == "literal" && !matches!(node.value, Value::Scalar(..)) => {
                let hint = "a literal; an expression is {sql: …}".to_owned();
                self.problems.at(node.place(), format!("{} must be a value", at.what), Some(hint));
                false
            }
            _ => self.anything(node, at.what),
        };
        // What is over a column or an expression says one of the two.
        let is_either = ["column", "sql"].iter().all(|key| !schema["properties"][*key].is_null());
        is_right && (!is_either || rules::either(node, at.what, ["column", "sql"], self.problems))
    }

    /// Whether a schema is about values of this kind, right or wrong.
    fn takes(&self, schema: &'static Schema, node: &Node) -> bool {
        let name = def(schema);
        let schema = name.map_or(schema, |name| &self.defs[name]);
        if let Some(forms) = forms(schema) {
            return forms.iter().any(|form| self.takes(form, node));
        }
        let is = |kind: &str| schema["type"] == kind || has(&schema["type"], kind);
        match &node.value {
            Value::Scalar(..) if is_null(node) => is("null"),
            Value::Scalar(..) => {
                schema["const"].is_string()
                    || ["string", "number", "integer", "boolean"].into_iter().any(is)
            }
            Value::List(_) => is("array"),
            Value::Map(_) => is("object"),
        }
    }

    fn text(&mut self, node: &Node, at: At<'_>) -> bool {
        let text = match may_be_number(at.format) {
            true => self.problems.name(node, at.what),
            false => self.problems.text(node, at.what),
        };
        let Some(text) = text else { return false };
        // One in quotes is meant: SQLite takes such names.
        let is_meant = matches!(node.value, Value::Scalar(_, style) if style != Style::Plain);
        let is_name = matches!(at.key, "name" | "table" | "column" | "to");
        if text.is_empty() && is_name && !is_meant {
            self.problems.at(node.place(), format!("{} is empty", at.what), None);
            return false;
        }
        self.word(text, node.place(), at.format, at.what)
    }

    fn word(&mut self, text: &str, place: Place, format: &str, what: &str) -> bool {
        let checked = check_word(format, text, what);
        checked
            .map_err(|complaint| self.problems.at(place, complaint.message, complaint.hint))
            .is_ok()
    }

    /// SQL: nothing that YAML may cut or join.
    fn sql(&mut self, node: &Node, at: At<'_>) -> bool {
        let block = format!("write `{}: |` and the SQL below it", at.key);
        let (message, hint) = match &node.value {
            Value::Scalar(_, Style::Literal | Style::Quoted) => return true,
            Value::Scalar(_, Style::Folded) => (
                "SQL must not be a `>` block: YAML joins its lines, and a comment would hide what \
                 follows it",
                "write `|` instead of `>`".to_owned(),
            ),
            Value::Scalar(text, Style::Plain) if !text.is_empty() => (
                "SQL must be a `|` block or in quotes: YAML cuts a text without them at the first \
                 ` #`",
                // What stands here may be cut already: it is not said again.
                format!("put all of it in quotes, as in `{}: \"…\"`, or {block}", at.key),
            ),
            _ => {
                let message = format!("{} must be a text of SQL", at.what);
                self.problems.at(node.place(), message, Some(block));
                return false;
            }
        };
        self.problems.at(node.place(), message, Some(hint));
        false
    }

    fn boolean(&mut self, node: &Node, what: &str) -> bool {
        let meant = match &node.value {
            Value::Scalar(text, Style::Plain) if text == "true" || text == "false" => return true,
            Value::Scalar(text, _) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "y" => Some("write true"),
                "false" | "no" | "off" | "n" => Some("write false"),
                _ => None,
            },
            _ => None,
        };
        let message = format!("{what} must be true or false");
        self.problems.at(node.place(), message, meant.map(str::to_owned));
        false
    }

    fn integer(&mut self, node: &Node, schema: &Schema, what: &str) -> bool {
        let (min, max) = match schema["format"].as_str() {
            Some("uint32") => (schema["minimum"].as_i64().unwrap_or(0), i64::from(u32::MAX)),
            Some("uint64") => (schema["minimum"].as_i64().unwrap_or(0), i64::MAX),
            _ => (i64::MIN, i64::MAX),
        };
        let text = node.text().unwrap_or("");
        let number = text.parse::<i64>().ok().filter(|number| number.to_string() == text);
        let is_quoted = !matches!(&node.value, Value::Scalar(_, Style::Plain));
        match number {
            Some(number) if is_quoted => {
                let hint = format!("write it without quotes: {number}");
                self.problems.at(
                    node.place(),
                    format!("{what} must be a whole number"),
                    Some(hint),
                );
            }
            Some(number) if number < min || number > max => {
                let message = match max {
                    i64::MAX => format!("{what} must be {min} or more"),
                    _ => format!("{what} must be a number from {min} to {max}"),
                };
                self.problems.at(node.place(), message, None);
            }
            Some(_) => return true,
            None => {
                let message = format!("{what} must be a whole number");
                self.problems.at(node.place(), message, None);
            }
        }
        false
    }

    /// A value of any kind, as far as all readers of YAML agree on it.
    fn anything(&mut self, node: &mut Node, what: &str) -> bool {
        match &mut node.value {
            Value::Scalar(text, Style::Plain) if text.is_empty() => {
                let hint = "write null, or \"\" for the empty text".to_owned();
                self.problems.at(node.place(), format!("{what} has no value"), Some(hint));
                false
            }
            Value::Scalar(text, Style::Plain) => match literal(text) {
                Ok(Literal::Text) if is_expression(text) => {
                    let message = format!("{what}: {text} without quotes looks like SQL");
                    let text = in_quotes(text);
                    let hint = format!("write {{sql: {text}}}, or the text in quotes: {text}");
                    self.problems.at(node.place(), message, Some(hint));
                    false
                }
                Ok(_) => true,
                Err(complaint) => {
                    let message = format!("{what}: {}", complaint.message);
                    self.problems.at(node.place(), message, complaint.hint);
                    false
                }
            },
            Value::Scalar(..) => true,
            Value::List(items) => {
                items.retain_mut(|item| self.anything(item, what));
                true
            }
            Value::Map(entries) => {
                self.problems.repeated(entries);
                entries.retain_mut(|(_, value)| self.anything(value, what));
                true
            }
        }
    }

    fn list(&mut self, node: &mut Node, schema: &'static Schema, at: At<'_>) -> bool {
        let what = at.what;
        let Value::List(items) = &mut node.value else {
            let hint = no_list(schema).to_owned();
            self.problems.at(node.place(), format!("{what} must be a list"), Some(hint));
            return false;
        };
        if items.is_empty() && schema["minItems"].is_u64() {
            let message = match what {
                "revisions" => "revisions names no folder".to_owned(),
                "a hook" => "a hook has no command".to_owned(),
                "command" => format!("{what} is empty"),
                _ => format!("{what} is empty"),
            };
            self.problems.at(node.place(), message, None);
            return false;
        }
        let is_set = schema["uniqueItems"] == true;
        let mut seen = HashSet::new();
        items.retain_mut(|item| {
            let inner = self.item(what, &schema["items"], item);
            let at = At { place: item.place(), what: &inner, key: &inner, format: "" };
            let is_right = self.value(item, &schema["items"], at);
            if let Value::Scalar(text, _) = &item.value
                && is_right
                && is_set
                && !seen.insert(text.clone())
            {
                self.problems.at(item.place(), format!("{what} names {text} twice"), None);
                return false;
            }
            is_right
        });
        true
    }

    /// What problems call an item of a list: by its name, where it has one.
    fn item(&self, list: &str, schema: &'static Schema, item: &Node) -> String {
        let map = forms(schema).and_then(|forms| forms.last()).unwrap_or(schema);
        match (list, def(map)) {
            ("replaces", _) | (_, None) => inside(list, ""),
            (_, Some(def)) => match item.get("name").and_then(Node::text) {
                Some(name) => format!("the {} {name}", noun(def)),
                None => a(&noun(def)),
            },
        }
    }

    /// A map of one key, which says of what kind the value is.
    fn one_key(&mut self, node: &mut Node, forms: &'static [Schema], name: &str) -> bool {
        let noun = noun(name);
        let known = |name: &str| {
            let mut kinds = forms.iter().filter_map(one_key);
            kinds.find(|(kind, _)| *kind == name)
        };
        let (place, word) = (node.place(), node.text().map(str::to_owned));
        let example = forms.iter().filter_map(one_key).next();
        let entries = match &mut node.value {
            Value::Map(entries) => entries.as_mut_slice(),
            _ => &mut [],
        };
        let [(key, value)] = entries else {
            let kinds = entries.iter().filter_map(|(key, _)| Some(known(key.text()?)?.0));
            let hint = match kinds.collect::<Vec<_>>().as_slice() {
                [kind] => format!("indent what belongs to {kind} further than its key"),
                [_, ..] => "write each behind a dash of its own".to_owned(),
                [] => {
                    let meant = word.and_then(|word| known(&word)).or(example);
                    meant.map_or(String::new(), |(kind, _)| format!("write `- {kind}: {{…}}`"))
                }
            };
            let message = format!("{} is one key with its value", a(&noun));
            self.problems.at(place, message, Some(hint));
            return false;
        };
        let name = key.text().unwrap_or("");
        let Some((kind, schema)) = known(name) else {
            let names: Vec<&str> = forms.iter().filter_map(one_key).map(|(kind, _)| kind).collect();
            let hint = near(name, names.iter().copied())
                .unwrap_or_else(|| format!("the {noun}s are {}", names.join(", ")));
            self.problems.at(key.place(), format!("unknown {noun} {name:?}"), Some(hint));
            return false;
        };
        let at = At { place: key.place(), what: kind, key: kind, format: "" };
        self.is_operation = true;
        if kind != "by_dialect" {
            return self.value(value, schema, at);
        }
        if self.is_by_dialect {
            let message = "by_dialect cannot stand in by_dialect";
            let hint = "write each dialect's operations side by side".to_owned();
            self.problems.at(key.place(), message, Some(hint));
            return false;
        }
        self.is_by_dialect = true;
        let is_right = self.value(value, schema, at);
        self.is_by_dialect = false;
        is_right
    }

    /// A map whose keys are known.
    fn fields(&mut self, node: &mut Node, schema: &'static Schema, at: At<'_>) -> bool {
        let what = at.what;
        let Value::Map(entries) = &mut node.value else {
            let first = schema["required"].as_array().and_then(|keys| keys.first()?.as_str());
            let hint = first.filter(|_| self.is_operation).zip(node.text());
            let hint = hint.map(|(key, text)| format!("write {}: {{{key}: {text}}}", at.key));
            self.problems.at(
                node.place(),
                format!("{what} must be a map of keys and values"),
                hint,
            );
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
            let inner = At { place: key.place(), what: name, key: name, format: "" };
            match properties.get(name) {
                None => {
                    let (message, hint) = self.unknown(name, properties, what);
                    self.problems.at(key.place(), message, hint);
                    false
                }
                Some(_) if is_unclear => false,
                // The words of a dialect are those of the map.
                Some(schema) if is_dialects(properties) => {
                    self.value(value, schema, At { what, format: at.format, ..inner })
                }
                Some(schema) => self.value(value, schema, inner),
            }
        });
        if is_unclear {
            let hint = "write a text, {file: …} or {command: […]}".to_owned();
            let message = format!("{what} needs either file or command");
            self.problems.at(node.place(), message, Some(hint));
            return false;
        }
        let required = schema["required"].as_array().into_iter().flatten();
        let required: Vec<&str> = required.filter_map(Schema::as_str).collect();
        for key in required.iter().filter(|key| !given.contains(**key)) {
            let (message, hint) = missing(key, what);
            self.problems.at(at.place, message, hint.map(str::to_owned));
        }
        required.iter().all(|key| node.get(key).is_some())
    }

    /// A map whose keys are names.
    fn named(&mut self, node: &mut Node, schema: &'static Schema, at: At<'_>) -> bool {
        let what = at.what;
        let Value::Map(entries) = &mut node.value else {
            let message = format!("{what} must be a map of names and values");
            self.problems.at(node.place(), message, None);
            return false;
        };
        self.problems.repeated(entries);
        let format = schema["propertyNames"]["format"].as_str().unwrap_or("");
        entries.retain_mut(|(key, value)| {
            let Some(name) = key.text() else { return false };
            let inner = inside(what, name);
            let at = At { place: key.place(), what: &inner, key: name, format: "" };
            self.word(name, key.place(), format, what)
                && self.value(value, &schema["additionalProperties"], at)
        });
        true
    }

    /// What is said of a key that is not among the known ones.
    fn unknown(
        &self,
        name: &str,
        properties: &'static Schema,
        what: &str,
    ) -> (String, Option<String>) {
        if is_dialects(properties)
            && let Err(error) = name.parse::<Dialect>()
        {
            let known = Dialect::ALL.iter().map(|dialect| dialect.name());
            return (error.to_string(), near(name, known));
        }
        let known = || properties.as_object().into_iter().flatten();
        let holds = |schema: &'static Schema| {
            def(schema).is_some_and(|def| self.defs[def]["properties"].get(name).is_some())
        };
        let keys: Vec<&str> = known().map(|(key, _)| key.as_str()).collect();
        let deeper = known().find(|(_, schema)| holds(schema)).map(|(key, _)| key);
        let hint = near(name, keys.iter().copied())
            .or_else(|| deeper.map(|key| format!("it belongs below {key}: {key}: {{{name}: …}}")))
            .unwrap_or_else(|| format!("the keys are {}", keys.join(", ")));
        (format!("unknown key {name:?} in {what}"), Some(hint))
    }
}

/// The name of the definition that a schema refers to.
fn def(schema: &'static Schema) -> Option<&'static str> {
    schema["$ref"].as_str()?.strip_prefix("#/$defs/")
}

/// The forms of which a value must have one.
fn forms(schema: &'static Schema) -> Option<&'static [Schema]> {
    schema["oneOf"].as_array().or(schema["anyOf"].as_array()).map(Vec::as_slice)
}

/// The key and the schema of its value, of a schema that asks for one key.
fn one_key(schema: &'static Schema) -> Option<(&'static str, &'static Schema)> {
    let properties = schema["properties"].as_object().filter(|keys| keys.len() == 1)?;
    let (key, value) = properties.iter().next()?;
    has(&schema["required"], key).then_some((key.as_str(), value))
}

fn has(list: &Schema, word: &str) -> bool {
    list.as_array().into_iter().flatten().any(|item| item == word)
}

/// The type that a schema asks for, null aside; none if it asks for several.
fn kind(schema: &Schema) -> Option<&str> {
    match &schema["type"] {
        Schema::String(kind) => Some(kind),
        Schema::Array(kinds) => {
            let mut kinds = kinds.iter().filter_map(Schema::as_str).filter(|kind| *kind != "null");
            let kind = kinds.next();
            kind.filter(|_| kinds.next().is_none())
        }
        _ => None,
    }
}

/// Whether a map has all the keys that a schema asks for; and no more, where it asks for one.
fn is_exact(schema: &'static Schema, node: &Node) -> bool {
    let required = schema["required"].as_array().into_iter().flatten();
    let mut required = required.filter_map(Schema::as_str);
    required.all(|key| node.get(key).is_some())
        && (one_key(schema).is_none()
            || matches!(&node.value, Value::Map(entries) if entries.len() == 1))
}

fn is_null(node: &Node) -> bool {
    matches!(&node.value, Value::Scalar(text, Style::Plain) if text == "null" || text == "~")
}

/// Whether a text looks like a call of a function, or is one of the words that SQL calls so.
fn is_expression(text: &str) -> bool {
    const WORDS: [&str; 6] = [
        "current_date",
        "current_time",
        "current_timestamp",
        "current_user",
        "localtime",
        "localtimestamp",
    ];
    let call = text.strip_suffix(')').and_then(|text| text.split_once('('));
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
    };
    call.is_some_and(|(name, _)| is_name(name))
        || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// What is to be done of what is no list.
fn no_list(schema: &Schema) -> &'static str {
    match schema["items"]["$ref"] == "#/$defs/Operation" {
        true => "write a list of operations, such as `- sql: |`",
        false => "write [one, another]; [] is the empty list",
    }
}

/// What problems call the values of a list or map.
fn inside(what: &str, name: &str) -> String {
    match what {
        "hooks" => "a hook".to_owned(),
        "tags" => format!("the tag {name}"),
        "databases" => format!("the database {name}"),
        "rows" if name.is_empty() => "a row".to_owned(),
        _ if name.is_empty() => what.to_owned(),
        _ => name.to_owned(),
    }
}

/// The words of a type's name: `foreign key` of `ForeignKey`.
fn noun(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

fn a(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}

fn is_dialects(properties: &Schema) -> bool {
    properties.get("postgres").is_some()
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
        "revision" => (
            MISSING_ID.to_owned(),
            Some("a revision begins with its header: revision, parents, message"),
        ),
        _ => (format!("{what} has no {key}"), None),
    }
}

/// What is said of a header without an id.
pub(super) const MISSING_ID: &str = "the header has no revision";
