//! The one place that parses YAML: as a tree that knows its lines and how each scalar is written.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};
use serde::de::DeserializeOwned;
use serde_yaml::with::singleton_map_recursive;

use super::literal::Plain;
use super::literal::plain;
use super::literal::{Literal, literal};
use super::place::Place;

/// How deep lists and maps may stand in each other. The formats need six.
const MAX_DEPTH: usize = 32;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// The line it begins on, counted from 1.
    pub line: usize,
    /// The characters before it on that line.
    pub column: usize,
    /// Where it begins, in characters.
    pub start: usize,
    /// Where it ends, in characters; the end of a block list or map is where the next thing begins.
    pub end: usize,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A text, with the way it is written.
    Scalar(String, Style),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the file, repeated keys included.
    Map(Vec<(Node, Node)>),
}

/// The way a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes: YAML may take it for something else than text.
    Plain,
    /// In quotes of either kind.
    Quoted,
    /// A `|` block.
    Literal,
    /// A `>` block, whose lines YAML joins.
    Folded,
}

/// Why a text is no YAML that can be used.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct YamlError {
    pub place: Place,
    pub message: String,
    pub hint: Option<String>,
}

impl Node {
    /// Where it stands.
    pub fn place(&self) -> Place {
        let columns = Some((self.column, self.column + (self.end - self.start)));
        Place { line: self.line, columns }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The key and the value of an entry of a map.
    pub fn entry(&self, name: &str) -> Option<&(Node, Node)> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(key, _)| key.text() == Some(name)),
            _ => None,
        }
    }

    /// The value of an entry of a map.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, value)| value)
    }

    /// The place of a key in maps in maps.
    pub fn place_of(&self, path: &[&str]) -> Option<Place> {
        let (name, rest) = path.split_first()?;
        let (key, value) = self.entry(name)?;
        if rest.is_empty() { Some(key.place()) } else { value.place_of(rest) }
    }

    /// The line of a key in maps in maps.
    pub fn line_of(&self, path: &[&str]) -> Option<usize> {
        self.place_of(path).map(|place| place.line)
    }
}

/// The first character at which readers of YAML part ways, with its place: to some it breaks a line,
/// or is not allowed. A carriage return by itself is one of them.
fn disputed(text: &str) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    text.char_indices().find(|(at, c)| match c {
        '\r' => bytes.get(at + 1) != Some(&b'\n'),
        '\n' | '\t' => false,
        c => c.is_control() || "\u{2028}\u{2029}".contains(*c),
    })
}

/// The typed values of a document. An enum is a word, or a map of one key.
pub(super) fn typed<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    let document = serde_yaml::Deserializer::from_str(text);
    singleton_map_recursive::deserialize(document).map_err(|error: serde_yaml::Error| {
        let place = error.location().map_or(Place::from(1), |at| {
            let column = at.column().saturating_sub(1);
            Place { line: at.line().max(1), columns: Some((column, column + 1)) }
        });
        // The place stands beside the message.
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        YamlError { place, message, hint: None }
    })
}

/// The typed values of a tree, if it has all that the type needs.
pub(super) fn typed_tree<T: DeserializeOwned>(tree: &Node) -> Option<T> {
    // Names may be written as numbers: the digits stand for themselves.
    let typed = |numbers| singleton_map_recursive::deserialize(value(tree, numbers)).ok();
    typed(false).or_else(|| typed(true))
}

/// A tree as serde reads it; a number that is written without quotes as one, or as a text.
fn value(node: &Node, numbers: bool) -> serde_yaml::Value {
    match &node.value {
        Value::Scalar(text, Style::Plain) => match literal(text) {
            Ok(Literal::Bool(is)) => is.into(),
            Ok(Literal::Null) => serde_yaml::Value::Null,
            Ok(Literal::Integer(number)) if numbers => number.into(),
            Ok(Literal::Natural(number)) if numbers => number.into(),
            Ok(Literal::Float(number)) if numbers => number.into(),
            _ => text.as_str().into(),
        },
        Value::Scalar(text, _) => text.as_str().into(),
        Value::List(items) => items.iter().map(|item| value(item, numbers)).collect(),
        Value::Map(entries) => {
            let typed = |node: &Node| value(node, numbers);
            let entries = entries.iter().map(|(key, node)| (typed(key), typed(node)));
            serde_yaml::Value::Mapping(entries.collect())
        }
    }
}

/// Reads one document as a tree; `None` if there is nothing but comments.
pub(super) fn parse(text: &str) -> Result<Option<Node>, YamlError> {
    if let Some((at, c)) = disputed(text) {
        let code = u32::from(c);
        let message = format!("the character U+{code:04X} means different things to YAML parsers");
        let hint = format!("write it in double quotes, as \"\\u{code:04X}\"");
        let before = &text[..at];
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let line = 1 + before.matches('\n').count();
        return Err(error(
            Place { line, columns: Some((column, column + 1)) },
            message,
            Some(hint),
        ));
    }
    let mut tree = Tree { open: Vec::new(), root: None };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => tree.event(event, span)?,
            Err(cause) => {
                let at = place(cause.marker());
                return Err(match cause.info().starts_with("tabs disallowed") {
                    true => {
                        let hint = "indent with spaces".to_owned();
                        error(at, "a tab where YAML takes spaces only".to_owned(), Some(hint))
                    }
                    false => error(at, cause.info().to_owned(), None),
                });
            }
        }
    }
    Ok(tree.root)
}

/// A tree that is being built: the lists and maps that are still open.
struct Tree {
    open: Vec<Open>,
    root: Option<Node>,
}

/// A list or map that is still open, with the key that waits for its value.
struct Open {
    node: Node,
    key: Option<Node>,
}

impl Tree {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), YamlError> {
        let at = place(&span.start);
        match event {
            Event::Alias(_) => {
                return Err(error(
                    at,
                    "an alias (`*name`) is not supported here".to_owned(),
                    Some("write the value out".to_owned()),
                ));
            }
            Event::Scalar(text, style, anchor, tag) => {
                Self::plain_node(at, anchor, tag.is_some())?;
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                };
                let node = Self::node(span, Value::Scalar(text.into_owned(), style));
                self.close(node)?;
            }
            Event::SequenceStart(anchor, tag) => {
                Self::plain_node(at, anchor, tag.is_some())?;
                self.open(Self::node(span, Value::List(Vec::new())))?;
            }
            Event::MappingStart(anchor, tag) => {
                Self::plain_node(at, anchor, tag.is_some())?;
                self.open(Self::node(span, Value::Map(Vec::new())))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(Open { mut node, .. }) = self.open.pop() {
                    // The parser counts a comment behind a bracket to its span.
                    node.end = span.start.index() + usize::from(!span.is_empty());
                    self.close(node)?;
                }
            }
            Event::DocumentStart(_) if self.root.is_some() => {
                return Err(error(at, "a second document begins here".to_owned(), None));
            }
            Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::StreamStart
            | Event::StreamEnd
            | Event::Nothing => {}
        }
        Ok(())
    }

    fn node(span: Span, value: Value) -> Node {
        Node {
            line: span.start.line().max(1),
            column: span.start.col(),
            start: span.start.index(),
            end: span.end.index(),
            value,
        }
    }

    fn plain_node(at: Place, anchor: usize, tagged: bool) -> Result<(), YamlError> {
        let what = match (anchor, tagged) {
            (0, false) => return Ok(()),
            (_, true) => "a tag (`!name`)",
            (_, false) => "an anchor (`&name`)",
        };
        let hint = "write the value without it; a text that begins so belongs in quotes";
        Err(error(at, format!("{what} is not supported here"), Some(hint.to_owned())))
    }

    fn open(&mut self, node: Node) -> Result<(), YamlError> {
        if self.open.len() == MAX_DEPTH {
            return Err(error(
                node.place(),
                "lists and maps are nested too deeply here".to_owned(),
                None,
            ));
        }
        self.open.push(Open { node, key: None });
        Ok(())
    }

    fn close(&mut self, node: Node) -> Result<(), YamlError> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.value, open.key.take()) {
            (Value::Map(entries), Some(key)) => {
                // The place of what is not there is that of its key.
                let is_there = node.start != node.end;
                let (line, column) = match is_there {
                    true => (node.line, node.column),
                    false => (key.line, key.column),
                };
                entries.push((key, Node { line, column, ..node }));
            }
            (Value::Map(_), None) => {
                if !matches!(node.value, Value::Scalar(..)) {
                    let message = "a key must be a word".to_owned();
                    return Err(error(node.place(), message, None));
                }
                open.key = Some(node);
            }
            (Value::List(items), _) => items.push(node),
            (Value::Scalar(..), _) => {}
        }
        Ok(())
    }
}

/// The place of a character.
fn place(marker: &Marker) -> Place {
    Place { line: marker.line().max(1), columns: Some((marker.col(), marker.col() + 1)) }
}

fn error(place: Place, message: String, hint: Option<String>) -> YamlError {
    YamlError { place, message, hint }
}

/// `key: text` as a line (or several, for a text of several) that every YAML tool reads back.
pub(super) fn entry(key: &str, text: &str) -> String {
    let escaped = |c: char| (c.is_control() && c != '\n') || "\u{2028}\u{2029}\u{feff}".contains(c);
    if plain(text) == Plain::Text && !text.contains(escaped) {
        // Its quoting knows YAML 1.2 alone; the words of 1.1 are dealt with here.
        if let Ok(line) = serde_yaml::to_string(&BTreeMap::from([(key, text)])) {
            return line;
        }
    }
    format!("{key}: {}\n", in_quotes(text))
}

/// A name (of a safe alphabet), in quotes if YAML would take it for something else.
pub(super) fn name(name: &str) -> String {
    match plain(name) {
        Plain::Text => name.to_owned(),
        _ => in_quotes(name),
    }
}

/// A text as the value of a key, also between braces: bare if it is a plain word.
pub(super) fn in_place(text: &str) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_word { name(text) } else { in_quotes(text) }
}

/// A text in double quotes, by the escapes that YAML shares with JSON.
pub(super) fn in_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || "\u{2028}\u{2029}\u{feff}".contains(c) => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
