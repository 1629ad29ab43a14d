//! Whatever stands in a file: it is read or refused, with what is wrong and where, and nothing more
//! is made of it than it holds. `REV_FUZZ_SECONDS` says how long to try; what fails is kept in
//! `proptest-regressions`, what is worth beginning with in `tests/corpus/yaml`.

use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};

use super::problems::Problems;
use super::{header, read, read_config, sections};
use crate::model::{Down, Entry, Operation};

/// What makes readers of YAML stumble, and words of the format.
const FRAGMENTS: &[&str] = &[
    "\n",
    "\n  ",
    "\n- ",
    "\n      ",
    "\r\n",
    " ",
    "  ",
    "\t",
    ":",
    ": ",
    "- ",
    "? ",
    ", ",
    "[",
    "]",
    "{",
    "}",
    "{}",
    "[]",
    "'",
    "\"",
    "\\",
    "\\x0",
    "\\u0000",
    "\\U0010FFFF",
    "|",
    "|2",
    "|+",
    ">",
    ">-",
    "#",
    " #",
    "&a ",
    "*a",
    "!",
    "!!int ",
    "<<: ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "@",
    "`",
    "~",
    "null",
    "no",
    "true",
    "0123",
    "1e3",
    "0x1f",
    "1.10",
    "18446744073709551616",
    "-0",
    ".inf",
    "12:30",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "é",
    "𝄞",
    "\0",
    "revision: a1\n",
    "up:\n",
    "down:\n",
    "down: irreversible\n",
    "parents: [a]\n",
    "- sql: ",
    "- create_table: ",
    "columns: ",
    "constraints: ",
    "- unique: ",
    "sql: ",
    "postgres: ",
    "name: ",
    "type: ",
    "default: ",
    "was: ",
    "options: ",
    "- by_dialect: ",
    "rows: ",
    "-- rev: up\n",
    "-- rev: down\n",
];

/// One change of a text.
#[derive(Debug, Clone)]
enum Change {
    Insert(Index, &'static str),
    Cut(Index, Index),
    Copy(Index, Index, Index),
    Join(Index, Index),
    Repeat(Index, &'static str, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let fragment = || proptest::sample::select(FRAGMENTS);
    prop_oneof![
        4 => (any::<Index>(), fragment()).prop_map(|(at, text)| Change::Insert(at, text)),
        2 => any::<(Index, Index)>().prop_map(|(from, to)| Change::Cut(from, to)),
        2 => any::<(Index, Index, Index)>().prop_map(|(from, to, at)| Change::Copy(from, to, at)),
        1 => any::<(Index, Index)>().prop_map(|(one, other)| Change::Join(one, other)),
        1 => (any::<Index>(), fragment(), 1..200_usize)
            .prop_map(|(at, text, times)| Change::Repeat(at, text, times)),
    ]
}

/// A place between two characters.
fn place(text: &str, at: &Index) -> usize {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    *at.get(&places)
}

fn changed(mut text: String, changes: &[Change], corpus: &[String]) -> String {
    for change in changes {
        match change {
            Change::Insert(at, fragment) => text.insert_str(place(&text, at), fragment),
            Change::Cut(from, to) => {
                let (from, to) = (place(&text, from), place(&text, to));
                let gone: String = text[from.min(to)..from.max(to)].chars().take(60).collect();
                text.replace_range(from.min(to)..from.min(to) + gone.len(), "");
            }
            Change::Copy(from, to, at) => {
                let (from, to) = (place(&text, from), place(&text, to));
                let part = cut(&text[from.min(to)..from.max(to)]);
                text.insert_str(place(&text, at), &part);
            }
            Change::Join(at, other) => {
                let other = other.get(corpus);
                let end = place(&text, at);
                let rest = place(other, at);
                text = format!("{}{}", &text[..end], &other[rest..]);
            }
            Change::Repeat(at, fragment, times) => {
                text.insert_str(place(&text, at), &fragment.repeat(*times));
            }
        }
    }
    text
}

/// As much of a part as keeps texts small.
fn cut(part: &str) -> String {
    part.chars().take(2000).collect()
}

fn corpus() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/yaml");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        (name, text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    };
    files.iter().map(read).collect()
}

/// Reads a text as everything that a file can be, and looks at what comes of it.
fn holds(text: &str) -> TestCaseResult {
    let mut problems = Problems::of("x");
    let whole = read::yaml_whole(text, &mut problems);
    sound(text, &problems)?;
    match whole {
        Some((_, (up, down))) if problems.list.is_empty() => {
            let down = match down {
                Down::Operations(down) => down,
                Down::Derived | Down::Irreversible => Vec::new(),
            };
            up.iter().chain(&down).try_for_each(|entry| kept(text, entry))?;
        }
        Some(_) => {}
        None => prop_assert!(!problems.list.is_empty(), "nothing is read, and nobody says why"),
    }
    let mut problems = Problems::of("x");
    read_config::read(text, &mut problems);
    sound(text, &problems)?;
    let mut problems = Problems::of("x");
    let end = header::sql_end(text.as_bytes()).unwrap_or(text.len());
    header::read(&header::uncomment(&text[..end]), &mut problems);
    sections::read(text, end, true, &mut problems);
    sound(text, &problems)
}

/// Each problem is about a line of the file.
fn sound(text: &str, problems: &Problems) -> TestCaseResult {
    let lines = text.lines().count() + 1;
    for problem in &problems.list {
        prop_assert!(!problem.message.is_empty());
        prop_assert!(problem.line.is_none_or(|line| (1..=lines).contains(&line)), "{problem:?}");
    }
    Ok(())
}

/// An operation is no more than its file holds, and what it is written as is read as the same.
fn kept(text: &str, entry: &Entry) -> TestCaseResult {
    let lines = text.lines().count() + 1;
    prop_assert!((1..=lines).contains(&entry.lines.own()));
    let written = serde_json::to_value(&entry.operation).unwrap();
    prop_assert!(written.to_string().len() <= 16 * text.len());
    let read = serde_json::from_value::<Operation>(written.clone());
    prop_assert!(read.is_ok(), "{}: {written}", read.unwrap_err());
    prop_assert_eq!(serde_json::to_value(read.unwrap()).unwrap(), written);
    Ok(())
}

#[test]
fn the_corpus_is_read_or_refused() {
    for (name, text) in corpus() {
        holds(&text).unwrap();
        let mut problems = Problems::of(&name);
        read::yaml_whole(&text, &mut problems);
        assert_eq!(problems.list.is_empty(), !name.starts_with("error_"), "{:?}", problems.list);
    }
}

#[test]
fn whatever_is_in_a_file_it_is_read_or_refused() {
    let corpus: Vec<String> = corpus().into_iter().map(|(_, text)| text).collect();
    let seconds = std::env::var("REV_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    let until = Instant::now() + Duration::from_secs(seconds.unwrap_or(0));
    let texts = corpus.clone();
    let text = (
        prop_oneof![4 => proptest::sample::select(texts), 1 => Just("revision: a1\nup:\n".to_owned())],
        proptest::collection::vec(change(), 1..12),
    )
        .prop_map(move |(text, changes)| changed(text, &changes, &corpus));
    loop {
        let config = Config { source_file: Some(file!()), ..Config::with_cases(256) };
        let outcome = TestRunner::new(config).run(&text, |text| holds(&text));
        outcome.unwrap_or_else(|error| panic!("{error}"));
        if Instant::now() >= until {
            break;
        }
    }
}

#[test]
fn large_values_are_read() {
    let large = "x".repeat(10_000_000);
    let lines = "x\n      ".repeat(1_000_000);
    for value in
        [format!("|\n      {large}\n"), format!("|\n      {lines}\n"), format!("\"{large}\"\n")]
    {
        let mut problems = Problems::of("x");
        let text = format!("revision: a1\nup:\n  - sql: {value}");
        let (_, (up, _)) = read::yaml_whole(&text, &mut problems).unwrap();
        assert_eq!((problems.list, up.len()), (Vec::new(), 1));
    }
    let rows = "      - {a: 1, b: text}\n".repeat(100_000);
    let text = format!(
        "revision: a1\nup:\n  - bulk_insert:\n      table: t\n      columns: {{a: integer, b: text}}\n      rows:\n{rows}"
    );
    let mut problems = Problems::of("x");
    let (_, (up, _)) = read::yaml_whole(&text, &mut problems).unwrap();
    let Operation::BulkInsert(insert) = &up[0].operation else { panic!("{:?}", problems.list) };
    assert_eq!((insert.rows.len(), up[0].lines.of("bulk_insert.rows.99999.a")), (100_000, 100_006));
}

#[test]
fn deep_and_endless_values_are_refused() {
    let aliases: String =
        (1..30).map(|at| format!("a{at}: &a{at} [*a{0}, *a{0}]\n", at - 1)).collect();
    for text in [
        "[".repeat(1_000_000),
        "{a: ".repeat(1_000_000),
        "- ".repeat(1_000_000),
        "? ".repeat(1_000_000),
        (0..2000).map(|at| " ".repeat(at) + "a:\n").collect(),
        format!("a0: &a0 [x]\n{aliases}"),
    ] {
        let mut problems = Problems::of("x");
        read::yaml_whole(&text, &mut problems);
        assert!(!problems.list.is_empty(), "{}", &text[..20]);
    }
}
