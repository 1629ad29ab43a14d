//! The body of a YAML revision: its operations.

use super::problems::{Fields, Problems, nearest};
use super::yaml::{Node, Style, Value};
use crate::model::{Down, Operation, Sql, SqlSection};
use crate::text::Dialect;

/// The names of the operations.
pub(super) const OPERATIONS: &[&str] = &["sql"];

/// Reads `up` and `down`.
pub(super) fn read(
    fields: &Fields<'_>,
    transactional: bool,
    problems: &mut Problems,
) -> (Vec<Operation>, Down) {
    let up = match fields.get("up") {
        Some(node) => operations(node, "up", transactional, problems),
        None => {
            let hint = "`up: []` says that there is nothing to do".to_owned();
            problems.at(fields.line, "up is missing", Some(hint));
            Vec::new()
        }
    };
    let down = match fields.get("down") {
        None => Down::Derived,
        Some(node) => match &node.value {
            Value::Scalar(text, _) if text == "irreversible" => Down::Irreversible,
            Value::Scalar(..) => {
                let hint = "leave it out to have it derived, or write down: irreversible";
                let message = "down must be a list of operations, or the word irreversible";
                problems.at(node.line, message, Some(hint.to_owned()));
                Down::Derived
            }
            _ => Down::Operations(operations(node, "down", transactional, problems)),
        },
    };
    (up, down)
}

fn operations(
    node: &Node,
    what: &str,
    transactional: bool,
    problems: &mut Problems,
) -> Vec<Operation> {
    let Value::List(items) = &node.value else {
        let hint = "write a list of operations, such as `- sql: |`".to_owned();
        problems.at(node.line, format!("{what} must be a list"), Some(hint));
        return Vec::new();
    };
    items.iter().filter_map(|item| operation(item, transactional, problems)).collect()
}

fn operation(node: &Node, transactional: bool, problems: &mut Problems) -> Option<Operation> {
    let entry = match &node.value {
        Value::Map(entries) if entries.len() == 1 => entries.first(),
        _ => None,
    };
    let Some((key, value)) = entry else {
        let message = "an operation is one key with its value";
        problems.at(node.line, message, Some("write `- sql: |`".to_owned()));
        return None;
    };
    match &key.value {
        Value::Scalar(name, _) if name == "sql" => {
            sql(value, transactional, problems).map(Operation::Sql)
        }
        Value::Scalar(name, _) => {
            let hint = nearest(name, OPERATIONS.iter().copied()).map_or_else(
                || format!("the operations are {}", OPERATIONS.join(", ")),
                |near| format!("did you mean {near}?"),
            );
            problems.at(key.line, format!("unknown operation {name:?}"), Some(hint));
            None
        }
        _ => None,
    }
}

fn sql(node: &Node, transactional: bool, problems: &mut Problems) -> Option<Sql> {
    if !matches!(node.value, Value::Map(_)) {
        let section = section(node, None, transactional, problems)?;
        return Some(Sql { sections: vec![section] });
    }
    let mut sections = Vec::new();
    for (name, (line, node)) in problems.named(node, "sql") {
        match name.parse::<Dialect>() {
            Ok(dialect) => {
                sections.extend(section(node, Some(dialect), transactional, problems));
            }
            Err(error) => {
                let hint = nearest(name, Dialect::ALL.iter().map(|dialect| dialect.name()));
                let hint = hint.map(|near| format!("did you mean {near}?"));
                problems.at(line, error.to_string(), hint);
            }
        }
    }
    Some(Sql { sections })
}

fn section(
    node: &Node,
    dialect: Option<Dialect>,
    transactional: bool,
    problems: &mut Problems,
) -> Option<SqlSection> {
    let (text, line) = match &node.value {
        // A block's place is that of its first line with text: blank ones before it are its own.
        Value::Scalar(text, Style::Literal) => {
            let blank = text.bytes().take_while(|byte| *byte == b'\n').count();
            (text, node.line.saturating_sub(blank))
        }
        Value::Scalar(text, Style::Quoted) => (text, node.line),
        Value::Scalar(_, Style::Folded) => {
            let message = "SQL must not be a `>` block: YAML joins its lines, and a comment would \
                           hide what stands behind it";
            problems.at(node.line, message, Some("write `|` instead of `>`".to_owned()));
            return None;
        }
        Value::Scalar(text, Style::Plain) if !text.is_empty() => {
            let message = "SQL must be a `|` block or in quotes: YAML cuts a text without them at \
                           the first ` #`";
            problems.at(node.line, message, Some("write `sql: |` and the SQL below it".to_owned()));
            return None;
        }
        _ => {
            let message = "sql must be a text, or a map of texts by dialect";
            problems.at(node.line, message, Some("write `sql: |` and the SQL below it".to_owned()));
            return None;
        }
    };
    Some(SqlSection { dialect, text: text.clone(), line, transactional })
}
