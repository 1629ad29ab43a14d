//! The places that problems are about: the line of the file as it may be shown, and the columns in it.

use super::{CONFIG, Problem};
use crate::text::Excerpt;

/// Words of a line of `store.yaml` on which, or below which, a password may stand.
const SECRET: [&str; 7] = ["url", "on_connect", "password", "secret", "://", "${", "@"];

/// Where in a file something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The line, counted from 1.
    pub line: usize,
    /// The columns, in characters from 0, without the last.
    pub columns: Option<(usize, usize)>,
}

impl From<usize> for Place {
    fn from(line: usize) -> Place {
        Place { line, columns: None }
    }
}

/// Shows problems the lines that they are about. Those of a file are asked for when there is a problem,
/// as the reading of what is right must not pay for it.
pub(super) fn show(problems: &mut [Problem], text_of: impl Fn(&str) -> Option<String>) {
    let mut last: Option<(String, Option<String>)> = None;
    for problem in problems {
        let Some(at) = problem.place else { continue };
        if last.as_ref().is_none_or(|(file, _)| *file != problem.file) {
            last = Some((problem.file.clone(), text_of(&problem.file)));
        }
        let Some((file, Some(text))) = &last else { continue };
        let Some(line) = text.lines().nth(at.line.saturating_sub(1)) else { continue };
        let shift = if file.ends_with(".sql") { comment_mark(line) } else { 0 };
        let columns = at.columns.map(|(start, end)| (start + shift, end.max(start + 1) + shift));
        let Some(found) = Excerpt::of_line(text, at.line, columns) else { continue };
        problem.column = found.line_and_column().map(|(_, column)| column);
        problem.excerpt = shown(file == CONFIG, text, at.line, found);
    }
}

/// A line of a file, with the column that matters, counted from 1; `None`: it is not there, or something
/// in it may be secret.
pub(super) fn line_of(
    file: &str,
    text: &str,
    line: usize,
    column: Option<usize>,
) -> Option<Excerpt> {
    let columns = column.and_then(|column| column.checked_sub(1)).map(|at| (at, at + 1));
    shown(file == CONFIG, text, line, Excerpt::of_line(text, line, columns)?)
}

/// How many characters of a line of a SQL revision's header are not YAML.
fn comment_mark(line: &str) -> usize {
    let words = line.trim_start();
    let Some(rest) = words.strip_prefix("--") else { return 0 };
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    line.chars().count() - rest.chars().count()
}

/// The excerpt, if nothing in it may be secret; of a key with a secret value its key alone.
fn shown(is_config: bool, text: &str, line: usize, mut found: Excerpt) -> Option<Excerpt> {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let (own, above) = lines.split_last()?;
    let is_secret = |line: &str| {
        let line = line.to_lowercase();
        match is_config {
            true => SECRET.iter().any(|word| line.contains(word)),
            false => line.contains("://") && line.contains('@'),
        }
    };
    if is_config && continues_secret(own, above, &is_secret) {
        return None;
    }
    if !is_secret(own) {
        return Some(found);
    }
    let key = own.find(':').filter(|_| is_config)?;
    let begins = own.len() - own.trim_start().len();
    found.place.get_or_insert((begins, key));
    let is_key = |c: char| c.is_ascii_alphanumeric() || "_- ".contains(c);
    let (_, end) = found.place?;
    if end > key || !own[..key].chars().all(is_key) || own[key..].starts_with("://") {
        return None;
    }
    found.text = format!("{} ***", &own[..=key]);
    Some(found)
}

/// Whether a line stands below one with a secret, or goes on with the value of one above.
fn continues_secret(own: &str, above: &[&str], is_secret: &impl Fn(&str) -> bool) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_item = |line: &str| line.trim_start().starts_with('-');
    let is_entry = |line: &str| is_item(line) || line.contains(':');
    let (mut outer, mut goes_on) = (own, !is_entry(own));
    let is_yaml = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    for line in above.iter().rev().filter(is_yaml) {
        // The items of a list may stand as deep as its key.
        let is_level = indent(line) == indent(outer) && is_item(outer) && !is_item(line);
        let holds = indent(line) < indent(outer) || is_level;
        if is_secret(line) && (holds || goes_on) {
            return true;
        }
        if holds {
            outer = line;
        }
        goes_on = goes_on && !is_entry(line);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(file: &str, text: &str, line: usize, columns: (usize, usize)) -> Option<Excerpt> {
        let place = Some(Place { line, columns: Some(columns) });
        let mut problem = Problem { file: file.to_owned(), place, ..Problem::default() };
        show(std::slice::from_mut(&mut problem), |_| Some(text.to_owned()));
        assert!(problem.column.is_some(), "the column tells no secret");
        problem.excerpt
    }

    #[test]
    fn a_secret_is_never_shown() {
        let text = "# https://x\ndatabases:\n  default:\n    kind: x\n    url: postgres://u:pw@h/d\n    \
                    urll: |\n      pw\n    scratch_url:\n\n      - x: pw\n    lines: [a]\n    \
                    url: \"\n a\n pw\"\n    on_connect:\n    - SET x = 'pw'\n  b: {url: pw, x: 1}\n";
        let line = |line, columns| excerpt(CONFIG, text, line, columns);
        for number in 1..=text.lines().count() {
            let shown = line(number, (2, 4)).map(|found| found.text).unwrap_or_default();
            assert!(!shown.contains("pw"), "{shown}");
        }
        let text_of = |found: Option<Excerpt>| found.map(|found| found.text);
        assert_eq!(text_of(line(4, (4, 8))).as_deref(), Some("    kind: x"));
        assert_eq!(text_of(line(5, (4, 7))).as_deref(), Some("    url: ***"));
        assert_eq!(text_of(line(5, (9, 12))), None);
        assert_eq!(text_of(line(6, (4, 8))).as_deref(), Some("    urll: ***"));
        assert_eq!(text_of(line(11, (4, 9))).as_deref(), Some("    lines: [a]"));
        let of_revision = "# postgres://u:pw@h/d";
        assert_eq!(excerpt("a.yaml", of_revision, 1, (0, 1)), None);
    }

    #[test]
    fn the_header_of_a_sql_revision_is_behind_its_marks() {
        let found = excerpt("a.sql", "-- revision: a1\n", 1, (0, 8)).unwrap();
        assert_eq!(found.place, Some((3, 11)));
    }
}
