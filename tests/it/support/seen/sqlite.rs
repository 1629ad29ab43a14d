//! SQLite through `sqlite3`: what `sqlite_schema` says, and whether the file is whole.

use std::collections::BTreeMap;

use super::{Row, Seen};
use crate::support::TestDb;
use crate::support::ground::Place;

/// What is seen of a place.
pub fn see(place: &Place) -> Seen {
    let db = place.file.as_ref().expect("a file");
    let mut seen = Seen::default();
    let found = db.query(
        "SELECT 'object', type || ' ' || name, coalesce(sql, 'on ' || tbl_name), '' FROM sqlite_schema \
         WHERE name NOT LIKE 'rev\\_%' ESCAPE '\\' AND tbl_name NOT LIKE 'rev\\_%' ESCAPE '\\' \
         AND name NOT IN ('sqlite_sequence') \
         UNION ALL SELECT 'column', m.name, x.name, '' FROM sqlite_schema m, pragma_table_xinfo(m.name) x \
         WHERE m.type = 'table' AND m.name NOT LIKE 'rev\\_%' ESCAPE '\\' \
         AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         UNION ALL SELECT 'problem', integrity_check, '', '' FROM pragma_integrity_check \
         WHERE integrity_check <> 'ok' \
         UNION ALL SELECT 'problem', \"table\", coalesce(rowid, ''), parent FROM pragma_foreign_key_check",
    );
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mut row in found {
        match row[0].as_str() {
            "object" => {
                seen.objects.insert(format!("{}: {}", row[1], normal(&row[2])));
            }
            "column" => tables.entry(row.remove(1)).or_default().push(row.remove(1)),
            _ => {
                seen.objects.insert(format!("{row:?}"));
            }
        }
    }
    rows(db, &tables, &mut seen);
    seen
}

fn rows(db: &TestDb, tables: &BTreeMap<String, Vec<String>>, seen: &mut Seen) {
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let selects: Vec<String> = tables
        .iter()
        .enumerate()
        .map(|(at, (table, columns))| {
            let values: Vec<String> =
                columns.iter().map(|name| format!("quote({})", quoted(name))).collect();
            format!("SELECT {at}, {} FROM {}", values.join(" || char(29) || "), quoted(table))
        })
        .collect();
    for table in tables.keys() {
        seen.rows.insert(table.clone(), Vec::new());
    }
    if selects.is_empty() {
        return;
    }
    let tables: Vec<_> = tables.iter().collect();
    for row in db.query(&selects.join("\nUNION ALL\n")) {
        let (table, columns) = tables[row[0].parse::<usize>().expect("a number")];
        let values = row[1].split('\x1d').map(|value| (value != "NULL").then(|| value.to_owned()));
        let values: Row = columns.iter().cloned().zip(values).collect();
        seen.rows.entry(table.clone()).or_default().push(values);
    }
}

/// The text of a statement without layout, comments, needless quotes and the case of words; the parts
/// of a table's body in the order of their letters.
fn normal(sql: &str) -> String {
    let tokens = tokens(sql);
    let is_table = tokens.first().is_some_and(|first| first == "create")
        && tokens.iter().take(4).any(|token| token == "table");
    let Some(open) = tokens.iter().position(|token| token == "(").filter(|_| is_table) else {
        return tokens.join(" ");
    };
    let (mut parts, mut part, mut depth, mut end) = (Vec::new(), Vec::new(), 0, tokens.len());
    for (at, token) in tokens.iter().enumerate().skip(open + 1) {
        match token.as_str() {
            ")" if depth == 0 => {
                end = at;
                break;
            }
            "," if depth == 0 => parts.push(clauses(&std::mem::take(&mut part))),
            _ => {
                depth += i32::from(token == "(") - i32::from(token == ")");
                part.push(token.as_str());
            }
        }
    }
    parts.push(clauses(&part));
    parts.sort();
    let (before, after) = (tokens[..open].join(" "), tokens[end..].join(" "));
    format!("{before} (\n  {}\n{after}", parts.join("\n  "))
}

/// A column or constraint with its clauses in the order of their letters, without a collation that is
/// the one that every column has.
fn clauses(part: &[&str]) -> String {
    const BEGIN: [&str; 11] = [
        "not",
        "null",
        "default",
        "collate",
        "primary",
        "unique",
        "check",
        "references",
        "generated",
        "as",
        "constraint",
    ];
    let (mut clauses, mut depth, mut named): (Vec<Vec<&str>>, i32, bool) = (vec![vec![]], 0, false);
    if part.first().is_some_and(|first| BEGIN.contains(first) || *first == "foreign") {
        return part.join(" ");
    }
    for (at, token) in part.iter().enumerate() {
        // What follows its name, NOT, DEFAULT, SET or ALWAYS belongs to it.
        let last = if at == 0 { "" } else { part[at - 1] };
        let goes_on = matches!(last, "not" | "default" | "set" | "always") || named;
        if at > 0 && depth == 0 && BEGIN.contains(token) && !goes_on {
            clauses.push(Vec::new());
        }
        named = clauses.last().is_some_and(|clause| clause.len() == 1 && clause[0] == "constraint");
        depth += i32::from(*token == "(") - i32::from(*token == ")");
        clauses.last_mut().expect("one").push(token);
    }
    let head = clauses.remove(0).join(" ");
    let mut rest: Vec<String> = clauses.iter().map(|clause| clause.join(" ")).collect();
    rest.retain(|clause| clause != "collate binary");
    rest.sort();
    std::iter::once(head).chain(rest).collect::<Vec<_>>().join(" ")
}

fn tokens(sql: &str) -> Vec<String> {
    let chars: Vec<char> = sql.chars().collect();
    let (mut tokens, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let c = chars[at];
        let starts = |text: &str| chars[at..].iter().take(2).copied().eq(text.chars());
        if c.is_whitespace() {
            at += 1;
        } else if starts("--") {
            at += chars[at..].iter().take_while(|c| **c != '\n').count();
        } else if starts("/*") {
            let rest: String = chars[at..].iter().collect();
            at +=
                rest.find("*/").map_or(rest.chars().count(), |end| rest[..end + 2].chars().count());
        } else if matches!(c, '\'' | '"' | '`' | '[') {
            let close = if c == '[' { ']' } else { c };
            let (mut text, mut end) = (String::new(), at + 1);
            while end < chars.len() {
                if chars[end] == close {
                    if c != '[' && chars.get(end + 1) == Some(&close) {
                        text.push(close);
                        end += 2;
                        continue;
                    }
                    break;
                }
                text.push(chars[end]);
                end += 1;
            }
            at = end + 1;
            let safe =
                text.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
                    && text.starts_with(|c: char| !c.is_ascii_digit());
            tokens.push(match c {
                '\'' => format!("'{text}'"),
                _ if safe => text,
                _ => format!("\"{text}\""),
            });
        } else if c.is_alphanumeric() || c == '_' {
            let length = chars[at..]
                .iter()
                .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
                .count();
            tokens.push(chars[at..at + length].iter().collect::<String>().to_lowercase());
            at += length;
        } else {
            tokens.push(c.to_string());
            at += 1;
        }
    }
    tokens
}

#[test]
fn layout_quotes_and_the_order_of_columns_do_not_count() {
    let one = normal(
        "CREATE TABLE \"t\" (a INTEGER, -- the first\n  b text CHECK (b IN ('X, y', 'z')) )",
    );
    let two = normal("create table t(b TEXT check(b in('X, y','z')), a integer)");
    assert_eq!(one, two);
    assert_ne!(one, normal("CREATE TABLE t (b TEXT CHECK (b IN ('x, y', 'z')), a integer)"));
    assert_eq!(
        normal("CREATE TABLE t (b text DEFAULT 'x' NOT NULL COLLATE binary)"),
        normal("CREATE TABLE t (b text NOT NULL DEFAULT 'x')")
    );
    assert_ne!(normal("CREATE TABLE \"T x\" (a)"), normal("CREATE TABLE \"t x\" (a)"));
}
