//! Changes one value of `store.yaml` and leaves every other byte, comments included, as it is.

use super::CONFIG;
use super::problems::Problems;
use super::read_config;
use super::yaml::{self, Node, Value};
use crate::model::Id;

/// The text with a tag set, or removed where there are no revisions. `None` if the text is written
/// in a way that this cannot change safely.
pub(super) fn set_tag(text: &str, name: &str, revisions: &[Id]) -> Option<String> {
    let root = yaml::parse(text).ok()??;
    let Value::Map(entries) = &root.value else { return None };
    let patch = Patch { text, bytes: text.char_indices().map(|(byte, _)| byte).collect() };
    let ids = revisions.iter().map(|id| yaml::name(id.as_str()));
    let list = format!("[{}]", ids.collect::<Vec<_>>().join(", "));
    let entry = format!("{}: {list}", yaml::name(name));
    let tags = entries.iter().find(|(key, _)| is(key, "tags"));
    let changed = match tags {
        None if revisions.is_empty() => text.to_owned(),
        None => patch.append(&root, &entry),
        Some((key, tags)) => {
            let Value::Map(own) = &tags.value else { return None };
            let at = own.iter().position(|(key, _)| is(key, name));
            match at {
                None if revisions.is_empty() => text.to_owned(),
                None => patch.insert(tags, own, &entry),
                Some(at) if !revisions.is_empty() => {
                    let value = &own[at].1;
                    patch.splice(patch.byte(value.start), patch.end(value), &list)
                }
                Some(_) if own.len() == 1 && !patch.is_flow(tags) => {
                    patch.cut_lines(key, patch.end(tags))
                }
                Some(at) => patch.remove(tags, own, at),
            }
        }
    };
    is_only_change((&root, text), &changed, name, revisions).then_some(changed)
}

/// The text with the id of the store. `None` if the text is written in a way that this cannot change
/// safely.
pub(super) fn set_id(text: &str, id: &str) -> Option<String> {
    let root = yaml::parse(text).ok()??;
    let Value::Map(entries) = &root.value else { return None };
    let patch = Patch { text, bytes: text.char_indices().map(|(byte, _)| byte).collect() };
    let changed = match entries.iter().find(|(key, _)| is(key, "id")) {
        Some((_, value)) => {
            let id = yaml::name(id);
            patch.splice(patch.byte(value.start), patch.end(value), &id)
        }
        None => {
            let first = &entries.first()?.0;
            let at = patch.byte(first.start) - patch.indent(first).len();
            let line = format!("{}id: {}{}", patch.indent(first), yaml::name(id), patch.newline());
            patch.splice(at, at, &line)
        }
    };
    let after = yaml::parse(&changed).ok()??;
    let is_id = |node: &Node| matches!(&node.value, Value::Scalar(text, _) if text == id);
    let is_set = match &after.value {
        Value::Map(entries) => entries.iter().any(|(key, value)| is(key, "id") && is_id(value)),
        _ => false,
    };
    (is_set && is_same_without("id", &root, &after)).then_some(changed)
}

fn is(key: &Node, name: &str) -> bool {
    matches!(&key.value, Value::Scalar(text, _) if text == name)
}

/// A text to change, with the byte of each of its characters.
struct Patch<'a> {
    text: &'a str,
    bytes: Vec<usize>,
}

impl Patch<'_> {
    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.text.len())
    }

    fn splice(&self, start: usize, end: usize, new: &str) -> String {
        format!("{}{new}{}", &self.text[..start], &self.text[end..])
    }

    fn is_flow(&self, node: &Node) -> bool {
        self.text[self.byte(node.start)..].starts_with(['{', '['])
    }

    /// Where a value's own text ends.
    fn end(&self, node: &Node) -> usize {
        match &node.value {
            Value::List(items) if !self.is_flow(node) => {
                items.last().map_or(self.byte(node.end), |item| self.end(item))
            }
            Value::Map(entries) if !self.is_flow(node) => {
                entries.last().map_or(self.byte(node.end), |(_, value)| self.end(value))
            }
            _ => self.byte(node.end),
        }
    }

    fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// The white space before a key.
    fn indent(&self, key: &Node) -> &str {
        let start = self.byte(key.start);
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        &self.text[line..start]
    }

    /// A new map of tags, at the end of the file.
    fn append(&self, root: &Node, entry: &str) -> String {
        let newline = self.newline();
        let indent = match &root.value {
            Value::Map(entries) => entries.first().map_or("", |(key, _)| self.indent(key)),
            _ => "",
        };
        let gap = if self.text.ends_with('\n') { "" } else { newline };
        let text = self.text;
        format!("{text}{gap}{indent}tags:{newline}{indent}  {entry}{newline}")
    }

    /// A new tag, behind the last one.
    fn insert(&self, tags: &Node, own: &[(Node, Node)], entry: &str) -> String {
        match own.last() {
            None => self.splice(self.byte(tags.start) + 1, self.byte(tags.start) + 1, entry),
            Some((_, last)) if self.is_flow(tags) => {
                let end = self.end(last);
                self.splice(end, end, &format!(", {entry}"))
            }
            Some((key, last)) => {
                let end = self.end(last);
                let rest = &self.text[end..];
                let end = end + rest.find(['\r', '\n']).unwrap_or(rest.len());
                let line = format!("{}{}{entry}", self.newline(), self.indent(key));
                self.splice(end, end, &line)
            }
        }
    }

    /// Takes out one of several tags, or the only one between braces.
    fn remove(&self, tags: &Node, own: &[(Node, Node)], at: usize) -> String {
        let (key, value) = &own[at];
        if !self.is_flow(tags) {
            return self.cut_lines(key, self.end(value));
        }
        let (start, end) = match (at.checked_sub(1).map(|before| &own[before]), own.get(at + 1)) {
            (_, Some((next, _))) => (self.byte(key.start), self.byte(next.start)),
            (Some((_, before)), None) => (self.end(before), self.end(value)),
            (None, None) => (self.byte(key.start), self.end(value)),
        };
        self.splice(start, end, "")
    }

    /// Takes out the lines from a key to the end of its value.
    fn cut_lines(&self, key: &Node, end: usize) -> String {
        let start = self.byte(key.start) - self.indent(key).len();
        let rest = &self.text[end..];
        let end = end + rest.find('\n').map_or(rest.len(), |at| at + 1);
        self.splice(start, end, "")
    }
}

/// Whether the new text says what the old one did, but for the tag.
fn is_only_change((before, old): (&Node, &str), text: &str, name: &str, revisions: &[Id]) -> bool {
    let Ok(Some(after)) = yaml::parse(text) else { return false };
    let is_same = is_same_without("tags", before, &after);
    let mut problems = Problems::of(CONFIG);
    let (Some(old), Some(new)) =
        (read_config::read(old, &mut problems), read_config::read(text, &mut problems))
    else {
        return false;
    };
    let (mut old, new) = (old.tags.0, new.tags.0);
    let revisions: Vec<String> = revisions.iter().map(Id::to_string).collect();
    match old.iter_mut().find(|(tag, _)| tag == name) {
        Some((_, held)) => *held = revisions,
        None => old.push((name.to_owned(), revisions)),
    }
    old.retain(|(tag, revisions)| tag != name || !revisions.is_empty());
    is_same && problems.list.is_empty() && old == new
}

/// Whether two maps are the same but for one key.
fn is_same_without(name: &str, before: &Node, after: &Node) -> bool {
    let rest = |node: &Node| match &node.value {
        Value::Map(entries) => {
            entries.iter().filter(|(key, _)| !is(key, name)).cloned().collect::<Vec<_>>()
        }
        _ => Vec::new(),
    };
    let (held, kept) = (rest(before), rest(after));
    held.len() == kept.len()
        && held.iter().zip(&kept).all(|(a, b)| same(&a.0, &b.0) && same(&a.1, &b.1))
}

/// Whether two values are the same, wherever they stand.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.0, &b.0) && same(&a.1, &b.1))
        }
        (a, b) => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "# top\ndatabases: {default: {url: 'sqlite://ä.db'}} # why\n";

    fn set(tags: &str, name: &str, revisions: &[&str]) -> Option<String> {
        let text = format!("{BASE}{tags}# end\n");
        let revisions: Vec<Id> = revisions.iter().map(Id::from).collect();
        let changed = set_tag(&text, name, &revisions)?;
        let rest = changed.strip_prefix(BASE).expect("the rest is untouched");
        Some(rest.to_owned())
    }

    #[test]
    fn a_first_tag_makes_the_map() {
        assert_eq!(set("", "v1", &["a", "b"]).unwrap(), "# end\ntags:\n  v1: [a, b]\n");
        assert_eq!(
            set("tags: {} # none\n", "v1", &["a"]).unwrap(),
            "tags: {v1: [a]} # none\n# end\n"
        );
    }

    #[test]
    fn a_tag_is_put_behind_the_others() {
        let flow = set("tags: {v1: [a]} # all\n", "v2", &["b"]).unwrap();
        assert_eq!(flow, "tags: {v1: [a], v2: [b]} # all\n# end\n");
        let block = set("tags:\n    v1: [a]   # first\n", "v2", &["b"]).unwrap();
        assert_eq!(block, "tags:\n    v1: [a]   # first\n    v2: [b]\n# end\n");
        let list = set("tags:\n  v1:\n  - a # one\n", "v2", &["b"]).unwrap();
        assert_eq!(list, "tags:\n  v1:\n  - a # one\n  v2: [b]\n# end\n");
    }

    #[test]
    fn only_the_value_of_a_tag_changes() {
        let flow = set("tags: {v1: [a, c], v2: [b]}\n", "v1", &["z"]).unwrap();
        assert_eq!(flow, "tags: {v1: [z], v2: [b]}\n# end\n");
        let block = set("tags:\n  v1: [a] # kept\n  v2: [b]\n", "v1", &["z", "y0"]).unwrap();
        assert_eq!(block, "tags:\n  v1: [z, y0] # kept\n  v2: [b]\n# end\n");
        let list = set("tags:\n  v1:\n    - a\n    - b # gone\n  v2: [b]\n", "v1", &["z"]).unwrap();
        assert_eq!(list, "tags:\n  v1:\n    [z] # gone\n  v2: [b]\n# end\n");
    }

    #[test]
    fn a_tag_is_taken_out() {
        assert_eq!(
            set("tags: {v1: [a], v2: [b]}\n", "v1", &[]).unwrap(),
            "tags: {v2: [b]}\n# end\n"
        );
        assert_eq!(
            set("tags: {v1: [a], v2: [b]}\n", "v2", &[]).unwrap(),
            "tags: {v1: [a]}\n# end\n"
        );
        assert_eq!(set("tags: {v1: [a]}\n", "v1", &[]).unwrap(), "tags: {}\n# end\n");
        let block = set("tags:\n  v1: [a] # x\n  # y\n  v2:\n  - b\n", "v2", &[]).unwrap();
        assert_eq!(block, "tags:\n  v1: [a] # x\n  # y\n# end\n");
        assert_eq!(set("tags:\n  v1: [a]\n", "v1", &[]).unwrap(), "# end\n");
    }

    #[test]
    fn names_that_look_like_something_else_stay_names() {
        let tagged = set("", "1.2", &["a", "no", "0123"]).unwrap();
        assert_eq!(tagged, "# end\ntags:\n  \"1.2\": [a, \"no\", \"0123\"]\n");
    }

    #[test]
    fn an_id_is_written_first_or_in_its_place() {
        let id = "12e45678";
        assert_eq!(
            set_id(BASE, id).unwrap(),
            BASE.replace("databases", "id: \"12e45678\"\ndatabases")
        );
        let text = format!("{BASE}id: old # mine\n");
        assert_eq!(set_id(&text, "new-one1").unwrap(), format!("{BASE}id: new-one1 # mine\n"));
        assert_eq!(set_id("{databases: {a: {url: x}}}\n", id), None);
    }

    #[test]
    fn what_cannot_be_changed_safely_is_left() {
        assert_eq!(set_tag("{databases: {a: {url: x}}}\n", "v1", &[Id::from("a")]), None);
    }

    #[test]
    fn line_ends_are_kept() {
        let text = "databases: {a: {url: x}}\r\ntags:\r\n  v1: [a]\r\n";
        let changed = set_tag(text, "v2", &[Id::from("b")]).unwrap();
        assert_eq!(changed, format!("{text}  v2: [b]\r\n"));
    }
}
