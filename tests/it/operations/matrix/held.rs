//! What `tests/golden` holds: revisions, and what the journal stores of each on a dialect.
//!
//! A line starts with what it tells:
//!
//! ```text
//! == the name of a revision
//! > a line of its file, behind the header
//! postgres digests UP DOWN
//! postgres up {…}
//! postgres down {…}
//! postgres irreversible
//! ```

use std::fmt::Write;
use std::path::PathBuf;

use revdag::internals::text::Dialect;
use revdag::model::StoredStatement;

const HEAD: &str = "\
# What databases hold: a line may be added, never changed. See tests/it/operations/matrix/golden.rs.
";

/// A revision, and what is stored of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What it shows.
    pub name: String,
    /// Its file, behind the header.
    pub body: String,
    /// What is stored, on the dialects that take it.
    pub on: Vec<(Dialect, Stored)>,
}

/// What the journal stores of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stored {
    pub up_digest: String,
    pub down_digest: String,
    /// Each statement as JSON.
    pub up: Vec<String>,
    /// `None`: irreversible.
    pub down: Option<Vec<String>>,
}

impl Held {
    pub fn on(&self, dialect: Dialect) -> Option<&Stored> {
        self.on.iter().find(|(own, _)| *own == dialect).map(|(_, stored)| stored)
    }
}

/// The statements of JSON as the journal reads a column of `rev_text`.
pub fn statements(lines: &[String]) -> Result<Vec<StoredStatement>, String> {
    serde_json::from_str(&format!("[{}]", lines.join(","))).map_err(|error| error.to_string())
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{file}.txt"))
}

/// What a file holds; nothing if there is none.
pub fn read(file: &str) -> Vec<Held> {
    let text = std::fs::read_to_string(path(file)).unwrap_or_default();
    let mut held: Vec<Held> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("== ") {
            held.push(Held { name: name.to_owned(), body: String::new(), on: Vec::new() });
            continue;
        }
        let last =
            held.last_mut().unwrap_or_else(|| panic!("{file}: a line before a name: {line}"));
        match line.strip_prefix('>') {
            Some(own) => {
                last.body.push_str(own.strip_prefix(' ').unwrap_or(own));
                last.body.push('\n');
            }
            None => fact(line, last).unwrap_or_else(|| panic!("{file}: what is this line: {line}")),
        }
    }
    held
}

/// Takes a line of what is stored.
fn fact(line: &str, held: &mut Held) -> Option<()> {
    let (dialect, rest) = line.split_once(' ')?;
    let dialect: Dialect = dialect.parse().ok()?;
    if let Some(digests) = rest.strip_prefix("digests ") {
        let (up, down) = digests.split_once(' ')?;
        let (up_digest, down_digest) = (up.to_owned(), down.to_owned());
        let down = Some(Vec::new());
        held.on.push((dialect, Stored { up_digest, down_digest, up: Vec::new(), down }));
        return Some(());
    }
    let (_, stored) = held.on.last_mut().filter(|(own, _)| *own == dialect)?;
    match rest.split_once(' ') {
        Some(("up", json)) => stored.up.push(json.to_owned()),
        Some(("down", json)) => stored.down.as_mut()?.push(json.to_owned()),
        None if rest == "irreversible" => stored.down = None,
        _ => return None,
    }
    Some(())
}

/// Writes a file.
pub fn write(file: &str, held: &[Held]) {
    let path = path(file);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text(held)).expect("written");
}

fn text(held: &[Held]) -> String {
    let mut text = HEAD.to_owned();
    for Held { name, body, on } in held {
        writeln!(text, "\n== {name}").expect("text");
        for line in body.lines() {
            let space = if line.is_empty() { "" } else { " " };
            writeln!(text, ">{space}{line}").expect("text");
        }
        for (dialect, Stored { up_digest, down_digest, up, down }) in on {
            writeln!(text, "{dialect} digests {up_digest} {down_digest}").expect("text");
            up.iter().for_each(|json| writeln!(text, "{dialect} up {json}").expect("text"));
            match down {
                Some(down) => {
                    down.iter()
                        .for_each(|json| writeln!(text, "{dialect} down {json}").expect("text"));
                }
                None => writeln!(text, "{dialect} irreversible").expect("text"),
            }
        }
    }
    text
}
