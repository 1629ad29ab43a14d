//! A revision's header: which part of a file it is, and what it says.

use super::check::{MISSING_ID, check};
use super::literal::{Plain, plain};
use super::names::{check_id, check_label};
use super::problems::Problems;
use super::revision::{ReplacedFile, RevisionFile};
use super::scalar::{Instant, instant};
use super::schema;
use crate::model::{Created, Entries, Header, Id, Replaced};
use crate::text::Dialect;

/// Where the header of a YAML revision ends: the first line that begins its body. `None` if the
/// text so far does not reach it.
pub(super) fn yaml_end(text: &[u8]) -> Option<usize> {
    let mut start = 0;
    loop {
        let rest = &text[start..];
        if rest.starts_with(b"up:") || rest.starts_with(b"down:") {
            return Some(start);
        }
        start += rest.iter().position(|byte| *byte == b'\n')? + 1;
    }
}

/// Where the header of a SQL revision ends: behind the first block of comments, or at its first
/// `-- rev:` line. `None` if the text so far does not reach it.
pub(super) fn sql_end(text: &[u8]) -> Option<usize> {
    let mut start = 0;
    let mut begun = false;
    while start < text.len() {
        let rest = &text[start..];
        let newline = rest.iter().position(|byte| *byte == b'\n');
        let line = rest[..newline.unwrap_or(rest.len())].trim_ascii();
        if line.starts_with(b"--") {
            // Deeper in, it is a line of a message.
            let words = line[2..].strip_prefix(b" ").unwrap_or(&line[2..]);
            if words.starts_with(b"rev:") {
                return Some(start);
            }
            begun = true;
        } else if begun || !line.is_empty() {
            // A lone dash at the end may be half a comment.
            return (newline.is_some() || (line != b"-" && !line.is_empty())).then_some(start);
        }
        start += newline? + 1;
    }
    None
}

/// The YAML inside the comments of a SQL revision's header, line for line.
pub(super) fn uncomment(header: &str) -> String {
    let mut text = String::with_capacity(header.len());
    for line in header.lines() {
        let line = line.trim_start();
        let line = line.strip_prefix("--").unwrap_or("");
        text.push_str(line.strip_prefix(' ').unwrap_or(line));
        text.push('\n');
    }
    text
}

/// Reads the text of a header; what it says as far as it is right, `None` without an id.
pub(super) fn read(text: &str, problems: &mut Problems) -> Option<Header> {
    simple(text).or_else(|| parsed(text, problems))
}

/// Reads a header with the parsers of YAML.
fn parsed(text: &str, problems: &mut Problems) -> Option<Header> {
    let Some(mut root) = problems.tree(text)? else {
        let hint = "a revision begins with its header: revision, parents, message".to_owned();
        problems.at(1, MISSING_ID, Some(hint));
        return None;
    };
    check(&mut root, &schema::HEADER, "the header", problems);
    problems.typed(text, &root).map(header)
}

/// What a file says of its revision but for the body.
pub(super) fn header(file: RevisionFile) -> Header {
    let ids = |ids: Vec<String>| ids.into_iter().map(Id::from).collect();
    let digests = |digests: Entries<String, Dialect>| {
        let named = |(dialect, digest): (Dialect, String)| (dialect.name().to_owned(), digest);
        digests.0.into_iter().map(named).collect()
    };
    let replaced = |file: ReplacedFile| Replaced {
        revision: Id::from(file.revision),
        parents: ids(file.parents),
        depends_on: ids(file.depends_on),
        up: digests(file.up),
        down: digests(file.down),
    };
    Header {
        id: Id::from(file.revision),
        parents: ids(file.parents),
        depends_on: ids(file.depends_on),
        labels: file.labels,
        message: file.message,
        created: file.created.map(|Instant(created)| created),
        replaces: file.replaces.into_iter().map(replaced).collect(),
        transactional: file.transaction.is_none(),
    }
}

/// Reads a header in the form that `rev` itself writes, without the YAML parser. `None` for
/// anything unusual, right or wrong: the parser then has the word. A property test holds the two
/// equal.
fn simple(text: &str) -> Option<Header> {
    let mut id = None;
    let (mut parents, mut depends_on, mut labels) = (None, None, None);
    let (mut message, mut at) = (None, None);
    for line in text.split('\n') {
        if line.is_empty() {
            continue;
        }
        if let Some(comment) = line.strip_prefix('#') {
            if !comment.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                return None;
            }
            continue;
        }
        let (key, value) = line.split_once(": ")?;
        let fresh = match key {
            "revision" => id.replace(Id::from(simple_id(value)?)).is_none(),
            "parents" => parents.replace(simple_list(value, simple_id)?).is_none(),
            "depends_on" => depends_on.replace(simple_list(value, simple_label)?).is_none(),
            "labels" => labels.replace(simple_list(value, simple_label)?).is_none(),
            "message" => message.replace(simple_text(value)?).is_none(),
            "created" => at.replace(simple_instant(value)?).is_none(),
            _ => return None,
        };
        if !fresh {
            return None;
        }
    }
    let labels: Vec<Id> = labels.unwrap_or_default();
    Some(Header {
        id: id?,
        parents: parents.unwrap_or_default(),
        depends_on: depends_on.unwrap_or_default(),
        labels: labels.iter().map(|label| label.as_str().to_owned()).collect(),
        message: message.unwrap_or("").to_owned(),
        created: at,
        replaces: Vec::new(),
        transactional: true,
    })
}

fn simple_id(text: &str) -> Option<&str> {
    let is_name = !matches!(plain(text), Plain::Null | Plain::Bool);
    (is_name && check_id(text, "").is_ok()).then_some(text)
}

fn simple_label(text: &str) -> Option<&str> {
    let is_name = !matches!(plain(text), Plain::Null | Plain::Bool);
    (is_name && check_label(text, "").is_ok()).then_some(text)
}

fn simple_list(text: &str, item: impl Fn(&str) -> Option<&str>) -> Option<Vec<Id>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let mut ids: Vec<Id> = Vec::new();
    if inner.is_empty() {
        return Some(ids);
    }
    for word in inner.split(',') {
        let id = Id::from(item(word.trim_matches(' '))?);
        if ids.contains(&id) {
            return None;
        }
        ids.push(id);
    }
    Some(ids)
}

fn simple_text(text: &str) -> Option<&str> {
    let safe = |c: char| c.is_alphanumeric() || " _-.,/()'+=".contains(c);
    let is_simple = text.starts_with(char::is_alphabetic)
        && text.chars().all(safe)
        && !text.ends_with(' ')
        && plain(text) == Plain::Text;
    is_simple.then_some(text)
}

fn simple_instant(text: &str) -> Option<Created> {
    let safe = |byte: u8| byte.is_ascii_digit() || b"-T:Z+.".contains(&byte);
    let is_simple = text.ends_with('Z')
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(safe);
    if is_simple { instant(text) } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Lines like those of headers, right and wrong in small ways.
    fn line() -> impl Strategy<Value = String> {
        let key = proptest::sample::select(vec![
            "revision",
            "parents",
            "message",
            "created",
            "labels",
            "depends_on",
            "transaction",
            "up",
            "x",
            "",
            "# c",
            " ",
            "- a",
            "\"revision\"",
        ]);
        let gap = proptest::sample::select(vec![": ", ": ", ": ", ": ", ":", ":  ", " : ", ""]);
        let value = prop_oneof![
            proptest::sample::select(vec![
                "c0ffee9c1d0b",
                "[]",
                "[a]",
                "[a, b]",
                "[a,b]",
                "[ a , b ]",
                "[a, a]",
                "[a, ]",
                "[,a]",
                "[a b]",
                "[1.2]",
                "[no]",
                "[1e3]",
                "[head]",
                "[[a]]",
                "[a",
                "a]",
                "no",
                "null",
                "~",
                "0123",
                "1e3",
                "0x1f",
                "head",
                "a b",
                "a  b",
                "a ",
                "a # b",
                "a: b",
                "a, b",
                "it's",
                "'a'",
                "a.b-c/d",
                "2026-11-22T19:06:22Z",
                "2026-11-22",
                "2026-11-22T19:06:22+01:00",
                "2026-13-01T00:00:00Z",
                "20261122T190622Z",
                "true",
                "y",
                "-a",
                "a\tb",
                "ä ö",
                "\u{85}",
                "\u{feff}",
                "a\u{a0}b",
                "none",
                "",
                "|",
                ">",
                "a\r",
                "a=b",
                "(a)",
                "a+b",
                "a:b",
                "?a",
                "&a",
                "*a",
                "!a",
                "%a",
                "@a",
            ])
            .prop_map(str::to_owned),
            "[a-z0-9 _.,:#'\"\\[\\]-]{0,12}",
            ".{0,8}",
        ];
        (key, gap, value).prop_map(|(key, gap, value)| format!("{key}{gap}{value}"))
    }

    fn right_line() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z0-9]{1,6}".prop_map(|id| format!("revision: {id}")),
            "\\[([a-z0-9.]{1,3}(, ?[a-z0-9_]{1,3}){0,2})?\\]"
                .prop_map(|ids| format!("parents: {ids}")),
            "\\[([a-z0-9.]{1,3}(, ?[a-z0-9_]{1,3}){0,2})?\\]"
                .prop_map(|ids| format!("labels: {ids}")),
            "[a-zA-Z][a-zA-Z0-9 _.,/()'+=-]{0,12}".prop_map(|text| format!("message: {text}")),
            "202[0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00Z"
                .prop_map(|at| format!("created: {at}")),
            "# [ -~]{0,12}",
            Just(String::new()),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn a_simple_header_says_what_the_parser_says(
            lines in proptest::collection::vec(prop_oneof![1 => line(), 3 => right_line()], 0..6),
            end in "\n?",
        ) {
            let text = lines.join("\n") + &end;
            if let Some(simple) = simple(&text) {
                let mut problems = Problems::of("x");
                let parsed = parsed(&text, &mut problems);
                prop_assert_eq!(&problems.list, &[]);
                prop_assert_eq!(Some(simple), parsed);
            }
        }

        #[test]
        fn no_text_makes_the_reader_fall(text in prop_oneof![
            ".*",
            "[ -~\\n]{0,60}",
            "[a-c:\\[\\]{},#|>'\" \\n-]{0,40}",
            // A right beginning, and texts in every style behind it.
            "revision: a\nmessage: .{0,20}",
            "revision: a\nmessage: [|>][-+1-3]?\n[a-b#: \n\t-]{0,30}",
            "revision: a\nmessage: \"[a-b\\\\0nxu#: \r\n\t-]{0,20}\"",
            "revision: a\nmessage: '?[a-b\u{a0}\u{feff}ä☃#:,\\[\\]{} \r\n\t'-]{0,20}'?",
        ]) {
            // Of a block without a line's end behind it, readers do not agree on whether it has one.
            let text = text + "\n";
            let mut problems = Problems::of("x");
            let header = parsed(&text, &mut problems);
            prop_assert!(header.is_some() || !problems.list.is_empty());
            // The tree that was checked says what was read.
            if problems.list.is_empty() {
                let tree = problems.tree(&text).unwrap().unwrap();
                let file: RevisionFile = crate::store::yaml::typed_tree(&tree).unwrap();
                prop_assert_eq!(header, Some(super::header(file)));
            }
        }
    }

    #[test]
    fn what_rev_writes_takes_the_short_way() {
        let text = "# yaml-language-server: $schema=../.rev/revision.schema.json\n\
                    revision: c0ffee9c1d0b\nparents: [b1c1e55a0f2d, a0]\nmessage: add accounts\n\
                    created: 2026-11-22T19:06:22Z\nlabels: [billing]\ndepends_on: [v1.2]\n";
        assert!(simple(text).is_some());
    }

    #[test]
    fn a_header_ends_where_the_body_begins() {
        let yaml = |text: &str| yaml_end(text.as_bytes());
        assert_eq!(yaml("revision: a\nup: []\n"), Some(12));
        assert_eq!(yaml("revision: a\nmessage: |\n  x\n  up: y\ndown: z"), Some(35));
        assert_eq!(yaml("revision: a\nupper: b\n"), None);
        let sql = |text: &str| sql_end(text.as_bytes());
        assert_eq!(sql("-- revision: a\n\n-- rev: up\n"), Some(15));
        assert_eq!(sql("\n-- revision: a\n--rev:up"), Some(16));
        assert_eq!(sql("-- revision: a\nSELECT 1"), Some(15));
        assert_eq!(sql("-- revision: a\n-"), None);
        assert_eq!(sql("-- revision: a\n-- x"), None);
        assert_eq!(sql("SELECT 1"), Some(0));
    }
}
