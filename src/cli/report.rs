//! An error as it is shown: in words, or as the JSON error object.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::output::style;

/// One error, taken apart for people and programs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// A word for programs.
    pub kind: &'static str,
    /// What happened.
    pub message: String,
    /// The file.
    pub file: Option<String>,
    /// The line in it, counted from 1.
    pub line: Option<usize>,
    /// The column in it, counted from 1.
    pub column: Option<usize>,
    /// The statement.
    pub statement: Option<String>,
    /// Where in the statement, in characters from 0.
    pub position: Option<usize>,
    /// What else the database or the system says, for people.
    pub details: Vec<String>,
    /// Whether each of the details names a file of its own.
    pub listed: bool,
    /// What state the database is in now.
    pub state: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// The exit status.
    pub status: u8,
}

/// As much of a long statement as is shown around the place that matters.
const LINES_SHOWN: usize = 6;

impl Report {
    /// The JSON error object.
    pub fn json(&self) -> Value {
        let message = std::iter::once(self.message.as_str())
            .chain(self.details.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join("\n");
        json!({
            "error": {
                "kind": self.kind,
                "message": message,
                "file": self.file,
                "line": self.line,
                "statement": self.statement,
                "state": self.state,
                "hint": self.hint,
            }
        })
    }

    /// The error in words, with colours and a final line end.
    pub fn words(&self) -> String {
        let (error, dim, hint) = (style::ERROR, style::DIM, style::HINT);
        let mut text = format!("{error}error:{error:#} {}\n", self.message);
        if let Some(file) = self.file.as_ref().filter(|_| !self.listed) {
            let mut place = file.clone();
            for number in [self.line, self.line.and(self.column)].into_iter().flatten() {
                let _ = write!(place, ":{number}");
            }
            let _ = writeln!(text, "  {dim}at{dim:#} {place}");
        }
        if let Some(statement) = &self.statement {
            excerpt(&mut text, statement, self.position);
        }
        for detail in &self.details {
            for line in detail.lines() {
                let _ = writeln!(text, "  {line}");
            }
        }
        if let Some(state) = &self.state {
            let _ = writeln!(text, "{hint}state:{hint:#} {state}");
        }
        if let Some(what) = &self.hint {
            let _ = writeln!(text, "{hint}hint:{hint:#} {what}");
        }
        text
    }
}

/// The line (from 0) and column (from 0, in characters) of a character of a text.
pub fn line_and_column(text: &str, position: usize) -> (usize, usize) {
    text.chars().take(position).fold((0, 0), |(line, column), character| match character {
        '\n' => (line + 1, 0),
        _ => (line, column + 1),
    })
}

/// The lines of a statement around a position, with a mark below it.
fn excerpt(text: &mut String, statement: &str, position: Option<usize>) {
    let (dim, error) = (style::DIM, style::ERROR);
    let lines: Vec<&str> = statement.lines().collect();
    let at = position.map(|position| line_and_column(statement, position));
    let last = at.map_or(LINES_SHOWN, |(line, _)| line + 1).max(LINES_SHOWN).min(lines.len());
    let first = last.saturating_sub(LINES_SHOWN);
    if first > 0 {
        let _ = writeln!(text, "  {dim}|{dim:#} …");
    }
    for (number, line) in lines.iter().enumerate().take(last).skip(first) {
        let _ = writeln!(text, "  {dim}|{dim:#} {}", shortened(line));
        if let Some((at_line, column)) = at
            && at_line == number
            && column < WIDTH_SHOWN
        {
            let _ = writeln!(text, "  {dim}|{dim:#} {}{error}^{error:#}", " ".repeat(column));
        }
    }
    if last < lines.len() {
        let _ = writeln!(text, "  {dim}|{dim:#} … {} more lines", lines.len() - last);
    }
}

/// The number of characters shown of one line.
const WIDTH_SHOWN: usize = 160;

fn shortened(line: &str) -> String {
    match line.char_indices().nth(WIDTH_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
