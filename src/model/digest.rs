//! The digests of a revision and of a state.

use super::{Id, Revision};
use crate::text::{Dialect, Digest};

/// The digest of what the revision's `up` runs on a dialect.
pub fn up_digest(revision: &Revision, dialect: Dialect) -> Digest {
    let _ = (revision, dialect);
    todo!()
}

/// The digest of what the revision's `down` runs on a dialect: `derived` if it is left out,
/// `irreversible` if the file says so.
pub fn down_digest(revision: &Revision, dialect: Dialect) -> Digest {
    let _ = (revision, dialect);
    todo!()
}

/// The digest of an applied set: two databases are alike if it is the same.
pub fn state_digest<'a>(applied: impl IntoIterator<Item = (&'a Id, &'a Digest)>) -> Digest {
    let _ = applied.into_iter().count();
    todo!()
}
