//! The body of a YAML revision: its operations.

use super::check::near;
use super::problems::Problems;
use super::schema;
use super::yaml::{Node, Style, Value};
use crate::model::{ByDialect, Entry, Lines, Operation};
use crate::text::Dialect;

const LIST: &str = "write a list of operations, such as `- sql: |`";
const BLOCK: &str = "write `sql: |` and the SQL below it";

/// Whether the value of `up` is right.
pub(super) fn up(node: &mut Node, problems: &mut Problems) -> bool {
    let Value::List(items) = &mut node.value else {
        problems.at(node.line, "up must be a list", Some(LIST.to_owned()));
        return false;
    };
    items.retain_mut(|item| operation(item, problems));
    true
}

/// Whether the value of `down` is right.
pub(super) fn down(node: &mut Node, problems: &mut Problems) -> bool {
    match &mut node.value {
        Value::Scalar(text, _) if text == "irreversible" => true,
        Value::Scalar(..) => {
            let hint = "leave it out to have it derived, or write down: irreversible";
            let message = "down must be a list of operations, or the word irreversible";
            problems.at(node.line, message, Some(hint.to_owned()));
            false
        }
        Value::Map(_) => {
            problems.at(node.line, "down must be a list", Some(LIST.to_owned()));
            false
        }
        Value::List(items) => {
            items.retain_mut(|item| operation(item, problems));
            true
        }
    }
}

fn operation(node: &mut Node, problems: &mut Problems) -> bool {
    let entry = match &mut node.value {
        Value::Map(entries) if entries.len() == 1 => entries.first_mut(),
        _ => None,
    };
    let Some((key, value)) = entry else {
        let message = "an operation is one key with its value";
        problems.at(node.line, message, Some("write `- sql: |`".to_owned()));
        return false;
    };
    match key.text() {
        Some("sql") => sql(value, problems),
        Some(name) if schema::operations().contains(&name) => true,
        name => {
            let name = name.unwrap_or("");
            let known = schema::operations();
            let hint = near(name, known.iter().copied())
                .unwrap_or_else(|| format!("the operations are {}", known.join(", ")));
            problems.at(key.line, format!("unknown operation {name:?}"), Some(hint));
            false
        }
    }
}

fn sql(node: &mut Node, problems: &mut Problems) -> bool {
    let Value::Map(entries) = &mut node.value else { return is_sql(node, problems) };
    problems.repeated(entries);
    entries.retain(|(key, value)| {
        let name = key.text().unwrap_or("");
        match name.parse::<Dialect>() {
            Ok(_) => is_sql(value, problems),
            Err(error) => {
                let hint = near(name, Dialect::ALL.iter().map(|dialect| dialect.name()));
                problems.at(key.line, error.to_string(), hint);
                false
            }
        }
    });
    true
}

fn is_sql(node: &Node, problems: &mut Problems) -> bool {
    let (message, hint) = match &node.value {
        Value::Scalar(_, Style::Literal | Style::Quoted) => return true,
        Value::Scalar(_, Style::Folded) => (
            "SQL must not be a `>` block: YAML joins its lines, and a comment would hide what \
             stands behind it",
            "write `|` instead of `>`",
        ),
        Value::Scalar(text, Style::Plain) if !text.is_empty() => (
            "SQL must be a `|` block or in quotes: YAML cuts a text without them at the first ` #`",
            BLOCK,
        ),
        _ => ("sql must be a text, or a map of texts by dialect", BLOCK),
    };
    problems.at(node.line, message, Some(hint.to_owned()));
    false
}

/// The operations of a right body, with the places that its tree knows.
pub(super) fn operations(
    operations: Vec<Operation>,
    tree: Option<&Node>,
    transactional: bool,
) -> Vec<Entry> {
    let items = match tree.map(|tree| &tree.value) {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    let entry = |(mut operation, item): (Operation, &Node)| {
        place(&mut operation, item, transactional);
        let mut parts = Vec::new();
        lines(item, &mut String::new(), &mut parts);
        Entry { operation, lines: Lines::with(item.line, parts) }
    };
    operations.into_iter().zip(items).map(entry).collect()
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
