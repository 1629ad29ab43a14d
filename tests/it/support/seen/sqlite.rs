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

/// What is seen of a file as a whole, rows aside. A table may be written in many ways that mean the
/// same: of it the pragmas count, the names of its constraints and its checks.
pub fn whole(db: &TestDb) -> Seen {
    let mut seen = Seen::default();
    let own = "name NOT LIKE 'rev\\_%' ESCAPE '\\' AND tbl_name NOT LIKE 'rev\\_%' ESCAPE '\\' \
               AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name <> 'alembic_version'";
    let tables = db.query(
        "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' \
         AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
         AND name NOT LIKE 'rev\\_%' ESCAPE '\\' AND name <> 'alembic_version'",
    );
    for table in &tables {
        seen.objects.insert(format!("table {table:?}"));
    }
    let named = |name: &str| tables.iter().any(|table| table[0] == name);
    for row in db.query(&format!(
        "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema WHERE {own}"
    )) {
        if row[0] != "table" {
            // A trigger is for each row, whether it says so or not.
            let text = normal(&row[3]).replace(" for each row", "").replace(" before ", " ");
            // Nor do brackets around an expression of an index count.
            let text = match row[0].as_str() {
                "index" => text
                    .replace(" asc", "")
                    .replace(" collate binary", "")
                    .replace(['(', ')', ' '], ""),
                _ => text,
            };
            seen.objects.insert(format!("{} {} on {}: {text}", row[0], row[1], row[2]));
            continue;
        }
        if named(&row[1]) {
            let tokens = tokens(&row[3]);
            for (at, token) in tokens.iter().enumerate() {
                match token.as_str() {
                    // Names of what is no constraint, such as a default, are not kept.
                    "constraint"
                        if tokens.get(at + 2).is_some_and(|kind| {
                            ["primary", "unique", "check", "foreign", "references"]
                                .contains(&kind.as_str())
                        }) =>
                    {
                        let name = tokens[at + 1].replace(['\'', '"'], "");
                        seen.objects.insert(format!("{}: constraint {name}", row[1]));
                    }
                    "check" if tokens.get(at + 1).is_some_and(|next| next == "(") => {
                        seen.objects.insert(format!(
                            "{}: check {}",
                            row[1],
                            group(&tokens[at + 1..])
                        ));
                    }
                    _ => {}
                }
            }
        }
    }
    let parts = [
        // Another name for the rowid is never NULL, whether it says so or not.
        (
            "column",
            "m.name, x.name, lower(x.type), \
          iif(x.pk AND (lower(x.type) = 'integer' OR m.sql LIKE '%rowid%'), 1, x.\"notnull\"), x.dflt_value, x.pk, x.hidden \
          FROM sqlite_schema m, pragma_table_xinfo(m.name) x",
        ),
        (
            "key",
            "m.name, group_concat(x.\"from\", ','), x.\"table\", \
          group_concat(coalesce(x.\"to\", (SELECT p.name FROM pragma_table_info(x.\"table\") p WHERE p.pk = x.seq + 1)), ','), \
          x.on_update, x.on_delete FROM sqlite_schema m, pragma_foreign_key_list(m.name) x",
        ),
        (
            "index",
            "m.name, i.\"unique\", i.origin, i.partial, group_concat(coalesce(x.name, '') || ' ' || x.desc || ' ' || x.coll, ','), '', '' \
          FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x",
        ),
    ];
    for (what, select) in parts {
        let group = match what {
            "key" => " GROUP BY m.name, x.id",
            "index" => " AND x.key GROUP BY m.name, i.name",
            _ => "",
        };
        let sql = format!(
            "SELECT {select} WHERE m.type = 'table' AND m.{}{group}",
            own.replace("tbl_name", "m.tbl_name").replace("AND name", "AND m.name")
        );
        for row in db.query(&sql) {
            if named(&row[0]) {
                let row: Vec<String> = row.iter().map(|value| normal(value)).collect();
                seen.objects.insert(format!("{what} {row:?}"));
            }
        }
    }
    seen
}

/// The tokens of a group in brackets, needless brackets taken off.
fn group(tokens: &[String]) -> String {
    let mut depth = 0;
    let end = tokens.iter().position(|token| {
        match token.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    tokens[..=end.unwrap_or(tokens.len() - 1)].join(" ")
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
            let lower = text.to_ascii_lowercase();
            let safe =
                lower.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
                    && text.starts_with(|c: char| !c.is_ascii_digit());
            tokens.push(match c {
                '\'' => format!("'{text}'"),
                _ if safe => lower,
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
