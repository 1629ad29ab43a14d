//! What must hold of an operation by itself, on every dialect and whatever the schema.

use super::Operation;

/// Why an operation cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The part of the operation that is wrong, such as `create_table.columns.0`.
    pub path: String,
    /// The path of what it repeats, and the words before its line.
    pub earlier: Option<(&'static str, String)>,
}

impl Operation {
    /// Checks what must hold of the operation by itself.
    ///
    /// # Errors
    /// All that does not hold.
    pub fn validate(&self) -> Result<(), Vec<Invalid>> {
        let mut found = Vec::new();
        let (path, what) = (self.kind().to_owned(), self.kind().to_owned());
        self.rules().validate(&mut Validation { path, what, found: &mut found });
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

/// The check of an operation, or of a part of it.
pub(super) struct Validation<'f> {
    path: String,
    /// What problems call it.
    what: String,
    found: &'f mut Vec<Invalid>,
}

impl Validation<'_> {
    /// Checks a part; whether it is right. An empty key is that of a part whose fields are written beside
    /// those around it.
    pub(super) fn part(
        &mut self,
        key: &str,
        what: impl Into<String>,
        check: impl FnOnce(&mut Validation<'_>),
    ) -> bool {
        let before = self.found.len();
        let path = self.below(key);
        check(&mut Validation { path, what: what.into(), found: &mut *self.found });
        self.found.len() == before
    }

    pub(super) fn what(&self) -> &str {
        &self.what
    }

    fn below(&self, key: &str) -> String {
        if key.is_empty() { self.path.clone() } else { format!("{}.{key}", self.path) }
    }

    /// Notes what is wrong with the part at a key; an empty one is that of the whole.
    pub(super) fn wrong(&mut self, key: &str, message: String, hint: Option<&str>) {
        let (path, hint) = (self.below(key), hint.map(str::to_owned));
        self.found.push(Invalid { message, hint, path, earlier: None });
    }

    /// Notes that a part repeats another; the words stand before the line of that one.
    pub(super) fn repeated(
        &mut self,
        key: &str,
        message: String,
        hint: Option<&str>,
        (words, first): (&'static str, &str),
    ) {
        let earlier = Some((words, self.below(first)));
        let (path, hint) = (self.below(key), hint.map(str::to_owned));
        self.found.push(Invalid { message, hint, path, earlier });
    }

    /// A list or map that must not be empty.
    pub(super) fn filled(&mut self, key: &str, is_empty: bool) {
        if is_empty {
            let message = match key {
                "command" | "set" | "key" => format!("{key} of {} is empty", self.what),
                _ => format!("the {key} of {} are empty", self.what),
            };
            self.wrong(key, message, None);
        }
    }

    /// A list in which each stands once; of the items that are right come the place and the name.
    pub(super) fn distinct<'n>(
        &mut self,
        key: &str,
        names: impl IntoIterator<Item = (usize, &'n str)>,
    ) {
        let mut seen = std::collections::HashMap::new();
        for (at, name) in names {
            match seen.get(name) {
                Some(first) => {
                    let message = match key {
                        "columns" => format!("the column {name} is given twice"),
                        _ => format!("{key} names {name} twice"),
                    };
                    let (own, first) = (format!("{key}.{at}"), format!("{key}.{first}"));
                    self.repeated(&own, message, None, (", first", &first));
                }
                None => {
                    seen.insert(name, at);
                }
            }
        }
    }

    /// As [`Validation::distinct`], of texts.
    pub(super) fn distinct_texts(&mut self, key: &str, texts: &[String]) {
        self.distinct(key, texts.iter().map(String::as_str).enumerate());
    }

    /// Keys that exclude each other, and whether each is given.
    pub(super) fn at_most_one(&mut self, keys: &[(&str, bool)]) {
        let given: Vec<&str> = keys.iter().filter(|(_, is)| *is).map(|(key, _)| *key).collect();
        if let [first, second, ..] = given.as_slice() {
            let message = format!("{} has both {first} and {second}", self.what);
            self.wrong(second, message, Some("remove one of them"));
        }
    }

    /// Something beyond what says where the change is made.
    pub(super) fn changes(&mut self, is_change: bool) {
        if !is_change {
            self.wrong("", format!("{} changes nothing", self.what), None);
        }
    }

    /// A number of rows.
    pub(super) fn counts(&mut self, key: &str, number: Option<u32>) {
        if number == Some(0) {
            self.wrong(key, format!("{key} must be 1 or more"), None);
        }
    }
}
