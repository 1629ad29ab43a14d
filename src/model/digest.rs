//! The digests of a revision and of a state.
//!
//! `rev1`, the dialect, then for each operation its kind and, for each of its statements, the
//! tokens, an empty part and the rows behind a COPY; an empty part ends an operation. Parts are
//! length-prefixed and no token is empty, so different revisions never feed the same bytes. A typed
//! operation feeds its kind and, for each thing that it says, the path, what it is and its parts.

use super::operation::Leaf;
use super::{Down, Entry, Id, Operation, Revision, Sql};
use crate::text::{Dialect, Digest, Digester, digest_tokens, split};

const VERSION: &str = "rev1";

/// The digest of what the revision's `up` runs on a dialect.
pub fn up_digest(revision: &Revision, dialect: Dialect) -> Digest {
    operations_digest(&revision.up, dialect)
}

/// The digest of what the revision's `down` runs on a dialect: `derived` if it is left out,
/// `irreversible` if the file says so.
pub fn down_digest(revision: &Revision, dialect: Dialect) -> Digest {
    match &revision.down {
        Down::Derived => Digest::derived(),
        Down::Irreversible => Digest::irreversible(),
        Down::Operations(operations) => operations_digest(operations, dialect),
    }
}

/// The digest of an applied set: two databases are alike if it is the same.
pub fn state_digest<'a>(applied: impl IntoIterator<Item = (&'a Id, &'a Digest)>) -> Digest {
    let mut applied: Vec<_> = applied.into_iter().collect();
    applied.sort_unstable();
    let mut digester = Digester::new(VERSION);
    for (id, up_digest) in applied {
        digester.part(id.as_str().as_bytes());
        digester.part(up_digest.as_str().as_bytes());
    }
    digester.finish()
}

fn operations_digest(entries: &[Entry], dialect: Dialect) -> Digest {
    let mut digester = Digester::new(VERSION);
    digester.part(dialect.name().as_bytes());
    for entry in entries {
        match entry.for_dialect(dialect) {
            Some(entries) => {
                entries.iter().for_each(|entry| parts(&entry.operation, dialect, &mut digester));
            }
            None => {
                digester.part(entry.operation.kind().as_bytes());
                digester.part(b"");
            }
        }
    }
    digester.finish()
}

fn parts(operation: &Operation, dialect: Dialect, digester: &mut Digester) {
    match operation {
        Operation::Sql(sql) => sql_parts(sql, dialect, digester),
        typed => typed_parts(typed, dialect, digester),
    }
    digester.part(b"");
}

/// The kind, and all that is set with its path, as far as this dialect is concerned; an option that is
/// left out feeds nothing, so that one which is added later changes no digest.
fn typed_parts(operation: &Operation, dialect: Dialect, digester: &mut Digester) {
    digester.part(operation.kind().as_bytes());
    operation.said(Some(dialect), &mut |path, said| {
        digester.part(path.as_bytes());
        match said {
            Leaf::Sql(_, sql) => {
                digester.part(b"sql");
                digest_tokens(dialect, sql, digester);
                digester.part(b"");
            }
            Leaf::List(length) => {
                digester.part(b"list");
                digester.part(length.to_string().as_bytes());
            }
            Leaf::Plain(value) => {
                digester.part(b"value");
                digester.part(value.to_string().as_bytes());
            }
            Leaf::Missing => digester.part(b"unsaid"),
        }
    });
}

fn sql_parts(sql: &Sql, dialect: Dialect, digester: &mut Digester) {
    digester.part(b"sql");
    let Some(section) = sql.section(dialect) else { return };
    match split(dialect, &section.text) {
        Ok(pieces) => {
            for piece in pieces {
                digest_tokens(dialect, &piece.sql, digester);
                digester.part(b"");
                digester.part(piece.copy_data.unwrap_or_default().as_bytes());
            }
        }
        // Nothing of it can run; what it says still differs from everything else.
        Err(_) => {
            digester.part(section.text.as_bytes());
            digester.part(b"");
            digester.part(b"not to be split");
        }
    }
}
