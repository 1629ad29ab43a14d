//! One function a verb: typed options in, an outcome out, events on the way.
//! No clap, no printing. One file a verb.

mod compare;
mod error;
mod names;
mod new;
mod view;
mod walk;

pub mod branches;
pub mod current;
pub mod downgrade;
pub mod edit;
pub mod ensure_version;
pub mod heads;
pub mod journal;
pub mod log;
pub mod merge;
pub mod resume;
pub mod revision;
pub mod script;
pub mod show;
pub mod stamp;
pub mod status;
pub mod switch;
pub mod tag;
pub mod upgrade;
pub mod verify;

pub use compare::Differences;
pub use error::Error;
pub use names::Place;
pub use new::Made;
pub use view::RevisionView;
pub use walk::{Consent, Outcome, Review, Reviewer, Step, unless_stopped};
