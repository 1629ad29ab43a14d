//! One function a verb: typed options in, an outcome out, events on the way.
//! No clap, no printing. One file a verb.

mod compare;
mod consent;
mod drift;
mod error;
mod names;
mod new;
mod options;
mod rename;
mod view;
mod walk;

pub mod adopt;
pub mod autogenerate;
pub mod branches;
pub mod check;
pub mod current;
pub mod diff;
pub mod downgrade;
pub mod edit;
pub mod ensure_version;
pub mod heads;
pub mod hook;
pub mod journal;
pub mod log;
pub mod merge;
pub mod resume;
pub mod revision;
pub mod schema;
pub mod script;
pub mod show;
pub mod stamp;
pub mod status;
pub mod switch;
pub mod tag;
pub mod upgrade;
pub mod verify;

pub use compare::CompareTarget;
pub use consent::{Answer, Consent, Review, Reviewer};
pub use drift::{Differences, Position};
pub use error::Error;
pub use names::Place;
pub use new::Made;
pub use rename::Rename;
pub use view::RevisionView;
pub use walk::{Outcome, unless_stopped};

pub use crate::run::Step;
