//! All integration tests, one module a subject. They run the real `rev` on real databases.

#![allow(missing_docs)]
// A test's helper fails as the test itself does.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod abort;
mod alembic;
mod assertions;
mod clusters;
mod crash;
mod db;
mod desired;
mod differences;
mod docs;
mod edited;
mod effects;
mod excerpts;
mod failures;
mod files;
mod git;
mod graph;
mod interrupted;
mod journal_format;
mod late;
mod layout;
mod lease;
mod lent;
mod library;
mod lock;
mod merge;
mod models;
mod offline;
mod operation_docs;
mod operations;
mod proxy;
mod refusals;
mod replicas;
mod schema_files;
mod sessions;
mod signals;
mod silent;
mod squash;
mod store;
mod stored;
mod support;
mod switch;
mod tasks;
mod text;
mod trace;
mod urls;
mod walls;
mod yaml;
