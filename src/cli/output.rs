//! What is printed, and how: words on stdout, diagnostics on stderr, colour where it is wanted.

use std::fmt::Display;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::OnceLock;

use anstream::{AutoStream, ColorChoice};
use serde_json::Value;

use super::report::Report;

/// The one table of styles.
pub mod style {
    use std::fmt::{self, Display, Formatter};

    use anstyle::AnsiColor;

    /// A style; `{}` begins it and `{:#}` ends it. It is written behind our own [`mark`](super::mark),
    /// so that what it begins is told from an escape sequence in what is shown.
    #[derive(Clone, Copy)]
    pub struct Style(pub anstyle::Style);

    impl Display for Style {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            let sequence = match f.alternate() {
                true => self.0.render_reset().to_string(),
                false => self.0.render().to_string(),
            };
            f.write_str(&super::ours(&sequence))
        }
    }

    /// A revision's id.
    pub const ID: Style = Style(AnsiColor::Yellow.on_default());
    /// The words `head`, `current` and the like.
    pub const MARK: Style = Style(AnsiColor::Green.on_default().bold());
    /// A label.
    pub const LABEL: Style = Style(AnsiColor::Cyan.on_default());
    /// A tag.
    pub const TAG: Style = Style(AnsiColor::Magenta.on_default());
    /// What went wrong.
    pub const ERROR: Style = Style(AnsiColor::Red.on_default().bold());
    /// What the user should know.
    pub const WARNING: Style = Style(AnsiColor::Yellow.on_default().bold());
    /// What to do.
    pub const HINT: Style = Style(AnsiColor::Cyan.on_default().bold());
    /// What matters less.
    pub const DIM: Style = Style(anstyle::Style::new().dimmed());
}

/// What stands in front of each escape sequence of our own: nobody else can know it.
fn mark() -> &'static str {
    static MARK: OnceLock<String> = OnceLock::new();
    MARK.get_or_init(|| format!("\x1b<{:016x}>", fastrand::u64(..)))
}

/// Text with escape sequences that are our own.
pub fn ours(text: &str) -> String {
    text.replace('\x1b', mark())
}

/// Whether a terminal does something else with a character than to show it.
fn is_obeyed(c: char) -> bool {
    // The second kind changes the direction of reading.
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Words as they are shown: what comes from files, the database or its names cannot move the cursor,
/// change colours or the direction of reading. Our own styles stay.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\x1b' && rest.starts_with(mark()) {
            plain.push_str(mark());
            rest = &rest[mark().len()..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '\n' | '\t' => plain.push(c),
            // A line end of Windows.
            '\r' if rest.starts_with('\n') => {}
            c if is_obeyed(c) => plain.extend(c.escape_default()),
            c => plain.push(c),
        }
    }
    plain
}

/// The text with our own escape sequences as a terminal takes them, or without them.
fn finished(text: &str, colored: bool) -> String {
    if colored {
        return text.replace(mark(), "\x1b");
    }
    let mut parts = text.split(mark());
    let first = parts.next().unwrap_or_default().to_owned();
    // A style ends with this letter.
    parts.fold(first, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

/// Writes to stderr; nothing can be done if that fails.
pub fn to_stderr(words: &str) {
    let mut stderr = io::stderr().lock();
    let colored = AutoStream::choice(&stderr) != ColorChoice::Never;
    let _ = stderr.write_all(finished(&plain(words), colored).as_bytes());
    let _ = stderr.flush();
}

/// The value as JSON, in which a control character is always written as an escape.
fn json(value: &Value) -> String {
    let text = format!("{value:#}\n");
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push(c),
            c if is_obeyed(c) => {
                let _ = write!(escaped, "\\u{:04x}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
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
        self.held.push_str(&plain(&words.to_string()));
        self.held.push('\n');
        self.flush_if_full()
    }

    /// Words, line ends included.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.held.push_str(&plain(text));
        self.flush_if_full()
    }

    /// A text for another program, to the byte; only a terminal does not get it so.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn exact(&mut self, text: &str) -> io::Result<()> {
        match io::stdout().is_terminal() {
            true => self.text(text),
            false => {
                self.held.push_str(text);
                self.flush_if_full()
            }
        }
    }

    /// A JSON value.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn json(&mut self, value: &Value) -> io::Result<()> {
        self.held.push_str(&json(value));
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
        let mut stdout = io::stdout().lock();
        let colored = AutoStream::choice(&stdout) != ColorChoice::Never;
        stdout.write_all(finished(&held, colored).as_bytes())?;
        stdout.flush()
    }

    fn flush_if_full(&mut self) -> io::Result<()> {
        if self.held.len() < HELD { Ok(()) } else { self.flush() }
    }
}

/// Shows a note on stderr.
pub fn show_note(words: impl Display) {
    let warning = style::WARNING;
    to_stderr(&format!("{warning}note:{warning:#} {words}\n"));
}

/// Shows an error on stderr.
pub fn show_error(report: &Report, as_json: bool) {
    match as_json {
        true => to_stderr(&json(&report.json())),
        false => to_stderr(&report.words()),
    }
}

/// Words without styles, for a library that draws on the terminal by itself.
pub fn without_styles(words: &str) -> String {
    finished(&plain(words), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_obeys_passes_but_our_own_styles() {
        let (id, text) = (style::ID, "a\x1b[2J\u{202e}b\r\n\u{9b}31m\tc\r");
        let shown = plain(&format!("{id}x{id:#} {text}"));
        assert_eq!(
            finished(&shown, true),
            "\x1b[33mx\x1b[0m a\\u{1b}[2J\\u{202e}b\n\\u{9b}31m\tc\\r"
        );
        assert_eq!(finished(&shown, false), "x a\\u{1b}[2J\\u{202e}b\n\\u{9b}31m\tc\\r");
        assert_eq!(json(&serde_json::json!("\u{9b}\x1b")), "\"\\u009b\\u001b\"\n");
    }
}
