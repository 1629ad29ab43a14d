//! Plain values and their rules: revision, operation, and what a database's journal holds. No I/O.

mod digest;
mod id;
mod journal;
mod operation;
mod revision;

pub use digest::{down_digest, state_digest, up_digest};
pub use id::Id;
pub use journal::{AppliedRow, How, LogEvent, LogRow, StoredStatement, TextRow};
pub use operation::{Irreversible, Operation, Sql, SqlSection};
pub use revision::{Created, Direction, Down, Header, Replaced, Revision};
