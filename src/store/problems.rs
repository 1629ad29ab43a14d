//! The problems of a file, collected one by one, and the words that many of them share.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

pub(super) use crate::text::{nearest, one_of};

use super::Problem;
use super::literal::{Plain, plain};
use super::place::Place;
use super::yaml::{self, Node, Style, Value, YamlError};

/// The problems found so far in one file.
#[derive(Debug, Default)]
pub(super) struct Problems {
    file: String,
    pub list: Vec<Problem>,
}

impl Problems {
    pub fn of(file: &str) -> Self {
        Problems { file: file.to_owned(), list: Vec::new() }
    }

    /// Notes a problem.
    pub fn at(
        &mut self,
        place: impl Into<Place>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.list.push(Problem::at(&self.file, Some(place.into()), message.into(), hint));
    }

    /// Notes a problem of the file as a whole.
    pub fn whole(&mut self, message: impl Into<String>, hint: Option<String>) {
        self.list.push(Problem::at(&self.file, None, message.into(), hint));
    }

    /// Notes that the text is no YAML.
    pub fn yaml(&mut self, error: YamlError) {
        self.at(error.place, error.message, error.hint);
    }

    /// The tree of a text; the inner `None` if there is nothing but comments.
    pub fn tree(&mut self, text: &str) -> Option<Option<Node>> {
        yaml::parse(text).map_err(|error| self.yaml(error)).ok()
    }

    /// The typed values of a text whose tree was checked. If that found problems, the values of
    /// what is right of it.
    pub fn typed<T: DeserializeOwned>(&mut self, text: &str, checked: &Node) -> Option<T> {
        match self.list.is_empty() {
            true => yaml::typed(text).map_err(|error| self.yaml(error)).ok(),
            false => yaml::typed_tree(checked),
        }
    }

    /// Takes repeated keys out of a map.
    pub fn repeated(&mut self, entries: &mut Vec<(Node, Node)>) {
        let mut seen: HashMap<String, usize> = HashMap::with_capacity(entries.len());
        entries.retain(|(key, _)| {
            let Some(name) = key.text() else { return true };
            match seen.get(name) {
                Some(first) => {
                    let message = format!("the key {name:?} is given twice, first on line {first}");
                    self.at(key.place(), message, None);
                    false
                }
                None => seen.insert(name.to_owned(), key.line).is_none(),
            }
        });
    }

    /// A text. What YAML takes for something else must be quoted: nothing is guessed.
    pub fn text<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        match &node.value {
            Value::Scalar(text, Style::Plain) => match plain(text) {
                Plain::Text => Some(text),
                Plain::Null => {
                    let hint = "write a text; \"\" is the empty one".to_owned();
                    self.at(node.place(), format!("{what} has no value"), Some(hint));
                    None
                }
                Plain::Bool | Plain::Number => self.not_text(node, what, text),
            },
            Value::Scalar(text, _) => Some(text),
            Value::List(_) | Value::Map(_) => {
                self.at(node.place(), format!("{what} must be a text"), None);
                None
            }
        }
    }

    /// A name: as a text, but the digits of a number stand for themselves, since no rounding can
    /// change what is written.
    pub fn name<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        match &node.value {
            Value::Scalar(text, Style::Plain) if plain(text) == Plain::Number => Some(text),
            _ => self.text(node, what),
        }
    }

    fn not_text<'a>(&mut self, node: &Node, what: &str, text: &str) -> Option<&'a str> {
        let taken = match plain(text) {
            Plain::Bool => "yes or no",
            _ => "a number",
        };
        let message = format!("{what} must be a text, but YAML takes {text} for {taken}");
        self.at(node.place(), message, Some(format!("put it in quotes: \"{text}\"")));
        None
    }

    /// Whether a node is one of a few words.
    pub fn word(&mut self, node: &Node, what: &str, words: &[&str]) -> bool {
        let text = node.text().unwrap_or("");
        if words.contains(&text) {
            return true;
        }
        let hint = nearest(text, words.iter().copied()).map(|near| format!("did you mean {near}?"));
        self.at(node.place(), format!("{what} must be {}", one_of(words)), hint);
        false
    }
}
