//! Typed operations: what they become on each dialect, run on real databases and read back by the
//! engines' own tools.

mod identifiers;
mod matrix;
mod postgres;
mod random;
