//! The portable types: names that every dialect has a type for, and what each writes for them.

use serde_json::Value;

use super::unsupported::Unsupported;
use crate::model::{ByDialect, SqlText};
use crate::text::{Dialect, quote_literal};

/// A portable type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portable {
    /// `string(n)`: text of at most so many characters.
    String(u32),
    /// `char(n)`: text of so many characters, filled up with blanks.
    Char(u32),
    /// `text`.
    Text,
    /// `smallint`: 16 bits.
    Smallint,
    /// `integer`: 32 bits.
    Integer,
    /// `bigint`: 64 bits.
    Bigint,
    /// `decimal(p,s)`: exact, so many digits in all and behind the point.
    Decimal(u32, u32),
    /// `real`: 32 bits.
    Real,
    /// `double`: 64 bits.
    Double,
    /// `boolean`.
    Boolean,
    /// `date`.
    Date,
    /// `time`: of a day, without a zone.
    Time,
    /// `timestamp`: date and time without a zone.
    Timestamp,
    /// `timestamptz`: an instant.
    Timestamptz,
    /// `json`.
    Json,
    /// `uuid`.
    Uuid,
    /// `bytes`.
    Bytes,
}

impl Portable {
    /// The portable type that a text names, or `None`: then it is the dialect's own.
    pub fn parse(text: &str) -> Option<Portable> {
        let text = text.trim();
        let (name, arguments) = match text.split_once('(') {
            Some((name, rest)) => (name.trim_end(), rest.strip_suffix(')')?.split(',').collect()),
            None => (text, Vec::new()),
        };
        let arguments: Option<Vec<u32>> =
            arguments.iter().map(|argument| argument.trim().parse().ok()).collect();
        Some(match (name, arguments?.as_slice()) {
            ("string", [length]) => Portable::String(*length),
            ("char", [length]) => Portable::Char(*length),
            ("text", []) => Portable::Text,
            ("smallint", []) => Portable::Smallint,
            ("integer", []) => Portable::Integer,
            ("bigint", []) => Portable::Bigint,
            ("decimal", [precision]) => Portable::Decimal(*precision, 0),
            ("decimal", [precision, scale]) => Portable::Decimal(*precision, *scale),
            ("real", []) => Portable::Real,
            ("double", []) => Portable::Double,
            ("boolean", []) => Portable::Boolean,
            ("date", []) => Portable::Date,
            ("time", []) => Portable::Time,
            ("timestamp", []) => Portable::Timestamp,
            ("timestamptz", []) => Portable::Timestamptz,
            ("json", []) => Portable::Json,
            ("uuid", []) => Portable::Uuid,
            ("bytes", []) => Portable::Bytes,
            _ => return None,
        })
    }
}

/// A type as a file gives it to a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type<'a> {
    /// A portable one.
    Portable(Portable),
    /// The dialect's own, as it stands.
    Own(&'a str),
}

impl<'a> Type<'a> {
    /// The type that a plain text names.
    pub(super) fn plain(text: &'a str) -> Self {
        Portable::parse(text).map_or(Type::Own(text), Type::Portable)
    }

    /// The type for a dialect. One that is given by dialect is always its own; one of a table that was
    /// read from a database is, too.
    pub(super) fn of(text: &'a SqlText, dialect: Dialect, path: &str) -> Result<Self, Unsupported> {
        let name = super::clauses::text_for(text, dialect, path)?;
        Ok(match text {
            ByDialect::All(_) => Type::plain(name),
            ByDialect::Each(_) => Type::Own(name),
        })
    }

    /// The words for it.
    pub(super) fn name(self, types: &dyn Types) -> String {
        match self {
            Type::Portable(portable) => types.name(portable),
            Type::Own(own) => super::clauses::closed(own),
        }
    }

    /// The portable type by which its values are written.
    pub(super) fn nearest(self, types: &dyn Types) -> Option<Portable> {
        match self {
            Type::Portable(portable) => Some(portable),
            Type::Own(own) => types.nearest(own),
        }
    }
}

/// How a dialect writes types and their values.
pub trait Types: Sync {
    /// The dialect.
    fn dialect(&self) -> Dialect;
    /// Its type for a portable one.
    fn name(&self, portable: Portable) -> String;
    /// The portable type whose values are written as those of one of its own.
    fn nearest(&self, own: &str) -> Option<Portable> {
        Portable::parse(&own.to_ascii_lowercase())
    }
    /// True or false.
    fn boolean(&self, value: bool) -> &'static str {
        if value { "true" } else { "false" }
    }
    /// Bytes, from lower-case hexadecimal digits.
    fn bytes(&self, hex: &str) -> String {
        format!("x'{hex}'")
    }
    /// A date and time without a zone.
    fn timestamp(&self, value: jiff::civil::DateTime) -> String {
        quote_literal(self.dialect(), &value.to_string().replace('T', " "))
    }
    /// An instant.
    fn timestamptz(&self, value: jiff::Timestamp) -> String {
        let utc = value.to_zoned(jiff::tz::TimeZone::UTC).datetime();
        quote_literal(self.dialect(), &format!("{}+00:00", utc.to_string().replace('T', " ")))
    }
    /// A number with a point that a decimal takes, as written; or why it cannot be kept exactly.
    fn decimal(&self, digits: &str) -> Result<String, String> {
        Ok(digits.to_owned())
    }
    /// A value of JSON, from its text.
    fn json(&self, text: &str) -> String {
        quote_literal(self.dialect(), text)
    }
    /// A value of a type that only this dialect has, such as an array; `None`: it is written as others.
    fn own_value(&self, own: &str, value: &Value) -> Option<Result<String, String>> {
        let _ = (own, value);
        None
    }
}
