//! The portable types: names that every dialect has a type for.

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
