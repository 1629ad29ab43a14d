//! Why a verb did not do what it was asked to.

use crate::db::DbError;
use crate::graph::{NameError, PlanError};
use crate::run;
use crate::store::StoreError;

/// Why a verb did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name stands for no revision.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The plan, or the run of it.
    #[error(transparent)]
    Run(run::Error),
    /// Somebody asked to stop before anything was changed.
    #[error("stopped on request")]
    Stopped,
    /// What was asked for cannot be done.
    #[error("{message}")]
    Refused {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}

impl Error {
    /// A refusal with a hint.
    pub fn refused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Error::Refused { message: message.into(), hint: Some(hint.into()) }
    }

    /// Whether a name could be resolved if a database were at hand.
    pub fn needs_database(&self) -> bool {
        matches!(self, Error::Name(NameError::NeedsDatabase { .. }))
    }
}

impl From<run::Error> for Error {
    /// Takes off the wrapping where an error is not about a run at all.
    fn from(error: run::Error) -> Self {
        match error {
            run::Error::Plan(PlanError::Name(error)) => Error::Name(error),
            run::Error::Store(error) => Error::Store(error),
            run::Error::Db(error) => Error::Db(error),
            run::Error::GivenUp => Error::Stopped,
            run::Error::Refused { message, hint } => Error::Refused { message, hint },
            error => Error::Run(error),
        }
    }
}

impl From<PlanError> for Error {
    fn from(error: PlanError) -> Self {
        Error::from(run::Error::Plan(error))
    }
}
