//! Pictures of the graph as text. No terminal.
