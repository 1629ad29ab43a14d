//! How the journal stores a body's statements: JSON in which a statement that stands in the revision's
//! text is a range of it, so that a large one is stored once.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Operation, StoredStatement, Task};
use crate::text::{Digest, Digester};

/// A statement as it is stored. `rev1` had no ranges.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sql: Option<Cow<'a, str>>,
    /// Where the text holds it: the first byte, and the one behind the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<(usize, usize)>,
    line: usize,
    transactional: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copy_data: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    copy_range: Option<(usize, usize)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    task: Option<Cow<'a, Task>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<Cow<'a, Operation>>,
}

/// A text whose lines are known.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let behind = text.match_indices('\n').map(|(at, _)| at + 1);
        Lines { text, starts: std::iter::once(0).chain(behind).collect() }
    }

    /// Where `part` stands, if it begins on this line (from 1) and not before `from`.
    fn range(&self, part: &str, line: usize, from: usize) -> Option<(usize, usize)> {
        let start = (*self.starts.get(line.checked_sub(1)?)?).max(from);
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let first = part.split_inclusive('\n').next()?;
        let at = start + self.text.get(start..end)?.find(first)?;
        self.text.get(at..)?.starts_with(part).then_some((at, at + part.len()))
    }

    /// Where `part` stands behind a place, with nothing but the end of a line between.
    fn behind(&self, part: &str, from: usize) -> Option<(usize, usize)> {
        let rest = self.text.get(from..)?;
        let at = from + rest.find('\n')? + 1;
        let is_there = !part.is_empty() && self.text.get(at..)?.starts_with(part);
        is_there.then_some((at, at + part.len()))
    }
}

/// Statements as the journal stores them beside the text of their revision.
pub fn write_statements(statements: &[StoredStatement], text: &str) -> String {
    let lines = Lines::new(text);
    let mut from = 0;
    let written = statements.iter().map(|statement| {
        let StoredStatement { sql, line, transactional, copy_data, task, operation } = statement;
        let is_text = task.is_none() && operation.is_none();
        let range = if is_text { lines.range(sql, *line, from) } else { None };
        from = range.map_or(from, |(_, end)| end);
        let rows = copy_data.as_deref();
        let copy_range = rows.and_then(|rows| lines.behind(rows, range?.1));
        from = copy_range.map_or(from, |(_, end)| end);
        Written {
            sql: range.is_none().then_some(Cow::Borrowed(sql)),
            range,
            line: *line,
            transactional: *transactional,
            copy_data: rows.filter(|_| copy_range.is_none()).map(Cow::Borrowed),
            copy_range,
            task: task.as_ref().map(Cow::Borrowed),
            operation: operation.as_ref().map(Cow::Borrowed),
        }
    });
    // Strings, numbers and booleans alone: there is nothing in it that JSON cannot hold.
    serde_json::to_string(&written.collect::<Vec<_>>()).unwrap_or_default()
}

/// Statements that the journal stores beside the text of their revision; `None`: they are not written as
/// [`write_statements`] writes them, or name a range that the text does not have.
pub fn read_statements(written: &str, text: &str) -> Option<Vec<StoredStatement>> {
    let all: Vec<Written<'_>> = serde_json::from_str(written).ok()?;
    let part = |own: Option<Cow<'_, str>>, range: Option<(usize, usize)>| match range {
        Some((start, end)) => text.get(start..end).map(|part| Some(part.to_owned())),
        None => Some(own.map(Cow::into_owned)),
    };
    let read = all.into_iter().map(|own| {
        Some(StoredStatement {
            sql: part(own.sql, own.range)??,
            line: own.line,
            transactional: own.transactional,
            copy_data: part(own.copy_data, own.copy_range)?,
            task: own.task.map(Cow::into_owned),
            operation: own.operation.map(Cow::into_owned),
        })
    });
    read.collect()
}

/// A part of what the journal stores of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextPart {
    /// The file's text.
    Body,
    /// The statements of `up`.
    Up,
    /// The statements of `down`.
    Down,
}

impl TextPart {
    /// All, in the order of their digests.
    pub const ALL: [TextPart; 3] = [TextPart::Body, TextPart::Up, TextPart::Down];

    /// The column that it stands in.
    pub fn column(self) -> &'static str {
        match self {
            TextPart::Body => "body",
            TextPart::Up => "up",
            TextPart::Down => "down",
        }
    }
}

/// The digests of a stored body, `up` and `down`, as the journal stores them: they find an accident.
pub fn text_digests(parts: [Option<&str>; 3]) -> String {
    parts.map(|part| part.map_or_else(|| "-".to_owned(), |part| digest(part).to_string())).join(" ")
}

/// The first part that is not what its digest says.
pub fn changed_part(parts: [Option<&str>; 3], digests: &str) -> Option<TextPart> {
    let now = text_digests(parts);
    let mut then = digests.split(' ');
    let same = now.split(' ').map(|digest| then.next() == Some(digest));
    TextPart::ALL.into_iter().zip(same).find(|(_, same)| !same).map(|(part, _)| part)
}

fn digest(part: &str) -> Digest {
    let mut digester = Digester::new("rev2");
    digester.part(part.as_bytes());
    digester.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(sql: &str, line: usize) -> StoredStatement {
        StoredStatement {
            sql: sql.to_owned(),
            line,
            transactional: true,
            copy_data: None,
            task: None,
            operation: None,
        }
    }

    #[test]
    fn what_stands_in_the_text_is_stored_as_a_range_of_it() {
        let text = "-- a\nSELECT 1; SELECT 1;\nSELECT\n  'ä';\nCOPY t FROM stdin;\n1\n2\n\\.\n";
        let copy = StoredStatement {
            copy_data: Some("1\n2\n".to_owned()),
            ..statement("COPY t FROM stdin", 5)
        };
        let all = [
            statement("SELECT 1", 2),
            statement("SELECT 1", 2),
            statement("SELECT\n  'ä'", 3),
            copy,
            statement("made elsewhere", 5),
            statement("on no line", 99),
        ];
        let written = write_statements(&all, text);
        assert!(!written.contains("SELECT") && !written.contains("1\\n2"), "{written}");
        assert!(written.contains("made elsewhere") && written.contains("[5,13]"), "{written}");
        assert_eq!(read_statements(&written, text).unwrap(), all);
        assert_eq!(read_statements(&written, "short"), None);
    }

    #[test]
    fn what_rev1_wrote_is_read() {
        let written = r#"[{"sql":"SELECT 1","line":1,"transactional":true}]"#;
        assert_eq!(read_statements(written, "").unwrap(), [statement("SELECT 1", 1)]);
        assert_eq!(read_statements(r#"[{"line":1,"transactional":true}]"#, ""), None);
    }

    #[test]
    fn a_changed_part_is_named() {
        let digests = text_digests([Some("a"), Some("b"), None]);
        assert_eq!(changed_part([Some("a"), Some("b"), None], &digests), None);
        assert_eq!(changed_part([Some("x"), Some("b"), None], &digests), Some(TextPart::Body));
        assert_eq!(changed_part([Some("a"), Some("b"), Some("c")], &digests), Some(TextPart::Down));
        assert_eq!(changed_part([Some("a"), Some("b"), None], ""), Some(TextPart::Body));
    }
}
