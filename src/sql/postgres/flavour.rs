//! What an engine that speaks PostgreSQL's protocol may do in its own way.

use super::types::PostgresTypes;

/// An engine that speaks PostgreSQL's protocol.
pub(super) struct Flavour {
    pub(super) types: &'static PostgresTypes,
    /// Whether DDL can be rolled back.
    pub(super) transactional_ddl: bool,
}

/// PostgreSQL itself.
pub(super) static POSTGRES: Flavour = Flavour { types: &PostgresTypes, transactional_ddl: true };
