//! The body of a YAML revision: its operations.

use super::place::Place;
use super::problems::Problems;
use super::yaml::{self, Node, Style, Value};
use crate::model::operation::Invalid;
use crate::model::{ByDialect, Entry, Lines, Operation};

/// The operations of a right body, with the places that its tree knows.
pub(super) fn operations(
    operations: Vec<Operation>,
    tree: Option<&Node>,
    transactional: bool,
) -> Vec<Entry> {
    let entry = |(mut operation, item): (Operation, &Node)| {
        place(&mut operation, item, transactional);
        let mut parts = Vec::new();
        lines(item, &mut String::new(), &mut parts);
        Entry { operation, lines: Lines::with(item.line, parts) }
    };
    operations.into_iter().zip(items(tree)).map(entry).collect()
}

/// Notes what cannot be right about operations, each with the line of its part.
pub(super) fn validate(operations: &[Operation], tree: Option<&Node>, problems: &mut Problems) {
    for (operation, item) in operations.iter().zip(items(tree)) {
        validate_one(operation, item, problems);
    }
}

/// The same of those operations of a tree that can be read where others cannot.
pub(super) fn validate_readable(tree: Option<&Node>, problems: &mut Problems) {
    for item in items(tree) {
        if let Some(operation) = yaml::typed_tree::<Operation>(item) {
            validate_one(&operation, item, problems);
        }
    }
}

fn validate_one(operation: &Operation, item: &Node, problems: &mut Problems) {
    let Err(found) = operation.validate() else { return };
    let mut parts = Vec::new();
    lines(item, &mut String::new(), &mut parts);
    let lines = Lines::with(item.line, parts);
    for Invalid { mut message, hint, path, earlier } in found {
        if let Some((words, path)) = earlier {
            message = format!("{message}{words} on line {}", lines.of(&path));
        }
        let line = lines.of(&path);
        let place = part(item, &path).place();
        let place = if place.line == line { place } else { Place::from(line) };
        problems.at(place, message, hint);
    }
}

/// The key or the item at a path, or the nearest that holds it.
fn part<'a>(item: &'a Node, path: &str) -> &'a Node {
    let (mut found, mut node) = (item, item);
    for step in path.split('.') {
        let next = match &node.value {
            Value::List(items) => {
                step.parse().ok().and_then(|at: usize| items.get(at)).map(|item| (item, item))
            }
            Value::Map(_) => node.entry(step).map(|(key, value)| (key, value)),
            Value::Scalar(..) => None,
        };
        let Some(next) = next else { break };
        (found, node) = next;
    }
    found
}

fn items(tree: Option<&Node>) -> &[Node] {
    match tree.map(|tree| &tree.value) {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    }
}

/// Tells each SQL in an operation where it stands.
fn place(operation: &mut Operation, node: &Node, transactional: bool) {
    match operation {
        Operation::Sql(sql) => {
            let Some(node) = node.get("sql") else { return };
            for section in &mut sql.sections {
                let name = section.dialect.map(|dialect| dialect.name());
                let text = name.map_or(Some(node), |name| node.get(name));
                section.line = text.map_or(section.line, |text| first_line(text, &section.text));
                section.transactional = transactional;
            }
        }
        Operation::ByDialect(ByDialect::Each(each)) => {
            for (dialect, operations) in each {
                let items = node.get("by_dialect").and_then(|node| node.get(dialect.name()));
                let Some(Value::List(items)) = items.map(|node| &node.value) else { continue };
                for (operation, item) in operations.iter_mut().zip(items) {
                    place(operation, item, transactional);
                }
            }
        }
        _ => {}
    }
}

/// The line of a text's first character. The place of a block is that of its first line with text:
/// blank ones before it are its own.
fn first_line(node: &Node, text: &str) -> usize {
    let blank = match &node.value {
        Value::Scalar(_, Style::Literal) => text.bytes().take_while(|byte| *byte == b'\n').count(),
        _ => 0,
    };
    node.line.saturating_sub(blank)
}

/// The lines of the parts of an operation, by their path. Rows have one each: there may be many.
fn lines(node: &Node, path: &mut String, parts: &mut Vec<(String, usize)>) {
    let mut part = |name: &str, line: usize, value: &Node| {
        let length = path.len();
        if length > 0 {
            path.push('.');
        }
        path.push_str(name);
        parts.push((path.clone(), line));
        if !path.contains("bulk_insert.rows.") {
            lines(value, path, parts);
        }
        path.truncate(length);
    };
    match &node.value {
        Value::Scalar(..) => {}
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                part(&at.to_string(), item.line, item);
            }
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                part(key.text().unwrap_or(""), key.line, value);
            }
        }
    }
}
