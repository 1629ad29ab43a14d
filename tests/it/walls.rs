//! The walls between the rooms, held by a look at the sources.

use std::path::Path;

/// The rooms from the ground up; each imports only from those before it.
const ROOMS: [&str; 11] =
    ["text", "model", "graph", "sql", "diff", "store", "db", "run", "verb", "render", "cli"];

/// What only one room may know of.
const KEPT: [(&str, &str); 13] = [
    ("petgraph", "graph"),
    ("serde_yaml", "store"),
    ("saphyr_parser", "store"),
    ("sqlx", "db"),
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("clap_mangen", "cli"),
    ("annotate_snippets", "cli"),
    ("anstream", "cli"),
    ("indicatif", "cli"),
    ("println", "cli"),
    ("print", "cli"),
    // The binary uses the library as any application does.
    ("internals", "lib"),
];

/// Where a dialect is looked at by name: the three dispatchers, and the type itself.
const DISPATCHERS: [&str; 4] = ["text/dialect.rs", "text/mod.rs", "sql/mod.rs", "db/mod.rs"];

struct Source {
    /// Relative to `src`, with `/` between folders.
    path: String,
    /// Its lines without comments, numbered from 1.
    lines: Vec<(usize, String)>,
}

impl Source {
    /// `None` for `lib.rs` and `main.rs`.
    fn room(&self) -> Option<&str> {
        self.path.split_once('/').map(|(room, _)| room)
    }

    /// The code in one string.
    fn code(&self) -> String {
        self.lines.iter().map(|(_, line)| format!("{line}\n")).collect()
    }
}

fn sources() -> Vec<Source> {
    fn walk(folder: &Path, root: &Path, found: &mut Vec<Source>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, root, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let lines = std::fs::read_to_string(&path).unwrap();
                let lines = lines.lines().map(without_comment).map(str::to_owned);
                let relative = path.strip_prefix(root).unwrap().to_str().unwrap();
                found.push(Source {
                    path: relative.replace('\\', "/"),
                    lines: (1..).zip(lines).collect(),
                });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    assert!(found.len() > ROOMS.len(), "the sources are not where they were");
    found
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split(" // ").next().unwrap_or(line)
}

/// Whether the word stands in the line by itself, not as a part of another.
fn has_word(line: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(is_word) && !line[at + word.len()..].starts_with(is_word)
    })
}

/// What stands behind each `crate::`: a name, or the names in its braces.
fn imports(code: &str) -> Vec<String> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let first = |text: &str| text.chars().take_while(|&c| is_word(c)).collect::<String>();
    let mut found = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        let behind = &code[at + start.len()..];
        let Some(group) = behind.strip_prefix('{') else {
            found.push(first(behind));
            continue;
        };
        let (mut depth, mut fresh) = (0, true);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => fresh = true,
                c if fresh && is_word(c) => {
                    found.push(first(&group[at..]));
                    fresh = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn imports_are_found() {
    let code = "use crate::text::Dialect; use crate::{db::{self, Engine}, run};\nlet a = crate::sql::lower();";
    assert_eq!(imports(code), ["text", "db", "run", "sql"]);
}

#[test]
fn every_folder_is_a_room() {
    let mut rooms: Vec<_> =
        sources().iter().filter_map(|source| source.room().map(str::to_owned)).collect();
    rooms.sort();
    rooms.dedup();
    let mut known = ROOMS.map(str::to_owned);
    known.sort();
    assert_eq!(rooms, known);
}

#[test]
fn rooms_import_from_below_only() {
    let rank = |room: &str| ROOMS.iter().position(|known| *known == room);
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        for import in imports(&source.code()) {
            if rank(&import).is_none_or(|import| Some(import) > rank(room)) {
                wrong.push(format!("src/{} imports crate::{import}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_belongs_to_one_room_stays_there() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (number, line) in &source.lines {
            for (word, room) in KEPT {
                let printing = word.ends_with("print") || word.ends_with("println");
                let found = if printing {
                    has_word(line, &format!("{word}!")) || has_word(line, &format!("e{word}!"))
                } else {
                    has_word(line, word) && line.contains(&format!("{word}::"))
                };
                if found && source.room() != Some(room) {
                    wrong.push(format!("src/{}:{number}: {}", source.path, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dialects_are_looked_at_in_few_places() {
    let families = ["/postgres", "/mysql", "/sqlite"];
    let mut wrong = Vec::new();
    for source in sources() {
        let own = families.iter().any(|family| source.path.contains(family));
        if own || DISPATCHERS.contains(&source.path.as_str()) {
            continue;
        }
        for (number, line) in &source.lines {
            let looked_at = ["Postgres", "Mysql", "Mariadb", "Sqlite"].iter().any(|name| {
                let name = format!("Dialect::{name}");
                line.split_once(&name).is_some_and(|(before, behind)| {
                    behind.contains("=>")
                        || behind.trim_start().starts_with('|')
                        || before.trim_end().ends_with('|')
                        || before.contains("matches!")
                        || before.trim_end().ends_with("==")
                        || before.trim_end().ends_with("!=")
                        || before.contains("if let")
                })
            });
            if looked_at {
                wrong.push(format!("src/{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
