//! SQL as text: splitting, what a statement is, digests, quoting, and lowering.

mod digests;
mod live;
mod lowering;
mod meaning;
mod quoting;
mod splitting;

use proptest::prelude::*;
use revdag::internals::text::Dialect;
use revdag::model::{Entry, Operation, Sql, SqlSection};

fn any_dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(&Dialect::ALL[..])
}

/// One operation of these sections, at line 5 of its file.
fn sections(sections: &[(Option<Dialect>, &str)]) -> Entry {
    let section = |&(dialect, text): &(Option<Dialect>, &str)| SqlSection {
        dialect,
        text: text.to_owned(),
        line: 5,
        transactional: true,
    };
    let sql = Sql { sections: sections.iter().map(section).collect() };
    Entry::new(Operation::Sql(sql), 5)
}
