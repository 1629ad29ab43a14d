//! `revdag` is version control for database schemas: revisions form a graph, a database records
//! which of them it has applied, and an executor walks the shortest path to where it should be.
//!
//! The rooms, from the ground up; each imports only from those above it in this list:
//! [`text`], [`model`], [`graph`], [`sql`], [`store`], [`db`], [`run`], [`verb`], [`render`].
//! The binary's own room, `cli`, is the only one that prints.

pub mod text;

pub mod model;

pub mod graph;

pub mod sql;

pub mod store;

pub mod db;

pub mod run;

pub mod verb;

pub mod render;

#[doc(hidden)]
pub mod cli;
