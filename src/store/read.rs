//! Reads a revision file: its header alone, or whole.

use std::borrow::Cow;

use super::check::{MISSING_ID, check};
use super::document::OneOf;
use super::files::{Files, check_text, format, text};
use super::problems::Problems;
use super::revision::{Irreversible, RevisionFile};
use super::yaml::Node;
use super::{Format, Problem, body, header, schema, sections, yaml};
use crate::model::{Down, Entry, Header, Operation, Revision};

/// Reads the header of a file, and no more of the file than that takes.
pub(super) fn header_of(
    files: &Files,
    file: &str,
    buffer: &mut Vec<u8>,
) -> (Option<Header>, Vec<Problem>) {
    let mut problems = Problems::of(file);
    let header = read_header(files, file, buffer, &mut problems);
    (header, problems.list)
}

fn read_header(
    files: &Files,
    file: &str,
    buffer: &mut Vec<u8>,
    problems: &mut Problems,
) -> Option<Header> {
    let format = format(file)?;
    let end = match format {
        Format::Yaml => header::yaml_end,
        Format::Sql => header::sql_end,
    };
    let (begin, mut is_whole) = match files.begin(file, buffer) {
        Ok(begin) => begin,
        Err(error) => {
            problems.whole(format!("cannot be read: {error}"), None);
            return None;
        }
    };
    let mut bytes = Cow::Borrowed(begin);
    let mut cut = end(after_mark(&bytes));
    if cut.is_none() && !is_whole {
        bytes = Cow::Owned(read(files, file, problems)?);
        is_whole = true;
        cut = end(after_mark(&bytes));
    }
    let text = after_mark(&bytes);
    let head = &text[..cut.unwrap_or(text.len())];
    match format {
        Format::Sql => {
            let mut own = Problems::of(file);
            let text = check_text(head, &mut own);
            let header = text.and_then(|head| header::read(&header::uncomment(head), &mut own));
            if !own.list.is_empty() {
                // What is wrong with the file as a whole, such as a merge conflict, explains it.
                let mut all = Problems::of(file);
                check_text(&read(files, file, problems)?, &mut all);
                own = if all.list.is_empty() { own } else { all };
            }
            problems.list.extend(own.list);
            header
        }
        Format::Yaml => {
            let mut own = Problems::of(file);
            let mut header = None;
            if cut.is_some() {
                header = check_text(head, &mut own).and_then(|head| header::read(head, &mut own));
                if own.list.is_empty() {
                    return header;
                }
            }
            // The header may stand behind the body, or the body's keys be written in another way.
            if !is_whole {
                bytes = Cow::Owned(read(files, file, problems)?);
            }
            let mut all = Problems::of(file);
            let found = check_text(&bytes, &mut all).and_then(|text| yaml_whole(text, &mut all));
            let is_right = all.list.is_empty();
            let said = if is_right || own.list.iter().all(is_missing) { all } else { own };
            problems.list.extend(said.list);
            found.map(|(header, _)| header).or(header)
        }
    }
}

fn is_missing(problem: &Problem) -> bool {
    problem.message == MISSING_ID
}

fn after_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn read(files: &Files, file: &str, problems: &mut Problems) -> Option<Vec<u8>> {
    match files.read(file) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            problems.whole(format!("cannot be read: {error}"), None);
            None
        }
    }
}

/// The header of a file as a tree, for the lines of its values; of a file with a header that has
/// been read without a problem.
pub(super) fn header_tree(files: &Files, file: &str) -> Option<yaml::Node> {
    let text = text(files.read(file).ok()?, &mut Problems::of(file))?;
    match format(file)? {
        Format::Sql => {
            let end = header::sql_end(text.as_bytes()).unwrap_or(text.len());
            yaml::parse(&header::uncomment(&text[..end])).ok()?
        }
        Format::Yaml => {
            let end = header::yaml_end(text.as_bytes()).unwrap_or(text.len());
            yaml::parse(&text).or_else(|_| yaml::parse(&text[..end])).ok()?
        }
    }
}

/// Reads a file whole.
pub(super) fn revision(files: &Files, file: &str) -> Result<Revision, Vec<Problem>> {
    let mut problems = Problems::of(file);
    let bytes = read(files, file, &mut problems);
    let revision = bytes.and_then(|bytes| whole(file, bytes, &mut problems));
    all_right(revision, problems)
}

/// Reads the text of a file that is not here.
pub(super) fn revision_of_text(file: &str, text: Vec<u8>) -> Result<Revision, Vec<Problem>> {
    let mut problems = Problems::of(file);
    let revision = whole(file, text, &mut problems);
    all_right(revision, problems)
}

fn all_right(revision: Option<Revision>, problems: Problems) -> Result<Revision, Vec<Problem>> {
    match revision {
        Some(revision) if problems.list.is_empty() => Ok(revision),
        _ => Err(problems.list),
    }
}

fn whole(file: &str, bytes: Vec<u8>, problems: &mut Problems) -> Option<Revision> {
    let text = text(bytes, problems)?;
    let (header, (up, down)) = match format(file)? {
        Format::Sql => {
            // How a checkout ends its lines is no part of what a revision says.
            let text = text.replace("\r\n", "\n");
            let end = header::sql_end(text.as_bytes()).unwrap_or(text.len());
            let header = header::read(&header::uncomment(&text[..end]), problems);
            let transactional = header.as_ref().is_none_or(|header| header.transactional);
            (header, sections::read(&text, end, transactional, problems))
        }
        Format::Yaml => {
            let (header, body) = yaml_whole(&text, problems)?;
            (Some(header), body)
        }
    };
    Some(Revision { header: header?, up, down, file: file.to_owned(), text })
}

pub(super) fn yaml_whole(text: &str, problems: &mut Problems) -> Option<(Header, Body)> {
    let Some(mut root) = problems.tree(text)? else {
        problems.whole("the file is empty", None);
        return None;
    };
    header_first(&root, problems);
    check(&mut root, &schema::REVISION, "the revision", problems);
    let is_right = problems.list.is_empty();
    if !is_right {
        body::validate_readable(root.get("up"), problems);
        body::validate_readable(root.get("down"), problems);
    }
    let mut file: RevisionFile = problems.typed(text, &root)?;
    let (up, down) = (std::mem::take(&mut file.up), file.down.take());
    let header = header::header(file);
    let mut operations = |files: Vec<Operation>, key| {
        if is_right {
            body::validate(&files, root.get(key), problems);
        }
        body::operations(files, root.get(key), header.transactional)
    };
    let down = match down {
        None => Down::Derived,
        Some(OneOf::Word(Irreversible::Irreversible)) => Down::Irreversible,
        Some(OneOf::Tree(files)) => Down::Operations(operations(files, "down")),
    };
    let body = (operations(up, "up"), down);
    Some((header, body))
}

pub(super) type Body = (Vec<Entry>, Down);

/// Commands about the graph read as far as `up` only, once they have seen the id: what stands
/// behind it would be there for some commands and not for others.
fn header_first(root: &Node, problems: &mut Problems) {
    let line_of = |key: &str| root.line_of(&[key]);
    let Some(body) = ["up", "down"].into_iter().filter_map(line_of).min() else { return };
    if line_of("revision").is_none_or(|line| line > body) {
        return;
    }
    for key in schema::header_keys() {
        if let Some(place) = root.place_of(&[key]).filter(|place| place.line > body) {
            let hint = "move it up, to the other keys of the header".to_owned();
            problems.at(place, format!("{key} comes after the body"), Some(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A line of a revision, in places where it belongs and where it does not.
    fn line() -> impl Strategy<Value = String> {
        let lines = vec![
            "revision: a1",
            "\"revision\": a1",
            "revision: |",
            "  a1",
            "parents: [b1]",
            "parents:",
            "  - b1",
            "- b1",
            "message: x",
            "message: |",
            "message: \"x",
            "message: x \"",
            "  up: y",
            "up: []",
            "up:",
            "\"up\": []",
            "up : []",
            "  - sql: |",
            "      SELECT 1;",
            "      up: x",
            "down: irreversible",
            "down: []",
            "labels: [l]",
            "# up: []",
            "",
            "---",
            "...",
            "{revision: a1,",
            "up: []}",
            "'",
            "\"",
            "]",
            "  y",
            "transaction: none",
        ];
        let sql = vec![
            "-- revision: a1",
            "-- message: |",
            "--   x",
            "--   rev: up",
            "--rev: up",
            "-- rev: up",
            "-- rev: down",
            "--  rev: down",
            "-- rev: irreversible",
            "--",
            "-- labels: [l]",
            "SELECT 1;",
            "-- x",
            "/* x */",
        ];
        let all: Vec<&str> = lines.into_iter().chain(sql).collect();
        proptest::sample::select(all).prop_map(str::to_owned)
    }

    fn file(lines: &[String], end: &str, form: &str) -> (tempfile::TempDir, String, Files) {
        let folder = tempfile::tempdir().unwrap();
        let name = format!("a.{form}");
        std::fs::write(folder.path().join(&name), lines.join(end) + end).unwrap();
        let files = Files::Disk(folder.path().to_owned());
        (folder, name, files)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]

        #[test]
        fn the_header_alone_is_that_of_the_whole(
            mut lines in proptest::collection::vec(line(), 0..8),
            first in any::<bool>(),
            form in proptest::sample::select(vec!["yaml", "sql"]),
            end in proptest::sample::select(vec!["\n", "\r\n"]),
        ) {
            if first {
                let start = if form == "sql" { "-- revision: a1" } else { "revision: a1" };
                lines.insert(0, start.to_owned());
            }
            let (_folder, name, files) = file(&lines, end, form);
            let whole = revision(&files, &name);
            let (header, problems) = header_of(&files, &name, &mut Vec::new());
            match whole {
                Ok(revision) => {
                    prop_assert_eq!(&problems, &[]);
                    prop_assert_eq!(header, Some(revision.header));
                }
                Err(problems) => prop_assert!(!problems.is_empty()),
            }
            prop_assert!(header_of(&files, &name, &mut Vec::new()).0.is_some() || !problems.is_empty());
        }
    }
}
