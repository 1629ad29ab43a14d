//! What tells MySQL and MariaDB apart.

use super::types;
use crate::text::Dialect;

/// One of the two.
pub(super) struct Flavour {
    pub(super) dialect: Dialect,
    pub(super) types: &'static types::MysqlTypes,
}

/// MySQL's.
pub(super) static MYSQL: Flavour = Flavour { dialect: Dialect::Mysql, types: &types::MYSQL };
/// MariaDB's.
pub(super) static MARIADB: Flavour = Flavour { dialect: Dialect::Mariadb, types: &types::MARIADB };

impl Flavour {
    pub(super) fn mariadb(&self) -> bool {
        self.dialect == Dialect::Mariadb
    }
}
