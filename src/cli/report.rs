//! An error as it is shown: in words, or as the JSON error object.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use revdag::Excerpt;
use revdag::store::Store;

use super::excerpt::{digits, show};
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
    /// The lines of the file around the place.
    pub excerpt: Option<Excerpt>,
    /// What else the database or the system says, for people.
    pub details: Vec<String>,
    /// Whether each of the details names a file of its own.
    pub listed: bool,
    /// The excerpts of those, in the same order.
    pub excerpts: Vec<Option<Excerpt>>,
    /// What state the database is in now.
    pub state: Option<String>,
    /// What to do next.
    pub hint: Option<String>,
    /// The exit status.
    pub status: u8,
}

impl Report {
    /// Looks for the lines of the file that it is about, in the store at `root`.
    pub fn look_up(&mut self, root: &Path) {
        let (Some(file), Some(line), None) = (&self.file, self.line, &self.excerpt) else { return };
        let statement = self.statement.as_ref().map(|sql| Excerpt::around(sql, self.position));
        // The line is that of the place in the statement.
        let place = statement.as_ref().and_then(Excerpt::line_and_column);
        let begins = line.saturating_sub(place.map_or(0, |(within, _)| within - 1));
        self.excerpt = Store::lines_about(root, file, begins, self.column, statement.as_ref());
    }

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
                "column": self.column,
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
            let width = self.excerpt.as_ref().map_or(1, digits);
            let _ = writeln!(text, "{:width$}{dim}-->{dim:#} {place}", "");
        }
        match (&self.excerpt, &self.statement) {
            (Some(excerpt), _) => show(&mut text, excerpt),
            // It is not in the file word for word: its own lines are counted.
            (None, Some(statement)) => {
                let _ = writeln!(text, "  {dim}executed:{dim:#}");
                let own = Excerpt::around(statement, self.position);
                show(&mut text, &own);
                let shown = own.first_line + own.text.lines().count() - 1;
                let rest = statement.lines().count().saturating_sub(shown);
                if rest > 0 {
                    let _ = writeln!(text, "  {dim}... {rest} more lines{dim:#}");
                }
            }
            (None, None) => {}
        }
        let excerpts = self.excerpts.iter().map(Option::as_ref).chain(std::iter::repeat(None));
        for (detail, excerpt) in self.details.iter().zip(excerpts) {
            for line in detail.lines() {
                let _ = writeln!(text, "  {line}");
            }
            if let Some(excerpt) = excerpt {
                show(&mut text, excerpt);
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
