//! Values of a type for rows that are made up.

use serde_json::{Value, json};

use super::literal::literal;
use super::lowering;
use super::types::{Portable, Type};
use crate::text::{Dialect, quote_literal};

/// A value of a type of the dialect, as SQL: another one for each number, as far as the type has several
/// (numbers below ten are told apart). Whole numbers begin behind `base`. `None`: the type is not known.
pub fn sample(dialect: Dialect, type_: &str, base: usize, number: usize) -> Option<String> {
    let types = lowering(dialect).types();
    if let Some(portable) = Type::plain(type_).nearest(types) {
        let value = portable_sample(portable, base, number);
        return literal(types, Type::Portable(portable), &value).ok();
    }
    let quoted = |text: &str| Some(quote_literal(dialect, text));
    let lower = type_.to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    let portable = |portable: Portable| {
        let value = portable_sample(portable, base, number);
        literal(types, Type::Portable(portable), &value).ok()
    };
    if lower.ends_with("[]") {
        return quoted("{}");
    }
    if begins(&["enum", "set"]) {
        let values: Vec<&str> = type_.split('\'').skip(1).step_by(2).collect();
        return quoted(values.get(number % values.len().max(1))?);
    }
    match () {
        () if begins(&["tinyint(1)"]) => portable(Portable::Boolean),
        () if begins(&["tinyint"]) => Some((base % 100 + number + 1).to_string()),
        () if begins(&["inet", "cidr"]) => quoted(&format!("192.0.2.{}", number + 1)),
        () if begins(&["interval"]) => quoted(&format!("{} days", number + 1)),
        () if begins(&["xml"]) => quoted("<a/>"),
        () if begins(&["bit"]) => Some(format!("b'{}'", number % 2)),
        () if begins(&["year"]) => Some((2001 + number).to_string()),
        () if lower.contains("int") && !lower.contains("point") => portable(Portable::Integer),
        () if lower.contains("char") || lower.contains("text") || lower.contains("clob") => {
            let length = lower.split(['(', ')']).nth(1).and_then(|length| length.parse().ok());
            portable(length.map_or(Portable::Text, Portable::String))
        }
        () if lower.contains("blob") || lower.contains("binary") => portable(Portable::Bytes),
        () if begins(&["float", "double", "real", "dec", "num", "fixed", "money"]) => {
            Some((number + 1).to_string())
        }
        () if begins(&["datetime", "timestamp"]) => portable(Portable::Timestamp),
        () if begins(&["date"]) => portable(Portable::Date),
        () if begins(&["time"]) => portable(Portable::Time),
        () if lower.trim().is_empty() => portable(Portable::Text),
        () => None,
    }
}

fn portable_sample(portable: Portable, base: usize, number: usize) -> Value {
    let text = |length: u32| {
        let text = format!("rev {number}");
        // A short column takes the part that tells it apart.
        let skipped = text.len().saturating_sub(length as usize);
        json!(text.chars().skip(skipped).collect::<String>())
    };
    match portable {
        Portable::String(length) | Portable::Char(length) => text(length),
        Portable::Text => text(u32::MAX),
        Portable::Smallint | Portable::Integer | Portable::Bigint => json!(base + number + 1),
        Portable::Decimal(..) | Portable::Real | Portable::Double => json!(number + 1),
        Portable::Boolean => json!(number.is_multiple_of(2)),
        Portable::Date => json!(format!("2001-01-0{}", number % 9 + 1)),
        Portable::Time => json!(format!("00:00:0{}", number % 10)),
        Portable::Timestamp => json!(format!("2001-01-0{}T00:00:00", number % 9 + 1)),
        Portable::Timestamptz => json!(format!("2001-01-0{}T00:00:00Z", number % 9 + 1)),
        Portable::Json => json!({"rev": number}),
        Portable::Uuid => json!(format!("00000000-0000-4000-8000-{number:012}")),
        Portable::Bytes => json!({"hex": format!("0{}", number % 10)}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_type_are_told_apart() {
        for (dialect, types) in [
            (
                Dialect::Postgres,
                "bigint, varchar(3), numeric(4,2), timestamptz, jsonb, uuid, bytea, inet",
            ),
            (
                Dialect::Mariadb,
                "int, tinyint, enum('a','b'), varchar(1), mediumtext, datetime(6), year",
            ),
            (Dialect::Sqlite, "INTEGER, TEXT, NVARCHAR(9), BLOB, NUMERIC, DATETIME"),
        ] {
            for type_ in types.split(", ") {
                let values: Vec<_> =
                    (0..2).map(|number| sample(dialect, type_, 7000, number)).collect();
                assert!(values.iter().all(Option::is_some), "{dialect} {type_}");
                assert_ne!(values[0], values[1], "{dialect} {type_}");
            }
        }
        assert_eq!(sample(Dialect::Postgres, "geometry(Point,4326)", 0, 0), None);
    }
}
