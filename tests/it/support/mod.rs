//! What the tests share: a sealed folder to work in, and databases to work on.
