//! The formats of the texts in a document, as its JSON Schema names them, and what each asks for.

use super::complaint::Complaint;
use super::names::{FileName, check_id, check_label};
use super::scalar::{Instant, Timeout, Zone};
use crate::model::{Pattern, PatternError};

/// Whether a text of this format may be written as a number without quotes: its digits are kept.
pub(super) fn may_be_number(format: &str) -> bool {
    matches!(format, "id" | "store-id" | "label" | "dependency" | "digest" | "timeout")
}

/// Whether a text has the meaning that its format asks for.
pub(super) fn check_word(format: &str, text: &str, key: &str) -> Result<(), Complaint> {
    match format {
        "id" => check_id(text, "revision's id"),
        "dependency" => check_label(text, "revision's id or label"),
        "label" | "tag" => check_label(text, format),
        "store-id" => check_store_id(text),
        "table-prefix" => check_table_prefix(text),
        "file-name" => FileName::try_from(text.to_owned()).map(|_| ()),
        "time-zone" => Zone::try_from(text.to_owned()).map(|_| ()),
        "timeout" => Timeout::try_from(text.to_owned()).map(|_| ()).map_err(|complaint| {
            Complaint { message: format!("{key} must be a duration"), ..complaint }
        }),
        "name" => check_name_template(text, key),
        "pattern" => text
            .parse::<Pattern>()
            .map(|_| ())
            .map_err(|PatternError { message, hint }| Complaint { message, hint: Some(hint) }),
        "hex" => check_hex(text),
        "base64" => check_base64(text),
        "date-time" => Instant::try_from(text.to_owned()).map(|_| ()),
        _ => Ok(()),
    }
}

fn check_name_template(text: &str, key: &str) -> Result<(), Complaint> {
    let known: &[&str] = match key {
        "foreign_key" => &["table", "columns", "references"],
        _ => &["table", "columns"],
    };
    let shown = known.iter().map(|field| format!("{{{field}}}")).collect::<Vec<_>>().join(", ");
    let hint = format!("the fields are {shown}");
    let mut rest = text;
    let mut fields = 0;
    while let Some(open) = rest.find(['{', '}']) {
        let field = rest[open..].strip_prefix('{').and_then(|field| field.split_once('}'));
        let Some((field, after)) = field else {
            let message = format!("{key} has an unbalanced brace: {text:?}");
            return Err(Complaint::new(message, &hint));
        };
        if !known.contains(&field) {
            return Err(Complaint::new(format!("{key} has an unknown field {{{field}}}"), &hint));
        }
        fields += 1;
        rest = after;
    }
    let message = || format!("{key} is the same name for everything: {text:?}");
    (fields > 0).then_some(()).ok_or_else(|| Complaint::new(message(), &hint))
}

fn check_hex(text: &str) -> Result<(), Complaint> {
    let is_right =
        text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let message = || "these are not bytes in hex".to_owned();
    is_right.then_some(()).ok_or_else(|| {
        Complaint::new(message(), "write two of 0-9 and a-f for each byte: {hex: \"00ff\"}")
    })
}

fn check_base64(text: &str) -> Result<(), Complaint> {
    let letters = text.trim_end_matches('=');
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let is_right = text.len().is_multiple_of(4)
        && text.len() - letters.len() <= 2
        && letters.bytes().all(is_letter);
    is_right.then_some(()).ok_or_else(|| {
        let hint = "write A-Z, a-z, 0-9, + and /, filled up with = to a multiple of four";
        Complaint::new("these are not bytes in base64".to_owned(), hint)
    })
}

fn check_store_id(text: &str) -> Result<(), Complaint> {
    let is_right = (8..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let message = || format!("the id of the store is not valid: {text:?}");
    let hint = "8 to 64 letters, digits and -; `rev init --new-id` writes a new one";
    is_right.then_some(()).ok_or_else(|| Complaint::new(message(), hint))
}

fn check_table_prefix(text: &str) -> Result<(), Complaint> {
    let is_right = text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let message = || format!("table_prefix is not valid in a table name: {text:?}");
    let hint = "letters, digits and _, beginning with no digit, at most 40";
    is_right.then_some(()).ok_or_else(|| Complaint::new(message(), hint))
}
