//! SQLite's types and their values.

use crate::sql::types::{Portable, Types};
use crate::text::Dialect;

/// SQLite's.
pub(super) struct SqliteTypes;

/// How many digits a 64-bit float surely keeps.
const EXACT_DIGITS: usize = 15;

impl Types for SqliteTypes {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn name(&self, portable: Portable) -> String {
        match portable {
            Portable::String(length) => format!("varchar({length})"),
            Portable::Char(length) => format!("char({length})"),
            Portable::Smallint => "smallint".to_owned(),
            Portable::Integer => "integer".to_owned(),
            Portable::Bigint => "bigint".to_owned(),
            Portable::Decimal(precision, scale) => format!("decimal({precision},{scale})"),
            Portable::Real => "real".to_owned(),
            Portable::Double => "double".to_owned(),
            Portable::Boolean => "boolean".to_owned(),
            Portable::Date => "date".to_owned(),
            Portable::Time => "time".to_owned(),
            Portable::Timestamp => "timestamp".to_owned(),
            Portable::Timestamptz => "timestamptz".to_owned(),
            // A column called json would make numbers of texts such as `1.0`.
            Portable::Text | Portable::Json => "text".to_owned(),
            Portable::Uuid => "uuid".to_owned(),
            Portable::Bytes => "blob".to_owned(),
        }
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn decimal(&self, digits: &str) -> Result<String, String> {
        let significant = digits.bytes().filter(u8::is_ascii_digit).count();
        if significant <= EXACT_DIGITS || digits.parse::<i64>().is_ok() {
            return Ok(digits.to_owned());
        }
        Err(format!(
            "SQLite keeps decimals as 64-bit floats, and would round {digits}: give the column a type \
             of text on sqlite"
        ))
    }
}

/// The type in a STRICT table, which takes five names alone; `None`: none of them keeps its values.
pub(super) fn strict(portable: Portable) -> Option<&'static str> {
    use Portable::{
        Bigint, Boolean, Bytes, Char, Date, Decimal, Double, Integer, Json, Real, Smallint, String,
        Text, Time, Timestamp, Timestamptz, Uuid,
    };
    match portable {
        Smallint | Integer | Bigint | Boolean => Some("integer"),
        Real | Double => Some("real"),
        Bytes => Some("blob"),
        Decimal(..) => None,
        String(_) | Char(_) | Text | Date | Time | Timestamp | Timestamptz | Json | Uuid => {
            Some("text")
        }
    }
}
