//! The matrix of cases: every option of every operation, on every dialect, up, down and up again.

mod back;
pub mod case;
mod coverage;
mod golden;
mod held;
mod options;
pub mod run;

use crate::support::Engine;

/// A test for each file of cases on each engine, and for what is stored of it.
macro_rules! files {
    ($($file:ident),* $(,)?) => {
        /// The files of cases.
        const FILES: &[&str] = &[$(stringify!($file)),*];

        $(mod $file {
            use super::{Engine, golden, run};

            #[test]
            fn postgres() {
                run::file(stringify!($file), Engine::Postgres);
            }

            #[test]
            fn mariadb() {
                run::file(stringify!($file), Engine::Mariadb);
            }

            #[test]
            fn mysql() {
                run::file(stringify!($file), Engine::Mysql);
            }

            #[test]
            fn sqlite() {
                run::file(stringify!($file), Engine::Sqlite);
            }

            #[test]
            fn golden() {
                golden::stays(concat!("operations/", stringify!($file)));
            }
        })*
    };
}

files! {
    access,
    alter_column,
    column,
    comment,
    constraint,
    data,
    domain,
    enums,
    foreign_key,
    index,
    materialized_view,
    names,
    routine,
    sequence,
    table,
    table_parts,
    trigger,
    view,
}
