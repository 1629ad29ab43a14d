//! What must hold of the settings beyond the schema of their types. What does not hold is taken out of
//! the tree, so that the rest can still be read.

use super::problems::{Problems, one_of};
use super::yaml::{Node, Style, Value};

/// Checks the databases of `store.yaml`, and the sources of their desired schemas.
pub(super) fn databases(root: &mut Node, problems: &mut Problems) {
    let Some(Value::Map(databases)) = value_of(root, "databases") else { return };
    databases.retain_mut(|(name, database)| {
        if let Some(Value::List(sources)) = value_of(database, "schema") {
            sources.retain(|source| is_source(source, problems));
        }
        let what = format!("the database {}", name.text().unwrap_or_default());
        at_most_one(database, &what, ["labels", "lines"], problems)
    });
}

/// Whether a map has one of two keys at most.
pub(super) fn at_most_one(
    node: &Node,
    what: &str,
    [one, other]: [&str; 2],
    problems: &mut Problems,
) -> bool {
    if !(is_given(node, one) && is_given(node, other)) {
        return true;
    }
    let line = node.entry(other).map_or(node.line, |(key, _)| key.line);
    let message = format!("{what} has both {one} and {other}");
    problems.at(line, message, Some("remove one of them".to_owned()));
    false
}

/// Whether a map has just one of two keys.
pub(super) fn either(node: &Node, what: &str, keys: [&str; 2], problems: &mut Problems) -> bool {
    let [one, other] = keys;
    if !is_given(node, one) && !is_given(node, other) {
        problems.at(node.place(), format!("{what} has neither {one} nor {other}"), None);
        return false;
    }
    at_most_one(node, what, keys, problems)
}

/// Whether a desired schema comes from one place.
fn is_source(node: &Node, problems: &mut Problems) -> bool {
    const KEYS: [&str; 4] = ["file", "program", "database", "url"];
    let what = "a schema source";
    let given: Vec<&str> = KEYS.into_iter().filter(|key| is_given(node, key)).collect();
    let message = match given.as_slice() {
        [] => format!("{what} needs one of {}", one_of(&KEYS)),
        [_] if given != ["program"] && is_given(node, "timeout") => {
            "timeout is for a program".to_owned()
        }
        [_] => return true,
        [first, second, ..] => format!("{what} has both {first} and {second}"),
    };
    let hint = "such as {file: schema.sql} or {program: [python, print_ddl.py]}";
    problems.at(node.place(), message, Some(hint.to_owned()));
    false
}

/// Whether a key says something.
fn is_given(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|node| {
        !matches!(&node.value, Value::Scalar(text, Style::Plain)
            if matches!(text.as_str(), "null" | "~" | "false"))
    })
}

fn value_of<'n>(node: &'n mut Node, key: &str) -> Option<&'n mut Value> {
    let Value::Map(entries) = &mut node.value else { return None };
    let entry = entries.iter_mut().find(|(name, _)| name.text() == Some(key));
    entry.map(|(_, value)| &mut value.value)
}
