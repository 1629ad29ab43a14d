//! `revdag` is version control for database schemas: revisions form a graph, a database records
//! which of them it has applied, and an executor walks the shortest path to where it should be.
//!
//! # In an application
//!
//! An application upgrades its own database when it starts: it opens its store, or carries it inside
//! itself ([`store::Store::embedded`]), and calls the verb. Many that start at once are no trouble:
//! one of them migrates, the others wait for it and find nothing to do.
//!
//! ```
//! use revdag::store::{Secret, Store, Variables};
//! use revdag::verb::upgrade::{UpgradeOptions, upgrade};
//! use revdag::{Cancel, Database, Event};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! # std::fs::create_dir(folder.join("revisions"))?;
//! # std::fs::write(folder.join("store.yaml"), "databases: {default: {url: $URL}}")?;
//! # std::fs::write(
//! #     folder.join("revisions/a1.sql"),
//! #     "-- revision: a1\n\n-- rev: up\nCREATE TABLE t (v integer);\n-- rev: down\nDROP TABLE t;\n",
//! # )?;
//! # let url = format!("sqlite://{}", folder.join("app.db").display());
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let store = Store::open(folder, Variables::default())?;
//! let settings = store.database_at("default", Secret::new(url))?;
//! let mut database = Database::connect(settings, true).await?;
//! let options = UpgradeOptions::default().targets(["heads".to_owned()]);
//! let cancel = Cancel::default(); // `cancel.cancel()` from elsewhere stops the run in good order
//! let mut log = |event: Event| {
//!     if let Event::StepBegun { direction, revision, message, .. } = event {
//!         println!("{direction} {revision} {message}");
//!     }
//! };
//! let outcome = upgrade(&store, &mut database, options, &cancel, &mut log).await?;
//! assert_eq!(outcome.heads_after, ["a1".into()]);
//! # Ok(()) })
//! # }
//! ```
//!
//! # Stopping
//!
//! [`Cancel`] stops a run in good order. A future that is dropped instead stops where it waits: what was
//! committed stays recorded, and the statement under way may go on in the server until that sees that
//! the connection is gone. Drop the [`Database`], too: its connection closes, with it goes an open
//! transaction and the migrators' lock, and the next run goes on from there (a step outside a
//! transaction by [`verb::resume`]).
//!
//! # Features
//!
//! - `cli` (default): what the binary `rev` alone needs. A library does without it:
//!   `default-features = false`.
//! - `postgres`, `mysql` (with MariaDB) and `sqlite` (all default): the engines that can be connected to;
//!   at least one. An address of one that was left out is an error that names the feature; its SQL is
//!   there all the same, for scripts.
//!
//! - `sqlx-0_9`: the application lends a connection of its own pool (`Database::from_pool`); the only place
//!   where sqlx shows, hence a feature for each of its versions.
//! - `internals`: what the project's own tests and benches reach beyond this page. It promises nothing.
//!
//! # What is where
//!
//! [`store`] reads and writes the files, [`Database`] is one of its databases, connected, and [`verb`] has a
//! function for each command; [`model`] holds the plain values that they speak of, and [`render`] draws
//! the graph. What else they take and give stands on this page.

#[cfg(not(any(feature = "postgres", feature = "mysql", feature = "sqlite")))]
compile_error!("revdag needs at least one engine: the feature `postgres`, `mysql` or `sqlite`");

// The rooms, from the ground up; each imports only from those above it in this list. The binary's own
// room, `cli`, is the only one that prints; it uses the library as any application does.
mod text;

pub mod model;

mod graph;

mod sql;

mod diff;

pub mod store;

mod db;

mod run;

pub mod verb;

pub mod render;

pub use db::{DbError, ServerError, dialect_of, passed_over};
pub use diff::{Change, Difference, PossibleRename, Skipped};
pub use graph::{NameError, Plan, PlanError, Request};
pub use run::{
    Agreed, Cancel, Concern, Conflict, Database, Error as RunError, Event, Interruption,
    MergeVerdict, Origin, PreparedStep, Proof, SchemaProgram, SeedRows, Sited, StepError,
    StoredDown, Unloadable, Unproven, Verdict, Work, task_in_words,
};
pub use sql::{LowerError, Source, Statement};
pub use text::{Dialect, Effect, Excerpt};

/// Connections that an application lends from a pool of sqlx 0.9: see [`Database::from_pool`].
#[cfg(feature = "sqlx-0_9")]
pub mod sqlx_0_9 {
    pub use crate::db::lent::Pool;
}

/// Embeds a store in a program: see [`store::Store::embedded`].
pub use include_dir;

/// The rooms as they are inside, for the project's own tests and benches.
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals {
    pub use crate::{model, render, store, verb};

    macro_rules! rooms {
        ($($room:ident),*) => {$(
            pub mod $room {
                pub use crate::$room::*;
            }
        )*};
    }

    rooms!(text, graph, sql, diff, db, run);
}
