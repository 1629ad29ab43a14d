//! Values as literals of a dialect, exactly.

use serde_json::{Map, Value};

use super::clauses::closed;
use super::temporal;
use super::types::{Portable, Type, Types};
use crate::model::operation::DefaultValue;
use crate::text::quote_literal;

/// A value of a type, or `{sql: …}`, as SQL; else what is wrong with it.
pub(super) fn literal(types: &dyn Types, of: Type<'_>, value: &Value) -> Result<String, String> {
    if value.is_null() {
        return Ok("NULL".to_owned());
    }
    if let Some(sql) = expression(types, value)? {
        return Ok(sql);
    }
    if let Type::Own(own) = of
        && let Some(written) = types.own_value(own, value)
    {
        return written;
    }
    match of.nearest(types) {
        Some(portable) => typed(types, portable, value),
        None => untyped(types, value),
    }
}

/// A default of a column of a type.
pub(super) fn default(
    types: &dyn Types,
    of: Type<'_>,
    value: &DefaultValue,
) -> Result<String, String> {
    match value {
        DefaultValue::Literal(value) => literal(types, of, value),
        DefaultValue::Sql(sql) => sql
            .get(types.dialect())
            .map(|sql| closed(sql))
            .ok_or_else(|| format!("the expression has no entry for {}", types.dialect())),
    }
}

/// The expression of `{sql: …}`.
fn expression(types: &dyn Types, value: &Value) -> Result<Option<String>, String> {
    let Value::Object(map) = value else { return Ok(None) };
    let (1, Some(sql)) = (map.len(), map.get("sql")) else { return Ok(None) };
    let dialect = types.dialect();
    let text = match sql {
        Value::String(sql) => Some(sql),
        Value::Object(each) => [Some(dialect), dialect.fallback()]
            .into_iter()
            .flatten()
            .find_map(|dialect| each.get(dialect.name()))
            .and_then(|sql| match sql {
                Value::String(sql) => Some(sql),
                _ => None,
            }),
        _ => None,
    };
    match text {
        Some(sql) => Ok(Some(closed(sql))),
        None => Err(format!("the expression has no entry for {dialect}")),
    }
}

/// A value whose type nobody knows here: a number, a text, true or false say what they are.
fn untyped(types: &dyn Types, value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok("NULL".to_owned()),
        Value::Bool(value) => Ok(types.boolean(*value).to_owned()),
        Value::Number(number) => Ok(number.to_string()),
        Value::String(text) => string(types, text),
        Value::Array(_) => Err("a list is only allowed for a json column".to_owned()),
        Value::Object(map) => match bytes(map)? {
            Some(hex) => Ok(types.bytes(&hex)),
            None => Err("a map is only allowed for a json column".to_owned()),
        },
    }
}

fn typed(types: &dyn Types, portable: Portable, value: &Value) -> Result<String, String> {
    let text = match (portable, value) {
        (Portable::Json, value) => return json(types, value),
        (Portable::Bytes, Value::Object(map)) => {
            let hex = bytes(map)?.ok_or("bytes are written {base64: …} or {hex: …}")?;
            return Ok(types.bytes(&hex));
        }
        (Portable::Bytes, _) => return Err("bytes are written {base64: …} or {hex: …}".to_owned()),
        (Portable::Boolean, Value::Bool(value)) => return Ok(types.boolean(*value).to_owned()),
        (Portable::Boolean, _) => return Err("a boolean is written true or false".to_owned()),
        (_, Value::Number(number)) if !is_numeric(portable) => {
            return Err(format!("{number} is a number: write it in quotes"));
        }
        (_, Value::Number(number)) => number.to_string(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(value)) => {
            return Err(format!("{value} is a boolean, which the column does not accept"));
        }
        (_, _) => return Err("a list or map is only allowed for a json column".to_owned()),
    };
    match portable {
        Portable::String(most) | Portable::Char(most) => {
            let length = text.chars().count();
            if length > most as usize {
                return Err(format!("the text has {length} characters, the column takes {most}"));
            }
            string(types, &text)
        }
        Portable::Text => string(types, &text),
        Portable::Smallint => integer(&text, i64::from(i16::MIN), i64::from(i16::MAX)),
        Portable::Integer => integer(&text, i64::from(i32::MIN), i64::from(i32::MAX)),
        Portable::Bigint => integer(&text, i64::MIN, i64::MAX),
        Portable::Decimal(precision, scale) => decimal(types, &text, precision, scale),
        // What is no number for 32 bits is too large for them.
        Portable::Real if text.parse().is_ok_and(f32::is_infinite) => {
            Err(format!("{text} is out of range for the column"))
        }
        Portable::Real | Portable::Double => float(&text),
        Portable::Date => match temporal::date(&text) {
            Some(date) => Ok(quote_literal(types.dialect(), &date.to_string())),
            None => Err(format!("{text:?} is not a date: write it as 2026-01-31")),
        },
        Portable::Time => match temporal::time(&text) {
            Some(time) => Ok(quote_literal(types.dialect(), &time.to_string())),
            None => Err(format!("{text:?} is not a time of day: write it as 23:59:58.123456")),
        },
        Portable::Timestamp => temporal::timestamp(&text).map_or_else(
            || {
                Err(format!(
                    "{text:?} is not a timestamp without time zone: write it as 2026-01-31 23:59:58"
                ))
            },
            |value| Ok(types.timestamp(value)),
        ),
        Portable::Timestamptz => temporal::timestamptz(&text).map_or_else(
            || Err(format!("{text:?} is not a timestamp with time zone: write it as 2026-01-31T23:59:58+01:00")),
            |value| Ok(types.timestamptz(value)),
        ),
        Portable::Uuid => uuid(types, &text),
        Portable::Json | Portable::Bytes | Portable::Boolean => untyped(types, value),
    }
}

fn is_numeric(portable: Portable) -> bool {
    use Portable::{Bigint, Decimal, Double, Integer, Real, Smallint};
    matches!(portable, Smallint | Integer | Bigint | Decimal(..) | Real | Double)
}

/// A text. None of the servers keeps a NUL in one everywhere.
pub(super) fn string(types: &dyn Types, text: &str) -> Result<String, String> {
    if text.contains('\0') {
        return Err("the text holds a NUL, which no text column can store".to_owned());
    }
    Ok(quote_literal(types.dialect(), text))
}

fn integer(text: &str, least: i64, most: i64) -> Result<String, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{text:?} is not a whole number"));
    }
    match text.parse::<i64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number.to_string()),
        _ => Err(format!("{text} is out of range for the column: {least} to {most}")),
    }
}

fn decimal(types: &dyn Types, text: &str, precision: u32, scale: u32) -> Result<String, String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return Err(format!("{text:?} is not a decimal: write it as 12.50"));
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    if fraction.len() > scale as usize {
        return Err(format!("{text} has more than {scale} digits after the decimal point"));
    }
    if whole.len() > precision.saturating_sub(scale) as usize {
        return Err(format!(
            "{text} has more than {} digits before the decimal point",
            precision.saturating_sub(scale)
        ));
    }
    types.decimal(text)
}

fn float(text: &str) -> Result<String, String> {
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && text.chars().all(numeric) => {
            Ok(text.trim_start_matches('+').to_owned())
        }
        _ => Err(format!("{text:?} is not a number")),
    }
}

fn uuid(types: &dyn Types, text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let is = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !is {
        return Err(format!("{text:?} is not a uuid"));
    }
    Ok(quote_literal(types.dialect(), &text.to_ascii_lowercase()))
}

/// A text is the JSON itself; all else is a value of it.
fn json(types: &dyn Types, value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() => {
            Ok(types.json(text))
        }
        Value::String(text) => {
            Err(format!("{text:?} is not JSON; a text in JSON has quotes of its own: '\"…\"'"))
        }
        value => Ok(types.json(&value.to_string())),
    }
}

/// The hexadecimal digits of `{base64: …}` or `{hex: …}`.
pub(super) fn bytes(map: &Map<String, Value>) -> Result<Option<String>, String> {
    let of = |key| (map.len() == 1).then(|| map.get(key).and_then(Value::as_str)).flatten();
    if let Some(hex) = of("hex") {
        let is = hex.len().is_multiple_of(2) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        return match is {
            true => Ok(Some(hex.to_ascii_lowercase())),
            false => Err(format!("{hex:?} is not pairs of hexadecimal digits")),
        };
    }
    match of("base64") {
        None => Ok(None),
        Some(text) => match from_base64(text) {
            Some(bytes) => {
                Ok(Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
            }
            None => Err(format!("{text:?} is not base64")),
        },
    }
}

/// The bytes of base64, in its usual alphabet; blanks and line ends do not count.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let digits = text.iter().position(|byte| *byte == b'=').unwrap_or(text.len());
    let (digits, padding) = text.split_at(digits);
    if !text.len().is_multiple_of(4)
        || padding.len() > 2
        || padding.iter().any(|byte| *byte != b'=')
    {
        return None;
    }
    let (mut bits, mut held, mut bytes) = (0u32, 0, Vec::with_capacity(text.len() / 4 * 3));
    for digit in digits {
        let value = ALPHABET.iter().position(|own| own == digit)?;
        bits = (bits << 6) | u32::try_from(value).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
        }
    }
    Some(bytes)
}
