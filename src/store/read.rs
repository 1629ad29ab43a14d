//! Reads a revision file: its header alone, or whole.

use std::borrow::Cow;

use super::files::{Files, check_text, format, text};
use super::problems::Problems;
use super::{Format, Problem, body, header, sections, yaml};
use crate::model::{Header, Revision};

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
        Format::Sql => header::read(&header::uncomment(check_text(head, problems)?), problems),
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
    problem.message == header::MISSING
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
            yaml::parse(&header::uncomment(&text[..end]), 1).ok()?
        }
        Format::Yaml => {
            let end = header::yaml_end(text.as_bytes()).unwrap_or(text.len());
            yaml::parse(&text, 1).or_else(|_| yaml::parse(&text[..end], 1)).ok()?
        }
    }
}

/// Reads a file whole.
pub(super) fn revision(files: &Files, file: &str) -> Result<Revision, Vec<Problem>> {
    let mut problems = Problems::of(file);
    let revision = read_whole(files, file, &mut problems);
    match revision {
        Some(revision) if problems.list.is_empty() => Ok(revision),
        _ => Err(problems.list),
    }
}

fn read_whole(files: &Files, file: &str, problems: &mut Problems) -> Option<Revision> {
    let text = text(read(files, file, problems)?, problems)?;
    let (header, (up, down)) = match format(file)? {
        Format::Sql => {
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

type Body = (Vec<crate::model::Operation>, crate::model::Down);

fn yaml_whole(text: &str, problems: &mut Problems) -> Option<(Header, Body)> {
    let node = match yaml::parse(text, 1) {
        Ok(Some(node)) => node,
        Ok(None) => {
            problems.whole("the file is empty", None);
            return None;
        }
        Err(error) => {
            problems.yaml(error);
            return None;
        }
    };
    let fields = problems.fields(&node, "the revision", header::YAML_KEYS)?;
    header_first(&fields, problems);
    let header = header::read_fields(&fields, problems);
    let transactional = header.as_ref().is_none_or(|header| header.transactional);
    let body = body::read(&fields, transactional, problems);
    header.map(|header| (header, body))
}

/// Commands about the graph read as far as `up` only, once they have seen the id: what stands
/// behind it would be there for some commands and not for others.
fn header_first(fields: &super::problems::Fields<'_>, problems: &mut Problems) {
    let body = ["up", "down"].into_iter().filter(|key| fields.get(key).is_some());
    let Some(body) = body.map(|key| fields.line_of(key)).min() else { return };
    if fields.get("revision").is_none() || fields.line_of("revision") > body {
        return;
    }
    for key in header::KEYS {
        if fields.get(key).is_some() && fields.line_of(key) > body {
            let hint = "move it up, to the other keys of the header".to_owned();
            problems.at(fields.line_of(key), format!("{key} stands behind the body"), Some(hint));
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
