//! What is printed, and how: words on stdout, diagnostics on stderr, colour where it is wanted.

use std::fmt::Display;
use std::fmt::Write as _;
use std::io::{self, Write as _};

use anstream::ColorChoice;
use serde_json::Value;

use super::report::Report;

/// The one table of styles.
pub mod style {
    use anstyle::{AnsiColor, Style};

    /// A revision's id.
    pub const ID: Style = AnsiColor::Yellow.on_default();
    /// The words `head`, `current` and the like.
    pub const MARK: Style = AnsiColor::Green.on_default().bold();
    /// A label.
    pub const LABEL: Style = AnsiColor::Cyan.on_default();
    /// A tag.
    pub const TAG: Style = AnsiColor::Magenta.on_default();
    /// What went wrong.
    pub const ERROR: Style = AnsiColor::Red.on_default().bold();
    /// What the user should know.
    pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
    /// What to do.
    pub const HINT: Style = AnsiColor::Cyan.on_default().bold();
    /// What matters less.
    pub const DIM: Style = Style::new().dimmed();
}

/// Where a command prints. Words are held back until there are many, or until the end.
pub struct Output {
    held: String,
    quiet: bool,
}

/// As many bytes are held back.
const HELD: usize = 64 * 1024;

impl Output {
    /// Prints with colour or without; `quiet` leaves out notices and progress.
    pub fn new(color: ColorChoice, quiet: bool) -> Self {
        color.write_global();
        Output { held: String::new(), quiet }
    }

    /// One line of words.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn line(&mut self, words: impl Display) -> io::Result<()> {
        let _ = writeln!(self.held, "{words}");
        self.flush_if_full()
    }

    /// Text as it is, line ends included.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.held.push_str(text);
        self.flush_if_full()
    }

    /// A JSON value.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn json(&mut self, value: &Value) -> io::Result<()> {
        let _ = writeln!(self.held, "{value:#}");
        self.flush_if_full()
    }

    /// Something the user should know, on stderr.
    pub fn notice(&mut self, words: impl Display) {
        if !self.quiet {
            let _ = self.flush();
            show_note(words);
        }
    }

    /// Writes out what is still held back.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        let mut stdout = anstream::stdout().lock();
        stdout.write_all(held.as_bytes())?;
        stdout.flush()
    }

    fn flush_if_full(&mut self) -> io::Result<()> {
        if self.held.len() < HELD { Ok(()) } else { self.flush() }
    }
}

/// Shows a note on stderr.
pub fn show_note(words: impl Display) {
    let warning = style::WARNING;
    let _ = writeln!(anstream::stderr(), "{warning}note:{warning:#} {words}");
}

/// Shows an error on stderr; nothing can be done if that fails too.
pub fn show_error(report: &Report, json: bool) {
    let mut stderr = anstream::stderr();
    let _ = if json {
        writeln!(stderr, "{:#}", report.json())
    } else {
        write!(stderr, "{}", report.words())
    };
}
