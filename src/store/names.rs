//! The names that a store gives: ids, labels and tags, and the names of new files.

use jiff::Zoned;
use serde::{Deserialize, Serialize};

use super::complaint::Complaint;
use super::problems::one_of;

/// The words that the grammar of names keeps for itself.
pub(super) const RESERVED: [&str; 4] = ["head", "heads", "base", "current"];

/// The schema of a text with a meaning: its `format` is what `check_word` knows it by.
pub(super) fn word(format: &str) -> serde_json::Value {
    let pattern = match format {
        "id" => "^[A-Za-z0-9_]+$",
        "label" | "dependency" => "^[A-Za-z0-9_.]+$",
        _ => return serde_json::json!({"type": "string", "format": format}),
    };
    serde_json::json!({"type": "string", "format": format, "pattern": pattern})
}

/// Whether the text may be a revision's id.
pub(super) fn check_id(id: &str, what: &str) -> Result<(), Complaint> {
    check(id, what, "letters, digits and _", |c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether the text may be a label or a tag.
pub(super) fn check_label(label: &str, what: &str) -> Result<(), Complaint> {
    check(label, what, "letters, digits, _ and .", |c| {
        c.is_ascii_alphanumeric() || c == '_' || c == '.'
    })
}

/// Whether the text may be a new tag, which is the name of a file as well.
pub(super) fn check_tag(tag: &str) -> Result<(), Complaint> {
    let allowed = "letters, digits, _, . and -, and begin with neither . nor -";
    check(tag, "tag", allowed, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))?;
    match tag.starts_with(['.', '-']) {
        false => Ok(()),
        true => Err(Complaint::new(format!("{tag:?} cannot be a tag"), &format!("use {allowed}"))),
    }
}

fn check(
    name: &str,
    what: &str,
    allowed: &str,
    is: impl Fn(char) -> bool,
) -> Result<(), Complaint> {
    if RESERVED.contains(&name) {
        let hint = format!("{} are reserved words", one_of(&RESERVED).replace(" or ", " and "));
        return Err(Complaint::new(format!("{name:?} cannot be a {what}"), &hint));
    }
    if name.is_empty() || !name.chars().all(is) {
        return Err(Complaint::new(
            format!("{name:?} cannot be a {what}"),
            &format!("use {allowed}"),
        ));
    }
    Ok(())
}

/// How many characters of a message go into a file's name.
const SLUG: usize = 40;

/// The template of new files' names.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(try_from = "String")]
pub(super) struct FileName(String);

impl Default for FileName {
    fn default() -> Self {
        FileName("{date}_{id}_{slug}".to_owned())
    }
}

impl TryFrom<String> for FileName {
    type Error = Complaint;

    fn try_from(template: String) -> Result<Self, Complaint> {
        let hint = format!("the fields are {}", FileName::FIELDS.join(", "));
        match FileName::parts(&template) {
            Ok(_) => Ok(FileName(template)),
            Err(message) => Err(Complaint::new(message, &hint)),
        }
    }
}

enum Part<'a> {
    Text(&'a str),
    Field(&'static str),
}

impl FileName {
    /// The fields, without their braces.
    pub const FIELDS: &'static [&'static str] = &[
        "id", "slug", "date", "datetime", "epoch", "year", "month", "day", "hour", "minute",
        "second",
    ];

    fn parts(template: &str) -> Result<Vec<Part<'_>>, String> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some(open) = rest.find(['{', '}']) {
            let (text, field) = rest.split_at(open);
            let Some((field, after)) =
                field.strip_prefix('{').and_then(|field| field.split_once('}'))
            else {
                return Err(format!("file_name has an unbalanced brace: {template:?}"));
            };
            let Some(known) = Self::FIELDS.iter().find(|known| **known == field) else {
                return Err(format!("file_name has an unknown field {{{field}}}"));
            };
            parts.push(Part::Text(text));
            parts.push(Part::Field(known));
            rest = after;
        }
        parts.push(Part::Text(rest));
        if !parts.iter().any(|part| matches!(part, Part::Field("id"))) {
            return Err("file_name must hold {id}".to_owned());
        }
        let is_hidden = |step: &str| step.is_empty() || step.starts_with('.');
        if template.contains(['\\', '\0']) || template.split('/').any(is_hidden) {
            return Err(format!("file_name is not a path below the folder: {template:?}"));
        }
        Ok(parts)
    }

    /// The name of a revision's file, without its ending; `/` between folders.
    pub fn render(&self, id: &str, message: &str, at: &Zoned) -> String {
        let mut name = String::new();
        // A template is looked at when it is read.
        for part in FileName::parts(&self.0).unwrap_or_default() {
            match part {
                Part::Text(text) => name.push_str(text),
                Part::Field(field) => name.push_str(&value(field, id, message, at)),
            }
        }
        // Without a message there is nothing behind the last separator.
        let steps = name.split('/').map(|step| step.trim_end_matches(['_', '-', ' ', '.']));
        steps.filter(|step| !step.is_empty()).collect::<Vec<_>>().join("/")
    }
}

fn value(field: &str, id: &str, message: &str, at: &Zoned) -> String {
    match field {
        "id" => id.to_owned(),
        "slug" => slug(message),
        "date" => at.strftime("%Y%m%d").to_string(),
        "datetime" => at.strftime("%Y%m%d%H%M%S").to_string(),
        "epoch" => at.timestamp().as_second().to_string(),
        "year" => at.strftime("%Y").to_string(),
        "month" => at.strftime("%m").to_string(),
        "day" => at.strftime("%d").to_string(),
        "hour" => at.strftime("%H").to_string(),
        "minute" => at.strftime("%M").to_string(),
        _ => at.strftime("%S").to_string(),
    }
}

/// The words of a message's first line in small letters, joined by `_`, as many as fit.
fn slug(message: &str) -> String {
    let line = message.lines().next().unwrap_or("").to_lowercase();
    let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        let length = slug.chars().count() + word.chars().count();
        if slug.is_empty() {
            slug.extend(word.chars().take(SLUG));
        } else if length < SLUG {
            slug.push('_');
            slug.push_str(word);
        } else {
            break;
        }
    }
    slug
}
