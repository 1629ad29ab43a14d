//! Settings as the catalogue keeps them, and as a statement sets them.

use crate::text::{Dialect, ident, quote_literal};

/// The settings that hold a list of names, each of which is kept in quotes where it needs them.
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// A `name=value` of the catalogue as it stands behind SET: `name to 'value'`.
pub(in crate::db::postgres) fn setting(kept: &str) -> String {
    let (name, value) = kept.split_once('=').unwrap_or((kept, ""));
    let literal = |text: &str| quote_literal(Dialect::Postgres, text);
    let value = match LISTS.iter().any(|list| name.eq_ignore_ascii_case(list)) {
        true => {
            let names: Vec<String> = names(value).iter().map(|name| literal(name)).collect();
            match names.is_empty() {
                true => literal(""),
                false => names.join(", "),
            }
        }
        false => literal(value),
    };
    let name: Vec<String> = name.split('.').map(|part| ident(Dialect::Postgres, part)).collect();
    format!("{} to {value}", name.join("."))
}

/// The names of a list, without their quotes.
fn names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = list.trim_start();
    while !rest.is_empty() {
        let (name, behind) = match rest.strip_prefix('"') {
            Some(quoted) => in_quotes(quoted),
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (rest[..end].trim_end().to_owned(), &rest[end..])
            }
        };
        names.push(name);
        rest = behind.trim_start().trim_start_matches(',').trim_start();
    }
    names
}

/// The name up to the closing quote, and what stands behind it.
fn in_quotes(quoted: &str) -> (String, &str) {
    let mut name = String::new();
    let mut rest = quoted;
    while let Some((text, behind)) = rest.split_once('"') {
        name.push_str(text);
        match behind.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return (name, behind),
        }
    }
    (name + rest, "")
}

#[cfg(test)]
mod tests {
    use super::setting;

    #[test]
    fn a_setting_is_set_as_it_is_kept() {
        for (kept, set) in [
            ("work_mem=64MB", "work_mem to '64MB'"),
            ("search_path=\"\"", "search_path to ''"),
            ("search_path=", "search_path to ''"),
            (
                "search_path=pg_catalog, \"a \"\"b\"\", c\", pg_temp",
                "search_path to 'pg_catalog', 'a \"b\", c', 'pg_temp'",
            ),
            ("my.Own=a=b", "my.\"Own\" to 'a=b'"),
        ] {
            assert_eq!(setting(kept), set);
        }
    }
}
