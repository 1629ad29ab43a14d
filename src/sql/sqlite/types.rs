//! SQLite's types and their values.

use crate::sql::types::{Portable, Types};
use crate::text::Dialect;

/// SQLite's.
pub(super) struct Own;

impl Types for Own {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn name(&self, portable: Portable) -> String {
        match portable {
            Portable::String(length) => format!("varchar({length})"),
            Portable::Char(length) => format!("char({length})"),
            Portable::Text => "text".to_owned(),
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
            Portable::Json => "json".to_owned(),
            Portable::Uuid => "uuid".to_owned(),
            Portable::Bytes => "blob".to_owned(),
        }
    }
}
