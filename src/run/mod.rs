//! Turns a request into a prepared plan, executes it, resumes it, or prints it as a script.
//! Emits events; prints nothing.

mod accept;
mod backfill;
mod basis;
mod body;
mod cancel;
mod database;
mod ensure;
mod error;
mod event;
mod execute;
mod files;
mod history;
mod late;
mod lock;
mod offline;
mod open_step;
mod prepare;
mod preview;
mod program;
mod replay;
mod resume;
mod scribe;
mod script;
mod step;
mod stored;
mod transaction;
mod under_way;

pub use accept::accept;
pub use basis::Basis;
pub use cancel::Cancel;
pub use database::Database;
pub use ensure::ensure_journal;
pub use error::{Error, StepError};
pub use event::Event;
pub use execute::{Done, execute};
pub use history::{Interruption, changing_runs, earlier_heads, interruption, state, task_in_words};
pub use offline::{prepare_offline, prepare_script};
pub use prepare::{Prepared, prepare};
pub use preview::preview;
pub use resume::{Verdict, resume};
pub use script::script;
pub use step::{PreparedStep, Work};
pub use under_way::lock_holder;
