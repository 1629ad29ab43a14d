//! The body of a YAML revision: its operations.

use super::check::near;
use super::document::{Entries, OneOf};
use super::problems::Problems;
use super::revision::{DialectName, OperationFile};
use super::schema;
use super::yaml::{Node, Style, Value};
use crate::model::{Entry, Operation, Sql, SqlSection};
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
    files: Vec<OperationFile>,
    tree: Option<&Node>,
    transactional: bool,
) -> Vec<Entry> {
    let items = match tree.map(|tree| &tree.value) {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    let places = items.iter().filter_map(|item| item.get("sql"));
    let sections = files.into_iter().zip(places).map(|(file, place)| match file.sql {
        OneOf::Word(text) => vec![section(text, None, place, transactional)],
        OneOf::Tree(texts) => by_dialect(texts, place, transactional),
    });
    let entry = |sections: Vec<SqlSection>| {
        let line = sections.first().map_or(1, |section| section.line);
        Entry::new(Operation::Sql(Sql { sections }), line)
    };
    sections.map(entry).collect()
}

fn by_dialect(
    texts: Entries<DialectName, String>,
    place: &Node,
    transactional: bool,
) -> Vec<SqlSection> {
    let Value::Map(places) = &place.value else { return Vec::new() };
    let sections = texts.0.into_iter().zip(places).map(|((dialect, text), (_, place))| {
        section(text, Some(dialect.into()), place, transactional)
    });
    sections.collect()
}

fn section(
    text: String,
    dialect: Option<Dialect>,
    place: &Node,
    transactional: bool,
) -> SqlSection {
    // A block's place is that of its first line with text: blank ones before it are its own.
    let blank = match &place.value {
        Value::Scalar(_, Style::Literal) => text.bytes().take_while(|byte| *byte == b'\n').count(),
        _ => 0,
    };
    SqlSection { dialect, text, line: place.line.saturating_sub(blank), transactional }
}
