//! The problems of a file, collected one by one, and the words that many of them share.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Problem;
use super::yaml::{Node, Plain, Style, Value, YamlError, plain};

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
    pub fn at(&mut self, line: usize, message: impl Into<String>, hint: Option<String>) {
        self.list.push(Problem {
            file: self.file.clone(),
            line: Some(line),
            message: message.into(),
            hint,
        });
    }

    /// Notes a problem of the file as a whole.
    pub fn whole(&mut self, message: impl Into<String>, hint: Option<String>) {
        self.list.push(Problem {
            file: self.file.clone(),
            line: None,
            message: message.into(),
            hint,
        });
    }

    /// Notes that the text is no YAML.
    pub fn yaml(&mut self, error: YamlError) {
        self.at(error.line, error.message, error.hint);
    }

    /// The entries of a map whose keys are known; unknown and repeated ones are noted.
    pub fn fields<'a>(
        &mut self,
        node: &'a Node,
        what: &str,
        known: &'static [&'static str],
    ) -> Option<Fields<'a>> {
        let Value::Map(entries) = &node.value else {
            self.at(node.line, format!("{what} must be a map of keys and values"), None);
            return None;
        };
        let mut fields = Fields { line: node.line, entries: Vec::new() };
        for (key, value) in self.keys(entries) {
            if known.contains(&key) {
                fields.entries.push((key, value));
            } else {
                let hint = nearest(key, known.iter().copied()).map_or_else(
                    || format!("the keys are {}", known.join(", ")),
                    |near| format!("did you mean {near}?"),
                );
                self.at(value.0, format!("unknown key {key:?} in {what}"), Some(hint));
            }
        }
        Some(fields)
    }

    /// The entries of a map whose keys are names; repeated ones are noted.
    pub fn named<'a>(&mut self, node: &'a Node, what: &str) -> Vec<(&'a str, (usize, &'a Node))> {
        match &node.value {
            Value::Map(entries) => self.keys(entries),
            _ => {
                self.at(node.line, format!("{what} must be a map of names and values"), None);
                Vec::new()
            }
        }
    }

    fn keys<'a>(&mut self, entries: &'a [(Node, Node)]) -> Vec<(&'a str, (usize, &'a Node))> {
        let mut kept: Vec<(&str, (usize, &Node))> = Vec::with_capacity(entries.len());
        let mut seen: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
        for (key, value) in entries {
            let Value::Scalar(name, _) = &key.value else { continue };
            match seen.entry(name) {
                Entry::Occupied(first) => {
                    let message =
                        format!("the key {name:?} is given twice, first on line {}", first.get());
                    self.at(key.line, message, None);
                }
                Entry::Vacant(place) => {
                    place.insert(key.line);
                    kept.push((name, (key.line, value)));
                }
            }
        }
        kept
    }

    /// A text. What YAML takes for something else must be quoted: nothing is guessed.
    pub fn text<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        match &node.value {
            Value::Scalar(text, Style::Plain) => match plain(text) {
                Plain::Text => Some(text),
                Plain::Null => {
                    let hint = "write a text; \"\" is the empty one".to_owned();
                    self.at(node.line, format!("{what} has no value"), Some(hint));
                    None
                }
                Plain::Bool | Plain::Number => self.not_text(node, what, text),
            },
            Value::Scalar(text, _) => Some(text),
            Value::List(_) | Value::Map(_) => {
                self.at(node.line, format!("{what} must be a text"), None);
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
        self.at(node.line, message, Some(format!("put it in quotes: \"{text}\"")));
        None
    }

    /// The items of a list.
    pub fn list<'a>(&mut self, node: &'a Node, what: &str) -> &'a [Node] {
        match &node.value {
            Value::List(items) => items,
            _ => {
                let hint = "write [one, another]; [] is the empty list".to_owned();
                self.at(node.line, format!("{what} must be a list"), Some(hint));
                &[]
            }
        }
    }

    /// One of a few words.
    pub fn word<T: Copy>(&mut self, node: &Node, what: &str, words: &[(&str, T)]) -> Option<T> {
        let text = match &node.value {
            Value::Scalar(text, _) => text.as_str(),
            _ => "",
        };
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let message = format!("{what} must be {}", one_of(&names));
            let hint = nearest(text, names).map(|near| format!("did you mean {near}?"));
            self.at(node.line, message, hint);
        }
        found
    }
}

/// The known entries of a map.
pub(super) struct Fields<'a> {
    /// The line that the map begins on.
    pub line: usize,
    entries: Vec<(&'a str, (usize, &'a Node))>,
}

impl<'a> Fields<'a> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(name, _)| *name == key).map(|(_, (_, value))| *value)
    }

    /// The line of a key.
    pub fn line_of(&self, key: &str) -> usize {
        let found = self.entries.iter().find(|(name, _)| *name == key);
        found.map_or(self.line, |(_, (line, _))| *line)
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// The candidate that differs least from a word, if it differs little.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = |candidate: &&str| {
        let longest = word.chars().count().max(candidate.chars().count());
        distance(word, candidate) * 3 <= longest.max(3)
    };
    candidates.into_iter().filter(near).min_by_key(|candidate| distance(word, candidate))
}

/// How many characters must be put in, taken out, exchanged, or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 64 {
        return usize::MAX / 4;
    }
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let replaced = last[j] + usize::from(a[i] != b[j]);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                let before: &Vec<usize> = &before;
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}
