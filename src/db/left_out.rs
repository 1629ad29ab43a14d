//! What stands in for an engine that was left out when the library was built: its words are known, its
//! driver is not there.

/// A module with an engine's functions, which all say that the engine is not there.
macro_rules! left_out {
    ($engine:ident, $feature:literal) => {
        pub(super) mod $engine {
            use std::path::Path;

            use crate::db::{ConnectOptions, Connection, DbError, Scratch};
            use crate::model::{Catalog, RawCatalog};

            fn error<T>() -> Result<T, DbError> {
                Err(DbError::Url(format!(
                    "this build of revdag cannot connect to it: it was built without the feature `{}`",
                    $feature
                )))
            }

            pub(in crate::db) async fn connect(
                _: &ConnectOptions,
            ) -> Result<Box<dyn Connection>, DbError> {
                error()
            }

            pub(in crate::db) async fn make_scratch(
                _: &ConnectOptions,
                _: Option<&mut dyn Connection>,
            ) -> Result<Scratch, DbError> {
                error()
            }

            pub(in crate::db) fn canonical(_: RawCatalog) -> Catalog {
                Catalog::default()
            }

            pub(in crate::db) fn passed_over(_: &str) -> Result<Vec<String>, DbError> {
                error()
            }

            pub(in crate::db) fn absolute(_: &str, _: &Path) -> Result<String, DbError> {
                error()
            }
        }
    };
}

#[cfg(not(feature = "postgres"))]
left_out!(postgres, "postgres");
#[cfg(not(feature = "mysql"))]
left_out!(mysql, "mysql");
#[cfg(not(feature = "sqlite"))]
left_out!(sqlite, "sqlite");
