//! Pictures of the graph as text. No terminal.

mod text;

pub use text::{Row, graph};
