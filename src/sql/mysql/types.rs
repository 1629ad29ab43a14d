//! The types of MySQL and MariaDB and their values.

use crate::sql::types::{Portable, Types};
use crate::text::Dialect;

/// The types of one of the two.
pub(super) struct MysqlTypes {
    dialect: Dialect,
    /// What `uuid` is.
    uuid: &'static str,
}

/// MySQL's.
pub(super) static MYSQL: MysqlTypes = MysqlTypes { dialect: Dialect::Mysql, uuid: "char(36)" };
/// MariaDB's.
pub(super) static MARIADB: MysqlTypes = MysqlTypes { dialect: Dialect::Mariadb, uuid: "uuid" };

impl Types for MysqlTypes {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn name(&self, portable: Portable) -> String {
        match portable {
            Portable::String(length) => format!("varchar({length})"),
            Portable::Char(length) => format!("char({length})"),
            Portable::Text => "longtext".to_owned(),
            Portable::Smallint => "smallint".to_owned(),
            Portable::Integer => "int".to_owned(),
            Portable::Bigint => "bigint".to_owned(),
            Portable::Decimal(precision, scale) => format!("decimal({precision},{scale})"),
            Portable::Real => "float".to_owned(),
            Portable::Double => "double".to_owned(),
            Portable::Boolean => "tinyint(1)".to_owned(),
            Portable::Date => "date".to_owned(),
            Portable::Time => "time(6)".to_owned(),
            Portable::Timestamp => "datetime(6)".to_owned(),
            Portable::Timestamptz => "timestamp(6)".to_owned(),
            Portable::Json => "json".to_owned(),
            Portable::Uuid => self.uuid.to_owned(),
            Portable::Bytes => "longblob".to_owned(),
        }
    }

    /// In UTC: the statement stands where that is the session's zone.
    fn timestamptz(&self, value: jiff::Timestamp) -> String {
        self.timestamp(value.to_zoned(jiff::tz::TimeZone::UTC).datetime())
    }
}
