//! A list of operations that is given for a new revision or as a desired schema: it is checked, and what
//! has no name in it gets one. For a revision its text goes into the new file otherwise as it is.

use super::check::check;
use super::problems::Problems;
use super::yaml::{self, Node, Style, Value};
use super::{Problem, body, schema};
use crate::model::{Entry, Naming, Operation};

/// The text of `up` in a new revision, from the text of its operations; `file` is what problems call
/// where they come from.
pub(super) fn up(text: &str, file: &str, naming: &Naming) -> Result<String, Vec<Problem>> {
    let mut problems = Problems::of(file);
    let up = named(text, naming, &mut problems);
    up.filter(|_| problems.list.is_empty()).ok_or(problems.list)
}

/// The operations of a desired schema, with their places in the text as it is.
pub(super) fn schema(text: &str, file: &str, naming: &Naming) -> Result<Vec<Entry>, Vec<Problem>> {
    let mut problems = Problems::of(file);
    let entries = creating(text, naming, &mut problems);
    entries.filter(|_| problems.list.is_empty()).ok_or(problems.list)
}

fn creating(text: &str, naming: &Naming, problems: &mut Problems) -> Option<Vec<Entry>> {
    let root = problems.tree(text)?.or_else(|| no_operations(problems))?;
    let mut right = root.clone();
    check(&mut right, &schema::OPERATIONS, "the schema", problems);
    if let Value::List(items) = &right.value {
        items.iter().for_each(|item| only_creates(item, problems));
    }
    let operations = validated(text, &right, problems)?;
    let names = naming.names(&operations);
    let named: Vec<Operation> = match names.is_empty() {
        true => operations,
        false => yaml::typed(&with_names(text, &root, &names)?)
            .map_err(|error| problems.yaml(error))
            .ok()?,
    };
    Some(body::operations(named, Some(&root), true))
}

/// The operations of a text whose tree was checked, if nothing is wrong with any of them.
fn validated(text: &str, tree: &Node, problems: &mut Problems) -> Option<Vec<Operation>> {
    if !problems.list.is_empty() {
        body::validate_readable(Some(tree), problems);
        return None;
    }
    let operations: Vec<Operation> = problems.typed(text, tree)?;
    body::validate(&operations, Some(tree), problems);
    problems.list.is_empty().then_some(operations)
}

/// Notes an operation that does not belong into a desired schema.
fn only_creates(item: &Node, problems: &mut Problems) {
    let Value::Map(entries) = &item.value else { return };
    for (key, value) in entries {
        match (key.text().unwrap_or_default(), &value.value) {
            ("by_dialect", Value::Map(each)) => {
                for (_, list) in each {
                    let Value::List(items) = &list.value else { continue };
                    items.iter().for_each(|item| only_creates(item, problems));
                }
            }
            ("comment" | "row_security" | "sql" | "by_dialect", _) => {}
            (kind, _) if kind.starts_with("create_") => {}
            (kind, _) => {
                let hint = "write what is there in the end, as create_* operations, comment, \
                            row_security and sql"
                    .to_owned();
                let message = format!("{kind}: a schema has only operations that create");
                problems.at(key.place(), message, Some(hint));
            }
        }
    }
}

fn no_operations<T>(problems: &mut Problems) -> Option<T> {
    let hint = "write a list of operations, such as `- create_table: {…}`".to_owned();
    problems.whole("there are no operations", Some(hint));
    None
}

fn named(text: &str, naming: &Naming, problems: &mut Problems) -> Option<String> {
    let root = problems.tree(text)?.or_else(|| no_operations(problems))?;
    let mut right = root.clone();
    check(&mut right, &schema::OPERATIONS, "up", problems);
    let operations = validated(text, &right, problems)?;
    let names = naming.names(&operations);
    let up = format!("up:\n{}", indented(&with_names(text, &root, &names)?));
    if !is_same(&root, &up, &names) {
        let hint = "name the constraints and indexes yourself, and begin no document with `---`";
        let message = "the operations are written in a way that cannot be put into a file safely";
        problems.whole(message, Some(hint.to_owned()));
        return None;
    }
    Some(up)
}

/// The node at a path.
fn at<'a>(root: &'a Node, path: &str) -> Option<&'a Node> {
    path.split('.').try_fold(root, |node, step| match &node.value {
        Value::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => node.get(step),
    })
}

/// The text with a name in each of these places, as the first key.
fn with_names(text: &str, root: &Node, names: &[(String, String)]) -> Option<String> {
    let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).collect();
    let byte = |character: usize| bytes.get(character).copied().unwrap_or(text.len());
    let mut changes: Vec<(usize, usize, String)> = Vec::new();
    for (path, name) in names {
        let name = yaml::in_place(name);
        let node = at(root, path)?;
        let Value::Map(entries) = &node.value else { return None };
        // `name: null` says that there is none.
        if let Some(said) = node.get("name") {
            let (start, end) = (byte(said.start), byte(said.end));
            let gap = if start == end { " " } else { "" };
            changes.push((start, end, format!("{gap}{name}")));
            continue;
        }
        let (first, _) = entries.first()?;
        let (start, key) = (byte(node.start), byte(first.start));
        let entry = match text[start..].starts_with('{') {
            true => format!("name: {name}, "),
            false => {
                let line = text[..key].rfind('\n').map_or(0, |at| at + 1);
                let newline = if text[..line].ends_with("\r\n") { "\r\n" } else { "\n" };
                format!("name: {name}{newline}{}", " ".repeat(text[line..key].chars().count()))
            }
        };
        changes.push((key, key, entry));
    }
    changes.sort();
    let mut changed = String::with_capacity(text.len());
    let mut end = 0;
    for (from, to, new) in changes {
        changed.push_str(text.get(end..from)?);
        changed.push_str(&new);
        end = to;
    }
    changed.push_str(&text[end..]);
    Some(changed)
}

/// The text one level deeper.
pub(super) fn indented(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.split_inclusive('\n') {
        if !line.trim_end_matches(['\r', '\n']).is_empty() {
            out.push_str("  ");
        }
        out.push_str(line);
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Whether the new text says what the old one did, but for the names.
fn is_same(before: &Node, up: &str, names: &[(String, String)]) -> bool {
    let Ok(Some(document)) = yaml::parse(up) else { return false };
    let Some(after) = document.get("up") else { return false };
    let is_named = |(path, name): &(String, String)| {
        at(after, path).and_then(|node| node.get("name")).and_then(Node::text) == Some(name)
    };
    let paths: Vec<&str> = names.iter().map(|(path, _)| path.as_str()).collect();
    names.iter().all(is_named) && same(before, after, "", &paths)
}

/// Whether two values are the same, wherever they stand, but for the names at these paths.
fn same(a: &Node, b: &Node, path: &str, named: &[&str]) -> bool {
    let below =
        |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match (&a.value, &b.value) {
        (Value::List(a), Value::List(b)) => {
            let mut pairs = a.iter().zip(b).enumerate();
            a.len() == b.len()
                && pairs.all(|(at, (a, b))| same(a, b, &below(&at.to_string()), named))
        }
        (Value::Map(a), Value::Map(b)) => {
            let is_new = |key: &Node| named.contains(&path) && key.text() == Some("name");
            let a: Vec<_> = a.iter().filter(|(key, _)| !is_new(key)).collect();
            let b: Vec<_> = b.iter().filter(|(key, _)| !is_new(key)).collect();
            let is_same = |((a_key, a), (b_key, b)): (&&(Node, Node), &&(Node, Node))| {
                a_key.value == b_key.value && same(a, b, &below(a_key.text().unwrap_or("")), named)
            };
            a.len() == b.len() && a.iter().zip(&b).all(is_same)
        }
        (Value::Scalar(a, style), Value::Scalar(b, other)) => {
            // The end of a last line is not said by a text that stops before it.
            let is_block = matches!(style, Style::Literal | Style::Folded);
            style == other && (a == b || is_block && a.trim_end() == b.trim_end())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        match up(text, "x", &Naming::default()) {
            Ok(up) => up,
            Err(problems) => format!("{problems:?}"),
        }
    }

    #[test]
    fn only_names_are_put_in() {
        insta::assert_snapshot!(written(
            "# why\n\
             - create_table:   # this one\n    \
                 name: t\n    \
                 columns: [{name: a, type: text},\n      \
                   {name: b, type: text, references: {table: u, column: x}}]\n    \
                 constraints:\n    \
                 - unique: {columns: [a]} # twice?\n    \
                 - unique:\n        \
                     # first\n        \
                     columns:\n        \
                     - b\n    \
                 - check: {name: null, sql: 'a > b'} # }\n    \
                 indexes:\n      \
                   - columns: [a]\n      \
                   - name: ~\n        \
                     columns: [b]\n\
             - sql: |\n    \
                 SELECT 1;\n\n      \
                   -- deeper\n\
             - {create_index: {table: no2, columns: [a]}}"
        ), @"
        up:
          # why
          - create_table:   # this one
              name: t
              columns: [{name: a, type: text},
                {name: b, type: text, references: {name: fk_t_b, table: u, column: x}}]
              constraints:
              - unique: {name: uq_t_a, columns: [a]} # twice?
              - unique:
                  # first
                  name: uq_t_b
                  columns:
                  - b
              - check: {name: ck_t_a_b, sql: 'a > b'} # }
              indexes:
                - name: ix_t_a
                  columns: [a]
                - name: ix_t_b
                  columns: [b]
          - sql: |
              SELECT 1;

                -- deeper
          - {create_index: {name: ix_no2_a, table: no2, columns: [a]}}
        ");
    }

    #[test]
    fn what_cannot_be_put_into_a_file_is_refused() {
        assert!(up("[]", "x", &Naming::default()).is_ok());
        assert!(up("# nothing", "x", &Naming::default()).is_err());
        assert!(up("---\n- sql: ''\n", "x", &Naming::default()).is_err());
        assert!(up("- sql: SELECT 1", "x", &Naming::default()).is_err());
        assert!(up("up: []", "x", &Naming::default()).is_err());
    }
}
