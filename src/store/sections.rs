//! The body of a SQL revision: its `-- rev:` sections.

use super::problems::{Problems, nearest};
use crate::model::{Direction, Down, Entry, Operation, Sql, SqlSection};
use crate::text::Dialect;

/// The words of a section's line.
const WORDS: [&str; 8] =
    ["up", "down", "irreversible", "no-transaction", "postgres", "mysql", "mariadb", "sqlite"];

/// What a `-- rev:` line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Section { direction: Direction, dialect: Option<Dialect>, transactional: bool },
    Irreversible,
}

/// Reads the sections of a file. `body` is where they begin, in bytes.
pub(super) fn read(
    text: &str,
    body: usize,
    transactional: bool,
    problems: &mut Problems,
) -> (Vec<Entry>, Down) {
    let mut line = 1 + text[..body].bytes().filter(|byte| *byte == b'\n').count();
    let mut start = body;
    let mut sections: Vec<(Direction, SqlSection)> = Vec::new();
    let mut marks: Vec<(Mark, usize)> = Vec::new();
    let mut open = false;
    let (first, mut preface) = (line, text.len());
    for whole in text[body..].split_inclusive('\n') {
        let end = start + whole.len();
        if let Some(words) = mark(whole) {
            if marks.is_empty() {
                preface = start;
            }
            let parsed = parse(words, line, problems);
            open = false;
            match parsed {
                Some(found) => {
                    twice(&marks, found, line, problems);
                    if let Mark::Section { direction, dialect, transactional: own } = found {
                        let transactional = own && transactional;
                        let text = String::new();
                        let section = SqlSection { dialect, text, line: line + 1, transactional };
                        sections.push((direction, section));
                        open = true;
                    }
                    marks.push((found, line));
                }
                // Not understood, but a section all the same.
                None => marks.push((Mark::Irreversible, 0)),
            }
        } else if open && let Some((_, section)) = sections.last_mut() {
            section.text.push_str(whole);
        } else if marks.last().is_some_and(|(mark, at)| *mark == Mark::Irreversible && *at > 0)
            && !whole.trim().is_empty()
            && !whole.trim_start().starts_with("--")
        {
            let hint = "write it under `-- rev: up`".to_owned();
            problems.at(line, "there is SQL after `-- rev: irreversible`", Some(hint));
        }
        start = end;
        line += 1;
    }
    outside(&text[body..preface], first, problems);
    finish(sections, &marks, line.saturating_sub(1).max(1), problems)
}

/// The words behind `-- rev:`, if the line is one.
fn mark(line: &str) -> Option<&str> {
    line.strip_prefix("--")?.trim_start().strip_prefix("rev:")
}

fn parse(words: &str, line: usize, problems: &mut Problems) -> Option<Mark> {
    let mut words = words.split_whitespace();
    let direction = match words.next() {
        Some("up") => Direction::Up,
        Some("down") => Direction::Down,
        Some("irreversible") => {
            if let Some(word) = words.next() {
                let message = format!("`-- rev: irreversible` takes no {word:?}");
                problems.at(line, message, Some("it holds for every dialect".to_owned()));
                return None;
            }
            return Some(Mark::Irreversible);
        }
        word => {
            let word = word.unwrap_or("");
            let hint = nearest(word, ["up", "down", "irreversible"]).map_or_else(
                || "write up, down or irreversible".to_owned(),
                |near| format!("did you mean {near}?"),
            );
            problems.at(line, format!("unknown section {word:?}"), Some(hint));
            return None;
        }
    };
    let (mut dialect, mut transactional) = (None, true);
    for word in words {
        match word.parse::<Dialect>() {
            _ if word == "no-transaction" && transactional => transactional = false,
            Ok(named) if dialect.is_none() => dialect = Some(named),
            Ok(_) => {
                let hint = "write a section for each".to_owned();
                problems.at(line, "a section is for one dialect or for all", Some(hint));
                return None;
            }
            Err(_) => {
                let hint = nearest(word, WORDS).map_or_else(
                    || "a section takes a dialect (postgres, mysql, mariadb, sqlite) and no-transaction".to_owned(),
                    |near| format!("did you mean {near}?"),
                );
                problems.at(line, format!("unknown word {word:?} in a section's line"), Some(hint));
                return None;
            }
        }
    }
    Some(Mark::Section { direction, dialect, transactional })
}

/// Notes a section that is there already.
fn twice(marks: &[(Mark, usize)], found: Mark, line: usize, problems: &mut Problems) {
    let same = |other: &Mark| match (found, *other) {
        (
            Mark::Section { direction, dialect, .. },
            Mark::Section { direction: other, dialect: other_dialect, .. },
        ) => direction == other && dialect == other_dialect,
        (Mark::Irreversible, Mark::Irreversible) => true,
        _ => false,
    };
    let first = marks.iter().find(|(mark, at)| *at > 0 && same(mark));
    if let Some((_, first)) = first {
        let name = match found {
            Mark::Irreversible => "irreversible".to_owned(),
            Mark::Section { direction, dialect: None, .. } => direction.name().to_owned(),
            Mark::Section { direction, dialect: Some(dialect), .. } => {
                format!("{direction} {dialect}")
            }
        };
        let message = format!("the section `{name}` is given twice, first on line {first}");
        problems.at(line, message, Some("join the two".to_owned()));
    }
}

/// Notes SQL before the first section: only comments may stand there.
fn outside(text: &str, mut line: usize, problems: &mut Problems) {
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        line += rest[..rest.len() - trimmed.len()].matches('\n').count();
        let skipped = if trimmed.is_empty() {
            return;
        } else if trimmed.starts_with("--") {
            trimmed.find('\n').unwrap_or(trimmed.len())
        } else if trimmed.starts_with("/*") {
            trimmed.find("*/").map_or(trimmed.len(), |end| end + 2)
        } else {
            let hint = "write it under `-- rev: up`".to_owned();
            problems.at(line, "there is SQL before the first section", Some(hint));
            return;
        };
        line += trimmed[..skipped].matches('\n').count();
        rest = &trimmed[skipped..];
    }
}

fn finish(
    sections: Vec<(Direction, SqlSection)>,
    marks: &[(Mark, usize)],
    last: usize,
    problems: &mut Problems,
) -> (Vec<Entry>, Down) {
    let irreversible = marks.iter().find(|(mark, at)| *mark == Mark::Irreversible && *at > 0);
    let unclear = marks.iter().any(|(_, at)| *at == 0);
    let (up, down): (Vec<_>, Vec<_>) =
        sections.into_iter().partition(|(direction, _)| *direction == Direction::Up);
    if up.is_empty() && !unclear {
        let hint = "write `-- rev: up` above the SQL that applies it".to_owned();
        problems.at(last, "the section up is missing", Some(hint));
    }
    match irreversible {
        Some((_, line)) if !down.is_empty() => {
            problems.at(*line, "irreversible, but there is a section down", None);
        }
        None if down.is_empty() && !unclear => {
            let hint = "write `-- rev: down` above the SQL that undoes it, or \
                        `-- rev: irreversible`";
            problems.at(last, "the section down is missing", Some(hint.to_owned()));
        }
        _ => {}
    }
    let down = match irreversible {
        Some(_) => Down::Irreversible,
        None => Down::Operations(operations(down)),
    };
    (operations(up), down)
}

/// The sections as operations: none if there is nothing in them.
fn operations(sections: Vec<(Direction, SqlSection)>) -> Vec<Entry> {
    let sections: Vec<SqlSection> = sections.into_iter().map(|(_, section)| section).collect();
    let is_blank = match sections.as_slice() {
        [] => true,
        [only] => only.dialect.is_none() && only.text.trim().is_empty(),
        _ => false,
    };
    if is_blank {
        return Vec::new();
    }
    let line = sections.first().map_or(1, |section| section.line);
    vec![Entry::new(Operation::Sql(Sql { sections }), line)]
}
