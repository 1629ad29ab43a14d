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
            if cut.is_some() {
                let mut own = Problems::of(file);
                let found =
                    check_text(head, &mut own).and_then(|head| header::read(head, &mut own));
                // Without an id before the body, the header may stand behind it.
                if found.is_some() || !own.list.iter().all(is_missing) {
                    problems.list.append(&mut own.list);
                    return found;
                }
            }
            if !is_whole {
                bytes = Cow::Owned(read(files, file, problems)?);
            }
            let text = check_text(&bytes, problems)?;
            yaml_whole(text, problems).map(|(header, _)| header)
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
