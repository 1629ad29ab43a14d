//! What SQLite has no words for.

#[test]
fn todo() {}
