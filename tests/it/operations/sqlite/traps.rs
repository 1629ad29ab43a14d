//! The traps of making a table anew.
