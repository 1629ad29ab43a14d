//! Plain values and their rules: revision, operation, schema, footprint, and what a database's journal
//! holds. No I/O.

mod by_dialect;
mod catalog;
mod digest;
mod entries;
mod filter;
mod id;
mod implicit_index;
mod journal;
mod naming;
pub mod operation;
mod raw_catalog;
mod revision;
mod schema;
mod stored_statements;
mod task;

pub use by_dialect::{ByDialect, EachDialect, SqlText};
pub use catalog::{Catalog, CatalogObject, Definition, ObjectKey, ObjectKind, ObjectPart, Unseen};
pub use digest::{down_digest, state_digest, up_digest};
pub use entries::Entries;
pub use filter::{Filter, Pattern, PatternError};
pub use id::{Id, named_few};
pub use implicit_index::ImplicitIndex;
pub use journal::{AppliedRow, How, JournalFormat, LogEvent, LogRow, StoredStatement, TextRow};
pub use naming::Naming;
pub use operation::{
    Entry, Footprint, Irreversible, Lines, Operation, SchemaMismatch, Sql, SqlSection,
};
pub use raw_catalog::{RawCatalog, RawObject, ServerDefaults, TableParts};
pub use revision::{Created, Direction, Down, Header, Replaced, Revision};
pub use schema::{Name, Schema, StoredDdl, Table};
pub use stored_statements::{
    TextPart, changed_part, read_statements, text_digests, write_statements,
};
pub use task::{AssertTask, BackfillTask, ProgramTask, Task};
